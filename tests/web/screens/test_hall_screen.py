"""What the hall's television shows: public posts, called numbers, and never a person (domain reference 10.6, T12)."""

import json
import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from db.clock import at, now
from db.tables.jobs import Job
from db.tables.screens import Screen
from db.tables.stations import Station
from rules.codes import ReferralState
from tests.cast import LAKE, LING, PEOPLE
from tests.web.board.posts import EMPLOYER_NAME, PERSONAL, put_post
from tests.web.calling_scene import o_clock, put_call, put_sign_in, rule_from
from tests.web.posts_scene import TERMS, UNIT, put_published
from tests.web.rows import put_referral, put_seeker
from tests.web.screen_scene import OTHER_CODE, SCREEN, paired, put_on_screen, shows_a_code
from web import screens as keeper

DAY = date(2026, 12, 1)
SHANGHAI = ZoneInfo("Asia/Shanghai")


async def feed(tv) -> str:
    return (await tv.fetches(f"{SCREEN}/feed")).text


async def test_the_screen_shows_posts_with_pay_place_and_time(passer_by, manager):
    number = await put_on_screen(start_date=DAY + timedelta(days=4), headcount=20)
    await paired(passer_by, manager)
    page = await passer_by.reads(SCREEN)
    row = page.words("#feed .rows li")
    for words in (
        "物流园分拣日结",
        "220",
        "元/天",
        "日结",
        "还要 20 人",
        "走马岭街道·走新路附近",
        "8:00–17:30",
        "12月5日",
        "已核验",
        number,
    ):
        assert words in row, words
    assert page.headers["cache-control"] == "no-store"
    assert page.select_one("aside img")["src"].startswith("data:image/svg+xml")


async def test_only_what_was_published_for_screens_is_shown(passer_by, manager):
    await put_post(title="只在网站上的岗位")
    await put_on_screen(title="已经招满的岗位", listed=False)
    await put_on_screen(title="昨天到期的岗位", valid_to=DAY - timedelta(days=1))
    await put_on_screen(title="上屏的岗位")
    await paired(passer_by, manager)
    text = (await passer_by.reads(SCREEN)).words("#feed")
    assert "上屏的岗位" in text
    assert "只在网站上" not in text
    assert "已经招满" not in text
    assert "昨天到期" not in text


async def test_a_promised_place_is_not_wanted_any_more_and_a_full_post_leaves_the_screen(passer_by, manager):
    for number, title in (
        (await put_on_screen(title="还差一人的岗位", headcount=2), "T26120100001"),
        (await put_on_screen(title="刚刚定满的岗位", headcount=1), "T26120100002"),
        (await put_on_screen(title="没到岗又空出来的", headcount=1), "T26120100003"),
    ):
        job = (await Job.select(Job.id).where(Job.number == number).first())["id"]
        state = ReferralState.NO_SHOW if title.endswith("3") else ReferralState.EMPLOYER_ACCEPTED
        await put_referral(title, job, await put_seeker(f"Q26015{job % 1_000_000:06d}"), state=state)
    await paired(passer_by, manager)
    page = await passer_by.reads(SCREEN)
    assert "刚刚定满" not in page.words("#feed")
    for row in page.select("#feed .rows li"):
        assert "还要 1 人" in " ".join(row.text.split()).replace("还要1人", "还要 1 人"), row.text
    assert "没到岗又空出来的" in page.words("#feed")


async def test_words_that_discriminate_or_lead_elsewhere_are_not_shown_even_when_released(passer_by, manager):
    await put_on_screen(title="分拣员限男性")
    await put_on_screen(title="分拣加微信fenjian123")
    await put_on_screen(title="分拣员")
    await paired(passer_by, manager)
    titles = [each.text for each in (await passer_by.reads(SCREEN)).select("#feed .what")]
    assert set(titles) == {"分拣员"}


async def test_the_soonest_start_comes_first_then_the_newest_and_other_stations_last(passer_by, manager):
    await put_on_screen(title="后天的", start_date=DAY + timedelta(days=2))
    await put_on_screen(title="今天早的", start_date=DAY, start_time=time(7))
    await put_on_screen(title="今天晚的旧", start_date=DAY, start_time=time(13))
    await put_on_screen(title="今天晚的新", start_date=DAY, start_time=time(13))
    await put_on_screen(title="走马岭的", start_date=DAY, station=LING)
    await paired(passer_by, manager)
    page = await passer_by.reads(SCREEN)
    pages = [(each["data-title"], [row.text for row in each.select(".what")]) for each in page.select(".pg.job")]
    assert pages[0] == ("急招 24小时内开工", ["今天晚的新", "今天晚的旧"])
    assert pages[1] == ("今日岗位", ["今天早的", "今天晚的新", "今天晚的旧", "后天的"])
    assert pages[2] == ("别的驿站也在招", ["走马岭的"])
    assert "走马岭站" in page.words(".pg.job:nth-of-type(3)")


