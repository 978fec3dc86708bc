"""李小明 unloaded for 湖滨物流 from 29 November to 1 December; start and end are written down, the hours wrongly."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from db.actions.accounts import session_key
from db.actions.placements import end_placement, place
from db.clock import CHINA, at, now
from db.tables.accounts import Session
from rules.codes import EndedHow, ReferralState, StartEvidence
from tests.cast import PEOPLE
from tests.visitor import Visitor
from tests.web.agreement_scene import TERMS, Scene, put_scene

NUMBER = "T26120100001"
PLACE = f"/desk/referrals/{NUMBER}/placement"
THREE_DAYS = replace(TERMS, start_date=date(2026, 11, 29), end_date=date(2026, 12, 1))


@pytest.fixture
def gave_password() -> Any:
    """`await gave_password(person)`: the person gave the password a moment ago, as a correction asks for."""

    async def give(person: Visitor) -> None:
        await Session.update({Session.confirmed_at: now()}).where(Session.key == session_key(f"token-of-{person.account.login}"))

    return give


@pytest.fixture
async def placement(house) -> int:
    """The work as it was written down; its id."""
    with at(datetime(2026, 11, 29, 9, 0, tzinfo=CHINA)):
        scene: Scene = await put_scene(state=ReferralState.CONFIRMED, headcount=2, terms=THREE_DAYS)
        placed = await place(
            scene.referral, StartEvidence.EMPLOYER_CONFIRMATION, date(2026, 11, 29), "周经理电话确认", actor=PEOPLE["chen"]
        )
    await end_placement(placed, EndedHow.COMPLETED, date(2026, 12, 1), None, "", 1440, None, None, None, actor=PEOPLE["chen"])
    return placed


@pytest.fixture
def corrects(gave_password) -> Any:
    """`await corrects(person, "placement", "started_on", "2026-11-30")`: the form from the page, filled in and sent."""

    async def send(person: Visitor, record: str, field: str, new: str, *, status: int = 303, row: int | None = None, **more: str) -> Any:
        await gave_password(person)
        number = more.pop("number", NUMBER)
        await person.reads(f"/desk/corrections/new?record={record}&number={number}&field={field}" + (f"&row=r{row}" if row else ""))
        fields = {"new": new, "reason": "看了雇主的考勤本，原来记错了", **more}
        return await person.sends("/desk/corrections", status=status, **fields)

    return send
