"""Opening pages changes nothing: the database before and after every address was asked by every role."""

import re

import pytest

from rules.journal import EventKind
from tests.cast import PEOPLE
from tests.web.security.tour import COLUMNS, Dump, Tour

pytestmark = pytest.mark.xdist_group("tour")  # it is taken once, by one process

NOTED = {
    EventKind.PAPER_ISSUED.value,
    EventKind.PAPER_VOIDED.value,
    EventKind.REVEALED.value,
    EventKind.RATING_LINK_MADE.value,
    EventKind.LEDGER_EXPORTED.value,
    EventKind.STATISTICS_EXPORTED.value,
}
"""Journal entries that reading may write: a paper printed for the first time or anew (a slip with its one-time link for rating), a
paper with full data opened on a later day or by somebody else than its maker, a workbook or a table taken along."""

MAY_CHANGE = {"session": {"seen_at"}, "paper": {"voided_at", "void_reason"}}
"""Columns of rows that were there: when somebody was last seen; an issued paper gives way to the next copy."""

_SEEN = (EventKind.REVEALED, EventKind.PAPER_ISSUED, EventKind.LEDGER_EXPORTED, EventKind.STATISTICS_EXPORTED)

MAY_GROW = {"paper", "journal_entry", "reveal", "rating_ticket"}


def changes(before: Dump, after: Dump, *, grow: set[str], change: dict[str, set[str]], kinds: set[str]) -> list[str]:
    """One sentence per change that is not allowed."""
    found = []
    for table, rows in after.items():
        found += [f"{table} {key} is gone" for key in before[table].keys() - rows.keys()]
        for key, row in rows.items():
            old = before[table].get(key)
            if old is None:
                if table not in grow or (table == "journal_entry" and row["kind"] not in kinds):
                    found.append(f"{table} {row.get('kind', key)} is new")
                continue
            altered = {name for name in row if row[name] != old[name]} - change.get(table, set())
            found += [f"{table} {key}: {name} changed" for name in sorted(altered)]
    return found


def test_reading_every_page_as_everybody_changes_nothing_but_what_is_listed(tour: Tour):
    assert not changes(tour.before, tour.after_reading, grow=MAY_GROW, change=MAY_CHANGE, kinds=NOTED)


def test_every_listed_exception_is_needed(tour: Tour):
    """The list above does not outlive its reasons, and the comparison sees changes at all."""
    strict = changes(tour.before, tour.after_reading, grow=set(), change={}, kinds=set())
    for word in ("session", "paper", *(f"journal_entry {kind}" for kind in _SEEN)):
        assert [each for each in strict if each.startswith(word)], word


def test_forms_without_fields_change_nothing_but_the_draft_that_keeps_the_typing(tour: Tour):
    """A call-back's number is opened by one press without fields: the look is kept before the number is shown."""
    looks = {EventKind.REVEALED.value}
    assert not changes(tour.after_reading, tour.after_posting, grow={"draft", "reveal", "journal_entry"}, change={}, kinds=looks)
    fresh = [row for key, row in tour.after_posting["journal_entry"].items() if key not in tour.after_reading["journal_entry"]]
    called = {a.who for a in tour.answers if a.method == "POST" and a.route.startswith("/desk/follow-ups/") and a.status == 200}
    assert called
    assert {row["account_id"] for row in fresh} <= {PEOPLE[COLUMNS[who] or ""].id for who in called}


def test_opening_a_paper_with_full_data_is_noted_with_the_reader_once_a_day(tour: Tour):
    """The papers were made the day before, so every reader who got one left a look, however often they asked."""
    fresh = [row for key, row in tour.after_reading["journal_entry"].items() if key not in tour.before["journal_entry"]]
    looks = [row for key, row in tour.after_reading["reveal"].items() if key not in tour.before["reveal"]]
    revealed = [row for row in fresh if row["kind"] == EventKind.REVEALED.value]
    assert len(revealed) == len(looks)
    for pattern, subject in PAPERS.items():
        opened = {
            (a.who, a.url.partition("?")[0])
            for a in tour.answers + tour.detours
            if re.fullmatch(pattern, a.url.partition("?")[0]) and a.status == 200
        }
        noted = [row for row in revealed if row["subject"] == subject]
        assert opened, pattern
        assert {row["account_id"] for row in noted} >= {PEOPLE[COLUMNS[who] or ""].id for who, _ in opened}, pattern
    readers = {(look["account"], look["subject_id"], look["note"]) for look in looks}
    assert len(readers) == len(looks)


PAPERS = {
    r"/desk/seekers/Q\d+/form\.pdf": "seeker",
    r"/desk/jobs/G[^/]+/form\.pdf": "job",
    r"/desk/referrals/T\d+/slip\.pdf": "referral",
    r"/desk/agreements/X[^/]+(/paper\.pdf|/large-print\.pdf|/scans/\d+|/edit|/signing)?": "agreement",
}
"""Addresses that show full data outside an accepted match's own page, and what their entries are about."""
