"""One good paper of each kind, with invented people, and how to change it."""

from dataclasses import fields
from datetime import UTC, date, datetime, time
from itertools import pairwise

from rules.agreements import fill
from rules.boards import board_text, fill_board
from rules.calling_order import draw_command, draw_text, drawn, rule_words
from rules.calling_papers import CallingRuleSheet, DrawSheet, FairnessSheet, MorningSheet
from rules.checklists import checklist
from rules.codes import (
    OFFICIAL_TEXTS,
    AgreementType,
    Benefit,
    BoardKind,
    CallingMethod,
    InsuranceState,
    PayBasis,
    PayMethod,
    PensionStatus,
    SampleVerdict,
    SettleCycle,
    Side,
    Slot,
    VerifyMethod,
)
from rules.commitment import commitment
from rules.correction_papers import CorrectedLine, CorrectionSheet
from rules.documents import (
    AgreementPaper,
    BoardPaper,
    CallBackRow,
    CallBackSheet,
    CommitmentPaper,
    GuidanceRecord,
    JobOrderForm,
    JobPoster,
    JobSlip,
    JobSlips,
    ReferralSlip,
    SeekerCard,
    SeekerForm,
    StationImprint,
    Tick,
    ticks,
)
from rules.form_papers import CAUSES, DISPUTE_CLASSES, STANDINGS, DisputeRecord, LegalForm, RatingSheet, boxes_of
from rules.ledger_papers import LedgerSheet
from rules.numbers import AGREEMENT_LETTERS
from rules.samples import SampleSheet, sample_command, sample_text, sampled
from rules.statistics.drawings import Drawing, Mark
from rules.statistics.papers import PrintedPart, PrintedTable, StatisticsSheet
from rules.wordings import built_in
from tests.documents import ledger_samples

CREATED = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)
STATION = StationImprint(
    name="金银湖街道零工驿站",
    code="ZD-420112015-01",
    phone="027-8388 0001",
    complaint_phone="027-8388 0002",
    supervising_unit="金银湖街道办事处",
    supervising_phone="027-8388 0003",
    address="金银湖街道环湖路 36 号",
    opening_hours="每天 6:00至20:00",
)


AGREEMENT_VALUES = {
    "协议编号": "XLW-2026-000187",
    "甲方名称": "武汉永旺商业管理有限公司东西湖分公司",
    "甲方证件类型": "统一社会信用代码",
    "甲方证件号": "91420112MA4KXXXX0X",
    "甲方法定代表人": "赵国强",
    "甲方地址": "武汉市东西湖区金银湖街道环湖路88号",
    "甲方联系人": "何晓㼆",
    "甲方电话": "13900000000",
    "乙方姓名": "王䶮",
    "乙方证件号": "420112198001097782",
    "乙方住址": "武汉市东西湖区将军路街道某某小区3栋1单元502室",
    "乙方电话": "13800000000",
    "乙方紧急联系人": "王秀英",
    "乙方紧急电话": "13700000000",
    "工作内容": "门店货物搬运、上架，每件不超过25公斤",
    "工作地点": "金银湖街道环湖路88号永旺超市后仓",
    "质量要求": "轻拿轻放，按货架标签摆放",
    "开始日期": "2026年11月23日",
    "结束日期": "2026年11月25日",
    "开始时间": "08:00",
    "结束时间": "17:00",
    "休息安排": "12:00至13:00",
    "计酬方式": "计时",
    "计量单位": "天",
    "单价": "220.00",
    "预计数量": "3天",
    "报酬合计大写": "陆佰陆拾元整（660.00元）",
    "结算周期": "日",
    "支付日期": "每个工作日结束",
    "支付方式": "微信",
    "食宿交通约定": "管午饭",
    "防护用品": "手套、防砸鞋",
    "危险告知": "负重、货架坠落",
    "保险约定": "甲方为乙方购买意外伤害保险",
    "驿站名称": STATION.name,
    "驿站电话": STATION.phone,
    "指导人": "李敏",
}


def agreement(worker="王䶮", special="", modules=(), **changes):
    return AgreementPaper(
        **{
            "station": STATION,
            "number": "XLW-2026-000187",
            "created": CREATED,
            "text": fill(built_in(AgreementType.ONE_OFF_SERVICE), AGREEMENT_VALUES | {"乙方姓名": worker, "特别约定": special}, modules),
            "verify_url": "HTTPS://LG.EXAMPLE.GOV.CN/VERIFY/XLW-2026-000187",
            "check_code": "0E7A-2B74",
            "unit_employer": True,
            **changes,
        }
    )


