"""The nightly run: kept, told to those it concerns, shown on the front pages and in health."""

from datetime import timedelta

import pytest

from db.actions.journal import record
from db.actions.verification import keep_run
from db.clock import at, now
from db.queries.verification import night_is_due
from db.tables.accounts import Alert
from db.tables.verification import Verification
from db.transaction import transact
from db.verify_record import Result, verify_record
from rules.journal import EventKind
from rules.verification import RecordPart, RunHow
from tests.cast import LAKE, LING, PEOPLE
from tests.web.conftest import MORNING

NIGHT = MORNING.replace(hour=2, minute=5)


async def put_run(*, wrong: bool = False, hours: float = 7, entries: int = 1_234_567) -> None:
    """A run that ended some hours ago."""
    result = Result(entries=entries, ledgers=3, papers=20)
    if wrong:
        result.say(RecordPart.JOURNAL, f"chain station:{LAKE}, entry 5", "its text or its hash was changed", LAKE)
    with at(now() - timedelta(hours=hours)):
        await keep_run(result, how=RunHow.NIGHTLY, began_at=now() - timedelta(seconds=20))


async def health(visitor) -> tuple[int, str]:
    answer = await visitor.client.get("/healthz")
    return answer.status_code, answer.json()["record"]


async def test_before_the_first_run_the_pages_say_so_and_health_is_well(clerk, passer_by):
    assert "第一次核对还没到时间" in (await clerk.reads("/desk")).words()
    assert (await health(passer_by))[1] == "ok"


async def test_a_good_night_is_one_line_on_the_front_pages(clerk, manager, officer, passer_by):
    await put_run()
    for visitor, url in ((clerk, "/desk"), (manager, "/desk"), (officer, "/supervision")):
        assert "记录12月1日 02:00核对无误，1,234,567 条" in (await visitor.reads(url)).words()
    assert (await health(passer_by))[1] == "ok 2026-12-01T02:00"
    assert (await manager.reads("/desk")).select_one('a[href="/desk/verification"]')
    assert not (await clerk.reads("/desk")).select_one('a[href="/desk/verification"]')


async def test_a_bad_night_is_told_to_the_station_and_the_district_and_health_is_503(manager, officer, stranger, passer_by):
    await put_run(wrong=True)
    assert "记录核对发现问题" in (await manager.reads("/desk")).words("[role=alert]")
    assert await health(passer_by) == (503, "wrong 2026-12-01T02:00")
    alerts = await Alert.select(Alert.kind, Alert.station).order_by(Alert.id)
    assert [(row["kind"], row["station"]) for row in alerts] == [("RECORD_WRONG", None), ("RECORD_WRONG", LAKE)]
    assert f"工作记录 station:{LAKE} 第 5 条：内容或校验码被改动" in (await manager.reads("/desk/alerts")).words("#alerts, main")
    page = await manager.reads("/desk/verification")
    assert f"工作记录 station:{LAKE} 第 5 条：内容或校验码被改动" in page.words("tbody")


async def test_a_good_run_after_a_bad_one_is_well_again(passer_by):
    await put_run(wrong=True, hours=31)
    await put_run()
    assert (await health(passer_by))[1].startswith("ok")


async def test_a_run_long_ago_is_said_to_be_old(manager, passer_by):
    await put_run(hours=50)
    assert "之后没有再核对" in (await manager.reads("/desk")).words()
    assert (await health(passer_by))[1] == "old 2026-11-29T07:00"


async def test_the_runs_are_listed_newest_first_and_narrowed_to_the_bad_ones(officer):
    await put_run(hours=31, entries=100)
    await put_run(wrong=True, hours=7, entries=200)
    page = await officer.reads("/supervision/verification")
    assert [row.select("td")[3].text for row in page.select("tbody tr")] == ["200", "100"]
    page = await officer.reads("/supervision/verification?show=wrong", fragment=True)
    assert [row.select("td")[3].text for row in page.select("tbody tr")] == ["200"]
    assert not page.select("h1")
    page = await officer.reads("/supervision/verification?show=junk&after=junk")
    assert len(page.select("tbody tr")) == 2


async def test_the_list_is_paged_and_says_when_it_is_empty(manager):
    assert "还没有核对过" in (await manager.reads("/desk/verification")).words(".empty")
    for number in range(51):
        await put_run(hours=24 * (52 - number), entries=number)
    page = await manager.reads("/desk/verification")
    assert len(page.select("tbody tr")) == 50
    page = await manager.reads(page.select_one("a[rel=next]")["href"])
    assert [row.select("td")[3].text for row in page.select("tbody tr")] == ["0"]


async def test_who_may_not_see_the_runs_is_refused(clerk, lawyer, passer_by):
    await clerk.reads("/desk/verification", status=403)
    await lawyer.reads("/desk/verification", status=403)
    await passer_by.reads("/desk/verification", status=303)


async def test_a_night_is_due_once(house):
    with at(NIGHT):
        assert await night_is_due()
        await keep_run(Result(), how=RunHow.NIGHTLY, began_at=now())
        assert not await night_is_due()
    with at(NIGHT + timedelta(hours=23)):
        assert not await night_is_due()
    with at(NIGHT + timedelta(hours=24)):
        assert await night_is_due()


async def test_a_run_by_hand_is_no_nightly_one(house):
    await keep_run(Result(), how=RunHow.COMMAND, began_at=now())
    assert await night_is_due()


async def test_what_was_verified_is_kept_and_journalled(house):
    for station in (LAKE, LING, None):
        await transact(record, EventKind.JOB_DRAFTED, subject="job", subject_id=1, actor=PEOPLE["chen"], station_id=station)
    result = await verify_record()
    await keep_run(result, how=RunHow.NIGHTLY, began_at=now())
    row = await Verification.select().first()
    assert (row["ok"], row["entries"], row["message"]) == (True, 3, "")
    assert (await verify_record()).entries == 4
    assert await Alert.count() == 0


@pytest.mark.parametrize(("hour", "up", "begins"), [(3, 0, True), (9, 0, False), (9, 3700, True), (1, 0, False)])
async def test_a_run_begins_at_night_or_an_hour_after_the_start(house, monkeypatch, hour, up, begins):
    from web import record_runs

    began = []

    async def run(self) -> None:
        began.append(True)

    monkeypatch.setattr(record_runs.RecordRuns, "_run", run)
    runs = record_runs.RecordRuns()
    runs._started -= up
    with at(MORNING.replace(hour=hour)):
        assert await runs.resume() == begins
    await runs.stop()


async def test_the_run_of_a_night_works_in_a_process_of_its_own(house, monkeypatch):
    """The real process on the database of this test; it finds the night due, verifies and keeps the result."""
    import os
    from pathlib import Path

    from piccolo_conf import DB
    from web.record_runs import RecordRuns

    if DB.engine_type == "sqlite":
        monkeypatch.setitem(os.environ, "STATION_DATA", str(Path(DB.path).parent))
    runs = RecordRuns()
    with at(NIGHT):
        assert await runs.resume() == 1
        assert await runs.resume() == 0, "one at a time"
        await runs._task
    row = await Verification.select().first()
    assert (row["how"], row["ok"]) == ("NIGHTLY", True)
