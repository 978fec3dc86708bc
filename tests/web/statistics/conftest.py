"""A November that was counted by hand: what happened at 金银湖 and at 走马岭, and on which days."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import pytest

from db.clock import at, now
from db.ids import new_id
from db.tables.activities import Activity
from db.tables.agreements import Agreement
from db.tables.complaints import LegalCase
from db.tables.corrections import Correction
from db.tables.employers import Employer
from db.tables.followups import FollowUp, Rating
from db.tables.jobs import JobReview, JobVersion
from db.tables.referrals import Placement, Referral
from db.tables.seekers import Consent, Seeker, SeekerGroup, SeekerTrade
from db.vault import vault
from rules.codes import JobState, ReferralState
from tests.cast import LAKE, LING, PEOPLE
from tests.web.rows import put_employer, put_job, put_referral
from web.app import Station as App

CHEN = PEOPLE["chen"].id
NOVEMBER = "kind=month&day=2026-11-01"


def at_noon(day: int, month: int = 11, year: int = 2026) -> datetime:
    """12 o'clock at the station."""
    return datetime(year, month, day, 4, 0, tzinfo=UTC)


async def put_person(number: str, born: date, gender: str, day: int, station: int = LAKE, *, trades=("C02",), education="") -> int:
    """Somebody who registered on that day; the id."""
    seeker = Seeker(
        number=number,
        station=station,
        name=f"王{number[-2:]}",
        id_type="01",
        id_index=f"id-of-{number}",
        birth_date=born,
        gender=gender,
        education=education,
        phone_index=f"phone-of-{number}",
        phone_tail="",
        subdistrict="420112015",
        community="",
        skills="[]",
        availability="",
        state="ACTIVE",
        confirmed_on=date(2026, 11, day),
        created_by=CHEN,
        created_at=at_noon(day),
    )
    for column in ("id_number", "phone"):
        setattr(seeker, column, vault().seal(f"seeker.{column}", str(seeker.id), "x"))
    await Seeker.insert(seeker)
    await SeekerTrade.insert(*(SeekerTrade(seeker=seeker.id, trade=trade) for trade in trades))
    return seeker.id


async def put_work(
    number: str, job: int, seeker: int, day: int, station: int = LAKE, *, by: int | None = None, start: int | None = None
) -> int:
    """A referral of that day; placed on `start` when that is given. `by`: the station whose staff made it."""
    referral = Referral(
        number=number,
        job=job,
        seeker=seeker,
        station=station,
        referred_by=by,
        created_by=CHEN,
        created_at=at_noon(day),
        state=(ReferralState.PLACED if start else ReferralState.PROPOSED).value,
        warnings="[]",
        lapses_at=at_noon(day + 1),
    )
    await Referral.insert(referral)
    if start is None:
        return 0
    placement = Placement(
        referral=referral.id,
        job=job,
        seeker=seeker,
        station=by or station,
        supplied_by=station if by and by != station else None,
        started_on=date(2026, 11, start),
        evidence="RETURN_SLIP",
        evidence_note="",
        recorded_by=CHEN,
        recorded_at=now(),
    )
    await Placement.insert(placement)
    return placement.id


async def put_group(seeker: int, kind: str, day: int) -> None:
    consent = Consent(
        seeker=seeker, purpose="GROUP", notice_version="G1", wording="x", method="READ_ALOUD", given_at=at_noon(day), recorded_by=CHEN
    )
    await Consent.insert(consent)
    await SeekerGroup.insert(
        SeekerGroup(seeker=seeker, kind=kind, consent=consent.id, proof="看过证", added_by=CHEN, added_at=at_noon(day))
    )


