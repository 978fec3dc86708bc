"""Part 1 of the monthly ledger (月度台账汇总, domain reference 8.3): every figure counted from rows, each opening to them.

A figure is a condition over rows and a column that says when. One SQL counts it for the month, since January, and for the
same month last year, each span by itself, which an index answers; `rows_behind` shows what was counted with the same condition.
Where the yearly figures count the same thing, their conditions are used (`db.queries.kpi`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from piccolo.columns import ForeignKey
from piccolo.columns.combination import And
from piccolo.query.functions.aggregate import Count
from piccolo.querystring import QueryString
from piccolo.table import Table

from db.clock import CHINA
from db.paging import DESK_ROWS, Page, page_of, place
from db.queries.kpi import credited_to, placements_between, ratings_between, referrals_between
from db.queries.person_groups import placed_by_group
from db.tables.activities import Activity
from db.tables.agreements import Agreement
from db.tables.attendance import SignIn
from db.tables.complaints import Complaint, LegalCase
from db.tables.employers import Employer
from db.tables.followups import Rating
from db.tables.jobs import Job
from db.tables.orders import OrderTake
from db.tables.referrals import Placement, Referral
from db.tables.seekers import Seeker
from rules.codes import (
    NOT_IN_FORCE,
    ActivityKind,
    AgreementState,
    AgreementType,
    CaseKind,
    CaseState,
    ComplaintKind,
    ComplaintRoute,
    EmployerKind,
)
from rules.journal_reading import without_contacts
from rules.kpi import Figure
from rules.ledger import (
    LEDGER_GROUPS,
    PART_AND_WHOLE,
    LedgerFigure,
    SummaryRow,
    Unit,
    agreements_key,
    first_day,
    group_key,
    next_month,
    rate,
    year_before,
)
from rules.masking import mask_name, public_employer_name
from rules.money import yuan

_F = LedgerFigure
_SPANS = ("month", "year", "before")
_BY_SPAN = "SELECT ({}) AS month, ({}) AS year, ({}) AS before"
_TYPES_BY_SPAN = (
    "SELECT 'month' AS span, m.* FROM ({}) AS m UNION ALL SELECT 'year', y.* FROM ({}) AS y UNION ALL SELECT 'before', b.* FROM ({}) AS b"
)
SPAN_LABELS = {"month": "本月", "year": "1月起累计", "before": "去年同月"}


@dataclass(frozen=True, slots=True)
class Span:
    """The days from `first` to before `end`."""

    first: date
    end: date

    @property
    def began(self) -> datetime:
        """The moment it begins in China."""
        return datetime.combine(self.first, time(), CHINA)

    @property
    def ended(self) -> datetime:
        """The moment it is over in China."""
        return datetime.combine(self.end, time(), CHINA)

    def of(self, column: Any, *, moments: bool) -> Any:
        """The condition that a column lies in it."""
        first, end = (self.began, self.ended) if moments else (self.first, self.end)
        return And(column >= first, column < end)


def spans_of(month: int) -> dict[str, Span]:
    """The three spans of part 1: the month, January until its end, and the same month of the year before."""
    end = first_day(next_month(month))
    before = year_before(month)
    return {
        "month": Span(first_day(month), end),
        "year": Span(date(month // 100, 1, 1), end),
        "before": Span(first_day(before), first_day(next_month(before))),
    }


@dataclass(frozen=True, slots=True)
class Source:
    """Where a figure comes from: which rows of a station count in a span, when each happened, and what each adds.

    `value` is SQL over the table's own columns, "" where each row counts one; `distinct` counts different values of it instead
    of adding them up.
    """

    table: type[Table]
    when: Any
    rows: Callable[[int, Span, date], Any]
    value: str = ""
    distinct: bool = False


def _of(column: Any, when: Any, *conditions: Any, moments: bool = True) -> Callable[[int, Span, date], Any]:
    def rows(station_id: int, span: Span, _: date) -> Any:
        wanted = And(column == station_id, span.of(when, moments=moments))
        for condition in conditions:
            wanted = And(wanted, condition)
        return wanted

    return rows


def _plain(
    table: type[Table], station: ForeignKey, when: Any, *conditions: Any, moments: bool = True, value: str = "", distinct: bool = False
) -> Source:
    return Source(table, when, _of(station, when, *conditions, moments=moments), value, distinct)


def _placed(figure: Figure, *, value: str = "", distinct: bool = False) -> Source:
    def rows(station_id: int, span: Span, day: date) -> Any:
        return And(Placement.station == station_id, placements_between(figure, span.first, span.end, day))

    return Source(Placement, Placement.started_on, rows, value, distinct)


def _referred(station_id: int, span: Span, _: date) -> Any:
    return And(credited_to(station_id), referrals_between(Figure.PROPOSED, span.began, span.ended))


def _rated(figure: Figure) -> Source:
    def rows(station_id: int, span: Span, _: date) -> Any:
        return And(Rating.station == station_id, ratings_between(figure, span.began, span.ended))

    return Source(Rating, Rating.given_at, rows)


def _done(kind: ActivityKind, value: str = "") -> Source:
    return _plain(Activity, Activity.station, Activity.held_on, Activity.kind == kind.value, moments=False, value=value)


_OWN_COMPLAINT = Complaint.route == ComplaintRoute.STATION.value
"""What goes past a station does not exist for it, so its ledger does not count it either (3.14)."""
_REAL_CASE = LegalCase.state != CaseState.MISTAKEN.value
_GUIDED = Agreement.state.not_in([state.value for state in NOT_IN_FORCE - {AgreementState.AMENDED}])
_GIVEN_IN = Job.submitted_at.is_not_null()
_PUBLIC = Job.published_at.is_not_null()
_PEOPLE = '"activity"."people"'

SOURCES: dict[LedgerFigure, Source] = {
    _F.VISITS: _plain(SignIn, SignIn.station, SignIn.day, moments=False),
    _F.EMPLOYERS: _plain(Employer, Employer.station, Employer.created_at, Employer.merged_into.is_null()),
    _F.POSTS: _plain(Job, Job.station, Job.created_at, _GIVEN_IN),
    _F.HEADCOUNT: _plain(Job, Job.station, Job.created_at, _GIVEN_IN, value='"job"."headcount"'),
    _F.SEEKERS: _plain(Seeker, Seeker.station, Seeker.created_at, Seeker.merged_into.is_null()),
    _F.POSTS_VERIFIED: _plain(Job, Job.station, Job.verified_on, moments=False),
    _F.POSTS_PUBLISHED: _plain(Job, Job.station, Job.published_at),
    _F.POSTS_TAKEN_DOWN: _plain(Job, Job.station, Job.ended_at, _PUBLIC),
    _F.ORDERS_TAKEN: _plain(OrderTake, OrderTake.station, OrderTake.taken_at),
    _F.REFERRALS: Source(Referral, Referral.created_at, _referred),
    _F.PLACED: _placed(Figure.PLACED),
    _F.PERSONS: _placed(Figure.PLACED, value='"placement"."seeker"', distinct=True),
    _F.AGREEMENTS: _plain(Agreement, Agreement.station, Agreement.created_at, _GUIDED),
    _F.CALLS_DUE: _placed(Figure.DUE),
    _F.CALLS: _placed(Figure.CALLED),
    _F.RATINGS: _rated(Figure.RATINGS),
    _F.SATISFIED: _rated(Figure.SATISFIED),
    _F.TRAININGS: _done(ActivityKind.TRAINING),
    _F.TRAINED: _done(ActivityKind.TRAINING, _PEOPLE),
    _F.CONSULTED: _done(ActivityKind.CONSULTATION, _PEOPLE),
    _F.CASES: _plain(LegalCase, LegalCase.station, LegalCase.opened_at, _REAL_CASE),
    _F.CASES_CLOSED: _plain(LegalCase, LegalCase.station, LegalCase.closed_at, _REAL_CASE),
    _F.SETTLED: _plain(LegalCase, LegalCase.station, LegalCase.closed_at, LegalCase.state == CaseState.SETTLED.value),
    _F.RECOVERED: _plain(
        LegalCase, LegalCase.station, LegalCase.closed_at, LegalCase.recovered_fen.is_not_null(), value='"legal_case"."recovered_fen"'
    ),
    _F.INSURED: _done(ActivityKind.INSURANCE, _PEOPLE),
    _F.SURPLUS: _done(ActivityKind.SHARED_LABOUR, '"activity"."offered"'),
    _F.SHORTAGE: _done(ActivityKind.SHARED_LABOUR, '"activity"."wanted"'),
    _F.SHARED: _done(ActivityKind.SHARED_LABOUR, '"activity"."matched"'),
    _F.COMPLAINTS: _plain(Complaint, Complaint.station, Complaint.opened_at, _OWN_COMPLAINT),
    _F.COMPLAINTS_CLOSED: _plain(Complaint, Complaint.station, Complaint.closed_at, _OWN_COMPLAINT),
    _F.INCIDENTS: _done(ActivityKind.INCIDENT),
    _F.PUBLICITY: _done(ActivityKind.PUBLICITY),
    _F.CASE_STORIES: _done(ActivityKind.CASE_STORY),
    _F.CHECKS: _done(ActivityKind.SAFETY_CHECK),
}
"""Every figure but OPEN_DAYS (days of several tables) and the rates (worked out)."""

MEANINGS: dict[LedgerFigure, str] = {
    _F.OPEN_DAYS: "有到站签到、回访、活动记录或者签认的天数",
    _F.VISITS: "到站签到的人次",
    _F.POSTS: "提交过审核的，草稿不算",
    _F.HEADCOUNT: "新增岗位要招的人数",
    _F.SEEKERS: "并入别的登记的不算",
    _F.POSTS_TAKEN_DOWN: "发布过又到期、撤回或者下架的",
    _F.REFERRALS: "推荐给雇主或者报名后核验过证件的，算给推荐的驿站",
    _F.PLACED: "有依据的上岗，按到岗日期，算给推荐的驿站",
    _F.PERSONS: "上岗的人，一个人只算一次",
    _F.AGREEMENTS: "起草并指导过的，取消、作废的不算",
    _F.CALLS_DUE: "上岗满三天，应该回访过雇主的",
    _F.CALLS: "期限以内给雇主打过回访电话的",
    _F.CALL_RATE: "按时回访 ÷ 应回访",
    _F.SATISFIED: "四项平均四分以上的",
    _F.SATISFACTION: "满意的评价 ÷ 评价",
    _F.CASES: "误报撤销的不算",
    _F.COMPLAINTS: "本站办理的",
}
"""What a figure counts, where its name alone does not say."""


async def summary_of(station_id: int, month: int, today: date) -> tuple[SummaryRow, ...]:
    """Part 1 for a station the caller found in scope: every row of the sheet in order. `today`: calls due by then."""
    spans = spans_of(month)
    by_type = await _agreements(station_id, spans, today)
    counted: dict[LedgerFigure, dict[str, int | None]] = {
        _F.AGREEMENTS: {span: sum(found[span] or 0 for found in by_type.values()) for span in _SPANS}
    }
    for figure, source in SOURCES.items():
        if figure not in counted:
            counted[figure] = await _count(source, station_id, spans, today)
    counted[_F.OPEN_DAYS] = await _open_days(station_id, spans)
    for figure, (part, whole) in PART_AND_WHOLE.items():
        counted[figure] = {span: rate(counted[part][span], counted[whole][span]) for span in _SPANS}
    kept = await _kept_then(station_id, spans["before"])
    rows: list[SummaryRow] = []
    for figure in LedgerFigure:
        rows.append(_row(figure.value, figure.label, figure.unit, counted[figure], kept=kept))
        if figure is _F.PERSONS:
            rows += await _group_rows(station_id, spans, kept=kept)
        elif figure is _F.AGREEMENTS:
            rows += [
                _row(agreements_key(kind), kind.label, Unit.COPIES, by_type[kind.value], kept=kept, indent=True)
                for kind in AgreementType
                if kind.value in by_type
            ]
    return tuple(rows)


def _row(key: str, label: str, unit: Unit, found: Mapping[str, int | None], *, kept: bool, indent: bool = False) -> SummaryRow:
    return SummaryRow(key, label, unit.label, found["month"], found["year"], found["before"] if kept else None, indent)


async def _kept_then(station_id: int, span: Span) -> bool:
    """Whether the product kept anything of the station by then: without it, last year's month is unknown, not nothing."""
    return await Seeker.exists().where(Seeker.station == station_id, Seeker.created_at < span.ended)


