"""Questions about workers' phones: who may sign in on one, which a worker has, what a counter's QR has come to."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

from piccolo.columns.combination import Or

from db.clock import now, today
from db.queries.scope import within
from db.queries.seekers import opened_masks, state_now
from db.tables.accounts import Account, Device, EnrolmentTicket, Session
from db.tables.seekers import Seeker
from db.vault import vault
from rules.codes import IdType, SeekerState
from rules.masking import mask_name
from rules.numbers import NumberKind, kind_of, normal
from rules.permissions import Actor

PIN_CHOSEN_WITHIN = timedelta(minutes=10)
"""How long after the two digits the PIN may be chosen, on the same phone."""
OVER = (SeekerState.CLOSED.value, SeekerState.ANONYMISED.value)
_TICKET = (
    EnrolmentTicket.id,
    EnrolmentTicket.seeker,
    EnrolmentTicket.digits,
    EnrolmentTicket.issued_by,
    EnrolmentTicket.issued_at,
    EnrolmentTicket.expires_at,
    EnrolmentTicket.opened_by,
    EnrolmentTicket.confirmed_at,
    EnrolmentTicket.used_at,
)
_FOUND = (
    Seeker.id,
    Seeker.number,
    Seeker.name,
    Seeker.phone,
    Seeker.id_number,
    Seeker.station,
    Seeker.station.name.as_alias("station_name"),
    Seeker.state,
    Seeker.confirmed_on,
    Seeker.restricted_until,
    Seeker.source,
    Seeker.created_at,
)


def device_key(token: str) -> str:
    """What the table keeps of a phone's cookie."""
    return hashlib.sha256(b"device:" + token.encode()).hexdigest()


def ticket_key(token: str) -> str:
    """What the table keeps of the secret in a QR."""
    return hashlib.sha256(b"enrol:" + token.encode()).hexdigest()


def ticket_token(ticket_id: int) -> str:
    """The secret in the QR of a ticket: follows from its id with a key of the key file, so that it is stored nowhere."""
    return vault().index("enrolment", str(ticket_id)).partition(".")[2]


async def people_of_device(token: str) -> list[dict[str, Any]]:
    """Who may sign in on the phone with this cookie, the last one first: masked name, and until when the phone pauses."""
    if not 20 <= len(token) <= 100:
        return []
    return (
        await Device.select(
            Device.id,
            Device.account,
            Device.account.name.as_alias("name"),
            Device.account.seeker.as_alias("seeker"),
            Device.locked_until,
            Device.seen_at,
        )
        .where(
            Device.key == device_key(token),
            Device.revoked_at.is_null(),
            Device.expires_at > now(),
            Device.account.active.eq(True),
            Device.account.password_hash != "",
        )
        .order_by(Device.seen_at, ascending=False)
        .limit(12)
    )


async def knows_device(token: str) -> bool:
    """Whether the phone was ever enrolled for anybody, even if that is over: it is told so, not asked to register."""
    return 20 <= len(token) <= 100 and await Device.exists().where(Device.key == device_key(token))


async def devices_of(account_id: int) -> list[dict[str, Any]]:
    """The phones on which this account may sign in now, newest first; `handle` names one in an address."""
    rows = (
        await Device.select(Device.id, Device.key, Device.label, Device.enrolled_at, Device.seen_at, Device.locked_until)
        .where(Device.account == account_id, Device.revoked_at.is_null(), Device.expires_at > now())
        .order_by(Device.id, ascending=False)
        .limit(50)
    )
    return [{**row, "handle": row["key"][:16]} for row in rows]


async def account_of_seeker(seeker_id: int) -> dict[str, Any] | None:
    """The seeker's account: id, whether a PIN is set; None when there is none yet."""
    row = await Account.select(Account.id, Account.password_hash).where(Account.seeker == seeker_id).first()
    return {"id": row["id"], "has_pin": bool(row["password_hash"])} if row else None


async def enrolled_since(key: str, since: datetime) -> int:
    """How many workers a phone was enrolled for since then: more than three a day is looked into."""
    return await Device.count().where(Device.key == key, Device.enrolled_at > since)


async def person_for_enrolment(number: str) -> dict[str, Any] | None:
    """A seeker of any station of the district by exact number, everything masked (domain reference 9, rule 7)."""
    row = await Seeker.select(*_FOUND).where(Seeker.number == normal(number)).first()
    return _masked(row) if row else None


