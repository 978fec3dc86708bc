"""The whole check of a job order: its texts (rules/lint.py) and what was filled in (domain reference 6.5).

The structured checks M01-M14 (here), W01 and W07-W11 (rules/pay_checks.py) answer with the same `Hit` as the text
rules; `field` names the JobTerms field to correct, or EMPLOYER where the employer's record is the reason.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

from rules.codes import (
    TRADES,
    CreditState,
    EmployerKind,
    EmployerState,
    Hazard,
    JuvenileRule,
    PayBasis,
    Relation,
    Trade,
)
from rules.errors import RuleBroken, RulesBroken
from rules.jobs import FIELD_LABELS, check_validity, duplicates
from rules.lint import Hit, Severity, lint_fields, structured_hit
from rules.parameters import Parameter, minimum_wage, whole
from rules.pay import hourly_equivalent
from rules.pay_checks import CheckParameters, wage_hits, working_time_hits
from rules.schedule import shift_of
from rules.terms import EmployerFacts, JobTerms

__all__ = [
    "EMPLOYER",
    "TEXT_GROUPS",
    "CheckParameters",
    "blocks",
    "by_severity",
    "check_job",
    "check_nothing_blocks",
    "check_post",
    "juvenile_obstacles",
    "lint_terms",
    "open_warnings",
    "parameters_on",
    "warnings",
]

EMPLOYER = "employer"
"""The `field` of hits that the employer's record explains, not a field of the order."""

TEXT_GROUPS: dict[str, str] = {
    "title": "DFSWHP",
    "duties": "DFSWHP",
    "requirements": "DFSWHP",
    "overtime_terms": "DFSWHP",
    "remarks": "DFSWHP",
    "landmark": "DFSP",
    # These answer the questions of group H: the words it looks for belong here.
    "hazard_notice": "DFSWP",
    "protection": "DFSWP",
    "heat_measures": "DFSWP",
    # Never public, so contact data may stand there.
    "pickup_place": "DFS",
}
"""The free texts of an order and the groups of rules that each must pass."""

_MIN_DUTIES = 10
_SUSPICIOUS_HEADCOUNT = 50
_SUSPICIOUS_PAY = 3


def parameters_on(rows: Iterable[Parameter], day: date) -> CheckParameters:
    """The values in force on a day. ParameterMissing when there is none."""
    rows = tuple(rows)
    return CheckParameters(
        minimum_wage=minimum_wage(rows, day),
        part_time_daily_hours=whole(rows, "part_time_daily_hours_avg", day),
        part_time_weekly_hours=whole(rows, "part_time_weekly_hours", day),
        part_time_cycle_days=whole(rows, "part_time_pay_cycle_days", day),
        daily_hours=whole(rows, "full_time_daily_hours", day),
        max_overtime_hours=whole(rows, "overtime_day_max", day),
        overtime_rate=whole(rows, "overtime_rate_workday", day),
        holiday_rate=whole(rows, "overtime_rate_holiday", day),
    )


def check_job(
    terms: JobTerms,
    employer: EmployerFacts,
    *,
    today: date,
    parameters: CheckParameters,
    similar_published: Sequence[str] = (),
    trade_median_fen: int | None = None,
) -> list[Hit]:
    """The structured checks of 6.5 on one order, in the order of the reference.

    `similar_published`: `rules.jobs.comparison_text` of the employer's other published posts. `trade_median_fen`: the
    median hourly equivalent of the trade's published posts, fen; None skips that check.
    """
    return [
        *_employer_hits(terms, employer, today),
        *_missing(terms),
        *_dates(terms, today, parameters),
        *_safety(terms, employer),
        *_oddities(terms, employer, similar_published, trade_median_fen),
        *wage_hits(terms, employer.kind, parameters.minimum_wage),
        *working_time_hits(terms, employer.kind, parameters),
    ]


