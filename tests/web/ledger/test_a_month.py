"""A month's ledger at the station: counted from the record, closed with a signature, submitted; nothing can be typed in."""

import datetime as dt

import pytest

from db import archive
from db.actions.ledger import alert_overdue_ledgers
from db.clock import CHINA, at, today
from db.queries import kpi
from db.queries import ledger as queries
from db.queries.ledger_figures import summary_of
from db.tables.accounts import Alert, Session
from db.tables.journal import JournalEntry
from db.tables.ledger import Ledger, LedgerStep, LedgerVersion
from db.verify_journal import verify
from rules.codes import LedgerState
from rules.kpi import Figure
from rules.ledger import LedgerFigure
from rules.permissions import Reach, Scope
from tests.cast import LAKE, PEOPLE
from tests.web.ledger.conftest import HOME, MONTH, NOVEMBER, PAGE, WORDS, closes, confirm, put_activity, put_correction, submits


async def figures(month: int = MONTH) -> dict[str, tuple]:
    return {row.key: (row.month, row.year, row.year_before) for row in await summary_of(LAKE, month, today())}


async def test_every_figure_is_counted_from_rows(november):
    found = await figures()
    assert found["PLACED"] == (3, 3, None)
    assert found["PERSONS"] == (2, 2, None), "one person counts once"
    assert found["REFERRALS"][0] == 4
    assert found["POSTS"][0] == 2
    assert found["HEADCOUNT"][0] == 6
    assert found["SEEKERS"][0] == 2
    assert found["POSTS_VERIFIED"][0] == found["POSTS_PUBLISHED"][0] == 2
    assert found["CALLS_DUE"][0] == 3
    assert found["CALL_RATE"][0] == 0
    assert found["SATISFACTION"][0] is None, "nothing was rated"
    assert (found["TRAININGS"][0], found["TRAINED"][0], found["CONSULTED"][0]) == (1, 12, 4)
    assert found["OPEN_DAYS"][0] == 2
    assert set(found) >= {figure.value for figure in LedgerFigure}
    assert found["GROUP_AGE_4050"][0] == 0


async def test_the_year_so_far_agrees_with_the_yearly_figures(november):
    year = (await kpi.figures_of(Scope(Reach.STATION, station_id=LAKE), 2026, today()))[LAKE]
    found = await figures(202612)
    for figure, key in {
        Figure.PLACED: "PLACED",
        Figure.PERSONS: "PERSONS",
        Figure.PROPOSED: "REFERRALS",
        Figure.DUE: "CALLS_DUE",
        Figure.CALLED: "CALLS",
        Figure.RATINGS: "RATINGS",
        Figure.SATISFIED: "SATISFIED",
    }.items():
        assert found[key][1] == year[figure], key
    assert found["PLACED"][0] == 0


async def test_last_year_is_unknown_before_anything_was_kept_and_a_number_afterwards(november):
    with at(dt.datetime(2027, 12, 1, 9, tzinfo=CHINA)):
        assert (await figures(202711))["PLACED"] == (0, 0, 3)


async def test_the_clerk_reads_the_month_and_opens_a_figure_to_its_rows(november, clerk):
    page = await clerk.reads(PAGE)
    link = page.select_one("a[href$='rows?figure=PLACED&span=month']")
    assert link.text == "3"
    rows = await clerk.reads(link["href"])
    assert rows.words("h1") == "推荐成功就业人次：3人次"
    assert len(rows.select("tbody tr")) == 3
    assert "王*明" in rows.words("#rows")
    assert "王小明" not in rows.words()
    assert (await clerk.reads(link["href"], fragment=True)).select_one("h1") is None


@pytest.mark.parametrize("figure", [figure.value for figure in LedgerFigure])
async def test_every_figure_opens(november, clerk, figure):
    for span in ("month", "year", "before"):
        await clerk.reads(f"{PAGE}/rows?figure={figure}&span={span}")


async def test_groups_open_to_no_list_of_names(november, clerk):
    await clerk.reads(f"{PAGE}/rows?figure=GROUP_DISABLED", status=404)
    await clerk.reads(f"{PAGE}/rows?figure=NOTHING", status=404)


@pytest.mark.parametrize("show", [*"123456789", "words", "steps"])
async def test_every_part_shows(november, clerk, show):
    await clerk.reads(f"{PAGE}?show={show}")
    assert (await clerk.reads(f"{PAGE}?show={show}", fragment=True)).select_one("#part")


