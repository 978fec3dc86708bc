"""Questions about ratings: what a link is about, what may be rated, what was said, and the figures of a station.

Tags that one side said about the other are given out only when both sides' are open (`rules.ratings.opened_at`), and only
to the two sides and the staff of their stations.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from piccolo.columns.combination import And, Or, WhereRaw
from piccolo.query.functions.aggregate import Count, Sum

from db.clock import CHINA, now
from db.paging import DESK_ROWS, Page, page_of, place
from db.queries.scope import within
from db.tables.followups import FollowUp, Rating, RatingTicket
from db.tables.referrals import Placement, Referral
from db.vault import vault
from rules.codes import EmployerKind, FollowUpKind, RatingAbout, ReferralState, Side
from rules.kpi import SATISFIED_SUM, percent
from rules.masking import mask_name, public_employer_name, public_worker
from rules.permissions import Scope
from rules.ratings import (
    EVALUATED_AFTER,
    FEWEST_SHOWN,
    FEWEST_TAGS,
    OPEN_AFTER,
    OTHER,
    Score,
    Tag,
    average,
    is_good,
    is_open,
    may_reply,
    obstacle,
    opened_at,
)
from rules.referrals import BEGUN_STATES

OWN_ROWS = 30
"""Works of the own pages: the newest."""
MOST_COUNTED = 500
"""Ratings of somebody that the tags on a desk page are counted from: the newest."""

_ABOUT: dict[RatingAbout, Side] = {about: side for side, about in OTHER.items()}
_RATEABLE = [state.value for state in BEGUN_STATES - {ReferralState.EVALUATED}]


def ticket_key(token: str) -> str:
    """What the table keeps of the secret of a slip."""
    return hashlib.sha256(b"rating:" + token.encode()).hexdigest()


def fresh_token(ticket_id: int) -> str:
    """The secret of a ticket: follows from its id with a key of the key file, so that it is stored nowhere."""
    return vault().index("rating", str(ticket_id)).partition(".")[2]


def token_of(ticket: dict[str, Any]) -> str:
    """The secret of a ticket made earlier; a new one when the key it came from was replaced and thrown away."""
    tokens = [token.partition(".")[2] for token in vault().index_all("rating", str(ticket["id"]))]
    return next((token for token in tokens if ticket_key(token) == ticket["key"]), fresh_token(ticket["id"]))


async def ticket_of(referral_id: int, side: Side) -> dict[str, Any] | None:
    """The ticket of a referral's slip for one side; None when none was made."""
    return (
        await RatingTicket.select(RatingTicket.id, RatingTicket.key, RatingTicket.expires_at)
        .where(RatingTicket.referral == referral_id, RatingTicket.side == side.value)
        .first()
    )


async def ticket_scanned(token: str) -> dict[str, Any] | None:
    """The ticket with this secret: id, referral, `side`, used_at, expires_at; None for what no slip carries."""
    if not 20 <= len(token) <= 64 or not token.isascii():
        return None
    row = (
        await RatingTicket.select(RatingTicket.id, RatingTicket.referral, RatingTicket.side, RatingTicket.used_at, RatingTicket.expires_at)
        .where(RatingTicket.key == ticket_key(token))
        .first()
    )
    return {**row, "side": Side(row["side"])} if row else None


_WORK: tuple[Any, ...] = (
    Referral.id,
    Referral.number,
    Referral.state,
    Referral.station,
    Referral.seeker,
    Referral.job.number.as_alias("job_number"),
    Referral.job.title.as_alias("title"),
    Referral.job.employer_label.as_alias("employer_label"),
    Referral.job.employer.id.as_alias("employer_id"),
    Referral.job.employer.name.as_alias("employer"),
    Referral.job.employer.kind.as_alias("employer_kind"),
    Referral.seeker.name.as_alias("worker"),
    Referral.seeker.number.as_alias("seeker_number"),
)


async def work_to_rate(referral_id: int) -> dict[str, Any] | None:
    """The work of a referral with what was said so far (see `_with_ratings`); for callers who found it in reach."""
    return await _first(Referral.id == referral_id)


async def work_of_seeker(seeker_id: int, number: str) -> dict[str, Any] | None:
    """The same, when the referral is this worker's own."""
    return await _first(Referral.number == number, Referral.seeker == seeker_id)


async def work_of_employer(employer_id: int, number: str) -> dict[str, Any] | None:
    """The same, when the post is this employer's own."""
    return await _first(Referral.number == number, Referral.job.employer.id == employer_id)


async def work_in(scope: Scope, number: str) -> dict[str, Any] | None:
    """The same, when the post or the referral belongs to a station in reach."""
    return await _first(Referral.number == number, Or(within(scope, Referral.station), within(scope, Referral.referred_by)))


