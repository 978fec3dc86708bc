"""The pages of an employer's demand: what was typed so far, kept on the server under the employer's account, and its checks.

One basket holds one demand: a new one, a copy of an earlier post, or the correction of a post. It is kept after every page,
also when the page is refused, so that a dropped connection loses nothing; it follows the employer to another phone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from litestar.datastructures import FormMultiDict

from db.actions import drafts
from db.queries.drafts import opened_draft
from db.queries.jobs import opened_terms, released_pairs, reviews_of, version_of
from db.queries.post_checks import post_hits
from rules.checks import EMPLOYER
from rules.codes import TRADES, JobState
from rules.lint import Hit
from rules.order_text import HIDDEN, field_text
from rules.permissions import Actor
from rules.publication import SEALED_FIELDS, unreleased
from rules.terms import JobTerms
from web.forms.base import PageForm, Tick
from web.forms.checks import CheckSheet
from web.forms.employer import CHECK, ORDER_PAGES, PAGE_OF, OrderPage, marked_page, typed_of
from web.forms.jobs import OrderForm
from web.request import StationRequest

KIND = "post"
"""The kind of these drafts; no cookie ever names one."""

NEW = "/employer/jobs/new"
"""Where the pages of a new demand begin."""

_LATER = frozenset({("M02", "start_time"), ("M02", "end_time")})
"""What a page lets pass and the check page asks: work for a lump sum has no hours, and pay is asked after the hours."""


@dataclass
class Basket:
    """What was typed for one demand, by field, raw. `job` is the post being corrected, `copied` the post copied from."""

    employer: int
    typed: dict[str, list[str]] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    version: int = 0
    copied: int = 0
    kept: bool = False
    job: dict[str, Any] | None = None
    notes: dict[str, str] = field(default_factory=dict)

    @property
    def start(self) -> str:
        """The address its pages begin with."""
        return f"/employer/jobs/{self.job['number']}/edit" if self.job else NEW

    def address(self, page: OrderPage | None) -> str:
        """The address of a page; None is the check page."""
        return f"{self.start}/{page.slug if page else CHECK}"

    @property
    def pages(self) -> list[OrderPage]:
        """Its pages in order: the marked fields first, when a reviewer marked some."""
        return [*([marked_page(self.notes)] if self.marked else []), *ORDER_PAGES]

    @property
    def marked(self) -> list[str]:
        """The fields a reviewer marked that stand on a page."""
        return [name for name in self.notes if name in PAGE_OF]

    def page(self, slug: str) -> OrderPage | None:
        """The page with this part of the address."""
        return next((page for page in self.pages if page.slug == slug), None)

    def form(self, page: OrderPage, **fresh: Any) -> Any:
        """The page's form as it was typed; with the values of `fresh` where nothing was."""
        names = [name for name in page.names if name in self.typed]
        if not names:
            return page.form(data=fresh)
        return page.form(FormMultiDict([(name, value) for name in names for value in self.typed[name]]))

    def take(self, form: PageForm) -> None:
        """Put what was typed on a page beside the rest, as short as a page may be."""
        for one in form:
            if isinstance(one, Tick):
                self.typed[one.name] = ["y"] if one.data else []
            elif one.name != "form_token":
                self.typed[one.name] = [str(value)[:2000] for value in (one.raw_data or [])[:60]]

    def terms(self) -> JobTerms:
        """What was typed as one value; sealed fields that were left empty are empty."""
        return OrderForm(FormMultiDict([(name, value) for name, values in self.typed.items() for value in values])).terms()

    async def stored(self) -> JobTerms | None:
        """The terms whose sealed parts count where this basket leaves them empty: the post's own, or the copied one's."""
        if self.job:
            return await opened_terms(self.job["id"], self.job["version"])
        return await opened_terms(self.copied) if self.copied else None

    async def whole(self) -> JobTerms:
        """The terms as they would be saved."""
        terms, stored = self.terms(), await self.stored()
        if stored is None:
            return terms
        return replace(terms, **{name: getattr(terms, name) or getattr(stored, name) for name in SEALED_FIELDS})

    async def sheet(self, answers: Mapping[str, str] | None = None, errors: Mapping[str, str] | None = None) -> CheckSheet:
        """Everything the rules say about it now. Without a contact, the employer's agent is it."""
        terms = await self.whole()
        judged = replace(terms, contact_name=terms.contact_name or "经办人", contact_phone=terms.contact_phone or "经办人电话")
        job_id = self.job["id"] if self.job else None
        hits = await post_hits(self.employer, judged, job_id=job_id)
        released = await released_pairs(job_id) if job_id else set()
        return CheckSheet(terms, hits, {**self.answers, **(answers or {})}, errors or {}, released)

    def rows(self, page: OrderPage, terms: JobTerms) -> list[tuple[str, str]]:
        """(label, text) of what was answered on a page, for the check page."""
        labels, rows = {one.name: one.label.text for one in page.form()}, []
        for name in page.names:
            text = field_text(terms, name)
            if name in SEALED_FIELDS and text and not "".join(self.typed.get(name, [])).strip():
                text = HIDDEN
            if not text and name in ("contact_name", "contact_phone"):
                text = "您登记的经办人" if name == "contact_name" else "您登记的电话"
            if text and not (name == "live_in" and not terms.live_in):
                rows.append((labels[name], text))
        return rows

    async def keep(self, actor: Actor) -> None:
        """Keep it under the employer's account."""
        kept = {"typed": self.typed, "answers": self.answers, "version": self.version, "copied": self.copied}
        await drafts.keep_named_draft(_token(actor, self.job), KIND, kept)

    async def drop(self, actor: Actor) -> None:
        """Forget it: it was handed in, or is not wanted."""
        await drafts.drop_draft(_token(actor, self.job), KIND)


