"""Registering seekers and confirming that they still look for work. Of a refused child nothing is kept but a number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from db.actions.accounts import remember_submission
from db.actions.journal import record
from db.clock import now, today
from db.errors import ConstraintViolated
from db.ids import new_id
from db.numbers import next_number
from db.queries import seekers as queries
from db.queries.accounts import earlier_location
from db.queries.parameters import legal_parameters
from db.tables.seekers import Consent, RefusalCount, Seeker, SeekerCertificate, SeekerTrade
from db.tables.stations import Station
from db.transaction import action, in_transaction
from db.vault import vault
from rules.ages import AgeStanding
from rules.codes import SeekerState, StationState
from rules.documents import StationImprint, privacy_notice
from rules.errors import RuleBroken
from rules.journal import EventKind
from rules.masking import mask_name
from rules.numbers import seeker_number
from rules.parameters import whole
from rules.permissions import Actor
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

SUSPENDED = "本站正在停业整改，暂停登记、发布和推荐。"
_CLOSED = "该求职者的档案已注销，请先重新登记。"


@dataclass(frozen=True, slots=True)
class SeekerRef:
    """A registered seeker: the row and the public number."""

    id: int
    number: str


async def register_seeker(new: NewSeeker, *, actor: Actor) -> SeekerRef:
    """Register a seeker at the actor's station with trades, certificates and consent.

    RuleBroken (or RulesBroken) as of `rules.seekers.check_seeker`, and when the document is registered already or the
    phone belongs to another seeker and nobody said that this is another person. UnderAge: nothing is kept but the
    count of refusals; inside a transaction of the caller, the caller counts (`refuse_child`), because this one is undone.
    """
    try:
        return await _register(new, actor=actor)
    except UnderAge:
        if not in_transaction():
            await refuse_child(actor=actor)
        raise


@action
async def _register(new: NewSeeker, *, actor: Actor) -> SeekerRef:
    station = await _working_station(actor)
    day, moment = today(), now()
    parameters = await legal_parameters()
    checked = check_seeker(
        new,
        today=day,
        child_age=whole(parameters, "child_age", day),
        juvenile_age=whole(parameters, "juvenile_age_upper", day),
    )
    await _refuse_duplicates(new, checked, actor)
    seeker_id = new_id()
    number = seeker_number(day.year, station["subdistrict"], await next_number(f"seeker:{day.year}:{station['subdistrict']}"))
    await Seeker.insert(_row(seeker_id, number, new, checked, actor, moment))
    await SeekerTrade.insert(*(SeekerTrade(seeker=seeker_id, trade=code) for code in dict.fromkeys(new.trades)))
    for held in new.certificates:
        certificate_id = new_id()
        sealed = vault().seal("seeker_certificate.number", str(certificate_id), held.number)
        await SeekerCertificate.insert(
            SeekerCertificate(
                id=certificate_id,
                seeker=seeker_id,
                type=held.type.value,
                number=sealed,
                valid_to=held.valid_to,
                recorded_at=moment,
            )
        )
    await _keep_consent(seeker_id, new, checked, station, actor, moment)
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


async def _keep_consent(seeker_id: int, new: NewSeeker, checked: CheckedSeeker, station: dict, actor: Actor, moment: datetime) -> None:
    """Keep what was agreed to in the very words that were shown (PIPL arts 14, 17, 23)."""
    imprint = StationImprint(**{name: station[name] for name in StationImprint.__dataclass_fields__})
    wordings = {ConsentPurpose.REGISTRATION: "\n".join((*privacy_notice(imprint, station["operator"]), NOTICE_ACCEPTED))}
    if checked.standing is AgeStanding.JUVENILE:
        wordings[ConsentPurpose.GUARDIAN] = GUARDIAN_CONSENT
    for purpose, wording in wordings.items():
        await Consent.insert(
            Consent(
                seeker=seeker_id,
                purpose=purpose.value,
                notice_version=NOTICE_VERSION,
                wording=wording,
                method=new.consent_method.value if new.consent_method else "",
                given_at=moment,
                recorded_by=actor.id,
            )
        )


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
    once = f"u:{token}" if token else ""
    if once and await earlier_location(once) is not None:
        return
    try:
        await _count_refusal(once, actor=actor)
    except ConstraintViolated:
        if not once:
            raise


@action
async def _count_refusal(once: str, *, actor: Actor) -> None:
    day = today()
    if once:
        await remember_submission(once, "", actor=actor)
    row = (
        await RefusalCount.select(RefusalCount.id, RefusalCount.refusals)
        .where(RefusalCount.station == (actor.station_id or 0), RefusalCount.day == day)
        .first()
    )
    if row is None:
        await RefusalCount.insert(RefusalCount(station=actor.station_id, day=day, refusals=1))
    else:
        await RefusalCount.update({RefusalCount.refusals: row["refusals"] + 1}).where(RefusalCount.id == row["id"])
    await record(
        EventKind.SEEKER_REFUSED,
        subject="station",
        subject_id=actor.station_id or 0,
        actor=actor,
        station_id=actor.station_id,
        day=day,
    )


@action
async def confirm_seeker(seeker_id: int, *, actor: Actor) -> None:
    """Somebody spoke with the person, who still looks for work: fresh for another 90 days, awake again if dormant."""
    row = await Seeker.select(Seeker.number, Seeker.station, Seeker.state, Seeker.restricted_until).where(Seeker.id == seeker_id).first()
    if row is None or row["state"] == SeekerState.CLOSED.value:
        raise RuleBroken(_CLOSED)
    state = SeekerState(row["state"])
    restricted = state is SeekerState.RESTRICTED and (row["restricted_until"] or today()) >= today()
    after = state if restricted else SeekerState.ACTIVE
    await Seeker.update({Seeker.confirmed_on: today(), Seeker.state: after.value}).where(Seeker.id == seeker_id)
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
async def note_form_opened(seeker_id: int, *, actor: Actor) -> None:
    """The registration form with the whole document number was opened again after the day of the registration."""
    row = await Seeker.select(Seeker.number, Seeker.station).where(Seeker.id == seeker_id).first()
    if row is not None:
        await record(
            EventKind.REVEALED,
            subject="seeker",
            subject_id=seeker_id,
            actor=actor,
            station_id=row["station"],
            seeker=row["number"],
            purpose="打印求职登记表",
        )
