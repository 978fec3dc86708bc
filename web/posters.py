"""Wall slips of public posts: printed once per content, kept for the next person who opens the same one."""

import asyncio
from collections import OrderedDict
from datetime import date
from typing import Any

from rules.board import benefit_labels, certificate_labels, days_text, hours_text, place_text, places_left
from rules.codes import PaperKind, PayUnit, SettleCycle
from rules.documents import JobPoster
from rules.money import yuan
from web.papers import printed_pdf, station_imprint
from web.request import StationRequest

KEPT = 64
"""Posters kept in memory, about 60 KB each."""

_printing: OrderedDict[JobPoster, asyncio.Task[bytes]] = OrderedDict()


def poster_of(post: dict[str, Any], *, subdistrict_name: str, public_url: str, sheet: str = "A4") -> JobPoster:
    """The wall slip of a public post (`db.queries.board.post_once_public`), of its published version, on a sheet of A4 or A5."""
    station = {name.removeprefix("station_"): value for name, value in post.items() if name.startswith("station_")}
    valid_to: date = post["valid_to"]
    return JobPoster(
        station=station_imprint(station),
        number=post["number"],
        created=post["published_at"],
        version=post["published_version"] or 1,
        title=post["title"],
        pay_amount=yuan(post["pay_fen"]),
        pay_unit=f"元/{PayUnit.label_of(post['pay_unit'])}",
        settlement=SettleCycle.label_of(post["settle_cycle"]),
        place=place_text(subdistrict_name, post["landmark"]),
        dates=days_text(post["start_date"], post["end_date"]),
        hours=hours_text(post["start_time"], post["end_time"]) or "时间问驿站",
        headcount=places_left(post) or post["headcount"],
        duties=str(post["terms"].get("duties") or ""),
        benefits=benefit_labels(post["benefits"]),
        certificates=certificate_labels(post["certificates"]),
        valid_to=valid_to,
        public_url=public_url,
        sheet=sheet,
    )


async def poster_pdf(request: StationRequest, poster: JobPoster) -> bytes:
    """The PDF of this very poster; two people who ask at once wait for one print. RuleBroken when it does not print."""
    task = _printing.get(poster)
    if task is None or task.get_loop() is not asyncio.get_running_loop():
        task = asyncio.ensure_future(printed_pdf(request, PaperKind.POSTER, poster))
        _printing[poster] = task
        if len(_printing) > KEPT:
            _printing.popitem(last=False)
    _printing.move_to_end(poster)
    try:
        return await asyncio.shield(task)
    except Exception:
        _printing.pop(poster, None)
        raise
