"""From a gathered paper to an issued one: rendered, kept in the archive, then recorded in one transaction."""

import asyncio
import dataclasses
import hashlib
from collections.abc import Mapping
from typing import Any

from db import archive
from db.actions.documents import PaperRef, issue_paper
from db.archive import Kept
from db.errors import ConstraintViolated
from db.queries import documents as queries
from rules.codes import PaperKind
from rules.documents import Paper, StationImprint, void_line
from rules.errors import RuleBroken
from rules.ledger_papers import LedgerSheet
from rules.snapshots import SnapshotUnreadable, paper_from_snapshot, same_paper, snapshot_of
from web import ledger_layout
from web.documents.certificates import Certificate
from web.documents.fonts import check_printable, spelled_out
from web.documents.renderer import Printer, PrintFailed
from web.render import local, show_date
from web.request import Asker
from web.station_certificate import station_certificate

__all__ = [
    "given_pdf",
    "issued_pdf",
    "keep_issued",
    "keep_paper",
    "laid_out",
    "printed_pdf",
    "refuse_unprintable",
    "snapshot_of",
    "station_imprint",
]

TEMPLATES: dict[PaperKind, str] = {
    PaperKind.JOB_ORDER: "job_order",
    PaperKind.SEEKER_FORM: "seeker_form",
    PaperKind.POSTER: "job_poster",
    PaperKind.REFERRAL_SLIP: "referral_slip",
    PaperKind.AGREEMENT: "agreement",
    PaperKind.KEY_POINTS: "key_points",
    PaperKind.CHECKLIST: "checklist",
    PaperKind.LARGE_PRINT: "agreement_large",
    PaperKind.BOARD: "board",
    PaperKind.SEEKER_CARD: "seeker_card",
    PaperKind.COMMITMENT: "commitment",
    PaperKind.FOLLOW_UP_FORM: "call_back",
    PaperKind.MORNING_SHEET: "morning_sheet",
    PaperKind.DRAW_SHEET: "draw_sheet",
    PaperKind.FAIRNESS_SHEET: "fairness_sheet",
    PaperKind.STATISTICS: "statistics_sheet",
    PaperKind.CORRECTIONS: "correction_sheet",
    PaperKind.CALLING_RULE: "calling_rule",
    PaperKind.JOB_SLIPS: "job_slips",
    PaperKind.LEGAL_FORM: "legal_form",
    PaperKind.DISPUTE_RECORD: "dispute_record",
    PaperKind.RATING_FORM: "rating_form",
    PaperKind.GUIDANCE: "guidance_record",
    PaperKind.LEDGER: "ledger",
    PaperKind.SAMPLE_SHEET: "sample_sheet",
}
"""The template under documents/ that lays a kind out."""


def station_imprint(station: dict[str, Any]) -> StationImprint:
    """The station as papers name it, from a row of `db.queries.documents.station_on_paper` (or any with its columns)."""
    return StationImprint(**{field.name: station[field.name] for field in dataclasses.fields(StationImprint)})


async def laid_out(printer: Printer, kind: PaperKind, paper: Paper, *, void_line: str = "", **more: Any) -> bytes:
    """The PDF of a paper, marked 作废 with `void_line`. A ledger's content is opened first, and a long one is bound. PrintFailed."""
    if isinstance(paper, LedgerSheet):
        return await ledger_layout.laid_out(printer, paper, void_line=void_line)
    context: dict[str, object] = {"paper": paper, "void_line": void_line} if void_line else {"paper": paper}
    body: bytes = await printer.pdf(TEMPLATES[kind], context, **more)
    return body


async def printed_pdf(request: Asker, kind: PaperKind, paper: Paper, **more: Any) -> bytes:
    """The PDF of a paper that is not issued (a public poster, a sample). RuleBroken in Chinese when it does not print.

    `more` is for the printer: `assets`, pictures by name.
    """
    try:
        return await laid_out(request.printer, kind, paper, **more)
    except PrintFailed as failed:
        raise RuleBroken(failed.message) from failed


async def issued_pdf(
    request: Asker,
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
    if before and same_paper(kind, queries.opened_snapshot(before), snapshot):
        return await archive.opened(before["archive_key"], before["sha256"])
    body = await printed_pdf(request, kind, paper)
    kept = await keep_paper(body, station_certificate(request.settings), paper.station.name)
    issued = await keep_issued(
        request,
        kept,
        kind=kind,
        number=number,
        subject=subject,
        subject_id=subject_id,
        station_id=station_id,
        snapshot=snapshot,
    )
    if not issued.fresh:  # another click was faster; its file is the paper
        before = await queries.current_paper(kind, number)
        return await archive.opened(before["archive_key"], before["sha256"]) if before else body
    return await archive.opened(kept.key, kept.sha256)


async def keep_paper(body: bytes, certificate: Certificate | None, place: str = "") -> Kept:
    """Sign rendered bytes, where there is a certificate, and put them into the archive; `place` is the station's name.

    Both take place in threads. The caller discards the file when the action that mentions it is refused.
    """
    if certificate is None:
        return await archive.keep(body)
    signed = await asyncio.to_thread(certificate.signed, body, place)
    return dataclasses.replace(await archive.keep(signed), unsigned_sha256=hashlib.sha256(body).hexdigest())


async def keep_issued(request: Asker, kept: Kept, **paper: Any) -> PaperRef:
    """Record a paper that lies in the archive; the file goes again when the record is refused or not needed."""
    try:
        issued = await issue_paper(kept=kept, actor=request.actor, **paper)
    except (RuleBroken, ConstraintViolated):  # certain refusals; after a lost connection the row may be there
        await archive.discard(kept.key)
        raise
    if not issued.fresh:
        await archive.discard(kept.key)
    return issued


async def given_pdf(request: Asker, paper: dict[str, Any], *, original: bool = False) -> bytes:
    """The bytes of an issued paper, a row of `db.queries.documents`, as people get them.

    A voided one is laid out again from its snapshot with 作废 across each page and who, when and why; what lies in the
    archive stays as it was and is given with `original`. RuleBroken when the mark cannot be printed.
    """
    if paper["voided_at"] is None or original:
        return await archive.opened(paper["archive_key"], paper["sha256"])
    kind = PaperKind(paper["kind"])
    line = void_line(paper["copy_number"], show_date(local(paper["voided_at"]).date()), paper["voided_by"] or "", paper["void_reason"])
    try:
        again = paper_from_snapshot(kind, await queries.opened_snapshot_of(paper["id"]))
        body = await laid_out(request.printer, kind, again, void_line=spelled_out(line))
    except (SnapshotUnreadable, KeyError, PrintFailed):
        raise RuleBroken("这份作废的文书没有排出来，不能带作废标记打开；请驿站负责人打开原件。") from None
    return body


def refuse_unprintable(texts: Mapping[str, str], labels: Mapping[str, str]) -> None:
    """RuleBroken that names field, character and code point where a typed character cannot be printed."""
    check_printable(texts, labels)
