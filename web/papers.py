"""From a gathered paper to an issued one: rendered, kept in the archive, then recorded in one transaction."""

import dataclasses
import json
from collections.abc import Mapping
from datetime import date, datetime, time
from enum import Enum
from typing import Any

from db import archive
from db.actions.documents import PaperRef, issue_paper
from db.errors import ConstraintViolated
from db.queries import documents as queries
from rules.codes import PaperKind
from rules.documents import Paper, StationImprint
from rules.errors import RuleBroken
from web.documents.fonts import check_printable
from web.documents.renderer import PrintFailed
from web.request import StationRequest

TEMPLATES: dict[PaperKind, str] = {
    PaperKind.JOB_ORDER: "job_order",
    PaperKind.SEEKER_FORM: "seeker_form",
    PaperKind.POSTER: "job_poster",
    PaperKind.REFERRAL_SLIP: "referral_slip",
    PaperKind.AGREEMENT: "agreement",
    PaperKind.BOARD: "board",
    PaperKind.SEEKER_CARD: "seeker_card",
    PaperKind.COMMITMENT: "commitment",
    PaperKind.FOLLOW_UP_FORM: "call_back",
    PaperKind.MORNING_SHEET: "morning_sheet",
    PaperKind.DRAW_SHEET: "draw_sheet",
    PaperKind.FAIRNESS_SHEET: "fairness_sheet",
    PaperKind.CALLING_RULE: "calling_rule",
    PaperKind.JOB_SLIPS: "job_slips",
}
"""The template under documents/ that lays a kind out."""


def station_imprint(station: dict[str, Any]) -> StationImprint:
    """The station as papers name it, from a row of `db.queries.documents.station_on_paper` (or any with its columns)."""
    return StationImprint(**{field.name: station[field.name] for field in dataclasses.fields(StationImprint)})


def snapshot_of(paper: Paper) -> str:
    """The paper's values as canonical JSON: the same paper gives the same text. TypeError for a value JSON cannot hold."""
    return json.dumps(_plain(paper), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _plain(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case None | bool() | int() | str():
            return value
        case datetime() | date() | time():
            return value.isoformat()
        case tuple() | list():
            return [_plain(each) for each in value]
        case set() | frozenset():
            return sorted((_plain(each) for each in value), key=json.dumps)
        case dict():
            return {str(key): _plain(each) for key, each in value.items()}
    if dataclasses.is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    raise TypeError(f"a snapshot cannot keep a {type(value).__name__}")


async def printed_pdf(request: StationRequest, kind: PaperKind, paper: Paper) -> bytes:
    """The PDF of a paper that is not issued (a public poster, a sample). RuleBroken in Chinese when it does not print."""
    try:
        return await request.app.state.printer.pdf(TEMPLATES[kind], {"paper": paper})
    except PrintFailed as failed:
        raise RuleBroken(failed.message) from failed


async def issued_pdf(
    request: StationRequest,
    *,
    kind: PaperKind,
    number: str,
    subject: str,
    subject_id: int,
    station_id: int,
    paper: Paper,
) -> bytes:
    """The issued PDF of this paper: number, copy, sealed snapshot and hash are kept, with a PAPER_ISSUED entry.

    The same values again give the archived bytes and issue nothing; other values under the same number issue the next
    copy and void the one before. RuleBroken, in Chinese, when a character cannot be printed or the printer is away.
    """
    before = await queries.current_paper(kind, number)
    snapshot = snapshot_of(paper)
    if before and queries.opened_snapshot(before) == snapshot:
        return await archive.opened(before["archive_key"], before["sha256"])
    body = await printed_pdf(request, kind, paper)
    await keep_issued(
        request,
        body,
        kind=kind,
        number=number,
        subject=subject,
        subject_id=subject_id,
        station_id=station_id,
        snapshot=snapshot,
    )
    return body


async def keep_issued(request: StationRequest, body: bytes, **paper: Any) -> PaperRef:
    """Put rendered bytes into the archive and record them; the file goes again when the record is refused."""
    kept = await archive.keep(body)
    try:
        issued = await issue_paper(kept=kept, actor=request.actor, **paper)
    except (RuleBroken, ConstraintViolated):  # certain refusals; after a lost connection the row may be there
        await archive.discard(kept.key)
        raise
    if not issued.fresh:
        await archive.discard(kept.key)
    return issued


def refuse_unprintable(texts: Mapping[str, str], labels: Mapping[str, str]) -> None:
    """RuleBroken that names field, character and code point where a typed character cannot be printed."""
    check_printable(texts, labels)
