"""This morning in the demo district: calling rules, who signed in, an order taken, a call, a work that ended, a call-back made."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING

from db.actions import attendance, calling_rules, complaints, dispatch, followups, orders, placements
from db.clock import at, today
from db.queries.placements import placement_of_referral
from db.tables.referrals import Referral
from rules.codes import (
    CallingMethod,
    ComplaintKind,
    ComplaintLevel,
    EndedHow,
    FollowUpKind,
    FollowUpMethod,
    FollowUpResult,
    HiresAgain,
    PayState,
    Performance,
    Side,
    SignInHow,
)
from rules.followups import Answers

if TYPE_CHECKING:
    from db.seeds.demo import Demo


async def rules_of_stations(demo: Demo) -> None:
    """Every station has published how it calls: by arrival, by days waited, or by a draw at half past six."""
    with at(demo.moment(39, 9)):
        for key, row in demo.content["day"]["rules"].items():
            draw_at = time.fromisoformat(row["draw_at"]) if "draw_at" in row else None
            await calling_rules.set_rule(
                demo.stations[key], CallingMethod(row["method"]), draw_at, row["reason"], today(), based_on=0, actor=demo.manager(key)
            )


async def this_morning(demo: Demo) -> None:
    """Who came and what was done so far; nothing lies after the moment of loading."""
    day = demo.content["day"]
    with at(demo.moment(1, 18)):
        for key, row in day["rules"].items():
            if row["method"] == CallingMethod.DRAW.value:
                await calling_rules.publish_seed(demo.stations[key], demo.day, actor=demo.manager(key))
    came: dict[str, int] = {}
    for key, people in day["signed_in"].items():
        for minute, seeker in enumerate(people):
            with at(demo.moment(0, 6, 2 + 4 * minute)):
                how = (SignInHow.CARD, SignInHow.CARD, SignInHow.QR, SignInHow.PHONE)[minute % 4]
                signed = await attendance.sign_in(demo.stations[key], demo.seekers[seeker], how, actor=demo.author(key))
                came[seeker] = signed.id
    with at(demo.moment(0, 7)):
        for key, post in day["taken"]:
            await orders.take_order(demo.posts[post][0], actor=demo.author(key))
        for key, seeker, post in day["called"]:
            await dispatch.call(came[seeker], demo.posts[post][0], counter="1", actor=demo.author(key))
        key, words = day["complaint"]
        await complaints.complain_at_counter(ComplaintKind.EMPLOYER, ComplaintLevel.NORMAL, words, "", actor=demo.author(key))


async def works_that_ended(demo: Demo) -> None:
    """A work of three days that was completed, and an employer who was called back about a start."""
    for row in demo.content["day"]["ended"]:
        placement_id, started = await _placement(demo, row)
        with at(demo.moment(0, 7)):
            minutes = row["hours"] * 60 * ((demo.day - started).days)
            await placements.end_placement(
                placement_id,
                EndedHow.COMPLETED,
                max(started, demo.in_days(-1) or started),
                None,
                "",
                minutes,
                None,
                None,
                None,
                actor=demo.author(row["station"]),
            )
    for row in demo.content["day"]["called_back"]:
        placement_id, _ = await _placement(demo, row)
        answers = Answers(
            method=FollowUpMethod.PHONE,
            answered=True,
            result=FollowUpResult.STARTED,
            arrived=1,
            performance=Performance(row["performance"]),
            pay=PayState.PAID,
            injured=False,
            disputed=False,
            fee_charged=False,
            satisfaction=5,
            again=HiresAgain(row["again"]),
            spoken_with=row["spoken_with"],
        )
        with at(demo.moment(0, 7)):
            await followups.record_follow_up(placement_id, FollowUpKind.START, Side.EMPLOYER, answers, actor=demo.author(row["station"]))


async def _placement(demo: Demo, row: dict[str, str]) -> tuple[int, date]:
    referral = (
        await Referral.select(Referral.id)
        .where(Referral.seeker == demo.seekers[row["seeker"]], Referral.job == demo.posts[row["post"]][0])
        .first()
    )
    assert referral is not None
    placement = await placement_of_referral(referral["id"])
    assert placement is not None
    return placement["id"], placement["started_on"]
