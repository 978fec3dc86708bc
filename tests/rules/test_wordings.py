"""Every text of agreements: word for word as agreed, filled completely, and never amended below what the law asks for."""

from __future__ import annotations

import copy
import hashlib
import re
from dataclasses import replace
from datetime import date, time

import pytest
from job_samples import terms_of
from test_agreements import PARTIES, SORTING

from rules.agreed_terms import read_day, terms_agreed
from rules.agreement_drafts import AgreementSource, compose, missing
from rules.agreement_values import ThirdParty, values_from
from rules.agreements import fill
from rules.checklists import checklist
from rules.codes import OFFICIAL_TEXTS, AgreementSide, AgreementType, EmployerKind, PayUnit, PensionStatus, SettleCycle
from rules.errors import RuleBroken, RulesBroken
from rules.lint import Severity, basis_text
from rules.mandatory import MANDATORY, check_wording, missing_items
from rules.parameters import LEGAL_PARAMETERS
from rules.placeholders import CROSSED_OUT, PLACEHOLDERS, Group, Shape
from rules.wording_changes import changes, check_amendment, next_version, sample_values
from rules.wordings import built_in, built_in_body, built_in_types, read_wording

TODAY = date(2026, 11, 23)

WORD_FOR_WORD = {
    AgreementType.ONE_OFF_SERVICE: ("A-2026-11", 14, "ec8358f0d3810148e060cc8d3e8e6c29587bde16f0ad9b377700af197be83ce8"),
    AgreementType.PART_TIME: ("B-2026-11", 14, "e78ee6a206fa7bfd661a6544e24a7cc59b189bff0573b321b95734df41c89af3"),
    AgreementType.OVER_AGE: ("D-2026-11", 8, "2c4e84c2dbffaa1a6f6b10fa5d3166f7b65784acb06bb2e50b0e0cf478db21f1"),
    AgreementType.SHARED_LABOUR_3P: ("C-2026-11", 15, "bb278e9bb3f2f1ab361f6771880863e24a5c7782b73f662ba3f14a00f5c06054"),
    AgreementType.WORK_RESULT: ("F-2026-11", 14, "7d66b5fdc422f07beec2cfd94e878f19a53aa2971e42d9e40ed3e6d2e44bb461"),
    AgreementType.DOMESTIC: ("G-2026-11", 15, "3a03d591298f959e5e179a3d1718a0834f8748aa3920d1de7c312f0b68cbab4f"),
    AgreementType.KEY_POINTS: ("E-2026-11", 10, "145ceab535015e2d29d8d0485a1e642bbfa2f04eeba1c40d49240f8d3b26a477"),
}
"""Version, number of articles, SHA-256 of the text with its places open: a changed wording needs a new version."""

LENDER = ThirdParty("武汉东湖电子有限公司", "91420100MA4KXXXX0E", "东西湖区金山大道1号", "027-83001111", "高明")

PART_TIME_TERMS = terms_of(
    "J02",
    title="超市理货",
    duties="理货、打价签。",
    exact_address="金银湖路1号",
    start_time="08:00",
    end_time="12:00",
    break_minutes=0,
    weekly_days=6,
    start_date="2026-12-03",
    end_date="2027-02-28",
    pay_fen=2500,
    pay_unit=PayUnit.HOUR.value,
    settle_cycle=SettleCycle.WEEKLY.value,
)

TYPED = {
    AgreementType.PART_TIME: {},
    AgreementType.SHARED_LABOUR_3P: {
        "原合同到期日": "2028年6月30日",
        "发放日": "10",
        "核对日": "3",
        "工伤补偿办法": "甲方实际支出的全额",
        "结算标准": "丙方实发工资加单位应缴社会保险费",
        "结算日": "15",
    },
    AgreementType.WORK_RESULT: {"材料约定": "甲方提供", "验收标准": "按图纸当场验收", "质量要求": "平整不漏水"},
}


def sample(kind: AgreementType, **changes) -> dict[str, str]:
    terms = PART_TIME_TERMS if kind in (AgreementType.PART_TIME, AgreementType.OVER_AGE, AgreementType.SHARED_LABOUR_3P) else SORTING
    parties = replace(PARTIES, third=LENDER, job_number="G261201-010001", employer_verified=True)
    return values_from(built_in(kind), parties, terms, TYPED.get(kind, {}) | changes, hourly_minimum_fen=2400)


