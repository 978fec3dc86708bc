"""The pages of the statistics: every figure opens to as many rows as it says, nobody is named, and reach is reach."""

import re
from datetime import date

import pytest

from db.tables.journal import JournalEntry
from tests.cast import LAKE, PEOPLE
from tests.web.conftest import MORNING
from tests.web.statistics.conftest import NOVEMBER, at_noon, put_group, put_person, put_work
from web.statistics import SPECS, parts_of, question_of

HOME, OFFICE = "/desk/statistics", "/supervision/statistics"
LAKE_CODE, LING_CODE = "ZD-420112015-01", "ZD-420112006-01"
NUMBERS = re.compile(r"^[0-9]+$")


def table(name: str, base: str = HOME, **asked: str) -> str:
    return f"{base}?table={name}&{NOVEMBER}" + "".join(f"&{key}={value}" for key, value in asked.items())


async def test_a_table_says_what_it_is_of_and_opens(clerk, november):
    page = await clerk.reads(table("supply"))
    assert page.words("h2") == "1 供求总表"
    assert "金银湖零工驿站 2026年11月" in page.words("#statistics .crumb")
    assert page.select_one("tfoot b a").text == "3"
    assert page.words("form.filter").count("供求总表") == 1
    assert not page.select("select[name=scope]")
    listed = await clerk.reads(page.select_one("tfoot b a")["href"])
    assert listed.words("h1") == "合计：新增岗位"
    assert [link.text for link in listed.select("tbody a")] == ["G261130-010003", "G261112-010002", "G261110-010001"]


@pytest.mark.parametrize("login", ["wu", "zheng"])
@pytest.mark.parametrize(
    "name", ["supply", "trades", "employers", "pay", "agreements", "rights", "ranking", "target", "quality", "sharing"]
)
async def test_every_figure_has_as_many_rows_as_it_says(sit_down, paperwork, login, name):
    """Sums of heads and money aside, which say how many rows they come from in another column."""
    visitor = await sit_down(login)
    base = HOME if login == "wu" else OFFICE
    page = await visitor.reads(table(name, base))
    links = page.select("#statistics table a")
    assert links
    for link in links:
        listed = await visitor.reads(link["href"])
        rows = listed.select("tbody tr")
        if re.search(r"column=(headcount|offered|wanted|matched|recovered)(&|$)", link["href"]):
            assert rows, link["href"]
        else:
            assert len(rows) == int(link.text), link["href"]
        assert not re.search("王[0-9]{2}|湖滨", listed.text)


async def test_what_is_kept_back_leads_nowhere(clerk, manager, november):
    page = await clerk.reads(table("people"))
    cells = page.select("#statistics td")
    assert any(cell.text == "<5" for cell in cells)
    assert not any(cell.find("a") for cell in cells if not NUMBERS.match(cell.text.strip()))
    for row in ("60", "35", "all"):  # the shown ones of a column with hidden ones do not open either
        await clerk.reads(f"{HOME}/rows?part=ages&column=seekers&row={row}&{NOVEMBER}", status=404)
    await clerk.reads(f"{HOME}/rows?part=genders&column=persons&row=F&{NOVEMBER}", status=404)


async def test_a_plot_tells_no_more_than_its_table(clerk, november):
    for n in range(7):
        seeker = await put_person(f"Q260150004{n:02d}", date(2000, 1, 1), "MF"[n % 2], 7)
        await put_work(f"T2611200001{n}", november["jobs"][0], seeker, 20, start=20)
    for n in range(4):
        seeker = await put_person(f"Q260150006{n:02d}", date(1990, 1, 1), "M", 7)
        await put_work(f"T2611200003{n}", november["jobs"][0], seeker, 20, start=20)
    page = await clerk.reads(table("people"))  # 26 years old: 7; 36: 8; 60: 1
    assert page.select_one("svg desc").text == ("16–17岁 0；18–24岁 0；25–34岁 ＊；35–44岁 8；45–54岁 0；55–59岁 0；60岁及以上 <5。")
    assert len(page.select("svg rect")) == 1


async def test_whoever_is_many_can_be_looked_at(clerk, november):
    """Eleven men and six women: nothing is small, and every figure opens, nobody by name."""
    for n in range(9):
        await put_person(f"Q260150005{n:02d}", date(1990, 1, 1), "MF"[n % 2], 7)
    page = await clerk.reads(table("people"))
    row = page.select_one("tbody tr:has(a[href*='part=genders'][href*='column=seekers'][href*='row=F'])")
    assert row.find("a").text == "6"
    listed = await clerk.reads(row.find("a")["href"])
    assert len(listed.select("tbody tr")) == 6
    assert "零工…308" in listed.words("tbody")


@pytest.mark.parametrize(
    "asked",
    ["part=supply&column=posts&row=ZD-000000000-99", "part=junk&column=x&row=y", "part=supply&column=ratio&row=all", "", "part=supply"],
)
async def test_there_are_no_rows_behind_what_is_no_figure(clerk, november, asked):
    await clerk.reads(f"{HOME}/rows?{asked}&{NOVEMBER}", status=404)


