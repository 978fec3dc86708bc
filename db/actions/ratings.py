"""Ratings: the one-time link of a slip, what each side said, and the reply of the side that was rated (art. 11)."""

from __future__ import annotations

import json
from typing import Any

from db.actions.complaints import open_complaint
from db.actions.journal import record
from db.actions.referrals import move_on
from db.clock import now
from db.ids import new_id
from db.queries import ratings as queries
from db.tables.followups import Rating, RatingTicket
from db.tables.referrals import Referral
from db.transaction import action
from db.vault import vault
from rules.codes import (
    ComplaintKind,
    ComplaintLevel,
    ComplaintRoute,
    ComplaintSource,
    RatingAbout,
    RatingHow,
    Side,
)
from rules.errors import RuleBroken
from rules.journal import EventKind
from rules.permissions import Actor, Role
from rules.ratings import OTHER, TICKET_LASTS, Said, Score, check_reply, check_said
from rules.referrals import ReferralEvent

GONE = "这个二维码已经用过或者过了时间。要评价，请到驿站说一声，或者登录后在自己的页面评价。"
TWICE = "这份活您已经评价过了，谢谢。一份活评价一次。"
_MISSING = "没有找到这份活，请刷新页面。"


@action
async def make_ticket(referral_id: int, side: Side, *, actor: Actor | None) -> str:
    """The secret that the QR of a slip carries for rating without an account: one use, and only its hash is kept.

    A slip printed again carries the same secret; near its end it works for another half year. RuleBroken: no such referral.
    """
    moment = now()
    kept = await queries.ticket_of(referral_id, side)
    if kept:
        token = queries.token_of(kept)
        key = queries.ticket_key(token)
        if key != kept["key"] or kept["expires_at"] < moment + TICKET_LASTS / 2:
            await RatingTicket.update({RatingTicket.expires_at: moment + TICKET_LASTS, RatingTicket.key: key}).where(
                RatingTicket.id == kept["id"]
            )
        return token
    referral = await Referral.select(Referral.number, Referral.station).where(Referral.id == referral_id).first()
    if referral is None:
        raise RuleBroken("没有找到这次推荐，请刷新页面。")
    ticket_id = new_id()
    token = queries.fresh_token(ticket_id)
    await RatingTicket.insert(
        RatingTicket(
            id=ticket_id,
            key=queries.ticket_key(token),
            referral=referral_id,
            side=side.value,
            made_at=moment,
            expires_at=moment + TICKET_LASTS,
        )
    )
    await record(
        EventKind.RATING_LINK_MADE,
        subject="referral",
        subject_id=referral_id,
        actor=actor,
        station_id=referral["station"],
        referral=referral["number"],
        side=side.value,
    )
    return token


@action
async def rate_by_ticket(token: str, said: Said) -> bool:
    """Keep what the holder of a slip said, without an account, once; whether it opened a complaint.

    RuleBroken: the link was used or is over; else as of `rate`.
    """
    ticket = await queries.ticket_scanned(token)
    if ticket is None or ticket["used_at"] is not None or ticket["expires_at"] <= now():
        raise RuleBroken(GONE)
    return await rate(ticket["referral"], ticket["side"], said, RatingHow.SLIP, actor=None)


