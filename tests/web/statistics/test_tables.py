"""The twelve tables against figures that were counted by hand, on paper, from the scene's list."""

import pytest

from tests.cast import PEOPLE
from tests.web.statistics.conftest import NOVEMBER
from web.statistics import parts_of, question_of

LAKE_CODE = "ZD-420112015-01"


async def figures(login: str, table: str, **asked: str) -> dict[str, dict[str, dict[str, str]]]:
    """part → row → column → figure as it reads."""
    question = await question_of(PEOPLE[login], {"table": table, "kind": "month", "day": "2026-11-01", **asked})
    return {
        part.key: {
            row.key: {column.key: cell.text for column, cell in zip(part.columns, row.cells, strict=True)}
            for row in (*part.rows, *([part.total] if part.total else []))
        }
        for part in await parts_of(question)
    }


async def test_supply_and_demand(november):
    table = await figures("wu", "supply")
    lake = {"posts": "3", "headcount": "9", "seekers": "8", "referred": "9", "placed": "6", "persons": "5", "ratio": "1.13"}
    assert table["supply"] == {LAKE_CODE: lake, "all": lake}
    # Started 10, 4, 11, 11, 14 and 25 days after the registration or the start before.
    waited = {key: row["placed"] for key, row in table["waiting"].items()}
    assert waited == {"0": "0", "1": "0", "2": "0", "4": "1", "8": "4", "15": "1", "31": "0", "all": "6"}


async def test_supply_of_the_district_counts_every_station(november):
    table = await figures("zheng", "supply")
    assert table["supply"]["ZD-420112006-01"]["posts"] == "1"
    assert table["supply"]["ZD-420112006-01"]["placed"] == "0"
    assert table["supply"]["all"] == {
        "posts": "4",
        "headcount": "11",
        "seekers": "8",
        "referred": "9",
        "placed": "6",
        "persons": "5",
        "ratio": "1.38",
    }
    only = await figures("zheng", "supply", scope="420112006")
    assert only["supply"]["all"]["posts"] == "1"
    assert "supply_months" in await figures("zheng", "supply", kind="quarter")


async def test_months_of_a_quarter_begin_at_midnight_of_the_station(november):
    table = (await figures("wu", "supply", kind="quarter"))["supply_months"]
    assert table["2026-10"]["posts"] == "1"
    assert table["2026-11"]["posts"] == "3"
    assert table["2026-12"]["posts"] == "0"
    assert table["all"]["headcount"] == "18"


async def test_trades(november):
    table = (await figures("wu", "trades"))["trades"]
    assert table["C02"] == {"posts": "1", "headcount": "3", "seekers": "8", "placed": "4", "pay": "—"}
    assert table["A02"] == {"posts": "1", "headcount": "1", "seekers": "1", "placed": "1", "pay": "—"}
    assert table["E03"]["placed"] == "1"
    assert table["all"] == {"posts": "3", "headcount": "9", "seekers": "8", "placed": "6", "pay": "—"}


async def test_the_median_of_pay_needs_five_posts(november):
    from tests.web.rows import put_job
    from tests.web.statistics.conftest import at_noon

    for n, fen in enumerate((1000, 2000, 3000, 9000)):
        await put_job(f"G261120-0200{n:02d}", hourly_fen=fen, created_at=at_noon(20))
    table = (await figures("wu", "trades"))["trades"]
    assert table["C02"]["pay"] == "27.5"  # 10, 20, 27.5, 30, 90
    assert table["all"]["pay"] == "23.75"  # 10, 14.5, 20, 27.5, 30, 90


async def test_age_gender_and_education_keep_small_cells_back(november):
    table = await figures("wu", "people")
    # Registered: 17 years 1, 36 years 5, 60 years 2; the total of 8 shows, so that 5 may not.
    ages = {key: row["seekers"] for key, row in table["ages"].items()}
    assert ages == {"16": "<5", "18": "0", "25": "0", "35": "5", "45": "0", "55": "0", "60": "<5", "all": "8"}
    # Men 6, women 2: hiding the women alone would tell their number.
    assert {key: row["seekers"] for key, row in table["genders"].items()} == {"M": "＊", "F": "<5", "none": "0", "all": "8"}
    # Placed: four men (five starts) and a woman; five persons in all.
    assert {key: row["persons"] for key, row in table["genders"].items()} == {"M": "<5", "F": "<5", "none": "0", "all": "5"}
    assert {key: row["placed"] for key, row in table["genders"].items()} == {"M": "＊", "F": "<5", "none": "0", "all": "6"}


async def test_employers_and_their_posts(november):
    table = await figures("wu", "employers")
    row = table["organisations"]["ENTERPRISE"]
    assert row == {"employers": "1", "posts": "3", "headcount": "9", "placed": "5", "platform": "1"}
    assert table["organisations"]["none"]["placed"] == "1"  # the employer of the other station
    assert table["industries"]["物流"] == {"employers": "1", "posts": "3", "headcount": "9", "placed": "6"}


