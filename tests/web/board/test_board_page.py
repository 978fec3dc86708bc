"""The public board: today's work first, filters, search, paging, and nothing that belongs to somebody."""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest

from db.clock import at
from db.paging import cursor
from db.queries import board
from db.search import index_job
from db.tables.jobs import Job
from rules.board import BoardFilter
from tests.web.board.posts import PERSONAL, TODAY, put_post, put_posts
from tests.web.conftest import MORNING

JUNK = [
    "page=abc",
    "page=",
    "page=" + "A" * 300,
    "page=" + cursor(0, "not a day", 7, 2),
    "page=" + cursor(0, "0001-01-01", 7, 2),
    "page=" + cursor(1, "9999-12-31", 7, 2),
    "page=" + cursor(7, "2026-12-01", 7, 2),
    "page=" + cursor(2, "2026-12-01", 7, 2),
    "page=" + cursor(0, "2026-12-01", True, 2),
    "trade=' OR 1=1 --",
    "trade=X99&subdistrict=999&settle=NEVER&day=someday&date=2026-02-31",
    "day=2020-01-01",
    "date=二〇二六",
    "q=" + quote("'\"*()-:^{}"),
    "q=%20%20",
    "meals=perhaps",
]


def titles(page):
    return [link.text for link in page.select(".job h2 a")]


def day(ahead):
    return TODAY + timedelta(days=ahead)


async def all_pages(visitor, url):
    """Titles of every page, by following 下一页."""
    seen = []
    while url:
        page = await visitor.reads(url)
        seen += titles(page)
        following = page.select_one("a[rel=next]")
        url = following["href"] if following else None
        assert len(seen) < 1000
    return seen


async def test_the_front_page_and_the_board_are_the_same_page(passer_by):
    await put_posts()
    front, page = await passer_by.reads("/"), await passer_by.reads("/jobs")
    assert titles(front) == titles(page)
    assert page.select_one("link[rel=canonical]")["href"].endswith("/jobs")


async def test_work_one_can_start_today_comes_first_then_the_soonest(passer_by):
    for title, start, end in (
        ("后天的", 2, 2), ("今天的旧", 0, 0), ("明天的旧", 1, 1), ("前天起的", -2, 5), ("明天的新", 1, 1), ("今天的新", 0, 9)
    ):  # fmt: skip
        await put_post(title=title, start_date=day(start), end_date=day(end))
    page = await passer_by.reads("/jobs")
    assert titles(page) == ["今天的新", "今天的旧", "前天起的", "明天的新", "明天的旧", "后天的"]
    assert page.words(".sep") == "明天和以后开工"


async def test_only_listed_posts_in_date_stand_on_the_board(passer_by):
    await put_post(title="能看的")
    await put_post(title="没有结束日的", end_date=None, start_date=day(-3))
    await put_post(title="没上架的", listed=False)
    await put_post(title="有效期过了的", valid_to=day(-1))
    await put_post(title="做完了的", start_date=day(-5), end_date=day(-1))
    assert titles(await passer_by.reads("/jobs")) == ["能看的", "没有结束日的"]


async def test_a_card_says_what_counts(passer_by):
    number = await put_post(
        title="仓库夜班",
        start_date=day(2),
        end_date=day(4),
        start_time=datetime(2026, 1, 1, 20).time(),
        end_time=datetime(2026, 1, 1, 4).time(),
        break_minutes=0,
        headcount=5,
        placed_count=2,
        landmark="走新路18号3栋",
    )
    page = await passer_by.reads("/jobs")
    card = page.words(".job")
    for words in ("220 元/天", "日结", "约27.5元/小时", "走马岭街道·走新路附近", "后天起", "20:00–次日4:00", "还要3人", "管午饭"):
        assert words in card
    assert "18号" not in card
    assert page.select_one(".job a.call")["href"] == "tel:027-83000015"
    assert page.select_one(".job h2 a")["href"] == f"/jobs/{number}"


async def test_days_are_told_from_today(passer_by):
    await put_post(title="一", start_date=day(0))
    await put_post(title="二", start_date=day(1))
    await put_post(title="三", start_date=day(4))
    words = [card.select_one(".facts b").text for card in (await passer_by.reads("/jobs")).select(".job")]
    assert words == ["今天", "明天", "12月5日周六"]
    with at(MORNING + timedelta(days=1)):
        words = [card.select_one(".facts b").text for card in (await passer_by.reads("/jobs")).select(".job")]
    assert words == ["今天", "今天", "12月5日周六"]


