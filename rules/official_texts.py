"""Official model texts (示范文本) that the district uploads: what file may be kept, told from its bytes."""

from __future__ import annotations

import io
import zipfile
from datetime import date

from rules.codes import OFFICIAL_TEXTS, AgreementType, Labelled
from rules.errors import RuleBroken

MAXIMUM_BYTES = 10 * 1024 * 1024
MOST_UNPACKED = 100 * 1024 * 1024
MOST_PARTS = 2_000


class OfficialFile(Labelled):
    """Kinds of file an official text may be; the value is the media type it is served as."""

    PDF = "application/pdf", "PDF"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word文档"

    @property
    def ending(self) -> str:
        """The ending of a downloaded file."""
        return self.name.lower()


def official_file(body: bytes) -> OfficialFile:
    """What the bytes are. RuleBroken: nothing, too much, neither of both kinds, or a document with macros."""
    if not body:
        raise RuleBroken("这个文件是空的，请重新选择。", "scan")
    if len(body) > MAXIMUM_BYTES:
        raise RuleBroken("文件超过10 MB，请换成小一些的文件。", "scan")
    if body.startswith(b"%PDF-"):
        return OfficialFile.PDF
    if body.startswith(b"PK\x03\x04"):
        _check_docx(body)
        return OfficialFile.DOCX
    raise RuleBroken("这不是PDF或DOCX文件（只改名字不行；老的DOC请另存为DOCX）。", "scan")


def _check_docx(body: bytes) -> None:
    # Only the directory of the archive is read, nothing is unpacked: a file made to swell up costs nothing here.
    try:
        parts = zipfile.ZipFile(io.BytesIO(body)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise RuleBroken("这个文件打不开，可能已经损坏，请重新选择。", "scan") from None
    names = {part.filename for part in parts}
    if not {"[Content_Types].xml", "word/document.xml"} <= names:
        raise RuleBroken("这不是PDF或DOCX文件，请重新选择。", "scan")
    if any("vbaproject" in name.lower() or "activex" in name.lower() for name in names):
        raise RuleBroken("这个Word文档里有宏，请另存为不带宏的DOCX再上传。", "scan")
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise RuleBroken("这个文件展开后太大，不像是合同文本，请核对。", "scan")


def check_official(kind: AgreementType, title: str, issued_by: str, in_force_from: date | None) -> None:
    """RuleBroken: a type whose text the product has itself, no title, no issuer, no day."""
    if kind not in OFFICIAL_TEXTS:
        raise RuleBroken(f"{kind.label}用系统里的文本，不用上传示范文本；要改请修订文本。", "scan")
    if not title.strip():
        raise RuleBroken("请填写文本的全称。", "title")
    if not issued_by.strip():
        raise RuleBroken("请填写发布单位。", "issued_by")
    if in_force_from is None:
        raise RuleBroken("请填写从哪天起用。", "in_force_from")
