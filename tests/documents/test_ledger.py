"""The ledger on paper: what was corrected stays legible, a long one is bound from booklets, and the same content prints the same."""

import hashlib
import io

import pypdf
import pytest
from bs4 import BeautifulSoup

from rules import ledger_papers
from tests.documents import ledger_samples, samples
from tests.documents.test_archive_quality import elements
from web import ledger_layout
from web.documents import typesetting
from web.ledger_layout import laid_out

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_paper_says_everything(printer, text_of):
    text = text_of(await laid_out(printer, samples.ledger_sheet()))
    for words in (
        "2026年11月零工驿站月度工作台账",
        "L202611-ZD-420112015-01-v2",
        "一、汇总",
        "二、明细",
        "三、文字总结",
        "更正①",
        "原记“360”更正为“540”",
        "漏记加班4小时",
        "经手人签名",
        "当事人签名",
        "作废",
        "补录",
        "填报人签名",
        "驿站负责人签名",
        "监督管理单位接收",
        "更改处以删除线保留原记录",
        "街道主导",
        "第1页共",
    ):
        assert words in text, words
    assert ledger_samples.HEAD in text.replace(" ", "")
    for figure in ("780.50", "66.6", "812"):
        assert figure in text


async def test_old_values_stand_before_the_new_ones(printer, text_of):
    text = text_of(await laid_out(printer, samples.ledger_sheet()))
    assert "368②③" in text, "3, then 6, now 8"
    assert "2026-11-032026-11-04④" in text


async def test_the_lists_are_tables_with_heads_on_every_page(printer):
    content = ledger_samples.content(lines=36)
    reader = pypdf.PdfReader(io.BytesIO(await laid_out(printer, samples.ledger_sheet(content=content))))
    tags = [tag for tag, _ in elements(reader)]
    assert {"/Table", "/TR", "/TH", "/TD"} <= set(tags)
    pages = ["".join(page.extract_text().split()) for page in reader.pages]
    of_three = [text for text in pages if "T26110300" in text and "推荐单号" in text]
    assert len(of_three) >= 2
    assert all("更改处以删除线保留原记录" in text for text in pages)
    assert all(f"第{number}页共{len(pages)}页" in text for number, text in enumerate(pages, start=1))
    assert reader.pages[0].mediabox.width > reader.pages[0].mediabox.height


async def test_a_long_month_is_bound_from_booklets_the_same_each_time(printer, monkeypatch):
    monkeypatch.setattr(ledger_layout, "WHOLE_LINES", 10)
    monkeypatch.setattr(ledger_papers, "BOOKLET_LINES", 12)
    content = ledger_samples.content(lines=18)
    told = []
    sheet = samples.ledger_sheet(content=content)
    body = await laid_out(printer, sheet, told=lambda done, of: told.append((done, of)))
    assert told[0] == (0, told[-1][1])
    assert told[-1][0] == told[-1][1]
    again = await laid_out(printer, sheet)
    assert hashlib.sha256(body).hexdigest() == hashlib.sha256(again).hexdigest()
    reader = pypdf.PdfReader(io.BytesIO(body))
    titles = [entry.title for entry in reader.outline]
    assert titles[0] == "汇总"
    assert titles[-1] == "文字总结和签名"
    assert "③ 第2册（共2册）" in titles
    text = "".join("".join(page.extract_text().split()) for page in reader.pages)
    for line in content.lists[2].lines:
        assert line.record in text
    assert "③第2册（共2册）第1页共" in text


async def test_a_voided_ledger_is_marked_on_each_page(printer):
    line = "第1份，2026年12月1日由吴站长作废：印错了。请不要再用。"
    reader = pypdf.PdfReader(io.BytesIO(await laid_out(printer, samples.ledger_sheet(), void_line=line)))
    assert all(line in "".join(page.extract_text().split()) for page in reader.pages)


async def test_a_total_stands_on_the_page_of_its_last_line():
    html = typesetting.html_of(typesetting.environment(), "ledger", {"paper": samples.ledger_sheet()})
    rows = BeautifulSoup(html, "html.parser").select("table.ledger tr")
    before_totals = [rows[place - 1] for place, row in enumerate(rows) if "total" in row.get("class", [])]
    assert len(before_totals) >= 3
    assert all("told" in row["class"] for row in before_totals), "a row that is told is not parted from the next one"


async def test_old_values_are_struck_through_in_the_strip_and_in_list_nine():
    html = typesetting.html_of(typesetting.environment(), "ledger", {"paper": samples.ledger_sheet()})
    page = BeautifulSoup(html, "html.parser")
    assert "360" in [old.text for old in page.select("tr.strip del")]
    last = page.select("table.ledger")[-1]
    assert [old.text for old in last.select("td del")][:2] == ["360", "3"]
