"""Questions about uploaded workbooks (批量登记): one's own only, and what their rows would meet in the cabinet."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from db import archive
from db.paging import DESK_ROWS, Page, page_of, place
from db.queries.employers import employer_facts
from db.tables.employers import Employer
from db.tables.jobs import Job, JobVersion
from db.tables.seekers import Seeker
from db.tables.transfers import Import, ImportRow
from db.vault import vault
from rules.codes import ImportState, JobState
from rules.jobs import comparison_text, terms_from_record
from rules.masking import mask_name
from rules.permissions import Actor
from rules.terms import EmployerFacts

_ROW = (
    Import.id,
    Import.station,
    Import.kind,
    Import.state,
    Import.filename,
    Import.size,
    Import.total,
    Import.checked,
    Import.fresh,
    Import.duplicate,
    Import.wrong,
    Import.children,
    Import.saved,
    Import.problem,
    Import.result,
    Import.at,
    Import.confirmed_at,
    Import.ended_at,
)
_ENDED_JOBS = [JobState.REJECTED.value, JobState.EXPIRED.value, JobState.WITHDRAWN.value, JobState.TAKEN_DOWN.value]
_AT_ONCE = 400


async def imports_of(actor: Actor, after: str = "") -> Page:
    """The workbooks this person uploaded, newest first; a page of the desk."""
    query = Import.select(*_ROW).where(Import.station == (actor.station_id or 0), Import.by == actor.id)
    if start := place(after, (int,)):
        query = query.where(Import.id < start[0])
    return page_of(await query.order_by(Import.id, ascending=False).limit(DESK_ROWS + 1), DESK_ROWS, "id")


async def import_of(actor: Actor, import_id: int) -> dict[str, Any] | None:
    """One workbook this person uploaded; None when it is somebody else's or there is none."""
    row = await Import.select(*_ROW).where(Import.station == (actor.station_id or 0), Import.by == actor.id, Import.id == import_id).first()
    if row:
        row["handled"] = await ImportRow.count().where(ImportRow.batch == import_id)
    return row


async def waiting_imports(before: datetime) -> list[dict[str, Any]]:
    """Workbooks that somebody should be working on, and nobody has said so since that moment; oldest first."""
    return (
        await Import.select(Import.id, Import.by, Import.state)
        .where(
            Import.state.is_in([ImportState.CHECKING.value, ImportState.SAVING.value]),
            Import.beat_at.is_null() | (Import.beat_at < before),
        )
        .order_by(Import.id)
        .limit(20)
    )


async def work_of(import_id: int) -> dict[str, Any]:
    """Kind, state and uploader of a workbook, for whoever works on it. LookupError when there is none."""
    row = await Import.select(Import.kind, Import.state, Import.by).where(Import.id == import_id).first()
    if row is None:
        raise LookupError(import_id)
    return row


async def opened_source(import_id: int) -> bytes:
    """The uploaded bytes. LookupError when there is no such workbook, ArchiveDamaged when it was read already."""
    row = await Import.select(Import.source, Import.sha256).where(Import.id == import_id).first()
    if row is None:
        raise LookupError(import_id)
    return await archive.opened(row["source"], row["sha256"])


async def opened_result(import_id: int) -> bytes:
    """What each row came to, as it was kept. LookupError when there is none (any more)."""
    row = await Import.select(Import.result, Import.result_sha256).where(Import.id == import_id).first()
    if row is None or not row["result"]:
        raise LookupError(import_id)
    return await archive.opened(row["result"], row["result_sha256"])


async def opened_findings(import_id: int) -> list[dict[str, Any]]:
    """The first rows that cannot be registered: row, state, column, reason. [] when there are none."""
    row = await Import.select(Import.findings).where(Import.id == import_id).first()
    if row is None or not row["findings"]:
        return []
    return json.loads(vault().open("import.findings", str(import_id), row["findings"]))


async def handled_rows(import_id: int) -> set[int]:
    """The rows that were dealt with after the confirmation."""
    return {row["row"] for row in await ImportRow.select(ImportRow.row).where(ImportRow.batch == import_id)}


