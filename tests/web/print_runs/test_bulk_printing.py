"""A whole morning's papers with one click: printed, named when they are not, stopped, taken up again, fetched."""

import asyncio
import io
import zipfile
from datetime import timedelta

import pytest
from pypdf import PdfReader

from db.actions import print_runs as actions
from db.actions.agreements import revise_agreement
from db.archive import kept_files
from db.clock import at, now
from db.tables.accounts import Session
from db.tables.agreements import Agreement
from db.tables.documents import Paper, PrintItem, PrintRun
from db.tables.journal import JournalEntry
from rules.codes import Bundle, PrintRunKind
from rules.errors import RuleBroken
from rules.print_runs import MAXIMUM, Wanted
from tests.web.agreement_scene import put_scene
from tests.web.conftest import MORNING
from tests.web.print_runs.conftest import CHEN, HOME, run_state, states
from web import print_runs
from web.print_runs import PrintRuns


async def fetched(person, url) -> bytes:
    await person.reads(url)
    response = await person.client.post(f"{url}/file", data=person.filled(f"{url}/file"))
    assert response.status_code == 200, response.text[:500]
    assert "no-store" in response.headers["cache-control"]
    return response.content


def pages(body: bytes) -> int:
    return len(PdfReader(io.BytesIO(body)).pages)


async def signs_in_again(person) -> None:
    """The session of days ago is over; this is a new one under the same cookie."""
    fresh = {Session.created_at: now(), Session.seen_at: now(), Session.expires_at: now() + timedelta(hours=12)}
    await Session.update(fresh).where(Session.account == person.account.id)


async def kinds(kind: str) -> int:
    return await JournalEntry.count().where(JournalEntry.kind == kind)


async def test_a_morning_is_printed_and_comes_as_one_file(clerk, drafts, runs, asks):
    url = await asks(clerk, kind="AGREEMENTS", bundle="PDF")
    await runs.settled()
    page = await clerk.reads(url)
    assert "已完成" in page.words("#progress h2")
    assert "每一份都打出来了" in page.words("#progress")
    assert set((await states()).values()) == {"PRINTED"}
    assert await kinds("PAPER_ISSUED") == await kinds("AGREEMENT_PRINTED") == 4
    assert pages(await fetched(clerk, url)) == 12
    assert await kinds("PRINT_RUN_FETCHED") == 1


async def test_for_both_sides_of_the_sheet_every_paper_begins_on_a_new_one(clerk, drafts, runs, asks):
    url = await asks(clerk, kind="AGREEMENTS", bundle="PDF", duplex="y")
    await runs.settled()
    assert pages(await fetched(clerk, url)) == 16


async def test_a_zip_holds_each_paper_under_its_number(clerk, drafts, runs, asks):
    url = await asks(clerk, kind="AGREEMENTS", bundle="ZIP")
    await runs.settled()
    with zipfile.ZipFile(io.BytesIO(await fetched(clerk, url))) as file:
        assert sorted(file.namelist()) == [f"{number}.pdf" for number in drafts]
        assert file.read(f"{drafts[2]}.pdf").endswith(f"%{drafts[2]}".encode())


async def test_what_was_printed_before_comes_as_it_is_and_is_issued_once(clerk, drafts, runs, asks, printer):
    await asks(clerk, kind="AGREEMENTS")
    await runs.settled()
    url = await asks(clerk, kind="AGREEMENTS", bundle="ZIP")
    await runs.settled()
    assert len(printer.printed) == 4
    assert await Paper.count() == 4
    assert len(zipfile.ZipFile(io.BytesIO(await fetched(clerk, url))).namelist()) == 4


async def test_a_draft_that_may_not_be_printed_is_named_with_the_reason(clerk, drafts, runs, asks):
    await ask_for_a_deposit(drafts[1])
    url = await asks(clerk, kind="AGREEMENTS")
    await runs.settled()
    page = await clerk.reads(url)
    assert drafts[1] in page.words("#progress table")
    assert "没有打印" in page.words("#progress table")
    assert pages(await fetched(clerk, url)) == 9
    assert (await states())[drafts[1]] == "DRAFT"


