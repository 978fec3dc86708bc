"""The life of a job order, from draft to its end."""

from __future__ import annotations

import json
import time as clock
from dataclasses import fields, replace
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.codes import (
    Benefit,
    CertificateType,
    Hazard,
    InsuranceState,
    JobState,
    PayBasis,
    PayMethod,
    PayUnit,
    Relation,
    SettleCycle,
)
from rules.errors import RuleBroken
from rules.jobs import (
    FIELD_LABELS,
    SUBSTANTIVE_FIELDS,
    TRANSITIONS,
    JobEvent,
    changes,
    check_reason,
    check_reviewer,
    check_validity,
    comparison_text,
    duplicates,
    events_from,
    next_state,
    similarity,
    substantive_changes,
    terms_from_record,
    terms_to_record,
)
from rules.terms import JobTerms

MONDAY = date(2026, 12, 7)


def test_a_post_goes_from_draft_to_the_board():
    state = JobState.DRAFT
    for event in (JobEvent.SUBMIT, JobEvent.TAKE_REVIEW, JobEvent.APPROVE, JobEvent.PUBLISH):
        state = next_state(state, event)
    assert state is JobState.PUBLISHED


@pytest.mark.parametrize(
    ("state", "event", "following"),
    [
        (JobState.IN_REVIEW, JobEvent.RETURN, JobState.DRAFT),
        (JobState.IN_REVIEW, JobEvent.REJECT, JobState.REJECTED),
        (JobState.PUBLISHED, JobEvent.EDIT_SUBSTANTIVE, JobState.SUBMITTED),
        (JobState.PUBLISHED, JobEvent.FILL, JobState.FILLED),
        (JobState.FILLED, JobEvent.REOPEN, JobState.PUBLISHED),
        (JobState.PAUSED, JobEvent.RESUME, JobState.PUBLISHED),
        (JobState.EXPIRED, JobEvent.RENEW, JobState.SUBMITTED),
        (JobState.TAKEN_DOWN, JobEvent.APPEAL_ACCEPTED, JobState.IN_REVIEW),
    ],
)
def test_the_side_roads(state, event, following):
    assert next_state(state, event) is following


def test_a_draft_cannot_be_published_without_review():
    with pytest.raises(RuleBroken) as refused:
        next_state(JobState.DRAFT, JobEvent.PUBLISH)
    assert refused.value.message == "岗位现在是“草稿”，不能发布。请先填写完整并提交审核。"


def test_what_has_ended_stays_ended():
    assert events_from(JobState.WITHDRAWN) == []
    for event in JobEvent:
        with pytest.raises(RuleBroken):
            next_state(JobState.WITHDRAWN, event)


@pytest.mark.parametrize("state", [JobState.REJECTED, JobState.TAKEN_DOWN])
def test_what_was_decided_against_the_employer_is_opened_by_an_appeal_only(state):
    assert events_from(state) == [JobEvent.APPEAL_ACCEPTED]
    assert next_state(state, JobEvent.APPEAL_ACCEPTED) is JobState.IN_REVIEW


def test_every_state_but_draft_can_be_reached():
    assert {*TRANSITIONS.values(), JobState.DRAFT} == set(JobState)


def test_every_field_has_a_chinese_label():
    assert list(FIELD_LABELS) == [field.name for field in fields(JobTerms)]
    assert len(set(FIELD_LABELS.values())) == len(FIELD_LABELS)


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"pay_fen": 23000}, ["pay_fen"]),
        ({"headcount": 3, "duties": "装车"}, ["headcount", "duties"]),
        ({"landmark": "吴家山"}, ["landmark"]),
        ({"start_time": time(7)}, ["start_time"]),
        ({"contact_phone": "13900000030", "remarks": "请早到"}, []),
    ],
)
def test_only_substantive_changes_go_back_to_review(change, names):
    old = JobTerms(title="分拣", pay_fen=22000, headcount=2)
    assert substantive_changes(old, replace(old, **change)) == names
    assert set(changes(old, replace(old, **change))) == set(change)


def test_pay_place_and_hours_are_substantive():
    assert {"pay_fen", "headcount", "exact_address", "start_date", "end_time", "duties", "requirements"} <= (SUBSTANTIVE_FIELDS)


