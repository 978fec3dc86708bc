"""The press: one HTML document to PDF bytes, in this process. Only the worker process imports it.

Importing this module sets the fonts up first, because fontconfig is read when weasyprint loads.
"""

import html
import logging
import re
from collections.abc import Callable, Mapping
from functools import partial

from web.documents import fonts

fonts.use_own_fonts()

from weasyprint import CSS, HTML, Document  # noqa: E402
from weasyprint.formatting_structure import boxes  # noqa: E402
from weasyprint.text.fonts import FontConfiguration  # noqa: E402
from weasyprint.urls import FatalURLFetchingError, URLFetcher  # noqa: E402

from web.documents import justify, typesetting  # noqa: E402

VARIANTS: dict[str, str] = {"agreement": "pdf/a-3a"}
"""Papers that are kept for years are tagged and archivable; printing the others that way would only cost size."""

SHEETS: dict[str, tuple[str, ...]] = {"board": ("board.css",), "job_poster": ("poster.css",), "seeker_card": ("card.css",)}
"""Style sheets of a template; the others use base.css."""

MOST_AIR = 1.2
"""Room added around each row of a fitted paper, rem, so that a short one still fills its page."""
FITTED = {"job_poster": (0.55, 1.15)}
"""One-page papers: the smallest and the largest text size, of the size the style sheet is drawn for."""


class Blocked(Exception):
    """The document asked for something outside itself; nothing was fetched."""


class Unprintable(Exception):
    """Characters without a glyph; `characters` lists them."""

    def __init__(self, characters: list[str]) -> None:
        super().__init__("".join(characters))
        self.characters = characters


class Defect(Exception):
    """The layout is not what the template meant: a foreign font, a warning, or more pages than the wall has."""


class Warnings(logging.Handler):
    """Collects what WeasyPrint complains about; a printed paper must leave nothing here."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the message."""
        self.messages.append(record.getMessage())


class Press:
    """Templates, style sheets and fonts, loaded once and used for every document."""

    def __init__(self) -> None:
        justify.install()
        logging.getLogger("fontTools").setLevel(logging.ERROR)
        logger = logging.getLogger("weasyprint")
        logger.handlers = []
        logger.propagate = False
        logging.getLogger("weasyprint.progress").disabled = True
        fonts.coverage()
        self.env = typesetting.environment()
        self.font_config = FontConfiguration()
        self.fetcher = URLFetcher(allowed_protocols=(), fail_on_errors=True)
        folder = typesetting.TEMPLATES / "documents"
        self.sheets = {
            name: CSS(string=(folder / name).read_text(), font_config=self.font_config, url_fetcher=self.fetcher)
            for name in ("base.css", "board.css", "poster.css", "card.css")
        }

    def pdf(self, template: str, context: Mapping[str, object], variant: str | None = None) -> bytes:
        """The PDF of one paper. Same values, same bytes.

        Raises Unprintable for characters without a glyph, Blocked for a document that reaches outside, Defect when
        the result is not sound.
        """
        page = typesetting.html_of(self.env, template, context)
        missing = fonts.missing_glyphs(visible_text(page))
        if missing:
            raise Unprintable(missing)
        warnings = Warnings()
        logging.getLogger("weasyprint").addHandler(warnings)
        try:
            return self._print(template, page, context, variant or VARIANTS.get(template))
        except FatalURLFetchingError as error:
            raise Blocked(str(error)) from None
        finally:
            logging.getLogger("weasyprint").removeHandler(warnings)
            if warnings.messages:
                raise Defect("; ".join(warnings.messages[:3]))

    def _print(self, template: str, page: str, context: Mapping[str, object], variant: str | None) -> bytes:
        options: dict[str, object] = {"pdf_variant": variant} if variant else {}

        def lay_out(extra: str = "") -> Document:
            sheets = [self.sheets[name] for name in SHEETS.get(template, ("base.css",))]
            if extra:
                sheets.append(CSS(string=extra, font_config=self.font_config, url_fetcher=self.fetcher))
            source = HTML(string=page, url_fetcher=self.fetcher)
            return source.render(stylesheets=sheets, font_config=self.font_config, **options)

        if template == "board":
            paper = context["paper"]
            document = fit_board(lay_out, paper.paper, len(paper.title))  # type: ignore[attr-defined]
        elif template in FITTED:
            document = fit_scale(lay_out, *FITTED[template])
        else:
            document = lay_out()
        written: bytes = document.write_pdf(**options)
        missing = sorted({chr(code) for font in document.fonts.values() for code in font.missing})
        if missing:
            raise Unprintable(missing)
        foreign = {font.family for font in document.fonts.values()} - fonts.FAMILIES
        if foreign:
            raise Defect(f"foreign font {', '.join(sorted(foreign))}")
        return written


