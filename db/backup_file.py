"""The file of a backup: one stream of named parts and a manifest, encrypted to the recovery key of the district.

Anybody can make such a file with the public half of the key, and only the private half, which never lies on a station's
machine, opens it (age, X25519 and ChaCha20-Poly1305; `age --decrypt` opens it as well, and what comes out is a tar). The
manifest is the last part: what the database held, the head of every chain of the journal, the SHA-256 of every other part.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import pyrage

MANIFEST = "manifest.json"
FORMAT = 1
_PART = re.compile(r"database\.(sqlite|dump)|archive/([0-9a-f]{2})/\2[0-9a-f]{38}\.sealed|manifest\.json|keys\.json")
_BLOCK = 1 << 20


class BackupRefused(Exception):
    """A backup cannot be made, opened or put in place; the text is one sentence, and nothing was replaced."""


@dataclass
class Part:
    """What the manifest remembers of one part: its bytes and their SHA-256."""

    size: int
    sha256: str


@dataclass
class Manifest:
    """What a backup says of itself.

    `made_at` is when the database was copied (UTC, ISO 8601); `heads` is chain → (number, hash) of the last entry; `missing`
    are archived files that the database names and that were not there; `removed` such that were deleted while it was made.
    """

    made_at: str
    version: str
    engine: str
    migrations: list[str]
    counts: dict[str, int]
    heads: dict[str, tuple[int, str]]
    keys: list[str]
    missing: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    parts: dict[str, Part] = field(default_factory=dict)

    def text(self) -> str:
        """The manifest as it stands in the backup."""
        return json.dumps(
            {"format": FORMAT, **self.__dict__, "parts": {name: part.__dict__ for name, part in self.parts.items()}}, indent=1
        )

    @classmethod
    def read(cls, text: str) -> Manifest:
        """The manifest of a backup. BackupRefused: it is of another kind of backup."""
        try:
            kept = json.loads(text)
            if kept.pop("format") != FORMAT:
                raise ValueError("format")
            parts = {name: Part(**part) for name, part in kept.pop("parts").items()}
            heads = {chain: (int(seq), str(digest)) for chain, (seq, digest) in kept.pop("heads").items()}
            return cls(**kept, heads=heads, parts=parts)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise BackupRefused("The manifest of this backup cannot be read: it was made by another version of the station.") from None


def recipients(path: Path) -> list[Any]:
    """The public recovery keys of a file, one per line; lines that begin with # do not count. BackupRefused."""
    try:
        lines = [line.strip() for line in path.read_text().splitlines()]
        found = [pyrage.x25519.Recipient.from_str(line) for line in lines if line and not line.startswith("#")]
    except OSError as error:
        raise BackupRefused(f"The public recovery key {path} cannot be read ({error.strerror}): see script/backup --help.") from None
    except (pyrage.RecipientError, ValueError):
        raise BackupRefused(f"{path} holds something that is no public recovery key (age1…).") from None
    if not found:
        raise BackupRefused(f"{path} holds no public recovery key (age1…).")
    return found


