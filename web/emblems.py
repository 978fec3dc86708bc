"""The pictures of boards and papers out of the archive, a few of them kept in memory."""

from collections import OrderedDict
from typing import Any

from db import archive
from db.queries.emblems import emblem_of, emblem_with
from rules.codes import EmblemKind
from rules.errors import RuleBroken

KEPT = 8
"""Pictures kept in memory, some 0.2 MB each; a district has one emblem."""

_kept: OrderedDict[str, bytes] = OrderedDict()


async def emblem_in_use(station_id: int) -> str:
    """The SHA-256 of the emblem that papers of this station show now; "" for none."""
    row = await emblem_of(station_id, EmblemKind.EMBLEM)
    return str(row["sha256"]) if row else ""


async def picture_bytes(row: dict[str, Any]) -> bytes:
    """The bytes of a picture, from a row of `db.queries.emblems`."""
    name = str(row["sha256"])
    if name not in _kept:
        _kept[name] = await archive.opened(row["archive_key"], name)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    _kept.move_to_end(name)
    return _kept[name]


async def pictures_of(emblem: str) -> dict[str, bytes] | None:
    """What the press needs to print a paper with this emblem (its SHA-256); None for a paper without one."""
    if not emblem:
        return None
    row = await emblem_with(emblem)
    if row is None:
        raise RuleBroken("没有找到驿站标识的图片，请区里重新上传标识后再打印。")
    return {emblem: await picture_bytes(row)}
