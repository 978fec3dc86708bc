"""The journal page (工作记录, art. 23): what was done, when and by whom, newest first, with its place in the chain."""

from typing import Any
from urllib.parse import urlencode

from litestar import Response, get

from db.queries import journal as queries
from db.queries.corrections import by_entry
from db.queries.stations import station_in, stations_in
from rules.journal import DISTRICT, EventKind
from rules.journal_reading import readable, without_contacts
from rules.permissions import Permission, Reach
from web.forms.stations import JournalFilter
from web.guards import needs
from web.record_pages import record_page
from web.render import local, page
from web.request import StationRequest

SUBJECTS = {
    "account": "账号",
    "activity": "活动",
    "agreement": "协议",
    "complaint": "投诉",
    "correction": "更正",
    "employer": "雇主",
    "export": "导出",
    "guidance": "签约指导",
    "import": "批量登记",
    "job": "岗位",
    "legal_case": "维权",
    "paper": "文书",
    "parameter": "法定参数",
    "placement": "上岗",
    "referral": "推荐",
    "seeker": "零工",
    "station": "驿站",
}


def _subject(request: StationRequest, row: dict[str, Any]) -> tuple[str, str]:
    """What an entry is about: the words, and the page to open ("" where the role may not or there is none)."""
    label = SUBJECTS.get(row["subject"], "其他")
    if row["subject"] == "employer":
        return label, record_page(request.actor, "employer", str(row["subject_id"]))
    number = row["subject_number"]
    return f"{label} {number}".strip(), record_page(request.actor, row["subject"], number)


@get("/desk/journal", guards=[needs(Permission.JOURNAL_READ)], name="journal:entries")
async def entries(request: StationRequest) -> Response:
    """The entries in reach, filtered by kind, day and station."""
    scope, after = request.actor.scope, request.query_params.get("after", "")
    many = scope.reach is not Reach.STATION
    reached = (await stations_in(scope)).rows if many else []
    asked = JournalFilter(request.query_params, stations=[(row["code"], row["name"]) for row in reached])
    station = await station_in(scope, asked.station.data) if many and asked.station.data else None
    result = await queries.entries_in(
        scope, kind=asked.kind.chosen, day=asked.day.data, station_id=station["id"] if station else None, after=after
    )
    names = await queries.station_names(row["station_id"] for row in result.rows if row["station_id"])
    old_and_new = await by_entry(request.actor, [row["id"] for row in result.rows if row["kind"] == EventKind.CORRECTED.value])
    for row in result.rows:
        row["correction"] = old_and_new.get(row["id"])
        row["when"] = f"{local(row['at']):%Y-%m-%d %H:%M}"
        row["label"] = EventKind.label_of(row["kind"])
        row["about"], row["url"] = _subject(request, row)
        row["facts"] = readable(row["particulars"])
        row["late"] = without_contacts(row["late_reason"])
        row["where"] = "区级" if row["chain"] == DISTRICT else names.get(row["station_id"], "")
    query = asked.query()
    links = {
        "previous": f"/desk/journal?{urlencode(query)}".rstrip("?") if after else None,
        "next": f"/desk/journal?{urlencode(query | {'after': result.next})}" if result.next else None,
    }
    return page(
        request,
        "journal/index.html",
        fragment="journal/_entries.html",
        entries=result.rows,
        links=links,
        filter=asked,
        filtered=bool(query),
        many=many,
    )


ROUTES = [entries]