async def test_pay_and_settling(paperwork):
    table = await figures("wu", "pay")
    assert table["pay_bands"]["25"] == {"posts": "1", "headcount": "3", "placed": "3"}
    assert table["pay_bands"]["0"] == {"posts": "1", "headcount": "1", "placed": "1"}
    assert table["pay_bands"]["20"] == {"posts": "0", "headcount": "0", "placed": "1"}
    assert table["pay_bands"]["unknown"] == {"posts": "1", "headcount": "5", "placed": "1"}
    assert table["settle_cycles"]["MONTHLY"] == {"posts": "1", "headcount": "5", "placed": "1"}
    assert table["settle_cycles"]["DAILY"] == {"posts": "2", "headcount": "4", "placed": "5"}
    assert table["below_minimum"]["all"] == {"blocked": "1", "refused": "2"}


async def test_agreements_and_insurance(paperwork):
    table = await figures("wu", "agreements")
    one_off = table["agreement_types"]["ONE_OFF_SERVICE"]
    assert one_off == {"made": "2", "signed": "2", "delivered": "1", "guided": "0", "guided_share": "0%"}
    assert table["agreement_types"]["all"]["made"] == "3"
    assert table["insurance"]["WORK_INJURY"] == {"posts": "1", "headcount": "3"}
    assert table["insurance"]["none"]["posts"] == "1"
    assert table["cover"]["all"] == {"posts": "3", "covered": "1", "covered_share": "33.3%"}


async def test_claimed_rights(paperwork):
    table = (await figures("wu", "rights"))["case_kinds"]
    unpaid = {"opened": "3", "opened_closed": "2", "closed_share": "66.6%", "closed": "2", "days": "2.5", "recovered": "2000.5"}
    assert table["UNPAID"] == unpaid
    assert table["INJURY"]["days"] == "10.0"
    assert table["all"] == {"opened": "4", "opened_closed": "3", "closed_share": "75%", "closed": "3", "days": "5.0", "recovered": "2000.5"}


async def test_ranking_shows_a_manager_the_own_place_only(paperwork):
    officers = (await figures("zheng", "ranking"))["ranking"]
    assert list(officers) == [LAKE_CODE, "ZD-420112006-01", "all"]
    assert [row["place"] for row in officers.values()] == ["1", "2", "—"]
    assert officers[LAKE_CODE] | {"place": ""} == {
        "place": "",
        "placed": "6",
        "due": "5",
        "called": "1",
        "call_share": "20%",
        "ratings": "2",
        "satisfied": "1",
        "satisfaction": "50%",
    }
    own = (await figures("wu", "ranking"))["ranking"]
    assert list(own) == [LAKE_CODE, "all"]
    assert own[LAKE_CODE]["place"] == "1"
    assert (await figures("lin", "ranking"))["ranking"]["ZD-420112006-01"]["place"] == "—"


async def test_the_target_of_the_year(november):
    table = await figures("wu", "target")
    # Opened on 2 January: 500 × 364 / 365 = 498.6; 333 of 365 days by 30 November are 456.2; 6 in 333 days are 6.5 in 364.
    assert table["target"]["all"] == {"placed": "6", "due": "457", "target": "499", "done_share": "1.2%", "projected": "6"}
    assert table["target_months"]["2026-11"] == {"placed": "6", "so_far": "6", "due": "457"}
    assert len(table["target_months"]) == 12


async def test_quality_of_the_record(paperwork):
    table = await figures("wu", "quality")
    assert table["quality"]["all"] == {
        "corrections": "1",
        "late": "0",
        "returned": "1",
        "rejected": "3",
        "open_posts": "2",
        "stale": "1",
        "stale_share": "50%",
    }
    assert table["reject_reasons"]["PAY"]["rejected"] == "2"
    assert table["corrected_records"] == {"placement": {"corrections": "1"}, "all": {"corrections": "1"}}


async def test_sharing_labour(paperwork):
    table = (await figures("zheng", "sharing"))["sharing"]
    lake = {"rounds": "2", "offered": "12", "wanted": "10", "matched": "3", "taken": "1", "supplied": "0"}
    assert table[LAKE_CODE] == lake
    assert table["ZD-420112006-01"]["supplied"] == "1"


@pytest.mark.parametrize("kind", ["day", "week", "month", "quarter", "half", "year"])
async def test_every_table_of_every_period_can_be_read(clerk, november, kind):
    for table in ("supply", "target"):
        page = await clerk.reads(f"/desk/statistics?table={table}&kind={kind}&day=2026-11-12")
        assert page.select("table")


assert NOVEMBER
