"""What the record says of a simulated morning: `python -m bench.morning_record FOLDER` prints one JSON object.

FOLDER holds `signed.json` (what the desks were told was done) and `sheets.json` (the printed sheets, read back).
The order is worked out here once more from times and tickets alone, not with the product's own functions.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

from db.queries.referrals import _HELD
from db.tables.attendance import Call, SignIn
from db.tables.jobs import Job
from db.tables.referrals import Referral
from db.tables.seekers import SeekerTrade
from db.verify_journal import verify
from piccolo_conf import DB

_LINE = re.compile(r"^\s*(\d+)\s+(\d{3,4})\s+零工\S*\s+\d+\s+[\d-]+\s+(\d\d:\d\d:\d\d)", re.M)


async def _looked(folder: Path) -> dict[str, Any]:
    signed = json.loads((folder / "signed.json").read_text())
    sheets = json.loads((folder / "sheets.json").read_text())
    rows = await SignIn.select(
        SignIn.id,
        SignIn.station,
        SignIn.ticket,
        SignIn.seeker,
        SignIn.seeker.number.as_alias("number"),
        SignIn.arrived_at,
        SignIn.signed_at,
    )
    there = Counter(row["number"] for row in rows)
    told = {number for numbers in signed.values() for number in numbers}
    held = await Referral.select(Referral.seeker, Referral.job).where(Referral.state.is_in(list(_HELD)))
    heads = {row["id"]: row["headcount"] for row in await Job.select(Job.id, Job.headcount)}
    per_job = Counter(row["job"] for row in held)
    walk, broken = await verify()
    return {
        "signed_in": len(rows),
        "missing": len(told - set(there)),
        "twice": sum(count > 1 for count in there.values()),
        "held": len(held),
        "hands": sum(heads.values()),
        "double": sum(count > 1 for count in Counter(row["seeker"] for row in held).values()),
        "over": sum(count > heads[job] for job, count in per_job.items()),
        "past": await _called_past(rows),
        "sheet_lines": sum(len(_LINE.findall(text)) for text in sheets.values()),
        "sheets_differ": sum(_differs(text) for text in sheets.values()),
        "entries": walk.count,
        "verifies": broken is None,
    }


def _differs(text: str) -> bool:
    """Whether the order on the sheet is another one than arrival to the second, then ticket, makes of the same lines."""
    lines = [(int(place), int(ticket), arrived) for place, ticket, arrived in _LINE.findall(text)]
    again = sorted(lines, key=lambda line: (line[2], line[1]))
    return not lines or [line[1] for line in sorted(lines)] != [line[1] for line in again]


async def _called_past(rows: list[dict[str, Any]]) -> int:
    """How often somebody was called while another one stood in front who looked for that trade and was not passed over."""
    calls = await Call.select(
        Call.id, Call.station, Call.sign_in, Call.job, Call.job.trade.as_alias("trade"), Call.kind, Call.named,
        Call.made_at, Call.answer, Call.answered_at,
    ).order_by(Call.made_at)  # fmt: skip
    trades: dict[int, set[str]] = {}
    for row in await SeekerTrade.select(SeekerTrade.seeker, SeekerTrade.trade):
        trades.setdefault(row["seeker"], set()).add(row["trade"])
    place = {row["id"]: (row["arrived_at"].replace(microsecond=0), row["ticket"]) for row in rows}
    busy: dict[int, list[tuple[datetime, datetime | None]]] = {}
    passed: dict[tuple[int, int], datetime] = {}
    for call in calls:
        if call["kind"] == "CALL":
            busy.setdefault(call["sign_in"], []).append((call["made_at"], None if call["answer"] == "GOES" else call["answered_at"]))
        if call["kind"] == "SKIP" or call["answer"] in ("ABSENT", "DECLINES"):
            passed[call["sign_in"], call["job"]] = call["made_at"] if call["kind"] == "SKIP" else call["answered_at"]
    wrong = 0
    for call in calls:
        if call["kind"] != "CALL" or call["named"] or call["job"] is None:
            continue
        moment = call["made_at"]
        wrong += any(
            row["station"] == call["station"]
            and place[row["id"]] < place[call["sign_in"]]
            and row["signed_at"] < moment
            and call["trade"] in trades.get(row["seeker"], ())
            and not any(start <= moment and (end is None or moment <= end) for start, end in busy.get(row["id"], ()))
            and passed.get((row["id"], call["job"]), moment) >= moment
            for row in rows
        )
    return wrong


async def _main(folder: Path) -> None:
    await DB.start_connection_pool()
    try:
        print(json.dumps(await _looked(folder)), flush=True)
    finally:
        await DB.close_connection_pool()


if __name__ == "__main__":
    asyncio.run(_main(Path(sys.argv[1])))
