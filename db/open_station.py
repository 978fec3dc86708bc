"""Opens a station from a YAML file: `python -m db.open_station FILE`. docs/station.yaml is one to fill in."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import yaml

from db.actions.stations import StationRef, open_station
from piccolo_conf import DB
from rules.codes import BuildMode, OperationMode
from rules.errors import RuleBroken, RulesBroken
from rules.stations import Facility, NewStation


def station_of(row: dict[str, Any]) -> NewStation:
    """The station a file describes. KeyError, TypeError or ValueError name what does not fit."""
    values = {
        **row,
        "build_mode": BuildMode(row["build_mode"]),
        "operation_mode": OperationMode(row["operation_mode"]),
        "subdistrict": str(row["subdistrict"]),
        "facilities": tuple(Facility(facility) for facility in row.get("facilities", ())),
    }
    return NewStation(**values)


async def _open(new: NewStation) -> StationRef:
    await DB.start_connection_pool()
    try:
        return await open_station(new, actor=None)
    finally:
        await DB.close_connection_pool()


def main() -> None:
    """Open it and print its code; or one sentence for each thing that does not fit."""
    if len(sys.argv) != 2:
        sys.exit("usage: python -m db.open_station FILE")
    try:
        station = asyncio.run(_open(station_of(yaml.safe_load(Path(sys.argv[1]).read_text()))))
    except RuleBroken as broken:
        sys.exit("\n".join(each.message for each in (broken.broken if isinstance(broken, RulesBroken) else [broken])))
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        sys.exit(f"The file does not describe a station: {error}")
    print(f"Opened {station.code}.")


if __name__ == "__main__":
    main()
