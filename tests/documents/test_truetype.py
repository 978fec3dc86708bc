"""The letters of a paper, taken out of a face: the same outlines under the same numbers, and nothing else."""

import io
import struct

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.sfnt import SFNTReader
from fontTools.ttLib.tables._g_l_y_f import Glyph

from web.documents import fonts, truetype

HAN = "零工驿站王䶮不收费12.5元"


@pytest.fixture(scope="module", params=fonts.TEXT_FACES)
def face(request):
    """The bytes of a face that papers are printed with."""
    return (fonts.FOLDER / request.param).read_bytes()


def numbers_of(face, text):
    """The glyphs of a text in this face."""
    return {letter: TTFont(io.BytesIO(face), lazy=True).getBestCmap().get(ord(letter)) for letter in text}


def cut_of(face, glyphs):
    """The face with these glyphs, read again."""
    whole = truetype.Program(SFNTReader(io.BytesIO(face)))
    return truetype.written(whole, whole.taken({0, *glyphs}, {}), whole.limits())


def test_every_letter_keeps_its_outline_its_width_and_its_number(face):
    whole = TTFont(io.BytesIO(face), lazy=True)
    names = [name for name in numbers_of(face, HAN).values() if name]
    glyphs = [whole.getGlyphID(name) for name in names]
    cut = TTFont(io.BytesIO(cut_of(face, glyphs)), lazy=True, checkChecksums=2)
    order = cut.getGlyphOrder()
    assert len(order) == max(glyphs) + 1
    for name, glyph in zip(names, glyphs, strict=True):
        assert cut["glyf"][order[glyph]].getCoordinates(cut["glyf"])[0] == whole["glyf"][name].getCoordinates(whole["glyf"])[0]
        assert cut["hmtx"][order[glyph]] == whole["hmtx"][name]


def test_what_is_not_asked_for_is_blank(face):
    whole = TTFont(io.BytesIO(face), lazy=True)
    asked = whole.getGlyphID(numbers_of(face, "1")["1"])
    cut = TTFont(io.BytesIO(cut_of(face, [asked])), lazy=True)
    drawn = [number for number, name in enumerate(cut.getGlyphOrder()) if cut["glyf"][name].numberOfContours]
    assert set(drawn) <= {0, asked}
    assert asked in drawn


def test_a_letter_made_of_others_brings_them_along():
    """No face in use has one today; the next version of one may."""
    square, dotted = TTGlyphPen(None), TTGlyphPen({"square": None})
    square.moveTo((0, 0))
    for corner in ((0, 9), (9, 9), (9, 0)):
        square.lineTo(corner)
    square.closePath()
    dotted.addComponent("square", (1, 0, 0, 1, 3, 4))
    builder = FontBuilder(unitsPerEm=100)
    builder.setupGlyphOrder([".notdef", "a", "square", "b", "dotted"])
    builder.setupGlyf({".notdef": Glyph(), "a": Glyph(), "b": Glyph(), "square": square.glyph(), "dotted": dotted.glyph()})
    builder.setupHorizontalMetrics({name: (10 * place, place) for place, name in enumerate(builder.font.getGlyphOrder())})
    builder.setupHorizontalHeader()
    builder.setupHead()
    builder.setupMaxp()
    out = io.BytesIO()
    builder.font.save(out)
    whole = truetype.Program(SFNTReader(io.BytesIO(out.getvalue())))
    taken = whole.taken({4}, {})
    assert set(taken) == {2, 4}
    assert whole.taken({4}, taken) == {}
    cut = TTFont(io.BytesIO(truetype.written(whole, taken, whole.limits())), lazy=True)
    order = cut.getGlyphOrder()
    assert list(cut["glyf"][order[4]].getCoordinates(cut["glyf"])[0]) == [(3, 4), (3, 13), (12, 13), (12, 4)]
    assert cut["hmtx"][order[4]] == (40, 4)


def test_a_checksum_is_the_sum_of_a_tables_numbers():
    for table in (b"", b"\x00\x01\x02\x00", b"\xff" * 4096, bytes(range(256)) * 33):
        assert truetype.checksum(table) == sum(struct.unpack(f">{len(table) // 4}L", table)) % 2**32
    assert truetype.checksum(b"\x01") == 0x01000000