@pytest.fixture
async def november(house):
    """At 金银湖: three posts (one typed on the last evening), a draft, eight people, nine referrals, six starts of five persons.

    At 走马岭: one post; one of the starts of 金银湖 is on it.
    """
    with at(at_noon(3)):
        await put_employer(LAKE)
        await put_employer(LING)
    lake = {
        "created_at": at_noon(10),
        "hourly_fen": 2750,
        "verified_on": date(2026, 11, 10),
        "valid_to": date(2027, 1, 1),
        "end_date": None,
    }
    unload = await put_job("G261110-010001", headcount=3, **lake)
    cook = await put_job(
        "G261112-010002",
        trade="A02",
        headcount=1,
        **{**lake, "created_at": at_noon(12), "hourly_fen": 1450, "verified_on": date(2026, 11, 20)},
    )
    evening = datetime(2026, 11, 30, 15, 30, tzinfo=UTC)  # 23:30 at the station: still November
    rider = await put_job(
        "G261130-010003",
        trade="E03",
        headcount=5,
        settle_cycle="MONTHLY",
        **{**lake, "created_at": evening, "hourly_fen": None, "state": JobState.PAUSED},
    )
    await put_job("G261111-010004", state=JobState.DRAFT, headcount=9, submitted_at=None, **lake)
    await put_job(
        "G261030-010005", headcount=9, **{**lake, "created_at": datetime(2026, 10, 31, 15, 59, tzinfo=UTC), "state": JobState.FILLED}
    )
    other = await put_job("G261115-020001", station=LING, headcount=2, created_at=at_noon(15), hourly_fen=2000)
    await Employer.update({Employer.organisation: "ENTERPRISE"}).where(Employer.station == LAKE)

    young, grown, old = date(2009, 1, 1), date(1990, 5, 5), date(1966, 11, 30)  # 17, 36, and 60 on the very last day
    people = [
        await put_person("Q26015000301", grown, "M", 2, trades=("C02", "A02"), education="70"),
        await put_person("Q26015000302", grown, "M", 2, education="70"),
        await put_person("Q26015000303", grown, "M", 3, education="60"),
        await put_person("Q26015000304", grown, "M", 3, education="60"),
        await put_person("Q26015000305", grown, "M", 4, education="60"),
        await put_person("Q26015000306", old, "F", 5, education="60"),
        await put_person("Q26015000307", old, "M", 5, education="60"),
        await put_person("Q26015000308", young, "F", 6, education="60"),
    ]
    starts = [
        await put_work("T26111200001", unload, people[0], 12, start=12),
        await put_work("T26111300002", unload, people[0], 13, start=16),
        await put_work("T26111300003", unload, people[1], 13, start=13),
        await put_work("T26111400004", cook, people[2], 14, start=14),
        await put_work("T26112900005", rider, people[5], 29, start=30),
        await put_work("T26111600006", other, people[3], 16, LING, by=LAKE, start=17),
    ]
    await put_work("T26111800007", unload, people[4], 18)
    await put_work("T26111800008", unload, people[6], 18)
    await put_work("T26111800009", unload, people[7], 18)
    with at(at_noon(19)):
        await put_referral("T26111900010", rider, people[4], LAKE, ReferralState.APPLIED)
    return {"jobs": [unload, cook, rider, other], "people": people, "starts": starts}