async def test_posts_published_today_are_marked(passer_by):
    await put_post(title="旧的")
    await put_post(title="新的", published_at=datetime(2026, 11, 30, 16, 30, tzinfo=UTC))  # 00:30 in China
    marked = [card.h2.a.text for card in (await passer_by.reads("/jobs")).select(".job") if card.select_one(".new")]
    assert marked == ["新的"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("trade=D07", ["防盗网电焊工"]),
        ("subdistrict=420112015", ["周六家庭保洁3-4小时"]),
        ("settle=DAILY", ["物流园分拣日结"]),
        ("day=tomorrow", ["展会引导加物料搬运3天", "明早搬家要2个人"]),
        ("day=weekend", ["周末男装导购", "周六家庭保洁3-4小时"]),
        ("day=weekend&trade=A01", ["周六家庭保洁3-4小时"]),
        ("date=2026-12-07", ["住家照顾老人"]),
        ("day=today&settle=PER_JOB", ["空调不制冷上门检修", "叉车司机夜班顶岗", "女士内衣专柜闭店盘点"]),
        ("meals=1&day=today", ["叉车司机夜班顶岗", "火锅店晚市小时工", "物流园分拣日结"]),
        ("trade=E01&subdistrict=420112013&settle=WEEKLY&day=today&meals=1&q=健康证", ["火锅店晚市小时工"]),
        ("q=扫码枪", ["女士内衣专柜闭店盘点", "物流园分拣日结"]),
        ("q=扫码枪&day=today&settle=DAILY", ["物流园分拣日结"]),
        ("q=搬运&day=tomorrow", ["展会引导加物料搬运3天", "明早搬家要2个人"]),
        ("q=搬运&meals=1&trade=F01", ["展会引导加物料搬运3天"]),
    ],
)
async def test_filters_work_alone_and_together(passer_by, asked, expected):
    await put_posts()
    assert titles(await passer_by.reads(f"/jobs?{asked}")) == expected


async def test_the_filter_form_keeps_what_was_asked(passer_by):
    await put_posts()
    page = await passer_by.reads("/jobs?trade=D07&subdistrict=420112012&settle=WEEKLY&day=today&q=电焊")
    chosen = [option["value"] for option in page.select("form option[selected]")]
    assert chosen == ["D07", "420112012", "WEEKLY", "today"]
    assert page.select_one("#q")["value"] == "电焊"
    assert "焊工 · 东山街道 · 周结 · 今天开工" in page.words("summary")
    assert page.select_one(".chips [aria-current]").text == "今天能干"


async def test_a_chip_chosen_again_is_dropped_and_the_others_stay(passer_by):
    await put_posts()
    page = await passer_by.reads("/jobs?settle=DAILY&day=today")
    links = {link.text: link["href"] for link in page.select(".chips a")}
    assert links["日结"] == "/jobs?day=today"
    assert links["包吃"] == "/jobs?settle=DAILY&day=today&meals=1"
    assert links["全部"] == "/jobs"


@pytest.mark.parametrize("asked", JUNK)
async def test_junk_in_the_address_asks_nothing(passer_by, asked):
    await put_posts()
    page = await passer_by.reads(f"/jobs?{asked}")
    assert len(titles(page)) == 13
    assert page.words("h1") == "正在招工 13 个岗位"


@pytest.mark.parametrize("words", ["叉", "叉车", "叉车司", "叉车司机", "叉车司机夜", "叉车司机夜班", "叉车司机夜班顶", "叉车司机夜班顶岗"])
async def test_search_finds_one_to_eight_characters(passer_by, words):
    await put_posts()
    assert titles(await passer_by.reads(f"/jobs?q={quote(words)}")) == ["叉车司机夜班顶岗"]


@pytest.mark.parametrize("words", ["缝纫机长", "夜叉", "车叉", "量子力学教授讲座"])
async def test_search_without_a_hit_offers_a_way_on(passer_by, words):
    await put_posts()
    page = await passer_by.reads(f"/jobs?q={quote(words)}&settle=PER_JOB")
    assert titles(page) == []
    assert {link["href"] for link in page.select(".wider a")} == {"/jobs?settle=PER_JOB", f"/jobs?q={quote(words)}", "/jobs"}
    assert page.select_one(".none a.call")["href"].startswith("tel:027-8300")
    assert "登录" not in page.words()


async def test_search_is_newest_first_and_drops_false_hits(passer_by):
    await put_post(title="旧的搬运工作", start_date=day(0))
    await put_post(title="运工和搬运分开")  # holds 搬运 and 运工, not 搬运工
    await put_post(title="新的搬运工作", start_date=day(3))
    assert titles(await passer_by.reads("/jobs?q=搬运工")) == ["新的搬运工作", "旧的搬运工作"]


async def test_full_width_and_upper_case_are_the_same_words(passer_by):
    await put_posts()
    assert titles(await passer_by.reads("/jobs?q=ｎ１")) == ["叉车司机夜班顶岗"]