def _counted(source: Source) -> str:
    if not source.value:
        return "COUNT(*)"
    return f"COUNT(DISTINCT {source.value})" if source.distinct else f"COALESCE(SUM({source.value}), 0)"


async def _count(source: Source, station_id: int, spans: Mapping[str, Span], today: date) -> dict[str, int | None]:
    column = QueryString(_counted(source))
    each = [source.table.select(column).where(source.rows(station_id, spans[name], today)).querystrings[0] for name in _SPANS]
    row = (await source.table.raw(_BY_SPAN, *each))[0]
    return {name: int(row[name] or 0) for name in _SPANS}


async def _agreements(station_id: int, spans: Mapping[str, Span], today: date) -> dict[str, dict[str, int | None]]:
    """The agreements of each type, of which all together are the figure."""
    each = [
        Agreement.select(Agreement.type, Count(alias="n"))
        .where(SOURCES[_F.AGREEMENTS].rows(station_id, spans[name], today))
        .group_by(Agreement.type)
        .querystrings[0]
        for name in _SPANS
    ]
    found: dict[str, dict[str, int | None]] = {}
    for row in await Agreement.raw(_TYPES_BY_SPAN, *each):
        found.setdefault(row["type"], dict.fromkeys(_SPANS, 0))[row["span"]] = row["n"]
    return found


