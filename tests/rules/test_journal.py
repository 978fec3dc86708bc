"""The journal's own arithmetic: one text per body, one hash per place, and the first bad entry named."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from rules.codes import ReferralState
from rules.journal import DISTRICT, ZERO, EventKind, Fault, canonical, chain_of, link, refuse_personal, verify

MOMENT = datetime(2026, 12, 1, 9, 0, tzinfo=timezone(timedelta(hours=8)))


def chain(length: int, name: str = "station:1") -> list[dict]:
    entries, prev = [], ZERO
    for seq in range(1, length + 1):
        own = {
            "id": 100 + seq,
            "kind": "JOB_DRAFTED",
            "subject": "job",
            "subject_id": 7,
            "station_id": 1,
            "account_id": 2,
            "signed_name": "陈小满",
            "corrects": None,
        }
        body = canonical({**own, "at": MOMENT, "particulars": {}})
        digest = link(prev, name, seq, body)
        entries.append({**own, "at": MOMENT.astimezone(UTC), "chain": name, "seq": seq, "prev": prev, "hash": digest, "body": body})
        prev = digest
    return entries


def test_a_body_has_one_text():
    body = {"b": [1, None, True], "a": "工钱", "day": date(2026, 12, 1), "at": MOMENT, "kind": EventKind.JOB_DRAFTED}
    assert canonical(body) == (
        '{"a":"工钱","at":"2026-12-01T01:00:00.000000+00:00","b":[1,null,true],"day":"2026-12-01","kind":"JOB_DRAFTED"}'
    )
    assert canonical(body) == canonical(dict(reversed(body.items())))


@pytest.mark.parametrize("value", [1.5, datetime(2026, 12, 1), {1: "a"}, b"x", {"a": [0.1]}, object()])
def test_what_has_no_exact_text_is_refused(value):
    with pytest.raises(TypeError):
        canonical({"value": value})


def test_the_hash_is_the_one_written_down():
    assert link(ZERO, "station:1", 1, "{}") == "6f7f8c8665b20106e35ac95a5bc5d292da818c608160aae885d8b72ba9023b02"


def test_the_hash_depends_on_everything_before_it():
    one = link(ZERO, "station:1", 1, "{}")
    others = [link("1" * 64, "station:1", 1, "{}"), link(ZERO, "station:2", 1, "{}"), link(ZERO, "station:1", 2, "{}")]
    assert len({one, *others, link(ZERO, "station:1", 1, "{ }"), link(ZERO, "station:", 1, "1{}")}) == 6


def test_chains_as_written_are_well():
    assert verify([*chain(5), *chain(3, "station:2")]) is None
    assert verify([]) is None


@pytest.mark.parametrize(
    ("column", "value"),
    [("signed_name", "别人"), ("subject_id", 8), ("account_id", None), ("kind", "X"), ("corrects", 1), ("id", 1)],
)
def test_a_column_that_differs_from_the_text_is_named(column, value):
    entries = chain(4)
    entries[2][column] = value
    assert verify(entries) == Fault("station:1", 3, f"its column {column} differs from its text")


@pytest.mark.parametrize(
    ("spoil", "seq"),
    [
        (lambda entries: entries.pop(1), 3),
        (lambda entries: entries.pop(0), 2),
        (lambda entries: entries.reverse(), 4),
        (lambda entries: entries.insert(2, entries[1]), 2),
        (lambda entries: entries[1].update(body="{}"), 2),
        (lambda entries: entries[3].update(prev=ZERO), 4),
        (lambda entries: entries[3].update(at=MOMENT + timedelta(seconds=1)), 4),
        (lambda entries: entries[3].update(body=None), 4),
        (lambda entries: entries[0].update(prev="xyz", hash="xyz"), 1),
    ],
)
def test_the_first_bad_entry_is_named(spoil, seq):
    entries = chain(4)
    spoil(entries)
    assert verify(entries).seq == seq


def test_each_station_has_its_chain():
    assert (chain_of(1001), chain_of(None)) == ("station:1001", DISTRICT)


def test_every_kind_has_a_label_and_fits_its_column():
    assert all(kind.value == kind.name and kind.label and len(kind) <= 40 for kind in EventKind)


def test_every_step_of_a_referral_can_be_journalled():
    assert {f"REFERRAL_{state}" for state in ReferralState} <= set(EventKind)


def test_persons_enter_only_sealed():
    refuse_personal({"phone": "s1.a.k.x", "seeker_id": 5, "title": "搬运工", "phone_index": "i1.ab"})
    for bad in ({"phone": "138"}, {"a": {"NAME": "张三"}}, {"a": [{"id_number": 4}]}):
        with pytest.raises(ValueError, match="plain"):
            refuse_personal(bad)
