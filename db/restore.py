"""Putting a backup in the place of a station's records: python -m db.restore, or script/restore.

    script/restore FILE --identity KEY            with the station stopped; KEY is the private half of the recovery key
    script/restore FILE --identity KEY --check    only open and verify it (the drill: once a month)
    script/restore FILE --identity KEY --despite-faults   when the record was changed, or files were missing, before the backup
    script/restore KEYS --identity KEY --keys-to PATH   write the key file that script/backup --keys put away to PATH

Everything is unpacked beside the records and verified there: the manifest, every part, the database, the journal against
the heads the manifest names, every sealed value and every archived file with the station's keys. Only then it is put in
place, and what was there is moved aside. On PostgreSQL DATABASE_URL must name an empty database, which is empty again
after a refusal. Exit code 0 when all is well, 1 with one sentence when not.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from db import recovery_facts as facts
from db.actions.backups import note_restored
from db.archive import folder as archive_folder
from db.backup import asker, postgres_environment, tool
from db.backup_file import BackupRefused, Manifest, checked, identities, settle, unpack
from db.engine import data_folder
from db.errors import StorageUnavailable, of_a_disk, translated
from db.migrate import FOLDER as MIGRATIONS
from db.vault import SealedError, Vault
from piccolo_conf import DB as CONFIGURED

DB: Any = CONFIGURED
_ROOT = Path(__file__).parents[1]
_SHARED_LOCK, _SHARED_BYTES = 0x40000002, 510
"""Where every open SQLite connection holds a read lock on its file (sqlite3's os.h: SHARED_FIRST, SHARED_SIZE)."""
_MARK = "restoring"
"""A file in the data folder while records are being replaced: web.serve does not start beside it."""


def say(text: str) -> None:
    """One line of what is being done."""
    print(f"==> {text}", flush=True)


def restore(source: Path, identity: Path, *, only_check: bool = False, despite_faults: bool = False) -> None:
    """Verify the backup and, unless `only_check`, put it in place. BackupRefused: everything is as it was.

    `despite_faults` puts it in place although its record was not as it was written when it was backed up; they are told.
    """
    keys, with_keys = _keys(), identities(identity)
    data_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    with _stopped(only_check), _beside() as fresh:
        say(f"opening {source}")
        _refuse_small_disk(source)
        manifest = checked(fresh, unpack(source, with_keys, fresh))
        say(f"made {manifest.made_at} by version {manifest.version}: {sum(manifest.counts.values())} rows, {len(manifest.parts) - 1} files")
        _refuse_other_kind(manifest)
        if manifest.engine == "sqlite":
            (fresh / "database.sqlite").rename(fresh / "station.db")
            _verify(manifest, fresh, keys, despite_faults)
        else:
            with _filled(fresh, undo=only_check):
                _verify(manifest, fresh, keys, despite_faults)
        if only_check:
            say("everything is as it was written down; nothing was replaced")
            return
        aside = _put_in_place(fresh)
    digest = _sha256(source)
    asyncio.run(_note(source.name, manifest, digest))
    _say_what_next(manifest, aside)


def _keys() -> Path:
    """The key file the sealed values must open with. BackupRefused: a new one would be made, which opens nothing."""
    path = Path(os.environ.get("STATION_KEYS") or data_folder() / "keys.json")
    if not path.exists():
        raise BackupRefused(f"The key file {path} is missing: set STATION_KEYS to it, or take it from its envelope (--keys-to).")
    Vault.load(path)
    return path.resolve()


@contextmanager
def _beside() -> Iterator[Path]:
    """A fresh folder on the disk of the records; whatever is left in it at the end is removed."""
    fresh = Path(tempfile.mkdtemp(prefix=".restore-", dir=data_folder()))
    try:
        yield fresh
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


@contextmanager
def _stopped(only_check: bool) -> Iterator[None]:
    """Nobody works with the records, and nobody begins to. BackupRefused: somebody does."""
    if DB.engine_type != "sqlite":
        asyncio.run(_refuse_used_database())
        yield
        return
    path = Path(DB.path)
    if only_check or not path.exists():
        yield
        return
    handle = os.open(path, os.O_RDWR)
    try:
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB, _SHARED_BYTES, _SHARED_LOCK)
        yield
    except (BlockingIOError, PermissionError):
        raise BackupRefused("The station is running: stop it first.") from None
    finally:
        os.close(handle)


async def _refuse_used_database() -> None:
    with translated():
        connection = await DB.get_new_connection()
    try:
        others = await connection.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND backend_type = 'client backend'"
        )
        tables = await connection.fetchval("SELECT count(*) FROM pg_class c WHERE relnamespace = current_schema()::regnamespace")
    finally:
        await connection.close()
    if others:
        raise BackupRefused("Others are connected to the database of DATABASE_URL: stop the station first.")
    if tables:
        raise BackupRefused("The database of DATABASE_URL is not empty: create a new one (createdb) and name it in DATABASE_URL.")


