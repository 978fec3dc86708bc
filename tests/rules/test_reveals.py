"""What for somebody may look at full data, and what is kept of it."""

import pytest

from rules.codes import RevealPurpose
from rules.errors import RuleBroken
from rules.reveals import MOST_A_DAY, OPENED_PAPER, Subject, check_reveal, field_labels, purpose_label, refuse_too_many


def test_the_fields_come_in_the_order_of_the_form_and_the_note_is_trimmed():
    chosen = check_reveal(Subject.SEEKER, ["phone", "id_number"], RevealPurpose.OTHER, " 核对退回的单子 ")
    assert chosen == (("id_number", "phone"), "核对退回的单子")


@pytest.mark.parametrize(
    ("fields", "purpose", "note", "field"),
    [
        ([], RevealPurpose.IDENTITY, "", "fields"),
        (["phone", "name"], RevealPurpose.IDENTITY, "", "fields"),
        (["contact_phone"], RevealPurpose.IDENTITY, "", "fields"),
        (["phone"], RevealPurpose.OTHER, "", "note"),
        (["phone"], RevealPurpose.OTHER, "三个字", "note"),
        (["phone"], RevealPurpose.RIGHTS, "电话19900000101", "note"),
        (["phone"], RevealPurpose.RIGHTS, "电话１９９００００", "note"),
    ],
)
def test_what_is_missing_or_too_much_is_named(fields, purpose, note, field):
    with pytest.raises(RuleBroken) as refused:
        check_reveal(Subject.SEEKER, fields, purpose, note)
    assert refused.value.field == field


def test_four_characters_are_enough():
    assert check_reveal(Subject.JOB, ["exact_address"], RevealPurpose.OTHER, "送手套去")[1] == "送手套去"


def test_the_two_hundred_and_first_look_is_refused():
    refuse_too_many(MOST_A_DAY - 1)
    with pytest.raises(RuleBroken, match="200次"):
        refuse_too_many(MOST_A_DAY)


@pytest.mark.parametrize(
    ("purpose", "note", "words"),
    [
        ("AGREEMENT", "", "签约"),
        ("AGREEMENT", "补签", "签约：补签"),
        ("OTHER", "送手套去", "其他：送手套去"),
        (OPENED_PAPER, "协议X1", "打开协议X1"),
    ],
)
def test_a_purpose_reads_like_people_speak(purpose, note, words):
    assert purpose_label(purpose, note) == words


def test_labels_of_kept_fields_never_fail():
    assert field_labels("seeker", ["phone", "gone"]) == ["电话"]
    assert field_labels("something", ["phone"]) == []
