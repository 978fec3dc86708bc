"""The desk's front page (今日): what waits at this station, what to do next, where a number leads."""

from typing import Any

from litestar import Response, get

from db.clock import now, today
from db.queries import desk as queries
from db.queries.alerts import open_count
from db.queries.devices import unverified_at
from db.queries.employers import employers_waiting
from db.queries.followups import due_count
from db.queries.freshness import due_counts
from db.queries.orders import waiting_count
from db.queries.parameters import legal_parameters
from db.queries.stations import MOST_COUNTED, own_station
from db.queries.verification import standing
from db.queries.work_records import unsigned_days
from rules.codes import AgreementState, JobState, Labelled, ReferralState
from rules.numbers import NumberKind, kind_of, normal
from rules.parameters import whole
from rules.permissions import Permission
from rules.placements import annual_target, due_by
from rules.work_records import UNSIGNED_DAYS
from web.forms.stations import NumberSearch
from web.guards import needs
from web.record_pages import record_page
from web.render import again, done, found, page
from web.request import StationRequest

RECORDS = {
    NumberKind.JOB: "job",
    NumberKind.SEEKER: "seeker",
    NumberKind.REFERRAL: "referral",
    NumberKind.AGREEMENT: "agreement",
    NumberKind.GUIDANCE: "guidance",
    NumberKind.CASE: "legal_case",
    NumberKind.ACTIVITY: "activity",
}
"""What a number typed at the desk leads to."""

TILES = (
    ("submitted", "待审核岗位", "/desk/jobs?state=SUBMITTED", Permission.JOBS_READ),
    ("in_review", "审核中", "/desk/jobs?state=IN_REVIEW", Permission.JOBS_READ),
    ("approved", "待发布", "/desk/jobs?state=APPROVED", Permission.JOBS_READ),
    ("employers_pending", "待核验雇主", "/desk/employers?state=PENDING", Permission.EMPLOYERS_VERIFY),
    ("employers_due", "需要重新核验的雇主", "/desk/employers?state=DUE", Permission.EMPLOYERS_VERIFY),
    ("unverified", "网上登记待核对证件", "/desk/seekers?state=SUBMITTED", Permission.SEEKERS_ENROL),
    ("orders", "待接单", "/desk/orders", Permission.ORDERS_READ),
    ("starting", "今天开工的岗位", "#starting", Permission.JOBS_READ),
    ("worker_asked", "待零工答复", "/desk/referrals?state=PROPOSED", Permission.REFERRALS_READ),
    ("employer_asked", "待雇主答复", "/desk/referrals?state=WORKER_ACCEPTED", Permission.REFERRALS_READ),
    ("printed", "已打印待签协议", "/desk/agreements?state=PRINTED", Permission.AGREEMENTS_READ),
    ("signed", "已签待交付", "/desk/agreements?state=SIGNED", Permission.AGREEMENTS_READ),
    ("calls", "要打电话核实", "/desk/freshness", Permission.FRESHNESS),
    ("call_backs", "要回访", "/desk/follow-ups", Permission.FOLLOW_UPS_RECORD),
    ("alerts", "未办的提醒", "/desk/alerts", Permission.ALERTS_READ),
)
"""(count, label, list it opens, who may open it)."""


async def _front(request: StationRequest, search: NumberSearch, refused: str = "") -> dict[str, Any]:
    actor, day = request.actor, today()
    station = found(await own_station(actor.station_id))
    counts = {**await queries.counts_today(station["id"], now(), day), **await employers_waiting(station["id"])}
    counts["unverified"] = await unverified_at(actor.scope) if actor.may(Permission.SEEKERS_ENROL) else 0
    counts["orders"] = await waiting_count(actor.scope) if actor.may(Permission.ORDERS_READ) else 0
    counts["calls"] = sum((await due_counts(actor.scope, day)).values()) if actor.may(Permission.FRESHNESS) else 0
    counts["call_backs"] = await due_count(actor.scope, day) if actor.may(Permission.FOLLOW_UPS_RECORD) else 0
    counts["alerts"] = await open_count(actor.scope) if actor.may(Permission.ALERTS_READ) else 0
    target = whole(await legal_parameters(), "annual_placement_target", day)
    return {
        "station": station,
        "day": day,
        "tiles": [(counts[key], label, url) for key, label, url, need in TILES if actor.may(need)],
        "placed": counts["placed"] if actor.may(Permission.PLACEMENTS_READ) else None,
        "target": annual_target(target, station["opened_on"], day.year),
        "due": due_by(target, station["opened_on"], day),
        "starting": await queries.jobs_starting(actor.scope, day) if actor.may(Permission.JOBS_READ) else [],
        "waiting": await _waiting(request),
        "unsigned": await unsigned_days(actor.id, day, UNSIGNED_DAYS) if actor.may(Permission.RECORDS_SIGN) else [],
        "standing": await standing(),
        "most": MOST_COUNTED,
        "search": search,
        "refused": refused,
    }


async def _waiting(request: StationRequest) -> list[dict[str, Any]]:
    """What waits longest, oldest first, each with the page to go on at."""
    actor = request.actor
    rows: list[dict[str, Any]] = []
    if actor.may(Permission.JOBS_READ):
        rows += [_step(row, JobState, "/desk/jobs/") for row in await queries.jobs_waiting(actor.scope)]
    if actor.may(Permission.REFERRALS_READ):
        rows += [_step(row, ReferralState, "/desk/referrals/") for row in await queries.referrals_waiting(actor.scope, now())]
    if actor.may(Permission.AGREEMENTS_READ):
        rows += [_step(row, AgreementState, "/desk/agreements/") for row in await queries.agreements_waiting(actor.scope)]
    return sorted(rows, key=lambda row: row["since"])[: queries.WAITING_ROWS]


def _step(row: dict[str, Any], states: type[Labelled], folder: str) -> dict[str, Any]:
    return {"lapses_at": None, **row, "state_label": states.label_of(row["state"]), "url": folder + row["number"]}


@get("/desk", guards=[needs(Permission.DESK)], name="desk:today")
async def front(request: StationRequest) -> Response:
    """Today at this station."""
    return page(request, "desk/today.html", fragment="desk/_today.html", **await _front(request, NumberSearch()))


@get("/desk/search", guards=[needs(Permission.DESK)], name="desk:search")
async def search(request: StationRequest) -> Response:
    """Go to the record with the typed number; say so when there is none in reach."""
    form = NumberSearch(request.query_params)
    typed = normal(form.q.data or "")
    kind = kind_of(typed)
    if kind is NumberKind.STATION:
        return done(request, f"/stations/{typed}")
    if kind in RECORDS:
        url = record_page(request.actor, RECORDS[kind], typed)
        if url and await queries.number_in(request.actor.scope, kind, typed):
            return done(request, url)
        refused = f"没有找到 {typed}。请核对编号；别的驿站的记录这里看不到。"
    elif not typed:
        refused = "请输入岗位、求职、推荐单或协议的编号。"
    else:
        refused = "这不像一个编号。编号印在单子右上角，以 G（岗位）、Q（求职）、T（推荐单）或 X（协议）开头。"
    return again(request, "desk/today.html", **await _front(request, form, refused))


ROUTES = [front, search]
