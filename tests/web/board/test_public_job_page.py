"""The page of one post, its wall slip and the list for search engines; what is answered when the post is gone."""

import json
from datetime import time, timedelta

import pytest

from db.clock import at
from db.tables.jobs import Job
from rules.codes import JobState
from tests.web.board.posts import TODAY, put_post
from tests.web.conftest import MORNING
from web import posters


def day(ahead):
    return TODAY + timedelta(days=ahead)


def facts(page):
    """The facts of the page by their names."""
    return {row.dt.text: " ".join(row.dd.get_text(" ").split()) for row in page.select("dl div")}


async def test_a_post_says_everything_a_worker_asks(passer_by):
    number = await put_post(
        title="叉车司机夜班顶岗",
        trade="C06",
        start_date=TODAY,
        end_date=day(4),
        start_time=time(20),
        end_time=time(4, 30),
        break_minutes=30,
        pay_fen=38_000,
        pay_unit="NIGHT",
        settle_cycle="PER_JOB",
        benefits=("DINNER", "NIGHT_ALLOWANCE"),
        certificates=("T11",),
        hazards=("VEHICLE",),
        hazard_notice="倒车先鸣笛",
        requirements="熟手",
        headcount=3,
        placed_count=1,
    )
    page = await passer_by.reads(f"/jobs/{number}")
    told = facts(page)
    assert page.words("h1") == "叉车司机夜班顶岗"
    assert page.words(".pay") == "380 元/夜班 完工结"
    assert page.words(".equal") == "折合每小时 约47.5元"
    assert told["哪几天"] == "12月1日（周二）到12月5日（周六）"
    assert told["几点到几点"] == "20:00–次日4:30 实际干活8小时，中间休息30分钟（夜班，第二天早上下班）"
    assert told["在哪里"].startswith("走马岭街道·走新路附近")
    assert told["还要几人"] == "还要2人，共招3人"
    assert told["另外给"] == "管晚饭、夜班补贴"
    assert told["要带的证"] == "叉车司机证（N1）"
    assert told["什么人能干"] == "熟手"
    assert told["注意安全"] == "车辆伤害 倒车先鸣笛"
    assert told["谁在招"] == "武汉某物流公司 驿站2026年12月1日核验过（电话核实）"
    assert told["岗位编号"].startswith(number)


async def test_the_station_is_one_tap_away_and_nobody_takes_money(passer_by):
    page = await passer_by.reads(f"/jobs/{await put_post()}")
    assert {link["href"] for link in page.select("a.call")} == {"tel:027-83000015"}
    assert facts(page)["几点开门"] == "每天 6:00–18:00"
    assert page.words(".ask .note") == "本服务 免费 。有人收费请拨打 027-83000099 。不交押金，不押证件。"
    assert page.select_one(".ask .note a")["href"] == "tel:027-83000099"


async def test_the_title_that_is_shared_has_pay_and_place(passer_by):
    number = await put_post()
    page = await passer_by.reads(f"/jobs/{number}")
    assert page.title.text == "220元/天 日结 物流园分拣日结，走马岭街道·走新路附近 - 零工驿站"
    og = {tag["property"]: tag["content"] for tag in page.select("meta[property]")}
    assert og["og:title"] == "220元/天 日结 物流园分拣日结，走马岭街道·走新路附近"
    assert og["og:url"] == f"http://127.0.0.1:8000/jobs/{number}"
    assert "还要20人" in og["og:description"]


async def test_search_engines_read_the_post_as_data(passer_by):
    number = await put_post(end_date=day(3))
    page = await passer_by.reads(f"/jobs/{number}")
    posting = json.loads(page.select_one("script[type='application/ld+json']").string)
    assert posting["@type"] == "JobPosting"
    assert posting["hiringOrganization"]["name"] == "武汉某物流公司"
    assert posting["datePosted"] == "2026-11-30"
    assert posting["validThrough"] == "2026-12-21T23:59:59+08:00"
    assert posting["baseSalary"]["value"] == {"@type": "QuantitativeValue", "value": 220.0, "unitText": "DAY"}
    assert posting["jobLocation"]["address"]["streetAddress"] == "走马岭街道·走新路附近"
    assert posting["identifier"]["value"] == number


async def test_piece_pay_is_given_as_an_hour_to_search_engines(passer_by):
    number = await put_post(pay_basis="PIECE", pay_unit="PIECE", pay_fen=180, output_per_hour_milli=15_500)
    page = await passer_by.reads(f"/jobs/{number}")
    posting = json.loads(page.select_one("script[type='application/ld+json']").string)
    assert posting["baseSalary"]["value"]["value"] == 27.9
    assert posting["baseSalary"]["value"]["unitText"] == "HOUR"
    assert page.words(".pay") == "1.8 元/件 日结"


GONE = [JobState.FILLED, JobState.EXPIRED, JobState.WITHDRAWN, JobState.TAKEN_DOWN, JobState.REJECTED]
HIDDEN = [JobState.SUBMITTED, JobState.IN_REVIEW, JobState.APPROVED, JobState.DRAFT, JobState.PAUSED]


