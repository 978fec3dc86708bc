"""Work records (工作记录, art. 23): one's own day, complete or not, signed with the password; and the days of a station's people."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.exceptions import TooManyRequestsException
from litestar.params import FromPath

from db.actions import accounts
from db.actions import work_records as actions
from db.clock import today
from db.paging import cursor, place
from db.queries import work_records as queries
from db.queries.stations import station_in, stations_in
from rules.errors import RuleBroken
from rules.journal import EventKind
from rules.journal_reading import readable, without_contacts
from rules.permissions import Permission, Reach
from rules.work_records import (
    SUBJECTS,
    UNSIGNED_DAYS,
    Completeness,
    DaysWork,
    Quality,
    completeness,
    entries_sha256,
    missing_read,
    share_text,
)
from web.forms.placements import month_links, month_of
from web.forms.work_records import SHOWN, DayFilter, SignDayForm, day_of, days_around
from web.guards import needs
from web.record_pages import record_page
from web.render import again, found, local, page
from web.request import StationRequest
from web.submission import submit

HOME, PEOPLE = "/desk/records", "/desk/records/people"
ROWS = 200
"""Entries on a page: a long day is read in few pages."""

STEPS = {"start": "/desk/referrals/{}/placement", "ending": "/desk/referrals/{}/ending"}
"""Where something that lacks is completed, when not on the record's own page; call-backs have a page each."""

OTHER_SUBJECTS = {
    "guidance": "签约指导",
    "sign_in": "签到",
    "station": "驿站",
    "account": "账号",
    "paper": "文书",
    "alert": "提醒",
    "screen_notice": "屏幕通知",
}


def _rows(request: StationRequest, work: DaysWork, *, own_station: int | None) -> list[dict[str, Any]]:
    """The entries as the page shows them: what a record lacks stands at its first entry of the day."""
    rows, told = [], set()
    for entry in work.entries:
        key = (entry["subject"], entry["subject_id"])
        label = SUBJECTS.get(entry["subject"]) or OTHER_SUBJECTS.get(entry["subject"], "")
        number = str(work.facts[key]["number"]) if key in work.facts else ""
        url = ""
        if own_station is None or entry["station_id"] in (None, own_station):
            url = record_page(request.actor, entry["subject"], number)
        found_lacking = work.lacking.get(key)
        rows.append(
            {
                "id": entry["id"],
                "moment": entry["at"],
                "at": f"{local(entry['at']):%H:%M}",
                "entered": f"{local(entry['entered_at']):%m-%d %H:%M}" if entry["late"] else "",
                "label": EventKind.label_of(entry["kind"]),
                "corrects": entry["corrects"],
                "about": label if entry["subject"] == "employer" else f"{label} {number}".strip(),
                "url": url,
                "facts": readable(entry["particulars"]),
                "late": entry["late"],
                "reason": without_contacts(entry["late_reason"]),
                "standing": None if found_lacking is None else completeness(found_lacking),
                "first": key not in told,
                "lacking": [
                    {"what": one.what, "in_hand": one.in_hand, "url": _where(one.step, number, url)} for one in found_lacking or []
                ],
            }
        )
        told.add(key)
    return rows


def _where(step: str, number: str, own_page: str) -> str:
    if not step or not own_page:
        return own_page
    return f"/desk/follow-ups/{number}/{step.removeprefix('call/')}" if step.startswith("call/") else STEPS[step].format(number)


def _narrowed(rows: list[dict[str, Any]], show: str) -> list[dict[str, Any]]:
    match show:
        case "lacking":
            return [row for row in rows if row["first"] and row["standing"] is Completeness.INCOMPLETE]
        case "late":
            return [row for row in rows if row["late"]]
    return rows


async def _day(request: StationRequest, day: date, work: DaysWork, *, account_id: int, base: str, own: bool) -> dict[str, Any]:
    """What a day shows, one's own or somebody's: the entries of this page, the counts, the signatures."""
    search = request.query_params
    asked = DayFilter(data={"show": search.get("show", "") if search.get("show", "") in SHOWN else ""})
    rows = _narrowed(_rows(request, work, own_station=request.actor.station_id), asked.show.data)
    rows.sort(key=lambda row: (row["moment"], row["id"]))
    passed = (place(search.get("after", ""), (int,)) or (0,))[0]
    shown = rows[max(passed, 0) :][:ROWS]
    hashes = [entry["hash"] for entry in work.entries]
    signed = [
        {
            **row,
            "remark": without_contacts(row["remark"]),
            "lacked": missing_read(row["missing"]),
            "agrees": entries_sha256(hashes[: row["entries"]]) == row["entries_sha256"],
        }
        for row in await queries.signatures_of(account_id, day)
    ]
    kept = {"day": f"{day:%Y-%m-%d}"} | ({"show": asked.show.data} if asked.show.data else {})
    return {
        "day": day,
        "base": base,
        "around": days_around(day, today()),
        "entries": shown,
        "links": {
            "previous": f"{base}?{urlencode(kept)}" if passed else "",
            "next": f"{base}?{urlencode(kept | {'after': cursor(passed + ROWS)})}" if len(rows) > passed + ROWS else "",
        },
        "filter": asked,
        "folded": work.folded,
        "quality": work.quality,
        "signed": signed,
        "new": len(work.entries) - max((row["entries"] for row in signed), default=0),
        "own": own,
    }


