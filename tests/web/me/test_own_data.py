"""My registration, my data and my rights on the phone: seen masked, changed with a version kept, copied, withdrawn, closed."""

import json

from db.actions.referrals import employer_accepts, propose
from db.actions.rights import restrict
from db.clock import now, today
from db.queries.candidates import candidates_for
from db.queries.seekers import opened_seeker
from db.tables.journal import JournalEntry
from db.tables.referrals import Referral
from db.tables.seekers import Consent, Reveal, RightsRequest, Seeker, SeekerTrade, SeekerVersion
from db.vault import vault
from rules.codes import RestrictReason, SeekerState
from rules.journal import EventKind
from tests.cast import PEOPLE
from tests.web.me.conftest import APPLY, JOB, put_worker
from tests.web.referrals.conftest import CHEN, put_accepted, put_post, state_of

PHONE, ID_NUMBER = "19900000101", "420199197803129017"
EVERYTHING = (
    "/me",
    "/me/referrals",
    "/me/agreements",
    "/me/profile",
    "/me/profile/edit",
    "/me/looks",
    "/me/data",
    "/me/requests",
    "/me/consents",
    "/me/closing",
)


async def entries(kind: EventKind) -> list[dict]:
    rows = await JournalEntry.select().where(JournalEntry.kind == kind.value)
    return [json.loads(row["body"])["particulars"] for row in rows]


async def test_no_page_shows_the_own_numbers_in_full(shui, job):
    for url in EVERYTHING:
        page = str(await shui.visitor.reads(url))
        assert PHONE not in page, url
        assert ID_NUMBER not in page, url
    page = await shui.visitor.reads("/me/profile")
    assert "199****0101" in page.words()
    assert "****9017" in page.words()
    assert "420***" not in page.words()


async def test_the_front_page_says_what_an_unseen_card_means(sit_down, house):
    worker = await put_worker(sit_down, state=SeekerState.SUBMITTED.value)
    page = await worker.visitor.reads("/me")
    assert "身份证原件" in page.words(".sheet-text")
    assert "宏图大道18号" in page.words(".sheet-text")


async def test_somebody_asleep_says_i_still_look_for_work(sit_down, house):
    from datetime import date

    worker = await put_worker(sit_down, confirmed_on=date(2026, 8, 1))
    await worker.visitor.sends("/me/confirmation", page="/me")
    assert worker.visitor.filled("/me/confirmation")
    assert "您还在找活吗" not in (await worker.visitor.reads("/me")).words("main")
    await Seeker.update({Seeker.confirmed_on: date(2026, 9, 10)}).where(Seeker.id == worker.ref.id)
    assert "12月9日没有消息" in (await worker.visitor.reads("/me")).words(".sheet-text")
    await worker.visitor.sends("/me/confirmation")
    assert (await Seeker.select().first())["confirmed_on"] == today()


async def test_wishes_change_at_once_and_the_old_ones_stay_sealed(shui):
    page = await shui.visitor.reads("/me/profile/edit")
    assert {box["value"] for box in page.select("input[name=trades][checked]")} == {"C01", "C06"}
    page = await shui.visitor.sends("/me/profile/edit", status=422, trades=[], community="湖边社区")
    assert "请至少选一个想干的工种" in page.words(".problems")
    assert page.select_one("#community")["value"] == "湖边社区"
    page = await shui.visitor.sends("/me/profile/edit", status=422, trades=["D07"])
    assert "请先带" in page.words(".problems")
    await shui.visitor.sends("/me/profile/edit", page="/me/profile/edit", trades=["C01"], slots=["0-AM", "1-AM"], max_km="5")
    assert [row["trade"] for row in await SeekerTrade.select().where(SeekerTrade.seeker == shui.ref.id)] == ["C01"]
    seeker = await Seeker.select().first()
    assert (seeker["availability"], seeker["max_km"]) == ("0-AM,1-AM", 5)
    version = await SeekerVersion.select().first()
    kept = json.loads(vault().open("seeker_version.record", str(version["id"]), version["record"]))
    assert (kept["trades"], kept["phone"], json.loads(version["changed"])) == (["C01", "C06"], PHONE, ["trades", "availability", "max_km"])
    assert PHONE not in version["record"]
    assert (await entries(EventKind.SEEKER_UPDATED))[0]["by_proxy"] is False


async def test_nothing_changed_is_said(shui):
    page = await shui.visitor.sends("/me/profile/edit", page="/me/profile/edit", status=422)
    assert "没有改动" in page.words(".problems")
    assert await SeekerVersion.count() == 0


