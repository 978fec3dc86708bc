"""What stands against an agreement of a type (domain reference 4.3, 4.6): the wrong paper, pay, hours, age, holidays, heat.

Every hit says what is wrong (`message`), what to do about it (`advice`), its legal basis (`basis`, see
`rules.lint.basis_text`) and the field of the form, or of the post, that causes it (`field`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from rules.ages import AgeStanding
from rules.checks import juvenile_obstacles
from rules.codes import (
    LABOUR_CONTRACTS,
    TRADES,
    AgreementType,
    EmployerKind,
    Hazard,
    InsuranceState,
    Relation,
)
from rules.errors import RuleBroken, RulesBroken
from rules.lint import Hit, Severity
from rules.money import yuan
from rules.pay import hourly_equivalent
from rules.pay_checks import CheckParameters, wage_hits, working_time_hits
from rules.schedule import days, shift_of
from rules.terms import JobTerms

MOST_ONE_OFF_DAYS = 3
"""`design`: how long a unit's one-off job may be (4.2 row 11)."""

LABOUR_WARNING = (
    "提示：单位招用受其管理、从事其业务组成部分的劳动者，即使写成“劳务协议”，仍可能被认定为劳动关系。"
    "请核对工作时间和管理方式，必要时改签劳动合同。"
)
"""W-LAB of 4.2 (Labour Contract Law art. 7)."""

WORKING_TIME_TYPES = LABOUR_CONTRACTS | {AgreementType.OVER_AGE, AgreementType.SHARED_LABOUR_3P}
"""Types under the working-time law: labour contracts, over-age work, and a borrowed worker's own labour contract."""

WRONG_PAPER = frozenset({"A20", "A21", "A22", "A23", "A24", "A25"})
"""Rules that no form can cure: the work is not allowed, or another type is the right one."""

_T = AgreementType
_SERVICE_LIKE = frozenset({_T.ONE_OFF_SERVICE, _T.DOMESTIC, _T.KEY_POINTS, _T.WORK_RESULT})
_NEEDS_UNIT = LABOUR_CONTRACTS | {_T.OVER_AGE, _T.SHARED_LABOUR_3P, _T.PLATFORM_WRITTEN}
_RELATION = {_T.PART_TIME: Relation.PART_TIME, _T.OVER_AGE: Relation.OVER_AGE}

# Days that the holidays law fixes in the solar calendar; those of the lunar one are named in the advice.
_FIXED_HOLIDAYS = {(1, 1): "元旦", (5, 1): "劳动节", (5, 2): "劳动节", (10, 1): "国庆节", (10, 2): "国庆节", (10, 3): "国庆节"}


@dataclass(frozen=True, slots=True)
class Worker:
    """What the checks ask about the worker. `gender` "M", "F" or None; `no_night_work`: she told so herself (LL 61, 63)."""

    standing: AgeStanding
    gender: str | None = None
    no_night_work: bool = False


def check_agreement(
    kind: AgreementType,
    terms: JobTerms,
    employer_kind: EmployerKind,
    standing: AgeStanding,
    *,
    parameters: CheckParameters,
    gender: str | None = None,
    no_night_work: bool = False,
    written: str = "",
    most_days: int = MOST_ONE_OFF_DAYS,
) -> list[Hit]:
    """What staff must look at before an agreement of `kind` is printed: BLOCK hits stop printing, WARN hits are answered.

    `standing` is the worker's on the first working day, `parameters` those in force then (`rules.checks.parameters_on`),
    `written` what the two sides agreed in free words. Raises RulesBroken where no form can cure it (WRONG_PAPER): under
    16, work closed to minors, and a type that is not the right paper for these two.
    """
    hits = agreement_hits(
        kind,
        terms,
        employer_kind,
        standing,
        parameters=parameters,
        gender=gender,
        no_night_work=no_night_work,
        written=written,
        most_days=most_days,
    )
    refuse_wrong_paper(hits)
    return hits


