"""The public board (岗位板): today's work, one post, its wall slip, and the list for search engines."""

import json
from datetime import date
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

from litestar import Response, get
from litestar.params import FromPath
from markupsafe import Markup

from db.clock import now, today
from db.queries import board as queries
from db.queries.wages import wage_guides
from piccolo_conf import DB
from rules import board as words
from rules.codes import Hazard, JobState, SettleCycle, VerifyMethod, trade_choices
from rules.jobs import terms_from_record
from rules.money import yuan
from rules.schedule import shift_of
from web.cards import cards, options
from web.conditional import conditional
from web.forms.board import DAYS, SETTLES, BoardSearch
from web.guards import open_to_all
from web.posters import poster_of, poster_pdf
from web.render import found, local, page, pdf_file
from web.request import StationRequest

_SOONEST = (SettleCycle.DAILY, SettleCycle.PER_JOB, SettleCycle.WEEKLY)
_SETTLES = tuple(sorted(SETTLES.items(), key=lambda pair: _SOONEST.index(pair[0]) if pair[0] in _SOONEST else len(_SOONEST)))
_TRADES, _DAYS = tuple(trade_choices()), tuple(DAYS.items())


def _counted(count: int) -> str:
    """86, or 1000多."""
    return str(count) if count <= queries.COUNTED else f"{queries.COUNTED}多"


def _back(request: StationRequest) -> str:
    """This page as the `back` of the type-size link."""
    query = request.scope["query_string"].decode("latin-1")
    return quote(f"{request.url.path}?{query}" if query else request.url.path, safe="")


async def _places(version: str) -> queries.Places:
    return await queries.while_unchanged(version, "places", queries.places)


@get(["/", "/jobs"], guards=[open_to_all], name="board:jobs")
async def jobs(request: StationRequest) -> Response:
    """The worker's front page: today's work first. The list alone when htmx turns the page."""
    # The filter form asks by htmx too, but for the whole page: count, chips and list change together.
    turning = request.wants_fragment and request.htmx.target != "main"

    async def board(version: str) -> Response:
        day, places = today(), await _places(version)
        search = BoardSearch(request.query_params, today=day, subdistricts=places.subdistricts)
        shown = await queries.posts(search.filter, day, request.query_params.get("page", ""))
        begun = sum(row["phase"] != queries.COMING for row in shown.rows)
        context: dict[str, Any] = {
            "search": search,
            "shown": shown,
            "cards": cards(shown.rows[:begun], places, day),
            "later": cards(shown.rows[begun:], places, day),
            "next_url": search.url(page=shown.next) if shown.next else "",
            "station": places.station_of(search.get("subdistrict")),
            "wage": (await wage_guides()).district.get(search.filter.trade) if search.filter.trade else None,
        }
        if turning:
            return page(request, "board/_results.html", **context)
        if shown.next is None and shown.number == 1:
            count = len(shown.rows)
        else:
            key = (search.filter, day)
            count = await queries.while_unchanged(version, key, lambda: queries.how_many(search.filter, day))
        return page(
            request,
            "board/jobs.html",
            count=_counted(count),
            back=_back(request),
            options=options,
            trades=_TRADES,
            subdistricts=tuple(places.subdistricts.items()),
            settles=_SETTLES,
            days=_DAYS,
            **context,
        )

    return await conditional(request, board, part="results" if turning else "")


def _standing(post: dict[str, Any], day: date) -> int:
    """200 for a post on the board, 404 while it is being changed or paused, 410 for one that is over.

    404 and not 410 for the first kind, because search engines drop a 410 for good and this post may come back.
    """
    over = post["valid_to"] is None or post["valid_to"] < day or (post["end_date"] and post["end_date"] < day)
    match JobState(post["state"]):
        case JobState.PUBLISHED if over:
            return 410
        case JobState.PUBLISHED:
            return 200 if post["listed"] else 404
        case JobState.FILLED | JobState.EXPIRED | JobState.WITHDRAWN | JobState.TAKEN_DOWN | JobState.REJECTED:
            return 410
    return 404


def _reason(state: JobState) -> str:
    """Why a post is not shown, and what to do."""
    match state:
        case JobState.FILLED:
            return "人已经招满了。请看看别的活，或者打电话问驿站有没有空出来的名额。"
        case JobState.TAKEN_DOWN | JobState.WITHDRAWN | JobState.REJECTED:
            return "雇主或者驿站已经撤下这个岗位。请看看别的活。"
        case JobState.PUBLISHED | JobState.EXPIRED:
            return "招工时间已经过了。请看看别的活，或者打电话问驿站。"
    return "岗位内容正在修改，请稍后再看，或者打电话问驿站。"


