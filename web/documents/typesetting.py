"""From a paper's values to its HTML: the Jinja2 environment of the documents and its few filters."""

import re
from base64 import b64decode
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from html import escape
from pathlib import Path
from zoneinfo import ZoneInfo

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from rules.codes import WEEKDAYS

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
CHINA = ZoneInfo("Asia/Shanghai")
CODE = "code:"
"""How the picture address of a QR code begins; what it says follows in hexadecimal digits."""
SENTENCE_PARTS = re.compile(r"[^，；。！？…]+[，；。！？…]+[”）]*|[^，；。！？…]+$")
LIST_PARTS = re.compile(r"[^、]+、?")
LONGEST_CLAUSE = 19
"""Characters of a clause that fit one line of a board; a longer one may also break behind 、."""
LEAD = re.compile(r"^([^，。；：“”]{2,6})：(.+)$", re.S)


def chinese_date(value: date | None) -> str:
    """2026年3月1日; nothing for None. A datetime is shown in China time."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(CHINA)
    return f"{value.year}年{value.month}月{value.day}日"


def timestamp(value: datetime) -> str:
    """The moment of the record as the PDF's creation date, so that the same record gives the same bytes."""
    return value.astimezone(CHINA).isoformat(timespec="seconds")


def qr(url: str, title: str = "二维码") -> Markup:
    """The address as a QR code, a picture that the press draws (`code_picture`) once however many pages show it."""
    return Markup('<img class="matrix" src="{}{}" alt="{}">').format(CODE, url.encode().hex(), title)


def code_picture(source: str) -> bytes:
    """The PNG behind a picture address of `qr`: eight dots to a module, so that it stays sharp in print and on a wall.

    One mask for all: trying all eight for the best took four times as long, and any reader knows each of them.
    """
    code = segno.make(bytes.fromhex(source.removeprefix(CODE)).decode(), error="m", mask=3, micro=False)
    return b64decode(code.png_data_uri(scale=8, border=2).partition(",")[2])


def lead(line: str) -> tuple[str, str]:
    """Split "登记：雇主办……" into its first word and the rest; a line without such a word gives ("", line)."""
    match = LEAD.match(line)
    return (match[1], match[2]) if match else ("", line)


def clauses(line: str) -> list[str]:
    """The line cut where a reader takes breath, so that large letters on a wall break by sense and not anywhere.

    Nothing is lost: the pieces joined are the line.
    """
    pieces: list[str] = []
    for part in SENTENCE_PARTS.findall(line) or [line]:
        pieces += LIST_PARTS.findall(part) if len(part) > LONGEST_CLAUSE and "“" not in part else [part]
    return pieces


def led(lines: Sequence[str]) -> bool:
    """Do most lines open with a word and a colon? Then all those words are set off; a single one would only look odd."""
    return sum(bool(lead(line)[0]) for line in lines) * 2 > len(lines)


def environment() -> Environment:
    """Templates under documents/; everything is escaped, an unknown name is an error."""
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals["weekdays"] = WEEKDAYS
    env.filters.update(chinese_date=chinese_date, timestamp=timestamp, qr=qr, lead=lead, led=led, clauses=clauses)
    return env


def html_of(env: Environment, template: str, context: Mapping[str, object]) -> str:
    """The page of documents/<template>.html for the values in `context`."""
    return env.get_template(f"documents/{template}.html").render(context)


BODY = re.compile(r"<body[^>]*>")


def voided(page: str, line: str) -> str:
    """The page of a voided paper: 作废 across each sheet, and `line` (who, when, why) above it."""
    mark = f'<div class="void-mark">作废</div><div class="void-line">{escape(line)}</div>'
    return BODY.sub(lambda found: found[0] + mark, page, count=1)
