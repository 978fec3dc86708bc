"""The application: routes, doors, errors, the database and the printer, put together."""

import asyncio
import base64
import gc
import hashlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from litestar import Litestar
from litestar.config.compression import CompressionConfig
from litestar.datastructures import State

from piccolo_conf import DB
from rules.lint import read_law
from web.clockwork import clockwork
from web.documents.renderer import Printer
from web.errors import EXCEPTION_HANDLERS, gate_error_page
from web.export_runs import ExportRuns
from web.gate import UPLOAD_BODY_LIMIT, ASGIApp, Gate, Receive, Scope, Send
from web.guards import refuse_unguarded
from web.import_runs import ImportRuns
from web.ledger_prints import LedgerPrints
from web.print_office import PrintOffice
from web.record_runs import RecordRuns
from web.render import inline_css
from web.request import StationRequest
from web.routes import ROUTES
from web.scan_runs import ScanRuns
from web.sessions import Sessions
from web.settings import Settings, load_settings
from web.station_certificate import station_certificate
from web.unchanged import Unchanged


def content_security_policy() -> bytes:
    """Own scripts and styles only; the stylesheets that stand in public pages are allowed by their hashes."""
    styles = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(str(inline_css(name)).encode()).digest()).decode()}'"
        for name in ("board.css", "phone.css")
    )
    return (
        "default-src 'none'; script-src 'self'; "
        f"style-src 'self' {styles}; img-src 'self' data:; connect-src 'self'; form-action 'self'; "
        "frame-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
    ).encode()


@asynccontextmanager
async def storage(app: Litestar) -> AsyncIterator[None]:
    """The connection pool for as long as the application runs."""
    await DB.start_connection_pool()
    try:
        yield
    finally:
        await DB.close_connection_pool()


@asynccontextmanager
async def workbooks(app: Litestar) -> AsyncIterator[None]:
    """The work on imports and exports ends with the application; the clockwork takes it up again."""
    try:
        yield
    finally:
        await app.state.imports.stop()
        await app.state.exports.stop()


@asynccontextmanager
async def bulk_printing(app: Litestar) -> AsyncIterator[None]:
    """Bulk prints go on where a restart interrupted them; they have processes of their own while they work."""
    app.state.print_runs.begin()
    try:
        yield
    finally:
        await app.state.print_runs.stop()
        await app.state.ledger_prints.stop()
        await app.state.scans.stop()


@asynccontextmanager
async def printing(app: Litestar) -> AsyncIterator[None]:
    """The printer's processes for as long as the application runs; they start in the background."""
    printer: Printer = app.state.printer
    starting: list[asyncio.Task[None]] = [asyncio.create_task(printer.start())]
    if certificate := station_certificate(app.state.settings):  # half a second that the first paper need not wait
        starting.append(asyncio.create_task(asyncio.to_thread(certificate.prepare)))
    try:
        yield
    finally:
        await asyncio.gather(*starting, return_exceptions=True)
        await printer.stop()


class PublicOnlyCompression:
    """Compresses for visitors only: a page with somebody's session is sent as it is, so its length tells nothing."""

    def __init__(self, plain: ASGIApp) -> None:
        self.plain = plain

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hide the browser's accept-encoding from the compressor when somebody is signed in."""
        if scope["type"] == "http" and scope.get("state", {}).get("holder") is not None:
            scope["headers"] = [(key, value) for key, value in scope["headers"] if key != b"accept-encoding"]
        await self.plain(scope, receive, send)


def make_litestar(settings: Settings) -> Litestar:
    """The inner application, without the gate."""
    read_law()
    app = Litestar(
        route_handlers=ROUTES,
        request_class=StationRequest,
        lifespan=[storage, workbooks, clockwork, printing, bulk_printing],
        state=State(
            {
                "settings": settings,
                "printer": Printer(workers=settings.printer_workers),
                "imports": ImportRuns(),
                "exports": ExportRuns(),
                "print_runs": PrintOffice(),
                "ledger_prints": LedgerPrints(settings),
                "scans": ScanRuns(),
                "record_runs": RecordRuns(),
            }
        ),
        exception_handlers=EXCEPTION_HANDLERS,  # type: ignore[arg-type]
        compression_config=CompressionConfig(
            backend="brotli",
            brotli_quality=5,
            minimum_size=500,
            brotli_gzip_fallback=True,
            exclude=["^/static", r"\.pdf$"],
        ),
        openapi_config=None,
        request_max_body_size=UPLOAD_BODY_LIMIT,
        multipart_form_part_limit=500,
        logging_config=None,
        debug=False,
    )
    refuse_unguarded(app)
    return app


class Station:
    """The whole ASGI application: gate, sessions, handlers."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.litestar = make_litestar(settings)
        inner = Unchanged(Sessions(PublicOnlyCompression(self.litestar), settings))
        self.gate = Gate(inner, error_page=gate_error_page, csp=content_security_policy(), production=settings.production)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "http":
            scope.setdefault("state", {})
            scope["state"] = {}
        await self.gate(scope, receive, send)


def create_app(settings: Settings | None = None) -> Station:
    """The application as a server runs it. Raises SettingsMissing in production without its secrets."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper("iso"),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )
    return Station(settings or load_settings())


def serve() -> Station:
    """`create_app` for a process that does nothing else. Raises as it does.

    What was imported and built by now lives as long as the process: the garbage collector leaves it alone, so that its
    rare full round takes milliseconds instead of keeping everybody waiting for a sixth of a second.
    """
    station = create_app()
    gc.collect()
    gc.freeze()
    return station
