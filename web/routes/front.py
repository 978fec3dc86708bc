"""Pages that belong to no room: health, robots, type size."""

from litestar import MediaType, Response, get
from litestar.response import Redirect

from db.clock import CHINA
from db.migrate import pending_migrations
from db.queries.backups import last_backup
from db.queries.verification import standing
from db.storage import storage_state
from piccolo_conf import DB
from web.guards import open_to_all
from web.render import done
from web.request import StationRequest
from web.sessions import cookie_name, set_cookie


@get("/healthz", guards=[open_to_all], name="front:health")
async def health(request: StationRequest) -> Response[dict[str, str]]:
    """State of database, storage, migrations and renderer, 503 when one of them cannot work; and of the record, 503 when it is wrong."""
    try:
        await DB.version()
        database = "ok"
        migrations = "pending" if await pending_migrations() else "ok"
        storage = await storage_state()
        made = await last_backup()
        backup = f"{made.astimezone(CHINA):%Y-%m-%dT%H:%M}" if made else "none"
        stands = await standing()
        record = f"{stands['state'].value} {stands['at'].astimezone(CHINA):%Y-%m-%dT%H:%M}" if stands["at"] else stands["state"].value
    except Exception:
        database, migrations, storage, backup, record = "down", "unknown", "down", "unknown", "unknown"
    renderer = request.app.state.printer.state()
    well = database == "ok" and migrations == "ok" and storage in ("ok", "low", "busy")
    well = well and not renderer.startswith("failed") and not record.startswith("wrong")
    body = {"database": database, "storage": storage, "backup": backup, "migrations": migrations, "renderer": renderer, "record": record}
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
