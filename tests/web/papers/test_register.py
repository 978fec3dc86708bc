"""The register of issued papers: what was given out can be found, opened, voided by the manager and issued again."""

import json

import pytest

from db import archive
from db.actions.documents import issue_paper
from db.queries.documents import PaperFilter, every_paper, register_of
from db.tables.documents import Paper
from db.tables.journal import JournalEntry
from db.tables.seekers import Reveal
from rules.codes import PaperKind
from rules.snapshots import snapshot_of
from tests.cast import LAKE, LING, PEOPLE
from tests.documents import samples
from tests.web.agreement_scene import put_scene
from tests.web.rows import put_agreement
from web.verify_papers import verify

CHEN = PEOPLE["chen"]
SLIP = "T26120100001"


class MarkingPrinter:
    """Prints what it was asked to print as text, so that a test can read it."""

    async def pdf(self, template, context, *, variant=None, assets=None):
        return f"%PDF-1.7 {template} {context['paper'].number} {context.get('void_line', '')}".encode()


@pytest.fixture(autouse=True)
def printer(app, monkeypatch):
    monkeypatch.setitem(app.litestar.state, "printer", MarkingPrinter())


async def issue(number=SLIP, *, kind=PaperKind.REFERRAL_SLIP, subject="referral", subject_id=5, station=LAKE, **changes):
    """A referral slip (or what is asked for) in the archive; gives its id."""
    snapshot = snapshot_of(samples.referral_slip(number=number, **changes)) if kind is PaperKind.REFERRAL_SLIP else "{}"
    kept = await archive.keep(b"%PDF-1.7 " + snapshot.encode())
    issued = await issue_paper(
        kind=kind, number=number, subject=subject, subject_id=subject_id, station_id=station, snapshot=snapshot, kept=kept, actor=CHEN
    )
    return issued.id


async def test_the_register_says_number_kind_copy_who_when_and_state(clerk):
    await issue()
    page = await clerk.reads("/desk/papers")
    row = page.words("#papers tbody tr")
    for said in (SLIP, "推荐上岗单", "1", "陈小满", "12月1日 09:00", "有效"):
        assert said in row, said
    assert "王䶮" not in page.words(), "nothing about persons"


async def test_the_register_is_narrowed_by_kind_day_number_and_state(clerk):
    await issue()
    await issue("T26120100002", worker_name="李四")
    await issue("Q26015000123", kind=PaperKind.SEEKER_FORM, subject="seeker")
    for query, many in (
        ("", 3),
        ("kind=P7", 2),
        ("kind=P5", 1),
        ("number=T26120100002", 1),
        ("number=ｔ261201", 2),
        ("day=2026-12-01", 3),
        ("day=2026-11-30", 0),
        ("state=void", 0),
        ("state=valid&kind=P7", 2),
        ("kind=nonsense&day=soon&state=maybe", 3),
        ("number=%25", 3),
    ):
        page = await clerk.reads(f"/desk/papers?{query}")
        assert len(page.select("#papers tbody tr")) == many, query


async def test_the_filter_keeps_what_was_asked_and_an_empty_answer_says_what_to_do(clerk):
    page = await clerk.reads("/desk/papers?number=T99&day=2026-11-30")
    assert page.select_one("#number")["value"] == "T99"
    assert page.select_one("#day")["value"] == "2026-11-30"
    assert "没有这样的文书" in page.words(".empty")
    page = await clerk.reads("/desk/papers")
    assert "还没有出具过文书" in page.words(".empty")


async def test_the_list_alone_is_given_to_htmx(clerk):
    await issue()
    part = await clerk.reads("/desk/papers", fragment=True)
    assert part.select_one("#papers")
    assert part.select_one("h1") is None


async def test_pages_of_fifty(house):
    for n in range(51):
        await issue(f"T261201{n:05d}")
    first = await register_of(CHEN.scope, PaperFilter())
    second = await register_of(CHEN.scope, PaperFilter(), first.next)
    assert (len(first.rows), len(second.rows), second.next) == (50, 1, None)
    assert first.rows[0]["number"] == "T26120100050"


async def test_another_station_finds_nothing(stranger):
    paper = await issue()
    page = await stranger.reads("/desk/papers")
    assert SLIP not in page.words()
    await stranger.reads(f"/desk/papers/{paper}", status=404)
    await stranger.fetches(f"/desk/papers/{paper}/paper.pdf", status=404)
    await stranger.sends(f"/desk/papers/{paper}/voiding", page="/desk/papers", reason="别的驿站来作废", status=403)


async def test_another_station_s_manager_cannot_void_it(sit_down):
    paper = await issue("T26120100009", station=LING)
    manager = await sit_down("wu")
    await manager.reads("/desk/papers")
    await manager.sends(f"/desk/papers/{paper}/voiding", reason="别的驿站来作废", status=404)


async def test_whoever_reads_the_record_opens_the_paper_and_the_look_is_kept(sit_down):
    scene = await put_scene()
    paper = await issue("Q26015000123", kind=PaperKind.SEEKER_FORM, subject="seeker", subject_id=scene.seeker)
    other = await sit_down("zhou")
    body = await other.fetches(f"/desk/papers/{paper}/paper.pdf")
    assert body.content.startswith(b"%PDF-1.7")
    assert await Reveal.count() == 1


async def test_supervision_reads_the_register_and_opens_no_paper_with_personal_data(overseer):
    paper = await issue()
    page = await overseer.reads(f"/desk/papers/{paper}")
    assert "只能看登记" in page.words(".acts")
    await overseer.fetches(f"/desk/papers/{paper}/paper.pdf", status=403)


