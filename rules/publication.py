"""What stands between a draft and the board: answers to warnings, released hits, freshness, who may review."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from typing import Any

from rules.board import search_tokens
from rules.checks import open_warnings, warnings
from rules.codes import Channel, CreditState, EmployerState, JobState, VerifyMethod
from rules.errors import RuleBroken, RulesBroken
from rules.jobs import FIELD_LABELS, terms_to_record
from rules.lint import Hit, Severity, first_of_each
from rules.terms import EmployerFacts, JobTerms

SEALED_FIELDS: tuple[str, ...] = ("exact_address", "contact_name", "contact_phone", "pickup_place")
"""Fields of an order that are sealed at rest and never public."""

STALE_AFTER = 15
"""Days after which a post that nobody verified again leaves the board (3.3)."""

REVIEW_WITHIN = timedelta(hours=24)
"""A submitted post should be decided within this time."""

MANAGER_ONLY = "M14"
"""The check of an employer under watch: its posts are reviewed by the manager (3.2)."""

ANSWER_LIMIT = 200
"""Characters of an answer to a warning."""

_RUNNING_OUT = frozenset({JobState.PUBLISHED, JobState.PAUSED})


def shown_state(state: JobState, valid_to: date | None, today: date) -> JobState:
    """The state as of today: a published or paused post whose last valid day has passed is expired."""
    if state in _RUNNING_OUT and valid_to is not None and valid_to < today:
        return JobState.EXPIRED
    return state


def is_stale(verified_on: date | None, today: date) -> bool:
    """Whether a post was last verified more than 15 days ago, or never."""
    return verified_on is None or (today - verified_on).days > STALE_AFTER


def overdue(submitted_at: datetime, now: datetime) -> bool:
    """Whether a post has waited for its review longer than it should."""
    return now - submitted_at > REVIEW_WITHIN


def post_tokens(terms: JobTerms) -> list[str]:
    """The search tokens of a published post: its public words, and the facets the board filters by."""
    return search_tokens(terms_to_record(terms))


def without_sealed(hits: Iterable[Hit]) -> list[Hit]:
    """The same hits without the words of sealed fields, so that they may be kept and shown."""
    return [replace(hit, words="", start=0, end=0) if hit.field in SEALED_FIELDS else hit for hit in hits]


def hits_to_record(hits: Iterable[Hit]) -> list[dict[str, Any]]:
    """The hits as plain JSON values, to keep with a version."""
    return [{**asdict(hit), "severity": hit.severity.value} for hit in hits]


def hits_from_record(record: Iterable[Mapping[str, Any]]) -> list[Hit]:
    """The hits that were kept with a version."""
    return [Hit(**{**hit, "severity": Severity(hit["severity"])}) for hit in record]


def unreleased(hits: Iterable[Hit], releases: Collection[tuple[str, str]]) -> list[Hit]:
    """The hits without refusals that were released; `releases` holds (rule, words) pairs, so that other words count."""
    return [hit for hit in hits if hit.severity is not Severity.BLOCK or (hit.rule, hit.words[:200]) not in releases]


def cleaned_answers(answers: Mapping[str, str]) -> dict[str, str]:
    """The answers that say something. RuleBroken on `answer-<rule>` for one that is too long."""
    kept = {rule: text.strip() for rule, text in answers.items() if text.strip()}
    for rule, text in kept.items():
        if len(text) > ANSWER_LIMIT:
            raise RuleBroken(f"说明最多{ANSWER_LIMIT}个字，请删短一些。", f"answer-{rule}")
    return kept


def check_answers(hits: Sequence[Hit], answers: Mapping[str, str]) -> None:
    """Every warning must be answered by the author before review (6.1). RulesBroken, one per rule."""
    silent = {hit.rule: hit for hit in open_warnings(hits, answers)}
    if silent:
        raise RulesBroken(
            [RuleBroken(f"{hit.message.removesuffix('。')}。请写明核实情况。", f"answer-{rule}") for rule, hit in silent.items()]
        )


def check_confirmed(hits: Sequence[Hit], confirmed: Collection[str]) -> None:
    """Every warning must be ticked 已核实 by the reviewer (6.1). RulesBroken, one per rule."""
    missing = [hit for hit in first_of_each(warnings(hits)) if hit.rule not in confirmed]
    if missing:
        raise RulesBroken([RuleBroken(f"还没有勾“已核实”：{hit.message}", f"confirmed-{hit.rule}") for hit in missing])


def check_reviewers(reviewer: int, author: int, hands: Collection[int], active: Collection[int]) -> None:
    """Who wrote a post does not review it (9, rule 1), wherever the station has two active staff.

    `author` wrote the version under review, `hands` everybody who wrote a version since the last publication. Somebody
    who wrote an earlier one may review only where nobody else is left. Raises RuleBroken.
    """
    if len(set(active)) < 2:
        return
    others = set(active) - set(hands) - {author}
    if reviewer == author or (reviewer in hands and others):
        raise RuleBroken("自己登记或修改的岗位不能自己审核，请让另一位工作人员审核。")


def check_watched(watched: bool, *, may_approve: bool) -> None:
    """Every post of an employer under watch needs somebody who may approve it, the manager (3.2). Raises RuleBroken."""
    if watched and not may_approve:
        raise RuleBroken("该雇主在重点关注名单，这个岗位须由驿站负责人审核。")


def check_not_blocked(credit: CreditState) -> None:
    """A blocked employer drafts, submits and publishes nowhere in the district (3.2). Raises RuleBroken."""
    if credit is CreditState.BLOCKED:
        raise RuleBroken("该雇主已被禁止发布岗位，请联系街道或者区人社局。")


def check_not_frozen(case: Mapping[str, Any] | None, *, own: bool) -> None:
    """While a case of unpaid work is open, its employer begins nothing new at any station. RuleBroken says what to do.

    `case`: its `number`, `station_name` and `station_phone`; None when there is none. `own`: said to the employer itself.
    """
    if case is not None:
        raise RuleBroken(frozen_sentence(case, own=own))


def frozen_sentence(case: Mapping[str, Any], *, own: bool) -> str:
    """Why an employer begins nothing new, what goes on all the same, and what to do about it."""
    goes_on = "了结以后马上恢复。已经公开的岗位和已经谈好的活照常进行。"
    if own:
        return (
            "有零工反映没有拿到工钱，这件事还没有了结，现在不能办理新的招工。"
            f"请先付清工钱，或者联系{case['station_name']}（电话{case['station_phone']}）说明情况；{goes_on}"
        )
    return (
        f"该雇主有一件拖欠报酬的维权没有了结（{case['station_name']}，{case['number']}），全区暂停办理新的招工。"
        f"请雇主先付清零工的工钱，或者联系办理的驿站说明情况；{goes_on}"
    )


def check_employer_stands(employer: EmployerFacts, today: date) -> None:
    """A post stays or comes back on the board only while its employer may post: not blocked, verified and in time.

    Raises RuleBroken.
    """
    check_not_blocked(employer.credit)
    if employer.state is not EmployerState.VERIFIED:
        raise RuleBroken("雇主现在没有通过核验，请先核对证照、完成核验。")
    if employer.verified_until is None or employer.verified_until < today:
        raise RuleBroken("雇主核验已经过期，请先重新核验雇主。")


def check_post_verification(method: VerifyMethod) -> None:
    """An acquaintance's word never counts alone (7.13). Raises RuleBroken on `method`."""
    if method is VerifyMethod.REFERENCE:
        raise RuleBroken("熟人担保不能单独使用，请再用别的方式核实，并选那种方式。", "method")


