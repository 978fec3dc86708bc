"""One face for many papers: the few letters that each paper embeds, put together, so that a bound file holds each face once.

WeasyPrint keeps every glyph under its number when it cuts a face down, so the same number is the same letter in every
paper, and the union of what the papers embed is simply all of their glyphs side by side. Pages are not touched.
"""

import io
import re
from typing import Any

from fontTools.ttLib.sfnt import SFNTReader
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, NumberObject, StreamObject

from web.documents.truetype import Program, written

LETTER = re.compile(rb"^<([0-9a-f]{4})> <((?:[0-9a-f]{4})*)>$", re.M)


class Face:
    """A face as far as the papers so far use it."""

    def __init__(self, writer: PdfWriter, like: DictionaryObject) -> None:
        self.writer = writer
        self.first: Program | None = None
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
        cut = Program(SFNTReader(io.BytesIO(descendant["/FontDescriptor"]["/FontFile2"].get_data())))
        self.first = self.first or cut
        self.limits = [max(pair) for pair in zip(self.limits or cut.limits(), cut.limits(), strict=True)]
        self.outlines |= cut.taken(fresh, self.outlines)

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
        return written(self.first, self.outlines, self.limits)

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