def check_post(
    terms: JobTerms,
    employer: EmployerFacts,
    *,
    today: date,
    parameters: CheckParameters,
    similar_published: Sequence[str] = (),
    trade_median_fen: int | None = None,
) -> list[Hit]:
    """Everything a post must pass, texts and structure, BLOCK first, then WARN, then INFO. See `check_job`."""
    structured = check_job(
        terms,
        employer,
        today=today,
        parameters=parameters,
        similar_published=similar_published,
        trade_median_fen=trade_median_fen,
    )
    return by_severity([*lint_terms(terms), *structured])


def lint_terms(terms: JobTerms) -> list[Hit]:
    """The text rules on every free text of the order."""
    return lint_fields({field: text for field in TEXT_GROUPS if (text := getattr(terms, field)).strip()}, TEXT_GROUPS)


def by_severity(hits: Iterable[Hit]) -> list[Hit]:
    """The same hits, BLOCK first, then WARN, then INFO."""
    return sorted(hits, key=lambda hit: list(Severity).index(hit.severity))


def blocks(hits: Iterable[Hit], released: Collection[str] = ()) -> list[Hit]:
    """The hits that refuse the post; `released` names rules whose false positive was released (6.1)."""
    return [hit for hit in hits if hit.severity is Severity.BLOCK and hit.rule not in released]


def warnings(hits: Iterable[Hit]) -> list[Hit]:
    """The hits that must be answered."""
    return [hit for hit in hits if hit.severity is Severity.WARN]


def open_warnings(hits: Iterable[Hit], answers: Mapping[str, str]) -> list[Hit]:
    """The warnings whose rule has no answer yet; `answers` maps rule id to what was written."""
    return [hit for hit in warnings(hits) if not answers.get(hit.rule, "").strip()]


def check_nothing_blocks(hits: Sequence[Hit], released: Collection[str] = ()) -> None:
    """Raises RulesBroken with one entry per refusing hit, marks included, when the post may not be submitted."""
    refusing = blocks(hits, released)
    if refusing:
        raise RulesBroken(
            [
                RuleBroken(
                    hit.message + hit.advice,
                    hit.field,
                    ((hit.field, hit.start, hit.end),) if hit.end > hit.start else (),
                )
                for hit in refusing
            ]
        )


def _employer_hits(terms: JobTerms, employer: EmployerFacts, today: date) -> Iterator[Hit]:
    if employer.state is not EmployerState.VERIFIED:
        yield structured_hit("M01", Severity.BLOCK, EMPLOYER, "雇主未核验", "雇主还没有核验，请先核对证照、完成核验。", "HRMR 26")
    elif employer.verified_until is not None and employer.verified_until < today:
        yield structured_hit("M01", Severity.BLOCK, EMPLOYER, "核验过期", "雇主核验已经过期，请重新核验。", "NET5")
    if employer.credit is CreditState.BLOCKED:
        yield structured_hit("M14", Severity.BLOCK, EMPLOYER, "禁止发布", "该雇主已被禁止发布岗位，请联系街道或者区人社局。")
    elif employer.credit is CreditState.WATCH:
        yield structured_hit("M14", Severity.WARN, EMPLOYER, "重点关注", "该雇主在重点关注名单，须由驿站负责人审核并写明意见。")
    if (employer.agency or employer.dispatch) and not employer.licence_no.strip():
        licence = "劳务派遣经营许可证" if employer.dispatch else "人力资源服务许可证"
        yield structured_hit("M10", Severity.BLOCK, EMPLOYER, "缺许可证", f"请填写{licence}号。", "HRMR 18; LCL 57")
    if employer.dispatch and terms.relation is Relation.PART_TIME:
        yield structured_hit(
            "M10",
            Severity.BLOCK,
            "relation",
            "派遣小时工",
            "劳务派遣单位不得以小时工（非全日制）形式招用，请改选用工方式。",
            "LCR 30",
        )


