"""Anybody may ask whether a paper is genuine, and learns nothing about a person."""

from dataclasses import replace

import pytest

from db import archive
from db.actions.documents import issue_paper, void_papers
from db.tables.documents import Paper
from db.tables.journal import JournalEntry
from rules.codes import PaperKind
from rules.errors import RuleBroken
from tests.cast import LAKE, PEOPLE
from tests.web.agreement_scene import WORKER_ID, WORKER_PHONE, put_scene
from tests.web.rows import put_agreement

CHEN = PEOPLE["chen"]


async def issue(number: str, snapshot: str = "{}", subject_id: int = 5, kind=PaperKind.REFERRAL_SLIP, subject: str = "referral"):
    kept = await archive.keep(b"%PDF-1.7 " + snapshot.encode())
    return await issue_paper(
        kind=kind, number=number, subject=subject, subject_id=subject_id, station_id=LAKE, snapshot=snapshot, kept=kept, actor=CHEN
    )


async def test_a_genuine_paper_is_said_to_be_genuine(passer_by, house):
    await issue("T26120100001")
    page = await passer_by.reads("/verify/T26120100001")
    assert "驿站出具过" in page.words("h1")
    assert "推荐上岗单" in page.words("dl")
    assert "2026年12月1日" in page.words("dl")
    assert "金银湖零工驿站" in page.words("dl")


async def test_a_file_in_hand_can_be_compared_by_its_fingerprint(passer_by, house):
    await issue("T26120100001")
    row = await Paper.select(Paper.sha256).first()
    shown = (await passer_by.reads("/verify/T26120100001")).words("dl")
    digits = row["sha256"][:16].upper()
    assert " ".join(digits[at : at + 4] for at in range(0, 16, 4)) in shown
    assert "电子签章" not in shown, "this one is not signed"


async def test_a_signed_paper_says_what_its_signature_proves(passer_by, house):
    kept = replace(await archive.keep(b"%PDF-1.7 signed"), unsigned_sha256="0" * 64)
    await issue_paper(
        kind=PaperKind.REFERRAL_SLIP,
        number="T26120100001",
        subject="referral",
        subject_id=5,
        station_id=LAKE,
        snapshot="{}",
        kept=kept,
        actor=CHEN,
    )
    page = await passer_by.reads("/verify/T26120100001")
    assert "已加盖电子签章，证明文件未被改动" in page.words("dl")


async def test_an_agreement_is_called_by_its_type(passer_by, house):
    await issue("XFQ-2026-000001", kind=PaperKind.AGREEMENT, subject="nothing")
    assert "非全日制用工劳动合同" in (await passer_by.reads("/verify/XFQ-2026-000001")).words("dl")


async def test_the_code_of_each_version_leads_to_that_version(passer_by, house):
    """The first version's code is the bare number, which also is what people type: it shows the newest copy."""
    for version in ("1", "2", "3"):
        await issue("XLW-2026-000001", version, kind=PaperKind.AGREEMENT, subject="nothing")
    assert "作废" in (await passer_by.reads("/verify/XLW-2026-000001-V2")).words("h1")
    assert "驿站出具过" in (await passer_by.reads("/verify/XLW-2026-000001-V3")).words("h1")
    page = await passer_by.reads("/verify/XLW-2026-000001")
    assert "第3份，以前的已作废" in page.words("dl")


async def test_an_agreement_shows_masked_parties_only(passer_by, house):
    scene = await put_scene()
    agreement = await put_agreement("XLW-2026-000001", scene.referral)
    await issue("XLW-2026-000001", subject_id=agreement, kind=PaperKind.AGREEMENT, subject="agreement")
    page = await passer_by.reads("/verify/XLW-2026-000001")
    assert "零工…123" in page.words("dl")
    assert "武汉某物流公司" in page.words("dl")
    for private in ("李小明", "李", "湖滨", WORKER_ID, WORKER_PHONE, "宏图大道18号"):
        assert private not in page.words("main"), private


async def test_a_void_paper_is_said_to_be_void(passer_by, house):
    await issue("T26120100001")
    await void_papers(PaperKind.REFERRAL_SLIP, "T26120100001", "填错了日期", subject="referral", subject_id=5, station_id=LAKE, actor=CHEN)
    page = await passer_by.reads("/verify/T26120100001")
    assert "作废" in page.words("h1")
    assert "填错了日期" not in page.text


@pytest.mark.parametrize("number", ["XLW-2026-999999", "%3Cscript%3E", "9" * 300, "１２３", "无"])
async def test_an_unknown_number_says_what_to_do(passer_by, house, number):
    page = await passer_by.reads(f"/verify/{number}", status=404)
    assert "没有查到" in page.words("h1")


async def test_full_width_and_small_letters_find_the_paper(passer_by, house):
    await issue("T26120100001")
    await passer_by.reads("/verify/ｔ２６１２０１０００01")


async def test_the_same_snapshot_is_one_paper_and_another_one_the_next_copy(house):
    first = await issue("T26120100001", "1")
    same = await issue("T26120100001", "1")
    assert (same.id, same.fresh) == (first.id, False)
    other = await issue("T26120100001", "2")
    assert (other.copy_number, other.fresh) == (2, True)
    rows = await Paper.select(Paper.copy_number, Paper.voided_at).order_by(Paper.copy_number)
    assert [row["voided_at"] is None for row in rows] == [False, True]
    assert await JournalEntry.count().where(JournalEntry.kind == "PAPER_ISSUED") == 2


async def test_voiding_needs_a_reason(house):
    await issue("T26120100001")
    with pytest.raises(RuleBroken, match="原因"):
        await void_papers(PaperKind.REFERRAL_SLIP, "T26120100001", " ", subject="referral", subject_id=5, station_id=LAKE, actor=CHEN)