async def test_search_fills_its_pages_past_false_hits(passer_by):
    for index in range(60):
        await put_post(title=f"搬运工{index}" if index % 3 == 0 else f"运工和搬运{index}")
    first = await passer_by.reads("/jobs?q=搬运工")
    assert titles(first) == [f"搬运工{index}" for index in range(57, -1, -3)]


async def test_an_empty_board_says_so_and_gives_a_phone(passer_by):
    page = await passer_by.reads("/jobs")
    assert page.words("h1") == "正在招工 0 个岗位"
    assert "现在没有正在招人的岗位" in page.words(".none")
    assert page.select_one(".none a.call")


async def test_paging_visits_each_post_once_even_when_new_ones_arrive(passer_by):
    for index in range(55):
        await put_post(title=f"活{index}", start_date=day((index % 11) - 5), end_date=day(9), searchable=False)
    url, seen = "/jobs", []
    while url:
        page = await passer_by.reads(url)
        seen += titles(page)
        await put_post(title="后来的", start_date=day(0), end_date=day(9), searchable=False)
        following = page.select_one("a[rel=next]")
        url = following["href"] if following else None
    assert sorted(title for title in seen if title != "后来的") == sorted(f"活{index}" for index in range(55))
    assert len(set(seen)) == len(seen)


@pytest.mark.parametrize("asked", ["settle=DAILY", "q=分拣", "day=today", "meals=1&subdistrict=420112006", "date=2026-12-04"])
async def test_later_pages_keep_the_filter(passer_by, asked):
    expected = []
    for index in range(47):
        start = day(index % 2 * 3)
        title = f"分拣{index}"
        await put_post(title=title, start_date=start, end_date=day(20), settle_cycle="DAILY")
        if not (asked == "day=today" and index % 2) and not (asked.startswith("date") and not index % 2):
            expected.append(title)
        await put_post(title="不该出现", settle_cycle="STAGE", trade="A01", subdistrict="420112001", benefits=(),
                       duties="别的", start_date=day(9), end_date=day(20))  # fmt: skip
    assert sorted(await all_pages(passer_by, f"/jobs?{asked}")) == sorted(expected)


async def test_a_cursor_of_another_kind_of_list_means_the_first_page(passer_by):
    for index in range(45):
        await put_post(title=f"分拣{index}")
    searched = await passer_by.reads("/jobs?q=分拣")
    page_two = searched.select_one("a[rel=next]")["href"].partition("page=")[2]
    assert titles(await passer_by.reads(f"/jobs?page={page_two}")) == titles(await passer_by.reads("/jobs"))


async def test_the_list_alone_when_htmx_turns_the_page(passer_by):
    for index in range(25):
        await put_post(title=f"活{index}", searchable=False)
    page = await passer_by.reads("/jobs")
    link = page.select_one("a[rel=next]")
    assert link["href"] == link["hx-get"]
    assert link["hx-push-url"] == "true"
    fragment = await passer_by.reads(link["hx-get"], fragment=True)
    assert [tag.name for tag in fragment.find_all(recursive=False)] == ["section"]
    assert fragment.section["id"] == "results"
    assert len(titles(fragment)) == 5
    whole = await passer_by.reads(link["href"])
    assert titles(whole) == titles(fragment)
    assert "第2页" in whole.words(".pager")


async def test_the_filter_form_gets_the_whole_page_also_by_htmx(passer_by):
    await put_posts()
    page = await passer_by.reads("/jobs?settle=DAILY", **{"HX-Request": "true", "HX-Target": "main"})
    assert page.words("#main h1") == "找到 1 个岗位"


async def test_more_than_a_thousand_are_not_counted_out(passer_by, monkeypatch):
    monkeypatch.setattr(board, "COUNTED", 25)
    for index in range(27):
        await put_post(title=f"活{index}", start_date=day(index % 3), searchable=False)
    assert (await passer_by.reads("/jobs")).words("h1") == "正在招工 25多 个岗位"
    assert await board.how_many(BoardFilter(), TODAY) == 26


async def test_nothing_personal_is_on_any_public_answer(passer_by):
    number = await put_post(start_date=TODAY)
    old = await put_post(valid_to=day(-1), end_date=day(-1), start_date=day(-2))
    for url, status in (
        ("/", 200), ("/jobs", 200), ("/jobs?q=分拣", 200), (f"/jobs/{number}", 200), (f"/jobs/{old}", 410), ("/sitemap.xml", 200)
    ):  # fmt: skip
        response = await passer_by.fetches(url, status=status)
        for secret in PERSONAL:
            assert secret not in response.text, f"{secret} on {url}"


