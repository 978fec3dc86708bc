"""What an employer does with a post: prolongs, pauses, ends it, says what came of it, says that it still stands, appeals."""

import json
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from db.actions.employer_standing import set_credit
from db.actions.jobs import reject_job, take_down_job, take_review
from db.actions.referrals import propose, worker_accepts
from db.tables.accounts import Alert
from db.tables.employers import Employer
from db.tables.jobs import Job, JobAppeal, JobOutcome
from db.tables.journal import JournalEntry
from db.tables.referrals import Referral
from rules.codes import ConsentMethod, CreditState, EmployerKind, RejectReason
from tests.cast import PEOPLE
from tests.web.conftest import MORNING
from tests.web.employer_home.conftest import later, sit_boss
from tests.web.posts_scene import PERSON, put_employer, put_published, put_submitted
from tests.web.referrals.conftest import put_sample

ZHOU, WU = PEOPLE["zhou"], PEOPLE["wu"]
LATER = datetime(2026, 12, 21, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


async def published(boss, **changes):
    ref = await put_published(employer=boss.id, **changes)
    return ref, f"/employer/jobs/{ref.number}"


async def state_of(ref) -> str:
    return (await Job.select(Job.state).where(Job.id == ref.id).first())["state"]


async def last_entry(kind: str) -> dict:
    row = await JournalEntry.select(JournalEntry.body).where(JournalEntry.kind == kind).order_by(JournalEntry.seq, ascending=False).first()
    return json.loads(row["body"])


async def test_the_employer_prolongs_a_running_post_which_stays_public(boss):
    ref, url = await published(boss)
    await boss.visitor.sends(f"{url}/extension", page=f"{url}/extension", valid_to="2026-12-30", reason="还差两个人没招满")
    row = await Job.select().where(Job.id == ref.id).first()
    assert (row["state"], row["listed"], row["valid_to"], row["version"]) == ("PUBLISHED", True, date(2026, 12, 30), 2)
    told = (await last_entry("JOB_EXTENDED"))["particulars"]
    assert (told["before"], told["valid_to"], told["reason"]) == ("2026-12-20", "2026-12-30", "还差两个人没招满")
    assert "by_proxy" not in told


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"valid_to": "2027-01-15", "reason": "还差两个人没招满"}, "最长30天"),
        ({"valid_to": "2026-12-10", "reason": "还差两个人没招满"}, "更晚的日期"),
        ({"valid_to": "2026-12-30", "reason": "还差"}, "至少5个字"),
        ({"valid_to": "", "reason": ""}, "请填写"),
    ],
)
async def test_a_wrong_extension_is_refused_and_the_typing_kept(boss, typed, said):
    ref, url = await published(boss)
    page = await boss.visitor.sends(f"{url}/extension", status=422, page=f"{url}/extension", **typed)
    assert said in page.words(".problems")
    assert page.select_one("#extension-reason")["value"] == typed["reason"]
    assert (await Job.select(Job.version).where(Job.id == ref.id).first())["version"] == 1


async def test_the_employers_own_extension_verifies_nothing(boss):
    ref, url = await published(boss)
    async with later(MORNING + timedelta(days=14)):
        await boss.visitor.sends(f"{url}/extension", page=f"{url}/extension", status=422, valid_to="2026-12-30", reason="还差两个人没招满")
        assert "日期已经过了" in boss.visitor.page.words(".problems"), "the work of the 4th is over"
    assert (await Job.select(Job.verified_on).where(Job.id == ref.id).first())["verified_on"] == date(2026, 12, 1)


async def test_an_expired_post_is_renewed_and_reviewed_again(boss):
    ref, url = await published(boss)
    async with later(LATER):
        home = await boss.visitor.reads("/employer")
        assert "已过期" in home.words(".posts")
        fields = {"start_date": "2026-12-23", "end_date": "2026-12-24", "valid_to": "2026-12-31", "reason": "年底还要人手"}
        await boss.visitor.sends(f"{url}/extension", page=f"{url}/extension", **fields)
        row = await Job.select().where(Job.id == ref.id).first()
        assert (row["state"], row["listed"], row["reviewer"]) == ("SUBMITTED", False, None)


async def test_pause_and_resume(boss):
    ref, url = await published(boss)
    await boss.visitor.sends(f"{url}/pause", page=url)
    assert await state_of(ref) == "PAUSED"
    await boss.visitor.sends(f"{url}/resumption", page=url)
    assert await state_of(ref) == "PUBLISHED"
    page = await boss.visitor.sends(f"{url}/resumption", status=422, form_token="another-form")
    assert "不能恢复招工" in page.words(".problems")


