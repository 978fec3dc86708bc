"""The rows behind a figure of the statistics, as a list that can be exported and printed."""

from db.paging import Page
from db.queries.statistics.tables import rows_behind
from rules.codes import ListKind
from rules.permissions import Actor, Permission
from rules.statistics.periods import PeriodKind
from rules.statistics.tables import StatTable
from web.listings.shape import NO_TABLE, Listing, Search, day_of, table_of, text
from web.statistics import open_figure, question_of


async def _rows(actor: Actor, search: Search, after: str) -> Page:
    question = await question_of(actor, search)
    figure = await open_figure(question, search) if question else None
    if question is None or figure is None:
        return Page([])
    return await rows_behind(figure.spec, figure.column.key, figure.row, question.asked, question.here, after)


STATISTICS: tuple[Listing, ...] = (
    Listing(
        ListKind.STATISTICS,
        "/desk/statistics/rows",
        Permission.STATISTICS_READ,
        _rows,
        (
            ("日期", day_of("on")),
            ("编号", text("number")),
            ("内容", text("what")),
            ("零工", text("worker")),
            ("说明", text("more")),
            ("驿站", text("station")),
        ),
        (
            ("table", "表", table_of(StatTable)),
            ("kind", "统计期", table_of(PeriodKind)),
            ("day", "起", NO_TABLE),
            ("scope", "范围", NO_TABLE),
            ("part", "哪一部分", NO_TABLE),
            ("column", "哪一栏", NO_TABLE),
            ("row", "哪一行", NO_TABLE),
        ),
    ),
)
