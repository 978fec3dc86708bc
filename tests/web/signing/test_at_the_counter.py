"""Both sides sign on the counter's screen, one after the other."""

import io
import json
from datetime import date

import pytest
from pypdf import PdfReader

from db.actions.agreements import cancel_agreement, draft_agreement
from db.actions.signing import sign_side, stop_overdue
from db.clock import now
from db.tables.accounts import Account
from db.tables.agreements import Agreement, Signature, Signing
from db.tables.documents import Paper
from db.tables.journal import JournalEntry
from db.tables.seekers import Seeker
from rules.codes import AgreementSide, AgreementType, SigningPlace
from rules.errors import RuleBroken
from rules.signing import read_strokes
from tests.cast import PEOPLE
from tests.visitor import path_of
from tests.web.agreement_scene import WORKER_PHONE, put_scene, state_of
from tests.web.signing.conftest import BOTH, HERE, NAME, ONE, OTHER_NAME, codes, later, put_draft, signs, state
from web.request import StationRequest
from web.senders import SendingFailed


async def kinds() -> list[str]:
    return [row["kind"] for row in await JournalEntry.select(JournalEntry.kind).order_by(JournalEntry.seq)]


async def test_before_anybody_signs_the_text_and_two_ticks_are_there(clerk, at_counter):
    page = await clerk.reads(HERE)
    assert "仓库卸货" in page.words("article") or "卸货、码垛" in page.words("article")
    assert "本人手机登录后" in page.words("main")
    assert await Signing.count() == 0


async def test_both_ticks_are_asked_for_and_kept(clerk, at_counter):
    page = await clerk.sends(HERE, page=HERE, status=422, both_present="y")
    assert "逐条念给双方听" in page.words(".problems")
    assert page.select_one("#both_present").has_attr("checked")
    page = await clerk.sends(HERE, page=HERE, status=422, read_aloud="y")
    assert "双方都到场" in page.words(".problems")
    assert await state() == "DRAFT"


async def test_a_sitting_begins_with_codes_nobody_at_the_desk_sees(clerk, opened):
    page = await clerk.reads(HERE)
    kept = await codes()
    assert kept["ROOM"] == page.words(".room-code").replace(" ", "")
    assert kept["WORKER"] not in page.text
    assert kept["EMPLOYER"] not in page.text
    row = await Signing.select(Signing.codes, Signing.text_sha256).first()
    assert str.startswith(row["codes"], "s1.")
    assert len(row["text_sha256"]) == 64
    assert await state() == "E_SIGNING"
    assert "AGREEMENT_SIGNING_OPENED" in await kinds()
    assert WORKER_PHONE not in page.words(".card.at-hand")


async def test_beginning_twice_is_one_sitting(clerk, at_counter):
    await clerk.sends(HERE, page=HERE, **BOTH)
    again = await clerk.client.post(HERE, data=clerk.last)
    assert again.status_code == 303
    assert await Signing.count() == 1


async def test_one_side_after_the_other_and_the_agreement_is_signed(clerk, opened, quick_printer):
    page = await clerk.reads(HERE)
    assert page.words(".sign-side").startswith("甲方")
    await signs(clerk, "EMPLOYER", strokes=OTHER_NAME)
    page = await clerk.reads(HERE)
    assert page.words(".sign-side") == "乙方：李小明"
    assert await state() == "E_SIGNING"
    saved = await signs(clerk, "WORKER")
    assert path_of(saved) == HERE
    assert path_of(await clerk.reads(HERE, status=303)) == ONE
    row = await Agreement.select(Agreement.state, Agreement.signed_way, Agreement.paper).first()
    assert (row["state"], row["signed_way"]) == ("SIGNED", "SCREEN")
    assert row["paper"]
    assert await state_of(opened.scene.referral) == "CONFIRMED"
    paper = quick_printer.printed[-1][1]
    assert [(hand.side, hand.name) for hand in paper.handwriting] == [
        ("EMPLOYER", "武汉湖滨物流有限公司（法定代表人或经办人）"),
        ("WORKER", "李小明"),
    ]
    assert paper.handwriting[1].path.startswith("M12 ")
    assert {"AGREEMENT_SIGNED", "PAPER_ISSUED", "REFERRAL_CONFIRMED"} <= set(await kinds())
    assert (await kinds()).count("AGREEMENT_SIDE_SIGNED") == 2
    sitting = await Signing.select(Signing.codes, Signing.ended_at).first()
    assert sitting["codes"] == ""
    assert sitting["ended_at"] is not None


