"""The morning's calls: what goes stale is on the list, a call opens one number, an answer is one key."""

from datetime import timedelta

import pytest

from db.clock import at, now
from db.tables.jobs import Job
from db.tables.journal import JournalEntry
from db.tables.seekers import Reveal, Seeker
from tests.web.conftest import MORNING
from tests.web.posts_scene import put_published
from tests.web.rows import put_seeker

LATER = MORNING + timedelta(days=14)


async def kinds():
    """The kinds of the journal's entries, oldest first."""
    return [row["kind"] for row in await JournalEntry.select(JournalEntry.kind).order_by(JournalEntry.id)]


@pytest.fixture
async def post(house):
    """A post verified on the test morning, valid for a month."""
    return await put_published(valid_to=(MORNING + timedelta(days=29)).date())


async def test_a_post_is_called_two_days_before_it_goes_stale(sit_down, post):
    with at(MORNING + timedelta(days=12)):
        page = await (await sit_down("chen")).reads("/desk/freshness")
        assert "今天不用打电话" in page.words(".empty")
    with at(LATER):
        clerk = await sit_down("zhou")
        page = await clerk.reads("/desk/freshness")
        assert post.number in page.words("#due")
        assert "2026年12月16日" in page.words("#due")
        assert "139" not in page.words("#due")


async def test_one_call_one_key_and_the_post_is_fresh(sit_down, post):
    with at(LATER):
        clerk = await sit_down("chen")
        page = await clerk.sends(f"/desk/freshness/posts/{post.number}/call", status=200, page="/desk/freshness")
        assert page.select_one("button[data-key='1']")["value"] == "YES"
        assert (await Reveal.select(Reveal.purpose, Reveal.fields).first()) == {"purpose": "CALL", "fields": "contact_name,contact_phone"}
        page = await clerk.follows(await clerk.sends(f"/desk/freshness/posts/{post.number}/answer", answer="YES"))
        assert "还在招" in page.words(".said")
        assert post.number not in page.words("#due")
        row = await Job.select(Job.verified_on, Job.verify_method, Job.verified_by, Job.listed).where(Job.id == post.id).first()
    assert row == {"verified_on": LATER.date(), "verify_method": "PHONE", "verified_by": 2001, "listed": True}
    assert (await kinds())[-2:] == ["REVEALED", "JOB_VERIFIED"]


async def test_the_number_stands_on_the_page_of_the_call_only(sit_down, post):
    with at(LATER):
        clerk = await sit_down("chen")
        page = await clerk.sends(f"/desk/freshness/posts/{post.number}/call", status=200, page="/desk/freshness")
        assert page.select_one("b.big").text.startswith("1")
        assert page.headers["cache-control"] == "no-store"
        await clerk.reads(f"/desk/freshness/posts/{post.number}/call", status=405)


async def test_an_employer_who_needs_nobody_ends_the_post(sit_down, post):
    with at(LATER):
        clerk = await sit_down("chen")
        await clerk.sends(f"/desk/freshness/posts/{post.number}/call", status=200, page="/desk/freshness")
        await clerk.sends(f"/desk/freshness/posts/{post.number}/answer", answer="NO")
        assert (await Job.select(Job.state).where(Job.id == post.id).first())["state"] == "WITHDRAWN"


async def test_a_call_in_vain_stays_on_the_list_behind_the_others(sit_down, post):
    other = await put_published(
        employer=(await Job.select(Job.employer).first())["employer"], title="别的活", valid_to=(MORNING + timedelta(days=29)).date()
    )
    with at(LATER):
        clerk = await sit_down("chen")
        await clerk.sends(f"/desk/freshness/posts/{post.number}/call", status=200, page="/desk/freshness")
        page = await clerk.follows(await clerk.sends(f"/desk/freshness/posts/{post.number}/answer", answer="NOBODY"))
        rows = [row.a.text for row in page.select("#due tbody tr")]
        assert rows == [other.number, post.number]
        assert "今天没打通" in page.words("#due")
        assert (await kinds())[-1] == "FRESHNESS_CALLED"


async def test_no_answer_is_no_answer(sit_down, post):
    with at(LATER):
        clerk = await sit_down("chen")
        await clerk.sends(f"/desk/freshness/posts/{post.number}/call", status=200, page="/desk/freshness")
        page = await clerk.follows(await clerk.sends(f"/desk/freshness/posts/{post.number}/answer", answer=""))
        assert "没有记下" in page.words(".said")
        assert (await Job.select(Job.verified_on).where(Job.id == post.id).first())["verified_on"] == MORNING.date()


async def test_a_person_is_called_a_week_before_the_profile_rests(sit_down, house):
    number = await put_seeker()
    seeker = await Seeker.select(Seeker.number).first()
    assert number
    with at(MORNING + timedelta(days=84)):
        clerk = await sit_down("chen")
        page = await clerk.reads("/desk/freshness?kind=seekers")
        assert seeker["number"] in page.words("#due")
        await clerk.sends(f"/desk/freshness/seekers/{seeker['number']}/call", status=200)
        await clerk.sends(f"/desk/freshness/seekers/{seeker['number']}/answer", answer="YES")
        row = await Seeker.select(Seeker.confirmed_on, Seeker.confirmed_by, Seeker.confirmed_how).first()
        assert row == {"confirmed_on": (MORNING + timedelta(days=84)).date(), "confirmed_by": 2001, "confirmed_how": "PHONE"}


async def test_a_person_who_looks_no_more_rests_and_comes_back(sit_down, house):
    await put_seeker()
    number = (await Seeker.select(Seeker.number).first())["number"]
    with at(MORNING + timedelta(days=84)):
        clerk = await sit_down("chen")
        await clerk.reads("/desk/freshness?kind=seekers")
        await clerk.sends(f"/desk/freshness/seekers/{number}/call", status=200)
        await clerk.sends(f"/desk/freshness/seekers/{number}/answer", answer="NO")
        assert (await Seeker.select(Seeker.state).first())["state"] == "DORMANT"
        await clerk.sends(f"/desk/seekers/{number}/confirmation", page=f"/desk/seekers/{number}")
        assert (await Seeker.select(Seeker.state).first())["state"] == "ACTIVE"


async def test_these_looks_do_not_alarm_the_manager(sit_down, post):
    from db.queries.reveals import looked_on

    with at(LATER):
        clerk = await sit_down("chen")
        await clerk.sends(f"/desk/freshness/posts/{post.number}/call", status=200, page="/desk/freshness")
        assert await looked_on(2001, now().date()) == 0


async def test_a_strangers_list_does_not_hold_it(sit_down, post):
    with at(LATER):
        stranger = await sit_down("lin")
        page = await stranger.reads("/desk/freshness")
        assert post.number not in page.text
        await stranger.sends(f"/desk/freshness/posts/{post.number}/call", status=404)
        await stranger.sends(f"/desk/freshness/posts/{post.number}/answer", status=404, page="/desk/freshness", answer="YES")


async def test_who_only_reads_may_not_call(sit_down, post):
    with at(LATER):
        lawyer = await sit_down("luo")
        await lawyer.reads("/desk/freshness", status=403)


async def test_the_fragment_stands_alone(sit_down, post):
    with at(LATER):
        clerk = await sit_down("chen")
        sheet = await clerk.reads("/desk/freshness?kind=posts", fragment=True)
        assert sheet.select_one("#due")
        assert sheet.select_one("html") is None
