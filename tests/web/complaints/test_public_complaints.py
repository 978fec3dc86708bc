"""Anybody complains without an account, keeps a number and a code, and says whether the reply is enough."""

import re

from db.actions.complaints import move_complaint
from db.tables.accounts import Alert
from db.tables.complaints import Complaint, ComplaintStep
from db.tables.journal import JournalEntry
from db.vault import vault
from rules.codes import ComplaintDecision
from rules.complaints import MOST_MISSES, ComplaintEvent
from tests.cast import LAKE, PEOPLE
from tests.web.me.conftest import put_worker

URL = "/complaints"
SAID = {"station": "ZD-420112015-01", "kind": "FEE", "words": "登记的时候收了我二十块钱介绍费。", "contact": ""}


async def complained(visitor, **changes):
    """Number and code as they stand on the page after a complaint."""
    sheet = await visitor.sends(URL, status=200, page=URL, **{**SAID, **changes})
    return sheet.words("#number"), sheet.words("#code")


async def row_of(number):
    return await Complaint.select().where(Complaint.number == number).first()


async def test_anybody_complains_without_name_or_phone(passer_by, house):
    number, code = await complained(passer_by)
    assert re.fullmatch(r"TS261201[0-9]{3}", number)
    assert re.fullmatch(r"[0-9]{6}", code)
    row = await row_of(number)
    assert (row["station"], row["kind"], row["route"], row["state"], row["opened_by"]) == (LAKE, "FEE", "SUPERVISOR", "RECEIVED", None)
    assert (row["acknowledge_by"].day, row["reply_by"].day) == (2, 8)
    assert SAID["words"] not in str(dict(row))
    assert vault().open("complaint.words", row["id"], row["words"]) == SAID["words"]
    entry = await JournalEntry.select().where(JournalEntry.kind == "COMPLAINT_OPENED").first()
    assert entry["station_id"] is None
    assert "二十块" not in entry["body"]
    assert "监督单位" in (await passer_by.reads(URL)).words("main")


async def test_what_is_missing_is_said_and_the_typing_kept(passer_by, house):
    sheet = await passer_by.sends(URL, status=422, page=URL, **{**SAID, "kind": "", "contact": "12"})
    assert "请选择投诉什么" in sheet.words(".problems")
    assert sheet.words("#words") == SAID["words"]
    sheet = await passer_by.sends(URL, status=422, **{**SAID, "contact": "12"})
    assert sheet.select_one("#contact")["value"] == "12"
    sheet = await passer_by.sends(URL, status=422, **{**SAID, "words": "收钱"})
    assert "至少5个字" in sheet.words(".problems")
    assert not await Complaint.exists()


async def test_sent_twice_is_kept_once(passer_by, house):
    await complained(passer_by)
    answer = await passer_by.client.post(URL, data=passer_by.last)
    assert answer.status_code == 303
    assert await Complaint.count() == 1


async def test_too_many_from_one_address_are_asked_to_phone(passer_by, house, monkeypatch):
    monkeypatch.setattr("db.actions.complaints.PER_ADDRESS_A_DAY", 2)
    await complained(passer_by)
    await complained(passer_by)
    sheet = await passer_by.sends(URL, status=422, page=URL, **SAID)
    assert "打驿站或者监督单位的电话" in sheet.words(".problems")


async def test_number_and_code_show_how_far_it_is_and_nothing_else_does(passer_by, house):
    number, code = await complained(passer_by)
    page = f"{URL}/{number}"
    sheet = await passer_by.reads(page)
    assert "已收到" not in sheet.words("main")
    sheet = await passer_by.sends(page, status=422, code="000000" if code != "000000" else "111111")
    assert "查询码不对" in sheet.words(".problems")
    sheet = await passer_by.sends(page, status=200, code=code)
    assert "已收到" in sheet.words("main")
    assert "12月2日" in sheet.words("main")
    assert SAID["words"] not in sheet.text
    await passer_by.reads(f"{URL}/nonsense", status=404)
    found = await passer_by.reads(f"{URL}?number={number.lower()}", status=303)
    assert found.headers["location"] == page


