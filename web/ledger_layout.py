"""A ledger laid out (P12): one document, or, when it is long, booklets printed beside each other and bound into one file."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Protocol

from db import archive
from db.archive import ArchiveDamaged
from rules.codes import Bundle
from rules.ledger import LedgerContent, LedgerListKind
from rules.ledger_papers import WHOLE_LINES, Booklet, LedgerSheet, booklets_of, lines_in
from rules.ledger_versions import from_bytes
from web.documents.binding import BindingFailed, bind
from web.documents.renderer import PrintFailed

AT_ONCE = 2
"""Booklets printed beside each other."""


class Press(Protocol):
    """What prints a document (web.documents.renderer.Printer)."""

    async def pdf(self, template: str, context: dict[str, object]) -> bytes:
        """The PDF of one document."""


async def opened_content(key: str, sha256: str) -> LedgerContent:
    """The frozen content of a version out of the archive. ArchiveDamaged: it is not the one that was kept."""
    body = await archive.opened(key, sha256)
    try:
        return await asyncio.to_thread(from_bytes, body)
    except (KeyError, TypeError, ValueError) as error:
        raise ArchiveDamaged(f"the archived file {key} is no ledger: {type(error).__name__}") from None


async def with_content(sheet: LedgerSheet) -> LedgerSheet:
    """The sheet with its content opened, as it is printed."""
    if sheet.content is not None:
        return sheet
    return replace(sheet, content=await opened_content(sheet.content_key, sheet.content_sha256))


async def laid_out(printer: Press, sheet: LedgerSheet, *, void_line: str = "", told: Callable[[int, int], None] | None = None) -> bytes:
    """The PDF of a ledger. `told` hears (done, of) while a long one is printed. PrintFailed with what to do.

    The same content gives the same bytes, whichever booklet was ready first.
    """
    sheet = await with_content(sheet)
    more: dict[str, object] = {"void_line": void_line} if void_line else {}
    if lines_in(sheet.said) <= WHOLE_LINES:
        return await printer.pdf("ledger", {"paper": sheet, **more})
    return await _bound(printer, sheet, more, told or (lambda done, of: None))


async def _bound(printer: Press, sheet: LedgerSheet, more: dict[str, object], told: Callable[[int, int], None]) -> bytes:
    booklets = booklets_of(sheet.said)
    printed: dict[int, bytes] = {}
    waiting = iter(enumerate(booklets))
    told(0, len(booklets))

    async def hand() -> None:
        for place, booklet in waiting:
            printed[place] = await printer.pdf("ledger_booklet", {"paper": piece_of(sheet, booklet), **more})
            told(len(printed), len(booklets))

    hands = [asyncio.ensure_future(hand()) for _ in range(AT_ONCE)]
    try:
        await asyncio.gather(*hands)
    except BaseException:
        for each in hands:
            each.cancel()
        await asyncio.gather(*hands, return_exceptions=True)
        raise

    async def in_order() -> AsyncIterator[tuple[str, bytes]]:
        for place, booklet in enumerate(booklets):
            yield booklet.label, printed.pop(place)

    try:
        return (await bind(in_order(), Bundle.PDF, duplex=False, niceness=5)).body
    except BindingFailed:
        raise PrintFailed("各册都排好了，但是没有合成一个文件。请再打印一次；还不行的，请联系系统管理员。") from None


def piece_of(sheet: LedgerSheet, booklet: Booklet) -> LedgerSheet:
    """The sheet of one booklet, with no more of the content than it shows: it travels to another process."""
    lists = sheet.said.lists
    if booklet.part == "closing":
        lists = ()
    elif booklet.part != "summary":
        shown = (booklet.part, LedgerListKind.CORRECTIONS.value)
        lists = tuple(each for each in lists if each.kind.value in shown)
    return replace(sheet, content=replace(sheet.said, lists=lists), booklet=booklet)
