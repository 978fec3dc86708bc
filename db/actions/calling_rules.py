"""Publishing how a station calls people (叫号规则), and its draws (抽签): a seed before anybody comes, held once, never again."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, time, timedelta

from db.actions.journal import record
from db.clock import CHINA, now, today
from db.errors import ConstraintViolated
from db.ids import new_id
from db.queries import calling_rules as queries
from db.tables.attendance import CallingRule, Draw
from db.transaction import action
from rules.calling_order import check_first_day, check_new_rule, draw_moment
from rules.codes import CallingMethod
from rules.errors import RuleBroken
from rules.journal import EventKind
from rules.permissions import Actor

FURTHEST_SEED = timedelta(days=7)
"""So far ahead a seed may be published: over the longest holiday that matters to a morning market."""
EVENING = time(18, 0)
"""From this hour on (China) the next day's seeds are published by themselves."""


@dataclass(frozen=True, slots=True)
class DrawRef:
    """A draw by id, with its day, seed and the number of tickets that took part (0 until it was held)."""

    id: int
    day: date
    seed: str
    tickets: int


@action
async def set_rule(
    station_id: int, method: CallingMethod, draw_at: time | None, reason: str, effective_from: date, *, based_on: int, actor: Actor
) -> int:
    """Publish a new version of the station's calling rule (art. 11), in force from `effective_from`; its version number.

    `based_on` is the version the person saw (0: none yet). `draw_at` counts only for draws. RuleBroken (fields "draw_at",
    "reason", "effective_from"): what rules.calling_order refuses, a day whose seed is already published, somebody faster.
    """
    draw_at = draw_at if method is CallingMethod.DRAW else None
    check_new_rule(method, draw_at, reason)
    latest = await queries.latest_rule(station_id)
    if latest["version"] != based_on:
        raise RuleBroken(f"{latest['decided_by_name']}刚才公布了第{latest['version']}版。请看一看新版，再决定要不要改。")
    signed_in = await queries.anybody_signed_in(station_id, today())
    check_first_day(effective_from, today(), first=latest["version"] == 0, signed_in_today=signed_in)
    if seeded := await queries.last_seeded_day(station_id, effective_from):
        raise RuleBroken(f"{seeded.month}月{seeded.day}日的抽签种子已经公布，新规则要从那一天以后起施行。", "effective_from")
    if (latest["method"], latest["draw_at"], latest["effective_from"]) == (method, draw_at, effective_from):
        raise RuleBroken("办法、抽签时间和施行日期都没有改动，不用再公布。")
    version = latest["version"] + 1
    rule_id = new_id()
    await CallingRule.insert(
        CallingRule(
            id=rule_id,
            station=station_id,
            version=version,
            method=method.value,
            draw_at=draw_at,
            reason=reason.strip(),
            effective_from=effective_from,
            decided_by=actor.id,
            decided_at=now(),
        )
    )
    await record(
        EventKind.CALLING_RULE_SET,
        subject="calling_rule",
        subject_id=rule_id,
        actor=actor,
        station_id=station_id,
        calling_method=method.value,
        version=version,
        draw_at=f"{draw_at:%H:%M}" if draw_at else "",
        effective_from=effective_from,
        reason=reason.strip(),
    )
    return version


