"""The clock of a request, what must be said, who may be paused, and what may change without a card."""

from datetime import date

import pytest

from rules.codes import CertificateType, IdType, RestrictReason, RightsKind, RightsState, SeekerState
from rules.errors import RuleBroken, RulesBroken
from rules.rights import check_alive, check_answer, check_lift, check_request, check_restriction, days_left, due_on, remind_from
from rules.wishes import Correction, Wishes, changed_fields, check_certificate, check_correction, check_wishes, in_order

TODAY = date(2026, 12, 1)
WISHES = Wishes(trades=("C01",), slots=("0-AM",), subdistrict="420112006", community="物流园社区")


def test_a_request_is_due_after_fifteen_days_and_reminded_of_three_days_before():
    assert due_on(TODAY) == date(2026, 12, 16)
    assert days_left(due_on(TODAY), date(2026, 12, 17)) == -1
    assert due_on(TODAY) <= remind_from(date(2026, 12, 13))
    assert due_on(TODAY) > remind_from(date(2026, 12, 12))


@pytest.mark.parametrize(
    ("kind", "details", "open_now", "words"),
    [
        (None, "什么都行", 0, "请选择要办什么"),
        (RightsKind.CORRECT, "错", 0, "请写明哪里不对"),
        (RightsKind.REPLY, "", 0, "请写明当时的情况"),
        (RightsKind.COPY, "", 10, "还有10件请求没有答复"),
    ],
)
def test_a_request_needs_its_words(kind, details, open_now, words):
    with pytest.raises(RuleBroken, match=words):
        check_request(kind, details, open_now)


def test_a_copy_and_a_deletion_need_no_reason():
    assert check_request(RightsKind.COPY, "", 0) == ""
    assert check_request(RightsKind.DELETE, " 回老家 ", 9) == "回老家"


def test_an_answer_is_given_once_and_with_words():
    assert check_answer(RightsState.DONE, " 已经更正了 ", RightsState.ASKED) == "已经更正了"
    for state, words, now in (
        (RightsState.DONE, "已经更正了", RightsState.DONE),
        (RightsState.WITHDRAWN, "已经更正了", RightsState.ASKED),
        (RightsState.REFUSED, "不行", RightsState.ASKED),
    ):
        with pytest.raises(RuleBroken):
            check_answer(state, words, now)


def test_referrals_are_paused_only_with_a_ground():
    assert check_restriction(SeekerState.ACTIVE, RestrictReason.NO_SHOW, "三次都没有来", 3).startswith("90天内三次")
    for state, reason, note, times, words in (
        (SeekerState.ACTIVE, RestrictReason.NO_SHOW, "三次都没有来", 2, "满3次才能"),
        (SeekerState.SUBMITTED, RestrictReason.FALSE_INFO, "证是别人的", 0, "不能暂停推荐"),
        (SeekerState.ACTIVE, None, "三次都没有来", 3, "请选择为什么"),
        (SeekerState.ACTIVE, RestrictReason.FALSE_INFO, "假", 0, "至少5个字"),
    ):
        with pytest.raises(RuleBroken, match=words):
            check_restriction(state, reason, note, times)


def test_a_pause_is_lifted_with_a_reason_and_only_while_it_lasts():
    assert check_lift(SeekerState.RESTRICTED, "本人已经说明") == "本人已经说明"
    with pytest.raises(RuleBroken, match="没有暂停"):
        check_lift(SeekerState.ACTIVE, "本人已经说明")
    with pytest.raises(RuleBroken, match="至少5个字"):
        check_lift(SeekerState.RESTRICTED, "好")


@pytest.mark.parametrize("state", [SeekerState.CLOSED, SeekerState.ANONYMISED])
def test_nothing_changes_after_closing(state):
    with pytest.raises(RuleBroken, match="已经注销"):
        check_alive(state)


def test_wishes_are_complete_and_a_dangerous_trade_needs_its_certificate():
    check_wishes(WISHES, ())
    with pytest.raises(RulesBroken) as told:
        check_wishes(Wishes((), ("9-AM",), "1", ""), ())
    assert [one.field for one in told.value.broken] == ["trades", "slots", "subdistrict", "community"]
    welding = Wishes(("D07",), ("0-AM",), "420112006", "物流园社区")
    with pytest.raises(RuleBroken, match="须持证上岗"):
        check_wishes(welding, ())
    check_wishes(welding, ("T01",))
    check_wishes(welding, (), ("D07",))  # one that was registered before stays


def test_what_changed_is_named_and_the_order_of_ticking_is_no_change():
    assert in_order(["1-AM", "0-PM", "0-PM"]) == "0-PM,1-AM"
    before = {"trades": ["C01"], "availability": "0-AM", "max_km": None}
    assert changed_fields(before, {"availability": "0-AM", "trades": ["C01"], "max_km": 5}) == ["max_km"]


def test_a_correction_needs_card_reason_and_a_number_that_can_be():
    good = Correction("周水声", IdType.RESIDENT, phone="19900000188")
    assert check_correction(good, card_seen=True, reason="换了号码", today=TODAY) == (None, None, "19900000188")
    with pytest.raises(RulesBroken) as told:
        check_correction(Correction("", IdType.RESIDENT, "123", phone="1"), card_seen=False, reason="", today=TODAY)
    assert [one.field for one in told.value.broken] == ["card_seen", "reason", "name", "id_number", "phone"]
    with pytest.raises(RuleBroken, match="未满16周岁"):
        check_correction(Correction("小明", IdType.RESIDENT, "420199201101209118"), card_seen=True, reason="号码写错了", today=TODAY)


def test_a_special_certificate_has_number_and_last_day():
    assert check_certificate(CertificateType.HEALTH, "", None).type is CertificateType.HEALTH
    for number, valid_to in (("", TODAY), ("T1", None)):
        with pytest.raises(RuleBroken):
            check_certificate(CertificateType.WELDING, number, valid_to)