def _missing(terms: JobTerms) -> Iterator[Hit]:
    required = {
        "title": bool(terms.title.strip()),
        "trade": terms.trade in TRADES,
        "headcount": terms.headcount >= 1,
        "duties": len("".join(terms.duties.split())) >= _MIN_DUTIES,
        "subdistrict": bool(terms.subdistrict),
        "landmark": bool(terms.landmark.strip()),
        "start_date": terms.start_date is not None,
        "start_time": _without_hours(terms) or terms.start_time is not None,
        "end_time": _without_hours(terms) or terms.end_time is not None,
        "pay_basis": terms.pay_basis is not None,
        "pay_fen": terms.pay_fen > 0,
        "pay_unit": terms.pay_unit is not None,
        "settle_cycle": terms.settle_cycle is not None,
        "valid_to": terms.valid_to is not None,
    }
    for field, given in required.items():
        if not given:
            yield structured_hit("M02", Severity.BLOCK, field, "缺少内容", _please_fill(field), "HRMR 24; NET5")
    if terms.start_date and terms.end_date and terms.end_date < terms.start_date:
        yield structured_hit("M02", Severity.BLOCK, "end_date", "日期颠倒", "结束日期不能早于开始日期，请改正。")
    shift = shift_of(terms)
    if shift and shift.paid_minutes <= 0:
        yield structured_hit("M02", Severity.BLOCK, "break_minutes", "休息过长", "休息时间不能长过上班时间，请改正。")
    for field in ("contact_name", "contact_phone"):
        if not getattr(terms, field).strip():
            yield structured_hit("M04", Severity.BLOCK, field, "缺少联系方式", _please_fill(field))


def _without_hours(terms: JobTerms) -> bool:
    # Live-in care and a job for a lump sum have no fixed hours (samples J08, J09, J16).
    return terms.live_in or terms.pay_basis is PayBasis.LUMP_SUM


def _please_fill(field: str) -> str:
    special = {
        "trade": "请选择工种。",
        "headcount": "请填写人数，至少1人。",
        "duties": f"请填写工作内容，至少{_MIN_DUTIES}个字。",
        "subdistrict": "请选择工作街道。",
        "landmark": "请填写公开地点，写到地标或路口。",
        "pay_basis": "请选择计酬方式。",
        "pay_unit": "请选择计价单位。",
        "settle_cycle": "请选择结算周期。",
        "valid_to": "请填写有效期至哪一天。",
        "contact_name": "请填写联系人，不会公开。",
        "contact_phone": "请填写联系电话，不会公开。",
    }
    return special.get(field, f"请填写{FIELD_LABELS[field]}。")


def _dates(terms: JobTerms, today: date, parameters: CheckParameters) -> Iterator[Hit]:
    if terms.valid_to is not None:
        try:
            check_validity(terms.valid_to, today, parameters.validity_days)
        except RuleBroken as broken:
            yield structured_hit("M03", Severity.BLOCK, "valid_to", "有效期", broken.message)
    last_day = terms.end_date or terms.start_date
    if last_day is not None and last_day < today:
        field = "end_date" if terms.end_date else "start_date"
        yield structured_hit("M03", Severity.BLOCK, field, "日期已过", "用工日期已经过了，请改成今天或者以后的日期。")


