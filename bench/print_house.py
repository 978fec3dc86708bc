"""A station with so many agreements drafted today and its clerk signed in: `python -m bench.print_house COUNT` prints the cookie.

The people are those of the tests; they go into the empty database that the environment names.
"""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import replace
from datetime import timedelta

from db.actions.accounts import session_key
from db.clock import now, today
from db.migrate import migrate
from db.tables.accounts import Session
from piccolo_conf import DB
from tests.cast import PEOPLE, move_in
from tests.web.agreement_scene import TERMS
from tests.web.print_runs.conftest import put_drafts

TOKEN = "the-clerk-of-the-measurement"


async def furnish(count: int) -> None:
    """Stations, people, a post with so many places, an agreement for each, and the clerk's session."""
    await migrate()
    await DB.start_connection_pool()
    await move_in()
    await put_drafts(count, replace(TERMS, start_date=today(), end_date=today() + timedelta(days=2)))
    moment = now()
    await Session.insert(
        Session(
            key=session_key(TOKEN), account=PEOPLE["chen"].id, created_at=moment, seen_at=moment, expires_at=moment + timedelta(hours=12)
        )
    )
    await DB.close_connection_pool()


if __name__ == "__main__":
    asyncio.run(furnish(int(sys.argv[1])))
    print(json.dumps({"cookie": f"sid={TOKEN}"}))
