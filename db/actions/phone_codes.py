"""Six-digit codes sent to a phone: they prove that whoever typed the number holds the phone, and nothing else.

A code is bound to the browser that asked and to what it asked for. Limits keep the gateway from being pumped.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta
from typing import Any, Protocol

from db.clock import now
from db.ids import new_id
from db.queries.accounts import failures_since
from db.tables.accounts import PhoneCode, SignInFailure
from db.transaction import action
from db.vault import vault
from rules.errors import RuleBroken

GOOD_FOR = timedelta(minutes=5)
TRIES = 5
GAP = timedelta(seconds=60)
PER_PHONE_A_DAY = 5
PER_ADDRESS_AN_HOUR = 20
PER_SITE_A_DAY = 500
WRONG = "验证码不对或者已经过期，请核对短信；不行就重新获取。"


class Carrier(Protocol):
    """What carries a message to a phone."""

    async def send(self, phone: str, text: str) -> None:
        """Send `text`; raises when it was not taken."""


def _hash(code_id: int, code: str) -> str:
    return vault().index("phone-code", f"{code_id}{code}").partition(".")[2]


async def send_code(phone: str, purpose: str, *, bound_to: str, address: str, carrier: Carrier, real: bool = True) -> None:
    """Send a code to `phone` (form of `rules.identity.parse_phone`) for `purpose`, good for five minutes in this browser.

    `real` False goes through the same steps without a message: an unknown phone must look like a known one.
    RuleBroken, on `phone`, when one of the limits is reached.
    """
    code = f"{secrets.randbelow(1_000_000):06d}"
    await _keep_code(phone, purpose, code, bound_to=bound_to, address=address)
    if real:
        await carrier.send(phone, f"零工驿站验证码{code}，5分钟内有效。不是您本人操作的，请不要理会，也不要告诉别人。")


@action
async def _keep_code(phone: str, purpose: str, code: str, *, bound_to: str, address: str) -> None:
    moment, kept = now(), vault().index_all("phone", phone)
    day = moment - timedelta(days=1)
    latest = await PhoneCode.select(PhoneCode.sent_at).where(PhoneCode.phone_index.is_in(kept), PhoneCode.sent_at > day)
    if any(row["sent_at"] > moment - GAP for row in latest):
        raise RuleBroken("刚刚发过一条，请等一分钟再获取。", "phone")
    if len(latest) >= PER_PHONE_A_DAY:
        raise RuleBroken("这个号码今天获取得太多了，请明天再试，或者到驿站办理。", "phone")
    from_here = vault().index("code-address", address or "unknown")
    crowded = await failures_since([from_here], moment - timedelta(hours=1)) >= PER_ADDRESS_AN_HOUR
    if crowded or await PhoneCode.count().where(PhoneCode.sent_at > day) >= PER_SITE_A_DAY:
        raise RuleBroken("现在获取的人太多，请过一会儿再试，或者到驿站办理。", "phone")
    code_id = new_id()
    await PhoneCode.insert(
        PhoneCode(
            id=code_id,
            phone_index=vault().index("phone", phone),
            purpose=purpose,
            bound_to=bound_to[:64],
            code_hash=_hash(code_id, code),
            sent_at=moment,
            expires_at=moment + GOOD_FOR,
        )
    )
    await SignInFailure.insert(SignInFailure(key=from_here, at=moment))


async def accept_code(phone: str, purpose: str, code: str, *, bound_to: str) -> None:
    """Use the latest code up; five tries. RuleBroken on `code` when it is wrong, used, late or another browser's."""
    if not await _use_code(phone, purpose, code, bound_to=bound_to):
        raise RuleBroken(WRONG, "code")


@action
async def _use_code(phone: str, purpose: str, code: str, *, bound_to: str) -> bool:
    moment = now()
    row = (
        await PhoneCode.select(PhoneCode.id, PhoneCode.code_hash, PhoneCode.tries)
        .where(
            PhoneCode.phone_index.is_in(vault().index_all("phone", phone)),
            PhoneCode.purpose == purpose,
            PhoneCode.bound_to == bound_to[:64],
            PhoneCode.expires_at > moment,
            PhoneCode.used_at.is_null(),
        )
        .order_by(PhoneCode.id, ascending=False)
        .first()
    )
    if row is None or row["tries"] >= TRIES:
        return False
    right = len(code) == 6 and code.isascii() and code.isdigit() and hmac.compare_digest(_hash(row["id"], code), row["code_hash"])
    changes: dict[Any, Any] = {PhoneCode.tries: row["tries"] + 1, **({PhoneCode.used_at: moment} if right else {})}
    taken = (
        await PhoneCode.update(changes)
        .where(PhoneCode.id == row["id"], PhoneCode.tries == row["tries"], PhoneCode.used_at.is_null())
        .returning(PhoneCode.id)
    )
    return right and bool(taken)
