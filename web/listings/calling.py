"""The lists of the calling order: draws, and the rows behind the figures of fairness."""

from db.paging import Page
from db.queries import calling_rules, fairness
from rules import codes
from rules.codes import ListKind
from rules.permissions import Actor, Permission
from web.fairness import rows_asked, span, station_asked
from web.listings.shape import NO_TABLE, Listing, Row, Search, day_of, moment_of, table_of, text


async def _draws(actor: Actor, search: Search, after: str) -> Page:
    first, end = span(search) if search.get("month") else (None, None)
    return await calling_rules.draws_of(actor.scope, first, end, after)


async def _fairness(actor: Actor, search: Search, after: str) -> Page:
    station = await station_asked(actor, search)
    if station is None:
        return Page([])
    first, end = span(search)
    wanted = rows_asked(search) or fairness.Rows(fairness.Shown.PLACED)
    return await fairness.rows_behind(actor.scope, station["id"], first, end, wanted, after)


def _what_was_done(row: Row) -> str:
    if row["kind"] == codes.CallKind.SKIP.value:
        return f"跳过：{codes.SkipReason.label_of(row['reason'])} {row['note']}".strip()
    return codes.CallKind.label_of(row["kind"]) + (f"：{codes.CallAnswer.label_of(row['answer'])}" if row["answer"] else "")


CALLING: tuple[Listing, ...] = (
    Listing(
        ListKind.DRAWS,
        "/desk/calling/draws",
        Permission.ATTENDANCE_READ,
        _draws,
        (
            ("日期", day_of("day")),
            ("种子", text("seed")),
            ("公布", moment_of("published_at")),
            ("公布人", lambda row: row["published_by_name"] or "系统"),
            ("抽签", moment_of("held_at")),
            ("抽签人", text("held_by_name")),
            ("参加号数", lambda row: str(row["tickets"] or "")),
        ),
        (("month", "月份", NO_TABLE),),
    ),
    Listing(
        ListKind.FAIRNESS,
        "/desk/fairness/rows",
        Permission.FAIRNESS_READ,
        _fairness,
        (
            ("日期", day_of("day")),
            ("号", lambda row: f"{row['ticket']:03d}" if row["ticket"] else ""),
            ("零工", text("worker")),
            ("等活天数", lambda row: str(row["waited"])),
            ("次数", lambda row: str(row["times"])),
            ("做了什么", _what_was_done),
            ("岗位", text("job")),
            ("雇主", text("employer")),
            ("经办人", text("clerk")),
            ("时间", moment_of("made_at")),
        ),
        (
            ("show", "看哪些", table_of(fairness.Shown)),
            ("month", "月份", NO_TABLE),
            ("station", "驿站", NO_TABLE),
            ("days", "等活不超过几天", NO_TABLE),
            ("clerk", "经办人", NO_TABLE),
            ("reason", "原因", table_of(codes.SkipReason)),
            ("employer", "雇主", NO_TABLE),
        ),
    ),
)
