"""Ratings (评价): by the link of a slip without an account, written down at the counter, and the station's figures."""

from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from db.actions.ratings import GONE, TWICE, look_at_words
from db.clock import now, today
from db.queries import ratings as queries
from rules.codes import PaperKind, RatingHow, Side
from rules.errors import RuleBroken
from rules.numbers import NumberKind, kind_of, normal
from rules.permissions import Permission, Reach
from rules.ratings import FEWEST_SHOWN, Score
from web.forms.placements import month_links, month_of
from web.forms.ratings import RatingFilterForm, RatingForm, ReplyForm
from web.guards import needs, open_to_all
from web.papers import printed_pdf
from web.rating_pages import SCORES, fresh_form, save_by_ticket, save_rating, save_reply, shown
from web.rating_papers import rating_sheet
from web.render import again, done, found, page, pdf_file
from web.request import StationRequest

OPEN, DESK = "/rate", "/desk/ratings"
_WORK = DESK + "/works/{number:str}"
_SIDES = {side.value.lower(): side for side in Side}


def _closed(answer: Response) -> Response:
    """The address is the secret: nothing on the way keeps the page, and no link of it tells where it was."""
    answer.headers["cache-control"] = "no-store"
    answer.headers["referrer-policy"] = "strict-origin"  # "no-referrer" would have the browser send the form from nowhere: refused
    return answer


def _over(request: StationRequest, sentence: str) -> Response:
    return _closed(page(request, "ratings/over.html", status=410, sentence=sentence, back=OPEN))


async def _scanned(token: str) -> tuple[dict[str, Any], Side]:
    """The work and the side of a slip. RuleBroken, kindly, for a link that is used, over or not yet of use."""
    ticket = await queries.ticket_scanned(token)
    work = await queries.work_to_rate(ticket["referral"]) if ticket else None
    if ticket is None or work is None:
        raise RuleBroken(GONE)
    if ticket["used_at"] is not None:
        raise RuleBroken(TWICE)
    if ticket["expires_at"] <= now():
        raise RuleBroken(GONE)
    if work["why_not"]:
        raise RuleBroken(work["why_not"])
    return work, ticket["side"]


@get(OPEN, guards=[open_to_all], name="ratings:thanks")
async def thanks(request: StationRequest) -> Response:
    """Where a rating by slip ends; opened by itself it says how to rate."""
    return page(request, "ratings/thanks.html", back=OPEN)


@get(OPEN + "/{token:str}", guards=[open_to_all], name="ratings:slip")
async def slip_page(request: StationRequest, token: FromPath[str]) -> Response:
    """The form of a slip: which work, four scores, tags, words; nobody's name."""
    try:
        work, side = await _scanned(token)
    except RuleBroken as broken:
        return _over(request, broken.message)
    form = fresh_form(work, side)
    return _closed(page(request, "ratings/slip.html", work=work, side=side, form=form, scores=SCORES, token=token, back=OPEN))


@post(OPEN + "/{token:str}", guards=[open_to_all], name="ratings:rate-by-slip")
async def rate_by_slip(request: StationRequest, token: FromPath[str]) -> Response:
    """Keep it once. The same form sent twice ends where the first one did."""
    ticket = await queries.ticket_scanned(token)
    work = await queries.work_to_rate(ticket["referral"]) if ticket else None
    if ticket is None or work is None:
        return _over(request, GONE)
    form = fresh_form(work, ticket["side"], await request.typed())
    saved = await save_by_ticket(request, token, form, OPEN)
    if saved is not None:
        return _closed(saved)
    if form.refusals:
        return _over(request, form.refusals[0])
    return _closed(again(request, "ratings/slip.html", work=work, side=ticket["side"], form=form, scores=SCORES, token=token, back=OPEN))