def _token(actor: Actor, job: dict[str, Any] | None) -> str:
    return f"employer-account-{actor.id}-{job['id'] if job else 'new'}"


async def new_basket(request: StationRequest) -> Basket:
    """The new demand of the signed-in employer, as far as it was typed."""
    actor = request.actor
    kept = await opened_draft(_token(actor, None), KIND)
    basket = Basket(actor.employer_id or 0)
    if kept and kept[0]:
        return replace(basket, typed=kept[0]["typed"], answers=kept[0]["answers"], copied=kept[0]["copied"], kept=True)
    return basket


async def copied_basket(request: StationRequest, job: dict[str, Any]) -> Basket:
    """A new demand that says what an earlier post of `own_post` said, without its dates."""
    terms = replace(await opened_terms(job["id"], job["version"]), start_date=None, end_date=None, valid_to=None)
    return Basket(request.actor.employer_id or 0, typed=typed_of(terms), copied=job["id"])


async def basket_of(request: StationRequest, job: dict[str, Any]) -> Basket:
    """The correction of one of the employer's posts; typing about an older version is forgotten."""
    actor = request.actor
    reviews = await reviews_of(job["id"]) if job["state"] == JobState.DRAFT else []
    notes = reviews[0]["marked_fields"] if reviews and reviews[0]["decision"] == "RETURNED" else {}
    kept = await opened_draft(_token(actor, job), KIND)
    basket = Basket(actor.employer_id or 0, version=job["version"], job=job, notes=notes)
    if kept and kept[0] and kept[0]["version"] == job["version"]:
        return replace(basket, typed=kept[0]["typed"], answers=kept[0]["answers"], kept=True)
    version = await version_of(job["id"], job["version"])
    stored = await opened_terms(job["id"], job["version"])
    return replace(basket, typed=typed_of(stored), answers=version["answers"] if version else {})


def refuse_hits(form: PageForm, sheet: CheckSheet) -> bool:
    """Put what refuses the post onto the fields of this page; whether there was something."""
    refused = False
    for hit in sheet.blocks:
        one = form._fields.get(hit.field)
        if one is not None and (hit.rule, hit.field) not in _LATER and not one.errors:
            one.errors = [f"{hit.message}{hit.advice}"]
            refused = True
    return refused


def usual_first(form: PageForm, trade_code: str) -> set[str]:
    """Put the certificates and hazards that this trade usually has first; the lists that should stand open."""
    trade, unfolded = TRADES.get(trade_code), set()
    for name in ("certificates", "hazards"):
        one, usual = form._fields.get(name), getattr(trade, name, ())
        if one is None:
            continue
        one.choices = sorted(one.choices, key=lambda pair: pair[0] not in usual)
        if usual or one.data or one.errors:
            unfolded.add(name)
    return unfolded


def marked_texts(page: OrderPage, sheet: CheckSheet) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """(field, label, pieces) of the texts of a page in which words are marked."""
    return [row for row in sheet.excerpts() if row[0] in page.names]


def notes_on(page: OrderPage, sheet: CheckSheet) -> list[Hit]:
    """What the checks would like to say on a page without refusing it."""
    return [hit for hit in sheet.notes if hit.field in page.names]


def about_employer(sheet: CheckSheet) -> list[Hit]:
    """The hits that the employer's own record explains: not verified, blocked, a licence is missing."""
    return [hit for hit in unreleased(sheet.blocks, sheet.released) if hit.field == EMPLOYER]


def first_wrong(basket: Basket) -> OrderPage | None:
    """The first page on which something cannot be read (a date that is none); nothing is saved before it is mended."""
    for page in ORDER_PAGES:
        form = basket.form(page)
        if any(name in basket.typed for name in page.names) and not form.validate() and _unreadable(form, basket):
            return page
    return None


def _unreadable(form: PageForm, basket: Basket) -> bool:
    return any(one.errors and "".join(basket.typed.get(one.name, [])).strip() for one in form)


def only_the_employer_stands_in_the_way(sheet: CheckSheet) -> bool:
    """Whether nothing is wrong with the demand itself; only the employer's verification is missing."""
    return bool(about_employer(sheet)) and all(hit.field == EMPLOYER for hit in sheet.blocks)