async def test_what_was_written_is_sealed_and_the_journal_holds_its_hash(clerk, signed):
    rows = await Signature.select(Signature.strokes, Signature.strokes_sha256, Signature.text_sha256, Signature.place)
    assert {row["place"] for row in rows} == {"COUNTER"}
    assert all(str.startswith(row["strokes"], "s1.") for row in rows)
    sealed = await JournalEntry.select(JournalEntry.body).where(JournalEntry.kind == "AGREEMENT_SIDE_SIGNED")
    told = [json.loads(row["body"])["particulars"] for row in sealed]
    assert {each["sha256"] for each in told} == {row["strokes_sha256"] for row in rows}
    assert {each["text_sha256"] for each in told} == {row["text_sha256"] for row in rows}
    assert NAME not in json.dumps(told)


async def test_the_other_side_may_sign_first(clerk, opened):
    page = await clerk.reads(HERE + "?side=WORKER")
    assert page.words(".sign-side").startswith("乙方")
    await signs(clerk, "WORKER")
    await clerk.reads(HERE)
    await signs(clerk, "EMPLOYER", strokes=OTHER_NAME)
    assert await state() == "SIGNED"


async def test_the_paper_carries_both_names_as_lines_not_as_pictures(clerk, at_counter, real_printer):
    await clerk.sends(HERE, page=HERE, **BOTH)
    for side in ("EMPLOYER", "WORKER"):
        await clerk.reads(HERE)
        await signs(clerk, side)
    answer = await clerk.fetches(ONE + "/paper.pdf")
    reader = PdfReader(io.BytesIO(answer.content))
    text = "".join("".join(page.extract_text() for page in reader.pages).split())
    assert text.count("手写签名") == 2
    assert "2026年12月1日" in text
    pictures = {image.data for page in reader.pages for image in page.images}
    assert len(pictures) == 1, "the code to scan, the same on every page: handwriting is never a picture"
    drawn = [line for page in reader.pages for line in page.get_contents().get_data().split(b"\n")]
    assert sum(line.endswith(b" c") for line in drawn) >= 3, "curves"
    assert sum(line == b"1 J" or line.endswith(b" 1 J") for line in drawn) >= 2, "pens with round ends, one for each side"


async def test_a_wrong_code_keeps_the_handwriting_and_counts(clerk, opened):
    page = await signs(clerk, "EMPLOYER", status=422, code="000000" if (await codes())["EMPLOYER"] != "000000" else "111111")
    assert "验证码不对" in page.words(".problems")
    assert page.select_one("input[name=strokes]")["value"] == NAME
    assert page.select_one("#agreed").has_attr("checked")
    assert (await Signing.select(Signing.wrong_codes).first())["wrong_codes"] == 1
    assert await Signature.count() == 0


async def test_the_code_of_the_room_does_not_count_on_the_counters_screen(clerk, opened):
    page = await signs(clerk, "EMPLOYER", status=422, code=(await codes())["ROOM"])
    assert "验证码不对" in page.words(".problems")