@pytest.mark.parametrize("state", GONE)
async def test_a_post_that_is_over_is_410_with_similar_work(passer_by, state):
    gone = await put_post(title="走了的", state=state)
    await put_post(title="别的活", trade="A01", subdistrict="420112001")
    await put_post(title="同一街道", trade="A01")
    await put_post(title="同一工种", subdistrict="420112001")
    page = await passer_by.reads(f"/jobs/{gone}", status=410)
    assert page.words("h1") == "这个岗位已经结束"
    assert [link.text for link in page.select(".job h2 a")] == ["同一工种", "同一街道"]
    assert page.select_one("meta[name=robots]")["content"] == "noindex,follow"
    assert "走了的" not in page.text


async def test_a_post_that_ran_out_yesterday_is_410_before_anybody_closes_it(passer_by):
    number = await put_post(valid_to=TODAY)
    await passer_by.reads(f"/jobs/{number}")
    with at(MORNING + timedelta(days=1)):
        page = await passer_by.reads(f"/jobs/{number}", status=410)
        assert "招工时间已经过了" in page.words(".note")


@pytest.mark.parametrize("state", HIDDEN)
async def test_a_post_that_is_being_changed_is_hidden_and_not_called_gone(passer_by, state):
    number = await put_post(title="改到一半", state=state)
    page = await passer_by.reads(f"/jobs/{number}", status=404)
    assert page.words("h1") == "这个岗位正在修改"
    assert "稍后再看" in page.words(".note")
    assert "改到一半" not in page.text


@pytest.mark.parametrize("state", [JobState.DRAFT, JobState.SUBMITTED, JobState.APPROVED, JobState.REJECTED])
async def test_a_post_that_was_never_public_does_not_exist(passer_by, state):
    number = await put_post(state=state, published_at=None)
    page = await passer_by.reads(f"/jobs/{number}", status=404)
    assert page.words("h1") == "没有找到"


@pytest.mark.parametrize("number", ["G2612-99999", "nope", "1", "%3Cscript%3E", "G2612-00001%20OR%201=1", "五"])
async def test_an_unknown_number_is_404(passer_by, number):
    await put_post()
    await passer_by.reads(f"/jobs/{number}", status=404)


async def test_a_post_again_is_304_until_it_changes(passer_by):
    number = await put_post()
    tag = (await passer_by.fetches(f"/jobs/{number}")).headers["etag"]
    assert (await passer_by.client.get(f"/jobs/{number}", headers={"if-none-match": tag})).status_code == 304
    await Job.update({Job.placed_count: 19}).where(Job.number == number)
    changed = await passer_by.client.get(f"/jobs/{number}", headers={"if-none-match": tag})
    assert "还要1人" in changed.text


@pytest.fixture
def press(monkeypatch):
    """A printer that only notes what it was given."""
    printed = []

    async def note(_, kind, paper):
        printed.append(paper)
        return b"%PDF-1.7 " + paper.number.encode()

    monkeypatch.setattr(posters, "printed_pdf", note)
    posters._printing.clear()
    return printed


async def test_the_wall_slip_has_the_public_facts_and_is_printed_once(passer_by, press):
    number = await put_post(start_time=time(20), end_time=time(4), certificates=("T11",))
    for _ in range(2):
        response = await passer_by.fetches(f"/jobs/{number}/poster.pdf")
        assert response.headers["content-type"] == "application/pdf"
    (slip,) = press
    assert (slip.number, slip.pay_amount, slip.pay_unit, slip.settlement) == (number, "220", "元/天", "日结")
    assert (slip.place, slip.hours, slip.headcount) == ("走马岭街道·走新路附近", "20:00–次日4:00", 20)
    assert slip.public_url == f"http://127.0.0.1:8000/jobs/{number}"
    assert slip.station.phone == "027-83000015"


async def test_a_changed_post_is_printed_anew(passer_by, press):
    number = await put_post()
    await passer_by.fetches(f"/jobs/{number}/poster.pdf")
    await Job.update({Job.pay_fen: 25_000}).where(Job.number == number)
    await passer_by.fetches(f"/jobs/{number}/poster.pdf")
    assert [slip.pay_amount for slip in press] == ["220", "250"]


async def test_the_wall_slip_comes_on_half_the_paper_too(passer_by, press):
    number = await put_post()
    for asked in ("", "?size=A5", "?size=A0"):
        await passer_by.fetches(f"/jobs/{number}/poster.pdf{asked}")
    assert [slip.sheet for slip in press] == ["A4", "A5"], "a size there is not is printed on A4, as before"


async def test_only_posts_on_the_board_have_a_wall_slip(passer_by, press):
    for number in (await put_post(state=JobState.FILLED), await put_post(state=JobState.PAUSED), "G2612-99999"):
        await passer_by.fetches(f"/jobs/{number}/poster.pdf", status=404)
    assert press == []


async def test_the_sitemap_lists_the_board_and_its_posts(passer_by):
    shown, hidden = await put_post(), await put_post(listed=False)
    response = await passer_by.fetches("/sitemap.xml")
    assert response.headers["content-type"].startswith("application/xml")
    assert f"<loc>http://127.0.0.1:8000/jobs/{shown}</loc><lastmod>2026-11-30</lastmod>" in response.text
    assert hidden not in response.text