async def opened_outcomes(import_id: int) -> dict[int, dict[str, str]]:
    """Row → number of the record it became, or field and reason why it did not."""
    rows = await ImportRow.select(ImportRow.id, ImportRow.row, ImportRow.number, ImportRow.field, ImportRow.reason).where(
        ImportRow.batch == import_id
    )
    keys = vault()
    return {
        row["row"]: {
            "number": row["number"],
            "field": row["field"],
            "reason": keys.open("import_row.reason", str(row["id"]), row["reason"]),
        }
        for row in rows
    }


async def open_imports(actor: Actor) -> int:
    """How many of this person's workbooks are being read or wait for the confirmation."""
    return await Import.count().where(
        Import.by == actor.id,
        Import.state.is_in([ImportState.CHECKING.value, ImportState.CHECKED.value, ImportState.SAVING.value]),
    )


def _parts(values: Iterable[str]) -> Iterable[list[str]]:
    listed = sorted(set(values))
    for start in range(0, len(listed), _AT_ONCE):
        yield listed[start : start + _AT_ONCE]


async def seekers_with(index: str, hashes: Collection[str], station_id: int) -> dict[str, str]:
    """Keyed hash → who has it, in words for this station: name and number of one's own, else the other station.

    `index` is "id_index" or "phone_index".
    """
    column = Seeker.id_index if index == "id_index" else Seeker.phone_index
    found: dict[str, str] = {}
    for part in _parts(hashes):
        rows = await Seeker.select(
            column.as_alias("hash"), Seeker.number, Seeker.name, Seeker.station, Seeker.station.name.as_alias("station_name")
        ).where(column.is_in(part))
        for row in rows:
            own = row["station"] == station_id
            found.setdefault(row["hash"], f"{mask_name(row['name'])}（{row['number']}）" if own else f"{row['station_name']}的登记")
    return found


async def employers_with(codes: Sequence[str], station_id: int) -> dict[str, tuple[int, EmployerFacts]]:
    """Code → (id, facts) of the employers this station registered under it; codes nobody has are left out."""
    keys = vault()
    by_hash = {digest: code for code in codes for digest in keys.index_all("id_number", code)}
    found: dict[str, tuple[int, EmployerFacts]] = {}
    for part in _parts(by_hash):
        rows = await Employer.select(Employer.id, Employer.id_index).where(
            Employer.station == station_id, Employer.id_index.is_in(part), Employer.merged_into.is_null()
        )
        for row in rows:
            found[by_hash[row["id_index"]]] = (row["id"], await employer_facts(row["id"]))
    return found


async def posts_of_employers(employer_ids: Collection[int]) -> dict[tuple[int, str], str]:
    """(employer, title, duties and first day as one text) → number of a post that is not over."""
    found: dict[tuple[int, str], str] = {}
    ids = sorted(employer_ids)
    for start in range(0, len(ids), _AT_ONCE):
        jobs = await Job.select(Job.id, Job.number, Job.employer, Job.version).where(
            Job.employer.is_in(ids[start : start + _AT_ONCE]), Job.state.not_in(_ENDED_JOBS)
        )
        by_id = {job["id"]: job for job in jobs}
        for first in range(0, len(jobs), _AT_ONCE):
            wanted = [job["id"] for job in jobs[first : first + _AT_ONCE]]
            versions = await JobVersion.select(JobVersion.job, JobVersion.number, JobVersion.terms).where(JobVersion.job.is_in(wanted))
            for version in versions:
                job = by_id[version["job"]]
                if version["number"] == job["version"]:
                    terms = terms_from_record(json.loads(version["terms"]))
                    found[job["employer"], f"{comparison_text(terms)}\n{terms.start_date or ''}"] = job["number"]
    return found


async def results_to_forget(before: datetime) -> list[dict[str, Any]]:
    """Workbooks that ended, or waited in vain for the confirmation, before that moment and still keep their rows."""
    return (
        await Import.select(Import.id, Import.state, Import.station, Import.source, Import.result)
        .where((Import.result != "") | (Import.source != ""), Import.at < before)
        .where((Import.ended_at < before) | (Import.state == ImportState.CHECKED.value))
        .order_by(Import.id)
        .limit(100)
    )
