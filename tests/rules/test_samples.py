"""A check on the spot: what is drawn follows from what was published, for everybody and on any machine."""

import hashlib
import subprocess

import pytest

from rules.codes import SampleVerdict
from rules.errors import RuleBroken
from rules.samples import check_size, check_verdict, sample_command, sampled

STATION, MONTH, SEED = "ZD-420112015-01", 202611, "0f" * 16


def test_the_lines_are_the_first_by_hash():
    drawn = sampled(STATION, MONTH, SEED, 250, 10)
    expected = sorted(range(1, 251), key=lambda line: hashlib.sha256(f"ZD-420112015-01|202611|{SEED}|250|{line}".encode()).hexdigest())
    assert [each.line for each in drawn] == expected[:10]
    assert [each.place for each in drawn] == list(range(1, 11))
    assert len({each.line for each in drawn}) == 10


def test_drawing_more_keeps_those_drawn_with_fewer():
    assert sampled(STATION, MONTH, SEED, 80, 20)[:5] == sampled(STATION, MONTH, SEED, 80, 5)


def test_another_seed_month_station_or_population_draws_others():
    first = [each.line for each in sampled(STATION, MONTH, SEED, 400, 20)]
    others = [
        (STATION, MONTH, "0e" * 16, 400),
        (STATION, 202612, SEED, 400),
        ("ZD-420112006-01", MONTH, SEED, 400),
        (STATION, MONTH, SEED, 401),
    ]
    for other in others:
        assert [each.line for each in sampled(*other, 20)] != first


def test_the_printed_command_draws_the_same():
    printed = subprocess.run(["bash", "-c", sample_command(STATION, MONTH, SEED, 40, 6)], capture_output=True, text=True, check=True).stdout
    assert printed.splitlines() == [f"{each.digest} {each.line}" for each in sampled(STATION, MONTH, SEED, 40, 6)]


@pytest.mark.parametrize(("size", "population"), [(0, 5), (6, 5), (101, 4000)])
def test_a_sample_is_neither_empty_nor_everything_and_more(size, population):
    with pytest.raises(RuleBroken, match="请填写抽几条"):
        check_size(size, population)


def test_whoever_finds_something_else_says_what():
    assert check_verdict(SampleVerdict.GENUINE, " ") == ""
    for verdict in (SampleVerdict.DIFFERENT, SampleVerdict.FABRICATED, SampleVerdict.UNREACHED):
        with pytest.raises(RuleBroken, match="哪里不一样"):
            check_verdict(verdict, " ")
    with pytest.raises(RuleBroken, match="最多200个字"):
        check_verdict(SampleVerdict.DIFFERENT, "字" * 201)
