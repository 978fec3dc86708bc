"""Complaints and cases: who answers, until when, which step follows, who may free an employer."""

from datetime import date, datetime, timedelta, timezone

import pytest

from rules.codes import BuildMode, CaseKind, CaseState, ComplaintKind, ComplaintRoute, ComplaintState
from rules.complaints import (
    CLAIM_YEARS,
    ComplaintEvent,
    check_answers,
    check_case_step,
    check_words,
    deadlines,
    events_of,
    limit_on,
    next_state,
    overdue,
    route_of,
    sees_words,
    working_days_after,
)
from rules.errors import RuleBroken
from rules.parameters import LEGAL_PARAMETERS, whole
from rules.permissions import Actor, Role
from rules.publication import check_not_frozen

CHINA = timezone(timedelta(hours=8))
STATION, SUPERVISOR = ComplaintRoute.STATION, ComplaintRoute.SUPERVISOR
WU, SUN, ZHENG = Actor(1, "吴", Role.MANAGER, "wu", 1001), Actor(2, "孙", Role.SUBDISTRICT, "sun"), Actor(3, "郑", Role.DISTRICT, "zheng")


@pytest.mark.parametrize("kind", ["FEE", "STAFF", "STATION", "UNFAIR_CALLING"])
def test_what_is_about_the_station_goes_past_it_whatever_is_wanted(kind):
    assert route_of(ComplaintKind(kind), wanted=STATION) is SUPERVISOR


def test_the_rest_stays_at_the_station_unless_somebody_is_named_or_wants_it_past():
    assert route_of(ComplaintKind.FALSE_POST, wanted=STATION) is STATION
    assert route_of(ComplaintKind.FALSE_POST, wanted=SUPERVISOR) is SUPERVISOR
    assert route_of(ComplaintKind.PRIVACY, wanted=STATION, against_account=True) is SUPERVISOR


@pytest.mark.parametrize(
    ("day", "days", "last"),
    [
        (date(2026, 12, 1), 1, date(2026, 12, 2)),
        (date(2026, 12, 4), 1, date(2026, 12, 7)),  # Friday → Monday
        (date(2026, 12, 5), 1, date(2026, 12, 7)),  # Saturday → Monday
        (date(2026, 12, 1), 5, date(2026, 12, 8)),
        (date(2026, 12, 6), 5, date(2026, 12, 11)),
    ],
)
def test_working_days_leave_out_the_weekend(day, days, last):
    assert working_days_after(day, days) == last


def test_a_promise_is_broken_when_its_last_day_is_over():
    acknowledge, reply = deadlines(datetime(2026, 12, 1, 9, tzinfo=CHINA), CHINA)
    assert (acknowledge.date(), reply.date()) == (date(2026, 12, 2), date(2026, 12, 8))
    late = acknowledge + timedelta(seconds=1)
    assert not overdue(ComplaintState.RECEIVED, acknowledge, reply, acknowledge)
    assert overdue(ComplaintState.RECEIVED, acknowledge, reply, late)
    assert not overdue(ComplaintState.INVESTIGATING, acknowledge, reply, late)
    assert overdue(ComplaintState.DECIDED, acknowledge, reply, reply + timedelta(seconds=1))
    assert not overdue(ComplaintState.REPLIED, acknowledge, reply, reply + timedelta(days=9))


def test_the_steps_are_those_of_the_domain_reference():
    state, way = ComplaintState.RECEIVED, []
    for event in ("acknowledge", "investigate", "decide", "reply", "dissatisfied", "review", "finish"):
        state = next_state(state, ComplaintEvent(event))
        way.append(state.value)
    assert way == ["ACKNOWLEDGED", "INVESTIGATING", "DECIDED", "REPLIED", "DISSATISFIED", "SUPERVISOR_REVIEW", "FINAL"]
    assert next_state(ComplaintState.REPLIED, ComplaintEvent.SATISFIED) is ComplaintState.SATISFIED
    assert events_of(ComplaintState.SATISFIED) == events_of(ComplaintState.FINAL) == []
    with pytest.raises(RuleBroken, match="刷新"):
        next_state(ComplaintState.RECEIVED, ComplaintEvent.REPLY)


