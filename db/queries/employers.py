"""Questions about employers (雇主). Sealed columns come back sealed; only `opened_employer` opens them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from piccolo.columns.combination import And, Or

from db.clock import today
from db.paging import DESK_ROWS, Page, page_of, place
from db.queries.scope import within
from db.tables.employers import Employer
from db.transaction import asked_once
from db.vault import vault
from rules.codes import CreditState, EmployerKind, EmployerState
from rules.employers import CREDIT_CODE, REVERIFY_NOTICE, NewEmployer, worse
from rules.masking import mask_credit_code, mask_id, mask_phone
from rules.permissions import Scope
from rules.terms import EmployerFacts

_ROW = (
    Employer.id,
    Employer.station,
    Employer.station.name.as_alias("station_name"),
    Employer.kind,
    Employer.name,
    Employer.id_type,
    Employer.id_number,
    Employer.id_warning,
    Employer.id_proof,
    Employer.address,
    Employer.legal_representative,
    Employer.agent_name,
    Employer.phone,
    Employer.authorisation,
    Employer.industry,
    Employer.agency,
    Employer.dispatch,
    Employer.licence_no,
    Employer.name_public,
    Employer.state,
    Employer.verify_method,
    Employer.verified_by.name.as_alias("verified_by"),
    Employer.verified_on,
    Employer.verified_until,
    Employer.credit,
    Employer.credit_reason,
    Employer.source,
    Employer.reject_reason,
    Employer.created_by.name.as_alias("created_by"),
    Employer.created_at,
)


@dataclass(frozen=True, slots=True)
class EmployerFilter:
    """What a list of employers is narrowed to; "" leaves a side open.

    `due`: verified, but not in time any more, or only for another two weeks.
    """

    state: str = ""
    credit: str = ""
    word: str = ""
    due: bool = False


async def employer_in(scope: Scope, employer_id: int) -> dict[str, Any] | None:
    """The employer's row when its station lies in the asker's reach; numbers and address sealed."""
    return await Employer.select(*_ROW).where(within(scope, Employer.station), Employer.id == employer_id).first()


async def employers_of(scope: Scope, wanted: EmployerFilter, after: str = "") -> Page:
    """Employers in the asker's reach, newest first, 50 to a page; `after` is the cursor of the page before.

    One that was merged into another is found on the page of that other one.
    """
    query = Employer.select(
        Employer.id,
        Employer.kind,
        Employer.name,
        Employer.agent_name,
        Employer.industry,
        Employer.state,
        Employer.verified_until,
        Employer.credit,
        Employer.source,
        Employer.station.name.as_alias("station_name"),
        Employer.created_at,
    ).where(within(scope, Employer.station), Employer.merged_into.is_null())
    if wanted.state:
        query = query.where(Employer.state == wanted.state)
    if wanted.due:
        query = query.where(
            And(
                Employer.state == EmployerState.VERIFIED.value,
                Or(Employer.verified_until.is_null(), Employer.verified_until <= today() + REVERIFY_NOTICE),
            )
        )
    if wanted.credit:
        query = query.where(Employer.credit == wanted.credit)
    if wanted.word:
        query = query.where(Employer.name.like(f"%{wanted.word}%"))
    if start := place(after, (int,)):
        query = query.where(Employer.id < start[0])
    rows = await query.order_by(Employer.id, ascending=False).limit(DESK_ROWS + 1)
    return page_of(rows, DESK_ROWS, "id")


_WAITING = """SELECT
(SELECT count(*) FROM (SELECT 1 FROM employer WHERE station = {} AND state = 'PENDING' LIMIT 1000) AS a) AS employers_pending,
(SELECT count(*) FROM (SELECT 1 FROM employer WHERE station = {} AND state = 'VERIFIED'
  AND (verified_until IS NULL OR verified_until <= {}) LIMIT 1000) AS b) AS employers_due"""


async def employers_waiting(station_id: int) -> dict[str, int]:
    """How many employers of a station wait to be verified, and how many must be verified again by now or within two weeks."""
    rows = await Employer.raw(_WAITING, station_id, station_id, today() + REVERIFY_NOTICE)
    return {name: int(n) for name, n in rows[0].items()}


async def employers_since(scope: Scope, since: Any) -> list[dict[str, Any]]:
    """The last dozen employers registered since that moment, for the list beside the form."""
    return (
        await Employer.select(Employer.id, Employer.name, Employer.kind, Employer.state, Employer.created_at)
        .where(within(scope, Employer.station), Employer.created_at >= since)
        .order_by(Employer.id, ascending=False)
        .limit(12)
    )


async def find_employers_by_id_number(typed: str) -> list[dict[str, Any]]:
    """Every registration of this document or credit code in the district, found by keyed hash, with its station."""
    return await _found(Employer.id_index, vault().index_all("id_number", typed))


async def find_employers_by_phone(typed: str) -> list[dict[str, Any]]:
    """Every employer registered with this telephone number in the district, found by keyed hash, with its station."""
    return await _found(Employer.phone_index, vault().index_all("phone", typed))


async def _found(column: Any, hashes: list[str]) -> list[dict[str, Any]]:
    return (
        await Employer.select(
            Employer.id,
            Employer.kind,
            Employer.name,
            Employer.state,
            Employer.credit,
            Employer.source,
            Employer.station,
            Employer.station.name.as_alias("station_name"),
            Employer.station.phone.as_alias("station_phone"),
        )
        .where(column.is_in(hashes))
        .order_by(Employer.id)
        .limit(20)
    )


@asked_once
async def employer_facts(employer_id: int) -> EmployerFacts:
    """What the checks of a post ask about its employer. LookupError when there is none.

    The credit is the worst one that any station of the district gave the same document.
    """
    row = (
        await Employer.select(
            Employer.kind,
            Employer.state,
            Employer.credit,
            Employer.verified_until,
            Employer.agency,
            Employer.dispatch,
            Employer.licence_no,
            Employer.id_index,
        )
        .where(Employer.id == employer_id)
        .first()
    )
    if row is None:
        raise LookupError(employer_id)
    credit = CreditState(row["credit"])
    for other in await Employer.select(Employer.credit).where(Employer.id_index.is_in(await document_hashes(employer_id, row["id_index"]))):
        credit = worse(credit, CreditState(other["credit"]))
    return EmployerFacts(
        kind=EmployerKind(row["kind"]),
        state=EmployerState(row["state"]),
        credit=credit,
        verified_until=row["verified_until"],
        agency=row["agency"],
        dispatch=row["dispatch"],
        licence_no=row["licence_no"],
    )


async def document_hashes(employer_id: int, id_index: str) -> list[str]:
    """The document's hash; under every index key while one is being replaced and other rows may still have the old one."""
    if len(vault().index_keys) == 1:
        return [id_index]
    return [id_index, *vault().index_all("id_number", (await opened_employer(employer_id))["id_number"])]


