"""From rows to the papers of the calling order: the rule for the wall, the draw, the morning and the month. Never a name."""

import json
from datetime import date, datetime
from typing import Any

from db.queries import calling_rules, fairness
from rules.board import places_left
from rules.calling_order import draw_command, draw_text, drawn, rule_words
from rules.calling_papers import CallingRuleSheet, DrawSheet, FairnessSheet, MorningSheet
from rules.codes import CallAnswer, CallingMethod, CallKind, PaperKind, SignInState, SkipReason
from rules.documents import Paper
from rules.masking import mask_given_names, public_worker
from rules.numbers import sheet_number
from web.papers import issued_pdf, printed_pdf, station_imprint
from web.render import local
from web.request import StationRequest

Row = dict[str, Any]


def to_the_second(moment: datetime) -> str:
    """05:31:07, in station time."""
    return f"{local(moment):%H:%M:%S}"


def on_day(moment: datetime) -> str:
    """2026-11-30 18:00:03, in station time."""
    return f"{local(moment):%Y-%m-%d %H:%M:%S}"


def _public_url(request: StationRequest, station: Row) -> str:
    return f"{request.settings.public_url}/stations/{station['code']}/calling"


async def paper_file(request: StationRequest, kind: PaperKind, paper: Paper, *, subject: str, subject_id: int, station: Row) -> bytes:
    """The issued PDF for the station's own people; officers look at the same sheet without issuing it."""
    if request.actor.station_id != station["id"]:
        return await printed_pdf(request, kind, paper)
    return await issued_pdf(
        request, kind=kind, number=paper.number, subject=subject, subject_id=subject_id, station_id=station["id"], paper=paper
    )


def rule_sheet(request: StationRequest, station: Row, rule: Row) -> CallingRuleSheet:
    """叫号规则 (P25) of one version; of UNWRITTEN while the station has published none."""
    method: CallingMethod = rule["method"]
    return CallingRuleSheet(
        station=station_imprint(station),
        number=sheet_number("JH", station["code"], f"{rule['version']:03d}"),
        created=rule["decided_at"] or station["created_at"],
        version=max(rule["version"], 1),
        method=method.label,
        draw_at=f"{rule['draw_at']:%H:%M}" if rule["draw_at"] else "",
        lines=rule_words(method, rule["draw_at"]),
        reason=rule["reason"],
        effective_from=rule["effective_from"],
        public_url=_public_url(request, station),
    )


def draw_sheet(request: StationRequest, station: Row, rule: Row, draw: Row) -> DrawSheet:
    """抽签结果公示 (P23) of a draw that was held."""
    code, day, seed, tickets = station["code"], draw["day"], draw["seed"], draw["tickets"]
    lines = drawn(code, day, seed, tickets)
    return DrawSheet(
        station=station_imprint(station),
        number=sheet_number("CQ", code, f"{day:%y%m%d}"),
        created=draw["held_at"],
        day=day,
        rule_version=rule["version"],
        draw_at=f"{rule['draw_at']:%H:%M}" if rule["draw_at"] else "",
        seed=seed,
        published=on_day(draw["published_at"]),
        held=on_day(draw["held_at"]),
        tickets=tickets,
        text=draw_text(code, day, seed, tickets, "号"),
        first_text=lines[0].text,
        command=draw_command(code, day, seed, tickets),
        lines=tuple((line.place, line.ticket, line.digest) for line in lines),
        public_url=_public_url(request, station),
    )


def day_note(rule: Row, draw: Row | None) -> str:
    """What the order of a day follows from, in a sentence."""
    method: CallingMethod = rule["method"]
    if method is not CallingMethod.DRAW:
        return f"{method.label}叫号。"
    if draw is None:
        return "签到以前没有公布种子，这一天按到站先后叫号。"
    if not draw["held_at"]:
        return f"种子已经公布，{rule['draw_at']:%H:%M}抽签；抽签以前按到站先后叫号。"
    return f"前{draw['tickets']}个号按抽签结果，后到的按到站先后。"


