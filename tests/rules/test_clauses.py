"""Clauses that no agreement may contain."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import yaml

from rules.clauses import clause_rules, lint_clause
from rules.codes import AgreementType
from rules.lint import Severity, basis_text
from rules.wordings import built_in, built_in_types

SENTENCES = yaml.safe_load((Path(__file__).parent / "clauses.yaml").read_text(encoding="utf-8"))


def test_every_rule_is_here_and_has_a_sentence():
    assert [rule.id for rule in clause_rules()] == [f"C{number:02d}" for number in range(1, 18)]
    assert {rule for sentence in SENTENCES for rule in sentence["hits"]} == {rule.id for rule in clause_rules()}
    assert len(SENTENCES) == 20


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda sentence: sentence["text"])
def test_a_clause_is_judged_as_the_reference_says(sentence):
    hits = lint_clause(sentence["text"])
    assert {hit.rule for hit in hits} == set(sentence["hits"])
    assert all(hit.words and sentence["text"][hit.start : hit.end] == hit.words for hit in hits)


MORE = yaml.safe_load((Path(__file__).parent / "clauses_more.yaml").read_text(encoding="utf-8"))


def test_there_are_many_other_sentences_each_way():
    assert sum(bool(sentence["hits"]) for sentence in MORE) > 100
    assert sum(not sentence["hits"] for sentence in MORE) > 100
    assert {rule for sentence in MORE for rule in sentence["hits"]} == {rule.id for rule in clause_rules()}


@pytest.mark.parametrize("sentence", MORE, ids=lambda sentence: sentence["text"])
def test_other_words_for_the_same_are_found_and_innocent_ones_left_alone(sentence):
    kind = AgreementType(sentence["type"]) if "type" in sentence else None
    hits = lint_clause(sentence["text"], kind=kind)
    assert {hit.rule for hit in hits} == set(sentence["hits"]), [hit.words for hit in hits]


@pytest.mark.parametrize("kind", built_in_types())
def test_our_own_texts_are_clean(kind):
    for field, text in built_in(kind).parts:
        assert lint_clause(text, field, kind=kind, labour_contract=True) == []


def test_the_exception_only_counts_before_the_words():
    assert lint_clause("甲方不得收取押金") == []
    assert [hit.rule for hit in lint_clause("乙方交押金，不得拖延")] == ["C01"]
    assert [hit.rule for hit in lint_clause("甲方不得扣证。乙方交押金200元")] == ["C01"]
    assert [hit.words for hit in lint_clause("不得收取押金。但乙方须交保证金")] == ["保证金"]


def test_a_penalty_for_leaving_only_warns_in_a_service_agreement():
    text = "提前离开需支付违约金500元"
    assert [hit.severity for hit in lint_clause(text)] == [Severity.WARN]
    assert [hit.severity for hit in lint_clause(text, labour_contract=True)] == [Severity.BLOCK]


def test_hidden_words_are_marked_in_the_original():
    text = "乙方 交 押\u200b金２００元"
    assert [hit.words for hit in lint_clause(text)] == ["押\u200b金"]


def test_every_basis_reads_as_chinese():
    for rule in clause_rules():
        assert rule.message.endswith("。")
        assert not any("A" <= char <= "Z" for char in basis_text(rule.basis))
        assert basis_text(rule.basis).startswith("《")


@pytest.mark.parametrize("text", ["1" * 10_000, "不得" * 5_000, "不收押金" * 2_500, "加班每天" * 2_500, "安全" * 5_000])
def test_no_clause_takes_long(text):
    started = time.perf_counter()
    lint_clause(text)
    assert time.perf_counter() - started < 1
