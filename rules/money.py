"""Money: typed by people in yuan, kept as integer fen, printed in figures and in capitals."""

from __future__ import annotations

import re

from rules.errors import RuleBroken
from rules.text import clean_line, half_width

MAXIMUM_FEN = 1_000_000_000
"""Ten million yuan: more than any single price or total at a gig-worker station."""

_PLAIN = re.compile(r"([0-9]+)(?:\.([0-9]*))?")
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?")
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")


def parse_yuan(typed: str, *, field: str) -> int:
    """Fen of an amount typed in yuan: "35", "35.5", "1,200", "35元", "￥35", full-width digits too.

    Raises RuleBroken for nothing, words, a minus sign, more than two decimals and more than ten million yuan.
    Zero is an amount; whether it makes sense is for the caller to say.
    """
    text = half_width(clean_line(typed)).replace(" ", "").removeprefix("人民币").lstrip("¥")
    text = re.sub(r"(元整?|块钱?)$", "", text)
    if not text:
        raise RuleBroken("请填写金额，例如 35 或 35.5。", field)
    if text[0] in "-−–—负":
        raise RuleBroken("金额不能是负数，请重新填写。", field)
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    match = _PLAIN.fullmatch(text)
    if match is None or text.endswith("."):
        raise RuleBroken("金额只能填数字，单位是元，例如 35 或 35.5。", field)
    whole, decimals = match[1].lstrip("0") or "0", match[2] or ""
    if len(decimals) > 2:
        raise RuleBroken("金额最多两位小数（到分），请重新填写。", field)
    # The length is looked at first: Python refuses to turn thousands of digits into a number.
    if len(whole) > 8 or (fen := int(whole) * 100 + int(decimals.ljust(2, "0"))) > MAXIMUM_FEN:
        raise RuleBroken("金额不能超过1000万元，请核对是不是多打了0。", field)
    return fen


def yuan(fen: int) -> str:
    """Fen as a figure in yuan, without a unit and without needless zeros: 180 → "1.8", 3550 → "35.5"."""
    sign, (whole, rest) = "-" if fen < 0 else "", divmod(abs(fen), 100)
    decimals = f"{rest:02d}".rstrip("0")
    return f"{sign}{whole}.{decimals}" if decimals else f"{sign}{whole}"


def capitals(fen: int) -> str:
    """Fen in the capitals of bills and contracts (中文大写金额): 30000 → "叁佰元整", 10005 → "壹佰元零伍分".

    整 stands after 元 only; a 零 that the convention leaves open (before 角, and after a 万 or 亿 group that ends
    in 0) is not written. Raises ValueError below zero and from one trillion yuan on.
    """
    whole, rest = divmod(fen, 100)
    if fen < 0 or whole >= 10**12:
        raise ValueError(f"no capitals for {fen} fen")
    jiao, cents = divmod(rest, 10)
    written = _whole_capitals(whole)
    if written:
        written += "元"
    if not rest:
        return (written or "零元") + "整"
    if jiao:
        written += _DIGITS[jiao] + "角"
    elif written:
        written += "零"
    if cents:
        written += _DIGITS[cents] + "分"
    return written


def _whole_capitals(whole: int) -> str:
    written = ""
    gap = False
    for index in reversed(range(len(_GROUPS))):
        group = whole // 10_000**index % 10_000
        if not group:
            gap = bool(written)
            continue
        if written and (gap or group < 1000):
            written += "零"
        written += _group_capitals(group) + _GROUPS[index]
        gap = False
    return written


def _group_capitals(group: int) -> str:
    written = ""
    gap = False
    for place in reversed(range(4)):
        digit = group // 10**place % 10
        if digit:
            written += ("零" if gap and written else "") + _DIGITS[digit] + _PLACES[place]
        gap = not digit
    return written