@asked_once
async def opened_employer(employer_id: int) -> dict[str, str]:
    """The plain `id_number`, `address` and `phone` of an employer, for papers and masks. LookupError when there is none."""
    row = await Employer.select(Employer.id_number, Employer.address, Employer.phone).where(Employer.id == employer_id).first()
    if row is None:
        raise LookupError(employer_id)
    return {name: vault().open(f"employer.{name}", employer_id, value) for name, value in row.items()}


async def opened_registration(employer_id: int) -> NewEmployer:
    """What is registered about an employer, in plain text, to compare it with what is typed. LookupError when there is none."""
    row = (
        await Employer.select(
            Employer.kind,
            Employer.name,
            Employer.id_type,
            Employer.legal_representative,
            Employer.agent_name,
            Employer.authorisation,
            Employer.industry,
            Employer.agency,
            Employer.dispatch,
            Employer.licence_no,
            Employer.name_public,
            Employer.id_proof,
        )
        .where(Employer.id == employer_id)
        .first()
    )
    if row is None:
        raise LookupError(employer_id)
    return NewEmployer(**{**row, "kind": EmployerKind(row["kind"]), **await opened_employer(employer_id)})


async def opened_masks(employer: dict[str, Any]) -> dict[str, str]:
    """The masked number and phone of an employer row as the desk shows them (10.3)."""
    opened = await opened_employer(employer["id"])
    mask = mask_credit_code if employer["id_type"] == CREDIT_CODE else mask_id
    return {"id_number": mask(opened["id_number"]), "phone": mask_phone(opened["phone"])}