async def _first(*wanted: Any) -> dict[str, Any] | None:
    rows = await _with_ratings(await Referral.select(*_WORK).where(*wanted).limit(1))
    return rows[0] if rows else None


async def _with_ratings(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Beside each referral: `why_not` it cannot be rated, its days, and `ratings`: per side what it said.

    `ratings[side]` holds `served` and `given` (when the station and the other side were rated), and of the rating of the
    other side `id`, `tags`, `replied_at`; tags are empty until `open`. `opened_at` None: not known yet.
    """
    if not rows:
        return []
    ids = [row["id"] for row in rows]
    begun = {
        each["referral"]: each
        for each in await Placement.select(
            Placement.referral, Placement.station, Placement.started_on, Placement.ended_on, Placement.ended_recorded_at
        ).where(Placement.referral.is_in(ids))
    }
    said: dict[tuple[int, Side, str], dict[str, Any]] = {}
    for each in await Rating.select(
        Rating.id, Rating.referral, Rating.side, Rating.about, Rating.given_at, Rating.tags, Rating.replied_at
    ).where(Rating.referral.is_in(ids)):
        said[each["referral"], Side(each["side"]), each["about"]] = each
    found = []
    for row in rows:
        work = begun.get(row["id"])
        ended = work["ended_recorded_at"] if work else None
        given = {side: said.get((row["id"], side, about.value)) for side, about in OTHER.items()}
        first, second = (one["given_at"] if one else None for one in given.values())
        opened = opened_at(ended, first, second)
        shown = is_open(ended, first, second, now())
        found.append(
            {
                **row,
                "why_not": obstacle(ReferralState(row["state"])),
                "started_on": work["started_on"] if work else None,
                "ended_on": work["ended_on"] if work else None,
                "referring_station": work["station"] if work else row["station"],
                "opened_at": opened,
                "open": shown,
                "ratings": {side: _said(said, row["id"], side, one, opened, shown) for side, one in given.items()},
            }
        )
    return found


def _said(
    said: dict[tuple[int, Side, str], dict[str, Any]],
    referral: int,
    side: Side,
    other: dict[str, Any] | None,
    opened: datetime | None,
    shown: bool,
) -> dict[str, Any]:
    served = said.get((referral, side, RatingAbout.STATION.value))
    return {
        "served": served["given_at"] if served else None,
        "given": other["given_at"] if other else None,
        "id": other["id"] if other else None,
        "tags": [Tag(tag) for tag in json.loads(other["tags"])] if other and shown else [],
        "replied_at": other["replied_at"] if other else None,
        "may_reply": bool(other) and may_reply(opened, other["replied_at"] if other else None, now()),
    }


async def own_works(wanted: Side, own_id: int) -> list[dict[str, Any]]:
    """Works of a worker (`own_id` a seeker) or an employer that may be rated or were, newest first, as `_with_ratings`."""
    mine = Referral.seeker == own_id if wanted is Side.WORKER else Referral.job.employer.id == own_id
    begun = Referral.state.is_in([state.value for state in BEGUN_STATES])
    rows = await Referral.select(*_WORK).where(mine, begun).order_by(Referral.id, ascending=False).limit(OWN_ROWS)
    return await _with_ratings(rows)


async def count_to_rate(wanted: Side, own_id: int) -> int:
    """How many works over this side has not rated yet, while it may."""
    mine = Referral.seeker == own_id if wanted is Side.WORKER else Referral.job.employer.id == own_id
    rated = Rating.select(Rating.referral).where(Rating.side == wanted.value, Rating.about == RatingAbout.STATION.value)
    over = [state for state in _RATEABLE if state != ReferralState.PLACED.value]
    return int(await Referral.count().where(mine, Referral.state.is_in(over), Referral.id.not_in(rated)))


async def rating_about(rating_id: int) -> dict[str, Any] | None:
    """A rating with whom it is about, for the action that keeps the reply; None when there is none."""
    row = await Rating.select(Rating.id, Rating.referral, Rating.side, Rating.about).where(Rating.id == rating_id).first()
    return {**row, "side": Side(row["side"])} if row and row["about"] in _ABOUT else None


async def opened_reply(rating_id: int | None) -> str:
    """What the rated side replied; "" for nothing. The caller found the work in reach and open."""
    row = await Rating.select(Rating.reply).where(Rating.id == (rating_id or 0)).first()
    return vault().open("rating.reply", str(rating_id), row["reply"]) if row and row["reply"] else ""


async def opened_words(rating_id: int) -> str:
    """What was said to the station besides the scores. Only after `db.actions.ratings.look_at_words` kept the look."""
    row = await Rating.select(Rating.words).where(Rating.id == rating_id).first()
    return vault().open("rating.words", str(rating_id), row["words"]) if row and row["words"] else ""


async def opened_ratings_of(seeker_id: int) -> list[dict[str, Any]]:
    """What this person said in ratings, words included, newest first, for the own copy. At most two hundred."""
    rows = (
        await Rating.select(
            Rating.id,
            Rating.about,
            Rating.given_at,
            Rating.tags,
            Rating.words,
            *(getattr(Rating, score.value) for score in Score),
            Rating.referral.job.title.as_alias("title"),
        )
        .where(Rating.referral.seeker == seeker_id, Rating.side == Side.WORKER.value)
        .order_by(Rating.id, ascending=False)
        .limit(200)
    )
    return [{**row, "words": vault().open("rating.words", str(row["id"]), row["words"]) if row["words"] else ""} for row in rows]


async def tags_about_seeker(seeker_id: int) -> list[tuple[Tag, int]]:
    """Open tags that employers said about this worker in at least three works, most often first."""
    return await _tags(RatingAbout.WORKER, Rating.referral.seeker == seeker_id)


async def tags_about_employer(employer_id: int) -> list[tuple[Tag, int]]:
    """Open tags that workers said about this employer in at least three works, most often first."""
    return await _tags(RatingAbout.EMPLOYER, Rating.referral.job.employer.id == employer_id)


async def _tags(about: RatingAbout, mine: Any) -> list[tuple[Tag, int]]:
    other = OTHER[Side.EMPLOYER if about is RatingAbout.EMPLOYER else Side.WORKER]
    answered = Rating.referral.is_in(Rating.select(Rating.referral).where(Rating.about == other.value))
    late = Rating.referral.is_in(Placement.select(Placement.referral).where(Placement.ended_recorded_at <= now() - OPEN_AFTER))
    rows = (
        await Rating.select(Rating.tags)
        .where(Rating.about == about.value, mine, Or(answered, late))
        .order_by(Rating.id, ascending=False)
        .limit(MOST_COUNTED)
    )
    counted = Counter(tag for row in rows for tag in json.loads(row["tags"]))
    return [(Tag(tag), count) for tag, count in counted.most_common() if count >= FEWEST_TAGS]


@dataclass(frozen=True, slots=True)
class RatingFilter:
    """What the list of a month is narrowed to; "" leaves a side open. `result`: "good" or "bad"; `words`: with words only."""

    month: date
    side: str = ""
    result: str = ""
    words: bool = False

    @classmethod
    def of(cls, month: date, side: str = "", result: str = "", words: str = "") -> RatingFilter:
        """The filter as typed; values that are in no table are dropped."""
        known = side if side in Side._value2member_map_ else ""
        return cls(month, known, result if result in ("good", "bad") else "", words == "1")


def _span(month: date) -> tuple[date, date]:
    first = month.replace(day=1)
    return first, date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _given(month: date) -> Any:
    """Ratings of a station's service given in the month."""
    first, end = (datetime.combine(day, time(), CHINA) for day in _span(month))
    return And(And(Rating.given_at >= first, Rating.given_at < end), Rating.about == RatingAbout.STATION.value)


_SATISFIED = WhereRaw('"rating"."attitude" + "rating"."speed" + "rating"."accuracy" + "rating"."surroundings" >= {}', SATISFIED_SUM)
_UNSATISFIED = WhereRaw('"rating"."attitude" + "rating"."speed" + "rating"."accuracy" + "rating"."surroundings" < {}', SATISFIED_SUM)


async def ratings_of(scope: Scope, wanted: RatingFilter, after: str = "", *, named: bool) -> Page:
    """What was said of the service of stations in reach, newest first, 50 to a page; `who` is masked.

    `named` False hides it further, as officers see it: worker by the end of the number, employer by its kind or branch.
    """
    conditions = [within(scope, Rating.station), _given(wanted.month)]
    if wanted.side:
        conditions.append(Rating.side == wanted.side)
    if wanted.result == "good":
        conditions.append(_SATISFIED)
    if wanted.result == "bad":
        conditions.append(_UNSATISFIED)
    if wanted.words:
        conditions.append(Rating.words != "")
    if start := place(after, (int,)):
        conditions.append(Rating.id < start[0])
    rows = await Rating.select(*_LISTED).where(*conditions).order_by(Rating.id, ascending=False).limit(DESK_ROWS + 1)
    page = page_of(rows, DESK_ROWS, "id")
    return Page([_listed(row, named) for row in page.rows], page.next)


_LISTED: tuple[Any, ...] = (
    Rating.id,
    Rating.side,
    Rating.how,
    Rating.given_at,
    Rating.words,
    *(getattr(Rating, score.value) for score in Score),
    Rating.station,
    Rating.station.name.as_alias("station_name"),
    Rating.referral.number.as_alias("referral"),
    Rating.referral.job.title.as_alias("title"),
    Rating.referral.job.employer.name.as_alias("employer"),
    Rating.referral.job.employer.kind.as_alias("employer_kind"),
    Rating.referral.seeker.name.as_alias("worker"),
    Rating.referral.seeker.number.as_alias("seeker_number"),
)


def _listed(row: dict[str, Any], named: bool) -> dict[str, Any]:
    kept = {name: value for name, value in row.items() if name not in ("words", "worker", "seeker_number", "employer", "employer_kind")}
    if row["side"] == Side.WORKER.value:
        who = mask_name(row["worker"]) if named else public_worker(row["seeker_number"])
    else:
        kind = EmployerKind(row["employer_kind"])
        who = public_employer_name(kind, row["employer"], row["title"]) if not named or kind is not EmployerKind.UNIT else row["employer"]
    return {**kept, "who": who, "has_words": bool(row["words"])}


async def rating_in(scope: Scope, rating_id: int, *, named: bool) -> dict[str, Any] | None:
    """One rating of the service of a station in reach, as the list shows it."""
    row = (
        await Rating.select(*_LISTED)
        .where(within(scope, Rating.station), Rating.id == rating_id, Rating.about == RatingAbout.STATION.value)
        .first()
    )
    return _listed(row, named) if row else None


@dataclass(frozen=True, slots=True)
class ServiceMonth:
    """A station's ratings of a month: how many, 满意度, 评价率 and the four averages; "" where there are too few."""

    station: str
    count: int
    satisfied: str
    rated: str
    averages: tuple[str, ...]


async def service_of_month(scope: Scope, month: date) -> list[ServiceMonth]:
    """The service of each station in reach that was rated, or had works evaluated, in the month; by name.

    满意度: four on average or better. 评价率: of the works that ended in the month and are evaluated, those where somebody
    rated the station (8.2).
    """
    sums = [Sum(getattr(Rating, score.value), alias=f"sum_{score.value}") for score in Score]
    given = (
        await Rating.select(Rating.station, Rating.station.name.as_alias("name"), Count(alias="n"), *sums)
        .where(within(scope, Rating.station), _given(month))
        .group_by(Rating.station, Rating.station.name)
    )
    good = await _counted(Rating, And(And(within(scope, Rating.station), _given(month)), _SATISFIED))
    first, end = _span(month)
    ended = And(And(Placement.ended_on >= first, Placement.ended_on < end), within(scope, Placement.station))
    evaluated = And(ended, Placement.referral.state == ReferralState.EVALUATED.value)
    whole = await _counted(Placement, evaluated)
    part = await _counted(
        Placement, And(evaluated, Placement.referral.is_in(Rating.select(Rating.referral).where(Rating.about == RatingAbout.STATION.value)))
    )
    names = {row["station"]: row["name"] for row in given} | {station: name for station, (name, _) in whole.items()}
    by_station = {row["station"]: row for row in given}
    return sorted(
        (
            _service(
                name, by_station.get(station), good.get(station, ("", 0))[1], whole.get(station, ("", 0))[1], part.get(station, ("", 0))[1]
            )
            for station, name in names.items()
        ),
        key=lambda one: one.station,
    )


async def _counted(table: Any, wanted: Any) -> dict[int, tuple[str, int]]:
    rows = (
        await table.select(table.station, table.station.name.as_alias("name"), Count(alias="n"))
        .where(wanted)
        .group_by(table.station, table.station.name)
    )
    return {row["station"]: (row["name"], row["n"]) for row in rows}


def _service(name: str, given: dict[str, Any] | None, good: int, whole: int, part: int) -> ServiceMonth:
    count = given["n"] if given else 0
    averages = tuple(average(int(given[f"sum_{score.value}"] or 0), count) if given else "" for score in Score)
    satisfied = percent(good, count) if count >= FEWEST_SHOWN else ""
    return ServiceMonth(name, count, satisfied, percent(part, whole), averages)


async def to_evaluate() -> list[dict[str, Any]]:
    """Referrals that were followed up and are through with ratings: both sides in, or the time is over. At most a thousand."""
    both = [
        Referral.id.is_in(Rating.select(Rating.referral).where(Rating.side == side.value, Rating.about == RatingAbout.STATION.value))
        for side in Side
    ]
    lately = FollowUp.select(FollowUp.referral).where(FollowUp.kind == FollowUpKind.END.value, FollowUp.made_at > now() - EVALUATED_AFTER)
    followed = Referral.state == ReferralState.FOLLOWED_UP.value
    through = Or(And(*both), Referral.id.not_in(lately))
    return await Referral.select(Referral.id).where(followed, through).order_by(Referral.id).limit(1000)


def good_first(tags: Sequence[tuple[Tag, int]]) -> list[tuple[Tag, int, bool]]:
    """Counted tags with whether each praises, praise first."""
    return sorted(((tag, count, is_good(tag)) for tag, count in tags), key=lambda one: not one[2])
