"""Call-backs: who is to be called when, one screen per call, and what an answer opens by itself."""

from datetime import date

import pytest

from db.actions.followups import alert_late, begin_due, record_follow_up
from db.clock import at, today
from db.queries.alerts import open_alerts
from db.queries.followups import CallFilter, due_calls, own_calls, work_in
from db.queries.reveals import looked_on
from db.tables.complaints import Complaint, LegalCase
from db.tables.documents import Paper
from db.tables.followups import FollowUp
from db.tables.journal import JournalEntry
from db.tables.referrals import Placement
from db.tables.seekers import Reveal, Seeker
from rules.codes import FollowUpKind, FollowUpMethod, FollowUpResult, PayState, ReferralState, Side
from rules.errors import RuleBroken
from rules.followups import CALLS, Answers, is_listed, listed_due
from rules.journal import EventKind
from rules.permissions import Actor, Role
from tests.cast import LAKE, PEOPLE
from tests.visitor import path_of
from tests.web.agreement_scene import WORKER_PHONE, put_second, state_of
from tests.web.followups.conftest import EMPLOYER_FINE, NUMBER, ONE, WORKER_FINE, day
from tests.web.rows import put_placement

LIST = "/desk/follow-ups"
CHEN, ZHENG = PEOPLE["chen"], PEOPLE["zheng"]
FINE = Answers(
    method=FollowUpMethod.PHONE, answered=True, result=FollowUpResult.FINISHED, pay=PayState.PAID, injured=False, fee_charged=False
)
VAIN = Answers(method=FollowUpMethod.PHONE, answered=False)


async def listed(page) -> list[tuple[str, str]]:
    """(kind, side) of the rows of the list of calls."""
    return [(row.select("td")[1].text.strip(), row.select("td")[2].text.split()[0]) for row in page.select("#calls tbody tr")]


async def entries(kind: EventKind) -> list[dict]:
    return await JournalEntry.select(JournalEntry.body, JournalEntry.chain).where(JournalEntry.kind == kind.value)


async def test_the_start_is_asked_of_both_sides_from_the_next_day_and_late_after_three(sit_down, placed):
    page = await (await sit_down("chen")).reads(LIST)
    assert "今天没有要回访的" in page.words(".empty")
    with at(day(1)):
        clerk = await sit_down("zhou")
        page = await clerk.reads(LIST)
        assert await listed(page) == [("上岗回访", "雇主"), ("上岗回访", "零工")]
        assert "12月4日" in page.words("#calls")
        assert "超过期限" not in page.words("#calls")
        assert "李*明" in page.words("#calls"), "masked"
    with at(day(4)):
        page = await (await sit_down("wu")).reads(LIST)
        assert page.words("#calls").count("超过期限") == 2


async def test_the_page_of_the_referral_leads_to_the_calls_to_be_made(sit_down, ended):
    with at(day(5)):
        clerk = await sit_down("chen")
        page = await clerk.reads(f"/desk/referrals/{NUMBER}")
        links = [link["href"] for link in page.select("a[href^='/desk/follow-ups/']")]
        assert links == [f"{ONE}/{end}" for end in ("end/employer", "end/worker", "pay/worker")]
        assert "回访双方" in (await clerk.reads("/desk/referrals")).words("#referrals")
        await clerk.reads(links[2])


async def test_after_the_end_both_sides_and_the_pay_are_asked(sit_down, ended):
    with at(day(5)):
        page = await (await sit_down("chen")).reads(LIST)
        assert await listed(page) == [
            ("完工回访 上岗的一起问", "雇主"),
            ("完工回访 上岗的一起问", "零工"),
            ("工钱回访", "零工"),
        ]


