"""Replacing keys while the station works: python -m db.rotate_keys, or script/rotate-keys.

    (nothing)              which keys there are, and how many values each seals
    add [--index]          put a new key into the key file (--index: one for the keyed hashes); nothing uses it yet
    activate KEY           from now on seal with this key, or make hashes with it; --suite m: SM4-GCM, --suite a: AES-256-GCM-SIV
    rewrap                 seal everything anew that another key or suite sealed, and make the hashes anew; may be stopped and begun again
    retire KEY             take a key out of the key file, when nothing needs it any more
    check                  open every sealed value and file; exit 1 with the first that does not open

A replacement is add, activate, rewrap, a quarter of an hour later retire, then a new copy of the key file in its envelope.
Servers read the key file again when it changes. Rows are sealed fifty at a time with a pause, so that people at the
desk are never kept waiting: batches of five hundred let them wait for seconds. Backups taken before need the old key.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import secrets
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from db import archive
from db.actions.journal import record
from db.clock import now
from db.errors import StorageUnavailable
from db.sealed_columns import BORROWED, INDEXES, SealedTable, indexes_of, key_of_index, sealed_tables
from db.tables.accounts import Account, PhoneCode
from db.tables.employers import Employer
from db.tables.journal import JournalEntry
from db.transaction import action, transact
from db.vault import SUITES, SealedError, Vault, fresh_key, key_file, replace_key_file, vault
from piccolo_conf import DB
from rules.journal import EventKind

BATCH = 50
PAUSE = 0.05
READ = 400
SETTLED = timedelta(minutes=15)
"""How long a key must have been out of use before it can be retired: no request that began before is still at work."""


PINS = "account.password_hash"


@dataclass(frozen=True, slots=True)
class Rewrapped:
    """What a rewrap did: rows changed, archived files sealed anew, hashes that could not be made anew."""

    rows: int
    files: int
    left: int


def _kept(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text())


@action
async def _note(step: str, **particulars: Any) -> None:
    await record(EventKind.KEYS_ROTATED, subject="keys", subject_id=0, actor=None, step=step, **particulars)


async def add(*, index: bool = False) -> str:
    """Put a new key into the key file; its id. Values are not sealed with it before `activate`."""
    path = key_file()
    kept = _kept(path)
    name = ("i" if index else "k") + secrets.token_hex(3)
    kept["index" if index else "keys"][name] = fresh_key()
    replace_key_file(path, kept)
    await _note("加入新密钥", key_name=name)
    return name


async def activate(name: str, suite: str | None = None) -> None:
    """Seal, or make hashes, with this key from now on; `suite` changes the cipher, too. SealedError for a key or suite unknown."""
    path = key_file()
    kept = _kept(path)
    if suite is not None and suite not in SUITES:
        raise SealedError(f"There is no suite {suite}; choose one of {', '.join(SUITES)}.")
    part = "active" if name in kept["keys"] else "index_active" if name in kept["index"] else None
    if part is None:
        raise SealedError(f"The key file holds no key {name}.")
    if kept[part] != name:
        kept.setdefault("inactive_since", {})[kept[part]] = now().isoformat()
        kept[part] = name
    kept.get("inactive_since", {}).pop(name, None)
    if suite is not None:
        kept["suite"] = suite
    replace_key_file(path, kept)
    await _note("启用密钥", key_name=name, suite=kept.get("suite", "a"))


async def rewrap(*, batch: int = BATCH, pause: float = PAUSE) -> Rewrapped:
    """Seal and hash anew everything that is not under the active keys and suite. It may be stopped and begun again."""
    rows = 0
    for each in sealed_tables():
        rows += await _rewrap_table(each, batch, pause)
    left = await _rewrap_borrowed(batch, pause)
    files = 0
    for key in await asyncio.to_thread(archive.kept_files):
        if await _rewrap_file(key):
            files += 1
            await asyncio.sleep(pause / 5)
    await _note("换用新密钥", key_name=vault().active, suite=vault().suite, cells=rows, files=files)
    return Rewrapped(rows, files, left)


async def _rewrap_file(key: str) -> bool:
    try:
        return await archive.rewrap(key)
    except archive.ArchiveDamaged:
        if key in await asyncio.to_thread(archive.kept_files):
            raise
        return False  # discarded meanwhile


def _columns(each: SealedTable) -> list[Any]:
    wanted = [each.key, each.bound_to, *each.columns]
    for index in indexes_of(each.table):
        wanted += [index.column, *([index.scope] if index.scope is not None else [])]
    return list({column._meta.name: column for column in wanted}.values())


def _stale(keys: Vault, each: SealedTable, row: dict[str, Any]) -> bool:
    sealed = (row[column._meta.name] for column in each.columns)
    hashed = (key_of_index(row[index.column._meta.name] or "") for index in indexes_of(each.table))
    return any(value and not _current(keys, value) for value in sealed) or any(key not in ("", keys.index_active) for key in hashed)


def _current(keys: Vault, sealed: str) -> bool:
    return str.startswith(sealed, f"s1.{keys.suite}.{keys.active}.")


async def _rewrap_table(each: SealedTable, batch: int, pause: float) -> int:
    """Walk the table by its primary key; only what is stale is written, `batch` rows to a transaction."""
    name, done, after = each.key._meta.name, 0, None
    while True:
        query = each.table.select(*_columns(each)).order_by(each.key).limit(READ)
        rows = await (query if after is None else query.where(each.key > after))
        if not rows:
            return done
        after = rows[-1][name]
        stale = [row[name] for row in rows if _stale(vault(), each, row)]
        for start in range(0, len(stale), batch):
            done += await transact(_rewrap_rows, each, stale[start : start + batch])
            await asyncio.sleep(pause)
        await asyncio.sleep(0)


async def _rewrap_rows(each: SealedTable, ids: Sequence[Any]) -> int:
    keys, done = vault(), 0
    for row in await each.table.select(*_columns(each)).where(each.key.is_in(list(ids))):
        changes = _changes(keys, each, row)
        if changes:
            await each.table.update(changes).where(each.key == row[each.key._meta.name])
            done += 1
    return done


def _changes(keys: Vault, each: SealedTable, row: dict[str, Any]) -> dict[Any, str]:
    uid = row[each.bound_to._meta.name]
    plain: dict[str, str] = {}

    def opened(column: Any) -> str:
        name = column._meta.name
        if name not in plain:
            try:
                plain[name] = keys.open(each.where(column), uid, row[name] or "")
            except SealedError as error:
                raise SealedError(f"{error} (row {row[each.key._meta.name]})") from None
        return plain[name]

    changes: dict[Any, str] = {}
    for column in each.columns:
        value = row[column._meta.name]
        if value and not _current(keys, value):
            changes[column] = keys.seal(each.where(column), uid, opened(column))
    for index in indexes_of(each.table):
        if key_of_index(row[index.column._meta.name] or "") not in ("", keys.index_active):
            changes[index.column] = index.value(keys, row, opened(index.source))
    return changes


async def _rewrap_borrowed(batch: int, pause: float) -> int:
    """Hashes of an employer's account, made anew from its employer's phone; how many are of another phone and stay."""
    active = f"{vault().index_active}.%"
    stale = await Account.select(Account.id).where(Account.phone_index.like("%.%"), Account.phone_index.not_like(active))
    left = 0
    for start in range(0, len(stale), batch):
        left += await transact(_rewrap_accounts, [row["id"] for row in stale[start : start + batch]])
        await asyncio.sleep(pause)
    return left


async def _rewrap_accounts(ids: Sequence[int]) -> int:
    keys, left = vault(), 0
    for row in await Account.select(Account.id, Account.employer, Account.phone_index).where(Account.id.is_in(list(ids))):
        employer = await Employer.select(Employer.id, Employer.phone).where(Employer.id == (row["employer"] or 0)).first()
        phone = keys.open("employer.phone", employer["id"], employer["phone"]) if employer else ""
        if phone and row["phone_index"] in keys.index_all("phone", phone):
            await Account.update({Account.phone_index: keys.index("phone", phone)}).where(Account.id == row["id"])
        else:
            left += 1
    return left


async def uses_of(name: str) -> dict[str, int]:
    """Where a key is still needed, with how many values each: table.column, "archive", "journal"."""
    found: Counter[str] = Counter()
    for each in sealed_tables():
        for column in each.columns:
            found[each.where(column)] += await each.table.count().where(column.like(f"s1._.{name}.%"))
    for column in (*(index.column for index in INDEXES), *BORROWED):
        table = column._meta.table
        found[f"{table._meta.tablename}.{column._meta.name}"] += await table.count().where(column.like(f"{name}.%"))
    found[PINS] += await Account.count().where(Account.password_hash.like(f"{name}:%"), Account.active.eq(True))
    found["phone_code.phone_index"] += await PhoneCode.count().where(
        PhoneCode.phone_index.like(f"{name}.%"), PhoneCode.expires_at > now(), PhoneCode.used_at.is_null()
    )
    found["journal"] += await JournalEntry.count().where(JournalEntry.body.like(f"%s1._.{name}.%"))
    found["archive"] += await asyncio.to_thread(_files_under, name)
    return {where: count for where, count in found.items() if count}


def _files_under(name: str) -> int:
    return sum(archive.sealed_with(key)[1] == name for key in archive.kept_files())


async def retire(name: str, *, drop_pins: bool = False) -> None:
    """Take a key out of the key file. SealedError: it is active, was so a moment ago, or something still needs it.

    A PIN cannot be made anew without the worker: `drop_pins` gives up those that need the key.
    """
    path = key_file()
    kept = _kept(path)
    if name not in kept["keys"] and name not in kept["index"]:
        raise SealedError(f"The key file holds no key {name}.")
    if name in (kept["active"], kept["index_active"]):
        raise SealedError(f"{name} is in use: activate another key and rewrap first.")
    since = kept.get("inactive_since", {}).get(name)
    if since and now() - datetime.fromisoformat(since) < SETTLED:
        raise SealedError(f"{name} was in use until a moment ago: wait a quarter of an hour, so that nobody still works with it.")
    uses = await uses_of(name)
    if drop_pins:
        uses.pop(PINS, None)
    if set(uses) == {PINS}:
        raise SealedError(
            f"{name} is still needed by the PINs of {uses[PINS]} workers, who make new ones at a counter: "
            "wait until they have signed in anew, or retire it with --drop-pins."
        )
    if uses:
        where = ", ".join(f"{place} ({count})" for place, count in uses.items())
        raise SealedError(f"{name} is still needed by {where}: rewrap first.")
    for part in ("keys", "index", "inactive_since"):
        kept.get(part, {}).pop(name, None)
    replace_key_file(path, kept)
    await _note("停用密钥", key_name=name)


async def refuse_missing_keys() -> None:
    """SealedError when the oldest or newest value of any sealed or hashed column needs a key the key file does not hold.

    A look at a few rows, for every start; `check` opens everything.
    """
    keys = vault()
    for each in sealed_tables():
        for column in each.columns:
            for value in await _ends(each.table, each.key, column, "s1.%"):
                if keys.key_of(value) not in keys.keys:
                    raise SealedError(_missing(keys.key_of(value), each.where(column)))
    for index in INDEXES:
        table = index.column._meta.table
        for value in await _ends(table, table._meta.primary_key, index.column, "%.%"):
            if (name := key_of_index(value)) and name not in keys.index_keys:
                raise SealedError(_missing(name, f"{table._meta.tablename}.{index.column._meta.name}"))


def _missing(name: str, where: str) -> str:
    return (
        f"The key {name} is missing, with which {where} was sealed: this key file does not belong to this database; "
        "restore the right one from its envelope."
    )


async def _ends(table: Any, key: Any, column: Any, pattern: str) -> list[str]:
    rows = [await table.select(column).where(column.like(pattern)).order_by(key, ascending=up).first() for up in (True, False)]
    return [row[column._meta.name] for row in rows if row]


async def check() -> Counter[str]:
    """Open every sealed value and file: how many each key seals. SealedError or ArchiveDamaged names the first that does not open."""
    keys, found = vault(), Counter[str]()
    for each in sealed_tables():
        name, after = each.key._meta.name, None
        while True:
            query = each.table.select(each.key, each.bound_to, *each.columns).order_by(each.key).limit(READ)
            rows = await (query if after is None else query.where(each.key > after))
            if not rows:
                break
            after = rows[-1][name]
            for row in rows:
                found.update(_opens(keys, each, row))
            await asyncio.sleep(0)
    for key in await asyncio.to_thread(archive.kept_files):
        await asyncio.to_thread(archive.plain_of, key)
        found[archive.sealed_with(key)[1]] += 1
    for index in INDEXES:
        table = index.column._meta.table
        for name in keys.index_keys:
            found[name] += await table.count().where(index.column.like(f"{name}.%"))
    return found


def _opens(keys: Vault, each: SealedTable, row: dict[str, Any]) -> list[str]:
    used = []
    for column in each.columns:
        if value := row[column._meta.name]:
            try:
                keys.open(each.where(column), row[each.bound_to._meta.name], value)
            except SealedError as error:
                raise SealedError(f"{error} (row {row[each.key._meta.name]})") from None
            used.append(keys.key_of(value))
    return used


def _report(keys: Vault, found: Counter[str]) -> str:
    lines = [f"suite {keys.suite}"]
    for name in (*keys.keys, *keys.index_keys):
        lines.append(f"{name}{' (active)' if name in (keys.active, keys.index_active) else ''}: {found[name]} values")
    return "\n".join(lines)


def refuse_another_user(path: Path) -> None:
    """SealedError for anybody but the key file's owner: what they write, keys and archive, the station could not read."""
    owner = path.stat().st_uid
    if owner != os.geteuid():
        raise SealedError(f"Run this as the user that owns {path} (uid {owner}); files of another one the station could not read.")