async def people_meant(word: str) -> list[dict[str, Any]]:
    """Seekers of any station whose number, whole phone or whole document number was typed; at most five, masked."""
    cells, typed = vault(), normal(word)
    if kind_of(typed) is NumberKind.SEEKER:
        condition: Any = Seeker.number == typed
    else:
        digits = "".join(letter for letter in typed if letter.isalnum())
        if not 7 <= len(digits) <= 30:
            return []
        documents = [each for kind in IdType for each in cells.index_all("id_number", digits, kind.value)]
        condition = Or(Seeker.phone_index.is_in(cells.index_all("phone", digits)), Seeker.id_index.is_in(documents))
    rows = await Seeker.select(*_FOUND).where(condition, Seeker.state.not_in(list(OVER))).order_by(Seeker.id).limit(5)
    return [_masked(row) for row in rows]


def _masked(row: dict[str, Any]) -> dict[str, Any]:
    masks = opened_masks(row)
    shown = {name: value for name, value in row.items() if name not in ("phone", "id_number")}
    return {
        **shown,
        "name": mask_name(row["name"]),
        "phone_masked": masks["phone"],
        "id_masked": masks["id_number"],
        "state_now": state_now(row, today()),
    }


async def ticket_of(ticket_id: int, seeker_id: int, actor: Actor) -> dict[str, Any] | None:
    """The QR this very person offered for this seeker; nobody else's."""
    return (
        await EnrolmentTicket.select(*_TICKET)
        .where(EnrolmentTicket.id == ticket_id, EnrolmentTicket.seeker == seeker_id, EnrolmentTicket.issued_by == actor.id)
        .first()
    )


async def ticket_scanned(token: str) -> dict[str, Any] | None:
    """The ticket of a scanned QR while it may still be used: its minute is not over, or its digits were just confirmed."""
    if not 16 <= len(token) <= 64:
        return None
    moment = now()
    return (
        await EnrolmentTicket.select(*_TICKET)
        .where(
            EnrolmentTicket.key == ticket_key(token),
            EnrolmentTicket.used_at.is_null(),
            Or(
                EnrolmentTicket.confirmed_at.is_null() & (EnrolmentTicket.expires_at > moment) & (EnrolmentTicket.opened_by == ""),
                EnrolmentTicket.confirmed_at > moment - PIN_CHOSEN_WITHIN,
            ),
        )
        .first()
    )


async def person_on_ticket(seeker_id: int) -> dict[str, Any]:
    """Whom the phone is enrolled for, as the phone shows it: surname and masked number. LookupError if unknown."""
    row = await Seeker.select(*_FOUND).where(Seeker.id == seeker_id).first()
    if row is None:
        raise LookupError(seeker_id)
    return _masked(row)


async def unverified_at(scope: Any) -> int:
    """How many self-registrations wait for the card in the asker's reach; counting stops at 1000."""
    rows = await Seeker.select(Seeker.id).where(within(scope, Seeker.station), Seeker.state == SeekerState.SUBMITTED.value).limit(1000)
    return len(rows)


async def opened_guesses(seeker_id: int) -> dict[str, Any]:
    """What an easy PIN of this person would be made of: birth date, phones, document number. LookupError if unknown."""
    row = (
        await Seeker.select(Seeker.id, Seeker.birth_date, Seeker.phone, Seeker.guardian_phone, Seeker.id_number)
        .where(Seeker.id == seeker_id)
        .first()
    )
    if row is None:
        raise LookupError(seeker_id)
    cells = vault()
    plain = {name: cells.open(f"seeker.{name}", str(seeker_id), row[name] or "") for name in ("phone", "guardian_phone", "id_number")}
    return {"birth": row["birth_date"], "phones": (plain["phone"], plain["guardian_phone"]), "id_number": plain["id_number"]}


async def device_of_session(key: str) -> int:
    """The phone a session runs on; 0 for one without."""
    row = await Session.select(Session.device).where(Session.key == key).first()
    return (row["device"] or 0) if row else 0


def outcome_of(ticket: dict[str, Any], moment: datetime) -> str:
    """What has become of a QR: used, confirmed, wrong, late or waiting."""
    if ticket["used_at"]:
        return "used"
    if ticket["confirmed_at"]:
        return "confirmed" if ticket["confirmed_at"] > moment - PIN_CHOSEN_WITHIN else "late"
    if ticket["opened_by"]:
        return "wrong"
    return "waiting" if ticket["expires_at"] > moment else "late"