async def test_one_call_asks_about_start_and_end_once_the_work_is_over(sit_down, ended):
    """The line has the day of the start, so that nobody is called later than the board promises; one answer settles both."""
    with at(day(4)):
        clerk = await sit_down("chen")
        row = (await clerk.reads(LIST)).select_one("#calls tbody tr")
        assert "12月4日" in row.text
        assert "超过期限" in row.text
        page = await clerk.reads(f"{ONE}/start/employer")
        assert page.select_one(f".note a[href='{ONE}/end/employer']"), "who comes here by an older link is told"
        page = await clerk.reads(f"{ONE}/end/employer")
        assert "12月4日" in page.words(".headline")
        assert "上岗回访还没有做" in page.words("main")
        await clerk.sends(f"{ONE}/end/employer", result="FINISHED", **EMPLOYER_FINE)
        assert await listed(await clerk.reads(LIST)) == [("完工回访 上岗的一起问", "零工")]
        placement = (await Placement.select(Placement.id).first())["id"]
        said = Answers(**{**_given(FINE), "result": FollowUpResult.STARTED, "pay": PayState.NOT_DUE})
        await record_follow_up(placement, FollowUpKind.START, Side.WORKER, said, actor=CHEN)
        page = await clerk.reads(LIST)
        assert await listed(page) == [("完工回访", "零工")], "the start was asked by itself: the end has its own day"
        assert "12月10日" in page.words("#calls")


async def test_the_worker_is_still_asked_about_the_start_on_his_own_pages(ended):
    """He answers no end call there."""
    with at(day(5)):
        assert {row["kind"] for row in await own_calls(ended.seeker, today())} == {"START", "PAY"}


@pytest.mark.parametrize(
    ("query", "rows"),
    [("kind=PAY", 1), ("side=EMPLOYER", 1), ("late=1", 2), ("kind=START", 0), ("kind=PAY&side=EMPLOYER", 0), ("kind=X&side=Y&after=z", 3)],
)
async def test_the_list_is_narrowed(sit_down, ended, query, rows):
    with at(day(5)):
        page = await (await sit_down("chen")).reads(f"{LIST}?{query}")
        assert len(page.select("#calls tbody tr")) == rows
        if not rows:
            assert "没有这类" in page.words(".empty")


async def test_the_list_goes_on_where_the_page_ended(ended):
    with at(day(5)):
        first = await due_calls(CHEN.scope, today(), CallFilter(), size=1)
        second = await due_calls(CHEN.scope, today(), CallFilter(), first.next, size=1)
        third = await due_calls(CHEN.scope, today(), CallFilter(), second.next, size=1)
    rows = [(row["kind"], row["side"]) for page in (first, second, third) for row in page.rows]
    assert len(rows) == 3
    assert len(set(rows)) == 3
    assert third.next is None


async def test_the_list_and_the_rule_say_the_same(ended):
    """Whatever was made on whichever day: the SQL of the list agrees with `rules.followups.is_listed` and `listed_due`."""
    placement = (await Placement.select(Placement.id).first())["id"]
    steps = [
        (1, FollowUpKind.START, Side.WORKER, VAIN),
        (2, FollowUpKind.START, Side.WORKER, VAIN),
        (4, FollowUpKind.START, Side.WORKER, VAIN),
        (4, FollowUpKind.START, Side.EMPLOYER, Answers(**{**_given(FINE), "result": FollowUpResult.STARTED})),
        (4, FollowUpKind.END, Side.WORKER, Answers(**{**_given(FINE), "pay": PayState.NOT_DUE})),
        (5, FollowUpKind.PAY, Side.WORKER, VAIN),
        (6, FollowUpKind.PAY, Side.WORKER, FINE),
        (7, FollowUpKind.END, Side.EMPLOYER, FINE),
    ]
    for n, kind, side, said in steps:
        with at(day(n)):
            await record_follow_up(placement, kind, side, said, actor=CHEN)
            work = await work_in(CHEN.scope, NUMBER)
            rows = (await due_calls(CHEN.scope, today(), CallFilter())).rows
            days, made = work["work"], work["made"]
            ruled = {(*call, listed_due(*call, days, made, today=today())) for call in CALLS if is_listed(*call, days, made, today=today())}
            assert {(row["kind"], row["side"], row["due_on"]) for row in rows} == ruled, (n, kind, side)
    assert not ruled


def _given(answers: Answers) -> dict:
    return {name: getattr(answers, name) for name in Answers.__slots__}


