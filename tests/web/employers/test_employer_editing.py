"""Changing what is registered: blank fields stay, new people must be proved, nothing escapes a block."""

from dataclasses import replace

import pytest

from db.actions.employer_standing import set_credit, update_employer
from db.actions.people import employer_account
from db.queries.employers import employer_facts, opened_employer, opened_registration
from db.tables.accounts import Account
from db.tables.employers import Employer, EmployerDecision
from db.tables.jobs import Job
from db.tables.journal import JournalEntry
from rules.codes import CreditState, EmployerState
from rules.errors import RuleBroken
from rules.journal_reading import readable
from tests.cast import PEOPLE
from tests.web.posts_scene import CODE, OTHER_CODE, put_employer, put_published


async def edit(clerk, id: int, status: int = 303, **fields):
    return await clerk.sends(f"/desk/employers/{id}/edit", status=status, page=f"/desk/employers/{id}/edit", **fields)


async def test_another_phone_changes_the_phone_and_nothing_else(clerk):
    id = await put_employer()
    account = await employer_account(id, password_hash="", actor=None)
    await edit(clerk, id, phone="139 0000 0099", why="经办人换了电话")
    assert (await opened_employer(id))["phone"] == "13900000099"
    facts = await employer_facts(id)
    assert facts.state is EmployerState.VERIFIED
    row = await Employer.select(Employer.phone_index, Employer.agent_name).first()
    assert row["agent_name"] == "周晓明"
    assert (await Account.select(Account.phone_index).where(Account.id == account.id).first())["phone_index"] == row["phone_index"]
    entry = await JournalEntry.select(JournalEntry.body).where(JournalEntry.kind == "EMPLOYER_UPDATED").first()
    assert "13900000099" not in entry["body"]


async def test_the_form_shows_no_number_no_address_and_no_person(clerk):
    id = await put_employer()
    page = await clerk.reads(f"/desk/employers/{id}/edit")
    for secret in (CODE, "13900000001", "宏图大道18号", "刘大海", "周晓明"):
        assert secret not in str(page)
    assert page.select_one("#name")["value"] == "武汉湖畔物流有限公司"


async def test_another_name_must_be_verified_again_with_new_documents(clerk):
    id = await put_employer()
    await edit(clerk, id, name="武汉湖畔供应链有限公司", why="单位改了名称")
    assert (await employer_facts(id)).state is EmployerState.PENDING
    page = await clerk.reads(f"/desk/employers/{id}")
    assert [tick["value"] for tick in page.select("#seen input")] == ["LICENCE", "AUTHORISATION"]
    decisions = [row["decision"] for row in await EmployerDecision.select(EmployerDecision.decision).order_by(EmployerDecision.id)]
    assert decisions == ["VERIFIED", "PENDING"]


async def test_another_agent_keeps_the_verification_but_must_show_papers_next_time(clerk):
    id = await put_employer()
    await edit(clerk, id, agent_name="钱小丽", why="经办人换人")
    assert (await employer_facts(id)).state is EmployerState.VERIFIED
    page = await clerk.reads(f"/desk/employers/{id}")
    assert {"AUTHORISATION", "AGENT_ID"} <= {tick["value"] for tick in page.select("#seen input")}


async def test_no_reason_or_no_change_is_refused_with_the_typing_kept(clerk):
    id = await put_employer()
    page = await edit(clerk, id, 422, industry="仓储", why="改")
    assert "至少5个字" in page.words(".problems")
    assert page.select_one("#industry")["value"] == "仓储"
    page = await edit(clerk, id, 422, why="什么都没有改")
    assert "没有改动" in page.words(".problems")


async def test_a_number_known_here_is_refused(clerk):
    await put_employer(name="另一家公司", id_number=OTHER_CODE)
    id = await put_employer()
    page = await edit(clerk, id, 422, id_number=OTHER_CODE, why="代码抄错了")
    assert "已经登记过：另一家公司" in page.words(".problems")


async def test_a_new_number_does_not_escape_the_block_of_another_station(house):
    here, there = await put_employer(), await put_employer(who="lin")
    await set_credit(there, CreditState.BLOCKED, "欠薪已经查实", actor=PEOPLE["zheng"])
    new = await opened_registration(here)
    await update_employer(here, replace(new, id_number=OTHER_CODE), "代码抄错了", actor=PEOPLE["chen"])
    assert (await employer_facts(here)).credit is CreditState.BLOCKED


async def test_a_name_that_may_no_longer_be_shown_leaves_the_board_at_once(clerk, passer_by):
    id = await put_employer(name_public=True)
    ref = await put_published(employer=id)
    assert "武汉湖畔物流有限公司" in str(await passer_by.reads(f"/jobs/{ref.number}"))
    form = {**clerk.filled(""), "why": "单位不再同意公开全称"} if clerk.page else {"why": "单位不再同意公开全称"}
    await clerk.reads(f"/desk/employers/{id}/edit")
    fields = clerk.filled(f"/desk/employers/{id}/edit")
    fields.pop("name_public")
    clerk.page.select_one("#name_public").attrs.pop("checked")
    await clerk.sends(f"/desk/employers/{id}/edit", **form)
    row = await Job.select(Job.employer_label).where(Job.id == ref.id).first()
    assert row["employer_label"] == "武汉某物流公司"
    assert "武汉湖畔物流有限公司" not in str(await passer_by.reads(f"/jobs/{ref.number}"))


async def test_another_stations_employer_cannot_be_changed(stranger, officer):
    id = await put_employer()
    await stranger.reads(f"/desk/employers/{id}/edit", status=404)
    await stranger.sends(f"/desk/employers/{id}/edit", status=404, page="/desk/employers/new", name="别人", why="随便改一改")
    await officer.reads(f"/desk/employers/{id}/edit", status=403)


async def test_the_journal_names_the_changed_fields_in_words():
    assert readable({"employer_fields": ["phone", "legal_representative"]}) == [("改动的栏目", "经办人电话、法定代表人（负责人）")]


async def test_the_kind_stays_whatever_is_posted(clerk):
    id = await put_employer()
    await edit(clerk, id, kind="INDIVIDUAL", phone="13900000099", why="经办人换了电话")
    assert (await Employer.select(Employer.kind).first())["kind"] == "UNIT"


async def test_a_change_of_an_unverified_employer_stays_waiting(house):
    id = await put_employer(verified=False)
    new = await opened_registration(id)
    await update_employer(id, replace(new, name="改了名字的公司"), "名称抄错了", actor=PEOPLE["chen"])
    assert not await EmployerDecision.exists()
    with pytest.raises(RuleBroken, match="没有改动"):
        await update_employer(id, replace(new, name="改了名字的公司"), "名称抄错了", actor=PEOPLE["chen"])
