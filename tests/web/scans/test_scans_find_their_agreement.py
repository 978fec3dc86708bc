"""The signed papers of a morning go through the scanner; the codes on them say which agreements they are."""

import io
import json

import pytest
from pypdf import PdfReader

from db import archive
from db.clock import at, now
from db.tables.agreements import Agreement, IncomingScan, SignedScan
from db.tables.journal import JournalEntry
from rules.journal_reading import readable
from tests.cast import LING
from tests.web.agreement_scene import state_of
from tests.web.scans.conftest import ONE, scans, states
from tests.web.scans.pictures import blurred, jpeg, page, pdf, photographed, png, skewed

SHOTS = {
    "as it is": lambda: png(page()),
    "jpeg 60": lambda: jpeg(page()),
    "askew": lambda: jpeg(skewed(page())),
    "upside down": lambda: jpeg(page().rotate(180)),
    "on its side, askew": lambda: jpeg(skewed(page(), 87)),
    "blurred": lambda: jpeg(blurred(page())),
    "photographed": lambda: jpeg(photographed(page(dots=250))),
    "pdf": lambda: pdf(page(), page(codes=()), page()),
}


@pytest.mark.parametrize("shot", list(SHOTS))
async def test_a_scan_signs_the_agreement_whose_code_is_on_it(clerk, printed, uploads, shot):
    body = SHOTS[shot]()
    listed = await uploads(clerk, body)
    assert "1份已经自动归入" in listed.words(".said")
    assert await states() == {"XLW-2026-000001": "SIGNED"}
    assert await state_of(printed.referral) == "CONFIRMED"
    assert [(state, number) for state, number, _ in await scans()] == [("FOUND", "XLW-2026-000001")]
    kept = await SignedScan.select(SignedScan.archive_key, SignedScan.sha256).first()
    assert await archive.opened(kept["archive_key"], kept["sha256"]) == body
    entries = await JournalEntry.select(JournalEntry.kind, JournalEntry.body).where(JournalEntry.kind.like("SCAN%"))
    assert sorted(entry["kind"] for entry in entries) == ["SCAN_ASSIGNED", "SCAN_RECEIVED"]
    placed = next(entry for entry in entries if entry["kind"] == "SCAN_ASSIGNED")
    assert json.loads(placed["body"])["particulars"]["by_hand"] is False
    signed = await JournalEntry.select(JournalEntry.body).where(JournalEntry.kind == "AGREEMENT_SIGNED").first()
    assert ("看过各方的签名", "是") in readable(json.loads(signed["body"])["particulars"])


@pytest.mark.parametrize("tick", [{}, {"signatures_seen": ""}, {"signatures_seen": "false"}])
async def test_nothing_counts_as_signed_before_somebody_looked_at_the_signatures(clerk, printed, uploads, tick):
    before = archive.kept_files()
    files = [("scans", ("a.jpg", jpeg(page()), "image/jpeg"))]
    sheet = await clerk.sends("/desk/scans", page="/desk/scans", files=files, status=422, **tick)
    assert "请先看一看每份扫描件上各方的签名，再勾选确认。" in sheet.words(".problems")
    assert sheet.select_one("#signatures_seen[aria-invalid]") is not None
    assert "把文件再选一次" in sheet.words("#scans-again")
    assert await IncomingScan.count() == 0
    assert archive.kept_files() == before
    assert await states() == {"XLW-2026-000001": "PRINTED"}
    sheet = await clerk.sends("/desk/scans", signatures_seen="y", status=422)
    assert "请先选择" in sheet.words(".problems")
    assert sheet.select_one("#signatures_seen[checked]") is not None, "the tick is kept, the files are not"
    await clerk.sends("/desk/scans", files=files)
    assert await IncomingScan.count() == 1


async def test_a_pile_scanned_into_one_file_is_cut_into_its_agreements(clerk, two_printed, uploads):
    first, second = "XLW-2026-000001", "XLW-2026-000002"
    body = pdf(page(first), page(codes=()), page(second), page(second), page(second))
    listed = await uploads(clerk, body)
    assert "2份已经自动归入" in listed.words(".said")
    assert await states() == {first: "SIGNED", second: "SIGNED"}
    rows = await IncomingScan.select().order_by(IncomingScan.id)
    assert [(row["read_number"], row["pages"]) for row in rows] == [(first, 2), (second, 3)]
    for row in rows:
        part = await archive.opened(row["archive_key"], row["sha256"])
        assert len(PdfReader(io.BytesIO(part)).pages) == row["pages"]
    assert "SCAN_SPLIT" in [row["kind"] for row in await JournalEntry.select(JournalEntry.kind)]


