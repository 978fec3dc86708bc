"""One guided drafting at the counter: the answers so far, what follows from them, and the text as it stands.

The answers are kept on the server, sealed, under the referral: going back, closing the browser or a colleague taking over
loses nothing. They are no record yet; the guidance that is given at the end is.
"""

from dataclasses import dataclass, field, replace
from typing import Any

from db.actions import drafts
from db.clock import today
from db.queries import agreements
from db.queries.documents import station_on_paper
from db.queries.drafts import opened_draft
from db.queries.guidance import opened_guidance
from db.queries.wordings import wording_in_force
from rules.agreement_drafts import AgreementSource, compose, preview
from rules.agreement_values import masked_parties, suggested_modules
from rules.codes import AgreementType
from rules.documents import GuidanceRecord
from rules.errors import RuleBroken
from rules.guidance.answers import Answers, Known, Question, known_of, pension_of, suggested, with_record
from rules.guidance.choice import guidance_hits, question_of
from rules.guidance.decision_table import leanings, propose
from rules.guidance.interview import HINTS, answer_text, answered, asked_questions, changed_terms, next_question
from rules.lint import basis_text
from web.forms.guidance import BY_BUTTON, QuestionForm
from web.papers import station_imprint
from web.render import local, show_date
from web.request import StationRequest

KIND = "guidance"
"""The kind of these drafts; no cookie ever names one."""

ALL = "all"
"""The last page's name in addresses: every answer, and the choice."""


@dataclass
class Sitting:
    """What is known about one referral and what was answered so far."""

    referral: dict[str, Any]
    source: AgreementSource
    known: Known
    given: dict[str, Any] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """The address its pages begin with."""
        return f"/desk/referrals/{self.referral['number']}/guidance"

    def address(self, question: Question | None) -> str:
        """The page of a question; None is the page of all answers."""
        return f"{self.url}/{question.value if question else ALL}"

    @property
    def answers(self) -> Answers:
        """What was answered, and what the record answers."""
        return self.with_page({})

    def with_page(self, page: dict[str, Any]) -> Answers:
        """The same with the answers of a page that is not kept yet."""
        return with_record(self.known, {**self.given, **page})

    async def keep(self, form: QuestionForm) -> None:
        """Keep a page's answers beside the others."""
        self.given = {**self.given, **form.answers}
        await drafts.keep_named_draft(_token(self.referral), KIND, self.given)

    async def drop(self) -> None:
        """Forget them: the guidance was given, or begins again."""
        await drafts.drop_draft(_token(self.referral), KIND)

    async def seen(self, question: Question | None, answers: Answers, chosen: AgreementType | None = None) -> dict[str, Any]:
        """What every page shows: the questions, what follows so far, the warnings at each question, the text."""
        proposal = propose(self.known, answers)
        kind = chosen or (proposal.kind if proposal else None)
        following = next_question(self.known, answers)
        blocked = proposal is not None and proposal.blocked
        asked = asked_questions(self.known, answers)
        hits = [{"at": question_of(hit), "hit": hit, "basis": basis_text(hit.basis)} for hit in guidance_hits(self.known, answers, kind)]
        return {
            "sitting": self,
            "question": question,
            "hint": HINTS.get(question, "") if question else "",
            "by_button": question in BY_BUTTON,
            "likely": suggested(self.known),
            "answers": answers,
            "proposal": proposal,
            "kind": kind,
            "blocked": blocked,
            "following": following,
            "lean": () if proposal else leanings(self.known, answers),
            "here": [each for each in hits if each["at"] is question],
            "elsewhere": [each for each in hits if each["at"] is not question],
            "rows": [self._row(each, answers, asked) for each in Question],
            **(
                await self._text(kind, answers) if kind and not blocked and following is None else {"text": None, "before": {}, "wrong": ""}
            ),
        }

    def _row(self, question: Question, answers: Answers, asked: list[Question]) -> dict[str, Any]:
        needed, told = question in asked, answered(self.known, answers, question)
        return {
            "question": question,
            "words": answer_text(self.known, answers, question),
            "needed": needed,
            "open": needed and not told,
            "at": self.address(question),
        }

    async def _text(self, kind: AgreementType, answers: Answers) -> dict[str, Any]:
        """The text of the type as it stands; `before` is what the post alone says, for marking what was answered otherwise."""
        wording = await wording_in_force(kind)
        source = replace(
            self.source,
            parties=masked_parties(self.source.parties),
            pension=pension_of(answers) or self.source.pension,
            no_night_work=bool(answers.no_night_work),
        )
        modules = tuple(key for key in suggested_modules(source.terms) if key in wording.modules)
        try:
            now = compose(wording, source, {}, changed_terms(self.known, answers), today=today())
            post = compose(wording, source, {}, {}, today=today())
            shown = preview(wording, now.values, modules)
            return {"text": shown, "before": preview(wording, post.values, modules).printed, "wrong": ""}
        except RuleBroken as broken:
            return {"text": None, "before": {}, "wrong": broken.message}


def _token(referral: dict[str, Any]) -> str:
    return f"guidance-of-referral-{referral['id']}"


async def sitting_of(request: StationRequest, referral: dict[str, Any]) -> Sitting:
    """The guided drafting of a referral, as far as it came. RuleBroken before both sides agreed."""
    source = await agreements.opened_source(referral["id"], number=agreements.UNNUMBERED, guide=request.actor.name, guided=False)
    kept = await opened_draft(_token(referral), KIND)
    return Sitting(referral, source, known_of(source, today()), kept[0] if kept else {})


async def guidance_record(row: dict[str, Any], *, public_url: str) -> GuidanceRecord:
    """The record of a guidance as it prints (P26), from a row of `db.queries.guidance`."""
    given = await opened_guidance(row["id"])
    return GuidanceRecord(
        station=station_imprint(await station_on_paper(row["station"])),
        number=row["number"],
        created=row["given_at"],
        referral=row["referral"],
        title=row["title"],
        employer=row["employer"],
        worker=row["worker"],
        answers=tuple(given.lines),
        proposed=AgreementType.label_of(row["proposed_type"]) if row["proposed_type"] else "",
        why=given.why,
        notes=tuple(given.notes),
        chosen=AgreementType.label_of(row["chosen_type"]),
        reason=row["override_reason"],
        warnings=tuple((message, advice, basis) for message, advice, basis in given.warnings),
        guide=row["guide"],
        given_on=show_date(local(row["given_at"]).date()),
        verify_url=f"{public_url}/verify/{row['number']}",
    )
