"""The outermost door: junk is answered in Chinese and never reaches a handler; every answer carries the headers."""

import pytest

from db.errors import StorageBusy
from web import tokens

JUNK_PATHS = ["/%ff", "/sign-in%00", "/desk/%c0%af", "/jobs?page=%ff", "/jobs?q=%00", "/jobs?" + "a=1&" * 60, "/jobs?q=" + "x" * 3000]


@pytest.mark.parametrize("url", JUNK_PATHS)
async def test_junk_in_the_address_is_400(passer_by, url):
    page = await passer_by.reads(url, status=400)
    assert page.words("h1") == "没看懂这个请求"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
async def test_other_methods_are_405_everywhere(passer_by, method):
    response = await passer_by.client.request(method, "/sign-in")
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD, POST"
    assert "从页面上的按钮进入" in response.text


async def test_a_head_request_is_a_get_without_body(passer_by):
    response = await passer_by.client.head("/sign-in")
    assert response.status_code == 200
    assert response.content == b""


JUNK_BODIES = [
    ("application/x-www-form-urlencoded", b"login=%ff%fe"),
    ("application/x-www-form-urlencoded", b"login=\xff\xfe"),
    ("application/x-www-form-urlencoded", b"login=a%00b"),
    ("application/x-www-form-urlencoded; charset=gbk", b"login=a"),
    ("application/x-www-form-urlencoded", b"a=1&" * 2000),
    ("multipart/form-data", b"--x"),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nno end'),
    ("application/json", b'{"login": "chen"}'),
    ("text/plain", b"login=chen"),
]


@pytest.mark.parametrize(("content_type", "body"), JUNK_BODIES)
async def test_junk_bodies_are_refused_without_a_trace(passer_by, content_type, body):
    response = await passer_by.client.post("/sign-in", content=body, headers={"content-type": content_type})
    assert response.status_code in (400, 403)
    assert "Traceback" not in response.text
    assert "<h1>" in response.text


async def test_too_large_a_form_is_413(passer_by):
    response = await passer_by.client.post("/sign-in", data={"login": "x" * 300_000})
    assert response.status_code == 413
    assert "内容太大" in response.text


async def test_a_fifty_megabyte_upload_is_413(passer_by):
    response = await passer_by.client.post("/sign-in", files={"file": ("a.pdf", b"0" * 50_000_000)})
    assert response.status_code == 413


@pytest.mark.parametrize("url", ["/sign-in", "/nope", "/%ff", "/healthz", "/desk/account"])
async def test_every_answer_carries_the_security_headers(passer_by, url):
    response = await passer_by.client.get(url)
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "same-origin"
    assert "granian" not in response.headers.get("server", "")


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
    ],
)
async def test_a_form_from_another_site_is_403_even_with_a_token(clerk, headers):
    await clerk.reads("/desk/account")
    token = clerk.page.select_one("input[name=csrf_token]")["value"]
    response = await clerk.client.post("/sign-out", data={"csrf_token": token}, headers=headers)
    assert response.status_code == 403
    await clerk.reads("/desk/account")


@pytest.mark.parametrize("token", ["", "x", "é" * 128, "0" * 128, "g" * 128])
async def test_a_missing_or_forged_token_is_403(clerk, token):
    response = await clerk.client.post("/sign-out", data={"csrf_token": token})
    assert response.status_code == 403
    await clerk.reads("/desk/account")


async def test_somebody_elses_token_is_403(clerk, reviewer):
    await reviewer.reads("/desk/account")
    theirs = reviewer.page.select_one("input[name=csrf_token]")["value"]
    response = await clerk.client.post("/sign-out", data={"csrf_token": theirs})
    assert response.status_code == 403


def test_a_token_is_masked_anew_and_bound():
    first, second = tokens.issue(b"s" * 32, "a"), tokens.issue(b"s" * 32, "a")
    assert first != second
    assert tokens.valid(b"s" * 32, "a", first)
    assert not tokens.valid(b"s" * 32, "b", first)
    assert not tokens.valid(b"t" * 32, "a", first)


async def test_a_stale_form_after_sign_out_loses_nothing(clerk):
    await clerk.reads("/desk/account")
    token = clerk.page.select_one("input[name=csrf_token]")["value"]
    await clerk.sends("/sign-out")
    typed = {"csrf_token": token, "remark": "打了半天的字", "old_password": "secret"}
    response = await clerk.client.post("/desk/account/password", data=typed)
    assert response.status_code == 401
    assert 'value="打了半天的字"' in response.text
    assert "再提交一次" in response.text
    assert "secret" not in response.text


async def test_a_form_from_an_earlier_session_can_be_sent_again(clerk):
    response = await clerk.client.post("/desk/account/password", data={"csrf_token": "", "remark": "打了半天的字"})
    assert response.status_code == 403
    assert 'value="打了半天的字"' in response.text
    fresh = clerk._sheet(response).select_one("form.kept input[name=csrf_token]")["value"]
    again = await clerk.client.post("/desk/account/password", data={"csrf_token": fresh})
    assert again.status_code == 422


async def test_health_tells_the_three_states(passer_by):
    body = (await passer_by.client.get("/healthz")).json()
    assert set(body) == {"database", "storage", "backup", "migrations", "renderer", "record"}
    assert body["database"] == "ok"
    assert body["migrations"] == "ok"


async def test_large_type_is_kept_in_a_cookie_and_leads_back(passer_by):
    answer = await passer_by.reads("/type-size?big=1&back=//evil.example", status=303)
    assert answer.headers["location"] == "/jobs"
    assert passer_by.client.cookies["big"] == "1"


async def test_a_fault_of_ours_is_a_chinese_page_and_a_log_line_without_what_was_typed(passer_by, monkeypatch, capsys):
    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("secret typing 13900000099")

    monkeypatch.setattr("web.routes.front.set_cookie", fails)
    page = await passer_by.reads("/type-size?big=1&back=/jobs", status=500)
    assert page.words("h1") == "系统出错了"
    assert "RuntimeError" not in page.text
    logged = capsys.readouterr().out
    assert "RuntimeError" in logged
    assert "13900000099" not in logged


async def test_a_busy_database_asks_to_try_again(passer_by, monkeypatch):
    def fails(*_: object, **__: object) -> None:
        raise StorageBusy("busy")

    monkeypatch.setattr("web.routes.front.set_cookie", fails)
    page = await passer_by.reads("/type-size?big=1&back=/jobs", status=503)
    assert "过几秒再试" in page.words()