async def test_nobody_is_called_about_what_is_long_past(ended):
    with at(day(92)):
        rows = (await due_calls(CHEN.scope, today(), CallFilter())).rows
        assert {row["kind"] for row in rows} == {"END", "PAY"}, "the start is more than 90 days back"
        placement = (await Placement.select(Placement.id).first())["id"]
        said = Answers(**{**_given(FINE), "result": FollowUpResult.STARTED})
        await record_follow_up(placement, FollowUpKind.START, Side.WORKER, said, actor=CHEN)


async def test_the_number_is_opened_for_the_call_only_and_kept_in_the_record(sit_down, placed):
    with at(day(1)):
        clerk = await sit_down("chen")
        page = await clerk.reads(f"{ONE}/start/worker")
        assert WORKER_PHONE not in page.text
        page = await clerk.sends(f"{ONE}/start/worker/call", status=200, spoken_with="", note="他在工地上")
        assert page.select_one("b.big").text == WORKER_PHONE
        assert page.select_one("#note").text.strip() == "他在工地上", "what was typed stays"
        look = await Reveal.select(Reveal.purpose, Reveal.fields, Reveal.subject_id).first()
        assert look == {"purpose": "CALL_BACK", "fields": "phone", "subject_id": placed.seeker}
        assert await looked_on(CHEN.id, today()) == 0, "the list chose whom to call"
        assert len(await entries(EventKind.REVEALED)) == 1
        page = await clerk.sends(f"{ONE}/start/employer/call", status=200)
        assert "13900000001" in page.words("main")
        await clerk.reads(f"{ONE}/start/worker/call", status=405)


async def test_every_answer_has_a_key_and_the_next_call_follows_by_itself(sit_down, placed):
    with at(day(1)):
        clerk = await sit_down("chen")
        page = await clerk.reads(f"{ONE}/start/employer")
        keys = [key.text for key in page.select("fieldset.ask")[0].select("kbd")]
        assert keys == ["1", "2", "3"]
        assert page.select_one("button[data-key='9']")["value"] == "vain"
        saved = await clerk.sends(f"{ONE}/start/employer", result="STARTED", **{**EMPLOYER_FINE, "arrived": "1", "performance": "GOOD"})
        assert path_of(saved) == f"{ONE}/start/worker"
        page = await clerk.follows(saved)
        assert "已记下这次回访" in page.words(".said")
        saved = await clerk.sends(f"{ONE}/start/worker", result="STARTED", **{**WORKER_FINE, "pay": "PAID"})
        assert path_of(saved) == LIST
        row = await FollowUp.select().where(FollowUp.side == "EMPLOYER").first()
        assert (row["answered"], row["arrived"], row["performance"], row["satisfaction"]) == (True, 1, "GOOD", 4)
        assert (row["due_on"], row["made_on"], row["made_by"]) == (date(2026, 12, 4), date(2026, 12, 2), CHEN.id)


async def test_a_missing_answer_comes_back_with_everything_typed(sit_down, placed):
    with at(day(1)):
        clerk = await sit_down("chen")
        page = await clerk.sends(
            f"{ONE}/start/worker", page=f"{ONE}/start/worker", status=422, result="STARTED", satisfaction="3", note="活有点重"
        )
        assert "工钱拿到没有" in page.words(".problems")
        assert "有没有受伤" in page.words(".problems")
        assert page.select_one("input[name=satisfaction][value='3']").has_attr("checked")
        assert page.select_one("#note").text.strip() == "活有点重"
        assert await FollowUp.count() == 0


@pytest.mark.parametrize("fields", [{"result": "NONSENSE"}, {"pay_fen": "很多"}, {"satisfaction": "9"}, {"note": "话" * 500}])
async def test_nonsense_is_refused_in_words(sit_down, placed, fields):
    with at(day(1)):
        clerk = await sit_down("chen")
        values = {"result": "STARTED", **WORKER_FINE, **fields}
        page = await clerk.sends(f"{ONE}/start/worker", page=f"{ONE}/start/worker", status=422, **values)
        assert page.words(".problems")
        assert await FollowUp.count() == 0


