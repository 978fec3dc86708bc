"""From a month to its paper (P12) and its workbook: a signed version is issued, an open month is a preview of few lines."""

from dataclasses import replace
from typing import Any

from db import archive
from db.clock import now
from db.queries.documents import current_paper, opened_snapshot, station_on_paper
from rules.codes import PaperKind
from rules.ledger import LedgerContent
from rules.ledger_papers import NOT_CLOSED, PREVIEW_LINES, WHOLE_LINES, LedgerSheet, lines_in, shortened
from rules.ledger_versions import to_bytes
from rules.snapshots import same_paper, snapshot_of
from web.ledger_layout import with_content
from web.papers import issued_pdf, printed_pdf, station_imprint
from web.request import Asker
from web.workbooks.calling import ledger_workbook

Row = dict[str, Any]
PREVIEW = "预览：本月还没有结账，内容还会变"


async def signed_sheet(asker: Asker, version: Row) -> LedgerSheet:
    """The paper of a signed version (a row of `db.queries.ledger`); its content stays in the archive until it is printed."""
    return LedgerSheet(
        station=station_imprint(await station_on_paper(version["station"])),
        number=version["number"],
        created=version["closed_at"],
        version=version["version"],
        content_key=version["archive_key"],
        content_sha256=version["sha256"],
        public_url=asker.settings.public_url,
    )


async def printed_already(sheet: LedgerSheet) -> bytes | None:
    """The issued file of exactly this paper; None while it was not printed."""
    before = await current_paper(PaperKind.LEDGER, sheet.number)
    if before is None or not same_paper(PaperKind.LEDGER, opened_snapshot(before), snapshot_of(sheet)):
        return None
    return await archive.opened(before["archive_key"], before["sha256"])


async def is_long(sheet: LedgerSheet) -> bool:
    """Whether this ledger is printed in booklets, in the background."""
    return lines_in((await with_content(sheet)).said) > WHOLE_LINES


async def issued_ledger(asker: Asker, version: Row, sheet: LedgerSheet) -> bytes:
    """The issued PDF of a version of ordinary length. RuleBroken when it does not print."""
    return await issued_pdf(
        asker,
        kind=PaperKind.LEDGER,
        number=version["number"],
        subject="ledger_version",
        subject_id=version["id"],
        station_id=version["station"],
        paper=sheet,
    )


async def preview_pdf(asker: Asker, station_id: int, content: LedgerContent) -> bytes:
    """An open month as it would be printed, 未结账 across each page; long lists end after a few lines, and it says so."""
    short = shortened(content)
    cut = lines_in(short) < lines_in(content)
    sheet = LedgerSheet(
        station=station_imprint(await station_on_paper(station_id)),
        number=f"（{NOT_CLOSED}）",
        created=now(),
        watermark=NOT_CLOSED,
        content=short,
        note=f"{PREVIEW}；每张表只印前{PREVIEW_LINES}条" if cut else PREVIEW,
    )
    return await printed_pdf(asker, PaperKind.LEDGER, sheet)


async def workbook_of(version: Row) -> bytes:
    """The workbook of a signed version."""
    return await ledger_workbook(await archive.opened(version["archive_key"], version["sha256"]))


async def preview_workbook(content: LedgerContent) -> bytes:
    """The workbook of a month that is not closed; every sheet says so."""
    return await ledger_workbook(to_bytes(replace(content, head_hash="")), PREVIEW)
