"""Posting a demand on a phone: eight short pages and a check page; correcting a post that came back; copying an earlier one."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from db.actions import jobs as actions
from db.clock import today
from db.queries.own_posts import own_post
from db.queries.wages import wage_hint
from rules.codes import JobState, PostSource
from rules.documents import EMPLOYER_PLEDGE
from rules.permissions import Permission
from web.forms.employer import CHECK, MARKED, ORDER_PAGES, HandInForm, OrderPage
from web.guards import needs
from web.order_pages import (
    NEW,
    Basket,
    about_employer,
    basket_of,
    copied_basket,
    first_wrong,
    marked_texts,
    new_basket,
    notes_on,
    only_the_employer_stands_in_the_way,
    refuse_hits,
    usual_first,
)
from web.own_posts import own_page
from web.render import done, found
from web.request import StationRequest
from web.submission import submit

EDIT = "/employer/jobs/{number:str}/edit"
OWN = Permission.EMPLOYER_HOME
NOT_YET = "草稿已存好。还没有核验，先到驿站核验，核验后再来提交。"


@get(NEW, guards=[needs(OWN)], name="employer:new")
async def start(request: StationRequest) -> Response:
    """Where a new demand begins: go on with the one that was begun, or the first page."""
    basket = await new_basket(request)
    return done(request, basket.address(None if basket.kept else ORDER_PAGES[0]))


@get(f"{NEW}/{{slug:str}}", guards=[needs(OWN)], name="employer:question")
async def question(request: StationRequest, slug: FromPath[str]) -> Response:
    """One page of a new demand with what was typed there, or the check page."""
    return await _shown(request, await new_basket(request), slug)


@post(f"{NEW}/{{slug:str}}", guards=[needs(OWN)], name="employer:answer")
async def answer(request: StationRequest, slug: FromPath[str]) -> Response:
    """Keep what was typed on a page and go on; the check page hands the demand in or keeps it as a draft."""
    basket = await new_basket(request)
    if slug != CHECK:
        return await _answered(request, basket, slug)

    async def act(form: HandInForm, at_once: bool) -> str:
        terms = await basket.whole()
        ref = await actions.draft_job(basket.employer, terms, source=PostSource.EMPLOYER, actor=request.actor, answers=form.answers)
        if at_once:
            await actions.submit_job(ref.id, form.answers, actor=request.actor)
        return f"/employer/jobs/{ref.number}"

    return await _handed_in(request, basket, act)


@post("/employer/jobs/copies", guards=[needs(OWN)], name="employer:copy")
async def copy(request: StationRequest) -> Response:
    """和上次一样再发一个: a new demand with what an earlier post said; the dates are asked anew."""
    number = str((await request.typed()).get("number", ""))
    basket = await copied_basket(request, found(await own_post(request.actor.employer_id or 0, number)))
    await basket.keep(request.actor)
    when = next(page for page in ORDER_PAGES if page.slug == "when")
    return done(request, f"{basket.address(when)}?then={CHECK}", "和上次一样，已填好。请填这次的日子，再看一遍。")


@post("/employer/jobs/fresh", guards=[needs(OWN)], name="employer:fresh")
async def fresh(request: StationRequest) -> Response:
    """Leave the demand that was begun and start an empty one."""
    basket = await new_basket(request)
    await basket.drop(request.actor)
    return done(request, basket.address(ORDER_PAGES[0]))


@get(EDIT, guards=[needs(OWN)], name="employer:edit")
async def edit(request: StationRequest, number: FromPath[str]) -> Response:
    """Where a correction begins: the marked fields, or the check page with a link to every page."""
    basket = await _correction(request, number)
    return done(request, basket.address(basket.pages[0] if basket.marked else None))


@get(f"{EDIT}/{{slug:str}}", guards=[needs(OWN)], name="employer:edit-question")
async def edit_question(request: StationRequest, number: FromPath[str], slug: FromPath[str]) -> Response:
    """One page of a post that is being corrected, the page of the marked fields, or the check page."""
    return await _shown(request, await _correction(request, number), slug)


@post(f"{EDIT}/{{slug:str}}", guards=[needs(OWN)], name="employer:edit-answer")
async def edit_answer(request: StationRequest, number: FromPath[str], slug: FromPath[str]) -> Response:
    """Keep a corrected page; the check page saves the next version and hands a draft in again."""
    basket = await _correction(request, number)
    if slug != CHECK:
        return await _answered(request, basket, slug)
    job: dict[str, Any] = basket.job or {}

    async def act(form: HandInForm, at_once: bool) -> str:
        await actions.revise_job(job["id"], basket.terms(), actor=request.actor, answers=form.answers)
        if at_once and job["state"] == JobState.DRAFT:
            await actions.submit_job(job["id"], form.answers, actor=request.actor)
        return f"/employer/jobs/{job['number']}"

    return await _handed_in(request, basket, act)


async def _correction(request: StationRequest, number: str) -> Basket:
    return await basket_of(request, found(await own_post(request.actor.employer_id or 0, number)))


async def _shown(request: StationRequest, basket: Basket, slug: str) -> Response:
    if slug == CHECK:
        return await _check_page(request, basket, HandInForm())
    one = found(basket.page(slug))
    form = basket.form(one, valid_to=today() + timedelta(days=15))
    return await _page(request, basket, one, form, then=request.query_params.get("then", ""))


async def _answered(request: StationRequest, basket: Basket, slug: str) -> Response:
    """Keep the typing whatever it is; then back without a word, on when nothing refuses it, or the page again."""
    one, posted = found(basket.page(slug)), await request.typed()
    form, then = one.form(posted), str(posted.get("then", ""))
    good = form.validate()
    basket.take(form)
    await basket.keep(request.actor)
    pages = basket.pages
    place = [page.slug for page in pages].index(slug)
    if posted.get("go") == "back":
        return done(request, basket.address(pages[place - 1]) if place else "/employer")
    if not good or refuse_hits(form, await basket.sheet()):
        return await _page(request, basket, one, form, then=then, status=422)
    ahead = then != CHECK and slug != MARKED and place + 1 < len(pages)
    return done(request, basket.address(pages[place + 1] if ahead else None))


async def _page(request: StationRequest, basket: Basket, one: OrderPage, form: Any, *, then: str, status: int = 200) -> Response:
    sheet, pages = await basket.sheet(), basket.pages
    place = [page.slug for page in pages].index(one.slug)
    return await own_page(
        request,
        "employer/question.html",
        status=status,
        here="" if basket.job else "new",
        basket=basket,
        one=one,
        form=form,
        unfolded=usual_first(form, sheet.terms.trade),
        fields=[each for each in form if each.name != "form_token"],
        marked=marked_texts(one, sheet) if status == 422 else [],
        hints=notes_on(one, sheet) if basket.typed else [],
        wage_hint=await wage_hint(sheet.terms, None) if "pay_fen" in one.names else "",
        then=CHECK if then == CHECK else "",
        place=place + 1,
        places=len(pages) + 1,
    )


async def _handed_in(request: StationRequest, basket: Basket, act: Callable[[HandInForm, bool], Awaitable[str]]) -> Response:
    """Save once, in the same transaction as the basket is dropped; what is refused stands on the check page."""
    form = await HandInForm.posted(request)
    basket.answers.update(form.answers)
    if wrong := first_wrong(basket):
        return done(request, f"{basket.address(wrong)}?then={CHECK}", "这一页有一处看不懂，请改一改。")
    keeping = (await request.typed()).get("then") == "keep"
    unverified = only_the_employer_stands_in_the_way(await basket.sheet())
    at_once = not keeping and not unverified

    async def once() -> str:
        where = await act(form, at_once)
        await basket.drop(request.actor)
        return where

    if form.validate() and (keeping or form.promised()):
        saved = await submit(request, form, once, to=lambda where: where, said=_said(basket, keeping, at_once))
        if saved is not None:
            return saved
    await basket.keep(request.actor)
    return await _check_page(request, basket, form, status=422)


def _said(basket: Basket, keeping: bool, at_once: bool) -> str:
    if basket.job and basket.job["state"] != JobState.DRAFT:
        return "修改已保存。改了主要内容的，要重新审核，审核期间不公开。"
    if at_once:
        return "已提交，驿站会在24小时内审核。"
    return "草稿已存好。" if keeping else NOT_YET


async def _check_page(request: StationRequest, basket: Basket, form: HandInForm, *, status: int = 200) -> Response:
    sheet = await basket.sheet(form.answers, form.answer_errors)
    terms = await basket.whole()
    return await own_page(
        request,
        "employer/check.html",
        status=status,
        here="" if basket.job else "new",
        basket=basket,
        form=form,
        sheet=sheet,
        about=about_employer(sheet),
        wrong=[(hit, _home(basket, hit.field)) for hit in sheet.blocks if hit not in about_employer(sheet)],
        sections=[(one, f"{basket.address(one)}?then={CHECK}", basket.rows(one, terms)) for one in ORDER_PAGES],
        unverified=only_the_employer_stands_in_the_way(sheet),
        wage_hint=await wage_hint(terms, None),
        pledge=EMPLOYER_PLEDGE,
        places=len(basket.pages) + 1,
    )


def _home(basket: Basket, name: str) -> str:
    page = next((page for page in ORDER_PAGES if name in page.names), ORDER_PAGES[0])
    return f"{basket.address(page)}?then={CHECK}"


ROUTES = [start, question, answer, copy, fresh, edit, edit_question, edit_answer]
