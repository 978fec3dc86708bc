"""People without a phone have the same rights at the counter: changed, corrected, asked, withdrawn, closed, with them present."""

import json
from datetime import date, timedelta

import pytest

from db.actions.rights import remind_overdue
from db.clock import at
from db.queries.seekers import opened_seeker
from db.tables.accounts import Alert
from db.tables.journal import JournalEntry
from db.tables.referrals import Referral
from db.tables.seekers import Consent, RightsRequest, Seeker, SeekerCertificate, SeekerVersion
from rules.codes import SeekerState
from rules.journal import EventKind
from tests.web.conftest import MORNING
from tests.web.referrals.conftest import CHEN, mover, moving_job, put_accepted, put_post, put_sample, state_of  # noqa: F401

ONE = "/desk/seekers/Q26015000001"


async def particulars(kind: EventKind) -> dict:
    row = await JournalEntry.select().where(JournalEntry.kind == kind.value).order_by(JournalEntry.seq, ascending=False).first()
    assert row, kind
    return json.loads(row["body"])["particulars"]


async def test_staff_change_the_wishes_of_somebody_present(clerk, mover):  # noqa: F811
    await clerk.reads(ONE)
    assert clerk.page.select_one(f'a[href="{ONE}/edit"]')
    page = await clerk.sends(f"{ONE}/edit", page=f"{ONE}/edit", status=422, community="", pay_wish="一天200")
    assert "请填写居住的社区" in page.words(".problems")
    assert page.select_one("#pay_wish")["value"] == "一天200"
    await clerk.sends(f"{ONE}/edit", community="湖边社区", pay_wish="一天200")
    assert (await Seeker.select().first())["community"] == "湖边社区"
    kept = await particulars(EventKind.SEEKER_UPDATED)
    assert (kept["by_proxy"], kept["seeker_fields"]) == (True, ["pay_wish", "community"])
    assert "改了想要的工钱、社区或村" in (await clerk.reads(f"{ONE}/edit")).words()


async def test_name_document_and_phone_are_corrected_with_the_card_in_hand(clerk, mover):  # noqa: F811
    here = f"{ONE}/correction"
    page = await clerk.sends(here, page=here, status=422, name="周水声", phone="19900000188", reason="身份证上是水声")
    assert "请核对证件原件后打勾" in page.words(".problems")
    assert page.select_one("#phone")["value"] == "19900000188"
    await clerk.sends(here, name="周水声", phone="19900000188", reason="身份证上是水声，换了号码", card_seen="y")
    assert (await Seeker.select().first())["name"] == "周水声"
    assert (await opened_seeker(mover.id))["phone"] == "19900000188"
    assert "周水声" in (await clerk.follows(await clerk.sends("/desk/seekers/search", page="/desk/seekers", word="0188"))).words("#seekers")
    assert (await SeekerVersion.select().first())["reason"] == "身份证上是水声，换了号码"
    text = json.dumps(await particulars(EventKind.SEEKER_UPDATED), ensure_ascii=False)
    assert "19900000188" not in text
    assert "周水生" not in text


async def test_a_document_of_somebody_else_is_refused(clerk, mover):  # noqa: F811
    await put_sample("S07")
    here, told = f"{ONE}/correction", {"reason": "号码写错了", "card_seen": "y"}
    page = await clerk.sends(here, page=here, status=422, id_number="420199199002149121", **told)
    assert "已经登记给孙玉兰" in page.words(".problems")
    page = await clerk.sends(here, status=422, id_number="", phone="19900000107", **told)
    assert "已登记给孙玉兰" in page.words(".problems")
    await clerk.sends(here, phone="19900000107", phone_shared="y", **told)
    page = await clerk.sends(here, page=here, status=422, id_number="420199201101209118", **told)
    assert "未满16周岁" in page.words(".problems")


