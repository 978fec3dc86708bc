"""Correcting what was submitted: old beside new, who and why, and what is refused (art. 23, T10, T11)."""

import json
from datetime import date

import pytest

from db.tables.corrections import Correction, CorrectionReview
from db.tables.journal import JournalEntry
from db.tables.referrals import Evidence, Placement
from db.transaction import writing
from tests.cast import LAKE, PEOPLE
from tests.visitor import path_of
from tests.web.corrections.conftest import NUMBER, PLACE

NEW = f"/desk/corrections/new?record=placement&number={NUMBER}&field=started_on"


async def row_of(placement: int) -> dict:
    found = await Placement.select().where(Placement.id == placement).first()
    assert found
    return found


async def test_a_wrong_first_day_is_corrected_beside_the_old_one(clerk, placement, corrects):
    page = await clerk.reads(PLACE)
    assert page.select_one('a.correct[href*="field=started_on"]')
    saved = await corrects(clerk, "placement", "started_on", "2026-11-30")
    number = path_of(saved).rsplit("/", 1)[1]
    assert number.startswith("GZ")
    page = await clerk.follows(saved)
    assert page.select_one("del").text == "2026-11-29"
    assert page.select_one("ins").text == "2026-11-30"
    assert "陈小满" in page.words("main")
    page = await clerk.reads(PLACE)
    assert page.select_one(".facts del").text == "2026-11-29"
    assert page.select_one(".facts ins").text == "2026-11-30"
    assert "看了雇主的考勤本" in page.words(f"#{number}")
    assert (await row_of(placement))["started_on"] == date(2026, 11, 30)


async def test_the_correction_names_the_entry_it_corrects(clerk, placement, corrects):
    await corrects(clerk, "placement", "worked_minutes", "26.5")
    entry = await JournalEntry.select().where(JournalEntry.kind == "CORRECTED").first()
    ended = await JournalEntry.select().where(JournalEntry.kind == "PLACEMENT_ENDED").first()
    kept = await Correction.select().first()
    assert entry
    assert ended
    assert kept
    assert entry["corrects"] == ended["id"]
    assert kept["entry"] == entry["id"]
    assert json.loads(entry["body"])["particulars"]["new_value"] == "26.5小时"
    assert (kept["stored"], kept["month"], kept["record_number"]) == ("1590", 202611, NUMBER)
    assert (await row_of(placement))["worked_minutes"] == 1590


async def test_a_correction_can_itself_be_corrected(clerk, placement, corrects):
    await corrects(clerk, "placement", "pay_due_fen", "700")
    await corrects(clerk, "placement", "pay_due_fen", "680.5")
    page = await clerk.reads(PLACE)
    assert [old.text for old in page.select(".facts .was-corrected del")] == ["660元", "700元"]
    assert page.select_one(".facts .was-corrected ins").text == "680.5元"
    first, second = await Correction.select().order_by(Correction.id)
    assert second["replaces"] == first["id"]
    assert second["entry"] != first["entry"]


@pytest.mark.parametrize(
    ("field", "new", "words"),
    [
        ("started_on", "2026-12-05", "不能晚于今天"),
        ("started_on", "2026-11-28", "早于推荐的日期"),
        ("started_on", "昨天", "请写成 2026-12-01 这样"),
        ("started_on", "", "请填写改后的到岗日期"),
        ("started_on", "2026-11-29", "和现在的一样"),
        ("ended_on", "2026-11-28", "早于到岗日期"),
        ("ended_on", "2026-12-09", "不能晚于今天"),
        ("worked_minutes", "900", "比这几天的时间还多"),
        ("pay_due_fen", "-5", "不能是负数"),
        ("pay_due_on", "2026-11-01", "早于到岗日期"),
        ("evidence_note", "", "怎么确认"),
    ],
)
async def test_what_cannot_be_right_comes_back_with_the_typing_kept(clerk, placement, corrects, field, new, words):
    page = await corrects(clerk, "placement", field, new, status=422)
    assert words in page.words(".problems") or words in page.words(".error")
    assert page.select_one("#new")["value"] == new
    assert page.select_one("#reason")["value"] == "看了雇主的考勤本，原来记错了"
    assert not await Correction.exists()


async def test_a_reason_is_asked_for(clerk, placement, corrects):
    page = await corrects(clerk, "placement", "started_on", "2026-11-30", status=422, reason="错")
    assert "请写明更正的原因" in page.words(".problems")


async def test_the_password_is_asked_for_and_the_typing_carried_along(clerk, placement):
    await clerk.reads(NEW)
    page = await clerk.sends("/desk/corrections", status=401, new="2026-11-30", reason="看了考勤本，原来记错了")
    kept = {each["name"]: each["value"] for each in page.select("input[name^=kept-]")}
    assert kept["kept-new"] == "2026-11-30"
    assert not await Correction.exists()


