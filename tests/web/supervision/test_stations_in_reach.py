"""Officers, operators and the administrator: the stations in reach, their figures, the rows behind them, the accounts."""

from datetime import date, timedelta

import pytest

from db.tables.stations import Station
from rules.codes import AgreementState, ReferralState
from tests.cast import LAKE, LING, PEOPLE
from tests.web.rows import TODAY, put_agreement, put_job, put_placement, put_referral, put_seeker

LAKE_PAGE = "/supervision/stations/ZD-420112015-01"
LING_PAGE = "/supervision/stations/ZD-420112006-01"


async def a_working_station(station: int = LAKE, mark: str = "1") -> None:
    """Two open posts and a closed one; three referrals, two placements of this year, one agreement and a void one."""
    seeker = await put_seeker(f"Q2601500012{mark}", station)
    job = await put_job(f"G261201-0{mark}0001", station, listed=True)
    await put_job(f"G261201-0{mark}0002", station, listed=True, title="分拣工")
    await put_job(f"G261201-0{mark}0003", station, listed=True, valid_to=TODAY - timedelta(days=1))
    referrals = [await put_referral(f"T26120{mark}{n:05d}", job, seeker, station, ReferralState.PLACED) for n in range(3)]
    await put_placement(referrals[0], job, seeker, station, date(2026, 11, 30))
    await put_placement(referrals[1], job, seeker, station, date(2026, 1, 5))
    await put_placement(referrals[2], job, seeker, station, date(2025, 12, 31))
    await put_agreement(f"XLW-2026-00000{mark}", referrals[0], station, AgreementState.SIGNED)
    await put_agreement(f"XLW-2026-00001{mark}", referrals[1], station, AgreementState.VOID)


def figures(page, name: str) -> list[str]:
    """The number cells of a station's row."""
    row = next(tag for tag in page.select("tbody tr") if name in tag.text)
    return [cell.text.split()[0] for cell in row.select("td.num")]


async def test_the_district_sees_every_station_with_its_figures(officer):
    await a_working_station()
    page = await officer.reads("/supervision")
    assert len(page.select("tbody tr")) == 2
    # open posts, referrals, agreements, placements, due on 1 December, target of a year opened on 2 January
    assert figures(page, "金银湖零工驿站") == ["2", "3", "1", "2", "458", "499"]
    assert figures(page, "走马岭零工驿站") == ["0", "0", "0", "0", "458", "499"]


async def test_the_target_of_the_first_year_counts_from_the_opening_day(officer):
    await Station.update({Station.opened_on: date(2026, 11, 1)}).where(Station.id == LAKE)
    assert figures(await officer.reads("/supervision"), "金银湖零工驿站")[-2:] == ["43", "84"]


async def test_a_subdistrict_sees_its_own_stations_and_no_other(overseer):
    page = await overseer.reads("/supervision")
    assert "金银湖零工驿站" in page.words("table")
    assert "走马岭" not in page.words("table")
    await overseer.reads(LAKE_PAGE)
    await overseer.reads(LING_PAGE, status=404)


async def test_an_operator_sees_the_stations_it_runs(sit_down):
    operator = await sit_down("he")
    page = await operator.reads("/supervision")
    assert len(page.select("tbody tr")) == 1
    await operator.reads(LING_PAGE, status=404)


async def test_a_figure_opens_to_its_rows_and_workers_are_masked(officer):
    await a_working_station()
    await a_working_station(LING, "2")
    posts = await officer.reads(f"{LAKE_PAGE}?show=posts")
    assert [tag["href"] for tag in posts.select("#rows td a")] == ["/desk/jobs/G261201-010002", "/desk/jobs/G261201-010001"]
    placements = await officer.reads(f"{LAKE_PAGE}?show=placements")
    words = placements.words("#rows")
    assert len(placements.select("#rows tbody tr")) == 2
    assert "王*明" in words
    assert "王小明" not in words
    assert "T26120100000" in words
    assert "推荐上岗单回执" in words


