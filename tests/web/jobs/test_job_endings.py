"""代办: what the desk does with the last days of a post for an employer who called."""

from datetime import date, timedelta

from db.clock import at
from db.tables.jobs import Job, JobOutcome
from tests.web.conftest import MORNING
from tests.web.employer_home.conftest import later
from tests.web.posts_scene import put_published


async def row_of(ref):
    return await Job.select().where(Job.id == ref.id).first()


async def test_the_clerk_prolongs_a_post(clerk):
    ref = await put_published()
    url = f"/desk/jobs/{ref.number}"
    page = await clerk.sends(f"{url}/extension", page=url, status=422, valid_to="2026-12-28", reason="雇主来电话说还要", method="")
    assert "怎样核实" in page.words(".problems")
    assert page.select_one("#extension-reason")["value"] == "雇主来电话说还要"
    await clerk.sends(f"{url}/extension", method="PHONE")
    assert (await row_of(ref))["valid_to"] == date(2026, 12, 28)


async def test_the_clerk_ends_a_post_and_notes_its_outcome(clerk):
    ref = await put_published()
    url = f"/desk/jobs/{ref.number}"
    page = await clerk.sends(f"{url}/ending", page=url, status=422)
    assert "请选择为什么不招了" in page.words(".problems")
    await clerk.sends(f"{url}/ending", why="FOUND")
    assert (await row_of(ref))["state"] == "FILLED"
    await clerk.sends(f"{url}/outcome", page=url, where="ACQUAINTANCE", found="5")
    assert (await JobOutcome.select(JobOutcome.where).first())["where"] == "ACQUAINTANCE"
    assert "招到5人，熟人介绍" in (await clerk.reads(url)).words("aside")


async def test_the_list_shows_whom_to_ask(clerk):
    ref = await put_published()
    with at(MORNING):
        assert ref.number not in (await clerk.reads("/desk/jobs?outcome=due")).words("#jobs")
    async with later(MORNING + timedelta(days=21)):
        assert ref.number in (await clerk.reads("/desk/jobs?outcome=due")).words("#jobs")
        assert ref.number in (await clerk.reads("/desk/jobs?outcome=due", fragment=True)).text


async def test_strangers_and_readers_end_nothing(stranger, lawyer, officer):
    ref = await put_published()
    url = f"/desk/jobs/{ref.number}"
    for step in ("extension", "ending", "outcome"):
        await stranger.sends(f"{url}/{step}", page="/desk", status=404)
        await lawyer.sends(f"{url}/{step}", page="/desk", status=403)
        await officer.sends(f"{url}/{step}", page="/supervision", status=403)
    assert not (await lawyer.reads(url)).select(f"form[action^='{url}/ending']")
    assert (await row_of(ref))["state"] == "PUBLISHED"
