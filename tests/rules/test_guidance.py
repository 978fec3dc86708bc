"""Guided drafting: every row of the decision table, the order of the rows, and that some row always answers."""

from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.ages import AgeStanding
from rules.codes import AgreementType, EmployerKind, PensionStatus, Relation, SettleCycle
from rules.errors import RuleBroken
from rules.guidance.answers import (
    Answers,
    Duration,
    EmployerSide,
    GuardianAnswer,
    Known,
    PaidBy,
    Question,
    WorkerStatus,
    from_record,
    prefilled,
    standing_of,
    to_record,
    with_record,
)
from rules.guidance.choice import check_choice, guidance_hits, question_of
from rules.guidance.decision_table import ROWS, leaning, leanings, propose
from rules.guidance.interview import answer_text, answered, asked_questions, changed_terms, next_question, terms_as_answered
from rules.lint import Severity
from rules.pay_checks import CheckParameters
from tests.rules.job_samples import MINIMUM, TODAY, post_of, terms_of

T = AgreementType
LIMITS = CheckParameters(minimum_wage=MINIMUM)
CHILD, YOUTH, ADULT, WOMAN_54, MAN_62 = date(2011, 1, 20), date(2009, 11, 5), date(1985, 3, 12), date(1972, 12, 1), date(1964, 8, 15)


def known_of(post: str, birth: date = ADULT, gender: str = "M", pension: PensionStatus | None = None, **changes) -> Known:
    return Known(terms_of(post, **changes), EmployerKind(post_of(post)["employer"]), birth, gender, pension, TODAY, LIMITS)


UNIT_POST = known_of("J02")
FULL = Answers(
    employer=EmployerSide.UNIT,
    pension=PensionStatus.NO,
    guardian=GuardianAnswer.AGREES,
    registered=True,
    status=WorkerStatus.NONE,
    site=False,
    daily_minutes=480,
    days_a_week=5,
    paid_by=PaidBy.DAY,
    settle=SettleCycle.DAILY,
    managed=False,
    duration=Duration.CONTINUOUS,
    days=30,
    task_end=False,
    result=False,
)
FEW_HOURS = {"daily_minutes": 240, "days_a_week": 6, "paid_by": PaidBy.HOUR}

EACH_ROW = [
    (1, known_of("J02", CHILD), FULL, None),
    (2, UNIT_POST, replace(FULL, employer=EmployerSide.BORROWED), T.SHARED_LABOUR_3P),
    (3, UNIT_POST, replace(FULL, employer=EmployerSide.PLATFORM), T.PLATFORM_WRITTEN),
    (4, UNIT_POST, replace(FULL, site=True), T.FIXED_TASK),
    (5, known_of("J02", MAN_62), replace(FULL, pension=None), T.OVER_AGE),
    (6, UNIT_POST, replace(FULL, status=WorkerStatus.INTERN), None),
    (7, UNIT_POST, replace(FULL, managed=True, **FEW_HOURS), T.PART_TIME),
    (8, UNIT_POST, replace(FULL, managed=True, task_end=True), T.FIXED_TASK),
    (9, UNIT_POST, replace(FULL, managed=True), T.FIXED_TERM),
    (10, UNIT_POST, replace(FULL, result=True), T.WORK_RESULT),
    (11, UNIT_POST, replace(FULL, duration=Duration.ONCE, days=3), T.ONE_OFF_SERVICE),
    (12, known_of("J01"), replace(FULL, employer=EmployerSide.INDIVIDUAL), T.DOMESTIC),
    (13, known_of("J16"), replace(FULL, employer=EmployerSide.INDIVIDUAL, result=True), T.WORK_RESULT),
    (14, known_of("J16"), replace(FULL, employer=EmployerSide.INDIVIDUAL), T.ONE_OFF_SERVICE),
    (15, UNIT_POST, FULL, None),
]


@pytest.mark.parametrize(("number", "known", "answers", "kind"), EACH_ROW, ids=[str(case[0]) for case in EACH_ROW])
def test_every_row_is_reached(number, known, answers, kind):
    proposal = propose(known, answers)
    assert (proposal.row, proposal.kind) == (number, kind)
    assert proposal.blocked is (number in {1, 6})
    assert proposal.why.endswith("。")
    assert "{" not in proposal.why + "".join(proposal.notes)


