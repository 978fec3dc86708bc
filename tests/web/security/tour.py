"""One tour through the whole product: every address, asked by every role, for every record; the answers are kept.

The tests of this folder read what the tour brought home. It runs once, in an event loop of its own.
"""

import contextlib
import io
import logging
import os
import re
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import quote, urlencode, urlsplit

from litestar.datastructures import MultiDict
from litestar.handlers import HTTPRouteHandler

from db import archive
from db.actions.accounts import session_key
from db.clock import at, now
from db.piccolo_app import APP_CONFIG
from db.tables.accounts import Session, Submission
from piccolo_conf import DB
from rules.codes import AgreementType
from rules.guidance.answers import Question
from rules.ledger import LedgerFigure
from rules.statistics.tables import StatTable
from rules.wordings import built_in
from tests.cast import PEOPLE, move_in
from tests.web.security.month_work import MONTH, close_the_month
from tests.web.security.paper_work import OFFICIAL, OFFICIAL_VERSION, put_official_text, sit_down_to_sign
from tests.web.security.scene import Records, put_records, signed_scan
from web import tokens
from web.app import Station
from web.assets import static_url
from web.ledger_pages import tabs
from web.sessions import cookie_names

COLUMNS: dict[str, str | None] = {
    "STF": "chen",
    "STF elsewhere": "lin",
    "MGR": "wu",
    "OPR": "he",
    "LGL": "luo",
    "SUB": "sun",
    "SUB elsewhere": "qian",
    "DST": "zheng",
    "ADM": "admin",
    "WKR": "worker",
    "EMP": "employer",
    "visitor": None,
}
"""The columns of tests/house/authorization.csv and who stands in them: the first station is 金银湖 (LAKE), elsewhere is 走马岭 (LING).

WKR and EMP are the worker and the employer of LAKE's placement, see `Records`.
"""

MISSING = Records(
    "ZD-420112015-99", 987654321, "G261201-019999", "Q26015999999", "", "T26120199999", "", "T26120199998", "XLW-2026-999999", 987654321
)
"""Well-formed numbers of records that nobody has."""

USED_FORM = "a-form-that-was-sent-bef"
"""Every post carries the token of an earlier submission, so that a form without fields is answered and nothing is applied."""

NOT_APPLIED = "/applied-before"

LAST = ("/sign-out", "/me/sign-out", "/employer/sign-out")
"""Asked after everything else, because it ends the session."""


Headers = MultiDict[str]
Dump = dict[str, dict[Any, dict[str, Any]]]
"""Every row by table and primary key."""

FAULT = "13888884401"
"""What stands in the text of an error that nobody expected."""


@dataclass(frozen=True)
class Answer:
    """One answer of the tour."""

    who: str
    method: str
    route: str
    record: str
    url: str
    status: int
    headers: Headers
    body: bytes

    @property
    def html(self) -> bool:
        """Whether it is a page or a part of one."""
        return self.headers.get("content-type", "").startswith("text/html")

    @property
    def pdf(self) -> bool:
        """Whether it is a paper."""
        return self.headers.get("content-type", "") == "application/pdf"

    def __str__(self) -> str:
        return f"{self.method} {self.url} as {self.who}"


@dataclass
class Tour:
    """What the tour brought home."""

    routes: list[tuple[str, str, Any]] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    detours: list[Answer] = field(default_factory=list)
    typed: list[Answer] = field(default_factory=list)
    records: dict[str, Records] = field(default_factory=dict)
    forged: list[Answer] = field(default_factory=list)
    fault: Answer | None = None
    before: Dump = field(default_factory=dict)
    after_reading: Dump = field(default_factory=dict)
    after_posting: Dump = field(default_factory=dict)
    printed: str = ""
    stored: bytes = b""
    kept: bytes = b""

    def all(self) -> list[Answer]:
        """Every answer, whatever asked for it."""
        return self.answers + self.detours + self.typed + self.forged


def routes_of(app: Station) -> list[tuple[str, str, HTTPRouteHandler]]:
    """(method, path as the table writes it, handler) of every page of ours."""
    found = {
        (method, re.sub(r"\{(\w+):\w+\}", r"{\1}", route.path), handler)
        for route in app.litestar.routes
        for handler in getattr(route, "route_handlers", ())
        if isinstance(handler, HTTPRouteHandler) and handler.fn.__module__.startswith("web.")
        for method in handler.http_methods & {"GET", "POST"}
    }
    return sorted(found, key=lambda row: (row[1], row[0]))


