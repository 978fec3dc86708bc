"""The press: one HTML document to PDF bytes, in this process. Only the worker process imports it.

Importing this module sets the fonts up first, because fontconfig is read when weasyprint loads.
"""

import html
import logging
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import cast

from web.documents import fonts

fonts.use_own_fonts()

from weasyprint import CSS, HTML, Attachment, Document  # noqa: E402
from weasyprint.text.fonts import FontConfiguration  # noqa: E402
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse  # noqa: E402

from rules.documents import BoardPaper  # noqa: E402
from rules.snapshots import snapshot_of  # noqa: E402
from web.documents import archival, justify, thrift, typesetting  # noqa: E402
from web.documents.board_fit import fit_board  # noqa: E402

PLAIN = frozenset({"board", "job_poster", "seeker_card", "my_data", "ledger_booklet"})
"""For a wall, a pocket or the person concerned: not kept for years, so they stay plain and small; and what is bound into one
file, which keeps no tags. All others are archival."""

PICTURE_TYPES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
"""What a picture of a paper may be, by how its bytes begin. Never SVG: it could ask for more."""

SHEETS: dict[str, tuple[str, ...]] = {"board": ("board.css",), "job_poster": ("poster.css",), "seeker_card": ("card.css",)}
"""Style sheets of a template; the others use base.css."""

MOST_AIR = 1.2
"""Room added around each row of a fitted paper, rem, so that a short one still fills its page."""
FITTED = {"job_poster": (0.55, 1.15)}
"""One-page papers: the smallest and the largest text size, of the size the style sheet is drawn for."""


class Blocked(Exception):
    """The document asked for something outside itself; nothing was fetched."""


class Pictures(URLFetcher):
    """Gives `asset:<name>` out of memory and draws the `code:…` of a QR; nothing else: no file, no network."""

    def __init__(self, assets: Mapping[str, bytes] | None = None) -> None:
        super().__init__(allowed_protocols=("asset", "code"), allow_redirects=False, fail_on_errors=True)
        self.assets = dict(assets or {})

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """The picture of that name; ValueError, which stops the paper, for everything else."""
        if url.startswith(typesetting.CODE):
            return URLFetcherResponse(url, typesetting.code_picture(url), {"Content-Type": "image/png"})
        body = self.assets.get(url.removeprefix("asset:")) if url.startswith("asset:") else None
        kind = next((kind for start, kind in PICTURE_TYPES.items() if body is not None and body.startswith(start)), None)
        if kind is None:
            raise ValueError(f"not a picture of this paper: {url[:60]}")
        return URLFetcherResponse(url, body, {"Content-Type": kind})


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
        thrift.install()
        logging.getLogger("fontTools").setLevel(logging.ERROR)
        logger = logging.getLogger("weasyprint")
        logger.handlers = []
        logger.propagate = False
        logging.getLogger("weasyprint.progress").disabled = True
        fonts.coverage()
        self.env = typesetting.environment()
        self.font_config = FontConfiguration()
        self.fetcher = Pictures()
        folder = typesetting.TEMPLATES / "documents"
        self.sheets = {
            name: CSS(string=(folder / name).read_text(), font_config=self.font_config, url_fetcher=self.fetcher)
            for name in ("base.css", "board.css", "poster.css", "card.css", "void.css")
        }

    def pdf(
        self,
        template: str,
        context: Mapping[str, object],
        variant: str | None = None,
        assets: Mapping[str, bytes] | None = None,
    ) -> bytes:
        """The PDF of one paper. Same values, same bytes.

        `assets`: pictures of the page by name (PNG or JPEG), shown with `<img src="asset:name" alt="…">`. With `void_line`
        in `context` the paper is marked 作废 across each page, and the line says who voided it, when and why.
        Raises Unprintable for characters without a glyph, Blocked for a document that reaches outside, Defect when
        the result is not sound.
        """
        page = typesetting.html_of(self.env, template, context)
        if context.get("void_line"):
            page = typesetting.voided(page, str(context["void_line"]))
        missing = fonts.missing_glyphs(visible_text(page))
        if missing:
            raise Unprintable(missing)
        warnings = Warnings()
        logging.getLogger("weasyprint").addHandler(warnings)
        try:
            return self._print(template, page, context, variant or (None if template in PLAIN else archival.VARIANT), assets)
        except FatalURLFetchingError as error:
            raise Blocked(str(error)) from None
        finally:
            logging.getLogger("weasyprint").removeHandler(warnings)
            if warnings.messages:
                raise Defect("; ".join(warnings.messages[:3]))

    def _print(
        self, template: str, page: str, context: Mapping[str, object], variant: str | None, assets: Mapping[str, bytes] | None
    ) -> bytes:
        options: dict[str, object] = {"pdf_variant": variant} if variant else {}
        fetcher = Pictures(assets) if assets else self.fetcher

        def lay_out(extra: str = "") -> Document:
            sheets = [self.sheets[name] for name in SHEETS.get(template, ("base.css",))]
            if context.get("void_line"):
                sheets.append(self.sheets["void.css"])
            if extra:
                sheets.append(CSS(string=extra, font_config=self.font_config, url_fetcher=self.fetcher))
            source = HTML(string=page, url_fetcher=fetcher)
            return source.render(stylesheets=sheets, font_config=self.font_config, **options)

        if template == "board":
            fitted = fit_board(lay_out, cast(BoardPaper, context["paper"]))
            if fitted is None:
                raise Defect("the text is too long for the board")
            document = fitted
        elif template in FITTED:
            half = getattr(context["paper"], "sheet", "A4") == "A5"
            document = fit_scale(lay_out, *(size * (2**-0.5 if half else 1) for size in FITTED[template]))
        else:
            document = lay_out()
        if variant == archival.VARIANT:
            options |= {"attachments": [self._record(context)], "finisher": archival.finish} if "paper" in context else {}
        written: bytes = document.write_pdf(**options)
        missing = sorted({chr(code) for font in document.fonts.values() for code in font.missing})
        if missing:
            raise Unprintable(missing)
        foreign = {font.family for font in document.fonts.values()} - fonts.FAMILIES
        if foreign:
            raise Defect(f"foreign font {', '.join(sorted(foreign))}")
        return written

    def _record(self, context: Mapping[str, object]) -> Attachment:
        """The values of the paper as JSON, to be read by a machine years later; says nothing that the pages do not say."""
        paper = context["paper"]
        made: datetime = paper.created.astimezone(UTC)  # type: ignore[attr-defined]
        return Attachment(
            string=snapshot_of(paper),
            url_fetcher=self.fetcher,
            name=archival.RECORD,
            description="本文书所填内容（机器可读）",
            created=made,
            modified=made,
            relationship="Data",
        )


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
