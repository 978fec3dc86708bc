"""The tokeniser behind Chinese search, tried in a real FTS5 index as well."""

import re
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.search import index_tokens, query_tokens, tokens


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("搬运工", ["搬运", "运工"]),
        ("搬", ["搬"]),
        ("N1叉车，夜班", ["n1", "叉车", "夜班"]),
        ("ＡＢＣ１２", ["abc12"]),
        ("CNC 数控", ["cnc", "数控"]),
        ("王䶮𠀀𰻝", ["王䶮", "䶮𠀀", "𠀀𰻝"]),
        ("二〇二六", ["二〇", "〇二", "二六"]),
        ("，。！ <>'\"*-", []),
        ("", []),
        ("x" * 100, ["x" * 32]),
    ],
)
def test_a_text_is_cut_into_pairs_and_words(text, cut):
    assert tokens(text) == cut


def test_the_index_also_keeps_single_characters_once():
    assert index_tokens("搬运搬运") == ["搬运", "运搬", "搬", "运"]
    assert index_tokens("N1叉车") == ["n1", "叉车", "叉", "车"]


@pytest.mark.parametrize(
    ("query", "cut"),
    [
        ("工", ["工"]),
        ("搬运工", ["搬运", "运工"]),
        ("搬运 搬运", ["搬运"]),
        ("一二三四五六七八九十", ["一二", "二三", "三四", "四五", "五六", "六七", "七八"]),
        ("一二三四五 六七八九十", ["一二", "二三", "三四", "四五", "六七", "七八"]),
        ("a b c d e f", ["a", "b", "c", "d"]),
        ("  *\"' OR NEAR( ", ["or", "near"]),
        ("？？？", []),
        ("😀", []),
        ("", []),
    ],
)
def test_a_query_asks_for_at_most_eight_characters(query, cut):
    assert query_tokens(query) == cut


chinese = st.text("搬运工装卸保洁夜班䶮𠀀", min_size=1, max_size=30)


@given(chinese, st.data())
def test_every_piece_of_up_to_eight_characters_finds_its_text(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    piece = text[start : start + data.draw(st.integers(1, 8))]
    assert set(query_tokens(piece)) <= set(index_tokens(text))
    assert query_tokens(piece)


@given(st.text(max_size=80))
def test_tokens_never_carry_query_syntax(text):
    for token in index_tokens(text) + query_tokens(text):
        assert re.fullmatch(r"[a-z0-9]{1,32}|[\u3005\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003fffd]{1,2}", token)


@given(st.text(max_size=80))
def test_a_text_always_gives_the_same_index_row(text):
    assert index_tokens(text) == index_tokens(text)
    assert len(index_tokens(text)) == len(set(index_tokens(text)))


def test_an_fts5_index_without_details_finds_one_to_eight_characters():
    texts = ["物流园分拣日结搬运工", "家庭保洁三小时", "N1叉车司机夜班顶岗", "王䶮𰻝面馆招传菜"]
    base = sqlite3.connect(":memory:")
    base.execute("CREATE VIRTUAL TABLE found USING fts5(body, content='', tokenize=\"unicode61 tokenchars '_'\", detail='none')")
    for row, text in enumerate(texts, 1):
        base.execute("INSERT INTO found(rowid, body) VALUES (?, ?)", (row, " ".join(index_tokens(text))))

    def ask(query: str) -> list[int]:
        match = " ".join(f'"{token}"' for token in query_tokens(query))
        return [row for (row,) in base.execute("SELECT rowid FROM found WHERE found MATCH ?", (match,))]

    assert ask("工") == [1]
    assert ask("时") == [2]
    assert ask("搬运工") == [1]
    assert ask("n1 夜班") == [3]
    assert ask("𰻝") == [4]
    assert ask("䶮𰻝面馆招传菜") == [4]
    assert ask("焊工") == []
    base.execute("INSERT INTO found(found, rowid, body) VALUES ('delete', 1, ?)", (" ".join(index_tokens(texts[0])),))
    assert ask("工") == []
    base.close()
