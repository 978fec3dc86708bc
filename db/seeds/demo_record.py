"""The record of the demo district: what happened in the last days of last month, whose groups are told, ledgers, signed days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from db.actions import activities, corrections, followups, ledger, person_groups, placements, referrals, work_records
from db.clock import at, today
from db.queries.accounts import actor_with_login
from db.queries.placements import placement_of_referral
from db.queries.work_records import work_of
from db.tables.activities import Activity
from rules.activities import NewActivity
from rules.codes import (
    ActivityKind,
    ConsentMethod,
    EndedHow,
    FollowUpKind,
    FollowUpMethod,
    FollowUpResult,
    HiresAgain,
    PayState,
    Performance,
    PersonGroup,
    Side,
    StartEvidence,
)
from rules.corrections import mark_of
from rules.followups import Answers
from rules.ledger import month_of
from rules.permissions import Actor
from rules.work_records import entries_sha256

if TYPE_CHECKING:
    from db.seeds.demo import Demo

_CONTENT = ("topic", "title", "people", "offered", "wanted", "matched", "level", "place", "outcome")
DAYS_SIGNED = 4
"""How many of the last days the people of the first station have signed."""


def _ago(demo: Demo, before: int) -> int:
    """How many days ago the day was that lies `before` days before last month's end."""
    return demo.day.day + before


async def end_of_last_month(demo: Demo) -> None:
    """People who came, two posts that were filled, five who worked and were called back, and the work besides."""
    record = demo.content["record"]
    with at(demo.moment(_ago(demo, 8), 10)):
        for row in record["seekers"]:
            await demo.register_seeker(row)
    for number, row in enumerate(record["posts"]):
        placed = {"start": -_ago(demo, row["starts"]), "end": -_ago(demo, row["ends"])}
        await demo.register_post(row | placed, _ago(demo, 7), minute=number * 3)
    for row in record["placed"]:
        await _placed(demo, row, called_back=row["seeker"] in record["called_back"])


async def _placed(demo: Demo, row: dict[str, Any], *, called_back: bool) -> None:
    """One work from the proposal to its last day."""
    job_id, post = demo.posts[row["post"]]
    _, employer = demo.employers[post["employer"]]
    clerk, start = demo.author(employer["station"]), _ago(demo, row["before"])
    with at(demo.moment(start + 1, 11)):
        referral = await referrals.propose(job_id, demo.seekers[row["seeker"]], actor=clerk)
        await referrals.worker_accepts(referral.id, method=ConsentMethod.SIGNED_PAPER, actor=clerk)
        await referrals.employer_accepts(referral.id, employer["agent"], actor=clerk)
        await demo.sign(referral.id, {"end": "placed"}, clerk)
    with at(demo.moment(start, 17)):
        await placements.place(referral.id, StartEvidence.RETURN_SLIP, today(), "雇主在回执上签名，已到岗。", actor=clerk)
    placement = await placement_of_referral(referral.id)
    assert placement is not None
    ended = _ago(demo, row["ended"])
    with at(demo.moment(ended, 18)):
        minutes = row["hours"] * 60
        await placements.end_placement(placement["id"], EndedHow.COMPLETED, today(), None, "", minutes, None, None, None, actor=clerk)
    if called_back:
        with at(demo.moment(ended - 1, 10)):
            answers = Answers(
                method=FollowUpMethod.PHONE,
                answered=True,
                result=FollowUpResult.STARTED,
                arrived=1,
                performance=Performance.GOOD,
                pay=PayState.PAID,
                injured=False,
                disputed=False,
                fee_charged=False,
                satisfaction=5,
                again=HiresAgain.YES,
                spoken_with=employer["agent"],
            )
            await followups.record_follow_up(placement["id"], FollowUpKind.START, Side.EMPLOYER, answers, actor=clerk)


async def work_besides(demo: Demo) -> None:
    """Training, advice, visits, checks, each registered on its day; and the groups that people told."""
    record = demo.content["record"]
    for key, rows in record["activities"].items():
        for hour, row in enumerate(rows):
            ago = row["ago"] if "ago" in row else _ago(demo, row["before"])
            with at(demo.moment(ago, 9 + hour % 8, 30)):
                new = NewActivity(ActivityKind(row["kind"]), today(), **{name: row[name] for name in _CONTENT if name in row})
                employer = demo.employers[demo.posts[row["employer"]][1]["employer"]][1]["name"] if "employer" in row else ""
                await activities.record_activity(new, employer=employer, actor=demo.author(key))
    stations = {row["key"]: row["station"] for row in (*demo.content["seekers"], *record["seekers"])}
    early = {row["key"] for row in record["seekers"]}
    for row in record["groups"]:
        ago = _ago(demo, 8) if row["seeker"] in early else 9
        with at(demo.moment(ago, 11)):
            await person_groups.add_group(
                demo.seekers[row["seeker"]],
                PersonGroup(row["group"]),
                row["proof"],
                ConsentMethod.READ_ALOUD,
                agreed=True,
                actor=demo.author(stations[row["seeker"]]),
            )


async def ledgers(demo: Demo) -> None:
    """Last month's ledgers: one corrected and submitted again, one accepted, one sent back, one that nobody submitted."""
    record = demo.content["record"]
    month = month_of(demo.day.replace(day=1) - timedelta(days=1))
    since_third = max(0, demo.day.day - 3)
    for key, words in record["ledgers"].items():
        manager = demo.manager(key)
        with at(demo.moment(since_third, 8)):
            await ledger.write_words(month, **words, actor=manager)
            await ledger.close_month(month, signed_name=manager.name, seen=True, actor=manager)
        with at(demo.moment(since_third, 9)):
            await ledger.submit_month(month, actor=manager)
    district = await actor_with_login("district")
    codes = {row["key"]: row["code"] for row in demo.content["stations"]}
    with at(demo.moment(max(0, since_third - 2), 10)):
        await ledger.accept_month(codes["market"], month, actor=district)
        station, question = record["queried"]
        await ledger.query_month(codes[station], month, question, actor=district)
    await _correct(demo, month, max(0, since_third - 4))


async def _correct(demo: Demo, month: int, ago: int) -> None:
    """Two people were not counted: the manager corrects it in the closed month, and submits the new version."""
    row, manager = demo.content["record"]["corrected"], demo.manager(demo.content["record"]["corrected"]["station"])
    course = (
        await Activity.select(Activity.number, Activity.people)
        .where(Activity.station == manager.station_id, Activity.kind == ActivityKind.TRAINING.value)
        .order_by(Activity.held_on)
        .first()
    )
    assert course is not None
    with at(demo.moment(ago, 15)):
        await corrections.correct(
            "activity", course["number"], None, "people", mark_of(course["people"]), row["people"], row["reason"], actor=manager
        )
        await ledger.submit_month(month, actor=manager)


async def signed_days(demo: Demo) -> None:
    """The people of the first station have read and signed what they did on the last days."""
    for actor in demo.staff["lake"]:
        for ago in range(DAYS_SIGNED, 0, -1):
            await _sign(demo, actor, demo.day - timedelta(days=ago), ago)


async def _sign(demo: Demo, actor: Actor, day: date, ago: int) -> None:
    with at(demo.moment(ago - 1, 7, 30)):
        work = await work_of(actor.id, day, today(), reader=actor.id)
        if work.entries:
            seen = entries_sha256(entry["hash"] for entry in work.entries)
            await work_records.sign_day(day, read=True, seen=seen, actor=actor)
