"""A November at 金银湖 station, seen from the morning of 1 December."""

import datetime as dt
from dataclasses import dataclass

import pytest

from db.clock import CHINA, at, now
from db.queries.stations import own_station
from db.tables.accounts import Session
from db.tables.activities import Activity
from db.tables.corrections import Correction
from db.tables.referrals import Placement
from db.vault import vault
from tests.cast import LAKE, LING, PEOPLE
from tests.visitor import Visitor
from tests.web.rows import put_job, put_placement, put_referral, put_seeker

HOME, SUPERVISED = "/desk/ledgers", "/supervision/ledgers"
MONTH, CODE = 202611, "ZD-420112015-01"
PAGE = f"{HOME}/{MONTH}"
LOOKED_AT = f"{SUPERVISED}/{CODE}/{MONTH}"
NOVEMBER = dt.datetime(2026, 11, 10, 9, 0, tzinfo=CHINA)
WORDS = {"main_work": "推荐上岗三人次。", "difficulties": "岗位少。", "plans": "多走访园区。"}


@dataclass
class November:
    """Ids of what happened."""

    job: int
    placements: list[int]
    seekers: list[int]


async def put_activity(kind: str, day: dt.date, number: str, *, station: int = LAKE, **columns: object) -> int:
    """Something done besides referrals; its id."""
    activity = Activity(
        number=number,
        station=station,
        kind=kind,
        held_on=day,
        title=columns.pop("title", "工作"),
        recorded_by=PEOPLE["chen"].id,
        recorded_at=now(),
        **columns,
    )
    activity.note = vault().seal("activity.note", str(activity.id), "x")
    await Activity.insert(activity)
    return activity.id


async def put_correction(record: str, record_id: int, field: str, old: str, new: str, *, month: int = MONTH, n: int = 1) -> int:
    """A correction as the room of corrections keeps it; the row itself is changed by whoever calls."""
    correction = Correction(
        number=f"GZ261201-{n:04d}",
        station=LAKE,
        record=record,
        record_id=record_id,
        record_number="T26111000001",
        field=field,
        old_text=old,
        new_text=new,
        stored=new,
        reason="回执上写的是另一天",
        month=month,
        made_by=PEOPLE["wu"].id,
        made_at=now(),
    )
    await Correction.insert(correction)
    return correction.id


@pytest.fixture
async def november(house: None) -> November:
    """Three starts of two people on two posts, a fourth credited to the other station; a training and a talk."""
    with at(NOVEMBER):
        facts = {"verified_on": dt.date(2026, 11, 10), "verify_method": "PHONE", "published_at": now()}
        job, second = [await put_job(f"G261110-01000{n}", **facts) for n in (1, 2)]
        people = [await put_seeker(), await put_seeker("Q26015000124", name="欧阳小华")]
        started = []
        for n, (post, seeker, day) in enumerate([(job, people[0], 10), (second, people[0], 12), (job, people[1], 12)], 1):
            referral = await put_referral(f"T2611100000{n}", post, seeker)
            started.append(await put_placement(referral, post, seeker, started_on=dt.date(2026, 11, day)))
        other = await put_referral("T26111000009", second, people[1])
        await put_placement(other, second, people[1], station=LING, started_on=dt.date(2026, 11, 14))
        await put_activity("TRAINING", dt.date(2026, 11, 10), "HD261110001", title="叉车安全培训", people=12, place="大厅")
        await put_activity("CONSULTATION", dt.date(2026, 11, 11), "HD261111001", title="社保补贴怎么申请", people=4)
    return November(second, started, people)


@pytest.fixture
async def lake(house: None) -> dict:
    """金银湖 station as a row."""
    station = await own_station(LAKE)
    assert station is not None
    return station


async def confirm() -> None:
    """Everybody who is signed in has just given the password."""
    await Session.update({Session.confirmed_at: now()}, force=True)


async def closes(manager: Visitor, **fields: str) -> None:
    """The manager writes part 3 and signs the month."""
    await manager.sends(f"{PAGE}/words", page=f"{PAGE}?show=words", **WORDS)
    await confirm()
    await manager.sends(f"{PAGE}/closing", page=PAGE, **{"signed_name": "吴站长", "seen": "y"} | fields)


async def submits(manager: Visitor) -> None:
    """The manager closes the month and sends it to the supervising unit."""
    await closes(manager)
    await manager.sends(f"{PAGE}/submission", page=PAGE)


async def move_start(placement: int, day: dt.date) -> None:
    """The row of a start says another day, as after a correction."""
    await Placement.update({Placement.started_on: day}).where(Placement.id == placement)
