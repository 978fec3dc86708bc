"""The structured checks of a job order, on the sample posts and at every edge."""

from __future__ import annotations

from datetime import date

import pytest
from job_samples import MINIMUM, POSTS, TODAY, employer_of, terms_of

from rules.checks import (
    EMPLOYER,
    CheckParameters,
    blocks,
    check_job,
    check_nothing_blocks,
    check_post,
    open_warnings,
    warnings,
)
from rules.codes import CreditState, EmployerKind, EmployerState
from rules.errors import RulesBroken
from rules.jobs import comparison_text
from rules.lint import Hit, Severity, basis_text
from rules.pay import MinimumWage

PARAMETERS = CheckParameters(minimum_wage=MINIMUM)


def found(post_id: str, employer=None, *, parameters=PARAMETERS, similar=(), median=None, **changes) -> list[Hit]:
    return check_job(
        terms_of(post_id, **changes),
        employer or employer_of(post_id),
        today=TODAY,
        parameters=parameters,
        similar_published=similar,
        trade_median_fen=median,
    )


def only(hits: list[Hit], rule: str) -> Hit:
    hits = [hit for hit in hits if hit.rule == rule]
    assert len(hits) == 1, hits
    return hits[0]


def rules_of(hits) -> set[str]:
    return {hit.rule for hit in hits}


@pytest.mark.parametrize("post", POSTS, ids=lambda post: post["id"])
def test_a_sample_post_brings_up_what_the_reference_says(post):
    hits = [hit for hit in found(post["id"], median=2600) if (hit.rule, hit.severity) != ("M05", Severity.INFO)]
    assert {hit.rule: hit.severity.value for hit in hits} == post["structured"]


@pytest.mark.parametrize("post", POSTS, ids=lambda post: post["id"])
def test_structured_hits_mark_no_words_and_read_as_sentences(post):
    for hit in found(post["id"], median=2600):
        assert (hit.start, hit.end, hit.words) == (0, 0, "")
        assert hit.message.endswith("。")
        assert not any("A" <= char <= "Z" for char in basis_text(hit.basis))


def test_j19_is_refused_for_deposit_and_papers_and_warned_for_pay():
    hits = check_post(terms_of("J19"), employer_of("J19"), today=TODAY, parameters=PARAMETERS)
    assert [hit.rule for hit in blocks(hits)] == ["F01", "F03"]
    assert rules_of(warnings(hits)) == {"W01", "W08"}
    assert [hit.severity for hit in hits] == sorted(
        (hit.severity for hit in hits), key=[Severity.BLOCK, Severity.WARN, Severity.INFO].index
    )


@pytest.mark.parametrize(
    ("field", "nothing", "words"),
    [
        ("title", "", "请填写岗位名称。"),
        ("trade", "", "请选择工种。"),
        ("trade", "X99", "请选择工种。"),
        ("headcount", 0, "请填写人数，至少1人。"),
        ("duties", "搬货装车卸货都要", "请填写工作内容，至少10个字。"),
        ("subdistrict", "", "请选择工作街道。"),
        ("landmark", " ", "请填写公开地点，写到地标或路口。"),
        ("start_date", None, "请填写开始日期。"),
        ("start_time", None, "请填写上班时间。"),
        ("end_time", None, "请填写下班时间。"),
        ("pay_basis", None, "请选择计酬方式。"),
        ("pay_fen", 0, "请填写单价。"),
        ("pay_unit", None, "请选择计价单位。"),
        ("settle_cycle", None, "请选择结算周期。"),
        ("valid_to", None, "请填写有效期至哪一天。"),
    ],
)
def test_what_is_missing_is_named_at_its_field(field, nothing, words):
    hit = only(found("J02", **{field: nothing}), "M02")
    assert (hit.severity, hit.field, hit.message) == (Severity.BLOCK, field, words)


@pytest.mark.parametrize("field", ["contact_name", "contact_phone"])
def test_the_internal_contact_is_required(field):
    hit = only(found("J02", **{field: ""}), "M04")
    assert (hit.severity, hit.field) == (Severity.BLOCK, field)