async def morning_sheet(station: Row, day: date) -> MorningSheet:
    """早市用工安排表 (P21) as it stands now; `created` is the moment of the last change, so that equal mornings print alike."""
    rule = await calling_rules.rule_in_force(station["id"], day)
    draw = await calling_rules.todays_draw(station["id"], day)
    people = await calling_rules.morning(station, day)
    calls = await calling_rules.calls_of_day(station["id"], day)
    demands = await calling_rules.demands_of_day(station["id"], day)
    moments = [row[name] for row in people for name in ("signed_at", "state_at")]
    moments += [row[name] for row in calls for name in ("made_at", "answered_at") if row[name]]
    last = max(moments, default=rule["decided_at"] or station["created_at"])
    return MorningSheet(
        station=station_imprint(station),
        number=sheet_number("ZS", station["code"], f"{day:%y%m%d}"),
        created=last,
        day=day,
        method=rule["method"].label,
        rule_version=rule["version"],
        draw_at=f"{rule['draw_at']:%H:%M}" if rule["draw_at"] else "",
        seed=draw["seed"] if draw else "",
        tickets=draw["tickets"] if draw else 0,
        note=day_note(rule, draw),
        as_of=on_day(last),
        people=tuple(_person(place, row, day) for place, row in enumerate(people, start=1)),
        demands=tuple(
            (
                row["number"],
                row["title"],
                row["employer_label"],
                str(row["headcount"]),
                str(row["placed_count"])
                + (f"，另定{row['promised'] - row['placed_count']}" if row["promised"] > row["placed_count"] else ""),
                str(places_left(row)),
            )
            for row in demands
        ),
        calls=tuple(_call(row) for row in calls),
    )


def _person(place: int, row: Row, day: date) -> tuple[str, ...]:
    state = SignInState.label_of(row["state"]) + ("（回站）" if row["returned_at"] else "")
    return (
        str(place),
        f"{row['ticket']:03d}",
        public_worker(row["seeker_number"]),
        str(max((day - row["waiting_since"]).days, 0)),
        row["waiting_since"].isoformat(),
        to_the_second(row["arrived_at"]) + ("（补）" if row["late"] else ""),
        state,
    )


def _call(row: Row) -> tuple[str, ...]:
    if row["kind"] == CallKind.SKIP.value:
        what, outcome = CallKind.SKIP.label, SkipReason.label_of(row["reason"])
    else:
        what, outcome = ("点名" if row["named"] else CallKind.CALL.label), CallAnswer.label_of(row["answer"]) if row["answer"] else "等回话"
    before = "、".join(f"{ticket:03d}" for ticket in json.loads(row["before"] or "[]"))
    return (to_the_second(row["made_at"]), f"{row['ticket']:03d}", what, row["job"] or "", outcome, before)


def fairness_figures(month: fairness.Month) -> tuple[tuple[fairness.Shown | None, str, int], ...]:
    """(rows behind it, label, figure) of every single figure of a month."""
    shown = fairness.Shown
    return (
        (None, "签到人次", month.signed_in),
        (None, "来过的人数", month.people),
        (shown.PLACED, "派到活的人次", month.placed),
        (shown.UNPLACED, "当天没派到活的人次", month.unplaced),
        (shown.PEOPLE, "整月没派到活的人数", month.unplaced_people),
        (shown.NAMED, "雇主点名", month.named),
        (shown.SKIPS, "跳过", month.skips),
        (shown.OUT_OF_ORDER, "没按顺序叫号（应为0）", month.out_of_order),
        (shown.RETURNED, "短工当天回站", month.returned),
        (None, "公布了种子没有抽签的天数（应为0）", month.undrawn_days),
    )


def fairness_sheet(station: Row, first: date, month: fairness.Month, as_of: datetime) -> FairnessSheet:
    """派工公平情况月报 (P24): the figures of a month; clerks by work number and surname, employers as the public knows them."""
    return FairnessSheet(
        station=station_imprint(station),
        number=sheet_number("GP", station["code"], f"{first:%y%m}"),
        created=as_of,
        month=f"{first.year}年{first.month}月",
        figures=tuple((label, str(figure)) for _, label, figure in fairness_figures(month)),
        deciles=month.deciles,
        named=tuple((row["label"], str(row["n"])) for row in month.named_by),
        skips=tuple((f"{row['work_no']} {mask_given_names(row['name'])}", row["reason"].label, str(row["n"])) for row in month.skipped_by),
    )