async def _own_day(request: StationRequest, day: date, form: SignDayForm | None = None, *, refused: bool = False) -> Response:
    actor = request.actor
    work = await queries.work_of(actor.id, day, today(), reader=actor.id)
    shown = await _day(request, day, work, account_id=actor.id, base=HOME, own=True)
    late = await queries.entered_late_today(actor.id, actor.station_id or 0, day) if day == today() else []
    form = form or SignDayForm()
    form.seen.data = entries_sha256(entry["hash"] for entry in work.entries)
    show = again if refused else page
    return show(
        request,
        "work_records/day.html",
        fragment="work_records/_entries.html",
        form=form,
        today=today(),
        unsigned=await queries.unsigned_days(actor.id, today(), UNSIGNED_DAYS),
        entered_late=[{"day": local(row["at"]).date(), "label": EventKind.label_of(row["kind"])} for row in late],
        **shown,
    )


@get(HOME, guards=[needs(Permission.RECORDS_SIGN)], name="records:day")
async def own_day(request: StationRequest) -> Response:
    """What I did today, or on the day asked for: complete or what is missing, late with its reason, signed or not."""
    return await _own_day(request, day_of(request.query_params.get("day", ""), today()))


@post(HOME + "/{day:str}/signature", guards=[needs(Permission.RECORDS_SIGN)], name="records:sign")
async def sign(request: StationRequest, day: FromPath[str]) -> Response:
    """Sign the day: read, ticked, the password given again."""
    which = day_of(day, today())
    found(which if f"{which}" == day else None)
    form = await SignDayForm.posted(request)
    if form.validate():
        seen = form.seen.data or ""
        try:
            await accounts.confirm_password(
                form.own_password.data, key=request.session_key or "", actor=request.actor, address=request.address
            )
        except accounts.TooManyTries:
            raise TooManyRequestsException() from None
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            saved = await submit(
                request,
                form,
                lambda: actions.sign_day(which, read=form.read.data, seen=seen, remark=form.remark.data or "", actor=request.actor),
                to=lambda _: f"{HOME}?day={which}",
                said=f"已签认{which.month}月{which.day}日的工作记录。",
            )
            if saved is not None:
                return saved
    return await _own_day(request, which, form, refused=True)


@get(PEOPLE, guards=[needs(Permission.RECORDS_READ)], name="records:people")
async def people(request: StationRequest) -> Response:
    """The month of a station's people: who signed which day, what was late, what was incomplete when it was signed."""
    actor, search = request.actor, request.query_params
    month = month_of(search.get("month", ""), today())
    days = _days_of(month)
    many = actor.scope.reach is not Reach.STATION
    stations = (await stations_in(actor.scope)).rows if many else []
    code = search.get("station", "") or (stations[0]["code"] if stations else "")
    station = found(await station_in(actor.scope, code)) if many and code else None
    station_id = station["id"] if station else actor.station_id or 0
    rows = await queries.month_of_people(actor.scope, station_id, month, days)
    last = min(days, (today() - month).days + 1) if month <= today() else 0
    return page(
        request,
        "work_records/people.html",
        people=[_sums(person) for person in rows],
        month=month,
        months=month_links(month),
        dates=[month.replace(day=n) for n in range(1, days + 1)],
        last=last,
        stations=stations,
        station=station,
        many=many,
    )


def _days_of(month: date) -> int:
    after = month.replace(year=month.year + (month.month == 12), month=month.month % 12 + 1)
    return (after - month).days


def _sums(person: dict[str, Any]) -> dict[str, Any]:
    days = list(person["days"].values())
    quality = Quality(entries=sum(each["entries"] for each in days), late=sum(each["late"] for each in days))
    return {
        **person,
        "quality": quality,
        "in_time": share_text(quality.in_time, quality.entries),
        "incomplete": sum(each["incomplete"] or 0 for each in days),
        "unsigned": sum(each["new"] > 0 for each in days),
        "worked": sum(each["entries"] > 0 for each in days),
    }


@get(PEOPLE + "/{account:int}", guards=[needs(Permission.RECORDS_READ)], name="records:person")
async def person_day(request: StationRequest, account: FromPath[int]) -> Response:
    """One day of one person in reach, to read only: what stands in the station's own record."""
    person = found(await queries.person_in(request.actor.scope, account))
    day = day_of(request.query_params.get("day", ""), today())
    work = await queries.work_of(account, day, today(), reader=request.actor.id, station_id=person["station"])
    shown = await _day(request, day, work, account_id=account, base=f"{PEOPLE}/{account}", own=False)
    return page(request, "work_records/person.html", fragment="work_records/_entries.html", person=person, **shown)


ROUTES = [own_day, sign, people, person_day]
