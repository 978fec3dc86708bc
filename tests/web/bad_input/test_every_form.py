"""Every form of the desk, filled wrongly in every field: answered in Chinese, nothing typed is lost, nothing breaks."""

from urllib.parse import urlencode

from piccolo.table import Table

from db.tables.journal import JournalEntry
from piccolo_conf import DB
from tests.web.bad_input.conftest import GUIDED, Desk
from tests.web.bad_input.payloads import PAYLOADS
from tests.web.bad_input.sweep import EVERY, Desired, Sweep, changed
from tests.web.posts_scene import FORM, PERSON
from tests.web.seekers.conftest import typed

ALONE = 2
"""Payloads per field that are tried while every other field is in order; all of them are tried together."""

HOUSEHOLD = {
    "kind": "INDIVIDUAL",
    "name": "王芳",
    "id_type": "01",
    "id_number": PERSON,
    "phone": "13900000021",
    "address": "环湖社区3栋",
}
PASSWORDS = {"old_password": "x", "new_password": "一句记得住的话一句话", "repeated_password": "y"}
NEWCOMER = typed(id_number="420199198808089258", name="马铁柱", phone="19900000113")


def of_employers(desk: Desk) -> list[Desired]:
    """Registration, verification, rejection, credit."""
    known, new = f"/desk/employers/{desk.employer}", f"/desk/employers/{desk.unverified}"
    return [
        Desired("/desk/employers/new", "/desk/employers", HOUSEHOLD),
        Desired(new, f"{new}/verification", {"method": "PHONE", "seen": ["LICENCE", "AGENT_ID", "AUTHORISATION", "OWNER_ID"]}),
        Desired(known, f"{known}/documents", {"kind": "OTHER", "original_seen": "y", "note": "场地租赁合同"}),
        Desired(f"{known}/edit", f"{known}/edit", {"industry": "仓储", "why": "经营范围变了"}),
        Desired(new, f"{new}/rejection", {"reason": "电话打不通，地址查无此户"}),
        Desired(known, f"{known}/credit", {"credit": "WATCH", "ground": "UNPAID", "reason": "两次没有按时付钱"}),
    ]


def of_posts(desk: Desk) -> list[Desired]:
    """Registration and change of a post, and its steps."""
    url = "/desk/jobs"
    return [
        Desired(f"{url}/new?employer={desk.employer}", url, {**FORM, "title": "仓库理货", "landmark": "径河"}),
        Desired(f"{url}/{desk.draft}/edit", f"{url}/{desk.draft}/edit", {**FORM, "then": "submit"}),
        Desired(f"{url}/{desk.asking}", f"{url}/{desk.asking}/submission", {"answer-D11": "在女病房工作，家属在场"}),
        Desired(f"{url}/{desk.draft}", f"{url}/{desk.draft}/verification", {"method": "PHONE"}),
        Desired(f"{url}/{desk.blocked}", f"{url}/{desk.blocked}/release", {"reason": "公司名称里的字，不是要求"}),
        Desired(f"{url}/{desk.approved}", f"{url}/{desk.approved}/publication", {"channels": ["WEBSITE"]}),
        Desired(f"{url}/{desk.approved}", f"{url}/{desk.approved}/withdrawal", {"reason": "招到人了"}),
        Desired(f"{url}/{desk.published}", f"{url}/{desk.published}/takedown", {"reason": "被举报收费", "legal_basis": "第27条"}),
    ]


def of_reviews(desk: Desk) -> list[Desired]:
    """What a reviewer decides."""
    url = f"/desk/reviews/{desk.in_review}"
    return [
        Desired(url, f"{url}/approval"),
        Desired(url, f"{url}/return", {"reason": "请补充招用条件", "note-title": "写清楚"}),
        Desired(url, f"{url}/rejection", {"code": "FRAUD", "reason": "雇主不存在", "legal_basis": "第27条"}),
    ]


def of_people(desk: Desk) -> list[Desired]:
    """Seekers, referrals, placements."""
    asked, told, both, done = (f"/desk/referrals/{n}" for n in (desk.proposed, desk.worker_yes, desk.both_yes, desk.confirmed))
    return [
        Desired("/desk/seekers/new", "/desk/seekers", NEWCOMER),
        Desired(asked, f"{asked}/worker-answer", {"answer": "yes", "method": "SIGNED_PAPER", "consent": "y"}),
        Desired(asked, f"{asked}/worker-answer", {"answer": "no", "worker_reason": "PAY", "worker_note": "嫌少"}),
        Desired(told, f"{told}/employer-answer", {"answer": "yes", "answered_by": "周经理"}),
        Desired(told, f"{told}/employer-answer", {"answer": "no", "employer_reason": "FULL", "employer_note": "够了"}),
        Desired(both, f"{both}/cancellation", {"reason": "雇主说不招了"}),
        Desired(done, f"{done}/no-show", {"reason": "电话没人接"}),
        Desired(f"{done}/placement", f"{done}/placement", {"started_on": "2026-12-01", "evidence": "RETURN_SLIP", "note": "回执在柜里"}),
    ]


