"""After the signing: archived, completed, ended early, amended, cancelled; each with its reason, once, and by the right people."""

import json
from datetime import UTC, datetime

import pytest

from db.actions.agreements import complete_agreement
from db.clock import at
from db.tables.agreements import Agreement
from db.tables.documents import Paper
from db.tables.journal import JournalEntry
from db.tables.referrals import Referral
from rules.codes import AgreementType
from rules.errors import RuleBroken
from tests.cast import PEOPLE
from tests.visitor import path_of
from tests.web.agreement_scene import put_guidance, state_of
from tests.web.agreements.conftest import blank_pdf

NEW = "/desk/referrals/T26120100001/agreement?guidance=Y2612010001"
ONE = "/desk/agreements/XLW-2026-000001"
TWO = "/desk/agreements/XLW-2026-000002"


@pytest.fixture
async def draft(clerk, scene):
    await clerk.sends(NEW, page=NEW, quality="码齐")
    return scene


@pytest.fixture
async def signed(clerk, draft, quick_printer):
    await sign(clerk, ONE)
    return draft


@pytest.fixture
async def delivered(clerk, signed):
    await clerk.sends(ONE + "/delivery", page=ONE, how="当面交给本人纸质原件", told="y")
    return signed


async def sign(clerk, one):
    await clerk.sends(one + "/paper", page=one)
    await clerk.sends(one + "/scan", page=one, signatures_seen="y", files={"scan": ("signed.pdf", blank_pdf(), "application/pdf")})


async def states() -> list[str]:
    return [row["state"] for row in await Agreement.select(Agreement.state).order_by(Agreement.id)]


async def noted(kind: str) -> dict:
    row = await JournalEntry.select(JournalEntry.body).where(JournalEntry.kind == kind).first()
    return json.loads(row["body"])["particulars"]


async def test_the_original_is_archived_with_its_place(clerk, delivered):
    page = await clerk.sends(ONE + "/archive", page=ONE, status=422, place=" ")
    assert "请填写原件放在哪里" in page.words(".problems")
    await clerk.sends(ONE + "/archive", page=ONE, place="2号柜第3格")
    assert await states() == ["ARCHIVED"]
    assert (await noted("AGREEMENT_ARCHIVED"))["archive_place"] == "2号柜第3格"
    assert "2号柜第3格" in (await clerk.reads(ONE)).words("aside")


async def test_before_delivery_nothing_is_archived(clerk, signed):
    page = await clerk.sends(ONE + "/archive", page=ONE, status=422, place="2号柜")
    assert "不能登记原件归档" in page.words(".problems")


async def test_work_that_ended_is_completed_with_one_press(clerk, delivered):
    page = await clerk.reads(ONE)
    assert page.select_one(f'form[action="{ONE}/completion"]') is None
    refused = await clerk.sends(ONE + "/completion", status=422)
    assert "还没有到期" in refused.words(".problems")
    await Referral.update({Referral.state: "FOLLOW_UP"}).where(Referral.id == delivered.referral)
    listed = await clerk.reads("/desk/agreements")
    assert "登记履行完" in listed.words("tbody")
    await clerk.sends(ONE + "/completion", page=ONE)
    assert await states() == ["COMPLETED"]
    assert (await noted("AGREEMENT_COMPLETED"))["ended_on"] == "2026-12-03"
    again = await clerk.client.post(ONE + "/completion", data=clerk.last)
    assert again.status_code == 303
    assert await JournalEntry.count().where(JournalEntry.kind == "AGREEMENT_COMPLETED") == 1


async def test_a_passed_last_day_is_enough(clerk, delivered):
    row = await Agreement.select(Agreement.id).first()
    with at(datetime(2026, 12, 3, 2, 0, tzinfo=UTC)), pytest.raises(RuleBroken, match="12月3日"):
        await complete_agreement(row["id"], actor=PEOPLE["chen"])
    with at(datetime(2026, 12, 4, 2, 0, tzinfo=UTC)):
        await complete_agreement(row["id"], actor=PEOPLE["chen"])
    assert await states() == ["COMPLETED"]


