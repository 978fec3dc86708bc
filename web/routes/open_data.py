"""Public posts for programs: an Atom feed of any search, and the whole board as documented JSON (docs/public-data.md)."""

from typing import Any

from litestar import Response, get

from db.clock import today
from db.queries import board as queries
from rules import board as words
from rules.open_data import FORMAT, post_record
from web.conditional import conditional
from web.forms.board import BoardSearch
from web.guards import open_to_all
from web.render import render
from web.request import StationRequest

RECORDS = 500
"""Posts in one answer of the JSON; `next` leads on."""


def _entry(row: dict[str, Any], places: queries.Places, home: str) -> dict[str, str]:
    """One post as an entry of the feed; the summary says how to apply."""
    station = places.stations[row["station"]]
    place = words.place_text(places.subdistricts.get(row["subdistrict"], ""), row["landmark"])
    when = words.days_text(row["start_date"], row["end_date"])
    call = f"想干就打电话给{station['name']} {station['phone']}，不收费。"
    return {
        "url": f"{home}/jobs/{row['number']}",
        "title": f"{words.pay_words(row)} {row['title']}",
        "moment": row["published_at"].isoformat(timespec="seconds"),
        "summary": f"{place}，{when}，还要{words.places_left(row)}人。{call}",
    }


@get("/jobs.atom", guards=[open_to_all], name="open-data:feed")
async def feed(request: StationRequest) -> Response:
    """The newest posts of a search as an Atom feed: the same filter as the board's, in the same words."""

    async def listed(_: str) -> Response:
        day, places, home = today(), await queries.places(), request.settings.public_url
        search = BoardSearch(request.query_params, today=day, subdistricts=places.subdistricts)
        entries = [_entry(row, places, home) for row in await queries.newest_posts(search.filter, day)]
        xml = render(
            request,
            "board/feed.xml",
            here=home + search.url().replace("/jobs", "/jobs.atom", 1),
            board=home + search.url(),
            what=search.words or "全部岗位",
            updated=entries[0]["moment"] if entries else f"{day}T00:00:00+08:00",
            entries=entries,
        )
        return Response(xml, media_type="application/atom+xml")

    return await conditional(request, listed)


@get("/open-data/jobs.json", guards=[open_to_all], name="open-data:jobs")
async def jobs_json(request: StationRequest) -> Response:
    """The posts on the board as documented records, oldest first, five hundred at a time."""
    typed = request.query_params.get("after", "")
    after = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else 0

    async def listed(_: str) -> Response:
        places, home = await queries.places(), request.settings.public_url
        rows = await queries.every_post(today(), after, RECORDS)
        records = [
            post_record(
                row,
                subdistrict_name=places.subdistricts.get(row["subdistrict"], ""),
                station=places.stations[row["station"]],
                url=f"{home}/jobs/{row['number']}",
            )
            for row in rows
        ]
        further = f"{home}/open-data/jobs.json?after={rows[-1]['id']}" if len(rows) == RECORDS else None
        return Response({"format": FORMAT, "next": further, "posts": records})

    return await conditional(request, listed)


ROUTES = [feed, jobs_json]
