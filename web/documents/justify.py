"""Justify Chinese lines: WeasyPrint stretches spaces only, so lines without spaces would end ragged.

`install()` replaces two functions of WeasyPrint 70.0 so that the slack of a line is spread between the Chinese
characters. Pango puts half of a letter spacing on each side of a character and trims the outer halves at both ends of
a line, so n Chinese characters offer n - 1/2 (first is Chinese) - 1/2 (last is Chinese) gaps.
"""

import re
from typing import Any

import weasyprint
from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline
from weasyprint.text import line_break
from weasyprint.text.ffi import TO_UNITS, ffi, pango

KNOWN_VERSION = "70.0"

CHINESE = (
    "\u2e80-\u2fdf\u3000-\u303f\u3040-\u30ff\u3100-\u312f\u31a0-\u31bf\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff60\uffe0-\uffe6\u2018\u2019\u201c\u201d\u2014\u2026\u00b7"
    "\U00020000-\U000323af"
)
RUN = re.compile(f"[{CHINESE}]+")
ONE = re.compile(f"[{CHINESE}]")

_set_text = line_break.Layout.set_text


def gaps(text: str) -> float:
    """How many stretchable gaps the Chinese characters of a run of text offer."""
    count = len(ONE.findall(text))
    if not count:
        return 0.0
    return count - 0.5 * bool(ONE.match(text[0])) - 0.5 * bool(ONE.match(text[-1]))


def count_stretchable(box: Any) -> float:
    """Stretchable places of a line: spaces and gaps between Chinese characters."""
    if isinstance(box, boxes.TextBox):
        return box.text.count(" ") + box.text.count("\u00a0") + gaps(box.text)
    if isinstance(box, boxes.LineBox | boxes.InlineBox):
        return sum(count_stretchable(child) for child in box.children)
    return 0


def set_text(self: Any, text: str, justify: bool = False) -> None:
    """Layout.set_text with the line's slack added as letter spacing over each Chinese run."""
    _set_text(self, text, justify)
    if not (justify and self.justification_spacing and self.text and ONE.search(self.text)):
        return
    base = self.style["letter_spacing"]
    value = int(((0 if base == "normal" else base) + self.justification_spacing) * TO_UNITS)
    attributes = pango.pango_layout_get_attributes(self.layout)
    if attributes == ffi.NULL:
        attributes = ffi.gc(pango.pango_attr_list_new(), pango.pango_attr_list_unref)
    for run in RUN.finditer(self.text):
        spacing = pango.pango_attr_letter_spacing_new(value)
        spacing.start_index = len(self.text[: run.start()].encode())
        spacing.end_index = len(self.text[: run.end()].encode())
        pango.pango_attr_list_change(attributes, spacing)
    pango.pango_layout_set_attributes(self.layout, attributes)


def install() -> None:
    """Switch the justification on for this process; raises RuntimeError under another WeasyPrint version."""
    if weasyprint.__version__ != KNOWN_VERSION:
        raise RuntimeError(f"justify.py knows WeasyPrint {KNOWN_VERSION}, not {weasyprint.__version__}: check it again")
    inline.count_expandable_spaces = count_stretchable
    line_break.Layout.set_text = set_text
