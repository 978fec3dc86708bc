"""The pictures the district gives its stations (art. 5 统一标识): the emblem on boards and papers, the plaque at the door."""

from __future__ import annotations

from dataclasses import dataclass

from rules.codes import EmblemKind
from rules.errors import RuleBroken

MAXIMUM_BYTES = 5 * 1024 * 1024
"""Largest picture that is taken, 5 MB."""
MAXIMUM_PIXELS = 40_000_000
LEAST_SIDE = 300
"""Fewer pixels print as steps: the emblem is 16 mm high on A3, 33 mm on A1."""
LONGEST_SIDE = {EmblemKind.EMBLEM: 1000, EmblemKind.PLAQUE: 2400}
"""Pixels of the longer side that are kept."""
WIDEST = {EmblemKind.EMBLEM: 2.5, EmblemKind.PLAQUE: 6.0}
"""Longer side to shorter side at most."""

UNREADABLE = "这张图片打不开，可能已经损坏。请换一张再上传。"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept. `width` and `height` in pixels of what was uploaded, before it was made smaller."""

    body: bytes
    media_type: str
    width: int
    height: int


def check_beginning(body: bytes) -> None:
    """RuleBroken on `picture` unless the bytes begin like a PNG or a JPEG of a size that is taken."""
    if not body:
        raise RuleBroken("这个文件是空的，请换一张图片再上传。", "picture")
    if len(body) > MAXIMUM_BYTES:
        raise RuleBroken("图片超过5 MB，请缩小以后再上传。", "picture")
    if not body.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
        raise RuleBroken("这不是PNG或JPEG图片（只改名字不行，SVG也不行）。请另存为PNG再上传。", "picture")


def check_size(kind: EmblemKind, width: int, height: int) -> None:
    """RuleBroken on `picture` when it is too small to print, or a strip."""
    if min(width, height) < LEAST_SIDE:
        raise RuleBroken(f"图片只有{width}×{height}像素，印出来会糊。短的一边至少要{LEAST_SIDE}像素。", "picture")
    if max(width, height) > WIDEST[kind] * min(width, height):
        raise RuleBroken(f"图片太长（{width}×{height}像素），{kind.label}放不下。请裁一裁再上传。", "picture")
