"""Files that are no list: each is refused in one sentence, quickly, and nothing of it is kept."""

import io
import struct
import time
import zipfile

import openpyxl
import pytest

from db.archive import folder
from db.tables.transfers import Import
from rules.workbooks import MAXIMUM_ROWS
from tests.web.imports.sheets import filled, repacked, saved, seeker

PLAIN = filled("seekers", [seeker(1)])
SHEET = "xl/worksheets/sheet1.xml"


def part(body: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        return packed.read(name)


def bomb(megabytes: int) -> bytes:
    return repacked(PLAIN, add={"xl/media/a.xml": b"<a>" + b" " * (megabytes << 20) + b"</a>"})


def lying_bomb() -> bytes:
    """The directory says a few bytes, the content is thirty megabytes."""
    body = bytearray(bomb(30))
    at = body.rfind(b"PK\x01\x02")
    while at >= 0:
        if body[at + 46 : at + 46 + 14] == b"xl/media/a.xml":
            body[at + 24 : at + 28] = struct.pack("<I", 10)
        at = body.rfind(b"PK\x01\x02", 0, at)
    return bytes(body)


def many_files() -> bytes:
    return repacked(PLAIN, add={f"xl/media/{n}.bin": b"x" for n in range(300)})


def with_formula() -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(PLAIN))
    book.worksheets[0]["C3"] = '=HYPERLINK("http://evil.example")'
    return saved(book)


def in_sheet(old: bytes, new: bytes) -> bytes:
    return repacked(PLAIN, replace={SHEET: part(PLAIN, SHEET).replace(old, new, 1)})


def with_doctype() -> bytes:
    laugh = b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY a "&lol;&lol;&lol;&lol;">]>'
    return repacked(PLAIN, replace={SHEET: laugh + part(PLAIN, SHEET).split(b"?>", 1)[-1]})


def in_utf16() -> bytes:
    text = part(PLAIN, SHEET).decode().split("?>", 1)[-1]
    return repacked(PLAIN, replace={SHEET: ('<?xml version="1.0" encoding="UTF-16"?>' + text).encode("utf-16")})


def encrypted() -> bytes:
    body = bytearray(PLAIN)
    at = body.find(b"PK\x01\x02")
    while at >= 0:
        body[at + 8] |= 1
        at = body.find(b"PK\x01\x02", at + 1)
    return bytes(body)


def external_relation() -> bytes:
    name = "xl/_rels/workbook.xml.rels"
    more = b'<Relationship Id="rX" Type="http://x/externalLinkPath" Target="file:///etc/passwd" TargetMode="External"/></Relationships>'
    return repacked(PLAIN, replace={name: part(PLAIN, name).replace(b"</Relationships>", more)})


