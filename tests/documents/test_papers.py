"""Each paper prints, says what it should in reading order, and carries what every paper carries."""

import io
from dataclasses import replace

import pypdf
import pytest

from rules.codes import AgreementType
from rules.documents import Handwriting
from tests.documents import samples
from tests.documents.test_boards import pieces

pytestmark = pytest.mark.asyncio(loop_scope="session")

A4, A5 = (595, 842), (420, 595)
SIZES = {
    "calling_rule": A4,
    "draw_sheet": A4,
    "morning_sheet": A4,
    "fairness_sheet": A4,
    "statistics_sheet": (842, 595),
    "ledger": (842, 595),
    "correction_sheet": A4,
    "sample_sheet": (842, 595),
    "agreement": A4,
    "referral_slip": A5,
    "job_slips": A4,
    "job_poster": A4,
    "job_order": A4,
    "seeker_form": A4,
    "commitment": A4,
    "call_back": A4,
    "agreement_large": A4,
    "key_points": A4,
    "checklist": A4,
    "guidance_record": A4,
    "legal_form": A4,
    "dispute_record": A4,
    "rating_form": A4,
    "seeker_card": A4,
    "board": (842, 1191),
}
PAGES = {
    "calling_rule": 1,
    "draw_sheet": 1,
    "morning_sheet": 1,
    "fairness_sheet": 1,
    "statistics_sheet": 1,
    "ledger": 4,
    "correction_sheet": 1,
    "sample_sheet": 2,
    "agreement": 3,
    "referral_slip": 1,
    "job_slips": 2,
    "job_poster": 1,
    "job_order": 1,
    "seeker_form": 2,
    "board": 1,
    "commitment": 1,
    "call_back": 1,
    "agreement_large": 6,
    "key_points": 1,
    "checklist": 1,
    "guidance_record": 1,
    "legal_form": 1,
    "dispute_record": 1,
    "rating_form": 1,
    "seeker_card": 1,
}


@pytest.fixture(params=list(samples.PAPERS))
def kind(request):
    return request.param


async def test_every_paper_prints_on_its_sheet(printer, kind):
    pdf = await printer.pdf(kind, {"paper": samples.PAPERS[kind]()})
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    assert len(pages) == PAGES[kind]
    assert {(round(float(page.mediabox.width)), round(float(page.mediabox.height))) for page in pages} == {SIZES[kind]}
    assert len(pdf) < (250_000 if kind == "ledger" else 200_000)


async def test_every_paper_names_station_number_and_version_and_says_it_is_free(printer, text_of, kind):
    paper = samples.PAPERS[kind]()
    text = text_of(await printer.pdf(kind, {"paper": paper}))
    assert paper.station.name in text
    assert paper.number in text
    assert f"第{paper.version}版" in text
    assert "免费" in text
    assert paper.station.supervising_phone.replace(" ", "") in text


async def test_every_font_is_embedded_and_ours(printer, fonts_of, kind):
    fonts = fonts_of(await printer.pdf(kind, {"paper": samples.PAPERS[kind]()}))
    assert fonts
    for name, embedded, readable in fonts:
        assert embedded, name
        assert readable, name
        assert any(family in name for family in ("Noto-Serif-SC", "Noto-Sans-SC", "NotoSerifSC", "NotoSansSC", "HanaMin")), name


async def test_same_record_same_bytes(printer, kind):
    first = await printer.pdf(kind, {"paper": samples.PAPERS[kind]()})
    assert await printer.pdf(kind, {"paper": samples.PAPERS[kind]()}) == first


async def test_pages_are_counted(printer, text_of):
    text = text_of(await printer.pdf("agreement", {"paper": samples.agreement()}))
    assert all(f"第{page}页共3页" in text for page in (1, 2, 3))


async def test_the_agreement_reads_in_order(printer, text_of):
    paper = samples.agreement(modules=("A-搬运装修",))
    text = text_of(await printer.pdf("agreement", {"paper": paper}))
    parts = ["零工劳务协议", "甲方（接受劳务方）", "武汉永旺商业管理有限公司东西湖分公司", "统一社会信用代码"]
    parts += ["91420112MA4KXXXX0X", "乙方（提供劳务方）", "王䶮", "420112198001097782"]
    parts += [f"{article.number}{article.heading}" for article in (*paper.text.articles, *paper.text.modules)]
    parts += ["甲方（签名/盖章）", "填写指导：李敏"]
    places = [text.find(part) for part in parts]
    assert -1 not in places, parts[places.index(-1)]
    assert places == sorted(places)


