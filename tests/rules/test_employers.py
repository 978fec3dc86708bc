"""Registering, verifying and trusting employers."""

from datetime import date

import pytest

from rules.codes import CreditState, EmployerDocumentKind, EmployerKind, EmployerState, VerifyMethod
from rules.employers import (
    CreditGround,
    NewEmployer,
    changed_fields,
    check_credit,
    check_verification,
    checked_employer,
    credit_choices,
    documents_undone,
    ends_verification,
    reverify_due,
    reverify_soon,
    verified_until,
    worse,
)
from rules.errors import RuleBroken, RulesBroken
from rules.permissions import Role

TODAY = date(2026, 12, 1)


def unit(**changes):
    fields = {
        "kind": EmployerKind.UNIT,
        "name": "武汉湖畔物流有限公司",
        "id_type": "",
        "id_number": "91420112MA4K000018",
        "address": "宏图大道18号",
        "legal_representative": "刘大海",
        "agent_name": "周晓",
        "phone": "139 0000 0001",
        "authorisation": "授权委托书原件已核对",
    }
    return NewEmployer(**{**fields, **changes})


def person(**changes):
    fields = {
        "kind": EmployerKind.INDIVIDUAL,
        "name": "王芳",
        "id_type": "01",
        "id_number": "11010519491231002X",
        "address": "金银湖街道环湖社区3栋",
        "phone": "１３９００００００２１",
    }
    return NewEmployer(**{**fields, **changes})


def refused(new):
    with pytest.raises(RulesBroken) as caught:
        checked_employer(new, today=TODAY)
    return {broken.field: broken.message for broken in caught.value.broken}


def test_a_credit_code_with_a_wrong_check_character_needs_a_manual_proof():
    broken = refused(unit(id_number="914201120000000001"))
    assert list(broken) == ["id_proof"]
    checked, warning = checked_employer(unit(id_number="914201120000000001", id_proof="看过执照原件，代码一致"), today=TODAY)
    assert "第18位不对" in warning
    assert checked.id_proof == "看过执照原件，代码一致"


def test_a_person_with_a_wrong_check_digit_is_refused_whatever_is_written():
    broken = refused(person(id_number="110105194912310021", id_proof="看过原件"))
    assert "第18位不对" in broken["id_number"]


def test_everything_missing_is_said_at_once():
    broken = refused(unit(name="", address=" ", legal_representative="", phone="123456", id_number=""))
    assert set(broken) == {"name", "address", "legal_representative", "phone", "id_number"}


def test_an_agent_needs_an_authorisation_unless_it_is_the_representative():
    assert "authorisation" in refused(unit(authorisation=""))
    checked, _ = checked_employer(unit(authorisation="", agent_name="刘大海", id_proof="执照原件一致"), today=TODAY)
    assert checked.agent_name == "刘大海"


def test_a_household_is_its_own_agent_and_never_a_dispatch_firm():
    checked, warning = checked_employer(person(dispatch=True, name_public=True), today=TODAY)
    assert (checked.agent_name, checked.phone, checked.dispatch, checked.name_public, warning) == (
        "王芳",
        "13900000021",
        False,
        False,
        "",
    )


def test_a_dispatch_firm_needs_its_licence():
    assert "劳务派遣经营许可证" in refused(unit(dispatch=True))["licence_no"]


def test_an_acquaintance_alone_proves_nothing():
    with pytest.raises(RuleBroken, match="不能单独使用"):
        check_verification(VerifyMethod.REFERENCE, "")


def test_a_failing_credit_code_needs_the_licence_itself():
    with pytest.raises(RuleBroken, match="营业执照原件"):
        check_verification(VerifyMethod.PHONE, "第18位不对")
    check_verification(VerifyMethod.DOCUMENT, "第18位不对")
    check_verification(VerifyMethod.PHONE, "")


@pytest.mark.parametrize(
    ("on", "until"),
    [
        (date(2026, 12, 1), date(2027, 6, 1)),
        (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2026, 6, 30), date(2026, 12, 30)),
        (date(2027, 8, 30), date(2028, 2, 29)),
    ],
)
def test_a_verification_is_valid_for_six_calendar_months(on, until):
    assert verified_until(on, 6) == until


def test_a_verification_counts_through_its_last_day():
    assert not reverify_due(EmployerState.VERIFIED, TODAY, TODAY)
    assert reverify_due(EmployerState.VERIFIED, date(2026, 11, 30), TODAY)
    assert not reverify_due(EmployerState.PENDING, None, TODAY)


def test_only_officers_block_and_unblock():
    with pytest.raises(RuleBroken, match="街道"):
        check_credit(Role.MANAGER, CreditState.NORMAL, CreditState.BLOCKED)
    with pytest.raises(RuleBroken, match="街道"):
        check_credit(Role.MANAGER, CreditState.BLOCKED, CreditState.WATCH)
    check_credit(Role.DISTRICT, CreditState.NORMAL, CreditState.BLOCKED)
    with pytest.raises(RuleBroken, match="不能从"):
        check_credit(Role.DISTRICT, CreditState.BLOCKED, CreditState.NORMAL)
    check_credit(Role.MANAGER, CreditState.NORMAL, CreditState.WATCH)
    assert credit_choices(Role.STAFF, CreditState.NORMAL) == []


def test_blocked_at_one_station_is_blocked_at_all():
    assert worse(CreditState.WATCH, CreditState.BLOCKED) is CreditState.BLOCKED
    assert worse(CreditState.WATCH, CreditState.NORMAL) is CreditState.WATCH


def test_the_last_two_weeks_of_a_verification_are_announced():
    assert not reverify_soon(EmployerState.VERIFIED, date(2026, 12, 16), TODAY)
    assert reverify_soon(EmployerState.VERIFIED, date(2026, 12, 15), TODAY)
    assert not reverify_soon(EmployerState.VERIFIED, date(2026, 11, 30), TODAY)
    assert not reverify_soon(EmployerState.PENDING, date(2026, 12, 5), TODAY)


def test_every_ground_cites_a_law_and_its_article():
    assert all("《" in ground.basis and "条" in ground.basis for ground in CreditGround)


def test_who_an_employer_is_must_be_verified_anew_but_not_how_to_reach_it():
    old = unit()
    assert changed_fields(old, unit(phone="13900000002", address="别处")) == ["address", "phone"]
    assert not ends_verification(["address", "phone", "agent_name", "industry", "name_public"])
    for field in ("name", "id_number", "legal_representative", "agency", "dispatch", "licence_no"):
        assert ends_verification(["phone", field])


def test_documents_prove_nothing_about_new_people():
    assert documents_undone(["agent_name"]) == {EmployerDocumentKind.AUTHORISATION, EmployerDocumentKind.AGENT_ID}
    assert documents_undone(["phone", "address"]) == frozenset()
    assert EmployerDocumentKind.LICENCE in documents_undone(["id_number"])
