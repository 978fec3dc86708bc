"""Guided drafting: one question a page, everything on one page, the choice, the record that was given (domain reference 4.2)."""

from litestar import Response, get, post
from litestar.params import FromPath

from db.actions import guidance as actions
from db.queries import guidance as queries
from db.queries.agreements import agreement_of_referral
from db.queries.referrals import own_referral_in
from rules.codes import AgreementType, PaperKind
from rules.guidance.answers import Question
from rules.permissions import Permission
from web.forms.base import PageForm
from web.forms.guidance import FORMS, ChoiceForm
from web.guards import needs
from web.guidance_pages import ALL, Sitting, guidance_record, sitting_of
from web.papers import issued_pdf
from web.render import again, done, found, page, pdf_file
from web.request import StationRequest
from web.submission import submit

HOME = "/desk/referrals/{number:str}/guidance"
_READ, _DRAFT = needs(Permission.AGREEMENTS_READ), needs(Permission.AGREEMENTS_DRAFT)


async def _sitting(request: StationRequest, number: str) -> Sitting:
    return await sitting_of(request, found(await own_referral_in(request.actor.scope, number)))


def _question(step: str) -> Question:
    return found(next((question for question in Question if question.value == step), None))


@get(HOME, guards=[_DRAFT], name="guidance:begin")
async def begin(request: StationRequest, number: FromPath[str]) -> Response:
    """On to the first question that nobody answered yet; an agreement in force is shown instead."""
    referral = found(await own_referral_in(request.actor.scope, number))
    if existing := await agreement_of_referral(referral["id"]):
        return done(request, f"/desk/agreements/{existing['number']}")
    sitting = await sitting_of(request, referral)
    shown = await sitting.seen(None, sitting.answers)
    return done(request, sitting.address(shown["following"]))


@get(HOME + "/{step:str}", guards=[_DRAFT], name="guidance:page")
async def question_page(request: StationRequest, number: FromPath[str], step: FromPath[str]) -> Response:
    """One question as it was answered so far, or every answer with the choice."""
    sitting = await _sitting(request, number)
    if step == ALL:
        return await _all(request, sitting)
    question = _question(step)
    form = FORMS[question].about(sitting.known, sitting.answers)
    return page(request, "guidance/question.html", form=form, **await sitting.seen(question, sitting.answers))


async def _all(request: StationRequest, sitting: Sitting, form: ChoiceForm | None = None) -> Response:
    wanted = form.chosen.chosen if form and not form.chosen.errors else None
    shown = await sitting.seen(None, sitting.answers, wanted)
    shown |= {"form": form or ChoiceForm(data={"chosen": shown["kind"] or ""}), "restarting": PageForm()}
    return (again if form else page)(request, "guidance/all.html", **shown)


@post(HOME + "/{step:str}", guards=[_DRAFT], name="guidance:answer")
async def answer(request: StationRequest, number: FromPath[str], step: FromPath[str]) -> Response:
    """Keep the answer and go on to what it leads to."""
    sitting, question = await _sitting(request, number), _question(step)
    form = FORMS[question].about(sitting.known, sitting.answers, await request.typed())
    if not form.validate():
        return again(request, "guidance/question.html", form=form, **await sitting.seen(question, sitting.answers))
    await sitting.keep(form)
    shown = await sitting.seen(None, sitting.answers)
    return done(request, sitting.address(shown["following"]))


@post(HOME + "/{step:str}/look", guards=[_DRAFT], name="guidance:look", status_code=200)
async def look(request: StationRequest, number: FromPath[str], step: FromPath[str]) -> Response:
    """What would follow from the page as it stands; nothing is kept."""
    sitting, question = await _sitting(request, number), _question(step)
    form = FORMS[question].about(sitting.known, sitting.answers, await request.typed())
    sound = form.validate()
    answers = sitting.with_page(form.answers) if sound else sitting.answers
    return page(request, "guidance/question.html", fragment="guidance/_look.html", form=form, **await sitting.seen(question, answers))


@post(HOME, guards=[_DRAFT], name="guidance:give")
async def give(request: StationRequest, number: FromPath[str]) -> Response:
    """Keep the guidance with the type that was chosen, and go on to drafting it."""
    sitting, form = await _sitting(request, number), await ChoiceForm.posted(request)
    if not form.validate():
        return await _all(request, sitting, form)

    async def act() -> actions.GuidanceRef:
        chosen = AgreementType(form.chosen.data)
        given = await actions.give_guidance(sitting.referral["id"], sitting.given, chosen, form.reason.data or "", actor=request.actor)
        await sitting.drop()
        return given

    saved = await submit(
        request, form, act, to=lambda given: f"/desk/referrals/{number}/agreement?guidance={given.number}", said="签约指导已记下。"
    )
    return saved or await _all(request, sitting, form)


@post("/desk/referrals/{number:str}/guidance-again", guards=[_DRAFT], name="guidance:again")
async def begin_again(request: StationRequest, number: FromPath[str]) -> Response:
    """Forget what was typed and ask from the first question on."""
    sitting = await _sitting(request, number)
    await PageForm.posted(request)
    await sitting.drop()
    return done(request, sitting.url)


@get("/desk/guidance/{number:str}", guards=[_READ], name="guidance:show")
async def given_guidance(request: StationRequest, number: FromPath[str]) -> Response:
    """A guidance that was given: answers, proposal, choice, warnings."""
    row = found(await queries.guidance_in(request.actor.scope, number))
    return page(request, "guidance/show.html", row=row, given=await queries.opened_guidance(row["id"]))


@get("/desk/guidance/{number:str}/record.pdf", guards=[_READ], name="guidance:record")
async def record_pdf(request: StationRequest, number: FromPath[str]) -> Response:
    """The record on paper (P26)."""
    row = found(await queries.guidance_in(request.actor.scope, number))
    body = await issued_pdf(
        request,
        kind=PaperKind.GUIDANCE,
        number=row["number"],
        subject="guidance",
        subject_id=row["id"],
        station_id=row["station"],
        paper=await guidance_record(row, public_url=request.settings.public_url),
    )
    return pdf_file(body, f"签约指导记录{number}")


ROUTES = [begin, question_page, answer, look, give, begin_again, given_guidance, record_pdf]
