"""Letting a television in, switching it off, and what stands on the screens: the desk's pages."""

from datetime import date, timedelta

import pytest

from db.clock import at, now
from db.tables.journal import JournalEntry
from db.tables.screens import Screen, ScreenNotice
from rules.journal import EventKind
from tests.cast import LAKE, LING
from tests.visitor import path_of
from tests.web.screen_scene import OTHER_CODE, SCREEN, paired, shows_a_code

SCREENS, NOTICES = "/desk/screens", "/desk/screens/notices"
DAY = date(2026, 12, 1)
NOTICE = {
    "kind": "TRAINING",
    "words": "12月5日上午9点家政培训，免费，请到服务台报名。",
    "first_day": "2026-12-01",
    "last_day": "2026-12-05",
}


async def entries(kind: EventKind) -> int:
    return await JournalEntry.count().where(JournalEntry.kind == kind.value)


async def test_a_manager_lets_the_screen_in_that_shows_the_code(passer_by, manager):
    digits = await shows_a_code(passer_by)
    sheet = await manager.sends(SCREENS, page=SCREENS, code=f"{digits[:3]} {digits[3:]}", name="大厅东墙")
    assert path_of(sheet) == SCREENS
    page = await manager.follows(sheet)
    assert "大厅东墙" in page.words("table")
    assert "没有联网" in page.words("table")
    await passer_by.fetches(f"{SCREEN}/feed")
    assert "正常" in (await manager.reads(SCREENS)).words("table")
    assert await entries(EventKind.SCREEN_ASKED) == 1
    assert await entries(EventKind.SCREEN_PAIRED) == 1


async def test_a_code_that_no_screen_shows_is_refused_and_the_typing_kept(passer_by, manager):
    digits = await shows_a_code(passer_by)
    wrong = f"{(int(digits) + 1) % 1_000_000:06d}"
    sheet = await manager.sends(SCREENS, page=SCREENS, status=422, code=wrong, name="大厅东墙")
    assert "没有屏幕正在显示这个配对码" in sheet.words("#code-error1")
    assert sheet.select_one("#name")["value"] == "大厅东墙"
    assert "请写屏幕挂在哪里" in (await manager.sends(SCREENS, status=422, code=digits, name=" ")).words("#name-error1")


async def test_after_five_wrong_codes_the_right_one_no_longer_counts(passer_by, manager):
    digits = await shows_a_code(passer_by)
    wrong = f"{(int(digits) + 1) % 1_000_000:06d}"
    await manager.reads(SCREENS)
    for _ in range(4):
        await manager.sends(SCREENS, status=422, code=wrong, name="大厅")
    assert "配对码已经换掉" in (await manager.sends(SCREENS, status=422, code=wrong, name="大厅")).words("#code-error1")
    await manager.sends(SCREENS, status=422, code=digits, name="大厅")
    page = await passer_by.reads(SCREEN)
    assert page.select_one(".digits") is None
    new = await shows_a_code(passer_by)
    await manager.sends(SCREENS, page=SCREENS, code=new, name="大厅")


async def test_a_code_counts_for_ten_minutes_and_then_another_one_is_shown(passer_by, manager):
    digits = await shows_a_code(passer_by)
    with at(now() + timedelta(minutes=9)):
        await manager.reads(SCREENS)
    with at(now() + timedelta(minutes=11)):
        assert (await passer_by.reads(SCREEN)).select_one(".digits") is None
        await manager.sends(SCREENS, page=SCREENS, status=422, code=digits, name="大厅")
        assert await shows_a_code(passer_by)
    assert await Screen.count() == 1


async def test_a_code_of_another_station_lets_nobody_in_here(passer_by, manager):
    digits = await shows_a_code(passer_by, OTHER_CODE)
    await manager.sends(SCREENS, page=SCREENS, status=422, code=digits, name="大厅")
    assert not await Screen.exists().where(Screen.paired_at.is_not_null())


async def test_sending_the_form_twice_pairs_once(passer_by, manager):
    digits = await shows_a_code(passer_by)
    await manager.sends(SCREENS, page=SCREENS, code=digits, name="大厅")
    await manager.sends(SCREENS, **manager.last)
    assert await entries(EventKind.SCREEN_PAIRED) == 1


async def test_asking_for_codes_without_end_is_refused(passer_by, sit_down, manager):
    for n in range(30):
        await Screen.insert(
            Screen(station=LAKE, key=f"{n:064d}", code=f"{n:06d}", asked_at=now(), expires_at=now() + timedelta(minutes=10))
        )
    await passer_by.reads(SCREEN)
    sheet = await passer_by.sends(f"{SCREEN}/pairing", status=422)
    assert "请过一小时再试" in sheet.words()
    with at(now() + timedelta(days=2)):
        assert await shows_a_code(passer_by)
    assert await Screen.count() == 1


async def test_the_pairing_form_of_another_page_is_refused(passer_by):
    await passer_by.reads(SCREEN)
    await passer_by.sends(f"{SCREEN}/pairing", status=403, csrf_token="0" * 128)
    assert await Screen.count() == 0


async def test_looking_at_the_screen_page_writes_nothing(passer_by):
    await passer_by.reads(SCREEN)
    assert await Screen.count() == 0


