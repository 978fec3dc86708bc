"""People with a password, and entries in their record."""

import pytest

from db.actions.journal import record
from db.passwords import hash_password
from db.tables.accounts import Account
from db.transaction import transact
from rules.journal import EventKind
from tests.cast import LAKE, PEOPLE

PASSWORD = "金银湖边的小站很安静"


@pytest.fixture
async def with_passwords(house) -> None:
    """Everybody has the same password, hashed once."""
    await Account.update({Account.password_hash: await hash_password(PASSWORD)}, force=True)


async def note(kind: EventKind, subject: str = "job", subject_id: int = 1, station: int | None = LAKE, who: str = "chen", **facts) -> int:
    """One entry of the journal."""
    return await transact(record, kind, subject=subject, subject_id=subject_id, actor=PEOPLE[who], station_id=station, **facts)
