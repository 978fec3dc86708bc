"""Call-backs (回访): the list of calls to make, one screen per call with one key per answer, and the form on paper (P10)."""

from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from db.actions import followups as actions
from db.clock import now, today
from db.queries import followups as queries
from rules.codes import FollowUpKind, FollowUpResult, PaperKind, Side
from rules.corrections import RECORDS
from rules.errors import RuleBroken
from rules.followups import Consequence, check_open, due_on, is_asked_at_end, is_call, is_late, is_listed, is_settled, listed_due
from rules.permissions import Permission
from web.corrections import corrected
from web.followup_papers import call_back_sheet, question_rows
from web.forms.followups import CallFilterForm, FollowUpForm
from web.guards import needs
from web.papers import issued_pdf, printed_pdf
from web.render import again, done, found, page, pdf_file
from web.request import StationRequest
from web.submission import submit

HOME = "/desk/follow-ups"
_ONE = HOME + "/{number:str}/{kind:str}/{side:str}"
_NEXT_SHOWN = 5

SAID = {
    Consequence.UNPAID_CASE: "工钱的事已立案维权，这家雇主在全区暂停发布新岗位。",
    Consequence.INJURY_CASE: "受伤的事已立案维权。",
    Consequence.FEE_COMPLAINT: "收费的事已直接报监督单位办理，本站不经手。",
    Consequence.DISPUTE: "这次上岗已标记有争议，提醒了驿站负责人；原来的记录不改。",
}
"""What the person at the desk is told that the answers have opened."""


LEFT = "人中途走了的，请到推荐里登记中途结束。"


@get(HOME, guards=[needs(Permission.FOLLOW_UPS_READ)], name="followups:list")
async def call_backs(request: StationRequest) -> Response:
    """Call-backs to make, the most overdue first, or (`state=made`) those made, newest first. Officers see no names."""
    form, after = CallFilterForm(request.query_params), request.query_params.get("after", "")
    wanted = queries.CallFilter.of(form.kind.data or "", form.side.data or "", form.late.data or "")
    state = "made" if request.query_params.get("state") == "made" else ""
    scope, named = request.actor.scope, request.actor.may(Permission.FOLLOW_UPS_RECORD)
    if state:
        rows = await queries.call_backs_made(scope, wanted, after, named=named)
    else:
        rows = await queries.due_calls(scope, today(), wanted, after, named=named)
    asked = {"state": state, "kind": wanted.kind, "side": wanted.side, "late": "1" if wanted.late else ""}
    base = f"{HOME}?{urlencode({name: value for name, value in asked.items() if value})}"
    return page(
        request,
        "followups/index.html",
        fragment="followups/_list.html",
        rows=rows.rows,
        form=form,
        asked=asked,
        state=state,
        named=named,
        narrowed=bool(wanted.kind or wanted.side or wanted.late),
        due=await queries.due_count(scope, today()),
        most=queries.MOST_COUNTED,
        today=today(),
        links={"previous": base if after else "", "next": f"{base}&after={rows.next}" if rows.next else ""},
    )


def _which(kind: str, side: str) -> tuple[FollowUpKind, Side]:
    """The call-back an address names; 404 for one there is not."""
    names = {(each.value.lower(), other.value.lower()): (each, other) for each in FollowUpKind for other in Side if is_call(each, other)}
    if (kind, side) not in names:
        raise NotFoundException()
    return names[kind, side]


async def _screen(
    request: StationRequest, work: dict[str, Any], which: tuple[FollowUpKind, Side], form: FollowUpForm, people: Any = None
) -> dict[str, Any]:
    """What the screen of one call shows; `people` are the opened numbers, None while they are closed."""
    kind, side = which
    answered = is_settled(kind, side, work["work"], work["made"])
    why_not = ""
    if not answered:
        try:
            check_open(kind, side, work["work"], work["made"], today=today())
        except RuleBroken as broken:
            why_not = broken.message
    due = listed_due(kind, side, work["work"], work["made"], today=today())
    kept = [row for row in work["call_backs"] if row["kind"] == kind.value and row["side"] == side.value]
    made = next((row for row in kept if row["answered"]), None)
    return {
        "work": work,
        "kind": kind,
        "side": side,
        "where": f"{HOME}/{work['referral']}/{kind.value.lower()}/{side.value.lower()}",
        "form": form,
        "people": people,
        "answered": answered,
        "why_not": why_not,
        "due": due,
        "with_start": due != due_on(kind, work["work"]),
        "at_end": is_asked_at_end(kind, work["work"], today())
        and is_listed(FollowUpKind.END, side, work["work"], work["made"], today=today()),
        "late": bool(due and is_late(due, today())),
        "attempts": [row for row in kept if not row["answered"]],
        "made": made,
        "corrected": await corrected(request.actor, {"follow_up": [made["id"]] if made else []}, opened=True),
        "correctable": RECORDS["follow_up"].fields,
        "said_then": question_rows(kind, side, made) if made else [],
        "note": await queries.opened_note(made["id"]) if made else "",
    }


