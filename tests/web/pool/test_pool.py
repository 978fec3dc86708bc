"""One pool: every station finds every post and, masked, every person; who collected them speaks with them."""

import pytest

from db.actions.seekers import register_seeker
from db.tables.journal import JournalEntry
from db.tables.referrals import Referral
from db.tables.seekers import Seeker
from rules.codes import ConsentMethod, IdType
from rules.seekers import NewSeeker
from tests.cast import LAKE, LING, PEOPLE
from tests.web.posts_scene import put_published
from tests.web.referrals.conftest import EVERY_SLOT, SEEKERS
from tests.web.rows import put_seeker


@pytest.fixture
async def post(house):
    """A post of 金银湖 on the board."""
    return await put_published()


async def person(who="chen"):
    """Somebody who looks for the post's work, registered by `who`; the row."""
    facts = {**SEEKERS["S07"], "id_type": IdType.RESIDENT, "subdistrict": "420112006", "community": "物流园社区", "slots": EVERY_SLOT}
    facts |= {"consent_method": ConsentMethod.SIGNED_PAPER, "trades": ("C03",)}
    ref = await register_seeker(NewSeeker(**facts), actor=PEOPLE[who])
    return await Seeker.select(Seeker.id, Seeker.number, Seeker.name).where(Seeker.id == ref.id).first()


@pytest.fixture
async def person_at_ling(house):
    """A person of 走马岭 who looks for the post's work."""
    return await person("lin")


async def test_another_stations_post_is_found_to_the_street_only(stranger, post):
    page = await stranger.reads("/desk/pool")
    assert post.number in page.words("#pool")
    assert "金银湖零工驿站" in page.words("#pool")
    assert page.select_one("#pool a")["href"] == f"/desk/pool/jobs/{post.number}"
    page = await stranger.reads(f"/desk/pool/jobs/{post.number}")
    assert "13900000001" not in page.text
    assert "周晓明" not in page.text
    await stranger.reads(f"/desk/jobs/{post.number}", status=404)


async def test_ones_own_post_leads_to_its_page(clerk, post):
    assert (await clerk.reads("/desk/pool")).select_one("#pool a")["href"] == f"/desk/jobs/{post.number}"


async def test_another_stations_people_have_numbers_and_no_names(clerk, house):
    await put_seeker("Q26006000007", station=LING, name="孙大圣")
    await put_seeker("Q26015000007", station=LAKE, name="朱悟能")
    page = await clerk.reads("/desk/pool?kind=seekers")
    assert "Q26006000007" in page.words("#pool")
    assert "零工…007" in page.words("#pool")
    assert "孙大圣" not in page.text
    assert page.select_one("#pool a")["href"] == "/desk/seekers/Q26015000007"


async def test_the_lists_are_narrowed_and_say_when_nothing_is_there(clerk, post):
    assert "没有这样的岗位" in (await clerk.reads("/desk/pool?trade=A01")).words(".empty")
    assert post.number in (await clerk.reads("/desk/pool?trade=C03&subdistrict=420112015")).words("#pool")
    assert "没有这样的零工" in (await clerk.reads("/desk/pool?kind=seekers")).words(".empty")


async def test_a_whole_phone_finds_the_card_and_part_of_it_nobody(clerk, house):
    await put_seeker("Q26006000009", station=LING, name="孙大圣")
    page = await clerk.sends("/desk/pool", status=200, page="/desk/pool?kind=seekers", word="Q26006000009")
    assert "Q26006000009" in page.words("#pool")
    assert "孙大圣" not in page.text
    page = await clerk.sends("/desk/pool", status=200, page="/desk/pool?kind=seekers", word="大圣")
    assert "没有这个编号、电话或者证件" in page.words(".empty")


async def test_the_posts_station_proposes_anothers_person_and_that_station_asks(clerk, stranger, post, person_at_ling):
    page = await clerk.reads(f"/desk/jobs/{post.number}/candidates?district=1")
    assert person_at_ling["name"] not in page.text
    assert "走马岭零工驿站" in page.words("table")
    sheet = await clerk.sends(f"/desk/jobs/{post.number}/referrals", seeker=person_at_ling["number"])
    page = await clerk.follows(sheet)
    number = (await Referral.select(Referral.number).first())["number"]
    assert person_at_ling["name"] not in page.text
    assert "由那里问他去不去" in page.words(".note")
    answer = f"/desk/referrals/{number}/worker-answer"
    page = await clerk.sends(answer, status=422, page=f"/desk/referrals/{number}", answer="yes", consent="y", method="SIGNED_PAPER")
    assert "别的驿站登记" in page.words(".problems")
    await stranger.sends(answer, page=f"/desk/referrals/{number}", answer="yes", consent="y", method="SIGNED_PAPER")
    page = await stranger.reads(f"/desk/referrals/{number}")
    assert person_at_ling["name"] in page.text
    assert "由那里问雇主要不要" in page.words("main")


async def test_only_the_posts_station_answers_for_the_employer_and_then_the_name_opens(clerk, stranger, post, person_at_ling):
    await clerk.sends(
        f"/desk/jobs/{post.number}/referrals", page=f"/desk/jobs/{post.number}/candidates?district=1", seeker=person_at_ling["number"]
    )
    number = (await Referral.select(Referral.number).first())["number"]
    home = f"/desk/referrals/{number}"
    await stranger.sends(f"{home}/worker-answer", page=home, answer="yes", consent="y", method="SIGNED_PAPER")
    page = await stranger.sends(f"{home}/employer-answer", status=422, page=home, answer="yes", answered_by="周经理")
    assert "由那个驿站答复" in page.words(".problems")
    await clerk.sends(f"{home}/employer-answer", page=home, answer="yes", answered_by="周经理")
    assert person_at_ling["name"] in (await clerk.reads(home)).text


async def test_ones_own_people_are_proposed_for_another_stations_post(stranger, post, person_at_ling):
    page = await stranger.reads(f"/desk/pool/jobs/{post.number}")
    assert person_at_ling["name"] in page.words("table")
    page = await stranger.follows(await stranger.sends(f"/desk/pool/jobs/{post.number}/referrals", seeker=person_at_ling["number"]))
    assert "已推荐" in page.words(".said")
    row = await Referral.select(Referral.station, Referral.seeker_station).first()
    assert row == {"station": LAKE, "seeker_station": LING}
    entry = await JournalEntry.select(JournalEntry.kind, JournalEntry.chain).order_by(JournalEntry.id, ascending=False).first()
    assert entry == {"kind": "REFERRAL_PROPOSED", "chain": f"station:{LAKE}"}


async def test_a_third_stations_person_is_not_proposed_for_anothers_post(stranger, post, house):
    mine = await person()
    page = await stranger.sends(f"/desk/pool/jobs/{post.number}/referrals", status=422, page="/desk/pool", seeker=mine["number"])
    assert "本站没有这个编号" in page.words(".problems")


async def test_who_only_reads_may_not_propose(lawyer, officer, post):
    await lawyer.reads("/desk/pool", status=403)
    await officer.reads(f"/desk/pool/jobs/{post.number}", status=403)


async def test_a_paused_or_unknown_post_is_not_in_the_pool(stranger, house):
    await stranger.reads("/desk/pool/jobs/G261201-010099", status=404)


async def test_the_fragment_stands_alone(clerk, post):
    sheet = await clerk.reads("/desk/pool", fragment=True)
    assert sheet.select_one("#pool")
    assert sheet.select_one("html") is None
