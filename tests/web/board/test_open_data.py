"""Public posts for programs: the feed of a search, and every post as a documented record."""

from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

from db.tables.jobs import Job
from rules.codes import JobState
from rules.open_data import FIELDS
from tests.web.board.posts import TODAY, put_post

ATOM = "{http://www.w3.org/2005/Atom}"


async def entries(visitor, url):
    """(title, link) of every entry of a feed."""
    feed = ElementTree.fromstring((await visitor.fetches(url)).content)
    return [(entry.findtext(f"{ATOM}title"), entry.find(f"{ATOM}link").get("href")) for entry in feed.iter(f"{ATOM}entry")]


async def test_the_feed_of_a_search_holds_its_posts_only(passer_by):
    number = await put_post(title="展馆保洁", trade="B01")
    await put_post(title="叉车司机", trade="C06")
    await put_post(title="看不见的", trade="B01", state=JobState.PAUSED)
    assert await entries(passer_by, "/jobs.atom?trade=B01") == [("220元/天 日结 展馆保洁", f"http://127.0.0.1:8000/jobs/{number}")]
    assert len(await entries(passer_by, "/jobs.atom")) == 2


async def test_the_feed_finds_words_as_the_board_does(passer_by):
    await put_post(title="展馆保洁")
    await put_post(title="叉车司机")
    found = await entries(passer_by, "/jobs.atom?q=%E5%B1%95%E9%A6%86")
    assert [title for title, _ in found] == ["220元/天 日结 展馆保洁"]


async def test_markup_in_a_title_stays_text_in_the_feed(passer_by):
    await put_post(title="<b>搬&运</b>")
    assert [title for title, _ in await entries(passer_by, "/jobs.atom")] == ["220元/天 日结 <b>搬&运</b>"]


async def test_an_empty_feed_is_still_a_feed(passer_by):
    answer = await passer_by.fetches("/jobs.atom?q=%E6%B2%A1%E6%9C%89")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    assert await entries(passer_by, "/jobs.atom?q=%E6%B2%A1%E6%9C%89") == []


async def test_the_board_as_data_has_every_documented_field_in_order(passer_by):
    number = await put_post(end_date=TODAY + timedelta(days=2), benefits=("DINNER",))
    body = (await passer_by.fetches("/open-data/jobs.json")).json()
    assert body["format"] == "gig-station-posts/1"
    assert body["next"] is None
    (post,) = body["posts"]
    assert list(post) == [name for name, _, _ in FIELDS]
    assert post["number"] == number
    assert post["place"] == "走马岭街道·走新路附近"
    assert post["pay_fen"] == 22_000
    assert post["url"] == f"http://127.0.0.1:8000/jobs/{number}"


async def test_the_documentation_names_the_same_fields():
    text = (Path(__file__).parents[3] / "docs" / "public-data.md").read_text(encoding="utf-8")
    named = [line.split("`")[1] for line in text.split("| field |")[1].splitlines() if line.startswith("| `")]
    assert named == [name for name, _, _ in FIELDS]


async def test_the_data_go_on_where_the_last_answer_ended(passer_by):
    await put_post(title="第一个")
    await put_post(title="第二个")
    first = await Job.select(Job.id).where(Job.title == "第一个").first()
    body = (await passer_by.fetches(f"/open-data/jobs.json?after={first['id']}")).json()
    assert [post["title"] for post in body["posts"]] == ["第二个"]
    assert len((await passer_by.fetches("/open-data/jobs.json?after=junk")).json()["posts"]) == 2
