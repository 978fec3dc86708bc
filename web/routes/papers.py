"""The register of issued papers (文书): what was given out, when, by whom, what became of it; a wrong one is voided here."""

from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.exceptions import PermissionDeniedException
from litestar.params import FromPath

from db.actions import documents as actions
from db.actions.reveals import AGREEMENT, ORDER_FORM, SEEKER_FORM, SLIP, Opened, note_opened
from db.queries import documents as queries
from db.queries.documents import PaperFilter
from rules.codes import PaperKind
from rules.documents import paper_title
from rules.numbers import NumberKind, kind_of
from rules.permissions import Actor, Permission
from web.forms.papers import PaperFilterForm, VoidPaperForm
from web.guards import needs
from web.papers import given_pdf
from web.render import again, found, page, pdf_file
from web.request import StationRequest
from web.submission import submit

HOME = "/desk/papers"
_READ, _VOID = needs(Permission.PAPERS_READ), needs(Permission.PAPERS_VOID)

OPENED_WITH: dict[PaperKind, Permission] = {
    PaperKind.JOB_ORDER: Permission.JOBS_REGISTER,
    PaperKind.SEEKER_FORM: Permission.SEEKERS_READ,
    PaperKind.SEEKER_CARD: Permission.SEEKERS_READ,
    PaperKind.REFERRAL_SLIP: Permission.REFERRALS_READ,
    PaperKind.JOB_SLIPS: Permission.REFERRALS_READ,
    PaperKind.AGREEMENT: Permission.AGREEMENTS_READ,
    PaperKind.LARGE_PRINT: Permission.AGREEMENTS_READ,
    PaperKind.KEY_POINTS: Permission.AGREEMENTS_READ,
    PaperKind.GUIDANCE: Permission.AGREEMENTS_READ,
    PaperKind.CHECKLIST: Permission.AGREEMENTS_READ,
    PaperKind.FOLLOW_UP_FORM: Permission.FOLLOW_UPS_RECORD,
    PaperKind.RATING_FORM: Permission.RATINGS_RECORD,
    PaperKind.LEGAL_FORM: Permission.CASES_WORK,
    PaperKind.DISPUTE_RECORD: Permission.CASES_WORK,
    PaperKind.COMMITMENT: Permission.ACCOUNTS_READ,
    PaperKind.POSTER: Permission.PAPERS_READ,
    PaperKind.BOARD: Permission.PAPERS_READ,
    PaperKind.MORNING_SHEET: Permission.PAPERS_READ,
    PaperKind.DRAW_SHEET: Permission.PAPERS_READ,
    PaperKind.FAIRNESS_SHEET: Permission.PAPERS_READ,
    PaperKind.STATISTICS: Permission.STATISTICS_READ,
    PaperKind.CORRECTIONS: Permission.CORRECTIONS_READ,
    PaperKind.CALLING_RULE: Permission.PAPERS_READ,
    PaperKind.LEDGER: Permission.LEDGER_READ,
    PaperKind.SAMPLE_SHEET: Permission.SAMPLES_READ,
}
"""Who may read a paper itself: whoever may read the record it is about. The register's row says nothing about persons."""

LOOKS: dict[PaperKind, Opened] = {
    PaperKind.JOB_ORDER: ORDER_FORM,
    PaperKind.SEEKER_FORM: SEEKER_FORM,
    PaperKind.REFERRAL_SLIP: SLIP,
    PaperKind.AGREEMENT: AGREEMENT,
    PaperKind.LARGE_PRINT: AGREEMENT,
    PaperKind.KEY_POINTS: AGREEMENT,
    PaperKind.CHECKLIST: AGREEMENT,
}
"""Papers with somebody's full data: that they were opened is kept."""

RECORDS: dict[NumberKind, tuple[str, Permission]] = {
    NumberKind.JOB: ("/desk/jobs/", Permission.JOBS_READ),
    NumberKind.SEEKER: ("/desk/seekers/", Permission.SEEKERS_READ),
    NumberKind.REFERRAL: ("/desk/referrals/", Permission.REFERRALS_READ),
    NumberKind.AGREEMENT: ("/desk/agreements/", Permission.AGREEMENTS_READ),
    NumberKind.GUIDANCE: ("/desk/guidance/", Permission.AGREEMENTS_READ),
    NumberKind.CASE: ("/desk/cases/", Permission.CASES_READ),
}
"""Where the record of a number is looked at, and who may."""

AGAIN: dict[PaperKind, tuple[str, Permission]] = {
    PaperKind.JOB_ORDER: ("/desk/jobs/{}/form.pdf", Permission.JOBS_REGISTER),
    PaperKind.SEEKER_FORM: ("/desk/seekers/{}/form.pdf", Permission.SEEKERS_READ),
    PaperKind.SEEKER_CARD: ("/desk/seekers/{}/card.pdf", Permission.SEEKERS_ENROL),
    PaperKind.REFERRAL_SLIP: ("/desk/referrals/{}/slip.pdf", Permission.REFERRALS_READ),
    PaperKind.GUIDANCE: ("/desk/guidance/{}/record.pdf", Permission.AGREEMENTS_READ),
    PaperKind.LEGAL_FORM: ("/desk/cases/{}/form.pdf", Permission.CASES_WORK),
    PaperKind.DISPUTE_RECORD: ("/desk/cases/{}/dispute.pdf", Permission.CASES_WORK),
}
"""Where the next copy of a voided paper is printed."""


