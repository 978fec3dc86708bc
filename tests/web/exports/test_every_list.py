"""Every list of the desk exports and prints, and no cell of an export is ever calculated (ASVS 1.2.10)."""

import io
import re
from datetime import timedelta

import openpyxl
import pytest

from db.clock import at
from rules.codes import JobState
from rules.workbooks import harmless
from tests.cast import PEOPLE
from tests.house.source import ROOT
from tests.web.agreements.conftest import blank_pdf
from tests.web.conftest import MORNING
from tests.web.rows import put_job
from tests.web.security.scene import personal, put_records
from tests.web.security.tour import routes_of
from tests.web.seekers.conftest import typed
from web.listings import LISTINGS, listing_for, rows_of
from web.workbooks.writing import exported

NO_LISTS = {
    "/desk": "the day's work",
    "/desk/search": "leads to one record",
    "/desk/forms": "the blank forms, each a file",
    "/desk/account": "one's own account",
    "/desk/boards": "the ten boards",
    "/desk/today": "the rush-hour desk; the day's list is /desk/today/sign-ins",
    "/desk/matching": "the batch of a morning; its list is /desk/matching/suggestions",
    "/desk/calling": "the published rule and its versions",
    "/desk/fairness": "figures; the rows behind them are the list",
    "/desk/kpi": "figures; the rows behind them are the list",
    "/desk/statistics": "figures; the rows behind them are the list",
    "/desk/ledgers": "the months; each ledger is itself a workbook and a paper",
    "/desk/confirm": "asks for the password",
    "/desk/lock": "asks for the password",
    "/desk/awake": "keeps a session",
    "/desk/phones": "finds one person",
    "/desk/verification": "what the product says of itself each night; no work of a station",
    "/desk/records": "one's own day; the entries are the journal's list",
    "/desk/records/people": "figures; the days behind them are the journal's list",
}
"""Pages without a record in their address that are no lists, and what they are."""

PAYLOADS = [
    "=1+1",
    '=HYPERLINK("http://evil.example","点我")',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "+86 199 0000 0101",
    "-1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "＝1+1",
    "|calc",
    "%0A=1",
    "#REF!",
    "1e5",
    "0019900000101",
    "TRUE",
    "'=1+1",
    "a\x00b\x07c\x1b",
    '=DDE("cmd";"/C calc";"x")',
]


def test_every_list_page_has_its_export(app):
    pages = {path for method, path, _ in routes_of(app) if method == "GET" and path.startswith("/desk") and "{" not in path}
    pages = {path for path in pages if not path.endswith(("/new", ".pdf", ".xlsx")) and not path.startswith("/desk/account/")}
    exported_paths = {listing.path for listing in LISTINGS.values()}
    assert not pages - exported_paths - set(NO_LISTS)
    assert not {path for path in exported_paths if path.startswith("/desk")} - pages


def test_every_list_page_offers_export_and_print():
    """The template of each list calls the row of tools with the list's own name."""
    texts = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "web" / "templates").rglob("*.html"))
    offered = set(re.findall(r"tools\(may\(Permission\.EXPORTS_ASK\), '(\w+)'", texts))
    assert set(LISTINGS) == offered


@pytest.mark.parametrize("kind", sorted(LISTINGS))
def test_twenty_payloads_in_every_column_stay_text(kind):
    labels = [label for label, _ in LISTINGS[kind].columns]
    head = {"title": LISTINGS[kind].title, "marked": "=marked", "narrowed": "@narrowed", "mark": "m", "footer": "f"}
    body = exported(head, labels, [[payload] * len(labels) for payload in PAYLOADS])
    page = openpyxl.load_workbook(io.BytesIO(body)).worksheets[0]
    rows = list(page.iter_rows())
    assert [cell.value for cell in rows[2]] == labels
    for payload, row in zip(PAYLOADS, rows[3:], strict=True):
        for cell in row:
            assert cell.data_type == "s"
            assert cell.value == harmless(payload)
            assert cell.number_format == "@"
            if cell.value[:1] in "=+-@\t\r":
                assert cell.quotePrefix
    for row in rows[:2]:
        assert row[0].data_type == "s"
        assert row[0].quotePrefix