def test_an_empty_order_names_every_missing_field_once():
    from rules.terms import JobTerms

    hits = check_job(JobTerms(), employer_of("J02"), today=TODAY, parameters=PARAMETERS)
    missing = [hit.field for hit in hits if hit.rule in {"M02", "M04"}]
    assert len(missing) == len(set(missing)) == 16


def test_dates_the_wrong_way_round_and_dates_gone_by():
    assert only(found("J02", end_date="2026-12-02"), "M02").field == "end_date"
    assert only(found("J02", start_date="2026-11-30"), "M03").field == "start_date"
    assert only(found("J02", valid_to="2026-11-30"), "M03").field == "valid_to"
    assert "M03" not in rules_of(found("J02", valid_to="2026-12-31"))
    assert only(found("J02", valid_to="2027-01-01"), "M03").severity is Severity.BLOCK


def test_a_break_as_long_as_the_shift_is_refused():
    assert only(found("J01", break_minutes=210), "M02").field == "break_minutes"


@pytest.mark.parametrize(
    ("changes", "rule", "severity"),
    [
        ({"state": EmployerState.PENDING}, "M01", Severity.BLOCK),
        ({"verified_until": date(2026, 11, 30)}, "M01", Severity.BLOCK),
        ({"credit": CreditState.WATCH}, "M14", Severity.WARN),
        ({"credit": CreditState.BLOCKED}, "M14", Severity.BLOCK),
        ({"agency": True}, "M10", Severity.BLOCK),
        ({"dispatch": True}, "M10", Severity.BLOCK),
    ],
)
def test_the_employer_must_be_in_order(changes, rule, severity):
    hit = only(found("J02", employer_of("J02", **changes)), rule)
    assert (hit.severity, hit.field) == (severity, EMPLOYER)


def test_an_employer_in_order_brings_nothing_up():
    assert found("J02", employer_of("J02", verified_until=TODAY, agency=True, licence_no="鄂001")) == [
        hit for hit in found("J02") if hit.rule == "M05"
    ]


def test_dispatch_may_not_offer_part_time_work():
    dispatch = employer_of("J10", dispatch=True, licence_no="鄂001")
    assert only(found("J10", dispatch), "M10").field == "relation"


def test_a_hazard_asks_for_warning_and_protection():
    hits = found("J05", hazards=["LOAD"])
    assert [hit.field for hit in hits if hit.rule == "M05"] == ["hazard_notice", "protection"]
    assert found("J05", hazards=["LOAD"], hazard_notice="抬重物防扭伤", protection="手套护腰") == []


def test_certificates_block_for_special_operations_and_warn_for_others():
    assert only(found("J13", certificates=[]), "M06").severity is Severity.BLOCK
    assert only(found("J13", certificates=["C01"]), "M06").severity is Severity.BLOCK
    assert only(found("J10", certificates=[]), "M06").severity is Severity.WARN


def test_the_insurance_must_be_stated():
    assert only(found("J02", insurance=None), "M07").severity is Severity.WARN
    assert "M07" not in rules_of(found("J02", insurance="NONE"))


@pytest.mark.parametrize(
    ("post_id", "changes"),
    [
        ("J13", {}),
        ("J23", {}),
        ("J10", {"end_time": "22:30"}),
        ("J10", {"hazards": ["SCALD", "CONFINED"], "hazard_notice": "当心", "protection": "手套"}),
    ],
)
def test_minors_are_not_offered_dangerous_or_night_work(post_id, changes):
    assert only(found(post_id, juvenile_ok=True, **changes), "M08").severity is Severity.BLOCK


def test_minors_may_wait_tables_in_the_evening():
    assert "M08" not in rules_of(found("J10", juvenile_ok=True))


def test_building_sites_are_for_contractors():
    private = employer_of("J06", kind=EmployerKind.INDIVIDUAL)
    assert only(found("J06", private), "M09").severity is Severity.BLOCK


def test_platform_riders_get_the_platform_agreement():
    assert only(found("J02", trade="E03"), "M11").severity is Severity.WARN


def test_the_same_post_again_is_noticed():
    assert only(found("J02", similar=[comparison_text(terms_of("J02"))]), "M12").severity is Severity.WARN
    assert "M12" not in rules_of(found("J02", similar=[comparison_text(terms_of("J11"))]))


