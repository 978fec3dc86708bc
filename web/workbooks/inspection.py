"""Whether an uploaded workbook may be opened at all, told from its bytes before any parser of workbooks sees them.

Runs in the worker process. Sizes are counted while unpacking, never believed; nothing is unpacked past the limit.
"""

import io
import re
import zipfile

from rules.workbooks import MAXIMUM_COLUMNS, MAXIMUM_FILES, MAXIMUM_UNPACKED, MAXIMUM_UPLOAD

_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CHUNK = 256 * 1024
_FORMULA = re.compile(rb"<(?:\w+:)?f(?:\s[^>]*)?/?>")
_CELL = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br\s*=\s*["']([A-Z]{1,3}\d{1,7})["']""")
_COLUMN = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})\d{1,7}["']""")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_MACROS = ("vbaproject", "vbadata", "activex", "macrosheets", "dialogsheets", "embeddings/", "ctrlprops", "customui")


class Unfit(Exception):
    """The file is not read: a word of `rules.workbooks.SENTENCES`, and the cell where there is one."""

    def __init__(self, word: str, where: str = "") -> None:
        super().__init__(word)
        self.word = word
        self.where = where


def inspect(body: bytes) -> None:
    """Raise Unfit for anything but a plain workbook: bombs, macros, formulas, links to elsewhere, document types."""
    if len(body) > MAXIMUM_UPLOAD:
        raise Unfit("size")
    if body.startswith(_OLD):
        raise Unfit("old")
    if not body.startswith(b"PK\x03\x04"):
        raise Unfit("kind")
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            _names(packed)
            _contents(packed)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError) as error:
        raise Unfit("broken") from error
    except Exception as error:  # zlib.error and whatever else a broken archive raises
        if isinstance(error, Unfit):
            raise
        raise Unfit("broken") from error


def _names(packed: zipfile.ZipFile) -> None:
    entries = packed.infolist()
    if len(entries) > MAXIMUM_FILES:
        raise Unfit("bomb")
    names = [entry.filename for entry in entries]
    if len({name.lower() for name in names}) != len(names):
        raise Unfit("doctype")
    for entry in entries:
        name = entry.filename.lower().replace("\\", "/")
        if entry.flag_bits & 1:
            raise Unfit("old")
        if name.startswith("/") or ".." in name.split("/") or ":" in name:
            raise Unfit("doctype")
        if any(mark in name for mark in _MACROS):
            raise Unfit("macro")
        if "externallinks/" in name or name.endswith("connections.xml") or "querytables/" in name:
            raise Unfit("links")
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise Unfit("kind")


def _contents(packed: zipfile.ZipFile) -> None:
    unpacked = 0
    for entry in packed.infolist():
        pieces = []
        with packed.open(entry) as file:
            while piece := file.read(_CHUNK):
                unpacked += len(piece)
                if unpacked > MAXIMUM_UNPACKED:
                    raise Unfit("bomb")
                pieces.append(piece)
        if entry.filename.lower().endswith((".xml", ".rels", ".vml")):
            _part(entry.filename.lower(), b"".join(pieces))


def _part(name: str, text: bytes) -> None:
    head = text[:400]
    if b"\x00" in head or b"<!DOCTYPE" in text or b"<!ENTITY" in text or b"<!doctype" in text:
        raise Unfit("doctype")
    declared = re.search(rb"""encoding\s*=\s*["']([A-Za-z0-9._-]+)""", head)
    if declared and declared[1].lower() not in (b"utf-8", b"us-ascii"):
        raise Unfit("doctype")
    if name == "[content_types].xml" and b"macroEnabled" in text:
        raise Unfit("macro")
    if name.endswith(".rels"):
        for relation in _RELATION.findall(text):
            if b"External" in relation and b"/hyperlink" not in relation:
                raise Unfit("links")
    if name.startswith("xl/worksheets/") and name.endswith(".xml"):
        _sheet(text)


def _sheet(text: bytes) -> None:
    # Behind the cells stand the drop-downs, which refer to other sheets in elements of the same name.
    ends = max(text.rfind(b"</sheetData>"), text.rfind(b":sheetData>"))
    if formula := _FORMULA.search(text, 0, ends if ends > 0 else len(text)):
        cells = _CELL.findall(text, 0, formula.start())
        raise Unfit("formula", cells[-1].decode() if cells else "表格")
    if any(_place(letters) > MAXIMUM_COLUMNS for letters in set(_COLUMN.findall(text))):
        raise Unfit("columns")


def _place(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
