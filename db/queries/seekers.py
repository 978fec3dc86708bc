"""Questions about seekers (求职者). Sealed columns come back sealed; only the `opened_*` functions open them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from piccolo.columns.combination import And, Or

from db.clock import CHINA, now, today
from db.paging import DESK_ROWS, Page, page_of, place
from db.queries.scope import within
from db.search import newest_named
from db.tables.seekers import Consent, RefusalCount, Seeker, SeekerCertificate, SeekerTrade
from db.vault import vault
from rules.codes import TRADES, IdType, SeekerState
from rules.masking import mask_id, mask_id_tail, mask_phone
from rules.numbers import NumberKind, kind_of, normal
from rules.permissions import Reach, Scope
from rules.search import found_in, query_tokens
from rules.seekers import DORMANT_DAYS, ConsentPurpose

_ROW = (
    Seeker.id,
    Seeker.number,
    Seeker.station,
    Seeker.station.name.as_alias("station_name"),
    Seeker.name,
    Seeker.id_type,
    Seeker.id_number,
    Seeker.birth_date,
    Seeker.gender,
    Seeker.phone,
    Seeker.phone_owner,
    Seeker.subdistrict,
    Seeker.community,
    Seeker.education,
    Seeker.skills,
    Seeker.availability,
    Seeker.pay_wish,
    Seeker.max_km,
    Seeker.pension,
    Seeker.guardian_name,
    Seeker.guardian_phone,
    Seeker.guardian_consent,
    Seeker.training_wish,
    Seeker.read_aloud,
    Seeker.by_proxy,
    Seeker.original_seen,
    Seeker.state,
    Seeker.confirmed_on,
    Seeker.asked_on,
    Seeker.restricted_until,
    Seeker.created_by.name.as_alias("created_by"),
    Seeker.created_at,
)
_LIST = (
    Seeker.id,
    Seeker.number,
    Seeker.name,
    Seeker.phone,
    Seeker.birth_date,
    Seeker.subdistrict,
    Seeker.community,
    Seeker.skills,
    Seeker.state,
    Seeker.confirmed_on,
    Seeker.restricted_until,
    Seeker.created_at,
    Seeker.station,
    Seeker.station.name.as_alias("station_name"),
)


_MOST_MEANT = 1000
"""People whom one typed number can mean: four digits mean one in ten thousand."""

_ROUNDS = 20
"""How often a page of names is filled up where other conditions leave people out."""


@dataclass(frozen=True, slots=True)
class SeekerFilter:
    """What a list of seekers is narrowed to; "" leaves a side open. `word`: part of a name, a number, a phone's last four."""

    trade: str = ""
    state: str = ""
    word: str = ""

    @classmethod
    def of(cls, trade: str = "", state: str = "", word: str = "") -> SeekerFilter:
        """The filter as typed; values that are in no table are dropped."""
        known = {member.value for member in SeekerState}
        return cls(trade if trade in TRADES else "", state if state in known else "", " ".join(word.split())[:40])


def state_now(row: dict[str, Any], day: date) -> SeekerState:
    """The state as it counts on `day`: dormant when nobody spoke with the person for 90 days, a restriction ends."""
    state = SeekerState(row["state"])
    if state is SeekerState.RESTRICTED and row["restricted_until"] and row["restricted_until"] < day:
        state = SeekerState.ACTIVE
    if state in (SeekerState.ACTIVE, SeekerState.ENGAGED) and row["confirmed_on"] + timedelta(days=DORMANT_DAYS) < day:
        return SeekerState.DORMANT
    return state


async def seeker_in(scope: Scope, number: str) -> dict[str, Any] | None:
    """The seeker's row when the station lies in the asker's reach: numbers sealed, `state_now` beside the stored state."""
    row = await Seeker.select(*_ROW).where(within(scope, Seeker.station), Seeker.number == number).first()
    return {**row, "state_now": state_now(row, today())} if row else None


async def seekers_of(scope: Scope, wanted: SeekerFilter, after: str = "", size: int = DESK_ROWS) -> Page:
    """Seekers in the asker's reach, newest first, 50 to a page, with trades and masked phone; `after` is a cursor."""
    conditions = [within(scope, Seeker.station)]
    named = is_name(wanted.word)
    if wanted.word and not named:
        conditions.append(Seeker.id.is_in(await _ids_of(wanted.word) or [0]))
    if wanted.state:
        conditions.append(_in_state(SeekerState(wanted.state)))
    if wanted.trade:
        conditions.append(Seeker.id.is_in(SeekerTrade.select(SeekerTrade.seeker).where(SeekerTrade.trade == wanted.trade)))
    start = place(after, (int,))
    if named:
        return await _named(scope, conditions, wanted.word, start[0] if start else None, size)
    if start:
        conditions.append(Seeker.id < start[0])
    query = Seeker.select(*_LIST).order_by(Seeker.id, ascending=False).limit(size + 1)
    for condition in conditions:
        query = query.where(condition)
    page = page_of(await query, size, "id")
    return Page(await _listed(page.rows), page.next)


