"""A rating by the QR of a slip: without an account, once, with nobody's name on the page."""

from datetime import timedelta

import pytest

from db.actions.ratings import make_ticket
from db.clock import at, now
from db.tables.accounts import Submission
from db.tables.complaints import Complaint
from db.tables.followups import Rating, RatingTicket
from db.tables.journal import JournalEntry
from db.tables.referrals import Referral
from rules.codes import ReferralState, Side
from rules.journal import EventKind
from tests.cast import LAKE, PEOPLE
from tests.web.agreement_scene import WORKER_PHONE
from tests.web.ratings.conftest import FINE, NUMBER, SCORES, day

NAMES = ("李小明", "李", WORKER_PHONE, "周经理", "13900000001", "湖滨物流有限公司")


async def test_the_link_of_a_slip_is_kept_as_a_hash_and_stays_the_same_when_printed_again(ended):
    token = await make_ticket(ended.referral, Side.WORKER, actor=PEOPLE["chen"])
    with at(day(30)):
        assert await make_ticket(ended.referral, Side.WORKER, actor=PEOPLE["chen"]) == token
    assert await make_ticket(ended.referral, Side.EMPLOYER, actor=PEOPLE["chen"]) != token
    assert len(token) == 32
    rows = await RatingTicket.select()
    assert len(rows) == 2
    assert token not in str(rows)
    bodies = [row["body"] for row in await JournalEntry.select(JournalEntry.body)]
    assert sum(EventKind.RATING_LINK_MADE.value in body for body in bodies) == 2
    assert not [body for body in bodies if token in body]


async def test_the_referral_slip_carries_the_link(clerk, passer_by, placed, quick_printer):
    await Referral.update({Referral.employer_answered_at: now()}).where(Referral.id == placed.referral)
    for _ in range(2):
        await clerk.fetches(f"/desk/referrals/{NUMBER}/slip.pdf")
    token = await make_ticket(placed.referral, Side.WORKER, actor=None)
    assert f"/rate/{token}" in str(quick_printer.printed[0])
    assert await RatingTicket.count() == 1
    await passer_by.reads(f"/rate/{token}")


async def test_whoever_holds_the_slip_rates_once_and_nobody_is_named(passer_by, slip, ended):
    with at(day(4)):
        page = await passer_by.reads(slip)
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["referrer-policy"] == "strict-origin", "no-referrer would make a browser send the form with Origin: null"
        assert "仓库卸货" in page.words("main")
        assert not [name for name in NAMES if name in page.words("main")]
        assert not page.select("script")
        assert slip.rpartition("/")[2] not in page.select_one(".tools").decode()
        saved = await passer_by.sends(slip, **FINE, tags=["AS_DESCRIBED", "PAID_LATE"], words="等的时间有点长")
        assert saved.headers["location"] == "/rate"
        thanked = (await passer_by.follows(saved)).words("body")
        assert "评价收到了" in thanked
        assert "请用手机扫" not in thanked, "who has just rated is not sent to scan again"
    rows = {row["about"]: row for row in await Rating.select()}
    assert set(rows) == {"STATION", "EMPLOYER"}
    assert [rows["STATION"][name] for name in SCORES] == [5, 4, 5, 4]
    assert rows["STATION"]["station"] == LAKE
    assert rows["STATION"]["how"] == "SLIP"
    assert "等的时间" not in rows["STATION"]["words"]
    assert rows["EMPLOYER"]["tags"] == '["AS_DESCRIBED", "PAID_LATE"]'
    with at(day(5)):
        assert "已经评价过" in (await passer_by.reads(slip, status=410)).words("main")
    stored = str(await Submission.select())
    assert "/rate" in stored
    assert slip not in stored


async def test_the_same_form_sent_twice_counts_once(passer_by, slip):
    await passer_by.sends(slip, page=slip, **FINE)
    repeated = await passer_by.client.post(slip, data=passer_by.last)
    assert repeated.status_code == 303
    assert await Rating.count() == 2


async def test_another_form_of_a_used_slip_is_told_so_kindly(passer_by, slip, sit_down):
    second = await sit_down(None)
    await second.reads(slip)
    await passer_by.sends(slip, page=slip, **FINE)
    late = await second.sends(slip, status=410, **FINE)
    assert "用过" in late.words("main")
    assert await Rating.count() == 2


async def test_what_is_missing_is_said_and_what_was_chosen_stays(passer_by, slip):
    page = await passer_by.sends(slip, page=slip, status=422, attitude="2", words="慢")
    assert "办事速度" in page.words(".problems")
    assert page.select_one("input[name=attitude][value='2']").has_attr("checked")
    assert page.select_one("textarea[name=words]").text.strip() == "慢"
    assert await Rating.count() == 0


async def test_an_insult_is_asked_about_and_kept_when_it_is_meant(passer_by, slip):
    assert (await passer_by.reads(slip)).select_one("input[name=meant]") is None
    page = await passer_by.sends(slip, status=422, **FINE, words="窗口那个人是混蛋")
    assert "骂人" in page.words(".problems")
    await passer_by.sends(slip, meant="y")
    assert await Rating.count() == 2


async def test_money_taken_goes_past_the_station_with_the_words(passer_by, slip):
    saved = await passer_by.sends(slip, page=slip, **SCORES, fee="yes", words="柜台的人收了30元")
    assert "直接报监督单位" in (await passer_by.follows(saved)).words("body")
    complaint = await Complaint.select(Complaint.route, Complaint.kind, Complaint.level, Complaint.source).first()
    assert complaint == {"route": "SUPERVISOR", "kind": "FEE", "level": "HIGH", "source": "RATING"}
    assert [row["words"] for row in await Rating.select(Rating.words)] == ["", ""]
    bodies = [row["body"] for row in await JournalEntry.select(JournalEntry.body).where(JournalEntry.chain == f"station:{LAKE}")]
    assert not [body for body in bodies if "30元" in body or "TS26" in body]


@pytest.mark.parametrize(("state", "words"), [(ReferralState.CONFIRMED, "上岗以后"), (ReferralState.EVALUATED, "时间已经过了")])
async def test_a_slip_that_is_not_of_use_now_says_why(passer_by, slip, ended, state, words):
    await Referral.update({Referral.state: state.value}).where(Referral.id == ended.referral)
    assert words in (await passer_by.reads(slip, status=410)).words("main")


async def test_a_slip_ends_after_half_a_year_and_a_guessed_one_never_works(passer_by, slip):
    with at(day(0) + timedelta(days=181)):
        assert "过了时间" in (await passer_by.reads(slip, status=410)).words("main")
    await passer_by.reads("/rate/0123456789abcdef0123456789abcdef", status=410)
    await passer_by.reads("/rate/x", status=410)
    assert "扫推荐上岗单" in (await passer_by.reads("/rate")).words("main")


async def test_the_employers_slip_asks_about_the_work_of_the_worker(passer_by, ended):
    url = f"/rate/{await make_ticket(ended.referral, Side.EMPLOYER, actor=None)}"
    page = await passer_by.reads(url)
    assert page.select_one("input[value=GOOD_WORK]")
    assert page.select_one("input[value=PAID_LATE]") is None
    assert "李" not in page.words("main")
    await passer_by.sends(url, **FINE, tags="GOOD_WORK")
    assert {row["about"] for row in await Rating.select(Rating.about)} == {"STATION", "WORKER"}