@action
async def publish_seed(station_id: int, day: date, *, actor: Actor | None) -> DrawRef:
    """Make and publish the seed of a day's draw; the server makes it, nobody can choose or replace it.

    Published before anybody has a ticket of that day. `actor` None is the clockwork. RuleBroken: the station does not
    draw that day, one is published already, somebody has signed in, the hour of the draw is past, or the day is too far.
    """
    rule = await queries.rule_in_force(station_id, day)
    if rule["method"] is not CallingMethod.DRAW:
        raise RuleBroken(f"{day.month}月{day.day}日不是按抽签叫号，不用公布种子。")
    if not today() <= day <= today() + FURTHEST_SEED:
        raise RuleBroken(f"种子只能公布今天到{FURTHEST_SEED.days}天以内的，请改日期。", "day")
    if before := await queries.todays_draw(station_id, day):
        raise RuleBroken(_published(before["day"]))
    if now() >= draw_moment(day, rule["draw_at"]):
        raise RuleBroken("今天的抽签时间已经过了，今天按到站先后叫号。")
    if await queries.anybody_signed_in(station_id, day):
        raise RuleBroken("已经有人签到，不能再公布种子，今天按到站先后叫号。")
    draw = Draw(
        id=new_id(), station=station_id, day=day, seed=secrets.token_hex(16), published_at=now(), published_by=actor.id if actor else None
    )
    try:
        await Draw.insert(draw)
    except ConstraintViolated as violated:
        if violated.kind == "unique":
            raise RuleBroken(_published(day)) from violated
        raise
    await record(
        EventKind.DRAW_PUBLISHED,
        subject="draw",
        subject_id=draw.id,
        actor=actor,
        station_id=station_id,
        day=day,
        seed=draw.seed,
        version=rule["version"],
    )
    return DrawRef(draw.id, day, draw.seed, 0)


def _published(day: date) -> str:
    return f"{day.month}月{day.day}日的种子已经公布，公布以后不能换。"


async def publish_due_seeds() -> int:
    """For the clockwork: the seeds of today that are still missing and, from the evening on, those of tomorrow; how many."""
    days = [today()] + ([today() + timedelta(days=1)] if now().astimezone(CHINA).time() >= EVENING else [])
    published = 0
    for day in days:
        for station_id in await queries.stations_without_seed(day):
            try:
                await publish_seed(station_id, day, actor=None)
            except RuleBroken:  # too late for today, or somebody was faster
                continue
            published += 1
    return published


@action
async def hold_draw(station_id: int, day: date, *, actor: Actor) -> DrawRef:
    """Hold the day's draw: fixes how many tickets take part, once and for good; the order follows from it.

    The tickets that the server had given out by the published hour take part, whenever the button is pressed, so nobody
    picks a moment whose result they like. RuleBroken: no draw today, no seed, too early, held already, no ticket.
    """
    rule = await queries.rule_in_force(station_id, day)
    draw = await queries.todays_draw(station_id, day)
    if day != today():
        raise RuleBroken("只能抽今天的签。")
    if rule["method"] is not CallingMethod.DRAW:
        raise RuleBroken("今天不是按抽签叫号。")
    if draw is None:
        raise RuleBroken("今天没有在签到以前公布种子，不能抽签，按到站先后叫号。")
    if draw["held_at"]:
        raise RuleBroken(f"{draw['held_by_name']}已经抽过签了，结果不能变，请打印公示。")
    moment = draw_moment(day, rule["draw_at"])
    if now() < moment:
        raise RuleBroken(f"公布的抽签时间是{rule['draw_at']:%H:%M}，还没有到，请到时候再抽。")
    tickets = await queries.tickets_by(station_id, day, moment)
    if tickets == 0:
        raise RuleBroken(f"到{rule['draw_at']:%H:%M}还没有人签到，不用抽签，今天按到站先后叫号。")
    held = (
        await Draw.update({Draw.tickets: tickets, Draw.held_at: now(), Draw.held_by: actor.id})
        .where(Draw.id == draw["id"], Draw.held_at.is_null())
        .returning(Draw.id)
    )
    if not held:
        raise RuleBroken("刚才有人抽过签了，结果不能变，请刷新页面。")
    await record(
        EventKind.DRAW_HELD,
        subject="draw",
        subject_id=draw["id"],
        actor=actor,
        station_id=station_id,
        day=day,
        seed=draw["seed"],
        tickets=tickets,
        version=rule["version"],
    )
    return DrawRef(draw["id"], day, draw["seed"], tickets)
