"""One employer: verification, credit, and who may see it. And the list."""

from datetime import date

from db.queries.employers import employer_facts
from db.tables.employers import Employer
from db.tables.journal import JournalEntry
from rules.codes import CreditState, EmployerState
from tests.web.posts_scene import BAD_CODE, put_employer

PAPERS = ["LICENCE", "AGENT_ID", "AUTHORISATION"]
"""What the unit of the scene must show."""


async def test_a_verification_is_valid_for_six_months(clerk):
    id = await put_employer(verified=False)
    await clerk.sends(f"/desk/employers/{id}/verification", page=f"/desk/employers/{id}", method="DOCUMENT", seen=PAPERS)
    facts = await employer_facts(id)
    assert (facts.state, facts.verified_until) == (EmployerState.VERIFIED, date(2027, 6, 1))
    page = await clerk.reads(f"/desk/employers/{id}")
    assert "证照核验，陈小满，有效期至2027年6月1日" in page.words()


async def test_an_acquaintance_alone_is_refused(clerk):
    id = await put_employer(verified=False)
    page = await clerk.sends(f"/desk/employers/{id}/verification", status=422, page=f"/desk/employers/{id}", method="REFERENCE")
    assert "不能单独使用" in page.words("#verify-method-error1")
    assert page.select_one("#verify-method option[selected]")["value"] == "REFERENCE"


async def test_a_failing_credit_code_is_not_verified_by_telephone(clerk):
    id = await put_employer(verified=False, id_number=BAD_CODE, id_proof="看过执照")
    url = f"/desk/employers/{id}/verification"
    page = await clerk.sends(url, status=422, page=f"/desk/employers/{id}", method="PHONE")
    assert "营业执照原件" in page.words(".problems")
    await clerk.sends(url, method="VISIT", seen=PAPERS)


async def test_an_employer_can_be_rejected_with_a_reason_once(clerk):
    id = await put_employer(verified=False)
    url = f"/desk/employers/{id}/rejection"
    page = await clerk.sends(url, status=422, page=f"/desk/employers/{id}", reason="不行")
    assert "至少5个字" in page.words(".problems")
    assert page.words("#rejection-reason") == "不行"
    await clerk.sends(url, reason="营业执照已经注销")
    assert (await employer_facts(id)).state is EmployerState.REJECTED
    page = await clerk.sends(url, status=422, page=f"/desk/employers/{id}", reason="营业执照已经注销")
    assert "只有待核验" in page.words(".problems")


async def test_a_manager_watches_and_only_an_officer_blocks(manager, officer, clerk):
    id = await put_employer()
    url = f"/desk/employers/{id}/credit"
    await clerk.sends(url, status=403, page=f"/desk/employers/{id}", credit="WATCH", ground="UNPAID", reason="多次投诉欠薪")
    await manager.sends(url, page=f"/desk/employers/{id}", credit="WATCH", ground="UNPAID", reason="多次投诉欠薪")
    page = await manager.sends(url, status=422, page=f"/desk/employers/{id}", credit="BLOCKED", ground="UNPAID", reason="多次投诉欠薪")
    assert "街道或者区人社局" in page.words(".problems")
    await officer.sends(url, page=f"/desk/employers/{id}", credit="BLOCKED", ground="UNPAID", reason="欠薪查实，列入名单")
    assert (await employer_facts(id)).credit is CreditState.BLOCKED
    kinds = [row["kind"] for row in await JournalEntry.select(JournalEntry.kind).order_by(JournalEntry.id)]
    assert kinds[-2:] == ["EMPLOYER_WATCHED", "EMPLOYER_BLOCKED"]


async def test_blocked_at_one_station_is_blocked_at_the_other(officer, house):
    here, there = await put_employer(), await put_employer(who="lin")
    await officer.sends(
        f"/desk/employers/{there}/credit", page=f"/desk/employers/{there}", credit="BLOCKED", ground="UNPAID", reason="欠薪已经查实"
    )
    assert (await employer_facts(here)).credit is CreditState.BLOCKED


async def test_another_station_s_employer_does_not_exist(stranger, house):
    id = await put_employer()
    await stranger.reads(f"/desk/employers/{id}", status=404)
    for step in ("verification", "rejection"):
        url = f"/desk/employers/{id}/{step}"
        await stranger.sends(url, status=404, page="/desk/employers", method="PHONE", reason="随便写的原因")
    row = await Employer.select(Employer.verify_method).first()
    assert row["verify_method"] == "DOCUMENT"


async def test_officers_read_but_do_not_verify(overseer, house):
    id = await put_employer(verified=False)
    page = await overseer.reads(f"/desk/employers/{id}")
    assert not page.select(f'form[action$="/{id}/verification"]')
    await overseer.sends(f"/desk/employers/{id}/verification", status=403, method="PHONE")


async def test_the_list_is_narrowed_and_junk_is_dropped(clerk):
    await put_employer()
    await put_employer(verified=False, name="武汉金湖餐饮店", id_number="91420112MA4K00002B")
    page = await clerk.reads("/desk/employers?state=PENDING")
    assert "武汉金湖餐饮店" in page.words("#employers")
    assert "湖畔物流" not in page.words("#employers")
    page = await clerk.reads("/desk/employers?state=NONSENSE&after=abc&credit=%27&word=%E6%B9%96%E7%95%94")
    assert "湖畔物流" in page.words("#employers")
    assert "金湖" not in page.words("#employers")
    empty = await clerk.reads("/desk/employers?word=zzz")
    assert "没有符合条件的雇主" in empty.words(".empty")


async def test_the_list_alone_is_a_fragment(clerk):
    await put_employer()
    part = await clerk.reads("/desk/employers", fragment=True)
    assert part.select_one("#employers")
    assert not part.select_one("html")
    assert "HX-Request" in part.headers["vary"]


async def test_fifty_employers_to_a_page(clerk):
    await put_employer()
    first = await Employer.objects().first()
    for n in range(55):
        row = Employer(**{**first.to_dict(), "id": n + 1, "id_index": f"i{n}", "name": f"雇主{n:02d}"})
        await Employer.insert(row)
    page = await clerk.reads("/desk/employers")
    assert len(page.select("tbody tr")) == 50
    rest = await clerk.reads(page.select_one("a[rel=next]")["href"])
    assert len(rest.select("tbody tr")) == 6