def whole(kind: AgreementType) -> str:
    body = built_in_body(kind)
    articles = (f"{article['number']}　{article['heading']}\n{article['text']}" for article in body["articles"])
    signed = (block["label"] + "".join(block.get("lines", [])) for block in body["signatures"])
    return "\n".join([*body["parties"], *articles, *signed, body.get("receipt", ""), body["guidance"], body["footer"]])


@pytest.mark.parametrize("kind", built_in_types())
def test_the_wording_is_the_agreed_one_word_for_word(kind):
    digest = hashlib.sha256(whole(kind).encode()).hexdigest()
    assert (built_in(kind).version, len(built_in(kind).articles), digest) == WORD_FOR_WORD[kind]


def test_every_type_has_a_text_or_the_official_one():
    assert set(built_in_types()) | OFFICIAL_TEXTS == set(AgreementType)
    assert not set(built_in_types()) & OFFICIAL_TEXTS


@pytest.mark.parametrize("kind", built_in_types())
def test_every_type_is_filled_completely(kind):
    text = fill(built_in(kind), sample(kind), tuple(built_in(kind).modules))
    printed = text.plain_text()
    assert not re.search(r"[{}]|\[\[|\]\]", printed)
    assert "驿站不是协议当事人" in text.footer.text
    assert PARTIES.worker_name in printed or kind is AgreementType.KEY_POINTS
    assert PARTIES.employer_name in printed


@pytest.mark.parametrize("kind", built_in_types())
def test_the_example_of_every_type_is_filled_completely(kind):
    assert "示例" in fill(built_in(kind), sample_values(built_in(kind))).plain_text()


@pytest.mark.parametrize("kind", built_in_types())
def test_every_required_place_is_asked_or_answered_by_the_record(kind):
    wording = built_in(kind)
    empty = missing(wording, {})
    assert [broken.field for broken in empty] == [p.field for p in wording.places.values() if p.required and not p.default]
    by_record = {name for name, value in sample(kind).items() if value}
    for name, place in wording.places.items():
        assert place.asked or name in by_record or not place.required, name


def test_the_form_of_a_place_makes_sense():
    for place in PLACEHOLDERS.values():
        assert (place.shape is Shape.CHOICE) == bool(place.choices), place.name
        if place.shape in (Shape.WHOLE, Shape.HOURS):
            assert place.least < place.most, place.name
        if place.choices and place.default:
            assert place.default in {value for value, _ in place.choices}, place.name
        assert isinstance(place.group, Group)
        assert place.caption
        assert place.longest > 0
    free = {place.name for place in PLACEHOLDERS.values() if place.shape is Shape.LINES}
    assert all(PLACEHOLDERS[name].agreed for name in free), "whatever is typed freely passes the clause rules"


@pytest.mark.parametrize("kind", built_in_types())
def test_optional_places_left_open_print_nothing(kind):
    wording = built_in(kind)
    values = sample(kind) | {name: "" for name, place in wording.places.items() if not place.required}
    assert not re.search(r"[{}]|\[\[|\]\]", fill(wording, values).plain_text())


def test_part_time_reads_right():
    text = fill(built_in(AgreementType.PART_TIME), sample(AgreementType.PART_TIME)).plain_text()
    assert "期限按第1种：（1）自2026年12月3日至2027年2月28日；" in text
    assert "乙方从事超市理货工作，主要内容：理货、打价签；" in text
    assert "平均每日工作4小时（不超过4小时），每周累计24小时（不超过24小时），具体班次：每周做6天，每天08:00至12:00。" in text
    assert "小时报酬为人民币25元" in text
    assert "（签订时为24元）" in text
    assert "报酬每7日结算并支付一次" in text
    assert "甲方应当在当日或者次日结清全部报酬" in text
    assert "乙方签收确认：本人已收到本合同文本一份。签名：" in text


def test_an_engagement_without_an_end_crosses_its_end_out():
    values = sample(AgreementType.PART_TIME, 期限方式="2")
    assert values["结束日期"] == CROSSED_OUT
    assert "第2种：（1）自2026年12月3日至／；" in fill(built_in(AgreementType.PART_TIME), values).plain_text()