async def ids_meant(scope: Scope, word: str, limit: int = 20) -> list[int]:
    """The seekers in reach whom a word means, at most `limit`."""
    if is_name(word):
        page = await _named(scope, [within(scope, Seeker.station)], word, None, limit)
        return [row["id"] for row in page.rows]
    known = await _ids_of(word)
    rows = await Seeker.select(Seeker.id).where(within(scope, Seeker.station), Seeker.id.is_in(known or [0])).order_by(Seeker.id)
    return [row["id"] for row in rows][:limit]


async def _ids_of(word: str) -> list[int]:
    """Whom a number, a phone or a document means, in the whole district.

    Asked alone, so that the engine uses that column's index and never reads a station's list of a hundred thousand.
    """
    rows = await Seeker.select(Seeker.id).where(meant_by(word)).limit(_MOST_MEANT)
    return [row["id"] for row in rows]


async def _named(scope: Scope, conditions: list[Any], word: str, before: int | None, size: int) -> Page:
    """The page of a name: the index names the newest, in the station's own list of it; the rows are looked at again."""
    station = scope.station_id if scope.reach is Reach.STATION else None
    kept: list[dict[str, Any]] = []
    for _ in range(_ROUNDS):
        ids = await newest_named(word, station_id=station, before=before, limit=size + 1)
        query = Seeker.select(*_LIST).where(Seeker.id.is_in(ids or [0]))
        for condition in conditions:
            query = query.where(condition)
        kept += [row for row in await query.order_by(Seeker.id, ascending=False) if found_in(word, row["name"])]
        if len(ids) <= size or len(kept) > size:
            break
        before = ids[-1]
    page = page_of(kept[: size + 1], size, "id")
    return Page(await _listed(page.rows), page.next)


async def registered_today(scope: Scope) -> list[dict[str, Any]]:
    """The seekers registered today in the asker's reach, newest first, at most 20, for the list beside the form."""
    midnight = now().astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    query = Seeker.select(*_LIST).where(within(scope, Seeker.station), Seeker.created_at >= midnight)
    return await _listed(await query.order_by(Seeker.id, ascending=False).limit(20))


