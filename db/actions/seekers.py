"""Registering seekers and confirming that they still look for work. Of a refused child nothing is kept but a number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db.actions.accounts import remember_submission
from db.actions.journal import record
from db.actions.people import insert_account
from db.clock import now, today
from db.errors import ConstraintViolated
from db.ids import new_id
from db.numbers import next_number
from db.queries import seekers as queries
from db.queries.accounts import earlier_location
from db.queries.parameters import legal_parameters
from db.search import put_name
from db.tables.seekers import Consent, RefusalCount, Seeker, SeekerCertificate, SeekerTrade
from db.tables.stations import Station
from db.transaction import action, asked_once, in_transaction, together
from db.vault import vault
from rules.ages import AgeStanding
from rules.codes import ConfirmedHow, IdType, Origin, SeekerState, StationState
from rules.documents import StationImprint, privacy_notice
from rules.errors import RuleBroken
from rules.identity import parse_identity
from rules.journal import EventKind
from rules.masking import mask_name
from rules.numbers import seeker_number
from rules.parameters import whole
from rules.permissions import Actor, Role
from rules.seekers import (
    GUARDIAN_CONSENT,
    NOTICE_ACCEPTED,
    NOTICE_VERSION,
    CheckedSeeker,
    ConsentPurpose,
    NewSeeker,
    UnderAge,
    check_seeker,
)
from rules.stations import SUSPENDED

_CLOSED = "该求职者的档案已注销，请先重新登记。"


@dataclass(frozen=True, slots=True)
class SeekerRef:
    """A registered seeker: the row and the public number."""

    id: int
    number: str


async def register_seeker(new: NewSeeker, *, actor: Actor, source: Origin = Origin.COUNTER) -> SeekerRef:
    """Register a seeker at the actor's station with trades, certificates and consent; `source` IMPORT out of a workbook.

    RuleBroken (or RulesBroken) as of `rules.seekers.check_seeker`, and when the document is registered already or the
    phone belongs to another seeker and nobody said that this is another person. UnderAge: nothing is kept but the
    count of refusals; inside a transaction of the caller, the caller counts (`refuse_child`), because this one is undone.
    """
    try:
        return await _register(new, source, actor=actor)
    except UnderAge:
        if not in_transaction():
            await refuse_child(actor=actor)
        raise


class RegisteredAlready(RuleBroken):
    """This document is registered: whoever types it learns nothing of it, staff resolves it with the card in hand."""

    def __init__(self, seeker_id: int) -> None:
        super().__init__("这个证件已经登记过，请带身份证到任何一个驿站办理。", "id_number")
        self.seeker_id = seeker_id


@action
async def register_self(new: NewSeeker, *, station_id: int, actor: Actor | None = None, pin_hash: str = "") -> SeekerRef:
    """Register somebody who does it alone on a phone, at the station they chose: unverified until the card was seen.

    The author is the seeker's own new account, which signs in with `pin_hash` (`db.pins`). A phone that somebody else has,
    too, is no hindrance: who it is shows at the counter. RegisteredAlready: the document is registered. UnderAge and
    other rules as of `register_seeker`; the caller counts a child (`refuse_child_online`).
    """
    return await _register_self(new, station_id, actor, pin_hash)


async def _register_self(new: NewSeeker, station_id: int, actor: Actor | None, pin_hash: str) -> SeekerRef:
    identity = parse_identity(new.id_type, new.id_number, today=today())
    for row in await queries.duplicates(id_type=new.id_type.value, id_number=identity.number):
        raise RegisteredAlready(row["id"])
    station = await _open_station(station_id)
    seeker_id, number = new_id(), await _next_number(station)
    own = Actor(new_id(), mask_name(new.name), Role.WORKER, f"wkr-{number.lower()}", station["id"], seeker_id=seeker_id)
    await insert_account(own, phone_index="", actor=actor, password_hash=pin_hash)
    return await _write(seeker_id, number, new, station, author=own, actor=actor or own, online=True)


@action
async def _register(new: NewSeeker, source: Origin, *, actor: Actor) -> SeekerRef:
    station = await _working_station(actor)
    return await _write(new_id(), "", new, station, author=actor, actor=actor, source=source)


async def _next_number(station: dict) -> str:
    year = today().year
    return seeker_number(year, station["subdistrict"], await next_number(f"seeker:{year}:{station['subdistrict']}"))


async def _write(
    seeker_id: int,
    number: str,
    new: NewSeeker,
    station: dict,
    *,
    author: Actor,
    actor: Actor,
    online: bool = False,
    source: Origin = Origin.COUNTER,
) -> SeekerRef:
    """Check and keep a registration with everything that belongs to it; `number` "" takes the next one."""
    day, moment = today(), now()
    parameters = await legal_parameters()
    checked = check_seeker(
        new,
        today=day,
        child_age=whole(parameters, "child_age", day),
        juvenile_age=whole(parameters, "juvenile_age_upper", day),
        online=online,
    )
    if not online:
        await _refuse_duplicates(new, checked, actor)
    number = number or await _next_number(station)
    row = _row(seeker_id, number, new, checked, author, moment)
    row.source = source.value
    if online:
        row.state, row.source, row.original_seen = SeekerState.SUBMITTED.value, Origin.SELF.value, False
    trades = [SeekerTrade(seeker=seeker_id, trade=code) for code in dict.fromkeys(new.trades)]
    certificates = _certificates(seeker_id, new, moment)
    await together(
        Seeker.insert(row),
        put_name(seeker_id, row.name, row.station),
        *([SeekerTrade.insert(*trades)] if trades else []),
        *([SeekerCertificate.insert(*certificates)] if certificates else []),
        Consent.insert(*_consents(seeker_id, new, checked, station, author, moment)),
    )
    particulars: dict[str, Any] = {"online": True} if online else {}
    await record(
        EventKind.SEEKER_REGISTERED,
        subject="seeker",
        subject_id=seeker_id,
        actor=actor,
        station_id=actor.station_id,
        seeker=number,
        trades=list(dict.fromkeys(new.trades)),
        certificates=[held.type.value for held in new.certificates],
        notice_version=NOTICE_VERSION,
        consent_method=new.consent_method.value if new.consent_method else "",
        juvenile=checked.standing is AgeStanding.JUVENILE,
        by_proxy=new.by_proxy,
        **particulars,
    )
    return SeekerRef(seeker_id, number)


def _row(seeker_id: int, number: str, new: NewSeeker, checked: CheckedSeeker, actor: Actor, moment: datetime) -> Seeker:
    cells, uid = vault(), str(seeker_id)
    id_number, phone = checked.identity.number, checked.phone
    return Seeker(
        id=seeker_id,
        number=number,
        station=actor.station_id,
        name=new.name,
        id_type=new.id_type.value,
        id_number=cells.seal("seeker.id_number", uid, id_number),
        id_index=cells.index("id_number", id_number, new.id_type.value),
        birth_date=checked.birth_date,
        gender=checked.gender,
        phone=cells.seal("seeker.phone", uid, phone),
        phone_index=cells.index("phone", phone),
        phone_tail=cells.index("phone", "".join(ch for ch in phone if ch.isdigit())[-4:], "tail"),
        phone_owner=new.phone_owner,
        subdistrict=new.subdistrict,
        community=new.community,
        education=new.education.value if new.education else "",
        skills=new.skills,
        availability=",".join(dict.fromkeys(new.slots)),
        pay_wish=new.pay_wish,
        max_km=new.max_km,
        pension=new.pension.value if new.pension else "",
        guardian_name=new.guardian_name,
        guardian_phone=cells.seal("seeker.guardian_phone", uid, checked.guardian_phone),
        guardian_consent=new.guardian_consent,
        training_wish=new.training_wish,
        read_aloud=new.read_aloud,
        by_proxy=new.by_proxy,
        original_seen=new.original_seen,
        state=SeekerState.ACTIVE.value,
        confirmed_on=today(),
        created_by=actor.id,
        created_at=moment,
    )


def _certificates(seeker_id: int, new: NewSeeker, moment: datetime) -> list[SeekerCertificate]:
    made = []
    for held in new.certificates:
        certificate_id = new_id()
        sealed = vault().seal("seeker_certificate.number", str(certificate_id), held.number)
        made.append(
            SeekerCertificate(
                id=certificate_id,
                seeker=seeker_id,
                type=held.type.value,
                number=sealed,
                valid_to=held.valid_to,
                recorded_at=moment,
            )
        )
    return made


def _consents(seeker_id: int, new: NewSeeker, checked: CheckedSeeker, station: dict, actor: Actor, moment: datetime) -> list[Consent]:
    """Rows of what was agreed to in the very words that were shown (PIPL arts 14, 17, 23)."""
    imprint = StationImprint(**{name: station[name] for name in StationImprint.__dataclass_fields__})
    wordings = {ConsentPurpose.REGISTRATION: "\n".join((*privacy_notice(imprint, station["operator"]), NOTICE_ACCEPTED))}
    if checked.standing is AgeStanding.JUVENILE:
        wordings[ConsentPurpose.GUARDIAN] = GUARDIAN_CONSENT
    return [
        Consent(
            seeker=seeker_id,
            purpose=purpose.value,
            notice_version=NOTICE_VERSION,
            wording=wording,
            method=new.consent_method.value if new.consent_method else "",
            given_at=moment,
            recorded_by=actor.id,
        )
        for purpose, wording in wordings.items()
    ]


async def _open_station(station_id: int) -> dict:
    """The station somebody chose on their phone. RuleBroken (on `station`) when it takes nobody at the moment."""
    row = await Station.select().where(Station.id == station_id).first()
    if row is None or row["state"] != StationState.OPERATING.value:
        raise RuleBroken("这个驿站现在不办理登记，请换一个驿站。", "station")
    return row


@asked_once
async def _working_station(actor: Actor) -> dict:
    """The actor's station. RuleBroken when it is suspended or the account has none."""
    row = await Station.select().where(Station.id == (actor.station_id or 0)).first()
    if row is None:
        raise RuleBroken("您的账号不属于任何驿站，不能登记。")
    if row["state"] != StationState.OPERATING.value:
        raise RuleBroken(SUSPENDED)
    return row