def record_of(paper: dict[str, Any], actor: Actor) -> str:
    """The address of the record a paper is about, when its number is the record's and this person may see it; else ""."""
    kind = kind_of(paper["number"])
    where, permission = RECORDS.get(kind, ("", Permission.PAPERS_READ)) if kind else ("", Permission.PAPERS_READ)
    return f"{where}{paper['number']}" if where and actor.may(permission) else ""


def may_open(paper: dict[str, Any], actor: Actor) -> bool:
    """Whether this person may read the paper itself."""
    return actor.may(OPENED_WITH.get(PaperKind(paper["kind"]), Permission.AGREEMENTS_READ))


@get(HOME, guards=[_READ], name="documents:register")
async def register(request: StationRequest) -> Response:
    """Every issued paper in reach, newest first."""
    form = PaperFilterForm(request.query_params)
    asked = {name: str(form[name].data or "") for name in ("kind", "day", "number", "state")}
    wanted = PaperFilter.of(**asked)
    after = request.query_params.get("after", "")
    rows = await queries.register_of(request.actor.scope, wanted, after)
    kept = {"kind": wanted.kind.value if wanted.kind else "", "day": wanted.day.isoformat() if wanted.day else ""}
    kept = {name: text for name, text in {**kept, "number": wanted.number, "state": wanted.state}.items() if text}
    links = {
        "previous": f"{HOME}?{urlencode(kept)}" if after else None,
        "next": f"{HOME}?{urlencode({**kept, 'after': rows.next})}" if rows.next else None,
    }
    for row in rows.rows:
        row["record"] = record_of(row, request.actor)
        row["title"] = paper_title(row["kind"], row["number"])
    return page(request, "papers/index.html", fragment="papers/_list.html", rows=rows.rows, form=form, links=links, asked=kept)


@get(HOME + "/{paper_id:int}", guards=[_READ], name="documents:paper")
async def one_paper(request: StationRequest, paper_id: FromPath[int]) -> Response:
    """One issued paper with every copy under its number, and what can be done about it."""
    return await _shown(request, found(await queries.paper_in(request.actor.scope, paper_id)))


async def _shown(request: StationRequest, paper: dict[str, Any], form: VoidPaperForm | None = None) -> Response:
    actor = request.actor
    copies = await queries.copies_in(actor.scope, paper["kind"], paper["number"])
    for copy in copies:
        copy["issuer"] = queries.issuer_of(copy)
    address, permission = AGAIN.get(PaperKind(paper["kind"]), ("", Permission.PAPERS_READ))
    show = page if form is None else again
    return show(
        request,
        "papers/show.html",
        paper=paper,
        title=paper_title(paper["kind"], paper["number"]),
        issuer=queries.issuer_of(paper),
        copies=copies,
        form=form or VoidPaperForm(),
        record=record_of(paper, actor),
        readable=may_open(paper, actor),
        of_agreement=paper["subject"] == "agreement",
        reprint=address.format(paper["number"]) if address and actor.may(permission) and copies[0]["voided_at"] else "",
        verify_url=f"/verify/{paper['number']}",
    )


@get(HOME + "/{paper_id:int}/paper.pdf", guards=[_READ], name="documents:paper-file")
async def paper_file(request: StationRequest, paper_id: FromPath[int]) -> Response:
    """The paper as it was issued; a voided one with 作废 across each page. Whoever may void gets its bytes with ?original=1."""
    paper = found(await queries.paper_in(request.actor.scope, paper_id))
    original = request.query_params.get("original") == "1"
    if not may_open(paper, request.actor) or (original and not request.actor.may(Permission.PAPERS_VOID)):
        raise PermissionDeniedException()
    if look := LOOKS.get(PaperKind(paper["kind"])):
        await note_opened(look, paper["subject_id"], actor=request.actor)
    name = f"{paper_title(paper['kind'], paper['number'])}{paper['number']}" + ("（已作废）" if paper["voided_at"] else "")
    return pdf_file(await given_pdf(request, paper, original=original), name)


@post(HOME + "/{paper_id:int}/voiding", guards=[_VOID], name="documents:void")
async def void(request: StationRequest, paper_id: FromPath[int]) -> Response:
    """Void a wrong paper with the reason; the next one printed under its number is the next copy."""
    paper = found(await queries.paper_in(request.actor.scope, paper_id))
    form, answer = await VoidPaperForm.posted(request), None
    if form.validate():
        answer = await submit(
            request,
            form,
            lambda: actions.void_paper(paper["id"], form.reason.data or "", actor=request.actor),
            to=lambda _: f"{HOME}/{paper_id}",
            said="这份文书已作废，原件和记录都保留。把内容改好以后再打印，就是下一份。",
        )
    return answer or await _shown(request, paper, form)


ROUTES = [register, one_paper, paper_file, void]
