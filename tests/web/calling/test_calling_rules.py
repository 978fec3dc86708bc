"""How a station calls: published in versions by the manager, never changed for the running day, read by everybody."""

import io
from datetime import time, timedelta

import pypdf
import pytest

from db.clock import at
from db.errors import ConstraintViolated
from db.queries.calling_rules import rule_in_force
from db.tables.attendance import CallingRule, Draw
from db.tables.journal import JournalEntry
from rules.codes import CallingMethod
from tests.cast import LAKE, LING
from tests.web.calling_scene import DAY, o_clock, put_sign_in, rule_from, squeezed

HOME = "/desk/calling"
PUBLIC = "/stations/ZD-420112015-01/calling"
GOOD = {"method": "ROTATION", "draw_at": "", "effective_from": "2026-12-02", "reason": "等得久的先派，大家商量过"}


async def test_without_a_rule_the_station_calls_by_arrival_and_says_so(clerk, passer_by):
    page = await clerk.reads(HOME)
    assert "还没有公布叫号规则，按到站先后叫号" in page.words("main")
    public = await passer_by.reads(PUBLIC)
    assert "按到站先后" in public.words("h2")
    rule = await rule_in_force(LAKE, DAY)
    assert (rule["method"], rule["version"], rule["draw_at"]) == (CallingMethod.ARRIVAL, 0, None)


async def test_the_manager_publishes_a_version_that_holds_from_its_day(manager, passer_by):
    saved = await manager.sends(HOME, page=HOME, **GOOD)
    page = await manager.follows(saved)
    assert "自2026年12月2日起施行" in page.words("main")
    assert "第1版" in page.words("#versions")
    assert "等得久的先派" in page.words("#versions")
    assert "2026年12月2日起改为：按等活天数轮流" in (await passer_by.reads(PUBLIC)).words("main"), "people hear of it beforehand"
    assert (await rule_in_force(LAKE, DAY))["version"] == 0
    assert (await rule_in_force(LAKE, DAY + timedelta(days=1)))["method"] is CallingMethod.ROTATION
    with at(o_clock(9, day=DAY + timedelta(days=1))):
        words = (await passer_by.reads(PUBLIC)).words("main")
        assert "等活天数多的先叫" in words
        assert "起改为" not in words
    assert await JournalEntry.count().where(JournalEntry.kind == "CALLING_RULE_SET") == 1


async def test_the_first_version_may_begin_today_while_nobody_has_come(manager):
    await manager.sends(HOME, page=HOME, **GOOD | {"effective_from": "2026-12-01"})
    assert (await rule_in_force(LAKE, DAY))["method"] is CallingMethod.ROTATION
    page = await manager.sends(HOME, page=HOME, status=422, **GOOD | {"method": "ARRIVAL", "effective_from": "2026-12-01"})
    assert "最早从明天起施行" in page.words(".problems")


async def test_a_form_sent_twice_makes_one_version(manager):
    await manager.sends(HOME, page=HOME, **GOOD)
    again = await manager.client.post(HOME, data=manager.last)
    assert again.status_code == 303
    assert await CallingRule.count().where(CallingRule.station == LAKE) == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"method": "DRAW", "draw_at": ""}, "写明几点抽签"),
        ({"method": "DRAW", "draw_at": "03:00"}, "05:00 到中午 12:00"),
        ({"method": "DRAW", "draw_at": "天亮"}, "没看懂"),
        ({"reason": "试试"}, "5到200个字"),
        ({"reason": ""}, "为什么这样定"),
        ({"method": "NONSENSE"}, "叫号办法"),
        ({"effective_from": "2026-11-30"}, "最早从明天起施行"),
        ({"effective_from": "2027-12-01"}, "90天以内"),
        ({"based_on": "7"}, "看一看新版"),
        ({"based_on": "junk"}, "看一看新版"),
    ],
)
async def test_what_may_not_be_published_comes_back_with_the_typing_kept(manager, fields, words):
    page = await manager.sends(HOME, page=HOME, status=422, **GOOD | fields)
    assert words in page.words(".problems")
    assert page.select_one("#reason")["value"] == (GOOD | fields)["reason"]
    assert await CallingRule.count() == 0


async def test_once_somebody_signed_in_even_the_first_rule_begins_tomorrow(manager, house):
    await put_sign_in(1, o_clock(5, 31))
    page = await manager.sends(HOME, page=HOME, status=422, **GOOD | {"effective_from": "2026-12-01"})
    assert "今天已经有人签到" in page.words(".problems")


