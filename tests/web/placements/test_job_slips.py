"""Job slips: one for everybody given a place that day, without the worker's phone, kept as other papers."""

import dataclasses
from datetime import datetime

import pytest

from db.clock import now
from db.tables.documents import Paper
from db.tables.referrals import Referral
from rules.codes import ReferralState
from tests.web.agreement_scene import WORKER_PHONE, put_scene, put_second
from tests.web.agreements.conftest import QuickPrinter

POST = "/desk/jobs/G261201-010001/slips.pdf"
MORNING = "/desk/placements/slips.pdf"


async def answered(referral: int, moment: datetime | None = None) -> None:
    await Referral.update({Referral.employer_answered_at: moment or now(), Referral.employer_answered_by: "周经理"}).where(
        Referral.id == referral
    )


@pytest.fixture
async def given(house):
    scene = await put_scene(headcount=5)
    second = await put_second(scene, ReferralState.CONFIRMED)
    for each in (scene, second):
        await answered(each.referral)
    return scene, second


@pytest.fixture(autouse=True)
def printer(app, monkeypatch) -> QuickPrinter:
    """A printer that answers at once and remembers the papers."""
    quick = QuickPrinter()
    monkeypatch.setitem(app.litestar.state, "printer", quick)
    return quick


@pytest.mark.parametrize("url", [POST, MORNING])
async def test_everybody_of_today_gets_a_slip(clerk, given, printer, url):
    answer = await clerk.fetches(url)
    template, paper = printer.printed[0]
    assert template == "job_slips"
    assert [(slip.number, slip.worker_name) for slip in paper.slips] == [("T26120100001", "李小明"), ("T26120100002", "赵大力")]
    first = paper.slips[0]
    assert (first.post_title, first.pay, first.employer_contact, first.employer_phone) == ("仓库卸货", "220元/天", "周经理", "13900000001")
    assert "宏图大道18号3号库" in first.report_place
    assert WORKER_PHONE not in str(dataclasses.asdict(paper))
    again = await clerk.fetches(url)
    assert again.content == answer.content
    assert [row["kind"] for row in await Paper.select(Paper.kind)] == ["P22"]


async def test_who_comes_later_makes_the_next_copy(clerk, given, printer):
    await clerk.fetches(POST)
    await Referral.update({Referral.state: ReferralState.NO_SHOW.value}).where(Referral.id == given[1].referral)
    await clerk.fetches(POST)
    assert [slip.worker_name for slip in printer.printed[-1][1].slips] == ["李小明"]
    copies = await Paper.select(Paper.copy_number, Paper.voided_at).order_by(Paper.copy_number)
    assert [(row["copy_number"], row["voided_at"] is None) for row in copies] == [(1, False), (2, True)]


async def test_a_day_without_places_given_prints_nothing(clerk, given):
    answer = await clerk.fetches(f"{POST}?day=2026-11-30", status=422)
    assert "还没有派工" in answer.text
    assert not await Paper.exists()


async def test_nobody_else_prints_them(stranger, officer, lawyer, passer_by, given):
    await stranger.fetches(POST, status=404)
    await stranger.fetches(MORNING, status=422)
    for visitor, status in [(officer, 403), (lawyer, 403), (passer_by, 303)]:
        await visitor.fetches(POST, status=status)
        await visitor.fetches(MORNING, status=status)


async def test_the_slip_is_genuine_to_anybody_who_asks(clerk, passer_by, given):
    await clerk.fetches(POST)
    page = await passer_by.reads("/verify/PD261201-G261201-010001")
    assert "派工单" in page.words("main")
    assert "李小明" not in page.text


@pytest.mark.parametrize(("page", "url"), [("/desk/placements", MORNING), ("/desk/jobs/G261201-010001", POST)])
async def test_a_long_print_is_linked_part_by_part(clerk, given, monkeypatch, page, url):
    assert not (await clerk.reads(page)).select_one(f'a[href="{url}?part=2"]')
    monkeypatch.setattr("db.queries.referrals.SLIPS_AT_ONCE", 1)
    sheet = await clerk.reads(page)
    assert [a["href"] for a in sheet.select(f'a[href^="{url}"]')] == [url, f"{url}?part=2"]
    assert (await clerk.fetches(f"{url}?part=2")).headers["content-type"] == "application/pdf"