async def test_six_posts_to_a_page_each_with_the_moment_it_goes(passer_by, manager):
    for _ in range(8):
        await put_on_screen(start_date=DAY + timedelta(days=3), end_date=DAY + timedelta(days=5), valid_to=DAY + timedelta(days=9))
    await paired(passer_by, manager)
    pages = (await passer_by.reads(SCREEN)).select(".pg.job")
    assert [len(each.select("li")) for each in pages] == [6, 2]
    assert [each["data-part"] for each in pages] == ["1/2", "2/2"]
    gone = datetime.fromtimestamp(int(pages[0].select_one("li")["data-until"]), SHANGHAI)
    assert gone == datetime(2026, 12, 7, tzinfo=SHANGHAI)


async def test_an_urgent_row_goes_when_its_work_starts(passer_by, manager):
    await put_on_screen(start_date=DAY, start_time=time(13), end_date=DAY)
    await paired(passer_by, manager)
    row = (await passer_by.reads(SCREEN)).select_one(".pg.job li")
    assert datetime.fromtimestamp(int(row["data-until"]), SHANGHAI) == datetime(2026, 12, 1, 13, tzinfo=SHANGHAI)


async def test_t12_the_feed_holds_no_phone_name_number_door_or_contact(passer_by, manager, clerk):
    """Domain reference 11.3 T12, over the whole answer of every address a screen asks for."""
    await put_on_screen()
    ref = await put_published()
    await Job.update({Job.channels: "WEBSITE,SCREEN"}).where(Job.id == ref.id)
    first = await put_sign_in(1, o_clock(6, 5))
    await put_call(first, ref.id, made=now(), counter="2")
    await put_seeker("Q26015000900", name="秘密求职者")
    await clerk.reads("/desk")
    await paired(passer_by, manager)
    texts = [str(await passer_by.reads(SCREEN)), await feed(passer_by), (await passer_by.fetches(f"{SCREEN}/calls.json")).text]
    secrets = (*PERSONAL, EMPLOYER_NAME, UNIT.name, UNIT.phone, UNIT.agent_name, UNIT.legal_representative, UNIT.id_number, UNIT.address)
    secrets += (TERMS.exact_address, TERMS.contact_name, TERMS.contact_phone, "秘密求职者", "王小1", "Q26015")
    secrets += tuple(actor.name for actor in PEOPLE.values())
    for text in texts:
        for secret in secrets:
            assert secret not in text, secret
        assert not re.search(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])", re.sub(r'src="data:[^"]*"|data-(?:open|until|now)="[^"]*"', "", text))
        assert not re.search(r"[0-9]+(?:号楼|栋|幢|单元|室)", text)
    assert "快递分拣日结" in texts[0]


async def test_staff_on_duty_stand_there_by_surname_and_work_number(passer_by, manager, clerk):
    await clerk.reads("/desk")
    await paired(passer_by, manager)
    text = (await passer_by.reads(SCREEN)).words("#feed")
    assert "陈（工号2001）" in text
    assert "吴（工号2003）" in text
    assert "陈小满" not in text
    assert "林（" not in text


async def test_few_are_not_counted_exactly(passer_by, manager):
    for _ in range(6):
        await put_on_screen(published_at=datetime(2026, 12, 1, 8, tzinfo=SHANGHAI))
    await paired(passer_by, manager)
    text = (await passer_by.reads(SCREEN)).words("[data-title^='今日数据']")
    assert text == "新增岗位 6 个 推荐 少于5 人次 上岗 少于5 人次"


async def test_rights_wage_promise_and_warning_are_on_the_screen(passer_by, manager):
    await paired(passer_by, manager)
    page = await passer_by.reads(SCREEN)
    wage = page.words("[data-title='最低工资']")
    assert "24" in wage
    assert "2400" in wage
    assert "2025年12月1日起执行" in wage
    assert "凡收押金、扣证件、让你先垫钱的，都是骗子。" in page.words("[data-title='防骗提示']")
    assert "027-83000099" in page.words("[data-title='免费服务承诺']")
    assert "干活之前问清四件事" in page.words("[data-title='政策与维权']")
    assert "6:00–18:00" in page.words("[data-title='站点信息']")


async def test_the_rule_of_calling_and_the_seed_of_the_draw_are_published(passer_by, manager):
    from db.actions.calling_rules import publish_seed
    from db.queries.calling_rules import todays_draw
    from rules.codes import CallingMethod

    await rule_from(DAY, CallingMethod.DRAW, time(6, 30))
    with at(o_clock(5)):
        await publish_seed(LAKE, DAY, actor=None)
    seed = (await todays_draw(LAKE, DAY))["seed"]
    await paired(passer_by, manager)
    text = (await passer_by.reads(SCREEN)).words("[data-title='今天怎么叫号']")
    assert "06:30 抽签" in text
    assert seed in text.replace(" ", "")


async def test_a_suspended_station_shows_no_posts(passer_by, manager):
    await put_on_screen(title="不该出现的岗位")
    await paired(passer_by, manager)
    await Station.update({Station.state: "SUSPENDED"}).where(Station.id == LAKE)
    page = await passer_by.reads(SCREEN)
    assert "不该出现" not in page.words("#feed")
    assert "停业整改" in page.words("#feed")