async def ask_for_a_deposit(number):
    """Somebody writes into a draft what the law forbids; it is saved with the words marked, and does not print."""
    row = await Agreement.select(Agreement.id).where(Agreement.number == number).first()
    await revise_agreement(row["id"], {"特别约定": "乙方先交押金500元。"}, actor=CHEN)


async def test_a_paper_the_printer_dies_on_is_tried_again(clerk, drafts, runs, asks, printer):
    printer.broken[drafts[0]] = 1
    await asks(clerk, kind="AGREEMENTS")
    await runs.settled()
    assert set((await states()).values()) == {"PRINTED"}


async def test_a_paper_that_never_prints_is_named_and_costs_only_itself(clerk, drafts, runs, asks, printer):
    printer.broken[drafts[3]] = 99
    url = await asks(clerk, kind="AGREEMENTS")
    await runs.settled()
    page = await clerk.reads(url)
    row = page.words("#progress table")
    assert drafts[3] in row
    assert "没有排出来" in row
    assert "打印程序中断" in row
    assert drafts[0] not in row
    assert (await states())[drafts[3]] == "DRAFT"
    assert pages(await fetched(clerk, url)) == 9


async def test_what_did_not_come_out_is_printed_with_one_more_click(clerk, drafts, runs, asks, printer):
    printer.broken[drafts[3]] = 2
    url = await asks(clerk, kind="AGREEMENTS")
    await runs.settled()
    before = set(kept_files())
    await clerk.sends(f"{url}/resumption", page=url)
    await runs.settled()
    assert "每一份都打出来了" in (await clerk.reads(url)).words("#progress")
    assert sorted(printer.printed) == drafts
    assert pages(await fetched(clerk, url)) == 12
    assert len(before - set(kept_files())) == 1  # the file that is out of date


async def test_the_page_says_how_far_it_is_without_script(clerk, drafts, runs, asks, printer):
    printer.gate.clear()
    url = await asks(clerk, kind="AGREEMENTS")
    page = await clerk.reads(url)
    assert page.select_one('noscript meta[http-equiv="refresh"]')["content"] == "3"
    assert page.select_one("progress")["max"] == "4"
    assert "0 / 4" in page.words("#progress")
    part = await clerk.reads(url, fragment=True)
    assert part.select_one("h1") is None
    assert part.select_one("#progress[hx-get]")
    printer.gate.set()
    await runs.settled()
    page = await clerk.reads(url)
    assert page.select_one("meta[http-equiv]") is None
    assert page.select_one("#progress[hx-get]") is None


async def test_it_is_cancelled_in_the_middle_and_what_is_issued_stays(clerk, drafts, runs, asks, printer, monkeypatch):
    monkeypatch.setattr(print_runs, "NOTED_TOGETHER", 1)
    first_two, cancelled = iter([True, True]), asyncio.Event()
    issue = printer.pdf

    async def pdf(template, context, **more):
        body = await issue(template, context, **more)
        if not next(first_two, False):
            await cancelled.wait()
        return body

    monkeypatch.setattr(printer, "pdf", pdf)
    url = await asks(clerk, kind="AGREEMENTS")
    while list((await states()).values()).count("PRINTED") < 2:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    await clerk.sends(f"{url}/cancellation", page=url)
    cancelled.set()
    await runs.settled()
    page = await clerk.reads(url)
    assert "已取消" in page.words("#progress h2")
    assert "没有轮到" in page.words("#progress")
    assert "每一份都打出来了" not in page.words("#progress")
    assert await Paper.count() == list((await states()).values()).count("PRINTED") >= 2
    assert await kinds("PRINT_RUN_CANCELLED") == 1
    await clerk.sends(f"{url}/file", status=422)
    monkeypatch.setattr(printer, "pdf", issue)
    await clerk.sends(f"{url}/resumption", page=url)
    await runs.settled()
    assert set((await states()).values()) == {"PRINTED"}
    assert await Paper.count() == 4
    assert pages(await fetched(clerk, url)) == 12


