"""What is printed at the counter: slips, posters, forms, cards, commitment."""

from dataclasses import fields
from datetime import date

from rules.codes import (
    Benefit,
    InsuranceState,
    PayBasis,
    PayMethod,
    PensionStatus,
    SettleCycle,
    Slot,
    VerifyMethod,
)
from rules.commitment import commitment
from rules.documents import (
    CommitmentPaper,
    JobOrderForm,
    JobPoster,
    JobSlip,
    JobSlips,
    ReferralSlip,
    SeekerCard,
    SeekerForm,
    Tick,
    ticks,
)
from tests.documents.samples.station import CREATED, STATION


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
