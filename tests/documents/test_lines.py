"""Where the lines of a board break: by sense, without losing a character."""

import pytest

from rules.boards import board_text
from rules.codes import BoardKind
from web.documents.typesetting import clauses, led


@pytest.mark.parametrize("kind", list(BoardKind))
def test_the_pieces_of_a_line_are_the_line(kind):
    for group in board_text(kind).groups:
        for line in group.lines:
            assert "".join(clauses(line)) == line


def test_a_line_breaks_where_a_reader_takes_breath():
    assert clauses("一人一账号，离开锁屏，不共用密码。") == ["一人一账号，", "离开锁屏，", "不共用密码。"]
    assert clauses("谁负责答复到底，不说“不知道、不归我管”。") == ["谁负责答复到底，", "不说“不知道、不归我管”。"]


def test_a_long_list_may_break_between_its_parts():
    assert clauses("招工登记、求职登记、信息发布、岗位匹配、推荐上岗全部免费。")[-1] == "推荐上岗全部免费。"
    assert clauses("饮水、充电、书报免费使用。") == ["饮水、充电、书报免费使用。"]


def test_opening_words_are_set_off_only_where_most_lines_have_one():
    assert led(board_text(BoardKind.FLOW).groups[0].lines)
    assert not led(board_text(BoardKind.STAFF).groups[0].lines)