async def test_junk_in_the_address_shows_the_usual_table(clerk, november):
    page = await clerk.reads(f"{HOME}?table=junk&kind=century&day=yesterday&after=zz")
    assert page.words("h2") == "1 供求总表"
    assert "2026年12月" in page.words("#statistics .crumb")


async def test_another_station_cannot_be_asked_for(clerk, overseer, officer, november):
    await clerk.reads(table("supply", scope=LING_CODE), status=404)
    await overseer.reads(table("supply", OFFICE, scope=LING_CODE), status=404)
    await clerk.reads(f"{HOME}/rows?part=supply&column=posts&row={LING_CODE}&{NOVEMBER}", status=404)
    assert "走马岭" in (await officer.reads(table("supply", OFFICE, scope=LING_CODE))).words("#statistics")
    page = await overseer.reads(table("supply", OFFICE))
    assert "金银湖" in page.words("#statistics tbody")
    assert "走马岭" not in page.words("#statistics")


async def test_officers_choose_the_stations(officer, november):
    page = await officer.reads(table("supply", OFFICE))
    choices = [option["value"] for option in page.select("select[name=scope] option")]
    assert choices[0] == ""
    assert set(choices[1:5]) == {"SUBDISTRICT_LED", "SELF_BUILT", "420112015", "420112006"}
    assert choices[5:] == [LING_CODE, LAKE_CODE]
    built = await officer.reads(table("supply", OFFICE, scope="SELF_BUILT"))
    assert "走马岭" not in built.words("#statistics tbody")
    assert built.select_one("option[value=SELF_BUILT][selected]")


async def test_the_fragment_is_the_table_alone(clerk, november):
    page = await clerk.reads(table("trades"), fragment=True)
    assert page.select_one("section#statistics")
    assert not page.select("h1")


async def test_plots_stand_beside_the_tables_and_can_be_read_aloud(clerk, november):
    for name in ("supply", "trades", "pay", "target"):
        page = await clerk.reads(table(name))
        plot = page.select_one("svg[role=img]")
        title, said = plot.find("title"), plot.find("desc")
        assert plot["aria-labelledby"] == f"{title['id']} {said['id']}"
        assert said.text
        assert plot.find("text")
        assert "style" not in str(plot)
    assert not (await clerk.reads(table("people"))).select("svg")  # everybody who was placed is in a small cell
    assert not (await clerk.reads(table("quality"))).select("svg")


async def test_groups_are_counts_and_open_at_the_station_only(manager, clerk, officer, november):
    for seeker in november["people"][:6]:
        await put_group(seeker, "MIGRANT_RURAL", 6)
    await put_group(november["people"][6], "VETERAN", 6)
    for seeker in november["people"]:
        await put_group(seeker, "RELEASED", 6)
    page = await officer.reads(table("groups", OFFICE))
    row = page.words("tbody tr:-soup-contains('农民工')")
    assert row == "农民工 6 7 6 0"
    assert page.words("tbody tr:-soup-contains('退役军人')") == "退役军人 <5 <5 0 0"
    assert not page.select("#statistics tbody a")
    await officer.reads(f"{OFFICE}/rows?part=groups&column=registered&row=MIGRANT_RURAL&{NOVEMBER}", status=404)
    listed = await clerk.reads(f"{HOME}/rows?part=groups&column=registered&row=MIGRANT_RURAL&{NOVEMBER}")
    assert len(listed.select("tbody tr")) == 6
    await clerk.reads(f"{HOME}/rows?part=groups&column=registered&row=RELEASED&{NOVEMBER}", status=404)
    listed = await manager.reads(f"{HOME}/rows?part=groups&column=registered&row=RELEASED&{NOVEMBER}")
    assert len(listed.select("tbody tr")) == 8
    question = await question_of(PEOPLE["chen"], {"table": "groups", "kind": "month", "day": "2026-11-01"})
    (part,) = await parts_of(question)
    assert "RELEASED" not in {row.key for row in part.rows}


async def test_the_rows_of_a_group_are_those_that_were_counted(manager, november):
    for seeker in november["people"]:
        await put_group(seeker, "MIGRANT_RURAL", 6)
    page = await manager.reads(table("groups"))
    assert page.words("tbody tr:-soup-contains('农民工')") == "农民工 8 9 6 0"
    for link, count in zip(page.select("tbody tr:-soup-contains('农民工') a"), (8, 9, 6), strict=True):
        listed = await manager.reads(link["href"])
        assert len(listed.select("tbody tr")) == count


