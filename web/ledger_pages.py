"""The sheet of one month's ledger: the same for the station that writes it and for those who supervise it."""

from typing import Any
from urllib.parse import urlencode

from litestar.exceptions import NotFoundException

from db.clock import today
from db.queries import ledger as queries
from db.queries.ledger_figures import MEANINGS, SPAN_LABELS, figure_rows_of, rows_behind, spans_of, summary_of
from db.queries.ledger_lists import list_of
from rules.codes import BuildMode, LedgerState, LedgerStepKind, OperationMode
from rules.ledger import (
    FOOTER,
    WORDED_IN,
    WORDS,
    LedgerFigure,
    LedgerList,
    LedgerListKind,
    figure_text,
    first_day,
    month_label,
    next_month,
)
from rules.ledger_versions import differences, summary_rows
from web.record_pages import record_page
from web.request import StationRequest

LINES = 100
"""Lines of a list on one page of the desk."""

SUMMARY, WORDS_TAB, STEPS = "summary", "words", "steps"


def tabs() -> dict[str, str]:
    """The parts of the sheet: what stands in the address, and its name."""
    lists = {kind.value: f"{kind.mark}{kind.label.removesuffix('明细')}" for kind in LedgerListKind}
    return {SUMMARY: "汇总", **lists, WORDS_TAB: "总结", STEPS: "经过"}


def _part(request: StationRequest) -> str:
    asked = request.query_params.get("show", SUMMARY)
    return asked if asked in tabs() else SUMMARY


def _lines(request: StationRequest, found: LedgerList, here: str) -> dict[str, Any]:
    """One page of a list's lines, numbered by their place."""
    asked = request.query_params.get("from", "")
    start = int(asked) if asked.isdigit() and asked.isascii() and len(asked) < 7 else 0
    start = min(start, len(found.lines)) // LINES * LINES
    numbered = [(start + n, line) for n, line in enumerate(found.lines[start : start + LINES], 1)]
    following = f"{here}&from={start + LINES}" if start + LINES < len(found.lines) else ""
    opens = {line.key: record_page(request.actor, line.key.partition(":")[0], line.record) for _, line in numbered}
    return {"list": found, "lines": numbered, "record_pages": opens, "links": {"previous": here if start else "", "next": following}}


async def sheet(
    request: StationRequest, station: dict[str, Any], row: dict[str, Any], base: str, *, version: dict[str, Any] | None = None, **more: Any
) -> dict[str, Any]:
    """What the templates of ledger/ show: the part the address names, as it was signed once the month is closed.

    `base` is the address of the month; `version` a signed one to show instead of the newest.
    """
    show = more.pop("show", None) or _part(request)
    if version is None and row["version"]:
        version = await queries.version_of(row["id"], row["version"])
    month = row["month"]
    here = f"{base}?{urlencode({'show': show})}"
    found: dict[str, Any] = {}
    if show == SUMMARY:
        found = {"summary": summary_rows(version["summary"]) if version else await summary_of(station["id"], month, today())}
    elif show in LedgerListKind._value2member_map_:
        found = _lines(request, await _list(version, LedgerListKind(show), station["id"], month), here)
    return {
        "station": station,
        "row": row,
        "version": version,
        "words": {label: (version or row)[name] for name, label in WORDS.items()},
        "unit": await queries.unit_of(station),
        "filled_by": version["filled_by"] if version else row["worded_by"] or "",
        "show": show,
        "tabs": tabs(),
        "base": base,
        "month": month,
        "label": month_label(month),
        "before_label": f"{month // 100 - 1}年{month % 100}月",
        "versions": await queries.versions_of(row["id"]),
        "steps": await queries.steps_of(row["id"]) if show == STEPS or row["state"] is LedgerState.QUERIED else [],
        "meanings": MEANINGS,
        "opens": lambda key: figure_rows_of(key) is not None,
        "LedgerFigure": LedgerFigure,
        "LedgerState": LedgerState,
        "StepKind": LedgerStepKind,
        "modes": BuildMode,
        "operations": OperationMode,
        "figure": figure_text,
        "footer": FOOTER,
        "wordable": row["state"] in WORDED_IN,
        "over": today() >= first_day(next_month(month)),
        **dict.fromkeys(("form", "home", "officer", "unfinished", "words_form")),
        **found,
        **more,
    }


async def _list(version: dict[str, Any] | None, kind: LedgerListKind, station_id: int, month: int) -> LedgerList:
    return await queries.opened_list(version, kind) if version else await list_of(kind, station_id, month, today())


async def version_sheet(
    request: StationRequest, station: dict[str, Any], row: dict[str, Any], version: dict[str, Any], home: str
) -> dict[str, Any]:
    """What the page of a version shows; `home` is the address of its month."""
    before = await queries.version_of(row["id"], version["version"] - 1)
    changed = differences(await queries.opened_version(before), await queries.opened_version(version)) if before else []
    base = f"{home}/versions/{version['version']}"
    return await sheet(request, station, row, base, version=version, home=home, changed=changed, before=before)


async def rows_sheet(request: StationRequest, station: dict[str, Any], row: dict[str, Any], base: str) -> dict[str, Any]:
    """The rows behind one figure of part 1, for the month, since January or the same month last year. 404: no such figure."""
    asked = request.query_params
    key, span, after = asked.get("figure", ""), asked.get("span", "month"), asked.get("after", "")
    summary = {each.key: each for each in await summary_of(station["id"], row["month"], today())}
    if key not in summary or span not in SPAN_LABELS or figure_rows_of(key) is None:
        raise NotFoundException()
    found = await rows_behind(station["id"], key, spans_of(row["month"])[span], today(), after)
    here = f"{base}/rows?{urlencode({'figure': key, 'span': span})}"
    figure = figure_rows_of(key)
    values = {"month": summary[key].month, "year": summary[key].year, "before": summary[key].year_before}
    return {
        "station": station,
        "row": row,
        "base": base,
        "label": month_label(row["month"]),
        "figure_label": summary[key].label.removeprefix("其中："),
        "counted": f"{figure_text(values[span], summary[key].unit)}{summary[key].unit}",
        "meaning": MEANINGS.get(LedgerFigure(key), "") if key in LedgerFigure._value2member_map_ else "",
        "of": figure.label if figure and figure.value != key else "",
        "key": key,
        "span": span,
        "spans": SPAN_LABELS,
        "rows": [{**each, "href": record_page(request.actor, each["record"], each["number"])} for each in found.rows],
        "links": {"previous": here if after else "", "next": f"{here}&{urlencode({'after': found.next})}" if found.next else ""},
    }
