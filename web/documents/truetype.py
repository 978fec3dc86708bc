"""TrueType faces as far as papers need them: reading outlines, and writing a face with few of them under their own numbers.

HarfBuzz can do the same and needs 9 ms for each face of a paper, most of it for the thirty thousand glyphs that stay
empty; here they cost nothing. The tables a PDF reader asks for are written, no others (ISO 32000-1, 9.9).
"""

import io
import struct
from array import array
from collections.abc import Iterable, Mapping, Sequence
from sys import byteorder
from typing import Any

from fontTools.ttLib import sfnt

KEPT_TABLES = ("cvt ", "fpgm", "prep")
"""Tables that are the same in every cut of a face."""
MORE, WORDS, SCALE, TWO_SCALES, MATRIX = 0x20, 0x01, 0x08, 0x40, 0x80
"""Flags of a part of a composite glyph."""
_NO_METRIC = b"\0\0\0\0"


class Program:
    """A TrueType face, read from its tables: all of it, or what a paper embeds."""

    def __init__(self, tables: Any) -> None:
        self.tables = tables
        self.head, self.maxp, self.hhea = (bytes(tables[name]) for name in ("head", "maxp", "hhea"))
        (self.count,) = struct.unpack_from(">H", self.maxp, 4)
        (self.metrics,) = struct.unpack_from(">H", self.hhea, 34)
        self.long = struct.unpack_from(">h", self.head, 50)[0] == 1
        self.loca, self.glyf, self.hmtx = tables["loca"], tables["glyf"], tables["hmtx"]

    def outline(self, glyph: int) -> bytes:
        """The outline of a glyph; empty for a blank one."""
        if glyph >= self.count:
            return b""
        start, end = struct.unpack_from(">LL", self.loca, glyph * 4) if self.long else struct.unpack_from(">HH", self.loca, glyph * 2)
        return bytes(self.glyf[start:end] if self.long else self.glyf[start * 2 : end * 2])

    def metric(self, glyph: int) -> bytes:
        """Its advance and left side bearing."""
        if glyph < self.metrics:
            return bytes(self.hmtx[glyph * 4 : glyph * 4 + 4])
        place = self.metrics * 4 + (glyph - self.metrics) * 2
        return bytes(self.hmtx[self.metrics * 4 - 4 : self.metrics * 4 - 2]) + bytes(self.hmtx[place : place + 2]).ljust(2, b"\0")

    def limits(self) -> list[int]:
        """What the glyphs need at most of a reader, as maxp says."""
        return list(struct.unpack_from(f">{len(self.maxp) // 2 - 3}H", self.maxp, 6))

    def taken(self, glyphs: Iterable[int], known: Mapping[int, tuple[bytes, bytes]]) -> dict[int, tuple[bytes, bytes]]:
        """Outline and metric of these glyphs and of those they are made of, as far as they are not known."""
        wanted, found = set(glyphs) - known.keys(), {}
        while wanted:
            glyph = wanted.pop()
            outline = self.outline(glyph)
            found[glyph] = (outline, self.metric(glyph))
            wanted |= {part for part in parts_of(outline) if part not in known and part not in found}
        return found


def parts_of(outline: bytes) -> list[int]:
    """The glyphs that a composite glyph is made of."""
    if len(outline) < 10 or struct.unpack_from(">h", outline)[0] >= 0:
        return []
    parts, place, flags = [], 10, MORE
    while flags & MORE:
        flags, glyph = struct.unpack_from(">HH", outline, place)
        parts.append(glyph)
        place += 4 + (4 if flags & WORDS else 2)
        place += 2 if flags & SCALE else 4 if flags & TWO_SCALES else 8 if flags & MATRIX else 0
    return parts


def written(like: Program, glyphs: Mapping[int, tuple[bytes, bytes]], limits: Sequence[int]) -> bytes:
    """A face like this one with these glyphs (outline, metric) under their numbers, blank between them."""
    outlines, metrics, places, size, last = [], [], [], 0, -1
    for glyph in sorted(glyphs):
        outline, metric = glyphs[glyph]
        places.append(struct.pack(">L", size) * (glyph - last))
        metrics += [_NO_METRIC * (glyph - last - 1), metric]
        outlines += [outline, bytes(-len(outline) % 4)]
        size += len(outline) + -len(outline) % 4
        last = glyph
    places.append(struct.pack(">L", size))
    count = last + 1
    tables = {name: bytes(like.tables[name]) for name in KEPT_TABLES if name in like.tables}
    tables["head"] = like.head[:50] + struct.pack(">h", 1) + like.head[52:]
    tables["hhea"] = like.hhea[:34] + struct.pack(">H", count)
    tables["maxp"] = like.maxp[:4] + struct.pack(f">{len(limits) + 1}H", count, *limits)
    tables |= {"hmtx": b"".join(metrics), "loca": b"".join(places), "glyf": b"".join(outlines)}
    out = io.BytesIO()
    writer = sfnt.SFNTWriter(out, len(tables), "\x00\x01\x00\x00")
    for name in sorted(tables):
        writer[name] = tables[name]
    writer.close()
    return out.getvalue()


def checksum(table: bytes) -> int:
    """fontTools' calcChecksum in a tenth of its time: the sum of the table's 32-bit numbers."""
    numbers = array("I", table + bytes(-len(table) % 4))
    if byteorder == "little":
        numbers.byteswap()
    return sum(numbers) & 0xFFFFFFFF
