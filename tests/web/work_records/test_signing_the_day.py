"""签认当天: read, ticked, signed with the password; what came later is signed again; the people of a month at a glance."""

import re
from datetime import timedelta

import pytest

from db.clock import at
from db.errors import ConstraintViolated
from db.tables.journal import JournalEntry
from db.tables.records import SignedDay
from rules.journal import EventKind
from rules.work_records import entries_sha256
from tests.cast import LAKE, LING, PEOPLE
from tests.web.conftest import MORNING
from tests.web.rows import put_job
from tests.web.work_records.conftest import PASSWORD, note

PAGE = "/desk/records"
SIGN = "/desk/records/2026-12-01/signature"
CHEN = PEOPLE["chen"].id

pytestmark = pytest.mark.usefixtures("with_passwords")


async def signed() -> list[dict]:
    return await SignedDay.select().order_by(SignedDay.round)


async def test_a_clerk_signs_her_day_with_her_password_and_it_says_what_it_stands_for(clerk):
    job = await put_job("G261201-010001")
    await note(EventKind.JOB_VERIFIED, subject_id=job)
    await note(EventKind.JOB_REVISED, subject_id=job)
    await note(EventKind.REVEALED, "seeker", 7)
    saved = await clerk.sends(SIGN, page=PAGE, own_password=PASSWORD, read="y", remark="岗位明天核实")
    page = await clerk.follows(saved)
    assert "第1次签认：2条，补记0条，缺项1件" in page.words("#signing")
    assert "与记录一致" in page.words("#signing")
    assert "岗位G261201-010001：超过15天没有核实" in page.words("#signing")
    (row,) = await signed()
    hashes = (
        await JournalEntry.select(JournalEntry.hash)
        .where(JournalEntry.kind.is_in(["JOB_VERIFIED", "JOB_REVISED"]))
        .order_by(JournalEntry.seq)
    )
    assert row["entries_sha256"] == entries_sha256(each["hash"] for each in hashes)
    assert (row["station"], row["account"], row["entries"], row["incomplete"], row["remark"]) == (LAKE, CHEN, 2, 1, "岗位明天核实")
    entry = await JournalEntry.select().where(JournalEntry.kind == "DAY_SIGNED").first()
    assert entry["seq"] > row["head_seq"] > 0
    assert row["entries_sha256"] in entry["body"]


async def test_signing_twice_is_once(clerk):
    await note(EventKind.JOB_VERIFIED)
    await clerk.sends(SIGN, page=PAGE, own_password=PASSWORD, read="y")
    again = await clerk.client.post(SIGN, data=clerk.last)
    assert again.status_code == 303
    assert len(await signed()) == 1
    page = await clerk.reads(PAGE)
    assert page.select_one("#own_password") is None


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"own_password": "错的密码错的密码", "read": "y"}, "密码不对"),
        ({"own_password": "", "read": "y"}, "请填写您的密码"),
        ({"own_password": PASSWORD}, "请先逐条看过"),
    ],
)
async def test_without_password_or_tick_nothing_is_signed_and_the_remark_stays(clerk, given, words):
    await note(EventKind.JOB_VERIFIED)
    page = await clerk.sends(SIGN, page=PAGE, status=422, remark="电停过", **given)
    assert words in page.words(".problems")
    assert page.select_one("#remark")["value"] == "电停过"
    assert not page.select_one("#own_password").get("value")
    assert await signed() == []


async def test_what_came_in_meanwhile_must_be_read_first(clerk):
    await note(EventKind.JOB_VERIFIED)
    await clerk.reads(PAGE)
    await note(EventKind.JOB_REVISED)
    page = await clerk.sends(SIGN, status=422, own_password=PASSWORD, read="y")
    assert "又记了新的内容" in page.words(".problems")
    assert "修改岗位" in page.words("table.records")
    await clerk.sends(SIGN, own_password=PASSWORD, read="y")
    assert [row["entries"] for row in await signed()] == [2]


async def test_later_entries_are_signed_in_the_next_round_and_the_first_stays(clerk):
    await note(EventKind.JOB_VERIFIED)
    await clerk.sends(SIGN, page=PAGE, own_password=PASSWORD, read="y")
    await note(EventKind.JOB_REVISED)
    page = await clerk.reads(PAGE)
    assert "后来又记了1条" in page.words(".tiles")
    await clerk.sends(SIGN, own_password=PASSWORD, read="y")
    assert [(row["round"], row["entries"]) for row in await signed()] == [(1, 1), (2, 2)]
    page = await clerk.reads(PAGE)
    assert page.words("#signing").count("与记录一致") == 2


