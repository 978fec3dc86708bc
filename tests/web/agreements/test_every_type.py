"""Every type of agreement from the guidance to the copy in the worker's hand, and its paper read back."""

import io
from dataclasses import replace
from datetime import date, time

import pytest
from pypdf import PdfReader

from db.actions.people import worker_account
from db.tables.agreements import Agreement
from db.tables.documents import Paper
from db.tables.employers import Employer
from db.tables.seekers import Seeker
from db.vault import vault
from rules.codes import (
    AgreementType,
    EmployerKind,
    EmployerState,
    InsuranceState,
    PayBasis,
    PayUnit,
    SettleCycle,
)
from tests.cast import LAKE
from tests.visitor import path_of
from tests.web.agreement_scene import TERMS, WORKER_ID, put_guidance, put_scene, state_of
from tests.web.agreements.conftest import blank_pdf
from tests.web.rows import put_employer

T = AgreementType
PART = replace(
    TERMS,
    title="超市理货员",
    start_time=time(8),
    end_time=time(12),
    break_minutes=0,
    pay_fen=2600,
    pay_unit=PayUnit.HOUR,
    settle_cycle=SettleCycle.HALF_MONTH,
    end_date=date(2027, 1, 31),
    hazards=(),
    insurance=InsuranceState.WORK_INJURY,
    weekly_days=5,
)
FULL = replace(
    PART,
    end_time=time(17),
    break_minutes=60,
    pay_fen=450000,
    pay_unit=PayUnit.MONTH,
    settle_cycle=SettleCycle.MONTHLY,
    end_date=date(2027, 11, 30),
)
HOME = replace(TERMS, title="住家保洁", trade="A01", hazards=(), insurance=InsuranceState.EMPLOYER_ACCIDENT)
LUMP = replace(TERMS, title="修水管", trade="D02", pay_basis=PayBasis.LUMP_SUM, pay_fen=60000, pay_unit=PayUnit.TIME, hazards=())
RIDE = replace(TERMS, title="同城配送", trade="E01", hazards=())

CASES = {
    T.ONE_OFF_SERVICE: (EmployerKind.UNIT, TERMS, {}, ["甲方（接受劳务方）", "陆佰陆拾元整"]),
    T.PART_TIME: (
        EmployerKind.UNIT,
        PART,
        {"term_kind": "1", "settle_days": "15", "daily_hours": "4", "weekly_hours": "20", "shifts": "周一至周五8:00至12:00"},
        ["非全日制用工劳动合同", "本合同不设试用期", "26元", "乙方签收确认"],
    ),
    T.OVER_AGE: (
        EmployerKind.UNIT,
        PART,
        {"pay_rate": "每小时26元", "pay_period": "半月"},
        ["超龄用工协议", "甲方为乙方参加工伤保险并缴费"],
    ),
    T.SHARED_LABOUR_3P: (
        EmployerKind.UNIT,
        FULL,
        {
            "employer_name": "武汉东湖电子有限公司",
            "employer_id_number": "91420100MA4KXXXX1A",
            "employer_address": "武汉市洪山区光谷大道1号",
            "employer_phone": "027-87000000",
            "contract_end": "2028-12-31",
            "pay_rate": "每月4500元",
            "pay_day": "10",
            "attendance_day": "5",
            "settlement_rate": "丙方实发工资加单位应缴社会保险费",
            "settlement_day": "15",
            "injury_refund": "甲方实际支出的全额",
        },
        ["共享用工三方协议", "武汉东湖电子有限公司", "丙方（劳动者，签名）"],
    ),
    T.WORK_RESULT: (
        EmployerKind.INDIVIDUAL,
        LUMP,
        {"quality": "不漏水", "acceptance": "两人当场试水，不漏为合格", "materials": "水管和接头由甲方买，剩下的归甲方"},
        ["承揽协议", "两人当场试水"],
    ),
    T.DOMESTIC: (EmployerKind.INDIVIDUAL, HOME, {}, ["家政服务协议"]),
    T.KEY_POINTS: (EmployerKind.INDIVIDUAL, TERMS, {}, ["用工要点告知单", "不交押金", "劳动咨询12333"]),
    T.FIXED_TERM: (EmployerKind.UNIT, FULL, {}, ["固定期限劳动合同要点核对表", "社会保险", "不是劳动合同"]),
    T.FIXED_TASK: (EmployerKind.UNIT, FULL, {}, ["任务期限劳动合同要点核对表", "不得约定试用期"]),
    T.PLATFORM_WRITTEN: (EmployerKind.UNIT, RIDE, {}, ["新就业形态书面协议要点核对表", "派单、计价"]),
}
PAPER = {T.KEY_POINTS: "P8", T.FIXED_TERM: "P28", T.FIXED_TASK: "P28", T.PLATFORM_WRITTEN: "P28"}


