"""The boards on the wall: large enough to read in the hall (domain reference 5), one full sheet each."""

import io
from dataclasses import replace

import pypdf
import pytest
from PIL import Image, ImageDraw

from rules.boards import board_text, fill_board
from rules.codes import BoardKind, SheetFinish
from rules.errors import RuleBroken
from tests.documents import samples
from web.documents import typesetting
from web.documents.fonts import use_own_fonts

use_own_fonts()

from weasyprint import CSS, HTML  # noqa: E402

SHEETS = {"A3": ((842, 1191), 1.0), "A2": ((1191, 1684), 2**0.5), "A1": ((1684, 2384), 2.0)}


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
    title = [size for text, size, _ in found if board.title.startswith(text[:2]) and size > 50 * scale]
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


def with_emblem(kind, paper="A3", finish=SheetFinish.OFFICE):
    return replace(samples.board(kind, paper), emblem="e" * 64, finish=finish)


def emblem():
    picture = Image.new("RGB", (500, 400), "white")
    ImageDraw.Draw(picture).ellipse((10, 10, 490, 390), fill="#0a4a8f")
    out = io.BytesIO()
    picture.save(out, "PNG")
    return {"e" * 64: out.getvalue()}


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("finish", list(SheetFinish))
@pytest.mark.parametrize("kind", [BoardKind.RIGHTS, BoardKind.PHRASES, BoardKind.STAFF])
async def test_with_the_emblem_and_in_every_finish_the_text_stays_large(printer, text_of, kind, finish):
    board = with_emblem(kind, finish=finish)
    pdf = await printer.pdf("board", {"paper": board}, assets=emblem())
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    assert len(pages) == 1
    assert len(pages[0].images) == 2  # the emblem and the QR code
    assert (round(float(pages[0].trimbox.width)), round(float(pages[0].trimbox.height))) == (842, 1191)
    height = float(pages[0].mediabox.height)
    found = pieces(pages[0])
    foot = next(y for text, _, y in found if text.startswith("监督单位"))
    lines = [size for text, size, y in found if foot + 10 < y < height * 0.8 and not text.isdigit()]
    assert min(lines) >= 24 - 0.1
    assert "金银湖街道零工驿站" in text_of(pdf)
    assert pdf == await printer.pdf("board", {"paper": board}, assets=emblem())


@pytest.mark.parametrize("kind", list(BoardKind))
def test_the_computed_size_needs_one_layout_and_fills_the_sheet(kind):
    """What the computation says is what WeasyPrint does; a new release that breaks lines otherwise shows here."""
    from web.documents import board_fit
    from web.documents.press import Press

    press, tried = _press(Press), []
    board = samples.board(kind, "A3")

    def lay_out(styles):
        page = typesetting.html_of(press.env, "board", {"paper": board})
        sheets = [press.sheets["board.css"], CSS(string=styles, font_config=press.font_config)]
        tried.append(HTML(string=page, url_fetcher=press.fetcher).render(stylesheets=sheets, font_config=press.font_config))
        return tried[-1]

    document = board_fit.fit_board(lay_out, board)
    assert document is tried[-1]
    assert len(tried) == 1
    assert (
        -board_fit._ALLOWED_OFF <= board_fit._over(document, "A3") <= 0
        or board_fit.planned(board, board_fit.groups_of(board), board_fit.HEIGHT).gap > 36
    )


_PRESSES = []


def _press(press):
    if not _PRESSES:
        _PRESSES.append(press())
    return _PRESSES[0]


@pytest.mark.parametrize(
    ("line", "room", "lines", "stumps"),
    [
        ("干活之前问清四件事。", 20, 1, 0),
        ("能签合同就签合同，零散活至少签协议。", 14, 2, 0),
        ("您还缺材料，请补。", 7, 2, 1),
        ("一二三四五六七八九十一二三四五六七八九十一。", 20, 2, 1),
    ],
)
def test_clauses_stay_whole_where_they_can(line, room, lines, stumps):
    from web.documents.board_fit import _clause, lines_set

    assert lines_set(tuple(_clause(each) for each in typesetting.clauses(line)), room) == (lines, stumps)


@pytest.mark.asyncio(loop_scope="session")
async def test_a_text_between_everything_and_too_much_still_fits_or_says_so(printer):
    """Boards of growing length: each is one sheet with readable text, until one is refused."""
    from web.documents.renderer import PrintFailed

    refused = 0
    for count in range(3, 31, 3):
        group = replace(
            samples.board(BoardKind.STAFF, "A3").groups[0],
            lines=tuple(f"第{n}项，每天打扫两次，并作好记录，谁用谁收。" for n in range(count)),
        )
        board = replace(samples.board(BoardKind.STAFF, "A3"), groups=(group,))
        try:
            pages = pypdf.PdfReader(io.BytesIO(await printer.pdf("board", {"paper": board}))).pages
        except PrintFailed:
            refused += 1
            continue
        assert not refused, "a longer text fits although a shorter one did not"
        assert len(pages) == 1
    assert refused
    assert (await printer.pdf("board", {"paper": samples.board(BoardKind.STAFF, "A3")})).startswith(b"%PDF")
