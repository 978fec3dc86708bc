"""What may be corrected, how it is typed, and what both values say."""

from datetime import date

import pytest

from rules.corrections import (
    RECORDS,
    FieldKind,
    check_changed,
    check_hours_corrected,
    check_reason,
    check_start_corrected,
    circled,
    field_of,
    mark_of,
    number_of,
    read,
    restored,
    shown,
    stored,
    typed,
)
from rules.errors import RuleBroken

PLACEMENT = RECORDS["placement"]


def field(name: str, record: str = "placement"):
    found = RECORDS[record].field(name)
    assert found
    return found


@pytest.mark.parametrize(
    ("name", "given", "value", "words"),
    [
        ("started_on", "2026-11-28", date(2026, 11, 28), "2026-11-28"),
        ("started_on", "２０２６年１１月２８日", date(2026, 11, 28), "2026-11-28"),
        ("started_on", "20261128", date(2026, 11, 28), "2026-11-28"),
        ("pay_due_fen", "1,220.5元", 122050, "1220.5元"),
        ("worked_minutes", "8.5", 510, "8.5小时"),
        ("worked_minutes", "", None, "没有填"),
        ("pieces", "120", 120, "120"),
        ("evidence_note", "  周经理 电话确认 ", "周经理 电话确认", "周经理 电话确认"),
    ],
)
def test_a_typed_value_is_understood_kept_and_read_again(name, given, value, words):
    one = field(name)
    assert read(one, given) == value
    assert shown(one, value) == words
    assert restored(one, stored(value)) == value
    if typed(one, value):
        assert read(one, typed(one, value)) == value


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("started_on", "", "请填写改后的到岗日期"),
        ("started_on", "2026-02-30", "请写成 2026-12-01 这样"),
        ("started_on", "0026-02-03", "年份不对"),
        ("pay_due_fen", "很多", ""),
        ("worked_minutes", "8,5", "请填数字"),
        ("pieces", "-1", "整数"),
        ("evidence_note", "很" * 201, "依据说明"),
    ],
)
def test_what_is_not_understood_says_what_to_do(name, given, words):
    with pytest.raises(RuleBroken) as caught:
        read(field(name), given)
    assert words in caught.value.message
    assert caught.value.field == "new"


def test_a_choice_is_one_of_its_table():
    method = field("method", "follow_up")
    assert method.kind is FieldKind.CODE
    with pytest.raises(RuleBroken):
        read(method, "PIGEON")


def test_every_record_has_its_fields_once_and_sealed_ones_stand_beside():
    for record in RECORDS.values():
        names = [each.name for each in record.fields]
        assert len(names) == len(set(names))
        assert all(each.beside for each in record.fields if each.sealed), record.name
    assert field_of("placement", "seeker") is None
    assert field_of("account", "name") is None


def test_a_reason_says_something():
    assert check_reason(" 看了考勤本，记错了 ") == "看了考勤本，记错了"
    for nothing in ("", "错了", "   "):
        with pytest.raises(RuleBroken):
            check_reason(nothing)


def test_the_same_value_and_a_value_seen_no_more_are_refused():
    day = date(2026, 11, 28)
    check_changed(day, mark_of(day), date(2026, 11, 29))
    with pytest.raises(RuleBroken, match="一样"):
        check_changed(day, mark_of(day), day)
    with pytest.raises(RuleBroken, match="先更正"):
        check_changed(day, mark_of(date(2026, 11, 27)), date(2026, 11, 29))


def test_nobody_starts_before_the_sixteenth_birthday():
    born = date(2010, 11, 30)
    given = {"referred_on": date(2026, 11, 20), "today": date(2026, 12, 1), "ended_on": None, "born": born, "least_age": 16}
    check_start_corrected(date(2026, 11, 30), **given)
    with pytest.raises(RuleBroken, match="16周岁"):
        check_start_corrected(date(2026, 11, 29), **given)


def test_hours_fit_into_the_days():
    days = {"started_on": date(2026, 11, 29), "ended_on": date(2026, 11, 29), "by_hour": True}
    check_hours_corrected(48 * 60, **days)
    for minutes in (48 * 60 + 1, None):
        with pytest.raises(RuleBroken):
            check_hours_corrected(minutes, **days)


def test_numbers_and_signs():
    assert number_of(date(2026, 12, 1), 3) == "GZ261201-0003"
    assert [circled(n) for n in (1, 20, 21)] == ["①", "⑳", "(21)"]
