"""Which database this installation keeps its records in.

`DATABASE_URL` unset: SQLite in `$STATION_DATA/station.db` (./data by default), one web process.
`DATABASE_URL=postgresql://user:password@host:5432/name`: PostgreSQL, several web processes.
Both engines offer the same: Piccolo queries, `transaction()`, `writing()`, `reading()`, `version()`, `public_version()`,
`start_connection_pool()` and `close_connection_pool()`, and raise only the errors of `db.errors`.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

if TYPE_CHECKING:
    from db.engine.postgres import StationPostgres
    from db.engine.sqlite import StationSQLite


def data_folder() -> Path:
    """The folder of this installation's own files: `STATION_DATA`, or ./data."""
    return Path(os.environ.get("STATION_DATA") or "data")


def engine_from_environment() -> StationSQLite | StationPostgres:
    """The engine `DATABASE_URL` and `STATION_DATA` name; nothing is opened yet.

    ValueError: a DATABASE_URL that is not PostgreSQL.
    """
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        from db.engine.sqlite import StationSQLite

        return StationSQLite(path=str(data_folder() / "station.db"))
    if urlsplit(url).scheme not in ("postgres", "postgresql"):
        raise ValueError("DATABASE_URL must start with postgresql:// (leave it unset for SQLite)")
    from db.engine.postgres import StationPostgres

    return StationPostgres(config=postgres_config(url))


PLANNER = {"random_page_cost": "1.1"}
"""What PostgreSQL's planner is told. Its default thinks of disks that turn: it would rather read a table of people whole than look
up the few hundred of one month, which costs more with every year the station works."""


def postgres_config(url: str) -> dict[str, object]:
    """asyncpg's connection settings out of a postgresql:// address.

    `?pgbouncer=1` turns prepared statements off, for transaction pooling; what the planner is told then belongs to the database
    itself (`ALTER DATABASE … SET random_page_cost = 1.1`), as a bouncer passes no settings on.
    """
    parts = urlsplit(url)
    config: dict[str, object] = {
        "host": parts.hostname or "localhost",
        "port": parts.port or 5432,
        "user": unquote(parts.username or "") or None,
        "database": unquote(parts.path.lstrip("/")) or None,
        "command_timeout": 30,
    }
    if parts.password:
        config["password"] = unquote(parts.password)
    if dict(parse_qsl(parts.query)).get("pgbouncer") == "1":
        config["statement_cache_size"] = 0
    else:
        config["server_settings"] = PLANNER
    return config
