"""Which uploaded files are kept as the scan of a signed paper."""

import io
import struct
import zlib

import pytest
from PIL import Image
from pypdf import PdfWriter

from db.scans import check_scan
from rules.errors import RuleBroken
from rules.scans import MAXIMUM_BYTES, MAXIMUM_PAGES, ScanType


def picture(kind: str, size=(60, 80)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, kind)
    return out.getvalue()


def pdf(pages: int = 1, password: str | None = None) -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def png_bomb() -> bytes:
    """A PNG of a few kilobytes that unpacks to gigabytes."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(10_000))) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("body", "kind"),
    [(pdf(2), ScanType.PDF), (picture("JPEG"), ScanType.JPEG), (picture("PNG"), ScanType.PNG)],
    ids=["pdf", "jpeg", "png"],
)
async def test_a_scan_is_known_by_its_content(body, kind):
    assert await check_scan(body) is kind


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "空的"),
        (b"MZ\x90\x00" + bytes(300), "不是PDF"),
        (picture("GIF"), "不是PDF"),
        (b"%PDF-1.7\n" + b"x" * MAXIMUM_BYTES, "10 MB"),
        (b"%PDF-1.7\nnothing of a PDF", "打不开"),
        (b"%PDF-1.4\n" + picture("JPEG"), "打不开"),
        (picture("JPEG", (2000, 2000))[:900], "打不开"),
        (picture("PNG")[:40], "打不开"),
        (png_bomb(), "太大"),
        (pdf(MAXIMUM_PAGES + 1), "页"),
        (pdf(1, "secret"), "密码"),
    ],
    ids=["empty", "exe", "gif", "large", "fake pdf", "jpeg as pdf", "cut jpeg", "cut png", "bomb", "book", "locked"],
)
async def test_anything_else_is_refused_with_a_sentence(body, sentence):
    with pytest.raises(RuleBroken, match=sentence) as refused:
        await check_scan(body)
    assert refused.value.field == "scan"