async def test_a_restart_goes_on_where_it_stopped(app, clerk, drafts, runs, asks, printer, monkeypatch):
    monkeypatch.setattr(print_runs, "NOTED_TOGETHER", 1)
    kept = printer.pdf

    async def pdf(template, context, **more):
        if len(printer.printed) >= 2:
            await asyncio.Event().wait()
        return await kept(template, context, **more)

    monkeypatch.setattr(printer, "pdf", pdf)
    url = await asks(clerk, kind="AGREEMENTS")
    while list((await states()).values()).count("PRINTED") < 2:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    await runs.stop()
    assert await run_state() == "RUNNING"
    assert printer.running == 0
    monkeypatch.setattr(printer, "pdf", kept)
    again = PrintRuns(app.settings, lambda: printer)
    with at(MORNING + timedelta(minutes=5)):
        assert await again.resume() == 1
        await again.settled()
    assert await run_state() == "DONE"
    assert sorted(printer.printed) == drafts
    assert await kinds("PAPER_ISSUED") == 4
    assert pages(await fetched(clerk, url)) == 12


async def test_a_paper_issued_just_before_the_power_went_is_not_issued_again(clerk, drafts, runs, asks, printer, monkeypatch):
    """Issued, and not yet noted: the run finds it and takes its bytes."""

    async def lost(*_):
        raise asyncio.CancelledError

    monkeypatch.setattr(actions, "note_outcomes", lost)
    url = await asks(clerk, kind="AGREEMENTS")
    await runs.settled()
    assert await Paper.count() > 0
    monkeypatch.undo()
    with at(MORNING + timedelta(minutes=5)):
        fresh = PrintRuns(runs.settings, lambda: printer)
        await fresh.resume()
        await fresh.settled()
    assert await Paper.count() == 4
    assert sorted(printer.printed) == drafts
    assert url


async def test_one_of_a_station_runs_and_the_next_waits(clerk, manager, drafts, runs, asks, printer):
    printer.gate.clear()
    await asks(clerk, kind="AGREEMENTS")
    second = await asks(manager, kind="BOARDS", sheet="A3", finish="OFFICE")
    await asyncio.sleep(0.05)
    assert "排队中" in (await manager.reads(second)).words("#progress h2")
    printer.gate.set()
    await runs.settled()
    assert "已完成" in (await manager.reads(second)).words("#progress h2")
    assert printer.running == 0


async def test_all_ten_boards_in_one_click(clerk, house, runs, asks, printer):
    url = await asks(clerk, kind="BOARDS", bundle="ZIP", sheet="A3", finish="OFFICE", day="")
    await runs.settled()
    with zipfile.ZipFile(io.BytesIO(await fetched(clerk, url))) as file:
        assert len(file.namelist()) == 10
        assert any("服务" in name or "制度" in name or "公约" in name for name in file.namelist())
    with at(MORNING + timedelta(days=8)):
        assert len(await actions.forget_files()) == 11
        assert await actions.forget_files() == []


async def test_a_day_of_referral_slips_and_of_seeker_cards(clerk, house, runs, asks, printer):
    scene = await put_scene()
    from db.tables.referrals import Referral

    await Referral.update({Referral.employer_answered_at: now()}).where(Referral.id == scene.referral)
    for kind, paper in (("REFERRAL_SLIPS", "P7"), ("SEEKER_CARDS", "P20")):
        url = await asks(clerk, kind=kind)
        await runs.settled()
        assert "已完成" in (await clerk.reads(url)).words("#progress h2"), (await clerk.reads(url)).words("#progress")
        assert await Paper.count().where(Paper.kind == paper) >= 1


async def test_nothing_to_print_and_a_day_to_come_are_refused_with_the_typing_kept(clerk, house, runs):
    page = await clerk.sends(HOME, page=HOME, kind="REFERRAL_SLIPS", day="2026-11-20", status=422)
    assert "没有双方都同意的推荐" in page.words(".problems")
    assert page.select_one("#day")["value"] == "2026-11-20"
    assert page.select_one("input[value=REFERRAL_SLIPS]").has_attr("checked")
    page = await clerk.sends(HOME, kind="AGREEMENTS", day="2027-01-01", status=422)
    assert "还没到" in page.words(".problems")
    page = await clerk.sends(HOME, kind="AGREEMENTS", day="", status=422)
    assert "哪一天" in page.words(".problems")
    assert await PrintRun.count() == 0


