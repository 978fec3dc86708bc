"""Codes of an authenticator and recovery codes: what matches, what is refused, what cannot be guessed."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from db.second_factor import (
    RECOVERY_CODES,
    as_typed,
    matching_step,
    new_initial_password,
    new_recovery_codes,
    pending_secret,
    provisioning_uri,
)

NOW = datetime(2026, 12, 1, 1, 0, 10, tzinfo=UTC)
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def test_the_published_example_of_the_standard():
    """RFC 6238, appendix B, SHA-1, time 59 s: 94287082, of which six digits are used."""
    assert matching_step(SECRET, "287082", datetime.fromtimestamp(59, UTC)) == 1


@pytest.mark.parametrize(("seconds", "found"), [(-45, False), (-30, True), (0, True), (30, True), (60, False)])
def test_one_step_either_way(seconds, found):
    code = pyotp.TOTP(SECRET).at(NOW + timedelta(seconds=seconds))
    assert (matching_step(SECRET, code, NOW) is not None) is found


@pytest.mark.parametrize("change", ["full-width", "arabic", "short", "long", "spaces", "empty"])
def test_only_six_ascii_digits_are_a_code(change):
    code = pyotp.TOTP(SECRET).at(NOW)
    typed = {
        "full-width": "".join(chr(ord(digit) + 0xFEE0) for digit in code),
        "arabic": "".join(chr(0x0660 + int(digit)) for digit in code),
        "short": code[:5],
        "long": code + "0",
        "spaces": f" {code}",
        "empty": "",
    }[change]
    assert matching_step(SECRET, typed, NOW) is None
    assert matching_step(SECRET, code, NOW) is not None


def test_without_an_authenticator_nothing_matches():
    assert matching_step("", "000000", NOW) is None


def test_recovery_codes_are_many_random_and_without_look_alikes():
    codes = [code for _ in range(50) for code in new_recovery_codes()]
    assert len(new_recovery_codes()) == RECOVERY_CODES == 10
    assert len(set(codes)) == len(codes)
    assert not set("".join(codes)) & set("il0o1")
    assert as_typed(codes[0].upper().replace("-", "  ")) == codes[0].replace("-", "")
    assert len({new_initial_password() for _ in range(200)}) == 200


def test_the_offered_secret_is_of_this_session_and_this_authenticator(database):
    first = pending_secret("a" * 64, None)
    assert first == pending_secret("a" * 64, None)
    assert len({first, pending_secret("b" * 64, None), pending_secret("a" * 64, NOW)}) == 3
    assert len(first) == 32
    assert "secret=" + first in provisioning_uri(first, "chen")
