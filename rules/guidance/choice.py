"""The choice at the end: what staff must look at, at which question, and whether this paper may be chosen."""

from __future__ import annotations

from dataclasses import replace

from rules.agreement_checks import WRONG_PAPER, agreement_hits, refuse_wrong_paper
from rules.codes import AgreementType, EmployerKind
from rules.errors import RuleBroken
from rules.guidance.answers import (
    Answers,
    EmployerSide,
    GuardianAnswer,
    Known,
    Question,
    WorkerStatus,
    needs_guardian,
    offered_sides,
    standing_of,
)
from rules.guidance.decision_table import Proposal, leaning, propose
from rules.guidance.interview import next_question, terms_as_answered
from rules.jobs import check_reason
from rules.lint import Hit, Severity

_AT_FIELD = {
    "worker": Question.AGE,
    "end_date": Question.DURATION,
    "special_terms": Question.DURATION,
    "heat_measures": Question.DURATION,
    "hazard_notice": Question.AGE,
    "insurance": Question.STATUS,
    "status": Question.STATUS,
}

_AT_RULE = {
    "A06": Question.SITE,
    "A22": Question.AGE,
    "A23": Question.EMPLOYER,
    "A24": Question.EMPLOYER,
    "A25": Question.AGE,
    "A01": Question.MANAGED,
    "A07": Question.MANAGED,
}


def question_of(hit: Hit) -> Question:
    """The question whose answer causes the hit."""
    return _AT_RULE.get(hit.rule) or _AT_FIELD.get(hit.field, Question.HOURS)


def guidance_hits(known: Known, answers: Answers, kind: AgreementType | None) -> list[Hit]:
    """What staff must look at if an agreement of `kind` were signed; None: as far as the answers lean.

    While the type is open, what speaks against a type is left out.
    """
    likely = kind or leaning(known, answers)
    found = list(_status_hits(answers))
    if likely is None:
        return found
    unit = answers.employer is not EmployerSide.INDIVIDUAL if answers.employer else known.employer_kind is EmployerKind.UNIT
    hits = agreement_hits(
        likely,
        terms_as_answered(known, answers),
        EmployerKind.UNIT if unit else EmployerKind.INDIVIDUAL,
        standing_of(known, answers),
        parameters=known.parameters,
        gender=known.gender,
        no_night_work=bool(answers.no_night_work),
    )
    if kind is None:
        hits = [hit for hit in hits if hit.rule not in WRONG_PAPER - {"A20", "A21"} | {"A01", "A07"}]
    if answers.guardian is GuardianAnswer.REFUSES and needs_guardian(known, answers):
        message, advice = "监护人不同意或者联系不上，不能签协议。", "请先联系到监护人；本人靠自己的劳动收入生活的，请改选那一项。"
        found.append(_hit("A26", Severity.BLOCK, "worker", "监护人", message, advice, "CC 19, 145"))
    return [*hits, *found]


def _hit(rule: str, severity: Severity, field: str, name: str, message: str, advice: str, basis: str) -> Hit:
    return Hit(rule, severity, field, 0, 0, "", name, rule[0], message, basis, advice)


def _status_hits(answers: Answers) -> list[Hit]:
    if answers.status is WorkerStatus.STUDENT:
        message, advice = "劳动者是在校学生。", "请核对上班不影响上课；学校安排的实习请改选“学校安排的实习”；未满18周岁的按未成年工保护。"
        return [_hit("A16", Severity.WARN, "status", "在校学生", message, advice, "design")]
    if answers.status is WorkerStatus.EMPLOYED:
        message, advice = (
            "劳动者和别的单位有劳动关系，新的工作不得影响原来的合同。",
            "请本人核对原单位的合同和上班时间；由原单位派来的，请改选“借用另一单位的员工”。",
        )
        return [_hit("A17", Severity.WARN, "status", "另有劳动关系", message, advice, "LCL 69")]
    if answers.status is WorkerStatus.DISPATCHED:
        message, advice = (
            "劳动者是劳务派遣公司的员工，劳动合同由派遣公司签。",
            "请先看派遣公司的合同和许可证；不是派来这个岗位的，按和别的单位有劳动关系办。",
        )
        return [_hit("A18", Severity.WARN, "status", "劳务派遣", message, advice, "LCL 58")]
    return []


def check_choice(known: Known, answers: Answers, chosen: AgreementType, reason: str) -> Proposal:
    """The proposal that the choice follows, or departs from with a reason of at least five characters.

    RuleBroken: a question is open, the law stops the matter (rows 1 and 6, a guardian's refusal), or `chosen` is the
    wrong paper for these two (`rules.agreement_checks.WRONG_PAPER`).
    """
    if answers.employer is not None and answers.employer not in offered_sides(known):
        raise RuleBroken("雇主是谁，要和雇主登记一致。登记错了的，请先更正雇主登记。")
    proposal = propose(known, answers)
    if proposal is not None and proposal.blocked:
        raise RuleBroken(f"不能签协议：{proposal.why}")
    question = next_question(known, answers)
    if proposal is None or question is not None:
        raise RuleBroken(f"还没有问完，请先回答：{question.label if question else '前面的问题'}")
    hits = guidance_hits(known, answers, chosen)
    refuse_wrong_paper([replace(hit, field="chosen") if hit.field == "agreement_type" else hit for hit in hits])
    refused = next((hit for hit in hits if hit.rule == "A26"), None)
    if refused:
        raise RuleBroken(refused.message + refused.advice)
    if chosen is not proposal.kind:
        if not reason.strip():
            raise RuleBroken("没有按建议选类型，请写明原因。", "reason")
        check_reason(reason)
    return proposal
