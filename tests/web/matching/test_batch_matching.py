"""批量匹配: one run over the morning, why each was suggested, and a person who decides about every suggestion."""

import json
from datetime import timedelta

import pytest

from db.actions import dispatch
from db.actions.attendance import leave, sign_in
from db.actions.matching import NO_SUGGESTIONS
from db.actions.orders import take_order
from db.actions.seeker_changes import set_suggestions
from db.clock import at, now, today
from db.queries.matching import opened_inputs, posts_to_fill
from db.tables.attendance import SignIn
from db.tables.jobs import Job
from db.tables.journal import JournalEntry
from db.tables.matching import MatchRun, Suggestion
from db.tables.referrals import Referral
from db.tables.seekers import Seeker
from rules.batch import morning_from, suggestions_for
from rules.codes import CallAnswer, EmployerDecline, SignInHow, SkipReason
from tests.cast import LAKE, LING, PEOPLE
from tests.visitor import path_of
from tests.web.conftest import MORNING
from tests.web.matching.conftest import HOME, LOADING, MOVING, RUN
from tests.web.referrals.conftest import CHEN, put_accepted, put_post, put_sample
from web.match_runs import suggested

LIST = f"{HOME}/suggestions"


def rows(page):
    return [" ".join(row.get_text(" ").split()) for row in page.select("table.people tbody tr")]


async def suggestion_of(place: int) -> int:
    return (await Suggestion.select(Suggestion.id).where(Suggestion.place == place).first())["id"]


async def test_the_page_shows_what_can_be_filled_and_who_waits(clerk, posts, queue):
    page = await clerk.reads(HOME)
    assert "今天、明天开工的 2 个岗位，还能安排 2 人" in page.words("form.card h2")
    assert len(page.select("input[name=posts][checked]")) == 2
    assert "今天签到等活、接受系统推荐的有 4 人" in page.words()
    assert "还没有做过批量匹配" in page.words(".empty")


async def test_a_run_suggests_in_the_waiting_order_and_says_why(run):
    first, second = rows(run.page)
    assert "周水生" in first
    assert "等候顺序第1位；想做搬运" in first
    assert "王德厚" in second
    assert "等候顺序第2位" in second
    assert "孙玉兰" not in run.page.words("table.people"), "two places, and two came before her"
    assert "199****0101" in first
    assert "19900000101" not in str(run.page)


async def test_what_went_in_gives_the_same_suggestions_again(run):
    row = await MatchRun.select().first()
    kept = await opened_inputs(row["id"])
    made = [(each["job"], each["seeker"], each["place"], each["reason"]) for each in await Suggestion.select().order_by(Suggestion.place)]
    again = [(each.post_id, each.seeker_id, each.place, each.sentence) for each in suggestions_for(morning_from(kept))]
    assert again == made
    assert [(each.post_id, each.seeker_id, each.place, each.sentence) for each in await suggested(kept)] == made
    assert kept["seed"] == row["seed"]
    assert "周水生" not in json.dumps(kept, ensure_ascii=False)
    assert row["inputs"].startswith("s1."), "what went in is sealed"


async def test_gender_name_and_numbers_change_nothing(clerk, posts, queue):
    """Everything that must not count is exchanged in the database: the same people for the same posts in the same order."""
    await clerk.sends(HOME, page=HOME)
    before = await Suggestion.select(Suggestion.job, Suggestion.seeker, Suggestion.place, Suggestion.reason).order_by(Suggestion.place)
    seed = (await MatchRun.select(MatchRun.seed).first())["seed"]
    kept = await opened_inputs((await MatchRun.select(MatchRun.id).first())["id"])
    for one, gender in zip(queue, ("F", "F", "M", ""), strict=True):
        await Seeker.update(
            {
                Seeker.gender: gender,
                Seeker.name: "改名",
                Seeker.education: "10",
                Seeker.guardian_name: "某人",
                Seeker.phone_owner: "家里人",
                Seeker.id_type: "99",
                Seeker.pay_wish: "随便",
                Seeker.training_wish: "随便",
                Seeker.read_aloud: True,
                Seeker.by_proxy: True,
            }
        ).where(Seeker.id == one.id)
    await clerk.sends(HOME, page=HOME)
    second = await MatchRun.select().where(MatchRun.number == "P261201-2").first()
    turned = await opened_inputs(second["id"])
    assert {**turned, "seed": seed} == kept, "not even what goes in differs"
    assert [
        {"job": each.post_id, "seeker": each.seeker_id, "place": each.place, "reason": each.sentence}
        for each in suggestions_for(morning_from({**turned, "seed": seed}))
    ] == before