async def test_nothing_of_the_agreement_is_lost(printer, text_of):
    paper = samples.agreement(special="雨天顺延，" * 60)
    text = text_of(await printer.pdf("agreement", {"paper": paper}))
    for article in paper.text.articles:
        for paragraph in article.paragraphs:
            for sentence in paragraph.text.split("。"):
                if len(sentence) < 24:
                    assert "".join(sentence.split()) in text, sentence


async def test_the_agreement_is_archivable_and_tagged(printer):
    reader = pypdf.PdfReader(io.BytesIO(await printer.pdf("agreement", {"paper": samples.agreement()})))
    catalog = reader.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert "pdfaid:part" in catalog["/Metadata"].get_data().decode()
    assert catalog["/Lang"] == "zh-CN"


async def test_the_creation_date_is_the_record_s(printer):
    reader = pypdf.PdfReader(io.BytesIO(await printer.pdf("referral_slip", {"paper": samples.referral_slip()})))
    assert reader.metadata.creation_date == samples.CREATED


async def test_a_void_paper_says_so_on_every_page(printer):
    reader = pypdf.PdfReader(io.BytesIO(await printer.pdf("agreement", {"paper": samples.agreement(watermark="作废")})))
    assert all("作废" in "".join(page.extract_text().split()) for page in reader.pages)


async def test_the_call_back_form_reads_as_it_was_said(printer, text_of):
    text = text_of(await printer.pdf("call_back", {"paper": samples.call_back()}))
    parts = ["雇主回访记录表", "超市搬运工", "2026年11月22日09:30", "何晓㼆", "已完工", "1人", "人很好，下次还请他。", "李敏"]
    places = [text.find(part) for part in parts]
    assert -1 not in places, parts[places.index(-1)]
    assert places == sorted(places)


async def test_an_empty_call_back_form_leaves_room_for_the_pen(printer, text_of):
    text = text_of(
        await printer.pdf("call_back", {"paper": samples.call_back(filled=False, note="", made_by="", made_on="", verify_url="")})
    )
    assert "受访人签名" in text
    assert "年月日时" in text
    assert "扫码" not in text


async def test_the_poster_holds_no_personal_particulars(printer, text_of):
    text = text_of(await printer.pdf("job_poster", {"paper": samples.job_poster()}))
    for wanted in ("超市搬运工", "220", "日结", "金银湖街道", "6人", "027-83880001"):
        assert wanted in text
    assert "13900000000" not in text


async def test_a_wordy_poster_still_is_one_page(printer):
    paper = samples.job_poster(title="大型商超夜间盘点理货及货架整理人员", duties="按货架标签逐一清点，" * 30, certificates=("健康证",) * 4)
    assert len(pypdf.PdfReader(io.BytesIO(await printer.pdf("job_poster", {"paper": paper}))).pages) == 1


async def test_the_slip_has_the_worker_s_part_above_the_return_slip(printer, text_of):
    text = text_of(await printer.pdf("referral_slip", {"paper": samples.referral_slip()}))
    parts = ["推荐上岗单", "超市搬运工", "王䶮", "报到时间", "沿此线剪开", "推荐上岗单回执", "已录用，到岗日期", "未录用，原因", "雇主签名"]
    places = [text.find(part) for part in parts]
    assert -1 not in places
    assert places == sorted(places)


async def test_job_slips_stand_two_to_a_sheet_with_all_a_worker_needs(printer, text_of):
    body = await printer.pdf("job_slips", {"paper": samples.job_slips(5)})
    assert len(pypdf.PdfReader(io.BytesIO(body)).pages) == 3
    text = text_of(body)
    assert [text.count(f"王䶮{n}") for n in range(1, 6)] == [1] * 5
    assert text.count("沿此线剪开") == 3
    for wanted in (
        "派工单",
        "T26112200001",
        "超市搬运工",
        "220元/天",
        "何晓㼆",
        "13900000000",
        "几点到",
        "2026年11月23日（周一）07:50",
        "扫码核验",
    ):
        assert wanted in text, wanted
    assert "13800000000" not in text


async def test_wordy_job_slips_still_stand_two_to_a_sheet(printer, text_of):
    paper = samples.job_slips(4)
    long = "金银湖街道环湖路88号永旺超市后仓门旁边的员工通道，找何经理；接送：宏图大道地铁站A出口左手边的公交站牌下" * 2
    wordy = tuple(
        replace(slip, report_place=long, notes=("劳动防护：" + "安全帽、手套、护腰带、防滑鞋、反光背心，" * 4, *slip.notes))
        for slip in paper.slips
    )
    assert len(pypdf.PdfReader(io.BytesIO(await printer.pdf("job_slips", {"paper": replace(paper, slips=wordy)}))).pages) == 2


