"""Question pages for phones: one question a page, back and forward without losing anything, a page to check the answers.

A `Wizard` is an ordered list of `Question`s. What is typed is kept after every page in the browser's draft (web/drafts.py),
raw as it was typed, so that a page shows it again; "good" says that the page was in order. The answers are handed in once:
the draft's own key is the form token, so that a second submit, from whichever page or tab, leads where the first one led.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from litestar import Response
from litestar.datastructures import FormMultiDict
from litestar.exceptions import NotFoundException
from litestar.response import Redirect

from db.queries.drafts import draft_key
from rules.errors import RuleBroken, RulesBroken
from web import drafts
from web.forms.base import Choice, Choices, PageForm, Tick
from web.render import done, page
from web.request import StationRequest
from web.submission import submit

CHECK = "check"
"""The last page's name in addresses: check your answers."""

Typed = dict[str, list[str]]
Hook = Callable[[StationRequest, Any, "Answers"], Awaitable[Any]]


@dataclass
class Answers:
    """What was typed so far, by page. `form(name)` is the page's form as it was typed; empty when it was not yet."""

    questions: tuple["Question", ...]
    pages: dict[str, dict[str, Any]] = field(default_factory=dict)

    def form(self, name: str) -> Any:
        """The form of that page with what was typed there."""
        one = next(each for each in self.questions if each.name == name)
        return one.form(_posted(self.typed(name))) if name in self.pages else one.form()

    def typed(self, name: str) -> Typed:
        """The raw values of that page by field; {} before it was answered."""
        return self.pages.get(name, {}).get("typed", {})

    def good(self, name: str) -> bool:
        """Whether that page was answered and in order."""
        return bool(self.pages.get(name, {}).get("good"))

    def asked(self) -> list["Question"]:
        """The questions that these answers lead to, in order."""
        return [one for one in self.questions if one.when is None or one.when(self)]

    def missing(self) -> "Question | None":
        """The first question that still wants an answer."""
        return next((one for one in self.asked() if not self.good(one.name)), None)


@dataclass(frozen=True, slots=True)
class Question:
    """One page: a question, or a few that belong together.

    `name` is its part of the address, `form` a PageForm, `title` the question as it stands above the page.
    `when(answers)`: whether the page is asked at all.
    `prepare(request, form, answers)` runs whenever the page or the check page is made and before validation: it fills
    choices and gives the template's further values as a dict (or None).
    `check(request, form, answers)` runs after the form's own validation: it raises RuleBroken, which goes onto the form,
    or gives a Response that ends everything (a child is refused).
    `kept(request, form, answers)` gives what the draft keeps instead of the typing ({"pin": [hash]}): for secrets and files;
    such a page shows empty fields when somebody comes back to it.
    `said(form)` gives (label, text) rows for the check page; by default every field that was filled.
    `template` extends wizard/question.html.
    """

    name: str
    form: type[PageForm]
    title: str
    when: Callable[[Answers], bool] | None = None
    prepare: Hook | None = None
    check: Hook | None = None
    kept: Hook | None = None
    said: Callable[[Any], list[tuple[str, str]]] | None = None
    template: str = "wizard/question.html"
    files: bool = False


