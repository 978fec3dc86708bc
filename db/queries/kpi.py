"""The yearly figures (domain reference 8.2): each is a condition over rows, counted per station or shown row by row.

A figure counts for the station whose staff made the referral; 供岗 for the one that keeps the post (art. 10).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from piccolo.columns.combination import And, Or, WhereRaw
from piccolo.query.functions.aggregate import Count, Max

from db.clock import CHINA
from db.paging import DESK_ROWS, Page, page_of, place
from db.queries.placements import add_strengths, shown_columns
from db.queries.scope import within
from db.tables.followups import FollowUp, Rating
from db.tables.referrals import Placement, Referral
from rules.codes import EmployerKind, FollowUpKind, RatingAbout, ReferralState, Side, StartEvidence
from rules.followups import START_DAYS
from rules.kpi import SATISFIED_SUM, Figure
from rules.masking import public_employer_name, public_worker
from rules.permissions import Reach, Scope

_OF_REFERRALS = frozenset({Figure.PROPOSED, Figure.MATCHED})
_OF_RATINGS = frozenset({Figure.RATINGS, Figure.SATISFIED})
_CALLS = frozenset({Figure.DUE, Figure.CALLED, Figure.REACHED})
_SCORES = ("attitude", "speed", "accuracy", "surroundings")
_LABELS = ("态度", "速度", "准确", "环境")

# Asked of each placement of the period, so that a short period does not read every call and rating there ever was.
_IN_TIME = f"""SELECT 1 FROM follow_up AS f WHERE f.placement = placement.id AND f.side = '{Side.EMPLOYER.value}'
  AND f.kind IN ('{FollowUpKind.START.value}', '{FollowUpKind.END.value}') AND f.made_on <= f.due_on"""
_CALLED_IN_TIME = f"EXISTS ({_IN_TIME})"
_REACHED_IN_TIME = f"EXISTS ({_IN_TIME} AND f.answered)"
_STATION_RATED = f"""EXISTS (SELECT 1 FROM rating AS g WHERE g.referral = placement.referral
  AND g.about = '{RatingAbout.STATION.value}')"""


async def figures_of(scope: Scope, year: int, day: date) -> dict[int, dict[Figure, int]]:
    """Every figure of `year` by station, for the stations in reach that have any; `day` is today (calls due by then)."""
    found: dict[int, dict[Figure, int]] = {}

    def count(figure: Figure, rows: Iterable[dict[str, Any]]) -> None:
        for row in rows:
            of = found.setdefault(row["station"], dict.fromkeys(Figure, 0))
            of[figure] += row["n"]

    for figure in Figure:
        if figure in _OF_REFERRALS:
            rows = (
                await Referral.select(Referral.station, Referral.referred_by, Count(alias="n"))
                .where(_credited(scope, None), _referrals(figure, year))
                .group_by(Referral.station, Referral.referred_by)
            )
            count(figure, ({"station": row["referred_by"] or row["station"], "n": row["n"]} for row in rows))
        elif figure in _OF_RATINGS:
            count(
                figure,
                await Rating.select(Rating.station, Count(alias="n"))
                .where(within(scope, Rating.station), _ratings(figure, year))
                .group_by(Rating.station),
            )
        else:
            station = _station_of(figure)
            counted = Count(distinct=[Placement.seeker], alias="n") if figure is Figure.PERSONS else Count(alias="n")
            count(
                figure,
                await Placement.select(station.as_alias("station"), counted)
                .where(within(scope, station), _placements(figure, year, day))
                .group_by(station),
            )
    return found


async def rows_of(
    scope: Scope, figure: Figure, year: int, day: date, station_id: int | None = None, after: str = "", *, named: bool
) -> Page:
    """The rows behind a figure, newest first: on, referral, worker, post, employer, station, strength, proofs (text, moment).

    `station_id` narrows it to one station. `named` False hides who they are, as `db.queries.placements.placements_of`.
    """
    start = place(after, (int,))
    if figure in _OF_REFERRALS:
        page = await _referral_rows(scope, figure, year, station_id, start)
    elif figure in _OF_RATINGS:
        page = await _rating_rows(scope, figure, year, station_id, start)
    elif figure is Figure.PERSONS:
        page = await _person_rows(scope, year, day, station_id, start)
    else:
        page = await _placement_rows(scope, figure, year, day, station_id, start)
    for row in page.rows:
        if not named:
            row["worker"] = public_worker(row["seeker"])
            if row["employer"]:
                row["employer"] = public_employer_name(EmployerKind(row["employer_kind"]), row["employer"], row["title"])
    return page


def _station_of(figure: Figure) -> Any:
    return Placement.supplied_by if figure is Figure.SUPPLIED else Placement.station


def _placements(figure: Figure, year: int, day: date) -> Any:
    return placements_between(figure, date(year, 1, 1), date(year + 1, 1, 1), day)


def placements_between(figure: Figure, first: date, end: date, day: date) -> Any:
    """Which placements a figure counts from `first` to before `end`; `day` is today (calls due by then)."""
    started = And(Placement.started_on >= first, Placement.started_on < end)
    if figure in _CALLS:
        over = And(started, Placement.started_on < day - timedelta(days=START_DAYS))
        if figure is Figure.DUE:
            return over
        return And(over, WhereRaw(_REACHED_IN_TIME if figure is Figure.REACHED else _CALLED_IN_TIME))
    if figure in (Figure.EVALUATED, Figure.RATED):
        ended = And(Placement.ended_on >= first, Placement.ended_on < end)
        evaluated = And(ended, Placement.referral.state == ReferralState.EVALUATED.value)
        if figure is Figure.EVALUATED:
            return evaluated
        return And(evaluated, WhereRaw(_STATION_RATED))
    return started


def _year(year: int) -> tuple[datetime, datetime]:
    return datetime.combine(date(year, 1, 1), time(), CHINA), datetime.combine(date(year + 1, 1, 1), time(), CHINA)


def _referrals(figure: Figure, year: int) -> Any:
    return referrals_between(figure, *_year(year))


def referrals_between(figure: Figure, began: datetime, ended: datetime) -> Any:
    """Which referrals a figure counts in that time: proposed or checked with the card; the employer said yes."""
    if figure is Figure.PROPOSED:
        return And(And(Referral.created_at >= began, Referral.created_at < ended), Referral.state != ReferralState.APPLIED.value)
    answered = And(Referral.employer_answered_at >= began, Referral.employer_answered_at < ended)
    return And(answered, Referral.state != ReferralState.EMPLOYER_DECLINED.value)


def _ratings(figure: Figure, year: int) -> Any:
    return ratings_between(figure, *_year(year))


def ratings_between(figure: Figure, began: datetime, ended: datetime) -> Any:
    """Which ratings of the station a figure counts in that time."""
    given = And(And(Rating.given_at >= began, Rating.given_at < ended), Rating.about == RatingAbout.STATION.value)
    if figure is Figure.RATINGS:
        return given
    enough = WhereRaw('"rating"."attitude" + "rating"."speed" + "rating"."accuracy" + "rating"."surroundings" >= {}', SATISFIED_SUM)
    return And(given, enough)


def _credited(scope: Scope, station_id: int | None) -> Any:
    """Referrals that count for stations in reach: made there, or of its posts and made by nobody else's staff."""
    if scope.reach is Reach.STATION and scope.station_id is not None and station_id in (None, scope.station_id):
        return credited_to(scope.station_id)
    kept = And(Referral.referred_by.is_null(), _at(scope, Referral.station, station_id))
    return Or(kept, _at(scope, Referral.referred_by, station_id))