def _refuse_small_disk(source: Path) -> None:
    try:
        needed, free = source.stat().st_size * 5 // 4, shutil.disk_usage(data_folder()).free
    except OSError as error:
        raise BackupRefused(f"{source} cannot be read ({error.strerror}).") from None
    if free < needed:
        raise BackupRefused(
            f"The disk of {data_folder()} has {free >> 20} MB left and the backup needs {needed >> 20} MB: make room first."
        )


def _refuse_other_kind(manifest: Manifest) -> None:
    if manifest.engine != DB.engine_type:
        other = "PostgreSQL: set DATABASE_URL to an empty database" if manifest.engine == "postgres" else "SQLite: unset DATABASE_URL"
        raise BackupRefused(f"The backup was made on {other}.")
    known = {found[1] for path in MIGRATIONS.glob("*.py") if (found := re.search(r'^ID = "([^"]+)"', path.read_text(), re.M))}
    if newer := set(manifest.migrations) - known:
        raise BackupRefused(
            f"The backup is of version {manifest.version}, which this program does not know ({min(newer)}): install that one."
        )


@contextmanager
def _filled(fresh: Path, *, undo: bool) -> Iterator[None]:
    """The empty database with the dump in it; empty again when something in the block is refused, or to `undo` it."""
    say("filling the empty database")
    command = [tool("pg_restore"), "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    command += [f"--dbname={DB.config['database']}", str(fresh / "database.dump")]
    done = subprocess.run(command, env=postgres_environment(), capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["no reason given"])[0]
        raise BackupRefused(f"pg_restore failed: {said}.")
    try:
        yield
    except BaseException:
        asyncio.run(_empty())
        raise
    if undo:
        asyncio.run(_empty())


async def _empty() -> None:
    connection = await DB.get_new_connection()
    try:
        async with connection.transaction():
            schema = await connection.fetchval("SELECT quote_ident(current_schema())")
            await connection.execute(f"DROP SCHEMA {schema} CASCADE")
            await connection.execute(f"CREATE SCHEMA {schema}")
    finally:
        await connection.close()


def _verify(manifest: Manifest, fresh: Path, keys: Path, despite_faults: bool) -> None:
    """See that the copy holds what the manifest says, and that it can be worked with. BackupRefused."""
    asyncio.run(_compare(manifest, fresh))
    environment = {**os.environ, "STATION_DATA": str(fresh.resolve()), "STATION_KEYS": str(keys)}
    if manifest.engine == "sqlite":
        environment.pop("DATABASE_URL", None)
    say("bringing it to the schema of this version")
    _run(["db.migrate"], environment, "The backup cannot be brought to this version")
    say("every sealed value and archived file, with the keys")
    _run(["db.rotate_keys", "check"], environment, f"The backup does not open with the keys of {keys}")
    say("the record, entry by entry and file by file, against the heads of the manifest")
    heads = fresh / "heads.txt"
    heads.write_text("".join(f"{chain} {seq} {digest}\n" for chain, (seq, digest) in manifest.heads.items()))
    against = ["--against", str(heads)] if manifest.heads else []
    try:
        _run(["db.verify_record", *against], environment, "The record of the backup is not as it was written")
    except BackupRefused as fault:
        if not despite_faults:
            raise
        print(f"    {fault}")
    heads.unlink()
    if manifest.engine == "sqlite":
        _fold(fresh / "station.db")


async def _compare(manifest: Manifest, fresh: Path) -> None:
    if manifest.engine != "sqlite":
        connection = await DB.get_new_connection()
        try:
            found = await facts.counts(connection.fetch, "postgres"), await facts.heads(connection.fetch)
        finally:
            await connection.close()
    else:
        try:
            with contextlib.closing(sqlite3.connect(fresh / "station.db")) as copy:
                if (said := copy.execute("PRAGMA integrity_check(1)").fetchone()[0]) != "ok":
                    raise BackupRefused(f"The database of the backup is damaged: {said}.")
                if copy.execute("PRAGMA foreign_key_check").fetchone():
                    raise BackupRefused("The database of the backup holds rows whose reference is gone.")
                found = await facts.counts(asker(copy), "sqlite"), await facts.heads(asker(copy))
        except sqlite3.DatabaseError as error:
            raise BackupRefused(f"The database of the backup is damaged: {error}.") from None
    if found[0] != manifest.counts:
        name = min(each for each in found[0].keys() | manifest.counts.keys() if found[0].get(each) != manifest.counts.get(each))
        raise BackupRefused(f"The table {name} has {found[0].get(name)} rows, and the manifest says {manifest.counts.get(name)}.")
    if found[1] != manifest.heads:
        raise BackupRefused("The journal of the backup does not end where the manifest says.")


def _run(module: list[str], environment: dict[str, str], refusal: str) -> None:
    command = [sys.executable, "-m", *module]
    done = subprocess.run(command, cwd=_ROOT, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        words = (done.stdout + done.stderr).strip().splitlines() or ["no reason given"]
        raise BackupRefused(f"{refusal}: {words[-1]}")
    if said := done.stdout.strip():
        print(f"    {said.splitlines()[-1]}")


def _fold(database: Path) -> None:
    """Everything into the one file that is put in place, without a log beside it."""
    with contextlib.closing(sqlite3.connect(database)) as copy:
        if copy.execute("PRAGMA journal_mode = DELETE").fetchone()[0] != "delete":
            raise BackupRefused("Somebody works with the unpacked copy: nothing was replaced.")
    handle = os.open(database, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _put_in_place(fresh: Path) -> Path | None:
    """Move what is there aside and the verified copy in, by renaming; the folder of what was there, None when nothing was."""
    say("putting it in place")
    data = data_folder()
    mark = data / _MARK
    mark.write_text("script/restore replaces the records; run it again if it was interrupted\n")
    settle(data)
    aside = data / f"before-restore-{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}"
    old = [archive_folder(), *(Path(f"{DB.path}{end}") for end in ("-wal", "-shm", "") if DB.engine_type == "sqlite")]
    if present := [path for path in old if path.exists()]:
        aside.mkdir(mode=0o700)
        for path in present:  # the old log must never meet the new database
            path.rename(aside / path.name)
    if (fresh / "archive").exists():
        (fresh / "archive").rename(archive_folder())
    if DB.engine_type == "sqlite":
        (fresh / "station.db").rename(DB.path)
    settle(data)
    mark.unlink()
    settle(data)
    return aside if present else None


async def _note(name: str, manifest: Manifest, digest: str) -> None:
    await DB.start_connection_pool()
    try:
        await note_restored(name, datetime.fromisoformat(manifest.made_at), digest)
    finally:
        await DB.close_connection_pool()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _say_what_next(manifest: Manifest, aside: Path | None) -> None:
    say(f"done: the station is as it was on {manifest.made_at}, and the journal says so")
    if manifest.missing:
        print(f"    {len(manifest.missing)} archived files were missing already when the backup was made: script/verify-papers names them.")
    if aside:
        print(f"    What was there lies in {aside}: remove it when all is well.")
    print(
        "Next:\n"
        "  1. start the station (script/server) and look at /healthz; script/verify-papers checks every issued paper\n"
        "  2. what was entered after that moment is not there: enter it again from the papers of those days. Numbers given\n"
        "     since then will be given again, so mark the old papers\n"
        "  3. on 到期信息处理 remove again what was removed after that moment: it is back\n"
        "  4. tell the district, and make a backup (script/backup)"
    )


def write_keys(source: Path, identity: Path, path: Path) -> None:
    """Write the key file that `script/backup --keys` put away to a place where there is none. BackupRefused."""
    with tempfile.TemporaryDirectory(prefix=".keys-", dir=path.parent) as folder:
        found = unpack(source, identities(identity), Path(folder))
        if set(found) != {"keys.json"}:
            raise BackupRefused(f"{source} is no backup of a key file.")
        Vault.load(Path(folder) / "keys.json")
        try:
            os.link(Path(folder) / "keys.json", path)
        except FileExistsError:
            raise BackupRefused(f"{path} exists already and is left as it is.") from None
    settle(path.parent)


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="restore", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help="the backup")
    parser.add_argument("--identity", type=Path, required=True, metavar="KEY", help="the file with the private recovery key")
    parser.add_argument("--check", action="store_true", help="verify it and replace nothing")
    parser.add_argument("--despite-faults", action="store_true", help="restore it although its record is not as it was written")
    parser.add_argument("--keys-to", type=Path, metavar="PATH", help="FILE is a backup of the key file: write that to PATH")
    options = parser.parse_args()
    try:
        if options.keys_to:
            write_keys(options.file, options.identity, options.keys_to)
            print(f"{options.keys_to} is the key file of the station.")
        else:
            restore(options.file, options.identity, only_check=options.check, despite_faults=options.despite_faults)
        return 0
    except (BackupRefused, SealedError) as error:
        print(error, file=sys.stderr)
    except StorageUnavailable as error:
        print(f"The database does not answer ({error}).", file=sys.stderr)
    except OSError as error:
        what = "The disk is full" if of_a_disk(error) else f"{error.filename or 'A file'}: {error.strerror or error}"
        print(f"{what}: nothing was restored.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