async def test_without_suggestions_the_matching_leaves_one_out_but_a_search_does_not(shui, job, clerk):
    assert len(await candidates_for(PEOPLE["chen"].scope, "C01")) == 1
    await shui.visitor.sends("/me/suggestions", page="/me/profile")
    assert await candidates_for(PEOPLE["chen"].scope, "C01") == []
    page = await clerk.sends(f"/desk/jobs/{JOB}/candidates", page=f"/desk/jobs/{JOB}/candidates", word="周水生")
    assert "周水生" in (await clerk.follows(page)).words("table")
    assert "人工推荐" in (await shui.visitor.reads("/me/profile")).words()
    await shui.visitor.sends("/me/suggestions", page="/me/profile")
    assert len(await candidates_for(PEOPLE["chen"].scope, "C01")) == 1


async def test_who_looked_is_shown_with_the_purpose_and_only_the_surname(shui):
    assert "还没有人看过" in (await shui.visitor.reads("/me/looks")).words()
    await Reveal.insert(
        Reveal(
            account=CHEN.id,
            station=CHEN.station_id,
            subject="seeker",
            subject_id=shui.ref.id,
            fields="phone",
            purpose="REFERRAL",
            day=today(),
            at=now(),
        )
    )
    page = await shui.visitor.reads("/me/looks")
    assert "电话" in page.words("main")
    assert "推荐联系" in page.words("main")
    assert "陈小满" not in page.words("main")


async def test_a_copy_holds_everything_and_is_noted(shui, other, job, quick_printer):
    await shui.visitor.sends(APPLY, page=APPLY, consent="y")
    await shui.visitor.reads("/me/data")
    assert await entries(EventKind.SEEKER_DATA_COPIED) == []
    values = shui.visitor.filled("/me/data.json")
    response = await shui.visitor.client.post("/me/data.json", data=values)
    assert response.status_code == 200
    data = response.json()
    assert (data["registration"]["phone"], data["registration"]["id_number"]) == (PHONE, "****9017")
    assert data["certificates"][0]["number"] == "TS6LWUH0001"
    assert [row["title"] for row in data["referrals"]] == ["超市搬运工"]
    assert {"零工报名", "登记求职者"} <= {row["what"] for row in data["journal"]}
    assert "陈小满" not in response.text
    assert "孙玉兰" not in response.text
    again = await shui.visitor.client.post("/me/data.json", data=values)
    assert (again.status_code, again.headers["location"]) == (303, "/me/data")
    values = shui.visitor.filled("/me/data.pdf")
    assert (await shui.visitor.client.post("/me/data.pdf", data=values)).headers["content-type"] == "application/pdf"
    template, paper = quick_printer.printed[0]
    assert (template, paper.number) == ("my_data", shui.ref.number)
    assert [each["copy_format"] for each in await entries(EventKind.SEEKER_DATA_COPIED)] == ["JSON", "PDF"]


async def test_a_request_has_a_last_day_and_its_words_are_sealed(shui, manager):
    page = await shui.visitor.sends("/me/requests", page="/me/requests", status=422, kind="CORRECT", details="")
    assert "请写明哪里不对" in page.words(".problems")
    await shui.visitor.sends("/me/requests", kind="CORRECT", field="name", details="名字写错了，是水声的声")
    row = await RightsRequest.select().first()
    assert (row["due_on"].isoformat(), row["by_proxy"]) == ("2026-12-16", False)
    assert "水声" not in row["details"]
    assert "12月16日" in (await shui.visitor.reads("/me/requests")).words()
    here = f"/desk/rights/{row['id']}"
    page = await manager.reads("/desk/rights")
    assert "更正信息" in page.words("#rights")
    page = await manager.sends(f"{here}/answer", page=here, status=422, state="DONE", answer="好")
    assert "至少5个字" in page.words(".problems")
    await manager.sends(f"{here}/answer", state="DONE", answer="已按身份证更正姓名")
    assert "已按身份证更正姓名" in (await shui.visitor.reads("/me/requests")).words()
    page = await manager.sends(f"{here}/answer", status=422, form_token="another", state="REFUSED", answer="再答一次也不行")
    assert "已经是" in page.words(".problems")


async def test_a_request_is_taken_back_by_its_person_alone(shui, other):
    await shui.visitor.sends("/me/requests", page="/me/requests", kind="EXPLAIN", details="为什么没有介绍叉车的活")
    number = str((await RightsRequest.select().first())["id"])
    await other.visitor.sends("/me/requests/withdrawal", page="/me/requests", status=404, request=number)
    await shui.visitor.sends("/me/requests/withdrawal", page="/me/requests", status=404, request="junk")
    await shui.visitor.sends("/me/requests/withdrawal", page="/me/requests", request=number)
    assert (await RightsRequest.select().first())["state"] == "WITHDRAWN"


