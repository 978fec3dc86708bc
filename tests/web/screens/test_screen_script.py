"""The script of the screen runs in browsers of 2016: ES5 and nothing newer, and nothing that leaves the page blindly."""

import re
from pathlib import Path

import pytest

SOURCE = (Path(__file__).resolve().parents[3] / "web" / "static" / "screen.js").read_text(encoding="utf-8")
STYLE = (Path(__file__).resolve().parents[3] / "web" / "static" / "screen.css").read_text(encoding="utf-8")

_TOKEN = re.compile(r"/\*.*?\*/|//[^\n]*|'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\"|(?<=[(,=&|!?:] )/(?:\\.|[^/\\\n])+/[a-z]*", re.S)
CODE = _TOKEN.sub(lambda found: "" if found[0].startswith(("/*", "//")) else "''", SOURCE)

NEWER = {
    "let or const": r"\b(?:let|const)\s+[\w{\[]",
    "arrow": r"=>",
    "template": r"`",
    "class": r"\bclass\s+\w",
    "spread or rest": r"\.\.\.",
    "for of": r"\bfor\s*\([^;)]*\bof\b",
    "promise": r"\bPromise\b|\bfetch\s*\(|\basync\b|\bawait\b",
    "power": r"\*\*",
    "optional": r"\?\.(?![0-9])|\?\?",
    "default": r"function\s*\w*\s*\([^)]*=",
    "destructuring": r"\bvar\s*[\[{]",
    "short method": r"[{,]\s*(?!(?:if|for|while|switch|function|catch)\b)\w+\s*\([\w\s,]*\)\s*\{",
    "new library": r"\.(?:includes|padStart|padEnd|repeat|startsWith|endsWith|find|findIndex|closest)\("
    r"|\.(?:append|prepend|remove|replaceWith|matches)\(|Object\.(?:assign|entries|values)|Array\.(?:from|of)|\b(?:Map|Set|Symbol|WeakMap|Proxy|URLSearchParams)\b|NodeList|\.forEach\(",
}


@pytest.mark.parametrize("what", NEWER)
def test_nothing_newer_than_es5(what):
    assert not re.search(NEWER[what], CODE.replace(".classList.remove(", ".classList.drop(")), what


def test_brackets_are_closed():
    for left, right in ("()", "[]", "{}"):
        assert CODE.count(left) == CODE.count(right)


def test_it_leaves_the_page_only_after_an_answer_of_the_server():
    assert "location.href" not in CODE
    assert "location =" not in CODE
    for found in re.finditer(r"location\.reload\(\)", CODE):
        before = CODE[max(0, found.start() - 220) : found.start()]
        assert re.search(r"status === 200|unpaired\(status, xhr\)|setClock\(xhr\)", before), before


def test_the_style_needs_no_grid_and_no_variables():
    assert "grid" not in re.sub(r"/\*.*?\*/", "", STYLE, flags=re.S)
    assert "var(" not in STYLE


def test_no_letter_on_the_screen_is_smaller_than_36_px():
    """1.5rem at 24 px; domain reference 10.6 asks for 36 at 1080 lines."""
    sizes = [float(size) for size in re.findall(r"font(?:-size)?:[^;}]*?([0-9.]+)rem", STYLE)]
    assert min(sizes) >= 1.5


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


GROUNDS = ("#071a30", "#0a2340", "#0b2747", "#0b2a4e", "#0f345e")


@pytest.mark.parametrize("ink", sorted(set(re.findall(r"(?<![-\w])color:(#[0-9a-f]{3,6})", STYLE)) - {"#14120a"}))
def test_every_colour_can_be_read_on_every_ground(ink):
    for ground in GROUNDS:
        assert (_luminance(ink) + 0.05) / (_luminance(ground) + 0.05) >= 7, ground


def test_black_on_yellow_can_be_read():
    assert (_luminance("#ffd84d") + 0.05) / (_luminance("#14120a") + 0.05) >= 7
