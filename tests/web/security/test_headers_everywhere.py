"""Every answer leaves with the security headers, and in production every cookie is bound to this host and to TLS."""

import re
from dataclasses import replace

import httpx
import pytest

from db.passwords import hash_password
from db.tables.accounts import Account
from tests.cast import PEOPLE
from tests.web.security.tour import Answer, Tour
from web.app import Station, create_app
from web.gate import HEADERS
from web.settings import Settings

pytestmark = pytest.mark.xdist_group("tour")  # it is taken once, by one process

OWN_SCRIPT = re.compile(r'<script(?![^>]*(?:\ssrc=|application/ld\+json))[^>]*>|\son[a-z]+=["\']|javascript:', re.IGNORECASE)
ELSEWHERE = re.compile(r'\s(?:src|href|action|data)=["\'](?://|https?://(?!127\.0\.0\.1))[^"\']*')
EXPECTED = {name.decode(): value.decode() for name, value in HEADERS}


def wrong_headers(answer: Answer) -> list[str]:
    """One sentence per header that is missing, doubled or says something else."""
    found = []
    for name, value in EXPECTED.items():
        if name == "referrer-policy" and answer.route.startswith("/rate/") and answer.status in (200, 410, 422):
            value = "strict-origin"  # its address is the key: nobody is told more than the host
        if name == "referrer-policy" and answer.route.startswith("/copies/") and answer.status in (200, 204, 303, 410, 422):
            value = "strict-origin"  # its address is half the key
        if answer.headers.getall(name, []) != [value]:
            found.append(f"{answer}: {name} is {answer.headers.getall(name, [])}")
    policy = answer.headers.getall("content-security-policy", [])
    if len(policy) != 1 or ("default-src 'none'" not in policy[0] and policy[0] != "sandbox"):
        found.append(f"{answer}: content-security-policy is {policy}")
    if len(answer.headers.getall("content-type", [])) > 1:
        found.append(f"{answer}: two content types")
    return found


def test_every_answer_of_every_address_carries_the_headers(tour: Tour):
    assert not [sentence for answer in tour.all() for sentence in wrong_headers(answer)]


def test_the_answer_to_a_fault_carries_them_too(tour: Tour):
    assert tour.fault is not None
    assert not wrong_headers(tour.fault)


def test_what_a_signed_in_person_is_shown_is_not_kept_by_the_browser(tour: Tour):
    kept = [
        str(answer)
        for answer in tour.all()
        if answer.who != "visitor" and answer.url.startswith(("/desk", "/supervision"))
        if "no-store" not in " ".join(answer.headers.getall("cache-control", []))
    ]
    assert not kept


def test_texts_name_their_charset(tour: Tour):
    kinds = {answer.headers.get("content-type", "") for answer in tour.all() if answer.body}
    assert not [kind for kind in kinds if kind.startswith("text/") and "utf-8" not in kind.lower()]


def test_pages_carry_no_script_of_their_own_and_load_nothing_from_elsewhere(tour: Tour):
    pages = {answer.body.decode(): answer.url for answer in tour.all() if answer.html}
    assert len(pages) > 200
    wrong = {f"{url}: {script}" for text, url in pages.items() for script in OWN_SCRIPT.findall(text)}
    wrong |= {f"{url}: {address}" for text, url in pages.items() for address in ELSEWHERE.findall(text)}
    assert not wrong


@pytest.fixture
def production(app: Station) -> Station:
    """The application with production settings, on the same database."""
    return create_app(replace(app.settings, production=True, public_url="https://station.example"))


async def test_production_cookies_are_for_this_host_over_tls_only(production: Station, house: None):
    password = "correct horse battery"
    await Account.update({Account.password_hash: await hash_password(password)}).where(Account.id == PEOPLE["chen"].id)
    transport = httpx.ASGITransport(app=production)
    async with httpx.AsyncClient(transport=transport, base_url="https://station.example") as client:
        first = await client.get("/sign-in")
        token = first.text.partition('name="csrf_token" value="')[2].partition('"')[0]
        signed_in = await client.post("/sign-in", data={"csrf_token": token, "login": "chen", "password": password})
        assert signed_in.status_code == 303, signed_in.text[:500]
        desk = await client.get("/desk")
        assert desk.status_code == 200
        token = desk.text.partition('name="csrf_token" value="')[2].partition('"')[0]
        big = await client.get("/type-size?big=1&back=/jobs")
        assert 'class="big"' in (await client.get("/jobs")).text
        signed_out = await client.post("/sign-out", data={"csrf_token": token})
        assert "您已退出登录" in (await client.get("/sign-in")).text
    given = [cookie for answer in (first, signed_in, big, signed_out) for cookie in answer.headers.get_list("set-cookie")]
    assert {cookie.partition("=")[0] for cookie in given} == {"__Host-visitor", "__Host-sid", "__Host-big", "__Host-said"}
    for cookie in given:
        parts = cookie.split("; ")
        assert {"Path=/", "HttpOnly", "SameSite=Lax", "Secure"} <= set(parts), cookie
        assert not [part for part in parts if part.startswith("Domain")]
    assert signed_out.headers["clear-site-data"]
    for answer in (first, signed_in, desk, big, signed_out):
        assert answer.headers["strict-transport-security"].startswith("max-age=31536000")


async def test_a_cookie_without_the_prefix_signs_nobody_in_in_production(production: Station, sit_down):
    """Another host of the domain, or a page over plain http, could have planted it."""
    clerk = await sit_down("chen")
    await clerk.reads("/desk")
    transport = httpx.ASGITransport(app=production)
    async with httpx.AsyncClient(transport=transport, base_url="https://station.example") as client:
        client.cookies.set("sid", "token-of-chen")
        assert (await client.get("/desk")).status_code == 303
        client.cookies.set("said", "planted")
        assert "planted" not in (await client.get("/jobs")).text


def test_development_and_production_differ_only_where_they_must(tmp_path):
    development = Settings(False, tmp_path, b"x" * 32, "http://127.0.0.1:8000")
    assert not development.secure_cookies
    assert replace(development, production=True).secure_cookies
