"""A list leaves the product with a purpose, a second person's yes, masks and a mark; every step is in the journal."""

import json
from datetime import timedelta

import pytest

from db.clock import at, now
from db.tables.journal import JournalEntry
from db.tables.transfers import Export
from rules.codes import JobState
from tests.cast import LING
from tests.web.rows import put_job, put_seeker
from tests.web.seekers.conftest import typed


def lines(book) -> list[list[str]]:
    return [[str(cell.value or "") for cell in row] for row in book.worksheets[0].iter_rows()]


async def kinds() -> list[str]:
    return [row["kind"] for row in await JournalEntry.select(JournalEntry.kind).order_by(JournalEntry.id) if "EXPORT" in row["kind"]]


async def test_the_clerk_asks_the_manager_agrees_the_clerk_fetches(clerk, manager, asks, agrees, fetches):
    await put_job("G261201-010001")
    await put_job("G261201-010002", state=JobState.DRAFT)
    url = await asks(clerk, "jobs", state="DRAFT")
    page = await clerk.reads(url)
    assert page.select_one("form[action$='/file']") is None, "nothing to fetch before somebody agreed"
    waiting = await manager.reads("/desk/exports")
    assert "等您审批的（1）" in waiting.words("main")
    await agrees(manager, url)
    page = await clerk.reads(url)
    assert "1 行" in page.words("form[action$='/file']")
    assert "KB" in page.words("form[action$='/file']")
    rows = lines(await fetches(clerk, url))
    assert rows[0][0].startswith("陈小满（金银湖零工驿站）2026-12-01 09:00 导出")
    assert "用途：本站工作" in rows[0][0]
    assert "筛选：状态：草稿" in rows[1][0]
    assert rows[2][0] == "编号"
    assert [row[0] for row in rows[3:]] == ["G261201-010002"]
    assert await kinds() == ["EXPORT_ASKED", "EXPORT_DECIDED", "EXPORT_MADE", "EXPORT_FETCHED"]


async def test_the_mark_of_the_file_is_in_the_journal(clerk, manager, asks, agrees, fetches):
    await put_job("G261201-010001")
    url = await asks(clerk, "jobs")
    await agrees(manager, url)
    book = await fetches(clerk, url)
    mark = (await Export.select(Export.mark).first())["mark"]
    assert len(mark) == 16
    assert book.custom_doc_props["station-mark"].value == mark
    assert mark in book.worksheets[0].oddFooter.left.text
    assert mark in lines(book)[0][0]
    entry = await JournalEntry.select(JournalEntry.body).where(JournalEntry.kind == "EXPORT_MADE").first()
    assert json.loads(entry["body"])["particulars"]["mark"] == mark


async def test_phones_are_masked_as_on_the_page(clerk, manager, asks, agrees, fetches):
    await clerk.reads("/desk/seekers/new")
    await clerk.sends("/desk/seekers", **typed())
    url = await asks(clerk, "seekers")
    await agrees(manager, url)
    text = str(lines(await fetches(clerk, url)))
    assert "199****0101" in text
    assert "19900000101" not in text
    assert "420199197803129017" not in text
    assert "9017" not in text


async def test_nobody_decides_about_their_own_request(manager, overseer, asks, gave_password, agrees):
    await put_job("G261201-010001")
    url = await asks(manager, "jobs")
    await gave_password(manager)
    page = await manager.reads(url)
    assert page.select_one("form[action$='/decision']") is None
    await manager.sends(f"{url}/decision", status=422, decision="yes")
    assert "自己申请的导出不能自己批" in manager.page.words(".problems")
    assert (await Export.select(Export.state).first())["state"] == "ASKED"
    await agrees(overseer, url)
    assert (await Export.select(Export.state).first())["state"] == "MADE"


async def test_a_colleague_may_not_decide_and_does_not_see_it(clerk, reviewer, stranger, asks):
    await put_job("G261201-010001")
    url = await asks(clerk, "jobs")
    for person in (reviewer, stranger):
        await person.reads(url, status=404)
        await person.sends(f"{url}/decision", page="/desk/exports", status=403, decision="yes")
        await person.sends(f"{url}/file", page="/desk/exports", status=404)


async def test_the_office_of_another_subdistrict_cannot_decide(sit_down, clerk, asks, gave_password):
    await put_job("G261201-010001")
    url = await asks(clerk, "jobs")
    elsewhere = await sit_down("qian")
    await gave_password(elsewhere)
    await elsewhere.reads(url, status=404)
    await elsewhere.sends(f"{url}/decision", page="/desk/exports", status=404, decision="yes")


async def test_an_officers_own_request_is_the_districts_to_decide(overseer, officer, manager, asks, agrees):
    await put_job("G261201-010001")
    url = await asks(overseer, "jobs")
    await manager.reads(url, status=404)
    await agrees(officer, url)
    assert (await Export.select(Export.state).first())["state"] == "MADE"


async def test_a_decision_asks_for_the_password_first(clerk, manager, asks):
    await put_job("G261201-010001")
    url = await asks(clerk, "jobs")
    await manager.reads(url)
    await manager.sends(f"{url}/decision", status=401, decision="yes")
    assert (await Export.select(Export.state).first())["state"] == "ASKED"