async def test_an_unknown_number_answers_like_a_wrong_code(passer_by, house):
    sheet = await passer_by.sends(f"{URL}/TS261201999", status=422, page=f"{URL}/TS261201999", code="123456")
    assert "查询码不对" in sheet.words(".problems")


async def test_guessing_the_code_ends_after_ten_tries(passer_by, house):
    number, code = await complained(passer_by)
    wrong = "000000" if code != "000000" else "111111"
    await passer_by.reads(f"{URL}/{number}")
    for _ in range(MOST_MISSES):
        await passer_by.sends(f"{URL}/{number}", status=422, code=wrong)
    await passer_by.sends(f"{URL}/{number}", status=422, code=code)
    assert (await row_of(number))["misses"] == MOST_MISSES


async def answered(number):
    """The subdistrict office took it up, looked into it, decided and replied."""
    id = (await row_of(number))["id"]
    for event, words in (
        ("acknowledge", ""),
        ("investigate", "内部情况：查了当天的监控。"),
        ("decide", "查明收过一次。"),
        ("reply", "钱已退给您，当事人已处理。"),
    ):
        await move_complaint(id, ComplaintEvent(event), words, decision=ComplaintDecision.UPHELD, actor=PEOPLE["sun"])


async def test_the_complainant_reads_the_reply_and_says_enough(passer_by, house):
    number, code = await complained(passer_by)
    await answered(number)
    await passer_by.reads(f"{URL}/{number}")
    sheet = await passer_by.sends(f"{URL}/{number}", status=200, code=code)
    assert "钱已退给您" in sheet.words("main")
    assert "监控" not in sheet.text
    sheet = await passer_by.sends(f"{URL}/{number}/word", status=422, code=code, word="")
    assert "请选择满意还是不满意" in sheet.words("main")
    await passer_by.sends(f"{URL}/{number}/word", code=code, word="satisfied")
    row = await row_of(number)
    assert row["state"] == "SATISFIED"
    assert row["closed_at"] is not None


async def test_who_is_not_content_is_reviewed_by_those_above(passer_by, house):
    number, code = await complained(passer_by)
    await answered(number)
    await passer_by.reads(f"{URL}/{number}")
    await passer_by.sends(f"{URL}/{number}", status=200, code=code)
    await passer_by.sends(f"{URL}/{number}/word", code=code, word="dissatisfied", words="退的钱数不对。")
    row = await row_of(number)
    assert row["state"] == "DISSATISFIED"
    assert await Alert.exists().where(Alert.kind == "COMPLAINT", Alert.above.eq(True))
    last = await ComplaintStep.select().order_by(ComplaintStep.id, ascending=False).first()
    assert vault().open("complaint_step.words", last["id"], last["words"]) == "退的钱数不对。"


async def test_without_the_code_nobody_speaks_for_the_complainant(passer_by, sit_down):
    number, _ = await complained(passer_by)
    await answered(number)
    shui = await put_worker(sit_down)
    await shui.visitor.reads(URL)
    await shui.visitor.sends(f"{URL}/{number}/word", status=404, code="", word="satisfied")
    assert (await row_of(number))["state"] == "REPLIED"


async def test_a_worker_signed_in_follows_it_without_a_code(sit_down):
    shui = await put_worker(sit_down)
    assert shui.visitor
    assert (await shui.visitor.reads("/me")).select_one('a[href="/complaints"]')
    number, _ = await complained(shui.visitor, kind="UNFAIR_CALLING", words="排在前面的没叫，后面的先走了。")
    row = await row_of(number)
    assert (row["seeker"], row["opened_by"]) == (shui.ref.id, shui.actor.id)
    await answered(number)
    sheet = await shui.visitor.reads(URL)
    assert "钱已退给您" in sheet.words("main")
    await shui.visitor.sends(f"{URL}/{number}/word", word="satisfied")
    assert (await row_of(number))["state"] == "SATISFIED"


async def test_every_public_page_leads_here(passer_by, house):
    for page in ("/jobs", "/stations", "/stations/ZD-420112015-01"):
        assert (await passer_by.reads(page)).select_one('a[href^="/complaints"]')
    sheet = await passer_by.reads(f"{URL}?station=ZD-420112015-01")
    assert sheet.select_one("#station option[selected]")["value"] == "ZD-420112015-01"
