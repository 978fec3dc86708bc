"""Who may be sent to which post, told with the people and posts of the samples."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from job_samples import TODAY, terms_of

from rules.ages import retirement_days
from rules.codes import JobState, PensionStatus, ReferralState, SeekerState, StartEvidence
from rules.errors import RuleBroken, RulesBroken
from rules.referrals import (
    CONTACT_STATES,
    OPEN_STATES,
    PostFacts,
    ReferralEvent,
    SeekerFacts,
    check_referral,
    check_start_evidence,
    consent_text,
    decline_reason_hits,
    next_state,
)
from rules.schedule import Engagement, Shift

WELDER = SeekerFacts(  # S13: his welding certificate ran out
    13,
    SeekerState.ACTIVE,
    date(1988, 8, 8),
    retirement_days(date(1988, 8, 8), "M"),
    None,
    (("T01", date(2026, 6, 30)),),
    False,
    TODAY,
    None,
)
STUDENT = SeekerFacts(  # S05: 17 years old
    5, SeekerState.ACTIVE, date(2009, 11, 5), retirement_days(date(2009, 11, 5), "M"), None, (), False, TODAY, None
)
FORKLIFT = SeekerFacts(  # S01
    1,
    SeekerState.ACTIVE,
    date(1978, 3, 12),
    retirement_days(date(1978, 3, 12), "M"),
    None,
    (("T11", date(2028, 5, 31)),),
    False,
    TODAY,
    None,
)
RETIRED = SeekerFacts(  # S10
    10, SeekerState.ACTIVE, date(1964, 8, 15), retirement_days(date(1964, 8, 15), "M"), PensionStatus.YES, (), False, TODAY, None
)


def post(post_id: str, *, state=JobState.PUBLISHED, free=1, verified=TODAY, **changes) -> PostFacts:
    return PostFacts(int(post_id[1:]), state, terms_of(post_id, **changes), free, verified)


def refusals(post_facts, seeker) -> list[RuleBroken]:
    with pytest.raises(RuleBroken) as refused:
        check_referral(post_facts, seeker, today=TODAY)
    return refused.value.broken if isinstance(refused.value, RulesBroken) else [refused.value]


def refusal(post_facts, seeker) -> str:
    broken = refusals(post_facts, seeker)
    assert len(broken) == 1
    return broken[0].message


def test_t02_an_expired_certificate_stops_the_welder():
    message = refusal(post("J13"), WELDER)
    assert "证书已过期(2026-06-30)" in message
    assert "焊接与热切割作业证已于2026年6月30日过期，不能推荐到须持证的岗位。" in message


def test_t03_a_minor_is_not_sent_to_a_night_shift_on_a_forklift():
    messages = [broken.message for broken in refusals(post("J14"), STUDENT)]
    assert "未成年工不得上夜班" in messages[0]
    assert "特种设备" in messages[0]


def test_t04_a_minor_may_wait_tables_with_three_warnings():
    warnings = check_referral(post("J10", certificates=[]), STUDENT, today=TODAY)
    assert len(warnings) == 3
    assert "监护人同意" in warnings[0]
    assert "未成年工登记" in warnings[1]
    assert "22:00 后不得安排" in warnings[2]


def test_the_consent_of_the_guardian_is_asked_for_only_once():
    warnings = check_referral(post("J10", certificates=[]), replace(STUDENT, guardian_consent=True), today=TODAY)
    assert not [warning for warning in warnings if "监护人" in warning]


def test_a_minor_is_not_sent_where_the_employer_wants_adults():
    assert "不用16至17周岁的人" in refusal(post("J10", juvenile_ok=False), STUDENT)


def test_a_minor_gets_light_work_where_the_trade_is_limited():
    warnings = check_referral(post("J02", juvenile_ok=True), STUDENT, today=TODAY)
    assert any("20公斤" in warning for warning in warnings)


def test_nobody_under_sixteen_on_the_first_working_day():
    young = replace(STUDENT, birth_date=date(2010, 12, 4))
    assert "未满16周岁" in refusal(post("J10"), young)
    assert check_referral(post("J10"), replace(young, birth_date=date(2010, 12, 3)), today=TODAY)


def test_t05_a_retired_man_is_referred_with_the_notices():
    warnings = check_referral(post("J17"), RETIRED, today=TODAY)
    assert any("书面用工协议并参加工伤保险" in warning for warning in warnings)
    assert any("负重" in warning for warning in warnings)


def test_t06_a_woman_between_the_ages_is_asked_for_her_pension():
    born = date(1972, 12, 1)
    seamstress = replace(RETIRED, birth_date=born, retires=retirement_days(born, "F"), pension=None)
    assert check_referral(post("J15"), seamstress, today=TODAY) == ["该求职者可能已到退休年龄，请核对是否已领取养老金。"]
    drawn = replace(seamstress, pension=PensionStatus.YES)
    assert "书面用工协议" in check_referral(post("J15"), drawn, today=TODAY)[0]
    assert check_referral(post("J15"), replace(seamstress, pension=PensionStatus.NO), today=TODAY) == []


def test_t14_the_same_person_is_not_referred_twice_to_the_same_post():
    assert "请勿重复推荐" in refusal(post("J14"), replace(FORKLIFT, open_referral_jobs=(3, 14)))
    assert check_referral(post("J14"), replace(FORKLIFT, open_referral_jobs=(3,)), today=TODAY) == []


def test_the_forklift_driver_goes_to_the_forklift():
    assert check_referral(post("J14"), FORKLIFT, today=TODAY) == []


@pytest.mark.parametrize(
    ("certificates", "words"),
    [
        ((), "没有登记叉车司机证"),
        ((("T11", date(2026, 12, 2)),), "证书已过期(2026-12-02)"),
        ((("C05", None),), "没有登记叉车司机证"),
    ],
)
def test_a_special_certificate_must_be_valid_on_the_working_day(certificates, words):
    assert words in refusal(post("J14"), replace(FORKLIFT, certificates=certificates))


def test_the_newer_of_two_certificates_counts():
    two = (("T11", date(2026, 6, 30)), ("T11", date(2030, 6, 30)))
    assert check_referral(post("J14"), replace(FORKLIFT, certificates=two), today=TODAY) == []


def test_a_certificate_is_good_on_its_last_day():
    last_day = replace(FORKLIFT, certificates=(("T11", date(2026, 12, 3)),))
    warnings = check_referral(post("J14", end_date="2026-12-03"), last_day, today=TODAY)
    assert warnings == []


def test_a_certificate_that_ends_during_the_work_is_pointed_out():
    soon = replace(FORKLIFT, certificates=(("T11", date(2026, 12, 5)),))
    assert "请提醒按时复审或换证" in check_referral(post("J14"), soon, today=TODAY)[0]


def test_the_trade_asks_for_its_certificate_even_where_the_order_forgot_it():
    assert "没有登记焊接与热切割作业证" in refusal(post("J13", certificates=[]), replace(WELDER, certificates=()))


def test_a_missing_health_certificate_only_warns():
    grown = replace(WELDER, certificates=())
    assert check_referral(post("J10"), grown, today=TODAY) == ["该求职者没有登记健康证，请先办好或者核对原件。"]
    expired = replace(grown, certificates=(("C01", date(2026, 1, 1)),))
    assert "证书已过期(2026-01-01)" in check_referral(post("J10"), expired, today=TODAY)[0]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (post("J14", state=JobState.PAUSED), "只能推荐到招工中的岗位"),
        (post("J14", state=JobState.FILLED, free=0), "已经招满"),
        (post("J14", free=0), "已经招满"),
        (post("J14", verified=TODAY - timedelta(days=16)), "超过15天没有核实"),
        (post("J14", start_date="2026-11-01", end_date="2026-11-30"), "日期已经过了"),
    ],
)
def test_the_post_must_be_open(facts, words):
    broken = refusals(facts, FORKLIFT)
    assert [(b.field, words in b.message) for b in broken] == [("job", True)]


def test_fifteen_days_old_is_still_fresh():
    assert check_referral(post("J14", verified=TODAY - timedelta(days=15)), FORKLIFT, today=TODAY) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"state": SeekerState.CLOSED}, "已注销"),
        ({"state": SeekerState.DORMANT}, "先与本人确认"),
        ({"confirmed_on": TODAY - timedelta(days=91)}, "先与本人确认"),
        ({"state": SeekerState.RESTRICTED, "restricted_until": date(2026, 12, 31)}, "暂停推荐到2026年12月31日"),
    ],
)
def test_the_person_must_be_looking_for_work(change, words):
    assert words in refusal(post("J14"), replace(FORKLIFT, **change))


def test_somebody_at_work_may_take_a_second_job_beside_it():
    mornings = Engagement(date(2026, 12, 1), date(2026, 12, 31), Shift(time(8), time(12)))
    busy = replace(FORKLIFT, state=SeekerState.ENGAGED, engagements=(mornings,))
    assert check_referral(post("J14"), busy, today=TODAY) == []


def test_two_jobs_at_the_same_time_are_refused_also_across_midnight():
    early = Engagement(date(2026, 12, 4), date(2026, 12, 4), Shift(time(3), time(11)))
    message = refusal(post("J14"), replace(FORKLIFT, engagements=(early,)))
    assert message == ("与该求职者已答应的工作时间冲突（2026年12月4日至2026年12月4日，每天03:00–11:00），请换一个岗位。")


def test_a_post_without_hours_only_asks_to_compare():
    day = Engagement(date(2026, 12, 3), date(2026, 12, 3), Shift(time(8), time(12)))
    fitter = replace(FORKLIFT, certificates=(("T04", date(2027, 11, 30)),), engagements=(day,))
    assert "请核对不冲突" in check_referral(post("J16"), fitter, today=TODAY)[0]


def test_every_obstacle_is_named_at_once():
    broken = refusals(post("J13", state=JobState.PAUSED), replace(WELDER, state=SeekerState.CLOSED))
    assert [b.field for b in broken] == ["job", "seeker", "seeker"]


def test_both_sides_agree_then_the_work_begins():
    state = ReferralState.PROPOSED
    for event in (
        ReferralEvent.WORKER_ACCEPT,
        ReferralEvent.EMPLOYER_ACCEPT,
        ReferralEvent.CONFIRM,
        ReferralEvent.START,
    ):
        state = next_state(state, event)
    assert state is ReferralState.PLACED


def test_the_employer_is_asked_after_the_worker():
    with pytest.raises(RuleBroken, match="请先征得零工同意"):
        next_state(ReferralState.PROPOSED, ReferralEvent.EMPLOYER_ACCEPT)


def test_nobody_starts_before_the_agreement():
    with pytest.raises(RuleBroken, match="不能登记上岗"):
        next_state(ReferralState.EMPLOYER_ACCEPTED, ReferralEvent.START)


def test_every_state_is_reached_and_open_ones_are_known():
    reached = {next_state(s, e) for s in ReferralState for e in ReferralEvent if _possible(s, e)}
    assert reached | {ReferralState.PROPOSED, ReferralState.APPLIED} == set(ReferralState)
    assert {
        ReferralState.APPLIED,
        ReferralState.PROPOSED,
        ReferralState.WORKER_ACCEPTED,
        ReferralState.EMPLOYER_ACCEPTED,
        ReferralState.CONFIRMED,
    } == OPEN_STATES
    assert ReferralState.WORKER_ACCEPTED not in CONTACT_STATES


def _possible(state, event) -> bool:
    try:
        next_state(state, event)
    except RuleBroken:
        return False
    return True


def test_the_consent_names_employer_and_post():
    assert consent_text("顺达物流", "物流园分拣") == (
        "同意把我的姓名、电话、技能和证书情况提供给【顺达物流】，仅用于本次岗位【物流园分拣】的联系和签约。"
    )


def test_a_discriminating_refusal_is_marked():
    hits = decline_reason_hits("不要女的，13900000030")
    assert [(hit.rule, hit.field, hit.words) for hit in hits] == [("D01", "reason", "不要女的")]


@pytest.mark.parametrize(
    ("evidence", "signed", "start", "words"),
    [
        (None, True, TODAY, "请选择上岗依据"),
        (StartEvidence.RETURN_SLIP, True, TODAY + timedelta(days=1), "还没到"),
        (StartEvidence.SIGNED_AGREEMENT, False, TODAY, "请先上传签好的协议"),
    ],
)
def test_a_placement_needs_real_evidence(evidence, signed, start, words):
    with pytest.raises(RuleBroken, match=words):
        check_start_evidence(evidence, signed, start, TODAY)


def test_good_evidence_is_taken():
    check_start_evidence(StartEvidence.SIGNED_AGREEMENT, True, TODAY, TODAY)
    check_start_evidence(StartEvidence.RETURN_SLIP, False, TODAY - timedelta(days=3), TODAY)
