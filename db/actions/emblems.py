"""The district sets the pictures for papers and boards (art. 5 统一标识); what was before stays in the archive."""

from __future__ import annotations

from db.actions.journal import record
from db.archive import Kept
from db.clock import now
from db.ids import new_id
from db.queries.emblems import emblem_of
from db.tables.documents import Emblem
from db.tables.stations import Station
from db.transaction import action
from rules.codes import EmblemKind
from rules.emblems import Picture, check_size
from rules.errors import RuleBroken
from rules.journal import EventKind
from rules.permissions import Actor


@action
async def set_emblem(kind: EmblemKind, station_id: int | None, picture: Picture, kept: Kept, *, actor: Actor) -> int:
    """Use this picture from now on at one station, or at every one (`station_id` None); its id. Nothing issued changes.

    RuleBroken on `picture`: too small or a strip, or in use already; on `station`: there is none.
    """
    check_size(kind, picture.width, picture.height)
    if station_id is not None:
        if not await Station.exists().where(Station.id == station_id):
            raise RuleBroken("没有这个驿站，请重新选择。", "station")
        before = await emblem_of(station_id, kind)
    else:
        before = (
            await Emblem.select(Emblem.sha256, Emblem.station.as_alias("station_id"))
            .where(Emblem.kind == kind.value)
            .order_by(Emblem.id, ascending=False)
            .first()
        )
        before = before if before and before["station_id"] is None else None
    if before and before["sha256"] == kept.sha256:
        raise RuleBroken("这张图片和现在用的一样，不用再换。", "picture")
    emblem_id = new_id()
    await Emblem.insert(
        Emblem(
            id=emblem_id,
            kind=kind.value,
            station=station_id,
            media_type=picture.media_type,
            width=picture.width,
            height=picture.height,
            size=kept.size,
            sha256=kept.sha256,
            archive_key=kept.key,
            set_by=actor.id,
            set_at=now(),
        )
    )
    await record(
        EventKind.EMBLEM_SET,
        subject="emblem",
        subject_id=emblem_id,
        actor=actor,
        station_id=station_id,
        emblem_kind=kind.value,
        sha256=kept.sha256,
        width_px=picture.width,
        height_px=picture.height,
    )
    return emblem_id
