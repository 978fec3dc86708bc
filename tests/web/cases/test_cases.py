"""Cases of unpaid work: opened for somebody who worked, closed with what was paid; meanwhile the employer begins nothing new."""

from datetime import date, timedelta

import pytest

from db.actions.complaints import move_case, open_case
from db.actions.jobs import approve_job, extend_job, pause_job, publish_job, resume_job, submit_job
from db.clock import at, now
from db.queries.alerts import alerts_of
from db.queries.complaints import frozen_by
from db.tables.accounts import Session
from db.tables.complaints import CaseStep, LegalCase
from db.tables.jobs import Job
from db.tables.journal import JournalEntry
from db.tables.referrals import Referral
from db.tables.seekers import Reveal
from db.vault import vault
from rules.codes import CaseKind, CaseState, VerifyMethod
from rules.errors import RuleBroken
from tests.cast import LAKE, PEOPLE
from tests.web.conftest import MORNING
from tests.web.employer_home.conftest import sit_boss
from tests.web.posts_scene import OTHER_CODE, put_draft, put_employer, put_in_review, put_published
from tests.web.rows import put_placement, put_referral, put_seeker

URL = "/desk/cases"
SLIP = "T26120100001"
FACTS = "干了两天没有给钱，雇主说下个月再说。"
FIELDS = {"referral": SLIP, "kind": "UNPAID", "claim_fen": "440", "since": "2026-11-30", "facts": FACTS}


@pytest.fixture
async def post(house):
    """A post of 武汉湖畔物流 at 金银湖 station."""
    return await put_published()


async def employer_of(post):
    return (await Job.select(Job.employer).where(Job.id == post.id).first())["employer"]


@pytest.fixture
async def work(post):
    """王小明 worked there; (referral, placement, employer, seeker)."""
    seeker = await put_seeker()
    referral = await put_referral(SLIP, post.id, seeker)
    return referral, await put_placement(referral, post.id, seeker), await employer_of(post), seeker


async def put_case(work, kind=CaseKind.UNPAID, **changes):
    referral, placement, employer, seeker = work
    facts = {"station_id": LAKE, "referral_id": referral, "placement_id": placement, "employer_id": employer, "seeker_id": seeker}
    return await open_case(**{**facts, "kind": kind, "claim_fen": 44000, "facts": FACTS, "actor": PEOPLE["chen"], **changes})


@pytest.fixture
async def case(work):
    """The number of his case."""
    return await put_case(work)


async def row_of(number):
    return await LegalCase.select().where(LegalCase.number == number).first()


async def takes(visitor, number, state, *, status=303, words="打电话催了雇主，说明天付。", **fields):
    url = f"{URL}/{number}"
    return await visitor.sends(f"{url}/steps", status=status, page=url, state=state, words=words, **fields)


async def test_a_clerk_opens_a_case_for_somebody_who_worked(clerk, work):
    page = await clerk.reads(f"{URL}/new?referral={SLIP}")
    assert "王小明" in page.words("main")
    sheet = await clerk.sends(URL, **FIELDS)
    page = await clerk.follows(sheet)
    assert "暂停办理新的招工" in page.words(".note")
    row = await LegalCase.select().first()
    assert (row["claim_fen"], row["placement"], row["limit_on"], row["state"]) == (44000, work[1], date(2027, 11, 30), "OPEN")
    assert vault().open("legal_case.facts", row["id"], row["facts"]) == FACTS
    assert [each["kind"] for each in (await alerts_of(PEOPLE["wu"].scope)).rows] == ["UNPAID"]
    answer = await clerk.client.post(URL, data=clerk.last)
    assert answer.status_code == 303
    assert await LegalCase.count() == 1
    assert not await CaseStep.exists()


async def test_what_is_wrong_is_said_and_the_typing_kept(clerk, work):
    page = await clerk.sends(URL, status=422, page=f"{URL}/new", **{**FIELDS, "referral": "T26120199999"})
    assert "没有找到这个推荐单号" in page.words(".problems")
    assert page.words("#facts") == FACTS
    page = await clerk.sends(URL, status=422, **{**FIELDS, "claim_fen": "很多"})
    assert page.select_one("#claim_fen")["value"] == "很多"
    page = await clerk.sends(URL, status=422, **{**FIELDS, "facts": "没给"})
    assert "至少5个字" in page.words(".problems")
    assert not await LegalCase.exists()


async def test_told_again_the_open_case_goes_on(work, case):
    assert await put_case(work, facts="今天又问了，还是没有给。") == case
    assert (await LegalCase.count(), await CaseStep.count()) == (1, 1)


