"""How a station calls people (叫号规则), its draws (抽签), and the sheets that hang on the wall. Anybody may read and recompute."""

from datetime import date, timedelta
from typing import Any, cast
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.params import FromPath

from db.actions import calling_rules as actions
from db.clock import now, today
from db.queries import calling_rules as queries
from db.queries import stations as station_queries
from rules.calling_order import draw_command, draw_moment, draw_text, rule_words
from rules.codes import CallingMethod, PaperKind
from rules.permissions import Permission
from web.calling_papers import day_note, draw_sheet, morning_sheet, paper_file, rule_sheet
from web.forms.calling import CallingRuleForm, DrawForm, SeedForm
from web.forms.placements import month_links, month_of
from web.guards import needs, open_to_all
from web.listings.shape import date_of
from web.render import again, found, page, pdf_file, show_date
from web.request import StationRequest
from web.submission import submit

HOME = "/desk/calling"
_READ, _SET, _CALL = needs(Permission.ATTENDANCE_READ), needs(Permission.CALLING_RULES_SET), needs(Permission.ATTENDANCE_CALL)


async def _own_station(request: StationRequest) -> dict[str, Any]:
    return found(await station_queries.own_station(request.actor.station_id))


async def _desk(
    request: StationRequest, station: dict[str, Any], form: CallingRuleForm, seed_form: SeedForm | None = None
) -> dict[str, Any]:
    """The rule of today and tomorrow, both days' draws, every version."""
    day, tomorrow = today(), today() + timedelta(days=1)
    after = request.query_params.get("after", "")
    versions = await queries.rules_of(station["id"], after)
    rule, coming = await queries.rule_in_force(station["id"], day), await queries.rule_in_force(station["id"], tomorrow)
    draw = await queries.todays_draw(station["id"], day)
    return {
        "station": station,
        "form": form,
        "seed_form": seed_form or SeedForm(data={"day": tomorrow}),
        "day": day,
        "tomorrow": tomorrow,
        "rule": rule,
        "words": rule_words(rule["method"], rule["draw_at"]),
        "coming": coming,
        "latest": await queries.latest_rule(station["id"]),
        "draw": draw,
        "note": day_note(rule, draw),
        "next_draw": await queries.todays_draw(station["id"], tomorrow),
        "versions": versions.rows,
        "links": {"previous": HOME if after else "", "next": f"{HOME}?after={versions.next}" if versions.next else ""},
        "methods": CallingMethod,
    }


@get(HOME, guards=[_READ], name="calling:rules")
async def rules_page(request: StationRequest) -> Response:
    """The rule in force, today's and tomorrow's draw, every version; the manager also gets the form for the next one."""
    station = await _own_station(request)
    latest = await queries.latest_rule(station["id"])
    asked = {"method": latest["method"].value, "draw_at": latest["draw_at"], "effective_from": today() + timedelta(days=1)}
    form = CallingRuleForm(data={**asked, "based_on": str(latest["version"])})
    return page(request, "calling/index.html", fragment="calling/_versions.html", **await _desk(request, station, form))


@post(HOME, guards=[_SET], name="calling:set")
async def set_rule(request: StationRequest) -> Response:
    """Publish a new version, in force from a later day."""
    station = await _own_station(request)
    form = await CallingRuleForm.posted(request)
    answer = None
    if form.validate():
        answer = await submit(
            request,
            form,
            lambda: actions.set_rule(
                station["id"],
                form.method.chosen,
                form.draw_at.data,
                form.reason.data or "",
                cast(date, form.effective_from.data),
                based_on=form.version_seen,
                actor=request.actor,
            ),
            to=lambda _: HOME,
            said=f"新的叫号规则已公布，自{show_date(form.effective_from.data)}起施行。请打印出来换下墙上的旧版。",
        )
    return answer or again(request, "calling/index.html", **await _desk(request, station, form))


@get(f"{HOME}/rules/{{version:int}}/sheet.pdf", guards=[_READ], name="calling:rule-sheet")
async def rule_paper(request: StationRequest, version: FromPath[int]) -> Response:
    """叫号规则 (P25) of one version for the wall; version 0 is what holds while none was published."""
    station = await _own_station(request)
    rule = found(await queries.rule_with_version(station["id"], version) if version else dict(queries.UNWRITTEN))
    paper = rule_sheet(request, station, rule)
    subject = ("calling_rule", rule["id"]) if version else ("station", station["id"])
    body = await paper_file(request, PaperKind.CALLING_RULE, paper, subject=subject[0], subject_id=subject[1], station=station)
    return pdf_file(body, f"叫号规则第{paper.version}版")


@post(f"{HOME}/seeds", guards=[_SET], name="calling:seed")
async def publish_seed(request: StationRequest) -> Response:
    """Publish the seed of a day's draw before anybody comes; the server makes it."""
    station = await _own_station(request)
    form = await SeedForm.posted(request)
    answer = None
    if form.validate():
        day = cast(date, form.day.data)
        answer = await submit(
            request,
            form,
            lambda: actions.publish_seed(station["id"], day, actor=request.actor),
            to=lambda ref: f"{HOME}/draws/{ref.day.isoformat()}",
            said="种子已公布，从现在起谁也不能换。公开页面上已经能看到。",
        )
    if answer:
        return answer
    latest = await queries.latest_rule(station["id"])
    asked = {"method": latest["method"].value, "draw_at": latest["draw_at"], "effective_from": today() + timedelta(days=1)}
    rule_form = CallingRuleForm(data={**asked, "based_on": str(latest["version"])})
    return again(request, "calling/index.html", **await _desk(request, station, rule_form, form))


