"""Typed text is made clean once and never twice differently."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.errors import RuleBroken
from rules.text import clean_line, clean_text, half_width, has_private_use, limited

anything = st.text(st.characters(), max_size=60)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  搬运   工 ", "搬运 工"),
        ("搬\u200b运\ufeff工", "搬运工"),
        ("abc\u202egnp.exe", "abcgnp.exe"),
        ("\u2067右\u2069", "右"),
        ("一行\r\n两行\t三", "一行 两行 三"),
        ("空\u3000格\u00a0也算", "空 格 也算"),
        ("坏\ud800字", "坏字"),
        ("零\x00字节\x07", "零字节"),
        ("e\u0301", "é"),
        ("王䶮", "王䶮"),
        ("𰻝𰻝面\U000323b0", "𰻝𰻝面\U000323b0"),
        ("葛\U000e0100", "葛\U000e0100"),
        ("\u3164", ""),
        ("   ", ""),
    ],
)
def test_a_line_keeps_what_can_be_seen(typed, kept):
    assert clean_line(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("第一行\r\n第二行\r第三行", "第一行\n第二行\n第三行"),
        ("一\n\n\n\n二", "一\n\n二"),
        ("一  \n二\u200b \n", "一\n二"),
        ("一\u2028二", "一\n二"),
    ],
)
def test_a_text_keeps_its_lines(typed, kept):
    assert clean_text(typed) == kept


@given(anything)
def test_cleaning_twice_changes_nothing_more(typed):
    assert clean_line(clean_line(typed)) == clean_line(typed)
    assert clean_text(clean_text(typed)) == clean_text(typed)


@given(anything)
def test_what_comes_out_can_be_stored_and_is_one_line(typed):
    line = clean_line(typed)
    line.encode("utf-8")
    assert "\x00" not in line
    assert len(line.splitlines()) <= 1


def test_private_use_characters_stay_and_are_reported():
    assert clean_line("王\ue863") == "王\ue863"
    assert has_private_use("王\ue863")
    assert has_private_use("王\U000f0001")
    assert not has_private_use("王䶮😀")


def test_full_width_signs_become_plain():
    assert half_width("ＡＢｃ１２３（）　￥３５。５") == "ABc123() ¥35.5"


def test_a_text_that_is_too_long_says_by_how_much():
    assert limited("五个字刚好", "岗位名称", 5) == "五个字刚好"
    with pytest.raises(RuleBroken) as refused:
        limited("七个字已经太长", "岗位名称", 5, "title")
    assert refused.value.message == "岗位名称最多5个字，现在多了2个字，请删短一些。"
    assert refused.value.field == "title"
