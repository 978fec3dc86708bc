"""A manager rewrites a board: what is kept, what comes back."""

from datetime import date

import pytest

from rules.board_editing import board_rows, board_values, check_effective, edited_board, read_rows
from rules.boards import board_text, fill_board
from rules.codes import BoardKind
from rules.errors import RuleBroken, RulesBroken

HYGIENE = "每天早晚各打扫一次。\n垃圾分类投放，日产日清。\n保持通风。"
STATION = {
    "name": "金银湖零工驿站",
    "phone": "027-83000015",
    "address": "宏图大道18号",
    "opening_hours": "每天 6:00–18:00",
    "operator": "武汉湖畔人力资源有限公司",
    "complaint_phone": "027-83000016",
    "supervising_unit": "金银湖街道办事处",
    "supervising_phone": "027-83000099",
}


def refusals(kind: BoardKind, rows: str) -> str:
    with pytest.raises(RulesBroken) as refused:
        edited_board(kind, rows)
    assert all(each.field == "lines" for each in refused.value.broken)
    return " ".join(each.message for each in refused.value.broken)


@pytest.mark.parametrize("kind", list(BoardKind))
def test_every_standard_text_survives_being_written_out_and_read_back(kind):
    assert edited_board(kind, board_rows(board_text(kind))) == board_text(kind)


@pytest.mark.parametrize("kind", list(BoardKind))
def test_every_standard_text_can_be_filled_for_a_station(kind):
    filled = fill_board(board_text(kind), board_values(STATION, hour_wage="24", answer_workdays="15"))
    assert "{" not in board_rows(filled)


def test_typed_numbers_and_empty_rows_are_dropped():
    text = read_rows(BoardKind.HYGIENE, "1. 每天打扫。\n\n２、保持通风。\n 10）不乱放东西。\n24小时有人值班。")
    assert text.groups[0].lines == ("每天打扫。", "保持通风。", "不乱放东西。", "24小时有人值班。")


def test_a_heading_opens_a_group():
    text = read_rows(BoardKind.PHRASES, "【文明用语】\n您好，请坐。\n【服务忌语】\n急什么。")
    assert [group.heading for group in text.groups] == ["文明用语", "服务忌语"]


def test_a_board_keeps_who_supervises_and_where_to_complain():
    message = refusals(BoardKind.COMPLAINT, HYGIENE)
    assert "请保留{驿站投诉电话}、{监督电话}、{监督单位}" in message


def test_an_unknown_value_is_named_with_the_known_ones():
    message = refusals(BoardKind.HYGIENE, HYGIENE + "\n找{站长手机}。")
    assert "不认识{站长手机}" in message
    assert "{驿站电话}" in message


def test_a_single_brace_is_refused():
    assert "没有成对" in refusals(BoardKind.HYGIENE, HYGIENE + "\n电话{驿站电话")


def test_two_lines_are_too_few_and_thirty_one_too_many():
    assert "现在有2条" in refusals(BoardKind.HYGIENE, "一。\n二。")
    assert "现在有31条" in refusals(BoardKind.HYGIENE, "\n".join(["打扫。"] * 31))


def test_a_line_of_ninety_one_characters_is_refused_with_its_number():
    assert "第3条有91个字" in refusals(BoardKind.HYGIENE, "一。\n二。\n" + "三" * 91)


def test_a_heading_without_lines_is_refused():
    assert "【标题】" in refusals(BoardKind.HYGIENE, HYGIENE + "\n【空的】")


def test_a_version_never_begins_in_the_past_nor_far_ahead():
    today = date(2026, 12, 1)
    check_effective(today, today)
    with pytest.raises(RuleBroken, match="不能早于今天"):
        check_effective(date(2026, 11, 30), today)
    with pytest.raises(RuleBroken, match="一年以内"):
        check_effective(date(2028, 1, 1), today)
