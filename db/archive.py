"""The archive: issued papers and signed scans as sealed files under `$STATION_DATA/archive`.

A file is named by a random key, so its name tells nothing of what lies in it, and sealed with the vault's keys,
bound to that name: a file put in the place of another one does not open. The SHA-256 of the plain bytes is kept in the
database and compared whenever a file is opened. Files are written once; only a new key seals the same content anew.

Keep a file before the transaction that mentions it and `discard` it when that transaction fails: an action must do
nothing outside the database, and a file that nothing mentions harms nobody.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag

from db.engine import data_folder
from db.errors import translated
from db.scans import check_scan
from db.vault import SUITES, vault
from rules.scans import ScanType

_KEY = re.compile(r"[0-9a-f]{40}")
_MARK = b"s1"
_NONCE = 12


class ArchiveDamaged(Exception):
    """A kept file is missing, does not open, or is not what was kept. The text names the key, never the content."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What the database remembers of a file: where it lies, the SHA-256 of its plain bytes, how many they are.

    `unsigned_sha256`: of a paper signed with a certificate, the SHA-256 of what it was before, else "".
    """

    key: str
    sha256: str
    size: int
    unsigned_sha256: str = ""


@dataclass(frozen=True, slots=True)
class KeptScan:
    """A scan that was opened, found sound, and lies in the archive."""

    kind: ScanType
    kept: Kept


async def keep_scan(body: bytes) -> KeptScan:
    """Open an uploaded scan, see that it is sound, and put it into the archive. RuleBroken says what is wrong."""
    kind = await check_scan(body)
    return KeptScan(kind, await keep(body))


def folder() -> Path:
    """Where the files of this installation lie."""
    return data_folder() / "archive"


async def keep(plain: bytes) -> Kept:
    """Seal `plain` into a new file that is on the disk for good when this returns. StorageFull, StorageDown: it was not kept."""
    with translated():
        return await asyncio.to_thread(_keep, plain)


async def opened(key: str, sha256: str) -> bytes:
    """The plain bytes of a kept file. ArchiveDamaged: missing, changed, another file, or its key is gone."""
    return await asyncio.to_thread(_opened, key, sha256)


async def discard(key: str) -> None:
    """Remove a file that no row mentions, because the transaction that would have mentioned it failed."""
    await asyncio.to_thread(_path(key).unlink, missing_ok=True)


def _path(key: str) -> Path:
    if not _KEY.fullmatch(key):
        raise ArchiveDamaged(f"not an archive key: {key!r}")
    return folder() / key[:2] / f"{key}.sealed"


def _bound_to(key: str) -> bytes:
    return f"archive:{key}".encode()


def kept_files() -> list[str]:
    """The keys of every file that lies in the archive, in order."""
    return sorted(path.stem for path in folder().glob("*/*.sealed"))


def sealed_with(key: str) -> tuple[str, str]:
    """(suite, key id) a kept file was sealed with. ArchiveDamaged: missing, or its head cannot be read."""
    try:
        with _path(key).open("rb") as file:
            mark, suite, name = file.readline(100).rstrip(b"\n").split(b".")
        if mark != _MARK:
            raise ValueError(mark)
        return suite.decode(), name.decode()
    except FileNotFoundError:
        raise ArchiveDamaged(f"the archived file {key} is missing") from None
    except ValueError as error:
        raise ArchiveDamaged(f"the archived file {key} does not open: {type(error).__name__}") from None


async def rewrap(key: str) -> bool:
    """Seal a kept file anew with the active key and suite, in its place at once; False when it is so already."""
    return await asyncio.to_thread(_rewrap, key)


def _rewrap(key: str) -> bool:
    keys = vault()
    if sealed_with(key) == (keys.suite, keys.active):
        return False
    plain = plain_of(key)
    if not _path(key).exists():  # discarded meanwhile
        return False
    _write(_path(key), key, plain)
    return True


def _keep(plain: bytes) -> Kept:
    key = secrets.token_hex(20)
    path = _path(key)
    new_folder = not path.parent.exists()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(path, key, plain)
    if new_folder:
        _settle(path.parent.parent)
    return Kept(key, hashlib.sha256(plain).hexdigest(), len(plain))


def _write(path: Path, key: str, plain: bytes) -> None:
    """Seal and write a file beside its place, then put it there."""
    keys = vault()
    nonce = secrets.token_bytes(_NONCE)
    sealed = SUITES[keys.suite][0](keys.keys[keys.active], nonce, plain, _bound_to(key))
    head = b".".join((_MARK, keys.suite.encode(), keys.active.encode())) + b"\n"
    draft = path.with_suffix(f".{secrets.token_hex(4)}.draft")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(head + nonce + sealed)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    _settle(path.parent)


def _settle(directory: Path) -> None:
    """Make the directory entry itself outlive a power cut."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _opened(key: str, sha256: str) -> bytes:
    plain = plain_of(key)
    if hashlib.sha256(plain).hexdigest() != sha256:
        raise ArchiveDamaged(f"the archived file {key} is not the one that was kept")
    return plain


def plain_of(key: str) -> bytes:
    """The plain bytes of a kept file, whatever the database remembers of it. ArchiveDamaged: it does not open."""
    try:
        head, _, rest = _path(key).read_bytes().partition(b"\n")
        mark, suite, name = head.split(b".")
        if mark != _MARK:
            raise ValueError(mark)
        keys = vault()
        return SUITES[suite.decode()][1](keys.keys[name.decode()], rest[:_NONCE], rest[_NONCE:], _bound_to(key))
    except FileNotFoundError:
        raise ArchiveDamaged(f"the archived file {key} is missing") from None
    except (KeyError, ValueError, InvalidTag) as error:
        raise ArchiveDamaged(f"the archived file {key} does not open: {type(error).__name__}") from None