def check_fresh(verified_on: date | None, today: date) -> None:
    """A post is approved only when somebody verified it within the last 15 days. Raises RuleBroken."""
    if verified_on is None:
        raise RuleBroken("这个岗位还没有核实，请先打电话或者上门核实，登记核实方式后再通过。")
    if is_stale(verified_on, today):
        raise RuleBroken(f"上次核实已过{STALE_AFTER}天，请重新核实后再通过。")


def checked_channels(channels: Iterable[str]) -> tuple[Channel, ...]:
    """The channels of a publication, each once. Raises RuleBroken on `channels` for none or an unknown one."""
    known = {channel.value for channel in Channel}
    wanted = list(dict.fromkeys(channels))
    if not wanted or any(channel not in known for channel in wanted):
        raise RuleBroken("请至少选一个发布渠道。", "channels")
    return tuple(Channel(channel) for channel in wanted)


def checked_marks(marked: Mapping[str, str]) -> dict[str, str]:
    """The fields a reviewer marked and what is to be changed there. RuleBroken: an unknown field, or too long a note."""
    kept = {field: note.strip() for field, note in marked.items() if note.strip()}
    for field, note in kept.items():
        if field not in FIELD_LABELS:
            raise RuleBroken("标记的项目不在登记表里，请刷新页面再试。")
        if len(note) > ANSWER_LIMIT:
            raise RuleBroken(f"{FIELD_LABELS[field]}的修改意见最多{ANSWER_LIMIT}个字，请删短一些。", f"note-{field}")
    return kept
