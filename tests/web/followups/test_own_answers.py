"""钱到手了吗, answered by the worker on the own phone: the same rules, the same consequences."""

import pytest

from db.actions.people import worker_account
from db.clock import at, today
from db.queries.alerts import open_alerts
from db.queries.followups import own_calls
from db.tables.complaints import Complaint, LegalCase
from db.tables.followups import FollowUp
from db.tables.journal import JournalEntry
from tests.cast import LAKE, PEOPLE
from tests.visitor import path_of
from tests.web.agreement_scene import put_worker
from tests.web.followups.conftest import NUMBER, day

PAY = f"/me/call-backs/{NUMBER}/pay"


@pytest.fixture
async def worker(ended):
    """The account of 李小明."""
    return await worker_account(ended.seeker, actor=None)


async def test_the_day_after_the_pay_was_due_the_worker_is_asked(sit_down, worker):
    with at(day(4)):
        assert [row["kind"] for row in await own_calls(worker.seeker_id, today())] == ["START"]
    with at(day(5)):
        visitor = await sit_down(worker)
        page = await visitor.reads("/me")
        assert page.select_one(f"a[href='{PAY}']")
        saved = await visitor.sends(PAY, page=PAY, pay="PAID", fee_charged="no")
        assert path_of(saved) == "/me"
        page = await visitor.follows(saved)
        assert page.select_one(f"a[href='{PAY}']") is None
        assert "已经做过了" in (await visitor.reads(PAY)).words("main")
        row = await FollowUp.select(FollowUp.method, FollowUp.pay_state, FollowUp.made_by).first()
        assert row == {"method": "OWN_PAGE", "pay_state": "PAID", "made_by": worker.id}
        assert await LegalCase.count() == 0


async def test_pay_that_did_not_come_opens_the_case_at_once(sit_down, worker):
    with at(day(5)):
        visitor = await sit_down(worker)
        await visitor.sends(PAY, page=PAY, pay="UNPAID", fee_charged="no")
        repeated = await visitor.client.post(PAY, data=visitor.last)
        assert repeated.status_code == 303
    assert [row["claim_fen"] for row in await LegalCase.select(LegalCase.claim_fen)] == [66000]
    assert "UNPAID" in [alert["kind"] for alert in await open_alerts(PEOPLE["wu"].scope)]


async def test_who_took_money_is_never_told_to_the_station(sit_down, worker):
    with at(day(5)):
        visitor = await sit_down(worker)
        saved = await visitor.sends(PAY, page=PAY, pay="PAID", fee_charged="yes", note="柜台的人收了30元")
        assert "直接报监督单位" in (await visitor.follows(saved)).words("body")
    assert (await Complaint.select(Complaint.route).first())["route"] == "SUPERVISOR"
    bodies = [row["body"] for row in await JournalEntry.select(JournalEntry.body).where(JournalEntry.chain == f"station:{LAKE}")]
    assert not [body for body in bodies if "30元" in body or "TS26" in body]


async def test_a_missing_answer_keeps_the_typing(sit_down, worker):
    with at(day(5)):
        visitor = await sit_down(worker)
        page = await visitor.sends(PAY, page=PAY, status=422, pay="PARTLY", note="还差一半")
        assert "拿到了多少元" in page.words(".problems")
        assert page.select_one("input[name=pay][value=PARTLY]").has_attr("checked")
        assert page.select_one("#note").text.strip() == "还差一半"


@pytest.mark.parametrize("which", [f"{NUMBER}/end", f"{NUMBER}/what", "T26120100099/pay"])
async def test_there_is_nothing_else_to_answer(sit_down, worker, which):
    await (await sit_down(worker)).reads(f"/me/call-backs/{which}", status=404)


async def test_another_worker_and_the_station_find_nothing(sit_down, worker):
    other = await worker_account(await put_worker("Q26015000124", "赵大力"), actor=None)
    with at(day(5)):
        visitor = await sit_down(other)
        await visitor.reads(PAY, status=404)
        await visitor.sends(PAY, status=404, page="/me", pay="PAID", fee_charged="no")
        assert "钱到手了吗" not in (await visitor.reads("/me")).words("main")
        await (await sit_down("chen")).reads(PAY, status=403)


async def test_the_own_copy_says_what_was_answered(sit_down, worker):
    with at(day(5)):
        visitor = await sit_down(worker)
        await visitor.sends(PAY, page=PAY, pay="PAID", pay_fen="660", fee_charged="no", note="谢谢驿站")
        page = await visitor.reads("/me/data")
        assert "报酬是否拿到：都拿到了；拿到金额：660" in page.words("main")
        assert "谢谢驿站" in page.words("main")