def credited_to(station_id: int) -> Any:
    """Referrals that count for one station, as the index says it."""
    return WhereRaw('COALESCE("referral"."referred_by", "referral"."station") = {}', station_id)


def _at(scope: Scope, column: Any, station_id: int | None) -> Any:
    return within(scope, column) if station_id is None else And(within(scope, column), column == station_id)


async def _placement_rows(
    scope: Scope, figure: Figure, year: int, day: date, station_id: int | None, start: tuple[Any, ...] | None
) -> Page:
    wanted = [_at(scope, _station_of(figure), station_id), _placements(figure, year, day)]
    if start:
        wanted.append(Placement.id < start[0])
    rows = await Placement.select(*shown_columns()).where(*wanted).order_by(Placement.id, ascending=False).limit(DESK_ROWS + 1)
    page = page_of(rows, DESK_ROWS, "id")
    await add_strengths(page.rows)
    calls = await _calls_of([row["id"] for row in page.rows]) if figure in _CALLS else {}
    for row in page.rows:
        row["on"] = row["started_on"]
        said = [(_noted(StartEvidence.label_of(each["kind"]), each["note"]), each["recorded_at"]) for each in row["proofs"]]
        row["proofs"] = calls.get(row["id"], []) if figure in _CALLS else said
    return page


async def _calls_of(placements: list[int]) -> dict[int, list[tuple[str, datetime]]]:
    """The call-backs of the employer's side, by placement."""
    if not placements:
        return {}
    rows = (
        await FollowUp.select(FollowUp.placement, FollowUp.kind, FollowUp.answered, FollowUp.made_on, FollowUp.made_at, FollowUp.due_on)
        .where(FollowUp.placement.is_in(placements), FollowUp.side == Side.EMPLOYER.value)
        .order_by(FollowUp.id)
    )
    found: dict[int, list[tuple[str, datetime]]] = {}
    for row in rows:
        said = "接通" if row["answered"] else "没打通"
        late = "" if row["made_on"] <= row["due_on"] else "，超过期限"
        found.setdefault(row["placement"], []).append((f"{FollowUpKind.label_of(row['kind'])}：{said}{late}", row["made_at"]))
    return found


