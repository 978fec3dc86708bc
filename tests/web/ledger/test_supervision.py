"""Those who supervise: the matrix of months, accepted or sent back by the unit that art. 22 names, and by nobody else."""

import datetime as dt

import pytest

from db.actions.ledger import new_version
from db.clock import at
from db.queries import ledger as queries
from db.tables.accounts import Alert
from db.tables.ledger import Ledger, LedgerStep, LedgerVersion
from db.tables.stations import Station
from rules.codes import BuildMode, LedgerState
from tests.cast import LAKE, PEOPLE
from tests.web.ledger.conftest import HOME, LOOKED_AT, MONTH, NOVEMBER, PAGE, SUPERVISED, confirm, put_activity, put_correction, submits


async def state() -> str:
    return (await Ledger.select(Ledger.state).where(Ledger.station == LAKE).first())["state"]


async def test_the_subdistrict_office_accepts(november, manager, overseer):
    await submits(manager)
    await confirm()
    page = await overseer.reads(LOOKED_AT)
    assert "金银湖街道办事处" in page.words(".ledger-head")
    await overseer.sends(f"{LOOKED_AT}/acceptance", page=LOOKED_AT)
    assert await state() == LedgerState.ACCEPTED
    assert "已接收" in (await manager.reads(PAGE)).words("h1")


async def test_accepting_asks_for_the_password(november, manager, overseer):
    await submits(manager)
    from db.tables.accounts import Session

    await Session.update({Session.confirmed_at: None}, force=True)
    await overseer.sends(f"{LOOKED_AT}/acceptance", page=LOOKED_AT, status=401)
    assert await state() == LedgerState.SUBMITTED


async def test_the_district_reads_but_does_not_accept_what_the_subdistrict_supervises(november, manager, officer):
    await submits(manager)
    await confirm()
    page = await officer.reads(LOOKED_AT)
    assert page.select_one(f'form[action="{LOOKED_AT}/acceptance"]') is None
    assert "由金银湖街道办事处接收" in page.words()
    page = await officer.sends(f"{LOOKED_AT}/acceptance", status=422)
    assert "由金银湖街道办事处监督" in page.words(".problems")
    await officer.sends(f"{LOOKED_AT}/query", status=422, question="请核实第③表第2行")


async def test_the_district_accepts_what_it_built(november, manager, officer, overseer):
    await Station.update({Station.build_mode: BuildMode.DISTRICT_LED.value}).where(Station.id == LAKE)
    await submits(manager)
    await confirm()
    await overseer.reads(LOOKED_AT)
    await overseer.sends(f"{LOOKED_AT}/acceptance", status=422)
    await officer.sends(f"{LOOKED_AT}/acceptance", page=LOOKED_AT)
    assert await state() == LedgerState.ACCEPTED


async def test_a_query_goes_back_and_is_answered(november, manager, overseer):
    await submits(manager)
    empty = await overseer.sends(f"{LOOKED_AT}/query", page=LOOKED_AT, status=422, question="")
    assert "请写明要核实什么" in empty.words(".problems")
    await overseer.sends(f"{LOOKED_AT}/query", page=LOOKED_AT, question="第③表第2行的到岗日期请核实")
    assert await Alert.exists().where(Alert.kind == "LEDGER_QUERIED", Alert.station == LAKE)
    page = await manager.reads(PAGE)
    assert "第③表第2行的到岗日期请核实" in page.words()
    await manager.sends(f"{PAGE}/answer", page=PAGE, answer="已核对回执，日期没有错")
    assert await state() == LedgerState.SUBMITTED
    assert [row["kind"] for row in await LedgerStep.select().order_by(LedgerStep.id)] == ["CLOSED", "SUBMITTED", "QUERIED", "ANSWERED"]