BOTH = [
    ("under 16 stops before a borrowed worker", 1, known_of("J02", CHILD), replace(FULL, employer=EmployerSide.BORROWED)),
    ("a building site comes before over age", 4, known_of("J02", MAN_62), replace(FULL, site=True, pension=None)),
    ("over age comes before an internship", 5, known_of("J02", MAN_62), replace(FULL, pension=None, status=WorkerStatus.INTERN)),
    ("an internship comes before part-time", 6, UNIT_POST, replace(FULL, status=WorkerStatus.INTERN, managed=True, **FEW_HOURS)),
    ("part-time comes before a task with an end", 7, UNIT_POST, replace(FULL, managed=True, task_end=True, **FEW_HOURS)),
    ("a task with an end comes before a fixed term", 8, UNIT_POST, replace(FULL, managed=True, task_end=True)),
    ("a result comes before a one-off job", 10, UNIT_POST, replace(FULL, result=True, duration=Duration.ONCE, days=1)),
    ("housework comes before a result", 12, known_of("J01"), replace(FULL, employer=EmployerSide.INDIVIDUAL, result=True)),
    ("a result comes before any other household job", 13, known_of("J16"), replace(FULL, employer=EmployerSide.INDIVIDUAL, result=True)),
]


@pytest.mark.parametrize(("words", "row", "known", "answers"), BOTH, ids=[case[0] for case in BOTH])
def test_of_two_rows_that_hold_the_upper_one_decides(words, row, known, answers):
    holding = [each.number for each in ROWS if each.holds(known, answers)]
    assert holding[0] == row == propose(known, answers).row
    assert len(holding) > 2, "a lower row than the last holds, too"


@pytest.mark.parametrize(
    ("answers", "row"),
    [
        (replace(FULL, employer=EmployerSide.BORROWED, site=True), 2),
        (replace(FULL, employer=EmployerSide.PLATFORM, site=True), 3),
        (replace(FULL, employer=EmployerSide.UNIT, site=True), 4),
    ],
)
def test_rows_that_exclude_each_other_are_told_apart_by_the_employer(answers, row):
    assert propose(UNIT_POST, answers).row == row
    assert sum(bool(each.holds(UNIT_POST, answers)) for each in ROWS[:4]) == 1


@pytest.mark.parametrize(("managed", "row"), [(True, 9), (False, 10)])
def test_who_is_managed_has_a_labour_contract_whatever_is_handed_over(managed, row):
    answers = replace(FULL, managed=managed, result=True)
    assert propose(UNIT_POST, answers).row == row
    assert not ({9, 10} - {row}) & {each.number for each in ROWS if each.holds(UNIT_POST, answers)}


@pytest.mark.parametrize(
    ("changes", "row"),
    [
        ({"daily_minutes": 240, "days_a_week": 6}, 7),
        ({"daily_minutes": 241, "days_a_week": 5}, 9),
        ({"daily_minutes": 240, "days_a_week": 7}, 9),
        ({"paid_by": PaidBy.DAY}, 9),
        ({"managed": False}, 15),
    ],
)
def test_part_time_ends_at_four_hours_a_day_and_twenty_four_a_week(changes, row):
    answers = replace(FULL, **{**FEW_HOURS, "managed": True, **changes})
    assert propose(UNIT_POST, answers).row == row


def test_the_limits_come_from_the_parameters():
    stricter = replace(UNIT_POST, parameters=replace(LIMITS, part_time_daily_hours=3))
    assert propose(stricter, replace(FULL, managed=True, **FEW_HOURS)).row == 9


@pytest.mark.parametrize(("days", "row"), [(1, 11), (3, 11), (4, 15)])
def test_a_one_off_job_of_a_unit_has_at_most_three_days(days, row):
    assert propose(UNIT_POST, replace(FULL, duration=Duration.ONCE, days=days)).row == row