async def test_several_files_at_once_say_what_became_of_each(clerk, two_printed, uploads):
    listed = await uploads(clerk, jpeg(page("XLW-2026-000001")), b"not a scan", jpeg(page("XLW-2026-000002")), jpeg(page(codes=())))
    said = listed.words(".said")
    assert "2份已经自动归入" in said
    assert "1份没有认出" in said
    assert "第2个文件：这不是PDF" in said
    assert len(listed.select("#scans tbody tr")) == 3


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("XLW-2026-000099", "本站没有编号为XLW-2026-000099的协议"),
        ("T26120100001", "不是协议的（编号T26120100001）"),
        ("XLW-2026-000001-V2", "第2版，协议现在是第1版"),
    ],
)
async def test_another_number_waits_with_a_sentence(clerk, printed, uploads, number, why):
    listed = await uploads(clerk, jpeg(page(number)))
    assert why in listed.words("#scans")
    assert [state for state, _, _ in await scans()] == ["UNKNOWN"]
    assert await states() == {"XLW-2026-000001": "PRINTED"}
    assert await SignedScan.count() == 0


async def test_codes_of_strangers_are_no_numbers(clerk, printed, uploads):
    await uploads(clerk, jpeg(page(codes=("https://example.com/pay?to=1", "XLW-2026-000001"))))
    assert [(state, number) for state, number, _ in await scans()] == [("UNKNOWN", "")]
    assert await states() == {"XLW-2026-000001": "PRINTED"}


async def test_two_papers_on_one_photo_are_not_guessed(clerk, two_printed, uploads):
    both = tuple(f"https://lg.example.gov.cn/verify/XLW-2026-00000{n}" for n in (1, 2))
    listed = await uploads(clerk, jpeg(page(codes=both)))
    assert "分开扫描" in listed.words("#scans")
    assert set((await states()).values()) == {"PRINTED"}


async def test_the_paper_of_an_earlier_version_signs_nothing(clerk, passer_by, printed, uploads, quick_printer):
    from datetime import timedelta

    with at(now() + timedelta(minutes=1)):
        await clerk.sends(ONE + "/edit", page=ONE + "/edit", quality="码五层")
        await clerk.sends(ONE + "/paper", page=ONE)
    assert quick_printer.printed[-1][1].verify_url.endswith("/verify/XLW-2026-000001-V2")
    listed = await uploads(clerk, jpeg(page("XLW-2026-000001")))
    assert "第1版，协议现在是第2版" in listed.words("#scans")
    assert await states() == {"XLW-2026-000001": "PRINTED"}
    (row,) = await IncomingScan.select()
    where = f"/desk/scans/{row['id']}"
    sheet = await clerk.sends(f"{where}/assignment", page=where, number="XLW-2026-000001", status=422)
    assert "第2版重新签字" in sheet.words(".problems")
    await uploads(clerk, jpeg(page("XLW-2026-000001-V2")))
    assert await states() == {"XLW-2026-000001": "SIGNED"}
    await passer_by.reads("/verify/XLW-2026-000001-V2")


async def test_a_void_agreement_is_not_signed_by_its_old_paper(clerk, printed, uploads):
    await clerk.sends(ONE + "/voiding", page=ONE, reason="双方改了日期，重新签")
    listed = await uploads(clerk, jpeg(page()))
    assert "作废，这张纸不能再用" in listed.words("#scans")
    assert await states() == {"XLW-2026-000001": "VOID"}


async def test_a_second_scan_waits_and_may_be_put_beside_the_first(clerk, printed, uploads):
    await uploads(clerk, jpeg(page()))
    listed = await uploads(clerk, png(page()))
    assert "已经有签好的扫描件" in listed.words("#scans")
    row = await IncomingScan.select().where(IncomingScan.state == "UNKNOWN").first()
    where = f"/desk/scans/{row['id']}"
    sent = await clerk.sends(f"{where}/assignment", page=where, number="xlw—2026—000001")
    assert sent.headers["location"].endswith(ONE)
    assert await SignedScan.count() == 2
    assert (await IncomingScan.select().where(IncomingScan.id == row["id"]).first())["state"] == "ASSIGNED"


async def test_another_stations_scan_tells_nothing_and_reaches_nobody(stranger, printed, uploads):
    listed = await uploads(stranger, jpeg(page()))
    assert "本站没有编号为XLW-2026-000001的协议" in listed.words("#scans")
    assert (await Agreement.select(Agreement.state).first())["state"] == "PRINTED"
    (row,) = await IncomingScan.select()
    assert row["station"] == LING