async def test_taking_one_up_proposes_the_person(run):
    one = await suggestion_of(1)
    answer = await run.sends(f"{RUN}/suggestions/{one}/referral")
    assert path_of(answer) == RUN
    page = await run.follows(answer)
    assert "已推荐 T26120100001" in rows(page)[0]
    assert (await Referral.select().first())["state"] == "PROPOSED"
    kept = await JournalEntry.select().where(JournalEntry.kind == "SUGGESTION_TAKEN").first()
    assert json.loads(kept["body"])["particulars"]["referral"] == "T26120100001"


async def test_a_double_click_proposes_once(run):
    url = f"{RUN}/suggestions/{await suggestion_of(1)}/referral"
    await run.sends(url)
    await run.sends(url, **run.last)
    assert await Referral.count() == 1


async def test_a_double_click_matches_once(clerk, posts, queue):
    first = await clerk.sends(HOME, page=HOME)
    second = await clerk.sends(HOME, **clerk.last)
    assert path_of(first) == path_of(second)
    assert await MatchRun.count() == 1


async def test_who_was_slower_reads_who_was_faster(run, reviewer):
    url = f"{RUN}/suggestions/{await suggestion_of(1)}/referral"
    await reviewer.reads(RUN)
    await run.sends(url)
    page = await reviewer.sends(url, status=422)
    assert "这条建议陈小满已经处理过了：已推荐" in page.words(".problems")
    assert await Referral.count() == 1


async def test_not_taking_one_up_needs_a_reason(run):
    url = f"{RUN}/suggestions/{await suggestion_of(2)}/dropping"
    page = await run.sends(url, status=422, reason="", note="他说明天再来")
    assert "请选择不采用的原因" in page.words(".problems")
    assert page.select_one("details[open] input[name=note]")["value"] == "他说明天再来"
    page = await run.follows(await run.sends(url, reason="UNWILLING", note="他说明天再来"))
    assert "不采用 本人不愿意去：他说明天再来" in rows(page)[1]
    assert await Referral.count() == 0


async def test_a_reason_that_discriminates_is_refused(run):
    url = f"{RUN}/suggestions/{await suggestion_of(2)}/dropping"
    page = await run.sends(url, status=422, reason="OTHER", note="老板只要男的")
    assert "歧视" in page.words(".problems")
    assert page.select_one("mark").text
    assert (await Suggestion.select().where(Suggestion.decision != "").first()) is None


async def test_the_whole_page_is_taken_up_at_one_confirmation(run):
    page = await run.sends(f"{RUN}/referrals", status=422)
    assert "请先逐条看一遍" in page.words(".problems")
    ids = [each["value"] for each in run.page.select(f'form[action="{RUN}/referrals"] input[name=suggestions]')]
    page = await run.follows(await run.sends(f"{RUN}/referrals", suggestions=ids, seen="y"))
    assert "已推荐2人" in page.words(".said")
    assert "都处理过了" in page.words("h1")
    assert await Referral.count() == 2
    assert await JournalEntry.count().where(JournalEntry.kind == "SUGGESTION_TAKEN") == 2
    await run.sends(f"{RUN}/referrals", suggestions=ids, seen="y")
    assert await Referral.count() == 2


async def test_what_cannot_be_taken_up_is_said_and_the_rest_is_done(run, posts, queue):
    """Meanwhile 王德厚 has agreed to other work at the same time: his suggestion stays, the other one is taken up."""
    job = (await Suggestion.select(Suggestion.job).where(Suggestion.place == 2).first())["job"]
    await put_accepted(job, queue[1].id)
    ids = [str(await suggestion_of(place)) for place in (1, 2)]
    page = await run.sends(f"{RUN}/referrals", status=422, suggestions=ids, seen="y")
    assert "没有推荐成" in page.words(".problems")
    assert [each["decision"] for each in await Suggestion.select().order_by(Suggestion.place)] == ["TAKEN", ""]


async def test_who_wants_no_suggestions_is_never_in(clerk, posts, queue):
    await set_suggestions(queue[0].id, False, actor=CHEN)
    for whom in ("HERE", "REGISTERED"):
        page = await clerk.follows(await clerk.sends(HOME, page=HOME, whom=whom))
        assert "周水生" not in page.words("table.people")
        assert "王德厚" in page.words("table.people")