def test_in_shared_labour_the_lender_comes_first():
    wording = built_in(AgreementType.SHARED_LABOUR_3P)
    text = fill(wording, sample(AgreementType.SHARED_LABOUR_3P))
    assert "：武汉东湖电子有限公司　" in text.parties[0].text
    assert f"：{PARTIES.employer_name}　" in text.parties[1].text
    assert f"：{PARTIES.worker_name}　" in text.parties[2].text
    assert [block.side for block in text.signatures] == ["THIRD", "EMPLOYER", "WORKER"]


def test_a_lender_that_is_not_registered_is_typed():
    wording = built_in(AgreementType.SHARED_LABOUR_3P)
    assert wording.places["甲方名称"].asked
    assert not built_in(AgreementType.PART_TIME).places["甲方名称"].asked
    values = values_from(wording, PARTIES, PART_TIME_TERMS, TYPED[wording.type] | {"甲方名称": "某厂"})
    assert values["甲方名称"] == "某厂"
    assert values["甲方证件号"] == ""


def test_the_domestic_company_signs_only_when_there_is_one():
    wording = built_in(AgreementType.DOMESTIC)
    two = fill(wording, values_from(wording, PARTIES, SORTING))
    assert len(two.parties) == 3
    assert [block.side for block in two.signatures] == ["EMPLOYER", "WORKER"]
    assert "丙方" not in two.plain_text()
    three = fill(wording, sample(AgreementType.DOMESTIC))
    assert "丙方（家政公司）：武汉东湖电子有限公司" in three.parties[2].text
    assert [block.side for block in three.signatures] == ["EMPLOYER", "WORKER", "THIRD"]


def test_the_pension_statement_follows_the_record_and_else_is_ticked_by_hand():
    wording = built_in(AgreementType.OVER_AGE)
    for pension, words in (
        (PensionStatus.YES, "■已领取基本养老金"),
        (PensionStatus.NO, "■尚未领取"),
        (None, "□已领取基本养老金　□尚未领取"),
    ):
        assert words in values_from(wording, replace(PARTIES, worker_pension=pension), PART_TIME_TERMS)["领取声明"]
    text = fill(wording, sample(AgreementType.OVER_AGE, 任务="仓库搬完")).plain_text()
    assert "（或者至仓库搬完完成时止）" in text
    assert "（或者至" not in fill(wording, sample(AgreementType.OVER_AGE)).plain_text()


def source(terms, birth=date(1985, 3, 12)) -> AgreementSource:
    return AgreementSource(
        parties=PARTIES,
        terms=terms,
        employer_kind=EmployerKind.UNIT,
        birth_date=birth,
        gender="M",
        pension=None,
        wage_rows=tuple(LEGAL_PARAMETERS),
    )


def blocked(kind: AgreementType, terms, agreed, birth=date(1985, 3, 12)) -> dict[str, str]:
    composed = compose(built_in(kind), source(terms, birth), agreed, {}, today=TODAY)
    return {hit.field: hit.rule for hit in composed.hits if hit.severity is Severity.BLOCK}


def test_what_is_typed_is_what_is_judged():
    kind = AgreementType.PART_TIME
    assert blocked(kind, PART_TIME_TERMS, {}) == {}
    assert blocked(kind, PART_TIME_TERMS, {"日工时": "5", "周工时": "20"}) == {"daily_hours": "W10"}
    assert blocked(kind, PART_TIME_TERMS, {"日工时": "3.5", "周工时": "24.5"}) == {"weekly_hours": "W10"}
    assert blocked(kind, PART_TIME_TERMS, {"日工时": "3.5", "周工时": "24"}) == {}
    assert "hourly_pay" in blocked(kind, PART_TIME_TERMS, {"小时工资": "23.5"})
    assert "settle_days" in blocked(kind, PART_TIME_TERMS, {"结算天数": "30"})
    slow = replace(PART_TIME_TERMS, settle_cycle=SettleCycle.MONTHLY)
    assert "settle_days" in blocked(kind, slow, {})
    assert blocked(kind, slow, {"结算天数": "15"}) == {}


def test_a_pay_rate_in_words_is_read():
    wording = built_in(AgreementType.OVER_AGE)
    for words, fen, unit in (
        ("每小时23元", 2300, PayUnit.HOUR),
        ("23.5元/小时", 2350, PayUnit.HOUR),
        ("每天150元", 15000, PayUnit.DAY),
        ("每月2400元", 240000, PayUnit.MONTH),
    ):
        terms = terms_agreed(wording, PART_TIME_TERMS, {"报酬标准": words})
        assert (terms.pay_fen, terms.pay_unit) == (fen, unit)
    assert terms_agreed(wording, PART_TIME_TERMS, {"报酬标准": "按双方商量"}) == PART_TIME_TERMS


