"""Opening a station and editing its rule boards."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from db.actions.journal import record
from db.clock import now, today
from db.numbers import next_number
from db.queries import stations as queries
from db.queries.parameters import legal_parameters
from db.tables.stations import RuleBoard, Station
from db.transaction import action
from rules.board_editing import board_rows, check_effective, edited_board
from rules.codes import BoardKind, StationState
from rules.errors import RuleBroken
from rules.journal import EventKind
from rules.numbers import station_code
from rules.parameters import whole
from rules.permissions import Actor
from rules.stations import NewStation, Office, check_station, supervising_unit


@dataclass(frozen=True, slots=True)
class StationRef:
    """A station by id and public code."""

    id: int
    code: str


@action
async def open_station(new: NewStation, *, actor: Actor | None) -> StationRef:
    """Open a station: code, supervising unit (art. 22) and the first version of its ten boards (art. 12).

    `actor` None is the system (set-up). Raises RulesBroken when it may not open, RuleBroken for an unknown subdistrict.
    """
    check_station(new, whole(await legal_parameters(), "station_min_area_m2", new.opened_on))
    office = await queries.subdistrict_office(new.subdistrict)
    if office is None:
        raise RuleBroken("没有这个街道，请在街道名单里选择。", "subdistrict")
    supervisor = supervising_unit(new.build_mode, Office(office["office"], office["phone"]))
    station = Station(
        code=station_code(new.subdistrict, await next_number(f"station:{new.subdistrict}")),
        name=new.name,
        build_mode=new.build_mode.value,
        operation_mode=new.operation_mode.value,
        operator=new.operator,
        licence_no=new.licence_no,
        subdistrict=new.subdistrict,
        community=new.community,
        address=new.address,
        landmark=new.landmark,
        floor_area_m2=new.floor_area_m2,
        opening_hours=new.opening_hours,
        phone=new.phone,
        complaint_phone=new.complaint_phone,
        manager_name=new.manager_name,
        supervising_unit=supervisor.name,
        supervising_phone=supervisor.phone,
        plaque_no=new.plaque_no,
        legal_point=new.legal_point,
        facilities=json.dumps([facility.value for facility in new.facilities]),
        state=StationState.OPERATING.value,
        opened_on=new.opened_on,
        created_at=now(),
    )
    await Station.insert(station)
    facts = {"id": station.id, "opened_on": new.opened_on, "created_at": station.created_at}
    await RuleBoard.insert(*(_row(facts, queries.standard_version(facts, kind)) for kind in BoardKind))
    await record(
        EventKind.STATION_OPENED,
        subject="station",
        subject_id=station.id,
        actor=actor,
        station_id=station.id,
        code=station.code,
        build_mode=station.build_mode,
        operation_mode=station.operation_mode,
        supervising_unit=station.supervising_unit,
        opened_on=new.opened_on,
    )
    return StationRef(station.id, station.code)


def _row(station: dict[str, Any], version: dict[str, Any]) -> RuleBoard:
    return RuleBoard(
        station=station["id"],
        kind=version["kind"],
        version=version["version"],
        lines=version["lines"],
        effective_from=version["effective_from"],
        edited_by=version["edited_by"],
        created_at=version["created_at"],
    )


@action
async def edit_board(station_id: int, kind: BoardKind, rows: str, effective_from: date, *, based_on: int, actor: Actor) -> int:
    """Keep a new version of a board, in force from `effective_from`; earlier ones stay readable. Its version number.

    `based_on` is the version the person saw. Raises RuleBroken (fields "lines", "effective_from") when the text breaks a
    rule of `rules.board_editing`, when nothing changed, or when somebody else saved a version meanwhile.
    """
    text = board_rows(edited_board(kind, rows))
    check_effective(effective_from, today())
    station = await queries.own_station(station_id)
    if station is None:
        raise RuleBroken("没有找到这个驿站，请重新登录。")
    versions = await queries.board_versions(station, kind)
    latest = versions[0]
    if latest["version"] != based_on:
        raise RuleBroken(f"{latest['edited_by']}刚才保存了第{latest['version']}版。请打开新版看一看，再改一次。")
    if latest["lines"] == text and latest["effective_from"] == effective_from:
        raise RuleBroken("内容和施行日期都没有改动，不用保存。", "lines")
    if latest["version"] == 1 and not await RuleBoard.exists().where(RuleBoard.station == station_id, RuleBoard.kind == kind.value):
        await RuleBoard.insert(_row(station, latest))
    version = latest["version"] + 1
    written = {"kind": kind.value, "version": version, "lines": text, "effective_from": effective_from}
    await RuleBoard.insert(_row(station, {**written, "edited_by": actor.name, "created_at": now()}))
    await record(
        EventKind.BOARD_EDITED,
        subject="station",
        subject_id=station_id,
        actor=actor,
        station_id=station_id,
        board=kind.value,
        version=version,
        effective_from=effective_from,
    )
    return version