async def test_what_was_not_recognised_is_looked_at_and_assigned_or_dismissed(clerk, printed, uploads):
    await uploads(clerk, jpeg(page(codes=())), jpeg(page(codes=()), 70))
    first, second = await IncomingScan.select().order_by(IncomingScan.id)
    where = f"/desk/scans/{first['id']}"
    sheet = await clerk.sends(f"{where}/assignment", page=where, number="XLW-2026-000098", status=422)
    assert "没有这个编号的协议" in sheet.words(".problems")
    assert sheet.select_one("[name=number]")["value"] == "XLW-2026-000098"
    await clerk.sends(f"{where}/assignment", page=where, number="XLW-2026-000001")
    assert await states() == {"XLW-2026-000001": "SIGNED"}

    where = f"/desk/scans/{second['id']}"
    sheet = await clerk.sends(f"{where}/dismissal", page=where, reason="错了", status=422)
    assert "至少5个字" in sheet.words(".problems")
    assert sheet.select_one("[name=reason]").text.strip() == "错了"
    await clerk.sends(f"{where}/dismissal", page=where, reason="拍成了身份证，不该存")
    assert second["archive_key"] not in archive.kept_files()
    assert await IncomingScan.count() == 2
    await clerk.sends(f"{where}/dismissal", reason="拍成了身份证，不该存", form_token="another", status=422)
    listed = await clerk.reads("/desk/scans?state=DISMISSED")
    assert len(listed.select("#scans tbody tr")) == 1


async def test_the_file_is_a_download_for_its_own_station(clerk, lawyer, stranger, officer, printed, uploads):
    body = jpeg(page(codes=()))
    await uploads(clerk, body)
    (row,) = await IncomingScan.select()
    where = f"/desk/scans/{row['id']}"
    answer = await lawyer.fetches(f"{where}/file")
    assert answer.content == body
    assert answer.headers["content-disposition"].startswith("attachment")
    await stranger.reads(where, status=404)
    await stranger.fetches(f"{where}/file", status=404)
    await officer.reads("/desk/scans", status=403)
    shown = await lawyer.reads(where)
    assert shown.select("main form") == []
    await lawyer.sends(f"{where}/assignment", number="XLW-2026-000001", status=403)
    await lawyer.sends("/desk/scans", status=403, files=[("scans", ("a.jpg", body, "image/jpeg"))])
    await stranger.sends(f"{where}/assignment", page="/desk/scans", number="XLW-2026-000001", status=404)
    await stranger.sends(f"{where}/dismissal", page="/desk/scans", reason="不是本站的文件", status=404)


async def test_choosing_nothing_or_only_junk_is_refused(clerk, house, uploads):
    before = archive.kept_files()
    sheet = await clerk.sends("/desk/scans", page="/desk/scans", status=422)
    assert "请先选择" in sheet.words(".problems")
    assert "请先看一看每份扫描件上各方的签名" in sheet.words(".problems")
    sheet = await uploads(clerk, b"MZ\x90\x00" + bytes(50), status=422)
    assert "不是PDF" in sheet.words(".problems")
    assert await IncomingScan.count() == 0
    assert archive.kept_files() == before


async def test_a_double_click_receives_the_files_once(clerk, printed, uploads):
    await uploads(clerk, jpeg(page()))
    again = await clerk.client.post("/desk/scans", data=clerk.last, files=[("scans", ("a.jpg", jpeg(page()), "image/jpeg"))])
    assert again.status_code == 303
    assert await IncomingScan.count() == 1


async def test_what_a_stopped_server_left_unread_is_read_at_the_next_start(app, clerk, printed, uploads, monkeypatch):
    from datetime import timedelta

    runs = app.litestar.state.scans
    monkeypatch.setattr(runs, "start", lambda scan_id: None)
    listed = await uploads(clerk, jpeg(page()))
    assert "1份还在识别" in listed.words(".said")
    assert listed.select_one("#scans[hx-get]") is not None
    monkeypatch.undo()
    assert await runs.resume() == 0, "somebody may still be reading it"
    with at(now() + timedelta(minutes=6)):
        assert await runs.resume() == 1
        await runs.within(60)
    assert await states() == {"XLW-2026-000001": "SIGNED"}
    part = await clerk.reads("/desk/scans", fragment=True)
    assert part.select_one("h1") is None
    assert part.select_one("#scans[hx-get]") is None


async def test_an_empty_list_says_what_to_do(clerk, lawyer, house):
    assert "还没有上传过" in (await clerk.reads("/desk/scans")).words(".empty")
    assert "没有这种状态" in (await clerk.reads("/desk/scans?state=FOUND")).words(".empty")
    assert (await lawyer.reads("/desk/scans")).select("main form[method=post]") == []