async def test_a_case_is_worked_on_and_settled_with_what_was_paid(clerk, case):
    await takes(clerk, case, "HANDLING")
    page = await takes(clerk, case, "SETTLED", status=422, words="雇主付清了工钱。")
    assert "拿到多少" in page.words(".problems")
    assert page.words("#words") == "雇主付清了工钱。"
    await takes(clerk, case, "SETTLED", recovered_fen="440", words="雇主付清了工钱。")
    row = await row_of(case)
    assert (row["state"], row["recovered_fen"], row["handler"], row["closed_at"] is not None) == ("SETTLED", 44000, PEOPLE["chen"].id, True)
    page = await clerk.reads(f"{URL}/{case}")
    assert "雇主付清了工钱" in page.words("main")
    assert "已经办结" in page.words("main")
    answer = await clerk.client.post(f"{URL}/{case}/steps", data=clerk.last)
    assert answer.status_code == 303
    assert await CaseStep.count() == 2
    assert not [each for each in await JournalEntry.select(JournalEntry.body) if "下个月" in each["body"]]


async def test_only_the_manager_or_the_lawyer_closes_what_nobody_paid(clerk, lawyer, case):
    page = await takes(clerk, case, "CLOSED", status=422)
    assert "负责人或法律服务人员" in page.words(".problems")
    await takes(lawyer, case, "PASSED_ON", words="转区劳动监察大队，7日内回话。")
    await takes(lawyer, case, "CLOSED", words="雇主已经注销，告知仲裁途径。")
    assert (await row_of(case))["state"] == "CLOSED"


async def test_the_case_is_given_to_the_lawyer(manager, case):
    url = f"{URL}/{case}"
    await manager.sends(f"{url}/handler", page=url, handler=str(PEOPLE["luo"].id))
    assert "罗律师" in (await manager.reads(url)).words("dl")
    page = await manager.sends(f"{url}/handler", status=422, handler=str(PEOPLE["lin"].id))
    assert page.words(".problems")


async def test_officers_read_masked_and_do_not_write(overseer, officer, case):
    for visitor in (overseer, officer):
        page = await visitor.reads(f"{URL}/{case}")
        assert "王小明" not in page.text
        assert not page.select(f'form[action^="{URL}"]')
        await visitor.sends(f"{URL}/{case}/steps", status=403, state="HANDLING", words="打电话催了雇主。")
        await visitor.reads(f"{URL}/new", status=403)
    assert "王小明" not in (await overseer.reads(URL)).text


async def test_the_stranger_finds_no_case(stranger, sit_down, case):
    qian = await sit_down("qian")
    for visitor in (stranger, qian):
        await visitor.reads(f"{URL}/{case}", status=404)
        assert case not in (await visitor.reads(f"{URL}?state=all")).text
    await stranger.sends(URL, status=422, page=f"{URL}/new", **FIELDS)
    await stranger.sends(f"{URL}/{case}/steps", status=404, page=URL, state="HANDLING")


async def test_the_list_is_narrowed_and_has_its_fragment(clerk, work, case):
    injury = await put_case(work, CaseKind.INJURY)
    assert injury not in (await clerk.reads(f"{URL}?kind=UNPAID")).text
    sheet = await clerk.reads(f"{URL}?kind=INJURY", fragment=True)
    assert injury in sheet.text
    assert sheet.select_one("html") is None
    assert case in (await clerk.reads(f"{URL}?word=湖畔")).words("#cases")
    assert "没有这样的维权" in (await clerk.reads(f"{URL}?state=closed")).words(".empty")
    assert "没有这样的维权" in (await clerk.reads(f"{URL}?state=limit")).words(".empty")
    with at(MORNING + timedelta(days=345)):
        await Session.update(
            {Session.seen_at: now(), Session.created_at: now(), Session.expires_at: now() + timedelta(hours=9)}, force=True
        )
        assert "还有20天" in (await clerk.reads(f"{URL}?state=limit")).words("#cases")


async def test_the_list_pages(clerk, work):
    numbers = [await put_case(work, referral_id=None) for _ in range(51)]
    page = await clerk.reads(URL)
    assert numbers[0] not in page.text
    assert numbers[0] in (await clerk.reads(page.select_one("a[rel=next]")["href"])).words("#cases")


async def test_the_lawyer_reaches_both_sides_for_a_purpose_that_is_kept(lawyer, overseer, work, case):
    await Session.update({Session.confirmed_at: now()}, force=True)
    url = f"{URL}/{case}/employer/reveal"
    assert "13900000001" not in (await lawyer.reads(f"{URL}/{case}")).text
    await lawyer.reads(url)
    page = await lawyer.sends(url, status=200, fields=["phone"], purpose="RIGHTS")
    assert "13900000001" in page.words("main")
    url = f"{URL}/{case}/worker/reveal"
    await lawyer.reads(url)
    await lawyer.sends(url, status=200, fields=["phone"], purpose="RIGHTS")
    await lawyer.sends(url, status=422, page=url, fields=["id_number"], purpose="RIGHTS")
    looks = await Reveal.select(Reveal.subject, Reveal.subject_id).order_by(Reveal.id)
    assert looks == [{"subject": "employer", "subject_id": work[2]}, {"subject": "seeker", "subject_id": work[3]}]
    await overseer.reads(url, status=403)