def _json_ld(posting: dict[str, Any]) -> Markup:
    """The posting as it may stand inside a script element: no tag and no entity can begin in it."""
    text = json.dumps(posting, ensure_ascii=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704 - nothing that could end the script element is left


def _told(post: dict[str, Any]) -> dict[str, Any]:
    """What the page of a post says beyond its card, as texts."""
    terms = terms_from_record(post["terms"])
    shift = shift_of(terms)
    method = post["verify_method"]
    return {
        "terms": terms,
        "net_hours": yuan(shift.paid_minutes * 100 // 60) if shift else "",
        "crosses_midnight": bool(shift and shift.crosses_midnight),
        "days": words.days_text(post["start_date"], post["end_date"]),
        "hazards": "、".join(Hazard.label_of(code) for code in terms.hazards),
        "insurance": words.insurance_label(post["terms"]),
        "verified_how": VerifyMethod.label_of(method) if method else "",
    }


@get("/jobs/{number:str}", guards=[open_to_all], name="board:job")
async def job(request: StationRequest, number: FromPath[str]) -> Response:
    """One post, to the street only. Over: 410 with similar work. Being changed: 404 with the same offer."""

    async def told(version: str) -> Response:
        day, places = today(), await _places(version)
        post = found(await queries.post_once_public(number))
        standing = _standing(post, day)
        station = places.stations[post["station"]]
        if standing != 200:
            similar = cards(await queries.similar_posts(post, day), places, day)
            return page(
                request,
                "board/gone.html",
                status=standing,
                standing=standing,
                reason=_reason(JobState(post["state"])),
                cards=similar,
                station=station,
                back=_back(request),
            )
        name = places.subdistricts.get(post["subdistrict"], "")
        url = f"{request.settings.public_url}/jobs/{post['number']}"
        post["published_on"] = local(post["published_at"]).date()
        posting = words.job_posting(post, post["terms"], subdistrict_name=name, station_name=post["station_name"], url=url)
        return page(
            request,
            "board/job.html",
            post=post,
            card=words.card(post, today=day, published_on=post["published_on"], subdistrict_name=name, phone=station["phone"]),
            told=_told(post),
            wage=(await wage_guides()).district.get(post["trade"]),
            pay=words.pay_words(post),
            url=url,
            json_ld=_json_ld(posting),
            station=station,
            back=_back(request),
        )

    return await conditional(request, told)


@get("/jobs/{number:str}/poster.pdf", guards=[open_to_all], name="board:poster")
async def poster(request: StationRequest, number: FromPath[str]) -> Response[bytes]:
    """The wall slip of a post on the board, with `size=A5` on half the paper; 404 for any other."""
    post = found(await queries.post_once_public(number))
    found(post if _standing(post, today()) == 200 else None)
    places = await _places(await DB.public_version())
    slip = poster_of(
        post,
        subdistrict_name=places.subdistricts.get(post["subdistrict"], ""),
        public_url=f"{request.settings.public_url}/jobs/{post['number']}",
        sheet="A5" if request.query_params.get("size") == "A5" else "A4",
    )
    return pdf_file(await poster_pdf(request, slip), f"招工张贴单{post['number']}", public=True)


@get("/sitemap.xml", guards=[open_to_all], name="board:sitemap")
async def sitemap(request: StationRequest) -> Response:
    """The board and its newest posts, for search engines."""

    async def listed(version: str) -> Response:
        home = request.settings.public_url
        entries = [f"<url><loc>{escape(home)}/jobs</loc><lastmod>{local(now()).date()}</lastmod></url>"]
        entries += [
            f"<url><loc>{escape(home)}/jobs/{escape(row['number'])}</loc><lastmod>{local(row['published_at']).date()}</lastmod></url>"
            for row in await queries.public_numbers(today())
        ]
        body = "".join(entries)
        xml = '<?xml version="1.0" encoding="UTF-8"?>'
        space = "http://www.sitemaps.org/schemas/sitemap/0.9"
        return Response(f'{xml}<urlset xmlns="{space}">{body}</urlset>', media_type="application/xml")

    return await conditional(request, listed)


ROUTES = [jobs, job, poster, sitemap]