async def _refuse_duplicates(new: NewSeeker, checked: CheckedSeeker, actor: Actor) -> None:
    identity = checked.identity
    found = await queries.duplicates(id_type=new.id_type.value, id_number=identity.number, phone=checked.phone)
    for row in found:
        own = row["station"] == actor.station_id
        if row["same"] == "id_number":
            where = f"编号{row['number']}，不用再登记" if own else f"在{row['station_name']}，请打电话{row['station_phone']}联系该站"
            raise RuleBroken(f"这个证件已经登记过：{where}。", "id_number")
        if not new.phone_shared:
            who = f"{row['name']}（{row['number']}）" if own else f"{row['station_name']}的{mask_name(row['name'])}"
            raise RuleBroken(f"这个电话已登记给{who}。请核对是不是同一个人；不是的，请勾选“电话相同，不是同一个人”。", "phone")


async def refuse_child(*, actor: Actor, token: str = "") -> None:
    """Count a registration refused for age: a number per station and day, and an entry without any identity.

    `token` is the refused form's; sent twice, the form counts once.
    """
    await _refuse_once(token, actor.station_id or 0, actor)


async def refuse_child_online(station_id: int, *, token: str = "") -> None:
    """The same for somebody on a phone who chose this station; nobody is named, the system signs the entry."""
    await _refuse_once(token, station_id, None)


