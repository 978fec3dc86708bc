"""The demo district, every person of it: no number, phone or door stands open anywhere that outlives or leaves the desk."""

import json
import re
from collections import deque
from html import unescape
from urllib.parse import unquote, urljoin, urlsplit

import httpx
import pytest

from db import archive
from db.queries.employers import opened_employer
from db.queries.jobs import opened_terms
from db.queries.seekers import opened_certificates, opened_seeker
from db.seeds import demo
from db.tables.employers import Employer
from db.tables.jobs import Job
from db.tables.journal import JournalEntry
from db.tables.seekers import Seeker
from db.verify_journal import verify
from tests.web.agreements.conftest import QuickPrinter
from tests.web.security.tour import _stored
from web.agreement_papers import print_agreement
from web.papers import snapshot_of

PAGES = 400
"""Public addresses followed at most; the demo district has fewer."""


async def plain_data() -> dict[str, str]:
    """Every number, phone and exact address of the district, opened: value → whose."""
    found: dict[str, str] = {}
    for row in await Seeker.select(Seeker.id, Seeker.number):
        for value in (await opened_seeker(row["id"])).values():
            found[value] = row["number"]
        found |= {number: row["number"] for _, number, _ in await opened_certificates(row["id"])}
    for row in await Employer.select(Employer.id):
        found |= dict.fromkeys((await opened_employer(row["id"])).values(), f"employer {row['id']}")
    for row in await Job.select(Job.id, Job.number, Job.version):
        terms = await opened_terms(row["id"], row["version"])
        found |= dict.fromkeys((terms.exact_address, terms.contact_phone, terms.pickup_place), row["number"])
    return {value: whose for value, whose in found.items() if len(value) >= 7}


async def public_answers(client) -> dict[str, str]:
    """Everything a passer-by can come to from the front page, the list for search engines and the feeds: address → text."""
    seen: dict[str, str] = {}
    waiting = deque(["/", "/jobs", "/stations", "/sitemap.xml", "/robots.txt"])
    while waiting and len(seen) < PAGES:
        url = waiting.popleft()
        if url in seen:
            continue
        answer = await client.get(url)
        text = answer.text if not answer.headers.get("content-type", "").startswith("application/pdf") else ""
        seen[url] = f"{answer.status_code} {answer.headers.multi_items()} {text}"
        for link in re.findall(r"""(?:href="|<loc>|<link>)([^"<]+)""", text):
            parts = urlsplit(urljoin(f"http://127.0.0.1:8000{url}", unescape(link)))
            if parts.netloc == "127.0.0.1:8000" and not parts.path.startswith("/static/"):
                waiting.append(parts.path + (f"?{parts.query}" if parts.query else ""))
    return seen


@pytest.fixture
async def district(database, monkeypatch, tmp_path):
    """The demo district with everybody's papers, in a folder of its own; the printer remembers what it prints."""
    monkeypatch.setenv("STATION_DATA", str(tmp_path))
    printer = QuickPrinter()
    await demo.load_into_empty(lambda number, actor: print_agreement(printer, "http://127.0.0.1:8000", number, actor))
    return printer


async def test_nobody_of_the_demo_district_lies_open_anywhere(district, app, monkeypatch, capfd):
    secrets = await plain_data()
    assert len(secrets) > 80
    monkeypatch.setitem(app.litestar.state, "printer", district)
    before = len(district.printed)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000", follow_redirects=False) as client:
        answers = await public_answers(client)
    assert sum(url.startswith("/jobs/") for url in answers) > 20
    posters = [snapshot_of(context) for _, context in district.printed[before:]]
    assert posters, "wall slips were printed"
    stored = await _stored()
    archived = b"".join(path.read_bytes() for path in sorted(archive.folder().rglob("*")) if path.is_file())
    journal = "\n".join(row["body"] for row in await JournalEntry.select(JournalEntry.body))
    printed = "".join(capfd.readouterr())
    open_places = {
        "public answer": "\n".join(answers.values()),
        "address": "\n".join(unquote(url) for url in answers),
        "wall slip": "\n".join(posters),
        "journal": journal,
        "log": printed,
    }
    leaks = {f"{place}: {whose}" for value, whose in secrets.items() for place, text in open_places.items() if value in text}
    assert not sorted(leaks)
    for value, whose in secrets.items():
        assert value.encode() not in stored, f"database: {whose}"
        assert json.dumps(value).strip('"').encode() not in stored, f"database: {whose}"
        assert value.encode() not in archived, f"archive: {whose}"
    assert "周水生".encode() in stored, "names are kept as they are, so the search would have found a number"
    assert len(archived) > 1000
    assert (await verify())[1] is None
