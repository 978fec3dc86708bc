"""Questions about corrections (更正, art. 23): the record and its value now, what was corrected, and who looked it over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from piccolo.columns.combination import And, Or

from db.paging import DESK_ROWS, Page, page_of, place
from db.queries.complaints import complaint_for, complaints_seen_by
from db.queries.correctable_records import PLACES, day_of
from db.queries.jobs import job_terms
from db.queries.scope import within
from db.tables.accounts import Account
from db.tables.complaints import Complaint, ComplaintStep
from db.tables.corrections import Correction, CorrectionReview
from db.tables.journal import JournalEntry
from db.tables.ledger import Ledger, LedgerVersion
from db.vault import Sealed, vault
from rules.codes import CorrectionVerdict, LedgerState
from rules.corrections import RECORDS, CorrectableField, CorrectableRecord, Value, field_of, read_by, restored
from rules.journal import chain_of
from rules.ledger import month_of
from rules.permissions import Actor, Permission, Role

Row = dict[str, Any]


async def record_in(actor: Actor, record: str, number: str, row_id: int | None = None) -> Row | None:
    """The record in the asker's reach by its public number (and row, where the number stands over several); None for none.

    `values` are its open fields as the row keeps them, `month` the month it belongs to; sealed ones come with `opened_value`.
    """
    kind, lies = RECORDS.get(record), PLACES.get(record)
    if kind is None or lies is None or (lies.several and row_id is None):
        return None
    if record in ("complaint", "complaint_step") and await complaint_for(actor, number) is None:
        return None
    table: Any = lies.table
    own = [column for column in table._meta.columns if column._meta.name in _open_names(kind, table)]
    chosen: dict[str, Any] = {
        "id": table.id,
        "number": lies.number.as_alias("public_number"),
        "station": lies.station.as_alias("public_station"),
        **{column._meta.name: column for column in (*own, getattr(table, lies.day))},
        **{(each._alias or each._meta.name): each for each in lies.more},
    }
    query = table.select(*chosen.values()).where(within(actor.scope, lies.station), lies.number == number)
    row = await (query.where(table.id == row_id) if row_id is not None else query).first()
    if row is None:
        return None
    values = {column._meta.name: row[column._meta.name] for column in own}
    if record == "job":
        values["duties"] = (await job_terms(row["id"])).duties
    day = day_of(row[lies.day])
    return {
        **row,
        "record": record,
        "number": row["public_number"],
        "station": row["public_station"],
        "values": values,
        "day": day,
        "month": month_of(day),
        "url": lies.page.format(row["public_number"]),
    }


def _open_names(kind: CorrectableRecord, table: Any) -> set[str]:
    sealed = {column._meta.name for column in table._meta.columns if isinstance(column, Sealed)}
    return {field.name for field in kind.fields} - sealed


async def opened_value(found: Row, field: CorrectableField) -> Value:
    """What a field of a record says now, in plain text: its row, or the last correction of it. The caller found it in reach."""
    last = await last_correction(found["record"], found["id"], field.name)
    if last is not None and field.sealed:
        return vault().open("correction.new_sealed", last["id"], last["new_sealed"])
    if last is not None and field.beside:
        return restored(field, last["stored"])
    if field.name in found["values"]:
        value: Value = found["values"][field.name]
        return value
    table: Any = PLACES[found["record"]].table
    row = await table.select(getattr(table, field.name)).where(table.id == found["id"]).first()
    sealed = row[field.name] if row else ""
    return vault().open(f"{table._meta.tablename}.{field.name}", found["id"], sealed) if sealed else ""


async def last_correction(record: str, record_id: int, field: str) -> Row | None:
    """The correction of a field that no other one replaces; None when it was never corrected."""
    return (
        await Correction.select(Correction.id, Correction.entry, Correction.stored, Correction.new_sealed)
        .where(Correction.record == record, Correction.record_id == record_id, Correction.field == field)
        .order_by(Correction.id, ascending=False)
        .first()
    )


async def entry_of(found: Row, field: str) -> int | None:
    """The journal entry that recorded this value first, in the station's own chain; None where there is none (imports)."""
    lies = PLACES[found["record"]]
    kinds = [kind.value for kind in lies.entries(field)]
    about = found[lies.about]
    rows = (
        await JournalEntry.select(JournalEntry.id, JournalEntry.at)
        .where(
            JournalEntry.subject == lies.subject,
            JournalEntry.subject_id == about,
            JournalEntry.kind.is_in(kinds or ["-"]),
            JournalEntry.chain == chain_of(found["station"]),
        )
        .order_by(JournalEntry.seq)
    )
    moment = next((found[name] for name in ("made_at", "recorded_at", "at") if isinstance(found.get(name), datetime)), None)
    if not rows:
        return None
    if moment is None or len(rows) == 1:
        return int(rows[-1]["id"])
    nearest = min(rows, key=lambda row: abs((_aware(row["at"]) - _aware(moment)).total_seconds()))
    return int(nearest["id"])


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=moment.tzinfo or UTC)