async def test_of_two_people_the_second_is_told_that_it_changed(clerk, reviewer, placement, corrects, gave_password):
    await gave_password(reviewer)
    await reviewer.reads(NEW)
    await corrects(clerk, "placement", "started_on", "2026-11-30")
    page = await reviewer.sends("/desk/corrections", status=422, new="2026-12-01", reason="雇主说是十二月一号")
    assert "刚才有人先更正了" in page.words(".problems")
    assert "2026-11-30" in page.words(".facts")
    assert await Correction.count() == 1


async def test_sent_twice_it_is_done_once(clerk, placement, corrects):
    await corrects(clerk, "placement", "started_on", "2026-11-30")
    again = await clerk.client.post("/desk/corrections", data=clerk.last)
    assert again.status_code == 303
    assert await Correction.count() == 1


async def test_evidence_stays_as_it_was_and_the_correction_stands_beside(clerk, placement, corrects):
    from db.actions.placements import add_evidence
    from rules.codes import StartEvidence

    piece = await add_evidence(placement, StartEvidence.RETURN_SLIP, "回执在一号夹", actor=PEOPLE["chen"])
    await corrects(clerk, "evidence", "note", "回执在二号夹", row=piece)
    row = await Evidence.select().where(Evidence.id == piece).first()
    assert row
    assert row["note"] == "回执在一号夹"
    page = await clerk.reads(PLACE)
    assert page.select_one(".plainlist del").text == "回执在一号夹"
    assert page.select_one(".plainlist ins").text == "回执在二号夹"


async def test_the_manager_looks_over_what_staff_corrected(clerk, manager, placement, corrects):
    url = path_of(await corrects(clerk, "placement", "started_on", "2026-11-30"))
    await manager.reads("/desk/corrections?review=pending")
    assert url in str(manager.page)
    await manager.reads(url)
    page = await manager.sends(f"{url}/review", status=422, verdict="OBJECTED")
    assert "请写明哪里不对" in page.words(".error")
    await manager.sends(f"{url}/review", verdict="CONFIRMED")
    assert (await CorrectionReview.select().first())["verdict"] == "CONFIRMED"
    assert "属实" in (await manager.reads(url)).words("h2")
    await clerk.reads(url)
    assert not clerk.page.select_one("form[action$=review]")
    await clerk.sends(f"{url}/review", status=403, verdict="CONFIRMED")


async def test_the_list_is_narrowed_and_says_when_it_is_empty(clerk, placement, corrects):
    page = await clerk.reads("/desk/corrections")
    assert "还没有更正过记录" in page.words(".empty")
    await corrects(clerk, "placement", "started_on", "2026-11-30")
    page = await clerk.reads("/desk/corrections?month=2026-11&record=placement&who=陈小满&page=")
    assert len(page.select("tbody tr")) == 1
    for nothing in ("month=2026-10", "record=job", "who=周", "review=CONFIRMED"):
        assert "没有符合条件" in (await clerk.reads(f"/desk/corrections?{nothing}")).words(".empty")
    page = await clerk.reads("/desk/corrections", fragment=True)
    assert page.select_one("h1") is None
    assert page.select_one("tbody tr")


async def test_who_only_looks_on_may_not_correct(officer, overseer, lawyer, stranger, passer_by, clerk, placement, corrects):
    url = path_of(await corrects(clerk, "placement", "started_on", "2026-11-30"))
    for person in (officer, overseer):
        await person.reads(url)
        await person.reads(NEW, status=403)
    await lawyer.reads(url, status=403)
    await stranger.reads(url, status=404)
    await stranger.reads(NEW, status=404)
    assert "还没有" in (await stranger.reads("/desk/corrections")).words(".empty")
    await passer_by.reads(url, status=303)


@pytest.mark.parametrize(
    "query",
    [
        "record=placement&number=T26120100001&field=seeker",
        "record=account&number=1&field=name",
        "record=evidence&number=T26120100001&field=note",
        "record=evidence&number=T26120100001&field=note&row=r1",
        "record=placement&number=T99999999999&field=started_on",
        "record=seeker&number=x&field=name",
    ],
)
async def test_what_is_not_there_is_not_found(clerk, placement, query):
    await clerk.reads(f"/desk/corrections/new?{query}", status=404)


async def test_a_registration_is_corrected_on_its_own_page(clerk, placement):
    sheet = await clerk.reads("/desk/corrections/new?record=seeker&number=Q26015000123&field=name", status=303)
    assert path_of(sheet) == "/desk/seekers/Q26015000123/correction"


async def test_a_post_that_is_still_open_is_changed_and_not_corrected(clerk, placement):
    response = await clerk.client.get("/desk/corrections/new?record=job&number=G261201-010001&field=headcount")
    assert response.status_code == 422 or "修改" in response.text


