"""The house of the simulated morning: five stations with two clerks each, people to sign in, demands to fill, all made by actions.

Run in a process of its own, so that it works on whichever database the environment names:
`python -m bench.morning_house PEOPLE DEMANDS HANDS [STATIONS]`; prints one JSON object: people and demands by station.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

from db.actions import jobs, seekers
from db.clock import CHINA, at, now, today
from db.migrate import migrate
from db.seeds.base import load_base
from db.seeds.demo import Demo, _content
from db.tables.jobs import Job
from db.tables.seekers import Seeker
from db.transaction import writing
from piccolo_conf import DB
from rules.codes import Channel, ConsentMethod, IdType, InsuranceState, PayBasis, PayMethod, PayUnit, PostSource, SettleCycle, VerifyMethod
from rules.seekers import NewSeeker
from rules.terms import JobTerms

TRADES = {"C02": "装卸工", "C03": "快递分拣", "C04": "仓库理货", "H01": "工厂包装", "A01": "家政保洁", "B01": "楼道保洁"}
"""Trades of a morning that ask for no certificate."""
SLOTS = tuple(f"{day}-{slot}" for day in range(7) for slot in ("AM", "PM"))
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_GIVEN = "建国红军志强秀英海燕春梅国庆永福桂兰德胜小龙玉芳"


async def furnish(people: int, demands: int, hands: int, used: int = 5) -> dict[str, Any]:
    """Fill the empty database; people and demands by station (of the first `used` ones), and who works there."""
    demo = Demo(_content(), None)
    with at(demo.moment(40, 9)):
        await load_base()
        await demo.open_stations()
        await demo.create_accounts()
    with at(demo.moment(30, 9)):
        await demo.register_employers()
    dice = random.Random(20261123)
    stations = list(demo.stations)[:used]
    found: dict[str, Any] = {"stations": {}}
    for key in stations:
        clerks = demo.staff[key][:2]
        found["stations"][key] = {"id": demo.stations[key], "logins": [clerk.login for clerk in clerks], "people": [], "jobs": []}
    with at(demo.moment(9, 8)):
        for number in range(people):
            key = stations[number % len(stations)]
            reference = await seekers.register_seeker(invented_person(dice, number), actor=demo.author(key))
            found["stations"][key]["people"].append(reference.id)
    heads = _heads(demands, hands)
    employers = {
        key: [id for id, row in demo.employers.values() if row["station"] == key and not row.get("unverified")] for key in stations
    }
    with at(now() - timedelta(minutes=20)):
        for number in range(demands):
            key = stations[number % len(stations)]
            job_id = await _published(demo, key, employers[key] or employers["lake"], number, heads[number])
            found["stations"][key]["jobs"].append(job_id)
    for each in found["stations"].values():
        for what, table in (("people", Seeker), ("jobs", Job)):
            rows = await table.select(table.id, table.number).where(table.id.is_in(each[what]))
            numbers = {row["id"]: row["number"] for row in rows}
            each[what] = [numbers[id] for id in each[what]]
    return found


def _heads(demands: int, hands: int) -> list[int]:
    """How many hands each demand asks for: as even as it goes, the rest on the first ones."""
    least, more = divmod(hands, demands)
    return [least + (number < more) for number in range(demands)]


def invented_person(dice: random.Random, number: int) -> NewSeeker:
    """One worker, invented; of an age that no rule has to speak about."""
    born = date(1978, 1, 1) + timedelta(days=number * 7 % 6500)  # another day for each of the first 6,500 people
    digits = f"420112{born:%Y%m%d}{number % 500 * 2 + 1:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    check = "10X98765432"[sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % 11]
    name = dice.choice(_SURNAMES) + "".join(dice.sample(_GIVEN, 2))
    return NewSeeker(
        name=name,
        id_type=IdType.RESIDENT,
        id_number=digits + check,
        phone=f"199{number:08d}",
        subdistrict="420112015",
        community="示范社区",
        trades=tuple(dice.sample(list(TRADES), 4)),
        slots=SLOTS,
        consent_method=ConsentMethod.SIGNED_PAPER,
    )


async def _published(demo: Demo, key: str, employers: list[int], number: int, headcount: int) -> int:
    """A demand that begins today (tomorrow late in the evening), on the board."""
    trade = list(TRADES)[number % len(TRADES)]
    day = (datetime.now(CHINA) + timedelta(hours=3)).date()
    author, reviewer = demo.staff[key][0], demo.staff[key][1]
    terms = JobTerms(
        title=f"{TRADES[trade]}日结",
        trade=trade,
        headcount=headcount,
        duties="按班组安排分拣、码放，最重不超过十五公斤，有人带着做。",
        subdistrict="420112015",
        landmark="宏图大道地铁站",
        exact_address="宏图大道18号3号库",
        start_date=day,
        end_date=day,
        start_time=time(8),
        end_time=time(17, 30),
        break_minutes=90,
        weekly_days=1,
        pay_basis=PayBasis.TIME,
        pay_fen=22000 + 100 * (number % 30),
        pay_unit=PayUnit.DAY,
        settle_cycle=SettleCycle.DAILY,
        pay_method=PayMethod.CASH,
        insurance=InsuranceState.EMPLOYER_ACCIDENT,
        hazards=(),
        hazard_notice="搬抬时注意腰和手脚，通道上有叉车。",
        protection="发手套，穿防滑鞋。",
        valid_to=today() + timedelta(days=7),
        contact_name="周晓明",
        contact_phone="13900000001",
    )
    reference = await jobs.draft_job(employers[number % len(employers)], terms, source=PostSource.COUNTER, actor=author)
    await jobs.submit_job(reference.id, await demo.answers(reference.id, {}), actor=author)
    await jobs.verify_job(reference.id, VerifyMethod.PHONE, actor=author)
    await jobs.take_review(reference.id, actor=reviewer)
    await jobs.approve_job(reference.id, {hit.rule for hit in await demo.warnings(reference.id)}, actor=reviewer)
    await jobs.publish_job(reference.id, (Channel.WEBSITE.value, Channel.SCREEN.value), actor=reviewer)
    return reference.id


async def _main(people: int, demands: int, hands: int, used: int = 5) -> None:
    await migrate()
    await DB.start_connection_pool()
    try:
        async with writing():
            found = await furnish(people, demands, hands, used)
        print(json.dumps(found, ensure_ascii=False), flush=True)
    finally:
        await DB.close_connection_pool()


if __name__ == "__main__":
    asyncio.run(_main(*(int(each) for each in sys.argv[1:5])))