def targets(route: str, records: dict[str, Records]) -> dict[str, str]:
    """The address of `route` for each record the table names: LAKE, LING and missing; known and missing; or "-"."""
    if "{" not in route:
        return {"-": route}
    if not any(f"{{{name}}}" in route for name in OF_A_RECORD) or route.startswith("/desk/ledgers/{month}"):
        known = {"kind": "hygiene", "version": _known_version(route), "name": _known_name(route), "slug": "work"}
        known["token"] = records["LAKE"].papers.copy_token if route.startswith("/copies/") else "nobody-has-this-token"
        known |= {"month": str(MONTH), "number": "1", "day": "2026-12-01"}
        unknown = {"month": "209912", "number": "1", "day": "someday"}
        unknown |= {"kind": "nothing", "version": "99", "name": "nothing.css", "slug": "nothing", "token": "nor-this-one"}
        return {"known": route.format_map(_Values(known, "1")), "missing": route.format_map(_Values(unknown, "987654321"))}
    urls = {}
    for name, record in (*records.items(), ("missing", MISSING)):
        numbers = {"/desk/seekers": record.seeker, "/desk/referrals": record.referral, "/desk/agreements": record.agreement}
        numbers |= {"/me/referrals": record.placed, "/me/agreements": record.agreement, "/me/consents": record.placed}
        numbers |= {"/employer/referrals": record.referral, "/desk/freshness": record.job, "/verify": record.agreement}
        numbers |= {"/desk/follow-ups": record.placed, "/me/call-backs": record.placed, "/desk/matching": record.day.run}
        numbers |= {"/desk/complaints": record.day.complaint, "/complaints": record.day.complaint, "/desk/cases": record.day.legal_case}
        numbers |= {"/desk/activities": record.day.activity, "/desk/corrections": record.month.correction}
        numbers |= {"/desk/ledgers/printing": record.month.ledger, "/supervision/ledgers": "1"}
        numbers |= dict.fromkeys(("/desk/samples", "/supervision/samples"), record.month.sample)
        numbers |= {"/desk/guidance": record.papers.guidance, "/desk/print-runs": record.papers.print_run}
        numbers |= {"/employer/agreements": record.agreement}
        if "/signing" in route or route.endswith("/signature"):
            numbers |= dict.fromkeys(("/desk/agreements", "/me/agreements", "/employer/agreements"), record.papers.signing)
        numbers |= dict.fromkeys(("/desk/ratings", "/me/ratings", "/employer/ratings"), record.placed)
        if route.endswith(("/ending", "/evidence")) and route.startswith("/desk/referrals"):
            numbers |= {"/desk/referrals": record.placed}
        number = next((value for folder, value in numbers.items() if route.startswith(folder)), record.job)
        values = {"number": number, "code": record.code, "referral": record.referral, "slug": "work", "kind": "posts"}
        values |= {each: value_of(record, each) for each in BY_ID}
        values |= {"side": "worker", "step": Question.STATUS.value, "month": str(MONTH), "position": "1"}
        if route.startswith("/desk/scans"):
            values["scan_id"] = record.papers.incoming_id
        if route.startswith(("/desk/follow-ups", "/me/call-backs")):
            values["kind"] = "start"
        values["name"] = "emblem" if "/pictures/" in route else "hygiene.pdf"
        urls[name] = route.format_map(_Values(values, "987654321"))
    return urls


BY_ID = (
    *("employer_id", "scan_id", "account_id", "appeal_id", "request_id", "export_id", "import_id", "certificate_id", "document_id"),
    *("handle", "ticket", "suggestion", "screen_id", "notice_id", "incoming_id", "paper_id", "emblem_id"),
    "account",
)
OF_A_RECORD = ("number", "code", *BY_ID)


def value_of(record: Records, name: str) -> Any:
    """What stands for a parameter of `BY_ID` in an address of this record."""
    for each in (record.day, record.papers):
        if hasattr(each, name):
            return getattr(each, name)
    name = "account_id" if name == "account" else name
    return getattr(record, name.removesuffix("_id") if name in ("employer_id", "scan_id") else name)


def _known_name(route: str) -> str:
    """A value of `name` that exists: a static file, a page of a registration, a template."""
    match route.partition("{")[0]:
        case "/desk/imports/templates/":
            return "jobs.xlsx"
        case "/register/":
            return "check"
        case "/employers/register/":
            return "check"
        case "/desk/forms/":
            return "seeker.pdf"
        case "/wordings/":
            return (OFFICIAL if "/official" in route else AgreementType.ONE_OFF_SERVICE).value
    return static_url("board.css").removeprefix("/static/")


