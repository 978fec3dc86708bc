"""Questions about batch matching (批量匹配): what goes into a run, the runs of a station, and their suggestions."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from piccolo.columns.combination import And, Or

from db.clock import now
from db.paging import DESK_ROWS, Page, page_of, place
from db.queries.attendance import order_today
from db.queries.candidates import batched, candidates_with, longest_waiting
from db.queries.dispatch import passed_over
from db.queries.scope import within
from db.queries.seekers import opened_masks
from db.tables.jobs import Job, JobVersion
from db.tables.matching import MatchRun, Suggestion
from db.tables.orders import OrderTake
from db.tables.referrals import Referral
from db.tables.seekers import Seeker
from db.vault import vault
from rules.batch import OpenPost, WaitingPerson, with_places
from rules.codes import JobState, MatchedPeople, OrderState, ReferralState, SignInState, SuggestionDecision
from rules.contacts import HELD_STATES, state_in_effect
from rules.jobs import terms_from_record
from rules.masking import public_worker
from rules.permissions import Reach, Scope
from rules.publication import is_stale
from rules.referrals import OPEN_STATES, PostFacts

MOST_POSTS, MOST_PEOPLE = 600, 5_000
"""What one run looks at, at most."""
_AHEAD = timedelta(days=1)
_HANDFUL = 100
"""People asked for at once, so that the pages of others are answered in between."""
_POST = (
    Job.id,
    Job.number,
    Job.title,
    Job.trade,
    Job.subdistrict,
    Job.station,
    Job.station.name.as_alias("station_name"),
    Job.employer_label,
    Job.headcount,
    Job.placed_count,
    Job.start_date,
    Job.start_time,
    Job.end_time,
    Job.pay_fen,
    Job.pay_unit,
    Job.verified_on,
    Job.version,
    Job.published_version,
    Job.tie_seed,
)
_STATION: Any = Suggestion.run.station
_RUN = (
    MatchRun.id,
    MatchRun.number,
    MatchRun.station,
    MatchRun.station.name.as_alias("station_name"),
    MatchRun.day,
    MatchRun.seed,
    MatchRun.whom,
    MatchRun.posts,
    MatchRun.places,
    MatchRun.people,
    MatchRun.filled,
    MatchRun.milliseconds,
    MatchRun.made_at,
    MatchRun.made_by.name.as_alias("made_by_name"),
)
_SUGGESTION = (
    Suggestion.id,
    Suggestion.run.number.as_alias("run_number"),
    Suggestion.run.station.as_alias("station"),
    Suggestion.run.day.as_alias("day"),
    Suggestion.run.made_at.as_alias("made_at"),
    Suggestion.place,
    Suggestion.reason,
    Suggestion.job,
    Suggestion.job.number.as_alias("job_number"),
    Suggestion.job.title.as_alias("title"),
    Suggestion.job.station.as_alias("job_station"),
    Suggestion.job.start_date.as_alias("start_date"),
    Suggestion.job.start_time.as_alias("start_time"),
    Suggestion.seeker,
    Suggestion.seeker.number.as_alias("seeker_number"),
    Suggestion.seeker.name.as_alias("worker_name"),
    Suggestion.seeker.phone.as_alias("phone"),
    Suggestion.seeker.station.as_alias("seeker_station"),
    Suggestion.seeker.suggestions.as_alias("wanted"),
    Suggestion.decision,
    Suggestion.decided_at,
    Suggestion.decided_by.name.as_alias("decided_by_name"),
    Suggestion.decided_reason,
    Suggestion.referral_number,
)


@dataclass(frozen=True, slots=True)
class SuggestionFilter:
    """What a list of suggestions is narrowed to; "" leaves a side open. `decision`: OPEN, or a `SuggestionDecision`."""

    run: str = ""
    decision: str = ""

    @classmethod
    def of(cls, run: str = "", decision: str = "") -> SuggestionFilter:
        """The filter as typed; values that are in no table are dropped."""
        known = {"OPEN", *SuggestionDecision._value2member_map_}
        return cls(run.strip().upper()[:12], decision if decision in known else "")


async def posts_to_fill(station_id: int, day: date) -> list[dict[str, Any]]:
    """The station's published posts and those it has taken over that begin by the day after `day` and have places open.

    `open`: places nobody is promised and nobody has been asked for; `own`: registered at this station; `stale`: to be verified
    first. By start, then number.
    """
    taken = OrderTake.select(OrderTake.job).where(
        OrderTake.station == station_id, OrderTake.state == OrderState.TAKEN.value, OrderTake.deadline > now()
    )
    rows = (
        await Job.select(*_POST)
        .where(
            Or(Job.station == station_id, Job.id.is_in(taken)),
            Job.state == JobState.PUBLISHED.value,
            Or(Job.valid_to.is_null(), Job.valid_to >= day),
            Or(Job.start_date.is_null(), Job.start_date <= day + _AHEAD),
            Or(Or(Job.end_date >= day, Job.start_date >= day), Job.start_date.is_null()),
        )
        .order_by(Job.start_date, Job.number)
        .limit(MOST_POSTS)
    )
    held, asked = await _spoken_for([row["id"] for row in rows])
    for row in rows:
        row["asked"] = asked.get(row["id"], 0)
        row["open"] = row["headcount"] - max(held.get(row["id"], 0), row["placed_count"]) - row["asked"]
        row["own"] = row["station"] == station_id
        row["stale"] = is_stale(row["verified_on"], day)
    return [row for row in rows if row["open"] > 0]


async def _spoken_for(job_ids: Sequence[int]) -> tuple[dict[int, int], dict[int, int]]:
    """By post: how many places are promised, and for how many somebody has been asked and may still say yes."""
    states = [state.value for state in HELD_STATES | OPEN_STATES]
    rows = await Referral.select(Referral.job, Referral.state, Referral.lapses_at, Referral.job.state.as_alias("job_state")).where(
        Referral.job.is_in(list(job_ids) or [0]), Referral.state.is_in(states)
    )
    held: dict[int, int] = {}
    asked: dict[int, int] = {}
    moment = now()
    for row in rows:
        state = state_in_effect(ReferralState(row["state"]), row["lapses_at"], JobState(row["job_state"]), moment)
        if state in HELD_STATES:
            held[row["job"]] = held.get(row["job"], 0) + 1
        elif state in OPEN_STATES:
            asked[row["job"]] = asked.get(row["job"], 0) + 1
    return held, asked


async def open_posts(rows: Sequence[dict[str, Any]]) -> tuple[OpenPost, ...]:
    """The rows of `posts_to_fill` as a run judges them: the terms in force, the places to fill."""
    versions = {row["id"]: row["published_version"] or row["version"] for row in rows}
    kept = await JobVersion.select(JobVersion.job, JobVersion.number, JobVersion.terms).where(JobVersion.job.is_in(list(versions) or [0]))
    terms = {each["job"]: each["terms"] for each in kept if versions[each["job"]] == each["number"]}
    found = []
    for row in rows:
        if row["id"] in terms:
            agreed = terms_from_record(json.loads(terms[row["id"]]))
            facts = PostFacts(row["id"], JobState.PUBLISHED, agreed, row["open"], row["verified_on"] or date.min, row["tie_seed"])
            found.append(with_places(facts, row["open"], own=row["own"]))
        await asyncio.sleep(0)  # the pages of others are answered here
    return tuple(found)


async def waiting_people(station_id: int, day: date, whom: MatchedPeople, trades: Sequence[str], seed: str) -> tuple[WaitingPerson, ...]:
    """The people of a run in their waiting order, at most `MOST_PEOPLE`.

    HERE: who signed in today and waits, in the published calling order. REGISTERED: the station's own who look for one of
    the trades, the longest waiting first, equal ones as `seed` draws. Who wants no suggestions is never among them (PIPL 24).
    Each with the posts for which they were passed over at the desk today.
    """
    if whom is MatchedPeople.HERE:
        ids = [row["seeker"] for row in await order_today(station_id, day) if row["state"] == SignInState.WAITING.value]
    else:
        scope = Scope(Reach.STATION, station_id=station_id)
        ids = await longest_waiting(scope, trades, seed, MOST_PEOPLE)
    own: dict[int, bool] = {}
    for some in batched(ids):
        rows = await Seeker.select(Seeker.id, Seeker.station).where(Seeker.id.is_in(some), Seeker.suggestions.eq(True))
        own |= {row["id"]: row["station"] == station_id for row in rows}
    wanted = [id for id in ids[:MOST_PEOPLE] if id in own]
    passed: dict[int, list[int]] = {}
    for row in await passed_over(station_id, day):
        passed.setdefault(row["seeker"], []).append(row["job"])
    found = []
    for start in range(0, len(wanted), _HANDFUL):
        found += await candidates_with(wanted[start : start + _HANDFUL])
        await asyncio.sleep(0)  # the pages of others are answered here
    return tuple(WaitingPerson(each, own[each.facts.id], tuple(sorted(set(passed.get(each.facts.id, ()))))) for each in found)


async def counts_waiting(station_id: int, day: date) -> int:
    """How many people have signed in at the station on the day, wait, and accept suggestions."""
    ids = [row["seeker"] for row in await order_today(station_id, day) if row["state"] == SignInState.WAITING.value]
    return await Seeker.count().where(Seeker.id.is_in(ids or [0]), Seeker.suggestions.eq(True))


async def runs_of(scope: Scope, after: str = "") -> Page:
    """The runs in the asker's reach, newest first, 50 to a page, with how many suggestions are `taken`, `dropped` and `undecided`."""
    query = MatchRun.select(*_RUN).where(within(scope, MatchRun.station))
    if start := place(after, (int,)):
        query = query.where(MatchRun.id < start[0])
    page = page_of(await query.order_by(MatchRun.id, ascending=False).limit(DESK_ROWS + 1), DESK_ROWS, "id")
    return Page(await _with_decisions(page.rows), page.next)