async def test_an_early_end_keeps_the_notice_facts(clerk, delivered):
    typed = {"ended_on": "2026-12-01", "ended_by": "EMPLOYER", "cause": "仓库提前清完了"}
    page = await clerk.sends(ONE + "/ending", page=ONE, status=422, **typed)
    assert "哪天通知对方" in page.words(".problems")
    assert page.select_one("#cause").text.strip() == "仓库提前清完了"
    await clerk.sends(ONE + "/ending", **typed, notice_on="2026-12-01", notice_how="PHONE")
    said = await noted("AGREEMENT_TERMINATED")
    assert (said["ended_by"], said["notice_how"], said["ended_on"]) == ("EMPLOYER", "PHONE", "2026-12-01")
    page = await clerk.reads(ONE)
    assert "雇主提出" in page.words(".note")
    assert "打电话通知对方" in page.words(".note")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"ended_on": "2026-12-09"}, "还没有到"),
        ({"ended_on": "2026-11-01"}, "早于签订"),
        ({"ended_on": "昨天"}, "没看懂"),
        ({"ended_by": ""}, "谁提出的"),
        ({"ended_by": "NONSENSE"}, "谁提出的"),
        ({"cause": "不干"}, "至少5个字"),
    ],
)
async def test_an_end_that_cannot_be_is_refused_and_the_typing_stays(clerk, delivered, typed, words):
    good = {"ended_on": "2026-12-01", "ended_by": "BOTH", "cause": "双方都同意不做了", "notice_on": "", "notice_how": ""}
    page = await clerk.sends(ONE + "/ending", page=ONE, status=422, **(good | typed))
    assert words in page.words(".problems")
    assert page.select_one("details[open] #cause")
    assert await states() == ["DELIVERED"]


async def test_an_amendment_replaces_the_old_one_when_it_is_signed(clerk, delivered):
    page = await clerk.sends(ONE + "/amendment", page=ONE, status=422, change="改")
    assert "至少5个字" in page.words(".problems")
    saved = await clerk.sends(ONE + "/amendment", page=ONE, change="双方同意多做两天")
    assert path_of(saved) == TWO + "/edit"
    await clerk.follows(saved)
    assert clerk.filled(TWO + "/edit")["quality"] == "码齐"
    await clerk.sends(TWO + "/edit", end_date="2026-12-05")
    old = await clerk.reads(ONE)
    assert "正在变更" in old.words()
    assert "XLW-2026-000002" in old.words("aside")
    assert await states() == ["DELIVERED", "DRAFT"]
    await sign(clerk, TWO)
    assert await states() == ["AMENDED", "SIGNED"]
    said = await noted("AGREEMENT_AMENDED")
    assert (said["amended_by"], said["reason"]) == ("XLW-2026-000002", "双方同意多做两天")
    old = await clerk.reads(ONE)
    assert "已由新协议代替" in old.words(".note")
    assert not old.select('form[action$="/ending"]')
    new = await clerk.reads(TWO)
    assert "代替了 XLW-2026-000001" in new.words()


async def test_only_one_amendment_at_a_time_and_nothing_ends_beside_it(clerk, delivered):
    await clerk.reads(ONE)
    token = clerk.filled(ONE + "/amendment")
    ending = clerk.filled(ONE + "/ending") | {"ended_on": "2026-12-01", "ended_by": "BOTH", "cause": "双方都同意不做了"}
    await clerk.sends(ONE + "/amendment", change="双方同意多做两天")
    for step, fields in (("amendment", token | {"form_token": "another1", "change": "再改一次看看"}), ("ending", ending)):
        answer = await clerk.client.post(f"{ONE}/{step}", data=fields)
        assert answer.status_code == 422
        assert "XLW-2026-000002" in answer.text
    assert await states() == ["DELIVERED", "DRAFT"]


