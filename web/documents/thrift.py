"""The same pages for less processor time: four places where WeasyPrint 70.0 and pydyf 0.13 do work that nobody needs.

Of a three-page agreement they took two fifths: every stream was compressed twice, at zlib's slowest level (to name the file by
a hash of what is in it), every face was copied whole (15 MB each) before its few letters were taken out, and these were
taken out by a general tool that looks at all the others as well. A twentieth of what is left went into finding out,
property by property, that no rule sets it. `install()` replaces exactly these places.
"""

import zlib
from types import SimpleNamespace
from typing import Any

import pydyf
import weasyprint
from fontTools.ttLib import sfnt
from weasyprint import css
from weasyprint.css.computed_values import PHYSICAL_FUNCTIONS
from weasyprint.css.functions import check_math
from weasyprint.css.properties import INHERITED, INITIAL_NOT_COMPUTED, INITIAL_VALUES
from weasyprint.pdf import fonts as pdf_fonts
from weasyprint.text.ffi import ffi

from web.documents import truetype

KNOWN_VERSIONS = ("70.0", "0.13.0")
LEVEL = 4
"""Of zlib: pages and faces come out 3 % larger than with 9, in a quarter of the time."""

_write_out = pydyf.Stream.data.fget
_face_bytes = pdf_fonts.get_hb_object_data
_begin = pdf_fonts.Font.__init__
_in_full = css.ComputedStyle.__missing__

_OF_THEIR_OWN = {name for name in INITIAL_VALUES if name.startswith("text_decoration_")} | {"page", "position", "float", "display"}
"""Properties that are neither simply inherited nor simply initial."""
_INITIAL = {
    name: value
    for name, value in INITIAL_VALUES.items()
    if name not in INHERITED and name not in INITIAL_NOT_COMPUTED and name not in _OF_THEIR_OWN and not check_math(value)
}
_INHERITED = frozenset(INHERITED) - _OF_THEIR_OWN - PHYSICAL_FUNCTIONS.keys()
_LOGICAL = {
    name: frozenset(logical(block="ttb", inline=direction) for direction in ("ltr", "rtl")) for name, logical in PHYSICAL_FUNCTIONS.items()
}
"""What may set a margin or border without naming its side; by the side."""
_NONE: frozenset[str] = frozenset()


def once(stream: pydyf.Stream) -> bytes:
    """The stream as it stands in the file. Once it was written (`indirect`), it is not compressed again."""
    written: bytes | None = getattr(stream, "written", None)
    return _write_out(stream) if written is None else written


def indirect(stream: pydyf.Stream) -> bytes:
    """The stream as an object of the file; from now on it does not change any more."""
    stream.written = None
    stream.written = once(stream)
    head = f"{stream.number} {stream.generation} obj\n".encode()
    return head + stream.written + b"\nendobj"


def computed(style: Any, name: str) -> Any:
    """A property of an element. What no rule sets is the parent's value or the initial one, and nothing more is asked."""
    if name not in style.cascaded:
        if name in _INHERITED and style.parent_style is not None:
            value = style[name] = style.parent_style[name]
            return value
        if name in _INITIAL and _LOGICAL.get(name, _NONE).isdisjoint(style.cascaded):
            value = style[name] = _INITIAL[name]
            return value
    return _in_full(style, name)


class WholeFace:
    """The bytes of a face, read only where somebody asks for all of them; a face that is cut down is never asked."""

    def __get__(self, font: Any, _: type | None = None) -> bytes:
        content: bytes | None = font.__dict__.get("content")
        if content is None:
            content = font.__dict__["content"] = _face_bytes(font.hb_face)
        return content

    def __set__(self, font: Any, content: bytes | None) -> None:
        font.__dict__["content"] = content


class Tables:
    """The tables of a face where HarfBuzz has them in memory, each looked up when it is asked for and not copied."""

    def __init__(self, font: Any) -> None:
        self.font = font
        self.kept: dict[str, Any] = {}

    def __contains__(self, name: str) -> bool:
        return name in self.font.tables

    def __getitem__(self, name: str) -> Any:
        if name not in self.kept:
            blob = pdf_fonts.harfbuzz.hb_face_reference_table(self.font.hb_face, pdf_fonts.harfbuzz.hb_tag_from_string(name.encode(), -1))
            blob = ffi.gc(blob, pdf_fonts.harfbuzz.hb_blob_destroy)
            length = ffi.new("unsigned int *")
            data = pdf_fonts.harfbuzz.hb_blob_get_data(blob, length)
            self.kept[name] = (blob, memoryview(ffi.buffer(data, length[0])))  # the blob keeps the memory
        return self.kept[name][1]


def cut(font: Any, to_unicode: dict[int, str], hinting: bool) -> None:
    """Font.subset: the letters of this paper, under their own numbers. What is no plain TrueType face goes to HarfBuzz."""
    if not to_unicode:
        return
    if not {"glyf", "loca", "hmtx"} <= set(font.tables) or "fvar" in font.tables:
        font._harfbuzz_subset(to_unicode, hinting)
        return
    face = truetype.Program(Tables(font))
    font.file_content = truetype.written(face, face.taken({0, *to_unicode}, {}), face.limits())


def begin(font: Any, *given: Any) -> None:
    """Font.__init__ without copying the face."""
    pdf_fonts.get_hb_object_data = lambda _: None
    try:
        _begin(font, *given)
    finally:
        pdf_fonts.get_hb_object_data = _face_bytes


def install() -> None:
    """Switch it on for this process; raises RuntimeError under other versions."""
    versions = (weasyprint.__version__, pydyf.VERSION)
    if versions != KNOWN_VERSIONS:
        raise RuntimeError(f"thrift.py knows WeasyPrint and pydyf {KNOWN_VERSIONS}, not {versions}: check it again")
    pydyf.zlib = SimpleNamespace(compressobj=lambda level: zlib.compressobj(level=LEVEL))
    pydyf.Stream.data = property(once)
    pydyf.Stream.indirect = property(indirect)
    css.ComputedStyle.__missing__ = computed
    pdf_fonts.Font.file_content = WholeFace()
    pdf_fonts.Font.__init__ = begin
    pdf_fonts.Font.subset = cut
    sfnt.calcChecksum = truetype.checksum