def test_the_author_does_not_review_where_there_is_a_colleague():
    check_reviewer(1, 2, 2)
    check_reviewer(1, 1, 1)
    with pytest.raises(RuleBroken, match="另一位工作人员"):
        check_reviewer(1, 1, 2)


@pytest.mark.parametrize("text", ["", "不合适", "  不  合 适  ", "\n\n\n\n\n\n"])
def test_a_reason_has_five_characters(text):
    with pytest.raises(RuleBroken) as refused:
        check_reason(text, "reject_reason")
    assert refused.value.field == "reject_reason"


def test_a_reason_is_kept_without_outer_spaces():
    assert check_reason(" 报酬没有写明 ") == "报酬没有写明"


@pytest.mark.parametrize("valid_to", [MONDAY, date(2027, 1, 6)])
def test_thirty_days_are_allowed(valid_to):
    check_validity(valid_to, MONDAY)


@pytest.mark.parametrize(
    ("valid_to", "words"),
    [(None, "请填写"), (date(2026, 12, 6), "已经过了"), (date(2027, 1, 7), "最晚到2027年1月6日")],
)
def test_other_validities_are_refused(valid_to, words):
    with pytest.raises(RuleBroken, match=words) as refused:
        check_validity(valid_to, MONDAY)
    assert refused.value.field == "valid_to"


def test_similarity_is_a_percentage():
    text = "走马岭物流园尾货分拣，扫码枪扫一下按区放，轻的多，最重不超过15公斤。"
    assert similarity(text, text) == 100
    assert similarity(text, text + "管饭") >= 90
    assert similarity(text, "照顾82岁老人，住家，单独房间") < 30
    assert similarity("", "") == 100
    assert similarity("", text) == 0


def test_comparing_long_junk_is_quick():
    started = clock.perf_counter()
    similarity("ab" * 5_000, "ba" * 5_000)
    similarity("的一是" * 3_000, "是的一" * 3_000)
    assert clock.perf_counter() - started < 2


def test_the_same_post_twice_is_noticed():
    post = JobTerms(title="物流园分拣", duties="尾货分拣，扫码枪扫一下按区放，最重不超过15公斤。")
    near = replace(post, duties=post.duties + "管饭")
    assert duplicates(near, [comparison_text(post)])
    assert not duplicates(replace(near, title="物流园装车"), [comparison_text(post)])
    assert not duplicates(replace(near, duties="打扫办公室和走廊，擦玻璃。"), [comparison_text(post)])
    assert not duplicates(post, [])


def maybe(strategy):
    return st.one_of(st.none(), strategy)


def some(enum):
    return st.lists(st.sampled_from([member.value for member in enum]), unique=True).map(tuple)


TERMS = st.builds(
    JobTerms,
    title=st.text(max_size=20),
    trade=st.sampled_from(["", "A01", "Z99"]),
    headcount=st.integers(0, 500),
    duties=st.text(max_size=50),
    start_date=maybe(st.dates()),
    end_date=maybe(st.dates()),
    start_time=maybe(st.times()),
    end_time=maybe(st.times()),
    break_minutes=st.integers(0, 600),
    live_in=st.booleans(),
    pay_basis=maybe(st.sampled_from(PayBasis)),
    pay_fen=st.integers(0, 10**9),
    pay_unit=maybe(st.sampled_from(PayUnit)),
    output_per_hour_milli=maybe(st.integers(1, 10**6)),
    settle_cycle=maybe(st.sampled_from(SettleCycle)),
    pay_method=maybe(st.sampled_from(PayMethod)),
    benefits=some(Benefit),
    pickup_time=maybe(st.times()),
    certificates=some(CertificateType),
    hazards=some(Hazard),
    insurance=maybe(st.sampled_from(InsuranceState)),
    relation=st.sampled_from(Relation),
    valid_to=maybe(st.dates()),
)


@given(TERMS)
def test_a_snapshot_gives_back_the_same_terms(terms):
    record = json.loads(json.dumps(terms_to_record(terms)))
    back = terms_from_record(record)
    assert back == terms
    assert type(back.pay_unit) is type(terms.pay_unit)


def test_an_older_or_newer_snapshot_still_opens():
    record = terms_to_record(JobTerms(title="分拣"))
    del record["heat_measures"]
    record["of_another_time"] = 1
    assert terms_from_record(record) == JobTerms(title="分拣")
