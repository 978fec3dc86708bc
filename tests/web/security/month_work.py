"""What a month leaves at a station: person groups, a correction, the signed ledger and a check drawn from it."""

from dataclasses import dataclass, replace

from db.actions.corrections import correct
from db.actions.ledger import close_month, write_words
from db.actions.person_groups import add_group
from db.actions.samples import draw_sample, publish_sample_seed
from db.actions.work_records import sign_day
from db.clock import today
from db.queries import samples
from db.queries.ledger import opened_list
from db.queries.work_records import work_of
from rules.codes import ConsentMethod, PersonGroup
from rules.corrections import mark_of
from rules.ledger import LedgerListKind, ledger_number
from rules.numbers import sheet_number
from rules.permissions import Actor, Role
from rules.work_records import entries_sha256
from tests.cast import PEOPLE

MONTH = 202611
"""The month that is over on the morning of the tour, and closed at both stations."""

GUARDED = PersonGroup.RELEASED


def proof_at(station: int) -> str:
    """What was seen as proof of a group at this station."""
    return f"残疾人证，绿色封面，第{station}柜"


def guarded_proof_at(station: int) -> str:
    """The same of the guarded group."""
    return f"本人口头说明，第{station}回"


@dataclass(frozen=True)
class MonthRecords:
    """Numbers of one station's month, as they stand in addresses."""

    correction: str = "GZ261130-9999"
    ledger: str = ledger_number(MONTH, "ZD-420112015-99", 1)
    sample: str = f"{sheet_number('CC', 'ZD-420112015-99', str(MONTH))}-1"


NO_MONTH = MonthRecords()
"""Well-formed numbers that nobody has."""


def manager_of(clerk: Actor) -> Actor:
    """Who signs the ledger of the clerk's station; the second station has no manager in the cast, so a colleague acts."""
    return PEOPLE["wu"] if clerk.station_id == PEOPLE["wu"].station_id else replace(PEOPLE["zhao"], role=Role.MANAGER)


async def put_month(*, clerk: Actor, code: str, seekers: list[int], placed: str) -> MonthRecords:
    """While the month runs: two workers told what group they are in, the first one also a guarded one; a start is corrected.

    `seekers[1]` is the worker of `placed`.
    """
    told, station = ConsentMethod.READ_ALOUD, clerk.station_id or 0
    for seeker in seekers[:2]:
        await add_group(seeker, PersonGroup.DISABLED, proof_at(station), told, agreed=True, actor=clerk)
    await add_group(seekers[0], GUARDED, guarded_proof_at(station), told, agreed=True, actor=manager_of(clerk))
    number = await correct(
        "placement", placed, None, "evidence_note", mark_of(""), "回执上是本人签的字", "当时漏写，回执还在柜里", actor=clerk
    )
    return MonthRecords(number, ledger_number(MONTH, code, 1), f"{sheet_number('CC', code, str(MONTH))}-1")


async def close_the_month(code: str, clerk: Actor) -> None:
    """The morning after: the clerk signs the last day, the manager the month; the district draws from its list ③."""
    manager, day = manager_of(clerk), today().replace(month=11, day=30)
    seen = entries_sha256(entry["hash"] for entry in (await work_of(clerk.id, day, today(), reader=clerk.id)).entries)
    await sign_day(day, read=True, seen=seen, actor=clerk)
    await write_words(MONTH, main_work="推荐一人上岗。", problems="岗位少。", plans="多走访园区。", actor=clerk)
    await close_month(MONTH, signed_name=manager.name, seen=True, actor=manager)
    officer = PEOPLE["zheng"]
    version = await samples.newest_version(officer.scope, code, MONTH)
    assert version
    listed = await opened_list(version, LedgerListKind.PLACEMENTS)
    number = await publish_sample_seed(version, len(listed.lines), actor=officer)
    drawn = await samples.sample_in(officer.scope, number)
    assert drawn
    await draw_sample(drawn["id"], 1, [line.record for line in listed.lines], actor=officer)
