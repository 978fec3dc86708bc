"""How a cell reads: labels, codes, 是, free times in words; and what is never taken from a workbook."""

import pytest

from rules.codes import Benefit, CertificateType, Hazard
from rules.errors import RuleBroken
from rules.seekers import slot_values, slots_text
from rules.workbooks import (
    JOBS,
    MAXIMUM_COLUMNS,
    SEEKERS,
    SHEETS,
    SLOT_PRESETS,
    Reads,
    begins_like_a_formula,
    fields_of,
    harmless,
    headings,
    is_example,
    read_slots,
    refusal,
)


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=lambda sheet: sheet.kind.value)
def test_a_template_is_within_its_own_limits_and_its_example_reads(sheet):
    assert len(sheet.columns) + 2 <= MAXIMUM_COLUMNS, "result and reason fit beside it"
    assert len({column.label for column in sheet.columns}) == len(sheet.columns)
    cells = {column.key: column.example for column in sheet.columns if column.example}
    assert is_example(sheet, cells)
    assert fields_of(sheet, cells)[1] == {}
    assert {column.key for column in sheet.columns if column.required} <= set(cells)


@pytest.mark.parametrize("text", SLOT_PRESETS)
def test_every_offered_time_reads(text):
    assert set(read_slots(text)) <= {value for value, _ in slot_values()}


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("周一至周五白天", "周一至周五上午、下午"),
        ("周一至周五上午、下午；周六上午", "周一至周五上午、下午；周六上午"),
        ("周一上午，周二下午", "周一上午；周二下午"),
        ("随时", "周一至周日全天"),
        ("星期一到五晚上", "周一至周五晚上"),
        ("周末", "周六至周日全天"),
        ("一三五下午", "周一下午；周三下午；周五下午"),
        ("周六至周一", "周一全天；周六至周日全天"),
        ("白天", "周一至周日上午、下午"),
    ],
)
def test_free_times_in_words(text, means):
    assert slots_text(",".join(read_slots(text))) == means


@pytest.mark.parametrize("text", ["明天", "周", "周一至", "有空就来", "8点到5点", "=周一"])
def test_times_that_are_not_understood_are_asked_again(text):
    with pytest.raises(RuleBroken, match="没看懂"):
        read_slots(text)


def test_what_a_list_of_seekers_says_reads_back_from_its_own_words():
    for value, _ in slot_values():
        assert read_slots(slots_text(value)) == (value,)


@pytest.mark.parametrize("table", [Benefit, CertificateType, Hazard])
@pytest.mark.parametrize("between", ["、", "，", ", ", "；", " "])
def test_several_labels_in_one_cell(table, between):
    column = next(each for each in JOBS.columns if each.options == tuple((one.value, one.label) for one in table))
    fields, problems = fields_of(JOBS, {column.key: between.join(one.label for one in table)})
    assert problems == {}
    assert [value for _, value in fields] == [one.value for one in table]


@pytest.mark.parametrize("text", ["快递分拣", "C03", "C03 快递分拣", "快递 分拣", "Ｃ０３"])
def test_a_choice_by_label_or_code(text):
    assert fields_of(SEEKERS, {"trade1": text}) == ([("trade1", "C03")], {})


def test_a_choice_nobody_offers_names_itself():
    fields, problems = fields_of(SEEKERS, {"trade1": "宇航员", "consent": "大概"})
    assert fields == []
    assert problems == {"trade1": "工种1没有“宇航员”这一项，请从下拉里选。", "consent": "已签告知书请填“是”，不是的空着。"}


@pytest.mark.parametrize(("text", "fields"), [("是", [("consent", "y")]), ("√", [("consent", "y")]), ("否", []), ("", [])])
def test_yes_and_no(text, fields):
    assert fields_of(SEEKERS, {"consent": text}) == (fields, {})


def test_the_header_may_stand_in_any_order_with_columns_of_ones_own():
    labels = ["结果", "原因", "我的备注", *(column.label + "*" for column in reversed(SEEKERS.columns))]
    places = headings(SEEKERS, labels)
    assert sorted(places.values()) == sorted(column.key for column in SEEKERS.columns)
    assert places[3] == SEEKERS.columns[-1].key


def test_a_missing_or_doubled_column_is_named():
    with pytest.raises(RuleBroken, match="缺少这些栏：姓名、证件号码"):
        headings(SEEKERS, ["电话"])
    with pytest.raises(RuleBroken, match="两个“姓名”栏"):
        headings(SEEKERS, ["姓名", "姓名*"])


def test_every_reading_is_used():
    used = {column.reads for sheet in SHEETS.values() for column in sheet.columns}
    assert used == set(Reads)


def test_text_for_a_cell_is_harmless():
    assert harmless("a\x00b\x1bc\ud800") == "abc"
    assert harmless("\t=1+1") == "=1+1"
    assert begins_like_a_formula("=1")
    assert begins_like_a_formula("@x")
    assert not begins_like_a_formula("1=1")


def test_every_refusal_is_a_whole_sentence():
    assert refusal("formula", "C3").startswith("C3里是公式")
    assert refusal("something else") == refusal("broken")
