"""The interview: what is asked next, how staff ask it, and the terms as they were answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from rules.ages import AgeStanding, age_on
from rules.guidance.answers import ANSWERS_OF, Answers, Known, Question, needs_guardian, prefilled, standing_of
from rules.guidance.decision_table import ROWS, first_open_or_holding, hours_text
from rules.schedule import shift_of
from rules.terms import JobTerms


def next_question(known: Known, answers: Answers) -> Question | None:
    """What to ask next; None when the table has its answer and a minor's guardian was asked for."""
    row = first_open_or_holding(known, answers)
    if row.blocked and row.holds(known, answers):
        return None
    if needs_guardian(known, answers) and (answers.guardian is None or (answers.unit and answers.registered is None)):
        return Question.EMPLOYER if answers.employer is None else Question.AGE
    return row.missing(known, answers)


def asked_questions(known: Known, answers: Answers) -> list[Question]:
    """The questions that mattered so far, in order; the others change nothing for these two."""
    used = {Question.EMPLOYER, Question.AGE}
    for row in ROWS:
        for condition in row.conditions:
            used.add(condition.question)
            if condition.holds(known, answers) is not True:
                break
        if row.holds(known, answers) is not False:
            break
    return [question for question in Question if question in used]


def answered(known: Known, answers: Answers, question: Question) -> bool:
    """Whether the question has an answer."""
    if question is Question.AGE:
        waits = standing_of(known, answers) is AgeStanding.MAYBE_OVER_AGE and answers.unit
        minor = needs_guardian(known, answers) and (answers.guardian is None or (answers.unit and answers.registered is None))
        return not waits and not minor
    first = {Question.HOURS: ("daily_minutes", "days_a_week", "paid_by"), Question.DURATION: ("duration", "days")}
    return all(getattr(answers, name) is not None for name in first.get(question, ANSWERS_OF[question]))


def terms_as_answered(known: Known, answers: Answers) -> JobTerms:
    """The post's terms with what was answered otherwise, for the checks."""
    record, changes = prefilled(known), changed_terms(known, answers)
    if answers.days_a_week and answers.days_a_week != record.days_a_week:
        changes["weekly_days"] = answers.days_a_week
    if answers.settle and answers.settle is not record.settle:
        changes["settle_cycle"] = answers.settle
    return replace(known.terms, **changes)


def works_at_night(known: Known, answers: Answers) -> bool:
    """Whether the shift, as answered, touches the hours between 22:00 and 06:00."""
    shift = shift_of(terms_as_answered(known, answers))
    return bool(shift and shift.night_minutes)


def changed_terms(known: Known, answers: Answers) -> dict[str, Any]:
    """Terms answered otherwise than the post says, of those an agreement may change: last day, hours of the day."""
    terms, record = known.terms, prefilled(known)
    changes: dict[str, Any] = {}
    if answers.days and answers.days != record.days and terms.start_date:
        changes["end_date"] = terms.start_date + timedelta(days=answers.days - 1)
    if answers.daily_minutes and answers.daily_minutes != record.daily_minutes and not terms.live_in:
        start = terms.start_time or time(8)
        end = datetime.combine(known.first_day, start) + timedelta(minutes=answers.daily_minutes + terms.break_minutes)
        changes |= {"start_time": start, "end_time": end.time()}
    return changes


HINTS: dict[Question, str] = {
    Question.EMPLOYER: "按雇主登记。平台派单的、借别家员工的，请改选。",
    Question.AGE: "按证件上的出生日期和开工那天算，不用问年纪。",
    Question.STATUS: "请问本人。领养老金的、上学的、另有单位的，适用的规定不一样。",
    Question.SITE: "总包或者分包单位在工地上用工算；住户自己请人装修不算。",
    Question.HOURS: "按岗位登记填好了，和双方说好的不一样就改。",
    Question.MANAGED: "单位排班、考勤、奖惩，干的是单位日常的业务，选“是”。自己安排时间、干完就走，选“不是”。",
    Question.DURATION: "完成点：一件事做完就结束，比如一个展会、一批货、一项装修。",
    Question.RESULT: "自带工具、自己定怎么做、按做成的东西结算，选“是”；按时间、听安排干活，选“不是”。",
}
"""How staff ask: one plain sentence under each question."""


def age_text(known: Known, answers: Answers) -> str:
    """The worker's age on the first day and what follows from it, without the birth date."""
    words = {
        AgeStanding.UNDER_16: "未满16周岁，不得用工",
        AgeStanding.JUVENILE: "未成年工（16至18周岁）",
        AgeStanding.NORMAL: "未到法定退休年龄",
        AgeStanding.MAYBE_OVER_AGE: "可能已到退休年龄，要问养老金",
        AgeStanding.OVER_AGE: "超过法定退休年龄，或者已领养老金",
    }
    return f"开工时{age_on(known.birth_date, known.first_day)}周岁，{words[standing_of(known, answers)]}"


def answer_text(known: Known, answers: Answers, question: Question) -> str:
    """The answer to a question in words, "" where there is none."""
    yes = {True: "是", False: "不是"}
    match question:
        case Question.EMPLOYER:
            return answers.employer.label if answers.employer else ""
        case Question.AGE:
            parts = [age_text(known, answers)]
            if answers.pension:
                parts.append(answers.pension.label)
            if answers.guardian and needs_guardian(known, answers):
                parts.append(answers.guardian.label)
            if answers.registered is not None and needs_guardian(known, answers):
                parts.append("已体检并登记" if answers.registered else "还没体检登记，已提醒单位上岗前办好")
            return "；".join(parts)
        case Question.STATUS:
            return answers.status.label if answers.status else ""
        case Question.HOURS:
            return "，".join(_hours_words(answers))
        case Question.DURATION:
            return "，".join(_duration_words(answers))
        case Question.SITE | Question.MANAGED | Question.RESULT:
            given = getattr(answers, ANSWERS_OF[question][0])
            return "" if given is None else yes[given]
    return ""


def _hours_words(answers: Answers) -> list[str]:
    words = []
    if answers.daily_minutes is not None:
        words.append(f"每天{hours_text(answers.daily_minutes)}")
    if answers.days_a_week is not None:
        words.append(f"每周{answers.days_a_week}天")
    words += [each.label for each in (answers.paid_by, answers.settle) if each]
    return [*words, "本人说明不能上夜班"] if answers.no_night_work else words


def _duration_words(answers: Answers) -> list[str]:
    words = [answers.duration.label] if answers.duration else []
    if answers.days is not None:
        words.append(f"{answers.days}天")
    if answers.task_end is not None:
        words.append("有明确的完成点" if answers.task_end else "没有明确的完成点")
    return words