async def test_a_script_in_a_title_is_text(passer_by):
    number = await put_post(title="<script>alert(1)</script>搬运", duties="</script><img src=x onerror=alert(2)>")
    for url in ("/jobs", f"/jobs/{number}", f"/jobs?q={quote('搬运')}"):
        text = (await passer_by.fetches(url)).text
        assert "<script>alert" not in text
        assert "<img" not in text
    page = await passer_by.reads(f"/jobs/{number}")
    assert page.h1.text == "<script>alert(1)</script>搬运"
    posting = json.loads(page.select_one("script[type='application/ld+json']").string)
    assert posting["title"] == "<script>alert(1)</script>搬运"
    assert posting["description"].startswith("</script><img")


async def test_a_visitor_gets_no_cookie_and_no_form_token(passer_by):
    await put_posts()
    response = await passer_by.fetches("/jobs")
    assert "set-cookie" not in response.headers
    assert "csrf" not in response.text


async def test_the_same_page_again_is_304_until_something_changes(passer_by):
    await put_posts()
    first = await passer_by.fetches("/jobs")
    held = {"if-none-match": first.headers["etag"]}
    again = await passer_by.client.get("/jobs", headers=held)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert (await passer_by.client.get("/jobs?settle=DAILY", headers=held)).status_code == 200
    assert (await passer_by.client.get("/jobs", headers={**held, "HX-Request": "true"})).status_code == 200
    assert (await passer_by.client.get("/jobs", headers={**held, "cookie": "big=1"})).status_code == 200
    with at(MORNING + timedelta(days=1)):
        assert (await passer_by.client.get("/jobs", headers=held)).status_code == 200
    await put_post(title="刚来的活")
    changed = await passer_by.client.get("/jobs", headers=held)
    assert changed.status_code == 200
    assert "刚来的活" in changed.text


async def test_a_304_asks_no_row_and_renders_nothing(passer_by, monkeypatch):
    await put_posts()
    tag = (await passer_by.fetches("/jobs")).headers["etag"]

    async def never(*_: object, **__: object) -> None:
        raise AssertionError("a row was asked for")

    monkeypatch.setattr(board, "_ask", never)
    assert (await passer_by.client.get("/jobs", headers={"if-none-match": tag})).status_code == 304


async def test_staff_see_the_same_board_privately(clerk):
    await put_posts()
    response = await clerk.fetches("/jobs")
    assert "no-store" in response.headers["cache-control"]
    assert "etag" not in response.headers
    assert (await clerk.client.get("/jobs", headers={"if-none-match": "*"})).status_code == 200


async def test_large_type_stands_in_the_page_and_keeps_the_place(passer_by):
    await put_posts()
    page = await passer_by.reads("/jobs?settle=DAILY", cookie="big=1")
    assert page.html["class"] == ["big"]
    switch = page.select_one(".tools a")
    assert switch["href"] == "/type-size?big=0&back=%2Fjobs%3Fsettle%3DDAILY"
    assert switch.text == "标准字"


async def test_every_link_of_the_board_leads_somewhere_without_javascript(passer_by):
    await put_posts(2)
    page = await passer_by.reads("/jobs")
    own = {a["href"] for a in page.select("main a[href^='/jobs']")}
    assert len(own) > 20
    for url in own:
        await passer_by.reads(url)
    form = page.select_one("form.fields")
    assert (form["action"], form["method"]) == ("/jobs", "get")


async def test_the_index_serves_every_question(database):
    """No question of the board reads the whole table."""
    from piccolo.querystring import QueryString

    from piccolo_conf import DB

    if DB.engine_type != "sqlite":
        return
    after = (1, day(3), 5)
    for asked in (BoardFilter(), BoardFilter(trade="C03"), BoardFilter(settle="DAILY", last=TODAY), BoardFilter(first=day(1))):
        for place in (None, after, (0, TODAY, 5)):
            for _, condition, values, order in board._arms(asked, TODAY, place):
                sql = f"EXPLAIN QUERY PLAN SELECT j.id FROM job j WHERE {condition} ORDER BY {order} LIMIT 21"
                plan = " ".join(row["detail"] for row in await DB.run_querystring(QueryString(sql, *values)))
                assert "SEARCH j USING" in plan, plan
                assert "INDEX job_" in plan, plan
                assert "TEMP B-TREE" not in plan, plan


async def test_a_post_taken_out_of_the_index_is_found_no_more(passer_by):
    from db.search import remove_job
    from rules.board import search_tokens

    await put_post(title="会消失的分拣")
    row = await Job.select().first()
    from db.tables.jobs import JobVersion

    terms = json.loads((await JobVersion.select(JobVersion.terms).first())["terms"])
    assert titles(await passer_by.reads("/jobs?q=消失")) == ["会消失的分拣"]
    await remove_job(row["id"], search_tokens(terms))
    assert titles(await passer_by.reads("/jobs?q=消失&page=")) == []  # another address: the index alone ends no kept page
    await index_job(row["id"], search_tokens(terms))
    assert titles(await passer_by.reads("/jobs?q=消失")) == ["会消失的分拣"]
