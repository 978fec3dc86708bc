"""Full data are shown for a purpose, once, with the look kept before anything is opened."""

import json
from datetime import timedelta

import pytest

from db.actions import reveals
from db.actions.alerts import raise_alert
from db.clock import at, now
from db.queries.reveals import looks_at
from db.tables.accounts import Alert, Session
from db.tables.journal import JournalEntry
from db.tables.seekers import Reveal
from rules.codes import AlertKind
from rules.reveals import ALARM_AFTER, MOST_A_DAY
from tests.cast import LAKE, LING, PEOPLE
from tests.web.conftest import MORNING
from tests.web.posts_scene import CODE
from tests.web.privacy.conftest import CERTIFICATE, ID_NUMBER, PHONE


async def entries() -> list[dict]:
    rows = await JournalEntry.select(JournalEntry.body).where(JournalEntry.kind == "REVEALED").order_by(JournalEntry.id)
    return [json.loads(row["body"]) for row in rows]


async def looks(count: int, account: int, minute: int = 0) -> None:
    """As if this account had looked that often today."""
    await Reveal.insert(
        *(
            Reveal(
                account=account,
                station=LAKE,
                subject="seeker",
                subject_id=n,
                fields="phone",
                purpose="REFERRAL",
                day=now().date(),
                at=now(),
            )
            for n in range(count)
        )
    )


async def test_the_clerk_says_what_for_and_sees_the_number_once(clerk, desk):
    page = await clerk.reads(desk.home)
    assert ID_NUMBER not in page.text
    way = page.select_one(f'a.look[href="{desk.home}/reveal?field=id_number"]')
    asked = await clerk.reads(way["href"])
    assert ID_NUMBER not in asked.text
    assert [box["value"] for box in asked.select("input[name=fields][checked]")] == ["id_number"]
    shown = await clerk.sends(f"{desk.home}/reveal", status=200, purpose="IDENTITY")
    assert ID_NUMBER in shown.words(".full")
    assert PHONE not in shown.text
    assert shown.select_one(".full")["data-hides"] == "120"
    assert shown.headers["cache-control"] == "no-store"
    assert shown.headers["refresh"] == f"120; url={desk.home}"
    (entry,) = await entries()
    assert (entry["subject"], entry["subject_id"], entry["account_id"]) == ("seeker", desk.seeker, PEOPLE["chen"].id)
    assert entry["particulars"] == {"seeker": desk.number, "purpose": "IDENTITY", "looked_at": ["id_number"]}
    assert ID_NUMBER not in json.dumps(entry)
    assert await Reveal.count() == 1


async def test_in_place_the_form_and_then_the_values_stand_on_the_same_page(clerk, desk):
    await clerk.reads(desk.home)
    form = await clerk.reads(f"{desk.home}/reveal?field=phone", fragment=True)
    assert form.select_one("h1") is None
    assert form.select_one("form")["hx-target"] == "#look"
    token = {each["name"]: each["value"] for each in form.select("input[type=hidden]")}
    answer = await clerk.client.post(
        f"{desk.home}/reveal", data={**token, "fields": "phone", "purpose": "REFERRAL", "note": ""}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200
    assert PHONE in answer.text
    assert "<html" not in answer.text
    assert "refresh" not in answer.headers


async def test_certificates_and_everything_asked_for_are_shown_and_nothing_else(clerk, desk):
    await clerk.reads(f"{desk.home}/reveal")
    shown = await clerk.sends(f"{desk.home}/reveal", status=200, fields=["phone", "certificates"], purpose="AGREEMENT")
    assert PHONE in shown.text
    assert CERTIFICATE in shown.text
    assert ID_NUMBER not in shown.text


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"fields": [], "purpose": "IDENTITY"}, "请选择要看哪一项"),
        ({"fields": ["phone"], "purpose": ""}, "请选择看完整信息做什么"),
        ({"fields": ["phone"], "purpose": "CURIOUS"}, "请在列表里选择"),
        ({"fields": ["phone"], "purpose": "OTHER", "note": "看看"}, "至少4个字"),
        ({"fields": ["phone"], "purpose": "OTHER", "note": "打19900000101核实"}, "不要写电话和证件号码"),
        ({"fields": ["guardian_phone"], "purpose": "IDENTITY"}, "请在列表里选择"),
        ({"fields": ["name"], "purpose": "IDENTITY"}, "请在列表里选择"),
    ],
)
async def test_without_a_good_purpose_nothing_is_shown_or_kept(clerk, desk, typed, why):
    await clerk.reads(f"{desk.home}/reveal")
    page = await clerk.sends(f"{desk.home}/reveal", status=422, **typed)
    assert why in page.words(".problems")
    assert not page.select(".full")
    if typed["purpose"] == "OTHER":
        assert page.select_one("input[name=purpose][checked]")["value"] == "OTHER"
        assert page.select_one("input[name=note]")["value"] == typed["note"]
    assert await Reveal.count() == 0
    assert not await entries()


