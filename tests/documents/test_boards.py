"""The boards on the wall: large enough to read in the hall (domain reference 5), one full sheet each."""

import io

import pypdf
import pytest

from rules.boards import board_text, fill_board
from rules.codes import BoardKind
from rules.errors import RuleBroken
from tests.documents import samples

SHEETS = {"A3": ((842, 1191), 1.0), "A2": ((1191, 1684), 2**0.5)}


def pieces(page):
    """(text, size in points, height above the lower edge) of every piece of text on a page."""
    found = []

    def visit(text, cm, tm, font, size):
        if text.strip():
            scale = abs(tm[3] * cm[3])
            found.append((text.strip(), size * scale, tm[5] * cm[3] + cm[5]))

    page.extract_text(visitor_text=visit)
    return found


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("paper", list(SHEETS))
@pytest.mark.parametrize("kind", list(BoardKind))
async def test_a_board_is_one_readable_sheet(printer, text_of, kind, paper):
    board = samples.board(kind, paper)
    pdf = await printer.pdf("board", {"paper": board})
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    (width, height), scale = SHEETS[paper]
    assert len(pages) == 1
    assert (round(float(pages[0].mediabox.width)), round(float(pages[0].mediabox.height))) == (width, height)

    found = pieces(pages[0])
    title = [size for text, size, _ in found if board.title.startswith(text[:2]) and size > 50]
    assert title
    assert min(title) >= 60 * scale - 0.1
    foot = next(y for text, _, y in found if text.startswith("监督单位"))
    lines = [size for text, size, y in found if foot + 10 < y < height * 0.84 and not text.isdigit()]
    assert lines
    assert min(lines) >= 24 * scale - 0.1
    lowest = min(y for text, _, y in found if foot + 10 < y)
    assert lowest < height * 0.24, "the sheet is not full"

    text = text_of(pdf)
    for group in board.groups:
        for line in group.lines:
            assert "".join(line.split())[-4:] in text


def test_the_ten_boards_are_there_under_their_titles():
    assert [board_text(kind).title for kind in BoardKind] == [kind.label for kind in BoardKind]
    assert [len(group.lines) for group in board_text(BoardKind.PHRASES).groups] == [10, 10]
    assert [group.heading for group in board_text("phrases").groups] == ["文明用语", "服务忌语"]


def test_a_filled_board_has_no_hole():
    for kind in BoardKind:
        text = fill_board(board_text(kind), samples.BOARD_VALUES)
        assert text.placeholders == ()
        assert "{" not in "".join(line for group in text.groups for line in group.lines)


def test_a_missing_value_is_named():
    with pytest.raises(RuleBroken) as refused:
        fill_board(board_text(BoardKind.FREE), {"监督单位": "金银湖街道办事处", "监督电话": " "})
    assert "监督电话" in refused.value.message
    assert "监督单位" not in refused.value.message
