"""A second click, and machines that ask for anything: nothing happens twice, nothing breaks."""

import asyncio
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web.bad_input.sweep import Sweep
from tests.web.bad_input.test_every_form import of_employers, of_papers, of_people, of_posts, of_reviews, rows
from web.routes import ROUTES

NUMBERS = ("1", "0", "-1", "G261201-010001", "Q26015000123", "T26120100001", "XLW-2026-000001", "hygiene.pdf")
ODD_NUMBERS = ("9" * 25, "٣", "中文", "a b", "%27", "new")


def every_path() -> list[str]:
    """Each route's path with its parameters as `{}`."""
    found = {path for handler in ROUTES for path in handler.paths}
    return sorted("/".join("{}" if part.startswith("{") else part for part in path.split("/")) for path in found)


@pytest.mark.parametrize("forms", [of_employers, of_posts, of_reviews, of_people, of_papers])
async def test_the_second_submit_of_every_form_does_nothing(desk, manager, forms):
    for form in forms(desk):
        sweep = Sweep(manager, form)
        try:
            await sweep.open()
        except AssertionError:  # an earlier form of this scene closed it: each is opened once somewhere
            continue
        first = await manager.client.post(form.action, data=sweep.base)
        before = await rows(journal=True)
        second = await manager.client.post(form.action, data=sweep.base)
        assert await rows(journal=True) == before, form.action
        if first.status_code == 303:
            assert second.status_code == 303, form.action
            assert second.headers["location"] == first.headers["location"], form.action


async def test_two_clicks_at_once_save_once(desk, manager):
    for form in (of_employers(desk)[0], of_posts(desk)[0], of_people(desk)[0]):
        sweep = Sweep(manager, form)
        await sweep.open()
        before = await rows()
        answers = await asyncio.gather(*(manager.client.post(form.action, data=sweep.base) for _ in range(3)))
        after = await rows()
        assert {answer.status_code for answer in answers} == {303}
        assert len({answer.headers["location"] for answer in answers}) == 1
        assert after["submission"] == before["submission"] + 1


async def test_every_route_answers_head_and_refuses_other_methods(manager, quick_printer):
    for path in every_path():
        url = path.replace("{}", "1")
        head, got = await manager.client.head(url), await manager.client.get(url)
        assert head.status_code == got.status_code < 500, url
        assert head.content == b"", url
        for method in ("PUT", "DELETE", "PATCH", "OPTIONS"):
            assert (await manager.client.request(method, url)).status_code == 405, f"{method} {url}"


async def test_random_requests_never_break_anything(desk, manager, passer_by, app):
    """GET and POST, any of our paths with any number, any query and body: an answer below 500."""
    token = (await manager.reads("/desk/account")).select_one("input[name=csrf_token]")["value"]
    cookie = "; ".join(f"{name}={value}" for name, value in manager.client.cookies.items())
    known = (*NUMBERS, *ODD_NUMBERS, desk.published, desk.proposed, desk.drafted, str(desk.employer))
    number = st.sampled_from(known) | st.text(max_size=12)
    known_names = ("q", "page", "after", "word", "state", "kind", "employer", "title", "seeker", "answer", "then", "next")
    names = st.sampled_from(known_names)
    pairs = st.lists(st.tuples(names | st.text(max_size=8), st.text(max_size=30)), max_size=6)
    numbers = st.lists(number, min_size=3, max_size=3)
    request = st.tuples(st.sampled_from(("GET", "POST")), st.sampled_from(every_path()), numbers, pairs, pairs)
    asked: list[tuple] = []

    @settings(max_examples=300, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(request)
    def collect(one: tuple) -> None:
        asked.append(one)

    collect()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://127.0.0.1:8000") as client:
        for turn, (method, path, numbers, query, body) in enumerate(asked):
            url = path.format(*(quote(each.encode("utf-8", "surrogatepass"), safe="") for each in numbers))
            raw_query = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in query)
            content = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in [("csrf_token", token), *body])
            response = await client.request(
                method,
                f"{url}?{raw_query}",
                content=content if method == "POST" else None,
                headers={"content-type": "application/x-www-form-urlencoded", **({"cookie": cookie} if turn % 3 else {})},
            )
            assert response.status_code < 500, f"{method} {url}?{raw_query} {content[130:]}"


def _quoted(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe="")