@pytest.mark.parametrize(("show", "empty", "count"), [("referrals", "还没有推荐过", 3), ("agreements", "还没有协议", 1)])
async def test_the_year_s_referrals_and_agreements_open_to_rows_without_a_name(officer, show, empty, count):
    assert empty in (await officer.reads(f"{LAKE_PAGE}?show={show}")).words("#rows")
    await a_working_station()
    await a_working_station(LING, "2")
    figure = (await officer.reads("/supervision")).select_one(f"td a[href='{LAKE_PAGE}?show={show}']")
    page = await officer.reads(figure["href"])
    assert len(page.select("#rows tbody tr")) == int(figure.text) == count
    assert "小明" not in page.words("#rows")


async def test_the_rows_come_alone_and_page_by_page(officer):
    for n in range(1, 54):
        await put_job(f"G261201-01{n:04d}", listed=True)
    first = await officer.reads(f"{LAKE_PAGE}?show=posts", fragment=True)
    assert not first.select("h1")
    assert len(first.select("tbody tr")) == 50
    rest = await officer.reads(first.select_one("a[rel=next]")["href"])
    assert [row.a.text for row in rest.select("#rows tbody tr")] == ["G261201-010003", "G261201-010002", "G261201-010001"]
    assert rest.select_one("a[rel=prev]")


async def test_junk_in_the_address_is_the_first_page(officer):
    await a_working_station()
    for query in ("show=everything", "show=posts&after=abc", "after=%E4%BD%A0", "page=abc"):
        page = await officer.reads(f"{LAKE_PAGE}?{query}")
        assert page.select("#rows tbody tr")
    assert len((await officer.reads("/supervision?after=abc")).select("tbody tr")) == 2


async def test_the_administrator_sees_stations_and_accounts_and_no_work(sit_down):
    await a_working_station()
    admin = await sit_down("admin")
    page = await admin.reads("/supervision")
    assert figures(page, "金银湖零工驿站") == ["4"]
    assert "本年上岗" not in page.words("table")
    for show in ("", "posts", "placements", "accounts"):
        station = await admin.reads(f"{LAKE_PAGE}?show={show}")
        assert "陈小满" in station.words("#rows")
        assert "卸货工" not in station.words()
        assert not station.select(".tile")


async def test_an_officer_without_the_right_sees_no_accounts_behind_a_station(overseer):
    await a_working_station()
    page = await overseer.reads(f"{LAKE_PAGE}?show=accounts")
    assert "陈小满" not in page.words()


async def test_without_stations_the_page_says_when_there_will_be_some(sit_down):
    await Station.update({Station.operator: "别的公司"}).where(Station.id == LAKE)
    operator = await sit_down("he")
    assert "还没有开业的驿站" in (await operator.reads("/supervision")).words(".empty")


async def test_station_staff_have_no_supervision_page(clerk, manager, passer_by):
    await clerk.reads("/supervision", status=403)
    await manager.reads(LAKE_PAGE, status=403)
    await passer_by.reads("/supervision", status=303)


async def test_a_manager_sees_the_accounts_of_the_own_station(manager):
    page = await manager.reads("/desk/accounts")
    assert [tag.text for tag in page.select("tbody th")] == ["陈小满", "罗律师", "吴站长", "周建国"]
    assert not page.select("main form[method=post]")


async def test_the_district_sees_every_account(officer):
    page = await officer.reads("/desk/accounts")
    assert len(page.select("tbody tr")) == len(PEOPLE)
    assert "金银湖街道" in page.words("tbody")
    assert len((await officer.reads("/desk/accounts", fragment=True)).select("h1")) == 0


async def test_staff_do_not_see_the_accounts(clerk, overseer):
    await clerk.reads("/desk/accounts", status=403)
    await overseer.reads("/desk/accounts", status=403)