async def _refuse_once(token: str, station_id: int, actor: Actor | None) -> None:
    once = f"u:{token}" if token else ""
    if once and await earlier_location(once) is not None:
        return
    try:
        await _count_refusal(once, station_id, actor)
    except ConstraintViolated:
        if not once:
            raise


@action
async def _count_refusal(once: str, station_id: int, actor: Actor | None) -> None:
    day = today()
    if once:
        await remember_submission(once, "", actor=actor)
    row = (
        await RefusalCount.select(RefusalCount.id, RefusalCount.refusals)
        .where(RefusalCount.station == station_id, RefusalCount.day == day)
        .first()
    )
    if row is None:
        await RefusalCount.insert(RefusalCount(station=station_id, day=day, refusals=1))
    else:
        await RefusalCount.update({RefusalCount.refusals: row["refusals"] + 1}).where(RefusalCount.id == row["id"])
    await record(
        EventKind.SEEKER_REFUSED,
        subject="station",
        subject_id=station_id,
        actor=actor,
        station_id=station_id,
        day=day,
    )


@action
async def confirm_seeker(seeker_id: int, *, actor: Actor, how: ConfirmedHow = ConfirmedHow.COUNTER) -> None:
    """Somebody spoke with the person, who still looks for work: fresh for another 90 days, awake again if dormant."""
    row = await Seeker.select(Seeker.number, Seeker.station, Seeker.state, Seeker.restricted_until).where(Seeker.id == seeker_id).first()
    if row is None or row["state"] in (SeekerState.CLOSED.value, SeekerState.ANONYMISED.value):
        raise RuleBroken(_CLOSED)
    state = SeekerState(row["state"])
    if state is SeekerState.SUBMITTED:
        raise RuleBroken("还没有核对证件原件：请先请本人带证件来，点“核对证件”。")
    restricted = state is SeekerState.RESTRICTED and (row["restricted_until"] or today()) >= today()
    after = state if restricted else SeekerState.ACTIVE
    values: dict[Any, Any] = {
        Seeker.confirmed_on: today(),
        Seeker.confirmed_by: actor.id,
        Seeker.confirmed_how: how.value,
        Seeker.state: after.value,
    }
    await Seeker.update(values).where(Seeker.id == seeker_id)
    await record(
        EventKind.SEEKER_CONFIRMED,
        subject="seeker",
        subject_id=seeker_id,
        actor=actor,
        station_id=row["station"],
        seeker=row["number"],
        old_state=state.value,
        new_state=after.value,
    )


