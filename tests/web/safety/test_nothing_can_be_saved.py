"""A disk that is full, a database that may only be read: the person is told, keeps what was typed, and reads on."""

import errno
from datetime import timedelta
from urllib.parse import unquote

import pytest

from db import archive, storage
from db.actions.accounts import TOUCH
from db.actions.backups import note_backup
from db.clock import at
from db.errors import StorageBusy, StorageDown
from db.tables.accounts import Session, Submission
from db.tables.employers import EmployerDocument
from db.tables.journal import JournalEntry
from db.tables.seekers import Consent, Seeker, SeekerTrade
from db.verify_journal import verify
from rules.journal import EventKind
from tests.visitor import Sheet, Visitor, path_of
from tests.web.conftest import MORNING
from tests.web.employers.test_employer_documents import licence
from tests.web.posts_scene import put_employer
from tests.web.rows import put_seeker
from tests.web.seekers.conftest import typed
from tests.web.storage_scene import full_disk, read_only

FORM = "/desk/seekers/new"


async def sends_again(clerk: Visitor, page: Sheet, status: int = 303) -> Sheet:
    """Press the button of the page that kept what was typed, lists of ticks included."""
    values: dict[str, list[str]] = {}
    for field in page.select("form.kept input[name]"):
        values.setdefault(field["name"], []).append(field["value"])
    answer = await clerk.client.post(page.select_one("form.kept")["action"], data=values)
    assert answer.status_code == status, answer.text[:600]
    return clerk._sheet(answer)


TROUBLES = pytest.mark.parametrize(
    ("trouble", "state", "title", "sentence"),
    [(full_disk, "full", "磁盘已满", "磁盘已满，这次没有保存"), (read_only, "read-only", "现在只能查看", "系统现在只能查看，这次没有保存")],
)


@pytest.fixture(autouse=True)
def _a_fresh_look(monkeypatch):
    monkeypatch.setattr(storage, "ANSWER_SECONDS", -1.0)


def person(number: int) -> dict:
    """周水生 and others like him, each with an identity number of their own and much to say."""
    digits = f"420199197803{number % 28 + 1:02d}9{number:02d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    check = "10X98765432"[sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % 11]
    return typed(id_number=digits + check, phone=f"199{number:08d}", skills="搬运、码垛、分拣，" * 12)


async def kept() -> dict[str, int]:
    """How much of everything a registration writes is there."""
    return {
        "seekers": await Seeker.count(),
        "entries": await JournalEntry.count().where(JournalEntry.kind == EventKind.SEEKER_REGISTERED.value),
        "consents": await Consent.count(),
        "forms": await Submission.count(),
        "trades": await SeekerTrade.count() // 2,
    }


@TROUBLES
async def test_what_was_typed_stays_on_the_page_and_is_saved_once_afterwards(clerk, trouble, state, title, sentence):
    await clerk.reads(FORM)
    async with trouble():
        for number in range(60):  # a full disk has room for a row or two in pages that are there already
            page = await clerk.reads(FORM)
            answer = await clerk.client.post("/desk/seekers", data=clerk.filled("/desk/seekers") | person(number))
            counts = await kept()
            assert len(set(counts.values())) == 1, counts
            if answer.status_code == 503:
                break
            assert answer.status_code == 303
        assert answer.status_code == 503
        assert counts["seekers"] == number
        page = clerk._sheet(answer)
        assert page.words("h1") == title
        assert sentence in page.words("[role=alert]")
        assert "请告诉管理员后再提交" in page.words("[role=alert]")
        assert page.select_one("form input[name=name]")["value"] == "周水生"
        assert "请不要关掉这一页" in page.words("form.kept")
        assert page.select_one("main a.btn") is None, "no big button leads away from what was typed"
        assert page.select_one("form input[name=skills]")["value"] == person(number)["skills"]
        assert answer.headers["retry-after"]
        page = await sends_again(clerk, page, 503)
        await clerk.reads("/desk/seekers")
        health = await clerk.fetches("/healthz", status=503)
        assert health.json()["storage"] == state
        assert (await verify())[1] is None
    assert (await clerk.fetches("/healthz")).json()["storage"] in ("ok", "low")
    again = await sends_again(clerk, page)
    assert path_of(again) == f"/desk/seekers/Q26015{number + 1:06d}"
    assert await kept() == dict.fromkeys(counts, number + 1)
    twice = await sends_again(clerk, page)
    assert path_of(twice) == path_of(again)
    assert await kept() == dict.fromkeys(counts, number + 1)
    assert (await verify())[1] is None