async def test_five_wrong_codes_and_even_the_right_one_does_not_count_until_there_are_new_ones(clerk, opened):
    right = (await codes())["EMPLOYER"]
    for _ in range(5):
        await signs(clerk, "EMPLOYER", status=422, code="999999" if right != "999999" else "111111")
    page = await signs(clerk, "EMPLOYER", status=422, code=right)
    assert "太多次" in page.words(".problems")
    await clerk.sends(HERE + "/codes")
    assert (await codes())["EMPLOYER"] != right
    assert "AGREEMENT_SIGNING_CODES" in await kinds()
    await clerk.reads(HERE)
    await signs(clerk, "EMPLOYER")
    assert await Signature.count() == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"strokes": ""}, "请先在框里写上名字"),
        ({"strokes": "500.200.0"}, "太小"),
        ({"strokes": "<svg>"}, "没有收到"),
        ({"agreed": ""}, "先打勾"),
        ({"code": ""}, "请填写验证码"),
        ({"side": "NOBODY"}, "哪一方"),
    ],
)
async def test_what_is_missing_is_said_and_the_rest_kept(clerk, opened, fields, sentence):
    page = await signs(clerk, "EMPLOYER", status=422, **fields)
    assert sentence in page.words(".problems")
    assert page.select_one("input[name=strokes]")["value"] == fields.get("strokes", NAME) or "side" in fields
    assert await Signature.count() == 0
    assert (await Signing.select(Signing.wrong_codes).first())["wrong_codes"] == 0


async def test_a_side_signs_once(clerk, opened):
    await signs(clerk, "EMPLOYER")
    again = await clerk.client.post(HERE + "/signatures", data=clerk.last)
    assert again.status_code == 303, "the same form sent twice"
    await clerk.reads(HERE)
    page = await signs(clerk, "EMPLOYER", status=422)
    assert "已经签过" in page.words(".problems")
    assert await Signature.count() == 1


async def test_the_last_form_sent_twice_signs_once(clerk, signed):
    again = await clerk.client.post(HERE + "/signatures", data=clerk.last)
    assert again.status_code == 303
    assert await Paper.count() == 1


async def test_a_text_changed_meanwhile_cannot_be_signed(clerk, opened):
    await signs(clerk, "EMPLOYER")
    await Agreement.update({Agreement.modules: "A-家政"}, force=True)
    await clerk.reads(HERE)
    page = await signs(clerk, "WORKER", status=422)
    assert "和刚才念的不一样" in page.words(".problems")
    assert await state() == "E_SIGNING"
    assert await Signature.count() == 1


async def test_a_paper_that_lacks_the_other_side_is_not_issued(opened):
    """The other side signed while this one's request was on its way: it is asked to press once more."""
    sitting = (await Signing.select(Signing.id).first())["id"]
    kept = await codes()

    async def sign(side: AgreementSide) -> bool:
        return await sign_side(
            sitting,
            side,
            read_strokes(NAME),
            key=side.value,
            code=kept[side.value],
            place=SigningPlace.COUNTER,
            signed_at=now(),
            paper=None,
            actor=PEOPLE["chen"],
        )

    assert await sign(AgreementSide.EMPLOYER) is False
    with pytest.raises(RuleBroken, match="再按一次"):
        await sign(AgreementSide.WORKER)
    assert await Signature.count() == 1


async def test_a_sitting_ends_after_half_an_hour_and_forgets_what_was_written(clerk, opened):
    await signs(clerk, "EMPLOYER")
    async with later(11):
        page = await signs(clerk, "WORKER", status=422, page=HERE)
        assert "10分钟" in page.words(".problems")
    async with later(31):
        page = await clerk.reads(HERE)
        assert "已经过了30分钟" in page.words("main")
        assert await stop_overdue() == 1
        assert await stop_overdue() == 0
    assert await state() == "DRAFT"
    assert (await Signature.select(Signature.strokes).first())["strokes"] == ""
    assert (await Signing.select(Signing.codes).first())["codes"] == ""
    assert "AGREEMENT_SIGNING_STOPPED" in await kinds()


async def test_stopping_needs_a_reason_and_makes_a_draft_again(clerk, opened):
    await signs(clerk, "EMPLOYER")
    await clerk.reads(HERE)
    page = await clerk.sends(HERE + "/end", status=422, reason="改")
    assert "5个字" in page.words(".problems")
    await clerk.sends(HERE + "/end", reason="双方要改日期")
    assert await state() == "DRAFT"
    assert (await Signature.select(Signature.strokes).first())["strokes"] == ""
    page = await clerk.reads(HERE)
    assert page.select_one(f'form[action="{HERE}"]'), "it can begin again"
    await clerk.sends(HERE, **BOTH)
    assert await Signing.count() == 2