async def test_a_consent_is_withdrawn_and_the_contact_disappears(shui, job, clerk):
    await shui.visitor.sends(APPLY, page=APPLY, consent="y")
    row = await Referral.select().first()
    await employer_accepts(row["id"], "周经理", actor=CHEN)
    here = f"/me/consents/{row['number']}"
    page = await shui.visitor.sends(f"{here}/withdrawal", page=here, status=422)
    assert "请看明白后果" in page.words(".problems")
    await shui.visitor.sends(f"{here}/withdrawal", understood="y")
    assert await state_of(row["id"]) == "WORKER_DECLINED"
    assert PHONE not in str(await clerk.reads(f"/desk/referrals/{row['number']}"))
    consent = await Consent.select().where(Consent.id == row["consent"]).first()
    assert (consent["withdrawn_at"] is not None, consent["withdrawn_by"]) == (True, shui.actor.id)
    assert "这一项已在" in (await shui.visitor.reads(here)).words("main")


async def test_after_signing_a_withdrawal_hides_the_number_and_the_agreement_stands(shui, job, clerk):
    from db.actions.referrals import confirm

    referral = await put_accepted(job, shui.ref.id)
    await confirm(referral, actor=CHEN)
    number = (await Referral.select().first())["number"]
    assert PHONE in str(await clerk.reads(f"/desk/referrals/{number}"))
    here = f"/me/consents/{number}"
    await shui.visitor.sends(f"{here}/withdrawal", page=here, understood="y")
    assert await state_of(referral) == "CONFIRMED"
    assert PHONE not in str(await clerk.reads(f"/desk/referrals/{number}"))


async def test_closing_stops_every_use_at_once(shui, job, clerk):
    await propose(job, shui.ref.id, actor=CHEN)
    page = await shui.visitor.reads("/me/closing")
    assert "15天内删除" in page.words(".sheet-text")
    page = await shui.visitor.sends("/me/closing", status=422, reason="回老家了")
    assert "确定要注销的请打勾" in page.words(".problems")
    assert page.select_one("#reason")["value"] == "回老家了"
    page = await shui.visitor.follows(await shui.visitor.sends("/me/closing", reason="回老家了", understood="y"))
    assert "12月16日" in page.words(".note ~ .note") or "12月16日" in page.words("main")
    seeker = await Seeker.select().first()
    assert (seeker["state"], seeker["closed_at"] is not None) == ("CLOSED", True)
    referral = await Referral.select().first()
    assert (referral["state"], referral["worker_reason"]) == ("WORKER_DECLINED", "本人不再求职")
    assert await Consent.count().where(Consent.withdrawn_at.is_null()) == 0
    request = await RightsRequest.select().first()
    assert (request["kind"], request["state"]) == ("DELETE", "ASKED")
    assert await candidates_for(PEOPLE["chen"].scope, "C01") == []
    assert len(await entries(EventKind.SEEKER_CLOSED)) == 1
    page = await shui.visitor.sends(APPLY, page=APPLY, status=422, consent="y")
    assert "已经注销" in page.words(".problems")
    page = await shui.visitor.sends("/me/profile/edit", page="/me/profile/edit", status=422, trades=["C01"])
    assert "已经注销" in page.words(".problems")
    for url in EVERYTHING:
        await shui.visitor.reads(url)


async def test_a_restriction_is_read_with_its_reason_and_may_be_replied_to(shui, manager):
    from db.actions.referrals import no_show

    for n in range(3):
        post = await put_post("J02", f"G261201-01000{n + 3}", trade="C01", start_date=f"2026-12-0{n + 3}", end_date=f"2026-12-0{n + 3}")
        await no_show(await put_accepted(post, shui.ref.id), "约好了没有来", actor=CHEN)
    assert "对暂停推荐" not in (await shui.visitor.reads("/me/requests")).words("form.ask-form")
    await restrict(shui.ref.id, RestrictReason.NO_SHOW, "三次约好都没有来", actor=PEOPLE["wu"])
    page = await shui.visitor.reads("/me")
    assert "三次约好都没有来" in page.words(".note")
    await shui.visitor.sends("/me/requests", page="/me/requests?kind=REPLY", details="那几天住院了，有出院小结")
    assert (await RightsRequest.select().first())["kind"] == "REPLY"
    assert "对暂停推荐的说明" in (await manager.reads("/desk/rights")).words("#rights")


async def test_own_agreements_only(shui, other, job):
    from tests.web.rows import put_agreement

    referral = await put_accepted(job, shui.ref.id)
    await put_agreement("XLW-2026-000001", referral)
    assert "XLW-2026-000001" in (await shui.visitor.reads("/me/agreements")).words("main")
    assert "还没有协议" in (await other.visitor.reads("/me/agreements")).words("main")
    for end in ("", "/paper.pdf", "/signed"):
        await other.visitor.reads(f"/me/agreements/XLW-2026-000001{end}", status=404)
    await shui.visitor.reads("/me/agreements/XLW-2026-000001/paper.pdf", status=404)


async def test_sealed_numbers_still_open_after_a_change(shui):
    await shui.visitor.sends("/me/profile/edit", page="/me/profile/edit", max_km="7")
    assert (await opened_seeker(shui.ref.id))["phone"] == PHONE