async def test_an_empty_day_and_a_day_to_come_are_not_signed(clerk):
    page = await clerk.sends(SIGN, page=PAGE, status=422, own_password=PASSWORD, read="y")
    assert "没有要签认的记录" in page.words(".problems")
    await clerk.sends("/desk/records/2026-12-02/signature", status=404, own_password=PASSWORD, read="y")
    await clerk.sends("/desk/records/heute/signature", page=PAGE, status=404, own_password=PASSWORD, read="y")


async def test_unsigned_days_of_two_weeks_are_listed_and_vanish_when_signed(clerk):
    for days in (1, 3, 20):
        with at(MORNING - timedelta(days=days)):
            await note(EventKind.JOB_VERIFIED)
    page = await clerk.reads(PAGE)
    assert [link["href"] for link in page.select(".note a")] == [f"{PAGE}?day=2026-11-30", f"{PAGE}?day=2026-11-28"]
    day = "/desk/records/2026-11-30/signature"
    await clerk.sends(day, page=f"{PAGE}?day=2026-11-30", own_password=PASSWORD, read="y")
    assert len((await clerk.reads(PAGE)).select(".note a")) == 1


async def test_a_signature_is_never_changed_nor_taken_away(clerk):
    await note(EventKind.JOB_VERIFIED)
    await clerk.sends(SIGN, page=PAGE, own_password=PASSWORD, read="y")
    with pytest.raises(ConstraintViolated):
        await SignedDay.update({SignedDay.remark: "x"}, force=True)
    with pytest.raises(ConstraintViolated):
        await SignedDay.delete(force=True)


async def test_read_only_people_sign_for_nobody(lawyer, officer):
    for person in (lawyer, officer):
        await person.reads("/desk/account")
        await person.sends(SIGN, status=403, own_password=PASSWORD, read="y")


async def test_the_manager_sees_who_signed_which_day(clerk, manager):
    await note(EventKind.JOB_VERIFIED)
    await note(EventKind.JOB_VERIFIED, who="zhou")
    await note(EventKind.JOB_VERIFIED, who="lin", station=LING)
    await note(EventKind.JOB_REVISED, at=MORNING - timedelta(days=2), late_reason="停电")
    await clerk.sends(SIGN, page=PAGE, own_password=PASSWORD, read="y")
    page = await manager.reads("/desk/records/people?month=2026-12")
    rows = {tag.td.text: tag for tag in page.select("tbody tr")}
    assert set(rows) == {"陈小满", "周建国", "吴站长"}
    assert rows["陈小满"].select("td")[2].text.strip() == "✓"
    assert rows["周建国"].select("td")[2].text.strip() == "○"
    assert "1 / 1（100%）" in rows["陈小满"].text
    november = await manager.reads("/desk/records/people?month=2026-11")
    assert "0 / 1（0%）" in next(tag for tag in november.select("tbody tr") if "陈小满" in tag.text).text
    day = await manager.reads(rows["陈小满"].select_one("a")["href"])
    assert "核实岗位" in day.words("table.records")
    assert day.select_one("form[method=post][action*=signature]") is None
    assert re.search(r"第1次签认", day.words("main"))


async def test_what_stands_outside_the_station_is_not_read_by_its_manager(manager):
    await note(EventKind.COMPLAINT_OPENED, "complaint", 5, station=None, number="TS-1")
    day = await manager.reads(f"/desk/records/people/{CHEN}")
    assert "收到投诉" not in day.words("main")


async def test_strangers_find_nobody_and_officers_their_stations(sit_down, officer, overseer):
    await note(EventKind.JOB_VERIFIED)
    other = await sit_down("qian")
    await other.reads(f"/desk/records/people/{CHEN}", status=404)
    await other.reads("/desk/records/people?station=ZD-420112015-01", status=404)
    for person in (officer, overseer):
        assert "核实岗位" in (await person.reads(f"/desk/records/people/{CHEN}")).words("table.records")
        page = await person.reads("/desk/records/people?station=ZD-420112015-01")
        assert "陈小满" in page.words("tbody")
    await officer.reads("/desk/records/people/2005", status=404)  # an officer keeps no day of a station


async def test_a_clerk_does_not_read_the_days_of_others(clerk):
    await clerk.reads("/desk/records/people", status=403)
    await clerk.reads(f"/desk/records/people/{PEOPLE['zhou'].id}", status=403)
