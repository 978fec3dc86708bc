"""What people type at /verify, from paper and as phones send it."""

import pytest

from rules.errors import RuleBroken
from rules.heads import Typed, ledger_number_of, read_typed

HEAD = "3f9a0c51d2e84b7766aa10cd93e5b1f204c8d7e6a5b4938271605f4e3d2c1b0a"


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        (HEAD, HEAD),
        (HEAD.upper(), HEAD),
        (" ".join(HEAD[at : at + 4] for at in range(0, 64, 4)), HEAD),
        ("3f9a 0c51 d2e8 4b77", "3f9a0c51d2e84b77"),
        ("３Ｆ９Ａ　０Ｃ５１　Ｄ２Ｅ８　４Ｂ７７", "3f9a0c51d2e84b77"),
        ("3f9a-0c51-d2e8-4b77", "3f9a0c51d2e84b77"),
    ],
)
def test_a_head_however_it_is_typed(typed, digits):
    assert read_typed(typed) == Typed(digits=digits)


@pytest.mark.parametrize("typed", ["L202611-ZD-420112015-01-v2", " l202611 - zd-420112015-01-V2 ", "Ｌ202611—ZD—420112015—01—v2"])
def test_a_ledger_number_however_it_is_typed(typed):
    assert read_typed(typed) == Typed(number="L202611-ZD-420112015-01-v2")
    assert ledger_number_of(typed) == "L202611-ZD-420112015-01-v2"


@pytest.mark.parametrize(
    "typed", ["L202613-ZD-420112015-01-v2", "L202611-ZD-420112015-01", "XLW-2026-000187-V2", "L202611-ZD-420112015-01-v0"]
)
def test_other_numbers_are_no_ledger(typed):
    assert ledger_number_of(typed) is None


def test_any_other_number_is_looked_up_as_a_paper():
    assert read_typed("xlw-2026-000187") == Typed(number="XLW-2026-000187")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("3f9a 0c51", "至少输入前16位"),
        (HEAD + "0", "输多了"),
        ("台账", "没看懂"),
        ("13912345678", "至少输入前16位"),
        ("<b>", "没看懂"),
        ("../x1", "没看懂"),
    ],
)
def test_what_cannot_be_read_says_what_to_type(typed, words):
    with pytest.raises(RuleBroken, match=words):
        read_typed(typed)