@pytest.fixture
async def paperwork(november):
    """What the other tables count: agreements, insurance, cases, reviews, corrections, late entries, call-backs, ratings, sharing."""
    referrals = await Referral.select(Referral.id, Referral.number).where(Referral.station == LAKE).order_by(Referral.number)
    by_number = {row["number"]: row["id"] for row in referrals}
    for n, (number, kind, columns) in enumerate(
        [
            ("T26111200001", "ONE_OFF_SERVICE", {"signed_at": at_noon(12), "delivered_at": at_noon(12)}),
            ("T26111300003", "ONE_OFF_SERVICE", {"signed_at": at_noon(13)}),
            ("T26111400004", "PART_TIME", {}),
            ("T26112900005", "PART_TIME", {"state": "VOID"}),
        ]
    ):
        values = {"type": kind, "created_at": at_noon(12 + n), "state": "PRINTED", **columns}
        agreement = Agreement(
            number=f"XLW-2026-00000{n}",
            referral=by_number[number],
            station=LAKE,
            template_version="A-2026-11",
            drafted_by=CHEN,
            changed_at=now(),
            printed_at=now(),
            **values,
        )
        agreement.values = vault().seal("agreement.values", str(agreement.id), "{}")
        await Agreement.insert(agreement)
    for n, (job, insurance, checks) in enumerate(
        [
            (november["jobs"][0], "WORK_INJURY", "[]"),
            (november["jobs"][1], "NONE", '[{"rule": "W01", "severity": "BLOCK"}]'),
            (november["jobs"][2], None, '[{"rule": "W01", "severity": "WARN"}]'),
        ]
    ):
        version = JobVersion(
            job=job,
            number=1,
            terms=json.dumps({"insurance": insurance}),
            changed="[]",
            checks=checks,
            answers="{}",
            author=CHEN,
            created_at=at_noon(10 + n),
        )
        for name in ("exact_address", "contact_name", "contact_phone", "pickup_place"):
            setattr(version, name, vault().seal(f"job_version.{name}", version.id, "x"))
        await JobVersion.insert(version)
    for day, decision, code in ((11, "REJECTED", "PAY"), (12, "REJECTED", "FEE"), (12, "RETURNED", ""), (30, "REJECTED", "PAY")):
        await JobReview.insert(
            JobReview(
                job=november["jobs"][0],
                version=1,
                decision=decision,
                reason_code=code,
                reason="x",
                marked_fields="{}",
                answers="{}",
                reviewer=PEOPLE["zhou"].id,
                at=at_noon(day),
            )
        )
    for n, (kind, state, opened, closed, fen) in enumerate(
        [
            ("UNPAID", "SETTLED", 3, 7, 120050),
            ("UNPAID", "SETTLED", 3, 4, 80000),
            ("UNPAID", "OPEN", 20, None, None),
            ("INJURY", "CLOSED", 5, 15, None),
            ("UNPAID", "MISTAKEN", 6, 6, None),
        ]
    ):
        await LegalCase.insert(
            LegalCase(
                number=f"FL26110300{n}",
                station=LAKE,
                kind=kind,
                employer=(await Employer.select(Employer.id).where(Employer.station == LAKE).first())["id"],
                seeker=november["people"][0],
                state=state,
                recovered_fen=fen,
                opened_by=CHEN,
                opened_at=at_noon(opened),
                closed_at=at_noon(closed) if closed else None,
            )
        )
    await Correction.insert(
        Correction(
            number="GZ261120001",
            station=LAKE,
            record="placement",
            record_id=november["starts"][0],
            record_number="T26111200001",
            field="started_on",
            old_text="2026-11-11",
            new_text="2026-11-12",
            stored="2026-11-12",
            reason="抄错了日子",
            month=202611,
            made_by=CHEN,
            made_at=at_noon(20),
        )
    )
    for place, (made, due) in enumerate([(14, 15), (25, 19)]):
        await FollowUp.insert(
            FollowUp(
                placement=november["starts"][place],
                referral=by_number["T26111200001"],
                station=LAKE,
                kind="START",
                side="EMPLOYER",
                due_on=date(2026, 11, due),
                method="PHONE",
                answered=True,
                made_by=CHEN,
                made_on=date(2026, 11, made),
                made_at=now(),
            )
        )
    for number, score in (("T26111200001", 5), ("T26111300003", 3)):
        scores = dict.fromkeys(("attitude", "speed", "accuracy", "surroundings"), score)
        await Rating.insert(
            Rating(referral=by_number[number], station=LAKE, side="WORKER", about="STATION", how="SLIP", given_at=at_noon(20), **scores)
        )
    for n, (offered, wanted, matched) in enumerate([(12, 4, 3), (0, 6, None)]):
        await Activity.insert(
            Activity(
                id=new_id(),
                number=f"HD26112100{n}",
                station=LAKE,
                kind="SHARED_LABOUR",
                held_on=date(2026, 11, 21),
                title="余缺调剂",
                offered=offered,
                wanted=wanted,
                matched=matched,
                recorded_by=CHEN,
                recorded_at=at_noon(21),
            )
        )
    return november


@pytest.fixture
async def printer(app: App) -> AsyncIterator[None]:
    """Worker processes for the length of the test."""
    await app.litestar.state.printer.start()
    yield
    await app.litestar.state.printer.stop()