async def rows_for_candidates(seeker_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """What a list of candidates shows of each seeker, by id: number, name, masked phone, skills. Never the ID number."""
    if not seeker_ids:
        return {}
    rows = await Seeker.select(*_LIST).where(Seeker.id.is_in(list(seeker_ids)))
    return {row["id"]: row for row in await _listed(rows)}


async def _listed(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    trades = await trades_of([row["id"] for row in rows])
    day = today()
    return [
        {**row, "trades": trades.get(row["id"], []), "phone_masked": opened_masks(row)["phone"], "state_now": state_now(row, day)}
        for row in rows
    ]


def is_name(word: str) -> bool:
    """Whether what was typed can only be part of a name: no number of ours, no phone, no document."""
    return bool(query_tokens(word)) and not any(letter.isdigit() for letter in word)


def meant_by(word: str) -> Any:
    """The condition that a seeker is meant by what was typed: a number, a phone or its last four digits, a document, a name."""
    number = normal(word)
    if kind_of(number) is NumberKind.SEEKER:
        return Seeker.number == number
    digits = re.sub(r"[\s-]", "", number)
    if re.fullmatch(r"\d{4}", digits):
        return Seeker.phone_tail.is_in(vault().index_all("phone", digits, "tail"))
    if re.fullmatch(r"(?:\+86)?\d{7,12}", digits):
        return Seeker.phone_index.is_in(vault().index_all("phone", digits))
    if re.fullmatch(r"[A-Za-z]{0,3}[0-9()]{6,17}[0-9Xx]?", digits):
        cells = vault()
        return Seeker.id_index.is_in([each for kind in IdType for each in cells.index_all("id_number", digits, kind.value)])
    return Seeker.name == word


def _in_state(state: SeekerState) -> Any:
    limit = today() - timedelta(days=DORMANT_DAYS)
    lively = Or(Seeker.state == SeekerState.ACTIVE.value, Seeker.state == SeekerState.ENGAGED.value)
    if state is SeekerState.DORMANT:
        return Or(Seeker.state == state.value, And(lively, Seeker.confirmed_on < limit))
    if state in (SeekerState.ACTIVE, SeekerState.ENGAGED):
        return And(Seeker.state == state.value, Seeker.confirmed_on >= limit)
    return Seeker.state == state.value


async def trades_of(seeker_ids: Sequence[int]) -> dict[int, list[str]]:
    """Trade codes by seeker id, in the order they were named."""
    found: dict[int, list[str]] = {}
    if seeker_ids:
        query = SeekerTrade.select(SeekerTrade.seeker, SeekerTrade.trade)
        for row in await query.where(SeekerTrade.seeker.is_in(list(seeker_ids))).order_by(SeekerTrade.id):
            found.setdefault(row["seeker"], []).append(row["trade"])
    return found


async def certificates_of(seeker_id: int) -> list[dict[str, Any]]:
    """The seeker's certificates with masked numbers, and whether each has run out by today (`expired`)."""
    rows = (
        await SeekerCertificate.select(
            SeekerCertificate.id,
            SeekerCertificate.type,
            SeekerCertificate.number,
            SeekerCertificate.valid_to,
            SeekerCertificate.recorded_at,
        )
        .where(SeekerCertificate.seeker == seeker_id)
        .order_by(SeekerCertificate.id)
    )
    day = today()
    return [
        {
            **row,
            "number_masked": mask_id_tail(_opened_certificate(row)) if row["number"] else "",
            "expired": row["valid_to"] is not None and row["valid_to"] < day,
        }
        for row in rows
    ]


async def consents_of(seeker_id: int) -> list[dict[str, Any]]:
    """Everything the seeker agreed to, oldest first, in the wording of that time; groups stand apart (`groups_of`)."""
    return (
        await Consent.select(
            Consent.id,
            Consent.purpose,
            Consent.notice_version,
            Consent.wording,
            Consent.method,
            Consent.given_at,
            Consent.recorded_by.name.as_alias("recorded_by"),
        )
        .where(Consent.seeker == seeker_id, Consent.purpose != ConsentPurpose.GROUP.value)
        .order_by(Consent.id)
    )


async def duplicates(*, id_type: str = "01", id_number: str = "", phone: str = "") -> list[dict[str, Any]]:
    """Seekers of any station with this document or this phone: number, name, station and which of the two (`same`).

    The caller shows a name or a link only for its own station. At most ten.
    """
    cells = vault()
    conditions = []
    if id_number:
        conditions.append(Seeker.id_index.is_in(cells.index_all("id_number", id_number, id_type)))
    if phone:
        conditions.append(Seeker.phone_index.is_in(cells.index_all("phone", phone)))
    if not conditions:
        return []
    wanted = conditions[0] if len(conditions) == 1 else Or(*conditions)
    rows = (
        await Seeker.select(
            Seeker.id,
            Seeker.number,
            Seeker.name,
            Seeker.station,
            Seeker.station.name.as_alias("station_name"),
            Seeker.station.phone.as_alias("station_phone"),
            Seeker.id_index,
        )
        .where(wanted)
        .order_by(Seeker.id)
        .limit(10)
    )
    by_id = set(cells.index_all("id_number", id_number, id_type)) if id_number else set()
    return [{**row, "same": "id_number" if row["id_index"] in by_id else "phone"} for row in rows]


async def refusals_on(scope: Scope, day: date) -> int:
    """How many registrations were refused for age on that day in the asker's reach."""
    rows = await RefusalCount.select(RefusalCount.refusals).where(within(scope, RefusalCount.station), RefusalCount.day == day)
    return sum(row["refusals"] for row in rows)


def opened_masks(row: dict[str, Any]) -> dict[str, str]:
    """The masked forms of the sealed columns that the row carries: phone, id_number, guardian_phone."""
    masks = {"phone": mask_phone, "id_number": mask_id, "guardian_phone": mask_phone}
    cells = vault()
    return {
        name: mask(cells.open(f"seeker.{name}", str(row["id"]), row[name])) if row[name] else ""
        for name, mask in masks.items()
        if name in row
    }


async def opened_seeker(seeker_id: int) -> dict[str, str]:
    """The plain ID number, phone and guardian's phone, for a paper or an accepted referral. LookupError if unknown."""
    row = await Seeker.select(Seeker.id, Seeker.id_number, Seeker.phone, Seeker.guardian_phone).where(Seeker.id == seeker_id).first()
    if row is None:
        raise LookupError(seeker_id)
    cells = vault()
    return {name: cells.open(f"seeker.{name}", str(seeker_id), row[name]) for name in ("id_number", "phone", "guardian_phone")}


async def opened_certificates(seeker_id: int) -> list[tuple[str, str, date | None]]:
    """(type, plain number, last valid day) of every certificate, for the printed form."""
    rows = (
        await SeekerCertificate.select(SeekerCertificate.id, SeekerCertificate.type, SeekerCertificate.number, SeekerCertificate.valid_to)
        .where(SeekerCertificate.seeker == seeker_id)
        .order_by(SeekerCertificate.id)
    )
    return [(row["type"], _opened_certificate(row), row["valid_to"]) for row in rows]


def _opened_certificate(row: dict[str, Any]) -> str:
    return vault().open("seeker_certificate.number", str(row["id"]), row["number"])
