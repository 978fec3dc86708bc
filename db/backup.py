"""Making a backup while the station works: python -m db.backup, or script/backup.

    script/backup --new-key FILE   once: a recovery key. FILE (on a stick, never on this machine) is the private half; the
                                   public half goes to the data folder, where backups find it
    script/backup [FOLDER]         one encrypted file: database, archive and a manifest (FOLDER, or STATION_BACKUPS)
    script/backup --keys [FOLDER]  the key file of personal data, encrypted the same way: once, and after every new key

The keys that personal data are sealed with are not in a backup: keep what `--keys` makes apart from the backups. Neither are
STATION_SECRET, the certificate and other settings. Exit code 0: made; 1: nothing was made; 2: made, but something is not well.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import fcntl
import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyrage

from db import recovery_facts as facts
from db.actions.backups import note_backup
from db.archive import folder as archive_folder
from db.backup_file import BackupRefused, Manifest, Packing, pack, recipients, settle
from db.engine import data_folder
from db.errors import StorageUnavailable, of_a_disk, translated
from db.vault import SealedError, Vault, key_file
from piccolo_conf import DB as CONFIGURED

DB: Any = CONFIGURED
KEPT = 14
ROOM = 64 << 20
_WORK = ".backup-"
_NAME = re.compile(r"station-\d{4}-\d\d-\d\dT\d{6}Z\.age")


@dataclass(frozen=True)
class Made:
    """A backup that lies there complete; `unwell` says in one sentence each what is not as it should be."""

    path: Path
    manifest: Manifest
    sha256: str
    unwell: tuple[str, ...]


def public_key() -> Path:
    """Where the public half of the recovery key lies: `STATION_RECOVERY`, or recovery.pub in the data folder."""
    return Path(os.environ.get("STATION_RECOVERY") or data_folder() / "recovery.pub")


def backup_folder() -> Path:
    """Where backups go: `STATION_BACKUPS`, or a folder beside the database."""
    return Path(os.environ.get("STATION_BACKUPS") or data_folder() / "backups")


def new_key(private: Path) -> str:
    """Make a recovery key: the private half to `private`, the public half, which is returned, to its place. BackupRefused."""
    if data_folder().resolve() in private.resolve().parents:
        raise BackupRefused(f"{private} lies on the station's machine: put the recovery key on a stick or another computer.")
    if public_key().exists():
        raise BackupRefused(f"There is a recovery key already ({public_key()}); move it away first if backups are to have another one.")
    identity = pyrage.x25519.Identity.generate()
    public = str(identity.to_public())
    try:
        _write_new(private, f"# recovery key of a station; opens its backups\n{identity}\n")
        _write_new(public_key(), f"{public}\n")
    except FileExistsError as error:
        raise BackupRefused(f"{error.filename} exists already and is left as it is.") from None
    return public


def _write_new(path: Path, text: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    settle(path.parent)


async def make(target: Path) -> Made:
    """Make a backup in the folder `target` and note it in the journal. BackupRefused: nothing was made."""
    to = recipients(public_key())
    _refuse_another_user()
    with _alone(target):
        made_at = datetime.now(UTC).replace(microsecond=0)
        _refuse_full_disk(target)
        with tempfile.TemporaryDirectory(prefix=_WORK, dir=data_folder()) as work:
            async with _copied(Path(work), made_at) as (manifest, database, named):
                pass
            path = target / f"station-{made_at:%Y-%m-%dT%H%M%SZ}.age"
            gone: list[str] = []

            def fill(packing: Packing) -> None:
                packing.put(f"database.{'sqlite' if manifest.engine == 'sqlite' else 'dump'}", database)
                for key in named:
                    place = f"{key[:2]}/{key}.sealed"
                    try:
                        packing.put(f"archive/{place}", archive_folder() / place)
                    except FileNotFoundError:
                        gone.append(key)
                still = asyncio.run(_named_now(gone)) if gone else set()
                manifest.missing = sorted(still)
                manifest.removed = sorted(set(gone) - still)
                manifest.parts = packing.parts
                packing.close(manifest.text())

            await asyncio.to_thread(pack, path, to, fill)
    return await _noted(path, manifest)


async def _noted(path: Path, manifest: Manifest) -> Made:
    digest = await asyncio.to_thread(_sha256, path)
    unwell = []
    if manifest.missing:
        unwell.append(f"{len(manifest.missing)} archived files are missing, the first is {manifest.missing[0]}: see script/verify-papers.")
    try:
        await note_backup(path.name, path.stat().st_size, digest, len(manifest.parts) - 1)  # noqa: ASYNC240
    except StorageUnavailable as error:
        unwell.append(f"The backup could not be noted in the journal ({error}).")
    return Made(path, manifest, digest, tuple(unwell))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def prune(target: Path, keep: int) -> list[Path]:
    """Remove all but the last `keep` backups of a folder; what was removed."""
    old = sorted(path for path in target.iterdir() if _NAME.fullmatch(path.name))[:-keep]
    for path in old:
        path.unlink()
    return old


def back_up_keys(target: Path) -> Path:
    """Encrypt the key file of personal data to the recovery key, into the folder `target`. BackupRefused, SealedError."""
    to = recipients(public_key())
    source = key_file()
    Vault.load(source)
    with _alone(target):
        path = target / f"station-keys-{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}.age"
        pack(path, to, lambda packing: packing.close(source.read_text(), "keys.json"))
    return path


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    """One backup of a station at a time; `target` is made when it is missing. BackupRefused."""
    try:
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(data_folder(), os.O_RDONLY)
    except OSError as error:
        raise BackupRefused(f"{error.filename} cannot be used ({error.strerror}).") from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for left in target.glob(".station-*.age.draft"):  # of one that was killed
            left.unlink(missing_ok=True)
        for work in data_folder().glob(f"{_WORK}*"):
            shutil.rmtree(work, ignore_errors=True)
        yield
    except BlockingIOError:
        raise BackupRefused("Another backup of this station is being made.") from None
    finally:
        os.close(handle)


def _refuse_another_user() -> None:
    """What another user leaves beside the database (its log, its index) the station could not write to."""
    for path in (Path(DB.path) if DB.engine_type == "sqlite" else data_folder(), data_folder()):
        if not path.exists():
            raise BackupRefused(f"There is nothing to back up: {path} is missing.")
        if path.stat().st_uid != os.geteuid():
            raise BackupRefused(f"Run this as the user that owns {path} (uid {path.stat().st_uid}).")


def _refuse_full_disk(target: Path) -> None:
    """The copy of the database lies in the data folder while the backup is made, and the backup holds it and the archive."""
    database = 0
    if DB.engine_type == "sqlite":
        database = sum(path.stat().st_size for end in ("", "-wal") if (path := Path(DB.path + end)).exists())
    archive = sum(path.stat().st_size for path in archive_folder().glob("*/*.sealed"))
    wanted = {data_folder(): database + ROOM}
    if os.stat(target).st_dev == os.stat(data_folder()).st_dev:
        wanted[data_folder()] += database + archive
    else:
        wanted[target] = database + archive + ROOM
    for where, needed in wanted.items():
        free = shutil.disk_usage(where).free
        if free < needed:
            raise BackupRefused(f"The disk of {where} has {free >> 20} MB left and the backup needs {needed >> 20} MB: make room first.")


@asynccontextmanager
async def _copied(work: Path, made_at: datetime) -> AsyncIterator[tuple[Manifest, Path, list[str]]]:
    """A consistent copy of the database in `work`, what it holds, and the archived files it names."""
    if DB.engine_type == "sqlite":
        database = work / "database.sqlite"
        await asyncio.to_thread(_copy_sqlite, database)
        with contextlib.closing(sqlite3.connect(database)) as copy:
            ask = asker(copy)
            yield await _described(ask, made_at), database, await facts.archived(ask)
        return
    database = work / "database.dump"
    connection = await DB.get_new_connection()
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            snapshot = await connection.fetchval("SELECT pg_export_snapshot()")
            manifest, named = await _described(connection.fetch, made_at), await facts.archived(connection.fetch)
            await asyncio.to_thread(_dump, database, snapshot)
        yield manifest, database, named
    finally:
        await connection.close()


def asker(copy: sqlite3.Connection) -> facts.Ask:
    """Questions to a copy that nobody else works with."""
    copy.row_factory = sqlite3.Row

    async def ask(sql: str) -> list[Any]:
        return copy.execute(sql).fetchall()

    return ask


async def _described(ask: facts.Ask, made_at: datetime) -> Manifest:
    keys = json.loads(key_file().read_text())
    return Manifest(
        made_at=made_at.isoformat(),
        version=facts.version(),
        engine=DB.engine_type,
        migrations=await facts.migrations(ask),
        counts=await facts.counts(ask, DB.engine_type),
        heads=await facts.heads(ask),
        keys=sorted([*keys["keys"], *keys["index"]]),
    )


def _copy_sqlite(copy: Path) -> None:
    """One consistent copy in one step: in small steps it would begin again whenever somebody saves, and never end.

    This is a process of its own, so that nothing here touches the locks of the web process (db/engine/sqlite.py).
    """
    os.close(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with (
        translated(),
        contextlib.closing(sqlite3.connect(DB.path, timeout=30)) as source,
        contextlib.closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target, pages=-1)
        target.execute("PRAGMA journal_mode = DELETE")
        found = target.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise BackupRefused(f"The database is damaged ({found}): keep the last good backup and restore it.")


def tool(name: str) -> str:
    """A program of PostgreSQL's client, the newest that is installed. BackupRefused."""
    found = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]) if path.parts[-3].isdigit() else 0
    )
    path = str(found[-1]) if found else shutil.which(name)
    if not path:
        raise BackupRefused(f"{name} is missing: install the client of PostgreSQL (Debian: apt-get install postgresql-client).")
    return path


