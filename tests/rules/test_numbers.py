"""Public numbers keep their printed shape."""

import re
from datetime import date

import pytest

from rules.codes import AgreementType
from rules.numbers import (
    AGREEMENT_LETTERS,
    JOB_NUMBER,
    NumberKind,
    agreement_number,
    guidance_number,
    job_number,
    kind_of,
    normal,
    referral_number,
    seeker_number,
    station_code,
    station_number,
)

DAY = date(2026, 11, 22)


def test_numbers_look_as_the_numbering_rules_say():
    assert station_code("420112015", 1) == "ZD-420112015-01"
    assert job_number(DAY, "01", 23) == "G261122-010023"
    assert job_number(DAY, station_number("ZD-420112015-01"), 23) == "G261122-010023"
    assert seeker_number(2026, "420112015", 123) == "Q26015000123"
    assert referral_number(DAY, 45) == "T26112200045"
    assert agreement_number(AgreementType.ONE_OFF_SERVICE, 2026, 187) == "XLW-2026-000187"
    assert guidance_number(DAY, 3) == "Y2611220003"


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("ZD-420112015-01", NumberKind.STATION),
        ("G261122-010023", NumberKind.JOB),
        ("Q26015000123", NumberKind.SEEKER),
        ("T26112200045", NumberKind.REFERRAL),
        ("XLW-2026-000187", NumberKind.AGREEMENT),
        ("Y2611220003", NumberKind.GUIDANCE),
        ("XZZ-2026-000187", None),
        ("G261122-01002", None),
        ("G261122-010023\n", None),
        ("G２61122-010023", None),
        ("g261122-010023", None),
        ("", None),
    ],
)
def test_a_number_tells_what_it_belongs_to(number, kind):
    assert kind_of(number) is kind


def test_the_pattern_can_be_used_in_a_route():
    assert re.fullmatch(JOB_NUMBER, "G261122-010023")


@pytest.mark.parametrize("typed", ["g261122-010023", " Ｇ261122－010023 ", "G261122—010023", "G261122 -010023"])
def test_a_number_typed_from_paper_finds_its_form(typed):
    assert normal(typed) == "G261122-010023"


@pytest.mark.parametrize(
    "make",
    [
        lambda: station_code("420112015", 100),
        lambda: station_code("4201120", 1),
        lambda: station_number("420112015-01"),
        lambda: job_number(DAY, "01", 0),
        lambda: job_number(DAY, "01", 10_000),
        lambda: job_number(DAY, 0, 1),
        lambda: seeker_number(2026, "420112015", 1_000_000),
        lambda: referral_number(DAY, -1),
        lambda: agreement_number(AgreementType.ONE_OFF_SERVICE, 2026, 1_000_000),
        lambda: guidance_number(DAY, 10_000),
    ],
)
def test_a_number_that_does_not_fit_is_never_printed(make):
    with pytest.raises(ValueError, match=r"does not fit|not a"):
        make()


def test_every_agreement_type_has_its_letters():
    assert set(AGREEMENT_LETTERS) == set(AgreementType)
    for agreement_type in AgreementType:
        assert kind_of(agreement_number(agreement_type, 2026, 1)) is NumberKind.AGREEMENT
