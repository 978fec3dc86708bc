"""One face for many papers: the few letters that each paper embeds, put together, so that a bound file holds each face once.

WeasyPrint keeps every glyph under its number when it cuts a face down, so the same number is the same letter in every
paper, and the union of what the papers embed is simply all of their glyphs side by side. Pages are not touched.
"""

import io
import re
import struct
from typing import Any

from fontTools.ttLib.sfnt import SFNTReader, SFNTWriter
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, NumberObject, StreamObject

LETTER = re.compile(rb"^<([0-9a-f]{4})> <((?:[0-9a-f]{4})*)>$", re.M)
KEPT_TABLES = ("cvt ", "fpgm", "prep")
"""Tables that are the same in every cut of a face."""
MORE, WORDS, SCALE, TWO_SCALES, MATRIX = 0x20, 0x01, 0x08, 0x40, 0x80
"""Flags of a part of a composite glyph."""


class Cut:
    """One embedded cut of a face, read."""

    def __init__(self, program: bytes) -> None:
        self.tables = SFNTReader(io.BytesIO(program))
        self.head, self.maxp, self.hhea = self.tables["head"], self.tables["maxp"], self.tables["hhea"]
        (self.count,) = struct.unpack_from(">H", self.maxp, 4)
        (self.metrics,) = struct.unpack_from(">H", self.hhea, 34)
        self.long = struct.unpack_from(">h", self.head, 50)[0] == 1
        self.loca, self.glyf, self.hmtx = self.tables["loca"], self.tables["glyf"], self.tables["hmtx"]

    def outline(self, glyph: int) -> bytes:
        """The outline of a glyph; empty for a blank one."""
        if glyph >= self.count:
            return b""
        start, end = struct.unpack_from(">LL", self.loca, glyph * 4) if self.long else struct.unpack_from(">HH", self.loca, glyph * 2)
        return self.glyf[start:end] if self.long else self.glyf[start * 2 : end * 2]

    def metric(self, glyph: int) -> bytes:
        """Its advance and left side bearing."""
        if glyph < self.metrics:
            return self.hmtx[glyph * 4 : glyph * 4 + 4]
        place = self.metrics * 4 + (glyph - self.metrics) * 2
        return self.hmtx[self.metrics * 4 - 4 : self.metrics * 4 - 2] + self.hmtx[place : place + 2].ljust(2, b"\0")


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


