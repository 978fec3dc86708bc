"""The list of work besides referrals (活动记录)."""

from db.paging import Page
from db.queries import activities
from rules import codes
from rules.codes import ListKind
from rules.journal_reading import without_contacts
from rules.permissions import Actor, Permission
from web.corrections import beside, with_corrections
from web.listings.shape import NO_TABLE, Cell, Listing, Search, day_of, label, moment_of, table_of, text


async def _activities(actor: Actor, search: Search, after: str) -> Page:
    wanted = activities.ActivityFilter.of(search.get("kind", ""), search.get("month", ""))
    page = await activities.activities_of(actor.scope, wanted, after)
    await with_corrections("activity", page.rows)
    return page


def _was(name: str, cell: Cell) -> Cell:
    """The cell with what stood there before in front of it, where it was corrected."""
    return lambda row: without_contacts(beside(row, name, cell(row)))


def _count(name: str) -> Cell:
    return _was(name, lambda row: "" if row[name] is None else str(row[name]))


def _clean(name: str) -> Cell:
    return _was(name, lambda row: str(row[name]))


ACTIVITIES: tuple[Listing, ...] = (
    Listing(
        ListKind.ACTIVITIES,
        "/desk/activities",
        Permission.ACTIVITIES_READ,
        _activities,
        (
            ("编号", text("number")),
            ("日期", _was("held_on", day_of("held_on"))),
            ("驿站", text("station_name")),
            ("工作", label("kind", codes.ActivityKind)),
            ("类别", text("topic")),
            ("内容", _clean("title")),
            ("人次", _count("people")),
            ("富余", _count("offered")),
            ("缺工", _count("wanted")),
            ("撮合", _count("matched")),
            ("等级", text("level")),
            ("结果", _clean("outcome")),
            ("地点", _clean("place")),
            ("补记原因", _clean("late_reason")),
            ("登记人", text("recorded_by_name")),
            ("登记时间", moment_of("recorded_at")),
        ),
        (("kind", "工作", table_of(codes.ActivityKind)), ("month", "月份", NO_TABLE)),
    ),
)