def may(actor, event, route, **facts):
    given = {"build_mode": BuildMode.SUBDISTRICT_LED, "against_account": None, "decided_by": None, **facts}
    try:
        check_answers(actor, ComplaintEvent(event), route=route, **given)
    except RuleBroken:
        return False
    return True


def test_who_answers_follows_the_route_and_the_supervising_unit():
    assert [may(who, "acknowledge", STATION) for who in (WU, SUN, ZHENG)] == [True, False, False]
    assert [may(who, "acknowledge", SUPERVISOR) for who in (WU, SUN, ZHENG)] == [False, True, True]
    built_by_district = {"build_mode": BuildMode.DISTRICT_LED}
    assert [may(who, "decide", SUPERVISOR, **built_by_district) for who in (WU, SUN, ZHENG)] == [False, False, True]


def test_nobody_answers_for_himself_nor_reviews_his_own_decision():
    assert not may(WU, "decide", STATION, against_account=WU.id)
    assert not may(WU, "finish", STATION)
    assert may(SUN, "finish", STATION, decided_by=WU.id)
    assert not may(SUN, "finish", SUPERVISOR, decided_by=SUN.id)
    assert may(ZHENG, "finish", SUPERVISOR, decided_by=SUN.id)


def test_a_station_does_not_see_what_goes_past_it():
    assert sees_words(WU, STATION, None)
    assert not sees_words(WU, SUPERVISOR, None)
    assert not sees_words(WU, STATION, WU.id)
    assert sees_words(SUN, SUPERVISOR, WU.id)


@pytest.mark.parametrize("words", ["", "收了钱", "一二 三 四", "长" * 1001])
def test_too_little_and_too_much_is_refused(words):
    with pytest.raises(RuleBroken):
        check_words(words)


def test_a_settled_case_of_unpaid_work_says_how_much_was_paid():
    open_, unpaid = CaseState.OPEN, CaseKind.UNPAID
    with pytest.raises(RuleBroken, match="拿到多少"):
        check_case_step(open_, CaseState.SETTLED, None, unpaid, role=Role.STAFF)
    assert check_case_step(open_, CaseState.SETTLED, 26000, unpaid, role=Role.STAFF) is CaseState.SETTLED
    with pytest.raises(RuleBroken, match="不要填金额"):
        check_case_step(open_, CaseState.HANDLING, 26000, unpaid, role=Role.STAFF)


@pytest.mark.parametrize("to", [CaseState.CLOSED, CaseState.MISTAKEN])
def test_a_clerk_does_not_free_an_employer_that_has_not_paid(to):
    with pytest.raises(RuleBroken, match="负责人或法律服务人员"):
        check_case_step(CaseState.HANDLING, to, None, CaseKind.UNPAID, role=Role.STAFF)
    for role in (Role.MANAGER, Role.LEGAL):
        assert check_case_step(CaseState.HANDLING, to, None, CaseKind.UNPAID, role=role) is to


def test_a_closed_case_stays_closed():
    with pytest.raises(RuleBroken, match="刷新"):
        check_case_step(CaseState.SETTLED, CaseState.HANDLING, None, CaseKind.UNPAID, role=Role.MANAGER)


def test_the_time_limit_is_that_of_the_parameter():
    years = whole(LEGAL_PARAMETERS, CLAIM_YEARS, date(2026, 12, 1))
    assert limit_on(date(2026, 12, 1), years) == date(2027, 12, 1)
    assert limit_on(date(2028, 2, 29), years) == date(2029, 2, 28)


def test_the_frozen_are_told_why_and_what_to_do():
    check_not_frozen(None, own=True)
    case = {"number": "FL261201001", "station_name": "金银湖零工驿站", "station_phone": "027-83000015"}
    with pytest.raises(RuleBroken, match=r"027-83000015.*照常进行"):
        check_not_frozen(case, own=True)
    with pytest.raises(RuleBroken, match=r"FL261201001.*付清"):
        check_not_frozen(case, own=False)
