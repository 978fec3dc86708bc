"""The figures of the year: counted from rows, each opening to them, credited to the station whose staff made the referral."""

from datetime import date, timedelta

import pytest

from db.clock import now
from db.tables.followups import FollowUp, Rating
from db.tables.referrals import Placement, Referral
from db.tables.stations import Station
from rules.codes import ReferralState
from rules.kpi import Figure
from tests.cast import LAKE, LING, PEOPLE
from tests.web.rows import put_job, put_placement, put_referral, put_seeker

KPI = "/desk/kpi"
DAY = date(2026, 12, 1)


def rows(figure: Figure, code: str = "") -> str:
    return f"{KPI}/rows?figure={figure.value}&year=2026" + (f"&station={code}" if code else "")


async def put_call(placement: int, referral: int, made_on: date, due_on: date, answered: bool = True) -> None:
    await FollowUp.insert(
        FollowUp(
            placement=placement,
            referral=referral,
            station=LAKE,
            kind="START",
            side="EMPLOYER",
            due_on=due_on,
            method="PHONE",
            answered=answered,
            made_by=PEOPLE["chen"].id,
            made_on=made_on,
            made_at=now(),
        )
    )


async def put_rating(referral: int, score: int) -> None:
    await Rating.insert(
        Rating(
            referral=referral,
            station=LAKE,
            side="WORKER",
            about="STATION",
            attitude=score,
            speed=score,
            accuracy=score,
            surroundings=score,
            how="SLIP",
            given_at=now(),
        )
    )


@pytest.fixture
async def year(house):
    """Three starts at 金银湖 by two workers: called in time, called too late, today's; one of them evaluated and rated."""
    await Station.update({Station.opened_on: date(2026, 10, 1)}).where(Station.id == LAKE)
    job = await put_job("G261101-010001", headcount=9)
    first, second = await put_seeker("Q26015000201", name="李小明"), await put_seeker("Q26015000202", name="赵大力")
    made = []
    for n, (seeker, started) in enumerate([(first, date(2026, 11, 10)), (first, date(2026, 11, 12)), (second, DAY)]):
        referral = await put_referral(f"T2611010000{n + 1}", job, seeker, LAKE, ReferralState.PLACED)
        await Referral.update({Referral.employer_answered_at: now(), Referral.worker_answered_at: now()}).where(Referral.id == referral)
        made.append((referral, await put_placement(referral, job, seeker, LAKE, started)))
    await put_call(made[0][1], made[0][0], date(2026, 11, 12), date(2026, 11, 13), answered=True)
    await put_call(made[1][1], made[1][0], date(2026, 11, 20), date(2026, 11, 15), answered=True)
    await Referral.update({Referral.state: "EVALUATED"}).where(Referral.id == made[0][0])
    await Placement.update({Placement.ended_on: date(2026, 11, 11)}).where(Placement.id == made[0][1])
    await put_rating(made[0][0], 5)
    await put_rating(made[1][0], 3)
    return made


async def test_the_year_stands_against_what_is_owed_and_where_it_is_heading(clerk, year):
    page = await clerk.reads(KPI)
    tile = page.words(".tile")
    assert "3 / 127" in tile
    assert "到今天应有 85，差 82" in tile
    assert "到年底约 4" in tile
    assert not page.select("main input, main form")
    table = page.words("main table")
    assert "回访率 50%" in table
    assert "满意度 50%" in table
    assert "评价率 100%" in table