TYPE_VALUES = {
    AgreementType.PART_TIME: {
        "期限方式": "1",
        "岗位名称": "晚市收银员",
        "日工时": "4",
        "周工时": "20",
        "班次安排": "周一至周五17:00至21:00",
        "小时工资": "26.00",
        "小时最低工资": "24.00",
        "结算天数": "7",
    },
    AgreementType.OVER_AGE: {
        "岗位名称": "小区绿化养护",
        "日工时": "6",
        "报酬标准": "每天180元",
        "支付周期": "周",
        "领取声明": "■已领取基本养老金　□尚未领取",
    },
    AgreementType.SHARED_LABOUR_3P: {
        "乙方企业名称": "武汉湖滨餐饮管理有限公司",
        "乙方企业证件号": "91420112MA4KYYYY1Y",
        "乙方企业地址": "武汉市东西湖区吴家山街道四明路12号",
        "乙方企业电话": "13900000001",
        "丙方姓名": "王䶮",
        "丙方证件号": "420112198001097782",
        "丙方电话": "13800000000",
        "原合同到期日": "2028年6月30日",
        "岗位名称": "分拣员",
        "日工时": "8",
        "报酬标准": "220元/天",
        "发放日": "每月15日",
        "核对日": "每月3日",
        "工伤补偿办法": "按原合同，由甲方申请认定，乙方企业补足差额",
        "结算标准": "220元/人·天，据实结算",
        "结算日": "每月10日",
    },
    AgreementType.WORK_RESULT: {"材料约定": "材料由甲方提供", "验收标准": "墙面平整，无空鼓、无开裂，当面验收"},
    AgreementType.DOMESTIC: {"服务对象": "一家三口，八十岁老人一名，能自理"},
    AgreementType.KEY_POINTS: {"结算周期": "日结", "岗位编号": "G261122-010023", "是否已核验": "已核验"},
}
"""What the texts of the other types ask for beside the values of the service agreement."""


def paper_of_type(kind=AgreementType.ONE_OFF_SERVICE, **changes):
    """The agreement paper of any type the product has a text or a checklist for."""
    wording = checklist(kind) if kind in OFFICIAL_TEXTS else built_in(kind)
    letters = AGREEMENT_LETTERS[kind]
    known = AGREEMENT_VALUES | TYPE_VALUES.get(kind, {}) | {"协议编号": f"X{letters}-2026-000187"}
    values = {name: known.get(name, "按双方约定" if place.required and not place.default else "") for name, place in wording.places.items()}
    text = fill(wording, values, ())
    official = "《劳动合同（通用）》（人力资源和社会保障部，示范文本）" if kind in OFFICIAL_TEXTS else ""
    return agreement(number=known["协议编号"], text=text, official_text=official, **changes)


def key_points(**changes):
    """用工要点告知单 for a short job that was agreed by word of mouth."""
    return paper_of_type(AgreementType.KEY_POINTS, **changes)


def checklist_paper(**changes):
    """合同要点核对表 to the official text of a fixed-term contract."""
    return paper_of_type(AgreementType.FIXED_TERM, **changes)


def guidance_record(**changes):
    """签约指导记录: what was asked, what was proposed, and why something else was chosen."""
    return GuidanceRecord(
        **{
            "station": STATION,
            "number": "T26112200045-ZD",
            "created": CREATED,
            "referral": "T26112200045",
            "title": "超市搬运工",
            "employer": "武汉永旺商业管理有限公司东西湖分公司",
            "worker": "王䶮",
            "answers": (
                ("雇主是单位还是个人", "单位"),
                ("零工多大年纪，有没有领取养老金", "46岁，没有"),
                ("要干多久", "3天"),
                ("每天干几个小时", "8小时"),
                ("活由谁安排、管理", "雇主安排"),
            ),
            "proposed": "零工劳务协议",
            "why": "一次性的短活，活干完就结束，双方没有长期管理关系。",
            "notes": (),
            "chosen": "零工劳务协议",
            "reason": "",
            "warnings": (("每天超过8小时要另付加班报酬。", "请把每天的时间写清楚。", "劳动法第三十六条"),),
            "guide": "李敏",
            "given_on": "2026年11月22日",
            "verify_url": "HTTPS://LG.EXAMPLE.GOV.CN/VERIFY/T26112200045-ZD",
            **changes,
        }
    )