async def test_the_same_form_sent_again_opens_nothing_a_second_time(clerk, desk):
    await clerk.reads(f"{desk.home}/reveal?field=phone")
    await clerk.sends(f"{desk.home}/reveal", status=200, purpose="REFERRAL")
    again = await clerk.client.post(f"{desk.home}/reveal", data=clerk.last)
    assert again.status_code == 422
    assert PHONE not in again.text
    assert "这次查看已经结束" in again.text
    assert await Reveal.count() == 1


async def test_employer_and_post_are_revealed_to_the_desk_and_to_the_district(clerk, officer, desk):
    for visitor in (clerk, officer):
        page = await visitor.reads(f"/desk/employers/{desk.employer}")
        ways = {way["href"].partition("=")[2] for way in page.select("a.look")}
        assert ways == {"id_number", "phone", "address"}
        page = await visitor.reads(f"/desk/jobs/{desk.job_number}")
        assert {way["href"].partition("=")[2] for way in page.select("a.look")} == {"contact_phone", "exact_address"}
        await visitor.reads(f"/desk/employers/{desk.employer}/reveal?field=address")
        shown = await visitor.sends(
            f"/desk/employers/{desk.employer}/reveal", status=200, fields=["id_number", "address"], purpose="SUPERVISION"
        )
        assert CODE in shown.words(".full")
        assert "宏图大道18号3号库" in shown.words(".full")
        await visitor.reads(f"/desk/jobs/{desk.job_number}/reveal")
        shown = await visitor.sends(
            f"/desk/jobs/{desk.job_number}/reveal", status=200, fields=["contact_phone", "exact_address"], purpose="SUPERVISION"
        )
        assert "13900000001" in shown.text
        assert "3号库2楼" in shown.text
    kept = await entries()
    assert [each["subject"] for each in kept] == ["employer", "job"] * 2
    assert {each["account_id"] for each in kept} == {PEOPLE["chen"].id, PEOPLE["zheng"].id}
    assert await JournalEntry.count().where(JournalEntry.kind == "REVEALED", JournalEntry.station_id == LAKE) == 4


async def test_who_may_not_is_refused_whatever_is_sent(desk, stranger, officer, overseer, lawyer, passer_by, sit_down):
    good = {"fields": ["phone"], "purpose": "IDENTITY"}
    urls = (f"{desk.home}/reveal", f"/desk/employers/{desk.employer}/reveal", f"/desk/jobs/{desk.job_number}/reveal")
    for url in urls:
        await stranger.sends(url, status=404, page="/desk/account", **good)
    for visitor in (overseer, lawyer, await sit_down("he"), await sit_down("admin")):
        for url in urls:
            refused = await visitor.sends(url, status=403, page="/desk/account", **good)
            assert "表单已经失效" not in refused.text
            await visitor.reads(url, status=403)
    await officer.sends(urls[0], status=403, page="/desk/account", **good)
    assert (await passer_by.client.post(f"{desk.home}/reveal", data=good)).status_code == 401
    assert await Reveal.count() == 0


async def test_no_look_no_answer_and_no_answer_leaves_the_look(clerk, desk, monkeypatch):
    """The fault between: when the entry cannot be written nothing is shown; when opening fails the look is kept."""
    await clerk.reads(f"{desk.home}/reveal?field=phone")

    async def broken(*_, **__):
        raise RuntimeError("full disk")

    monkeypatch.setattr(reveals, "record", broken)
    answer = await clerk.client.post(f"{desk.home}/reveal", data={**clerk.filled(f"{desk.home}/reveal"), "purpose": "IDENTITY"})
    assert answer.status_code == 500
    assert PHONE not in answer.text
    assert await Reveal.count() == 0
    monkeypatch.undo()
    monkeypatch.setattr("db.queries.reveals.opened_fields", broken)
    await clerk.reads(f"{desk.home}/reveal?field=phone")
    answer = await clerk.client.post(f"{desk.home}/reveal", data={**clerk.filled(f"{desk.home}/reveal"), "purpose": "IDENTITY"})
    assert answer.status_code == 500
    assert await Reveal.count() == 1
    assert len(await entries()) == 1


async def test_the_thirty_first_look_of_a_day_is_put_before_the_manager_and_the_officers(clerk, manager, overseer, officer, desk):
    await looks(ALARM_AFTER - 1, PEOPLE["chen"].id)
    for number in (30, 31, 32):
        assert await Alert.count() == (0 if number < 32 else 1), number
        await clerk.reads(f"{desk.home}/reveal?field=phone")
        await clerk.sends(f"{desk.home}/reveal", status=200, purpose="REFERRAL")
    for visitor, front in ((manager, "/desk"), (overseer, "/supervision"), (officer, "/supervision")):
        page = await visitor.reads("/desk/alerts")
        assert "一天查看完整信息次数过多" in page.words("#alerts")
        assert "登录名：chen" in page.words("#alerts")
        assert "数量：31" in page.words("#alerts")
        assert (await visitor.reads(front)).select('a[href="/desk/alerts"]')