async def test_a_certificate_is_added_and_ended(clerk, mover):  # noqa: F811
    add = f"{ONE}/certificates"
    page = await clerk.sends(add, page=f"{ONE}/edit", status=422, kind="T01", seen="y")
    assert "请填写焊接与热切割作业证的证号" in page.words(".problems")
    await clerk.sends(add, kind="T01", number="T4201990001", valid_to="2028-01-01", seen="y")
    rows = await SeekerCertificate.select().order_by(SeekerCertificate.id)
    assert [row["type"] for row in rows] == ["T11", "T01"]
    end = f"{ONE}/certificates/{rows[0]['id']}/end"
    page = await clerk.sends(end, page=f"{ONE}/edit", status=422, reason="丢")
    assert "至少4个字" in page.words(".problems")
    await clerk.sends(end, reason="本人说证丢了")
    row = await SeekerCertificate.select().where(SeekerCertificate.id == rows[0]["id"]).first()
    assert row["valid_to"] == date(2026, 11, 30)
    assert await SeekerVersion.count() == 2
    await clerk.sends(f"{ONE}/certificates/12345/end", page=f"{ONE}/edit", status=422, reason="没有这本证书")


async def test_a_request_is_written_down_and_only_the_manager_answers(clerk, manager, mover):  # noqa: F811
    page = await clerk.sends(f"{ONE}/rights", page=f"{ONE}/rights", status=422, kind="EXPLAIN")
    assert "请写明" in page.words(".problems")
    await clerk.sends(f"{ONE}/rights", kind="EXPLAIN", details="为什么没给他介绍，电话13912345678")
    row = await RightsRequest.select().first()
    assert row["by_proxy"] is True
    here = f"/desk/rights/{row['id']}"
    page = await clerk.reads(here)
    assert "139****5678" in page.words()
    assert "13912345678" not in str(page)
    assert "由驿站负责人答复" in page.words()
    await clerk.sends(f"{here}/answer", status=403, state="DONE", answer="已经说明")
    await manager.sends(f"{here}/answer", page=here, state="REFUSED", answer="那天没有合适的岗位")
    assert "那天没有合适的岗位" in (await clerk.reads(f"{ONE}/rights")).words()


async def test_the_list_shows_the_clock_and_narrows(clerk, mover, sit_down):  # noqa: F811
    assert "没有等答复的请求" in (await clerk.reads("/desk/rights")).words(".empty")
    await clerk.sends(f"{ONE}/rights", page=f"{ONE}/rights", kind="COPY")
    assert "还有15天" in (await clerk.reads("/desk/rights")).words("#rights")
    assert "没有这样的请求" in (await clerk.reads("/desk/rights?state=DONE&after=junk")).words(".empty")
    assert "周水生" in (await clerk.reads("/desk/rights?state=junk", fragment=True)).words("#rights")
    with at(MORNING + timedelta(days=16)):
        manager = await sit_down("wu")
        assert "超期1天" in (await manager.reads("/desk/rights")).words("#rights")


@pytest.mark.parametrize(("days", "alerts"), [(11, 0), (12, 1), (20, 1)])
async def test_the_manager_is_reminded_three_days_before_the_end(clerk, mover, days, alerts):  # noqa: F811
    await clerk.sends(f"{ONE}/rights", page=f"{ONE}/rights", kind="COPY")
    with at(MORNING + timedelta(days=days)):
        assert await remind_overdue() == alerts
        assert await remind_overdue() == 0
    assert await Alert.count().where(Alert.kind == "RIGHTS_OVERDUE") == alerts


async def test_a_consent_is_withdrawn_for_somebody_present(clerk, moving_job, mover):  # noqa: F811
    referral = await put_accepted(moving_job, mover.id)
    number = (await Referral.select().first())["number"]
    action = f"{ONE}/consents/{number}/withdrawal"
    page = await clerk.sends(action, page=f"{ONE}/rights", status=422)
    assert "请本人确定后打勾" in page.words(".problems")
    await clerk.sends(action, present="y")
    assert await state_of(referral) == "WORKER_DECLINED"
    assert (await particulars(EventKind.CONSENT_WITHDRAWN))["by_proxy"] is True
    await clerk.sends(f"{ONE}/consents/T26120199999/withdrawal", status=404, present="y")