def test_fifty_people_for_a_household_are_still_believed():
    assert "M13" not in rules_of(found("J05", headcount=50))
    assert only(found("J05", headcount=51), "M13").field == "headcount"
    assert "M13" not in rules_of(found("J02", headcount=51))


def test_pay_far_above_the_trade_is_noticed():
    assert "M13" not in rules_of(found("J02", pay_fen=60000, median=2500))
    assert only(found("J02", pay_fen=60100, median=2500), "M13").field == "pay_fen"


@pytest.mark.parametrize(
    ("post_id", "changes", "severity", "words"),
    [
        ("J10", {"pay_fen": 2399}, Severity.BLOCK, "每小时23.99元，低于当前最低工资标准24元，请修改。"),
        ("J10", {"pay_fen": 2400}, None, ""),
        ("J18", {"pay_fen": 239900}, Severity.BLOCK, "每月2399元，低于当前最低工资标准每月2400元，请修改。"),
        ("J18", {"pay_fen": 240000}, None, ""),
        (
            "J02",
            {"relation": "FIXED", "pay_fen": 11033},
            Severity.BLOCK,
            "每天110.33元，低于当前最低工资标准每天110.34元，请修改。",
        ),
        ("J02", {"relation": "FIXED", "pay_fen": 11034}, None, ""),
        ("J02", {"relation": "FIXED", "pay_fen": 11034, "break_minutes": 0}, Severity.BLOCK, "按9.5小时折算"),
        ("J02", {"pay_fen": 11024}, Severity.BLOCK, "按8小时折算每小时13.78元，低于当前最低工资标准13.79元，请修改。"),
        ("J02", {"pay_fen": 11040}, Severity.WARN, "按8小时折算每小时13.8元，低于当前最低工资标准24元"),
        ("J02", {"pay_fen": 19200}, None, ""),
        ("J05", {"pay_fen": 9500}, Severity.WARN, "按4小时折算每小时23.75元"),
        ("J05", {"pay_fen": 100}, Severity.WARN, "低于当前最低工资标准24元"),
        ("J15", {"output_per_hour_milli": 10000}, Severity.WARN, "按每小时10件折算每小时18元"),
        ("J14", {"pay_fen": 19000}, Severity.WARN, "按8小时折算每小时23.75元"),
    ],
)
def test_the_minimum_wage(post_id, changes, severity, words):
    hits = [hit for hit in found(post_id, **changes) if hit.rule == "W01"]
    assert [hit.severity for hit in hits] == ([severity] if severity else [])
    assert all(words in hit.message and hit.field == "pay_fen" for hit in hits)


def test_the_minimum_wage_of_the_working_day_counts():
    raised = CheckParameters(minimum_wage=MinimumWage(hour_fen=2600, month_fen=260000))
    assert only(found("J10", parameters=raised), "W01").severity is Severity.BLOCK


def test_live_in_work_and_lump_sums_without_hours_are_asked_for_rough_hours():
    for post_id in ("J08", "J09", "J16"):
        hit = only(found(post_id), "W01")
        assert (hit.severity, hit.message) == (Severity.INFO, "请说明大致工时。")


def test_piece_pay_needs_the_output_of_an_hour():
    assert only(found("J15", output_per_hour_milli=None), "W07").message == "请填写正常每小时完成量。"


@pytest.mark.parametrize(
    ("end", "severity"),
    [("16:00", None), ("16:30", Severity.WARN), ("19:00", Severity.WARN), ("19:01", Severity.BLOCK)],
)
def test_long_days_of_units(end, severity):
    hits = [hit for hit in found("J02", start_time="08:00", end_time=end, break_minutes=0) if hit.rule == "W08"]
    assert [hit.severity for hit in hits] == ([severity] if severity else [])


def test_overtime_terms_answer_a_long_day_but_not_a_too_long_one():
    agreed = {"start_time": "08:00", "break_minutes": 0, "overtime_terms": "超过8小时按1.5倍计酬"}
    assert "W08" not in rules_of(found("J02", end_time="19:00", **agreed))
    assert only(found("J02", end_time="19:30", **agreed), "W08").severity is Severity.BLOCK


def test_a_long_night_in_a_household_is_not_a_working_time_matter():
    assert "W08" not in rules_of(found("J05", start_time="19:00", end_time="08:00"))


