"""Signing in at the rush-hour desk: one scan, one ticket; who is meant, who is not known, who is kept for later."""

from datetime import timedelta

import pytest

from db.actions.accounts import session_key
from db.actions.attendance import come_back, leave, sign_in
from db.clock import at, now
from db.tables.accounts import Session
from db.tables.attendance import SignIn
from db.tables.journal import JournalEntry
from db.tables.seekers import Seeker
from rules.codes import SignInHow
from rules.errors import RuleBroken
from tests.cast import LAKE, LING
from tests.web.attendance.conftest import CHEN, TODAY, put_today, state_of
from tests.web.conftest import MORNING
from tests.web.referrals.conftest import SEEKERS, put_sample

SIGN_INS = f"{TODAY}/sign-ins"


async def scans(clerk, word, **fields):
    """The clerk scans or types into the box, as the page's own script sends it; the answer box."""
    return await clerk.client.post(
        SIGN_INS,
        data={"csrf_token": clerk.page.select_one("input[name=csrf_token]")["value"], "word": word, **fields},
        headers={"HX-Request": "true"},
    )


async def test_a_scanned_card_gives_a_ticket_at_once(clerk, people):
    page = await clerk.follows(await clerk.sends(SIGN_INS, page=TODAY, word=people[0].number))
    assert page.words("#answer .ticket") == "001"
    assert "周*生" in page.words("#answer")
    assert "已签到" in page.words("#answer")
    row = await SignIn.select(SignIn.how, SignIn.ticket, SignIn.late, SignIn.state).first()
    assert row == {"how": "CARD", "ticket": 1, "late": False, "state": "WAITING"}
    entry = await JournalEntry.select(JournalEntry.kind, JournalEntry.body).order_by(JournalEntry.id, ascending=False).first()
    assert entry["kind"] == "SIGNED_IN_AT_STATION"
    assert SEEKERS["S01"]["name"] not in entry["body"]


@pytest.mark.parametrize(
    ("word", "how"),
    [("QR:{number}", "QR"), ("{phone}", "PHONE"), ("{tail}", "PHONE"), ("{name}", "NAME"), ("{document}", "ID_CARD")],
)
async def test_every_way_to_say_who_one_is(clerk, people, word, how):
    facts = SEEKERS["S01"]
    said = word.format(
        number=people[0].number.lower(), phone=facts["phone"], tail=facts["phone"][-4:], name=facts["name"], document=facts["id_number"]
    )
    await clerk.sends(SIGN_INS, page=TODAY, word=said)
    assert await SignIn.select(SignIn.seeker, SignIn.how) == [{"seeker": people[0].id, "how": how}]


async def test_once_a_day_however_often_scanned(clerk, people):
    await clerk.reads(TODAY)
    first = await scans(clerk, people[0].number)
    again = await scans(clerk, people[0].number)
    assert "已签到" in first.text
    assert "今天已经签过" in again.text
    assert "001" in again.text
    assert await SignIn.count() == 1


async def test_tickets_count_the_arrivals_of_the_day(clerk, people):
    assert [(await put_today(one)).ticket for one in people] == [1, 2, 3, 4]
    with at(MORNING + timedelta(days=1)):
        assert (await put_today(people[2])).ticket == 1


async def test_several_people_are_chosen_from_with_a_number_key(clerk, people):
    other = await put_sample("S07", name="周水平", id_number="420199197803129025", phone="19900000188")
    await clerk.reads(TODAY)
    answer = await scans(clerk, "周水")
    assert answer.status_code == 422
    assert "有2个人" in answer.text
    assert 'data-key="1"' in answer.text
    assert "周水平" not in answer.text
    assert SEEKERS["S01"]["phone"] not in answer.text
    chosen = await scans(clerk, "周水", choice=other.number)
    assert chosen.status_code == 200
    assert await SignIn.select(SignIn.seeker, SignIn.how) == [{"seeker": other.id, "how": "NAME"}]


async def test_nobody_is_found_and_what_was_typed_goes_along_to_the_registration(clerk, people):
    page = await clerk.sends(SIGN_INS, status=422, page=TODAY, word="19912345678")
    assert "没有找到这个人" in page.words("#answer")
    assert page.select_one("#word")["value"] == "19912345678"
    form = await clerk.sends("/desk/seekers/new", status=200)
    assert form.select_one("#phone")["value"] == "19912345678"


