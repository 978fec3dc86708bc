"""From a station's board text to the printed sheet: values filled in, rendered once, kept in a small memory."""

import asyncio
from collections import OrderedDict
from datetime import date
from typing import Any

from db.queries.parameters import legal_parameters
from rules.board_editing import board_values, read_rows
from rules.boards import BoardText, fill_board
from rules.codes import BoardKind, PaperKind, SheetFinish
from rules.documents import BoardPaper
from rules.parameters import in_force
from rules.stations import ANSWER_WORKDAYS, PAGE_PAPERS
from web.emblems import emblem_in_use, pictures_of
from web.papers import printed_pdf, station_imprint
from web.request import Asker, StationRequest

KEPT_SHEETS = 120
"""Sheets kept in memory: the ten boards on two papers for half a dozen stations, some 0.2 MB each."""


def sheet_of(typed: str) -> str:
    """The paper asked for; anything unknown is A3."""
    return typed if typed in PAGE_PAPERS else PAGE_PAPERS[0]


def finish_of(typed: str) -> SheetFinish:
    """The finish asked for; anything unknown is for the office printer."""
    return SheetFinish(typed) if typed in SheetFinish.__members__ else SheetFinish.OFFICE


async def filled_board(station: dict[str, Any], kind: BoardKind, rows: str, day: date) -> BoardText:
    """The text with this station's values and the parameters in force on `day`. RuleBroken names a value that is missing."""
    wage = in_force(await legal_parameters(), "min_wage_hour_tier1", day).value
    return fill_board(read_rows(kind, rows), board_values(station, hour_wage=wage, answer_workdays=ANSWER_WORKDAYS))


async def board_paper(
    request: Asker,
    station: dict[str, Any],
    kind: BoardKind,
    version: dict[str, Any],
    *,
    paper: str,
    day: date,
    finish: SheetFinish = SheetFinish.OFFICE,
) -> BoardPaper:
    """The sheet of one version of a board, with the emblem in use; equal sheets print to equal bytes."""
    text = await filled_board(station, kind, version["lines"], day)
    return BoardPaper(
        station=station_imprint(station),
        number=f"{station['code']}-{list(BoardKind).index(kind) + 1:02d}",
        created=version["created_at"],
        version=version["version"],
        kind=kind.value,
        title=text.title,
        groups=text.groups,
        basis=text.basis,
        effective_date=version["effective_from"],
        paper=paper,
        public_url=f"{request.settings.public_url}/stations/{station['code']}/boards/{kind.value}",
        finish=finish,
        emblem=await emblem_in_use(station["id"]),
    )


async def board_pdf(asker: Asker, paper: BoardPaper) -> bytes:
    """The PDF of a sheet, printed now. RuleBroken, in Chinese, when it does not print."""
    return await printed_pdf(asker, PaperKind.BOARD, paper, assets=await pictures_of(paper.emblem))


class BoardSheets:
    """The printed sheets of this process, least recently asked for thrown out first; one sheet is printed once at a time."""

    def __init__(self, size: int = KEPT_SHEETS) -> None:
        self.size = size
        self._kept: OrderedDict[BoardPaper, bytes] = OrderedDict()
        self._printing: dict[BoardPaper, asyncio.Task[bytes]] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def forget(self) -> None:
        """Throw every sheet out."""
        self._kept.clear()

    async def pdf(self, request: StationRequest, paper: BoardPaper) -> bytes:
        """The PDF of a sheet. RuleBroken, in Chinese, when it does not print."""
        if paper in self._kept:
            self._kept.move_to_end(paper)
            return self._kept[paper]
        printing = self._printing.get(paper)
        if printing is None:
            printing = self._printing[paper] = asyncio.ensure_future(board_pdf(request, paper))
            printing.add_done_callback(lambda _: self._printing.pop(paper, None))
        body = await asyncio.shield(printing)
        self._kept[paper] = body
        while len(self._kept) > self.size:
            self._kept.popitem(last=False)
        return body


SHEETS = BoardSheets()
"""The sheets of this process."""
