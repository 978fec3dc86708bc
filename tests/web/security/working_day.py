"""What a working day leaves at a station: sign-in, calling rule and draw, order, matching, call-back, complaint, case, screen."""

from dataclasses import dataclass
from datetime import time, timedelta

from db.actions.activities import record_activity
from db.actions.attendance import sign_in
from db.actions.calling_rules import set_rule
from db.actions.complaints import complain_at_counter, open_case
from db.actions.orders import take_order
from db.actions.screens import ask_to_pair, pair_screen, set_notice
from db.clock import now, today
from db.numbers import next_number
from db.queries.placements import placement_of_referral
from db.tables.attendance import Draw
from db.tables.matching import MatchRun, Suggestion
from db.vault import vault
from rules.activities import NewActivity
from rules.codes import ActivityKind, CallingMethod, CaseKind, ComplaintKind, ComplaintLevel, NoticeKind, SignInHow
from rules.permissions import Actor


@dataclass(frozen=True)
class DayRecords:
    """Numbers of one station's day, as they stand in addresses."""

    ticket: int = 987654
    run: str = "P261202-99"
    suggestion: int = 987654321
    complaint: str = "TS261202999"
    legal_case: str = "FL261202999"
    activity: str = "HD261202999"
    screen_id: int = 987654321
    notice_id: int = 987654321


def note_at(station: int) -> str:
    """The sealed words about a consultation at this station, with a number somebody should not have written down."""
    return f"他下午再来第{station}窗，电话13955556666"


NOBODY = DayRecords()
"""Well-formed numbers that nobody has."""


async def put_day(digit: int, *, clerk: Actor, manager: Actor, job: int, seekers: list[int], referral: int, employer: int) -> DayRecords:
    """The day of station `digit`. `seekers` are its people, `referral` the one whose worker has started."""
    station, day = clerk.station_id or 0, today()
    await set_rule(station, CallingMethod.DRAW, time(12), "工友们商量要抽签", day, based_on=0, actor=manager)
    await Draw.insert(Draw(station=station, day=day, seed="5eed" * 8, published_at=now(), published_by=manager.id))
    for _ in range(10 * digit):  # so that no ticket stands at both stations
        await next_number(f"ticket:{station}:{day:%y%m%d}")
    came = await sign_in(station, seekers[0], SignInHow.CARD, actor=clerk)
    await take_order(job, actor=clerk)
    started = await placement_of_referral(referral)
    assert started
    code = await ask_to_pair(station, f"key-of-screen-{digit}".ljust(64, "0"))
    return DayRecords(
        ticket=came.ticket,
        **await _run(digit, clerk, job, seekers[2]),
        complaint=await complain_at_counter(ComplaintKind.EMPLOYER, ComplaintLevel.NORMAL, "说好管饭，去了没有。", "", actor=clerk),
        legal_case=await open_case(
            station_id=station,
            kind=CaseKind.NO_CONTRACT,
            employer_id=employer,
            seeker_id=seekers[1],
            referral_id=referral,
            placement_id=started["id"],
            facts="干了两天，没有签过字。",
            actor=clerk,
        ),
        activity=await record_activity(
            NewActivity(
                ActivityKind.CONSULTATION,
                day,
                "到了年龄还能不能打工",
                "讲了超龄用工协议",
                topic="退休",
                people=1,
                note=note_at(station),
            ),
            actor=clerk,
        ),
        screen_id=await pair_screen(station, code, "大厅东墙", actor=manager),
        notice_id=await set_notice(NoticeKind.TRAINING, "周三下午叉车班报名", day, day + timedelta(days=3), actor=clerk),
    )


async def _run(digit: int, clerk: Actor, job: int, seeker: int) -> dict[str, str | int]:
    """A batch run with one suggestion nobody has decided about."""
    run = MatchRun(
        station=clerk.station_id,
        number=f"P{today():%y%m%d}-{digit}",
        day=today(),
        seed="0" * 32,
        whom="HERE",
        posts=1,
        places=1,
        people=1,
        filled=1,
        made_by=clerk.id,
        made_at=now(),
    )
    run.inputs = vault().seal("match_run.inputs", run.id, "{}")
    await MatchRun.insert(run)
    suggestion = Suggestion(run=run.id, job=job, seeker=seeker, place=1, reason="想做快递分拣；等了3天。")
    await Suggestion.insert(suggestion)
    return {"run": run.number, "suggestion": suggestion.id}