async def put_case(kind: AgreementType) -> tuple:
    """The scene that this type is for, and the address of its draft."""
    employer, terms, typed, words = CASES[kind]
    scene = await put_scene(kind=employer, terms=terms)
    if kind is T.OVER_AGE:
        await Seeker.update({Seeker.birth_date: date(1958, 3, 12)}).where(Seeker.id == scene.seeker)
    return scene, await put_guidance(scene, kind), typed, words


def text_of(body: bytes) -> str:
    """Everything a PDF says, without spaces."""
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages).split())


@pytest.mark.parametrize("kind", list(T), ids=lambda kind: kind.value)
async def test_a_draft_is_printed_signed_and_handed_over(clerk, house, real_printer, kind):
    scene, new, typed, words = await put_case(kind)
    saved = await clerk.sends(new, page=new, **typed)
    one = path_of(saved)
    page = await clerk.follows(saved)
    assert kind.label in page.words("h1")
    page = await clerk.follows(await clerk.sends(one + "/paper", page=one))
    assert ("核对表不能代替" in page.words("aside")) == (PAPER.get(kind) == "P28"), "a signed checklist is no contract"
    assert ("三方的签名我都看过了" in page.words("aside")) == (kind is T.SHARED_LABOUR_3P)
    answer = await clerk.fetches(one + "/paper.pdf")
    text = text_of(answer.content)
    for said in (*words, one.rpartition("/")[2], "李小明" if kind is not T.KEY_POINTS else "仓库卸货"):
        assert said in text, said
    assert "{" not in text
    paper = await Paper.select(Paper.kind, Paper.number).first()
    assert paper["kind"] == PAPER.get(kind, "P9")
    await clerk.sends(one + "/large-print", page=one)
    large = text_of((await clerk.fetches(one + "/large-print.pdf")).content)
    for said in (*words[:1], one.rpartition("/")[2], "大字版"):
        assert said in large, said
    await clerk.sends(one + "/scan", page=one, signatures_seen="y", files={"scan": ("signed.pdf", blank_pdf(), "application/pdf")})
    await clerk.sends(one + "/delivery", page=one, how="当面交给本人纸质原件", told="y")
    row = await Agreement.select(Agreement.state, Agreement.type, Agreement.signed_way, Agreement.guidance).first()
    assert (row["state"], row["type"], row["signed_way"]) == ("DELIVERED", kind.value, "PAPER")
    assert row["guidance"]
    assert await state_of(scene.referral) == "CONFIRMED"


@pytest.mark.parametrize("kind", [T.ONE_OFF_SERVICE, T.KEY_POINTS, T.FIXED_TASK], ids=lambda kind: kind.value)
async def test_a_worker_reads_every_kind_of_paper_in_large_letters(clerk, sit_down, house, quick_printer, kind):
    scene, new, typed, _ = await put_case(kind)
    one = path_of(await clerk.sends(new, page=new, **typed))
    mine = one.replace("/desk/", "/me/")
    worker = await sit_down(await worker_account(scene.seeker, actor=None))
    await worker.fetches(mine + "/large-print.pdf", status=404)
    await clerk.sends(one + "/paper", page=one)
    link = (await worker.reads(mine)).select_one(f'a[href="{mine}/large-print.pdf"]')
    assert (await worker.fetches(link["href"])).headers["content-type"] == "application/pdf"
    assert quick_printer.printed[-1][0] == "agreement_large"


@pytest.mark.parametrize("kind", [T.PART_TIME, T.OVER_AGE, T.FIXED_TERM, T.SHARED_LABOUR_3P], ids=lambda kind: kind.value)
async def test_labour_papers_are_never_offered_for_the_screen(clerk, house, kind):
    _, new, typed, _ = await put_case(kind)
    page = await clerk.follows(await clerk.sends(new, page=new, **typed))
    assert "屏幕上签字" not in page.words("aside")


async def test_a_civil_agreement_is(clerk, scene):
    new = await put_guidance(scene, T.ONE_OFF_SERVICE, "Y2612010005")
    page = await clerk.follows(await clerk.sends(new, page=new))
    assert "在屏幕上签字" in page.words("aside")