@dataclass(frozen=True, slots=True)
class Wizard:
    """The pages of one registration. `kind` names its draft, `start` its address, `title` stands above every page."""

    kind: str
    start: str
    title: str
    questions: tuple[Question, ...]
    button: str = "提交"
    check_template: str = "wizard/check.html"

    async def resume(self, request: StationRequest) -> tuple[Answers, str]:
        """The answers so far, and where the finished registration led ("" while it is open)."""
        kept = await drafts.draft_of(request, self.kind)
        return Answers(self.questions, kept[0] if kept else {}), kept[1] if kept else ""

    def address(self, one: Question | None) -> str:
        """The address of a question; None is the check page."""
        return f"{self.start}/{one.name if one else CHECK}"

    async def show(self, request: StationRequest, name: str) -> Response:
        """One question with what was typed there before, or the check page; on to where things stand when it is too early."""
        answers, finished = await self.resume(request)
        if finished:
            return _go(finished)
        if name == CHECK:
            return await self._check_page(request, answers)
        one = self._question(answers, name)
        missing = answers.missing()
        if missing and self._place(answers, missing) < self._place(answers, one):
            return _go(self.address(missing))
        form = one.form() if one.kept else answers.form(name)
        return await self._page(request, one, form, answers, then=request.query_params.get("then", ""))

    async def answer(self, request: StationRequest, name: str) -> Response:
        """Keep what was typed and go on: the next page, back to the check page, or one page back without validating."""
        answers, finished = await self.resume(request)
        if finished:
            return _go(finished)
        one = self._question(answers, name)
        posted = await request.typed()
        form, then = one.form(posted), str(posted.get("then", ""))
        extra = await one.prepare(request, form, answers) if one.prepare else None
        if posted.get("go") == "back":
            if not one.kept:
                await drafts.keep(request, self.kind, name, {"typed": _typed(form), "good": False})
            return _go(self._before(answers, one))
        good = form.validate()
        if good and one.check:
            try:
                ended = await one.check(request, form, answers)
            except RuleBroken as broken:
                form.refuse(broken)
                good = False
            else:
                if ended is not None:
                    return ended
        if not good:
            if not one.kept:
                await drafts.keep(request, self.kind, name, {"typed": _typed(form), "good": False})
            return await self._page(request, one, form, answers, then=then, status=422, extra=extra)
        typed = await one.kept(request, form, answers) if one.kept else _typed(form)
        await drafts.keep(request, self.kind, name, {"typed": typed, "good": True})
        after = Answers(self.questions, {**answers.pages, name: {"typed": typed, "good": True}})
        return _go(self._after(after, one, then))

    async def hand_in(self, request: StationRequest, act: Callable[[Answers], Awaitable[str]], *, said: str = "") -> Response:
        """Do it once: `act(answers)` writes and gives the address to go on to; the draft is finished in its transaction.

        What a rule refuses stands on the check page, with a link to the page that asks for it.
        """
        answers, finished = await self.resume(request)
        if finished:
            return done(request, finished, said)
        if missing := answers.missing():
            return _go(self.address(missing))
        form = _HandedIn(await request.typed())
        form.form_token.data = draft_key(drafts.token_of(request, self.kind))[:40]

        async def once() -> str:
            where = await act(answers)
            await drafts.finish(request, self.kind, where)
            return where

        saved = await submit(request, form, once, to=lambda where: where, said=said)
        return saved if saved is not None else await self._check_page(request, answers, form)

    async def anew(self, request: StationRequest) -> Response:
        """Begin again with an empty draft (somebody else of the family registers on the same phone)."""
        await drafts.forget(request, self.kind)
        return _go(self.address(self.questions[0]))

    async def _page(
        self,
        request: StationRequest,
        one: Question,
        form: Any,
        answers: Answers,
        *,
        then: str,
        status: int = 200,
        extra: dict[str, Any] | None = None,
    ) -> Response:
        if extra is None and one.prepare:
            extra = await one.prepare(request, form, answers)
        asked = answers.asked()
        return _private(
            page(
                request,
                one.template,
                status=status,
                wizard=self,
                question=one,
                form=form,
                answers=answers,
                fields=[each for each in form if each.name != "form_token"],
                place=self._place(answers, one) + 1,
                places=len(asked) + 1,
                previous=self._before(answers, one) if then != CHECK else self.address(None),
                then=CHECK if then == CHECK else "",
                **(extra or {}),
            )
        )

    async def _check_page(self, request: StationRequest, answers: Answers, form: "_HandedIn | None" = None) -> Response:
        if missing := answers.missing():
            return _go(self.address(missing))
        asked, sections, homes = answers.asked(), [], {}
        for one in asked:
            own = answers.form(one.name)
            if one.prepare:
                await one.prepare(request, own, answers)
            rows = one.said(own) if one.said else _rows(own)
            sections.append((one, f"{self.address(one)}?then={CHECK}", rows))
            homes.update({each.name: f"{self.address(one)}?then={CHECK}" for each in own if each.name != "form_token"})
        problems = [(homes.get(field), message) for field, message in (form.broken if form else ())]
        return _private(
            page(
                request,
                self.check_template,
                status=422 if problems else 200,
                wizard=self,
                answers=answers,
                sections=sections,
                problems=problems,
                places=len(asked) + 1,
                previous=self.address(asked[-1]),
            )
        )

    def _question(self, answers: Answers, name: str) -> Question:
        one = next((each for each in answers.asked() if each.name == name), None)
        if one is None:
            raise NotFoundException()
        return one

    def _place(self, answers: Answers, one: Question) -> int:
        return [each.name for each in answers.asked()].index(one.name)

    def _before(self, answers: Answers, one: Question) -> str:
        place = self._place(answers, one)
        return self.address(answers.asked()[place - 1]) if place else self.start

    def _after(self, answers: Answers, one: Question, then: str) -> str:
        missing = answers.missing()
        if then == CHECK:
            return self.address(missing) + (f"?then={CHECK}" if missing else "")
        asked = answers.asked()
        place = next((number for number, each in enumerate(asked) if each.name == one.name), -1)
        following = asked[place + 1] if place + 1 < len(asked) else None
        if missing and (following is None or self._place(answers, missing) < self._place(answers, following)):
            following = missing
        return self.address(following)


class _HandedIn(PageForm):
    """The check page's form: what a rule refuses, by the field that stands on one of the question pages."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.broken: list[tuple[str, str]] = []

    def refuse(self, broken: RuleBroken) -> None:
        """Note what was refused and on which field."""
        for one in broken.broken if isinstance(broken, RulesBroken) else [broken]:
            self.broken.append((one.field or "", one.message))


def _go(url: str) -> Redirect:
    answer = Redirect(url, status_code=303)
    answer.headers["cache-control"] = "no-store"
    return answer


def _private(answer: Response) -> Response:
    """What somebody typed is in no cache of the phone or of the way there."""
    answer.headers["cache-control"] = "no-store"
    return answer


def _posted(typed: Typed) -> FormMultiDict:
    return FormMultiDict([(name, value) for name, values in typed.items() for value in values])


def _typed(form: PageForm) -> Typed:
    """The raw typing of a form by field, as short as a page may be."""
    return {
        each.name: [str(value)[:2000] for value in (each.raw_data or [])[:60]]
        for each in form
        if each.name != "form_token" and not isinstance(each, Tick)
    } | {each.name: ["y"] if each.data else [] for each in form if isinstance(each, Tick)}


def shown(one: Any) -> str:
    """What was answered in a field, as a person reads it; "" for nothing."""
    if isinstance(one, Tick):
        return "是" if one.data else ""
    if isinstance(one, Choices):
        return "、".join(text for value, text in one.choices if value in (one.data or ()))
    if isinstance(one, Choice):
        return next((text for value, text in one.choices if value and value == one.data), "")
    return str(one._value() or "")


def _rows(form: PageForm) -> list[tuple[str, str]]:
    return [(one.label.text, text) for one in form if one.name != "form_token" and (text := shown(one))]
