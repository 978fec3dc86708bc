"""The list of bulk prints (批量打印)."""

from db.paging import Page
from db.queries import print_runs
from rules import codes
from rules.codes import ListKind
from rules.permissions import Actor, Permission
from web.forms.print_runs import state_of
from web.listings.shape import Listing, Search, day_of, label, moment_of, table_of, text


async def _print_runs(actor: Actor, search: Search, after: str) -> Page:
    return await print_runs.runs_of(actor.scope, state_of(search.get("state", "")), after)


PRINT_RUNS: tuple[Listing, ...] = (
    Listing(
        ListKind.PRINT_RUNS,
        "/desk/print-runs",
        Permission.PRINT_MANY,
        _print_runs,
        (
            ("编号", text("number")),
            ("内容", label("kind", codes.PrintRunKind)),
            ("日期", day_of("day")),
            ("状态", label("state", codes.PrintRunState)),
            ("份数", lambda row: str(row["total"])),
            ("排好", lambda row: str(row["progress"].printed)),
            ("没打出来", lambda row: str(row["progress"].missing)),
            ("申请人", text("asker")),
            ("申请时间", moment_of("asked_at")),
            ("结束时间", moment_of("ended_at")),
        ),
        (("state", "状态", table_of(codes.PrintRunState)),),
    ),
)