async def test_more_than_five_hundred_are_refused(house):
    too_many = [("agreement", place, f"XLW-2026-{place:06d}") for place in range(1, MAXIMUM + 2)]
    wanted = Wanted(PrintRunKind.AGREEMENTS, Bundle.PDF, MORNING.date())
    with pytest.raises(RuleBroken, match="超过500份"):
        await actions.ask_run(wanted, too_many, actor=CHEN)
    ref = await actions.ask_run(wanted, too_many[:-1], actor=CHEN)
    assert await PrintItem.count().where(PrintItem.run == ref.id) == MAXIMUM


async def test_sent_twice_it_is_asked_for_once(clerk, drafts, runs):
    await clerk.reads(HOME)
    await clerk.sends(HOME, kind="AGREEMENTS")
    await clerk.sends(HOME, **clerk.last)
    await runs.settled()
    assert await PrintRun.count() == 1


async def test_only_the_asker_fetches_the_file_and_only_for_a_week(clerk, reviewer, drafts, runs, asks):
    url = await asks(clerk, kind="AGREEMENTS")
    await runs.settled()
    page = await reviewer.reads(url)
    assert page.select_one(f'form[action="{url}/file"]') is None
    await reviewer.sends(f"{url}/file", status=422)
    with at(MORNING + timedelta(days=8)):
        assert len(await actions.forget_files()) == 1
        await signs_in_again(clerk)
        assert (await clerk.reads(url)).select_one(f'form[action="{url}/file"]') is None
        answer = await clerk.sends(f"{url}/file", status=422)
        assert "7天" in answer.words(".problems")
    assert await Paper.count() == 4


async def test_the_stranger_finds_nothing_and_readers_may_not_print(clerk, stranger, lawyer, officer, drafts, runs, asks):
    url = await asks(clerk, kind="AGREEMENTS")
    await runs.settled()
    await stranger.reads(url, status=404)
    for path in (f"{url}/file", f"{url}/cancellation", f"{url}/resumption"):
        await stranger.reads(HOME)
        await stranger.sends(path, status=404)
    assert drafts[0] not in (await stranger.reads(HOME)).words("main")
    for person in (lawyer, officer):
        await person.reads(HOME, status=403)
        await person.reads(url, status=403)
    await stranger.sends(HOME, kind="AGREEMENTS", status=422)  # nothing of theirs on this day


async def test_papers_of_another_day_count_as_looks(reviewer, drafts, runs, asks):
    """Printing the day's own papers is the day's work; later it is looking at people's data."""
    await asks(reviewer, kind="AGREEMENTS")
    await runs.settled()
    assert await kinds("REVEALED") == 0
    with at(MORNING + timedelta(days=1)):
        await signs_in_again(reviewer)
        await asks(reviewer, kind="AGREEMENTS", day="2026-12-01")
        await runs.settled()
    assert await kinds("REVEALED") == 4


async def test_the_list_is_narrowed_by_state(clerk, drafts, runs, asks):
    await asks(clerk, kind="AGREEMENTS")
    await runs.settled()
    assert "一天的协议" in (await clerk.reads(f"{HOME}?state=DONE")).words("table")
    assert "没有这个状态" in (await clerk.reads(f"{HOME}?state=FAILED")).words("main")
    assert "一天的协议" in (await clerk.reads(f"{HOME}?state=NONSENSE&page=")).words("table")


async def test_every_paper_can_be_seen_page_by_page(clerk, drafts, runs, asks):
    url = await asks(clerk, kind="AGREEMENTS")
    await runs.settled()
    page = await clerk.reads(f"{url}?all=1")
    assert [row.select_one("a").text for row in page.select("#progress tbody tr")] == drafts


async def test_no_number_names_or_contacts_are_kept_with_the_run(clerk, drafts, runs, asks):
    url = await asks(clerk, kind="AGREEMENTS")
    await runs.settled()
    assert "李小明" not in (await clerk.reads(f"{url}?all=1")).text