def test_a_week_needs_a_day_of_rest():
    assert only(found("J02", end_date="2026-12-09"), "W09").severity is Severity.WARN
    assert only(found("J02", end_date="2026-12-09", weekly_days=7), "W09").field == "weekly_days"
    assert "W09" not in rules_of(found("J02", end_date="2026-12-09", weekly_days=6))
    assert "W09" not in rules_of(found("J02", end_date="2026-12-08"))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"settle_cycle": "MONTHLY"}, "settle_cycle"),
        ({"settle_cycle": "PER_JOB"}, "settle_cycle"),
        ({"end_time": "21:31"}, "end_time"),
        ({"weekly_days": 7}, "weekly_days"),
    ],
)
def test_part_time_work_stays_small_and_is_paid_within_fifteen_days(changes, field):
    hits = [hit for hit in found("J10", **changes) if hit.rule == "W10"]
    assert [(hit.severity, hit.field) for hit in hits] == [(Severity.BLOCK, field)]


def test_the_part_time_cycle_says_what_to_do():
    hit = only(found("J10", settle_cycle="MONTHLY"), "W10")
    assert hit.message == "非全日制用工最长15天结算一次，请修改结算周期。"


@pytest.mark.parametrize(
    ("start", "end", "warned"),
    [
        ("2027-05-31", "2027-05-31", False),
        ("2027-05-20", "2027-06-01", True),
        ("2027-09-30", None, True),
        ("2027-10-01", None, False),
        ("2026-12-03", "2027-12-03", True),
    ],
)
def test_outdoor_summer_work_needs_heat_measures(start, end, warned):
    outdoors = {"trade": "I01", "start_date": start, "end_date": end}
    assert ("W11" in rules_of(found("J02", **outdoors))) is warned
    assert "W11" not in rules_of(found("J02", heat_measures="避开正午，供应凉茶", **outdoors))
    assert "W11" not in rules_of(found("J02", start_date=start, end_date=end))


def test_warnings_stay_open_until_they_are_answered():
    hits = found("J19")
    assert rules_of(open_warnings(hits, {})) == {"W01", "W08"}
    assert rules_of(open_warnings(hits, {"W01": "雇主同意加到240元", "W08": " "})) == {"W08"}


def test_a_released_false_positive_blocks_no_more():
    hits = check_post(terms_of("J17"), employer_of("J17"), today=TODAY, parameters=PARAMETERS)
    assert rules_of(blocks(hits)) == {"D01", "P01"}
    assert rules_of(blocks(hits, released={"D01"})) == {"P01"}


def test_a_refusal_carries_every_reason_and_mark():
    terms = terms_of("J17")
    hits = check_post(terms, employer_of("J17"), today=TODAY, parameters=PARAMETERS)
    with pytest.raises(RulesBroken) as refused:
        check_nothing_blocks(hits)
    marks = [mark for broken in refused.value.broken for mark in broken.marks]
    assert ("duties", terms.duties.index("139"), terms.duties.index("139") + 11) in marks
    assert {broken.field for broken in refused.value.broken} == {"title", "duties"}


def test_contact_data_is_refused_in_every_public_text_but_not_in_the_internal_ones():
    call = "请打13900000030"
    for field in ("title", "duties", "requirements", "landmark", "remarks", "protection", "overtime_terms"):
        hits = check_post(terms_of("J02", **{field: call}), employer_of("J02"), today=TODAY, parameters=PARAMETERS)
        assert [(hit.rule, hit.field) for hit in hits if hit.group == "P"] == [("P01", field)]
    internal = terms_of("J02", contact_phone="13900000030", exact_address="12栋2单元1503室", pickup_place=call)
    hits = check_post(internal, employer_of("J02"), today=TODAY, parameters=PARAMETERS)
    assert not [hit for hit in hits if hit.group == "P"]


def test_words_about_danger_are_welcome_in_the_safety_fields():
    safe = terms_of("J02", hazard_notice="登高、电工作业请勿靠近", protection="锅炉房不得进入")
    hits = check_post(safe, employer_of("J02"), today=TODAY, parameters=PARAMETERS)
    assert not [hit for hit in hits if hit.group == "H"]