async def test_the_lawyer_opens_no_registration_form(lawyer):
    paper = await issue("Q26015000123", kind=PaperKind.SEEKER_FORM, subject="seeker")
    await lawyer.reads(f"/desk/papers/{paper}")
    await lawyer.fetches(f"/desk/papers/{paper}/paper.pdf", status=403)


async def test_the_manager_voids_a_wrong_paper_and_its_next_copy_is_issued(manager):
    paper = await issue()
    page = await manager.reads(f"/desk/papers/{paper}")
    where = f"/desk/papers/{paper}/voiding"
    refused = await manager.sends(where, reason="错了", status=422)
    assert "至少5个字" in refused.words(".problems")
    assert refused.select_one("textarea[name=reason]").text.strip() == "错了"
    page = await manager.follows(await manager.sends(where, reason="报到地点印错了"))
    assert "已作废" in page.words("h1")
    assert "报到地点印错了" in page.words(".facts")
    assert page.select_one(f'a[href="/desk/referrals/{SLIP}/slip.pdf"]'), "where the next one is printed"
    assert await JournalEntry.count().where(JournalEntry.kind == "PAPER_VOIDED") == 1
    again = await issue()
    assert (await Paper.select(Paper.copy_number).where(Paper.id == again).first())["copy_number"] == 2
    page = await manager.reads(f"/desk/papers/{again}")
    assert "第1份" in page.words("table")
    assert "报到地点印错了" in page.words("table")


async def test_a_paper_is_voided_once(manager):
    paper = await issue()
    await manager.reads(f"/desk/papers/{paper}")
    where = f"/desk/papers/{paper}/voiding"
    await manager.sends(where, reason="报到地点印错了")
    await manager.sends(where, form_token="another-token", reason="报到地点印错了", status=422)
    assert await JournalEntry.count().where(JournalEntry.kind == "PAPER_VOIDED") == 1


async def test_staff_may_not_void(clerk):
    paper = await issue()
    page = await clerk.reads(f"/desk/papers/{paper}")
    assert page.select_one("form[action$=voiding]") is None
    assert "请告诉负责人" in page.words(".note")
    await clerk.sends(f"/desk/papers/{paper}/voiding", reason="报到地点印错了", status=403)


async def test_a_paper_of_an_agreement_is_voided_with_it_and_never_alone(manager):
    scene = await put_scene()
    agreement = await put_agreement("XLW-2026-000001", scene.referral)
    paper = await issue("XLW-2026-000001", kind=PaperKind.AGREEMENT, subject="agreement", subject_id=agreement)
    page = await manager.reads(f"/desk/papers/{paper}")
    assert page.select_one("form[action$=voiding]") is None
    refused = await manager.sends(f"/desk/papers/{paper}/voiding", reason="协议印错了要作废", status=422)
    assert "请打开协议" in refused.words(".problems")
    assert (await Paper.select(Paper.voided_at).where(Paper.id == paper).first())["voided_at"] is None


async def test_a_voided_paper_is_given_with_its_mark_and_the_manager_gets_the_bytes_that_were_issued(manager, sit_down):
    paper = await issue()
    kept = (await manager.fetches(f"/desk/papers/{paper}/paper.pdf")).content
    await manager.reads(f"/desk/papers/{paper}")
    await manager.sends(f"/desk/papers/{paper}/voiding", reason="报到地点印错了")
    marked = (await manager.fetches(f"/desk/papers/{paper}/paper.pdf")).content.decode()
    assert "第1份，2026年12月1日由吴站长作废：报到地点印错了" in marked
    assert "referral_slip" in marked
    assert (await manager.fetches(f"/desk/papers/{paper}/paper.pdf?original=1")).content == kept
    clerk = await sit_down("chen")
    assert (await clerk.fetches(f"/desk/papers/{paper}/paper.pdf")).content.decode() == marked
    await clerk.fetches(f"/desk/papers/{paper}/paper.pdf?original=1", status=403)


async def test_a_snapshot_that_cannot_be_read_is_said_and_the_original_stays(manager):
    paper = await issue("Q26015000123", kind=PaperKind.SEEKER_FORM, subject="seeker")
    await manager.reads(f"/desk/papers/{paper}")
    await manager.sends(f"/desk/papers/{paper}/voiding", reason="姓名写错了一个字")
    page = await manager.reads(f"/desk/papers/{paper}/paper.pdf", status=422)
    assert "原件" in page.words("main")
    await manager.fetches(f"/desk/papers/{paper}/paper.pdf?original=1")


async def test_every_paper_is_proved_to_be_as_it_was_issued(house):
    await issue()
    damaged = await issue("T26120100002")
    assert await verify(None, None) == (2, ["P7 T26120100001 copy 1: is no PDF that opens", "P7 T26120100002 copy 1: is no PDF that opens"])
    row = await Paper.select(Paper.archive_key).where(Paper.id == damaged).first()
    path = archive.folder() / row["archive_key"][:2] / f"{row['archive_key']}.sealed"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    _, found = await verify(None, None)
    assert "does not open" in found[1]
    assert [paper["number"] async for paper in every_paper(batch=1)] == [SLIP, "T26120100002"]


async def test_the_snapshot_in_the_database_is_sealed(house):
    paper = await issue()
    row = await Paper.select(Paper.snapshot).where(Paper.id == paper).first()
    assert json.loads(snapshot_of(samples.referral_slip()))["worker_name"] not in row["snapshot"]
