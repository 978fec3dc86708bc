"""The scenarios of the domain reference (11.3) about figures and the monthly ledger, each by its number."""

import datetime as dt

from db.actions.placements import place
from db.clock import CHINA, at
from db.queries.ledger import opened_version, version_of
from db.tables.corrections import Correction
from db.tables.ledger import Ledger, LedgerVersion
from db.tables.referrals import Placement
from db.tables.stations import Station
from db.verify_journal import verify
from rules.codes import BuildMode, LedgerState, ReferralState, StartEvidence
from rules.ledger import LedgerListKind
from tests.cast import LAKE, PEOPLE
from tests.visitor import Visitor
from tests.web.agreement_scene import put_scene
from tests.web.rows import put_placement
from tests.web.scenarios.conftest import On, starts

PAGE, LOOKED_AT = "/desk/ledgers/202611", "/supervision/ledgers/ZD-420112015-01/202611"
WORDS = {"main_work": "推荐上岗一人次。", "difficulties": "岗位少。", "plans": "多走访园区。"}


async def accepted(manager: Visitor, overseer: Visitor) -> None:
    """November, written, closed, submitted and accepted."""
    await manager.sends(f"{PAGE}/words", page=f"{PAGE}?show=words", **WORDS)
    await manager.sends(f"{PAGE}/closing", page=PAGE, signed_name="吴站长", seen="y")
    await manager.sends(f"{PAGE}/submission", page=PAGE)
    await overseer.sends(f"{LOOKED_AT}/acceptance", page=LOOKED_AT)


async def test_t10_a_date_is_corrected_in_an_accepted_ledger(on: On, clerk, manager, overseer):
    with at(dt.datetime(2026, 11, 20, 8, tzinfo=CHINA)):
        scene = await put_scene(state=ReferralState.CONFIRMED)
        await place(scene.referral, StartEvidence.RETURN_SLIP, dt.date(2026, 11, 20), "回执已收回", actor=PEOPLE["chen"])
    number = scene.number
    async with on(2, 9):
        form = f"/desk/corrections/new?record=placement&number={number}&field=started_on"
        await clerk.reads(form)
        typed = clerk.filled("/desk/corrections") | {"new": "2026-11-21", "reason": "回执上写的是21日"}
        await accepted(manager, overseer)
        assert "11月" in (await clerk.reads(form)).words(), "the clerk is told that the month is closed"
        await clerk.sends("/desk/corrections", status=422, **typed)
    async with on(3, 9):
        await manager.sends("/desk/corrections", page=form, new="2026-11-21", reason="回执上写的是21日")
        kept = await Correction.select().first()
        assert (kept["old_text"], kept["new_text"], kept["reason"]) == ("2026-11-20", "2026-11-21", "回执上写的是21日")
        assert (kept["made_by"], kept["ledger"]) == (PEOPLE["wu"].id, "L202611-ZD-420112015-01-v1")
        ledger = await Ledger.select().first()
        assert (ledger["version"], ledger["state"]) == (2, LedgerState.CORRECTED.value)
        assert await LedgerVersion.count() == 2, "both versions are kept"
        page = await manager.reads(f"{PAGE}?show=3")
        cell = page.select_one("#part tbody del").parent
        assert " ".join(cell.get_text(" ").split()) == "2026-11-20 2026-11-21 ①"
        page = await manager.reads(f"{PAGE}/versions/1?show=3")
        assert page.select_one("#part tbody del") is None
        assert "2026-11-20" in page.words("#part")
        first, second = [await opened_version(await version_of(ledger["id"], n)) for n in (1, 2)]
        assert [row.month for row in first.summary if row.key == "PLACED"] == [row.month for row in second.summary if row.key == "PLACED"]
        corrections = next(each for each in second.lists if each.kind is LedgerListKind.CORRECTIONS)
        assert [cell.text for cell in corrections.lines[0].cells[2:5]] == ["2026-11-20", "2026-11-21", "回执上写的是21日"]
        assert corrections.lines[0].signed == "吴站长"
        assert "已更改" in (await overseer.reads(LOOKED_AT)).words("h1")
        await manager.sends(f"{PAGE}/submission", page=PAGE)
        await overseer.sends(f"{LOOKED_AT}/acceptance", page=LOOKED_AT)
        assert (await Ledger.select().first())["state"] == LedgerState.ACCEPTED.value
    assert (await verify())[1] is None