async def test_who_turns_suggestions_off_later_is_not_proposed_by_one(run, queue):
    await set_suggestions(queue[0].id, False, actor=CHEN)
    page = await run.sends(f"{RUN}/suggestions/{await suggestion_of(1)}/referral", status=422)
    assert NO_SUGGESTIONS in page.words(".problems")
    assert "本人不接受系统推荐了" in rows(page)[0]


@pytest.mark.parametrize("whom", ["HERE", "REGISTERED"])
async def test_who_did_not_go_when_called_or_was_passed_over_is_not_suggested_for_that_post_today(clerk, posts, queue, whom):
    """As in the desk's own order: for this post not again today, for another one as before."""
    tickets = [row["id"] for row in await SignIn.select(SignIn.id).order_by(SignIn.ticket)]
    absent, declined = (
        await dispatch.call(tickets[0], posts[0], actor=CHEN),
        await dispatch.call(tickets[1], posts[0], named=True, note="周经理", actor=CHEN),
    )
    await dispatch.answer_call(absent.id, CallAnswer.ABSENT, actor=CHEN)
    await dispatch.answer_call(declined.id, CallAnswer.DECLINES, actor=CHEN)
    page = await clerk.follows(await clerk.sends(HOME, page=HOME, posts=[MOVING], whom=whom))
    assert len(rows(page)) == 1
    assert "孙玉兰" in rows(page)[0]
    await dispatch.skip(tickets[2], posts[0], SkipReason.TIME, "", actor=CHEN)
    page = await clerk.follows(await clerk.sends(HOME, page=HOME, posts=[MOVING], whom=whom))
    assert not rows(page)
    kept = await opened_inputs((await MatchRun.select(MatchRun.id).order_by(MatchRun.id, ascending=False).first())["id"])
    assert suggestions_for(morning_from(kept)) == [], "what went in says so, and gives the same again"
    page = await clerk.follows(await clerk.sends(HOME, page=HOME, posts=[LOADING], whom=whom))
    assert any(name in rows(page)[0] for name in ("周水生", "王德厚", "孙玉兰")), "for another post as before"


async def test_everybody_registered_may_be_matched_and_who_left_is_not(clerk, posts, queue):
    for row in await SignIn.select(SignIn.id):
        await leave(row["id"], actor=CHEN)
    page = await clerk.sends(HOME, page=HOME, status=422)
    assert "今天还没有签到等活" in page.words(".problems")
    page = await clerk.follows(await clerk.sends(HOME, whom="REGISTERED"))
    assert len(rows(page)) == 2


async def test_only_the_ticked_posts_are_matched(clerk, posts, queue):
    page = await clerk.follows(await clerk.sends(HOME, page=HOME, posts=[LOADING]))
    assert "展馆搬运工" in rows(page)[0]
    assert len(rows(page)) == 1
    page = await clerk.sends(HOME, page=HOME, status=422, posts=[])
    assert "请至少勾一个岗位" in page.words(".problems")
    page = await clerk.sends(HOME, status=422, posts=["G261201-019999", "<b>"], whom="ALL")
    assert page.select(".problems li")


async def test_places_somebody_was_asked_for_are_not_given_twice(run):
    await run.sends(f"{RUN}/suggestions/{await suggestion_of(1)}/referral")
    assert len((await run.reads(HOME)).select("input[name=posts]")) == 1
    await run.sends(f"{RUN}/suggestions/{await suggestion_of(2)}/referral", page=RUN)
    assert not (await run.reads(HOME)).select("input[name=posts]")
    with at(MORNING + timedelta(hours=25)):  # nobody answered: both lapsed, and tomorrow's post is still ahead
        assert [row["number"] for row in await posts_to_fill(LAKE, today())] == [LOADING]


async def test_a_post_of_the_day_after_tomorrow_waits(clerk, posts, queue):
    await Job.update({Job.start_date: now().date() + timedelta(days=2)}).where(Job.number == MOVING)
    assert MOVING not in (await clerk.reads(HOME)).words("#posts")


async def test_without_posts_the_page_says_what_to_do(clerk, house):
    assert "等着接单的需求" in (await clerk.reads(HOME)).words(".empty")
    page = await clerk.sends(HOME, status=422)
    assert page.select(".problems li")


