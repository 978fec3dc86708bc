"""The faces of the printed documents, and which characters they can print.

Only the faces in .fonts (put there by script/fonts) are ever used: fontconfig would otherwise fall back to whatever
the machine has, without a word, and the same paper would look different elsewhere.
"""

import os
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from fontTools.ttLib import TTFont

from rules.errors import RuleBroken, RulesBroken

FOLDER = Path(__file__).resolve().parents[2] / ".fonts"
TEXT_FACES = ("NotoSerifSC_400Regular.ttf", "HanaMinB.ttf")
"""Every style sheet ends its font-family with these two, so what they hold together can be printed."""

FAMILIES = frozenset({"Noto Serif SC", "Noto Sans SC", "HanaMinB"})

CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir prefix="relative">.</dir>
  <cachedir>{cache}</cachedir>
  <config><rescan><int>0</int></rescan></config>
</fontconfig>
"""

UNSEEN = {"Cc", "Cf", "Co", "Cs"}
"""Control, invisible, private-use and surrogate characters: never printed, because nobody else reads them the same."""


class FontsMissing(Exception):
    """The faces are not installed; the message says which command installs them."""


def use_own_fonts(folder: Path = FOLDER) -> None:
    """Point fontconfig at the folder and at nothing else; must run before weasyprint is imported.

    Raises FontsMissing when the text face is not there.
    """
    if not (folder / TEXT_FACES[0]).is_file():
        raise FontsMissing("没有找到打印用的字体，请先运行 script/fonts")
    configuration = folder / "fonts.conf"
    wanted = CONFIGURATION.format(cache=escape(str(folder / "cache")))
    if not configuration.is_file() or configuration.read_text() != wanted:
        configuration.write_text(wanted)
    os.environ["FONTCONFIG_FILE"] = str(configuration)


@cache
def coverage(folder: Path = FOLDER) -> frozenset[int]:
    """Code points that have a real glyph in the text faces. The first call reads the files (about 0.4 s)."""
    covered: set[int] = set()
    for name in TEXT_FACES:
        if (folder / name).is_file():
            with TTFont(folder / name, lazy=True) as font:
                covered |= set(font.getBestCmap())
    return frozenset(covered)


def missing_glyphs(text: str) -> list[str]:
    """The characters of `text` that cannot be printed, each once, in order of appearance."""
    covered = coverage()
    return [
        character
        for character in dict.fromkeys(text)
        if character not in "\n\r\t" and (ord(character) not in covered or unicodedata.category(character) in UNSEEN)
    ]


def check_printable(texts: Mapping[str, str], labels: Mapping[str, str] | None = None) -> None:
    """Refuse what a person typed when a character of it cannot be printed; run on entry, not at the printer.

    `texts` is form field -> text; `labels` gives the Chinese name of a field (without one the message names none).
    Raises RuleBroken for one field, RulesBroken for several; the message names field, character and code point.
    """
    broken = []
    for field, text in texts.items():
        missing = missing_glyphs(text)
        if missing:
            name = (labels or {}).get(field, "")
            broken.append(RuleBroken((f"“{name}”里的" if name else "") + advice(missing), field))
    if len(broken) == 1:
        raise broken[0]
    if broken:
        raise RulesBroken(broken)


def advice(missing: list[str]) -> str:
    """What to do about characters that cannot be printed, in a sentence that names each of them."""
    seen = [c for c in missing if unicodedata.category(c) not in UNSEEN]
    unseen = [c for c in missing if unicodedata.category(c) in UNSEEN]
    parts = []
    if seen:
        parts.append(
            f"{'、'.join(f'“{c}”（{code_point(c)}）' for c in seen)}字库里没有，打印不出来。"
            "请核对证件上的写法；确实是这个字的，先留空，打印后由本人手写并按指印。"
        )
    if unseen:
        parts.append(f"{'、'.join(code_point(c) for c in unseen)}是自造字或者看不见的符号，打印不出来。请删掉，按证件用输入法重新输入。")
    return "".join(parts)


def spelled_out(text: str) -> str:
    """The text with each character that cannot be printed as its code point, for words nobody can correct any more."""
    missing = set(missing_glyphs(text))
    return "".join(f"（{code_point(letter)}）" if letter in missing else letter for letter in text)


def code_point(character: str) -> str:
    """U+4DAE, as in the standard's tables."""
    return f"U+{ord(character):04X}"