@action
async def see_identity(seeker_id: int, *, actor: Actor, id_number: str | None = None) -> None:
    """Staff of any station saw the card: a self-registration counts from now on, and what was applied for goes forward.

    `id_number` as read from the card must be the registered one (RuleBroken on `id_number`). RuleBroken when there is nothing
    to verify.
    """
    columns = (Seeker.number, Seeker.station, Seeker.state, Seeker.id_type, Seeker.id_index)
    row = await Seeker.select(*columns).where(Seeker.id == seeker_id).first()
    if row is None or row["state"] != SeekerState.SUBMITTED.value:
        raise RuleBroken("这份登记不用核对证件了，请刷新页面看一看。")
    if id_number is not None:
        shown = parse_identity(IdType(row["id_type"]), id_number, today=today())
        if row["id_index"] not in vault().index_all("id_number", shown.number, row["id_type"]):
            raise RuleBroken("和登记的证件号码不一样。请看是不是本人的证件；登记时填错的，请先修改登记，再来核对。", "id_number")
    moment = now()
    changed = (
        await Seeker.update(
            {
                Seeker.state: SeekerState.ACTIVE.value,
                Seeker.original_seen: True,
                Seeker.identity_seen_by: actor.id,
                Seeker.identity_seen_at: moment,
                Seeker.confirmed_on: today(),
                Seeker.confirmed_by: actor.id,
                Seeker.confirmed_how: ConfirmedHow.COUNTER.value,
            }
        )
        .where(Seeker.id == seeker_id, Seeker.state == SeekerState.SUBMITTED.value)
        .returning(Seeker.id)
    )
    if not changed:
        raise RuleBroken("刚才有人先核对过了，请刷新页面看一看。")
    await record(
        EventKind.SEEKER_IDENTITY_SEEN,
        subject="seeker",
        subject_id=seeker_id,
        actor=actor,
        station_id=row["station"],
        seeker=row["number"],
        old_state=SeekerState.SUBMITTED.value,
        new_state=SeekerState.ACTIVE.value,
        at_station=await station_code(actor.station_id),
    )
    from db.actions import applications  # it knows referrals, which know this room

    await applications.identity_seen(seeker_id, actor=actor)


async def station_code(station_id: int | None) -> str:
    """The public code of a station, "" for none: where something was done for a seeker of whichever station."""
    row = await Station.select(Station.code).where(Station.id == (station_id or 0)).first()
    return row["code"] if row else ""
