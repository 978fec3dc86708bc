"""What the board may weigh on a cheap phone: bytes on the wire, requests, elements of the page."""

import gzip

import pytest

from tests.web.board.posts import put_posts

FIRST_VIEW, EVERYTHING, FRAGMENT, ELEMENTS, UNCHANGED = 8 * 1024, 25 * 1024, 3 * 1024, 800, 1024


async def on_the_wire(visitor, url, encoding, **headers):
    """(bytes of the body as sent, text)"""
    async with visitor.client.stream("GET", url, headers={"accept-encoding": encoding, **headers}) as response:
        body = b"".join([chunk async for chunk in response.aiter_raw()])
        assert response.status_code == 200
        assert response.headers["content-encoding"] == encoding
        if encoding == "gzip":
            return len(body), gzip.decompress(body).decode()
        import brotli

        return len(body), brotli.decompress(body).decode()


@pytest.mark.parametrize("encoding", ["br", "gzip"])
async def test_the_first_view_and_the_next_page_stay_small(passer_by, encoding):
    await put_posts(4)
    page = await passer_by.reads("/jobs")
    assert len(page.select(".job")) == 20
    assert len(page.find_all(True)) <= ELEMENTS
    first, _ = await on_the_wire(passer_by, "/jobs", encoding)
    assert first <= FIRST_VIEW
    fetched = [tag["src"] for tag in page.select("[src]")] + [tag["href"] for tag in page.select("link[rel=stylesheet]")]
    assert len(fetched) == 2, "htmx and our own script, nothing else"
    total = first + sum([(await on_the_wire(passer_by, url, encoding))[0] for url in fetched])
    assert total <= EVERYTHING
    following = page.select_one("a[rel=next]")["hx-get"]
    fragment, text = await on_the_wire(passer_by, following, encoding, **{"HX-Request": "true", "HX-Target": "results"})
    assert text.count('class="job"') == 20
    assert fragment <= FRAGMENT


async def test_pages_load_no_image_no_font_and_nobody_elses_file(passer_by):
    await put_posts()
    for url in ("/jobs", "/jobs?trade=G01"):
        page = await passer_by.reads(url)
        assert not page.select("img, iframe, object, video, audio, link[rel=stylesheet]")
        assert all(tag["src"].startswith("/static/") for tag in page.select("[src]"))
        assert "url(" not in page.style.text


async def test_an_unchanged_page_costs_less_than_a_kilobyte(passer_by):
    await put_posts()
    tag = (await passer_by.fetches("/jobs")).headers["etag"]
    response = await passer_by.client.get("/jobs", headers={"if-none-match": tag})
    assert response.status_code == 304
    assert sum(len(name) + len(value) + 4 for name, value in response.headers.items()) + len(response.content) < UNCHANGED
