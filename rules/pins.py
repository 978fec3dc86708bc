"""The six-digit PIN of a worker: which ones are too easy for this very person, and how often one may guess."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise

from rules.errors import RuleBroken

LENGTH = 6
SHAPE = "密码是6位数字，请重新输入。"
TOO_EASY = "这个密码太容易被人猜到（连号、重复的数字、生日、电话或者证件里的数字都不行），请换一个。"
DIFFERENT = "两次输入的密码不一样，请重新输入。"

TRIES_BEFORE_PAUSE = 5
TRIES_A_DAY = 10
PAUSE = timedelta(minutes=15)
WINDOW = timedelta(hours=24)
"""Five wrong PINs pause the phone for a quarter of an hour, ten within a day end its enrolment: a thief of the phone has
ten guesses in a million, and whoever only knows somebody's name has none, because a PIN counts on an enrolled phone alone."""

_FAVOURITES = frozenset(
    "520131 131420 147258 258369 159357 357159 147852 789456 456123 963852 741852 852963 112233 332211 111222 222333 "  # noqa: SIM905
    "666888 888666 168888 518888 521314 201314 100200 110119 123321 321123".split()
)


def pin_typed(typed: str) -> str:
    """The PIN that was typed. RuleBroken (on `pin`) unless it is six ASCII digits."""
    if not re.fullmatch(rf"[0-9]{{{LENGTH}}}", typed):
        raise RuleBroken(SHAPE, "pin")
    return typed


def easy_pin(pin: str) -> bool:
    """Whether anybody could guess it: one digit, a run up or down, a pattern of two or three digits, a favourite."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    return steps in ({0}, {1}, {9}) or pin in (pin[:2] * 3, pin[:3] * 2) or len(set(pin)) == 1 or pin in _FAVOURITES


def own_pins(*, birth: date | None, phones: Iterable[str], id_number: str) -> frozenset[str]:
    """The PINs that whoever knows this person would try first: from the birth date, the phones, the document number."""
    found = set(_windows(id_number))
    for phone in phones:
        found.update(_windows(phone))
    if birth is not None:
        year, month, day = f"{birth:%Y}", f"{birth:%m}", f"{birth:%d}"
        found.update(_windows(year + month + day))
        found.update((day + month + year[2:], month + day + year[2:], year[2:] + day + month, month + year, day + month + year[:2]))
    return frozenset(found)


def _windows(text: str) -> Iterator[str]:
    digits = "".join(letter for letter in text if letter.isascii() and letter.isdigit())
    return (digits[start : start + LENGTH] for start in range(len(digits) - LENGTH + 1))


def check_pin(pin: str, *, birth: date | None, phones: Iterable[str], id_number: str) -> str:
    """The PIN when this person may have it. RuleBroken, on `pin`, with one sentence otherwise."""
    pin_typed(pin)
    if easy_pin(pin) or pin in own_pins(birth=birth, phones=phones, id_number=id_number):
        raise RuleBroken(TOO_EASY, "pin")
    return pin


_PHONES = (
    ("iPad", "iPad"),
    ("iPhone", "苹果手机"),
    ("HarmonyOS", "华为手机"),
    ("OpenHarmony", "华为手机"),
    ("Android", "安卓手机"),
    ("Windows", "Windows电脑"),
    ("Macintosh", "苹果电脑"),
)
_BROWSERS = (("MicroMessenger", "微信"), ("Edg", "Edge"), ("Firefox", "火狐"), ("Chrome", "浏览器"), ("Safari", "浏览器"))


def phone_label(user_agent: str) -> str:
    """How a list of devices names one: 安卓手机（微信）. Nothing finer is kept of what the browser tells (PIPL 6)."""
    device = next((label for mark, label in _PHONES if mark in user_agent), "手机")
    browser = next((label for mark, label in _BROWSERS if mark in user_agent), "")
    return f"{device}（{browser}）" if browser else device