async def test_sent_twice_it_is_kept_once_and_a_colleague_is_told(sit_down, placed):
    with at(day(1)):
        clerk = await sit_down("chen")
        await clerk.sends(f"{ONE}/start/worker", page=f"{ONE}/start/worker", result="STARTED", **WORKER_FINE)
        again = await clerk.client.post(f"{ONE}/start/worker", data=clerk.last)
        assert again.status_code == 303
        assert await FollowUp.count() == 1
        other = await sit_down("zhou")
        page = await other.reads(f"{ONE}/start/worker")
        assert "陈小满 问过了" in page.words("main")
        assert page.select_one("form.asks") is None
        page = await other.sends(f"{ONE}/start/worker", status=422, method="PHONE", result="STARTED", **WORKER_FINE)
        assert "已经做过了" in page.words(".problems")


async def test_a_call_in_vain_is_kept_and_three_days_of_them_end_it(sit_down, placed):
    for n in (1, 2, 3):
        with at(day(n)):
            clerk = await sit_down("chen" if n == 1 else ("zhou" if n == 2 else "wu"))
            await clerk.sends(f"{ONE}/start/worker", page=f"{ONE}/start/worker", outcome="vain")
            page = await clerk.reads(LIST)
            if n == 1:
                assert "今天没打通" in page.words("#calls")
                assert await listed(page) == [("上岗回访", "雇主"), ("上岗回访", "零工")], "those tried today at the end"
    assert await listed(page) == [("上岗回访", "雇主")]
    assert [row["attempt"] for row in await FollowUp.select(FollowUp.attempt).order_by(FollowUp.id)] == [1, 2, 3]
    assert {row["result"] for row in await FollowUp.select(FollowUp.result)} == {"UNREACHED"}


async def test_pay_that_did_not_come_opens_a_case(sit_down, ended):
    with at(day(5)):
        clerk = await sit_down("chen")
        saved = await clerk.sends(
            f"{ONE}/pay/worker", page=f"{ONE}/pay/worker", pay="PARTLY", pay_fen="200", fee_charged="no", note="老板说再等等"
        )
        page = await clerk.follows(saved)
        assert "已立案维权" in page.words(".said")
    case = await LegalCase.select(LegalCase.number, LegalCase.kind, LegalCase.claim_fen, LegalCase.station, LegalCase.state).first()
    assert (case["kind"], case["claim_fen"], case["station"]) == ("UNPAID", 46000, LAKE)
    row = await FollowUp.select(FollowUp.legal_case, FollowUp.pay_fen, FollowUp.pay_state).first()
    assert row == {"legal_case": case["number"], "pay_fen": 20000, "pay_state": "PARTLY"}
    assert "UNPAID" in [alert["kind"] for alert in await open_alerts(PEOPLE["wu"].scope)]


async def test_before_the_day_of_pay_nobody_owes_anything(sit_down, ended):
    with at(day(3)):
        clerk = await sit_down("chen")
        values = {"result": "FINISHED", **WORKER_FINE, "pay": "UNPAID"}
        page = await clerk.sends(f"{ONE}/end/worker", page=f"{ONE}/end/worker", status=422, **values)
        assert "12月5日，还没过" in page.words(".problems")
        await clerk.sends(f"{ONE}/end/worker", **{**values, "pay": "NOT_DUE"})
        assert await LegalCase.count() == 0
    with at(day(5)):
        page = await (await sit_down("zhou")).reads(f"{LIST}?side=WORKER")
        assert await listed(page) == [("工钱回访", "零工")], "the end call settled the start, the pay is still to be asked"