def referral_slip(**changes):
    return ReferralSlip(
        **{
            "station": STATION,
            "number": "T26112200045",
            "created": CREATED,
            "issued_on": date(2026, 11, 22),
            "clerk": "李敏（工号 07）",
            "post_number": "G261122-010023",
            "post_title": "超市搬运工",
            "worker_name": "王䶮",
            "worker_phone": "138 0000 0000",
            "employer_name": "武汉永旺商业管理有限公司东西湖分公司",
            "employer_contact": "何晓㼆",
            "employer_phone": "139 0000 0000",
            "report_time": "2026年11月23日（周一）07:50",
            "report_place": "金银湖街道环湖路88号永旺超市后仓门，找何经理",
            "pay": "220元/天",
            "settlement": "日结，微信支付，管午饭",
            "notes": ("带身份证原件，不交押金，不把证件交给别人保管。", "穿防滑鞋，搬重物两人一起抬。", "有问题先打驿站电话。"),
            "verify_url": "HTTPS://LG.EXAMPLE.GOV.CN/VERIFY/T26112200045",
            **changes,
        }
    )


def job_slips(count=3, **changes):
    whole = referral_slip()
    shared = {field.name: getattr(whole, field.name) for field in fields(JobSlip)}
    slips = tuple(JobSlip(**(shared | {"number": f"T2611220{n:04d}", "worker_name": f"王䶮{n}"})) for n in range(1, count + 1))
    return JobSlips(
        **{
            "station": STATION,
            "number": "PD261122-G261122-010023",
            "created": CREATED,
            "day": date(2026, 11, 22),
            "slips": slips,
            **changes,
        }
    )


def job_poster(**changes):
    return JobPoster(
        **{
            "station": STATION,
            "number": "G261122-010023",
            "created": CREATED,
            "title": "超市搬运工",
            "pay_amount": "220",
            "pay_unit": "元/天",
            "settlement": "日结",
            "place": "金银湖街道，环湖路永旺超市附近",
            "dates": "11月23日至11月25日，共3天",
            "hours": "08:00至17:00，中午休息1小时",
            "headcount": 6,
            "duties": "门店货物搬运、上架，每件不超过25公斤，按货架标签摆放，轻拿轻放。",
            "benefits": ("管午饭", "意外险", "工作服免费"),
            "certificates": (),
            "valid_to": date(2026, 11, 25),
            "public_url": "HTTPS://LG.EXAMPLE.GOV.CN/JOBS/G261122-010023",
            **changes,
        }
    )


def job_order(**changes):
    return JobOrderForm(
        **{
            "station": STATION,
            "number": "G261122-010023",
            "created": CREATED,
            "employer_kinds": (Tick("单位（企业、个体户、组织）", True), Tick("个人或家庭")),
            "employer_name": "武汉永旺商业管理有限公司东西湖分公司",
            "id_type": "统一社会信用代码",
            "id_number": "91420112MA4KXXXX0X",
            "employer_address": "武汉市东西湖区金银湖街道环湖路88号",
            "legal_representative": "赵国强",
            "agent": "何晓㼆",
            "agent_phone": "139 0000 0000",
            "authorisation": (Tick("已交授权委托书", True), Tick("本人或法定代表人亲自办理")),
            "title": "超市搬运工",
            "trade": "搬运（C01）",
            "headcount": "6 人",
            "duties": "门店货物搬运、上架，每件不超过25公斤，按货架标签摆放，轻拿轻放。",
            "requirements": "能搬25公斤货物",
            "exact_place": "金银湖街道环湖路88号永旺超市后仓",
            "public_place": "金银湖街道，环湖路永旺超市附近",
            "period": "2026年11月23日至11月25日",
            "hours": "08:00至17:00",
            "breaks": "休息 60 分钟",
            "pay_basis": ticks(PayBasis.choices(), {PayBasis.TIME}),
            "pay": "220元/天",
            "settlement": ticks(SettleCycle.choices(), {SettleCycle.DAILY}),
            "pay_method": ticks(PayMethod.choices(), {PayMethod.WECHAT}),
            "benefits": ticks(Benefit.choices(), {Benefit.LUNCH, Benefit.ACCIDENT_INSURANCE}),
            "certificates": "无",
            "hazards": "负重、货架坠落",
            "protection": "手套、防砸鞋",
            "insurance": ticks(InsuranceState.choices(), {InsuranceState.EMPLOYER_ACCIDENT}),
            "juvenile": (Tick("可以用"), Tick("不可以用", True)),
            "valid_to": "2026年11月25日",
            "remarks": "",
            "registrar": "",
            "registered_on": "2026年11月22日",
            "verification": ticks(VerifyMethod.choices(), {VerifyMethod.DOCUMENT, VerifyMethod.PHONE}),
            "verifier": "",
            "verified_on": "",
            "verify_url": "HTTPS://LG.EXAMPLE.GOV.CN/JOBS/G261122-010023",
            **changes,
        }
    )


