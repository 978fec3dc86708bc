"""When a start may be recorded, what proves it, what is due when the work ends, and the yearly target."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from rules.codes import EndedHow, PayBasis, PayUnit, SettleCycle, Side, StartEvidence
from rules.errors import RuleBroken, RulesBroken
from rules.kpi import percent, projected
from rules.placements import (
    Strength,
    WorkDone,
    annual_target,
    check_more_evidence,
    check_note,
    check_start,
    expected_minutes,
    pay_due,
    pay_due_day,
    settle,
    strength_of,
)
from rules.terms import JobTerms

TODAY = date(2026, 12, 1)


def test_a_station_opened_in_october_owes_its_share_of_the_year():
    assert annual_target(500, date(2026, 10, 1), 2026) == 127


@pytest.mark.parametrize(
    ("opened_on", "year", "owed"),
    [
        (date(2022, 3, 14), 2026, 500),
        (date(2026, 1, 1), 2026, 500),
        (date(2026, 12, 31), 2026, 2),
        (date(2027, 1, 1), 2026, 0),
        (date(2028, 12, 31), 2028, 2),
        (date(2028, 1, 2), 2028, 499),
    ],
)
def test_the_target_counts_the_opening_day_and_rounds_up(opened_on, year, owed):
    assert annual_target(500, opened_on, year) == owed


def check(evidence=StartEvidence.RETURN_SLIP, started_on=TODAY, note="", **changed):
    facts = {"agreement_signed": True, "referred_on": date(2026, 11, 20), "agreed_start": TODAY, "today": TODAY}
    check_start(evidence, started_on, note, **facts | changed)


def test_a_returned_slip_of_today_is_enough():
    check()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"started_on": None}, "started_on"),
        ({"started_on": date(2026, 12, 2)}, "started_on"),
        ({"started_on": date(2026, 11, 19)}, "started_on"),
        ({"started_on": date(2026, 11, 29)}, "note"),
        ({"evidence": None}, "evidence"),
        ({"evidence": StartEvidence.SIGNED_AGREEMENT, "agreement_signed": False}, "evidence"),
    ],
)
def test_what_is_refused_names_its_field(wrong, field):
    with pytest.raises(RuleBroken) as refused:
        check(**wrong)
    assert refused.value.field == field


def test_a_late_entry_with_its_reason_is_taken():
    check(started_on=date(2026, 11, 25), note="回执今天才交回")


def test_a_signed_agreement_proves_nothing_before_its_first_day():
    with pytest.raises(RuleBroken, match="还没到"):
        check(StartEvidence.SIGNED_AGREEMENT, agreed_start=date(2026, 12, 5))


def test_word_of_mouth_says_whose_word():
    with pytest.raises(RuleBroken, match="谁"):
        check_note(StartEvidence.EMPLOYER_CONFIRMATION, " ")
    with pytest.raises(RuleBroken, match="电话"):
        check_note(StartEvidence.WORKER_AND_CALL, "")
    check_note(StartEvidence.RETURN_SLIP, "")


@pytest.mark.parametrize(
    ("kinds", "strength"),
    [
        (["SIGNED_AGREEMENT"], Strength.WEAK),
        (["WORKER_AND_CALL"], Strength.MEDIUM),
        (["SIGNED_AGREEMENT", "EMPLOYER_CONFIRMATION"], Strength.MEDIUM),
        (["EMPLOYER_CONFIRMATION", "WORKER_AND_CALL"], Strength.STRONG),
        (["SIGNED_AGREEMENT", "RETURN_SLIP"], Strength.STRONG),
    ],
)
def test_evidence_is_as_strong_as_its_best_and_both_words_are_a_paper(kinds, strength):
    assert strength_of(kinds) is strength


def test_the_same_evidence_twice_proves_nothing_new():
    held = [{"kind": "EMPLOYER_CONFIRMATION", "note": "周经理电话"}]
    check_more_evidence(StartEvidence.EMPLOYER_CONFIRMATION, "周经理又打来", held)
    for note in ("", " 周经理电话 "):
        with pytest.raises(RuleBroken, match="已经登记过"):
            check_more_evidence(StartEvidence.EMPLOYER_CONFIRMATION, note, held)


WORK = JobTerms(
    start_date=date(2026, 12, 1),
    end_date=date(2026, 12, 3),
    start_time=time(8),
    end_time=time(17),
    break_minutes=60,
    pay_basis=PayBasis.TIME,
    pay_fen=22000,
    pay_unit=PayUnit.DAY,
    settle_cycle=SettleCycle.DAILY,
)
HOURLY = replace(WORK, pay_unit=PayUnit.HOUR, pay_fen=2505)
PIECES = replace(WORK, pay_unit=PayUnit.PIECE, pay_fen=35, pay_basis=PayBasis.PIECE)
LUMP = replace(WORK, pay_unit=PayUnit.TIME, pay_fen=50000, pay_basis=PayBasis.LUMP_SUM)
MONTHLY = replace(WORK, pay_unit=PayUnit.MONTH, pay_fen=500000, pay_basis=PayBasis.MONTHLY)


def done(ended=TODAY, minutes=None, pieces=None, started=TODAY):
    return WorkDone(started, ended, minutes, pieces)


@pytest.mark.parametrize(
    ("terms", "work", "how", "fen"),
    [
        (WORK, done(TODAY + timedelta(days=2)), EndedHow.COMPLETED, 66000),
        (WORK, done(), EndedHow.QUIT_EARLY, 22000),
        (HOURLY, done(minutes=450), EndedHow.COMPLETED, 18788),
        (HOURLY, done(), EndedHow.COMPLETED, None),
        (PIECES, done(pieces=1001), EndedHow.COMPLETED, 35035),
        (PIECES, done(minutes=480), EndedHow.COMPLETED, None),
        (LUMP, done(), EndedHow.COMPLETED, 50000),
        (LUMP, done(), EndedHow.QUIT_EARLY, None),
        (MONTHLY, done(date(2026, 12, 31)), EndedHow.COMPLETED, 500000),
        (MONTHLY, done(date(2026, 12, 20)), EndedHow.QUIT_EARLY, None),
        (replace(WORK, pay_fen=0), done(), EndedHow.COMPLETED, None),
    ],
)
def test_pay_is_due_by_the_agreed_price_for_what_was_done(terms, work, how, fen):
    assert pay_due(terms, work, how) == fen


def test_the_agreed_hours_suggest_what_was_worked():
    assert expected_minutes(WORK, TODAY, TODAY + timedelta(days=1)) == 960
    assert expected_minutes(replace(WORK, start_time=None), TODAY, TODAY) is None


@pytest.mark.parametrize(
    ("cycle", "ended_on", "day"),
    [
        (SettleCycle.DAILY, TODAY, TODAY),
        (SettleCycle.PER_JOB, TODAY, TODAY),
        (SettleCycle.WEEKLY, date(2026, 12, 1), date(2026, 12, 6)),
        (SettleCycle.WEEKLY, date(2026, 12, 6), date(2026, 12, 6)),
        (SettleCycle.HALF_MONTH, date(2026, 12, 15), date(2026, 12, 15)),
        (SettleCycle.HALF_MONTH, date(2026, 12, 16), date(2026, 12, 31)),
        (SettleCycle.MONTHLY, date(2027, 2, 3), date(2027, 2, 28)),
        (SettleCycle.STAGE, TODAY, None),
        (None, TODAY, None),
    ],
)
def test_the_last_pay_is_due_by_the_agreed_settlement(cycle, ended_on, day):
    assert pay_due_day(replace(WORK, settle_cycle=cycle), ended_on) == day


def test_a_night_is_paid_on_the_day_it_ends():
    night = replace(WORK, start_time=time(22), end_time=time(6))
    assert pay_due_day(night, TODAY) == TODAY + timedelta(days=1)
    assert pay_due_day(replace(night, end_time=time(0)), TODAY) == TODAY


def settled(terms=WORK, work=None, how=EndedHow.COMPLETED, side=None, reason="", fen=None, day=None):
    return settle(terms, work or done(), how, side, reason, fen, day, today=TODAY)


def test_nothing_typed_means_as_agreed():
    due = settled()
    assert (due.pay_due_fen, due.pay_due_on) == (22000, TODAY)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"work": done(TODAY + timedelta(days=1))}, "不能晚于今天"),
        ({"work": done(TODAY - timedelta(days=1))}, "早于到岗日期"),
        ({"how": None}, "做完了"),
        ({"how": EndedHow.QUIT_EARLY, "reason": "家里有事"}, "哪一方"),
        ({"how": EndedHow.QUIT_EARLY, "side": Side.WORKER}, "写明原因"),
        ({"terms": PIECES}, "做了多少件"),
        ({"terms": HOURLY}, "做了多少小时"),
        ({"work": done(minutes=49 * 60)}, "比这几天的时间还多"),
        ({"fen": 20000}, "按约定应付220元"),
        ({"day": TODAY + timedelta(days=9)}, "按约定12月1日付清"),
        ({"day": TODAY - timedelta(days=9), "reason": "已经预付"}, "早于到岗日期"),
        ({"terms": MONTHLY}, "算不出应付多少"),
        ({"terms": replace(WORK, settle_cycle=SettleCycle.STAGE)}, "按进度结算"),
    ],
)
def test_an_end_that_does_not_add_up_is_refused(changed, words):
    with pytest.raises(RuleBroken, match=words):
        settled(**changed)


def test_a_reason_lets_pay_and_day_differ():
    due = settled(fen=10000, day=TODAY + timedelta(days=3), reason="下雨只做了半天，雇主周五来付")
    assert (due.pay_due_fen, due.pay_due_on) == (10000, TODAY + timedelta(days=3))


def test_everything_wrong_is_said_at_once():
    with pytest.raises(RulesBroken) as broken:
        settled(work=done(TODAY + timedelta(days=1)), how=EndedHow.QUIT_EARLY)
    assert [one.field for one in broken.value.broken] == ["ended_on", "side", "reason"]


@pytest.mark.parametrize(
    ("count", "opened_on", "day", "expected"),
    [
        (100, date(2020, 1, 1), date(2026, 7, 2), 199),
        (31, date(2026, 12, 1), date(2026, 12, 31), 31),
        (5, date(2027, 1, 1), date(2026, 12, 31), 0),
    ],
)
def test_the_year_s_end_is_reckoned_from_the_pace_so_far(count, opened_on, day, expected):
    assert projected(count, opened_on, day) == expected


@pytest.mark.parametrize(("part", "whole", "words"), [(0, 0, "—"), (1, 3, "33.3%"), (2, 3, "66.6%"), (3, 3, "100%"), (0, 3, "0%")])
def test_a_share_reads_as_people_say_it(part, whole, words):
    assert percent(part, whole) == words
