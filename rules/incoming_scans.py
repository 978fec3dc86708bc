"""Scans that find their agreement by themselves: what the QR codes on their pages say, and what may follow from it.

A code only tells a number. Anybody can print one, so it never proves anything: it says which agreement to look at.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rules.codes import NOT_IN_FORCE, AgreementState
from rules.errors import RuleBroken
from rules.numbers import NumberKind, kind_of, normal, number_and_version, printed_number

MOST_FILES = 20
"""Files that may be uploaded at once."""

_ADDRESS = re.compile(r"https?://[^/\s?#]+/verify/([^/\s?#]{1,60})", re.IGNORECASE)
_WAITING = frozenset({AgreementState.PRINTED})
_UNPRINTED = frozenset({AgreementState.DRAFT, AgreementState.E_SIGNING})

SIGNATURES_UNSEEN = "请先看一看每份扫描件上各方的签名，再勾选确认。"
NO_CODE = "没有找到二维码，可能太模糊、折住了，或者不是本系统打印的协议。请打开看一看，输入协议编号归入，或者重新扫描。"
OTHER_PAPER = "上面的二维码不是协议的（{what}）。请打开看一看，输入协议编号归入，或者写明原因不归入。"
SEVERAL = "同一页上有{numbers}几份协议的二维码，分不清是哪一份。请一份一份分开扫描后再上传。"


@dataclass(frozen=True, slots=True)
class Mark:
    """What the code of an agreement says: its number and the version that was printed."""

    number: str
    version: int

    @property
    def printed(self) -> str:
        """As it is kept with the scan."""
        return printed_number(self.number, self.version)


@dataclass(frozen=True, slots=True)
class Part:
    """The pages of a file that belong to one agreement; `mark` None where no page says to which."""

    pages: tuple[int, ...]
    mark: Mark | None


def check_signatures_seen(seen: bool) -> None:
    """RuleBroken unless a person looked at the signatures: a code tells which paper it is, never that anybody signed it."""
    if not seen:
        raise RuleBroken(SIGNATURES_UNSEEN, "signatures_seen")


def number_in(code: str) -> str:
    """The number a QR code of ours leads to, whatever paper it stands on; "" for any other code."""
    match = _ADDRESS.fullmatch(code.strip())
    return normal(match[1]) if match else ""


def mark_in(code: str) -> Mark | None:
    """The agreement a QR code names; None for the code of another paper and for codes that are not ours."""
    number, version = number_and_version(number_in(code))
    return Mark(number, version) if kind_of(number) is NumberKind.AGREEMENT else None


def parts_of(pages: Sequence[Sequence[str]]) -> tuple[Part, ...]:
    """The file cut by the agreements on its pages. `pages`: the codes read on each page.

    A page without a code belongs to the one before it (a back side), the first ones to the one that follows.
    RuleBroken: no page names an agreement, or one page names several.
    """
    found: dict[Mark, list[int]] = {}
    leading: list[int] = []
    current: Mark | None = None
    for index, codes in enumerate(pages):
        marks = list(dict.fromkeys(mark for code in codes if (mark := mark_in(code))))
        if len(marks) > 1:
            raise RuleBroken(SEVERAL.format(numbers="、".join(mark.number for mark in marks)))
        current = marks[0] if marks else current
        if current is None:
            leading.append(index)
        else:
            found.setdefault(current, []).append(index)
    if not found:
        raise RuleBroken(_nothing_found([code for codes in pages for code in codes]))
    first = next(iter(found))
    return tuple(Part(tuple([*leading, *indexes] if mark == first else indexes), mark) for mark, indexes in found.items())


def _nothing_found(codes: Sequence[str]) -> str:
    if not codes:
        return NO_CODE
    other = next((number for code in codes if (number := number_in(code)) and kind_of(number)), "")
    return OTHER_PAPER.format(what=f"编号{other}" if other else "别处的二维码")


def check_mark_fits(mark: Mark, state: AgreementState | None, version: int = 1) -> None:
    """RuleBroken, in one sentence, unless a scan with this mark signs the agreement by itself.

    `state` None: no agreement of this station has the number. `version` is the agreement's version now.
    """
    if state is None:
        raise RuleBroken(f"本站没有编号为{mark.number}的协议，可能是别的驿站的。请核对，送到那个驿站去上传。")
    if state in NOT_IN_FORCE:
        raise RuleBroken(f"协议{mark.number}{state.label}，这张纸不能再用。确实签错了纸，请用有效的一份重新签。")
    check_version(mark, version)
    if state in _UNPRINTED:
        raise RuleBroken(f"协议{mark.number}现在是“{state.label}”，还没有要签的纸。请先打印，再签字扫描。")
    if state not in _WAITING:
        raise RuleBroken(f"协议{mark.number}已经有签好的扫描件。这一份更清楚的，请归入；重复的，请写明原因不归入。")


def check_version(mark: Mark, version: int) -> None:
    """RuleBroken when the paper that was signed is not the agreement as it stands now."""
    if mark.version != version:
        raise RuleBroken(f"这张纸是协议{mark.number}的第{mark.version}版，协议现在是第{version}版，内容不一样。请用第{version}版重新签字。")