async def test_the_list_of_starts_is_masked_and_signed(november, clerk):
    page = await clerk.reads(f"{PAGE}?show=3")
    assert len(page.select("#part tbody tr")) == 3
    words = page.words("#part")
    assert "欧阳*华" in words
    assert "陈小满" in words
    assert "欧阳小华" not in words
    assert "武汉某物流公司" in words
    lines = [link["href"] for link in page.select("#part tbody td:first-child a")]
    assert len(lines) == 3
    assert all(line.startswith("/desk/referrals/T") for line in lines)


async def test_a_start_entered_days_later_says_so(november, clerk):
    with at(NOVEMBER + dt.timedelta(days=5)):
        from tests.web.rows import put_placement, put_referral, put_seeker

        late = await put_seeker("Q26015000125", name="李四")
        referral = await put_referral("T26111500001", november.job, late)
        await put_placement(referral, november.job, late, started_on=dt.date(2026, 11, 5))
    page = await clerk.reads(f"{PAGE}?show=3")
    assert "补录" in page.select("#part tbody tr")[0].text
    assert "补录" not in page.select("#part tbody tr")[1].text


async def test_part_three_is_written_by_the_clerk_and_kept(november, clerk):
    url = f"{PAGE}/words"
    await clerk.sends(url, page=f"{PAGE}?show=words", **WORDS)
    page = await clerk.reads(f"{PAGE}?show=words")
    assert "多走访园区。" in page.words("#part")
    long = await clerk.sends(url, page=f"{PAGE}?show=words", status=422, main_work="很" * 1001)
    assert "很" * 1001 in long.select_one("textarea[name=main_work]").text


async def test_the_manager_closes_the_month_and_it_is_sealed(november, manager):
    await closes(manager)
    version = (await LedgerVersion.select().where(LedgerVersion.station == LAKE))[0]
    assert version["number"] == "L202611-ZD-420112015-01-v1"
    assert version["signed_name"] == "吴站长"
    content = await queries.opened_version(version)
    assert {row.key: row.month for row in content.summary}["PLACED"] == 3
    assert content.header.supervising_unit == "金银湖街道办事处"
    assert content.plans == WORDS["plans"]
    head = await JournalEntry.select().where(JournalEntry.hash == version["head_hash"]).first()
    assert head["seq"] == version["head_seq"]
    entry = await JournalEntry.select().where(JournalEntry.kind == "LEDGER_CLOSED").first()
    assert version["sha256"] in entry["body"]
    assert (await verify())[1] is None
    page = await manager.reads(PAGE)
    assert "已结账" in page.words("h1")


async def test_what_is_signed_stays_as_it_was(november, manager):
    await closes(manager)
    with at(NOVEMBER):
        await put_activity("TRAINING", dt.date(2026, 11, 20), "HD261120001", people=5)
    page = await manager.reads(PAGE)
    assert page.select_one("a[href$='figure=TRAINED&span=month']").text == "12"


async def test_closing_names_what_is_missing(november, manager):
    await confirm()
    files = archive.kept_files()
    page = await manager.sends(f"{PAGE}/closing", page=PAGE, status=422, signed_name="老吴")
    words = page.words(".problems")
    assert "主要工作、问题、下月打算" in words
    assert "吴站长" in words
    assert page.select_one("input[name=signed_name]")["value"] == "老吴"
    assert not await LedgerVersion.exists()
    assert archive.kept_files() == files


async def test_unsigned_days_must_be_known_before_closing(november, manager, clerk):
    with at(NOVEMBER):
        from db.actions.placements import add_evidence
        from rules.codes import StartEvidence

        await add_evidence(november.placements[0], StartEvidence.EMPLOYER_CONFIRMATION, "雇主来电", actor=PEOPLE["chen"])
    await manager.sends(f"{PAGE}/words", page=f"{PAGE}?show=words", **WORDS)
    await confirm()
    page = await manager.reads(PAGE)
    assert "还有工作日没签认：陈小满1天" in page.words()
    page = await manager.sends(f"{PAGE}/closing", page=PAGE, status=422, signed_name="吴站长")
    assert "还有没签认的工作日" in page.words(".problems")
    await manager.sends(f"{PAGE}/closing", signed_name="吴站长", seen="y")