async def test_a_cancelled_amendment_leaves_the_old_one_in_force(clerk, delivered):
    await clerk.sends(ONE + "/amendment", page=ONE, change="双方同意多做两天")
    await clerk.sends(TWO + "/cancellation", page=TWO, why="雇主又不要了，照旧")
    assert await states() == ["DELIVERED", "CANCELLED"]
    page = await clerk.reads(ONE)
    assert page.select_one(f'form[action="{ONE}/amendment"]')
    await clerk.sends(ONE + "/amendment", change="这次真的多做两天")
    assert await states() == ["DELIVERED", "CANCELLED", "DRAFT"]


async def test_a_draft_is_cancelled_with_a_reason_and_makes_room(clerk, draft):
    page = await clerk.sends(ONE + "/cancellation", page=ONE, status=422, why="不要")
    assert "至少5个字" in page.words(".problems")
    await clerk.sends(ONE + "/cancellation", page=ONE, why="雇主改了主意，不招了")
    assert await states() == ["CANCELLED"]
    new = await put_guidance(draft, AgreementType.ONE_OFF_SERVICE, "Y2612010009")
    assert path_of(await clerk.sends(new, page=new)) == TWO


async def test_a_cancelled_print_is_void(clerk, draft, quick_printer):
    await clerk.sends(ONE + "/paper", page=ONE)
    await clerk.sends(ONE + "/cancellation", page=ONE, why="雇主改了主意，不招了")
    row = await Paper.select(Paper.voided_at, Paper.void_reason).first()
    assert row["voided_at"]
    assert row["void_reason"] == "雇主改了主意，不招了"


async def test_a_signed_one_is_not_cancelled(clerk, signed):
    page = await clerk.sends(ONE + "/cancellation", page=ONE, status=422, why="雇主改了主意，不招了")
    assert "不能取消" in page.words(".problems")
    assert await states() == ["SIGNED"]


async def test_large_print_is_the_same_text_and_is_void_with_it(clerk, draft, quick_printer):
    await clerk.reads(ONE)
    early = await clerk.client.post(ONE + "/large-print", data=clerk.filled(ONE + "/cancellation"))
    assert early.status_code == 422
    await clerk.sends(ONE + "/paper", page=ONE)
    await clerk.sends(ONE + "/large-print", page=ONE)
    await clerk.sends(ONE + "/large-print", page=ONE)
    printed = [(template, paper.text) for template, paper in quick_printer.printed]
    assert [template for template, _ in printed] == ["agreement", "agreement_large"]
    assert printed[0][1] == printed[1][1]
    assert (await clerk.fetches(ONE + "/large-print.pdf")).headers["content-type"] == "application/pdf"
    await clerk.sends(ONE + "/voiding", page=ONE, reason="双方改了日期，重新签")
    assert not await Paper.exists().where(Paper.voided_at.is_null())
    await clerk.fetches(ONE + "/large-print.pdf", status=404)


async def test_who_may_read_may_not_take_a_step(lawyer, officer, stranger, clerk, delivered):
    page = await lawyer.reads(ONE)
    assert page.select("main form") == []
    for step in ("archive", "completion", "ending", "amendment", "cancellation", "large-print"):
        await lawyer.sends(f"{ONE}/{step}", status=403, page="/desk/agreements")
        await stranger.sends(f"{ONE}/{step}", status=404, page="/desk/agreements")
    await officer.fetches(ONE + "/large-print.pdf", status=403)
    await stranger.fetches(ONE + "/large-print.pdf", status=404)
    assert await states() == ["DELIVERED"]


async def test_work_may_begin_on_an_archived_agreement(clerk, delivered):
    await clerk.sends(ONE + "/archive", page=ONE, place="2号柜第3格")
    page = await clerk.reads(f"/desk/referrals/{delivered.number}/placement")
    assert page.select_one(f'form[action="/desk/referrals/{delivered.number}/placement"]')
    assert await state_of(delivered.referral) == "CONFIRMED"