@get(f"{HOME}/draws", guards=[_READ], name="calling:draws")
async def draws(request: StationRequest) -> Response:
    """Every draw of the station, newest first, narrowed to a month."""
    typed, after = request.query_params.get("month", ""), request.query_params.get("after", "")
    month = month_of(typed, today()) if typed else None
    end = (month + timedelta(days=32)).replace(day=1) if month else None
    rows = await queries.draws_of(request.actor.scope, month, end, after)
    kept = {"month": f"{month:%Y-%m}"} if month else {}
    base = f"{HOME}/draws"
    links = {
        "previous": f"{base}?{urlencode(kept)}" if after else "",
        "next": f"{base}?{urlencode({**kept, 'after': rows.next})}" if rows.next else "",
    }
    months = month_links(month or today())
    return page(
        request,
        "calling/draws.html",
        fragment="calling/_draws.html",
        rows=rows.rows,
        links=links,
        month=kept.get("month", ""),
        months=months,
    )


async def _draw_context(request: StationRequest, station: dict[str, Any], day: date, form: DrawForm) -> dict[str, Any]:
    draw = found(await queries.todays_draw(station["id"], day))
    rule = await queries.rule_in_force(station["id"], day)
    moment = draw_moment(day, rule["draw_at"]) if rule["draw_at"] else None
    return {
        "station": station,
        "day": day,
        "draw": draw,
        "rule": rule,
        "form": form,
        "due": moment is not None and now() >= moment,
        "is_today": day == today(),
        "is_coming": day > today(),
        "tickets": await queries.tickets_by(station["id"], day, min(moment, now()) if moment else now()),
        "lines": queries.result_of(station["code"], draw),
        "text": draw_text(station["code"], day, draw["seed"], draw["tickets"] or "参加人数", "号"),
        "command": draw_command(station["code"], day, draw["seed"], draw["tickets"]),
    }


@get(f"{HOME}/draws/{{day:str}}", guards=[_READ], name="calling:draw")
async def draw_page(request: StationRequest, day: FromPath[str]) -> Response:
    """One draw: the seed, how many take part, and once it was held the result with every hash."""
    station = await _own_station(request)
    return page(request, "calling/draw.html", **await _draw_context(request, station, found(date_of(day)), DrawForm()))


@post(f"{HOME}/draws/{{day:str}}/holding", guards=[_CALL], name="calling:hold")
async def hold_draw(request: StationRequest, day: FromPath[str]) -> Response:
    """Hold the draw of the day, once, at or after the published hour."""
    station = await _own_station(request)
    wanted = found(date_of(day))
    found(await queries.todays_draw(station["id"], wanted))
    form = await DrawForm.posted(request)
    answer = None
    if form.validate():
        answer = await submit(
            request,
            form,
            lambda: actions.hold_draw(station["id"], wanted, actor=request.actor),
            to=lambda _: f"{HOME}/draws/{wanted.isoformat()}",
            said="签已抽好，结果不能再变。请打印公示单贴出来。",
        )
    return answer or again(request, "calling/draw.html", **await _draw_context(request, station, wanted, form))


@get(f"{HOME}/draws/{{day:str}}/sheet.pdf", guards=[_READ], name="calling:draw-sheet")
async def draw_paper(request: StationRequest, day: FromPath[str]) -> Response:
    """抽签结果公示 (P23): seed, count, every ticket with its hash, and how to recompute it. 404 before the draw was held."""
    station = await _own_station(request)
    draw = found(await queries.todays_draw(station["id"], found(date_of(day))))
    found(draw["held_at"])
    rule = await queries.rule_in_force(station["id"], draw["day"])
    paper = draw_sheet(request, station, rule, draw)
    body = await paper_file(request, PaperKind.DRAW_SHEET, paper, subject="draw", subject_id=draw["id"], station=station)
    return pdf_file(body, f"抽签结果公示{draw['day']:%Y%m%d}")


@get(f"{HOME}/morning.pdf", guards=[_READ], name="calling:morning")
async def morning_paper(request: StationRequest) -> Response:
    """早市用工安排表 (P21) of today, or of `day`: the order with all it follows from, demands, calls and skips."""
    station = await _own_station(request)
    day = date_of(request.query_params.get("day", "")) or today()
    paper = await morning_sheet(station, day)
    body = await paper_file(request, PaperKind.MORNING_SHEET, paper, subject="station", subject_id=station["id"], station=station)
    return pdf_file(body, f"早市用工安排表{day:%Y%m%d}")


@get("/stations/{code:str}/calling", guards=[open_to_all], name="stations:calling")
async def public_page(request: StationRequest, code: FromPath[str]) -> Response:
    """For anybody with a phone: the rule in force, the seeds of today and tomorrow, today's result by ticket."""
    station = found(await station_queries.station_with_code(code))
    day, tomorrow = today(), today() + timedelta(days=1)
    rule = await queries.rule_in_force(station["id"], day)
    newest = await queries.latest_rule(station["id"])
    draw = await queries.todays_draw(station["id"], day)
    return page(
        request,
        "calling/public.html",
        coming=newest if newest["version"] > rule["version"] else None,
        station=station,
        day=day,
        tomorrow=tomorrow,
        rule=rule,
        words=rule_words(rule["method"], rule["draw_at"]),
        draw=draw,
        note=day_note(rule, draw),
        next_draw=await queries.todays_draw(station["id"], tomorrow),
        lines=queries.result_of(station["code"], draw),
        text=draw_text(station["code"], day, draw["seed"], draw["tickets"], "号") if draw else "",
        back=request.url.path,
    )


ROUTES = [
    rules_page,
    set_rule,
    rule_paper,
    publish_seed,
    draws,
    draw_page,
    hold_draw,
    draw_paper,
    morning_paper,
    public_page,
]