async def test_an_empty_scan_says_what_to_do(clerk, people):
    page = await clerk.sends(SIGN_INS, status=422, page=TODAY, word="")
    assert "请扫卡" in page.words("#answer")


async def test_somebody_of_another_station_signs_in_with_the_card_not_with_a_name(stranger, clerk, people):
    await stranger.sends(SIGN_INS, page=TODAY, word=people[0].number)
    assert await SignIn.select(SignIn.station) == [{"station": LING}]
    await stranger.sends(SIGN_INS, status=422, page=TODAY, word=SEEKERS["S03"]["name"])


async def test_a_closed_registration_does_not_sign_in(clerk, people):
    await Seeker.update({Seeker.state: "CLOSED"}).where(Seeker.id == people[0].id)
    page = await clerk.sends(SIGN_INS, status=422, page=TODAY, word=people[0].number)
    assert "已注销" in page.words("#answer")
    assert await SignIn.count() == 0


async def test_who_was_silent_for_long_says_with_one_key_that_the_search_goes_on(clerk, people):
    await Seeker.update({Seeker.confirmed_on: (MORNING - timedelta(days=120)).date()}).where(Seeker.id == people[0].id)
    page = await clerk.follows(await clerk.sends(SIGN_INS, page=TODAY, word=people[0].number))
    assert "超过90天" in page.words("#answer .warn")
    assert page.select_one("#answer button[data-key='1']")
    page = await clerk.follows(await clerk.sends(f"{TODAY}/tickets/1/confirmation"))
    assert not page.select_one("#answer .warn")
    assert (await Seeker.select(Seeker.confirmed_on).where(Seeker.id == people[0].id).first())["confirmed_on"] == MORNING.date()


async def test_what_was_keyed_offline_counts_once_and_at_the_moment_it_was_keyed(clerk, people):
    await clerk.reads(TODAY)
    keyed = (now() - timedelta(minutes=3)).isoformat()
    for _ in range(2):
        answer = await scans(clerk, people[0].number, token="a1b2c3d4e5f6a7b8", keyed_at=keyed)
        assert answer.status_code == 200
    rows = await SignIn.select(SignIn.late, SignIn.arrived_at, SignIn.signed_at)
    assert len(rows) == 1
    assert rows[0]["late"]
    assert rows[0]["signed_at"] - rows[0]["arrived_at"] == timedelta(minutes=3)


async def test_a_mark_that_was_sent_once_signs_nobody_else_in(clerk, people):
    await clerk.reads(TODAY)
    await scans(clerk, people[0].number, token="a1b2c3d4e5f6a7b8")
    await scans(clerk, people[1].number, token="a1b2c3d4e5f6a7b8")
    assert await SignIn.count() == 1


@pytest.mark.parametrize(("ahead", "says"), [(timedelta(hours=1), "比现在还晚"), (timedelta(days=-1), "不能算今天的")])
async def test_a_moment_of_the_future_or_of_yesterday_is_refused(clerk, people, ahead, says):
    await clerk.reads(TODAY)
    answer = await scans(clerk, people[0].number, token="a1b2c3d4e5f6a7b8", keyed_at=(now() + ahead).isoformat())
    assert answer.status_code == 422
    assert says in answer.text
    assert await SignIn.count() == 0


async def test_a_moment_that_is_none_is_refused(clerk, people):
    await clerk.reads(TODAY)
    answer = await scans(clerk, people[0].number, keyed_at="gestern")
    assert answer.status_code == 422
    assert await SignIn.count() == 0


async def test_leaving_and_coming_back_keeps_the_old_place(clerk, queue):
    await clerk.sends(f"{TODAY}/tickets/1/departure", page=f"{TODAY}?ticket=1")
    assert await state_of(1) == "LEFT"
    page = await clerk.follows(await clerk.sends(f"{TODAY}/tickets/1/return", page=f"{TODAY}?ticket=1"))
    assert page.words("#waiting tbody tr th") == "001"
    assert "回站" in page.words("#waiting tbody tr")


