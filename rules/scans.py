"""Scans of signed papers: what may be kept, told from the bytes and never from the file's name or its label."""

from __future__ import annotations

from rules.codes import Labelled
from rules.errors import RuleBroken

MAXIMUM_BYTES = 10 * 1024 * 1024
"""Largest file that is kept, 10 MB."""

MAXIMUM_PIXELS = 60_000_000
"""Largest picture: A4 at 600 dots per inch has 35 million. More is no scan but an attempt to fill the memory."""

MAXIMUM_PAGES = 30
"""An agreement has four pages; more than this is another file."""


class ScanType(Labelled):
    """Kinds of file a scan may be; the value is the media type it is served as."""

    PDF = "application/pdf", "PDF"
    JPEG = "image/jpeg", "JPEG照片"
    PNG = "image/png", "PNG图片"

    @property
    def ending(self) -> str:
        """The ending of a downloaded file."""
        return {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}[self.value]


_BEGINNINGS = {b"%PDF-": ScanType.PDF, b"\xff\xd8\xff": ScanType.JPEG, b"\x89PNG\r\n\x1a\n": ScanType.PNG}


def scan_type(body: bytes) -> ScanType:
    """What the bytes are, by how they begin. RuleBroken: nothing, too much, or none of the three kinds."""
    if not body:
        raise RuleBroken("这个文件是空的，请重新扫描或拍照后再上传。", "scan")
    if len(body) > MAXIMUM_BYTES:
        raise RuleBroken("文件超过10 MB，请把扫描的清晰度调低一些，或者分开拍照后再上传。", "scan")
    for beginning, kind in _BEGINNINGS.items():
        if body.startswith(beginning):
            return kind
    raise RuleBroken("这不是PDF、JPEG或PNG文件（只改名字不行）。请重新扫描或拍照后再上传。", "scan")
