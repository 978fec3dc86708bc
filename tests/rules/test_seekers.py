"""Registering seekers: the checks on their own, with the sample people of the domain reference."""

from dataclasses import replace
from datetime import date

import pytest

from rules.ages import AgeStanding
from rules.codes import CertificateType, ConsentMethod, IdType, PensionStatus, Slot
from rules.errors import RuleBroken, RulesBroken
from rules.seekers import HeldCertificate, NewSeeker, UnderAge, check_seeker, free_slots, pension_asked, slots_text

TODAY = date(2026, 12, 1)
WORKER = NewSeeker(
    name="周水生",
    id_type=IdType.RESIDENT,
    id_number="420199197803129017",
    phone="19900000101",
    subdistrict="420112006",
    community="物流园社区",
    trades=("C01",),
    slots=("0-AM",),
    consent_method=ConsentMethod.SIGNED_PAPER,
)


def fields_refused(new: NewSeeker) -> list[str | None]:
    with pytest.raises(RuleBroken) as refused:
        check_seeker(new, today=TODAY)
    broken = refused.value
    return [one.field for one in (broken.broken if isinstance(broken, RulesBroken) else [broken])]


def test_a_complete_registration_is_normalised():
    checked = check_seeker(replace(WORKER, phone="＋86 199-0000-0101", id_number="420199780312901"), today=TODAY)
    assert (checked.identity.number, checked.phone, checked.gender) == ("420199197803129017", "19900000101", "M")
    assert checked.standing is AgeStanding.NORMAL


def test_under_16_is_refused_before_anything_else_is_asked():
    with pytest.raises(UnderAge):
        check_seeker(replace(WORKER, id_number="420199201101209118", name="", phone="", trades=()), today=TODAY)


@pytest.mark.parametrize(("day", "refused"), [(date(2027, 1, 19), True), (date(2027, 1, 20), False)])
def test_the_sixteenth_birthday_opens_the_door(day, refused):
    child = replace(WORKER, id_number="420199201101209118", guardian_name="赵大", guardian_phone="19900000001", guardian_consent=True)
    if refused:
        with pytest.raises(UnderAge):
            check_seeker(child, today=day)
    else:
        assert check_seeker(child, today=day).standing is AgeStanding.JUVENILE


def test_every_gap_is_named_at_once():
    empty = NewSeeker("", IdType.RESIDENT, "", "", "", "", (), (), None, consent=False, pledge=False, original_seen=False)
    assert set(fields_refused(empty)) == {
        *("name", "id_number", "phone", "subdistrict", "community", "trade1", "slots", "original_seen", "consent", "pledge")
    }


def test_more_than_five_trades_are_refused():
    assert fields_refused(replace(WORKER, trades=("A01", "B01", "C01", "C02", "F01", "F02"))) == ["trade1"]


def test_a_private_use_character_in_a_name_is_refused():
    assert fields_refused(replace(WORKER, name="王\ue000")) == ["name"]


def test_a_special_certificate_needs_number_and_date():
    bare = replace(WORKER, trades=("C06",), certificates=(HeldCertificate(CertificateType.FORKLIFT),))
    assert fields_refused(bare) == ["certificate1_number", "certificate1_valid_to"]


def test_the_pension_is_asked_a_year_before_the_retirement_age_and_not_earlier():
    # A man born 1965-05 retires at 60 years 2 months, in July 2025.
    birth = date(1965, 5, 10)
    assert not pension_asked(birth, "M", date(2024, 7, 1))
    assert pension_asked(birth, "M", date(2024, 7, 15))


def test_an_answer_about_the_pension_is_enough():
    woman = replace(WORKER, id_number="420199197212019166")
    assert fields_refused(woman) == ["pension"]
    assert check_seeker(replace(woman, pension=PensionStatus.YES), today=TODAY).standing is AgeStanding.OVER_AGE


def test_availability_reads_as_people_say_it():
    kept = "0-AM,0-PM,1-AM,1-PM,5-AM,5-PM,5-NIGHT"
    assert (5, Slot.NIGHT) in free_slots(kept)
    assert slots_text(kept) == "周一至周二上午、下午；周六全天"