async def test_t21_a_fee_opens_a_complaint_past_the_station(sit_down, placed):
    with at(day(1)):
        clerk = await sit_down("chen")
        values = {**WORKER_FINE, "fee_charged": "yes", "note": "站里一个人收了我50元"}
        page = await clerk.follows(await clerk.sends(f"{ONE}/start/worker", page=f"{ONE}/start/worker", result="STARTED", **values))
        assert "直接报监督单位" in page.words(".said")
        complaint = await Complaint.select().first()
        assert (complaint["kind"], complaint["level"], complaint["route"], complaint["source"]) == (
            "FEE",
            "HIGH",
            "SUPERVISOR",
            "FOLLOW_UP",
        )
        for above in ("sun", "zheng"):
            assert "FEE_CHARGED" in [alert["kind"] for alert in await open_alerts(PEOPLE[above].scope)]
        assert await open_alerts(PEOPLE["wu"].scope) == [], "the station does not handle it"
        row = await FollowUp.select(FollowUp.note, FollowUp.complaint).first()
        assert row == {"note": "", "complaint": complaint["number"]}, "the words went to the supervisor only"
        own = [entry["body"] for entry in await JournalEntry.select(JournalEntry.body).where(JournalEntry.chain == f"station:{LAKE}")]
        assert not [body for body in own if complaint["number"] in body or "50元" in body]
        manager = await sit_down("wu")
        for url in (f"{LIST}?state=made", f"{ONE}/start/worker"):
            page = await manager.reads(url)
            assert "50元" not in page.text
            assert complaint["number"] not in page.text
            assert "有人收" not in page.words("main .facts")


async def test_an_injury_opens_a_case_whoever_tells_it(sit_down, ended):
    with at(day(5)):
        clerk = await sit_down("chen")
        values = {"result": "FINISHED", **EMPLOYER_FINE, "injured": "yes"}
        await clerk.sends(f"{ONE}/end/employer", page=f"{ONE}/end/employer", **values)
    assert (await LegalCase.select(LegalCase.kind).first())["kind"] == "INJURY"


async def test_an_employer_who_says_nobody_came_marks_the_start_and_rewrites_nothing(sit_down, placed):
    before = await Placement.select(Placement.started_on, Placement.evidence, Placement.evidence_note).first()
    with at(day(1)):
        clerk = await sit_down("chen")
        saved = await clerk.sends(f"{ONE}/start/employer", page=f"{ONE}/start/employer", result="NOT_STARTED", fee_charged="no")
        page = await clerk.follows(saved)
        assert "标记有争议" in page.words(".said")
        assert "有争议" in (await clerk.reads(f"{ONE}/start/employer")).words("aside")
    assert await Placement.select(Placement.started_on, Placement.evidence, Placement.evidence_note).first() == before
    assert (await Placement.select(Placement.disputed_at).first())["disputed_at"] is not None
    assert await state_of(placed.referral) == "PLACED"
    assert [alert["kind"] for alert in await open_alerts(PEOPLE["wu"].scope)] == ["START_DISPUTED"]
    assert len(await entries(EventKind.PLACEMENT_DISPUTED)) == 1


async def test_both_ends_called_the_referral_is_followed_up(sit_down, ended):
    with at(day(3)):
        assert await begin_due() == 1
        assert await begin_due() == 0
        assert await state_of(ended.referral) == "FOLLOW_UP"
        clerk = await sit_down("chen")
        await clerk.sends(f"{ONE}/end/employer", page=f"{ONE}/end/employer", result="FINISHED", **EMPLOYER_FINE)
        assert await state_of(ended.referral) == "FOLLOW_UP"
        await clerk.sends(f"{ONE}/end/worker", page=f"{ONE}/end/worker", result="FINISHED", **WORKER_FINE)
        assert await state_of(ended.referral) == "FOLLOWED_UP"
        page = await clerk.reads(f"{LIST}?kind=END")
        assert "没有这类" in page.words(".empty")


async def test_who_is_never_reached_does_not_hold_the_referral_up(ended):
    placement = (await Placement.select(Placement.id).first())["id"]
    with at(day(3)):
        await record_follow_up(placement, FollowUpKind.END, Side.EMPLOYER, FINE, actor=CHEN)
    for n in (4, 5, 6):
        with at(day(n)):
            await record_follow_up(placement, FollowUpKind.END, Side.WORKER, VAIN, actor=CHEN)
            assert await state_of(ended.referral) == ("FOLLOWED_UP" if n == 6 else "COMPLETED")