async def test_opening_times_are_sent_for_a_week(passer_by, manager):
    await paired(passer_by, manager)
    times = (await passer_by.reads(SCREEN)).select_one("#feed")["data-open"].split(",")
    assert len(times) == 8
    assert [datetime.fromtimestamp(int(each), SHANGHAI).hour for each in times[0].split("-")] == [6, 18]


async def test_called_numbers_come_in_a_small_answer_and_again_only_when_new(passer_by, manager):
    number = await put_on_screen(title="快递分拣日结长长长长长长长长")
    job = (await Job.select(Job.id).where(Job.number == number).first())["id"]
    await paired(passer_by, manager)
    before = await passer_by.fetches(f"{SCREEN}/calls.json")
    assert before.json() == {"calls": []}
    for ticket in range(1, 6):
        sign_in = await put_sign_in(ticket, o_clock(6, ticket))
        await put_call(sign_in, job, made=now() + timedelta(seconds=ticket), counter="2")
    with at(now() + timedelta(seconds=10)):
        answer = await passer_by.fetches(f"{SCREEN}/calls.json")
        assert len(answer.content) <= 300
        assert [call[0] for call in answer.json()["calls"]] == ["005", "004", "003"]
        assert answer.json()["calls"][0][1:3] == ["2号窗口", "快递分拣日结长长长长"]
        assert int(answer.headers["x-now"]) == int(now().timestamp() * 1000)
        again = await passer_by.client.get(f"{SCREEN}/calls.json", headers={"if-none-match": answer.headers["etag"]})
        assert again.status_code == 304
        assert again.content == b""
    with at(now() + timedelta(minutes=11)):
        assert (await passer_by.fetches(f"{SCREEN}/calls.json")).json() == {"calls": []}


async def test_a_poll_for_calls_reads_no_row_while_nothing_was_committed(passer_by, manager, monkeypatch):
    await paired(passer_by, manager)
    await passer_by.fetches(f"{SCREEN}/calls.json")

    async def never(*_):
        raise AssertionError("a row was read")

    monkeypatch.setattr(keeper, "called_now", never)
    monkeypatch.setattr(keeper.queries, "station_of_screen", never)
    assert (await passer_by.fetches(f"{SCREEN}/calls.json")).json() == {"calls": []}


async def test_the_feed_is_not_sent_again_while_it_is_the_same(passer_by, manager):
    await paired(passer_by, manager)
    first = await passer_by.client.get(f"{SCREEN}/feed")
    first = await passer_by.client.get(f"{SCREEN}/feed")  # the first one wrote down that the screen is alive
    again = await passer_by.client.get(f"{SCREEN}/feed", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.headers["x-now"]
    await put_on_screen(title="新来的岗位")
    new = await passer_by.client.get(f"{SCREEN}/feed", headers={"if-none-match": first.headers["etag"]})
    assert new.status_code == 200
    assert "新来的岗位" in new.text


async def test_a_screen_says_that_it_is_alive_every_five_minutes(passer_by, manager):
    await paired(passer_by, manager)
    await feed(passer_by)
    seen = (await Screen.select(Screen.seen_at).first())["seen_at"]
    assert seen == now()
    with at(now() + timedelta(minutes=4)):
        await feed(passer_by)
        assert (await Screen.select(Screen.seen_at).first())["seen_at"] == seen
    with at(now() + timedelta(minutes=6)):
        await feed(passer_by)
        assert (await Screen.select(Screen.seen_at).first())["seen_at"] == now()


async def test_a_browser_that_is_not_paired_gets_nothing(passer_by, sit_down, manager):
    for path in ("feed", "calls.json"):
        assert (await passer_by.fetches(f"{SCREEN}/{path}", status=404)).json() == {"paired": 0}
    digits = await shows_a_code(passer_by)
    assert len(digits) == 6
    for path in ("feed", "calls.json"):
        await passer_by.fetches(f"{SCREEN}/{path}", status=404)
    await manager.fetches(f"{SCREEN}/feed", status=404)
    await passer_by.fetches("/screen/ZD-000000000-00", status=404)


async def test_the_token_opens_its_own_station_only(passer_by, manager):
    await paired(passer_by, manager)
    token = passer_by.client.cookies["screen-ZD-420112015-01"]
    passer_by.client.cookies.set(f"screen-{OTHER_CODE}", token)
    for path in ("feed", "calls.json"):
        await passer_by.fetches(f"/screen/{OTHER_CODE}/{path}", status=404)
    page = await passer_by.reads(f"/screen/{OTHER_CODE}")
    assert "还没有配对" in page.words()
    await passer_by.reads("/desk", status=303)
    await passer_by.fetches(f"{SCREEN}/feed")


async def test_the_table_alone_opens_nothing(passer_by, manager):
    await paired(passer_by, manager)
    token = passer_by.client.cookies["screen-ZD-420112015-01"]
    row = await Screen.select().first()
    assert token not in json.dumps(row, default=str)
    assert len(row["key"]) == 64
