"""Amounts come in as people type them and go out in figures and capitals."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rules.errors import RuleBroken
from rules.money import MAXIMUM_FEN, capitals, parse_yuan, yuan


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("35", 3500),
        ("35.5", 3550),
        ("35.05", 3505),
        ("1.8元", 180),
        ("1,200", 120000),
        ("1，200.50", 120050),
        ("１２０", 12000),
        ("３５．５", 3550),
        ("35。5", 3550),
        (" 220 元 ", 22000),
        ("220块", 22000),
        ("220块钱", 22000),
        ("￥35", 3500),
        ("¥35", 3500),
        ("人民币35元整", 3500),
        ("0", 0),
        ("0.01", 1),
        ("007", 700),
        ("10000000", MAXIMUM_FEN),
        ("10,000,000.00", MAXIMUM_FEN),
    ],
)
def test_an_amount_is_read_as_people_type_it(typed, fen):
    assert parse_yuan(typed, field="pay") == fen


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "请填写金额，例如 35 或 35.5。"),
        ("　", "请填写金额，例如 35 或 35.5。"),
        ("元", "请填写金额，例如 35 或 35.5。"),
        ("-5", "金额不能是负数，请重新填写。"),
        ("－５", "金额不能是负数，请重新填写。"),
        ("35.555", "金额最多两位小数（到分），请重新填写。"),
        ("35.500", "金额最多两位小数（到分），请重新填写。"),
        ("10000000.01", "金额不能超过1000万元，请核对是不是多打了0。"),
        ("9" * 10_000, "金额不能超过1000万元，请核对是不是多打了0。"),
        ("面议", "金额只能填数字，单位是元，例如 35 或 35.5。"),
        ("200-300", "金额只能填数字，单位是元，例如 35 或 35.5。"),
        ("1,20", "金额只能填数字，单位是元，例如 35 或 35.5。"),
        ("35.", "金额只能填数字，单位是元，例如 35 或 35.5。"),
        (".5", "金额只能填数字，单位是元，例如 35 或 35.5。"),
        ("1e3", "金额只能填数字，单位是元，例如 35 或 35.5。"),
        ("10²", "金额只能填数字，单位是元，例如 35 或 35.5。"),
        ("٣٥", "金额只能填数字，单位是元，例如 35 或 35.5。"),
        ("NaN", "金额只能填数字，单位是元，例如 35 或 35.5。"),
        ("3.5万", "金额只能填数字，单位是元，例如 35 或 35.5。"),
    ],
)
def test_anything_else_is_refused_with_a_sentence_at_its_field(typed, sentence):
    with pytest.raises(RuleBroken) as refused:
        parse_yuan(typed, field="pay")
    assert refused.value.message == sentence
    assert refused.value.field == "pay"


@pytest.mark.parametrize(
    ("fen", "figure"),
    [(3500, "35"), (180, "1.8"), (3550, "35.5"), (120055, "1200.55"), (5, "0.05"), (0, "0"), (-180, "-1.8")],
)
def test_a_figure_has_no_needless_zeros(fen, figure):
    assert yuan(fen) == figure


@given(st.integers(0, MAXIMUM_FEN))
def test_every_figure_reads_back(fen):
    assert parse_yuan(yuan(fen), field="pay") == fen


@pytest.mark.parametrize(
    ("fen", "written"),
    [
        (0, "零元整"),
        (1, "壹分"),
        (10, "壹角"),
        (11, "壹角壹分"),
        (100, "壹元整"),
        (101, "壹元零壹分"),
        (110, "壹元壹角"),
        (1000, "壹拾元整"),
        (10005, "壹佰元零伍分"),
        (10050, "壹佰元伍角"),
        (30000, "叁佰元整"),
        (35555, "叁佰伍拾伍元伍角伍分"),
        (100100, "壹仟零壹元整"),
        (101000, "壹仟零壹拾元整"),
        (110000, "壹仟壹佰元整"),
        (140950, "壹仟肆佰零玖元伍角"),
        (600714, "陆仟零柒元壹角肆分"),
        (32504, "叁佰贰拾伍元零肆分"),
        (1640902, "壹万陆仟肆佰零玖元零贰分"),
        (1000000, "壹万元整"),
        (1000100, "壹万零壹元整"),
        (10700053, "壹拾万柒仟元伍角叁分"),
        (10050000, "壹拾万零伍佰元整"),
        (100000000, "壹佰万元整"),
        (1000000000, "壹仟万元整"),
        (10000000000, "壹亿元整"),
        (10000000100, "壹亿零壹元整"),
        (10000500000, "壹亿零伍仟元整"),
        (10001000000, "壹亿零壹万元整"),
        (1234567890123, "壹佰贰拾叁亿肆仟伍佰陆拾柒万捌仟玖佰零壹元贰角叁分"),
    ],
)
def test_capitals_follow_the_bill_convention(fen, written):
    assert capitals(fen) == written


DIGITS = {digit: value for value, digit in enumerate("零壹贰叁肆伍陆柒捌玖")}
PLACES = {"拾": 10, "佰": 100, "仟": 1000}


def read_capitals(written: str) -> int:
    """Fen that a reader takes a written amount for."""
    fen = total = group = digit = 0
    for char in written:
        if char in DIGITS:
            digit = DIGITS[char]
        elif char in PLACES:
            group, digit = group + digit * PLACES[char], 0
        elif char in "万亿":
            total, group, digit = total + (group + digit) * (10**4 if char == "万" else 10**8), 0, 0
        elif char == "元":
            fen, total, group, digit = (total + group + digit) * 100, 0, 0, 0
        elif char in "角分":
            fen, digit = fen + digit * (10 if char == "角" else 1), 0
    return fen


@given(st.integers(0, 10**14 - 1))
@example(10**14 - 1)
def test_capitals_can_be_read_back_without_doubt(fen):
    written = capitals(fen)
    assert read_capitals(written) == fen
    assert "零零" not in written
    assert written.endswith("整") == (fen % 100 == 0)
    assert not written.startswith("零") or fen == 0


@pytest.mark.parametrize("fen", [-1, 10**14])
def test_capitals_refuse_what_they_cannot_write(fen):
    with pytest.raises(ValueError, match="no capitals"):
        capitals(fen)
