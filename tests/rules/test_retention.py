"""How long data are kept: every rule has a period, a ground and a treatment; legal minimums are never undercut."""

from dataclasses import replace
from datetime import date

import pytest

from rules.parameters import LEGAL_PARAMETERS, ParameterMissing
from rules.retention import KEEPINGS, RetentionRule, Treatment, cut_off, months_before, period_words

TODAY = date(2026, 12, 1)
BY_RULE = {keeping.rule: keeping for keeping in KEEPINGS}


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 12, 1), 12, date(2025, 12, 1)),
        (date(2026, 12, 31), 1, date(2026, 11, 30)),
        (date(2027, 3, 31), 1, date(2027, 2, 28)),
        (date(2028, 2, 29), 12, date(2027, 2, 28)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 1, 31), 36, date(2023, 1, 31)),
        (date(2026, 12, 5), 0, date(2026, 12, 5)),
    ],
)
def test_so_many_months_earlier_is_the_same_day_or_the_months_last(day, months, before):
    assert months_before(day, months) == before


def test_each_rule_stands_once_with_its_ground():
    assert [keeping.rule for keeping in KEEPINGS] == list(RetentionRule)
    assert all(keeping.basis and keeping.rule.label for keeping in KEEPINGS)
    assert all("memory" not in keeping.basis for keeping in KEEPINGS)


@pytest.mark.parametrize(
    ("rule", "last", "words"),
    [
        (RetentionRule.DORMANT_ASK, date(2025, 12, 1), "12个月"),
        (RetentionRule.DORMANT, date(2026, 11, 1), "30天"),
        (RetentionRule.CLOSED, date(2026, 11, 16), "15天"),
        (RetentionRule.DRAFTS, date(2026, 11, 24), "7天"),
        (RetentionRule.ALERT_PHONES, TODAY, "不保留"),
        (RetentionRule.LOOKS, date(2023, 12, 1), "3年"),
        (RetentionRule.AGREEMENTS, date(2023, 12, 1), "3年"),
    ],
)
def test_what_is_due_today(rule, last, words):
    assert cut_off(BY_RULE[rule], LEGAL_PARAMETERS, TODAY) == last
    assert period_words(BY_RULE[rule], LEGAL_PARAMETERS, TODAY) == words


def test_a_longer_legal_minimum_is_kept():
    longer = [replace(p, value="5") if p.code == "service_ledger_retention_years_min" else p for p in LEGAL_PARAMETERS]
    assert cut_off(BY_RULE[RetentionRule.AGREEMENTS], longer, TODAY) == date(2021, 12, 1)
    assert period_words(BY_RULE[RetentionRule.AGREEMENTS], longer, TODAY) == "5年"
    longer = [replace(p, value="48") if p.code == "log_retention_months_min" else p for p in LEGAL_PARAMETERS]
    assert cut_off(BY_RULE[RetentionRule.LOOKS], longer, TODAY) == date(2022, 12, 1)


def test_without_the_legal_minimum_nothing_is_due():
    with pytest.raises(ParameterMissing):
        cut_off(BY_RULE[RetentionRule.LOOKS], [], TODAY)


def test_agreements_and_employers_are_only_listed():
    assert {keeping.rule for keeping in KEEPINGS if keeping.treatment is Treatment.LIST} == {
        RetentionRule.AGREEMENTS,
        RetentionRule.EMPLOYERS,
    }