@pytest.mark.parametrize(("why", "state"), [("FOUND", "FILLED"), ("NOT_NEEDED", "WITHDRAWN")])
async def test_ending_early_ends_the_referrals_nobody_answered(boss, why, state):
    ref, url = await published(boss, trade="C01", start_date=date(2026, 12, 3))
    seeker = await put_sample("S01")
    referral = await propose(ref.id, seeker.id, actor=PEOPLE["chen"])
    await worker_accepts(referral.id, method=ConsentMethod.SIGNED_PAPER, actor=PEOPLE["chen"])
    page = await boss.visitor.sends(f"{url}/ending", status=422, page=f"{url}/ending", why="")
    assert "请选择为什么不招了" in page.words(".problems")
    await boss.visitor.sends(f"{url}/ending", why=why)
    row = await Job.select().where(Job.id == ref.id).first()
    assert (row["state"], row["listed"]) == (state, False)
    assert row["ended_reason"]
    assert (await Referral.select(Referral.state).where(Referral.id == referral.id).first())["state"] == "SUPERSEDED"
    assert (await last_entry("JOB_ENDED_EARLY"))["particulars"]["why"] == why


async def test_other_wants_words(boss):
    ref, url = await published(boss)
    page = await boss.visitor.sends(f"{url}/ending", status=422, page=f"{url}/ending", why="OTHER", note="不")
    assert "至少5个字" in page.words(".problems")
    assert await state_of(ref) == "PUBLISHED"


async def test_after_the_end_the_employer_is_asked_what_came_of_it(boss, clerk):
    ref, url = await published(boss)
    async with later(LATER):
        home = await boss.visitor.reads("/employer")
        assert "招到人了吗" in home.words("main")
        page = await boss.visitor.sends(f"{url}/outcome", status=422, page=f"{url}/outcome", where="STATION", found="")
        assert "请填写招到了几个人" in page.words(".problems")
        await boss.visitor.sends(f"{url}/outcome", where="STATION", found="3", note="下次还来")
        home = await boss.visitor.reads("/employer")
        assert "招到人了吗" not in home.words("main")
        row = await JobOutcome.select().first()
        assert (row["found"], row["where"]) == (3, "STATION")
        assert "下次还来" not in json.dumps(await last_entry("JOB_OUTCOME_TOLD"), ensure_ascii=False)
        page = await clerk.reads(f"/desk/jobs/{ref.number}")
        assert "招到3人，通过驿站找到" in page.words("aside")
        assert ref.number in (await clerk.reads("/desk/jobs?outcome=told")).words("#jobs")
        assert ref.number not in (await clerk.reads("/desk/jobs?outcome=due")).words("#jobs")
        assert ref.number not in (await clerk.reads("/desk/jobs?outcome=nobody")).words("#jobs")


async def test_nobody_found_means_nought(boss):
    _, url = await published(boss)
    async with later(LATER):
        page = await boss.visitor.sends(f"{url}/outcome", status=422, page=f"{url}/outcome", where="NOBODY", found="2")
        assert "请填0" in page.words(".problems")
        await boss.visitor.sends(f"{url}/outcome", where="NOBODY", found="")
    assert (await JobOutcome.select(JobOutcome.found).first())["found"] == 0


async def test_a_running_post_has_no_outcome_yet(boss):
    _, url = await published(boss)
    page = await boss.visitor.sends(f"{url}/outcome", status=422, page=f"{url}/outcome", where="STATION", found="1")
    assert "结束以后再说" in page.words(".problems")


async def test_one_tap_says_that_the_post_still_stands_and_verifies_nothing(boss, clerk):
    ref, url = await published(boss, start_date=date(2026, 12, 18), end_date=date(2026, 12, 18))
    async with later(MORNING + timedelta(days=11)):
        home = await boss.visitor.reads("/employer")
        assert "还在招吗" in home.words("main")
        await boss.visitor.sends(f"{url}/confirmation")
        assert "还在招吗" not in (await boss.visitor.reads("/employer")).words("main")
        row = await Job.select().where(Job.id == ref.id).first()
        assert (row["confirmed_on"], row["verified_on"]) == (date(2026, 12, 12), date(2026, 12, 1))
        assert "在网上确认" in (await clerk.reads(f"/desk/jobs/{ref.number}")).words("aside")
        assert (await last_entry("JOB_CONFIRMED"))["particulars"]["day"] == "2026-12-12"