@TROUBLES
async def test_people_go_on_reading_although_their_last_look_cannot_be_noted(clerk, trouble, state, title, sentence):
    number = "Q26015000123"
    await put_seeker(number)
    before = await Session.select(Session.seen_at).first()
    with at(MORNING + TOUCH + timedelta(minutes=1)):
        async with trouble():
            page = await clerk.reads(f"/desk/seekers/{number}")
            assert "王小明" in page.words()
            if state == "read-only":
                assert await Session.select(Session.seen_at).first() == before
        await clerk.reads(f"/desk/seekers/{number}")
        assert await Session.select(Session.seen_at).first() != before


async def test_a_part_of_a_page_says_it_in_a_header_and_leaves_the_form_alone(clerk):
    await clerk.reads(FORM)
    async with read_only():
        values = clerk.filled("/desk/seekers") | typed()
        answer = await clerk.client.post("/desk/seekers", data=values, headers={"HX-Request": "true"})
    assert answer.status_code == 503
    assert unquote(answer.headers["x-said"]).startswith("系统现在只能查看，这次没有保存。刚才填写的内容还在页面上")
    assert "19900000101" not in str(answer.headers)


@pytest.fixture
def full_archive(monkeypatch):
    """The disk is full where papers and scans lie."""

    def fails(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(archive.os, "fsync", fails)
    return monkeypatch


async def test_a_scan_that_does_not_fit_leaves_neither_file_nor_row(clerk, full_archive):
    id = await put_employer(verified=False)
    page = await clerk.sends(
        f"/desk/employers/{id}/documents",
        status=503,
        page=f"/desk/employers/{id}",
        files=licence(),
        kind="LICENCE",
        number="91420112MA4KXXXX0X",
        valid_to="2028-01-01",
    )
    assert "磁盘已满，这次没有保存" in page.words("[role=alert]")
    assert "上传的文件要重新选" in page.words("[role=alert]")
    assert page.select_one("form input[name=number]")["value"] == "91420112MA4KXXXX0X"
    assert await EmployerDocument.count() == 0
    assert not list(archive.folder().glob("*/*.draft"))
    full_archive.undo()
    assert await clerk.reads(f"/desk/employers/{id}")


async def test_another_fault_of_the_operating_system_is_a_fault_of_ours(passer_by, monkeypatch):
    def fails(*_: object, **__: object) -> None:
        raise FileNotFoundError(errno.ENOENT, "gone")

    monkeypatch.setattr("web.routes.front.set_cookie", fails)
    page = await passer_by.reads("/type-size?big=1&back=/jobs", status=500)
    assert page.words("h1") == "系统出错了"


async def test_with_the_database_away_the_form_of_somebody_signed_in_is_kept(clerk, monkeypatch):
    await clerk.reads(FORM)

    async def away(*_: object) -> None:
        raise StorageDown("ConnectionRefusedError")

    with monkeypatch.context() as broken:
        broken.setattr("web.sessions.queries.session_in_force", away)
        page = await clerk.sends("/desk/seekers", status=503, **typed())
        assert page.words("h1") == "系统暂时不能用"
        await clerk.reads("/desk/seekers", status=503)
    assert path_of(await sends_again(clerk, page)) == "/desk/seekers/Q26015000001"


async def test_a_busy_database_keeps_what_was_typed_too(clerk, monkeypatch):
    async def busy(*_: object, **__: object) -> None:
        raise StorageBusy("others have been writing for too long")

    with monkeypatch.context() as broken:
        broken.setattr("web.routes.seekers.actions.register_seeker", busy)
        page = await clerk.sends("/desk/seekers", status=503, page=FORM, **typed())
    assert "请过几秒再提交一次" in page.words("[role=alert]")
    assert page.headers["retry-after"] == "5"
    await sends_again(clerk, page)
    assert await Seeker.count() == 1


async def test_the_health_page_says_when_the_last_backup_was_made(passer_by):
    assert (await passer_by.fetches("/healthz")).json()["backup"] == "none"
    await note_backup("station-2026-12-01T010000Z.age", 1000, "0" * 64, 2)
    assert (await passer_by.fetches("/healthz")).json()["backup"] == "2026-12-01T09:00"


async def test_little_room_is_told_before_it_is_none(passer_by, monkeypatch):
    monkeypatch.setattr(storage, "_free", lambda: 100 << 20)
    assert (await passer_by.fetches("/healthz")).json()["storage"] == "low"
    monkeypatch.setattr(storage, "_free", lambda: 10 << 20)
    assert (await passer_by.fetches("/healthz", status=503)).json()["storage"] == "full"
