"""The rating form on paper (P30): for a work of the own station, with nobody's full name on it."""

import pytest

from db.tables.documents import Paper
from rules.codes import Side
from tests.web.ratings.conftest import NUMBER, QuickPrinter

WORK = f"/desk/ratings/works/{NUMBER}"


@pytest.fixture(autouse=True)
def printer(app, monkeypatch) -> QuickPrinter:
    """A printer that answers at once and remembers the papers."""
    quick = QuickPrinter()
    monkeypatch.setitem(app.litestar.state, "printer", quick)
    return quick


@pytest.mark.parametrize("side", list(Side))
async def test_each_side_has_its_form(clerk, ended, printer, side):
    await clerk.reads(WORK)
    assert clerk.page.select_one(f'a[href="{WORK}/{side.value.lower()}/form.pdf"]')
    await clerk.fetches(f"{WORK}/{side.value.lower()}/form.pdf")
    template, paper = printer.printed[-1]
    assert (template, paper.side, paper.number) == ("rating_form", side, f"{NUMBER}-{side.value[0]}")
    assert dict(paper.facts)["到岗日期"] == "2026年12月1日"
    assert "李小明" not in str(paper.facts)
    assert not await Paper.exists()


async def test_others_get_none(stranger, officer, ended):
    await stranger.fetches(f"{WORK}/worker/form.pdf", status=404)
    await officer.fetches(f"{WORK}/worker/form.pdf", status=403)


async def test_there_are_two_sides(clerk, ended):
    await clerk.fetches(f"{WORK}/station/form.pdf", status=404)