async def test_a_closed_record_is_not_called(sit_down, ended):
    await Seeker.update({Seeker.state: "CLOSED"}).where(Seeker.id == ended.seeker)
    with at(day(5)):
        clerk = await sit_down("chen")
        page = await clerk.reads(LIST)
        assert {side for _, side in await listed(page)} == {"雇主"}
        page = await clerk.sends(f"{ONE}/end/worker/call", status=200, page=f"{ONE}/end/worker")
        assert "已注销登记" in page.words("main")


async def test_the_manager_is_reminded_once_a_day(placed):
    with at(day(4)):
        assert await alert_late() == 1
        assert await alert_late() == 0
        assert [alert["kind"] for alert in await open_alerts(PEOPLE["wu"].scope)] == ["FOLLOW_UP_OVERDUE"]


async def test_officers_read_the_list_without_names_and_write_nothing(placed, sit_down):
    with at(day(1)):
        for login in ("zheng", "sun"):
            visitor = await sit_down(login)
            page = await visitor.reads(LIST)
            assert "零工…123" in page.words("#calls")
            assert "李" not in page.words("#calls")
            assert "湖滨" not in page.text
            await visitor.reads(f"{ONE}/start/worker", status=403)
            await visitor.sends(f"{ONE}/start/worker", status=403, page=LIST, result="STARTED", **WORKER_FINE)


async def test_another_station_finds_nothing_of_it(sit_down, placed):
    with at(day(1)):
        stranger = await sit_down("lin")
        page = await stranger.reads(LIST)
        assert NUMBER not in page.text
        await stranger.reads(f"{ONE}/start/worker", status=404)
        await stranger.sends(f"{ONE}/start/worker/call", status=404, page=LIST)
        await stranger.sends(f"{ONE}/start/worker", status=404, page=LIST, result="STARTED", **WORKER_FINE)
        assert (await stranger.fetches(f"{ONE}/start/worker/form.pdf", status=404)).status_code == 404


@pytest.mark.parametrize("which", ["pay/employer", "start/nobody", "what/worker"])
async def test_there_is_no_such_call(clerk, placed, which):
    await clerk.reads(f"{ONE}/{which}", status=404)


async def test_the_lawyer_and_passers_by_do_not_see_the_list(lawyer, passer_by, house):
    await lawyer.reads(LIST, status=403)
    await passer_by.reads(LIST, status=303)


async def test_too_early_there_is_no_form_but_the_reason(clerk, placed):
    page = await clerk.reads(f"{ONE}/end/worker")
    assert "先登记完工" in page.words(".empty")
    page = await clerk.sends(f"{ONE}/end/worker", status=422, method="PHONE", result="FINISHED", **WORKER_FINE)
    assert "先登记完工" in page.words(".problems")


async def test_made_call_backs_are_listed_and_the_fragment_stands_alone(sit_down, placed):
    with at(day(1)):
        clerk = await sit_down("chen")
        page = await clerk.reads(f"{LIST}?state=made")
        assert "还没有做过回访" in page.words(".empty")
        await clerk.sends(f"{ONE}/start/worker", page=f"{ONE}/start/worker", result="STARTED", **WORKER_FINE)
        page = await clerk.reads(f"{LIST}?state=made")
        assert "已到岗" in page.words("#calls")
        assert page.select_one(".tools a[href*='state=made']")
        part = await clerk.reads(f"{LIST}?state=made&kind=END", fragment=True)
        assert part.select_one("#calls")
        assert part.select_one("html") is None
        assert "还没有做过这类回访" in part.words(".empty")


async def test_the_desk_counts_what_is_to_be_called(sit_down, placed):
    with at(day(1)):
        page = await (await sit_down("chen")).reads("/desk")
        tile = next(tile for tile in page.select("a.tile") if tile["href"] == LIST)
        assert tile.b.text == "2"