async def test_the_seeker_form_carries_the_privacy_notice(printer, text_of):
    paper = samples.seeker_form(guardian_needed=True)
    text = text_of(await printer.pdf("seeker_form", {"paper": paper}))
    assert "个人信息处理告知书" in text
    assert "运营方武汉惠民人力资源服务有限公司" in text
    assert "监护人同意" in text
    assert "{" not in text
    for number in "一二三四五六七":
        assert f"{number}、" in text


async def test_a_guardian_is_asked_only_for_the_young(printer, text_of):
    assert "监护人" not in text_of(await printer.pdf("seeker_form", {"paper": samples.seeker_form()}))


async def test_an_employer_s_own_text_stays_text(printer, text_of):
    hostile = "<script>alert(1)</script>{{ 7*7 }}"
    text = text_of(await printer.pdf("job_order", {"paper": samples.job_order(remarks=hostile)}))
    assert "<script>alert(1)</script>{{7*7}}" in text


async def test_an_agreement_of_the_young_has_a_line_for_the_guardian(printer, text_of):
    assert "监护人（签名同意）" in text_of(await printer.pdf("agreement", {"paper": samples.agreement(guardian_needed=True)}))
    assert "监护人" not in text_of(await printer.pdf("agreement", {"paper": samples.agreement()}))


@pytest.mark.parametrize("kind", [AgreementType.OVER_AGE, AgreementType.ONE_OFF_SERVICE, AgreementType.PART_TIME])
async def test_the_last_page_in_large_print_is_more_than_a_line_left_over(printer, kind):
    pdf = await printer.pdf("agreement_large", {"paper": samples.paper_of_type(kind)})
    last = pypdf.PdfReader(io.BytesIO(pdf)).pages[-1].extract_text()
    assert "填写指导：" in last
    assert "有人收费" in last


async def test_a_text_signed_on_a_screen_says_who_was_there_and_that_it_was_read(printer, text_of):
    hands = [
        Handwriting(side=side, name=name, path="M12 12L400 300", width=900, height=320, signed_at=samples.CREATED, place="驿站屏幕")
        for side, name in (("EMPLOYER", "何晓㼆"), ("WORKER", "王䶮"))
    ]
    pdf = await printer.pdf("agreement", {"paper": samples.agreement(handwriting=tuple(hands))})
    assert text_of(pdf).count("双方在场，指导人已逐条念给双方听") == 1
    plain = await printer.pdf("agreement", {"paper": samples.agreement()})
    assert "双方在场，指导人" not in text_of(plain)


async def test_the_seeker_form_says_what_is_known_and_leaves_out_what_does_not_concern_the_person(printer, text_of):
    paper = samples.seeker_form(
        guardian_needed=True, guardian_name="王大海", guardian_phone="137 0000 0000", pension=(), certificates=(), original_seen=True
    )
    text = text_of(await printer.pdf("seeker_form", {"paper": paper}))
    assert "监护人同意：王大海（电话13700000000）" in text
    assert "养老金" not in text
    assert text.count(paper.station.free_notice.replace(" ", "")) == 2


async def test_everybody_who_answers_for_a_form_has_a_place_to_sign(printer, text_of):
    text = text_of(await printer.pdf("job_order", {"paper": samples.job_order(registrar="陈小满", verifier="周磊")}))
    assert "陈小满签名：" in text
    assert "周磊签名：" in text


async def test_the_poster_can_be_read_from_two_metres(printer):
    wordy = samples.job_poster(certificates=("健康证", "叉车司机证（N1）"), dates="11月28日（周六）到2027年2月26日（周五）")
    for paper in (samples.job_poster(), wordy):
        page = pypdf.PdfReader(io.BytesIO(await printer.pdf("job_poster", {"paper": paper}))).pages[0]
        sizes = {text: size for text, size, _ in pieces(page)}
        duties = [size for text, size in sizes.items() if text[:4] in paper.duties]
        assert min(duties) >= 20, "20 points are 7 millimetres"
        assert max(size for text, size in sizes.items() if text == paper.pay_amount) >= 72
        assert min(y for _, _, y in pieces(page)) < 60, "the sheet is full"