async def test_a_screen_that_is_switched_off_shows_nothing_at_once(passer_by, manager):
    await paired(passer_by, manager)
    await passer_by.fetches(f"{SCREEN}/calls.json")
    page = await manager.reads(SCREENS)
    action = page.select_one("table form")["action"]
    await manager.follows(await manager.sends(action))
    for path in ("feed", "calls.json"):
        await passer_by.fetches(f"{SCREEN}/{path}", status=404)
    assert "还没有配对" in (await passer_by.reads(SCREEN)).words()
    assert "还没有配对的屏幕" in (await manager.reads(SCREENS)).words(".empty")
    assert "大厅东墙" in (await manager.reads(f"{SCREENS}?revoked=1")).words("table")
    assert await entries(EventKind.SCREEN_REVOKED) == 1
    refused = await manager.sends(action, page=SCREENS, status=422)
    assert "已经停用" in refused.words(".problems")
    await paired(passer_by, manager)  # the same television comes back with a new token
    await passer_by.fetches(f"{SCREEN}/feed")


async def test_only_the_manager_of_the_station_pairs_and_switches_off(passer_by, manager, clerk, stranger, officer, lawyer):
    await paired(passer_by, manager)
    id = (await Screen.select(Screen.id).first())["id"]
    for person in (clerk, stranger, officer, lawyer):
        await person.reads(SCREENS, status=403)
        await person.reads("/jobs")
        await person.sends(SCREENS, status=403, csrf_token=await token_of(person))
        await person.sends(f"{SCREENS}/{id}/revocation", status=403, csrf_token=await token_of(person))
    assert await entries(EventKind.SCREEN_REVOKED) == 0


async def test_another_stations_screen_is_not_found(sit_down, passer_by, manager):
    moment = now()
    await Screen.insert(
        Screen(id=77, station=LING, key="k" * 64, code="1", name="别站", asked_at=moment, expires_at=moment, paired_at=moment)
    )
    await manager.reads(SCREENS)
    assert "别站" not in manager.page.text
    await manager.sends(f"{SCREENS}/77/revocation", status=404)


async def token_of(person) -> str:
    return (await person.reads("/desk/account" if person.account.login != "zheng" else "/supervision")).select_one(
        "input[name=csrf_token]"
    )["value"]


async def test_a_notice_stands_on_the_screen_until_it_is_taken_off(passer_by, clerk, manager):
    await paired(passer_by, manager)
    page = await clerk.follows(await clerk.sends(NOTICES, page=NOTICES, **NOTICE))
    assert NOTICE["words"] in page.words("table")
    assert NOTICE["words"] in (await passer_by.reads(SCREEN)).words("[data-title='培训预告']")
    await clerk.sends(page.select_one("table form")["action"])
    assert (await passer_by.reads(SCREEN)).words("[data-title='培训预告']") == ""
    assert "没有通知" in (await clerk.reads(NOTICES)).words(".empty")
    assert NOTICE["words"] in (await clerk.reads(f"{NOTICES}?over=1")).words("table")
    assert await entries(EventKind.SCREEN_NOTICE_SET) == 1
    assert await entries(EventKind.SCREEN_NOTICE_ENDED) == 1


async def test_a_notice_comes_and_goes_with_its_days(passer_by, clerk, manager):
    await paired(passer_by, manager)
    await clerk.sends(NOTICES, page=NOTICES, **{**NOTICE, "first_day": "2026-12-02", "last_day": "2026-12-02"})
    seen = []
    for days in range(3):
        with at(now() + timedelta(days=days)):
            seen.append(NOTICE["words"] in (await passer_by.reads(SCREEN)).words())
    assert seen == [False, True, False]


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("words", "周六招聘会，电话13900000001", "请问服务台"),
        ("words", "周六招聘会，限男性参加", "不能上屏"),
        ("words", "报名先交押金200元", "不能上屏"),
        ("words", "好", "4到120个字"),
        ("kind", "", "请选择类别"),
        ("first_day", "2026-11-30", "已经过去"),
        ("last_day", "2026-11-30", "在开始日期前面"),
        ("last_day", "2027-12-01", "最多显示60天"),
    ],
)
async def test_what_may_not_stand_on_a_screen_is_refused_and_the_typing_kept(clerk, field, typed, message):
    sheet = await clerk.sends(NOTICES, page=NOTICES, status=422, **{**NOTICE, field: typed})
    assert message in sheet.words(f"#{field}-error1")
    assert sheet.select_one("#words").text.strip() == (typed if field == "words" else NOTICE["words"])
    assert not await ScreenNotice.exists()


async def test_the_notices_of_another_station_are_not_found(clerk, stranger, lawyer, officer):
    await clerk.sends(NOTICES, page=NOTICES, **NOTICE)
    id = (await ScreenNotice.select(ScreenNotice.id).first())["id"]
    assert "没有通知" in (await stranger.reads(NOTICES)).words(".empty")
    await stranger.sends(f"{NOTICES}/{id}/ending", status=404)
    for person in (lawyer, officer):
        await person.reads(NOTICES, status=403)


async def test_the_notices_are_found_by_kind(clerk):
    await clerk.sends(NOTICES, page=NOTICES, **NOTICE)
    assert "没有符合条件" in (await clerk.reads(f"{NOTICES}?kind=WEATHER")).words(".empty")
    assert NOTICE["words"] in (await clerk.reads(f"{NOTICES}?kind=TRAINING&after=junk")).words("table")
