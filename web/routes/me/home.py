"""我的: the state of the registration, what waits for an answer first, what goes on, and the way to everything else."""

from datetime import timedelta
from typing import Any

from litestar import Response, get, post

from db.actions.seekers import confirm_seeker
from db.clock import now, today
from db.queries import followups, ratings, rights
from db.queries import me as queries
from db.queries.signing import own_sittings
from rules.applications import STATE_WORDS, until_words
from rules.board import days_text, pay_words, place_text
from rules.codes import SUBDISTRICTS, ConfirmedHow, SeekerState, Side
from rules.errors import RuleBroken
from rules.permissions import Permission
from rules.rights import ANSWER_DAYS
from rules.seekers import DORMANT_DAYS
from web.forms.base import PageForm
from web.guards import needs
from web.own_pages import own, own_page
from web.render import local
from web.request import StationRequest
from web.submission import submit

_ME = needs(Permission.ME)
ASKED_BEFORE = 14
"""Days before a registration falls asleep from which its person is asked 还在找活吗."""


def _card(row: dict[str, Any]) -> dict[str, Any]:
    """A referral as a card shows it: pay, days, place, what its state means, until when an answer counts."""
    return {
        **row,
        "pay": pay_words(row),
        "days": days_text(row["start_date"], row["end_date"]),
        "place": place_text(SUBDISTRICTS.get(row["subdistrict"], ""), row["landmark"]),
        "words": STATE_WORDS[row["state_now"]],
        "until": until_words(local(row["lapses_at"]), local(now())),
    }


@get("/me", guards=[_ME], name="me:home")
async def home(request: StationRequest) -> Response:
    """The worker's own front page."""
    seeker = await own(request)
    waiting = await queries.own_referrals(seeker["id"], queries.WAITING)
    running = await queries.own_referrals(seeker["id"], queries.RUNNING)
    closed, fresh_until = seeker["closed_at"], seeker["confirmed_on"] + timedelta(days=DORMANT_DAYS)
    looking = seeker["state_now"] in (SeekerState.ACTIVE, SeekerState.ENGAGED)
    return await own_page(
        request,
        "me/home.html",
        seeker,
        state=seeker["state_now"].value,
        questions=await followups.own_calls(seeker["id"], today()),
        signing=await own_sittings(seeker_id=seeker["id"]),
        waiting=[_card(row) for row in waiting.rows],
        running=[_card(row) for row in running.rows],
        more=bool(running.next),
        fresh_until=fresh_until,
        ending=looking and fresh_until <= today() + timedelta(days=ASKED_BEFORE),
        deleted_by=local(closed).date() + timedelta(days=ANSWER_DAYS) if closed else None,
        asked=await rights.open_requests(seeker["id"]),
        to_rate=await ratings.count_to_rate(Side.WORKER, seeker["id"]),
        form=PageForm(),
    )


@post("/me/confirmation", guards=[_ME], name="me:confirm")
async def confirm(request: StationRequest) -> Response:
    """我还在找活: fresh for another 90 days."""
    seeker = await own(request)
    form = await PageForm.posted(request)
    saved = await submit(
        request,
        form,
        lambda: confirm_seeker(seeker["id"], actor=request.actor, how=ConfirmedHow.SELF),
        to=lambda _: "/me",
        said="记下了：您还在找活。",
    )
    if saved is None:
        raise RuleBroken(form.refusals[0] if form.refusals else "没有保存，请刷新页面再试。")
    return saved


@get("/me/referrals", guards=[_ME], name="me:referrals")
async def referrals(request: StationRequest) -> Response:
    """All own applications and referrals, newest first, narrowed to those waiting, going on or over."""
    seeker = await own(request)
    part = request.query_params.get("part", "")
    part = part if part in (queries.WAITING, queries.RUNNING, queries.OVER) else ""
    after = request.query_params.get("after", "")
    shown = await queries.own_referrals(seeker["id"], part, after)
    here = f"/me/referrals?part={part}" if part else "/me/referrals"
    links = {
        "previous": here if after else "",
        "next": f"{here}{'&' if part else '?'}after={shown.next}" if shown.next else "",
    }
    return await own_page(
        request,
        "me/referrals.html",
        seeker,
        part=part,
        rows=[_card(row) for row in shown.rows],
        links=links,
        may_apply=seeker["state_now"] not in (SeekerState.CLOSED, SeekerState.ANONYMISED),
    )


ROUTES = [home, confirm, referrals]
