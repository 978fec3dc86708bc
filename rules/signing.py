"""Signing on a screen (domain reference 3.6; ESL 3, CC 469): what a sitting needs, handwriting, one-time codes, copies.

Civil agreements only, when both sides choose it: never a labour contract (`rules.agreements.check_may_sign_on_screen`).
Handwriting is kept as the strokes that were drawn and printed as a vector path; it is never turned into a picture.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from rules.agreements import AgreementText, check_may_sign_on_screen
from rules.codes import AgreementSide, AgreementType
from rules.errors import RuleBroken, RulesBroken
from rules.wordings import Wording

SITTING_LASTS = timedelta(minutes=30)
CODE_LASTS = timedelta(minutes=10)
CODE_TRIES = 5
"""Wrong codes of one sitting before new ones must be made: five guesses in a million."""
ROOM = "ROOM"
"""The code that the counter's screen shows: who types it on a phone is in the room."""

COPY_LASTS = timedelta(days=30)
COPY_TRIES = 5
COPY_HOW = "本人用链接和验证码取走电子版"

WIDTH, HEIGHT = 1000, 400
"""The box strokes are drawn in, whatever the screen; x to the right, y down, t in milliseconds from the first touch."""
MOST_STROKES, MOST_POINTS, LONGEST_MS = 150, 4_000, 300_000
LEAST_INK, LEAST_SIZE = 250, 60
"""Length of the lines and larger side of what was written; less is a dot or a slip of the finger, not a name."""

SIGNING_SIDES = (AgreementSide.EMPLOYER, AgreementSide.WORKER)
"""Who can sign on a screen. A text with a third side is signed on paper."""

WRONG_CODE = "验证码不对，请核对后重新输入。"
CODE_OVER = "验证码已经过了10分钟，请驿站工作人员换一组验证码。"
TOO_MANY_CODES = "验证码输错太多次了，请驿站工作人员换一组验证码。"
SITTING_OVER = "这次签字已经结束或者过了时间，请驿站工作人员重新开始。"
ALREADY_SIGNED = "这一方已经签过字了，不用再签。"
TEXT_CHANGED = "协议内容和刚才念的不一样了，不能签。请停止这次签字，看过新内容再重新开始。"
OTHER_JUST_SIGNED = "另一方刚刚签好。请再按一次“签字确认”，就签完了。"
COPY_GONE = "这个链接过了时间，或者已经换了新的。请到驿站再要一份，不收费。"
COPY_LOCKED = "验证码输错太多次，这个链接不能用了。请到驿站再要一份，不收费。"

Point = tuple[int, int, int]
Strokes = tuple[tuple[Point, ...], ...]

LONGEST_TYPED = 65_535
"""Characters of strokes as a page sends them: 4000 points."""
_STROKES = re.compile(r"[0-9._-]+")
_POINT = re.compile(r"([0-9]{1,4})\.([0-9]{1,4})\.([0-9]{1,6})")
_CODE = re.compile(r"[0-9]{6}")


@dataclass(frozen=True, slots=True)
class Drawing:
    """Handwriting as SVG path data in a box of `width` by `height`, cut to what was written. Draw it with round ends."""

    path: str
    width: int
    height: int


def check_may_open(
    wording: Wording,
    *,
    both_present: bool,
    read_aloud: bool,
    guardian_needed: bool,
    without_code: Collection[AgreementSide] = (),
) -> tuple[AgreementSide, ...]:
    """The sides that will sign, in the order of the text. RulesBroken: not this paper, a tick missing, no way to get a code.

    `guardian_needed`: the worker is under 18, and the guardian's consent is signed on paper (CC 19). `without_code`: sides
    with neither pages of their own nor a telephone we can send to.
    """
    check_may_sign_on_screen(AgreementType(wording.type))
    sides = tuple(dict.fromkeys(AgreementSide(block.side) for block in wording.signatures))
    if set(sides) != set(SIGNING_SIDES):
        raise RuleBroken("这份协议要三方签字，请打印出来，三方在纸上签。")
    if guardian_needed:
        raise RuleBroken("乙方不满18周岁，监护人要在纸上签名同意。请打印出来签字。")
    broken = []
    if not both_present:
        broken.append(RuleBroken("双方都到场才能在屏幕上签。都在场的，请打勾；不在的，请打印出来分别签。", "both_present"))
    if not read_aloud:
        broken.append(RuleBroken("请先把协议逐条念给双方听，念完再打勾。", "read_aloud"))
    for side in sides:
        if side in without_code:
            who = "乙方（零工）" if side is AgreementSide.WORKER else "甲方（雇主）"
            broken.append(RuleBroken(f"{who}没有登录过自己的手机，也收不到短信，拿不到验证码。请打印出来签字。"))
    if broken:
        raise RulesBroken(broken)
    return sides


def text_hash(text: AgreementText) -> str:
    """SHA-256 of the plain text that everybody sees: what a signature is about."""
    return hashlib.sha256(text.plain_text().encode()).hexdigest()