# ---- frozen


async def other_station(id_number=None):
    """The same firm, or another one, registered at 走马岭."""
    return await put_employer(who="lin", **({"id_number": id_number} if id_number else {}))


async def test_an_open_case_freezes_the_same_firm_at_every_station_and_no_other(work, case):
    elsewhere, another = await other_station(), await other_station(OTHER_CODE)
    assert (await frozen_by(elsewhere))["number"] == case
    assert (await frozen_by(work[2]))["station_phone"] == "027-83000015"
    assert await frozen_by(another) is None


async def test_what_is_no_unpaid_work_freezes_nobody(work):
    await put_case(work, CaseKind.INJURY)
    assert await frozen_by(work[2]) is None


async def test_a_frozen_firm_submits_nothing_at_another_station(work, case):
    draft = await put_draft(employer=await other_station(), who="lin")
    with pytest.raises(RuleBroken, match=f"{case}.*付清"):
        await submit_job(draft.id, {}, actor=PEOPLE["lin"])
    await move_case((await row_of(case))["id"], CaseState.SETTLED, "雇主付清了工钱。", recovered_fen=44000, actor=PEOPLE["chen"])
    await submit_job(draft.id, {}, actor=PEOPLE["lin"])


async def test_the_freeze_holds_until_the_last_case_is_over(work, case):
    second = await put_case(work, referral_id=None)
    await move_case((await row_of(case))["id"], CaseState.MISTAKEN, "零工记错了，已经付过。", actor=PEOPLE["wu"])
    assert (await frozen_by(work[2]))["number"] == second


async def test_nothing_is_approved_or_published_meanwhile(work):
    employer, zhou = work[2], PEOPLE["zhou"]
    waiting = await put_in_review(employer=employer, title="装卸工日结")
    approved = await put_in_review(employer=employer, title="打包工日结")
    await approve_job(approved.id, set(), actor=zhou)
    await put_case(work)
    with pytest.raises(RuleBroken, match="付清"):
        await approve_job(waiting.id, set(), actor=zhou)
    with pytest.raises(RuleBroken, match="付清"):
        await publish_job(approved.id, ("WEBSITE",), actor=zhou)


async def test_what_is_public_stays_but_is_not_extended_or_resumed(passer_by, post, case):
    assert "快递分拣日结" in (await passer_by.reads(f"/jobs/{post.number}")).words("h1")
    with pytest.raises(RuleBroken, match="付清"):
        await extend_job(post.id, date(2026, 12, 25), "还要人，再招几天。", method=VerifyMethod.PHONE, actor=PEOPLE["chen"])
    await pause_job(post.id, actor=PEOPLE["chen"])
    with pytest.raises(RuleBroken, match="付清"):
        await resume_job(post.id, actor=PEOPLE["chen"])


async def test_the_firms_sheet_and_the_refused_form_say_why(clerk, work, case):
    assert case in (await clerk.reads(f"/desk/employers/{work[2]}")).words(".note")
    draft = await put_draft(employer=work[2])
    url = f"/desk/jobs/{draft.number}"
    page = await clerk.sends(f"{url}/submission", status=422, page=url)
    assert "全区暂停办理新的招工" in page.words("main")


async def test_the_employer_reads_it_on_the_own_page(sit_down, house):
    boss = await sit_boss(sit_down)
    seeker = await put_seeker()
    draft = await put_draft(employer=boss.id)
    await put_case((await put_referral(SLIP, draft.id, seeker), None, boss.id, seeker))
    page = await boss.visitor.reads("/employer")
    assert "027-83000015" in page.words(".note")
    with pytest.raises(RuleBroken, match="027-83000015"):
        await submit_job(draft.id, {}, actor=boss.actor)


async def test_the_number_leads_to_the_case_from_the_desk(clerk, stranger, case):
    assert (await clerk.reads(f"/desk/search?q={case}", status=303)).headers["location"] == f"{URL}/{case}"
    await stranger.reads(f"/desk/search?q={case}", status=422)


async def test_the_referral_leads_to_opening_a_case_once_somebody_started(clerk, work):
    link = f'a[href="{URL}/new?referral={SLIP}"]'
    assert not (await clerk.reads(f"/desk/referrals/{SLIP}")).select(link)
    await Referral.update({Referral.state: "PLACED"}).where(Referral.number == SLIP)
    assert (await clerk.reads(f"/desk/referrals/{SLIP}")).select(link)