async def closed_ledgers(station_id: int, months: Sequence[int]) -> list[Row]:
    """The ledgers of these months that were closed already, with the `number` of their newest version."""
    rows = await Ledger.select(Ledger.id, Ledger.station, Ledger.month, Ledger.state, Ledger.version).where(
        Ledger.station == station_id, Ledger.month.is_in(sorted(set(months))), Ledger.version > 0
    )
    rows = [row for row in rows if row["state"] not in (LedgerState.OPEN.value, LedgerState.CLOSABLE.value)]
    for row in rows:
        version = await LedgerVersion.select(LedgerVersion.number).where(
            LedgerVersion.ledger == row["id"], LedgerVersion.version == row["version"]
        )
        row["number"] = version[0]["number"] if version else ""
    return rows


_SHOWN: tuple[Any, ...] = (
    Correction.id,
    Correction.number,
    Correction.station,
    Correction.station.name.as_alias("station_name"),
    Correction.station.code.as_alias("station_code"),
    Correction.record,
    Correction.record_id,
    Correction.record_number,
    Correction.field,
    Correction.old_text,
    Correction.new_text,
    Correction.reason,
    Correction.month,
    Correction.ledger,
    Correction.replaces,
    Correction.entry,
    Correction.made_by,
    Correction.made_by.name.as_alias("made_by_name"),
    Correction.made_by.role.as_alias("made_by_role"),
    Correction.made_by.work_no.as_alias("work_no"),
    Correction.made_at,
)

PENDING, CONFIRMED, OBJECTED = "pending", CorrectionVerdict.CONFIRMED.value, CorrectionVerdict.OBJECTED.value

REVIEW_STATES = {PENDING: "待复核", CONFIRMED: "复核属实", OBJECTED: "复核不属实"}


@dataclass(frozen=True, slots=True)
class CorrectionFilter:
    """What the list is narrowed to; 0 and "" leave a side open. `who` is a name or a work number, `month` is 202611."""

    month: int = 0
    record: str = ""
    who: str = ""
    review: str = ""

    @classmethod
    def of(cls, month: str = "", record: str = "", who: str = "", review: str = "") -> CorrectionFilter:
        """The filter as typed; values that are in no table are dropped."""
        plain = month.replace("-", "")
        wanted = int(plain) if plain.isascii() and plain.isdigit() and len(plain) == 6 and 1 <= int(plain[4:]) <= 12 else 0
        said = " ".join(who.split())[:20]
        return cls(wanted, record if record in RECORDS else "", said, review if review in REVIEW_STATES else "")


