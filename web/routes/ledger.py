"""The station's own monthly ledgers (月度台账): read, part 3 written, closed, submitted, answered, and every version."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from db.actions import ledger as actions
from db.queries import ledger as queries
from db.queries.stations import own_station
from rules.codes import LedgerState
from rules.ledger import month_label
from rules.permissions import Permission
from web.confirmation import confirm_first
from web.forms.base import PageForm
from web.forms.ledger import AnswerForm, CloseForm, VersionForm, WordsForm
from web.guards import needs
from web.ledger_pages import STEPS, WORDS_TAB, rows_sheet, sheet, version_sheet
from web.render import again, done, found, page
from web.request import StationRequest
from web.submission import submit

HOME = "/desk/ledgers"
_READ, _WRITE, _CLOSE = needs(Permission.LEDGER_READ), needs(Permission.LEDGER_WRITE), needs(Permission.LEDGER_CLOSE)
Found = tuple[dict[str, Any], dict[str, Any]]


async def _month(request: StationRequest, month: int) -> Found:
    """One's own station and its month, or 404."""
    station = found(await own_station(request.actor.station_id))
    return found(await queries.month_in(request.actor.scope, station["code"], month))


@get(HOME, guards=[_READ], name="ledger:months")
async def months(request: StationRequest) -> Response:
    """The months of one's station; who works at none sees the stations in reach side by side."""
    station = await own_station(request.actor.station_id)
    if station is None:
        return done(request, "/supervision/ledgers")
    asked = request.query_params.get("page", "")
    number = int(asked) if asked.isdigit() and asked.isascii() and len(asked) < 4 else 0
    rows, more = await queries.months_of(station, number)
    links = {"previous": HOME if number else "", "next": f"{HOME}?page={number + 1}" if more else ""}
    return page(
        request,
        "ledger/index.html",
        fragment="ledger/_months.html",
        rows=rows,
        links=links,
        month_label=month_label,
        unit=await queries.unit_of(station),
        LedgerState=LedgerState,
    )


async def _sheet(request: StationRequest, station: dict[str, Any], row: dict[str, Any], **forms: Any) -> dict[str, Any]:
    state, may = row["state"], request.actor.may
    unfinished = None
    if may(Permission.LEDGER_CLOSE) and state in (LedgerState.OPEN, LedgerState.CLOSABLE):
        unfinished = await queries.unfinished(station["id"], row["month"])
    own: dict[str, Any] = {
        "words_form": WordsForm.of(row),
        "close_form": CloseForm(),
        "submit_form": PageForm(),
        "answer_form": AnswerForm(),
        "version_form": VersionForm(),
        "unfinished": unfinished,
        "officer": False,
    }
    return await sheet(request, station, row, f"{HOME}/{row['month']}", **own | forms)


@get(HOME + "/{month:int}", guards=[_READ], name="ledger:month")
async def month_page(request: StationRequest, month: FromPath[int]) -> Response:
    """One month: part 1 with every figure open, the nine lists, part 3, what stands in the way, and what may be done."""
    station, row = await _month(request, month)
    return page(request, "ledger/month.html", fragment="ledger/_part.html", **await _sheet(request, station, row))


@get(HOME + "/{month:int}/rows", guards=[_READ], name="ledger:rows")
async def rows(request: StationRequest, month: FromPath[int]) -> Response:
    """The rows behind a figure of part 1."""
    station, row = await _month(request, month)
    return page(request, "ledger/rows.html", fragment="ledger/_rows.html", **await rows_sheet(request, station, row, f"{HOME}/{month}"))