KNOWN = st.builds(
    Known,
    terms=st.sampled_from([terms_of("J01"), terms_of("J02"), terms_of("J10"), terms_of("J15"), terms_of("J06")]),
    employer_kind=st.sampled_from(EmployerKind),
    birth_date=st.dates(date(1940, 1, 1), date(2015, 1, 1)),
    gender=st.sampled_from(["M", "F", None]),
    pension=st.sampled_from([None, *PensionStatus]),
    today=st.just(TODAY),
    parameters=st.just(LIMITS),
)
_SOME = {
    "employer": st.sampled_from([None, *EmployerSide]),
    "pension": st.sampled_from([None, *PensionStatus]),
    "guardian": st.sampled_from([None, *GuardianAnswer]),
    "registered": st.sampled_from([None, True, False]),
    "status": st.sampled_from([None, *WorkerStatus]),
    "site": st.sampled_from([None, True, False]),
    "daily_minutes": st.none() | st.integers(1, 1440),
    "days_a_week": st.none() | st.integers(1, 7),
    "paid_by": st.sampled_from([None, *PaidBy]),
    "settle": st.sampled_from([None, *SettleCycle]),
    "no_night_work": st.sampled_from([None, True, False]),
    "managed": st.sampled_from([None, True, False]),
    "duration": st.sampled_from([None, *Duration]),
    "days": st.none() | st.integers(1, 400),
    "task_end": st.sampled_from([None, True, False]),
    "result": st.sampled_from([None, True, False]),
}
PARTLY = st.builds(Answers, **_SOME)


@given(KNOWN, PARTLY)
def test_either_a_row_answers_or_a_question_is_open(known, answers):
    proposal, question = propose(known, answers), next_question(known, answers)
    assert proposal is not None or question is not None
    if question is None:
        assert proposal.row in range(1, 16)
    else:
        assert not answered(known, answers, question) or question is Question.DURATION


@given(KNOWN, PARTLY)
def test_answering_what_is_asked_always_comes_to_an_end(known, answers):
    for _ in range(20):
        question = next_question(known, answers)
        if question is None:
            break
        missing = [name for name in _fields(question) if getattr(answers, name) is None]
        assert missing, f"{question} was asked although everything was answered"
        answers = replace(answers, **{name: getattr(FULL, name) for name in missing})
    proposal = propose(known, answers)
    assert proposal is not None
    assert next_question(known, answers) is None or proposal.blocked


def _fields(question):
    from rules.guidance.answers import ANSWERS_OF

    return [name for name in ANSWERS_OF[question] if name != "no_night_work"]


@given(KNOWN, PARTLY)
def test_a_stored_answer_reads_as_it_was_given(known, answers):
    assert from_record(to_record(answers)) == answers
    assert with_record(known, to_record(answers)) == replace(
        prefilled(known), **{name: from_record(to_record(answers)).__getattribute__(name) for name in to_record(answers)}
    )


@given(KNOWN, PARTLY)
def test_every_answer_reads_as_words_and_every_warning_has_a_basis_and_a_cure(known, answers):
    for question in Question:
        assert isinstance(answer_text(known, answers, question), str)
    for hit in guidance_hits(known, answers, None):
        assert hit.message.endswith("。")
        assert hit.advice.endswith("。")
        assert hit.basis
        assert question_of(hit) in Question


def test_an_answer_of_an_older_list_counts_as_not_given():
    assert from_record({"status": "PIRATE", "days": "many"}) == Answers()


def test_a_household_with_housework_is_asked_nothing():
    known = known_of("J01")
    assert next_question(known, prefilled(known)) is None
    assert propose(known, prefilled(known)).kind is T.DOMESTIC


def test_a_unit_post_is_asked_only_what_nobody_knows():
    known = known_of("J10")
    answers = prefilled(known)
    asked = []
    while question := next_question(known, answers):
        asked.append(question)
        answers = replace(answers, **{name: getattr(FULL, name) for name in _fields(question) if getattr(answers, name) is None})
        if question is Question.MANAGED:
            answers = replace(answers, managed=True)
    assert asked == [Question.STATUS, Question.MANAGED]
    assert propose(known, answers).kind is T.PART_TIME
    assert Question.RESULT not in asked_questions(known, answers)


