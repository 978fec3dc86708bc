"""What the two sides say of each other: opened together, inside only, with one reply; then the referral is evaluated."""

from db.actions.followups import record_follow_up
from db.actions.people import worker_account
from db.actions.ratings import evaluate_due, rate
from db.queries.ratings import tags_about_employer, tags_about_seeker
from db.tables.followups import FollowUp, Rating
from db.tables.jobs import Job
from db.tables.referrals import Placement
from rules.codes import FollowUpKind, FollowUpMethod, FollowUpResult, HiresAgain, PayState, RatingHow, ReferralState, Side
from rules.followups import Answers
from rules.ratings import Said, Score, Tag
from tests.cast import PEOPLE
from tests.visitor import path_of
from tests.web.agreement_scene import state_of
from tests.web.employer_home.conftest import later
from tests.web.ratings.conftest import FINE, NUMBER, day, put_another

MINE, THEIRS, DESK = f"/me/ratings/{NUMBER}", f"/employer/ratings/{NUMBER}", f"/desk/ratings/works/{NUMBER}"
SAID = Said(scores=dict.fromkeys(Score, 5), fee=False)


async def test_nobody_sees_what_the_other_said_before_both_have_spoken(sit_down, clerk, worker, boss):
    async with later(day(4)):
        shui = await sit_down(worker)
        assert (await shui.reads("/me")).select_one("a[href='/me/ratings']").text.strip() == "评价（1份可以评）"
        assert (await shui.reads("/me/ratings")).select_one(f"a[href='{MINE}']")
        saved = await shui.sends(MINE, page=MINE, **FINE, tags="PAID_LATE")
        assert path_of(saved) == "/me/ratings"
        chief = await sit_down(boss)
        for page in (await chief.reads(THEIRS), await chief.reads("/employer/ratings"), await clerk.reads(DESK), await shui.reads(MINE)):
            assert "工钱付得晚" not in page.words("main")
        await chief.sends(THEIRS, page=THEIRS, **FINE, tags="LATE")
        assert "工钱付得晚" in (await chief.reads(THEIRS)).words("main")
        assert "到岗晚了" in (await shui.reads(MINE)).words("main")
        page = await clerk.reads(DESK)
        assert "工钱付得晚" in page.words("main")
        assert "到岗晚了" in page.words("main")


async def test_seven_days_after_the_end_they_open_and_the_late_side_may_only_rate_the_station(sit_down, worker, boss):
    async with later(day(4)):
        shui = await sit_down(worker)
        await shui.sends(MINE, page=MINE, **FINE, tags="PAID_LATE")
    async with later(day(10)):
        chief = await sit_down(boss)
        page = await chief.reads(THEIRS)
        assert "工钱付得晚" in page.words("main")
        assert page.select_one("input[name=attitude]")
        assert page.select_one("input[name=tags]") is None
        await chief.sends(THEIRS, **FINE)
    assert {(row["side"], row["about"]) for row in await Rating.select(Rating.side, Rating.about)} == {
        ("WORKER", "STATION"),
        ("WORKER", "EMPLOYER"),
        ("EMPLOYER", "STATION"),
    }


async def test_the_rated_side_replies_once_and_the_other_reads_it(sit_down, clerk, worker, boss):
    async with later(day(4)):
        shui, chief = await sit_down(worker), await sit_down(boss)
        await shui.sends(MINE, page=MINE, **FINE)
        await chief.sends(THEIRS, page=THEIRS, **FINE, tags="LATE")
        refused = await shui.sends(f"{MINE}/reply", page=MINE, status=422, words="你这个混蛋")
        assert "骂人" in refused.words(".problems")
        assert refused.select_one("#reply").text.strip() == "你这个混蛋"
        await shui.sends(f"{MINE}/reply", page=MINE, words="那天下雨，路上堵车")
        assert "堵车" not in str(await Rating.select(Rating.reply))
        assert "堵车" in (await chief.reads(THEIRS)).words("main")
        assert "堵车" in (await clerk.reads(DESK)).words("main")
        assert (await shui.reads(MINE)).select_one("#reply") is None
        await shui.sends(f"{MINE}/reply", page="/me", status=422, words="再说一句")