async def test_somebody_who_waits_cannot_come_back_and_who_left_cannot_leave(house, queue):
    with pytest.raises(RuleBroken, match="正在等活"):
        await come_back(queue[0].id, actor=CHEN)
    await leave(queue[0].id, actor=CHEN)
    with pytest.raises(RuleBroken, match="已离站"):
        await leave(queue[0].id, actor=CHEN)


async def test_how_somebody_was_recognised_is_corrected_from_the_list(clerk, lawyer, queue):
    page = await clerk.reads(SIGN_INS)
    link = page.select_one("#sign-ins a.correct")["href"]
    row = await SignIn.select().order_by(SignIn.ticket).first()
    assert link.endswith(f"&field=how&row=r{row['id']}")
    await Session.update({Session.confirmed_at: now()}).where(Session.key == session_key(f"token-of-{clerk.account.login}"))
    await clerk.reads(link)
    new = "PHONE" if row["how"] != "PHONE" else "CARD"
    saved = await clerk.sends("/desk/corrections", new=new, reason="扫卡没有扫上，是报的电话")
    assert saved.status == 303
    page = await clerk.reads(SIGN_INS)
    assert page.select_one("#sign-ins del").text == SignInHow.label_of(row["how"])
    assert page.select_one("#sign-ins ins").text == SignInHow.label_of(new)
    assert "扫卡没有扫上" in page.words("#sign-ins .corrections")
    assert (await lawyer.reads(SIGN_INS, status=403)).status == 403


async def test_the_day_has_a_list_narrowed_by_state(clerk, queue):
    await leave(queue[1].id, actor=CHEN)
    page = await clerk.reads(f"{SIGN_INS}?state=LEFT")
    assert [row.th.text for row in page.select("#sign-ins tbody tr")] == ["002"]
    assert "王*厚" in page.words("#sign-ins")
    assert page.select_one("#sign-ins .tools a")
    page = await clerk.reads(f"{SIGN_INS}?day=2026-11-30")
    assert "没有" in page.words(".empty")
    fragment = await clerk.reads(SIGN_INS, fragment=True)
    assert len(fragment.select("tbody tr")) == 4


async def test_the_lists_ask_again_for_little(clerk, queue):
    page = await clerk.reads(TODAY)
    url = page.select_one("#waiting")["hx-get"]
    await clerk.reads(url, fragment=True, status=204, **{"X-Polling": "1"})
    await leave(queue[0].id, actor=CHEN)
    fragment = await clerk.reads(url, fragment=True, **{"X-Polling": "1"})
    assert not fragment.select_one("h1")
    assert fragment.select_one("#waiting")
    assert fragment.select_one("#demands[hx-swap-oob]")
    assert len(fragment.select("#waiting tbody tr")) == 3


async def test_an_empty_morning_says_what_to_do(clerk, house):
    page = await clerk.reads(TODAY)
    assert "还没有人签到" in page.words("#waiting .empty")
    assert "没有要人的岗位" in page.words("#demands .empty")


async def test_who_only_reads_elsewhere_may_not_come_here(lawyer, officer, clerk, queue):
    for visitor in (lawyer, officer):
        await visitor.reads(TODAY, status=403)
        await visitor.reads(SIGN_INS, status=403)
        await visitor.sends(SIGN_INS, status=403, page="/desk/account", word="1234")
        await visitor.sends(f"{TODAY}/tickets/1/departure", status=403)


async def test_a_strangers_desk_shows_none_of_it(stranger, queue):
    page = await stranger.reads(TODAY)
    assert "周*生" not in page.text
    await stranger.sends(f"{TODAY}/tickets/1/departure", status=404)
    page = await stranger.reads(SIGN_INS)
    assert "周*生" not in page.text
    assert await state_of(1) == "WAITING"


async def test_a_suspended_station_signs_nobody_in(clerk, people):
    from db.tables.stations import Station

    await Station.update({Station.state: "SUSPENDED"}).where(Station.id == LAKE)
    with pytest.raises(RuleBroken, match="停业整改"):
        await sign_in(LAKE, people[0].id, SignInHow.CARD, actor=CHEN)


async def test_no_full_number_stands_on_the_page(clerk, queue):
    page = await clerk.reads(f"{TODAY}?ticket=1")
    for facts in SEEKERS.values():
        assert facts["phone"] not in page.text
        assert facts["id_number"] not in page.text
        assert facts["name"] not in page.text