async def test_a_late_entry_is_counted_by_its_reason(manager, november):
    from db.actions.journal import record
    from db.transaction import action
    from rules.journal import EventKind

    @action
    async def enter(late: bool) -> None:
        reason = {"late_reason": "那天停电"} if late else {}
        await record(
            EventKind.SEEKER_CONFIRMED,
            subject="seeker",
            subject_id=1,
            actor=PEOPLE["chen"],
            station_id=1001,
            at=at_noon(20 if late else 30),
            **reason,
        )

    await enter(True)
    page = await manager.reads(table("quality"))
    link = page.select_one("tfoot a[href*='column=late']")
    assert link.text == "1"
    listed = await manager.reads(link["href"])
    assert "12月1日补录" in listed.words("tbody")
    assert "停电" not in listed.text


async def test_officers_see_the_same_figures_as_the_year_page(officer, clerk, paperwork):
    """/desk/kpi and the statistics count the same."""
    from db.queries.kpi import figures_of
    from rules.kpi import Figure

    question = await question_of(PEOPLE["zheng"], {"table": "ranking", "kind": "year", "day": "2026-12-01"})
    (part,) = await parts_of(question)
    yearly = await figures_of(PEOPLE["zheng"].scope, 2026, question.asked.day)
    same = {"placed": Figure.PLACED, "due": Figure.DUE, "called": Figure.CALLED, "ratings": Figure.RATINGS, "satisfied": Figure.SATISFIED}
    for station in question.here:
        row = next(row for row in part.rows if row.key == station["code"])
        for column, cell in zip(part.columns, row.cells, strict=True):
            if column.key in same:
                assert (cell.amount or 0) == yearly.get(station["id"], {}).get(same[column.key], 0), column.key
    question = await question_of(PEOPLE["zheng"], {"table": "supply", "kind": "year", "day": "2026-12-01"})
    supply = (await parts_of(question))[0]
    same = {"referred": Figure.PROPOSED, "placed": Figure.PLACED, "persons": Figure.PERSONS}
    for station in question.here:
        row = next(row for row in supply.rows if row.key == station["code"])
        for column, cell in zip(supply.columns, row.cells, strict=True):
            if column.key in same:
                assert cell.amount == yearly.get(station["id"], {}).get(same[column.key], 0), column.key


async def test_the_ledger_of_the_month_counts_the_same(paperwork):
    from db.queries.ledger_figures import summary_of

    ledger = {row.key: row.month for row in await summary_of(LAKE, 202611, MORNING.date())}
    same = {
        "supply": {
            "posts": "POSTS",
            "headcount": "HEADCOUNT",
            "seekers": "SEEKERS",
            "referred": "REFERRALS",
            "placed": "PLACED",
            "persons": "PERSONS",
        },
        "organisations": {"employers": "EMPLOYERS"},
        "agreement_types": {"made": "AGREEMENTS"},
        "case_kinds": {"opened": "CASES", "closed": "CASES_CLOSED", "recovered": "RECOVERED"},
        "ranking": {"due": "CALLS_DUE", "called": "CALLS", "ratings": "RATINGS", "satisfied": "SATISFIED"},
        "sharing": {"offered": "SURPLUS", "wanted": "SHORTAGE", "matched": "SHARED"},
    }
    compared = 0
    for part, columns in same.items():
        question = await question_of(PEOPLE["wu"], {"part": part, "kind": "month", "day": "2026-11-01"})
        found = next(each for each in await parts_of(question) if each.key == part)
        for column, cell in zip(found.columns, found.total.cells, strict=True):
            if column.key in columns:
                assert cell.amount == ledger[columns[column.key]], column.key
                compared += 1
    assert compared == 18


async def test_who_may_not_read_statistics(lawyer, passer_by, november):
    await lawyer.reads(HOME, status=403)
    await passer_by.reads(HOME, status=303)


async def test_taking_a_table_along_is_for_manager_and_officers_and_kept(manager, clerk, november):
    await clerk.reads(f"{HOME}/tables.xlsx?{NOVEMBER}", status=403)
    await clerk.reads(f"{HOME}/sheet.pdf?{NOVEMBER}", status=403)
    assert not (await clerk.reads(HOME)).select("a[href*='tables.xlsx']")
    response = await manager.client.get(f"{HOME}/tables.xlsx?table=trades&{NOVEMBER}")
    assert response.status_code == 200
    assert response.content.startswith(b"PK")
    entry = await JournalEntry.select(JournalEntry.kind, JournalEntry.account_id).order_by(JournalEntry.id, ascending=False).first()
    assert entry == {"kind": "STATISTICS_EXPORTED", "account_id": PEOPLE["wu"].id}
    page = await manager.reads("/desk/journal")
    assert "2 工种分布" in page.text or "工种分布" in page.text


async def test_the_address_of_a_figure_carries_nobody(manager, paperwork):
    for name in {spec_table.value for spec_table, _ in SPECS.values()}:
        page = await manager.reads(table(name))
        for link in page.select("#statistics a[href]"):
            assert not re.search(r"Q26[0-9]{9}|王", link["href"])
