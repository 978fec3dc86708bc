"""Proving that every issued paper is as it was issued: python -m web.verify_papers, or script/verify-papers.

    (nothing)     every paper's file opens, is the one that was kept and is a PDF; its signature, where it has one, is whole
    --render      lay each paper out again from its sealed snapshot as well, and compare the bytes

Exit 0 when all is well, 1 and one line per paper when not. A newer version of the product or of its fonts may lay a paper
out differently: --render then says so, and the archived file remains the paper.
"""

import argparse
import asyncio
import hashlib
import io
import sys
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from db import archive
from db.archive import ArchiveDamaged
from db.errors import StorageUnavailable, translated
from db.queries.documents import every_paper, opened_snapshot_of
from db.vault import SealedError
from piccolo_conf import DB as CONFIGURED
from rules.codes import PaperKind
from rules.snapshots import SnapshotUnreadable, paper_from_snapshot
from web.documents.certificates import Certificate
from web.documents.renderer import Printer, PrintFailed
from web.papers import laid_out
from web.settings import load_settings
from web.station_certificate import station_certificate

DB: Any = CONFIGURED
SOUND = ""
DIFFERENT = "is laid out differently today; the archived file is unharmed"


async def fault_of(paper: dict[str, Any], certificate: Certificate | None, printer: Printer | None) -> str:
    """What is wrong with one issued paper, a row of `every_paper`; "" when nothing is."""
    try:
        body = await archive.opened(paper["archive_key"], paper["sha256"])
        pages = len(PdfReader(io.BytesIO(body)).pages)
    except ArchiveDamaged as damaged:
        return str(damaged)
    except (PyPdfError, ValueError):
        return "is no PDF that opens"
    if not pages:
        return "has no page"
    if paper["unsigned_sha256"] and certificate and not (await asyncio.to_thread(certificate.checked, body)).whole:
        return "its signature is not whole"
    return await _laid_out_again(paper, printer) if printer else SOUND


async def _laid_out_again(paper: dict[str, Any], printer: Printer) -> str:
    try:
        kind = PaperKind(paper["kind"])
        again = paper_from_snapshot(kind, await opened_snapshot_of(paper["id"]))
        body = await laid_out(printer, kind, again)
    except SealedError:
        return "its snapshot does not open"
    except (SnapshotUnreadable, ArchiveDamaged, KeyError, ValueError, PrintFailed) as error:
        return f"cannot be laid out again from its snapshot ({type(error).__name__})"
    same = hashlib.sha256(body).hexdigest() == (paper["unsigned_sha256"] or paper["sha256"])
    return SOUND if same else DIFFERENT


async def verify(certificate: Certificate | None, printer: Printer | None) -> tuple[int, list[str]]:
    """How many papers there are, and one line for each that is not as it was issued."""
    found, count = [], 0
    async for paper in every_paper():
        count += 1
        if fault := await fault_of(paper, certificate, printer):
            found.append(f"{paper['kind']} {paper['number']} copy {paper['copy_number']}: {fault}")
    return count, found


async def _command(options: argparse.Namespace) -> int:
    if DB.engine_type == "sqlite" and not Path(DB.path).exists():  # noqa: ASYNC240
        print(f"there is no database at {DB.path}")
        return 1
    certificate = station_certificate(load_settings())
    printer = Printer(workers=1) if options.render else None
    try:
        with translated():
            await DB.start_connection_pool()
            try:
                if printer:
                    await printer.start()
                count, found = await verify(certificate, printer)
            finally:
                if printer:
                    await printer.stop()
                await DB.close_connection_pool()
    except StorageUnavailable as error:
        print(f"the database cannot be read: {error}")
        return 1
    told = f"{len(found)} not as they were issued" if found else "all as they were issued"
    print("\n".join([*found, f"{count} papers, {told}"]))
    return 1 if found else 0


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="verify-papers", description="Prove that every issued paper is as it was issued.")
    parser.add_argument("--render", action="store_true", help="lay each paper out again from its snapshot and compare")
    return asyncio.run(_command(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