def refuse_wrong_paper(hits: Iterable[Hit]) -> None:
    """RulesBroken with every hit of WRONG_PAPER, each with its cure."""
    _refuse([hit for hit in hits if hit.rule in WRONG_PAPER])


def refuse_blocked(hits: Iterable[Hit]) -> None:
    """RulesBroken with every BLOCK hit of this module at its field: such an agreement is not printed."""
    _refuse([hit for hit in hits if hit.severity is Severity.BLOCK and hit.start == hit.end])


def _refuse(hits: list[Hit]) -> None:
    if hits:
        raise RulesBroken([RuleBroken(hit.message + hit.advice, hit.field) for hit in hits])


def agreement_hits(
    kind: AgreementType,
    terms: JobTerms,
    employer_kind: EmployerKind,
    standing: AgeStanding,
    *,
    parameters: CheckParameters,
    gender: str | None = None,
    no_night_work: bool = False,
    written: str = "",
    most_days: int = MOST_ONE_OFF_DAYS,
) -> list[Hit]:
    """The same as `check_agreement` without raising: what refuses the whole paper is among the hits, first."""
    worker = Worker(standing, gender, no_night_work)
    unit = employer_kind is EmployerKind.UNIT
    return [
        *_wrong_paper(kind, terms, unit, standing),
        *_relation(kind, terms, unit, most_days),
        *_pay(kind, terms, employer_kind, parameters),
        *_hours(kind, terms, employer_kind, parameters, written),
        *_holidays(kind, terms, parameters, written),
        *_people(kind, terms, unit, worker),
        *_over_age(kind, terms, standing, parameters),
        *_insurance(kind, terms),
    ]


def _hit(rule: str, severity: Severity, field: str, name: str, message: str, advice: str, basis: str) -> Hit:
    return Hit(rule, severity, field, 0, 0, "", name, rule[0], message, basis, advice)


def _wrong(rule: str, field: str, name: str, message: str, advice: str, basis: str) -> Hit:
    return _hit(rule, Severity.BLOCK, field, name, message, advice, basis)


def _warning(rule: str, field: str, name: str, message: str, advice: str, basis: str) -> Hit:
    return _hit(rule, Severity.WARN, field, name, message, advice, basis)


def _wrong_paper(kind: AgreementType, terms: JobTerms, unit: bool, standing: AgeStanding) -> Iterator[Hit]:
    if standing is AgeStanding.UNDER_16:
        message = "不得招用未满16周岁人员，不能签协议。"
        yield _wrong("A20", "worker", "童工", message, "请停止办理，并劝其回到学校或者家中。", "CHILD 2, 4; LL 15")
    if standing is AgeStanding.JUVENILE and (obstacles := juvenile_obstacles(terms)):
        message = f"乙方未满18周岁：{'；'.join(obstacles)}，不能签协议。"
        yield _wrong("A21", "worker", "未成年工禁忌", message, "请另外推荐允许未成年工做的岗位。", "LL 64; JUV 3")
    if unit and standing is AgeStanding.OVER_AGE and kind in LABOUR_CONTRACTS | {_T.ONE_OFF_SERVICE, _T.KEY_POINTS, _T.DOMESTIC}:
        message = f"单位招用超过法定退休年龄的人员，应当签订超龄用工协议并参加工伤保险，不能用{kind.label}。"
        yield _wrong("A22", "agreement_type", "超龄用工", message, "请改选超龄用工协议。", "OVER 6, 15")
    trade = TRADES.get(terms.trade)
    if trade and trade.platform and kind not in {_T.PLATFORM_WRITTEN, _T.FIXED_TERM}:
        message = f"平台配送、出行用工请使用新就业形态书面协议，不能用{kind.label}。"
        yield _wrong(
            "A23", "agreement_type", "平台用工", message, "请改选新就业形态书面协议；平台完全按员工管理的，签劳动合同。", "NEF56(二)"
        )
    if not unit and kind in _NEEDS_UNIT:
        message = f"个人或家庭不是用人单位，不能用{kind.label}。"
        yield _wrong("A24", "agreement_type", "雇主不符", message, "请改选零工劳务协议、家政服务协议或者承揽协议。", "LCL 2")
    if kind is _T.OVER_AGE and standing in {AgeStanding.JUVENILE, AgeStanding.NORMAL}:
        message = "乙方没有到法定退休年龄，也没有领取养老金，不能用超龄用工协议。"
        yield _wrong("A25", "agreement_type", "年龄不符", message, "请改选劳动合同或者别的协议。", "OVER 2")