async def test_the_journal_shows_old_and_new(clerk, manager, placement, corrects):
    await corrects(clerk, "placement", "started_on", "2026-11-30")
    page = await manager.reads("/desk/journal?kind=CORRECTED")
    assert page.select_one("tbody del").text == "2026-11-29"
    assert page.select_one("tbody ins").text == "2026-11-30"


async def close_month(state: str = "ACCEPTED") -> None:
    from db.clock import now
    from db.tables.ledger import Ledger, LedgerVersion

    ledger = Ledger(station=LAKE, month=202611, state=state, version=1, due_on=date(2026, 12, 5), changed_at=now())
    await Ledger.insert(ledger)
    await LedgerVersion.insert(
        LedgerVersion(
            ledger=ledger.id,
            station=LAKE,
            month=202611,
            number="L202611-ZD-420112015-01-v1",
            version=1,
            summary="[]",
            archive_key="x",
            sha256="0" * 64,
            head_chain=f"station:{LAKE}",
            head_hash="0" * 64,
            closed_by=PEOPLE["wu"].id,
            signed_name="吴站长",
            closed_at=now(),
        )
    )


async def test_in_a_closed_month_staff_ask_the_manager(clerk, placement):
    await close_month()
    page = await clerk.reads(NEW)
    assert "2026年11月的月度台账已经结账" in page.words(".note")
    assert page.select_one('form[action="/desk/corrections"]') is None, "nobody fills in what is refused anyway"


async def test_a_month_closed_while_staff_typed_is_refused_with_the_typing_kept(clerk, placement, gave_password):
    await gave_password(clerk)
    await clerk.reads(NEW)
    await close_month()
    page = await clerk.sends("/desk/corrections", status=422, new="2026-11-30", reason="看了雇主的考勤本，原来记错了")
    assert "2026年11月的月度台账已经结账" in page.words(".problems")
    assert page.select_one("[name=reason]")["value"] == "看了雇主的考勤本，原来记错了"
    assert not await Correction.exists()


async def test_in_a_closed_month_the_managers_correction_makes_the_next_version(manager, placement, corrects):
    """T10: the date in an accepted ledger; both versions are kept, and the second shows old beside new."""
    from db.queries.ledger import opened_version, version_of
    from db.tables.ledger import Ledger, LedgerVersion

    await close_month()
    await corrects(manager, "placement", "started_on", "2026-11-30")
    kept = await Correction.select().first()
    assert kept
    assert kept["ledger"] == "L202611-ZD-420112015-01-v1"
    ledger = await Ledger.select().first()
    assert ledger
    assert (ledger["state"], ledger["version"]) == ("CORRECTED", 2)
    numbers = [row["number"] for row in await LedgerVersion.select(LedgerVersion.number).order_by(LedgerVersion.version)]
    assert numbers == ["L202611-ZD-420112015-01-v1", "L202611-ZD-420112015-01-v2"]
    second = await version_of(ledger["id"], 2)
    assert second
    content = await opened_version(second)
    cells = [cell for each in content.lists for line in each.lines for cell in line.cells if cell.was]
    assert any("11" in cell.text and cell.marks for cell in cells)


async def test_the_wage_of_an_ended_post_is_corrected_in_its_row(clerk, placement, corrects):
    from db.tables.jobs import Job

    await Job.update({Job.state: "EXPIRED"}).where(Job.number == "G261201-010001")
    await corrects(clerk, "job", "headcount", "4", number="G261201-010001")
    await corrects(clerk, "job", "duties", "卸货、码垛、扫地", number="G261201-010001")
    row = await Job.select(Job.headcount).where(Job.number == "G261201-010001").first()
    assert row
    assert row["headcount"] == 4
    page = await clerk.reads("/desk/jobs/G261201-010001")
    assert "卸货、码垛、扫地" in page.words(".corrections")


async def test_nothing_is_half_done_when_the_ledger_cannot_be_renewed(manager, placement, corrects, monkeypatch):
    from db.actions import ledger as ledger_actions
    from rules.errors import RuleBroken

    async def refused(ledger_row, *, actor, reason):
        raise RuleBroken("台账现在不能出新版。")

    monkeypatch.setattr(ledger_actions, "corrected", refused)
    await close_month()
    page = await corrects(manager, "placement", "started_on", "2026-11-30", status=422)
    assert "台账现在不能出新版" in page.words(".problems")
    assert not await Correction.exists()
    assert (await row_of(placement))["started_on"] == date(2026, 11, 29)


async def test_a_correction_is_kept_as_it_was_made(clerk, placement, corrects):
    from db.errors import ConstraintViolated

    await corrects(clerk, "placement", "started_on", "2026-11-30")
    with pytest.raises(ConstraintViolated):
        async with writing():
            await Correction.update({Correction.reason: "别的"}, force=True)
    with pytest.raises(ConstraintViolated):
        async with writing():
            await Correction.delete(force=True)