@pytest.mark.parametrize(
    ("kind", "field", "typed", "words"),
    [
        (T.PART_TIME, "hourly_pay", "12", "最低"),
        (T.PART_TIME, "settle_days", "31", "1到15"),
        (T.PART_TIME, "daily_hours", "很久", "数字"),
        (T.PART_TIME, "special_terms", "乙方交押金200元", "押金"),
        (T.SHARED_LABOUR_3P, "contract_end", "明年", "没看懂"),
        (T.SHARED_LABOUR_3P, "injury_refund", "", "工伤补偿办法"),
        (T.WORK_RESULT, "acceptance", "约" * 300, "最多200个字"),
        (T.FIXED_TERM, "pay_method", "NONSENSE", "怎么付"),
    ],
)
async def test_bad_input_is_a_sentence_and_the_typing_stays(clerk, house, kind, field, typed, words):
    _, new, good, _ = await put_case(kind)
    page = await clerk.sends(
        new, page=new, status=303 if field in ("hourly_pay", "special_terms") else 422, **{**good, "protection": "安全帽", field: typed}
    )
    if field in ("hourly_pay", "special_terms"):  # a draft may be kept; it is said there, and cannot be printed
        page = await clerk.follows(page)
        assert words in page.words(".cols")
        assert page.select_one('form[action$="/paper"]') is None or words in page.words(".looks")
        return
    assert words in page.words(".problems")
    assert page.select_one("#protection") is None or page.select_one("#protection")["value"] == "安全帽"
    assert await Agreement.count() == 0


async def test_a_registered_lender_answers_for_itself(clerk, house):
    _, new, typed, _ = await put_case(T.SHARED_LABOUR_3P)
    lender = await put_employer()
    await Employer.update(
        {
            Employer.name: "武汉东湖电子有限公司",
            Employer.state: EmployerState.VERIFIED.value,
            Employer.kind: EmployerKind.UNIT.value,
            Employer.station: LAKE,
            Employer.id_number: vault().seal("employer.id_number", str(lender), "91420100MA4KQQQQ2B"),
            Employer.address: vault().seal("employer.address", str(lender), "武汉市洪山区关山大道9号"),
            Employer.phone: vault().seal("employer.phone", str(lender), "13900000099"),
        }
    ).where(Employer.id == lender)
    page = await clerk.reads(new)
    assert "武汉东湖电子有限公司" in [option["value"] for option in page.select("#lenders option")]
    blank = dict.fromkeys(("employer_id_number", "employer_address", "employer_phone"), "")
    page = await clerk.follows(await clerk.sends(new, **{**typed, **blank}))
    row = await Agreement.select(Agreement.third_party).first()
    assert row["third_party"] == lender
    assert "91420100MA4KQQQQ2B" in page.words(".sheet")
    assert "武汉市洪山区关山大道9号" in page.words(".sheet")


async def test_the_preview_shows_what_was_before(clerk, house):
    _, new, typed, _ = await put_case(T.PART_TIME)
    one = path_of(await clerk.sends(new, page=new, **typed))
    await clerk.reads(one + "/edit")
    page = await clerk.sends(one + "/preview", status=200, **(clerk.filled(one + "/edit") | {"weekly_hours": "18"}))
    assert page.words(".sheet del") == "20"
    assert page.words(".sheet ins") == "18"


async def test_what_the_guidance_changed_is_in_the_form(clerk, scene):
    new = await put_guidance(scene, T.ONE_OFF_SERVICE, "Y2612010005", changed={"end_date": "2026-12-02"})
    await clerk.reads(new)
    assert clerk.filled(new)["end_date"] == "2026-12-02"


async def test_a_guidance_of_another_referral_is_not_found(clerk, stranger, scene):
    from rules.codes import ReferralState
    from tests.web.agreement_scene import put_second

    other = await put_second(scene, ReferralState.EMPLOYER_ACCEPTED)
    await put_guidance(other, T.PART_TIME, "Y2612010002")
    await clerk.reads(f"/desk/referrals/{scene.number}/agreement?guidance=Y2612010002", status=404)
    await clerk.reads(f"/desk/referrals/{scene.number}/agreement?guidance=NONSENSE", status=404)
    new = await put_guidance(scene, T.ONE_OFF_SERVICE, "Y2612010005")
    await stranger.reads(new, status=404)


async def test_a_worker_id_is_on_the_paper_and_not_in_the_title(clerk, house, real_printer):
    _, new, typed, _ = await put_case(T.PART_TIME)
    one = path_of(await clerk.sends(new, page=new, **typed))
    await clerk.sends(one + "/paper", page=one)
    answer = await clerk.fetches(one + "/paper.pdf")
    assert WORKER_ID in text_of(answer.content)
    assert WORKER_ID not in (PdfReader(io.BytesIO(answer.content)).metadata.title or "")