async def test_t10_a_date_that_moves_into_another_month_is_struck_there_and_counted_here(on: On, manager, overseer):
    with at(dt.datetime(2026, 11, 30, 8, tzinfo=CHINA)):
        scene = await put_scene(state=ReferralState.CONFIRMED)
        await place(scene.referral, StartEvidence.RETURN_SLIP, dt.date(2026, 11, 30), "回执已收回", actor=PEOPLE["chen"])
    async with on(2, 9):
        await accepted(manager, overseer)
        form = f"/desk/corrections/new?record=placement&number={scene.number}&field=started_on"
        await manager.sends("/desk/corrections", page=form, new="2026-12-01", reason="第二天才到岗，雇主确认")
        page = await manager.reads(f"{PAGE}?show=3")
        assert page.select_one("#part tr.void")
        assert "计入2026年12月" in page.words("#part")
        assert (await manager.reads(PAGE)).words("a[href$='figure=PLACED&span=month']") == "0"
        december = "/desk/ledgers/202612"
        assert (await manager.reads(december)).words(f"a[href='{december}/rows?figure=PLACED&span=month']") == "1"
        assert (await manager.reads(f"{december}?show=3")).select_one("#part tbody del").text == "2026-11-30"


async def test_t14_the_same_person_post_and_day_count_once(on: On, clerk):
    with at(dt.datetime(2026, 12, 1, 8, tzinfo=CHINA)):
        scene = await put_scene(state=ReferralState.CONFIRMED)
    async with on(1, 17):
        url = f"/desk/referrals/{scene.number}/placement"
        await clerk.reads(url)
        token = clerk.filled(url)
        await starts(clerk, scene.number, "2026-12-01")
        await clerk.sends(url, status=422, **token | {"started_on": "2026-12-01", "evidence": "RETURN_SLIP", "note": "又登记一次"})
        assert await Placement.count() == 1
        assert (await clerk.reads("/desk/kpi")).words(".tile b").startswith("1 /")
        page = await clerk.reads("/desk/ledgers/202612")
        assert page.words("a[href$='figure=PLACED&span=month']") == "1"


async def test_t15_a_station_that_opened_in_october_owes_127(on: On, clerk):
    await Station.update({Station.opened_on: dt.date(2026, 10, 1)}).where(Station.id == LAKE)
    async with on(1, 9):
        assert (await clerk.reads("/desk/kpi")).words(".tile b") == "0 / 127"
        months = await clerk.reads("/desk/ledgers")
        assert [row.th.text for row in months.select("#months tbody tr")] == ["2026年12月", "2026年11月", "2026年10月"]


async def test_t16_the_supervising_unit_is_computed(on: On, clerk, officer):
    async with on(1, 9):
        assert "监督管理单位 金银湖街道办事处" in (await clerk.reads(PAGE)).words(".ledger-head"), "self-built, in 420112015"
        await Station.update({Station.build_mode: BuildMode.DISTRICT_LED.value}).where(Station.id == LAKE)
        assert "监督管理单位 东西湖区人力资源和社会保障局" in (await officer.reads(LOOKED_AT)).words(".ledger-head")


async def test_placements_of_another_station_stand_in_its_own_ledger(on: On, clerk, stranger):
    with at(dt.datetime(2026, 12, 1, 8, tzinfo=CHINA)):
        scene = await put_scene(state=ReferralState.CONFIRMED)
        await put_placement(scene.referral, scene.job, scene.seeker, station=PEOPLE["lin"].station_id or 0)
    async with on(1, 9):
        figure = "a[href$='figure=PLACED&span=month']"
        assert (await clerk.reads("/desk/ledgers/202612")).words(figure) == "0"
        assert (await stranger.reads("/desk/ledgers/202612")).words(figure) == "1"