def _known_version(route: str) -> str:
    """A value of `version` that exists: of an agreement's text, of an official model text, of anything else the first."""
    if route.startswith("/wordings/"):
        return OFFICIAL_VERSION if "/official" in route else built_in(AgreementType.ONE_OFF_SERVICE).version
    return "1"


class _Values(dict):
    """The values of an address; `other` stands for a parameter that names a record the scene does not have."""

    def __init__(self, values: dict[str, Any], other: str) -> None:
        super().__init__(values)
        self.other = other

    def __missing__(self, name: str) -> str:
        return self.other


def detours(records: dict[str, Records]) -> list[str]:
    """Further addresses of the same pages: filters, searches, old versions, other records."""
    lake = records["LAKE"]
    found = [f"/supervision/stations/{lake.code}?show={show}" for show in ("posts", "placements", "accounts")]
    found += [f"/desk/referrals/{number}" for number in (lake.proposed, lake.placed)]
    found += [f"/desk/referrals/{number}/slip.pdf" for number in (lake.proposed, lake.placed)]
    found += [f"/desk/seekers/{lake.juvenile}", f"/desk/seekers/{lake.juvenile}/form.pdf", f"/desk/jobs/{lake.job}?version=1"]
    found += [f"/verify/{number}" for number in (lake.seeker, lake.job, lake.referral)]
    found += [f"/desk/search?q={lake.seeker}", "/desk/search?q=nothing", "/desk/journal?kind=REVEALED", "/desk/placements?month=2026-11"]
    found += [f"/desk/agreements/{lake.agreement}/paper.pdf?copy=1", "/desk/agreements?state=DELIVERED", "/desk/referrals?word=诸葛"]
    found += ["/desk/seekers?word=诸葛", f"/desk/jobs/new?employer={lake.employer}", "/jobs?q=分拣", "/jobs?q=宏图大道"]
    found.append(f"/desk/agreements/{lake.agreement}/scans/{records['LING'].scan}")
    found += [f"{home}/statistics?table={table.value}" for table in StatTable for home in ("/desk", "/supervision")]
    figure = "statistics/rows?table=supply&part=supply&column=placed"
    found += [f"{home}/{figure}&row={each.code}" for home in ("/desk", "/supervision") for each in records.values()]
    found += [f"/desk/ledgers/{MONTH}?show={tab}" for tab in tabs()]
    found += [f"/desk/corrections/new?record=placement&number={each.placed}&field=started_on" for each in records.values()]
    found += ["/desk/corrections?month=2026-11", "/desk/activities?kind=CONSULTATION", "/desk/activities/new?kind=TRAINING"]
    found += ["/desk/records?day=2026-11-30", "/desk/records/people?month=2026-11", "/supervision/samples?state=drawn"]
    for each in records.values():
        looked_at = f"/supervision/ledgers/{each.code}/{MONTH}"
        found += [f"{looked_at}?show={tab}" for tab in tabs()]
        found += [f"{home}/rows?figure={LedgerFigure.PLACED.value}" for home in (looked_at, f"/desk/ledgers/{MONTH}")]
        found += [f"/desk/records/people/{each.account_id}?day=2026-11-30", f"/desk/corrections/list.pdf?month=2026-11&station={each.code}"]
        found += [
            f"/desk/referrals/{each.referral}/agreement?guidance={each.papers.guidance}",
            f"/desk/referrals/{each.referral}/guidance/all",
        ]
        found += [f"/desk/papers/{each.papers.agreement_paper}", f"/desk/papers/{each.papers.agreement_paper}/paper.pdf"]
    found += ["/desk/papers?state=valid", "/desk/scans?state=UNKNOWN", f"/desk/print-runs/{lake.papers.print_run}?all=1"]
    found.append(f"/desk/referrals/{lake.referral}/agreement?guidance={records['LING'].papers.guidance}")
    return [*found, f"/stations/{lake.code}/boards/hygiene", f"/stations/{lake.code}/boards/flow.pdf?paper=A2"]