def _safety(terms: JobTerms, employer: EmployerFacts) -> Iterator[Hit]:
    trade = TRADES.get(terms.trade)
    if terms.hazards:
        for field in ("hazard_notice", "protection"):
            if not getattr(terms, field).strip():
                labels = "、".join(Hazard.label_of(tag) for tag in terms.hazards)
                message = f"选了危险因素（{labels}），请填写{FIELD_LABELS[field]}。"
                yield structured_hit("M05", Severity.BLOCK, field, "危险告知", message, "LCL 8; WSL 44")
    elif trade and trade.hazards:
        labels = "、".join(tag.label for tag in trade.hazards)
        message = f"这个工种常见的危险是{labels}，有的话请勾选并填写危险告知和防护措施。"
        yield structured_hit("M05", Severity.INFO, "hazards", "危险因素", message, "LCL 8; WSL 44")
    if trade and trade.certificates and not set(trade.certificates) & set(terms.certificates):
        special = any(certificate.special for certificate in trade.certificates)
        labels = "或".join(certificate.label for certificate in trade.certificates)
        message = f"这个工种须持证上岗，请在证书要求中选择{labels}。" if special else f"这个工种一般要{labels}，请核对。"
        severity = Severity.BLOCK if special else Severity.WARN
        yield structured_hit("M06", severity, "certificates", "证书要求", message, "WSL 30; ESM 21")
    if terms.insurance is None:
        yield structured_hit("M07", Severity.WARN, "insurance", "保险情况", "请选择保险情况；没有投保的，选“未投保（已提示）”。")
    if terms.juvenile_ok:
        yield from _juvenile_hits(terms, trade)
    if trade and trade.site and employer.kind is EmployerKind.INDIVIDUAL:
        message = "建筑工地招工须由总包或分包单位登记，并依法订立劳动合同、实名登记。"
        yield structured_hit("M09", Severity.BLOCK, "trade", "建筑工地", message, "RMW 28")
    if trade and trade.platform:
        message = "平台配送、出行、货运用工，请使用新就业形态书面协议，并说明职业伤害保障。"
        yield structured_hit("M11", Severity.WARN, "trade", "平台用工", message, "OII")


def juvenile_obstacles(terms: JobTerms) -> list[str]:
    """Why nobody of 16 or 17 may do this work whatever the employer ticked, as clauses; empty when it is possible.

    Night work (22:00-06:00), special certificates, hazards beyond those that the trade always has, and trades closed
    to minors (Labour Law art. 64, Regulations on juvenile workers art. 3, domain reference 7.4).
    """
    trade = TRADES.get(terms.trade)
    shift = shift_of(terms)
    obstacles = []
    if shift and shift.night_minutes:
        obstacles.append("未成年工不得上夜班（22:00至次日6:00）")
    needed = {*terms.certificates, *(trade.certificates if trade else ())}
    if any(code.startswith("T") for code in needed):
        obstacles.append("未成年工不得从事特种作业或者操作特种设备")
    usual = trade.hazards if trade else ()
    added = [tag for tag in terms.hazards if tag not in usual]
    if added:
        obstacles.append(f"未成年工不得从事有{'、'.join(Hazard.label_of(tag) for tag in added)}危险的工作")
    if trade is None or trade.juvenile is JuvenileRule.NO:
        obstacles.append("这个工种不能用未满18周岁的人")
    return obstacles


def _juvenile_hits(terms: JobTerms, trade: Trade | None) -> Iterator[Hit]:
    obstacles = juvenile_obstacles(terms)
    if obstacles and trade is not None:
        message = f"{'；'.join(obstacles)}。请改选“否”。"
        yield structured_hit("M08", Severity.BLOCK, "juvenile_ok", "未成年工", message, "LL 64; JUV 3")


def _oddities(terms: JobTerms, employer: EmployerFacts, similar_published: Sequence[str], trade_median_fen: int | None) -> Iterator[Hit]:
    if duplicates(terms, similar_published):
        message = "该雇主已有内容几乎相同的岗位在招，请核对是否重复登记。"
        yield structured_hit("M12", Severity.WARN, "title", "重复岗位", message)
    if employer.kind is EmployerKind.INDIVIDUAL and terms.headcount > _SUSPICIOUS_HEADCOUNT:
        message = f"个人招用超过{_SUSPICIOUS_HEADCOUNT}人，请核实用工是否真实。"
        yield structured_hit("M13", Severity.WARN, "headcount", "人数异常", message)
    hourly = hourly_equivalent(terms)
    if hourly and trade_median_fen and hourly > _SUSPICIOUS_PAY * trade_median_fen:
        message = f"报酬超过同工种中间水平的{_SUSPICIOUS_PAY}倍，请核实是否真实。"
        yield structured_hit("M13", Severity.WARN, "pay_fen", "报酬异常", message)
