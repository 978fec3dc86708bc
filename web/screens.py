"""What a hall's screen shows in one round: pages of posts, and between them everything else of domain reference 10.6."""

from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import segno
from litestar import Response

from db.actions.screens import new_screen_token
from db.clock import now, today
from db.queries import screens as queries
from db.queries.attendance import called_now
from db.queries.calling_rules import rule_in_force, todays_draw
from db.queries.parameters import legal_parameters
from db.queries.stations import boards_of
from db.queries.wages import wage_guides
from piccolo_conf import DB
from rules import screens as rules
from rules.codes import SUBDISTRICTS, BoardKind, CallingMethod, NoticeKind, StationState
from rules.errors import RuleBroken
from rules.parameters import ParameterMissing, in_force
from rules.stations import SUSPENDED
from web.boards import filled_board
from web.conditional import build
from web.render import local
from web.request import StationRequest
from web.sessions import screen_cookie, set_cookie

_COOKIE_SECONDS = 400 * 24 * 3600
"""As long as browsers keep a cookie at all; every page renews it."""
_TOKEN_LENGTH = range(20, 65)
_CALLS_SECONDS = 15
"""Calls kept in memory are looked at again after this, because they grow old without a commit."""
_KEPT_SCREENS = 64


@dataclass(frozen=True, slots=True)
class Device:
    """The browser that asks: its token and key, and what is kept of it at this station (None: nothing yet)."""

    token: str
    key: str
    row: dict[str, Any] | None

    @property
    def paired(self) -> bool:
        """Whether a manager let this screen in and nobody switched it off."""
        return self.row is not None and self.row["paired_at"] is not None and self.row["revoked_at"] is None

    @property
    def code(self) -> str:
        """The pairing code to show, "" when there is none in date."""
        return self.row["code"] if self.row and not self.row["paired_at"] and self.row["expires_at"] > now() else ""

    def remembered(self, request: StationRequest, code: str, response: Response[Any]) -> Response[Any]:
        """The answer with the cookie that makes this browser known again; nothing of a screen is kept by a cache."""
        _, cookie = set_cookie(request.settings, screen_cookie(request.settings, code), self.token, max_age=_COOKIE_SECONDS)
        response.headers["set-cookie"] = cookie.decode()
        response.headers["cache-control"] = "no-store"
        return response


def token_of(request: StationRequest, code: str) -> str:
    """The token this browser holds for the station, "" when it has none."""
    token = request.cookies.get(screen_cookie(request.settings, code), "")
    return token if len(token) in _TOKEN_LENGTH and token.isascii() else ""


async def device_of(request: StationRequest, station: dict[str, Any]) -> Device:
    """The browser that asks; one without a token, with another station's, or switched off gets a new token."""
    token = token_of(request, station["code"])
    row = await queries.screen_with_key(queries.screen_key(token)) if token else None
    if not token or (row and (row["station"] != station["id"] or row["revoked_at"] is not None)):
        token, row = new_screen_token(), None
        request.scope["state"]["visitor"] = token
    return Device(token, queries.screen_key(token), row)


@lru_cache(64)
def qr(url: str) -> str:
    """A QR code as an image that stands in the page."""
    return str(segno.make(url, error="m", micro=False).svg_data_uri(border=2, scale=8))


async def shown(request: StationRequest, station: dict[str, Any]) -> dict[str, Any]:
    """Everything one round of the screen says, for screens/_feed.html."""
    moment, day = now(), today()
    home = request.settings.public_url
    working = station["state"] == StationState.OPERATING.value
    hours = await queries.hours_of(station["id"])
    kept = rules.station_hours(hours["opens_at"], hours["closes_at"], hours["closed_weekdays"], hours["opening_hours"])
    return {
        "station": station,
        "version": build(),
        "made": f"{local(moment):%H:%M}",
        "today_text": f"{day.month}月{day.day}日",
        "open_times": ",".join(f"{int(a.timestamp())}-{int(b.timestamp())}" for a, b in rules.open_times(kept, day)) if kept else "",
        "stopped": "" if working else SUSPENDED,
        **(await _posts(station) if working else {"job_pages": []}),
        "notices": [{**row, "label": NoticeKind.label_of(row["kind"])} for row in await queries.notices_on(station["id"], day)],
        "counts": {name: rules.count_text(count) for name, count in (await queries.counts_of(station["id"], day)).items()},
        "on_duty": [rules.on_duty_text(row["name"], row["work_no"]) for row in await queries.on_duty(station["id"], moment)],
        "fraud": rules.FRAUD,
        "calling": await _calling(station),
        "qr_board": qr(f"{home}/jobs?subdistrict={station['subdistrict']}"),
        "qr_complaint": qr(f"{home}/complaints?station={station['code']}"),
        "qr_station": qr(f"{home}/stations/{station['code']}"),
        "qr_calling": qr(f"{home}/stations/{station['code']}/calling"),
        **await _texts(station),
    }