async def test_staff_and_operator_may_not_decide(november, manager, sit_down):
    await submits(manager)
    operator = await sit_down("he")
    page = await operator.reads(LOOKED_AT)
    assert page.select_one(f'form[action="{LOOKED_AT}/acceptance"]') is None
    await operator.sends(f"{LOOKED_AT}/acceptance", status=403)
    await manager.reads(LOOKED_AT)
    await manager.sends(f"{LOOKED_AT}/query", status=403, question="x")


async def test_other_subdistricts_cannot_tell_that_it_exists(november, manager, sit_down):
    await submits(manager)
    other = await sit_down("qian")
    await other.reads(LOOKED_AT, status=404)
    page = await other.reads(SUPERVISED)
    assert "金银湖" not in page.words("#matrix")
    assert "走马岭零工驿站" in page.words("#matrix")


async def test_the_matrix_shows_what_is_late_and_corrected(november, manager, officer):
    await submits(manager)
    await put_correction("placement", november.placements[0], "started_on", "2026-11-09", "2026-11-10")
    page = await officer.reads(SUPERVISED)
    assert len(page.select("#matrix tbody tr")) == 2
    cell = page.select_one(f'#matrix a[href="{LOOKED_AT}"]').parent
    assert "已报送" in cell.text
    assert "更1" in cell.text
    assert "逾期" in page.words("#matrix")
    page = await officer.reads(f"{SUPERVISED}?state=SUBMITTED")
    assert len(page.select("#matrix tbody tr")) == 1
    assert len((await officer.reads(f"{SUPERVISED}?state=ACCEPTED")).select("#matrix tbody tr")) == 0
    assert len((await officer.reads(f"{SUPERVISED}?subdistrict=420112006")).select("#matrix tbody tr")) == 1
    assert (await officer.reads(SUPERVISED, fragment=True)).select_one("h1") is None


async def test_the_menu_of_an_officer_leads_to_the_matrix(house, officer):
    answer = await officer.reads(HOME, status=303)
    assert answer.headers["location"] == SUPERVISED


async def test_a_new_version_keeps_the_one_before(november, manager, overseer):
    await submits(manager)
    await confirm()
    await overseer.sends(f"{LOOKED_AT}/acceptance", page=LOOKED_AT)
    page = await manager.sends(f"{PAGE}/versions", page=PAGE, status=422, reason="再看一遍")
    assert "和上一版一样" in page.words(".problems")
    with at(NOVEMBER + dt.timedelta(days=3)):
        await put_activity("TRAINING", dt.date(2026, 11, 10), "HD261110009", people=8, late_reason="补记", title="电工培训")
    await manager.sends(f"{PAGE}/versions", page=PAGE, reason="补记了一次培训")
    assert await state() == LedgerState.CORRECTED
    assert await LedgerVersion.count() == 2
    page = await manager.reads(f"{PAGE}/versions/2")
    assert "补记了一次培训" in page.words()
    assert "培训人次（本月） 12 20" in page.words("main details")
    old = await manager.reads(f"{PAGE}/versions/1?show=6")
    assert "电工培训" not in old.words()
    assert "补录：补记" in (await manager.reads(f"{PAGE}/versions/2?show=6")).words()
    await overseer.reads(f"{LOOKED_AT}/versions/2")
    await overseer.reads(f"{LOOKED_AT}/versions/3", status=404)
    again = (await manager.reads(PAGE)).words(f'form[action="{PAGE}/submission"]')
    assert "更改前的一版已经报送过" in again
    assert "期限" not in again, "the day of the first report has no meaning for the second"
    await manager.sends(f"{PAGE}/submission", page=PAGE)
    assert await state() == LedgerState.SUBMITTED


async def test_an_attempt_that_fails_leaves_no_file(november, manager):
    from db import archive
    from rules.errors import RuleBroken

    await submits(manager)
    files = archive.kept_files()
    with pytest.raises(RuleBroken):
        await new_version(MONTH, "什么都没变", actor=PEOPLE["wu"])
    assert archive.kept_files() == files
    assert (await queries.month_row(LAKE, MONTH))["version"] == 1