def _reach(actor: Actor) -> Any:
    """In reach; what corrects a complaint is seen by whoever sees the complaint (never past the station, never about oneself)."""
    seen = Complaint.select(Complaint.id).where(complaints_seen_by(actor))
    steps = ComplaintStep.select(ComplaintStep.id).where(ComplaintStep.complaint.is_in(seen))
    open_to_all: Any = Correction.record.not_in(["complaint", "complaint_step"])
    of_complaint: Any = And(Correction.record == "complaint", Correction.record_id.is_in(seen))
    of_step: Any = And(Correction.record == "complaint_step", Correction.record_id.is_in(steps))
    return And(within(actor.scope, Correction.station), Or(open_to_all, Or(of_complaint, of_step)))


async def corrections_for(actor: Actor, wanted: CorrectionFilter, after: str = "") -> Page:
    """The corrections in this person's reach, newest first, 50 to a page, as far as they may be read; `verdict` in each."""
    query = Correction.select(*_SHOWN).where(_reach(actor))
    if wanted.month:
        query = query.where(Correction.month == wanted.month)
    if wanted.record:
        query = query.where(Correction.record == wanted.record)
    if wanted.who:
        query = query.where(Or(Correction.made_by.name == wanted.who, Correction.made_by.work_no == wanted.who))
    if wanted.review == PENDING:
        looked = CorrectionReview.select(CorrectionReview.correction)
        query = query.where(Correction.id.not_in(looked), Correction.made_by.role == Role.STAFF.value)
    elif wanted.review:
        said = CorrectionReview.select(CorrectionReview.correction).where(CorrectionReview.verdict == wanted.review)
        query = query.where(Correction.id.is_in(said))
    if start := place(after, (int,)):
        query = query.where(Correction.id < start[0])
    rows = await query.order_by(Correction.id, ascending=False).limit(DESK_ROWS + 1)
    page = page_of(rows, DESK_ROWS, "id")
    await _with_reviews(page.rows)
    return Page([_as_read(actor, row) for row in page.rows], page.next)


async def correction_for(actor: Actor, number: str) -> Row | None:
    """One correction by its number, when in reach; sealed values closed."""
    row = await Correction.select(*_SHOWN).where(_reach(actor), Correction.number == number).first()
    if row is None:
        return None
    await _with_reviews([row])
    return _as_read(actor, row)


async def opened_chain(actor: Actor, row: Row) -> list[Row]:
    """All corrections of the same value, oldest first; sealed ones in plain text for whoever may read the record itself.

    The caller found `row` with `correction_for`.
    """
    rows = (
        await Correction.select(*_SHOWN, Correction.old_sealed, Correction.new_sealed)
        .where(Correction.record == row["record"], Correction.record_id == row["record_id"], Correction.field == row["field"])
        .order_by(Correction.id)
    )
    await _with_reviews(rows)
    kind = RECORDS.get(row["record"])
    may_read = kind is not None and actor.may(kind.read_by)
    return [_as_read(actor, _opened(each) if may_read else each) for each in rows]


async def corrections_on(actor: Actor, records: Mapping[str, Sequence[int]]) -> list[Row]:
    """All corrections of these records (kind → ids), oldest first; sealed values closed. The caller found the records in reach."""
    return [_as_read(actor, row) for row in await _of_records(records)]


async def opened_corrections_on(actor: Actor, records: Mapping[str, Sequence[int]]) -> list[Row]:
    """The same with sealed values in plain text, for a page that shows the sealed words themselves."""
    return [_as_read(actor, _opened(row)) for row in await _of_records(records, Correction.old_sealed, Correction.new_sealed)]


async def _of_records(records: Mapping[str, Sequence[int]], *more: Any) -> list[Row]:
    wanted: Any = None
    for record, ids in records.items():
        if ids:
            one: Any = And(Correction.record == record, Correction.record_id.is_in(list(ids)))
            wanted = one if wanted is None else Or(wanted, one)
    if wanted is None:
        return []
    rows = await Correction.select(*_SHOWN, *more).where(wanted).order_by(Correction.id)
    await _with_reviews(rows)
    return rows


