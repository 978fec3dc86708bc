"""Who fits a post and why, as a page shows it: people of the station, or of the whole district with their names hidden."""

from dataclasses import replace
from typing import Any

from db.clock import today
from db.queries import referrals as queries
from db.queries.candidates import candidates_for, candidates_saying
from db.queries.jobs import post_facts
from db.queries.places import places_left
from db.queries.seekers import rows_for_candidates
from rules.ages import age_band
from rules.board import days_text, hours_text
from rules.codes import TRADES, CertificateType
from rules.masking import public_worker
from rules.matching import Candidate, Fit, fit_of, ranked, seed_of
from rules.pay import pay_text
from rules.permissions import Reach, Scope
from web.forms.referrals import ProposeForm
from web.request import StationRequest

SHOWN = 50
"""Candidates on one page; more are found by narrowing the search."""


async def candidate_list(
    request: StationRequest,
    job: dict[str, Any],
    form: ProposeForm,
    word: str = "",
    *,
    look_up: bool = True,
    home: str = "",
    district: bool = False,
) -> dict[str, Any]:
    """Everything the page of candidates shows; `home` is the post's address, `district` looks at every station's people."""
    post_now = replace(await post_facts(job["id"]), free_places=await places_left(job["id"]))
    scope = Scope(Reach.DISTRICT) if district else request.actor.scope
    seen = await (
        candidates_saying(scope, word) if word and look_up and not district else candidates_for(scope, job["trade"], seed_of(post_now))
    )
    judged = ranked((candidate, fit_of(post_now, candidate, today=today())) for candidate in seen)
    fitting = [pair for pair in judged if pair[1].fits]
    unfit = [pair for pair in judged if not pair[1].fits][:20]
    terms, referrals = post_now.terms, await queries.referrals_of_job(job["id"])
    return {
        "job": job,
        "form": form,
        "word": word,
        "home": home or f"/desk/jobs/{job['number']}",
        "own_post": not home,
        "district": district,
        "fitting": await _rows(fitting[:SHOWN], request.actor.station_id),
        "more": max(0, len(fitting) - SHOWN),
        "unfit": await _rows(unfit, request.actor.station_id),
        "places": post_now.free_places,
        "trade": TRADES[job["trade"]].label if job["trade"] in TRADES else job["trade"],
        "pay": pay_text(terms),
        "when": days_text(terms.start_date, terms.end_date),
        "hours": hours_text(terms.start_time, terms.end_time),
        "needed": [CertificateType.label_of(code) for code in terms.certificates],
        "referrals": referrals if not home else [row for row in referrals if row["seeker_station"] == request.actor.station_id],
    }


async def _rows(judged: list[tuple[Candidate, Fit]], station_id: int | None) -> list[dict[str, Any]]:
    """What the list shows of each candidate, with a form of its own, so that each can be proposed once.

    People of other stations are `masked`: a number instead of the name, the station instead of the phone.
    """
    rows = await rows_for_candidates([candidate.facts.id for candidate, _ in judged])
    for row in rows.values():
        row["masked"] = row["station"] != station_id
        if row["masked"]:
            row |= {"name": public_worker(row["number"]), "phone_masked": row["station_name"]}
    return [
        {**rows[candidate.facts.id], "fit": fit, "band": age_band(candidate.facts.birth_date, today()), "form": ProposeForm()}
        for candidate, fit in judged
        if candidate.facts.id in rows
    ]
