"""Where measurements keep their databases: folders under bench/data, on the disk and out of version control."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "bench" / "data"
LOGS = DATA / "logs"


def use(folder: Path) -> Path:
    """Make this process and its children keep their database in `folder`; the path of the database.

    SystemExit: DATABASE_URL is set, because these measurements are about SQLite.
    """
    if os.environ.get("DATABASE_URL"):
        sys.exit("The measurements run on SQLite: please unset DATABASE_URL.")
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["STATION_DATA"] = str(folder)
    os.environ.pop("STATION_ENV", None)
    os.environ.pop("STATION_KEYS", None)
    from piccolo_conf import DB

    DB.path = str(folder / "station.db")
    return folder / "station.db"


def empty(folder: Path) -> Path:
    """`use` with nothing in the folder."""
    shutil.rmtree(folder, ignore_errors=True)
    return use(folder)
