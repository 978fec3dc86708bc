"""本地工价参考: from works that really began, shown to everybody, never one person's, never what is unlawful."""

from datetime import date, timedelta

import pytest

from db.clock import at
from db.queries import wages
from db.queries.wages import wage_guides
from db.tables.referrals import Placement
from tests.cast import LAKE, LING
from tests.web.conftest import MORNING
from tests.web.rows import put_employer, put_job, put_placement, put_referral, put_seeker


async def put_works(pays: list[int], *, trade: str = "C02", station: int = LAKE, people: int | None = None, first: int = 1) -> list[int]:
    """One work per hourly pay in fen, each of another person unless `people` says how many there are; the placements."""
    ids, seekers = [], []
    for number, fen in enumerate(pays, first):
        job = await put_job(f"G261201-{station - 1000:02}{number:04}", station, trade=trade, hourly_fen=fen)
        if people is None or len(seekers) < people:
            seekers.append(await put_seeker(f"Q26015{station - 1000:02}{number:04}", station, f"王小{number}"))
        seeker = seekers[(number - first) % len(seekers)]
        referral = await put_referral(f"T261201{station - 1000:02}{number:03}", job, seeker, station)
        ids.append(await put_placement(referral, job, seeker, station))
    return ids


FIVE = [2500, 2600, 2700, 2800, 2900]


async def test_everybody_reads_the_guide_with_the_minimum_wage_beside(passer_by):
    await put_works(FIVE)
    page = await passer_by.reads("/wages")
    row = page.select_one("table tbody tr")
    assert [tag.text for tag in row.select("td")] == ["26–28元", "27元", "5"]
    assert row.a["href"] == "/jobs?trade=C02"
    assert "小时最低工资每小时" in page.words("main")
    assert "王小" not in page.text


async def test_with_too_few_cases_the_page_says_so(passer_by):
    await put_works(FIVE[:4])
    assert "还没有满5例的工种" in (await passer_by.reads("/wages")).words("main")


async def test_five_works_of_one_person_are_nobody_elses_business(database, house):
    await put_works(FIVE, people=1)
    assert (await wage_guides()).district == {}


async def test_what_is_below_the_minimum_wage_or_too_old_does_not_count(house):
    await put_works([*FIVE, 1000, 1100, 1200])
    guide = (await wage_guides()).district["C02"]
    assert (guide.cases, guide.low) == (5, 2600)
    with at(MORNING + timedelta(days=364)):
        assert (await wage_guides()).district["C02"].cases == 5
    with at(MORNING + timedelta(days=366)):
        assert (await wage_guides()).district == {}


async def test_a_disputed_start_does_not_count(house):
    works = await put_works(FIVE)
    await Placement.update({Placement.disputed_at: MORNING}).where(Placement.id == works[0])
    assert (await wage_guides()).district == {}


async def test_hours_and_pay_that_were_written_down_count_before_the_offer(house):
    works = await put_works([2500] * 5)
    await Placement.update(
        {
            Placement.ended_how: "COMPLETED",
            Placement.ended_on: date(2026, 12, 1),
            Placement.worked_minutes: 480,
            Placement.pay_due_fen: 24000,
        }
    ).where(Placement.id.is_in(works))
    assert (await wage_guides()).district["C02"].median == 3000


async def test_it_is_asked_once_an_hour(house, monkeypatch):
    await put_works(FIVE)
    asked = []
    rows = wages._rows

    async def counting(sql, values):
        asked.append(sql)
        return await rows(sql, values)

    monkeypatch.setattr(wages, "_rows", counting)
    await wage_guides()
    await wage_guides()
    assert len(asked) == 3
    late = wages.time.monotonic() + 3700
    monkeypatch.setattr(wages.time, "monotonic", lambda: late)
    await wage_guides()
    assert len(asked) == 6


async def test_a_station_has_its_own_guide_when_it_has_cases_enough(house):
    await put_works(FIVE)
    await put_works([4000] * 5, station=LING)
    guides = await wage_guides()
    assert guides.nearest("C02", LAKE)[0].median == 2700
    assert guides.nearest("C02", LING)[0].median == 4000
    assert guides.district["C02"].cases == 10


async def test_the_board_and_the_post_say_it_small(passer_by):
    await put_works(FIVE)
    page = await passer_by.reads("/jobs?trade=C02")
    assert "近12个月5例，一半的活每小时26–28元" in page.words("main")
    assert "近12个月5例" not in (await passer_by.reads("/jobs")).words("main")
    assert (await passer_by.reads("/jobs")).select_one("a[href='/wages']")


@pytest.mark.parametrize(("pay", "words"), [("20", "低于本站中位数"), ("", "工价参考：本站近12个月5例")])
async def test_the_clerk_is_told_while_typing(clerk, pay, words):
    await put_works(FIVE)
    employer = await put_employer()
    page = await clerk.reads("/desk")
    fields = {
        "employer": str(employer),
        "trade": "C02",
        "pay_fen": pay,
        "pay_unit": "HOUR",
        "csrf_token": page.select_one("[name=csrf_token]")["value"],
    }
    answer = await clerk.client.post("/desk/jobs/checks", data=fields, headers={"HX-Request": "true"})
    assert words in answer.text


async def test_the_page_is_kept_until_something_public_changes(passer_by):
    await put_works(FIVE)
    first = await passer_by.fetches("/wages")
    again = await passer_by.client.get("/wages", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304