def seeker_form(**changes):
    return SeekerForm(
        **{
            "station": STATION,
            "number": "Q26015000123",
            "created": CREATED,
            "operator": "武汉惠民人力资源服务有限公司",
            "name": "王䶮",
            "id_type": "居民身份证",
            "id_number": "420112198001097782",
            "phone": "138 0000 0000",
            "home": "将军路街道某某社区",
            "trades": ("搬运", "仓储理货", "单位保洁"),
            "free_slots": frozenset((day, slot) for day in range(5) for slot in (Slot.MORNING, Slot.AFTERNOON)),
            "expected_pay": "200元/天，日结",
            "farthest": "10 公里",
            "education": "初中",
            "skills": "搬运 6 年，会用手动叉车",
            "certificates": (("叉车司机证（N1）", "TS6LWUH00000000", "2027年5月31日"),),
            "support_groups": (),
            "training": (Tick("愿意参加", True), Tick("暂不参加")),
            "training_wish": "想学电工",
            "pension": ticks(PensionStatus.choices(), {PensionStatus.NO}),
            "guardian_needed": False,
            "verify_url": "HTTPS://LG.EXAMPLE.GOV.CN/VERIFY/Q26015000123",
            "consent": (Tick("我已阅读（或者听工作人员读过）并同意"), Tick("我同意登记帮扶信息（可不选）")),
            "registrar": "",
            "registered_on": "2026年11月22日",
            **changes,
        }
    )


BOARD_VALUES = {
    "监督单位": STATION.supervising_unit,
    "监督电话": STATION.supervising_phone,
    "驿站投诉电话": STATION.complaint_phone,
    "答复工作日": "5",
    "小时最低工资": "24",
}


def board(kind=BoardKind.STAFF, paper="A3", **changes):
    text = fill_board(board_text(kind), BOARD_VALUES)
    return BoardPaper(
        **{
            "station": STATION,
            "number": f"ZD-420112015-01-{kind.value}",
            "created": CREATED,
            "kind": kind.value,
            "title": text.title,
            "groups": text.groups,
            "basis": text.basis,
            "effective_date": date(2026, 12, 1),
            "paper": paper,
            "public_url": f"HTTPS://LG.EXAMPLE.GOV.CN/STATIONS/ZD-420112015-01/BOARDS/{kind.value.upper()}",
            **changes,
        }
    )


def seeker_card(**changes):
    return SeekerCard(**{"station": STATION, "number": "Q26015000123", "created": CREATED, **changes})


def commitment_paper(**changes):
    text = commitment()
    return CommitmentPaper(
        **{
            "station": STATION,
            "number": "BM-1A2B3C4D5E6F",
            "created": CREATED,
            "title": text.title,
            "opening": text.opening,
            "promises": text.promises,
            "closing": text.closing,
            "basis": text.basis,
            "text_version": text.version,
            "name": "王䶮",
            "role": "驿站工作人员",
            "work_no": "JYH-01",
            "login": "wang-yan",
            "signed_on": "2026年11月22日",
            **changes,
        }
    )