async def test_a_running_month_is_not_closed(november, manager):
    await confirm()
    page = await manager.sends(f"{HOME}/202612/closing", page=f"{HOME}/202612", status=422, signed_name="吴站长")
    assert "这个月还没过完" in page.words(".problems")


async def test_closing_asks_for_the_password_first(november, manager):
    page = await manager.sends(f"{PAGE}/closing", page=PAGE, status=401, signed_name="吴站长")
    assert "密码" in page.words("h1") + page.words("main")
    assert not await LedgerVersion.exists()


async def test_two_clicks_close_once(november, manager):
    await closes(manager)
    await manager.sends(f"{PAGE}/closing", **manager.last)
    assert await LedgerVersion.count() == 1


async def test_the_clerk_may_not_close(november, clerk):
    await confirm()
    await clerk.reads(PAGE)
    await clerk.sends(f"{PAGE}/closing", status=403, signed_name="陈小满")
    await clerk.sends(f"{PAGE}/submission", status=403)


async def test_the_stranger_sees_the_month_of_the_own_station_only(november, stranger, lawyer):
    page = await stranger.reads(PAGE)
    assert "走马岭零工驿站" in page.words(".ledger-head")
    await stranger.reads(f"/supervision/ledgers/ZD-420112015-01/{MONTH}", status=404)
    await lawyer.reads(PAGE, status=403)


async def test_months_without_a_ledger_are_not_there(house, clerk):
    for month in ("202512", "202701", "202613", "1", "99999999"):
        await clerk.reads(f"{HOME}/{month}", status=404)


async def test_the_list_of_months(november, manager):
    await submits(manager)
    page = await manager.reads(HOME)
    assert "2026年11月 已报送" in page.words("#months")
    assert "2026年10月 可以结账 逾期" in page.words("#months")
    assert len(page.select("#months tbody tr")) == 12
    assert (await manager.reads(HOME, fragment=True)).select_one("h1") is None


async def test_submitting_before_closing_is_refused(november, manager):
    await manager.reads(PAGE)
    page = await manager.sends(f"{PAGE}/submission", status=422)
    assert "请先结账" in page.words(".problems")


async def test_a_month_not_submitted_in_time_is_told_once(november):
    assert await alert_overdue_ledgers() == 0, "November is due on 5 December"
    with at(dt.datetime(2026, 12, 6, 9, tzinfo=CHINA)):
        assert await alert_overdue_ledgers() == 2
        row = await Ledger.select().where(Ledger.station == LAKE).first()
        assert (row["month"], row["state"]) == (MONTH, LedgerState.OPEN.value)
        assert (await queries.month_row(LAKE, MONTH))["overdue"]
    with at(dt.datetime(2026, 12, 7, 9, tzinfo=CHINA)):
        assert await alert_overdue_ledgers() == 0
    assert await Alert.count().where(Alert.kind == "LEDGER_OVERDUE") == 2


async def test_a_month_submitted_late_stays_marked(november, manager):
    with at(dt.datetime(2026, 12, 6, 9, tzinfo=CHINA)):
        await Session.update(
            {Session.seen_at: dt.datetime(2026, 12, 6, 1, tzinfo=dt.UTC), Session.expires_at: dt.datetime(2026, 12, 7, tzinfo=dt.UTC)},
            force=True,
        )
        await submits(manager)
        assert "晚报" in (await manager.reads(PAGE)).words("h1")


async def test_a_corrected_value_stands_beside_what_it_replaced(november, clerk):
    from db.tables.referrals import Placement

    await Placement.update({Placement.pay_due_fen: 33000}).where(Placement.id == november.placements[0])
    await put_correction("placement", november.placements[0], "pay_due_fen", "220元", "330元")
    page = await clerk.reads(f"{PAGE}?show=3")
    cell = page.select_one("#part tbody tr del").parent
    assert " ".join(cell.get_text(" ").split()) == "220 330 ①"
    assert "220元 330元 回执上写的是另一天" in (await clerk.reads(f"{PAGE}?show=9")).words("#part")


async def test_steps_are_kept_in_order(november, manager):
    await submits(manager)
    assert [row["kind"] for row in await LedgerStep.select().order_by(LedgerStep.id)] == ["CLOSED", "SUBMITTED"]
    assert "吴站长" in (await manager.reads(f"{PAGE}?show=steps")).words("#part")