async def test_a_refusal_says_why(clerk, manager, asks, gave_password):
    await put_job("G261201-010001")
    url = await asks(clerk, "jobs")
    await gave_password(manager)
    await manager.reads(url)
    await manager.sends(f"{url}/decision", status=422, decision="no", reason="不")
    assert "请写明原因" in manager.page.words(".problems")
    await manager.sends(f"{url}/decision", decision="no", reason="用途说得不清楚")
    page = await clerk.reads(url)
    assert "未同意" in page.words("main")
    assert "用途说得不清楚" in page.words("main")
    await clerk.sends(f"{url}/file", status=422)


async def test_deciding_twice_decides_once(clerk, manager, officer, asks, agrees, gave_password):
    await put_job("G261201-010001")
    url = await asks(clerk, "jobs")
    await gave_password(officer)
    await officer.reads(url)
    await agrees(manager, url)
    await officer.sends(f"{url}/decision", status=422, decision="no", reason="我不同意导出")
    assert "已经有人批过了" in officer.page.words(".problems")
    assert (await kinds()).count("EXPORT_DECIDED") == 1


async def test_the_file_is_the_askers_for_a_week_only(clerk, manager, asks, agrees):
    from web.export_runs import ExportRuns

    await put_job("G261201-010001")
    url = await asks(clerk, "jobs")
    await agrees(manager, url)
    await manager.reads(url)
    await manager.sends(f"{url}/file", status=422)
    assert "只有申请人自己能下载" in manager.page.words(".problems")
    await ExportRuns().resume()
    assert (await Export.select(Export.made).first())["made"] != ""
    with at(now() + timedelta(days=8)):
        await ExportRuns().resume()
    assert (await Export.select(Export.made).first())["made"] == ""
    await clerk.reads(url)
    await clerk.sends(f"{url}/file", status=422)
    assert "文件只保留7天" in clerk.page.words(".problems")


async def test_another_purpose_must_be_written_down_and_the_typing_stays(clerk):
    await put_job("G261201-010001")
    await clerk.reads("/desk/exports/new?list=jobs&state=PUBLISHED")
    await clerk.sends("/desk/exports", status=422, purpose="OTHER", note="看")
    assert "请写明用途" in clerk.page.words(".problems")
    assert clerk.page.select_one("select[name=purpose] option[selected]")["value"] == "OTHER"
    assert clerk.page.select_one("input[name=note]")["value"] == "看"
    assert clerk.page.select_one("input[name=state]")["value"] == "PUBLISHED"
    await clerk.sends("/desk/exports", purpose="OTHER", note="街道开会要用")


async def test_an_empty_list_is_not_exported(clerk):
    await clerk.reads("/desk/exports/new?list=jobs")
    await clerk.sends("/desk/exports", status=422, purpose="WORK")
    assert "没有内容" in clerk.page.words(".problems")


async def test_a_list_one_may_not_see_cannot_be_asked_for(clerk, lawyer):
    await clerk.reads("/desk/exports/new?list=journal", status=404)
    await clerk.reads("/desk/exports/new?list=nothing", status=404)
    await clerk.sends("/desk/exports", page="/desk/exports/new?list=jobs", status=404, list="journal", purpose="WORK")
    await lawyer.reads("/desk/exports/new?list=jobs", status=403)


async def test_a_phone_never_becomes_a_filter(clerk):
    await put_seeker()
    page = await clerk.reads("/desk/exports/new?list=seekers&word=19900000101")
    assert "19900000101" not in str(page.select_one("main"))


async def test_only_rows_in_the_askers_reach_leave(clerk, manager, asks, agrees, fetches):
    await put_job("G261201-010001")
    await put_job("G261201-010002", station=LING)
    url = await asks(clerk, "jobs")
    await agrees(manager, url)
    rows = lines(await fetches(clerk, url))
    assert [row[0] for row in rows[3:]] == ["G261201-010001"]


async def test_what_was_approved_before_a_restart_is_made_afterwards(clerk, manager, asks, gave_password, app, monkeypatch):
    from web.export_runs import ExportRuns

    await put_job("G261201-010001")
    url = await asks(clerk, "jobs")
    await gave_password(manager)
    await manager.reads(url)
    monkeypatch.setattr(app.litestar.state.exports, "start", lambda export_id: None)
    await manager.sends(f"{url}/decision", decision="yes")
    page = await clerk.reads(url)
    assert page.select_one("progress") is not None
    with at(now() + timedelta(minutes=10)):
        runs = ExportRuns()
        assert await runs.resume() == 1
        await runs.settled()
    assert (await Export.select(Export.state).first())["state"] == "MADE"


async def test_somebody_who_lost_the_right_meanwhile_gets_no_file(clerk, manager, asks, agrees):
    from db.tables.accounts import Account

    await put_job("G261201-010001")
    url = await asks(clerk, "jobs")
    await Account.update({Account.active: False}).where(Account.id == clerk.account.id)
    await agrees(manager, url)
    assert (await Export.select(Export.state).first())["state"] == "FAILED"


@pytest.mark.parametrize("word", ["诸葛%", "<b>", "&kind=journal"])
async def test_a_filter_of_any_words_is_carried_and_shown_as_text(clerk, asks, word):
    from urllib.parse import quote

    await put_job("G261201-010001")
    page = await clerk.reads(f"/desk/exports/new?list=jobs&word={quote(word)}")
    assert page.select_one("input[name=word]")["value"] == word
    assert f"关键词：{word}" in page.words("main")