async def test_after_two_hundred_looks_the_day_is_over(clerk, desk, quick_printer):
    await looks(MOST_A_DAY, PEOPLE["chen"].id)
    await clerk.reads(f"{desk.home}/reveal?field=phone")
    page = await clerk.sends(f"{desk.home}/reveal", status=422, purpose="REFERRAL")
    assert "已到200次" in page.words(".problems")
    with at(MORNING + timedelta(days=1)):
        assert await looks_at("seeker", desk.seeker) == []


async def test_the_person_sees_who_looked_with_the_surname_only(clerk, desk):
    await clerk.reads(f"{desk.home}/reveal?field=phone")
    await clerk.sends(f"{desk.home}/reveal", status=200, purpose="OTHER", note="核对退回来的单子")
    (look,) = await looks_at("seeker", desk.seeker)
    assert look == {"at": MORNING, "who": "金银湖零工驿站 驿站工作人员 陈*", "fields": ["电话"], "purpose": "其他：核对退回来的单子"}
    page = await clerk.reads(desk.home)
    assert "金银湖零工驿站 驿站工作人员 陈*" in page.words()
    assert "谁看过完整信息（1）" in page.words()


async def test_the_journal_page_reads_like_people_speak(clerk, manager, desk):
    await clerk.reads(f"{desk.home}/reveal?field=phone")
    await clerk.sends(f"{desk.home}/reveal", status=200, purpose="IDENTITY")
    page = await manager.reads("/desk/journal?kind=REVEALED")
    assert "用途：核实身份" in page.words()
    assert "查看的栏目：电话" in page.words()
    assert "其他：" not in page.words("main table, main ol, main ul")


async def test_the_password_is_asked_for_again_before_anything_is_shown(clerk, desk):
    await clerk.reads(f"{desk.home}/reveal?field=phone")
    typed = {**clerk.filled(f"{desk.home}/reveal"), "purpose": "REFERRAL"}
    await Session.update({Session.confirmed_at: MORNING - timedelta(minutes=11)}).where(Session.account == PEOPLE["chen"].id)
    asked = await clerk.reads(f"{desk.home}/reveal?field=phone", status=303)
    assert asked.headers["location"].startswith("/desk/confirm?next=/desk/seekers/")
    answer = await clerk.client.post(f"{desk.home}/reveal", data=typed)
    assert answer.status_code == 401
    assert PHONE not in answer.text
    assert await Reveal.count() == 0


async def test_an_alert_is_cleared_once_and_never_by_the_person_it_is_about(manager, overseer, desk):
    await looks(ALARM_AFTER, PEOPLE["wu"].id)
    await manager.reads(f"{desk.home}/reveal?field=phone")
    await manager.sends(f"{desk.home}/reveal", status=200, purpose="REFERRAL")
    alert = str((await Alert.select(Alert.id).first())["id"])
    refused = await manager.sends("/desk/alerts", status=422, page="/desk/alerts")
    assert "说的是您自己" in refused.words(".problems")
    await overseer.sends("/desk/alerts", page="/desk/alerts")
    assert "没有要办的提醒" in (await overseer.reads("/desk/alerts")).words("#alerts")
    assert "孙主任" in (await overseer.reads("/desk/alerts?cleared=1", fragment=True)).text
    again = await overseer.sends("/desk/alerts", status=422, page="/desk/account", alert=alert)
    assert "已经有人办了" in again.words(".problems")
    assert await JournalEntry.count().where(JournalEntry.kind == "ALERT_CLEARED") == 1


async def test_alerts_of_another_station_do_not_exist_here(sit_down, manager, clerk, house):
    await raise_alert(AlertKind.MANY_REVEALS, station_id=LING, subject="account", subject_id=PEOPLE["lin"].id, login="lin", count=31)
    alert = str((await Alert.select(Alert.id).first())["id"])
    assert "lin" not in (await manager.reads("/desk/alerts")).words("#alerts")
    refused = await manager.sends("/desk/alerts", status=422, alert=alert)
    assert "没有找到这条提醒" in refused.words(".problems")
    await (await sit_down("sun")).reads("/desk/alerts?kind=APPEAL")
    await clerk.reads("/desk/alerts", status=403)
    assert "lin" in (await (await sit_down("zheng")).reads("/desk/alerts")).words("#alerts")


async def test_a_page_of_alerts_goes_on_where_the_last_one_ended(manager, house):
    for number in range(52):
        await raise_alert(AlertKind.APPEAL, station_id=LAKE, subject="job", subject_id=number, count=number)
    first = await manager.reads("/desk/alerts")
    assert len(first.select("#alerts tbody tr")) == 50
    second = await manager.reads(first.select_one("a[rel=next]")["href"])
    assert len(second.select("#alerts tbody tr")) == 2