def visible_text(page: str) -> str:
    """The text of an HTML page without its markup, styles and drawings."""
    text = re.sub(r"<(style|svg)\b.*?</\1>", "", page, flags=re.S)
    return html.unescape(re.sub(r"<[^>]+>", "", text))


def largest(fits: Callable[[float], Document | None], low: float, high: float, steps: int) -> tuple[float, Document | None]:
    """The largest value between `low` and `high` that fits, by bisection, and its document (None when `low` fails)."""
    best, document = low, fits(low)
    if document is None:
        return low, None
    for _ in range(steps):
        middle = (low + high) / 2
        found = fits(middle)
        if found is None:
            high = middle
        else:
            low = best = middle
            document = found
    return best, document


def one_page(document: Document) -> Document | None:
    """The document when it is a single page."""
    return document if len(document.pages) == 1 else None


def fit_scale(lay_out: Callable[[str], Document], least: float, most: float) -> Document:
    """The largest root font size at which the paper is one page, then the air between its rows that fills the page.

    Raises Defect when even the smallest size is too long.
    """

    def attempt(size: float, air: float) -> Document | None:
        return one_page(lay_out(f":root {{ font-size: {10 * size:.3f}pt; --air: {air:.3f}rem }}"))

    size, document = largest(lambda size: attempt(size, 0), least, most, 5)
    if document is None:
        raise Defect("does not fit one page")
    _, airy = largest(lambda air: attempt(size, air), 0, MOST_AIR, 5)
    return airy or document


SHEET_SCALE = {"A3": 1.0, "A2": 2**0.5}
LINE_POINTS = (24.0, 36.0)
"""Least and largest text size of a board's lines on A3 in points; reading distance in a hall asks for 24."""
TITLE_POINTS, TITLE_ROOM = 60.0, 730.0
"""Least title size, and the width it has, on A3."""
TIGHTNESS = ((84, 1.5, 1.0), (72, 1.42, 0.8), (66, 1.36, 0.6), (60, 1.28, 0.45))
"""Title points, line height and margin factor, roomy first: a long board gives up these before its text gets smaller."""


def fit_board(lay_out: Callable[[str], Document], paper: str, characters: int) -> Document:
    """Fill exactly one sheet: the roomiest setting that fits, the largest text, then the gaps that use up the rest.

    `characters` is the length of the title, which stays on one line while it can keep its least size.
    Raises Defect when the text does not fit at the least size.
    """
    scale = SHEET_SCALE[paper]
    widest = max(TITLE_POINTS, TITLE_ROOM / (characters * (1.16 if characters <= 8 else 1.04)))

    def attempt(setting: tuple[float, float, float], share: float, line: float) -> Document | None:
        title, height, margin = setting
        title, gap = min(title, widest), line * share
        return one_page(
            lay_out(
                f"@page {{ size: {paper} }} :root {{ font-size: {10 * scale:.4f}pt; --title: {title / 10:.3f}rem;"
                f" --line: {line / 10:.3f}rem; --height: {height}; --gap: {gap / 10:.3f}rem; --room: {margin}rem }}"
            )
        )

    for setting in TIGHTNESS:
        share = 0.34 * setting[2]
        best, document = largest(partial(attempt, setting, share), *LINE_POINTS, 4)
        if document is None:
            continue
        sizes = [size for size in (best - step * 0.6 for step in range(7)) if size >= LINE_POINTS[0]]
        tried = {size: attempt(setting, share, size) for size in sizes}
        line = min(sizes, key=lambda size: (stumps(tried[size]), -size))
        _, filled = largest(partial(attempt, setting, line=line), share, 1.6, 6)
        return filled or document
    raise Defect("the text is too long for the board")


def stumps(document: Document | None) -> float:
    """How many paragraphs end in a line of one or two characters; an unfinished layout counts as infinitely bad."""
    if document is None:
        return float("inf")
    found = 0
    for box in document.pages[0]._page_box.descendants():
        lines = [child for child in getattr(box, "children", ()) if isinstance(child, boxes.LineBox)]
        if len(lines) > 1:
            last = "".join(part.text for part in lines[-1].descendants() if isinstance(part, boxes.TextBox))
            found += len(last.strip()) <= 3
    return found