async def test_other_peoples_works_do_not_exist(sit_down, stranger, officer, clerk, ended):
    other = await put_another(ended, 2)
    visitor = await sit_down(await worker_account(other.seeker, actor=None))
    await visitor.reads(MINE, status=404)
    await visitor.reads("/me")
    await visitor.sends(MINE, status=404, **FINE)
    await stranger.reads(DESK, status=404)
    await stranger.reads("/desk/ratings")
    await stranger.sends(f"{DESK}/worker", status=404, **FINE)
    await officer.reads(DESK, status=403)
    await officer.reads("/desk/ratings")
    await officer.sends(f"{DESK}/worker", status=403, **FINE)
    await clerk.reads(f"{DESK}/nobody", status=404)
    assert await Rating.count() == 0


async def test_somebody_without_a_phone_rates_and_replies_at_the_counter(clerk, ended):
    async with later(day(4)):
        await clerk.reads(DESK)
        await clerk.sends(f"{DESK}/worker", page=f"{DESK}/worker", status=422, fee="no")
        saved = await clerk.sends(f"{DESK}/worker", page=f"{DESK}/worker", **FINE, tags="PAID_ON_TIME")
        assert path_of(saved) == DESK
        await clerk.sends(f"{DESK}/employer", page=f"{DESK}/employer", **FINE, tags="LATE")
        await clerk.sends(f"{DESK}/worker/reply", page=f"{DESK}/worker", words="那天下雨")
    assert {row["how"] for row in await Rating.select(Rating.how)} == {"COUNTER"}
    assert {row["recorded_by"] for row in await Rating.select(Rating.recorded_by)} == {PEOPLE["chen"].id}
    page = await clerk.reads("/desk/ratings?number=" + NUMBER, status=303)
    assert path_of(page) == DESK


async def test_a_tag_stands_on_the_desk_page_once_three_works_said_it_openly(clerk, ended):
    scenes = [ended, await put_another(ended, 2), await put_another(ended, 3)]
    employer = (await Job.select(Job.employer).where(Job.id == ended.job).first())["employer"]
    async with later(day(4)):
        for scene in scenes:
            said = Said(scores=dict.fromkeys(Score, 5), fee=False, tags=["PAID_LATE"])
            await rate(scene.referral, Side.WORKER, said, RatingHow.COUNTER, actor=PEOPLE["chen"])
        assert await tags_about_employer(employer) == []
    async with later(day(10)):
        assert await tags_about_employer(employer) == [(Tag.PAID_LATE, 3)]
        assert await tags_about_seeker(ended.seeker) == []
        page = await clerk.reads(f"/desk/employers/{employer}")
        assert "工钱付得晚 3次" in page.words("aside")


async def _follow_up(scene) -> None:
    """Both sides' calls of the end are made."""
    placement = (await Placement.select(Placement.id).where(Placement.referral == scene.referral).first())["id"]
    common = {"method": FollowUpMethod.PHONE, "answered": True, "result": FollowUpResult.FINISHED, "injured": False, "fee_charged": False}
    worker = Answers(**common, pay=PayState.PAID, agreement_got=True, satisfaction=5)
    employer = Answers(**common, arrived=1, pay=PayState.PAID, disputed=False, satisfaction=4, again=HiresAgain.YES)
    await record_follow_up(placement, FollowUpKind.END, Side.WORKER, worker, actor=PEOPLE["chen"])
    await record_follow_up(placement, FollowUpKind.END, Side.EMPLOYER, employer, actor=PEOPLE["chen"])
    assert await FollowUp.count() == 2


async def test_a_followed_up_work_is_evaluated_when_both_have_rated(ended):
    async with later(day(4)):
        await rate(ended.referral, Side.WORKER, SAID, RatingHow.COUNTER, actor=PEOPLE["chen"])
        await rate(ended.referral, Side.EMPLOYER, SAID, RatingHow.COUNTER, actor=PEOPLE["chen"])
        assert await evaluate_due() == 0
        await _follow_up(ended)
        assert await state_of(ended.referral) == ReferralState.FOLLOWED_UP
        assert await evaluate_due() == 1
        assert await state_of(ended.referral) == ReferralState.EVALUATED
        assert await evaluate_due() == 0


async def test_or_seven_days_after_the_last_call(ended, clerk):
    async with later(day(4)):
        await _follow_up(ended)
        await rate(ended.referral, Side.WORKER, SAID, RatingHow.COUNTER, actor=PEOPLE["chen"])
    async with later(day(10)):
        assert await evaluate_due() == 0
    async with later(day(12)):
        assert await evaluate_due() == 1
        page = await clerk.reads(f"{DESK}/employer")
        assert "时间已经过了" in page.words("main")
        await clerk.sends(f"{DESK}/employer", status=422, **FINE)
