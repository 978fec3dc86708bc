"""A month on paper and as a workbook: previewed while it is open, issued once it is signed, checked by anybody."""

import io

import openpyxl
import pytest

from db.queries.documents import opened_snapshot_of, papers_to_verify
from db.tables.documents import Paper
from db.tables.journal import JournalEntry
from db.tables.ledger import LedgerVersion
from rules.codes import PaperKind
from tests.web.ledger.conftest import CODE, HOME, LOOKED_AT, MONTH, PAGE
from web import ledger_layout, ledger_papers
from web.verify_papers import fault_of

NUMBER = f"L{MONTH}-{CODE}-v1"


async def paper_rows():
    return await Paper.select(Paper.number, Paper.kind, Paper.copy_number).where(Paper.kind == PaperKind.LEDGER.value)


async def test_an_open_month_is_a_preview_that_is_never_issued(november, clerk, quick):
    answer = await clerk.fetches(f"{PAGE}/ledger.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    template, sheet = quick.printed[0]
    assert (template, sheet.watermark, sheet.number) == ("ledger", "未结账", "（未结账）")
    assert sheet.verify_url == ""
    assert len(sheet.said.lists) == 9
    assert await paper_rows() == []


async def test_a_closed_month_is_issued_once_with_the_ledger_s_number(closed, clerk, quick):
    first = await clerk.fetches(f"{PAGE}/ledger.pdf")
    again = await clerk.fetches(f"{PAGE}/versions/1/ledger.pdf")
    assert first.content == again.content
    assert len(quick.printed) == 1
    assert await paper_rows() == [{"number": NUMBER, "kind": "P12", "copy_number": 1}]
    assert await JournalEntry.count().where(JournalEntry.kind == "PAPER_ISSUED") == 1


async def test_what_is_kept_with_the_paper_names_the_signed_content_and_no_person(closed, clerk, quick):
    await clerk.fetches(f"{PAGE}/ledger.pdf")
    paper = await Paper.select(Paper.id).where(Paper.number == NUMBER).first()
    version = await LedgerVersion.select(LedgerVersion.archive_key, LedgerVersion.sha256).first()
    snapshot = await opened_snapshot_of(paper["id"])
    assert version["archive_key"] in snapshot
    assert version["sha256"] in snapshot
    assert "王" not in snapshot


async def test_an_issued_ledger_is_laid_out_again_from_the_archive(closed, clerk, real_printer, app):
    await clerk.fetches(f"{PAGE}/ledger.pdf")
    columns = (Paper.id, Paper.number, Paper.kind, Paper.copy_number, Paper.sha256, Paper.unsigned_sha256, Paper.archive_key)
    paper = await Paper.select(*columns).where(Paper.number == NUMBER).first()
    assert await fault_of(paper, None, app.litestar.state.printer) == ""


async def test_officers_read_the_same_paper_and_strangers_find_none(closed, overseer, stranger, sit_down, quick):
    own = await overseer.fetches(f"{LOOKED_AT}/ledger.pdf")
    assert own.headers["content-type"] == "application/pdf"
    assert (await overseer.fetches(f"{LOOKED_AT}/versions/1/ledger.pdf")).content == own.content
    await stranger.fetches(f"{LOOKED_AT}/ledger.pdf", status=404)
    other = await sit_down("qian")
    await other.fetches(f"{LOOKED_AT}/ledger.pdf", status=404)
    await other.fetches(f"{LOOKED_AT}/ledger.xlsx", status=404)
    assert "王小明" not in str(quick.printed)


async def test_months_and_versions_that_are_not_there_are_not_found(closed, manager, quick):
    for address in (
        f"{HOME}/202513/ledger.pdf",
        f"{HOME}/209911/ledger.xlsx",
        f"{PAGE}/versions/2/ledger.pdf",
        f"{PAGE}/versions/0/ledger.xlsx",
    ):
        await manager.fetches(address, status=404)


async def test_who_may_not_read_ledgers_gets_neither(closed, lawyer, quick):
    await lawyer.fetches(f"{PAGE}/ledger.pdf", status=403)
    await lawyer.fetches(f"{PAGE}/ledger.xlsx", status=403)


async def test_the_workbook_is_taken_along_by_the_manager_and_the_supervisor_alone(closed, clerk, overseer):
    """Domain reference 9: who works at the counter writes the ledger and prints it, but does not export it."""
    await clerk.fetches(f"{PAGE}/ledger.xlsx", status=403)
    assert not (await clerk.reads(PAGE)).select("a[href$='ledger.xlsx']")
    await overseer.fetches(f"{LOOKED_AT}/ledger.xlsx")


async def test_the_workbook_has_a_sheet_a_part_and_is_journalled(closed, manager):
    answer = await manager.fetches(f"{PAGE}/versions/1/ledger.xlsx")
    assert "L202611" in answer.headers["content-disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert len(book.sheetnames) == 11
    assert book.sheetnames[3] == "③推荐上岗明细"
    text = "".join(str(cell.value) for page in book for row in page.iter_rows() for cell in row)
    assert "王小明" not in text
    assert "420112199001011237" not in text
    entry = await JournalEntry.select(JournalEntry.body).where(JournalEntry.kind == "LEDGER_EXPORTED").first()
    assert NUMBER in entry["body"]


async def test_the_workbook_of_an_open_month_says_so(november, manager):
    answer = await manager.fetches(f"{PAGE}/ledger.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert all("没有结账" in str(page["A2"].value) for page in book)
    assert await JournalEntry.count().where(JournalEntry.kind == "LEDGER_EXPORTED") == 1


@pytest.fixture
def long(monkeypatch):
    """Every ledger counts as long."""
    monkeypatch.setattr(ledger_papers, "WHOLE_LINES", 0)
    monkeypatch.setattr(ledger_layout, "WHOLE_LINES", 0)


async def test_a_long_ledger_is_printed_in_the_background(closed, manager, app, quick, long):
    page = f"{HOME}/printing/{NUMBER}"
    sent = await manager.reads(f"{PAGE}/ledger.pdf", status=303)
    assert sent.headers["location"] == page
    await manager.reads(page)
    await manager.sends(page)
    await app.litestar.state.ledger_prints.settled()
    shown = await manager.reads(page)
    assert "已经存档" in shown.words("#progress")
    link = shown.select_one("#progress a")["href"]
    answer = await manager.fetches(link)
    assert answer.headers["content-type"] == "application/pdf"
    assert {template for template, _ in quick.printed} == {"ledger_booklet"}
    assert await paper_rows() == [{"number": NUMBER, "kind": "P12", "copy_number": 1}]
    await manager.sends(page, page=page)
    await app.litestar.state.ledger_prints.settled()
    assert len(await paper_rows()) == 1
    assert (await manager.reads(page, fragment=True)).select_one("h1") is None


async def test_a_long_ledger_that_does_not_print_says_why_and_may_be_tried_again(closed, manager, app, quick, long, monkeypatch):
    from web.documents.renderer import PrintFailed

    page = f"{HOME}/printing/{NUMBER}"

    async def refuses(*_, **__):
        raise PrintFailed("这份文书排版时间太长，已停止。")

    monkeypatch.setattr(quick, "pdf", refuses)
    await manager.sends(page, page=page)
    await app.litestar.state.ledger_prints.settled()
    shown = await manager.reads(page)
    assert "排版时间太长" in shown.words("#progress")
    assert shown.select_one(f'form[action="{page}"] button').text == "再打一次"
    assert await paper_rows() == []


async def test_the_printing_page_of_another_station_is_not_found(closed, stranger, quick):
    await stranger.reads(f"{HOME}/printing/{NUMBER}", status=404)
    await stranger.reads(f"{HOME}/printing/L202611-{CODE}-v9", status=404)


async def test_anybody_checks_the_number(closed, clerk, passer_by, quick):
    page = await passer_by.reads(f"/verify/{NUMBER}")
    assert "金银湖零工驿站" in page.words("main")
    assert "还没有打印过" in page.words("main")
    await clerk.fetches(f"{PAGE}/ledger.pdf")
    page = await passer_by.reads(f"/verify/{NUMBER.upper()}")
    assert "真的，有效" in page.words("main")
    assert "吴站长" not in page.words("main")
    assert len(await papers_to_verify(NUMBER)) == 1
    await passer_by.reads(f"/verify/L{MONTH}-{CODE}-v7", status=404)
