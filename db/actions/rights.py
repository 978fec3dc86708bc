"""A person's rights over their own data (PIPL arts 15-17, 44-50): asked, answered, closed, copied; and the pause of referrals.

Each may be done by the person on the phone or by staff at the counter with the person there (`by_proxy`, 代办).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from db.actions.alerts import raise_alert
from db.actions.journal import record
from db.actions.person_groups import end_all_groups
from db.actions.referrals import end_for_worker
from db.clock import now, today
from db.ids import new_id
from db.queries import rights as queries
from db.queries.documents import station_on_paper
from db.queries.referrals import no_shows_lately, referral_with_id
from db.tables.attendance import SignIn
from db.tables.referrals import Referral
from db.tables.seekers import Consent, RightsRequest, Seeker
from db.transaction import action
from db.vault import vault
from rules.codes import AlertKind, ConsentMethod, RestrictReason, RightsKind, RightsState, SeekerState, SignInState
from rules.documents import StationImprint, privacy_notice
from rules.errors import RuleBroken
from rules.journal import EventKind
from rules.permissions import Actor
from rules.person_groups import GroupEnd
from rules.referrals import TRANSITIONS, ReferralEvent, can
from rules.rights import (
    NO_SHOW_DAYS,
    RESTRICT_DAYS,
    check_alive,
    check_answer,
    check_lift,
    check_request,
    check_restriction,
    due_on,
    remind_from,
)
from rules.seekers import NOTICE_ACCEPTED, NOTICE_VERSION, ConsentPurpose

_WAITS = [SignInState.WAITING.value, SignInState.CALLED.value]
_ENDED_BY_WITHDRAWAL = [state.value for state, event in TRANSITIONS if event is ReferralEvent.CONSENT_WITHDRAWN]


@action
async def ask(seeker_id: int, kind: RightsKind | None, details: str, *, actor: Actor, field: str = "", by_proxy: bool = False) -> int:
    """Keep a request about the person's own data; it is answered within 15 days (domain reference 10.1). Gives its id.

    RuleBroken: no kind, no words where they are needed, too many open ones, a record made anonymous.
    """
    seeker = await _seeker(seeker_id)
    if seeker["state"] == SeekerState.ANONYMISED.value:
        raise RuleBroken("这份登记已经匿名处理，没有可以答复的信息了。")
    said = check_request(kind, details, await queries.open_requests(seeker_id))
    assert kind is not None
    return await _put_request(seeker, kind, said, field, actor, by_proxy)


async def _put_request(seeker: dict[str, Any], kind: RightsKind, said: str, field: str, actor: Actor, by_proxy: bool) -> int:
    request_id, due = new_id(), due_on(today())
    await RightsRequest.insert(
        RightsRequest(
            id=request_id,
            seeker=seeker["id"],
            kind=kind.value,
            field=field,
            details=vault().seal("rights_request.details", str(request_id), said),
            state=RightsState.ASKED.value,
            by_proxy=by_proxy,
            asked_by=actor.id,
            asked_at=now(),
            due_on=due,
        )
    )
    await _note(EventKind.RIGHTS_ASKED, seeker, actor, rights_kind=kind.value, due_on=due, by_proxy=by_proxy)
    return request_id


@action
async def answer(request_id: int, state: RightsState | None, said: str, *, actor: Actor) -> None:
    """Answer a request; the person reads the words. RuleBroken: answered already, no decision, too few words."""
    row = (
        await RightsRequest.select(RightsRequest.seeker, RightsRequest.kind, RightsRequest.state)
        .where(RightsRequest.id == request_id)
        .first()
    )
    if row is None:
        raise RuleBroken("没有找到这件请求，请刷新页面。")
    words = check_answer(state, said, RightsState(row["state"]))
    assert state is not None
    await RightsRequest.update(
        {
            RightsRequest.state: state.value,
            RightsRequest.answer: words,
            RightsRequest.answered_by: actor.id,
            RightsRequest.answered_at: now(),
        }
    ).where(RightsRequest.id == request_id)
    await _note(EventKind.RIGHTS_ANSWERED, await _seeker(row["seeker"]), actor, rights_kind=row["kind"], rights_state=state.value)


@action
async def take_back(seeker_id: int, request_id: int, *, actor: Actor, by_proxy: bool = False) -> None:
    """The person takes a request back before it was answered. RuleBroken: not theirs, or answered; a deletion is final here."""
    row = (
        await RightsRequest.select(RightsRequest.kind, RightsRequest.state)
        .where(RightsRequest.id == request_id, RightsRequest.seeker == seeker_id)
        .first()
    )
    if row is None or row["state"] != RightsState.ASKED.value:
        raise RuleBroken("没有找到这件请求，或者已经答复了，请刷新页面。")
    if row["kind"] == RightsKind.DELETE.value:
        raise RuleBroken("已经注销的，请带身份证到驿站恢复。")
    await RightsRequest.update({RightsRequest.state: RightsState.WITHDRAWN.value, RightsRequest.answered_at: now()}).where(
        RightsRequest.id == request_id
    )
    state = RightsState.WITHDRAWN.value
    await _note(EventKind.RIGHTS_ANSWERED, await _seeker(seeker_id), actor, rights_kind=row["kind"], rights_state=state, by_proxy=by_proxy)


@action
async def close(seeker_id: int, *, actor: Actor, by_proxy: bool = False, reason: str = "") -> int:
    """Withdraw the consent to the registration and have the data deleted (PIPL arts 15, 47); how many referrals ended.

    From now on nothing is used: no waiting, no matching, no search by employers, referrals without a signed agreement end. A
    request to delete with its 15 days is put before the manager; what the law keeps is only stored (10.5).
    RuleBroken: closed already.
    """
    seeker = await _seeker(seeker_id)
    check_alive(SeekerState(seeker["state"]))
    moment = now()
    rows = await Referral.select(Referral.id).where(Referral.seeker == seeker_id, Referral.state.is_in(_ENDED_BY_WITHDRAWAL))
    ended = 0
    for row in rows:
        referral = await referral_with_id(row["id"])
        if referral and can(referral["state_now"], ReferralEvent.CONSENT_WITHDRAWN):
            await end_for_worker(row["id"], actor=actor)
            ended += 1
    await end_all_groups(seeker_id, GroupEnd.CLOSED, actor=actor)
    live = (Consent.seeker == seeker_id) & Consent.withdrawn_at.is_null()
    await Consent.update({Consent.withdrawn_at: moment, Consent.withdrawn_by: actor.id}).where(live)
    words = " ".join(reason.split())[:200] or "本人撤回同意"
    await Seeker.update({Seeker.state: SeekerState.CLOSED.value, Seeker.closed_at: moment, Seeker.closed_reason: words}).where(
        Seeker.id == seeker_id
    )
    waits = (SignIn.seeker == seeker_id) & (SignIn.day == today()) & SignIn.state.is_in(_WAITS)
    await SignIn.update({SignIn.state: SignInState.LEFT.value, SignIn.state_at: moment}).where(waits)
    await _put_request(seeker, RightsKind.DELETE, words, "", actor, by_proxy)
    await _note(
        EventKind.SEEKER_CLOSED,
        seeker,
        actor,
        old_state=seeker["state"],
        new_state=SeekerState.CLOSED.value,
        referrals_ended=ended,
        due_on=due_on(today()),
        by_proxy=by_proxy,
    )
    return ended


@action
async def reopen(seeker_id: int, method: ConsentMethod | None, *, card_seen: bool, actor: Actor) -> None:
    """The person came back with the card before the data were deleted: a new consent, and the registration counts again.

    RuleBroken: not closed, deleted already, card not seen, or nobody said how the person agreed.
    """
    seeker = await _seeker(seeker_id)
    if seeker["state"] != SeekerState.CLOSED.value or seeker["merged_into"] is not None:
        raise RuleBroken("这份登记没有注销，或者信息已经删除，不能恢复。已经删除的请重新登记。")
    if not card_seen:
        raise RuleBroken("请核对证件原件后打勾。", "card_seen")
    if method in (None, ConsentMethod.ONLINE):
        raise RuleBroken("请选择本人是怎样同意的。", "method")
    assert method is not None
    station = await station_on_paper(seeker["station"])
    imprint = StationImprint(**{name: station[name] for name in StationImprint.__dataclass_fields__})
    await Consent.insert(
        Consent(
            seeker=seeker_id,
            purpose=ConsentPurpose.REGISTRATION.value,
            notice_version=NOTICE_VERSION,
            wording="\n".join((*privacy_notice(imprint, station["operator"]), NOTICE_ACCEPTED)),
            method=method.value,
            given_at=now(),
            recorded_by=actor.id,
        )
    )
    await Seeker.update(
        {Seeker.state: SeekerState.ACTIVE.value, Seeker.closed_at: None, Seeker.closed_reason: "", Seeker.confirmed_on: today()}
    ).where(Seeker.id == seeker_id)
    deletion = (RightsRequest.seeker == seeker_id) & (RightsRequest.kind == RightsKind.DELETE.value)
    await RightsRequest.update({RightsRequest.state: RightsState.WITHDRAWN.value, RightsRequest.answered_at: now()}).where(
        deletion, RightsRequest.state == RightsState.ASKED.value
    )
    await _note(
        EventKind.SEEKER_REOPENED,
        seeker,
        actor,
        old_state=seeker["state"],
        new_state=SeekerState.ACTIVE.value,
        notice_version=NOTICE_VERSION,
        consent_method=method.value,
        card_seen=True,
    )


@action
async def note_copied(seeker_id: int, copy_format: str, *, actor: Actor, by_proxy: bool = False) -> None:
    """Somebody takes a copy of everything kept about this person (PIPL art. 45): written down before it is handed out."""
    await _note(EventKind.SEEKER_DATA_COPIED, await _seeker(seeker_id), actor, copy_format=copy_format, by_proxy=by_proxy)


@action
async def restrict(seeker_id: int, reason: RestrictReason | None, note: str, *, actor: Actor) -> None:
    """Pause referrals of this person for 30 days (3.4); the person reads why and may reply. RuleBroken: no ground for it."""
    seeker = await _seeker(seeker_id)
    words = check_restriction(SeekerState(seeker["state"]), reason, note, await no_shows_lately(seeker_id, NO_SHOW_DAYS))
    until = today() + timedelta(days=RESTRICT_DAYS)
    await Seeker.update(
        {Seeker.state: SeekerState.RESTRICTED.value, Seeker.restricted_until: until, Seeker.restricted_reason: words}
    ).where(Seeker.id == seeker_id)
    await _note(EventKind.SEEKER_RESTRICTED, seeker, actor, reason=words, until=until, old_state=seeker["state"])


@action
async def lift(seeker_id: int, note: str, *, actor: Actor) -> None:
    """End the pause before its time. RuleBroken: there is none, or nobody says why."""
    seeker = await _seeker(seeker_id)
    words = check_lift(SeekerState(seeker["state"]), note)
    await Seeker.update({Seeker.state: SeekerState.ACTIVE.value, Seeker.restricted_until: None, Seeker.restricted_reason: ""}).where(
        Seeker.id == seeker_id
    )
    await _note(EventKind.SEEKER_UNRESTRICTED, seeker, actor, reason=words, new_state=SeekerState.ACTIVE.value)


@action
async def remind_overdue(*, actor: Actor | None = None) -> int:
    """Alert the manager of each station about requests that must be answered within three days; how many alerts."""
    raised = 0
    for row in await queries.due_until(remind_from(today())):
        alert = await raise_alert(
            AlertKind.RIGHTS_OVERDUE,
            station_id=row["station"],
            subject="rights_request",
            subject_id=row["id"],
            actor=actor,
            seeker=row["seeker_number"],
            rights_kind=row["kind"],
            due_on=row["due_on"].isoformat(),
        )
        raised += alert is not None
    return raised


async def _seeker(seeker_id: int) -> dict[str, Any]:
    columns = (Seeker.id, Seeker.number, Seeker.station, Seeker.state, Seeker.merged_into)
    row = await Seeker.select(*columns).where(Seeker.id == seeker_id).first()
    if row is None:
        raise RuleBroken("没有找到这份登记，请刷新页面。")
    return row


async def _note(kind: EventKind, seeker: dict[str, Any], actor: Actor, **particulars: Any) -> None:
    await record(
        kind,
        subject="seeker",
        subject_id=seeker["id"],
        actor=actor,
        station_id=seeker["station"],
        seeker=seeker["number"],
        **particulars,
    )
