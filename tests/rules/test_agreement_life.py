"""After the draft: which paper, when it may be completed, ended or amended, and the words for people."""

from datetime import date

import pytest

from rules.agreement_life import (
    IN_FORCE,
    STEPS,
    WORKER_WORDS,
    check_archive_place,
    check_can_amend,
    check_can_complete,
    check_termination,
    next_words,
    paper_kind,
)
from rules.checklists import checklist
from rules.codes import OFFICIAL_TEXTS, AgreementEnding, AgreementState, AgreementType, NoticeWay, PaperKind
from rules.errors import RuleBroken

TODAY, SIGNED = date(2026, 12, 3), date(2026, 12, 1)


def ended(**changes):
    given = {
        "ended_on": date(2026, 12, 2),
        "ended_by": AgreementEnding.EMPLOYER,
        "reason": "仓库提前清完了",
        "notice_on": date(2026, 12, 1),
        "notice_way": NoticeWay.PHONE,
    } | changes
    return check_termination(*given.values(), signed_on=SIGNED, today=TODAY)


def test_each_type_has_its_paper():
    assert {kind for kind in AgreementType if paper_kind(kind) is PaperKind.CHECKLIST} == OFFICIAL_TEXTS
    assert paper_kind(AgreementType.KEY_POINTS) is PaperKind.KEY_POINTS
    assert paper_kind(AgreementType.PART_TIME) is PaperKind.AGREEMENT


def test_every_state_has_words_for_the_worker_and_a_place_on_the_way_or_is_over():
    assert set(WORKER_WORDS) == set(AgreementState)
    on_the_way = {state for _, states in STEPS for state in states}
    assert on_the_way | {s for s in AgreementState if next_words(s, begun=True, work_over=True) == "—"} == set(AgreementState)


def test_the_end_of_the_work_is_the_next_step():
    assert next_words(AgreementState.ARCHIVED, begun=True, work_over=True) == "登记履行完"
    assert next_words(AgreementState.DELIVERED, begun=False, work_over=False) == "开工后登记上岗"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ended_on": None}, "ended_on"),
        ({"ended_on": date(2026, 11, 30)}, "ended_on"),
        ({"ended_on": date(2026, 12, 4)}, "ended_on"),
        ({"ended_by": None}, "ended_by"),
        ({"reason": "不干"}, "cause"),
        ({"reason": "长" * 201}, "cause"),
        ({"notice_on": None}, "notice_on"),
        ({"notice_on": date(2026, 12, 4)}, "notice_on"),
        ({"notice_way": None}, "notice_how"),
    ],
)
def test_an_end_without_its_facts_is_refused_at_its_field(changes, field):
    with pytest.raises(RuleBroken) as refused:
        ended(**changes)
    assert refused.value.field == field


def test_a_mutual_end_needs_no_notice():
    end = ended(ended_by=AgreementEnding.BOTH, notice_on=None, notice_way=None)
    assert (end.notice_on, end.notice_way) == (None, None)


def test_complete_only_when_the_work_is_over():
    check_can_complete(work_over=True, last_day=date(2027, 1, 1), today=TODAY)
    check_can_complete(work_over=False, last_day=date(2026, 12, 2), today=TODAY)
    with pytest.raises(RuleBroken, match="12月3日"):
        check_can_complete(work_over=False, last_day=TODAY, today=TODAY)
    with pytest.raises(RuleBroken, match="完工"):
        check_can_complete(work_over=False, last_day=None, today=TODAY)


@pytest.mark.parametrize("state", list(AgreementState))
def test_only_what_is_in_force_is_amended(state):
    if state in IN_FORCE:
        check_can_amend(state)
    else:
        with pytest.raises(RuleBroken):
            check_can_amend(state)


@pytest.mark.parametrize("place", ["", "  ", "柜" * 41])
def test_a_place_says_something_and_is_short(place):
    with pytest.raises(RuleBroken):
        check_archive_place(place)


@pytest.mark.parametrize("kind", sorted(OFFICIAL_TEXTS))
def test_a_checklist_can_be_printed_with_nothing_agreed_yet(kind):
    """What is open prints 待商定: the list is there to find that out."""
    text = checklist(kind)
    open_places = [name for name, place in text.places.items() if place.asked and place.required and not place.default]
    assert open_places == []
    assert "不是" in text.footer
