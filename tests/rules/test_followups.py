"""When which call-back is due, when it is settled or given up, and what an answer leads to."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from rules.codes import FollowUpKind, FollowUpMethod, FollowUpResult, PayState, SettleCycle, Side
from rules.errors import RuleBroken, RulesBroken
from rules.followups import (
    CALLS,
    Answers,
    Consequence,
    Made,
    WorkDays,
    both_ends_done,
    check_answers,
    check_open,
    consequences,
    due_on,
    is_given_up,
    is_late,
    is_listed,
    is_open,
    is_settled,
    listed_due,
    listed_from,
    pay_day,
    questions,
    still_owed,
)

START, END, PAY = FollowUpKind.START, FollowUpKind.END, FollowUpKind.PAY
WORKER, EMPLOYER = Side.WORKER, Side.EMPLOYER
WORK = WorkDays(date(2026, 12, 1), date(2026, 12, 3), date(2026, 12, 5), SettleCycle.DAILY)
RUNNING = WorkDays(date(2026, 12, 1))
FINE = Answers(
    method=FollowUpMethod.PHONE,
    answered=True,
    result=FollowUpResult.FINISHED,
    pay=PayState.PAID,
    injured=False,
    fee_charged=False,
)
VAIN = Answers(method=FollowUpMethod.PHONE, answered=False)


def made(kind=END, side=WORKER, day=date(2026, 12, 6), answered=True, pay=None):
    return Made(kind, side, day, answered, pay)


@pytest.mark.parametrize(
    ("kind", "due", "listed"),
    [
        (START, date(2026, 12, 4), date(2026, 12, 2)),
        (END, date(2026, 12, 10), date(2026, 12, 4)),
        (PAY, date(2026, 12, 6), date(2026, 12, 6)),
    ],
)
def test_each_call_has_its_day(kind, due, listed):
    assert due_on(kind, WORK) == due
    assert listed_from(kind, WORK) == listed
    assert not is_late(due, due)
    assert is_late(due, due + timedelta(days=1))


def test_while_somebody_works_only_the_start_is_asked():
    assert [call for call in CALLS if is_open(*call, RUNNING, [])] == [(START, EMPLOYER), (START, WORKER)]
    assert due_on(END, RUNNING) is None
    assert due_on(PAY, RUNNING) is None


def test_the_employer_is_never_asked_whether_the_pay_arrived():
    assert (PAY, EMPLOYER) not in CALLS


def test_an_answer_settles_its_own_side_only():
    assert is_settled(START, WORKER, WORK, [made(START, WORKER)])
    assert not is_settled(START, EMPLOYER, WORK, [made(START, WORKER)])
    assert not is_settled(END, WORKER, WORK, [made(START, WORKER)])
    assert not is_settled(START, WORKER, WORK, [made(START, WORKER, answered=False)])


def test_the_end_call_asks_all_the_start_call_asks():
    assert is_settled(START, WORKER, WORK, [made(END, WORKER)])
    assert not is_settled(START, WORKER, WORK, [made(PAY, WORKER)])


def test_once_the_work_is_over_one_call_asks_both_and_by_the_day_of_the_start():
    over, last = date(2026, 12, 4), date(2026, 12, 3)
    listed = [call for call in CALLS if is_listed(*call, WORK, [], today=over)]
    assert listed == [(END, EMPLOYER), (END, WORKER)]
    assert [call for call in CALLS if is_listed(*call, WORK, [], today=last)] == [(START, EMPLOYER), (START, WORKER)]
    assert listed_due(END, WORKER, WORK, [], today=over) == due_on(START, WORK)
    for settled in ([made(START, WORKER)], [made(START, WORKER, date(2026, 12, day), answered=False) for day in (2, 3, 4)]):
        assert listed_due(END, WORKER, WORK, settled, today=over) == due_on(END, WORK)
        assert listed_due(END, EMPLOYER, WORK, settled, today=over) == due_on(START, WORK)
    long = WorkDays(date(2026, 8, 1), date(2026, 12, 3))
    assert listed_due(END, WORKER, long, [], today=over) == due_on(END, long), "nobody is late with a start of months ago"


@pytest.mark.parametrize(
    ("pay", "day", "settled"),
    [
        (PayState.PAID, date(2026, 12, 4), True),
        (PayState.NOT_DUE, date(2026, 12, 4), False),
        (PayState.UNPAID, date(2026, 12, 5), False),
        (PayState.UNPAID, date(2026, 12, 6), True),
        (PayState.PARTLY, date(2026, 12, 6), True),
    ],
)
def test_the_question_of_the_pay_is_not_asked_twice(pay, day, settled):
    assert is_settled(PAY, WORKER, WORK, [made(END, WORKER, day, pay=pay)]) is settled
    assert not is_settled(PAY, WORKER, WORK, [made(START, WORKER, day, pay=PayState.PAID)])


def test_three_days_in_vain_give_a_call_up_and_three_tries_on_one_day_do_not():
    one_day = [made(answered=False)] * 5
    assert not is_given_up(END, WORKER, one_day)
    days = [made(day=date(2026, 12, day), answered=False) for day in (4, 5, 6)]
    assert is_given_up(END, WORKER, days)
    assert not is_given_up(END, EMPLOYER, days)
    assert not is_open(END, WORKER, WORK, days)
    check_open(END, WORKER, WORK, days, today=date(2026, 12, 7))  # whoever calls back is heard


@pytest.mark.parametrize(
    ("kind", "work", "today", "words"),
    [
        (END, RUNNING, date(2026, 12, 2), "先登记完工"),
        (PAY, RUNNING, date(2026, 12, 2), "还没登记付钱的日子"),
        (PAY, WORK, date(2026, 12, 5), "第二天起再问"),
        (START, replace(WORK, started_on=date(2026, 12, 9)), date(2026, 12, 8), "12月9日才开工"),
    ],
)
def test_nothing_is_asked_before_its_time(kind, work, today, words):
    with pytest.raises(RuleBroken, match=words):
        check_open(kind, WORKER, work, [], today=today)


def test_who_comes_by_on_the_last_evening_is_heard():
    check_open(END, WORKER, WORK, [], today=date(2026, 12, 3))


def test_an_answered_call_is_not_made_again():
    with pytest.raises(RuleBroken, match="已经做过了"):
        check_open(END, WORKER, WORK, [made()], today=date(2026, 12, 6))


def test_every_question_that_matters_must_be_answered():
    with pytest.raises(RulesBroken) as refused:
        check_answers(END, WORKER, Answers(method=FollowUpMethod.PHONE, answered=True), WORK, today=date(2026, 12, 4))
    assert [one.field for one in refused.value.broken] == ["result", "pay", "injured", "fee_charged"]
    check_answers(END, WORKER, FINE, WORK, today=date(2026, 12, 4))
    check_answers(END, WORKER, VAIN, WORK, today=date(2026, 12, 4))


def test_who_never_came_is_only_asked_about_fees():
    never = Answers(method=FollowUpMethod.PHONE, answered=True, result=FollowUpResult.NOT_STARTED, fee_charged=False)
    check_answers(START, EMPLOYER, never, RUNNING, today=date(2026, 12, 2))


def test_a_result_of_another_call_is_no_answer():
    with pytest.raises(RuleBroken) as refused:
        check_answers(START, WORKER, FINE, RUNNING, today=date(2026, 12, 2))
    assert refused.value.field == "result"


def test_a_part_of_the_pay_needs_its_amount():
    with pytest.raises(RuleBroken) as refused:
        check_answers(END, WORKER, replace(FINE, pay=PayState.PARTLY), WORK, today=date(2026, 12, 6))
    assert refused.value.field == "pay_fen"


@pytest.mark.parametrize(
    ("work", "today", "words"),
    [(WORK, date(2026, 12, 5), "12月5日，还没过"), (RUNNING, date(2026, 12, 20), "还没完工")],
)
def test_pay_is_not_owed_before_its_day(work, today, words):
    answers = replace(FINE, result=FollowUpResult.STARTED, pay=PayState.UNPAID)
    with pytest.raises(RuleBroken, match=words):
        check_answers(START, WORKER, answers, work, today=today)


def test_after_the_day_of_pay_not_due_is_no_answer():
    with pytest.raises(RuleBroken, match="已经过了"):
        check_answers(PAY, WORKER, replace(FINE, pay=PayState.NOT_DUE), WORK, today=date(2026, 12, 6))


@pytest.mark.parametrize(
    ("settle", "day"),
    [(SettleCycle.DAILY, date(2026, 12, 1)), (SettleCycle.WEEKLY, date(2026, 12, 8)), (SettleCycle.PER_JOB, None), (None, None)],
)
def test_running_work_is_paid_by_its_cycle(settle, day):
    assert pay_day(replace(RUNNING, settle=settle)) == day
    assert pay_day(replace(RUNNING, settle=settle, ended_on=date(2026, 12, 3))) == date(2026, 12, 3)
    assert pay_day(WORK) == date(2026, 12, 5)


@pytest.mark.parametrize("pay", [PayState.UNPAID, PayState.PARTLY])
def test_pay_that_is_owed_opens_a_case_the_day_after(pay):
    answers = replace(FINE, pay=pay)
    assert consequences(WORKER, answers, WORK, today=date(2026, 12, 6)) == {Consequence.UNPAID_CASE}
    assert consequences(WORKER, answers, WORK, today=date(2026, 12, 5)) == frozenset()
    assert consequences(EMPLOYER, answers, WORK, today=date(2026, 12, 6)) == frozenset()


def test_every_bad_answer_leads_somewhere():
    day = date(2026, 12, 6)
    assert consequences(EMPLOYER, FINE, WORK, today=day) == frozenset()
    assert consequences(EMPLOYER, replace(FINE, fee_charged=True), WORK, today=day) == {Consequence.FEE_COMPLAINT}
    assert consequences(WORKER, replace(FINE, injured=True), WORK, today=day) == {Consequence.INJURY_CASE}
    assert consequences(EMPLOYER, replace(FINE, disputed=True), WORK, today=day) == {Consequence.DISPUTE}
    never = replace(FINE, result=FollowUpResult.NOT_STARTED)
    assert consequences(EMPLOYER, never, WORK, today=day) == {Consequence.DISPUTE}
    assert consequences(EMPLOYER, replace(never, answered=False), WORK, today=day) == frozenset()


def test_the_claim_is_what_did_not_come():
    assert still_owed(66000, 20000) == 46000
    assert still_owed(66000, None) == 66000
    assert still_owed(None, 20000) is None
    assert still_owed(66000, 70000) is None


def test_a_referral_is_followed_up_when_both_ends_are_through():
    worker = made(END, WORKER)
    in_vain = [made(END, EMPLOYER, date(2026, 12, day), answered=False) for day in (4, 5, 6)]
    assert not both_ends_done(WORK, [worker])
    assert not both_ends_done(WORK, [worker, *in_vain[:2]])
    assert both_ends_done(WORK, [worker, *in_vain])
    assert both_ends_done(WORK, in_vain, worker_gone=True)
    assert not both_ends_done(RUNNING, [])


@pytest.mark.parametrize(("kind", "side"), CALLS)
def test_every_call_asks_about_fees_and_takes_a_note(kind, side):
    assert {"fee_charged", "note"} <= set(questions(kind, side))