@get(_ONE, guards=[needs(Permission.FOLLOW_UPS_RECORD)], name="followups:one")
async def one_call(request: StationRequest, number: FromPath[str], kind: FromPath[str], side: FromPath[str]) -> Response:
    """The screen of one call: what to say, the questions, the number still closed; or what was said."""
    which = _which(kind, side)
    work = found(await queries.work_in(request.actor.scope, number))
    form = FollowUpForm(kind=which[0], side=which[1])
    return page(request, "followups/call.html", **await _screen(request, work, which, form))


@post(_ONE + "/call", guards=[needs(Permission.FOLLOW_UPS_RECORD)], name="followups:call", status_code=200)
async def call(request: StationRequest, number: FromPath[str], kind: FromPath[str], side: FromPath[str]) -> Response:
    """Open the number for this call (kept in the record first); what was typed so far stays."""
    which = _which(kind, side)
    work = found(await queries.work_in(request.actor.scope, number))
    check_open(*which, work["work"], work["made"], today=today())
    form = await FollowUpForm.posted(request, kind=which[0], side=which[1])
    await actions.begin_call(work, which[1], actor=request.actor)
    people = await queries.opened_people(work, which[1])
    return page(request, "followups/call.html", **await _screen(request, work, which, form, people))


@post(_ONE, guards=[needs(Permission.FOLLOW_UPS_RECORD)], name="followups:record")
async def record(request: StationRequest, number: FromPath[str], kind: FromPath[str], side: FromPath[str]) -> Response:
    """Write down what was said, or that nobody answered, once; the next call follows by itself."""
    which = _which(kind, side)
    work = found(await queries.work_in(request.actor.scope, number))
    form = await FollowUpForm.posted(request, kind=which[0], side=which[1])
    in_vain = (await request.typed()).get("outcome") == "vain"
    where = await _next(request, work["id"], which[1])
    if in_vain or form.validate():
        said = form.in_vain if in_vain else form.answers
        saved = await submit(
            request,
            form,
            lambda: actions.record_follow_up(
                work["id"],
                *which,
                said,
                made_on=None if in_vain else form.made_on.data,
                late_reason="" if in_vain else form.late_reason.data or "",
                actor=request.actor,
            ),
            to=lambda _: where,
            answer=lambda ref: done(request, where, _told(ref, said.result is FollowUpResult.LEFT and not work["ended_on"], in_vain)),
        )
        if saved is not None:
            return saved
    return again(request, "followups/call.html", **await _screen(request, work, which, form))


def _told(ref: actions.FollowUpRef, left: bool, in_vain: bool) -> str:
    if in_vain:
        return "已记下：没打通，改天再打。"
    further = [words for opened, words in SAID.items() if opened in ref.opened]
    return "".join(["已记下这次回访。", *further, *([LEFT] if left else [])])


async def _next(request: StationRequest, placement_id: int, side: Side) -> str:
    """The screen of the next call on the list, not of the same person again; the list when nothing is left for today."""
    rows = (await queries.due_calls(request.actor.scope, today(), queries.CallFilter(), size=_NEXT_SHOWN)).rows
    for row in rows:
        if not row["tried_today"] and (row["placement"], row["side"]) != (placement_id, side.value):
            return f"{HOME}/{row['referral']}/{row['kind'].lower()}/{row['side'].lower()}"
    return HOME


@get(_ONE + "/form.pdf", guards=[needs(Permission.FOLLOW_UPS_RECORD)], name="followups:form")
async def paper_form(request: StationRequest, number: FromPath[str], kind: FromPath[str], side: FromPath[str]) -> Response:
    """The form on paper (P10): empty for a visit, filled in and issued once the call-back was made."""
    which = _which(kind, side)
    work = found(await queries.work_in(request.actor.scope, number))
    rows = [row for row in work["call_backs"] if (row["kind"], row["side"]) == (which[0].value, which[1].value) and row["answered"]]
    made = rows[0] if rows else None
    note = await queries.opened_note(made["id"]) if made else ""
    paper = await call_back_sheet(request, work, *which, made, note, moment=now())
    if made is None:
        return pdf_file(await printed_pdf(request, PaperKind.FOLLOW_UP_FORM, paper), f"{paper.title}{number}")
    body = await issued_pdf(
        request,
        kind=PaperKind.FOLLOW_UP_FORM,
        number=paper.number,
        subject="placement",
        subject_id=work["id"],
        station_id=work["station"],
        paper=paper,
    )
    return pdf_file(body, f"{paper.title}{number}")


ROUTES = [call_backs, one_call, call, record, paper_form]