def call_back(**changes):
    """雇主回访记录表 as it was filled in on the telephone."""
    yes_no = [("yes", "有"), ("no", "没有")]
    return CallBackSheet(
        **{
            "station": STATION,
            "number": "T26120100001-EE",
            "created": CREATED,
            "title": "雇主回访记录表",
            "kind": "完工回访",
            "facts": (
                ("岗位", "超市搬运工（G261122-010007）"),
                ("雇主", "武汉永旺商业管理有限公司东西湖分公司"),
                ("零工", "王䶮"),
                ("到岗日期", "2026年11月20日"),
            ),
            "methods": ticks([("PHONE", "电话"), ("COUNTER", "当面"), ("VISIT", "上门")], ("PHONE",)),
            "rows": (
                CallBackRow("受访人", (), "何晓㼆"),
                CallBackRow(
                    "是否到岗", ticks([("FINISHED", "已完工"), ("LEFT", "中途离开"), ("NOT_STARTED", "未到岗")], ("FINISHED",)), ""
                ),
                CallBackRow("到岗人数", (), "1人"),
                CallBackRow("表现", ticks([("GOOD", "好"), ("FAIR", "一般"), ("BAD", "差")], ("GOOD",)), ""),
                CallBackRow("报酬是否按期支付", ticks([("PAID", "已付清"), ("PART", "付了一部分"), ("UNPAID", "没有付")], ("PAID",)), ""),
                CallBackRow("有无受伤", ticks(yes_no, ("no",)), ""),
                CallBackRow("有无纠纷", ticks(yes_no, ("no",)), ""),
                CallBackRow("有无被收费", (), "已问。答复按规定直接报监督单位，本表不记载。"),
                CallBackRow("满意度（1至5）", ticks([(str(n), str(n)) for n in range(1, 6)], ("5",)), ""),
                CallBackRow("是否继续用工", ticks([("YES", "还要用"), ("NO", "不用了")], ("YES",)), ""),
            ),
            "note_label": "意见和建议",
            "note": "人很好，下次还请他。",
            "filled": True,
            "made_by": "李敏",
            "made_on": "2026年11月22日 09:30",
            "verify_url": "HTTPS://LG.EXAMPLE.GOV.CN/VERIFY/T26120100001-EE",
            **changes,
        }
    )


def legal_form(**changes):
    """法律咨询登记表 of a case that was worked on."""
    return LegalForm(
        **{
            "station": STATION,
            "number": "FL261122003",
            "created": CREATED,
            "party": "王䶮（Q26015000123）",
            "standing": boxes_of(STANDINGS, "零工"),
            "opponent": "武汉永旺商业管理有限公司东西湖分公司",
            "cause": boxes_of(CAUSES, "拖欠报酬"),
            "work": "超市搬运工（推荐单 T26112200045）",
            "facts": "11月20日、21日在永旺超市后仓搬货两天，说好日结220元，到现在一分没付，打电话说下个月再说。",
            "amount": "440元",
            "limit_on": "2027年11月21日",
            "limit_note": "按申请劳动仲裁的时效算，别的途径可能更长",
            "handler": "罗律师",
            "steps": (
                ("2026年11月22日 09:30", "办理中", "罗律师", "打电话给雇主，答应明天付。"),
                ("2026年11月23日 17:10", "已解决", "罗律师", "雇主付清440元，本人已收到。"),
            ),
            "result": "已解决，拿到440元。",
            "registrar": "李敏",
            "registered_on": "2026年11月22日",
            "verify_url": "HTTPS://LG.EXAMPLE.GOV.CN/VERIFY/FL261122003",
            **changes,
        }
    )


def dispute_record(**changes):
    """争议调处记录 as it is printed from a case, for both sides to write and sign."""
    whole = legal_form()
    return DisputeRecord(
        **{
            "station": STATION,
            "number": whole.number,
            "created": CREATED,
            "classes": boxes_of(DISPUTE_CLASSES, DISPUTE_CLASSES[0]),
            "applicant": whole.party,
            "respondent": whole.opponent,
            "cause": whole.cause,
            "work": whole.work,
            "facts": whole.facts,
            "amount": whole.amount,
            "limit_on": whole.limit_on,
            "handler": whole.handler,
            "verify_url": whole.verify_url,
            **changes,
        }
    )


def rating_form(**changes):
    """服务评价表 of one work, for somebody without a phone."""
    return RatingSheet(
        **{
            "station": STATION,
            "number": "T26112200045-W",
            "created": CREATED,
            "side": Side.WORKER,
            "facts": (
                ("岗位", "超市搬运工（G261122-010023）"),
                ("雇主", "武汉永旺商业管理有限公司东西湖分公司"),
                ("到岗日期", "2026年11月20日"),
            ),
            **changes,
        }
    )


