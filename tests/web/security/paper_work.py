"""What a station's papers leave: guidance, an amendment to sign, a large print, a paper, a bulk print, a scan, an emblem, a copy."""

import io
import secrets
from dataclasses import dataclass
from datetime import timedelta

from PIL import Image

from db import archive
from db.actions.agreements import amend_agreement
from db.actions.documents import issue_paper
from db.actions.emblems import set_emblem
from db.actions.incoming_scans import leave_scan, receive_scans
from db.actions.print_runs import ask_run
from db.actions.signing import open_signing
from db.actions.wordings import set_official_text
from db.clock import now, today
from db.queries.agreements import agreement_in
from db.queries.documents import current_paper, papers_of
from db.queries.emblems import emblem_of
from db.queries.signing import code_hash, token_hash
from db.tables.agreements import CopyLink
from rules.codes import AgreementType, BoardKind, Bundle, EmblemKind, PaperKind, PrintRunKind
from rules.emblems import Picture
from rules.official_texts import OfficialFile
from rules.permissions import Actor
from rules.print_runs import Wanted
from rules.snapshots import snapshot_of
from tests.cast import PEOPLE
from tests.web.agreement_scene import put_guidance_of
from web.agreement_papers import large_print
from web.documents.renderer import Printer

OFFICIAL, OFFICIAL_VERSION = AgreementType.FIXED_TERM, "示范-1"
"""The type whose official model text the district uploaded, and what that is called."""


@dataclass(frozen=True)
class PaperRecords:
    """Numbers and ids of one station's paper work, as they stand in addresses."""

    guidance: str = "Y2612029999"
    signing: str = "XLW-2026-999998"
    """An amendment of the agreement, with both sides at the counter to sign it on the screen."""
    print_run: str = "PL261202999"
    incoming_id: int = 987654321
    """A scan that found no agreement by itself."""
    paper_id: int = 987654321
    """A board: every reader of the register may open it."""
    agreement_paper: int = 987654321
    """The paper of the agreement, with full data."""
    emblem_id: int = 987654321
    copy_token: str = "nobody-has-this-token"
    signing_id: int = 0


NO_PAPERS = PaperRecords()
"""Well-formed numbers that nobody has."""


async def put_papers(
    digit: int, printer: Printer, pdf: bytes, *, clerk: Actor, code: str, referral: str, agreement: str, agreement_id: int
) -> PaperRecords:
    """The paper work of station `digit`: `referral` has no agreement yet, `agreement` is signed; `pdf` is any sound file."""
    station = clerk.station_id or 0
    await put_guidance_of(referral, number=f"Y261201000{digit}")
    await _print_large(printer, agreement, clerk)
    main = next(row for row in await papers_of("agreement", agreement_id) if row["kind"] == PaperKind.AGREEMENT.value)
    board = await issue_paper(
        kind=PaperKind.BOARD,
        number=code,
        subject="station",
        subject_id=station,
        station_id=station,
        snapshot="{}",
        kept=await archive.keep(pdf),
        actor=clerk,
    )
    amended = await amend_agreement(agreement_id, "双方商量好多干一天。", actor=clerk)
    boards = [("board", place, kind.value) for place, kind in enumerate(BoardKind, 1)]
    run = await ask_run(Wanted(PrintRunKind.BOARDS, Bundle.PDF), boards, actor=clerk)
    (scan,) = await receive_scans([await archive.keep_scan(pdf)], signatures_seen=True, actor=clerk)
    await leave_scan(scan, "没有找到二维码，请看一看是哪份协议。", actor=clerk)
    return PaperRecords(
        guidance=f"Y261201000{digit}",
        signing=amended.number,
        signing_id=amended.id,
        print_run=run.number,
        incoming_id=scan,
        paper_id=board.id,
        agreement_paper=main["id"],
        emblem_id=await _put_emblem(digit, station),
        copy_token=await _put_copy_link(agreement_id, main["id"], clerk),
    )


async def _print_large(printer: Printer, number: str, clerk: Actor) -> None:
    row = await agreement_in(clerk.scope, number)
    assert row
    paper = await large_print(row)
    body = await printer.pdf("agreement_large", {"paper": paper})
    await issue_paper(
        kind=PaperKind.LARGE_PRINT,
        number=number,
        subject="agreement",
        subject_id=row["id"],
        station_id=row["station"],
        snapshot=snapshot_of(paper),
        kept=await archive.keep(body),
        actor=clerk,
    )
    assert await current_paper(PaperKind.LARGE_PRINT, number)


async def _put_emblem(digit: int, station: int) -> int:
    """An emblem of the station's own, set by the district."""
    out = io.BytesIO()
    Image.new("RGB", (640, 640), (0, 90, 60 * digit)).save(out, "PNG")
    picture = Picture(out.getvalue(), "image/png", 640, 640)
    await set_emblem(EmblemKind.EMBLEM, station, picture, await archive.keep(picture.body), actor=PEOPLE["zheng"])
    row = await emblem_of(station, EmblemKind.EMBLEM)
    assert row
    return row["id"]


async def _put_copy_link(agreement: int, paper: int, clerk: Actor) -> str:
    """A link to the signed paper, as the counter gives it out."""
    token = secrets.token_urlsafe(24)
    await CopyLink.insert(
        CopyLink(
            agreement=agreement,
            paper=paper,
            token_hash=token_hash(token),
            code_hash=code_hash(token, "246810"),
            made_by=clerk.id,
            made_at=now(),
            expires_at=now() + timedelta(days=30),
        )
    )
    return token


async def put_official_text(pdf: bytes) -> None:
    """The district's official model text for fixed-term contracts."""
    await set_official_text(
        OFFICIAL,
        "劳动合同（通用）",
        "人力资源和社会保障部",
        today(),
        OfficialFile.PDF,
        await archive.keep(pdf),
        actor=PEOPLE["zheng"],
    )


async def sit_down_to_sign(records: PaperRecords, clerk: Actor) -> None:
    """Both sides of the amendment are at the counter; half an hour begins."""
    await open_signing(records.signing_id, both_present=True, read_aloud=True, by_message=False, actor=clerk)