def read_strokes(typed: str) -> Strokes:
    """The strokes that a page sent ("x.y.t_x.y.t-x.y.t…"), checked. RuleBroken, on `strokes`, with what to do."""
    typed = typed.strip()
    if not typed:
        raise RuleBroken("请先在框里写上名字。没有框的，这里不能手写，请在驿站的屏幕上或者纸上签。", "strokes")
    if len(typed) > LONGEST_TYPED or not _STROKES.fullmatch(typed):
        raise RuleBroken("签名没有收到，请按“清除”后重新写。", "strokes")
    strokes = tuple(tuple(_point(point) for point in stroke.split("_")) for stroke in typed.split("-"))
    _check_strokes(strokes)
    return strokes


def _point(text: str) -> Point:
    found = _POINT.fullmatch(text)
    if not found or int(found[1]) > WIDTH or int(found[2]) > HEIGHT:
        raise RuleBroken("签名没有收到，请按“清除”后重新写。", "strokes")
    return int(found[1]), int(found[2]), int(found[3])


def _check_strokes(strokes: Strokes) -> None:
    points = [point for stroke in strokes for point in stroke]
    moments = [t for _, _, t in points]
    if len(strokes) > MOST_STROKES or len(points) > MOST_POINTS or max(moments) > LONGEST_MS or moments != sorted(moments):
        raise RuleBroken("签名写得太久或者太密，请按“清除”后重新写一遍名字。", "strokes")
    wide = max(x for x, _, _ in points) - min(x for x, _, _ in points)
    high = max(y for _, y, _ in points) - min(y for _, y, _ in points)
    if sum(_length(stroke) for stroke in strokes) < LEAST_INK or max(wide, high) < LEAST_SIZE:
        raise RuleBroken("写得太小或者太短，看不清是谁签的。请按“清除”，把名字写大、写完整。", "strokes")


def _length(stroke: Iterable[Point]) -> float:
    return sum(((x - u) ** 2 + (y - v) ** 2) ** 0.5 for (u, v, _), (x, y, _) in pairwise(stroke))


def written(strokes: Strokes) -> str:
    """The strokes as text, as `read_strokes` takes them: what is kept and hashed."""
    return "-".join("_".join(f"{x}.{y}.{t}" for x, y, t in stroke) for stroke in strokes)


def strokes_hash(strokes: Strokes) -> str:
    """SHA-256 of the strokes as they are kept."""
    return hashlib.sha256(written(strokes).encode()).hexdigest()


def drawing(strokes: Strokes, margin: int = 12) -> Drawing:
    """The strokes as smooth lines: curves through the middles between the points. A tap is a dot."""
    points = [point for stroke in strokes for point in stroke]
    left, top = min(x for x, _, _ in points) - margin, min(y for _, y, _ in points) - margin
    right, bottom = max(x for x, _, _ in points) + margin, max(y for _, y, _ in points) + margin
    path = "".join(_curve([(x - left, y - top) for x, y, _ in stroke]) for stroke in strokes)
    return Drawing(path, right - left, bottom - top)


def _curve(points: list[tuple[int, int]]) -> str:
    (x, y), *rest = points
    parts = [f"M{x} {y}"]
    for (u, v), (p, q) in pairwise(rest):
        parts.append(f"Q{u} {v} {_half(u + p)} {_half(v + q)}")
    last_x, last_y = rest[-1] if rest else (x, y)
    # a line of no length would leave no ink
    parts.append(f"L{last_x} {last_y}" if (last_x, last_y) != (x, y) or len(rest) > 1 else f"L{x + 1} {y}")
    return "".join(parts)


def _half(twice: int) -> str:
    return f"{twice // 2}.5" if twice % 2 else f"{twice // 2}"


def check_code(typed: str, kept: str, *, until: datetime, wrong: int, now: datetime) -> bool:
    """Whether the code is right. RuleBroken, on `code`, when it does not count any more, whatever was typed."""
    if wrong >= CODE_TRIES:
        raise RuleBroken(TOO_MANY_CODES, "code")
    if now >= until:
        raise RuleBroken(CODE_OVER, "code")
    return same_code(typed, kept)


def same_code(typed: str, kept: str) -> bool:
    """Whether six digits were typed and are these, compared in the same time whatever they are."""
    return bool(_CODE.fullmatch(typed)) and hmac.compare_digest(typed.encode(), kept.encode())


def code_key(side: AgreementSide, *, on_own_phone: bool) -> str:
    """Which code counts: on the counter's screen the side's own, on the side's own phone the one the counter shows."""
    return ROOM if on_own_phone else side.value


def check_sitting(*, ended_at: datetime | None, expires_at: datetime, now: datetime) -> None:
    """RuleBroken when the sitting is over."""
    if ended_at is not None or now >= expires_at:
        raise RuleBroken(SITTING_OVER)


def check_still(kept_hash: str, kept_version: int, text: AgreementText, version: int) -> None:
    """RuleBroken when the text is no longer the one that was read aloud."""
    if text_hash(text) != kept_hash or version != kept_version:
        raise RuleBroken(TEXT_CHANGED)
