"""Signed heads in the district's view: listed, taken away, checked; nobody sees the chains of other stations."""

from datetime import timedelta

import pytest

from db.actions.journal import record
from db.actions.verification import sign_due_heads
from db.clock import at, now
from db.signed_heads import known_public_keys, signature_is_good
from db.tables.journal import JournalEntry
from db.transaction import transact
from rules.journal import EventKind
from rules.verification import read_public_keys, read_signed
from tests.cast import LAKE, LING, PEOPLE
from tests.web.conftest import MORNING

PAGE = "/supervision/heads"


@pytest.fixture
async def signed(house) -> None:
    """Entries of both stations and the district yesterday, signed in the night."""
    with at(MORNING - timedelta(days=1)):
        for station in (LAKE, LING, None):
            await transact(record, EventKind.JOB_DRAFTED, subject="job", subject_id=1, actor=PEOPLE["chen"], station_id=station)
    with at(MORNING.replace(hour=0, minute=10)):
        await sign_due_heads()


def chains(page) -> list[str]:
    return sorted(tag.text for tag in page.select("tbody .hint"))


async def test_everybody_sees_the_chains_in_reach(signed, officer, overseer, manager):
    assert chains(await officer.reads(PAGE)) == ["district", f"station:{LAKE}", f"station:{LING}"]
    assert chains(await overseer.reads(PAGE)) == [f"station:{LAKE}"]
    assert chains(await manager.reads(PAGE)) == [f"station:{LAKE}"]


async def test_the_list_is_narrowed_to_a_day_and_a_chain(signed, officer):
    assert chains(await officer.reads(f"{PAGE}?chain=station:{LING}")) == [f"station:{LING}"]
    assert len(chains(await officer.reads(f"{PAGE}?day=2026-11-30", fragment=True))) == 3
    assert "没有这样的链头" in (await officer.reads(f"{PAGE}?day=2026-11-29")).words(".empty")


async def test_a_chain_out_of_reach_is_an_unknown_value_and_dropped(signed, overseer):
    assert chains(await overseer.reads(f"{PAGE}?chain=station:{LING}")) == [f"station:{LAKE}"]


async def test_before_the_first_night_the_page_says_when_there_will_be_some(house, officer):
    assert "还没有签署的链头" in (await officer.reads(PAGE)).words(".empty")


async def test_an_officer_takes_the_file_and_its_signatures_hold(signed, officer):
    assert "您还没有取走过" in (await officer.reads(PAGE)).words("aside")
    answer = await officer.client.post(f"{PAGE}/file", data=officer.filled(f"{PAGE}/file"))
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    lines = read_signed(answer.text)
    assert [line.chain for line in lines] == ["district", f"station:{LAKE}", f"station:{LING}"]
    keys = read_public_keys((await officer.fetches(f"{PAGE}/public-key.txt")).text)
    assert keys == known_public_keys()
    assert all(signature_is_good(line, keys[line.key_id]) for line in lines)
    assert "取到2026年11月30日" in (await officer.reads(PAGE)).words("aside")
    assert await JournalEntry.count().where(JournalEntry.kind == "HEADS_FETCHED", JournalEntry.account_id == officer.account.id) == 1


async def test_taken_again_there_is_nothing_new_and_the_page_says_what_to_do(signed, officer):
    await officer.sends(f"{PAGE}/file", page=PAGE, status=200)
    page = await officer.sends(f"{PAGE}/file", page=PAGE, status=422)
    assert "还没有签署的链头" in page.words(".problems")
    page = await officer.sends(f"{PAGE}/file", page=PAGE, since="昨天", status=422)
    assert "没看懂" in page.words(".problems")
    assert page.select_one("input[name=since]")["value"] == "昨天"
    await officer.sends(f"{PAGE}/file", page=PAGE, since="2026-11-01", status=200)


async def test_an_officer_of_a_subdistrict_takes_that_one_alone(signed, overseer):
    await overseer.reads(PAGE)
    answer = await overseer.client.post(f"{PAGE}/file", data=overseer.filled(f"{PAGE}/file"))
    assert [line.chain for line in read_signed(answer.text)] == [f"station:{LAKE}"]


async def test_a_manager_looks_and_takes_nothing(signed, manager, clerk):
    page = await manager.reads(PAGE)
    assert not page.select(f'form[action="{PAGE}/file"]')
    await manager.sends(f"{PAGE}/file", status=403)
    await clerk.reads(PAGE, status=403)


async def test_the_heads_of_the_next_day_are_new(signed, officer):
    await officer.sends(f"{PAGE}/file", page=PAGE, status=200)
    with at(now() + timedelta(days=1)):
        await sign_due_heads()
    answer = await officer.client.post(f"{PAGE}/file", data=officer.filled(f"{PAGE}/file"))
    assert {line.day.isoformat() for line in read_signed(answer.text)} == {"2026-12-01"}