def typing(records: dict[str, Records]) -> list[tuple[str, dict[str, str]]]:
    """Forms that carry personal data and are refused or only looked at; the person who typed them sees them again."""
    numbers = {"id_number": "420199198502019999", "phone": "19915556677", "name": "诸葛小强"}
    order = {"employer": str(records["LAKE"].employer), "contact_phone": "13911113301", "exact_address": "示范货场丙1区3号库2楼"}
    return [
        ("/desk/employers", {"kind": "INDIVIDUAL", "address": "金港示范工业园甲7栋5门", **numbers}),
        ("/desk/employers/duplicates", {"kind": "INDIVIDUAL", **numbers}),
        ("/desk/seekers", {"id_type": "01", "guardian_phone": "13888884401", **numbers}),
        ("/desk/seekers/identity", {"id_type": "01", **numbers}),
        ("/desk/jobs", order),
        ("/desk/jobs/checks", order),
        ("/sign-in", {"login": "19915556677", "password": "420199198502019999"}),
    ]


def forgeries(app: Station, other: "Client") -> dict[str, dict[str, Any]]:
    """Posts that did not come from a page of the person's own: what is different in each."""
    theirs = tokens.issue(app.settings.secret, other.binding)
    return {
        "no token": {"fields": {"csrf_token": ""}},
        "somebody else's token": {"fields": {"csrf_token": theirs}},
        "token of another secret": {"fields": {"csrf_token": tokens.issue(b"another secret of 32 bytes, long", other.binding)}},
        "from another site": {"Sec-Fetch-Site": "cross-site"},
        "from another origin": {"Origin": "https://elsewhere.example"},
    }


async def dump() -> Dump:
    """The database as it is now."""
    rows: Dump = {}
    for table in APP_CONFIG.table_classes:
        key = table._meta.primary_key._meta.name
        rows[table._meta.tablename] = {row[key]: row for row in await table.select(*table.all_columns())}
    return rows


class Client:
    """One role in front of the application, without the wrappings of an HTTP library: the tour asks thousands of times."""

    def __init__(self, app: Station, who: str) -> None:
        self.app, self.who, login = app, who, COLUMNS[who]
        token = f"token-of-{login}"
        self.binding = "a-visitor-with-a-cookie" if login is None else session_key(token)
        session, visitor = cookie_names(app.settings)
        self.cookie = f"{visitor}={self.binding}" if login is None else f"{session}={token}"

    async def asks(self, method: str, route: str, record: str, url: str, *, fields: dict[str, str] | None = None, **headers: str) -> Answer:
        """Ask once; posts carry a valid token, the token of a form that was sent before, and `fields`."""
        body = b""
        given = {"host": "127.0.0.1:8000", "cookie": self.cookie, **headers}
        if method == "POST":
            token = tokens.issue(self.app.settings.secret, self.binding)
            body = urlencode({"csrf_token": token, "form_token": USED_FORM, **(fields or {})}).encode()
            given["content-type"] = "application/x-www-form-urlencoded"
        parts = urlsplit(url)
        if parts.path.startswith("/screen/"):  # a form of a screen is bound to the screen's own cookie
            given["cookie"] += f"; screen-{parts.path.split('/')[2]}={self.binding}"
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": parts.path,
            "raw_path": quote(parts.path).encode(),
            "query_string": quote(parts.query, safe="=&%").encode(),
            "root_path": "",
            "headers": [(name.lower().encode(), value.encode()) for name, value in given.items()],
            "client": ("127.0.0.1", 50000),
            "server": ("127.0.0.1", 8000),
        }
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        with contextlib.suppress(Exception):  # the framework passes on what it has answered with 500
            await self.app(scope, receive, send)
        got = Headers([(name.decode("latin-1"), value.decode("latin-1")) for name, value in sent[0]["headers"]])
        content = b"".join(message.get("body", b"") for message in sent[1:])
        return Answer(self.who, method, route, record, url, sent[0]["status"], got, content)


@contextlib.contextmanager
def everything_printed(tour: Tour) -> Iterator[None]:
    """Collects what the process and its children print and log: streams, file descriptors, the root logger."""
    text, handler_text = io.StringIO(), io.StringIO()
    handler = logging.StreamHandler(handler_text)
    root, level = logging.getLogger(), logging.getLogger().level
    sys.stdout.flush()
    sys.stderr.flush()
    with tempfile.TemporaryFile() as file:
        saved = os.dup(1), os.dup(2)
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
        root.addHandler(handler)
        root.setLevel(logging.INFO)
        try:
            with contextlib.redirect_stdout(text), contextlib.redirect_stderr(text):
                yield
        finally:
            root.removeHandler(handler)
            root.setLevel(level)
            for number, copy in zip((1, 2), saved, strict=True):
                os.dup2(copy, number)
                os.close(copy)
            file.seek(0)
            tour.printed = text.getvalue() + handler_text.getvalue() + file.read().decode("utf-8", "replace")