async def test_a_take_down_is_appealed_once_and_the_manager_is_told(boss):
    ref, url = await published(boss)
    await take_down_job(ref.id, "有人举报收押金", "《就业促进法》第66条", actor=ZHOU)
    page = await boss.visitor.reads(url)
    assert "有人举报收押金" in page.words(".todo.now")
    assert "《就业促进法》第66条" in page.words(".todo.now")
    page = await boss.visitor.sends(f"{url}/appeal", status=422, page=f"{url}/appeal", reason="冤枉")
    assert "至少5个字" in page.words(".problems")
    await boss.visitor.sends(f"{url}/appeal", reason="我们从来没有收过押金，可以问工人。")
    page = await boss.visitor.reads(url)
    assert "等答复" in page.words("main")
    assert not page.select_one(f"a[href='{url}/appeal']")
    page = await boss.visitor.sends(f"{url}/appeal", status=422, page=f"{url}/appeal", reason="再申诉一次看看")
    assert "已经申诉过了" in page.words(".problems")
    assert await JobAppeal.count() == 1
    alert = await Alert.select().where(Alert.kind == "APPEAL").first()
    assert (alert["station"], alert["subject_id"]) == (boss.actor.station_id, ref.id)


async def test_a_rejection_is_appealed(boss):
    ref = await put_submitted(employer=boss.id)
    await take_review(ref.id, actor=ZHOU)
    await reject_job(ref.id, RejectReason.FRAUD, "地址查不到，涉嫌虚假", "《人力资源市场暂行条例》第43条", actor=ZHOU)
    url = f"/employer/jobs/{ref.number}"
    await boss.visitor.sends(f"{url}/appeal", page=f"{url}/appeal", reason="地址是新建的仓库，欢迎来看。")
    assert "申诉" in (await boss.visitor.reads(url)).words(".way")


async def test_nothing_to_appeal_against(boss):
    _, url = await published(boss)
    page = await boss.visitor.sends(f"{url}/appeal", status=422, page=f"{url}/appeal", reason="先申诉了再说吧")
    assert "不用申诉" in page.words(".problems")


async def test_a_blocked_employer_reads_why(boss):
    await set_credit(boss.id, CreditState.BLOCKED, "多次拖欠工钱，查实两次", actor=PEOPLE["sun"])
    home = await boss.visitor.reads("/employer")
    assert "禁止发布" in home.words(".note")
    assert "多次拖欠工钱" in home.words(".note")
    assert not home.select_one("main a[href='/employer/jobs/new']")


async def test_what_another_station_wrote_is_for_the_verified_employer_only(sit_down):
    elsewhere = await put_employer(who="lin")
    await set_credit(elsewhere, CreditState.WATCH, "两次没有按时结工钱", actor=PEOPLE["zheng"])
    verified = await sit_boss(sit_down)
    home = await verified.visitor.reads("/employer")
    assert "重点关注" in home.words("main")
    assert "两次没有按时结工钱" in home.words("main")
    await Employer.update({Employer.state: "PENDING"}).where(Employer.id == verified.id)
    assert "两次没有按时结工钱" not in (await verified.visitor.reads("/employer")).words("main")


async def test_a_household_reads_its_name_masked(sit_down):
    person = {"kind": EmployerKind.INDIVIDUAL, "id_type": "01", "id_number": PERSON, "name": "李红梅", "legal_representative": ""}
    boss = await sit_boss(sit_down, **person, agent_name="李红梅", authorisation="")
    assert "李红梅" not in str(await boss.visitor.reads("/employer"))


async def test_posts_are_listed_by_state_and_paged(boss):
    ref, _ = await published(boss)
    for number in range(22):
        await put_submitted(employer=boss.id, title=f"洗碗工第{number}批", answers={"M12": "是另外一天的活"})
    home = await boss.visitor.reads("/employer")
    assert len(home.select(".posts article")) == 20
    second = await boss.visitor.reads(home.select_one("a[rel=next]")["href"])
    assert len(second.select(".posts article")) == 3
    running = await boss.visitor.reads("/employer?show=running")
    assert [each["href"] for each in running.select(".posts h3 a")] == [f"/employer/jobs/{ref.number}"]
    assert "没有岗位" in (await boss.visitor.reads("/employer?show=over")).words("main")
    await boss.visitor.reads("/employer?show=nonsense&after=junk")