async def test_cancelling_the_agreement_ends_the_sitting_too(clerk, opened):
    await signs(clerk, "EMPLOYER")
    row = await Agreement.select(Agreement.id).first()
    await cancel_agreement(row["id"], "双方都不签了", actor=PEOPLE["chen"])
    assert (await Signing.select(Signing.codes).first())["codes"] == ""
    assert (await Signature.select(Signature.strokes).first())["strokes"] == ""


async def test_a_labour_contract_is_printed_whoever_asks(clerk, house):
    scene = await put_scene()
    made = await draft_agreement(scene.referral, {}, actor=PEOPLE["chen"], kind=AgreementType.PART_TIME)
    url = f"/desk/agreements/{made.number}"
    page = await clerk.reads(url)
    assert not page.select(f'a[href="{url}/signing"]')
    page = await clerk.reads(url + "/signing")
    assert "电子劳动合同" in page.words(".card")
    assert not page.select_one(f'form[action="{url}/signing"]')
    page = await clerk.sends(url + "/signing", status=422, **BOTH)
    assert page.select_one(".problems")
    assert await Signing.count() == 0


async def test_a_worker_under_eighteen_signs_on_paper(clerk, at_counter):
    await Seeker.update({Seeker.birth_date: date(2009, 6, 1)}).where(Seeker.id == at_counter.scene.seeker)
    page = await clerk.sends(HERE, page=HERE, status=422, **BOTH)
    assert "打印" in page.words(".problems") or "未满18" in page.words(".problems") or "未成年" in page.words(".problems")
    assert await Signing.count() == 0


async def test_who_could_not_get_a_code_signs_on_paper(clerk, house):
    await put_draft()
    page = await clerk.sends(HERE, page=HERE, status=422, **BOTH)
    assert "拿不到验证码" in page.words(".problems")
    assert await Signing.count() == 0


class Gateway:
    """Messages as they would be sent; `fails` takes none."""

    works = True

    def __init__(self, *, fails: bool = False):
        self.sent, self.fails = {}, fails

    async def send(self, phone, text):
        if self.fails:
            raise SendingFailed
        self.sent[phone] = text


async def test_with_a_gateway_each_side_gets_its_own_code_by_message(clerk, house, monkeypatch):
    await put_draft()
    gateway = Gateway()
    monkeypatch.setattr(StationRequest, "sender", gateway)
    page = await clerk.reads(HERE)
    assert "短信发到 199****0017" in page.words("main")
    await clerk.sends(HERE, **BOTH)
    kept = await codes()
    assert kept["WORKER"] in gateway.sent[WORKER_PHONE]
    assert len(gateway.sent) == 2
    assert kept["ROOM"] not in str(gateway.sent)
    await clerk.reads(HERE)
    await signs(clerk, "EMPLOYER")
    gateway.sent.clear()
    await clerk.sends(HERE + "/codes", page=HERE)
    assert list(gateway.sent) == [WORKER_PHONE], "who has signed needs no code"


async def test_a_message_that_is_not_taken_is_said_and_the_sitting_stands(clerk, at_counter, monkeypatch):
    monkeypatch.setattr(StationRequest, "sender", Gateway(fails=True))
    saved = await clerk.sends(HERE, page=HERE, **BOTH)
    assert path_of(saved) == HERE
    page = await clerk.follows(saved)
    assert "短信没有发出去" in page.words(".said")
    assert await state() == "E_SIGNING"


async def test_who_may_read_may_not_sign(lawyer, stranger, officer, passer_by, clerk, opened):
    for step in ("", "/signatures", "/codes", "/end"):
        await lawyer.sends(HERE + step, status=403, page="/desk/agreements")
        await stranger.sends(HERE + step, status=404, page="/desk/agreements")
    for who, status in ((lawyer, 403), (stranger, 404), (officer, 403), (passer_by, 303)):
        await who.reads(HERE, status=status)
        await who.reads(ONE + "/copy", status=status)
    await lawyer.sends(ONE + "/copy", status=403, page="/desk/agreements")
    await stranger.sends(ONE + "/copy", status=404, page="/desk/agreements")
    assert await Account.count() > 0
    assert await state() == "E_SIGNING"