def postgres_environment() -> dict[str, str]:
    """How PostgreSQL's programs find the database; a password never stands on a command line, where others can read it."""
    config = DB.config
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "database": "PGDATABASE", "password": "PGPASSWORD"}
    return {**os.environ, **{variable: str(config[name]) for name, variable in names.items() if config.get(name)}}


def _dump(target: Path, snapshot: str) -> None:
    command = [tool("pg_dump"), "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={target}"]
    done = subprocess.run(command, env=postgres_environment(), capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise BackupRefused(f"pg_dump failed: {said}.")


async def _named_now(keys: list[str]) -> set[str]:
    """Which of these files the running station still names: the others were removed while the backup was made."""
    if DB.engine_type == "sqlite":
        with contextlib.closing(sqlite3.connect(DB.path, timeout=30)) as connection:
            return await facts.still_named(asker(connection), keys)
    connection = await DB.get_new_connection()
    try:
        return await facts.still_named(connection.fetch, keys)
    finally:
        await connection.close()


async def _command(options: argparse.Namespace) -> int:
    target = options.folder or backup_folder()
    made = await make(target)
    removed = prune(target, options.keep)
    size = made.path.stat().st_size
    print(f"{made.path}: {size / 1e6:.1f} MB, {sum(made.manifest.counts.values())} rows, {len(made.manifest.parts) - 1} archived files")
    print(f"sha256 {made.sha256}")
    if removed:
        print(f"{len(removed)} older backups were removed (--keep {options.keep}).")
    if os.stat(target).st_dev == os.stat(data_folder()).st_dev:
        print("It lies on the same disk as the station: take a copy to another machine.")
    print("The keys of personal data are not in it: script/backup --keys, once and after every new key.")
    for each in made.unwell:
        print(each, file=sys.stderr)
    return 2 if made.unwell else 0


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="backup", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, help="where to put it (STATION_BACKUPS, or backups in the data folder)")
    parser.add_argument("--keep", type=int, default=KEPT, metavar="N", help=f"how many backups stay in the folder ({KEPT})")
    parser.add_argument("--keys", action="store_true", help="back up the key file of personal data instead")
    parser.add_argument("--new-key", type=Path, metavar="FILE", help="make a recovery key; FILE is the private half")
    options = parser.parse_args()
    if options.keep < 1:
        parser.error("--keep: at least one backup stays")
    try:
        if options.new_key:
            public = new_key(options.new_key)
            print(f"{options.new_key} opens every backup: keep it in two safe places, never on this machine.")
            print(f"{public_key()} ({public}) is what backups are encrypted to.")
            return 0
        if options.keys:
            path = back_up_keys(options.folder or backup_folder())
            print(f"{path}: keep it apart from the backups; with the recovery key it opens everything.")
            return 0
        return asyncio.run(_command(options))
    except (BackupRefused, SealedError) as error:
        print(error, file=sys.stderr)
    except StorageUnavailable as error:
        print(f"The database cannot be read ({error}).", file=sys.stderr)
    except OSError as error:
        what = "The disk is full" if of_a_disk(error) else f"{error.filename or 'A file'}: {error.strerror or error}"
        print(f"{what}: no backup was made.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