def far_away_cell() -> bytes:
    return in_sheet(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>')


def too_many_rows() -> bytes:
    row = b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>x</t></is></c></row>'
    rows = b"".join(row % (n, n) for n in range(10, MAXIMUM_ROWS + 20))
    return in_sheet(b"</sheetData>", rows + b"</sheetData>")


def macro_type() -> bytes:
    name = "[Content_Types].xml"
    return repacked(PLAIN, replace={name: part(PLAIN, name).replace(b"sheet.main+xml", b"sheet.macroEnabled.main+xml")})


CORPUS: dict[str, tuple[bytes, str]] = {
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 5000, "老格式"),
    "comma separated": ("姓名,电话\n李,1\n".encode(), "只收 .xlsx 文件"),
    "html named xlsx": (b"<html><script>alert(1)</script>", "只收 .xlsx 文件"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 500, "只收 .xlsx 文件"),
    "nothing at all": (b"", "只收 .xlsx 文件"),
    "an empty zip": (b"PK\x05\x06" + b"\0" * 18, "只收 .xlsx 文件"),
    "half a workbook": (PLAIN[: len(PLAIN) // 2], "打不开"),
    "a zip of something else": (repacked(b"PK\x05\x06" + b"\0" * 18, add={"a.txt": b"x"}), "只收 .xlsx 文件"),
    "a bomb": (bomb(60), "解开以后太大"),
    "a bomb that lies about its size": (lying_bomb(), "没有读|打不开|太大"),
    "three hundred files": (many_files(), "解开以后太大"),
    "a macro": (repacked(PLAIN, add={"xl/vbaProject.bin": b"x"}), "宏"),
    "a macro in the types": (macro_type(), "宏"),
    "an ActiveX control": (repacked(PLAIN, add={"xl/activeX/activeX1.bin": b"x"}), "宏"),
    "an embedded file": (repacked(PLAIN, add={"xl/embeddings/oleObject1.bin": b"x"}), "宏"),
    "an external link": (repacked(PLAIN, add={"xl/externalLinks/externalLink1.xml": b"<a/>"}), "连着别的文件"),
    "an external relation": (external_relation(), "连着别的文件"),
    "a query": (repacked(PLAIN, add={"xl/connections.xml": b"<a/>"}), "连着别的文件"),
    "a document type": (with_doctype(), "没有读"),
    "an entity": (in_sheet(b"<sheetData>", b'<!ENTITY x SYSTEM "file:///etc/passwd"><sheetData>'), "没有读"),
    "UTF-16 inside": (in_utf16(), "没有读"),
    "a path out of the folder": (repacked(PLAIN, add={"../../evil.xml": b"<a/>"}), "没有读"),
    "an absolute path": (repacked(PLAIN, add={"/etc/cron.d/x": b"x"}), "没有读"),
    "the same part twice": (repacked(PLAIN, add={SHEET.upper(): b"<a/>"}), "没有读"),
    "encrypted parts": (encrypted(), "加了密码"),
    "a formula": (with_formula(), "C3里是公式"),
    "a cell in column XFD": (far_away_cell(), "栏太多"),
    "another table": (filled("jobs", []), "缺少这些栏"),
    "broken XML": (in_sheet(b"<sheetData>", b"<sheetData><row"), "打不开"),
    "six megabytes": (b"PK\x03\x04" + b"\x01" * (6 << 20), "最大5 MB"),
}


@pytest.mark.parametrize("name", CORPUS)
async def test_it_is_refused_in_a_sentence_and_nothing_is_kept(clerk, uploads, name):
    body, words = CORPUS[name]
    before = len(list(folder().rglob("*.sealed"))) if folder().exists() else 0
    began = time.perf_counter()
    page = await uploads(clerk, "seekers", body, name=f"{name}.xlsx", status=422)
    assert time.perf_counter() - began < 5, "quickly, even on a busy machine"
    said = page.words(".problems")
    assert any(word in said for word in words.split("|")), said
    assert page.select_one("input[name=kind][value=seekers]").has_attr("checked"), "what was chosen stays"
    assert await Import.count() == 0
    assert (len(list(folder().rglob("*.sealed"))) if folder().exists() else 0) == before


async def test_more_rows_than_allowed_are_refused_after_reading(clerk, uploads):
    page = await uploads(clerk, "seekers", too_many_rows())
    assert f"一次最多{MAXIMUM_ROWS:,}行" in page.words("main")
    assert (await Import.select(Import.state, Import.source).first()) == {"state": "REFUSED", "source": ""}


async def test_xml_that_breaks_off_behind_the_header_is_refused_while_reading(clerk, uploads):
    page = await uploads(clerk, "seekers", in_sheet(b"</sheetData>", b"</sheetDat>"))
    assert "这个文件打不开" in page.words("main")
    assert (await Import.select(Import.state, Import.source).first()) == {"state": "REFUSED", "source": ""}


async def test_an_empty_template_says_that_it_is_empty(clerk, uploads):
    page = await uploads(clerk, "seekers", filled("seekers", []))
    assert "表里还没有数据" in page.words("main")


async def test_a_hundred_megabytes_are_refused_without_being_kept_in_memory(clerk):
    """The gate reads past what it keeps, so that the browser sees the sentence."""
    await clerk.reads("/desk/imports")
    token = clerk.page.select_one("input[name=csrf_token]")["value"]

    async def body():
        yield b'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n' + token.encode() + b"\r\n"
        yield b'--x\r\nContent-Disposition: form-data; name="workbook"; filename="a.xlsx"\r\n\r\n'
        for _ in range(100):
            yield b"\0" * (1 << 20)
        yield b"\r\n--x--\r\n"

    answer = await clerk.client.post("/desk/imports", content=body(), headers={"content-type": "multipart/form-data; boundary=x"})
    assert answer.status_code == 413
    assert "内容太大" in answer.text


async def test_the_file_name_shows_nobodys_number(clerk, uploads):
    page = await uploads(clerk, "seekers", PLAIN, name="周水生420199197803129017.xlsx")
    assert "420199197803129017" not in str(page)
    assert "420199" not in (await Import.select(Import.filename).first())["filename"]


async def test_a_drop_down_of_another_sheet_is_no_formula(clerk, uploads, tiles):
    """Excel writes them behind the cells, in an element of the name that cells use for formulas."""
    more = (
        b'</sheetData><extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"><x14:dataValidations '
        b'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" count="1"><x14:dataValidation type="list">'
        b'<x14:formula1><xm:f xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">x!$A$1</xm:f></x14:formula1>'
        b'<xm:sqref xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">A1</xm:sqref></x14:dataValidation>'
        b"</x14:dataValidations></ext></extLst>"
    )
    page = await uploads(clerk, "seekers", in_sheet(b"</sheetData>", more))
    assert tiles(page)["可以登记"] == 1