@action
async def rate(referral_id: int, side: Side, said: Said, how: RatingHow, *, actor: Actor | None) -> bool:
    """Keep one side's rating of the station and its tags of the other side; whether it opened a complaint.

    Tags are kept only until the sides' open. Somebody who took money opens a complaint past the station: the words go there
    and nowhere else (T21). RuleBroken: not begun or evaluated already, rated before; RulesBroken as of `check_said`.
    """
    work = await queries.work_to_rate(referral_id)
    if work is None or not _own_side(work, side, actor):
        raise RuleBroken(_MISSING)
    if work["why_not"]:
        raise RuleBroken(work["why_not"])
    mine = work["ratings"][side]
    if mine["served"]:
        raise RuleBroken(TWICE)
    tags = check_said(said, side, tags_wanted=not work["open"])
    moment, rating_id = now(), new_id()
    station = work["referring_station"] if side is Side.WORKER else work["station"]
    words = "" if said.fee else said.words.strip()
    scores: dict[str, Any] = {score.value: said.scores[score] for score in Score}
    common: dict[str, Any] = {
        "referral": referral_id,
        "station": station,
        "side": side.value,
        "how": how.value,
        "recorded_by": actor.id if actor else None,
        "given_at": moment,
    }
    await Rating.insert(
        Rating(
            id=rating_id,
            about=RatingAbout.STATION.value,
            words=vault().seal("rating.words", str(rating_id), words) if words else "",
            **scores,
            **common,
        )
    )
    if not work["open"]:
        await Rating.insert(Rating(id=new_id(), about=OTHER[side].value, tags=json.dumps([tag.value for tag in tags]), **common))
    await RatingTicket.update({RatingTicket.used_at: moment}).where(
        RatingTicket.referral == referral_id, RatingTicket.side == side.value, RatingTicket.used_at.is_null()
    )
    if said.fee:
        await _complain(work, side, said.words.strip(), station, actor)
    await record(
        EventKind.RATED,
        subject="rating",
        subject_id=rating_id,
        actor=actor,
        station_id=station,
        referral=work["number"],
        side=side.value,
        rating_how=how.value,
    )
    return bool(said.fee)


def _own_side(work: dict[str, Any], side: Side, actor: Actor | None) -> bool:
    """A worker speaks for himself, an employer for itself; staff write down for either; a slip for whom it names."""
    if actor is None:
        return True
    if actor.role is Role.WORKER:
        return side is Side.WORKER and work["seeker"] == actor.seeker_id
    if actor.role is Role.EMPLOYER:
        return side is Side.EMPLOYER and work["employer_id"] == actor.employer_id
    return True


async def _complain(work: dict[str, Any], side: Side, words: str, station: int, actor: Actor | None) -> None:
    await open_complaint(
        station_id=station,
        kind=ComplaintKind.FEE,
        level=ComplaintLevel.HIGH,
        route=ComplaintRoute.SUPERVISOR,
        source=ComplaintSource.RATING,
        words=f"评价时{side.label}说有人收了钱。{words}",
        referral_id=work["id"],
        seeker_id=work["seeker"] if side is Side.WORKER else None,
        employer_id=work["employer_id"],
        actor=actor,
    )


@action
async def reply(referral_id: int, side: Side, words: str, *, actor: Actor) -> None:
    """Keep what the side `side` replies to the tags said about it: once, within fourteen days of their opening.

    Staff write it down for somebody without an account. RuleBroken as of `rules.ratings.check_reply`.
    """
    work = await queries.work_to_rate(referral_id)
    if work is None or not _own_side(work, side, actor):
        raise RuleBroken(_MISSING)
    about = next(other for other in Side if other is not side)
    said = work["ratings"][about]
    if said["id"] is None:
        raise RuleBroken("对方没有评价，不用回应。")
    checked = check_reply(words, work["opened_at"], said["replied_at"], now())
    changed = (
        await Rating.update(
            {
                Rating.reply: vault().seal("rating.reply", str(said["id"]), checked),
                Rating.replied_at: now(),
                Rating.replied_by: actor.id,
            }
        )
        .where(Rating.id == said["id"], Rating.replied_at.is_null())
        .returning(Rating.id)
    )
    if not changed:
        raise RuleBroken("您已经回应过了，只能回应一次。")
    await record(
        EventKind.RATING_REPLIED,
        subject="rating",
        subject_id=said["id"],
        actor=actor,
        station_id=work["station"],
        referral=work["number"],
        side=side.value,
        by_proxy=actor.role not in (Role.WORKER, Role.EMPLOYER),
    )


@action
async def look_at_words(rating: dict[str, Any], *, actor: Actor) -> None:
    """Keep that somebody opens the words of a rating (a row of `db.queries.ratings.rating_in`)."""
    await record(
        EventKind.REVEALED,
        subject="rating",
        subject_id=rating["id"],
        actor=actor,
        station_id=rating["station"],
        referral=rating["referral"],
        purpose="看评价的话",
        looked_at=["words"],
    )


@action
async def evaluate_due(*, actor: Actor | None = None) -> int:
    """Write down what time has decided: followed up, and both sides rated or seven days over. Gives how many (3.5)."""
    rows = await queries.to_evaluate()
    for row in rows:
        await move_on(row["id"], ReferralEvent.EVALUATED, actor=actor)
    return len(rows)
