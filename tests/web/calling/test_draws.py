"""A draw: its seed is out before anybody comes, it is held once at the published hour, and anybody recomputes it."""

import hashlib
import re
from datetime import time, timedelta

import pytest

from db.actions.calling_rules import hold_draw, publish_due_seeds, publish_seed
from db.clock import at
from db.queries.calling_rules import todays_draw
from db.tables.attendance import Draw
from db.tables.journal import JournalEntry
from db.tables.stations import Station
from rules.codes import CallingMethod
from rules.errors import RuleBroken
from tests.cast import LAKE, LING, PEOPLE
from tests.web.calling_scene import DAY, o_clock, put_sign_in, rule_from, shell, squeezed, text_of

HOME, DRAWS = "/desk/calling", "/desk/calling/draws"
TODAY = f"{DRAWS}/2026-12-01"
PUBLIC = "/stations/ZD-420112015-01/calling"
WU, CHEN = PEOPLE["wu"], PEOPLE["chen"]
TOMORROW = DAY + timedelta(days=1)


@pytest.fixture
async def drawing(house):
    """A station that draws at half past six."""
    await rule_from(DAY, CallingMethod.DRAW, time(6, 30))


@pytest.fixture
async def seeded(drawing):
    """Today's seed came out the evening before; then 25 people came, five of them after the hour of the draw."""
    with at(o_clock(18, day=DAY - timedelta(days=1))):
        await publish_seed(LAKE, DAY, actor=WU)
    for ticket in range(1, 26):
        await put_sign_in(ticket, o_clock(5, 30) + timedelta(minutes=3 * ticket))
    return await todays_draw(LAKE, DAY)


async def test_the_manager_publishes_tomorrow_s_seed_once(manager, drawing, passer_by):
    saved = await manager.sends(f"{HOME}/seeds", page=HOME)
    page = await manager.follows(saved)
    seed = (await todays_draw(LAKE, TOMORROW))["seed"]
    assert re.fullmatch(r"[0-9a-f]{32}", seed)
    assert seed in page.words("dl")
    assert seed in (await passer_by.reads(PUBLIC)).words("main")
    again = await manager.client.post(f"{HOME}/seeds", data=manager.last)
    assert again.status_code == 303
    page = await manager.sends(f"{HOME}/seeds", page=HOME, status=422, day="2026-12-02")
    assert "公布以后不能换" in page.words(".problems")
    assert (await todays_draw(LAKE, TOMORROW))["seed"] == seed
    assert await JournalEntry.count().where(JournalEntry.kind == "DRAW_PUBLISHED") == 1


@pytest.mark.parametrize(
    ("day", "words"),
    [("2026-12-30", "7天以内"), ("2026-11-30", "不是按抽签"), ("明天", "没看懂"), ("", "请填写"), ("2026-12-01", "已经过了")],
)
async def test_a_seed_for_the_wrong_day_is_refused(manager, drawing, day, words):
    page = await manager.sends(f"{HOME}/seeds", page=HOME, status=422, day=day)
    assert words in page.words(".problems")
    assert await Draw.count() == 0


async def test_after_the_first_sign_in_no_seed_comes_out_and_the_day_goes_by_arrival(drawing, clerk):
    with at(o_clock(5, 40)):
        await put_sign_in(1, o_clock(5, 31))
        with pytest.raises(RuleBroken, match="已经有人签到"):
            await publish_seed(LAKE, DAY, actor=WU)
        with pytest.raises(RuleBroken, match="没有在签到以前公布种子"):
            await hold_draw(LAKE, DAY, actor=CHEN)
        assert "这一天按到站先后叫号" in (await clerk.reads(HOME)).words("main")


async def test_a_station_without_draws_needs_no_seed(house):
    with pytest.raises(RuleBroken, match="不是按抽签叫号"):
        await publish_seed(LAKE, TOMORROW, actor=WU)


async def test_the_clockwork_publishes_the_evening_before_and_what_is_missing_in_the_morning(drawing):
    with at(o_clock(17, 59)):
        assert await publish_due_seeds() == 0
    with at(o_clock(18, 0)):
        assert await publish_due_seeds() == 1
        assert await publish_due_seeds() == 0
    assert (await todays_draw(LAKE, TOMORROW))["published_by_name"] is None
    assert await todays_draw(LING, TOMORROW) is None
    after_tomorrow = TOMORROW + timedelta(days=1)
    with at(o_clock(5, 0, day=after_tomorrow)):
        assert await publish_due_seeds() == 1
    with at(o_clock(6, 31, day=after_tomorrow + timedelta(days=1))):
        assert await publish_due_seeds() == 0
    await Station.update({Station.state: "SUSPENDED"}).where(Station.id == LAKE)
    with at(o_clock(5, 0, day=after_tomorrow + timedelta(days=2))):
        assert await publish_due_seeds() == 0


async def test_the_draw_takes_the_tickets_given_out_by_the_published_hour_whenever_it_is_pressed(clerk, seeded, passer_by):
    page = await clerk.reads(TODAY)
    assert "20 个号参加抽签" in page.words("form.card")
    saved = await clerk.sends(f"{TODAY}/holding", page=TODAY)
    page = await clerk.follows(saved)
    draw = await todays_draw(LAKE, DAY)
    assert draw["tickets"] == 20
    expected = sorted(
        range(1, 21), key=lambda ticket: hashlib.sha256(f"ZD-420112015-01|2026-12-01|{draw['seed']}|20|{ticket}".encode()).hexdigest()
    )
    assert [int(row.select("td")[1].text) for row in page.select("tbody tr")] == expected
    public = (await passer_by.reads(PUBLIC)).words("main")
    assert " ".join(f"{ticket:03d}" for ticket in expected) in public
    assert "王" not in public
    entry = await JournalEntry.select(JournalEntry.body).where(JournalEntry.kind == "DRAW_HELD").first()
    assert draw["seed"] in entry["body"]
    assert '"tickets":20' in entry["body"]


