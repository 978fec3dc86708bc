"""Corrections (更正, art. 23): of any submitted value, from the page that shows it; the list, the chain of one, the manager's word, P17."""

import re
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.exceptions import PermissionDeniedException
from litestar.params import FromPath

from db.actions import corrections as actions
from db.clock import today
from db.queries import corrections as queries
from db.queries import stations as station_queries
from rules.corrections import OVER_STATES, CorrectableField, CorrectableRecord, Value, field_of, mark_of, shown, typed
from rules.errors import RuleBroken
from rules.journal_reading import without_contacts
from rules.ledger import month_label, month_of
from rules.permissions import Permission, Reach, Role
from web.confirmation import confirm_first
from web.correction_papers import correction_sheet, correction_sheet_file
from web.corrections import numbered
from web.forms.corrections import CorrectionFilterForm, CorrectionForm, ReviewForm, correction_form, row_of
from web.guards import needs
from web.render import again, done, found, page, pdf_file
from web.request import StationRequest
from web.submission import submit

HOME = "/desk/corrections"
_READ, _MAKE, _REVIEW = needs(Permission.CORRECTIONS_READ), needs(Permission.CORRECTIONS_MAKE), needs(Permission.CORRECTIONS_REVIEW)

ELSEWHERE = {"seeker": ("/desk/seekers/{}/correction", r"Q[0-9]{11}"), "employer": ("/desk/employers/{}", r"[0-9]{1,19}")}
"""Records with versions of their own: correcting them leads to their page."""

Asked = tuple[CorrectableRecord, CorrectableField, dict[str, Any], str]


async def _asked(request: StationRequest, given: Any) -> Asked:
    """What is to be corrected: kind, field, the record in reach, its row as the address names it. 404 for anything else."""
    name, number, row = (str(given.get(key, "")) for key in ("record", "number", "row"))
    kind, field = found(field_of(name, str(given.get("field", ""))))
    if not request.actor.may(kind.corrected_by):
        raise PermissionDeniedException()
    record = found(await queries.record_in(request.actor, name, number, row_of(row) if row else None))
    return kind, field, record, row if row_of(row) is not None else ""


@get(f"{HOME}/new", guards=[_MAKE], name="corrections:new")
async def new_correction(request: StationRequest) -> Response:
    """The form for one value, with what stands there now; where the record has versions of its own, its page."""
    search = request.query_params
    if elsewhere := ELSEWHERE.get(search.get("record", "")):
        number = search.get("number", "")
        return done(request, elsewhere[0].format(found(number if re.fullmatch(elsewhere[1], number) else None)))
    asked = await _asked(request, search)
    kind, field, record, _ = asked
    if kind.name == "job" and record["state"] not in OVER_STATES:
        raise RuleBroken("这个岗位还没有结束，不用更正：请在岗位页点“修改”，改好后重新提交审核。")
    now = await queries.opened_value(record, field)
    form = correction_form(kind.name, field.name)(data={"seen": mark_of(now), "new": "" if field.sealed else typed(field, now)})
    return await _shown(request, asked, form, now)


@post(HOME, guards=[_MAKE], name="corrections:correct")
async def correct(request: StationRequest) -> Response:
    """Keep the correction beside what stood there; the password of the last minutes is the signature."""
    asked = await _asked(request, await request.typed())
    kind, field, record, row = asked
    form = await correction_form(kind.name, field.name).posted(request)
    understood, new = form.value(field) if form.validate() else (False, None)
    if understood:
        confirm_first(request)
        seen, reason, row_id = form.seen.data or "", form.reason.data or "", row_of(row)
        answer = await submit(
            request,
            form,
            lambda: actions.correct(kind.name, record["number"], row_id, field.name, seen, new, reason, actor=request.actor),
            to=lambda number: f"{HOME}/{number}",
            said="已更正。原来的内容划线保留，谁改的、为什么改都写在旁边。",
        )
        if answer:
            return answer
    return await _shown(request, asked, form, await queries.opened_value(record, field), refused=True)


async def _shown(request: StationRequest, asked: Asked, form: CorrectionForm, now: Value, *, refused: bool = False) -> Response:
    kind, field, record, row = asked
    last = await queries.last_correction(kind.name, record["id"], field.name)
    chain = await queries.opened_corrections_on(request.actor, {kind.name: [record["id"]]}) if last else []
    months = [month_label(each["month"]) for each in await queries.closed_ledgers(record["station"], [record["month"]])]
    show = again if refused else page
    return show(
        request,
        "corrections/new.html",
        form=form,
        kind=kind,
        field=field,
        found=record,
        row=row,
        seen=mark_of(now),
        current=without_contacts(shown(field, now)),
        ledgers=months,
        chain=[each for each in numbered(chain) if each["field"] == field.name],
    )


