"""What a job post may not say, on every sample text of the reference."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import yaml

from rules.lint import (
    MAX_HITS,
    Severity,
    basis_text,
    first_of_each,
    lint_fields,
    lint_text,
    marked_pieces,
    normalise,
    release_role,
    text_rules,
)

HERE = Path(__file__).parent
LINES = yaml.safe_load((HERE / "lines.yaml").read_text(encoding="utf-8"))
POSTS = yaml.safe_load((HERE / "posts.yaml").read_text(encoding="utf-8"))


def rules_of(hits) -> set[str]:
    return {hit.rule for hit in hits}


def words_of(text: str, rule: str) -> list[str]:
    return [text[hit.start : hit.end] for hit in lint_text("duties", text) if hit.rule == rule]


def test_the_samples_are_all_here():
    assert len(LINES) == 41
    assert len(POSTS) == 24
    assert len(text_rules()) == 41


@pytest.mark.parametrize("line", LINES, ids=lambda line: line["text"])
def test_one_line_is_judged_as_the_reference_says(line):
    assert rules_of(lint_text("duties", line["text"])) == set(line["hits"])


@pytest.mark.parametrize("post", POSTS, ids=lambda post: post["id"])
def test_a_post_is_judged_as_the_reference_says(post):
    hits = lint_fields({"title": post["title"], "duties": post["text"]})
    assert rules_of(hits) == set(post["text_hits"])


@pytest.mark.parametrize("post", POSTS, ids=lambda post: post["id"])
def test_every_mark_stands_where_its_words_stand(post):
    texts = {"title": post["title"], "duties": post["text"]}
    for hit in lint_fields(texts):
        assert hit.words
        assert texts[hit.field][hit.start : hit.end] == hit.words


@pytest.mark.parametrize(
    ("text", "rule", "words"),
    [
        ("联系１３９００００００３０谢谢", "P01", "１３９００００００３０"),
        ("电话①③⑨00000030", "P01", "①③⑨00000030"),
        ("打 139 0000 0030 找我", "P01", "139 0000 0030"),
        ("打139-0000-0030", "P01", "139-0000-0030"),
        ("打139——0000--0030", "P01", "139——0000--0030"),
        ("打l39oooo0030", "P01", "l39oooo0030"),
        ("一三九零零零零零零三零", "P01", "一三九零零零零零零三零"),
        ("❶❸❾00000030", "P01", "❶❸❾00000030"),
        ("1️⃣3️⃣9️⃣00000030", "P01", "1️⃣3️⃣9️⃣00000030"),
        ("要交押\u200b金200元", "F01", "押\u200b金"),
        ("要交押\ufeff\u2060金", "F01", "押\ufeff\u2060金"),
        ("要交押 \n 金", "F01", "押 \n 金"),
        ("Ｖ信ａｂｃ12345", "P04", "Ｖ信ａｂｃ12345"),
        ("薇❤️wangjia_2026", "P04", "薇❤️wangjia_2026"),
        ("证号420199198609099349可核实", "P03", "420199198609099349"),
        ("招男工5名", "D01", "招男工"),
        ("𠮷家缺人，限女性", "D01", "限女性"),
        ("ﬁtness馆招男工", "D01", "招男工"),
    ],
)
def test_hidden_words_are_found_and_marked_in_the_original(text, rule, words):
    assert words_of(text, rule)[0] == words


def test_two_phone_numbers_are_two_marks():
    assert words_of("13900000030或者13900000031", "P01") == ["13900000030", "13900000031"]


def test_marks_are_limited_and_messages_come_once():
    hits = [hit for hit in lint_text("duties", "押金" * 100) if hit.rule == "F01"]
    assert len(hits) == MAX_HITS
    assert len(first_of_each(hits)) == 1


def test_a_refused_word_behind_an_excused_one_is_still_found():
    text = "男女不限。工作内容是整理货架和贴标签，最好是男士优先。"
    assert words_of(text, "D01") == ["男士优先"]


def test_a_certificate_named_in_another_field_excuses_the_trade():
    assert rules_of(lint_fields({"title": "电焊工", "duties": "做防盗网"})) == {"H02"}
    assert rules_of(lint_fields({"title": "电焊工", "requirements": "须持焊接作业证"})) == set()


def test_words_of_two_fields_do_not_run_together():
    assert rules_of(lint_fields({"title": "持", "duties": "焊工", "requirements": "证"})) == {"H02"}


def test_only_the_asked_groups_are_searched():
    text = "男士优先，电话13900000030"
    assert rules_of(lint_text("reason", text, groups="D")) == {"D01"}
    assert rules_of(lint_fields({"intro": text}, {"intro": "P"})) == {"P01"}


def test_a_hit_says_what_is_wrong_and_what_to_do():
    hit = lint_text("duties", "限女性")[0]
    assert (hit.severity, hit.name, hit.group) == (Severity.BLOCK, "性别", "D")
    assert hit.message == "招工信息不得限定性别或规定性别优先。"
    assert hit.advice == "请改为与岗位直接有关的能力要求。"


@pytest.mark.parametrize(
    ("rule", "roles"),
    [
        ("D01", {"MGR"}),
        ("F01", {"MGR"}),
        ("P01", {"MGR"}),
        ("W03", {"MGR"}),
        ("S01", {"SUB", "DST"}),
        ("H01", {"SUB", "DST"}),
        ("H03", {"SUB", "DST"}),
        ("H02", set()),
        ("W01", set()),
        ("M02", set()),
    ],
)
def test_who_may_release_a_false_positive(rule, roles):
    assert release_role(rule) == roles


def test_the_basis_reads_as_chinese():
    assert basis_text("WRL 43; LL 13") == "《妇女权益保障法》第43条；《劳动法》第13条"
    assert basis_text("seed art. 21") == "《东西湖区零工驿站管理办法》第21条"
    for rule in text_rules():
        assert not any("A" <= char <= "Z" for char in basis_text(rule.basis)), rule.id


def test_text_is_cut_into_marked_and_plain_pieces():
    text = "招男工，押金200"
    pieces = marked_pieces(text, lint_text("duties", text))
    assert "".join(piece for piece, _ in pieces) == text
    assert [(piece, [hit.rule for hit in hits]) for piece, hits in pieces if hits] == [
        ("招男工", ["D01"]),
        ("押金", ["F01"]),
    ]


def test_the_digit_form_joins_digits_only_between_digits():
    _, digits = normalise("幺三九 - 0000·0030 / 好-吃")
    assert digits.text == "13900000030/好-吃"


NASTY = {
    "digits": "1" * 10_000,
    "digits around a building": "1" * 5_000 + "栋" + "1" * 5_000,
    "buildings": "1栋1" * 3_333,
    "digits without a pause in Chinese": "一" * 10_000,
    "dashes": "1-" * 5_000,
    "only dashes": "-" * 10_000,
    "combining marks": "a" + "\u0301\u0323" * 5_000,
    "deposits": "不收押金" * 2_500,
    "fees first": "先交" * 5_000,
    "looking for": "找" * 5_000 + "1" * 5_000,
    "letters": "wx" + "a" * 9_998,
    "certificates": "持电焊" * 3_333,
    "ligatures": "ﷺ" * 10_000,
    "invisible": "\u200b" * 10_000,
}


def seconds(text: str) -> float:
    best = 9.0
    for _ in range(2):
        started = time.perf_counter()
        lint_text("duties", text)
        best = min(best, time.perf_counter() - started)
    return best


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY.keys())
def test_no_text_takes_much_longer_than_its_length_deserves(text):
    """Only growth out of all proportion is looked for, which takes many seconds here; how fast it is, bench/lint.py measures."""
    ordinary = seconds("家里打扫卫生,主要厨房和两个卫生间油污重。" * 500)
    per_character = max(len(text), len(normalise(text)[0].text)) / 10_000
    assert seconds(text) < 12 * ordinary * per_character + 1
