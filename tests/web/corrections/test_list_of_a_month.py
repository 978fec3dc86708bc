"""P17, the export, and that nothing of ours deletes (T11)."""

import pytest

from tests.web.agreements.conftest import QuickPrinter

SHEET = "/desk/corrections/list.pdf?month=202611"


@pytest.fixture
def quick_printer(app, monkeypatch) -> QuickPrinter:
    """A printer that answers at once and remembers the papers."""
    printer = QuickPrinter()
    monkeypatch.setitem(app.litestar.state, "printer", printer)
    return printer


async def test_the_list_of_a_month_is_issued_with_old_and_new(clerk, placement, corrects, quick_printer):
    await corrects(clerk, "placement", "started_on", "2026-11-30")
    await clerk.fetches(SHEET)
    paper = quick_printer.printed[-1][1]
    assert (paper.number, paper.month) == ("GG2611-420112015-01", "2026年11月")
    (line,) = paper.lines
    assert (line.old, line.new, line.field) == ("2026-11-29", "2026-11-30", "到岗日期")
    assert "陈小满" in line.who


async def test_the_page_offers_the_list_of_the_month_that_was_corrected(clerk, placement, corrects):
    empty = await clerk.reads("/desk/corrections")
    assert empty.select_one('a[href="/desk/corrections/list.pdf?month=202612"]'), "nothing yet: this month's"
    await corrects(clerk, "placement", "started_on", "2026-11-30")
    page = await clerk.reads("/desk/corrections")
    assert page.select_one('a[href="/desk/corrections/list.pdf?month=202611"]'), "the work was in November"


async def test_officers_name_the_station_and_others_get_nothing(officer, lawyer, stranger, clerk, placement, corrects, quick_printer):
    await corrects(clerk, "placement", "started_on", "2026-11-30")
    await officer.fetches(f"{SHEET}&station=ZD-420112015-01")
    assert len(quick_printer.printed[-1][1].lines) == 1
    await officer.fetches(SHEET, status=404)
    await stranger.fetches(SHEET)
    assert quick_printer.printed[-1][1].lines == ()
    await lawyer.fetches(SHEET, status=403)


async def test_the_placements_list_and_its_export_show_old_and_new(clerk, placement, corrects):
    from web.listings import LISTINGS

    await corrects(clerk, "placement", "started_on", "2026-11-30")
    page = await clerk.reads("/desk/placements?month=2026-11")
    assert page.select_one("tbody del").text == "2026-11-29"
    listing = LISTINGS["placements"]
    (row,) = (await listing.rows(clerk.account, {"month": "2026-11"}, "")).rows
    assert listing.columns[0][1](row) == "2026-11-29 → 2026-11-30"


async def test_no_route_takes_a_record_away(app):
    methods = {method for route in app.litestar.routes for method in getattr(route, "methods", ())}
    assert methods <= {"GET", "HEAD", "POST", "OPTIONS"}
    assert not [route.path for route in app.litestar.routes if "delet" in route.path and route.path.startswith("/desk")]
