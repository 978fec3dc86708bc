"""From the printed paper to the copy in the worker's hand."""

import io
import json
from datetime import timedelta

import pytest
from PIL import Image
from pypdf import PdfReader

from db import archive
from db.actions.agreements import attach_kept_scan, mark_printed
from db.clock import at, now
from db.tables.agreements import Agreement, SignedScan
from db.tables.documents import Paper
from db.tables.journal import JournalEntry
from rules.errors import RuleBroken
from rules.journal_reading import readable
from tests.cast import PEOPLE
from tests.visitor import path_of
from tests.web.agreement_scene import WORKER_ID, put_guidance, put_scene, state_of
from tests.web.agreements.conftest import blank_pdf

NEW = "/desk/referrals/T26120100001/agreement?guidance=Y2612010001"
ONE = "/desk/agreements/XLW-2026-000001"
SEEN = {"signatures_seen": "y"}


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (80, 120), "white").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
async def draft(clerk, scene):
    await clerk.sends(NEW, page=NEW, quality="码齐")
    return scene


@pytest.fixture
async def printed(clerk, draft, quick_printer):
    await clerk.sends(ONE + "/paper", page=ONE)
    return draft


@pytest.fixture
async def signed(clerk, printed):
    await clerk.sends(ONE + "/scan", page=ONE, **SEEN, files={"scan": ("signed.pdf", blank_pdf(), "application/pdf")})
    return printed


async def kinds() -> list[str]:
    return [row["kind"] for row in await JournalEntry.select(JournalEntry.kind).order_by(JournalEntry.seq)]


async def state() -> str:
    row = await Agreement.select(Agreement.state).first()
    return row["state"]