async def _person_rows(scope: Scope, year: int, day: date, station_id: int | None, start: tuple[Any, ...] | None) -> Page:
    wanted = [_at(scope, Placement.station, station_id), _placements(Figure.PERSONS, year, day)]
    if start:
        wanted.append(Placement.seeker < start[0])
    rows = (
        await Placement.select(
            Placement.seeker.as_alias("id"),
            Placement.seeker.name.as_alias("worker"),
            Placement.seeker.number.as_alias("seeker"),
            Count(alias="times"),
            Max(Placement.started_on, alias="on"),
        )
        .where(*wanted)
        .group_by(Placement.seeker, Placement.seeker.name, Placement.seeker.number)
        .order_by(Placement.seeker, ascending=False)
        .limit(DESK_ROWS + 1)
    )
    page = page_of(rows, DESK_ROWS, "id")
    for row in page.rows:
        row |= {"referral": "", "job": "", "title": "", "employer": "", "employer_kind": "", "station": "", "strength": None}
        row["on"] = date.fromisoformat(row["on"]) if isinstance(row["on"], str) else row["on"]
        row["proofs"] = [(f"{row['times']}人次", None)]
    return page


async def _referral_rows(scope: Scope, figure: Figure, year: int, station_id: int | None, start: tuple[Any, ...] | None) -> Page:
    wanted = [_credited(scope, station_id), _referrals(figure, year)]
    if start:
        wanted.append(Referral.id < start[0])
    rows = (
        await Referral.select(
            Referral.id,
            Referral.number.as_alias("referral"),
            Referral.created_at,
            Referral.created_by.name.as_alias("creator"),
            Referral.worker_answered_at,
            Referral.employer_answered_at,
            Referral.state,
            Referral.station.name.as_alias("post_station"),
            Referral.referred_by.name.as_alias("referring_station"),
            *_people(Referral),
        )
        .where(*wanted)
        .order_by(Referral.id, ascending=False)
        .limit(DESK_ROWS + 1)
    )
    page = page_of(rows, DESK_ROWS, "id")
    for row in page.rows:
        moment = row["employer_answered_at"] if figure is Figure.MATCHED else row["created_at"]
        row["on"], row["strength"] = moment.astimezone(CHINA).date(), None
        row["station"] = row["referring_station"] or row["post_station"]
        row["proofs"] = [(f"{row['creator']}推荐", row["created_at"])]
        if figure is Figure.MATCHED:
            row["proofs"] += [("零工同意", row["worker_answered_at"]), ("雇主同意", row["employer_answered_at"])]
        row["proofs"].append((f"现在：{ReferralState.label_of(row['state'])}", None))
    return page


async def _rating_rows(scope: Scope, figure: Figure, year: int, station_id: int | None, start: tuple[Any, ...] | None) -> Page:
    wanted = [_at(scope, Rating.station, station_id), _ratings(figure, year)]
    if start:
        wanted.append(Rating.id < start[0])
    rows = (
        await Rating.select(
            Rating.id,
            Rating.side,
            Rating.given_at,
            *(getattr(Rating, name) for name in _SCORES),
            Rating.referral.number.as_alias("referral"),
            Rating.station.name.as_alias("station"),
            *_people(Rating.referral),
        )
        .where(*wanted)
        .order_by(Rating.id, ascending=False)
        .limit(DESK_ROWS + 1)
    )
    page = page_of(rows, DESK_ROWS, "id")
    for row in page.rows:
        scores = "　".join(f"{label}{row[name] or '—'}" for label, name in zip(_LABELS, _SCORES, strict=True))
        row["on"], row["strength"] = row["given_at"].astimezone(CHINA).date(), None
        row["proofs"] = [(f"{Side.label_of(row['side'])}：{scores}", row["given_at"])]
    return page


def _people(referral: Any) -> tuple[Any, ...]:
    """Who and what a referral is about, as placements name it."""
    return (
        referral.job.number.as_alias("job"),
        referral.job.title.as_alias("title"),
        referral.job.employer.name.as_alias("employer"),
        referral.job.employer.kind.as_alias("employer_kind"),
        referral.seeker.name.as_alias("worker"),
        referral.seeker.number.as_alias("seeker"),
    )


def _noted(label: str, note: str) -> str:
    return f"{label}：{note}" if note else label
