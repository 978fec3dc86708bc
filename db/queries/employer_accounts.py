"""Questions about the accounts with which employers sign in by phone and password."""

from __future__ import annotations

from typing import Any

from db.queries.accounts import actor_of
from db.tables.accounts import Account
from db.vault import vault
from rules.permissions import Actor, Role

_ACTOR = (
    Account.id,
    Account.login,
    Account.name,
    Account.role,
    Account.station,
    Account.operator,
    Account.subdistrict,
    Account.seeker,
    Account.employer,
)

MOST_PER_PHONE = 5
"""One phone may belong to several employers (an agent of two firms); more than these are not looked at."""


async def account_of_employer(employer_id: int) -> dict[str, Any] | None:
    """The employer's account, in use or not: id, active, since when, until when its initial password is good."""
    return (
        await Account.select(Account.id, Account.active, Account.created_at, Account.password_changed_at, Account.password_expires_at)
        .where(Account.employer == employer_id)
        .first()
    )


async def actor_of_employer(employer_id: int) -> Actor | None:
    """The employer as the journal knows it; None while it has no account in use."""
    row = await Account.select(*_ACTOR).where(Account.employer == employer_id, Account.active.eq(True)).first()
    return actor_of(row) if row else None


async def accounts_with_phone(phone: str) -> list[dict[str, Any]]:
    """The accounts in use of employers registered with this phone, newest first, with password hash and its end."""
    return (
        await Account.select(*_ACTOR, Account.password_hash, Account.password_expires_at)
        .where(
            Account.role == Role.EMPLOYER.value,
            Account.phone_index.is_in(vault().index_all("phone", phone)),
            Account.active.eq(True),
            Account.password_hash != "",
        )
        .order_by(Account.id, ascending=False)
        .limit(MOST_PER_PHONE)
    )
