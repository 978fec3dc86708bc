"""活动记录: registered in the words of its kind, found by month and kind, never changed; a grave incident is told at once."""

import pytest

from db.tables.accounts import Alert
from db.tables.activities import Activity
from db.tables.journal import JournalEntry
from tests.web.rows import put_employer, put_job, put_seeker

HOME = "/desk/activities"
COURSE = {"topic": "安全生产", "title": "高处作业安全", "people": "18", "outcome": "18人都会系安全带", "place": "站内大厅"}


async def course(person, **changes):
    """Register a course today."""
    return await person.sends(HOME, page=f"{HOME}/new?kind=TRAINING", **{**COURSE, **changes})


async def test_a_course_is_registered_and_stands_in_the_list(clerk, manager):
    page = await clerk.reads(f"{HOME}/new")
    assert page.select_one(f'a[href="{HOME}/new?kind=TRAINING"]')
    page = await clerk.follows(await course(clerk, note="讲师是区应急局的"))
    assert "HD261201001" in page.words("main")
    assert "区应急局" in page.words("main")
    row = await Activity.select().first()
    assert (row["kind"], row["people"], row["topic"]) == ("TRAINING", 18, "安全生产")
    assert "应急局" not in str.__str__(row["note"])
    entry = await JournalEntry.select(JournalEntry.body, JournalEntry.subject_id).where(JournalEntry.kind == "ACTIVITY_RECORDED").first()
    assert entry["subject_id"] == row["id"]
    assert "应急局" not in entry["body"]
    page = await clerk.reads(HOME)
    assert "高处作业安全" in page.words("#activities")
    page = await manager.reads("/desk/journal")
    assert page.select_one('a[href="/desk/activities/HD261201001"]')
    await clerk.reads("/desk/search?q=hd261201001", status=303)


async def test_what_is_missing_is_said_and_the_typing_stays(clerk):
    sheet = await course(clerk, status=422, people="", topic="")
    assert "培训类别" in sheet.words(".problems")
    assert sheet.select_one("input[name=title]")["value"] == "高处作业安全"
    sheet = await clerk.sends(HOME, status=422, topic="安全生产", people="")
    assert "参加多少人次" in sheet.words(".problems")
    assert await Activity.count() == 0


async def test_each_kind_asks_its_own_questions(clerk):
    page = await clerk.reads(f"{HOME}/new?kind=SHARED_LABOUR")
    assert page.select_one("input[name=offered]")
    assert not page.select_one("input[name=people]")
    assert not page.select_one("select[name=level]")
    page = await clerk.reads(f"{HOME}/new?kind=INCIDENT")
    assert page.select_one("select[name=level]")
    await clerk.reads(f"{HOME}/new?kind=NOTHING")
    await clerk.sends(HOME, status=422, kind="NOTHING")


async def test_a_day_late_needs_the_reason(clerk):
    sheet = await course(clerk, status=422, held_on="2026-11-29")
    assert "补记的原因" in sheet.words(".problems")
    await clerk.sends(HOME, late_reason="停电两天")
    page = await clerk.reads(HOME)
    assert "补记" in page.words("#activities tbody")
    sheet = await course(clerk, status=422, held_on="2026-12-02")
    assert "还没到这一天" in sheet.words(".problems")


async def test_sent_twice_it_is_registered_once(clerk):
    await course(clerk)
    await clerk.sends(HOME, **clerk.last)
    assert await Activity.count() == 1
    assert await JournalEntry.count().where(JournalEntry.kind == "ACTIVITY_RECORDED") == 1


async def test_it_names_the_seeker_and_the_employer_it_concerns(clerk):
    seeker, job = await put_seeker(), await put_job("G261201-010001")
    employer = await put_employer()
    assert job
    sheet = await course(clerk, status=422, seeker="Q26015999999")
    assert "求职编号" in sheet.words(".problems")
    sheet = await clerk.sends(HOME, status=422, seeker="Q26015000123", employer="没有这家公司")
    assert "雇主" in sheet.words(".problems")
    page = await clerk.follows(await clerk.sends(HOME, seeker="q26015000123", employer="G261201-010001"))
    row = await Activity.select(Activity.seeker, Activity.employer).first()
    assert (row["seeker"], row["employer"]) == (seeker, employer)
    assert page.select_one('a[href="/desk/seekers/Q26015000123"]')
    await course(clerk, employer="武汉湖滨物流有限公司")
    assert await Activity.count().where(Activity.employer == employer) == 2


async def test_the_list_is_narrowed_and_says_when_there_is_nothing(clerk):
    page = await clerk.reads(HOME)
    assert "还没有登记过活动" in page.words("#activities")
    await course(clerk)
    await course(clerk, held_on="2026-11-29", late_reason="停电", title="上个月的课")
    fragment = await clerk.reads(f"{HOME}?month=2026-11&kind=TRAINING", fragment=True)
    assert not fragment.select_one("h1")
    assert "上个月的课" in fragment.get_text()
    assert "高处作业安全" not in fragment.get_text()
    page = await clerk.reads(f"{HOME}?kind=VISIT&month=2026-12")
    assert "换一个类别" in page.words("#activities")
    page = await clerk.reads(f"{HOME}?kind=junk&month=2026-13")
    assert "上个月的课" in page.words("#activities")


async def test_the_list_goes_on_to_the_next_page(clerk):
    for n in range(51):
        await course(clerk, title=f"第{n}课")
    page = await clerk.reads(f"{HOME}?kind=TRAINING")
    assert len(page.select("#activities tbody tr")) == 50
    page = await clerk.reads(page.select_one("a[rel=next]")["href"])
    assert [row.select("td")[3].get_text() for row in page.select("#activities tbody tr")] == ["第0课"]


@pytest.mark.parametrize(("level", "alerts"), [("较大", 0), ("重大", 1)])
async def test_a_grave_incident_is_put_before_the_subdistrict(clerk, overseer, manager, level, alerts):
    fields = {"topic": "火情", "level": level, "title": "配电箱冒烟", "people": "0", "outcome": "断电、疏散，没有人受伤"}
    page = await clerk.follows(await clerk.sends(HOME, page=f"{HOME}/new?kind=INCIDENT", **fields))
    assert "SJ261201001" in page.words("main")
    assert await Alert.count().where(Alert.kind == "INCIDENT") == alerts
    for reader in (overseer, manager):
        page = await reader.reads("/desk/alerts")
        assert bool(page.select_one('a[href="/desk/activities/SJ261201001"]')) is bool(alerts)


async def test_who_only_looks_registers_nothing_and_strangers_find_nothing(clerk, officer, overseer, stranger, lawyer, passer_by):
    await course(clerk)
    for reader in (officer, overseer):
        page = await reader.reads(HOME)
        assert "高处作业安全" in page.words("#activities")
        assert "登记一项活动" not in page.words("main")
        await reader.reads(f"{HOME}/HD261201001")
        await reader.reads(f"{HOME}/new", status=403)
        await reader.sends(HOME, status=403)
    await stranger.reads(f"{HOME}/HD261201001", status=404)
    assert "高处作业安全" not in (await stranger.reads(HOME)).words("main")
    await lawyer.reads(HOME, status=403)
    await passer_by.reads(HOME, status=303)


async def test_contacts_typed_into_it_are_never_shown(clerk, officer):
    await course(clerk, title="张三13900000001的课", note="身份证420199197803129017")
    page = await officer.reads(f"{HOME}/HD261201001")
    text = page.get_text() + (await officer.reads(HOME)).get_text()
    assert "13900000001" not in text
    assert "420199197803129017" not in text