async def test_one_persons_answers_are_not_anothers(placed, sit_down):
    second = await put_second(placed, ReferralState.PLACED)
    await put_placement(second.referral, second.job, second.seeker)
    with at(day(1)):
        clerk = await sit_down("chen")
        await clerk.sends(f"{ONE}/start/worker", page=f"{ONE}/start/worker", result="STARTED", **WORKER_FINE)
        page = await clerk.reads(f"{LIST}?side=WORKER")
        assert [link["href"] for link in page.select("#calls td a.btn")] == [f"{LIST}/{second.number}/start/worker"]


async def test_nobody_answers_for_somebody_else(placed):
    placement = (await Placement.select(Placement.id).first())["id"]
    someone = Actor(CHEN.id, "别人", Role.WORKER, seeker_id=placed.seeker + 1)
    own = Actor(CHEN.id, "本人", Role.WORKER, seeker_id=placed.seeker)
    with at(day(1)):
        for actor, side in ((someone, Side.WORKER), (own, Side.EMPLOYER)):
            with pytest.raises(RuleBroken, match="没有找到"):
                await record_follow_up(placement, FollowUpKind.START, side, VAIN, actor=actor)


async def test_the_form_on_paper_is_empty_before_the_call_and_issued_after_it(sit_down, placed, quick_printer):
    with at(day(1)):
        clerk = await sit_down("chen")
        await clerk.fetches(f"{ONE}/start/employer/form.pdf")
        kind, paper = quick_printer.printed[0]
        assert (kind, paper.filled, paper.title) == ("call_back", False, "雇主回访记录表")
        assert not [box for row in paper.rows for box in row.boxes if box.ticked]
        assert await Paper.count() == 0
        await clerk.sends(f"{ONE}/start/employer", page=f"{ONE}/start/employer", result="STARTED", note="下次还请他", **EMPLOYER_FINE)
        await clerk.fetches(f"{ONE}/start/employer/form.pdf")
        _, paper = quick_printer.printed[1]
        assert (paper.filled, paper.made_by, paper.note) == (True, "陈小满", "下次还请他")
        rows = {row.label: row for row in paper.rows}
        assert [box.label for box in rows["是否到岗"].boxes if box.ticked] == ["已到岗"]
        assert rows["有无被收费"].boxes == (), "the answer is the supervising unit's"
        issued = await Paper.select(Paper.number, Paper.kind, Paper.copy_number)
        assert issued == [{"number": f"{NUMBER}-SE", "kind": "P10", "copy_number": 1}]
        passer_by = await sit_down(None)
        assert "回访记录表" in (await passer_by.reads(f"/verify/{NUMBER}-SE")).words("main")


async def test_a_call_made_days_ago_needs_a_reason_and_counts_on_its_day(sit_down, placed):
    url = f"{ONE}/start/employer"
    with at(day(4)):
        clerk = await sit_down("chen")
        asked = f"{day(1):%Y-%m-%d}"
        page = await clerk.sends(url, page=url, status=422, **EMPLOYER_FINE, result="STARTED", made_on=asked)
        assert "回访已过去超过一天，请写明补记的原因" in page.words(".problems")
        assert page.select_one("#made_on")["value"] == asked
        await clerk.sends(url, **EMPLOYER_FINE, result="STARTED", made_on=asked, late_reason="上门问的，纸上先记")
    row = await FollowUp.select().first()
    assert (row["made_on"], row["made_at"].date()) == (day(1).date(), day(4).date())
    (entry,) = await entries(EventKind.FOLLOW_UP_MADE)
    assert '"late_reason":"上门问的，纸上先记"' in entry["body"]


async def test_a_call_to_come_or_before_the_work_is_refused(sit_down, placed):
    url = f"{ONE}/start/employer"
    with at(day(2)):
        clerk = await sit_down("chen")
        page = await clerk.sends(url, page=url, status=422, **EMPLOYER_FINE, result="STARTED", made_on=f"{day(3):%Y-%m-%d}")
        assert "不能晚于今天" in page.words(".problems")
        page = await clerk.sends(url, status=422, **EMPLOYER_FINE, result="STARTED", made_on=f"{day(-3):%Y-%m-%d}", late_reason="补")
        assert "到时候再回访" in page.words("main")
        assert not await FollowUp.exists()