async def test_a_day_whose_seed_is_out_keeps_its_rule(manager, house):
    await rule_from(DAY, CallingMethod.DRAW, time(6, 30))
    await manager.sends(f"{HOME}/seeds", page=HOME, day="2026-12-02")
    page = await manager.sends(HOME, page=HOME, status=422, **GOOD)
    assert "12月2日的抽签种子已经公布" in page.words(".problems")
    await manager.sends(HOME, page=HOME, **GOOD | {"effective_from": "2026-12-03"})


async def test_two_managers_at_once_the_second_is_told_who_was_faster(manager, house):
    await manager.reads(HOME)
    before = manager.filled(HOME)
    await manager.sends(HOME, **GOOD)
    page = await manager.sends(HOME, page=HOME, status=422, **GOOD | {"based_on": before["based_on"]})
    assert "吴站长刚才公布了第1版" in page.words(".problems")


async def test_clerks_read_and_do_not_set(clerk, lawyer, officer, passer_by):
    page = await clerk.reads(HOME)
    assert page.select_one(f"form[action='{HOME}']") is None
    await clerk.sends(HOME, status=403, **GOOD)
    await clerk.sends(f"{HOME}/seeds", status=403, day="2026-12-02")
    for visitor in (lawyer, officer):
        await visitor.reads(HOME, status=403)
    await passer_by.reads(HOME, status=303)
    assert await CallingRule.count() == 0


async def test_another_station_keeps_its_own_rule(manager, stranger):
    await manager.sends(HOME, page=HOME, **GOOD)
    page = await stranger.reads(HOME)
    assert "等得久的先派" not in page.text
    await stranger.fetches(f"{HOME}/rules/1/sheet.pdf", status=404)
    assert (await rule_in_force(LING, DAY + timedelta(days=1)))["version"] == 0


async def test_the_versions_alone_are_a_fragment(manager):
    await manager.sends(HOME, page=HOME, **GOOD)
    part = await manager.reads(HOME, fragment=True)
    assert part.select_one("h1") is None
    assert "第1版" in part.text


async def test_nothing_published_can_be_rewritten(house):
    await rule_from(DAY, CallingMethod.DRAW, time(6, 30))
    with pytest.raises(ConstraintViolated):
        await CallingRule.update({CallingRule.method: "ARRIVAL"}).where(CallingRule.station == LAKE)
    with pytest.raises(ConstraintViolated):
        await CallingRule.delete().where(CallingRule.station == LAKE)
    await Draw.insert(Draw(station=LAKE, day=DAY, seed="a" * 32, published_at=o_clock(1)))
    for change in ({Draw.seed: "b" * 32}, {Draw.seed: "b" * 32, Draw.held_at: o_clock(6, 30)}, {Draw.day: DAY + timedelta(days=1)}):
        with pytest.raises(ConstraintViolated):
            await Draw.update(change).where(Draw.station == LAKE)
    await Draw.update({Draw.tickets: 3, Draw.held_at: o_clock(6, 30)}).where(Draw.station == LAKE)
    with pytest.raises(ConstraintViolated):
        await Draw.update({Draw.tickets: 4}).where(Draw.station == LAKE)
    with pytest.raises(ConstraintViolated):
        await Draw.delete().where(Draw.station == LAKE)


async def test_the_wall_sheet_says_how_it_works_in_large_type_on_one_page(clerk, house, printer):
    for days, (method, hour) in enumerate(
        ((CallingMethod.ARRIVAL, None), (CallingMethod.ROTATION, None), (CallingMethod.DRAW, time(6, 30)))
    ):
        await rule_from(DAY + timedelta(days=days), method, hour)
        await CallingRule.raw("SELECT 1")
        pdf = (await clerk.fetches(f"{HOME}/rules/{days + 1}/sheet.pdf")).content
        text = squeezed(pdf)
        assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages) == 1
        for words in ("叫号规则", method.label, f"第{days + 1}版", "027-83000099", "免费", "人多的时候更公平", f"2026年12月{1 + days}日"):
            assert words in text, words
    assert "自己重算一遍" in text
    await clerk.fetches(f"{HOME}/rules/9/sheet.pdf", status=404)
    assert "按到站先后" in squeezed((await clerk.fetches(f"{HOME}/rules/0/sheet.pdf")).content)


async def test_the_public_page_is_small_and_names_the_supervisor(passer_by, house):
    await rule_from(DAY, CallingMethod.DRAW, time(6, 30))
    page = await passer_by.reads(PUBLIC)
    assert page.select_one("a[href='tel:027-83000099']")
    assert "没有公布种子" in page.words("main")
    assert len(page.text) < 8_000
    await passer_by.reads("/stations/ZD-000000000-00/calling", status=404)
