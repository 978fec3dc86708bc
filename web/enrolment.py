"""What the pages that set up an authenticator show: the QR code, and the secret in groups to type."""

from typing import Any

import segno

from db.actions.second_factor import offered_secret
from db.queries.accounts import latest_reset
from db.second_factor import provisioning_uri
from rules.journal import EventKind
from rules.permissions import Actor
from web.request import StationRequest


def in_groups(secret: str) -> str:
    """The secret four letters at a time, as people type it from paper."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def picture(uri: str) -> str:
    """The QR code as a data address: the pages allow pictures from themselves and from data, nothing else."""
    return str(segno.make(uri, error="m", micro=False).svg_data_uri(border=2, scale=5))


async def offered(request: StationRequest, actor: Actor) -> dict[str, Any]:
    """Picture and groups of the secret this session offers, and who last reset the person's authenticator, if anybody."""
    secret = await offered_secret(key=request.session_key or "", actor=actor)
    return {
        "picture": picture(provisioning_uri(secret, actor.login)),
        "groups": in_groups(secret),
        "reset": await latest_reset(actor.id, EventKind.SECOND_FACTOR_RESET),
    }