def _relation(kind: AgreementType, terms: JobTerms, unit: bool, most_days: int) -> Iterator[Hit]:
    if not unit or kind not in _SERVICE_LIKE:
        return
    words = LABOUR_WARNING if kind is not _T.WORK_RESULT else LABOUR_WARNING.replace("劳务协议", kind.label)
    advice = "受单位考勤、排班管理的，请改签非全日制用工劳动合同或者劳动合同。"
    yield _warning("A01", "agreement_type", "劳动关系", words, advice, "LCL 7; NEF56(二)")
    span = days(terms.start_date, terms.end_date or terms.start_date) if terms.start_date else 0
    if span > most_days and kind in {_T.ONE_OFF_SERVICE, _T.KEY_POINTS}:
        message = f"单位的一次性劳务一般不超过{most_days}天，这份协议有{span}天。"
        yield _warning("A02", "end_date", "天数", message, "请核对是否应当签劳动合同，或者缩短天数。", "LCL 7")
    trade = TRADES.get(terms.trade)
    if trade and trade.site:
        message = "建筑工地的总包或分包单位用工，应当订立劳动合同并实名登记。"
        yield _warning("A06", "agreement_type", "建筑工地", message, "请核对是不是工地；是的话改签劳动合同，登记后再进场。", "RMW 28")
    if terms.relation in {Relation.PART_TIME, Relation.FIXED}:
        message = f"岗位登记的用工方式是“{terms.relation.label}”，请核对是否应当签劳动合同。"
        yield _warning("A07", "agreement_type", "用工方式", message, "要签劳动合同的，请改选协议类型。", "LCL 7, 68")


def _pay(kind: AgreementType, terms: JobTerms, employer: EmployerKind, parameters: CheckParameters) -> Iterator[Hit]:
    unit, minimum = employer is EmployerKind.UNIT, parameters.minimum_wage
    advice = "请双方把工钱改到最低工资标准以上；加班费、夜班和高温津贴不算在内。"
    if kind in WORKING_TIME_TYPES:
        relation = _RELATION.get(kind, Relation.FIXED)
        if kind is _T.OVER_AGE and _part_time_hours(terms, parameters):
            relation = Relation.PART_TIME  # a few hours a day: the hourly minimum is the one to compare with
        for hit in wage_hits(replace(terms, relation=relation), EmployerKind.UNIT, minimum):
            basis = {_T.PART_TIME: "LCL 72; MWR 12", _T.OVER_AGE: "OVER 11; MWR 12"}.get(kind, "LL 48; MWR 12")
            # Live-in or lump work without hours: nobody can tell what an hour pays.
            yield replace(hit, field="unit_price", basis=basis, advice=advice if hit.severity is Severity.BLOCK else "请写明每天做几小时。")
        return
    hourly = hourly_equivalent(terms)
    asked = unit or kind in {_T.ONE_OFF_SERVICE, _T.DOMESTIC, _T.KEY_POINTS}
    if asked and hourly is not None and hourly < minimum.hour_fen:
        message = f"折算每小时{yuan(hourly)}元，低于当前最低工资标准{yuan(minimum.hour_fen)}元，请双方再商量报酬。"
        yield _warning("A03", "unit_price", "报酬偏低", message, advice if unit else "请把每小时的工钱说给双方听，再商量。", "MWR 12")