async def take(app: Station, database: Any, tour: Tour, morning: Any) -> None:
    """Build both stations' records the afternoon before, then ask everything."""
    async with database(), _printer(app) as printer:
        with at(morning - timedelta(hours=17)):
            await move_in()
            tour.records = {"LAKE": await put_records(1, printer), "LING": await put_records(2, printer)}
            await put_official_text(signed_scan())
        with at(morning):
            for record, login in zip(tour.records.values(), ("chen", "lin"), strict=True):
                await sit_down_to_sign(record.papers, PEOPLE[login])
                await close_the_month(record.code, PEOPLE[login])
            await _sit_everybody_down(tour.records["LAKE"])
            await Submission.insert(Submission(token=USED_FORM, account=PEOPLE["chen"].id, location=NOT_APPLIED, at=now()))
            with everything_printed(tour):
                await _ask_everything(app, tour)
            tour.stored = await _stored()
            tour.kept = b"".join(path.read_bytes() for path in sorted(archive.folder().rglob("*")) if path.is_file())


@contextlib.asynccontextmanager
async def _printer(app: Station) -> AsyncIterator[Any]:
    printer = app.litestar.state.printer
    await printer.start()
    try:
        yield printer
    finally:
        await printer.stop()


async def _sit_everybody_down(lake: Records) -> None:
    people = {**PEOPLE, "worker": lake.worker, "employer": lake.owner}
    for login in filter(None, COLUMNS.values()):
        times = {"created_at": now(), "seen_at": now() - timedelta(minutes=5), "expires_at": now() + timedelta(hours=12)}
        person = people[login]
        assert person is not None
        await Session.insert(Session(key=session_key(f"token-of-{login}"), account=person.id, **times))


async def _ask_everything(app: Station, tour: Tour) -> None:
    clients = [Client(app, who) for who in COLUMNS]
    tour.routes = routes_of(app)
    tour.before = await dump()
    reading = [route for method, route, _ in tour.routes if method == "GET"]
    posting = [route for method, route, _ in tour.routes if method == "POST" and route not in LAST]
    for route in reading:
        for record, url in targets(route, tour.records).items():
            tour.answers += [await client.asks("GET", route, record, url) for client in clients]
    for url in detours(tour.records):
        tour.detours += [await client.asks("GET", urlsplit(url).path, "-", url) for client in clients]
    for route in reading:
        for record, url in targets(route, tour.records).items():
            if not url.endswith(".pdf"):
                for client in clients[:3:2] + clients[-3:]:
                    tour.detours.append(await client.asks("GET", route, record, url, **{"HX-Request": "true"}))
    tour.after_reading = await dump()
    for route in (*posting, *LAST):
        url = next(iter(targets(route, tour.records).values()))
        for name, client in (("STF", clients[0]), ("visitor", clients[-1])):
            for how, given in forgeries(app, clients[1]).items():
                if name == "STF" or route == "/sign-in":
                    tour.forged.append(await client.asks("POST", route, how, url, **given))
        if route == LAST[0]:
            tour.after_posting = await dump()
            for url, fields in typing(tour.records):
                tour.typed += [await client.asks("POST", url, "-", url, fields=fields) for client in clients]
            with patch("db.queries.seekers.seekers_of", side_effect=RuntimeError(FAULT)):
                tour.fault = await clients[0].asks("GET", "/desk/seekers", "-", "/desk/seekers")
        for record, url in targets(route, tour.records).items():
            tour.answers += [await client.asks("POST", route, record, url) for client in clients]
        if route in LAST:
            await Session.delete(force=True)
            await _sit_everybody_down(tour.records["LAKE"])


async def _stored() -> bytes:
    """Everything the database keeps, as it lies on the disk; on PostgreSQL every row cast to text."""
    if DB.engine_type == "sqlite":
        files = [Path(DB.path + ending) for ending in ("", "-wal", "-shm")]
        return b"".join(file.read_bytes() for file in files if file.exists())
    async with DB.pool.acquire() as connection:
        tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        rows = [await connection.fetch(f'SELECT t::text AS line FROM "{table["tablename"]}" t') for table in tables]
    return "\n".join(row["line"] for each in rows for row in each).encode()
