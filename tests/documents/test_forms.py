"""The fixed forms (domain reference 12): every field in its order, filled and blank; the longest values print whole."""

import io
from collections import Counter

import pypdf
import pytest

from rules.codes import Side
from tests.documents import samples, stress
from web.blank_forms import BLANK_FORMS, blank_paper
from web.documents import typesetting
from web.papers import TEMPLATES

pytestmark = pytest.mark.asyncio(loop_scope="session")

FIELDS = {
    "job_order": "雇主类型 名称或姓名 证件和号码 地址 法定代表人 经办人、电话 授权委托 岗位名称 工种代码 招工人数 工作内容 "
    "详细地点 公开地点 "
    "起止日期 时间、休息 计酬方式 单价和单位 结算周期 支付方式 食宿交通 证书要求 危险告知 防护措施 保险情况 16至17岁 有效期至 "
    "备注 雇主承诺 "
    "签名、盖章 日期 登记人 签名 登记日期 核实方式 核实人 签名 核实日期",
    "seeker_form": "姓名 电话 证件和号码 已核对原件 居住社区 求职工种 可上岗时间 周一 周日 上午 下午 晚上 期望报酬与结算 "
    "最远距离 学历 技能与年限 "
    "证书名称 证书号码 有效期至 培训 养老金 求职者承诺 告知同意 本人签名 日期 登记人 登记日期 个人信息处理告知书 本人签名 日期",
    "referral_slip": "推荐上岗单 编号 岗位 零工 电话 雇主 联系人 电话 报到时间 报到地点 报酬 注意事项 经办人 驿站电话 "
    "沿此线剪开 推荐上岗单回执 编号 "
    "结果 已录用，到岗日期 未录用，原因 雇主签名",
    "call_back": "回访时间 回访方式 受访人 是否到岗 到岗人数 表现 报酬是否按期支付 有无受伤 有无纠纷 有无被收费 满意度（1至5） "
    "意见和建议 是否继续用工 "
    "回访人 签名",
    "legal_form": "当事人 身份 零工 雇主 对方 岗位 案由 涉及金额 登记人、日期 经过 时间、地点、 金额 证据清单 诉求 意见 "
    "处理方式 时效提示日期 承办人 "
    "结果 满意度 当事人签名 承办人签名",
    "dispute_record": "争议类别 申请人 被申请人 岗位 案由 争议金额 时效提示日期 争议事实 证据 调处时间、 地点 调处方式 "
    "申请人意见 被申请人意见 "
    "调处结果 约定内容 履行情况 办结日期 告知 申请人签名 被申请人签名、盖章 调处人签名 记录人签名",
    "rating_form": "岗位 雇主 到岗日期 对驿站的服务 非常满意 非常不满意 服务态度 办事速度 信息准确 大厅环境 这次的雇主 "
    "工钱付得及时 工钱付得晚 "
    "意见和建议 签名（可以不签） 录入人",
}
"""The labels of each form in the order of domain reference 12."""
BLANK_FIELDS = {
    "job-order": FIELDS["job_order"],
    "seeker": FIELDS["seeker_form"]
    .replace(" 培训", " 申请帮扶 签名 愿意参加 暂不参加")
    .replace("日期 登记人", "监护人同意 电话 监护人签名 日期 登记人"),
    "poster": "招工 元/ 怎么结算 地点 日期 时间 人数 活儿 岗位编号 有效期至",
    "poster-a5": "招工 元/ 怎么结算 地点 日期 时间 人数 活儿 岗位编号 有效期至",
    "slip": FIELDS["referral_slip"],
    "call-back-employer": FIELDS["call_back"] + " 受访人 签名",
    "call-back-worker": "岗位 雇主 零工 到岗日期 回访时间 回访方式 是否到岗 报酬是否拿到 拿到金额 有无受伤 是否签协议 "
    "有无被收费 满意度 要帮什么忙、 "
    "回访人 签名 受访人 签名",
    "rating-worker": FIELDS["rating_form"].replace("到岗日期", "日期"),
    "rating-employer": "这次的零工 准时到岗 到岗晚了 意见和建议",
    "legal": FIELDS["legal_form"],
    "dispute": FIELDS["dispute_record"],
}
BLANK_PAGES = {"seeker": 2}


def missing_in_order(text: str, labels: str) -> str:
    """The first label that does not stand behind the one before it; "" when all do."""
    place = 0
    for label in labels.split():
        found = text.find(label, place)
        if found < 0:
            return label
        place = found + len(label)
    return ""


@pytest.fixture
def blank_of(printer):
    async def made(name):
        form = BLANK_FORMS[name]
        paper = blank_paper(form, samples.STATION, {"operator": "武汉惠民人力资源服务有限公司"}, samples.CREATED)
        return paper, await printer.pdf(TEMPLATES[form.kind], {"paper": paper})

    return made