class Face:
    """A face as far as the papers so far use it."""

    def __init__(self, writer: PdfWriter, like: DictionaryObject) -> None:
        self.writer = writer
        self.first: Cut | None = None
        self.outlines: dict[int, tuple[bytes, bytes]] = {}
        self.widths: dict[int, float] = {}
        self.letters: dict[int, bytes] = {}
        self.limits: list[int] = []
        self.like = like
        self.font = DictionaryObject()
        self.reference = writer._add_object(self.font)

    def take(self, font: DictionaryObject) -> None:
        """Add what this paper's cut has and no earlier one had."""
        map_: Any = font["/ToUnicode"].get_object()
        letters = {int(glyph, 16): text for glyph, text in LETTER.findall(map_.get_data())}
        fresh = {0, *letters} - self.outlines.keys()
        if not fresh:
            return
        descendant: Any = font["/DescendantFonts"][0].get_object()  # type: ignore[index]
        self.letters |= letters
        self.widths |= widths_of(descendant["/W"])
        cut = Cut(descendant["/FontDescriptor"]["/FontFile2"].get_data())
        self.first = self.first or cut
        limits = list(struct.unpack_from(f">{len(cut.maxp) // 2 - 3}H", cut.maxp, 6))
        self.limits = [max(pair) for pair in zip(self.limits or limits, limits, strict=True)]
        while fresh:
            glyph = fresh.pop()
            outline = cut.outline(glyph)
            self.outlines[glyph] = (outline, cut.metric(glyph))
            fresh |= set(parts_of(outline)) - self.outlines.keys()

    def finish(self) -> None:
        """Write the face with everything that was taken."""
        like: Any = self.like["/DescendantFonts"][0].get_object()  # type: ignore[index]
        descriptor = DictionaryObject({key: value for key, value in like["/FontDescriptor"].items() if key != "/CIDSet"})
        program = self.program()
        descriptor[NameObject("/FontFile2")] = self.writer._add_object(packed(program, Length1=len(program)))
        descendant = DictionaryObject({key: value for key, value in like.items() if key not in ("/W", "/FontDescriptor")})
        runs = ArrayObject()
        for glyph in sorted(self.widths):
            runs += [NumberObject(glyph), ArrayObject([FloatObject(self.widths[glyph])])]
        descendant[NameObject("/W")] = runs
        descendant[NameObject("/FontDescriptor")] = self.writer._add_object(descriptor)
        self.font.update({key: value for key, value in self.like.items() if key not in ("/DescendantFonts", "/ToUnicode")})
        self.font[NameObject("/DescendantFonts")] = ArrayObject([self.writer._add_object(descendant)])
        self.font[NameObject("/ToUnicode")] = self.writer._add_object(packed(self.map()))

    def program(self) -> bytes:
        """The face as a TrueType file."""
        assert self.first is not None
        count = max(self.outlines) + 1
        outlines, places, metrics = bytearray(), [0], bytearray()
        for glyph in range(count):
            outline, metric = self.outlines.get(glyph, (b"", b"\0\0\0\0"))
            outlines += outline + bytes(-len(outline) % 4)
            places.append(len(outlines))
            metrics += metric
        first = self.first
        tables = {name: first.tables[name] for name in KEPT_TABLES if name in first.tables}
        tables["head"] = first.head[:50] + struct.pack(">h", 1) + first.head[52:]
        tables["hhea"] = first.hhea[:34] + struct.pack(">H", count)
        tables["maxp"] = first.maxp[:4] + struct.pack(f">{len(self.limits) + 1}H", count, *self.limits)
        tables |= {"hmtx": bytes(metrics), "loca": struct.pack(f">{count + 1}L", *places), "glyf": bytes(outlines)}
        out = io.BytesIO()
        writer = SFNTWriter(out, len(tables), first.tables.sfntVersion)
        for name in sorted(tables):
            writer[name] = tables[name]
        writer.close()
        return out.getvalue()

    def map(self) -> bytes:
        """Glyph to text, so that the bound file can be searched."""
        lines = [b"/CIDInit /ProcSet findresource begin", b"12 dict begin", b"begincmap"]
        lines += [b"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def"]
        lines += [
            b"/CMapName /Adobe-Identity-UCS def",
            b"/CMapType 2 def",
            b"1 begincodespacerange",
            b"<0000> <ffff>",
            b"endcodespacerange",
        ]
        pairs = [b"<%04x> <%s>" % (glyph, text) for glyph, text in sorted(self.letters.items())]
        for start in range(0, len(pairs), 100):
            part = pairs[start : start + 100]
            lines += [b"%d beginbfchar" % len(part), *part, b"endbfchar"]
        return b"\n".join([*lines, b"endcmap", b"CMapName currentdict /CMap defineresource pop", b"end", b"end"])


def widths_of(array: Any) -> dict[int, float]:
    """Glyph to advance, out of a font's /W."""
    widths: dict[int, float] = {}
    entries = list(array)
    while entries:
        first, second = int(entries.pop(0)), entries.pop(0)
        if isinstance(second, ArrayObject):
            widths |= {first + place: float(width) for place, width in enumerate(second)}
        else:
            widths |= dict.fromkeys(range(first, int(second) + 1), float(entries.pop(0)))
    return widths


def packed(body: bytes, **extra: int) -> StreamObject:
    """A compressed stream."""
    stream = StreamObject()
    stream.set_data(body)
    for name, value in extra.items():
        stream[NameObject(f"/{name}")] = NumberObject(value)
    return stream.flate_encode()


class Faces:
    """The faces of a bound file."""

    def __init__(self, writer: PdfWriter) -> None:
        self.writer = writer
        self.known: dict[str, Face] = {}

    def share(self, fonts: DictionaryObject) -> DictionaryObject:
        """A paper's fonts, each replaced by the common one; what is no cut TrueType face stays as it is."""
        shared = DictionaryObject()
        for key, value in fonts.items():
            font: Any = value.get_object()
            name = str(font.get("/BaseFont"))
            shared[NameObject(key)] = self._common(name, font) if name in self.known or is_cut(font) else value
        return shared

    def _common(self, name: str, font: DictionaryObject) -> Any:
        face = self.known.get(name)
        if face is None:
            face = self.known[name] = Face(self.writer, font)
        face.take(font)
        return face.reference

    def finish(self) -> None:
        """Write every face; after the last paper."""
        for face in self.known.values():
            face.finish()


def is_cut(font: Any) -> bool:
    """Whether this is a face as WeasyPrint embeds it, with glyph numbers that stay."""
    if font.get("/Subtype") != "/Type0" or "/ToUnicode" not in font:
        return False
    descendant = font["/DescendantFonts"][0].get_object()
    return descendant.get("/CIDToGIDMap") == "/Identity" and "/FontFile2" in descendant["/FontDescriptor"]