@get(DESK, guards=[needs(Permission.RATINGS_READ)], name="ratings:list")
async def ratings(request: StationRequest) -> Response:
    """A month of the service as it was rated: each station's figures and the ratings. Who records comes to a work by its number."""
    actor, asked = request.actor, request.query_params
    if actor.may(Permission.RATINGS_RECORD) and kind_of(number := normal(asked.get("number", ""))) is NumberKind.REFERRAL:
        return done(request, f"{DESK}/works/{number}")
    month, form = month_of(asked.get("month", ""), today()), RatingFilterForm(asked)
    wanted = queries.RatingFilter.of(month, form.side.data or "", form.result.data or "", form.words.data or "")
    named, after = actor.may(Permission.RATINGS_RECORD), asked.get("after", "")
    rows = await queries.ratings_of(actor.scope, wanted, after, named=named)
    kept = {"month": f"{month:%Y-%m}", "side": wanted.side, "result": wanted.result, "words": "1" if wanted.words else ""}
    base = f"{DESK}?{urlencode({name: value for name, value in kept.items() if value})}"
    return page(
        request,
        "ratings/index.html",
        fragment="ratings/_list.html",
        rows=rows.rows,
        services=await queries.service_of_month(actor.scope, month),
        month=month,
        months=month_links(month),
        form=form,
        asked=kept,
        narrowed=bool(wanted.side or wanted.result or wanted.words),
        several=actor.scope.reach is not Reach.STATION,
        Score=Score,
        fewest=FEWEST_SHOWN,
        links={"previous": base if after else "", "next": f"{base}&after={rows.next}" if rows.next else ""},
    )


@post(DESK + "/{rating_id:int}/words", guards=[needs(Permission.RATINGS_WORDS)], name="ratings:words", status_code=200)
async def words(request: StationRequest, rating_id: FromPath[int]) -> Response:
    """Open what was said besides the scores, on purpose: the look is kept first."""
    row = found(await queries.rating_in(request.actor.scope, rating_id, named=request.actor.may(Permission.RATINGS_RECORD)))
    await look_at_words(row, actor=request.actor)
    answer = page(request, "ratings/words.html", row=row, words=await queries.opened_words(rating_id), Score=Score)
    answer.headers["cache-control"] = "no-store"
    return answer


def _side(name: str) -> Side:
    if name not in _SIDES:
        raise NotFoundException()
    return _SIDES[name]


@get(_WORK, guards=[needs(Permission.RATINGS_RECORD)], name="ratings:work")
async def work_page(request: StationRequest, number: FromPath[str]) -> Response:
    """What both sides of one work said: who has rated, the tags once they are open, and the replies."""
    work = found(await queries.work_in(request.actor.scope, number))
    sides = {side: await shown(work, side) for side in Side}
    return page(request, "ratings/work.html", work=work, sides=sides)


@get(_WORK + "/{side:str}", guards=[needs(Permission.RATINGS_RECORD)], name="ratings:counter")
async def counter_page(request: StationRequest, number: FromPath[str], side: FromPath[str]) -> Response:
    """The rating of somebody without a phone, and the reply, written down as they say it."""
    work = found(await queries.work_in(request.actor.scope, number))
    return page(request, "ratings/counter.html", **await shown(work, _side(side)))


@post(_WORK + "/{side:str}", guards=[needs(Permission.RATINGS_RECORD)], name="ratings:record")
async def record(request: StationRequest, number: FromPath[str], side: FromPath[str]) -> Response:
    """Keep what was said at the counter."""
    work, who = found(await queries.work_in(request.actor.scope, number)), _side(side)
    form: RatingForm = fresh_form(work, who, await request.typed())
    saved = await save_rating(request, work, who, form, RatingHow.COUNTER, f"{DESK}/works/{number}")
    return saved or again(request, "ratings/counter.html", **await shown(work, who, form=form))


@post(_WORK + "/{side:str}/reply", guards=[needs(Permission.RATINGS_RECORD)], name="ratings:record-reply")
async def record_reply(request: StationRequest, number: FromPath[str], side: FromPath[str]) -> Response:
    """Keep the reply of a side that stands at the counter."""
    work, who = found(await queries.work_in(request.actor.scope, number)), _side(side)
    form = await ReplyForm.posted(request)
    saved = await save_reply(request, work, who, form, f"{DESK}/works/{number}", actor=request.actor)
    return saved or again(request, "ratings/counter.html", **await shown(work, who, reply=form))


@get(_WORK + "/{side:str}/form.pdf", guards=[needs(Permission.RATINGS_RECORD)], name="ratings:form")
async def paper_form(request: StationRequest, number: FromPath[str], side: FromPath[str]) -> Response:
    """服务评价表 (P30) of one work, for somebody who would rather write; what comes back is typed in on the page beside it."""
    work, who = found(await queries.work_in(request.actor.scope, number)), _side(side)
    paper = await rating_sheet(work, who, moment=now())
    return pdf_file(await printed_pdf(request, PaperKind.RATING_FORM, paper), f"服务评价表{number}")


ROUTES = [thanks, slip_page, rate_by_slip, ratings, words, work_page, counter_page, record, record_reply, paper_form]