CALLING_URL = "http://127.0.0.1:8000/stations/ZD-420112015-01/calling"
MARKET_DAY, SEED = date(2026, 12, 1), "9f2c4b6d8e0a1c3e5f7a9b1d3f5e7a9c"


def calling_rule(**changes):
    return CallingRuleSheet(
        **{
            "station": STATION,
            "number": "JH003-420112015-01",
            "created": CREATED,
            "version": 3,
            "method": CallingMethod.DRAW.label,
            "draw_at": "06:30",
            "lines": rule_words(CallingMethod.DRAW, time(6, 30)),
            "reason": "早上来的人多，到站先后差不了几秒，" * 12,
            "effective_from": MARKET_DAY,
            "public_url": CALLING_URL,
            **changes,
        }
    )


def draw_sheet(**changes):
    lines = drawn(STATION.code, MARKET_DAY, SEED, 20)
    return DrawSheet(
        **{
            "station": STATION,
            "number": "CQ261201-420112015-01",
            "created": CREATED,
            "day": MARKET_DAY,
            "rule_version": 3,
            "draw_at": "06:30",
            "seed": SEED,
            "published": "2026-11-30 18:00:03",
            "held": "2026-12-01 06:31:10",
            "tickets": 20,
            "text": draw_text(STATION.code, MARKET_DAY, SEED, 20, "号"),
            "first_text": lines[0].text,
            "command": draw_command(STATION.code, MARKET_DAY, SEED, 20),
            "lines": tuple((line.place, line.ticket, line.digest) for line in lines),
            "public_url": CALLING_URL,
            **changes,
        }
    )


def morning_sheet(**changes):
    return MorningSheet(
        **{
            "station": STATION,
            "number": "ZS261201-420112015-01",
            "created": CREATED,
            "day": MARKET_DAY,
            "method": CallingMethod.ARRIVAL.label,
            "rule_version": 2,
            "draw_at": "",
            "seed": "",
            "tickets": 0,
            "note": "按到站先后叫号。",
            "as_of": "2026-12-01 07:02:11",
            "people": tuple((f"{n}", f"{n:03d}", f"零工…{n:03d}", "3", "2026-11-28", f"05:30:{n:02d}", "等活") for n in range(1, 13)),
            "demands": (("G261201-010001", "超市搬运工", "武汉某物流公司", "6", "2", "4"),),
            "calls": (("06:41:02", "012", "跳过", "G261201-010001", "没有要求的证书", "001、002"),),
            **changes,
        }
    )


def fairness_sheet(**changes):
    return FairnessSheet(
        **{
            "station": STATION,
            "number": "GP2612-420112015-01",
            "created": CREATED,
            "month": "2026年12月",
            "figures": (("签到人次", "812"), ("派到活的人次", "540"), ("没按顺序叫号（应为0）", "0")),
            "deciles": (0, 0, 1, 2, 3, 4, 6, 9, 14, 31),
            "named": (("武汉某物流公司", "3"),),
            "skips": (("2001 陈*", "不会做这种活", "4"),),
            **changes,
        }
    )


def statistics_sheet(**changes):
    stations = PrintedPart(
        title="年度目标进度",
        headings=("驿站", "推荐成功就业（人次）", "到这一天应有（人次）", "全年任务（人次）", "完成率", "年底预计（人次）"),
        rows=(("金银湖零工驿站", "431", "457", "499", "86.3%", "472"),),
        total=("合计", "431", "457", "499", "86.3%", "472"),
        note="从1月1日数到统计期的最后一天（最晚到今天）；全年任务按开业天数折算。",
    )
    so_far = (31, 70, 118, 157, 199, 238, 270, 301, 342, 389, 431)
    months = PrintedPart(
        title="各月上岗",
        headings=("月份", "推荐成功就业（人次）", "累计（人次）", "到月底应有（人次）"),
        rows=tuple(
            (f"2026年{n}月", str(amount - before), str(amount), str(41 * n)) for n, (before, amount) in enumerate(pairwise((0, *so_far)), 1)
        ),
        total=("合计", "431", "—", "—"),
        note="",
    )
    marks = [Mark("line", 10, 210, 510, 210), Mark("line", 10, 40, 510, 40, dash=True), Mark("words", 10, 35, text="全年任务499")]
    for n, amount in enumerate(so_far):
        high = amount * 170 // 499
        marks += [
            Mark("bar", 18 + n * 38, 210 - high, 25, high),
            Mark("words", 30 + n * 38, 205 - high, text=str(amount), anchor="middle"),
            Mark("words", 30 + n * 38, 228, text=f"{n + 1}月", anchor="middle"),
        ]
    marks.append(Mark("bar", 474, 50, 25, 160, shade="outline", dash=True))
    drawing = Drawing("target", "累计上岗和全年任务（人次；虚线：应有，虚框：年底预计）", "累计431，全年任务499。", 520, 250, tuple(marks))
    return StatisticsSheet(
        **{
            "station": STATION,
            "number": "TJM2611-10-420112015-01",
            "created": CREATED,
            "period": "2026年11月",
            "scope": "金银湖零工驿站",
            "as_of": "2026年11月30日",
            "tables": (PrintedTable(10, "年度目标进度", (stations, months), (drawing,)),),
            **changes,
        }
    )