def test_the_loan_ends_with_the_workers_contract():
    kind = AgreementType.SHARED_LABOUR_3P
    typed = TYPED[kind] | {"甲方名称": "某厂", "甲方证件号": LENDER.id_number}
    assert "end_date" in blocked(kind, PART_TIME_TERMS, typed | {"原合同到期日": "2027年1月31日"})
    assert "end_date" not in blocked(kind, PART_TIME_TERMS, typed)
    assert blocked(kind, PART_TIME_TERMS, typed | {"甲方名称": PARTIES.employer_name})["employer_name"] == "A33"
    assert blocked(kind, PART_TIME_TERMS, typed | {"甲方证件号": "123"})["employer_id_number"] == "A33"
    assert read_day("2027年2月30日") is None


def test_a_probation_period_in_part_time_work_is_refused():
    values = sample(AgreementType.PART_TIME, 特别约定="试用期三天，工资照发")
    with pytest.raises(RulesBroken) as refused:
        fill(built_in(AgreementType.PART_TIME), values)
    assert refused.value.broken[0].field == "special_terms"
    fill(built_in(AgreementType.ONE_OFF_SERVICE), sample(AgreementType.ONE_OFF_SERVICE, 特别约定="试用半天，按约定单价付钱"))


@pytest.mark.parametrize("field", ["work_content", "protection", "breaks", "quantity"])
def test_a_forbidden_clause_hides_in_no_free_text(field):
    name = next(place.name for place in PLACEHOLDERS.values() if place.field == field)
    with pytest.raises(RulesBroken):
        fill(built_in(AgreementType.ONE_OFF_SERVICE), sample(AgreementType.ONE_OFF_SERVICE, **{name: "乙方交押金200元"}))


# What the law asks for (4.4)


@pytest.mark.parametrize("kind", built_in_types())
def test_our_texts_contain_everything_the_law_asks_for(kind):
    assert missing_items(built_in(kind)) == []
    check_wording(built_in(kind))


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (AgreementType.FIXED_TERM, "双方身份 合同期限 试用期 工作内容和地点 工作时间和休息 劳动报酬 社会保险 劳动保护 女职工"),
        (AgreementType.FIXED_TASK, "双方身份 合同期限 试用期 工作内容和地点 工作时间和休息 劳动报酬 社会保险 劳动保护 女职工"),
        (AgreementType.PLATFORM_WRITTEN, "关系 接单 报酬 休息 安全 算法 争议"),
    ],
)
def test_the_checklists_to_the_official_texts_name_everything(kind, words):
    printed = "\n".join([*(article.heading for article in checklist(kind).articles), *checklist(kind).texts])
    assert [word for word in words.split() if word not in printed] == []


def test_every_item_has_a_law_that_reads_as_chinese():
    for items in MANDATORY.values():
        for item in items:
            assert item.places or item.words
            assert basis_text(item.basis).startswith("《"), item


BREAKABLE = [(kind, item) for kind, items in MANDATORY.items() for item in items]


@pytest.mark.parametrize(("kind", "item"), BREAKABLE, ids=lambda value: getattr(value, "name", value))
def test_an_amendment_that_leaves_something_out_is_refused(kind, item):
    """Each item is taken out of the text in turn: its first place, or the words that say it."""
    body = copy.deepcopy(built_in_body(kind))

    def without(text: str) -> str:
        return text.replace(f"{{{item.places[0]}}}", "另行约定") if item.places else re.sub(item.words[0], "另行约定", text)

    body["parties"] = [without(line) for line in body["parties"]]
    for article in body["articles"]:
        article["text"], article["heading"] = without(article["text"]), without(article["heading"])
    with pytest.raises(RulesBroken) as refused:
        check_wording(read_wording(kind, "X", body))
    assert any(item.name in broken.message and broken.field == "articles" for broken in refused.value.broken)


def amended(kind: AgreementType = AgreementType.ONE_OFF_SERVICE, **changes):
    return read_wording(kind, "A-2026-11+1", built_in_body(kind) | changes)


def faults(wording) -> dict[str, str]:
    with pytest.raises(RulesBroken) as refused:
        check_wording(wording)
    return {broken.field: broken.message for broken in refused.value.broken}