@post(HOME + "/{month:int}/words", guards=[_WRITE], name="ledger:words")
async def words(request: StationRequest, month: FromPath[int]) -> Response:
    """Keep part 3."""
    station, row = await _month(request, month)
    form = await WordsForm.posted(request)
    if form.validate():
        saved = await submit(
            request,
            form,
            lambda: actions.write_words(month, **form.texts, actor=request.actor),
            to=lambda _: f"{HOME}/{month}?show={WORDS_TAB}",
            said="总结已保存。",
        )
        if saved is not None:
            return saved
    return again(request, "ledger/month.html", **await _sheet(request, station, row, words_form=form, form=form, show=WORDS_TAB))


@post(HOME + "/{month:int}/closing", guards=[_CLOSE], name="ledger:close")
async def close(request: StationRequest, month: FromPath[int]) -> Response:
    """结账: the manager signs; the month as it stands is sealed with the journal's head."""
    station, row = await _month(request, month)
    confirm_first(request)
    form = await CloseForm.posted(request)
    if form.validate():
        name, seen = form.signed_name.data or "", bool(form.seen.data)
        saved = await submit(
            request,
            form,
            lambda: actions.close_month(month, signed_name=name, seen=seen, actor=request.actor),
            to=lambda _: f"{HOME}/{month}",
            said="已结账。请核对后报送。",
        )
        if saved is not None:
            return saved
    return again(request, "ledger/month.html", **await _sheet(request, station, row, close_form=form, form=form))


@post(HOME + "/{month:int}/submission", guards=[_CLOSE], name="ledger:submit")
async def send(request: StationRequest, month: FromPath[int]) -> Response:
    """报送: the newest version goes to the supervising unit."""
    station, row = await _month(request, month)
    form = await PageForm.posted(request)
    unit = await queries.unit_of(station)
    saved = await submit(
        request,
        form,
        lambda: actions.submit_month(month, actor=request.actor),
        to=lambda _: f"{HOME}/{month}",
        said=f"已报送{unit}。",
    )
    if saved is not None:
        return saved
    return again(request, "ledger/month.html", **await _sheet(request, station, row, submit_form=form, form=form))


@post(HOME + "/{month:int}/answer", guards=[_CLOSE], name="ledger:answer")
async def answer(request: StationRequest, month: FromPath[int]) -> Response:
    """Answer the supervising unit and submit again."""
    station, row = await _month(request, month)
    form = await AnswerForm.posted(request)
    if form.validate():
        said = form.answer.data or ""
        saved = await submit(
            request,
            form,
            lambda: actions.answer_query(month, said, actor=request.actor),
            to=lambda _: f"{HOME}/{month}?show={STEPS}",
            said="已答复并重新报送。",
        )
        if saved is not None:
            return saved
    return again(request, "ledger/month.html", **await _sheet(request, station, row, answer_form=form, form=form))


@post(HOME + "/{month:int}/versions", guards=[_CLOSE], name="ledger:new-version")
async def new_version(request: StationRequest, month: FromPath[int]) -> Response:
    """A new version of a closed month after late entries or new words; the one before stays."""
    station, row = await _month(request, month)
    confirm_first(request)
    form = await VersionForm.posted(request)
    if form.validate():
        reason = form.reason.data or ""
        saved = await submit(
            request,
            form,
            lambda: actions.new_version(month, reason, actor=request.actor),
            to=lambda _: f"{HOME}/{month}",
            said="已出新版，请重新报送。",
        )
        if saved is not None:
            return saved
    return again(request, "ledger/month.html", **await _sheet(request, station, row, version_form=form, form=form))


@get(HOME + "/{month:int}/versions/{number:int}", guards=[_READ], name="ledger:version")
async def version_page(request: StationRequest, month: FromPath[int], number: FromPath[int]) -> Response:
    """A version as it was signed, and what differs from the one before."""
    station, row = await _month(request, month)
    version = found(await queries.version_of(row["id"], number))
    return page(
        request,
        "ledger/version.html",
        fragment="ledger/_part.html",
        **await version_sheet(request, station, row, version, f"{HOME}/{month}"),
    )


ROUTES = [months, month_page, rows, words, close, send, answer, new_version, version_page]
