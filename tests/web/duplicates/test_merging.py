"""Duplicates: what looks the same is shown in pairs, merged by the manager, and nothing of either is lost."""

import pytest

from db.tables.employers import Employer
from db.tables.jobs import Job
from db.tables.journal import JournalEntry
from db.tables.seekers import Seeker
from rules.codes import ReferralState
from rules.errors import RuleBroken
from tests.cast import LING
from tests.web.posts_scene import put_draft, put_employer, put_published
from tests.web.rows import put_job, put_referral, put_seeker


@pytest.fixture
async def twins(house):
    """(first id, second id) of one person who was registered twice with one phone."""
    first = await put_seeker("Q26015000001", name="王小明")
    second = await put_seeker("Q26015000002", name="王晓明")
    await Seeker.update({Seeker.phone_index: "same"}).where(Seeker.id.is_in([first, second]))
    return first, second


async def test_one_phone_twice_is_a_pair(manager, twins):
    page = await manager.reads("/desk/duplicates")
    assert page.words("#pairs tbody td:nth-of-type(3)") == "电话相同"
    assert "王*明" in page.words("#pairs")
    assert "小明" not in page.words("#pairs")


async def test_the_manager_keeps_one_and_the_other_points_at_it(manager, twins):
    first, second = twins
    url = f"/desk/duplicates/seekers/{first}/{second}"
    page = await manager.follows(await manager.sends(url, page=url, keep="b", reason="看了身份证，是同一个人"))
    assert "已合并" in page.words(".said")
    row = await Seeker.select(Seeker.merged_into, Seeker.state, Seeker.closed_reason).where(Seeker.id == first).first()
    assert row == {"merged_into": second, "state": "CLOSED", "closed_reason": "与 Q26015000002 重复，已合并"}
    entry = await JournalEntry.select(JournalEntry.kind, JournalEntry.subject_id).order_by(JournalEntry.id, ascending=False).first()
    assert entry == {"kind": "SEEKERS_MERGED", "subject_id": first}
    assert "没有发现重复" in (await manager.reads("/desk/duplicates")).words(".empty")


async def test_each_record_names_the_other(manager, twins):
    first, second = twins
    url = f"/desk/duplicates/seekers/{first}/{second}"
    await manager.sends(url, page=url, keep="a", reason="看了身份证，是同一个人")
    assert "Q26015000001" in (await manager.reads("/desk/seekers/Q26015000002")).words(".note")
    assert "Q26015000002" in (await manager.reads("/desk/seekers/Q26015000001")).words("main")


async def test_nothing_may_be_under_way_at_the_one_that_goes(manager, twins):
    first, second = twins
    await put_referral("T26120100001", await put_job("G261201-010001"), second, state=ReferralState.PROPOSED)
    url = f"/desk/duplicates/seekers/{first}/{second}"
    page = await manager.sends(url, status=422, page=url, keep="a", reason="看了身份证，是同一个人")
    assert "Q26015000002 还有 1 件没办完的事" in page.words(".problems")
    assert page.select_one("#reason")["value"] == "看了身份证，是同一个人"
    await manager.sends(url, keep="b", reason="看了身份证，是同一个人")


async def test_a_reason_is_needed_and_pressing_twice_merges_once(manager, twins):
    url = "/desk/duplicates/seekers/{}/{}".format(*twins)
    page = await manager.sends(url, status=422, page=url, keep="a", reason="")
    assert page.select_one("#reason-error1")
    await manager.sends(url, keep="a", reason="看了身份证，是同一个人")
    again = dict(manager.last)
    answer = await manager.client.post(url, data=again)
    assert answer.status_code in (303, 404)
    assert await JournalEntry.count().where(JournalEntry.kind == "SEEKERS_MERGED") == 1


async def test_the_same_name_and_birthday_is_a_pair_too(manager, house):
    await put_seeker("Q26015000001", name="李大为")
    await put_seeker("Q26015000002", name="李大为")
    assert "姓名和出生日期相同" in (await manager.reads("/desk/duplicates")).words("#pairs")


