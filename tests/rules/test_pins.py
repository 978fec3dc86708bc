"""Which PINs nobody may have, and which this person may not."""

from datetime import date

import pytest

from rules.errors import RuleBroken
from rules.pins import TOO_EASY, check_pin, easy_pin, own_pins, phone_label, pin_typed

ZHOU = {"birth": date(1978, 3, 12), "phones": ("19900000101", ""), "id_number": "420199197803129017"}


@pytest.mark.parametrize(
    "pin",
    ["123456", "654321", "012345", "890123", "000000", "888888", "121212", "123123", "520520", "112233", "520131", "987654", "543210"],
)
def test_pins_that_everybody_tries_first_are_refused(pin):
    assert easy_pin(pin)
    with pytest.raises(RuleBroken) as refused:
        check_pin(pin, **ZHOU)
    assert refused.value.message == TOO_EASY
    assert refused.value.field == "pin"


@pytest.mark.parametrize(
    ("pin", "why"),
    [
        ("780312", "born 1978-03-12, year first"),
        ("120378", "day first"),
        ("031278", "month first"),
        ("197803", "year and month"),
        ("000101", "the end of the phone"),
        ("199000", "its beginning"),
        ("129017", "the end of the card"),
        ("420199", "its beginning"),
    ],
)
def test_pins_that_follow_from_the_person_are_refused(pin, why):
    assert pin in own_pins(**ZHOU), why
    with pytest.raises(RuleBroken):
        check_pin(pin, **ZHOU)


def test_the_letter_at_the_end_of_a_card_is_no_digit():
    assert "29001" not in own_pins(birth=None, phones=(), id_number="42019919780312901X")
    assert "312901" in own_pins(birth=None, phones=(), id_number="42019919780312901X")


@pytest.mark.parametrize("pin", ["730615", "905137", "248613"])
def test_an_ordinary_pin_is_taken(pin):
    assert check_pin(pin, **ZHOU) == pin


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "12345a", "１２３４５６", "٣٣٣٣٣٣", "12 456", "-12345"])
def test_what_is_not_six_digits_is_refused(typed):
    with pytest.raises(RuleBroken):
        pin_typed(typed)


def test_few_pins_are_lost_to_the_rules():
    """The refused ones must leave nearly all of the million."""
    assert len(own_pins(**ZHOU)) < 40
    assert sum(easy_pin(f"{number:06d}") for number in range(0, 1_000_000, 17)) < 150


@pytest.mark.parametrize(
    ("agent", "label"),
    [
        ("Mozilla/5.0 (Linux; Android 10; V1901A) AppleWebKit/537.36 Chrome/86.0 XWEB MicroMessenger/8.0.28", "安卓手机（微信）"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 15_0 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1", "苹果手机（浏览器）"),
        ("Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 Chrome/114 ArkWeb", "华为手机（浏览器）"),
        ("", "手机"),
        ("x" * 5000, "手机"),
    ],
)
def test_a_phone_is_named_coarsely(agent, label):
    assert phone_label(agent) == label
