"""Agreements of every type, their key points, checklist and guidance record."""

from rules.agreements import fill
from rules.checklists import checklist
from rules.codes import (
    OFFICIAL_TEXTS,
    AgreementType,
)
from rules.documents import (
    AgreementPaper,
    GuidanceRecord,
)
from rules.numbers import AGREEMENT_LETTERS
from rules.wordings import built_in
from tests.documents.samples.station import CREATED, STATION

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
