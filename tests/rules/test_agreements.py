"""The service agreement: filled from post and people, complete or refused."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import date, time

import pytest
from job_samples import MINIMUM, terms_of

from rules.ages import AgeStanding
from rules.agreement_checks import LABOUR_WARNING, check_agreement
from rules.agreement_drafts import Composed, Lack, lack_of
from rules.agreement_values import (
    AgreementParties,
    payment_deadline,
    suggested_modules,
    values_from,
)
from rules.agreements import AgreementEvent, agreed_text_hits, fill, next_state
from rules.clauses import lint_clause
from rules.codes import NOT_IN_FORCE, AgreementState, AgreementType, EmployerKind, SettleCycle
from rules.errors import RuleBroken, RulesBroken
from rules.lint import Severity
from rules.pay_checks import CheckParameters
from rules.placeholders import PLACEHOLDERS
from rules.wordings import built_in, built_in_body, built_in_types

SERVICE = built_in(AgreementType.ONE_OFF_SERVICE)

PARTIES = AgreementParties(
    number="XLW-2026-000187",
    employer_kind=EmployerKind.UNIT,
    employer_name="武汉顺达物流有限公司",
    employer_id_type="统一社会信用代码",
    employer_id_number="91420199MADXH0011F",
    employer_address="走马岭街道物流园8号",
    employer_contact="周经理",
    employer_phone="13900000001",
    worker_name="王䶮",
    worker_id_number="420199197803129017",
    worker_address="走马岭街道",
    station_name="走马岭零工驿站",
    station_phone="02783000000",
    guide="刘敏",
    legal_representative="周大海",
    worker_phone="19900000101",
)
HOUSEHOLD = replace(
    PARTIES,
    employer_kind=EmployerKind.INDIVIDUAL,
    employer_name="陈先明",
    employer_id_type="居民身份证",
    legal_representative="",
)
SORTING = terms_of("J02", exact_address="走马岭物流园3号库", end_date="2026-12-05")
REQUIRED = [placeholder for placeholder in SERVICE.places.values() if placeholder.required and not placeholder.default]


def article(text, number: str) -> str:
    return next(a.paragraphs[0].text for a in text.articles if a.number == number)


def refusals(values, modules=()) -> list[RuleBroken]:
    with pytest.raises(RulesBroken) as refused:
        fill(SERVICE, values, modules)
    return refused.value.broken


def test_an_agreement_is_filled_completely():
    text = fill(SERVICE, values_from(SERVICE, PARTIES, SORTING))
    printed = text.plain_text()
    assert not re.search(r"[{}\[\]]", printed)
    assert (text.title, text.number, text.template_version) == (
        "零工劳务协议",
        "XLW-2026-000187",
        SERVICE.version,
    )
    assert [a.number for a in text.articles] == [f"第{n}条" for n in (*"一二三四五六七八九十", "十一", "十二", "十三", "十四")]
    for value in ("武汉顺达物流有限公司", "91420199MADXH0011F", "王䶮", "420199197803129017", "走马岭物流园3号库"):
        assert value in printed


def test_every_place_of_the_wording_is_in_the_dictionary_and_the_other_way_round():
    assert {name for kind in built_in_types() for name in built_in(kind).places} == set(PLACEHOLDERS)
    assert len({placeholder.field for placeholder in PLACEHOLDERS.values()}) == len(PLACEHOLDERS)


def test_the_sentences_read_right():
    text = fill(SERVICE, values_from(SERVICE, PARTIES, SORTING))
    assert article(text, "第一条").startswith("甲方请乙方完成以下工作：物流园分拣日结（走马岭物流园尾货分拣，")
    assert "自2026年12月3日起至2026年12月5日止，每天08:00至17:30，中间休息：90分钟。" in article(text, "第二条")
    assert article(text, "第三条").startswith("按计时计酬，单价为每天人民币220元，预计数量3天，预计合计人民币660元（大写：陆佰陆拾元整）。")
    assert article(text, "第四条").startswith("按日结算，甲方最迟在每个工作日24:00前以现金付给乙方本人。")
    assert "至迟在约定开始时间前4小时通知乙方" in article(text, "第十二条")
    assert "和30元误工补偿" in article(text, "第十二条")
    assert "一年期贷款市场报价利率(LPR)支付逾期利息" in article(text, "第十三条")
    assert "特别约定：无。" in article(text, "第十四条")
    assert "一式贰份，" in article(text, "第十四条")
    assert text.guidance.text == "填写指导：刘敏（走马岭零工驿站，电话02783000000）"
    assert text.footer.text == (
        "本文本由走马岭零工驿站免费提供填写指导，供双方协商使用；驿站不是协议当事人。双方可以修改、补充，但不得违反法律规定。"
    )


def test_a_shift_across_midnight_says_so():
    night = terms_of("J05", start_time="19:00", end_time="08:00")
    assert "每天19:00至次日08:00，" in article(fill(SERVICE, values_from(SERVICE, PARTIES, night)), "第二条")
    until_midnight = terms_of("J05", start_time="16:00", end_time="00:00")
    assert "每天16:00至24:00，" in article(fill(SERVICE, values_from(SERVICE, PARTIES, until_midnight)), "第二条")


def test_an_hour_of_good_pay_is_the_compensation_for_a_wasted_journey():
    assert "和35元误工补偿" in article(fill(SERVICE, values_from(SERVICE, HOUSEHOLD, terms_of("J01"))), "第十二条")


def test_piece_pay_without_an_estimate_still_has_its_capitals():
    pieces = terms_of("J15", output_per_hour_milli=None)
    text = fill(SERVICE, values_from(SERVICE, PARTIES, pieces))
    assert "单价为每件人民币1.8元，预计数量以实际完成的为准" in article(text, "第三条")
    assert "（单价大写：壹元捌角）" in article(text, "第三条")


def test_the_legal_representative_is_printed_for_units_only():
    assert "　法定代表人：周大海　地址：" in fill(SERVICE, values_from(SERVICE, PARTIES, SORTING)).parties[0].text
    household = fill(SERVICE, values_from(SERVICE, HOUSEHOLD, SORTING)).parties[0].text
    assert household == (
        "甲方（接受劳务方）：陈先明　居民身份证：91420199MADXH0011F　地址：走马岭街道物流园8号　联系人/电话：周经理 13900000001"
    )


def test_what_was_filled_in_stays_apart_from_the_wording():
    spans = fill(SERVICE, values_from(SERVICE, PARTIES, SORTING)).articles[2].paragraphs[0].spans
    assert [span.text for span in spans if span.filled] == [
        "计时",
        "天",
        "220",
        "3天",
        "660元（大写：陆佰陆拾元整）",
    ]
    assert spans[0].text == "按"
    assert not spans[0].filled


@pytest.mark.parametrize("placeholder", REQUIRED, ids=lambda placeholder: placeholder.field)
def test_a_required_place_left_open_is_refused_by_name(placeholder):
    values = {**values_from(SERVICE, PARTIES, SORTING), placeholder.name: "  "}
    broken = refusals(values)
    assert [(b.field, b.message) for b in broken] == [(placeholder.field, f"请填写{placeholder.name}。")]


def test_everything_missing_is_named_at_once():
    assert [b.field for b in refusals({})] == [placeholder.field for placeholder in REQUIRED]


def test_optional_places_print_nothing_agreed():
    text = fill(SERVICE, values_from(SERVICE, PARTIES, SORTING))
    assert text.parties[1].text.endswith("紧急联系人：无")
    assert "食宿和交通：无。" in article(text, "第五条")


def test_a_value_that_has_no_place_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="甲方性别"):
        fill(SERVICE, {**values_from(SERVICE, PARTIES, SORTING), "甲方性别": "男"})


def test_a_value_cannot_open_another_place():
    text = fill(SERVICE, values_from(SERVICE, PARTIES, SORTING, {"特别约定": "见{乙方证件号}和[[附件]]"}))
    assert "特别约定：见{乙方证件号}和[[附件]]。" in article(text, "第十四条")


def test_several_lines_become_one_sentence():
    text = fill(SERVICE, values_from(SERVICE, PARTIES, SORTING, {"特别约定": "自带手套。\n\n中午可以休息；\n"}))
    assert "特别约定：自带手套；中午可以休息。本协议自" in article(text, "第十四条")


def test_a_forbidden_clause_is_refused_with_its_words_marked():
    values = values_from(SERVICE, PARTIES, SORTING, {"特别约定": "乙方入职交押金200元。", "质量要求": "迟到一次罚50"})
    broken = refusals(values)
    assert [(b.field, b.marks) for b in broken] == [
        ("quality", (("quality", 0, 5),)),
        ("special_terms", (("special_terms", 5, 7),)),
    ]


def test_a_doubtful_clause_only_warns():
    values = values_from(SERVICE, PARTIES, SORTING, {"特别约定": "本协议最终解释权归甲方"})
    assert [(hit.rule, hit.severity) for hit in agreed_text_hits(SERVICE, values)] == [("C09", Severity.WARN)]
    assert fill(SERVICE, values)


def test_the_wording_itself_has_no_forbidden_clause():
    for text in SERVICE.texts:
        assert lint_clause(text, labour_contract=True) == [], text
    assert lint_clause(fill(SERVICE, values_from(SERVICE, PARTIES, SORTING), ("A-家政", "A-搬运装修")).plain_text()) == []


def test_modules_follow_the_trade():
    assert suggested_modules(terms_of("J01")) == ("A-家政",)
    assert suggested_modules(terms_of("J05")) == ("A-搬运装修",)
    assert suggested_modules(terms_of("J02")) == ()
    assert list(SERVICE.modules) == ["A-家政", "A-搬运装修"]


def test_modules_are_printed_after_the_articles():
    text = fill(SERVICE, values_from(SERVICE, PARTIES, SORTING), ("A-搬运装修", "A-家政"))
    assert [(a.number, a.heading) for a in text.modules] == [
        ("补充约定一", "搬运和装修的补充约定"),
        ("补充约定二", "家政服务的补充约定"),
    ]
    assert text.plain_text().index("第十四条") < text.plain_text().index("补充约定一")
    with pytest.raises(RuleBroken, match="没有这个补充约定"):
        fill(SERVICE, values_from(SERVICE, PARTIES, SORTING), ("A-代驾",))


@pytest.mark.parametrize(
    ("cycle", "words"),
    [
        (SettleCycle.PER_JOB, "2026年12月5日24:00"),
        (SettleCycle.WEEKLY, "每周日24:00"),
        (SettleCycle.STAGE, ""),
        (None, ""),
    ],
)
def test_the_day_of_payment_follows_the_settlement(cycle, words):
    assert payment_deadline(cycle, date(2026, 12, 5)) == words


def checked(terms, kind=EmployerKind.UNIT, standing=AgeStanding.NORMAL):
    hits = check_agreement(AgreementType.ONE_OFF_SERVICE, terms, kind, standing, parameters=CheckParameters(minimum_wage=MINIMUM))
    return {hit.rule: hit for hit in hits}


def test_a_household_with_fair_pay_needs_no_answers():
    assert checked(terms_of("J05"), EmployerKind.INDIVIDUAL) == {}
    assert checked(terms_of("J05"), EmployerKind.INDIVIDUAL, AgeStanding.OVER_AGE) == {}


def test_a_unit_is_told_about_labour_relations():
    hits = checked(SORTING)
    assert set(hits) == {"A01"}
    assert hits["A01"].message == LABOUR_WARNING
    assert hits["A01"].severity is Severity.WARN


def test_more_than_three_days_for_a_unit_are_questioned():
    assert "A02" not in checked(SORTING)
    assert "A02" in checked(replace(SORTING, end_date=date(2026, 12, 6)))
    assert "A02" not in checked(replace(SORTING, end_date=date(2026, 12, 6)), EmployerKind.INDIVIDUAL)


def test_pay_below_the_minimum_wage_is_questioned():
    assert "A03" in checked(replace(SORTING, pay_fen=19199))
    assert "A03" not in checked(replace(SORTING, pay_fen=19200))


def test_a_unit_does_not_sign_this_paper_with_somebody_over_age():
    with pytest.raises(RuleBroken, match="超龄用工协议"):
        checked(SORTING, standing=AgeStanding.OVER_AGE)
    assert "A05" in checked(SORTING, standing=AgeStanding.MAYBE_OVER_AGE)


def test_minors_sign_with_their_guardian_and_only_for_open_work():
    assert "A04" in checked(terms_of("J10"), standing=AgeStanding.JUVENILE)
    with pytest.raises(RuleBroken, match="特种设备"):
        checked(terms_of("J14"), standing=AgeStanding.JUVENILE)
    with pytest.raises(RuleBroken, match="未满16周岁"):
        checked(terms_of("J10"), standing=AgeStanding.UNDER_16)


def test_platforms_and_building_sites_need_other_papers():
    with pytest.raises(RuleBroken, match="新就业形态书面协议"):
        checked(terms_of("J02", trade="E03"))
    assert "A06" in checked(terms_of("J06"))
    assert "A07" in checked(terms_of("J10"))


def test_an_agreement_is_printed_signed_and_handed_over():
    state = AgreementState.DRAFT
    for event in (AgreementEvent.PRINT, AgreementEvent.SIGN, AgreementEvent.DELIVER):
        state = next_state(state, event)
    assert state is AgreementState.DELIVERED


@pytest.mark.parametrize(
    ("state", "event"),
    [
        (AgreementState.DRAFT, AgreementEvent.SIGN),
        (AgreementState.PRINTED, AgreementEvent.DELIVER),
        (AgreementState.PRINTED, AgreementEvent.PRINT),
        (AgreementState.VOID, AgreementEvent.PRINT),
        (AgreementState.VOID, AgreementEvent.VOID),
    ],
)
def test_no_step_is_skipped(state, event):
    with pytest.raises(RuleBroken, match=f"协议现在是“{state.label}”"):
        next_state(state, event)


@pytest.mark.parametrize("state", [s for s in AgreementState if s not in NOT_IN_FORCE | {AgreementState.E_SIGNING}])
def test_a_wrong_agreement_is_made_void_not_changed(state):
    assert next_state(state, AgreementEvent.VOID) is AgreementState.VOID


def test_the_fourteen_articles_are_the_agreed_wording_word_for_word():
    template = built_in_body(AgreementType.ONE_OFF_SERVICE)
    wording = "\n".join(f"{article['number']}　{article['heading']}\n{article['text']}" for article in template["articles"])
    assert len(template["articles"]) == 14
    assert (template["version"], hashlib.sha256(wording.encode()).hexdigest()) == (
        "A-2026-11",
        "5d9e30c3df1001b2a10bad5774275215336b7033f65dad5391df7b5c808f3670",
    ), "a changed wording needs a new version: printed agreements name it"


def parties_text(**changes):
    return "\n".join(paragraph.text for paragraph in fill(SERVICE, values_from(SERVICE, replace(PARTIES, **changes), SORTING)).parties)


def test_nobody_to_call_in_an_emergency_reads_as_one_nothing():
    assert parties_text(emergency_name="", emergency_phone="").splitlines()[1].endswith("紧急联系人：无")
    assert parties_text(emergency_name="王秀英", emergency_phone="").splitlines()[1].endswith("紧急联系人：王秀英 无")
    assert parties_text(emergency_name="王秀英", emergency_phone="13700000000").splitlines()[1].endswith("王秀英 13700000000")


def test_a_hazard_notice_leaves_its_full_stop_outside_the_sentence():
    terms = replace(SORTING, hazards=("CHEMICAL",), hazard_notice="清洁剂不要混用。")
    article = fill(SERVICE, values_from(SERVICE, PARTIES, terms)).articles[5].paragraphs[0].text
    assert "清洁剂不要混用）。乙方应当" in article


@pytest.mark.parametrize(
    ("end", "cycle", "words"),
    [
        (time(4, 0), SettleCycle.PER_JOB, "2026年12月8日24:00"),
        (time(0, 0), SettleCycle.PER_JOB, "2026年12月7日24:00"),
        (time(4, 0), SettleCycle.DAILY, "每个夜班下班当天24:00"),
        (time(4, 0), SettleCycle.WEEKLY, "每周日24:00"),
    ],
)
def test_a_night_is_paid_after_it_ends(end, cycle, words):
    terms = replace(terms_of("J14"), end_time=end, end_date=date(2026, 12, 7), settle_cycle=cycle)
    assert values_from(SERVICE, PARTIES, terms)["支付日期"] == words


@pytest.mark.parametrize(("last", "breaks"), [("2026-12-03", ""), ("2026-12-06", ""), ("2026-12-20", "无，每周做4天")])
def test_days_a_week_are_only_said_of_work_that_lasts_longer(last, breaks):
    terms = replace(terms_of("J02"), start_date=date(2026, 12, 3), end_date=date.fromisoformat(last), weekly_days=4, break_minutes=0)
    assert values_from(SERVICE, PARTIES, terms)["休息安排"] == breaks


@pytest.mark.parametrize(("last", "notice"), [("2026-12-03", "1"), ("2026-12-05", "1"), ("2026-12-06", "3"), (None, "1")])
def test_nobody_gives_three_days_notice_of_an_afternoon(last, notice):
    terms = replace(terms_of("J02"), start_date=date(2026, 12, 3), end_date=date.fromisoformat(last) if last else None)
    assert values_from(built_in(AgreementType.DOMESTIC), HOUSEHOLD, terms)["提前通知天数"] == notice


def test_a_draft_is_mended_before_it_is_filled_and_filled_before_it_is_printed():
    values = values_from(SERVICE, PARTIES, SORTING)
    barred = agreed_text_hits(SERVICE, values | {"特别约定": "身份证由甲方保管"})
    assert lack_of(Composed(SERVICE, values, ())) is None
    assert lack_of(Composed(SERVICE, values | {"保险约定": ""}, ())) is Lack.FILL
    assert lack_of(Composed(SERVICE, values | {"保险约定": ""}, tuple(barred))) is Lack.MEND
    assert lack_of(Composed(SERVICE, values, tuple(replace(hit, severity=Severity.WARN) for hit in barred))) is None