def test_an_older_loader_gets_the_over_age_agreement_and_a_warning_about_loads():
    """T05: S10, J17."""
    known = known_of("J17", MAN_62)
    answers = prefilled(known)
    proposal = propose(known, answers)
    assert proposal.kind is T.OVER_AGE
    assert any("工伤保险" in note for note in proposal.notes)
    hits = guidance_hits(known, answers, proposal.kind)
    assert any("负重" in hit.message and hit.severity is Severity.WARN for hit in hits)


def test_a_woman_between_the_retirement_ages_is_asked_about_her_pension():
    """T06: S09, J15."""
    known = known_of("J15", WOMAN_54, "F")
    answers = prefilled(known)
    assert standing_of(known, answers) is AgeStanding.MAYBE_OVER_AGE
    assert next_question(known, answers) is Question.AGE
    assert any(hit.rule == "A05" and question_of(hit) is Question.AGE for hit in guidance_hits(known, answers, None))
    drawn = replace(answers, pension=PensionStatus.YES)
    assert propose(known, drawn).kind is T.OVER_AGE
    refused = replace(answers, pension=PensionStatus.NO)
    assert propose(known, refused) is None
    assert next_question(known, refused) is not Question.AGE


def test_who_retired_early_is_over_age_and_who_delays_is_not():
    assert propose(known_of("J02"), replace(FULL, pension=None, status=WorkerStatus.PENSION)).row == 5
    delayed = replace(FULL, pension=PensionStatus.DELAYED)
    assert standing_of(known_of("J02", MAN_62), delayed) is AgeStanding.NORMAL
    assert propose(known_of("J02", MAN_62), delayed).row == 15


def test_monthly_settlement_of_part_time_work_is_blocked_at_the_hours_question():
    """T08: J10 with MONTHLY."""
    known = known_of("J10", settle_cycle="MONTHLY")
    hits = guidance_hits(known, replace(prefilled(known), managed=True, status=WorkerStatus.NONE), T.PART_TIME)
    (hit,) = [hit for hit in hits if hit.rule == "W10"]
    assert hit.severity is Severity.BLOCK
    assert "15天" in hit.message
    assert question_of(hit) is Question.HOURS
    cured = guidance_hits(known, replace(prefilled(known), settle=SettleCycle.WEEKLY), T.PART_TIME)
    assert not [hit for hit in cured if hit.rule == "W10"]


def test_a_minor_needs_a_guardian_and_with_a_unit_the_registration():
    known = known_of("J10", YOUTH)
    answers = replace(prefilled(known), status=WorkerStatus.STUDENT, managed=True)
    assert next_question(known, answers) is Question.AGE
    agreed = replace(answers, guardian=GuardianAnswer.AGREES)
    assert next_question(known, agreed) is Question.AGE
    assert next_question(known, replace(agreed, registered=False)) is None
    rules = {hit.rule for hit in guidance_hits(known, agreed, T.PART_TIME)}
    assert {"A04", "A08", "A09", "A16"} <= rules


def test_a_guardian_who_refuses_ends_it():
    known = known_of("J10", YOUTH)
    answers = replace(prefilled(known), status=WorkerStatus.NONE, managed=True, guardian=GuardianAnswer.REFUSES, registered=True)
    with pytest.raises(RuleBroken, match="监护人不同意"):
        check_choice(known, answers, T.PART_TIME, "")


def test_under_sixteen_and_internships_cannot_be_overridden():
    with pytest.raises(RuleBroken, match="未满16周岁"):
        check_choice(known_of("J02", CHILD), FULL, T.ONE_OFF_SERVICE, "家长同意了的")
    with pytest.raises(RuleBroken, match="三方实习协议"):
        check_choice(UNIT_POST, replace(FULL, status=WorkerStatus.INTERN), T.ONE_OFF_SERVICE, "学校不给办协议")


def test_the_proposal_is_followed_without_a_reason_and_left_only_with_one():
    answers = replace(FULL, duration=Duration.ONCE, days=2)
    assert check_choice(UNIT_POST, answers, T.ONE_OFF_SERVICE, "").row == 11
    with pytest.raises(RuleBroken, match="写明原因") as refused:
        check_choice(UNIT_POST, answers, T.WORK_RESULT, "")
    assert refused.value.field == "reason"
    with pytest.raises(RuleBroken, match="至少5个字"):
        check_choice(UNIT_POST, answers, T.WORK_RESULT, "就这样")
    assert check_choice(UNIT_POST, answers, T.WORK_RESULT, "其实是包工包料的活").row == 11


