"""When a start may be recorded, and the yearly target."""

from datetime import date

import pytest

from rules.codes import StartEvidence
from rules.errors import RuleBroken
from rules.placements import annual_target, check_note, check_start

TODAY = date(2026, 12, 1)


def test_a_station_opened_in_october_owes_its_share_of_the_year():
    assert annual_target(500, date(2026, 10, 1), 2026) == 127


@pytest.mark.parametrize(
    ("opened_on", "year", "owed"),
    [
        (date(2022, 3, 14), 2026, 500),
        (date(2026, 1, 1), 2026, 500),
        (date(2026, 12, 31), 2026, 2),
        (date(2027, 1, 1), 2026, 0),
        (date(2028, 12, 31), 2028, 2),
        (date(2028, 1, 2), 2028, 499),
    ],
)
def test_the_target_counts_the_opening_day_and_rounds_up(opened_on, year, owed):
    assert annual_target(500, opened_on, year) == owed


def check(evidence=StartEvidence.RETURN_SLIP, started_on=TODAY, note="", **changed):
    facts = {"agreement_signed": True, "referred_on": date(2026, 11, 20), "agreed_start": TODAY, "today": TODAY}
    check_start(evidence, started_on, note, **facts | changed)


def test_a_returned_slip_of_today_is_enough():
    check()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"started_on": None}, "started_on"),
        ({"started_on": date(2026, 12, 2)}, "started_on"),
        ({"started_on": date(2026, 11, 19)}, "started_on"),
        ({"started_on": date(2026, 11, 29)}, "note"),
        ({"evidence": None}, "evidence"),
        ({"evidence": StartEvidence.SIGNED_AGREEMENT, "agreement_signed": False}, "evidence"),
    ],
)
def test_what_is_refused_names_its_field(wrong, field):
    with pytest.raises(RuleBroken) as refused:
        check(**wrong)
    assert refused.value.field == field


def test_a_late_entry_with_its_reason_is_taken():
    check(started_on=date(2026, 11, 25), note="回执今天才交回")


def test_a_signed_agreement_proves_nothing_before_its_first_day():
    with pytest.raises(RuleBroken, match="还没到"):
        check(StartEvidence.SIGNED_AGREEMENT, agreed_start=date(2026, 12, 5))


def test_word_of_mouth_says_whose_word():
    with pytest.raises(RuleBroken, match="谁"):
        check_note(StartEvidence.EMPLOYER_CONFIRMATION, " ")
    with pytest.raises(RuleBroken, match="电话"):
        check_note(StartEvidence.WORKER_AND_CALL, "")
    check_note(StartEvidence.RETURN_SLIP, "")