def articles_with(text: str, position: int = 0, kind: AgreementType = AgreementType.ONE_OFF_SERVICE) -> list[dict]:
    articles = copy.deepcopy(built_in_body(kind)["articles"])
    articles[position]["text"] += text
    return articles


def test_an_amendment_is_refused_where_it_is_wrong():
    assert "“押金”不能写进协议文本" in faults(amended(articles=articles_with("乙方交押金。", 3)))["article_3"]
    assert "footer" in faults(amended(footer="双方各执一份。"))
    assert "footer" in faults(amended(footer="驿站不是协议当事人。"))
    body = built_in_body(AgreementType.ONE_OFF_SERVICE)
    assert "当事人" in faults(amended(parties=[*body["parties"], "丙方：{驿站名称}"]))["parties"]
    assert "括号" in faults(amended(articles=articles_with("[[没有关上")))["article_0"]
    assert "条号" in faults(amended(articles=[*body["articles"], body["articles"][0]]))["article_14"]
    assert "特别约定" in faults(amended(articles=[*body["articles"][:-1], body["articles"][-1] | {"text": "没有了。"}]))["articles"]
    assert "签字" in faults(amended(signatures=body["signatures"][:1]))["signatures"]
    assert "default_cancel_hours" in faults(amended(defaults={"取消提前时间": "100"}))
    assert "default_copies" in faults(amended(defaults={"份数": "九"}))
    assert faults(amended(defaults={"逾期利率说明": "乙方放弃索赔"}))["defaults"]


def test_a_place_that_does_not_exist_is_named_at_its_article():
    with pytest.raises(RulesBroken) as refused:
        amended(articles=articles_with("{甲方星座}", 5))
    assert [(broken.field, broken.message) for broken in refused.value.broken] == [
        ("article_5", "没有“{甲方星座}”这个填写项，请用列表里的名称。")
    ]


def test_a_probation_period_may_not_be_amended_into_part_time_work():
    kind = AgreementType.PART_TIME
    assert "article_0" in faults(amended(kind, articles=articles_with("试用期七天。", kind=kind)))


def test_versions_are_counted_up():
    assert next_version("A-2026-11") == "A-2026-11+1"
    assert next_version("A-2026-11+9") == "A-2026-11+10"


def test_an_amendment_holds_from_tomorrow_and_says_why():
    assert check_amendment(date(2026, 11, 24), "写得更清楚", today=TODAY, newest_from=None) == date(2026, 11, 24)
    for day, note, newest, field in (
        (None, "写得更清楚", None, "in_force_from"),
        (TODAY, "写得更清楚", None, "in_force_from"),
        (date(2026, 12, 1), "写得更清楚", date(2026, 12, 2), "in_force_from"),
        (date(2026, 12, 1), "改", None, "note"),
    ):
        with pytest.raises(RuleBroken) as refused:
            check_amendment(day, note, today=TODAY, newest_from=newest)
        assert refused.value.field == field


def test_two_versions_side_by_side():
    old = built_in(AgreementType.ONE_OFF_SERVICE)
    articles = copy.deepcopy(built_in_body(old.type)["articles"])
    articles[3]["text"] = articles[3]["text"].replace("不得用实物抵付", "不得用任何实物抵付")
    del articles[9]
    articles.append({"number": "第十五条", "heading": "补充", "text": "双方另行商量。"})
    new = amended(articles=articles)
    rows = {change.label: change for change in changes(old, new)}
    assert ("任何", True) in rows["第四条 什么时候付钱"].new
    assert not rows["第五条 工具、材料和食宿"].changed
    assert all(marked for _, marked in rows["第十条 互相尊重与保密"].old)
    assert rows["第十五条 补充"].old in ([], [("", False)])
    for change in rows.values():
        assert "".join(text for text, _ in change.old) + "".join(text for text, _ in change.new)


def test_nobody_is_asked_for_a_time_the_text_does_not_have():
    """A check of the post's hours lands on a field that this text's form has."""
    composed = compose(built_in(AgreementType.PART_TIME), source(replace(PART_TIME_TERMS, end_time=time(18))), {}, {}, today=TODAY)
    fields = {place.field for place in built_in(AgreementType.PART_TIME).places.values()}
    assert {hit.field for hit in composed.hits if hit.severity is Severity.BLOCK} <= fields


def test_sides_are_the_known_ones():
    for kind in built_in_types():
        assert {block.side for block in built_in(kind).signatures} <= {side.value for side in AgreementSide}