async def test_the_printed_paper_says_who_how_much_and_which_number(clerk, scene, real_printer):
    await clerk.sends(NEW, page=NEW, quality="码齐")
    await clerk.sends(ONE + "/paper", page=ONE)
    answer = await clerk.fetches(ONE + "/paper.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(answer.content)).pages
    text = "".join("".join(page.extract_text() for page in pages).split())
    for words in ("武汉湖滨物流有限公司", "李小明", WORKER_ID, "陆佰陆拾元整", "XLW-2026-000001", "驿站不是协议当事人", "码齐"):
        assert words in text, words
    assert all(f"第{n}页" in "".join(page.extract_text().split()) for n, page in enumerate(pages, 1))
    paper = await Paper.select(Paper.sha256, Paper.size, Paper.snapshot, Paper.copy_number).first()
    assert paper["size"] == len(answer.content)
    assert "李小明" not in str.__str__(paper["snapshot"])
    row = await JournalEntry.select(JournalEntry.body).where(JournalEntry.kind == "PAPER_ISSUED").first()
    assert json.loads(row["body"])["particulars"]["sha256"] == paper["sha256"]


async def test_a_rare_name_prints(clerk, house, real_printer):
    await put_guidance(await put_scene(worker="王䶮"))
    await clerk.sends(NEW, page=NEW)
    await clerk.sends(ONE + "/paper", page=ONE)
    answer = await clerk.fetches(ONE + "/paper.pdf")
    assert "王䶮" in "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages).split())


async def test_a_name_no_font_has_is_refused_by_name(clerk, house, quick_printer):
    await put_guidance(await put_scene(worker="王\U00031069"))
    await clerk.sends(NEW, page=NEW)
    page = await clerk.sends(ONE + "/paper", page=ONE, status=422)
    assert "乙方姓名" in page.words(".problems")
    assert "U+31069" in page.words(".problems")
    assert quick_printer.printed == []
    assert await state() == "DRAFT"


async def test_printing_twice_issues_one_paper(clerk, draft, quick_printer):
    await clerk.sends(ONE + "/paper", page=ONE)
    repeated = await clerk.client.post(ONE + "/paper", data=clerk.last)
    assert repeated.status_code == 303
    assert await Paper.count() == 1
    assert (await kinds()).count("AGREEMENT_PRINTED") == 1
    assert await state() == "PRINTED"


async def test_the_page_says_draft_print_sign_deliver(clerk, draft):
    page = await clerk.reads(ONE)
    assert page.words(".steps [aria-current]") == "起草核对"
    assert page.select_one(f'form[action="{ONE}/paper"]')


async def test_a_draft_changed_meanwhile_is_not_printed(clerk, draft):
    kept = await archive.keep(b"%PDF- old")
    row = await Agreement.select(Agreement.id, Agreement.changed_at).first()
    with pytest.raises(RuleBroken, match="有人改了"):
        await mark_printed(row["id"], snapshot="{}", kept=kept, drafted_at=row["changed_at"] - timedelta(seconds=1), actor=PEOPLE["chen"])
    assert await Paper.count() == 0


async def test_revising_a_printed_agreement_makes_the_next_version_and_voids_the_paper(clerk, printed, quick_printer):
    page = await clerk.reads(ONE + "/edit")
    assert "第2版" in page.words(".note")
    with at(now() + timedelta(minutes=1)):
        await clerk.sends(ONE + "/edit", quality="码五层")
        await clerk.sends(ONE + "/paper", page=ONE)
    papers = await Paper.select(Paper.copy_number, Paper.voided_at, Paper.archive_key, Paper.sha256).order_by(Paper.copy_number)
    assert [(paper["copy_number"], paper["voided_at"] is None) for paper in papers] == [(1, False), (2, True)]
    assert quick_printer.printed[-1][1].version == 2
    current = await clerk.fetches(ONE + "/paper.pdf")
    assert current.content == await archive.opened(papers[1]["archive_key"], papers[1]["sha256"])
    await clerk.fetches(ONE + "/paper.pdf?copy=1")
    assert quick_printer.printed[-1][1].version == 1, "the voided copy is laid out again, for its mark"
    assert await archive.opened(papers[0]["archive_key"], papers[0]["sha256"])
    assert "PAPER_VOIDED" in await kinds()


async def test_before_printing_there_is_no_paper_and_no_scan(clerk, draft):
    await clerk.fetches(ONE + "/paper.pdf", status=404)
    page = await clerk.sends(ONE + "/scan", page=ONE, status=422, **SEEN, files={"scan": ("a.jpg", photo(), "image/jpeg")})
    assert "不能登记已签订" in page.words(".problems")
    assert await SignedScan.count() == 0


async def test_the_signed_scan_confirms_the_referral(clerk, printed):
    saved = await clerk.sends(ONE + "/scan", page=ONE, **SEEN, files={"scan": ("任意.exe", photo(), "application/x-msdownload")})
    page = await clerk.follows(saved)
    assert "必须把一份交给零工" in page.words(".urgent")
    assert await state() == "SIGNED"
    assert await state_of(printed.referral) == "CONFIRMED"
    assert {"AGREEMENT_SIGNED", "REFERRAL_CONFIRMED"} <= set(await kinds())


async def test_the_scan_comes_back_as_a_download_with_the_kept_bytes(clerk, lawyer, stranger, officer, passer_by, printed):
    body = photo()
    await clerk.sends(ONE + "/scan", page=ONE, **SEEN, files={"scan": ("a.jpg", body, "image/jpeg")})
    page = await clerk.reads(ONE)
    link = page.select_one("a[href*='/scans/']")["href"]
    answer = await lawyer.fetches(link)
    assert answer.content == body
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["content-disposition"].startswith("attachment")
    await stranger.fetches(link, status=404)
    await officer.fetches(link, status=403)
    await passer_by.fetches(link, status=303)
    await clerk.fetches(ONE + "/scans/12345", status=404)
    kept = await SignedScan.select(SignedScan.archive_key).first()
    on_disk = (archive.folder() / kept["archive_key"][:2] / f"{kept['archive_key']}.sealed").read_bytes()
    assert body[:40] not in on_disk


@pytest.mark.parametrize(
    ("name", "body", "sentence"),
    [
        ("empty.pdf", b"", "空的"),
        ("program.pdf", b"MZ\x90\x00" + bytes(500), "不是PDF"),
        ("broken.pdf", b"%PDF-1.7\n" + bytes(500), "打不开"),
        ("page.png", b"\x89PNG\r\n\x1a\n" + b"<script>alert(1)</script>", "打不开"),
        ("large.pdf", b"%PDF-1.7\n" + b"x" * (10 * 1024 * 1024), "10 MB"),
    ],
    ids=["empty", "exe", "broken", "html in png", "over 10 MB"],
)
async def test_a_bad_scan_is_refused_with_a_sentence(clerk, printed, name, body, sentence):
    page = await clerk.sends(ONE + "/scan", page=ONE, status=422, **SEEN, files={"scan": (name, body, "application/pdf")})
    assert sentence in page.words(".problems")
    assert await state() == "PRINTED"
    assert await SignedScan.count() == 0


async def test_fifty_megabytes_are_refused_at_the_gate(clerk, printed):
    await clerk.reads(ONE)
    page = await clerk.sends(ONE + "/scan", status=413, **SEEN, files={"scan": ("a.pdf", bytes(50 * 1024 * 1024), "application/pdf")})
    assert "10 MB" in page.words()


async def test_choosing_no_file_says_so(clerk, printed):
    page = await clerk.sends(ONE + "/scan", page=ONE, status=422, **SEEN)
    assert "请先选择" in page.words(".problems")
    assert page.select_one("#signatures_seen[checked]") is not None, "the tick is kept"


@pytest.mark.parametrize("tick", [{}, {"signatures_seen": ""}, {"signatures_seen": "false"}])
async def test_it_counts_as_signed_when_somebody_looked_at_the_signatures(clerk, printed, tick):
    before = archive.kept_files()
    files = {"scan": ("a.jpg", photo(), "image/jpeg")}
    page = await clerk.sends(ONE + "/scan", page=ONE, status=422, files=files, **tick)
    assert "请先看一看每份扫描件上各方的签名，再勾选确认。" in page.words(".problems")
    assert page.select_one("#signatures_seen[aria-invalid]") is not None
    assert "把文件再选一次" in page.words("#scan-again")
    assert await SignedScan.count() == 0
    assert archive.kept_files() == before, "nothing is left of a scan that was refused"
    assert await state() == "PRINTED"
    await clerk.sends(ONE + "/scan", files=files, **SEEN)
    assert await state() == "SIGNED"
    entry = await JournalEntry.select(JournalEntry.body).where(JournalEntry.kind == "AGREEMENT_SIGNED").first()
    assert ("看过各方的签名", "是") in readable(json.loads(entry["body"])["particulars"])


async def test_no_way_around_the_tick_for_the_signatures(printed):
    row = await Agreement.select(Agreement.id).first()
    scan = await archive.keep_scan(photo())
    with pytest.raises(RuleBroken, match="各方的签名"):
        await attach_kept_scan(row["id"], scan, signatures_seen=False, actor=PEOPLE["chen"])
    assert await state() == "PRINTED"


async def test_a_clearer_scan_needs_its_signatures_looked_at_too(clerk, signed):
    page = await clerk.sends(ONE + "/scan", page=ONE, status=422, files={"scan": ("b.jpg", photo(), "image/jpeg")})
    assert page.select_one("details[open] #signatures_seen[aria-invalid]") is not None
    assert await SignedScan.count() == 1


async def test_uploading_twice_by_double_click_keeps_one_scan(clerk, printed):
    await clerk.sends(ONE + "/scan", page=ONE, **SEEN, files={"scan": ("a.jpg", photo(), "image/jpeg")})
    before = archive.kept_files()
    repeated = await clerk.client.post(ONE + "/scan", data=clerk.last, files={"scan": ("a.jpg", photo(), "image/jpeg")})
    assert repeated.status_code == 303
    assert await SignedScan.count() == 1
    assert archive.kept_files() == before, "the second copy of the file is not left lying in the archive"


async def test_a_clearer_scan_stands_beside_the_first(clerk, signed):
    await clerk.sends(ONE + "/scan", page=ONE, **SEEN, files={"scan": ("b.jpg", photo(), "image/jpeg")})
    assert await SignedScan.count() == 2
    assert await state() == "SIGNED"


async def test_delivery_needs_the_tick_and_says_how(clerk, signed):
    page = await clerk.sends(ONE + "/delivery", page=ONE, status=422)
    assert "必须把一份交给零工" in page.words(".problems")
    await clerk.sends(ONE + "/delivery", page=ONE, how="当面交给本人纸质原件", told="y")
    assert await state() == "DELIVERED"
    page = await clerk.reads(ONE)
    assert "当面交给本人纸质原件" in page.words("aside")
    assert "AGREEMENT_DELIVERED" in await kinds()


async def test_a_signed_agreement_cannot_be_edited(clerk, signed):
    await clerk.reads(ONE + "/edit")
    page = await clerk.sends(ONE + "/edit", status=422, quality="别的")
    assert "已经签好" in page.words(".problems")


async def test_voiding_needs_a_reason_and_makes_room(clerk, signed, passer_by):
    page = await clerk.sends(ONE + "/voiding", page=ONE, status=422, reason="错了")
    assert "至少5个字" in page.words(".problems")
    await clerk.sends(ONE + "/voiding", page=ONE, reason="双方改了日期，重新签")
    page = await clerk.reads(ONE)
    assert "双方改了日期" in page.words(".note")
    assert await SignedScan.count() == 1
    saved = await clerk.sends(NEW, page=NEW)
    assert path_of(saved).endswith("XLW-2026-000002")
    public = await passer_by.reads("/verify/XLW-2026-000001")
    assert "作废" in public.words("h1")


async def test_who_may_read_may_not_write(lawyer, officer, stranger, clerk, printed):
    page = await lawyer.reads(ONE)
    assert page.select("main form") == []
    await lawyer.sends(ONE + "/voiding", status=403, reason="不该由我作废")
    for step in ("edit", "paper", "scan", "delivery", "voiding", "preview"):
        await lawyer.sends(f"{ONE}/{step}", status=403, page="/desk/agreements")
        await stranger.sends(f"{ONE}/{step}", status=404, page="/desk/agreements")
    await officer.reads(ONE, status=403)
    await stranger.reads(ONE, status=404)
    await stranger.fetches(ONE + "/paper.pdf", status=404)
    assert await state() == "PRINTED"


async def test_a_cancelled_referral_cannot_be_printed(clerk, draft, quick_printer):
    from db.tables.referrals import Referral

    await Referral.update({Referral.state: "CANCELLED_BY_EMPLOYER"}).where(Referral.id == draft.referral)
    page = await clerk.sends(ONE + "/paper", page=ONE, status=422)
    assert "雇主取消" in page.words(".problems")
    assert quick_printer.printed == []