@pytest.mark.parametrize(
    ("figure", "count", "words"),
    [
        (Figure.PLACED, 3, "推荐上岗单回执"),
        (Figure.PERSONS, 2, "2人次"),
        (Figure.PROPOSED, 3, "陈小满推荐"),
        (Figure.MATCHED, 3, "雇主同意"),
        (Figure.DUE, 2, "超过期限"),
        (Figure.CALLED, 1, "接通"),
        (Figure.REACHED, 1, "接通"),
        (Figure.RATINGS, 2, "态度3"),
        (Figure.SATISFIED, 1, "态度5"),
        (Figure.EVALUATED, 1, "回执"),
        (Figure.RATED, 1, "回执"),
    ],
)
async def test_every_figure_opens_to_its_rows(clerk, officer, year, figure, count, words):
    page = await clerk.reads(rows(figure))
    assert len(page.select("tbody tr")) == count
    assert words in page.words("tbody")
    assert "李小明" in page.words("tbody") or figure is Figure.CALLED
    seen = await officer.reads(rows(figure, "ZD-420112015-01"))
    assert len(seen.select("tbody tr")) == count
    assert "李小明" not in seen.text
    assert "武汉湖滨" not in seen.text
    assert not seen.select("main a[href^='/desk/referrals/']")


async def test_a_figure_without_rows_says_so(clerk, year):
    page = await clerk.reads(rows(Figure.SUPPLIED))
    assert "还没有记录" in page.words(".empty")
    page = await clerk.reads(f"{KPI}/rows?figure=junk&year=abc&after=zzz")
    assert page.words("h1") == "推荐成功就业人次"


async def test_officers_see_each_station_and_its_rows(officer, overseer, sit_down, year):
    for visitor in (officer, overseer, await sit_down("he")):
        page = await visitor.reads(KPI)
        cells = page.words("tbody tr:has(a[href*='ZD-420112015-01'])")
        assert "金银湖零工驿站" in cells
        assert "127" in cells
    page = await officer.reads("/supervision")
    assert page.select_one("a[href='/desk/kpi']")


async def test_another_station_sees_only_its_own(stranger, lawyer, passer_by, year):
    page = await stranger.reads(KPI)
    assert "0 / 499" in page.words(".tile")
    assert "李小明" not in (await stranger.reads(rows(Figure.PLACED))).text
    await stranger.reads(rows(Figure.PLACED, "ZD-420112015-01"), status=404)
    await lawyer.reads(KPI, status=403)
    await lawyer.reads(rows(Figure.PLACED), status=403)
    await passer_by.reads(KPI, status=303)


async def test_who_referred_gets_the_count_and_who_keeps_the_post_supplied_it(clerk, stranger, year):
    job = await put_job("G261130-060001", station=LING, headcount=3)
    seeker = await put_seeker("Q26015000203", name="钱多多")
    referral = await put_referral("T26113000009", job, seeker, LING, ReferralState.PLACED)
    await Referral.update({Referral.referred_by: LAKE}).where(Referral.id == referral)
    placement = await put_placement(referral, job, seeker, LAKE, DAY)
    await Placement.update({Placement.supplied_by: LING}).where(Placement.id == placement)
    assert "4 / 127" in (await clerk.reads(KPI)).words(".tile")
    assert len((await clerk.reads(rows(Figure.PROPOSED))).select("tbody tr")) == 4
    page = await stranger.reads(KPI)
    assert page.words(f".tile[href*='figure={Figure.SUPPLIED.value}']").startswith("1 供岗人次")
    assert "钱多多" in (await stranger.reads(rows(Figure.SUPPLIED))).words("tbody")
    assert not (await stranger.reads(rows(Figure.PLACED))).select("tbody tr")


async def test_other_years_are_their_own(clerk, year):
    page = await clerk.reads(f"{KPI}?year=2025")
    assert "0 / 0" in page.words(".tile")


async def test_a_long_list_goes_on_page_by_page(clerk, year):
    job = await put_job("G261102-010002", headcount=200)
    for n in range(60):
        seeker = await put_seeker(f"Q260150003{n:02d}", name="周工友")
        referral = await put_referral(f"T261102{n:05d}", job, seeker, LAKE, ReferralState.PLACED)
        await put_placement(referral, job, seeker, LAKE, date(2026, 11, 2) + timedelta(days=n % 20))
    seen: list[str] = []
    url = rows(Figure.PLACED)
    while url:
        page = await clerk.reads(url)
        seen += [cell.get_text() for cell in page.select("tbody td:nth-child(6)")]
        link = page.select_one("a[rel=next]")
        url = link["href"] if link else ""
    assert len(seen) == len(set(seen)) == 63
