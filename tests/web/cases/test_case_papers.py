"""The papers of a case: what is known is printed, the names in full for those who work on it, nothing for others."""

import pytest

from db.actions.complaints import move_case, open_case
from db.tables.documents import Paper
from db.tables.jobs import Job
from db.tables.journal import JournalEntry
from rules.codes import CaseKind, CaseState
from tests.cast import LAKE, PEOPLE
from tests.web.agreements.conftest import QuickPrinter
from tests.web.posts_scene import put_published
from tests.web.rows import put_placement, put_referral, put_seeker

FACTS = "干了两天没有给钱，雇主13900000001说下个月再说。"


@pytest.fixture(autouse=True)
def printer(app, monkeypatch) -> QuickPrinter:
    """A printer that answers at once and remembers the papers."""
    quick = QuickPrinter()
    monkeypatch.setitem(app.litestar.state, "printer", quick)
    return quick


@pytest.fixture
async def case(house) -> str:
    """The number of 王小明's case of unpaid work."""
    post = await put_published()
    seeker = await put_seeker()
    referral = await put_referral("T26120100001", post.id, seeker)
    placement = await put_placement(referral, post.id, seeker)
    employer = (await Job.select(Job.employer).where(Job.id == post.id).first())["employer"]
    return await open_case(
        station_id=LAKE,
        kind=CaseKind.UNPAID,
        employer_id=employer,
        seeker_id=seeker,
        referral_id=referral,
        placement_id=placement,
        claim_fen=44000,
        facts=FACTS,
        actor=PEOPLE["chen"],
    )


def ticked(boxes) -> list[str]:
    return [box.label for box in boxes if box.ticked]


async def test_the_form_says_what_is_known_and_leaves_the_rest_for_the_pen(clerk, case, printer):
    page = await clerk.reads(f"/desk/cases/{case}")
    assert page.select_one(f'a[href="/desk/cases/{case}/form.pdf"]')
    await clerk.fetches(f"/desk/cases/{case}/form.pdf")
    template, paper = printer.printed[-1]
    assert template == "legal_form"
    assert (paper.number, paper.amount, paper.limit_on) == (case, "440元", "2027年12月1日")
    assert paper.party.startswith("王小明")
    assert ticked(paper.cause) == ["拖欠报酬"]
    assert ticked(paper.standing) == ["零工"]
    assert (ticked(paper.evidence), ticked(paper.ways), paper.opinion, paper.result) == ([], [], "", "")
    assert "干了两天没有给钱" in paper.facts
    assert "13900000001" not in paper.facts


async def test_what_was_done_since_makes_the_next_copy(clerk, case, printer):
    await clerk.fetches(f"/desk/cases/{case}/form.pdf")
    await clerk.fetches(f"/desk/cases/{case}/form.pdf")
    assert await Paper.count() == 1
    row = await Paper.select(Paper.subject, Paper.subject_id, Paper.kind).first()
    assert (row["subject"], row["kind"]) == ("legal_case", "P11")
    await move_case(row["subject_id"], CaseState.SETTLED, "雇主付清了工钱。", recovered_fen=44000, actor=PEOPLE["chen"])
    await clerk.fetches(f"/desk/cases/{case}/form.pdf")
    paper = printer.printed[-1][1]
    assert paper.result == "已解决，拿到440元"
    assert [(step[1], step[3]) for step in paper.steps] == [("已解决", "雇主付清了工钱。")]
    assert [row["voided_at"] is None for row in await Paper.select(Paper.voided_at).order_by(Paper.copy_number)] == [False, True]
    assert await JournalEntry.count().where(JournalEntry.kind == "PAPER_ISSUED") == 2


async def test_the_record_of_settling_names_both_sides(lawyer, case, printer):
    await lawyer.fetches(f"/desk/cases/{case}/dispute.pdf")
    template, paper = printer.printed[-1]
    assert template == "dispute_record"
    assert "王小明" in paper.applicant
    assert "物流" in paper.respondent
    assert ticked(paper.classes) == ["用工争议（雇主和零工）"]
    assert ticked(paper.outcomes) == []


@pytest.mark.parametrize("paper", ["form", "dispute"])
async def test_others_get_neither(stranger, officer, case, paper):
    await stranger.fetches(f"/desk/cases/{case}/{paper}.pdf", status=404)
    await officer.fetches(f"/desk/cases/{case}/{paper}.pdf", status=403)
    assert f"/desk/cases/{case}/{paper}.pdf" not in str(await officer.reads(f"/desk/cases/{case}"))
