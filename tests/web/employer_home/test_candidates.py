"""The workers who agreed: masked until the employer says yes, too; the answer with a reason that has to do with the work."""

from datetime import date, timedelta

from db.actions.referrals import propose, worker_accepts
from db.tables.journal import JournalEntry
from db.tables.referrals import Referral
from rules.codes import ConsentMethod
from tests.cast import PEOPLE
from tests.web.conftest import MORNING
from tests.web.employer_home.conftest import later
from tests.web.posts_scene import put_published
from tests.web.referrals.conftest import put_sample

CHEN = PEOPLE["chen"]


async def scene(boss, *, agreed: bool = True, who: str = "S01", **changes):
    """A moving job of the employer and a worker proposed for it; (address of the list, referral)."""
    post = await put_published(employer=boss.id, trade="C01", end_date=date(2026, 12, 3), **changes)
    seeker = await put_sample(who, skills="会开叉车，电话19900000101，力气大")
    ref = await propose(post.id, seeker.id, actor=CHEN)
    if agreed:
        await worker_accepts(ref.id, method=ConsentMethod.SIGNED_PAPER, actor=CHEN)
    return f"/employer/jobs/{post.number}/candidates", ref


async def state_of(ref) -> str:
    return (await Referral.select(Referral.state).where(Referral.id == ref.id).first())["state"]


async def test_before_both_said_yes_nobody_is_named(boss):
    url, _ = await scene(boss)
    assert "等您答复" in (await boss.visitor.reads("/employer")).words(".todo.now")
    page = await boss.visitor.reads(url)
    said = page.words("main")
    assert "周水生" not in str(page)
    assert "19900000101" not in str(page)
    assert "零工…" in said
    assert "叉车司机证" in said
    assert "会开叉车" in said, "skills without the telephone number"
    assert "想干这个工种" in said


async def test_who_has_not_agreed_is_only_counted(boss):
    url, _ = await scene(boss, agreed=False)
    page = await boss.visitor.reads(url)
    assert "驿站还在问1人" in page.words("main")
    assert not page.select("section.plate")


async def test_a_yes_opens_name_and_phone(boss):
    url, ref = await scene(boss)
    await boss.visitor.reads(url)
    await boss.visitor.sends(f"/employer/referrals/{ref.number}/answer", answer="yes")
    assert await state_of(ref) == "EMPLOYER_ACCEPTED"
    page = await boss.visitor.reads(url)
    assert "周水生" in page.words("main")
    assert page.select_one("a[href='tel:19900000101']")
    row = await Referral.select(Referral.employer_answered_by).where(Referral.id == ref.id).first()
    assert row["employer_answered_by"].startswith("雇主本人")
    entry = await JournalEntry.select().where(JournalEntry.kind == "REFERRAL_EMPLOYER_ACCEPTED").first()
    assert entry["account_id"] == boss.actor.id


async def test_the_contact_is_gone_thirty_days_after_the_work(boss):
    url, ref = await scene(boss)
    await boss.visitor.reads(url)
    await boss.visitor.sends(f"/employer/referrals/{ref.number}/answer", answer="yes")
    async with later(MORNING + timedelta(days=33)):
        page = await boss.visitor.reads(url)
        assert "19900000101" not in str(page)
        assert "周水生" not in str(page)


async def test_a_no_needs_a_reason_of_the_work(boss):
    url, ref = await scene(boss)
    await boss.visitor.reads(url)
    answer = f"/employer/referrals/{ref.number}/answer"
    page = await boss.visitor.sends(answer, status=422, answer="no")
    assert "请选择原因" in page.words(".problems")
    page = await boss.visitor.sends(answer, status=422, answer="no", employer_reason="OTHER", employer_note="不要女的，只要男的")
    assert page.select(".marked mark")
    assert "歧视" in page.words(".problems")
    assert await JournalEntry.exists().where(JournalEntry.kind == "REFERRAL_REASON_REFUSED")
    await boss.visitor.sends(answer, answer="no", employer_reason="SKILL", employer_note="")
    assert await state_of(ref) == "EMPLOYER_DECLINED"
    page = await boss.visitor.reads(url)
    assert "19900000101" not in str(page)


async def test_a_yes_is_called_off_with_a_reason(boss):
    url, ref = await scene(boss)
    await boss.visitor.reads(url)
    await boss.visitor.sends(f"/employer/referrals/{ref.number}/answer", answer="yes")
    cancel = f"/employer/referrals/{ref.number}/cancellation"
    page = await boss.visitor.sends(cancel, status=422, page=url, reason="算了")
    assert "至少5个字" in page.words(".problems")
    await boss.visitor.sends(cancel, reason="货车坏了，明天不用卸货")
    assert await state_of(ref) == "CANCELLED_BY_EMPLOYER"


async def test_two_cards_are_two_forms(boss):
    url, first = await scene(boss, headcount=2)
    job = (await Referral.select(Referral.job).where(Referral.id == first.id).first())["job"]
    seeker = await put_sample("S03")
    second = await propose(job, seeker.id, actor=CHEN)
    await worker_accepts(second.id, method=ConsentMethod.SIGNED_PAPER, actor=CHEN)
    page = await boss.visitor.reads(url)
    assert len(page.select("section.plate form")) == 2
    page = await boss.visitor.sends(f"/employer/referrals/{second.number}/answer", status=422, answer="")
    assert page.words(".problems")
    assert await state_of(second) == "WORKER_ACCEPTED"


async def test_another_employers_candidates_do_not_exist(boss, rival):
    url, ref = await scene(boss)
    await rival.visitor.reads(url, status=404)
    await rival.visitor.sends(f"/employer/referrals/{ref.number}/answer", page="/employer", status=404, answer="yes")
    await rival.visitor.sends(f"/employer/referrals/{ref.number}/cancellation", page="/employer", status=404, reason="我就是要取消")
    assert await state_of(ref) == "WORKER_ACCEPTED"


async def test_the_desk_reads_who_answered(boss, clerk):
    url, ref = await scene(boss)
    await boss.visitor.reads(url)
    await boss.visitor.sends(f"/employer/referrals/{ref.number}/answer", answer="yes")
    assert "雇主本人" in (await clerk.reads(f"/desk/referrals/{ref.number}")).words("main")