def correction_sheet(**changes):
    lines = (
        CorrectedLine(
            "GZ261202-0001",
            "上岗 T26120100001",
            "到岗日期",
            "2026-11-29",
            "2026-11-30",
            "看了雇主的考勤本，原来记早了一天",
            "2026-12-02 09:15",
            "陈小满（工号 2001）",
            "属实（吴站长）",
        ),
        CorrectedLine(
            "GZ261206-0004",
            "上岗 T26120100001",
            "应付工钱（元）",
            "660元",
            "700元",
            "漏记加班两小时",
            "2026-12-06 10:40",
            "吴站长",
            "",
            "L202611-ZD-420112015-01-v1",
        ),
    )
    values = {"station": STATION, "number": "GG2611-420112015-01", "created": CREATED, "month": "2026年11月", "lines": lines}
    return CorrectionSheet(**values | changes)


def sample_sheet(**changes):
    seed = "8c1f0a6be2d94733b05c6a1d2e3f4a5b"
    cells = ("T26110300001", "G261103-010001", "武汉某物流公司", "零工…123", "装卸", "180元/天", "2026-11-03", "签到照片")
    values = {
        "station": STATION,
        "number": "CC202611-420112015-01-1",
        "created": CREATED,
        "month": "2026年11月",
        "ledger": ledger_samples.NUMBER,
        "seed": seed,
        "published": "2026-12-06 09:00:12",
        "drawn": "2026-12-06 09:03:40",
        "population": 214,
        "size": 8,
        "text": sample_text(STATION.code, 202611, seed, 214, "③序号"),
        "command": sample_command(STATION.code, 202611, seed, 214, 8),
        "labels": ("推荐单号", "岗位编号", "雇主", "零工", "工种", "报酬", "到岗日期", "佐证"),
        "lines": tuple((each.place, each.line, cells, each.digest[:16]) for each in sampled(STATION.code, 202611, seed, 214, 8)),
        "verdicts": tuple(each.label for each in SampleVerdict),
        "officer": "孙主任",
        "verify_url": "HTTPS://LG.EXAMPLE.GOV.CN/VERIFY/CC202611-420112015-01-1",
    }
    return SampleSheet(**values | changes)


def ledger_sheet(**changes):
    values = {
        "station": STATION,
        "number": ledger_samples.NUMBER,
        "created": CREATED,
        "version": 2,
        "content": ledger_samples.content(),
        "content_key": "0" * 40,
        "content_sha256": "1" * 64,
        "public_url": "HTTPS://LG.EXAMPLE.GOV.CN",
    }
    return LedgerSheet(**values | changes)


PAPERS = {
    "calling_rule": calling_rule,
    "ledger": ledger_sheet,
    "sample_sheet": sample_sheet,
    "draw_sheet": draw_sheet,
    "morning_sheet": morning_sheet,
    "fairness_sheet": fairness_sheet,
    "statistics_sheet": statistics_sheet,
    "correction_sheet": correction_sheet,
    "call_back": call_back,
    "legal_form": legal_form,
    "dispute_record": dispute_record,
    "rating_form": rating_form,
    "commitment": commitment_paper,
    "seeker_card": seeker_card,
    "agreement": agreement,
    "agreement_large": agreement,
    "key_points": key_points,
    "checklist": checklist_paper,
    "guidance_record": guidance_record,
    "referral_slip": referral_slip,
    "job_slips": job_slips,
    "job_poster": job_poster,
    "job_order": job_order,
    "seeker_form": seeker_form,
    "board": board,
}