async def run_in(scope: Scope, number: str) -> dict[str, Any] | None:
    """The run with this number when its station lies in the asker's reach, as `runs_of`, without what went in."""
    row = await MatchRun.select(*_RUN).where(within(scope, MatchRun.station), MatchRun.number == number.upper()[:12]).first()
    return (await _with_decisions([row]))[0] if row else None


async def _with_decisions(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    decided = await Suggestion.select(Suggestion.run, Suggestion.decision).where(Suggestion.run.is_in([row["id"] for row in rows] or [0]))
    for row in rows:
        own = [each["decision"] for each in decided if each["run"] == row["id"]]
        row["taken"] = own.count(SuggestionDecision.TAKEN.value)
        row["dropped"] = own.count(SuggestionDecision.DROPPED.value)
        row["undecided"] = own.count("")
    return rows


async def suggestions_of(scope: Scope, wanted: SuggestionFilter, after: str = "") -> Page:
    """Suggestions in the asker's reach: the newest run first, in it the waiting order; 50 to a page.

    People of other stations have no name and no phone; `own_worker`, `own_post` say whose they are.
    """
    query = Suggestion.select(*_SUGGESTION, Suggestion.run).where(within(scope, _STATION))
    if wanted.run:
        query = query.where(Suggestion.run.number == wanted.run)
    if wanted.decision:
        query = query.where(Suggestion.decision == ("" if wanted.decision == "OPEN" else wanted.decision))
    if start := place(after, (int, int)):
        query = query.where(Or(Suggestion.run < start[0], And(Suggestion.run == start[0], Suggestion.place > start[1])))
    rows = await query.order_by(Suggestion.run, ascending=False).order_by(Suggestion.place).limit(DESK_ROWS + 1)
    page = page_of(rows, DESK_ROWS, "run", "place")
    return Page([_shown(row) for row in page.rows], page.next)


async def suggestion_in(scope: Scope, run: str, suggestion_id: int) -> dict[str, Any] | None:
    """One suggestion of a run in the asker's reach, as `suggestions_of`."""
    row = (
        await Suggestion.select(*_SUGGESTION)
        .where(within(scope, _STATION), Suggestion.run.number == run, Suggestion.id == suggestion_id)
        .first()
    )
    return _shown(row) if row else None


async def undecided_among(scope: Scope, run: str, ids: Sequence[int]) -> list[dict[str, Any]]:
    """Those of the suggestions of a run in the asker's reach that nobody has decided about, in the waiting order."""
    rows = (
        await Suggestion.select(*_SUGGESTION)
        .where(
            within(scope, _STATION),
            Suggestion.run.number == run,
            Suggestion.decision == "",
            Suggestion.id.is_in(list(ids) or [0]),
        )
        .order_by(Suggestion.place)
    )
    return [_shown(row) for row in rows]


async def suggestion_with_id(suggestion_id: int) -> dict[str, Any] | None:
    """The suggestion by id, for actions; rows of `suggestions_of`."""
    row = await Suggestion.select(*_SUGGESTION).where(Suggestion.id == suggestion_id).first()
    return _shown(row) if row else None


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    """The row as people of its station see it: the phone masked, a person of another station without a name."""
    row["own_worker"] = row["seeker_station"] == row["station"]
    row["own_post"] = row["job_station"] == row["station"]
    row["phone_masked"] = opened_masks({"id": row["seeker"], "phone": row["phone"]})["phone"] if row["own_worker"] else ""
    del row["phone"]
    if not row["own_worker"]:
        row["worker_name"] = public_worker(row["seeker_number"])
    return row


async def opened_inputs(run_id: int) -> dict[str, Any]:
    """What went into a run (`rules.batch.record_of`), to do it again. LookupError when there is none, or no longer."""
    row = await MatchRun.select(MatchRun.id, MatchRun.inputs).where(MatchRun.id == run_id).first()
    if row is None or not row["inputs"]:
        raise LookupError(run_id)
    inputs: dict[str, Any] = json.loads(vault().open("match_run.inputs", str(row["id"]), row["inputs"]))
    return inputs