async def test_closing_and_coming_back_within_fifteen_days(clerk, moving_job, mover):  # noqa: F811
    page = await clerk.sends(f"{ONE}/closure", page=f"{ONE}/rights", status=422)
    assert "读给本人听" in page.words(".problems")
    await clerk.sends(f"{ONE}/closure", present="y", reason="回老家")
    assert (await Seeker.select().first())["state"] == "CLOSED"
    page = await clerk.reads(f"{ONE}/rights")
    assert "12月16日" in page.words()
    await clerk.sends(f"{ONE}/edit", page=f"{ONE}/edit", status=422, community="湖边")
    page = await clerk.sends(f"{ONE}/reopening", page=f"{ONE}/rights", status=422, method="SIGNED_PAPER")
    assert "请核对证件原件" in page.words(".problems")
    await clerk.sends(f"{ONE}/reopening", method="SIGNED_PAPER", card_seen="y")
    seeker = await Seeker.select().first()
    assert (seeker["state"], seeker["closed_at"]) == ("ACTIVE", None)
    assert await Consent.count().where(Consent.purpose == "REGISTRATION", Consent.withdrawn_at.is_null()) == 1
    assert (await RightsRequest.select().first())["state"] == "WITHDRAWN"


async def test_the_copy_is_printed_and_noted_as_by_proxy(clerk, mover, quick_printer):  # noqa: F811
    await clerk.reads(f"{ONE}/rights")
    response = await clerk.client.post(f"{ONE}/copy", data=clerk.filled(f"{ONE}/copy"))
    assert (response.status_code, response.headers["content-type"]) == (200, "application/pdf")
    _, paper = quick_printer.printed[0]
    assert dict(paper.sections[0][1])["姓名"] == "周水生"
    assert (await particulars(EventKind.SEEKER_DATA_COPIED))["by_proxy"] is True


async def test_the_manager_pauses_referrals_only_with_a_ground_and_lifts_them(clerk, manager, mover):  # noqa: F811
    action = f"{ONE}/restriction"
    page = await manager.sends(action, page=f"{ONE}/rights", status=422, reason="NO_SHOW", note="约好没有来过")
    assert "满3次才能" in page.words(".problems")
    await manager.sends(action, reason="FALSE_INFO", note="叉车证是别人的")
    seeker = await Seeker.select().first()
    assert (seeker["state"], seeker["restricted_until"]) == ("RESTRICTED", date(2026, 12, 31))
    assert "叉车证是别人的" in (await clerk.reads(f"{ONE}/rights")).words()
    await clerk.sends(f"{ONE}/restriction-end", status=403, note="本人已经说明清楚")
    await manager.sends(f"{ONE}/restriction-end", page=f"{ONE}/rights", note="本人已经说明清楚")
    assert (await Seeker.select().first())["state"] == SeekerState.ACTIVE.value


async def test_another_station_and_readers_without_the_right_get_nothing(clerk, stranger, lawyer, officer, mover):  # noqa: F811
    await clerk.sends(f"{ONE}/rights", page=f"{ONE}/rights", kind="COPY")
    request = f"/desk/rights/{(await RightsRequest.select().first())['id']}"
    for path in (f"{ONE}/edit", f"{ONE}/correction", f"{ONE}/rights", request):
        await stranger.reads(path, status=404)
        await lawyer.reads(path, status=403)
        await officer.reads(path, status=403)
    for end in ("edit", "correction", "certificates", "suggestions", "rights", "copy", "closure", "reopening"):
        await stranger.sends(f"{ONE}/{end}", page="/desk/account", status=404, present="y")
    assert "周水生" not in str(await stranger.reads("/desk/rights"))
    assert await SeekerVersion.count() == 0