def _part_time_hours(terms: JobTerms, parameters: CheckParameters) -> bool:
    """Whether hours are given and lie within part-time work."""
    if shift_of(terms) is None or terms.live_in:
        return False
    part_time = replace(terms, relation=Relation.PART_TIME, settle_cycle=None)
    return not any(hit.rule == "W10" for hit in working_time_hits(part_time, EmployerKind.UNIT, parameters))


def _hours(kind: AgreementType, terms: JobTerms, employer: EmployerKind, parameters: CheckParameters, written: str) -> Iterator[Hit]:
    unit, labour = employer is EmployerKind.UNIT, kind in WORKING_TIME_TYPES
    judged = replace(
        terms, relation=_RELATION.get(kind, Relation.FIXED), overtime_terms=f"{terms.overtime_terms} {_about('加班', written)}"
    )
    for hit in working_time_hits(judged, EmployerKind.UNIT, parameters):
        if hit.rule == "W07":
            yield replace(hit, basis="MWR 12", advice="问清熟手正常一小时做多少，写进协议，才能算出有没有到最低工资。")
        elif hit.rule == "W08" and labour:
            long = hit.severity is Severity.BLOCK
            daily = parameters.daily_hours
            rate = f"在特别约定里写明超出部分按不低于工资的{parameters.overtime_rate}%支付，或者把每天工时改到{daily}小时以内。"
            yield replace(hit, advice="请缩短每天的工时，或者分成两班。" if long else f"请{rate}")
        elif hit.rule == "W09" and labour:
            yield replace(hit, severity=Severity.BLOCK, advice="请写明每周哪一天休息。")
        elif hit.rule == "W10" and kind is _T.PART_TIME:
            slow = hit.field == "settle_cycle"
            yield replace(hit, advice="请改成周结或者半月结。" if slow else "做不到的，请改选固定期限劳动合同。")
        elif hit.rule == "W11" and unit and "暑" not in written:
            yield replace(hit, advice="请写明避开最热时段、饮水、休息和防暑用品。")


def _about(word: str, written: str) -> str:
    return written if word in written else ""


def fixed_holidays(start: date, end: date) -> list[tuple[date, str]]:
    """The statutory holidays of the solar calendar from start to end, at most those of one year (HOL)."""
    span = min(days(start, end), 366)
    every = (start + timedelta(days=offset) for offset in range(span))
    return [(day, name) for day in every if (name := _FIXED_HOLIDAYS.get((day.month, day.day)))]


def _holidays(kind: AgreementType, terms: JobTerms, parameters: CheckParameters, written: str) -> Iterator[Hit]:
    if kind not in WORKING_TIME_TYPES or terms.start_date is None:
        return
    agreed = f"{terms.overtime_terms} {written}"
    rate = parameters.holiday_rate
    if any(word in agreed for word in (f"{rate}%", f"{rate}％", "三倍", "3倍", "节假日休息", "节日休息")):
        return
    names = dict.fromkeys(name for _, name in fixed_holidays(terms.start_date, terms.end_date or terms.start_date))
    if names:
        message = f"工作期间有法定节假日（{'、'.join(names)}），没有写节日上班怎么付钱。"
        advice = f"请安排当天休息，或者在特别约定里写明：法定节假日上班按不低于工资的{rate}%支付。春节、清明、端午、中秋也一样。"
        yield _warning("A10", "special_terms", "法定节假日", message, advice, "LL 44; 《全国年节及纪念日放假办法》")


