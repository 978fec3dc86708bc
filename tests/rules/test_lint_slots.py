"""Other words for what a post may not say, and the innocent words that look like them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from rules.lint import Severity, lint_fields, lint_text, normalise, text_rules
from rules.lint_slots import Intervals, encode, number_value, slot_law

HERE = Path(__file__).parent
FAMILIES = yaml.safe_load((HERE / "lint_strings.yaml").read_text(encoding="utf-8"))
HELD_OUT = yaml.safe_load((HERE / "lint_held_out.yaml").read_text(encoding="utf-8"))
SECOND = yaml.safe_load((HERE / "lint_second.yaml").read_text(encoding="utf-8"))
THIRD = yaml.safe_load((HERE / "lint_third.yaml").read_text(encoding="utf-8"))
LINES = yaml.safe_load((HERE / "lines.yaml").read_text(encoding="utf-8"))


def lines(kind: str) -> list[dict]:
    return [line for families in (FAMILIES, HELD_OUT, SECOND, THIRD) for family in families.values() for line in family[kind]]


def rules_of(text: str) -> set[str]:
    return {hit.rule for hit in lint_text("duties", text)}


def words_of(text: str, rule: str) -> list[str]:
    return [hit.words for hit in lint_text("duties", text) if hit.rule == rule]


def test_whole_posts_of_honest_people_pass():
    posts = [line for line in SECOND["posts"]["innocent"] if len(line["text"]) > 30]
    assert len(posts) > 150
    assert sum(bool(line["hits"]) for line in posts) == 0


def test_whole_posts_of_the_third_list_pass():
    assert len(THIRD["posts"]["innocent"]) == 18
    assert all(line["hits"] == [] for line in THIRD["posts"]["innocent"])


def test_a_paper_number_is_no_identity_number_but_an_adult_is():
    assert "P03" not in rules_of("合同编号420106202611220018")
    assert "P03" in rules_of("合同编号420106198001011234")
    assert "P03" in rules_of("420106202611220018")


def test_there_are_enough_strings_and_half_of_them_are_innocent():
    own = sum(len(family["forbidden"]) for family in FAMILIES.values()), sum(len(family["innocent"]) for family in FAMILIES.values())
    assert sum(own) >= 300
    assert min(own) / sum(own) > 0.4


@pytest.mark.parametrize("line", lines("forbidden"), ids=lambda line: line["text"])
def test_other_words_are_caught(line):
    assert rules_of(line["text"]) == set(line["hits"]) != set()


@pytest.mark.parametrize("line", lines("innocent"), ids=lambda line: line["text"])
def test_innocent_words_are_not_refused(line):
    hits = lint_text("duties", line["text"])
    assert {hit.rule for hit in hits} == set(line["hits"])
    assert all(hit.severity is not Severity.BLOCK for hit in hits)


@pytest.mark.parametrize("line", lines("forbidden"), ids=lambda line: line["text"])
def test_every_mark_is_made_in_the_text_as_typed(line):
    typed = "急招！\u200b " + " ".join(line["text"]) + "　谢谢"
    for hit in lint_text("duties", typed):
        assert hit.words == typed[hit.start : hit.end] != ""
        assert 0 <= hit.start < hit.end <= len(typed)


@pytest.mark.parametrize(
    ("text", "rule", "words"),
    [
        ("分拣员，四十往上不考虑，220一天", "D02", "四十往上不考虑"),
        ("来之前先转两百占名额", "F05", "来之前先转两百占名额"),
        ("工服\u200b押 五 十", "F01", "工服\u200b押 五 十"),
        ("洗碗工，外 省 来 的 免 谈", "D03", "外 省 来 的 免 谈"),
    ],
)
def test_other_words_are_marked_where_they_stand(text, rule, words):
    assert words_of(text, rule) == [words]


def test_a_negation_reaches_to_the_end_of_its_list_and_no_further():
    assert rules_of("不收押金、服装费、培训费") == set()
    assert rules_of("不收押金，但要交服装费200") & {"F02", "F05"}
    assert rules_of("不交押金不能上岗") == {"F01"}


def test_a_line_ends_a_sentence():
    assert rules_of("招女装导购\n不要迟到") == set()
    assert "D01" not in rules_of("男女不限\n不要迟到")


def test_who_pays_whom_is_told_apart():
    assert rules_of("先付一半工钱给师傅") == set()
    assert rules_of("先付一百块占名额") >= {"F05"}


def test_only_the_asked_groups_are_searched_in_other_words_too():
    assert {hit.rule for hit in lint_text("reason", "四十往上不考虑，先转两百占名额", groups="D")} == {"D02"}


def test_old_illness_is_a_warning_with_its_own_sentence():
    hit = next(hit for hit in lint_text("duties", "有高血压病史的不要") if hit.rule == "D07")
    assert (hit.severity, hit.name) == (Severity.WARN, "残疾")
    assert "病史" in hit.message


@pytest.mark.parametrize("rule", text_rules(), ids=lambda rule: rule.id)
def test_the_words_a_pattern_needs_leave_nothing_out(rule):
    texts = [line["text"] for line in (*LINES, *lines("forbidden"), *lines("innocent"))]
    for text in texts:
        form = normalise(text)[0 if rule.form == "t" else 1].text
        for match in rule.pattern.finditer(form):
            assert any(word in match[0] for word in rule.needs), match[0]


def test_every_rule_in_other_words_is_a_rule_of_the_reference():
    known = {rule.id for rule in text_rules()}
    assert set(slot_law().rules) | set(slot_law().patterns) <= known
    for excuse in slot_law().excuses:
        assert all(name in known or name in "DFSWHP" for name in excuse.rules)


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("四十", 40),
        ("二百五", 250),
        ("一千二", 1200),
        ("两百", 200),
        ("十五", 15),
        ("三四十", 30),
        ("1.5万", 15_000),
        ("一三九", 139),
        ("百", 100),
    ],
)
def test_numerals_are_read(words, value):
    assert number_value(words) == value


@pytest.mark.parametrize("word", ["四十往上", "先转两百", "女不要", "不收押金", "一二三百", "啊", "13900000030", "。", "85后"])
def test_the_symbols_are_never_more_than_the_characters(word):
    text = word * 500
    encoded = encode(text)
    assert len(encoded.symbols) == len(encoded.starts) == len(encoded.ends) <= len(text) + 2
    assert encoded.starts == sorted(encoded.starts)
    assert all(start <= end <= len(text) for start, end in zip(encoded.starts, encoded.ends, strict=True))


def test_gaps_are_bounded_so_that_the_work_is_linear():
    for rules in slot_law().rules.values():
        for rule in rules:
            for phrase in rule.phrases:
                assert "*" not in phrase.pattern.pattern
                assert "+" not in phrase.pattern.pattern


def test_stretches_are_joined_and_asked_for_overlap():
    joined = Intervals.of([(5, 9), (0, 2), (1, 4)])
    assert (joined.starts, joined.ends) == ([0, 5], [4, 9])
    assert joined.touch(3, 5)
    assert not joined.touch(4, 5)
    assert not Intervals().touch(0, 100)


def test_a_word_spread_over_two_fields_is_not_one():
    assert lint_fields({"title": "四十往上", "duties": "不考虑"}) == []
