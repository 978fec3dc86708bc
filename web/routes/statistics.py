"""Statistics (统计, domain reference 8.4): twelve tables by day to year, every figure opening to its rows; workbook and paper (P16)."""

from litestar import Response, get

from db.actions.statistics import note_export
from db.queries.statistics.tables import rows_behind
from rules.codes import PaperKind
from rules.permissions import Permission
from rules.statistics.tables import StatTable
from web.forms.statistics import StatisticsForm
from web.guards import needs
from web.plots import drawings_of
from web.record_pages import record_page
from web.render import found, page, pdf_file, workbook_file
from web.request import StationRequest
from web.statistics import Question, open_figure, parts_of, question_of, scopes_to_choose
from web.statistics_papers import figures_workbook, statistics_file

DESK, SUPERVISION = "/desk/statistics", "/supervision/statistics"
_READ, _EXPORT = needs(Permission.STATISTICS_READ), needs(Permission.STATISTICS_EXPORT)


async def _question(request: StationRequest) -> Question:
    return found(await question_of(request.actor, request.query_params))


async def _tables(request: StationRequest, base: str) -> Response:
    question = await _question(request)
    parts = await parts_of(question)
    scopes = await scopes_to_choose(request.actor)
    form = StatisticsForm(data={**question.address, "scope": question.narrowed})
    form.scope.choices = scopes
    return page(
        request,
        "statistics/index.html",
        fragment="statistics/_table.html",
        base=base,
        question=question,
        parts=parts,
        drawings=drawings_of(question.table, parts),
        form=form,
        scopes=scopes,
        tables=StatTable,
    )


async def _rows(request: StationRequest, base: str) -> Response:
    asked, after = request.query_params, request.query_params.get("after", "")
    question = await _question(request)
    figure = found(await open_figure(question, asked))
    listed = await rows_behind(figure.spec, figure.column.key, figure.row, question.asked, question.here, after)
    for row in listed.rows:
        row["href"] = record_page(request.actor, row["link"], row["number"])
    kept = question.query(part=figure.spec.key, column=figure.column.key, row=figure.row)
    links = {
        "previous": f"{base}/rows?{kept}" if after else None,
        "next": f"{base}/rows?{kept}&after={listed.next}" if listed.next else None,
    }
    address = {**question.address, "part": figure.spec.key, "column": figure.column.key, "row": figure.row}
    return page(
        request, "statistics/rows.html", base=base, question=question, figure=figure, rows=listed.rows, links=links, address=address
    )


async def _workbook(request: StationRequest) -> Response:
    question = await _question(request)
    tables = _asked_tables(request, question)
    body = await figures_workbook(question, [(table, await parts_of(question, table)) for table in tables])
    await note_export(tables, question.period, question.narrowed, "xlsx", actor=request.actor)
    return workbook_file(body, f"统计表{question.period.code}")


async def _sheet(request: StationRequest) -> Response:
    question = await _question(request)
    tables = _asked_tables(request, question)
    printed = []
    for table in tables:
        parts = await parts_of(question, table)
        printed.append((table, parts, drawings_of(table, parts)))
    body = await statistics_file(request, PaperKind.STATISTICS, question, printed)
    await note_export(tables, question.period, question.narrowed, "pdf", actor=request.actor)
    return pdf_file(body, f"统计表{question.period.code}")


def _asked_tables(request: StationRequest, question: Question) -> list[StatTable]:
    """The table on the page, or all twelve."""
    return list(StatTable) if request.query_params.get("all") else [question.table]


@get(DESK, guards=[_READ], name="statistics:tables")
async def tables(request: StationRequest) -> Response:
    """A table of the own station (or of the stations in reach) for a period, with its plots."""
    return await _tables(request, DESK)


@get(f"{DESK}/rows", guards=[_READ], name="statistics:rows")
async def rows(request: StationRequest) -> Response:
    """The rows behind a figure; nobody is named, and what is kept back has none."""
    return await _rows(request, DESK)


@get(f"{DESK}/tables.xlsx", guards=[_EXPORT], name="statistics:workbook")
async def workbook(request: StationRequest) -> Response:
    """The table, or with `all` every one, as a workbook whose totals are alive."""
    return await _workbook(request)


@get(f"{DESK}/sheet.pdf", guards=[_EXPORT], name="statistics:sheet")
async def sheet(request: StationRequest) -> Response:
    """统计表 (P16): issued for the own station, printed without a register entry for those who supervise."""
    return await _sheet(request)


@get(SUPERVISION, guards=[_READ], name="statistics:supervised-tables")
async def supervised_tables(request: StationRequest) -> Response:
    """As `tables`, in the officers' part of the house."""
    return await _tables(request, SUPERVISION)


@get(f"{SUPERVISION}/rows", guards=[_READ], name="statistics:supervised-rows")
async def supervised_rows(request: StationRequest) -> Response:
    """As `rows`."""
    return await _rows(request, SUPERVISION)


@get(f"{SUPERVISION}/tables.xlsx", guards=[_EXPORT], name="statistics:supervised-workbook")
async def supervised_workbook(request: StationRequest) -> Response:
    """As `workbook`."""
    return await _workbook(request)


@get(f"{SUPERVISION}/sheet.pdf", guards=[_EXPORT], name="statistics:supervised-sheet")
async def supervised_sheet(request: StationRequest) -> Response:
    """As `sheet`."""
    return await _sheet(request)


ROUTES = [tables, rows, workbook, sheet, supervised_tables, supervised_rows, supervised_workbook, supervised_sheet]