def _people(kind: AgreementType, terms: JobTerms, unit: bool, worker: Worker) -> Iterator[Hit]:
    shift, trade = shift_of(terms), TRADES.get(terms.trade)
    if worker.standing is AgeStanding.JUVENILE:
        message = "乙方未满18周岁，请监护人在协议上签名同意。"
        advice = "请监护人到场；16周岁以上、以自己的劳动收入为主要生活来源的，请在特别约定里写明。"
        yield _warning("A04", "worker", "未成年工", message, advice, "CC 18, 19, 145")
        if unit:
            message = "单位招用未成年工，上岗前要安排健康检查，并向人社部门登记，领取未成年工登记证。"
            yield _warning("A08", "worker", "未成年工登记", message, "请提醒单位办好再上岗，把登记证号记在档案里。", "LL 65; JUV 6, 9")
        message = "22:00至次日6:00不得安排未成年工上班。"
        yield _warning("A09", "end_time", "未成年工夜班", message, "请告诉雇主：到点必须下班，不得加班到22:00以后。", "JUV 3; LL 64")
        if trade and trade.outdoor:
            message = "气温35℃以上的高温天气，不得安排未成年工在室外露天作业。"
            yield _warning("A15", "worker", "未成年工高温", message, "请告诉雇主高温天停工。", "HEAT 8")
    if unit and worker.standing is AgeStanding.MAYBE_OVER_AGE:
        message = "乙方可能已到退休年龄，请核对是否已领取养老金；已领取的应当签超龄用工协议。"
        advice = "请问本人“领养老金了没有、办退休了没有”，把答复记下来。"
        yield _warning("A05", "worker", "退休年龄", message, advice, "OVER 2, 6")
    if shift and shift.night_minutes and not terms.live_in:
        if worker.no_night_work:
            message = "本人说明依法不能上夜班，不得安排22:00至次日6:00的工作。"
            yield _hit("A11", Severity.BLOCK, "end_time", "夜班", message, "请改成白天的班，或者另外推荐岗位。", "LL 61, 63")
        elif worker.gender == "F":
            message = "有夜班（22:00至次日6:00）。怀孕7个月以上和哺乳期的女职工不得上夜班。"
            yield _warning("A11", "end_time", "夜班", message, "请把这句话念给本人听，由本人自己说，不要追问。", "LL 61, 63")


def _over_age(kind: AgreementType, terms: JobTerms, standing: AgeStanding, parameters: CheckParameters) -> Iterator[Hit]:
    if kind is not _T.OVER_AGE or standing in {AgeStanding.UNDER_16, AgeStanding.JUVENILE}:
        return
    trade = TRADES.get(terms.trade)
    tags = dict.fromkeys([*terms.hazards, *(trade.hazards if trade else ())])
    if tags:
        labels = "、".join(Hazard.label_of(tag) for tag in tags)
        message = f"这个工种有{labels}的危险，不得安排超龄劳动者做危害身心健康的劳动和危险作业。"
        advice = f"请把{labels}的活减到本人做得了的程度，写进协议；减不了的另外推荐岗位。"
        yield _warning("A12", "hazard_notice", "超龄劳动保护", message, advice, "OVER 9, 13")
    shift = shift_of(terms)
    if shift and shift.paid_minutes > parameters.daily_hours * 60:
        message = f"超龄劳动者一般不安排加班，现在每天超过{parameters.daily_hours}小时。"
        yield _warning("A13", "end_time", "超龄加班", message, f"请把每天工时改到{parameters.daily_hours}小时以内。", "OVER 9, 13")


def _insurance(kind: AgreementType, terms: JobTerms) -> Iterator[Hit]:
    if kind in {_T.OVER_AGE, _T.PART_TIME} and terms.insurance not in {None, InsuranceState.WORK_INJURY}:
        over = kind is _T.OVER_AGE
        message = f"岗位登记的保险是“{terms.insurance.label if terms.insurance else ''}”，单位还应当为乙方参加工伤保险。"
        basis = "OVER 15" if over else "《关于非全日制用工若干问题的意见》第12条"
        yield _warning("A14", "insurance", "工伤保险", message, "请单位先办工伤保险，把保险约定改成“参加工伤保险”。", basis)