async def test_a_demand_taken_over_is_matched_with_ones_own_people(clerk, posts, queue):
    """走马岭's demand, taken over here: 金银湖's people may go, 走马岭's own who stands here is asked by 走马岭."""
    await Job.update({Job.station: LING, Job.listed: True, Job.published_at: now() - timedelta(hours=3)}).where(Job.number == MOVING)
    await Seeker.update({Seeker.station: LING}).where(Seeker.id == queue[0].id)
    await take_order(posts[0], actor=CHEN)
    page = await clerk.reads(HOME)
    assert "走马岭零工驿站的需求，本站接了单" in page.words("#posts")
    page = await clerk.follows(await clerk.sends(HOME, page=HOME, posts=[MOVING]))
    assert "王德厚" in rows(page)[0]
    page = await clerk.follows(await clerk.sends(HOME, page=HOME, posts=[LOADING]))
    assert "别的驿站登记" in rows(page)[0], "for one's own demand he may be proposed, without his name"
    assert "周水生" not in page.words("table.people")


async def test_the_run_is_in_the_journal_and_on_the_list(run):
    kept = await JournalEntry.select().where(JournalEntry.kind == "MATCH_RUN").first()
    said = json.loads(kept["body"])["particulars"]
    assert (said["matched_posts"], said["matched_count"], said["matched_filled"]) == (2, 4, 2)
    page = await run.reads(HOME)
    assert "P261201-1" in page.words("#runs")
    page = await run.reads(f"{LIST}?run=p261201-1&decision=OPEN")
    assert "周水生" in page.words("table")
    assert "没有符合条件的建议" in (await run.reads(f"{LIST}?decision=TAKEN")).words(".empty")
    assert "还没有" not in (await run.reads(LIST)).words("table")


async def test_the_fragments_alone(run):
    for url, id in ((HOME, "runs"), (LIST, "suggestions"), (RUN, "suggestions")):
        part = await run.reads(url, fragment=True)
        assert part.select_one(f"#{id}")
        assert not part.select("h1")


async def test_another_station_cannot_tell_the_run_exists(run, stranger):
    one = await suggestion_of(1)
    await stranger.reads(HOME)
    await stranger.reads(RUN, status=404)
    for url in (f"{RUN}/referrals", f"{RUN}/suggestions/{one}/referral", f"{RUN}/suggestions/{one}/dropping"):
        await stranger.sends(url, page=HOME, status=404)
    assert "P261201-1" not in (await stranger.reads(LIST)).words()
    assert await Referral.count() == 0


async def test_who_may_not(run, lawyer, officer, overseer, passer_by):
    for visitor in (lawyer, officer, overseer):
        for url in (HOME, LIST, RUN):
            await visitor.reads(url, status=403)
    await passer_by.reads(HOME, status=303)


@pytest.mark.parametrize("reason", list(EmployerDecline)[:1])
async def test_junk_is_answered_in_a_sentence(run, reason):
    url = f"{RUN}/suggestions/{await suggestion_of(2)}/dropping"
    for junk in ("EVERYTHING", "<script>", "Ｑ" * 10_000, reason.value):
        page = await run.sends(url, status=422, reason=junk)
        assert page.select(".problems li")
    for ids in (["1"], ["999999999999999999999999"], ["x"]):
        await run.sends(f"{RUN}/referrals", status=303 if ids == ["1"] else 422, suggestions=ids, seen="y", page=RUN)
    assert await Referral.count() == 0


async def test_somebody_new_waits_behind(clerk, posts, queue):
    """The waiting order of the registered is the days waited, never the number of the registration."""
    await put_sample("S05", trades=("C01",))
    await Seeker.update({Seeker.created_at: now() - timedelta(days=40)}).where(Seeker.id == queue[2].id)
    page = await clerk.follows(await clerk.sends(HOME, page=HOME, whom="REGISTERED"))
    assert "孙玉兰" in rows(page)[0]
    assert "等了40天" in rows(page)[0]
    assert PEOPLE["chen"].name in page.words(".crumb")


async def test_the_matching_counts_the_days_waited_as_the_desk_does(clerk, posts, people):
    """A place promised since the registration begins the waiting anew, on the list of the morning and in the sentence of the matching."""
    await Seeker.update({Seeker.created_at: now() - timedelta(days=40)}).where(Seeker.id == people[2].id)
    later = await put_post("J02", "G261201-010009", trade="C01", title="下月的搬运", start_date="2026-12-20", end_date="2026-12-20")
    promised = await put_accepted(later, people[2].id)
    await Referral.update({Referral.employer_answered_at: now() - timedelta(days=5)}).where(Referral.id == promised)
    await sign_in(LAKE, people[2].id, SignInHow.CARD, actor=PEOPLE["chen"])
    assert "5天" in (await clerk.reads("/desk/today")).words("#waiting")
    page = await clerk.follows(await clerk.sends(HOME, page=HOME))
    assert "孙玉兰" in rows(page)[0]
    assert "等了5天" in rows(page)[0]