async def test_two_registrations_of_one_employer_are_merged(manager, house):
    first = await put_employer()
    second = await put_employer(id_number="91420112MA4K000028", name="武汉临空物流有限公司二部", id_proof="看了执照原件")
    url = f"/desk/duplicates/employers/{first}/{second}"
    await manager.sends(url, page=url, keep="a", reason="同一家公司，电话相同")
    assert (await Employer.select(Employer.merged_into).where(Employer.id == second).first())["merged_into"] == first
    page = await manager.reads(f"/desk/employers/{second}")
    assert page.select_one(f".note a[href='/desk/employers/{first}']")
    assert not page.select_one("a[href^='/desk/jobs/new']")
    assert (await manager.reads(f"/desk/employers/{first}")).select_one(f".note a[href='/desk/employers/{second}']")
    assert not (await manager.reads("/desk/employers")).select_one(f"a[href='/desk/employers/{second}']")
    with pytest.raises(RuleBroken, match="已合并"):
        await put_draft(employer=second)


async def test_one_credit_code_at_two_stations_is_a_pair_for_the_district(manager, officer, house):
    first = await put_employer()
    second = await put_employer(who="lin")
    assert "没有发现" in (await manager.reads("/desk/duplicates?kind=employers")).words(".empty")
    assert "信用代码（证件号码）相同" in (await officer.reads("/desk/duplicates?kind=employers")).words("#pairs")
    await officer.reads(f"/desk/duplicates/employers/{first}/{second}")


async def test_an_employer_with_a_running_post_is_not_merged_away(manager, house):
    post = await put_published()
    first = (await Job.select(Job.employer).where(Job.id == post.id).first())["employer"]
    second = await put_employer(id_number="91420112MA4K000028", name="武汉临空物流有限公司二部", id_proof="看了执照原件")
    url = f"/desk/duplicates/employers/{first}/{second}"
    page = await manager.sends(url, status=422, page=url, keep="b", reason="同一家公司，电话相同")
    assert "没办完的事" in page.words(".problems")


async def test_two_posts_with_the_same_words_are_a_pair_and_one_is_withdrawn(manager, house):
    first = await put_published()
    employer = await put_employer(
        id_number="91420112MA4K000028", name="武汉另一家物流有限公司", phone="13900000055", id_proof="看了执照原件"
    )
    second = await put_published(employer=employer)
    assert "岗位内容相同" in (await manager.reads("/desk/duplicates?kind=posts")).words("#pairs")
    url = f"/desk/duplicates/posts/{first.id}/{second.id}"
    await manager.sends(url, page=url, keep="a", reason="雇主说发重了")
    assert (await Job.select(Job.state).where(Job.id == second.id).first())["state"] == "WITHDRAWN"
    assert (await Job.select(Job.state).where(Job.id == first.id).first())["state"] == "PUBLISHED"


async def test_a_pair_of_another_station_does_not_exist_for_the_manager_but_for_the_district(manager, officer, house):
    first = await put_seeker("Q26006000001", station=LING)
    second = await put_seeker("Q26006000002", station=LING)
    assert "没有发现" in (await manager.reads("/desk/duplicates")).words(".empty")
    await manager.reads(f"/desk/duplicates/seekers/{first}/{second}", status=404)
    await officer.reads(f"/desk/duplicates/seekers/{first}/{second}")


async def test_a_clerk_may_not_merge(clerk, twins):
    await clerk.reads("/desk/duplicates", status=403)


async def test_the_fragment_stands_alone_and_an_unknown_kind_is_404(manager, house):
    sheet = await manager.reads("/desk/duplicates?kind=posts", fragment=True)
    assert sheet.select_one("#pairs")
    assert sheet.select_one("html") is None
    await manager.reads("/desk/duplicates/stations/1/2", status=404)