async def _run(given: argparse.Namespace) -> str:
    refuse_another_user(key_file())
    await DB.start_connection_pool()
    try:
        match given.command:
            case "add":
                name = await add(index=given.index)
                return f"{name} is in the key file. Next: activate {name}."
            case "activate":
                await activate(given.key, given.suite)
                return f"{given.key} is in use. Next: rewrap."
            case "rewrap":
                did = await rewrap(pause=given.pause)
                left = f"; the phone of {did.left} accounts is kept by no employer: retire will name them" if did.left else ""
                return f"{did.rows} rows and {did.files} files are sealed anew{left}."
            case "retire":
                await retire(given.key, drop_pins=given.drop_pins)
                return f"{given.key} is gone. Put a new copy of the key file into its envelope."
            case _:
                return _report(vault(), await check()) + ("\nEverything opens." if given.command == "check" else "")
    finally:
        await DB.close_connection_pool()


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="rotate-keys", description="Replace the keys of this installation while it works.")
    commands = parser.add_subparsers(dest="command")
    commands.add_parser("add", help="put a new key into the key file").add_argument("--index", action="store_true")
    activating = commands.add_parser("activate", help="seal with this key from now on")
    activating.add_argument("key")
    activating.add_argument("--suite", choices=list(SUITES), help="a: AES-256-GCM-SIV, m: SM4-GCM")
    rewrapping = commands.add_parser("rewrap", help="seal everything anew that another key sealed")
    rewrapping.add_argument("--pause", type=float, default=PAUSE, help=f"seconds between batches of {BATCH} rows ({PAUSE})")
    retiring = commands.add_parser("retire", help="take a key out that nothing needs any more")
    retiring.add_argument("key")
    retiring.add_argument("--drop-pins", action="store_true", help="give up workers' PINs that were made with it")
    commands.add_parser("check", help="open every sealed value and file")
    try:
        print(asyncio.run(_run(parser.parse_args())))
    except (SealedError, archive.ArchiveDamaged, StorageUnavailable) as error:
        print(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
