"""Opening pages changes nothing: the database before and after every address was asked by every role."""

from rules.journal import EventKind
from tests.web.security.tour import Dump, Tour

NOTED = {EventKind.PAPER_ISSUED.value, EventKind.PAPER_VOIDED.value, EventKind.REVEALED.value}
"""Journal entries that reading may write: a paper printed for the first time or anew, a form opened on a later day."""

MAY_CHANGE = {"session": {"seen_at"}, "paper": {"voided_at", "void_reason"}}
"""Columns of rows that were there: when somebody was last seen; an issued paper gives way to the next copy."""

MAY_GROW = {"paper", "journal_entry"}


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
    for word in ("session", "paper", "journal_entry REVEALED", "journal_entry PAPER_ISSUED"):
        assert [each for each in strict if each.startswith(word)], word


def test_forms_without_fields_change_nothing(tour: Tour):
    assert not changes(tour.after_reading, tour.after_posting, grow=set(), change={}, kinds=set())


def test_opening_a_form_with_a_whole_id_number_on_a_later_day_is_noted_with_the_reader(tour: Tour):
    fresh = [row for key, row in tour.after_reading["journal_entry"].items() if key not in tour.before["journal_entry"]]
    revealed = [row for row in fresh if row["kind"] == EventKind.REVEALED.value]
    opened = [a for a in tour.answers + tour.detours if a.url.endswith("/form.pdf") and "/seekers/" in a.url and a.status == 200]
    assert len(revealed) == len(opened) > 0
    assert {row["signed_name"] for row in revealed} == {"陈小满", "林静", "吴站长"}