def identities(path: Path) -> list[Any]:
    """The private recovery keys of a file. BackupRefused."""
    try:
        lines = [line.strip() for line in path.read_text().splitlines()]
        found = [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except OSError as error:
        raise BackupRefused(f"The recovery key {path} cannot be read ({error.strerror}).") from None
    except (pyrage.IdentityError, ValueError):
        raise BackupRefused(f"{path} is no recovery key: it begins with AGE-SECRET-KEY-1.") from None
    if not found:
        raise BackupRefused(f"{path} holds no recovery key (AGE-SECRET-KEY-1…).")
    return found


class _Hashing(io.RawIOBase):
    """Reads a file and remembers what was read."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.digest, self.size = file, hashlib.sha256(), 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        block = self.file.read(size)
        self.digest.update(block)
        self.size += len(block)
        return block


class Packing:
    """The parts of a backup, put in one after the other."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.parts: dict[str, Part] = {}

    def put(self, name: str, path: Path) -> None:
        """Put a file in as the part `name`. FileNotFoundError: there is none; RuntimeError: it grew while it was read."""
        with path.open("rb") as file:
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = os.fstat(file.fileno()).st_size, 0o600
            reader = _Hashing(file)
            self._tar.addfile(entry, reader)  # type: ignore[arg-type]
            if reader.size != entry.size:
                raise RuntimeError(f"{name} changed while it was read")
            self.parts[name] = Part(entry.size, reader.digest.hexdigest())

    def close(self, text: str, name: str = MANIFEST) -> None:
        """Put in a text of our own, as the last part."""
        body = text.encode()
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = len(body), 0o600
        self._tar.addfile(entry, io.BytesIO(body))


def pack(target: Path, to: list[Any], fill: Callable[[Packing], None]) -> None:
    """Write what `fill` puts in, encrypted `to` these keys, to `target`, which is there complete and for good, or not at all.

    Nothing lies on the disk unencrypted. OSError: the disk is full; whatever `fill` raises.
    """
    draft = target.with_name(f".{target.name}.draft")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            with _piped(lambda pipe: _tarred(pipe, fill)) as plain:
                _encrypt(plain, out, to)
            out.flush()
            os.fsync(out.fileno())
        draft.rename(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    settle(target.parent)


class _Out:
    """Writes, and remembers the error of a full disk, which the library tells as one of its own."""

    def __init__(self, out: IO[bytes]) -> None:
        self.out = out
        self.failed: OSError | None = None

    def write(self, block: bytes) -> int:
        """Write a block."""
        try:
            return self.out.write(block)
        except OSError as error:
            self.failed = error
            raise

    def flush(self) -> None:
        """Nothing: the caller flushes."""


def _encrypt(plain: IO[bytes], out: IO[bytes], to: list[Any]) -> None:
    writer = _Out(out)
    try:
        pyrage.encrypt_io(plain, writer, to)
    except pyrage.EncryptError:
        if writer.failed:
            raise writer.failed from None
        raise


def settle(folder: Path) -> None:
    """Make the entries of a folder outlive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _tarred(pipe: IO[bytes], fill: Callable[[Packing], None]) -> None:
    with tarfile.open(fileobj=pipe, mode="w|", bufsize=_BLOCK) as tar:
        fill(Packing(tar))


@contextmanager
def _piped(produce: Callable[[IO[bytes]], None]) -> Iterator[IO[bytes]]:
    """Read what another thread writes. An error over there comes out at the end of the block, unless the block has its own."""
    reading, writing = os.pipe()
    failed: list[BaseException] = []

    def work() -> None:
        try:
            with os.fdopen(writing, "wb") as pipe:
                produce(pipe)
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=work, name="backup-parts")
    thread.start()
    try:
        with os.fdopen(reading, "rb", _BLOCK) as plain:
            yield plain
    finally:
        thread.join()
    if failed:
        raise failed[0]


def unpack(source: Path, with_keys: list[Any], folder: Path) -> dict[str, Part]:
    """Put every part of a backup into `folder`; what came out, the manifest aside.

    BackupRefused: another key, a file that was cut or changed, or no backup at all; the folder is then of no use.
    """
    found: dict[str, Part] = {}
    broken: list[BaseException] = []

    def decrypt(pipe: IO[bytes]) -> None:
        with source.open("rb") as file:
            pyrage.decrypt_io(file, pipe, with_keys)

    refusal = ""
    try:
        with _piped(_noting(decrypt, broken)) as plain:
            _take_out(plain, folder, found)
            while plain.read(_BLOCK):  # the last block proves that nothing was cut off
                pass
    except (tarfile.TarError, EOFError, ValueError):
        refusal = f"{source} is no backup of a station."
    except OSError as error:
        refusal = f"{source} cannot be unpacked into {folder}: {error.strerror or error}."
    if broken and not isinstance(broken[0], BrokenPipeError):  # that only says that unpacking gave up
        number = getattr(broken[0], "errno", None)
        refusal = (
            f"{source} cannot be read: {os.strerror(number)}."
            if number
            else f"{source} does not open: it was made for another recovery key, or it was cut or changed."
        )
    if refusal:
        raise BackupRefused(refusal)
    return found


def _noting(work: Callable[[IO[bytes]], None], broken: list[BaseException]) -> Callable[[IO[bytes]], None]:
    def noted(pipe: IO[bytes]) -> None:
        try:
            work(pipe)
        except BaseException as error:
            broken.append(error)

    return noted


def _take_out(plain: IO[bytes], folder: Path, found: dict[str, Part]) -> None:
    with tarfile.open(fileobj=plain, mode="r|", bufsize=_BLOCK) as tar:
        for entry in tar:
            body = tar.extractfile(entry) if entry.isreg() and _PART.fullmatch(entry.name) else None
            if body is None or entry.name in found:
                raise ValueError(entry.name)
            place = folder / entry.name
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            digest = hashlib.sha256()
            with open(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                while block := body.read(_BLOCK):
                    digest.update(block)
                    out.write(block)
                out.flush()
                os.fsync(out.fileno())
            found[entry.name] = Part(entry.size, digest.hexdigest())


def checked(folder: Path, found: dict[str, Part]) -> Manifest:
    """The manifest of an unpacked backup, after every part was compared with it. BackupRefused names the first that differs."""
    if MANIFEST not in found:
        raise BackupRefused("This is no backup of a station: it has no manifest.")
    manifest = Manifest.read((folder / MANIFEST).read_text())
    for name in sorted((found.keys() - {MANIFEST}) | manifest.parts.keys()):
        if found.get(name) != manifest.parts.get(name):
            raise BackupRefused(f"The part {name} of this backup is not the one its manifest names.")
    return manifest
