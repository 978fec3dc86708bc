"""Person groups: told, never computed; agreed to one by one; age from the birth date alone."""

from datetime import date

import pytest

from rules.codes import ConsentMethod, PersonGroup
from rules.errors import RuleBroken
from rules.person_groups import GroupEnd, check_addition, check_ending, consent_sentence, groups_to_offer, is_4050

READ = ConsentMethod.READ_ALOUD


def check(group=PersonGroup.DISABLED, proof="残疾人证", method=READ, *, agreed=True, held=(), guarded=False):
    return check_addition(group, proof, method, agreed=agreed, held=held, guarded=guarded)


def test_one_group_with_its_consent_and_proof_is_recorded():
    assert check(proof="  残疾人证  三级 ") == "残疾人证 三级"


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"group": None}, "kind", "选择"),
        ({"group": PersonGroup.AGE_4050}, "kind", "出生日期"),
        ({"group": PersonGroup.RELEASED}, "kind", "负责人"),
        ({"held": {PersonGroup.DISABLED}}, "kind", "已经登记过"),
        ({"agreed": False}, "agreed", "单独同意"),
        ({"method": ConsentMethod.ONLINE}, "method", "表示同意"),
        ({"proof": " "}, "proof", "证明"),
        ({"proof": "残疾人证42019919780312901743"}, "proof", "号码"),
    ],
)
def test_everything_else_is_refused_at_its_field(changes, field, said):
    with pytest.raises(RuleBroken) as refused:
        check(**changes)
    assert refused.value.field == field
    assert said in refused.value.message


def test_the_guarded_group_is_the_managers():
    assert PersonGroup.RELEASED not in groups_to_offer((), guarded=False)
    assert PersonGroup.RELEASED in groups_to_offer((), guarded=True)
    assert check(PersonGroup.RELEASED, guarded=True)
    assert PersonGroup.AGE_4050 not in groups_to_offer((), guarded=True)


def test_every_sentence_names_its_group_and_the_way_out():
    for group in PersonGroup:
        assert f"“{group.label}”" in consent_sentence(group)
        assert "撤回" in consent_sentence(group)


def test_age_counts_from_the_birthday():
    assert is_4050(date(1986, 11, 23), "F", date(2026, 11, 23))
    assert not is_4050(date(1986, 11, 24), "F", date(2026, 11, 23))
    assert not is_4050(date(1986, 11, 23), "M", date(2026, 11, 23))
    assert is_4050(date(1976, 2, 29), "M", date(2026, 3, 1))
    assert not is_4050(date(1976, 2, 29), "M", date(2026, 2, 28))
    assert not is_4050(date(1950, 1, 1), "", date(2026, 11, 23))


def test_an_ending_has_one_of_the_reasons_of_the_counter():
    assert check_ending(GroupEnd.OVER) is GroupEnd.OVER
    for why in (None, GroupEnd.MERGED):
        with pytest.raises(RuleBroken):
            check_ending(why)
