"""Public answers are kept while nothing changed: never past a commit or midnight, never for or from somebody's cookie."""

import re
from datetime import timedelta

import pytest

from db.clock import at
from db.ddl import PUBLIC_TABLES
from db.engine import connections
from db.tables.jobs import Job
from db.tables.parameters import Counter
from piccolo_conf import DB
from tests.web.board.posts import put_posts
from tests.web.conftest import MORNING
from web.unchanged import Unchanged

SQLITE = DB.engine_type == "sqlite"


@pytest.fixture
async def asked(app, house, monkeypatch):
    """How often the application itself was asked for a page."""
    await put_posts()
    kept = app.gate.app
    assert isinstance(kept, Unchanged)
    kept.mark, count = (), [0]
    inside = kept.app

    async def counting(scope, receive, send):
        count[0] += 1
        await inside(scope, receive, send)

    monkeypatch.setattr(kept, "app", counting)
    return count


async def test_the_second_phone_gets_the_kept_page(asked, passer_by):
    first = await passer_by.client.get("/jobs")
    second = await passer_by.client.get("/jobs")
    assert asked[0] == 1
    assert second.text == first.text
    assert second.headers["content-security-policy"] == first.headers["content-security-policy"]
    unchanged = await passer_by.client.get("/jobs", headers={"if-none-match": first.headers["etag"]})
    assert unchanged.status_code == 304
    assert unchanged.content == b""


async def test_a_phone_that_comes_back_is_answered_304_and_the_page_is_kept(asked, passer_by, app):
    first = await passer_by.client.get("/jobs")
    app.gate.app.kept.clear()
    for _ in range(3):
        answer = await passer_by.client.get("/jobs", headers={"if-none-match": first.headers["etag"]})
        assert answer.status_code == 304
        assert answer.content == b""
    assert asked[0] == 2
    missing = await passer_by.client.get("/jobs/G000000-000000", headers={"if-none-match": first.headers["etag"]})
    assert missing.status_code == 404
    assert "没有找到" in missing.text


async def test_a_commit_ends_it(asked, passer_by):
    before = await passer_by.client.get("/jobs")
    gone = await Job.select(Job.id, Job.title).where(Job.listed.eq(True)).first()
    await Job.update({Job.listed: False}).where(Job.id == gone["id"])
    after = await passer_by.client.get("/jobs", headers={"if-none-match": before.headers["etag"]})
    assert after.status_code == 200
    assert asked[0] == 2


async def test_midnight_ends_it(asked, passer_by):
    await passer_by.client.get("/jobs")
    with at(MORNING + timedelta(days=1)):
        await passer_by.client.get("/jobs")
    assert asked[0] == 2


@pytest.mark.parametrize("headers", [{"cookie": "big=1"}, {"hx-request": "true"}, {"range": "bytes=0-9"}])
async def test_who_sends_more_than_a_plain_request_is_asked_about_anew(asked, passer_by, headers):
    plain = await passer_by.client.get("/jobs")
    other = await passer_by.client.get("/jobs", headers=headers)
    assert asked[0] == 2
    if "range" not in headers:
        assert other.text != plain.text
    assert (await passer_by.client.get("/jobs")).text == plain.text


async def test_each_encoding_is_kept_for_itself(asked, passer_by):
    for encoding in ("br", "gzip", "identity"):
        for _ in range(2):
            page = await passer_by.client.get("/jobs", headers={"accept-encoding": encoding})
            assert page.headers.get("content-encoding", "identity") == encoding
            assert "正在招工" in page.text
    assert asked[0] == 3


async def test_a_page_of_a_clerk_is_never_kept(asked, clerk, passer_by):
    await clerk.client.get("/jobs")
    assert "退出" not in (await passer_by.client.get("/jobs")).text
    assert asked[0] == 2


async def test_an_error_page_is_not_kept(asked, passer_by):
    for _ in range(2):
        assert (await passer_by.client.get("/jobs/G000000-000000")).status_code == 404
    assert asked[0] == 2


async def test_the_version_can_be_asked_any_number_of_times(database):
    for _ in range(5_000):
        await DB.version()
        await DB.public_version()


async def test_what_no_public_page_shows_leaves_the_kept_pages_be(asked, passer_by):
    await passer_by.client.get("/jobs")
    await Counter.insert(Counter(name="sign-ins", value=1))
    await passer_by.client.get("/jobs")
    assert asked[0] == (1 if SQLITE else 2)


async def test_public_pages_read_only_tables_whose_changes_are_counted(house, passer_by, monkeypatch):
    await put_posts()
    if not SQLITE:  # goes by every commit, whatever it touches
        assert await DB.public_version() == await DB.version()
        return
    read: set[str] = set()

    def noting(connection, sql, args):
        read.update(re.findall(r'(?:FROM|JOIN)\s+"?([a-z_]+)"?', sql))
        return fetch(connection, sql, args)

    fetch = connections.fetch_rows
    monkeypatch.setattr(connections, "fetch_rows", noting)
    for url in (
        "/",
        "/jobs?trade=D01&q=分拣",
        "/stations",
        "/stations/ZD-420112015-01",
        "/sitemap.xml",
        "/open-data/jobs.json",
        "/jobs.atom",
    ):
        assert (await passer_by.client.get(url)).status_code == 200, url
    number = (await Job.select(Job.number).where(Job.listed.eq(True)).first())["number"]
    await passer_by.reads(f"/jobs/{number}")
    # The index changes with its post; who set an emblem is on no public page; the wage guide is of a year, asked once an hour.
    beside = {"job_search", "account", "placement", "cases", "legal_parameter"}
    assert read - beside <= set(PUBLIC_TABLES)
    assert {"job", "station"} <= read