async def test_the_command_on_the_page_gives_the_same_result(clerk, seeded):
    await clerk.sends(f"{TODAY}/holding", page=TODAY)
    page = await clerk.reads(TODAY)
    command = page.select_one("aside .wording code").text
    printed = shell(command).splitlines()
    shown = [f"{row.select('td')[2].text} {int(row.select('td')[1].text)}" for row in page.select("tbody tr")]
    assert printed == shown


async def test_a_draw_is_held_once(clerk, reviewer, seeded):
    await clerk.sends(f"{TODAY}/holding", page=TODAY)
    repeated = await clerk.client.post(f"{TODAY}/holding", data=clerk.last)
    assert repeated.status_code == 303
    page = await reviewer.sends(f"{TODAY}/holding", page=TODAY, status=422, form_token="another")
    assert "陈小满已经抽过签了" in page.words(".problems")
    assert await JournalEntry.count().where(JournalEntry.kind == "DRAW_HELD") == 1


async def test_before_its_hour_there_is_no_draw(clerk, seeded):
    with at(o_clock(6, 29, 59)):
        page = await clerk.sends(f"{TODAY}/holding", page=TODAY, status=422)
        assert "还没有到" in page.words(".problems")
    with at(o_clock(6, 30)):
        await clerk.sends(f"{TODAY}/holding", page=TODAY)
    assert (await todays_draw(LAKE, DAY))["tickets"] == 20


async def test_with_nobody_there_the_draw_is_left_out(clerk, drawing):
    with at(o_clock(5)):
        await publish_seed(LAKE, DAY, actor=None)
    page = await clerk.sends(f"{TODAY}/holding", page=TODAY, status=422)
    assert "不用抽签" in page.words(".problems")


async def test_yesterday_s_draw_is_not_held_today(clerk, seeded):
    with at(o_clock(9, day=TOMORROW)), pytest.raises(RuleBroken, match="只能抽今天的签"):
        await hold_draw(LAKE, DAY, actor=CHEN)


async def test_other_stations_and_officers_find_no_draw(stranger, officer, lawyer, passer_by, seeded):
    await stranger.reads(TODAY, status=404)
    await stranger.sends(f"{TODAY}/holding", status=404, page=DRAWS)
    assert "还没有抽过签" in (await stranger.reads(DRAWS)).words(".empty")
    for visitor in (officer, lawyer):
        await visitor.reads(TODAY, status=403)
    await passer_by.reads(TODAY, status=303)
    assert not (await todays_draw(LAKE, DAY))["held_at"]


@pytest.mark.parametrize("day", ["2026-12-09", "gestern", "2026-13-01"])
async def test_a_day_without_a_draw_is_unknown(clerk, seeded, day):
    await clerk.reads(f"{DRAWS}/{day}", status=404)
    await clerk.fetches(f"{DRAWS}/{day}/sheet.pdf", status=404)


async def test_the_list_of_draws_is_narrowed_to_a_month(clerk, seeded):
    assert seeded["seed"] in (await clerk.reads(DRAWS)).words("table")
    assert seeded["seed"] in (await clerk.reads(f"{DRAWS}?month=2026-12")).words("table")
    page = await clerk.reads(f"{DRAWS}?month=2026-11&after=junk")
    assert "这个月没有抽签" in page.words(".empty")
    part = await clerk.reads(DRAWS, fragment=True)
    assert part.select_one("h1") is None
    assert part.select_one("table")


async def test_more_than_a_page_of_draws_goes_on(clerk, drawing):
    for days in range(60):
        await Draw.insert(Draw(station=LAKE, day=DAY - timedelta(days=days), seed=f"{days:032x}", published_at=o_clock(1)))
    page = await clerk.reads(DRAWS)
    following = page.select_one("a[rel=next]")["href"]
    assert f"{59:032x}" not in page.text
    assert f"{59:032x}" in (await clerk.reads(following)).text


async def test_the_printed_result_is_recomputed_from_the_sheet_alone(clerk, seeded, printer):
    await clerk.fetches(f"{TODAY}/sheet.pdf", status=404)
    await clerk.sends(f"{TODAY}/holding", page=TODAY)
    pdf = (await clerk.fetches(f"{TODAY}/sheet.pdf")).content
    text = squeezed(pdf)
    assert "抽签结果公示" in text
    assert "001到020号" in text
    pattern = re.search(r"(ZD-[0-9-]+\|2026-12-01\|[0-9a-f]{32}\|20\|)号", text)[1]
    rows = re.findall(r"^\s*(\d+)\s+(\d{3})\s+([0-9a-f]{64})\s*$", text_of(pdf, "-layout"), re.M)
    assert len(rows) == 20
    recomputed = sorted((hashlib.sha256(f"{pattern}{ticket}".encode()).hexdigest(), ticket) for ticket in range(1, 21))
    assert [(digest, int(ticket)) for _, ticket, digest in rows] == recomputed
    assert (await clerk.fetches(f"{TODAY}/sheet.pdf")).content == pdf
