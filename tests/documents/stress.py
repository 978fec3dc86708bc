"""The longest values each form can hold, to see that nothing is lost, nothing overflows and lists break between rows."""

from dataclasses import replace
from datetime import date

from rules.codes import Slot
from rules.documents import CallBackRow
from rules.form_papers import SUPPORT_GROUPS, boxes_of
from tests.documents import samples

NAME = "阿卜杜热合曼·买买提图尔逊·伊斯拉木江"
COMPANY = "武汉临空港经济技术开发区永旺商业管理有限公司东西湖分公司金银湖环湖路旗舰店后勤保障部"
ADDRESS = "湖北省武汉市东西湖区金银湖街道环湖路八十八号永旺梦乐城购物中心地下二层卸货平台东侧员工通道旁边第三个卷帘门"
PHONE = "027-8388 0001 转 80012"
DUTIES = ("按货架标签逐一清点、搬运、上架，轻拿轻放，码放整齐；冷库内作业每四十分钟出库休息一次，听从现场班组长安排。" * 13)[:600]
WORDS = ("雇主说货没有清点完不能结账，我方认为点数是仓库的事，双方约定第二天上午到驿站当面核对签字确认的数量。" * 12)[:400]


def job_order():
    """招工用工登记表 with 600 characters of duties and every other field full."""
    return samples.job_order(
        employer_name=COMPANY,
        employer_address=ADDRESS,
        legal_representative=NAME,
        agent=NAME,
        agent_phone=PHONE,
        title="大型商超夜间盘点理货及冷库货架整理人员",
        trade="仓储理货（C04）",
        duties=DUTIES,
        requirements="能搬25公斤货物，能上夜班，会用手持扫码枪和手动液压叉车，" * 4,
        exact_place=ADDRESS + "；接送：06:20宏图大道地铁站A出口左手边的公交站牌下；联系人：" + NAME,
        public_place="金银湖街道，环湖路永旺梦乐城购物中心附近",
        hours="22:00至次日06:30",
        breaks="每周6天，休息60分钟",
        certificates="健康证、叉车司机证（N1）、低压/高压电工作业证、高处作业证",
        hazards="负重、货架坠落、低温、叉车来往、夜间照明不足；" * 6,
        protection="手套、防砸鞋、护腰带、棉衣、反光背心、安全帽，" * 6,
        remarks="夜班补贴按约定另付；" * 20,
        registrar=NAME,
        verifier=NAME,
        verified_on="2026年11月22日",
    )


def seeker_form():
    """求职登记表 with twenty certificates, every group and a guardian."""
    return samples.seeker_form(
        name=NAME,
        phone=PHONE + "（外甥女的）",
        home="东西湖区临空港经济技术开发区慈惠街道将军路街道某某某某社区居民委员会",
        trades=("搬运装卸", "仓储理货分拣", "单位保洁", "绿化养护", "会场布置拆除"),
        free_slots=frozenset((day, slot) for day in range(7) for slot in Slot),
        expected_pay="白天200元一天、夜班260元一天，日结，最好管午饭",
        skills="搬运6年，会用手动叉车；" * 25,
        certificates=tuple((f"第{n}本：工业锅炉司炉及压力容器操作证", f"TS6LWUH{n:012d}", "2027年5月31日") for n in range(1, 21)),
        support_groups=boxes_of(SUPPORT_GROUPS, "农民工"),
        training_wish="想学电工、焊工、家政护理和短视频带货" * 4,
        guardian_needed=True,
        guardian_name=NAME,
        guardian_phone=PHONE,
        registrar=NAME,
    )


def referral_slip():
    """推荐上岗单 with long names, a long place and protection to bring."""
    return samples.referral_slip(
        clerk=NAME,
        post_title="大型商超夜间盘点理货及冷库货架整理人员",
        worker_name=NAME,
        worker_phone=PHONE,
        employer_name=COMPANY,
        employer_contact=NAME,
        employer_phone=PHONE,
        report_time="2026年11月23日（周一）21:40报到；做到2026年12月30日（周三），每天22:00至次日06:30",
        report_place=ADDRESS + "；接送：宏图大道地铁站A出口左手边的公交站牌下",
        settlement="完工结，银行转账，管早饭，管午饭，管晚饭，接送，高温津贴",
        notes=("劳动防护：手套、防砸鞋、护腰带、棉衣、反光背心、安全帽、耳塞、护目镜", *samples.referral_slip().notes),
        rating_url="HTTPS://LG.EXAMPLE.GOV.CN/RATE/0123456789ABCDEFGHJKMNPQRSTVWXYZ",
    )


def job_slips():
    """派工单 of a worker with the longest values, and one beside it."""
    whole = referral_slip()
    slips = tuple(
        replace(slip, **{name: getattr(whole, name) for name in ("worker_name", "employer_name", "employer_contact", "report_time")})
        for slip in samples.job_slips(2).slips
    )
    return samples.job_slips(slips=slips)


def call_back():
    """雇主回访记录表 with 400 characters of remarks."""
    sheet = samples.call_back()
    return samples.call_back(
        facts=(
            ("岗位", "大型商超夜间盘点理货及冷库货架整理人员（G261122-010007）"),
            ("雇主", COMPANY),
            ("零工", NAME),
            ("到岗日期", "2026年11月20日"),
        ),
        rows=(CallBackRow("受访人", (), NAME * 2), *sheet.rows[1:]),
        note=WORDS,
        made_by=NAME,
    )


def legal_form():
    """法律咨询登记表 with long facts and twelve steps."""
    return samples.legal_form(
        party=f"{NAME}（Q26015000123）",
        opponent=COMPANY,
        work="大型商超夜间盘点理货及冷库货架整理人员（推荐单 T26112200045）",
        facts=WORDS * 2,
        steps=tuple(("2026年11月22日 09:30", "已转有关部门", NAME, f"第{n}次：{WORDS[:120]}") for n in range(1, 13)),
        result="已结案（没有解决），" + WORDS[:200],
    )


def dispute_record():
    """争议调处记录 with long facts."""
    return samples.dispute_record(applicant=f"{NAME}（Q26015000123）", respondent=COMPANY, facts=WORDS * 2, handler=NAME)


def rating_form():
    """服务评价表 with long names."""
    return samples.rating_form(
        facts=(("岗位", "大型商超夜间盘点理货及冷库货架整理人员（G261122-010023）"), ("雇主", COMPANY), ("到岗日期", "2026年11月20日"))
    )


def job_poster():
    """岗位信息张贴单 with as much to do as one sheet holds."""
    return samples.job_poster(
        title="大型商超夜间盘点理货及冷库货架整理人员",
        duties=DUTIES[:300],
        certificates=("健康证", "叉车司机证（N1）", "低压/高压电工作业证"),
        benefits=("管早饭", "管午饭", "管晚饭", "接送", "意外险", "工作服免费"),
        valid_to=date(2026, 12, 30),
    )


STRESSED = {
    make.__name__: make
    for make in (job_order, seeker_form, referral_slip, job_slips, call_back, legal_form, dispute_record, rating_form, job_poster)
}
