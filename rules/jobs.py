"""The life of a job order (domain reference 3.3): which step follows which, what needs a new review, who may review."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date, time, timedelta
from difflib import SequenceMatcher
from typing import Any

from rules.codes import (
    InsuranceState,
    JobState,
    Labelled,
    PayBasis,
    PayMethod,
    PayUnit,
    Relation,
    SettleCycle,
)
from rules.errors import RuleBroken
from rules.terms import JobTerms

MIN_REASON = 5
"""Characters of a reason (3): shorter ones explain nothing."""

_COMPARED_CHARACTERS = 2_000


class JobEvent(Labelled):
    """What can happen to a job order; the label completes "不能…"."""

    SUBMIT = "SUBMIT", "提交审核"
    TAKE_REVIEW = "TAKE_REVIEW", "开始审核"
    RETURN = "RETURN", "退回修改"
    REJECT = "REJECT", "驳回"
    APPROVE = "APPROVE", "审核通过"
    PUBLISH = "PUBLISH", "发布"
    EDIT_SUBSTANTIVE = "EDIT_SUBSTANTIVE", "修改主要内容"
    PAUSE = "PAUSE", "暂停招工"
    RESUME = "RESUME", "恢复招工"
    FILL = "FILL", "招满"
    REOPEN = "REOPEN", "重新放出名额"
    EXPIRE = "EXPIRE", "到期下线"
    RENEW = "RENEW", "续期"
    WITHDRAW = "WITHDRAW", "撤回"
    TAKE_DOWN = "TAKE_DOWN", "下架"
    APPEAL_ACCEPTED = "APPEAL_ACCEPTED", "申诉成立后重新审核"


_S, _E = JobState, JobEvent

TRANSITIONS: dict[tuple[JobState, JobEvent], JobState] = {
    (_S.DRAFT, _E.SUBMIT): _S.SUBMITTED,
    (_S.SUBMITTED, _E.TAKE_REVIEW): _S.IN_REVIEW,
    (_S.IN_REVIEW, _E.RETURN): _S.DRAFT,
    (_S.IN_REVIEW, _E.REJECT): _S.REJECTED,
    (_S.IN_REVIEW, _E.APPROVE): _S.APPROVED,
    (_S.APPROVED, _E.PUBLISH): _S.PUBLISHED,
    (_S.APPROVED, _E.WITHDRAW): _S.WITHDRAWN,
    (_S.PUBLISHED, _E.EDIT_SUBSTANTIVE): _S.SUBMITTED,
    (_S.PUBLISHED, _E.PAUSE): _S.PAUSED,
    (_S.PUBLISHED, _E.FILL): _S.FILLED,
    (_S.PUBLISHED, _E.EXPIRE): _S.EXPIRED,
    (_S.PUBLISHED, _E.WITHDRAW): _S.WITHDRAWN,
    (_S.PUBLISHED, _E.TAKE_DOWN): _S.TAKEN_DOWN,
    (_S.PAUSED, _E.RESUME): _S.PUBLISHED,
    # A referral that was under way when the post was paused may still take the last place.
    (_S.PAUSED, _E.FILL): _S.FILLED,
    (_S.PAUSED, _E.EXPIRE): _S.EXPIRED,
    # An employer that is blocked must not bring a paused post back.
    (_S.PAUSED, _E.TAKE_DOWN): _S.TAKEN_DOWN,
    (_S.PAUSED, _E.WITHDRAW): _S.WITHDRAWN,
    (_S.FILLED, _E.REOPEN): _S.PUBLISHED,
    (_S.EXPIRED, _E.RENEW): _S.SUBMITTED,
    (_S.TAKEN_DOWN, _E.APPEAL_ACCEPTED): _S.IN_REVIEW,
    # A rejection may be appealed like a take-down: nobody's word against an employer stays unheard.
    (_S.REJECTED, _E.APPEAL_ACCEPTED): _S.IN_REVIEW,
}

_NEXT_STEP: dict[JobState, str] = {
    _S.DRAFT: "请先填写完整并提交审核。",
    _S.SUBMITTED: "请先由审核人开始审核。",
    _S.IN_REVIEW: "请等审核人给出结论。",
    _S.REJECTED: "请先提出申诉，申诉成立后重新审核；或者重新登记。",
    _S.APPROVED: "请发布，或者撤回。",
    _S.PUBLISHED: "可以修改、暂停、撤回或者下架。",
    _S.PAUSED: "请先恢复招工，或者撤回。",
    _S.FILLED: "有人没到岗、名额空出来后可以重新放出名额。",
    _S.EXPIRED: "请先续期。",
    _S.WITHDRAWN: "这个岗位已经结束，需要的话请重新登记。",
    _S.TAKEN_DOWN: "请先提出申诉，申诉成立后重新审核。",
}

FIELD_LABELS: dict[str, str] = {
    "title": "岗位名称",
    "trade": "工种",
    "headcount": "人数",
    "duties": "工作内容",
    "requirements": "招用条件",
    "subdistrict": "工作街道",
    "landmark": "公开地点（地标或路口）",
    "exact_address": "详细地址（不公开）",
    "start_date": "开始日期",
    "end_date": "结束日期",
    "start_time": "上班时间",
    "end_time": "下班时间",
    "break_minutes": "中间休息（分钟）",
    "weekly_days": "每周做几天",
    "live_in": "是否住家",
    "overtime_terms": "加班约定",
    "pay_basis": "计酬方式",
    "pay_fen": "单价",
    "pay_unit": "计价单位",
    "output_per_hour_milli": "正常每小时完成量",
    "settle_cycle": "结算周期",
    "pay_method": "支付方式",
    "benefits": "食宿交通等待遇",
    "pickup_place": "接送上车地点（不公开）",
    "pickup_time": "接送时间",
    "certificates": "证书要求",
    "hazards": "危险因素",
    "hazard_notice": "危险告知",
    "protection": "防护措施",
    "heat_measures": "防暑降温措施",
    "insurance": "保险情况",
    "juvenile_ok": "是否可用16至17周岁的人",
    "relation": "用工方式",
    "valid_to": "有效期至",
    "remarks": "备注",
    "contact_name": "联系人（不公开）",
    "contact_phone": "联系电话（不公开）",
}
"""The Chinese name of every JobTerms field, for summaries, differences and review marks."""

SUBSTANTIVE_FIELDS: frozenset[str] = frozenset(FIELD_LABELS) - {
    "pay_method",
    "pickup_place",
    "pickup_time",
    "hazard_notice",
    "protection",
    "heat_measures",
    "insurance",
    "valid_to",
    "remarks",
    "contact_name",
    "contact_phone",
}
"""Fields whose change sends a published post back to review (3.3: pay, headcount, place, dates and hours, duties,
requirements). The others may change at once, after the same checks."""


def can(state: JobState, event: JobEvent) -> bool:
    """Whether the event is possible in this state."""
    return (state, event) in TRANSITIONS


def next_state(state: JobState, event: JobEvent) -> JobState:
    """The state after the event. Raises RuleBroken, which names the state and what to do, when it is not possible."""
    following = TRANSITIONS.get((state, event))
    if following is None:
        raise RuleBroken(f"岗位现在是“{state.label}”，不能{event.label}。{_NEXT_STEP[state]}")
    return following


def events_from(state: JobState) -> list[JobEvent]:
    """What can happen next, in the order of the life of a post: for menus."""
    return [event for event in JobEvent if can(state, event)]


def substantive_changes(old: JobTerms, new: JobTerms) -> list[str]:
    """Names of the substantive fields that differ, in form order; empty when the post may stay published."""
    return [name for name in FIELD_LABELS if name in SUBSTANTIVE_FIELDS and getattr(old, name) != getattr(new, name)]


def changes(old: JobTerms, new: JobTerms) -> list[str]:
    """Names of all fields that differ, in form order."""
    return [name for name in FIELD_LABELS if getattr(old, name) != getattr(new, name)]


def check_reviewer(author_id: int, reviewer_id: int, active_staff: int) -> None:
    """Author and reviewer are two people wherever the station has two active staff. Raises RuleBroken."""
    if author_id == reviewer_id and active_staff >= 2:
        raise RuleBroken("自己登记的岗位不能自己审核，请让另一位工作人员审核。")


def check_reason(text: str, field: str = "reason") -> str:
    """The reason without outer spaces. Raises RuleBroken when it has fewer than five characters."""
    reason = text.strip()
    if len("".join(reason.split())) < MIN_REASON:
        raise RuleBroken(f"请写明原因，至少{MIN_REASON}个字。", field)
    return reason


def check_validity(valid_to: date | None, published_on: date, max_days: int = 30) -> None:
    """A post is valid for at most `max_days` from its publication, and not into the past (M03). Raises RuleBroken."""
    if valid_to is None:
        raise RuleBroken("请填写有效期至哪一天。", "valid_to")
    if valid_to < published_on:
        raise RuleBroken("有效期已经过了，请改成今天或者以后的日期。", "valid_to")
    latest = published_on + timedelta(days=max_days)
    if valid_to > latest:
        raise RuleBroken(f"有效期最长{max_days}天，最晚到{latest.year}年{latest.month}月{latest.day}日，请改短。", "valid_to")


def comparison_text(terms: JobTerms) -> str:
    """What two posts are compared by (M12): the title on the first line, then the duties."""
    return f"{''.join(terms.title.split())}\n{''.join(terms.duties.split())}"


def similarity(a: str, b: str) -> int:
    """How alike two texts are, 0 to 100, from their first 2,000 characters."""
    a, b = a[:_COMPARED_CHARACTERS], b[:_COMPARED_CHARACTERS]
    if a == b:
        return 100
    matcher = SequenceMatcher(None, a, b)
    bound = matcher.quick_ratio()
    return int(100 * (bound if bound < 0.5 else matcher.ratio()))


def duplicates(terms: JobTerms, published: Iterable[str], threshold: int = 90) -> bool:
    """Whether one of the employer's published posts (their `comparison_text`) has this title and nearly this text."""
    own = comparison_text(terms)
    title = own.partition("\n")[0]
    return any(other.partition("\n")[0] == title and similarity(own, other) >= threshold for other in published if other)