async def _group_rows(station_id: int, spans: Mapping[str, Span], *, kept: bool) -> list[SummaryRow]:
    counted = {name: await placed_by_group([station_id], span.first, last_of(span)) for name, span in spans.items()}
    rows = []
    for group, members in LEDGER_GROUPS.items():
        found: dict[str, int | None] = {name: sum(counted[name][member] for member in members) for name in _SPANS}
        label = "其他困难" if len(members) > 1 else group.label
        rows.append(_row(group_key(group), f"其中：{label}", Unit.TIMES, found, kept=kept, indent=True))
    return rows


def last_of(span: Span) -> date:
    """The last day of a span."""
    return date.fromordinal(span.end.toordinal() - 1)


_DAYS = """SELECT day FROM sign_in WHERE station = {} AND day >= {} AND day < {}
  UNION SELECT held_on FROM activity WHERE station = {} AND held_on >= {} AND held_on < {}
  UNION SELECT made_on FROM follow_up WHERE station = {} AND made_on >= {} AND made_on < {}
  UNION SELECT day FROM signed_day WHERE station = {} AND day >= {} AND day < {}"""


async def open_days(station_id: int, span: Span) -> list[date]:
    """The days on which something was done at a station, in order."""
    rows = await SignIn.raw(_DAYS, *(station_id, span.first, span.end) * 4)
    return sorted(_day(row["day"]) for row in rows)