def test_what_a_spreadsheet_might_drop_or_split_is_gone():
    assert harmless("\t=1") == "=1"
    assert harmless("a\x00b\x07c\x1b") == "abc"
    assert harmless("一\r\n二\t三") == "一\n二 三"


@pytest.mark.parametrize("login", ["chen", "wu", "sun", "zheng"])
async def test_every_list_gives_its_rows_to_whoever_may_see_it(house, login):
    """Each function of rows runs, with and without a filter, for each kind of reach; columns read every row."""
    actor = PEOPLE[login]
    seen = 0
    for kind, listing in LISTINGS.items():
        if listing_for(actor, kind) is None:
            continue
        seen += 1
        for search in ({}, {name: next(iter(table), "2026-12") for name, _, table in listing.filters}):
            async for row in rows_of(listing, actor, search, 100):
                assert all(isinstance(cell(row), str) for _, cell in listing.columns)
    assert seen >= 6


async def test_the_lists_of_a_busy_station_read_as_text(busy):
    """Over everything the security tour registered at two stations: every column gives text, nobody's full number."""
    secret = [value for digit in (1, 2) for values in personal(digit).secret.values() for value in values]
    for text in busy:
        assert not [value for value in secret if value in text]


class BlankPrinter:
    """Prints empty pages."""

    async def pdf(self, template, context, *, variant=None):
        return blank_pdf()


@pytest.fixture
async def busy(house) -> list[str]:
    """Every cell of every list, as three people see them at two stations where everything has happened."""
    with at(MORNING - timedelta(days=1)):
        for digit in (1, 2):
            await put_records(digit, BlankPrinter())
    texts = []
    for login in ("chen", "wu", "zheng"):
        for listing in LISTINGS.values():
            if listing_for(PEOPLE[login], listing.kind):
                async for row in rows_of(listing, PEOPLE[login], {}, 1000):
                    texts += [cell(row) for _, cell in listing.columns]
    assert len(texts) > 200
    return texts


async def test_a_list_on_paper_says_how_it_was_narrowed_by_whom_and_when(clerk):
    await put_job("G261201-010001", state=JobState.DRAFT)
    page = await clerk.reads("/desk/jobs?state=DRAFT&trade=C02")
    assert page.words(".on-paper").startswith("筛选：状态：草稿；工种：")
    assert page.words(".printed") == "金银湖零工驿站 陈小满 2026-12-01 09:00 打印"
    assert page.select_one("button[data-print][hidden]") is not None, "shown by the script; without it the browser prints"
    link = page.select_one(".tools a[href^='/desk/exports/new?']")["href"]
    assert link == "/desk/exports/new?list=jobs&state=DRAFT&trade=C02"
    part = await clerk.reads("/desk/jobs?state=PUBLISHED", fragment=True)
    assert part.select_one(".tools") is None, "an empty list has nothing to export"


async def test_somebody_who_may_not_export_can_still_print(lawyer):
    await put_job("G261201-010001")
    page = await lawyer.reads("/desk/jobs")
    assert page.select_one("a[href^='/desk/exports']") is None
    assert page.select_one("button[data-print]") is not None


async def test_a_phone_in_the_search_box_is_in_no_link(clerk):
    await clerk.reads("/desk/seekers/new")
    await clerk.sends("/desk/seekers", **typed())
    await clerk.sends("/desk/seekers/search", page="/desk/seekers", word="19900000101", status=200)
    assert clerk.page.select_one("#seekers tbody tr") is not None
    assert not [link["href"] for link in clerk.page.select("a[href]") if "19900000101" in link["href"]]
