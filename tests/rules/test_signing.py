"""Signing on a screen: what may be signed there, what counts as handwriting, which code counts for how long."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from rules.codes import ON_PAPER_ONLY, AgreementSide, AgreementType
from rules.errors import RuleBroken, RulesBroken
from rules.signing import (
    CODE_TRIES,
    MOST_POINTS,
    ROOM,
    check_code,
    check_may_open,
    check_sitting,
    code_key,
    drawing,
    read_strokes,
    same_code,
    strokes_hash,
    written,
)
from rules.wordings import SignatureBlock, built_in

NOW = datetime(2026, 12, 1, 1, tzinfo=UTC)
NAME = "100.100.0_200.120.40_300.100.80-150.200.300_400.210.420"
TEXT = built_in(AgreementType.ONE_OFF_SERVICE)


def opened(wording=TEXT, **changes):
    asked = {"both_present": True, "read_aloud": True, "guardian_needed": False, **changes}
    return check_may_open(wording, **asked)


def test_both_sides_sign_in_the_order_of_the_text():
    assert opened() == (AgreementSide.EMPLOYER, AgreementSide.WORKER)


@pytest.mark.parametrize("kind", sorted(ON_PAPER_ONLY))
def test_a_labour_contract_is_never_signed_by_a_click(kind):
    with pytest.raises(RuleBroken, match="打印"):
        opened(replace(TEXT, type=kind))


def test_three_sides_sign_on_paper():
    third = SignatureBlock(AgreementSide.THIRD.value, "丙方：")
    with pytest.raises(RuleBroken, match="三方"):
        opened(replace(TEXT, signatures=(*TEXT.signatures, third)))


def test_a_guardian_consents_on_paper():
    with pytest.raises(RuleBroken, match="监护人"):
        opened(guardian_needed=True)


def test_every_missing_tick_is_named_at_its_field():
    with pytest.raises(RulesBroken) as refused:
        opened(both_present=False, read_aloud=False, without_code=[AgreementSide.WORKER])
    assert [each.field for each in refused.value.broken] == ["both_present", "read_aloud", None]
    assert "零工" in refused.value.broken[2].message


def test_strokes_come_back_as_they_were_written():
    strokes = read_strokes(NAME)
    assert strokes[1] == ((150, 200, 300), (400, 210, 420))
    assert written(strokes) == NAME
    assert len(strokes_hash(strokes)) == 64


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "请先在框里"),
        ("500.200.0", "太小"),
        ("500.200.0_501.201.10_503.200.20", "太小"),
        ("10.10.0-900.390.500", "太短"),
        ("0.0.0_1001.100.5", "没有收到"),
        ("0.0.0_500.401.5", "没有收到"),
        ("0.0.0_a.1.5", "没有收到"),
        ("0.0.0__500.100.5", "没有收到"),
        ("0.0.0_-5.100.5", "没有收到"),
        ("<path d='M0 0'/>", "没有收到"),
        ("100.100.50_300.100.20_500.300.60", "太久或者太密"),
        ("100.100.0_300.100.20_500.300.300001", "太久或者太密"),
        ("_".join(f"{n % 1000}.{n % 400}.{n}" for n in range(MOST_POINTS + 1)), "太久或者太密"),
        ("-".join(f"{n}.10.{n}_{n}.390.{n}" for n in range(151)), "太久或者太密"),
        ("1" * 70_000, "没有收到"),
        ("１００.１００.０_３００.１００.２０", "没有收到"),
    ],
)
def test_what_is_no_name_is_refused_with_what_to_do(typed, sentence):
    with pytest.raises(RuleBroken, match=sentence) as refused:
        read_strokes(typed)
    assert refused.value.field == "strokes"


def test_a_drawing_is_smooth_cut_to_the_ink_and_the_same_each_time():
    drawn = drawing(read_strokes(NAME))
    assert drawn == drawing(read_strokes(NAME))
    assert (drawn.width, drawn.height) == (324, 134)
    assert drawn.path == "M12 12Q112 32 162 22L212 12M62 112L312 122"


def test_a_tap_leaves_a_dot():
    assert drawing((((100, 100, 0),),)).path == "M12 12L13 12"
    assert drawing((((100, 100, 0), (100, 100, 9)),)).path == "M12 12L13 12"


def test_which_code_counts_where():
    assert code_key(AgreementSide.WORKER, on_own_phone=False) == "WORKER"
    assert code_key(AgreementSide.WORKER, on_own_phone=True) == ROOM
    assert code_key(AgreementSide.EMPLOYER, on_own_phone=True) == ROOM


def test_a_code_counts_ten_minutes_and_five_tries():
    until = NOW + timedelta(minutes=10)
    assert check_code("123456", "123456", until=until, wrong=CODE_TRIES - 1, now=until - timedelta(seconds=1))
    assert not check_code("123457", "123456", until=until, wrong=0, now=NOW)
    with pytest.raises(RuleBroken, match="10分钟"):
        check_code("123456", "123456", until=until, wrong=0, now=until)
    with pytest.raises(RuleBroken, match="太多次"):
        check_code("123456", "123456", until=until, wrong=CODE_TRIES, now=NOW)


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "12345６", "abcdef", "123 456"])
def test_only_six_digits_are_a_code(typed):
    assert not same_code(typed, "123456")


def test_a_sitting_ends():
    check_sitting(ended_at=None, expires_at=NOW + timedelta(seconds=1), now=NOW)
    with pytest.raises(RuleBroken, match="重新开始"):
        check_sitting(ended_at=None, expires_at=NOW, now=NOW)
    with pytest.raises(RuleBroken, match="重新开始"):
        check_sitting(ended_at=NOW, expires_at=NOW + timedelta(hours=1), now=NOW)
