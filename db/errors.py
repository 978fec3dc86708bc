"""The errors the filing cabinet raises, the same on both engines.

The engines translate every driver error on the way out, so no caller ever sees sqlite3 or asyncpg:
a broken constraint is `ConstraintViolated`, anything that means "not now" is `StorageBusy` (answer 503 with
Retry-After) and anything that means "not at all" is `StorageDown` (answer 503 and ring the bell).
"""

from __future__ import annotations

import errno
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

KINDS = ("unique", "foreign_key", "check", "not_null", "append_only")


class ConstraintViolated(Exception):
    """The database refused a row.

    `kind` is one of `KINDS`. `constraint` reads the same on both engines: "table.column,column" for unique,
    "table.column" for not_null, the constraint's name for check, the table for append_only; "" for foreign_key,
    because SQLite does not say which. Neither holds a value of the row.
    """

    def __init__(self, kind: str, constraint: str = "") -> None:
        super().__init__(f"{kind} {constraint}".strip())
        self.kind = kind
        self.constraint = constraint


class StorageUnavailable(Exception):
    """Nothing was saved; the page is 503."""


class StorageBusy(StorageUnavailable):
    """Others were writing for too long; asking again in a moment works."""


class StorageConflict(StorageBusy):
    """Two transactions could not be put in order; `db.transaction` runs the loser again."""


class StorageDown(StorageUnavailable):
    """The disk is full or broken, the file cannot be opened, or the database server does not answer."""


class StorageFull(StorageDown):
    """The disk is full: nothing can be saved until somebody makes room, while reading goes on."""


class StorageReadOnly(StorageDown):
    """The database, or the disk it lies on, may only be read."""


@contextmanager
def translated() -> Iterator[None]:
    """Driver errors raised inside come out as the errors of this module; everything else passes unchanged."""
    try:
        yield
    except Exception as error:
        ours = translation(error)
        if ours is None:
            raise
        raise ours from error


def translation(error: BaseException) -> Exception | None:
    """The error of this module that says what a driver error means; None when there is none."""
    if isinstance(error, sqlite3.Error):
        return _from_sqlite(error)
    if isinstance(error, TimeoutError):
        return StorageBusy("timeout")
    if isinstance(error, OSError):
        return _OF_DISKS.get(error.errno or 0, StorageDown)(type(error).__name__)
    if type(error).__module__.startswith("asyncpg"):
        return _from_postgres(error)
    return None


_OF_DISKS: dict[int, type[StorageDown]] = {errno.ENOSPC: StorageFull, errno.EDQUOT: StorageFull, errno.EROFS: StorageReadOnly}


def of_a_disk(error: OSError) -> bool:
    """Whether an error of the operating system says that a disk is full or may only be read."""
    return error.errno in _OF_DISKS


_SQLITE_BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_INTERRUPT")
_SQLITE_DOWN = (
    "SQLITE_IOERR",
    "SQLITE_CANTOPEN",
    "SQLITE_CORRUPT",
    "SQLITE_NOTADB",
    "SQLITE_PROTOCOL",
)


def _from_sqlite(error: sqlite3.Error) -> Exception | None:
    name, text = getattr(error, "sqlite_errorname", None) or "", str(error)
    if "append-only" in text:
        return ConstraintViolated("append_only", text.split(" ", 1)[0])
    if isinstance(error, sqlite3.IntegrityError):
        constraint = text.partition("failed: ")[2]
        if text.startswith("UNIQUE"):
            columns = [column.strip().rpartition(".") for column in constraint.split(",")]
            return ConstraintViolated("unique", f"{columns[0][0]}.{','.join(column for _, _, column in columns)}")
        if text.startswith("NOT NULL"):
            return ConstraintViolated("not_null", constraint)
        if text.startswith("FOREIGN KEY"):
            return ConstraintViolated("foreign_key")
        return ConstraintViolated("check", constraint or text)
    if name.startswith(_SQLITE_BUSY):
        return StorageBusy(name)
    if name == "SQLITE_FULL":
        return StorageFull(name)
    if name.startswith("SQLITE_READONLY"):
        return StorageReadOnly(name)
    if name.startswith(_SQLITE_DOWN):
        return StorageDown(name)
    return None


_POSTGRES_KINDS = {"23503": "foreign_key", "23514": "check", "23502": "not_null", "23505": "unique"}
_POSTGRES_CONFLICT = ("40001", "40P01")
_POSTGRES_BUSY = ("55P03", "57014", "53300")
_POSTGRES_FULL, _POSTGRES_READ_ONLY = "53100", "25006"
_POSTGRES_DOWN = ("08", "53", "57", "58")


def _from_postgres(error: Any) -> Exception | None:
    state = getattr(error, "sqlstate", None) or ""
    table = getattr(error, "table_name", None) or ""
    if state == "23001" and "append-only" in str(error):
        return ConstraintViolated("append_only", str(error).split(" ", 1)[0])
    if kind := _POSTGRES_KINDS.get(state):
        if kind == "unique":  # "Key (chain, seq)=(…) already exists.": the columns, never the values
            columns = re.search(r"\(([^()]*)\)=\(", getattr(error, "detail", None) or "")
            if columns:
                return ConstraintViolated(kind, f"{table}.{columns[1].replace(' ', '').replace(chr(34), '')}")
        if kind == "not_null":
            return ConstraintViolated(kind, f"{table}.{getattr(error, 'column_name', '')}")
        return ConstraintViolated(kind, "" if kind == "foreign_key" else getattr(error, "constraint_name", None) or "")
    if state in _POSTGRES_CONFLICT:
        return StorageConflict(state)
    if state in _POSTGRES_BUSY:
        return StorageBusy(state)
    if state == _POSTGRES_FULL:
        return StorageFull(state)
    if state == _POSTGRES_READ_ONLY:
        return StorageReadOnly(state)
    if state.startswith(_POSTGRES_DOWN) or type(error).__name__ in ("InterfaceError", "InternalClientError"):
        return StorageDown(type(error).__name__)
    return None
