"""Which documents an employer shows, and what they prove."""

from datetime import date

import pytest

from rules.codes import EmployerDocumentKind as Kind
from rules.codes import EmployerKind
from rules.employer_documents import (
    HeldDocument,
    NewDocument,
    check_documents,
    check_new_document,
    missing_documents,
    required_documents,
    vouched_until,
)
from rules.errors import RuleBroken, RulesBroken

TODAY = date(2026, 12, 1)


def of_unit(**facts):
    return required_documents(EmployerKind.UNIT, **{"agent_name": "周晓", "legal_representative": "刘大海", **facts})


def test_a_unit_shows_licence_agent_and_authorisation():
    assert of_unit() == (Kind.LICENCE, Kind.AGENT_ID, Kind.AUTHORISATION)


def test_the_representative_in_person_needs_no_authorisation():
    assert of_unit(agent_name=" 刘大海 ") == (Kind.LICENCE, Kind.AGENT_ID)


def test_agencies_and_dispatch_firms_show_their_own_licence():
    assert Kind.DISPATCH_LICENCE in of_unit(dispatch=True)
    assert Kind.AGENCY_LICENCE in of_unit(agency=True)
    assert Kind.AGENCY_LICENCE not in of_unit(dispatch=True)


def test_a_household_shows_only_the_owners_card():
    household = required_documents(EmployerKind.INDIVIDUAL, agent_name="王芳", legal_representative="", dispatch=True)
    assert household == (Kind.OWNER_ID,)


@pytest.mark.parametrize(
    ("held", "why"),
    [
        ([], "还没有"),
        ([HeldDocument(Kind.LICENCE, False)], "还没有核对"),
        ([HeldDocument(Kind.LICENCE, True, date(2026, 11, 30))], "已过有效期"),
    ],
)
def test_a_document_that_is_not_there_not_checked_or_out_of_date_proves_nothing(held, why):
    assert missing_documents([Kind.LICENCE], held, TODAY) == [(Kind.LICENCE, why)]


def test_a_document_counts_through_its_last_day():
    check_documents([Kind.LICENCE], [HeldDocument(Kind.LICENCE, True, TODAY)], TODAY)


def test_everything_that_lacks_is_said_at_once():
    with pytest.raises(RulesBroken) as caught:
        check_documents(of_unit(), [HeldDocument(Kind.LICENCE, True)], TODAY)
    assert [broken.message.split("还没有")[0] for broken in caught.value.broken] == ["经办人身份证", "授权委托书"]


def test_a_verification_ends_with_the_licence_it_rests_on():
    until = date(2027, 6, 1)
    ending = [HeldDocument(Kind.LICENCE, True, date(2027, 1, 31)), HeldDocument(Kind.AGENT_ID, True)]
    assert vouched_until(until, [Kind.LICENCE, Kind.AGENT_ID], ending, TODAY) == date(2027, 1, 31)
    assert vouched_until(until, [Kind.AGENT_ID], ending, TODAY) == until


@pytest.mark.parametrize("kind", [Kind.OWNER_ID, Kind.AGENT_ID])
def test_no_picture_and_no_number_of_an_identity_card_is_kept(kind):
    with pytest.raises(RuleBroken, match="不留照片"):
        check_new_document(NewDocument(kind, original_seen=True), copied=True, today=TODAY)
    with pytest.raises(RuleBroken, match="留空"):
        check_new_document(NewDocument(kind, number="11010519491231002X", original_seen=True), copied=False, today=TODAY)
    check_new_document(NewDocument(kind, original_seen=True), copied=False, today=TODAY)


def test_a_document_comes_as_a_copy_or_was_seen():
    with pytest.raises(RuleBroken, match="上传"):
        check_new_document(NewDocument(Kind.LICENCE), copied=False, today=TODAY)
    check_new_document(NewDocument(Kind.LICENCE), copied=True, today=TODAY)


def test_an_outdated_licence_is_not_taken():
    with pytest.raises(RuleBroken, match="有效期"):
        check_new_document(NewDocument(Kind.LICENCE, valid_to=date(2026, 11, 30)), copied=True, today=TODAY)