async def _posts(station: dict[str, Any]) -> dict[str, Any]:
    moment, day = now(), today()
    pages: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    for own, limit in ((True, rules.OWN_POSTS), (False, rules.OTHER_POSTS)):
        for post in await queries.posts_for(station["id"], day, own=own, limit=limit):
            row = rules.post_row(post, today=day, subdistrict_name=SUBDISTRICTS.get(post["subdistrict"], ""), own=own)
            if rules.may_be_shown(row["title"], row["place"]):
                rows.append({**row, "urgent": rules.is_urgent(post, moment), "own": own})
    urgent = [{**row, "until": min(row["until"], row["starts"])} for row in rows if row["urgent"]][: 2 * rules.ROWS]
    for title, chosen in (
        ("急招 24小时内开工", urgent),
        ("今日岗位", [row for row in rows if row["own"]]),
        ("别的驿站也在招", [row for row in rows if not row["own"]]),
    ):
        parts = rules.in_pages(chosen)
        pages += [{"title": title, "part": f"{n}/{len(parts)}" if len(parts) > 1 else "", "rows": part} for n, part in enumerate(parts, 1)]
    return {"job_pages": pages}


async def _texts(station: dict[str, Any]) -> dict[str, Any]:
    """The lines of the boards 政策与维权 and 免费服务承诺 as they hang on the station's wall today, and the minimum wage."""
    day = today()
    boards = {row["kind"]: row["current"] for row in await boards_of(station, day)}

    async def lines(kind: BoardKind) -> list[str]:
        try:
            text = await filled_board(station, kind, boards[kind]["lines"], day)
        except (RuleBroken, ParameterMissing):  # a value is missing: the wall shows no hole, the screen no page
            return []
        return [line for group in text.groups for line in group.lines]

    parameters = await legal_parameters()
    try:
        hour, month = (in_force(parameters, f"min_wage_{unit}_tier1", day) for unit in ("hour", "month"))
        wage = {"hour": hour.value, "month": month.value, "since": hour.valid_from, "basis": hour.basis}
    except ParameterMissing:
        wage = None
    numbered = [f"{n}. {line}" for n, line in enumerate(await lines(BoardKind.RIGHTS), 1)]
    return {
        "rights_pages": rules.lines_in_pages(numbered),
        "free_lines": (await lines(BoardKind.FREE))[:5],
        "wage": wage,
        "wages": (await wage_guides()).busiest(rules.ROWS),
    }


async def _calling(station: dict[str, Any]) -> dict[str, Any]:
    """How people are called today, and the published draw."""
    rule = await rule_in_force(station["id"], today())
    method = CallingMethod(rule["method"])
    draw = await todays_draw(station["id"], today()) if method is CallingMethod.DRAW else None
    return {
        "method": method.label,
        "version": rule["version"],
        "draw_at": rule["draw_at"] if method is CallingMethod.DRAW else None,
        "seed": [draw["seed"][start : start + 8] for start in range(0, len(draw["seed"]), 8)] if draw else [],
        "tickets": draw["tickets"] if draw and draw["held_at"] else 0,
    }


_calls: OrderedDict[tuple[str, str], tuple[tuple[str, int], bytes]] = OrderedDict()


async def calls_body(code: str, token: str) -> bytes | None:
    """The last calls of the station for the screen with this token, as `rules.screens.calls_answer`; None for any other.

    Asked for every second by every screen: while nobody commits anything it costs one look at the database's version.
    """
    key, moment = queries.screen_key(token), now()
    mark = (await DB.version(), int(moment.timestamp()) // _CALLS_SECONDS)
    kept = _calls.get((code, key))
    if kept is not None and kept[0] == mark:
        return kept[1]
    station_id = await queries.station_of_screen(key, code) if token else None
    if station_id is None:
        _calls.pop((code, key), None)
        return None
    body = rules.calls_answer(await called_now(station_id, moment))
    _calls[code, key] = (mark, body)
    _calls.move_to_end((code, key))
    while len(_calls) > _KEPT_SCREENS:
        _calls.popitem(last=False)
    return body