@get(HOME, guards=[_READ], name="corrections:list")
async def all_corrections(request: StationRequest) -> Response:
    """The corrections in reach, newest first; a month's can be printed as the station's list (P17)."""
    form = CorrectionFilterForm(request.query_params)
    wanted = queries.CorrectionFilter.of(*(form[name].data or "" for name in ("month", "record", "who", "review")))
    after = request.query_params.get("after", "")
    rows = await queries.corrections_for(request.actor, wanted, after)
    month = f"{wanted.month // 100}-{wanted.month % 100:02d}" if wanted.month else ""
    asked = {"month": month, "record": wanted.record, "who": wanted.who, "review": wanted.review}
    kept = {name: value for name, value in asked.items() if value}
    links = {
        "previous": f"{HOME}?{urlencode(kept)}" if after else "",
        "next": f"{HOME}?{urlencode({**kept, 'after': rows.next})}" if rows.next else "",
    }
    many = request.actor.scope.reach is not Reach.STATION
    shown_here: dict[str, Any] = {"rows": numbered(rows.rows), "links": links, "form": form, "filter": kept, "narrowed": bool(kept)}
    newest = rows.rows[0]["month"] if rows.rows else 0  # corrections mostly belong to the month before
    sheet = None if many else wanted.month or newest or month_of(today())
    looks = request.actor.may(Permission.CORRECTIONS_REVIEW) and wanted.review != queries.PENDING
    waiting = await queries.pending_count(request.actor.station_id or 0) if looks else 0
    return page(request, "corrections/index.html", fragment="corrections/_list.html", many=many, sheet=sheet, waiting=waiting, **shown_here)


@get(f"{HOME}/list.pdf", guards=[_READ], name="corrections:sheet")
async def sheet(request: StationRequest) -> Response:
    """更改记录清单 (P17) of a month; the station's own people issue it, officers look at that of the station they name."""
    month = queries.CorrectionFilter.of(request.query_params.get("month", "")).month or month_of(today())
    if request.actor.scope.reach is Reach.STATION:
        station = found(await station_queries.own_station(request.actor.station_id))
    else:
        station = found(await station_queries.station_in(request.actor.scope, request.query_params.get("station", "")))
    rows = await queries.of_month(station["id"], month, request.actor)
    body = await correction_sheet_file(request, station, correction_sheet(station, month, rows, today()))
    return pdf_file(body, f"更改记录清单{month}")


@get(f"{HOME}/{{number:str}}", guards=[_READ], name="corrections:one")
async def one_correction(request: StationRequest, number: FromPath[str]) -> Response:
    """One correction among all of the same value, and the manager's word on it."""
    row = found(await queries.correction_for(request.actor, number))
    return await _one(request, row, ReviewForm())


async def _one(request: StationRequest, row: dict[str, Any], form: ReviewForm, *, refused: bool = False) -> Response:
    by_staff = row["made_by_role"] == Role.STAFF.value and row["made_by"] != request.actor.id
    show = again if refused else page
    return show(
        request,
        "corrections/show.html",
        row=row,
        chain=numbered(await queries.opened_chain(request.actor, row)),
        form=form,
        reviews=by_staff and not row["verdict"] and request.actor.may(Permission.CORRECTIONS_REVIEW),
    )


@post(f"{HOME}/{{number:str}}/review", guards=[_REVIEW], name="corrections:review")
async def review(request: StationRequest, number: FromPath[str]) -> Response:
    """The manager says whether it is right."""
    row = found(await queries.correction_for(request.actor, number))
    form, answer = await ReviewForm.posted(request), None
    if form.validate():
        answer = await submit(
            request,
            form,
            lambda: actions.review_correction(row["id"], form.verdict.chosen, form.note.data or "", actor=request.actor),
            to=lambda _: f"{HOME}/{row['number']}",
            said="已记下复核。",
        )
    return answer or await _one(request, found(await queries.correction_for(request.actor, number)), form, refused=True)


ROUTES = [new_correction, correct, all_corrections, sheet, one_correction, review]
