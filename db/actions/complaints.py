"""Complaints (投诉举报) and cases of claimed rights (法律维权): opened, worked on step by step, closed. Nothing is changed."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from typing import Any

from db.actions.alerts import raise_alert
from db.actions.journal import record
from db.clock import CHINA, now, today
from db.ids import new_id
from db.numbers import next_number
from db.queries import complaints as queries
from db.queries.accounts import failures_since
from db.queries.parameters import legal_parameters
from db.tables.accounts import SignInFailure
from db.tables.complaints import CaseStep, Complaint, ComplaintStep, LegalCase
from db.transaction import action
from db.vault import vault
from rules.codes import (
    AlertKind,
    CaseKind,
    CaseState,
    ComplaintDecision,
    ComplaintKind,
    ComplaintLevel,
    ComplaintRoute,
    ComplaintSource,
    ComplaintState,
)
from rules.complaints import (
    CLAIM_YEARS,
    CLOSED_COMPLAINTS,
    FOLLOW_CODE_DIGITS,
    MOST_MISSES,
    OPEN_CASES,
    ComplaintEvent,
    check_answers,
    check_case_step,
    check_decision,
    check_handler,
    check_words,
    deadlines,
    limit_on,
    next_state,
    overdue,
    route_of,
    sees_words,
)
from rules.errors import RuleBroken
from rules.identity import parse_phone
from rules.journal import EventKind
from rules.numbers import case_number, complaint_number
from rules.parameters import whole
from rules.permissions import Actor

PER_ADDRESS_A_DAY = 20
"""Complaints from one address on one day: a hall full of phones shares one."""


@action
async def open_complaint(
    *,
    station_id: int,
    kind: ComplaintKind,
    level: ComplaintLevel,
    route: ComplaintRoute,
    source: ComplaintSource,
    words: str = "",
    contact: str = "",
    referral_id: int | None = None,
    follow_up_id: int | None = None,
    seeker_id: int | None = None,
    employer_id: int | None = None,
    against_account: int | None = None,
    actor: Actor | None,
) -> str:
    """Keep a complaint and put it before whoever answers it, at once; gives its number TS….

    `route` is what is wanted: what is about the station or its people goes past it whatever is wanted (3.14). `contact`
    is a phone or nothing; a complaint may be anonymous. `actor` None: somebody nobody knows, online.
    RuleBroken: too many or too few words (none at all is for call-backs), a phone that is none.
    """
    complaint_id, moment = new_id(), now()
    said = check_words(words) if words.strip() else ""
    phone = parse_phone(contact, field="contact") if contact.strip() else ""
    way = route_of(kind, wanted=route, against_account=against_account is not None)
    number = complaint_number(today(), await next_number(f"complaint:{today():%y%m%d}"))
    acknowledge_by, reply_by = deadlines(moment, CHINA)
    keys = vault()
    await Complaint.insert(
        Complaint(
            id=complaint_id,
            number=number,
            station=station_id,
            kind=kind.value,
            level=level.value,
            route=way.value,
            source=source.value,
            referral=referral_id,
            follow_up_id=follow_up_id,
            seeker=seeker_id,
            employer=employer_id,
            against_account=against_account,
            words=keys.seal("complaint.words", complaint_id, said),
            contact=keys.seal("complaint.contact", complaint_id, phone),
            state=ComplaintState.RECEIVED.value,
            acknowledge_by=acknowledge_by,
            reply_by=reply_by,
            follow_code=keys.seal("complaint.follow_code", complaint_id, _fresh_code()),
            opened_by=actor.id if actor else None,
            opened_at=moment,
        )
    )
    row = {"id": complaint_id, "number": number, "station": station_id, "route": way.value}
    await _note(
        EventKind.COMPLAINT_OPENED,
        row,
        actor,
        complaint_kind=kind.value,
        complaint_level=level.value,
        complaint_source=source.value,
    )
    await _alert(AlertKind.FEE_CHARGED if kind is ComplaintKind.FEE else AlertKind.COMPLAINT, row, actor)
    return number


@action
async def complain_online(
    station_code: str, kind: ComplaintKind, words: str, contact: str, *, past: bool, address: str, actor: Actor | None
) -> str:
    """A complaint from the public form, by anybody (`actor` None) or a signed-in worker or employer; its number.

    RuleBroken: no such station, too little said, a phone that is none, or too many from this address today.
    """
    await _count("complaint", address, PER_ADDRESS_A_DAY, "今天从这个网络提交的投诉太多了，请打驿站或者监督单位的电话说。")
    station = next((row for row in await queries.stations_to_name() if row["code"] == station_code), None)
    if station is None:
        raise RuleBroken("请选择驿站。", "station")
    return await open_complaint(
        station_id=station["id"],
        kind=kind,
        level=ComplaintLevel.NORMAL,
        route=ComplaintRoute.SUPERVISOR if past else ComplaintRoute.STATION,
        source=ComplaintSource.ONLINE,
        words=check_words(words),
        contact=contact,
        seeker_id=actor.seeker_id if actor else None,
        employer_id=actor.employer_id if actor else None,
        actor=actor,
    )


async def _count(kind: str, address: str, most: int, said: str) -> None:
    key, moment = vault().index(kind, address or "unknown"), now()
    if await failures_since([key], moment - timedelta(days=1)) >= most:
        raise RuleBroken(said)
    await SignInFailure.insert(SignInFailure(key=key, at=moment))


@action
async def complain_at_counter(
    kind: ComplaintKind,
    level: ComplaintLevel,
    words: str,
    contact: str,
    *,
    referral_number: str = "",
    against: int | None = None,
    past: bool = False,
    actor: Actor,
) -> str:
    """A complaint written down at the actor's own station, as somebody there says it; its number.

    RuleBroken: about the writer himself, an unknown referral or member of staff, too little said.
    """
    if against == actor.id:
        raise RuleBroken("这件投诉说的是您自己，请换一位同事来记，或者请投诉人在网上投诉。", "against")
    if against is not None and against not in {each["id"] for each in await queries.people_of(actor.station_id or 0)}:
        raise RuleBroken("请在列表里选择工作人员。", "against")
    work = await queries.work_behind(actor.scope, referral_number) if referral_number else None
    if referral_number and work is None:
        raise RuleBroken("没有找到这个推荐单号，请核对；没有就空着。", "referral")
    return await open_complaint(
        station_id=actor.station_id or 0,
        kind=kind,
        level=level,
        route=ComplaintRoute.SUPERVISOR if past else ComplaintRoute.STATION,
        source=ComplaintSource.COUNTER,
        words=check_words(words),
        contact=contact,
        referral_id=work["id"] if work else None,
        seeker_id=work["seeker"] if work else None,
        employer_id=work["employer"] if work else None,
        against_account=against,
        actor=actor,
    )


def _fresh_code() -> str:
    return f"{secrets.randbelow(10**FOLLOW_CODE_DIGITS):0{FOLLOW_CODE_DIGITS}d}"


@action
async def count_miss(complaint_id: int) -> None:
    """Somebody typed a wrong follow code; at the last one allowed the status page closes for good."""
    rows: list[dict[str, Any]] = (
        await Complaint.update({Complaint.misses: Complaint.misses + 1})
        .where(Complaint.id == complaint_id, Complaint.misses < MOST_MISSES)
        .returning(Complaint.id, Complaint.number, Complaint.station, Complaint.route, Complaint.misses)
    )
    if rows and rows[0]["misses"] == MOST_MISSES:
        await _note(EventKind.COMPLAINT_STEP, rows[0], None, note="查询码多次输错，网上查询已经关闭")


@action
async def move_complaint(
    complaint_id: int,
    event: ComplaintEvent,
    words: str = "",
    *,
    decision: ComplaintDecision | None = None,
    actor: Actor | None,
) -> ComplaintState:
    """Take one step of 3.14; gives the new state. `actor` None: the complainant, who says whether the reply is enough.

    RuleBroken: the step does not follow, is not this person's (rules.complaints.check_answers), or says too little.
    """
    row = await Complaint.select(*_COLUMNS, Complaint.station.build_mode.as_alias("build_mode")).where(Complaint.id == complaint_id).first()
    if row is None:
        raise RuleBroken("没有找到这件投诉，请刷新页面。")
    state = next_state(ComplaintState(row["state"]), event)
    own_word = event in (ComplaintEvent.SATISFIED, ComplaintEvent.DISSATISFIED)
    if actor is None and not own_word:
        raise RuleBroken("这一步由办理投诉的人来办。")
    if actor is not None:
        facts = {name: row[name] for name in ("build_mode", "against_account", "decided_by")}
        check_answers(actor, event, route=ComplaintRoute(row["route"]), **facts)
    optional = event is ComplaintEvent.ACKNOWLEDGE or own_word or event is ComplaintEvent.REVIEW
    said = "" if optional and not words.strip() else check_words(words)
    values: dict[Any, Any] = {Complaint.state: state.value}
    if event in (ComplaintEvent.DECIDE, ComplaintEvent.FINISH):
        values |= {Complaint.decision: check_decision(decision).value, Complaint.decided_by: actor.id if actor else None}
    if state in CLOSED_COMPLAINTS:
        values[Complaint.closed_at] = now()
    moved = await Complaint.update(values).where(Complaint.id == complaint_id, Complaint.state == row["state"]).returning(Complaint.id)
    if not moved:
        raise RuleBroken("刚才有人先办了这件投诉，请刷新页面。")
    await _put_step(complaint_id, state, said, actor)
    more = {"complaint_decision": decision.value} if decision and Complaint.decision in values else {}
    await _note(EventKind.COMPLAINT_STEP, row, actor, complaint_state=state.value, **more)
    if state is ComplaintState.DISSATISFIED:
        await _alert(AlertKind.COMPLAINT, {**row, "route": ComplaintRoute.SUPERVISOR.value}, actor)
    return state


async def _put_step(complaint_id: int, state: ComplaintState, said: str, actor: Actor | None) -> None:
    step = new_id()
    sealed = vault().seal("complaint_step.words", step, said)
    by = actor.id if actor else None
    await ComplaintStep.insert(ComplaintStep(id=step, complaint=complaint_id, state=state.value, words=sealed, by=by, at=now()))


@action
async def name_accused(complaint_id: int, account_id: int, *, actor: Actor) -> None:
    """Write down which member of staff a complaint is about: from now on that person sees nothing of it.

    RuleBroken: the one who asks does not answer this complaint, or the person is no staff of that station.
    """
    row = await Complaint.select(*_COLUMNS, Complaint.station.build_mode.as_alias("build_mode")).where(Complaint.id == complaint_id).first()
    if row is None or not sees_words(actor, ComplaintRoute(row["route"]), row["against_account"]):
        raise RuleBroken("没有找到这件投诉，请刷新页面。")
    if account_id not in {each["id"] for each in await queries.people_of(row["station"])}:
        raise RuleBroken("请在列表里选择工作人员。", "account")
    await Complaint.update({Complaint.against_account: account_id, Complaint.route: ComplaintRoute.SUPERVISOR.value}).where(
        Complaint.id == complaint_id
    )
    past = {**row, "route": ComplaintRoute.SUPERVISOR.value}
    await _note(EventKind.COMPLAINT_STEP, past, actor, against_id=account_id)
    await _alert(AlertKind.COMPLAINT, past, actor)


@action
async def alert_overdue_complaints(*, actor: Actor | None = None) -> int:
    """Remind whoever answers of complaints whose promised day is over; how many alerts."""
    raised, moment = 0, now()
    for row in await queries.waiting_complaints():
        if overdue(ComplaintState(row["state"]), row["acknowledge_by"], row["reply_by"], moment):
            raised += await _alert(AlertKind.COMPLAINT_OVERDUE, row, actor)
    return raised


_COLUMNS = (
    Complaint.id,
    Complaint.number,
    Complaint.station,
    Complaint.route,
    Complaint.state,
    Complaint.against_account,
    Complaint.decided_by,
)


async def _note(kind: EventKind, row: dict[str, Any], actor: Actor | None, **particulars: Any) -> None:
    """Into the station's chain what the station answers; what goes past it stands in the district's, where it does not read."""
    past = row["route"] == ComplaintRoute.SUPERVISOR.value
    await record(
        kind,
        subject="complaint",
        subject_id=row["id"],
        actor=actor,
        station_id=None if past else row["station"],
        number=row["number"],
        complaint_route=row["route"],
        **particulars,
    )


async def _alert(kind: AlertKind, row: dict[str, Any], actor: Actor | None) -> bool:
    above = row["route"] == ComplaintRoute.SUPERVISOR.value
    alert = await raise_alert(
        kind, station_id=row["station"], subject="complaint", subject_id=row["id"], actor=actor, above=above, number=row["number"]
    )
    return alert is not None


@action
async def open_case(
    *,
    station_id: int,
    kind: CaseKind,
    employer_id: int,
    seeker_id: int,
    referral_id: int | None,
    placement_id: int | None,
    follow_up_id: int | None = None,
    claim_fen: int | None = None,
    facts: str = "",
    since: date | None = None,
    actor: Actor,
) -> str:
    """Open a case of claimed rights; gives its number FL…. One about unpaid work freezes the employer's new demands anywhere.

    An open case of the same kind about the same referral goes on instead: what is said is added to it. `claim_fen` is what
    is said to be owed, `since` the day the claim arose (None: today), from which the time limit is reckoned.
    """
    said = check_words(facts, "facts") if facts.strip() else ""
    if referral_id is not None and (running := await queries.open_case_of(referral_id, kind)):
        await _put_case_step(running["id"], CaseState(running["state"]), said or "又一次反映，情况没有变。", actor)
        await _note_case(EventKind.CASE_STEP, running, actor, case_state=running["state"])
        return str(running["number"])
    case_id, years = new_id(), whole(await legal_parameters(), CLAIM_YEARS, today())
    number = case_number(today(), await next_number(f"case:{today():%y%m%d}"))
    await LegalCase.insert(
        LegalCase(
            id=case_id,
            number=number,
            station=station_id,
            kind=kind.value,
            referral=referral_id,
            placement=placement_id,
            follow_up_id=follow_up_id,
            employer=employer_id,
            seeker=seeker_id,
            facts=vault().seal("legal_case.facts", case_id, said),
            claim_fen=claim_fen,
            state=CaseState.OPEN.value,
            limit_on=limit_on(since or today(), years),
            opened_by=actor.id,
            opened_at=now(),
        )
    )
    row = {"id": case_id, "number": number, "station": station_id}
    await _note_case(EventKind.CASE_OPENED, row, actor, case_kind=kind.value, claim_fen=claim_fen)
    if kind is CaseKind.UNPAID:
        await raise_alert(AlertKind.UNPAID, station_id=station_id, subject="legal_case", subject_id=case_id, actor=actor, number=number)
    return number


@action
async def move_case(case_id: int, to: CaseState | None, words: str, *, recovered_fen: int | None = None, actor: Actor) -> CaseState:
    """Write down what was done about a case and the state after it; gives that state.

    RuleBroken: closed already, no amount when it is settled, too few words, or not this role's decision.
    """
    columns = (LegalCase.id, LegalCase.number, LegalCase.station, LegalCase.state, LegalCase.kind, LegalCase.handler)
    row = await LegalCase.select(*columns).where(LegalCase.id == case_id).first()
    if row is None:
        raise RuleBroken("没有找到这件维权，请刷新页面。")
    state = check_case_step(CaseState(row["state"]), to, recovered_fen, CaseKind(row["kind"]), role=actor.role)
    said = check_words(words)
    values: dict[Any, Any] = {LegalCase.state: state.value, LegalCase.handler: row["handler"] or actor.id}
    if state not in OPEN_CASES:
        values |= {LegalCase.closed_at: now(), LegalCase.recovered_fen: recovered_fen}
    moved = await LegalCase.update(values).where(LegalCase.id == case_id, LegalCase.state == row["state"]).returning(LegalCase.id)
    if not moved:
        raise RuleBroken("刚才有人先办了这件维权，请刷新页面。")
    await _put_case_step(case_id, state, said, actor)
    await _note_case(EventKind.CASE_STEP, row, actor, case_state=state.value, recovered_fen=recovered_fen)
    return state


@action
async def give_case(case_id: int, handler: int, *, actor: Actor) -> None:
    """Say who works on a case from now on. RuleBroken: closed, or the person may not."""
    row = await LegalCase.select(LegalCase.id, LegalCase.number, LegalCase.station, LegalCase.state).where(LegalCase.id == case_id).first()
    if row is None or CaseState(row["state"]) not in OPEN_CASES:
        raise RuleBroken("这件维权已经办结，不能再换承办人，请刷新页面。")
    check_handler(handler, {each["id"] for each in await queries.case_workers(row["station"])})
    await LegalCase.update({LegalCase.handler: handler}).where(LegalCase.id == case_id)
    await _note_case(EventKind.CASE_STEP, row, actor, handler_id=handler)


async def _put_case_step(case_id: int, state: CaseState, said: str, actor: Actor) -> None:
    step = new_id()
    sealed = vault().seal("case_step.words", step, said)
    await CaseStep.insert(CaseStep(id=step, legal_case=case_id, state=state.value, words=sealed, by=actor.id, at=now()))


async def _note_case(kind: EventKind, row: dict[str, Any], actor: Actor, **particulars: Any) -> None:
    given = {name: value for name, value in particulars.items() if value is not None}
    await record(kind, subject="legal_case", subject_id=row["id"], actor=actor, station_id=row["station"], number=row["number"], **given)
