"""Answers: a page or its fragment, the same form again, on to the next page, a file.

`page` alone decides between full page and fragment. Templates are compiled once; rows are dicts, so names are looked up
as keys before attributes (measured: twice as fast on list pages).
"""

import json
from datetime import UTC, date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote, unquote
from zoneinfo import ZoneInfo

import jinja2
from litestar import MediaType, Response
from litestar.exceptions import NotFoundException
from litestar.response import Redirect
from markupsafe import Markup

from db.clock import now
from rules import codes, masking
from rules.corrections import circled
from rules.journal_reading import without_contacts
from rules.money import yuan
from rules.permissions import Permission, Role
from web import tokens
from web.assets import static_url
from web.listings import listed_as
from web.request import StationRequest
from web.sessions import cookie_name, set_cookie, visitor_binding

TEMPLATES = Path(__file__).parent / "templates"
SHANGHAI = ZoneInfo("Asia/Shanghai")
FLASH_COOKIE = "said"
T = TypeVar("T")


class KeysFirst(jinja2.Environment):
    """Jinja environment for row dicts: `row.title` is `row["title"]` first."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A dict's key before its attribute; anything else as Jinja does it."""
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


def local(moment: datetime) -> datetime:
    """A stored UTC moment as the wall clock of the station shows it."""
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(SHANGHAI)


def show_moment(moment: datetime | None) -> str:
    """11月22日 09:05, in station time; "" for none."""
    if moment is None:
        return ""
    there = local(moment)
    return f"{there.month}月{there.day}日 {there:%H:%M}"


def show_day(day: date | None) -> str:
    """11月22日（周日）; "" for none."""
    return f"{day.month}月{day.day}日（{codes.WEEKDAYS[day.weekday()]}）" if day else ""


def show_date(day: date | None) -> str:
    """2026年11月22日; "" for none."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def show_time(value: time | None) -> str:
    """08:30; "" for none."""
    return f"{value:%H:%M}" if value else ""


def from_json(text: str) -> Any:
    """A stored JSON column."""
    return json.loads(text) if text else None


def make_environment() -> jinja2.Environment:
    """The environment of every HTML page: autoescape always on, an unknown name is an error."""
    environment = KeysFirst(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        auto_reload=False,
    )
    environment.globals.update(static=static_url, codes=codes, Permission=Permission, Role=Role, inline_css=inline_css, masking=masking)
    environment.globals.update(local_now=lambda: f"{local(now()):%Y-%m-%d %H:%M}", listed_as=listed_as)
    environment.filters.update(without_contacts=without_contacts, circled=circled)
    environment.filters.update(yuan=yuan, moment=show_moment, day=show_day, date=show_date, clock=show_time, from_json=from_json)
    return environment


@lru_cache
def inline_css(name: str) -> Markup:
    """A stylesheet to stand in the page itself; the content security policy allows exactly its hash."""
    return Markup((TEMPLATES.parent / "static" / name).read_text().strip())  # noqa: S704 our own file


_ENVIRONMENT: jinja2.Environment | None = None


def environment() -> jinja2.Environment:
    """The one environment of this process."""
    global _ENVIRONMENT
    if _ENVIRONMENT is None:
        _ENVIRONMENT = make_environment()
    return _ENVIRONMENT


def csrf_token(request: StationRequest) -> str:
    """A token for the forms of this page; gives a visitor the short cookie it is bound to."""
    binding = request.session_key or visitor_binding(request.scope["state"])
    return tokens.issue(request.settings.secret, binding)


def _flash(request: StationRequest) -> str:
    raw = request.own_cookie(FLASH_COOKIE)
    if raw:
        cookies = request.scope["state"].setdefault("set_cookies", [])
        cookies.append(set_cookie(request.settings, cookie_name(request.settings, FLASH_COOKIE), "", max_age=0))
    return unquote(raw)[:200]


def render(request: StationRequest, template: str, **context: Any) -> str:
    """The template as text, with what every template may ask."""
    actor = request.signed_in

    def may(permission: Permission) -> bool:
        return actor is not None and actor.may(permission)

    return (
        environment()
        .get_template(template)
        .render(
            request=request,
            actor=actor,
            may=may,
            csrf_token=lambda: csrf_token(request),
            said=_flash(request) if not request.wants_fragment else "",
            path=request.url.path,
            **context,
        )
    )


def page(request: StationRequest, template: str, *, fragment: str | None = None, status: int = 200, **context: Any) -> Response[str]:
    """The page, or its own partial `fragment` when htmx asks for it."""
    name = fragment if fragment and request.wants_fragment else template
    response = Response(render(request, name, **context), status_code=status, media_type=MediaType.HTML)
    response.headers["vary"] = "HX-Request, Cookie"
    return response


def again(request: StationRequest, template: str, *, fragment: str | None = None, **context: Any) -> Response[str]:
    """The same form with what was typed and why it was refused (422)."""
    return page(request, template, fragment=fragment, status=422, **context)


def done(request: StationRequest, url: str, said: str = "") -> Response[Any]:
    """On to `url` (303, or HX-Redirect for htmx), with one sentence to show there."""
    if said:
        cookies = request.scope["state"].setdefault("set_cookies", [])
        cookies.append(set_cookie(request.settings, cookie_name(request.settings, FLASH_COOKIE), quote(said), max_age=60))
    if request.wants_fragment:
        return Response(None, status_code=204, headers={"HX-Redirect": url})
    return Redirect(url, status_code=303)


def found(row: T | None) -> T:
    """The row, or 404: what lies outside the asker's reach does not exist for them."""
    if row is None:
        raise NotFoundException()
    return row


def pdf_file(body: bytes, name: str, *, public: bool = False) -> Response[bytes]:
    """A PDF to look at in the browser; `name` without ending may be Chinese."""
    headers = {
        "content-disposition": f"inline; filename=\"document.pdf\"; filename*=UTF-8''{quote(name)}.pdf",
        "cache-control": "public, max-age=300" if public else "no-store",
    }
    return Response(body, media_type="application/pdf", headers=headers)


def text_file(text: str, name: str) -> Response[bytes]:
    """Plain lines to keep; `name` without ending may be Chinese."""
    headers = {
        "content-disposition": f"attachment; filename=\"lines.txt\"; filename*=UTF-8''{quote(name)}.txt",
        "cache-control": "no-store",
    }
    return Response(text.encode(), media_type="text/plain; charset=utf-8", headers=headers)


def zip_file(body: bytes, name: str) -> Response[bytes]:
    """Several files in one, to keep; `name` without ending may be Chinese."""
    headers = {
        "content-disposition": f"attachment; filename=\"documents.zip\"; filename*=UTF-8''{quote(name)}.zip",
        "cache-control": "no-store",
        "content-security-policy": "sandbox",
    }
    return Response(body, media_type="application/zip", headers=headers)


def workbook_file(body: bytes, name: str) -> Response[bytes]:
    """A workbook to keep, never opened inside our pages; `name` without ending may be Chinese."""
    headers = {
        "content-disposition": f"attachment; filename=\"workbook.xlsx\"; filename*=UTF-8''{quote(name)}.xlsx",
        "cache-control": "no-store",
        "content-security-policy": "sandbox",
    }
    return Response(body, media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", headers=headers)