async def _open_days(station_id: int, spans: Mapping[str, Span]) -> dict[str, int | None]:
    year = await open_days(station_id, spans["year"])
    before = await open_days(station_id, spans["before"])
    return {"month": sum(day >= spans["month"].first for day in year), "year": len(year), "before": len(before)}


def _day(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def figure_rows_of(key: str) -> LedgerFigure | None:
    """The figure whose rows are shown for a row of part 1; None for groups: who is in one is told to nobody as a list."""
    if key.startswith("AGREEMENTS_"):
        return _F.AGREEMENTS
    if key not in LedgerFigure._value2member_map_:
        return None
    figure = LedgerFigure(key)
    return PART_AND_WHOLE[figure][1] if figure in PART_AND_WHOLE else figure


async def rows_behind(station_id: int, key: str, span: Span, today: date, after: str = "") -> Page:
    """The rows behind a figure, newest first, masked: on, number, what, who, amount, signed, record.

    `key` is that of a summary row. `record` is the kind of record, "" where none is read.
    """
    figure = figure_rows_of(key)
    if figure is None:
        return Page([])
    if figure is _F.OPEN_DAYS:
        days = await open_days(station_id, span)
        return Page([_shown(day, what="有工作记录") for day in reversed(days)])
    source, start = SOURCES[figure], place(after, (int,))
    table: Any = source.table
    wanted = [source.rows(station_id, span, today)]
    if key.startswith("AGREEMENTS_"):
        wanted.append(Agreement.type == key.removeprefix("AGREEMENTS_"))
    if start:
        wanted.append(table.id < start[0])
    columns = [table.id, source.when.as_alias("happened"), *_COLUMNS[table]]
    rows = await table.select(*columns).where(*wanted).order_by(table.id, ascending=False).limit(DESK_ROWS + 1)
    page = page_of(rows, DESK_ROWS, "id")
    return Page([_READ[table](row, _on(row["happened"])) for row in page.rows], page.next)


def _on(happened: date | datetime) -> date:
    return happened.astimezone(CHINA).date() if isinstance(happened, datetime) else happened


def _shown(
    on: date, *, number: str = "", what: str = "", who: str = "", amount: str = "", signed: str = "", record: str = ""
) -> dict[str, Any]:
    row = {"on": on, "number": number, "what": without_contacts(what), "who": who, "amount": amount, "signed": signed}
    return row | {"record": record}


def masked_employer(row: Mapping[str, Any]) -> str:
    """An employer as it leaves the station, of a row with employer, employer_kind, title and perhaps its public label."""
    if row.get("employer_label"):
        return str(row["employer_label"])
    return public_employer_name(EmployerKind(row["employer_kind"]), row["employer"], row["title"]) if row["employer"] else ""


def _of_job(job: Any) -> tuple[Any, ...]:
    return (
        job.number.as_alias("job"),
        job.title.as_alias("title"),
        job.employer_label.as_alias("employer_label"),
        job.employer.name.as_alias("employer"),
        job.employer.kind.as_alias("employer_kind"),
    )


def _sentence(row: Mapping[str, Any]) -> str:
    return f"{row['title']} {row['job']}"


_COLUMNS: dict[type[Table], tuple[Any, ...]] = {
    SignIn: (SignIn.ticket, SignIn.seeker.name.as_alias("worker"), SignIn.signed_by.name.as_alias("signed")),
    Employer: (
        *(Employer.name.as_alias("employer"), Employer.kind.as_alias("employer_kind"), Employer.industry),
        Employer.created_by.name.as_alias("signed"),
    ),
    Job: (
        *(Job.number, Job.title, Job.headcount, Job.employer_label, Job.employer.name.as_alias("employer")),
        *(Job.employer.kind.as_alias("employer_kind"), Job.author.name.as_alias("signed")),
    ),
    Seeker: (Seeker.number, Seeker.name.as_alias("worker"), Seeker.created_by.name.as_alias("signed")),
    OrderTake: (*_of_job(OrderTake.job), OrderTake.taken_by.name.as_alias("signed")),
    Referral: (
        *(Referral.number, *_of_job(Referral.job), Referral.seeker.name.as_alias("worker")),
        Referral.created_by.name.as_alias("signed"),
    ),
    Placement: (
        *(Placement.referral.number.as_alias("number"), *_of_job(Placement.job), Placement.seeker.name.as_alias("worker")),
        Placement.recorded_by.name.as_alias("signed"),
    ),
    Agreement: (
        *(Agreement.number, Agreement.type, *_of_job(Agreement.referral.job)),
        *(Agreement.referral.seeker.name.as_alias("worker"), Agreement.drafted_by.name.as_alias("signed")),
    ),
    Rating: (
        *(Rating.referral.number.as_alias("number"), *_of_job(Rating.referral.job), Rating.side),
        *(Rating.attitude, Rating.speed, Rating.accuracy, Rating.surroundings),
    ),
    Activity: (
        *(Activity.number, Activity.kind, Activity.title, Activity.people, Activity.offered, Activity.wanted, Activity.matched),
        Activity.recorded_by.name.as_alias("signed"),
    ),
    LegalCase: (
        *(LegalCase.number, LegalCase.kind, LegalCase.state, LegalCase.recovered_fen, LegalCase.seeker.name.as_alias("worker")),
        LegalCase.opened_by.name.as_alias("signed"),
    ),
    Complaint: (Complaint.number, Complaint.kind, Complaint.state, Complaint.opened_by.name.as_alias("signed")),
}


def _activity(row: Mapping[str, Any], on: date) -> dict[str, Any]:
    heads = f"富余{row['offered'] or 0}、缺工{row['wanted'] or 0}、撮合{row['matched'] or 0}人"
    amount = heads if row["kind"] == ActivityKind.SHARED_LABOUR.value else f"{row['people']}人次" if row["people"] else ""
    return _shown(on, number=row["number"], what=row["title"], amount=amount, signed=row["signed"], record="activity")


def _case(row: Mapping[str, Any], on: date) -> dict[str, Any]:
    what = f"{CaseKind.label_of(row['kind'])}：{CaseState.label_of(row['state'])}"
    amount = f"追回{yuan(row['recovered_fen'])}元" if row["recovered_fen"] else ""
    who = mask_name(row["worker"])
    return _shown(on, number=row["number"], what=what, who=who, amount=amount, signed=row["signed"], record="legal_case")


def _worked(record: str) -> Callable[[Mapping[str, Any], date], dict[str, Any]]:
    def read(row: Mapping[str, Any], on: date) -> dict[str, Any]:
        kind = f"{AgreementType.label_of(row['type'])}　" if "type" in row else ""
        who = f"{mask_name(row['worker'])}　{masked_employer(row)}"
        return _shown(on, number=row["number"], what=kind + _sentence(row), who=who, signed=row["signed"], record=record)

    return read


def _rating(row: Mapping[str, Any], on: date) -> dict[str, Any]:
    scores = "、".join(str(row[name] or "—") for name in ("attitude", "speed", "accuracy", "surroundings"))
    return _shown(on, number=row["number"], what=_sentence(row), amount=f"态度、速度、准确、环境：{scores}", record="referral")


_READ: dict[type[Table], Callable[[Any, date], dict[str, Any]]] = {
    SignIn: lambda row, on: _shown(on, what=f"签到第{row['ticket']}号", who=mask_name(row["worker"]), signed=row["signed"]),
    Employer: lambda row, on: _shown(on, what=row["industry"], who=masked_employer(row | {"title": ""}), signed=row["signed"]),
    Job: lambda row, on: _shown(
        on,
        number=row["number"],
        what=row["title"],
        who=masked_employer(row),
        amount=f"招{row['headcount']}人",
        signed=row["signed"],
        record="job",
    ),
    Seeker: lambda row, on: _shown(
        on, number=row["number"], what="求职登记", who=mask_name(row["worker"]), signed=row["signed"], record="seeker"
    ),
    OrderTake: lambda row, on: _shown(
        on, number=row["job"], what=row["title"], who=masked_employer(row), signed=row["signed"], record="order_take"
    ),
    Referral: _worked("referral"),
    Placement: _worked("referral"),
    Agreement: _worked("agreement"),
    Rating: _rating,
    Activity: _activity,
    LegalCase: _case,
    Complaint: lambda row, on: _shown(
        on,
        number=row["number"],
        what=f"{ComplaintKind.label_of(row['kind'])}",
        signed=row["signed"] or "",
        record="complaint",
    ),
}