def source_of(template, paper):
    """Every visible character that the template was given or adds."""
    page = typesetting.html_of(typesetting.environment(), template, {"paper": paper})
    return Counter("".join(visible(page).split()))


def visible(page):
    from web.documents.press import visible_text

    return visible_text(page.partition("</head>")[2])


@pytest.mark.parametrize("kind", list(FIELDS))
async def test_a_form_holds_every_field_in_its_order(printer, text_of, kind):
    text = text_of(await printer.pdf(kind, {"paper": samples.PAPERS[kind]()}))
    assert missing_in_order(text, FIELDS[kind]) == ""


async def test_the_form_of_the_young_and_of_who_asks_for_support_holds_what_they_sign(printer, text_of):
    paper = samples.seeker_form(guardian_needed=True, support_groups=stress.seeker_form().support_groups)
    text = text_of(await printer.pdf("seeker_form", {"paper": paper}))
    assert missing_in_order(text, "申请帮扶 农民工 只用于就业帮扶 签名 监护人同意 监护人签名") == ""


async def test_every_blank_form_is_checked_here():
    assert set(BLANK_FIELDS) == set(BLANK_FORMS)


@pytest.mark.parametrize("name", list(BLANK_FORMS))
async def test_a_blank_form_has_every_field_and_no_number(blank_of, text_of, name):
    paper, pdf = await blank_of(name)
    text = text_of(pdf)
    assert missing_in_order(text, BLANK_FIELDS[name]) == ""
    assert paper.for_pen
    assert paper.station.name in text
    assert "免费" in text
    assert paper.station.supervising_phone.replace(" ", "") in text
    assert "扫码" not in text, "a blank form proves nothing"
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert len(reader.pages) == BLANK_PAGES.get(name, 1)
    width = round(float(reader.pages[0].mediabox.width))
    assert width == {"A4": 595, "A5": 420}[BLANK_FORMS[name].size]


async def test_no_box_of_a_blank_form_is_ticked(blank_of):
    for form in BLANK_FORMS.values():
        paper = blank_paper(form, samples.STATION, {"operator": "某公司"}, samples.CREATED)
        page = typesetting.html_of(typesetting.environment(), TEMPLATES[form.kind], {"paper": paper})
        assert 'class="box ticked"' not in page, form.name


@pytest.mark.parametrize("kind", list(stress.STRESSED))
async def test_nothing_of_the_longest_values_is_lost(printer, text_of, kind):
    paper = stress.STRESSED[kind]()
    pdf = await printer.pdf(kind, {"paper": paper})
    lost = source_of(kind, paper) - Counter(text_of(pdf))
    assert not lost, "".join(lost.elements())[:60]
    assert len(pdf) < 250_000


@pytest.mark.parametrize("kind", list(samples.PAPERS))
async def test_nothing_of_any_paper_is_lost(printer, text_of, kind):
    paper = samples.PAPERS[kind]()
    lost = source_of(kind, paper) - Counter(text_of(await printer.pdf(kind, {"paper": paper})))
    assert not lost, "".join(lost.elements())[:60]


STRESSED_PAGES = {"job_order": 2, "seeker_form": 3, "referral_slip": 1, "job_slips": 1, "call_back": 1, "rating_form": 1, "job_poster": 1}


@pytest.mark.parametrize("kind", list(STRESSED_PAGES))
async def test_a_full_form_takes_no_more_paper_than_it_must(printer, kind):
    pdf = await printer.pdf(kind, {"paper": stress.STRESSED[kind]()})
    assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages) == STRESSED_PAGES[kind]


async def test_a_long_list_repeats_its_head_on_the_next_page(printer):
    reader = pypdf.PdfReader(io.BytesIO(await printer.pdf("seeker_form", {"paper": stress.seeker_form()})))
    for number in (1, 2):
        assert "证书号码" in "".join(reader.pages[number - 1].extract_text().split())
    legal = pypdf.PdfReader(io.BytesIO(await printer.pdf("legal_form", {"paper": stress.legal_form()})))
    assert all("办理经过" in "".join(page.extract_text().split()) for page in legal.pages[1:3])


async def test_the_small_poster_is_half_the_paper_and_one_page(printer):
    for paper in (samples.job_poster(sheet="A5"), stress.job_poster()):
        pages = pypdf.PdfReader(io.BytesIO(await printer.pdf("job_poster", {"paper": paper}))).pages
        assert len(pages) == 1
        assert round(float(pages[0].mediabox.width)) == {"A4": 595, "A5": 420}[paper.sheet]


async def test_each_side_rates_the_other(printer, text_of):
    text = text_of(await printer.pdf("rating_form", {"paper": samples.rating_form(side=Side.EMPLOYER)}))
    assert "这次的零工" in text
    assert "准时到岗" in text
    assert "工钱付得及时" not in text
