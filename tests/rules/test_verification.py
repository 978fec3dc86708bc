"""Heads signed daily, the file the district keeps, and how old a good run may be."""

from datetime import UTC, date, datetime, timedelta

import pytest

from rules.verification import (
    Finding,
    RecordPart,
    RecordState,
    SignedLine,
    days_to_sign,
    head_file,
    in_chinese,
    key_lines,
    lines_sha256,
    night_began,
    read_heads,
    read_public_keys,
    read_signed,
    record_state,
)

LINE = SignedLine("station:1001", 7, "a" * 64, date(2026, 12, 1), "b" * 16, "c" * 128)
NOW = datetime(2026, 12, 2, 3, 0, tzinfo=UTC)


def test_the_districts_file_reads_back_as_heads_and_as_signed_heads():
    text = head_file([LINE], {"b" * 16: "d" * 64})
    assert read_signed(text) == [LINE]
    assert read_heads(text) == {"station:1001": [(7, "a" * 64)]}
    assert read_public_keys(text) == {"b" * 16: "d" * 64}


def test_lines_that_are_no_heads_do_not_count():
    text = "heads of December\ndistrict 3 " + "e" * 64 + "\n" + LINE.line[:-1] + "\ndistrict x " + "e" * 64
    assert read_heads(text) == {"district": [(3, "e" * 64)]}
    assert read_signed(text) == []


def test_what_is_signed_names_chain_number_hash_and_day():
    assert LINE.signed == b"station-head-1\nstation:1001\n7\n" + b"a" * 64 + b"\n2026-12-01\n"


def test_the_hash_of_a_day_does_not_depend_on_the_order_of_its_heads():
    other = SignedLine("district", 7, "a" * 64, date(2026, 12, 1), "b" * 16, "c" * 128)
    assert lines_sha256([LINE, other]) == lines_sha256([other, LINE]) != lines_sha256([LINE])


def test_public_keys_read_back():
    keys = {"b" * 16: "d" * 64, "e" * 16: "f" * 64}
    assert read_public_keys(key_lines(keys)) == keys


@pytest.mark.parametrize(
    ("ok", "ended", "began", "state"),
    [
        (None, None, None, RecordState.OK),
        (None, None, timedelta(hours=40), RecordState.OK),
        (None, None, timedelta(days=3), RecordState.OLD),
        (True, timedelta(hours=25), None, RecordState.OK),
        (True, timedelta(hours=27), None, RecordState.OLD),
        (False, timedelta(hours=1), None, RecordState.WRONG),
        (False, timedelta(days=9), None, RecordState.WRONG),
    ],
)
def test_the_record_is_ok_wrong_or_old(ok, ended, began, state):
    assert record_state(ok=ok, ended_at=ended and NOW - ended, began_at=began and NOW - began, now=NOW) is state


def test_the_night_begins_at_two():
    assert night_began(datetime(2026, 12, 2, 1, 59)) == datetime(2026, 12, 1, 2, 0)
    assert night_began(datetime(2026, 12, 2, 2, 0)) == datetime(2026, 12, 2, 2, 0)


def test_every_day_is_signed_once_and_a_long_pause_from_its_last_month_on():
    today = date(2026, 12, 2)
    assert days_to_sign(None, today) == [date(2026, 12, 1)]
    assert days_to_sign(date(2026, 12, 1), today) == []
    assert days_to_sign(date(2026, 11, 29), today) == [date(2026, 11, 30), date(2026, 12, 1)]
    assert days_to_sign(date(2025, 1, 1), today) == [date(2026, 11, 1) + timedelta(days=number) for number in range(31)]


def test_a_fault_reads_as_a_sentence_in_both_languages():
    fault = Finding(RecordPart.JOURNAL, "chain station:1001, entry 5", "its text or its hash was changed", 1001)
    assert fault.sentence == "chain station:1001, entry 5: its text or its hash was changed"
    assert fault.shown == "工作记录 station:1001 第 5 条：内容或校验码被改动"


def test_what_nobody_foresaw_is_shown_as_it_is():
    assert in_chinese("the moon is missing") == "the moon is missing"
    assert in_chinese("number 3 is missing") == "第 3 条不见了"
