"""What the rush-hour desk (早市叫号) shows: who waits in the calling order, demands with their places, and the demand being filled."""

import hashlib
from itertools import takewhile
from typing import Any

from db.clock import now, today
from db.queries import attendance as queries
from db.queries import dispatch
from db.queries.calling_rules import rule_in_force, todays_draw
from rules.ages import age_band
from rules.attendance import arrival_warning, next_turn, ticket_text, why_next
from rules.board import days_text, hours_text, pay_words
from rules.codes import TRADES, CallingMethod, CallKind, SignInState
from rules.masking import mask_name
from rules.referrals import consent_text
from web.forms.attendance import CallAnswerForm, CallForm, NamedCallForm, PlaceForm, ReplacementForm, SignInForm, SkipForm
from web.forms.base import PageForm
from web.request import StationRequest

HOME = "/desk/today"
WAITING_SHOWN = 60
NOBODY: dict[str, Any] = {"outcome": "", "person": None, "choices": [], "problem": "", "again": False, "warning": ""}
"""An empty answer of the sign-in box."""


def trade_words(codes: list[str]) -> str:
    """The trades somebody looks for, as people read them."""
    return "、".join(TRADES[code].label for code in codes if code in TRADES)


async def mark_of(station_id: int, later: bool) -> tuple[str, list[dict[str, Any]], dict[str, Any]]:
    """What changes whenever one of the two lists does, in a few letters; with the demands and the rule it was made from."""
    day = today()
    rule = await rule_in_force(station_id, day)
    draw = await todays_draw(station_id, day) if rule["method"] is CallingMethod.DRAW else None
    demands = await dispatch.open_demands(station_id, day, later=later)
    seen = (
        await queries.sign_in_mark(station_id, day),
        rule["version"],
        draw and draw["held_at"],
        later,
        [tuple(row.values()) for row in demands],
    )
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:16], demands, {**rule, "draw": draw}


async def lists(
    request: StationRequest, chosen: str = "", *, made: tuple[str, list[dict[str, Any]], dict[str, Any]] | None = None
) -> dict[str, Any]:
    """The two lists of the desk: who waits, best first (60 shown), and the demands. `chosen` is the demand being filled."""
    station_id, day = request.actor.station_id or 0, today()
    later = request.query_params.get("days") == "later"
    mark, demands, rule = made or await mark_of(station_id, later)
    order = await queries.order_today(station_id, day)
    return {
        "home": HOME,
        "day": day,
        "mark": mark,
        "later": later,
        "rule": rule,
        "demands": demands,
        "later_count": await dispatch.later_demands(station_id, day),
        "waiting": await queries.with_trades(order[:WAITING_SHOWN]),
        "waiting_count": len(order),
        "counts": await queries.counts_at(station_id, day),
        "chosen": chosen,
        "ticket_text": ticket_text,
        "mask": mask_name,
        "trade_words": trade_words,
        "states": SignInState,
        "days_text": days_text,
        "hours_text": hours_text,
        "pay_words": pay_words,
        "seen_at": now(),
    }


async def answer_for(request: StationRequest, ticket: int | None, *, again: bool = False) -> dict[str, Any]:
    """The answer of the sign-in box about one ticket of today; an empty one when there is none."""
    person = await queries.sign_in_with(request.actor.station_id or 0, today(), ticket) if ticket else None
    if person is None:
        return answer()
    warning = arrival_warning(person["state_now"], person["restricted_until"])
    return answer(outcome="signed", person=person, again=again, warning=warning)


def answer(**changes: Any) -> dict[str, Any]:
    """The answer of the sign-in box with what its template asks."""
    shown = {**NOBODY, **changes}
    extras = {
        "band": age_band,
        "mask": mask_name,
        "ticket_text": ticket_text,
        "trade_words": trade_words,
        "states": SignInState,
        "day": today(),
    }
    return {"home": HOME, "answer": shown, "act_form": PageForm(), **extras}


async def panel(request: StationRequest, job: dict[str, Any] | None, **forms: PageForm) -> dict[str, Any]:
    """The demand being filled: who is called for it, whose turn is next and why, what was given and passed over today."""
    words = {
        "home": HOME,
        "days_text": days_text,
        "hours_text": hours_text,
        "pay_words": pay_words,
        "mask": mask_name,
        "ticket_text": ticket_text,
    }
    if job is None:
        return {**words, "post": None, "form": PageForm()}
    actor, day = request.actor, today()
    station_id = actor.station_id or 0
    turns, rows = await dispatch.queue_for(job, station_id, day)
    by_id = {row["id"]: row for row in rows}
    chosen = next_turn(turns) if job["free"] else None
    person = by_id[chosen.sign_in_id] if chosen else None
    made = await dispatch.calls_for(job["id"], station_id, day)
    method: CallingMethod = (await rule_in_force(station_id, day))["method"]
    remembered = await dispatch.desk_defaults(station_id, actor.id, job["id"], day)
    called = [call for call in made if call["kind"] == CallKind.CALL.value and (call["answered_at"] is None or _gone_on(call))]
    return {
        **words,
        "post": job,
        "next": person,
        "next_trades": trade_words((await queries.with_trades([person]))[0]["trades"]) if person else "",
        "why": why_next(turns, chosen, method, person["arrived_at"], person["waited"]) if chosen and person else "",
        "called": called,
        "made": made,
        "promised": await dispatch.promised_for(job["id"], day),
        "full_words": "" if job["free"] else await dispatch.who_was_faster(job["id"], somebody_waits=bool(called)),
        "before": list(takewhile(lambda turn: turn != chosen, turns)) if job["free"] else [],
        "consent_words": consent_text(job["employer_name"], job["title"]),
        "call_form": forms.get("call_form") or CallForm(counter=remembered["counter"]),
        "named_form": forms.get("named_form") or NamedCallForm(counter=remembered["counter"]),
        "skip_form": forms.get("skip_form") or SkipForm(),
        "place_form": forms.get("place_form") or PlaceForm(answered_by=remembered["answered_by"]),
        "answer_form": forms.get("answer_form") or CallAnswerForm(),
        "replacement_form": forms.get("replacement_form") or ReplacementForm(counter=remembered["counter"]),
        "form": next(iter(forms.values()), PageForm()),
        "panel_said": "",
    }


def _gone_on(call: dict[str, Any]) -> bool:
    """Called, goes, and the place is not given yet."""
    return call["answer"] == "GOES" and not call["referral_number"] and call["sign_in_state"] == SignInState.CALLED.value


async def whole_page(
    request: StationRequest,
    job: dict[str, Any] | None = None,
    *,
    sign_in_form: SignInForm | None = None,
    answered: dict[str, Any] | None = None,
    **forms: PageForm,
) -> dict[str, Any]:
    """Everything the page shows."""
    shown = {
        **await lists(request, job["number"] if job else ""),
        **(answered or answer()),
        **await panel(request, job, **forms),
        "sign_in_form": sign_in_form or SignInForm(),
    }
    if sign_in_form and not forms:
        shown["form"] = sign_in_form
    return shown