async def by_field(record: str, ids: Sequence[int]) -> dict[tuple[int, str], list[Row]]:
    """(record's id, field) → its corrections, oldest first, for lists and papers that show old beside new. Sealed values closed."""
    found: dict[tuple[int, str], list[Row]] = {}
    for start in range(0, len(ids), 500):
        for row in await _of_records({record: ids[start : start + 500]}):
            found.setdefault((row["record_id"], row["field"]), []).append(_labelled(row))
    return found


async def of_month(station_id: int, month: int, actor: Actor | None = None) -> list[Row]:
    """Every correction of records of a station's month, oldest first, for the ledger's list ⑨ and P17. Sealed values closed.

    With `actor` as far as this person may find and read them.
    """
    query = Correction.select(*_SHOWN).where(Correction.station == station_id, Correction.month == month).order_by(Correction.id)
    rows = await (query.where(_reach(actor)) if actor else query)
    await _with_reviews(rows)
    return [_as_read(actor, row) if actor else _labelled(row) for row in rows]


async def by_entry(actor: Actor, entries: Sequence[int]) -> dict[int, Row]:
    """Journal entry → the correction it recorded, as this person may read it. The caller found the entries in reach."""
    rows = await Correction.select(*_SHOWN).where(Correction.entry.is_in(list(entries) or [0]))
    return {row["entry"]: _as_read(actor, row) for row in rows}


async def pending_count(station_id: int) -> int:
    """How many corrections by staff of this station nobody has looked over."""
    looked = CorrectionReview.select(CorrectionReview.correction)
    staff = Account.select(Account.id).where(Account.role == Role.STAFF.value, Account.station == station_id)
    return await Correction.count().where(Correction.station == station_id, Correction.made_by.is_in(staff), Correction.id.not_in(looked))


async def _with_reviews(rows: list[Row]) -> None:
    reviews = (
        await CorrectionReview.select(
            CorrectionReview.correction,
            CorrectionReview.verdict,
            CorrectionReview.note,
            CorrectionReview.by.name.as_alias("by_name"),
            CorrectionReview.at,
        )
        .where(CorrectionReview.correction.is_in([row["id"] for row in rows] or [0]))
        .order_by(CorrectionReview.id)
    )
    last = {review["correction"]: review for review in reviews}
    for row in rows:
        row["review"] = last.get(row["id"])
        row["verdict"] = row["review"]["verdict"] if row["review"] else ""


def _opened(row: Row) -> Row:
    keys = vault()
    for name in ("old", "new"):
        if row[f"{name}_sealed"]:
            row[f"{name}_text"] = keys.open(f"correction.{name}_sealed", row["id"], row[f"{name}_sealed"])
    return row


def _labelled(row: Row) -> Row:
    """With `record_label`, `field_label`, `url`, and `closed`: both values are sealed and not opened here."""
    named = field_of(row["record"], row["field"])
    lies = PLACES.get(row["record"])
    row["record_label"] = named[0].label if named else row["record"]
    row["field_label"] = named[1].label if named else row["field"]
    row["url"] = lies.page.format(row["record_number"]) if lies else ""
    row["closed"] = bool(named and named[1].sealed and not row["old_text"] and not row["new_text"])
    return row


def _as_read(actor: Actor, row: Row) -> Row:
    row = _labelled(row)
    named = field_of(row["record"], row["field"])
    if named:
        row["old_text"], row["new_text"] = (read_by(actor, named[1], row[name]) for name in ("old_text", "new_text"))
        row["url"] = row["url"] if actor.may(named[0].read_by) else ""
    return row


def may_correct(actor: Actor, record: str) -> bool:
    """Whether this person may correct this kind of record at all."""
    kind = RECORDS.get(record)
    return kind is not None and actor.may(Permission.CORRECTIONS_MAKE) and actor.may(kind.corrected_by)
