"""Registering oneself on a phone, in one transaction: limits, the record, the phone, the session."""

from __future__ import annotations

import secrets

from db.actions.alerts import raise_alert
from db.actions.devices import count_registration, enrol
from db.actions.seekers import RegisteredAlready, register_self
from db.queries.accounts import actor_of_seeker
from db.tables.seekers import Seeker
from db.tables.stations import Station
from db.transaction import action
from rules.codes import AlertKind
from rules.errors import RuleBroken
from rules.seekers import NewSeeker


@action
async def register_on_phone(
    new: NewSeeker, *, station_code: str, pin_hash: str, browser: str, label: str, address: str, old_key: str | None = None
) -> str:
    """Register somebody at the station of this code and make this phone theirs; gives the session token.

    A document that is registered already opens nothing and is not said to be there: the answer is a token of the same look
    that is no session, and the station is told. RuleBroken as of `register_self`; TooMany.
    """
    await count_registration(browser, address)
    station = await Station.select(Station.id).where(Station.code == station_code).first()
    if station is None:
        raise RuleBroken("请选择一个驿站。", "station")
    try:
        ref = await register_self(new, station_id=station["id"], pin_hash=pin_hash)
    except RegisteredAlready as already:
        known = await Seeker.select(Seeker.number).where(Seeker.id == already.seeker_id).first()
        await raise_alert(
            AlertKind.NEW_REGISTRATION,
            station_id=station["id"],
            subject="seeker",
            subject_id=already.seeker_id,
            duplicate=True,
            seeker=known["number"] if known else "",
        )
        return secrets.token_urlsafe(32)
    worker = await actor_of_seeker(ref.id)
    assert worker is not None
    return await enrol(worker, browser=browser, label=label, old_key=old_key)
