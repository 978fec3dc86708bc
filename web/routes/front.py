"""Pages that belong to no room: health, robots, type size."""

from litestar import MediaType, Response, get
from litestar.response import Redirect

from db.migrate import pending_migrations
from piccolo_conf import DB
from web.guards import open_to_all
from web.render import done
from web.request import StationRequest
from web.sessions import cookie_name, set_cookie


@get("/healthz", guards=[open_to_all], name="front:health")
async def health(request: StationRequest) -> Response[dict[str, str]]:
    """State of database, migrations and renderer; 503 when one of them cannot work."""
    try:
        await DB.version()
        database = "ok"
        migrations = "pending" if await pending_migrations() else "ok"
    except Exception:
        database, migrations = "down", "unknown"
    renderer = request.app.state.printer.state()
    well = database == "ok" and migrations == "ok" and not renderer.startswith("failed")
    body = {"database": database, "migrations": migrations, "renderer": renderer}
    return Response(body, status_code=200 if well else 503, headers={"cache-control": "no-store"})


@get("/robots.txt", guards=[open_to_all], media_type=MediaType.TEXT, name="front:robots")
async def robots(request: StationRequest) -> str:
    """What search engines may read: the public pages."""
    return (
        f"User-agent: *\nDisallow: /desk\nDisallow: /supervision\nDisallow: /sign-in\nSitemap: {request.settings.public_url}/sitemap.xml\n"
    )


@get("/type-size", guards=[open_to_all], name="front:type-size")
async def type_size(request: StationRequest) -> Response | Redirect:
    """Switch between ordinary and large type (kept in a cookie) and go back to the page."""
    big = request.query_params.get("big") == "1"
    back = request.query_params.get("back", "/jobs")
    if not back.startswith("/") or back.startswith("//") or "\\" in back:
        back = "/jobs"
    cookies = request.scope["state"].setdefault("set_cookies", [])
    cookies.append(set_cookie(request.settings, cookie_name(request.settings, "big"), "1" if big else "", max_age=31536000 if big else 0))
    return done(request, back)


ROUTES = [health, robots, type_size]