def of_papers(desk: Desk) -> list[Desired]:
    """Agreements, rule boards, the password."""
    new, one = f"/desk/referrals/{desk.both_yes}/agreement?guidance={GUIDED}", f"/desk/agreements/{desk.drafted}"
    signed, printed = f"/desk/agreements/{desk.signed}", f"/desk/agreements/{desk.printed}"
    return [
        Desired(new, new, {"quality": "码齐"}),
        Desired(f"{one}/edit", f"{one}/edit", {"quality": "码齐"}),
        Desired(printed, f"{printed}/voiding", {"reason": "双方改了日期，重新签"}),
        Desired(signed, f"{signed}/delivery", {"how": "当面交给本人纸质原件", "told": "y"}),
        Desired("/desk/boards/hygiene", "/desk/boards/hygiene", {"effective_from": "2026-12-01"}),
        Desired("/desk/account", "/desk/account/password", PASSWORDS),
    ]


async def rows(*, journal: bool = False) -> dict[str, int]:
    """How many rows each table has; without the journal, which may note a refusal."""
    tables = [
        table for table in Table.__subclasses__() if table.__module__.startswith("db.tables") and (journal or table is not JournalEntry)
    ]
    return {table._meta.tablename: await table.count() for table in tables}


async def swept(visitor, forms: list[Desired]) -> None:
    """Nothing to complain about, and nothing changed. Opening somebody else's agreement is noted, so each page is opened once before."""
    for form in forms:
        await Sweep(visitor, form).open()
    before = await rows()
    complaints: list[str] = []
    for form in forms:
        sweep = Sweep(visitor, form)
        await sweep.open()
        await sweep.together()
        await sweep.below()
        if DB.engine_type == "sqlite":  # the rest ends in the form or at the gate: no database ever sees it
            await sweep.alone(ALONE if len(sweep.names) > 6 else 3 * ALONE)
            await sweep.undecodable()
        complaints += sweep.complaints
    assert not complaints, "\n".join(complaints[:400])
    assert await rows() == before


async def test_employers(desk, manager, rehearsed):
    await swept(manager, of_employers(desk))


async def test_posts(desk, manager, rehearsed):
    await swept(manager, of_posts(desk))


async def test_reviews(desk, manager, rehearsed):
    await swept(manager, of_reviews(desk))


async def test_seekers_referrals_and_placements(desk, manager, rehearsed):
    await swept(manager, of_people(desk))


async def test_agreements_boards_and_the_password(desk, manager, rehearsed):
    await swept(manager, of_papers(desk))


async def test_what_is_asked_while_typing_answers_any_typing(desk, manager):
    both, one = f"/desk/referrals/{desk.both_yes}", f"/desk/agreements/{desk.drafted}"
    asked = {
        "/desk/employers/duplicates": of_employers(desk)[0],
        "/desk/jobs/checks": of_posts(desk)[0],
        "/desk/seekers/identity": of_people(desk)[0],
        f"{both}/agreement/preview?guidance={GUIDED}": of_papers(desk)[0],
        f"{one}/preview": of_papers(desk)[1],
    }
    for form in asked.values():
        await Sweep(manager, form).open()
    before = await rows(journal=True)
    for url, form in asked.items():
        sweep = Sweep(manager, form)
        await sweep.open()
        for turn in range(len(EVERY)):
            bad = {name: EVERY[(turn + place) % len(EVERY)] for place, name in enumerate(sweep.names)}
            answer = await manager.client.post(url, data=changed(sweep.base, bad), headers={"HX-Request": "true"})
            assert answer.status_code in (200, 201), f"{url} round {turn}: {answer.status_code}"
            assert "<script>alert" not in answer.text, f"{url} round {turn}"
    assert await rows(journal=True) == before


async def test_candidates_are_searched_by_any_word(desk, manager):
    for payload in PAYLOADS:
        word = payload[:200]
        page = await manager.reads(f"/desk/jobs/{desk.published}/candidates?{urlencode({'word': word})}")
        assert "<script>alert" not in str(page)
        assert page.select_one("#word")["value"] == word[:40]