def test_a_reason_does_not_make_the_wrong_paper_right():
    with pytest.raises(RuleBroken, match="超龄用工协议") as refused:
        check_choice(known_of("J02", MAN_62), replace(FULL, pension=None), T.ONE_OFF_SERVICE, "双方都要求签劳务")
    assert refused.value.field == "chosen"


def test_an_open_question_keeps_the_choice_back():
    with pytest.raises(RuleBroken, match="还没有问完"):
        check_choice(UNIT_POST, replace(FULL, managed=None), T.ONE_OFF_SERVICE, "")


def test_a_household_cannot_be_called_a_platform():
    with pytest.raises(RuleBroken, match="雇主登记"):
        check_choice(known_of("J16"), replace(FULL, employer=EmployerSide.PLATFORM), T.PLATFORM_WRITTEN, "")


def test_what_was_answered_otherwise_changes_the_terms():
    answers = replace(prefilled(UNIT_POST), daily_minutes=180, days=2)
    changed = changed_terms(UNIT_POST, answers)
    assert changed == {"start_time": time(8), "end_time": time(12, 30), "end_date": date(2026, 12, 4)}
    assert changed_terms(UNIT_POST, prefilled(UNIT_POST)) == {}
    judged = terms_as_answered(UNIT_POST, replace(answers, settle=SettleCycle.MONTHLY, days_a_week=5))
    assert (judged.settle_cycle, judged.weekly_days, judged.end_time) == (SettleCycle.MONTHLY, 5, time(12, 30))


def test_no_night_work_is_a_block_that_a_day_shift_cures():
    known = known_of("J14", date(1990, 5, 1), "F")
    answers = replace(FULL, no_night_work=True, daily_minutes=prefilled(known).daily_minutes)
    (night,) = [hit for hit in guidance_hits(known, answers, T.FIXED_TERM) if hit.rule == "A11"]
    assert night.severity is Severity.BLOCK
    (told,) = [hit for hit in guidance_hits(known, replace(answers, no_night_work=None), T.FIXED_TERM) if hit.rule == "A11"]
    assert told.severity is Severity.WARN


def test_a_relation_in_the_post_only_suggests():
    known = replace(UNIT_POST, terms=replace(UNIT_POST.terms, relation=Relation.PART_TIME))
    assert prefilled(known).managed is None


CLEANING = known_of("J02", trade="B01", relation="UNDECIDED", start_date="2026-12-01", end_date="2027-01-01")


@pytest.mark.parametrize("managed", [None, True])
def test_a_month_of_daily_work_leans_to_what_the_table_proposes_in_the_end(managed):
    assert CLEANING.span == 32
    answers = with_record(CLEANING, {"status": "NONE"} | ({"managed": managed} if managed else {}))
    assert propose(CLEANING, answers) is None
    assert leaning(CLEANING, answers) is T.FIXED_TERM
    assert T.FIXED_TASK not in leanings(CLEANING, answers)
    usual = replace(answers, managed=True, duration=Duration.CONTINUOUS, days=32, task_end=False)
    assert propose(CLEANING, usual).kind is leaning(CLEANING, answers)


def test_where_a_completion_point_may_be_both_contracts_are_named():
    ten_days = replace(CLEANING, terms=replace(CLEANING.terms, end_date=date(2026, 12, 10)))
    answers = with_record(ten_days, {"status": "NONE", "managed": True})
    assert leanings(ten_days, answers) == (T.FIXED_TASK, T.FIXED_TERM)
    building = replace(CLEANING, terms=replace(CLEANING.terms, trade="D03"))
    answers = with_record(building, {"status": "NONE", "site": False, "managed": True})
    assert leanings(building, answers) == (T.FIXED_TASK, T.FIXED_TERM)


def test_what_is_settled_leans_to_one_type():
    assert leanings(UNIT_POST, replace(FULL, managed=True)) == (T.FIXED_TERM,)
    assert leanings(known_of("J02", CHILD), FULL) == ()