_ENUMS: dict[str, Any] = {
    "pay_basis": PayBasis,
    "pay_unit": PayUnit,
    "settle_cycle": SettleCycle,
    "pay_method": PayMethod,
    "insurance": InsuranceState,
    "relation": Relation,
}
_DATES = frozenset({"start_date", "end_date", "valid_to"})
_TIMES = frozenset({"start_time", "end_time", "pickup_time"})
_TUPLES = frozenset({"benefits", "certificates", "hazards"})


def terms_to_record(terms: JobTerms) -> dict[str, Any]:
    """The terms as plain JSON values, for a version snapshot: dates and times in ISO form, choices by value."""
    record: dict[str, Any] = {}
    for name in FIELD_LABELS:
        value = getattr(terms, name)
        if isinstance(value, (date, time)):
            value = value.isoformat()
        elif isinstance(value, tuple):
            value = list(value)
        elif isinstance(value, Labelled):
            value = value.value
        record[name] = value
    return record


def terms_from_record(record: Mapping[str, Any]) -> JobTerms:
    """The terms of a snapshot. Fields that an old snapshot lacks keep their defaults; unknown ones are left out."""
    values: dict[str, Any] = {}
    for name in (field.name for field in fields(JobTerms)):
        if name not in record:
            continue
        value = record[name]
        if value is None:
            pass
        elif name in _DATES:
            value = date.fromisoformat(value)
        elif name in _TIMES:
            value = time.fromisoformat(value)
        elif name in _TUPLES:
            value = tuple(value)
        elif name in _ENUMS:
            value = _ENUMS[name](value)
        values[name] = value
    return JobTerms(**values)
