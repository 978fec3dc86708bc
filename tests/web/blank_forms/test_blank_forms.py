"""Blank forms: everybody at a desk prints them, in the name of the own station; nothing is issued or kept."""

import pytest

from db.tables.documents import Paper
from tests.web.agreements.conftest import QuickPrinter
from web.blank_forms import BLANK_FORMS

URL = "/desk/forms"


@pytest.fixture(autouse=True)
def printer(app, monkeypatch) -> QuickPrinter:
    """A printer that answers at once and remembers the papers."""
    quick = QuickPrinter()
    monkeypatch.setitem(app.litestar.state, "printer", quick)
    return quick


async def test_every_blank_form_stands_on_one_page(clerk, house):
    page = await clerk.reads(URL)
    links = [a["href"] for a in page.select("main td a")]
    assert links == [f"{URL}/{name}.pdf" for name in BLANK_FORMS]
    for wanted in (
        "招工用工登记表",
        "求职登记表",
        "岗位信息张贴单",
        "推荐上岗单",
        "雇主回访记录表",
        "服务评价表",
        "法律咨询登记表",
        "争议调处记录",
    ):
        assert wanted in page.words("main table"), wanted


@pytest.mark.parametrize("name", list(BLANK_FORMS))
async def test_each_prints_in_the_name_of_the_own_station(clerk, printer, name):
    answer = await clerk.fetches(f"{URL}/{name}.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    _, paper = printer.printed[-1]
    assert paper.station.name == "金银湖零工驿站"
    assert paper.for_pen
    assert not await Paper.exists()


async def test_a_stranger_prints_her_own_station_s(stranger, lawyer, printer):
    await stranger.fetches(f"{URL}/legal.pdf")
    assert printer.printed[-1][1].station.name == "走马岭零工驿站"
    await lawyer.fetches(f"{URL}/dispute.pdf")


async def test_there_is_no_form_of_another_name(clerk, house):
    await clerk.fetches(f"{URL}/contract.pdf", status=404)


async def test_who_has_no_desk_has_no_forms(officer, passer_by, house):
    await officer.fetches(URL, status=403)
    assert (await passer_by.client.get(f"{URL}/legal.pdf")).status_code in (303, 401)
