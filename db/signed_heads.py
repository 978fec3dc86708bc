"""The key that signs the heads of the journal every day (Ed25519), and checking what it signed.

The key is a JSON file of mode 0600 of its own, never in the database and never in a backup: `STATION_SIGNING_KEY`, or
`$STATION_DATA/signing-key.json`, which is made on the first use unless `STATION_ENV=production`. It also holds the public
keys of earlier ones, so that old signatures can be checked. The district keeps the public key; see docs/decisions/0023.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
import stat
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from db.engine import data_folder
from rules.verification import SignedLine, signed_text


class SigningKeyError(Exception):
    """The key file is missing or cannot be used; the text is one sentence."""


@dataclass(frozen=True, repr=False)
class SigningKey:
    """The key in use, and the public keys (hexadecimal) of this one and its forerunners by their ids."""

    key_id: str
    private: Ed25519PrivateKey
    public: dict[str, str]

    def sign(self, chain: str, seq: int, digest: str, day: date) -> SignedLine:
        """The head of a chain at the end of a day, signed."""
        signature = self.private.sign(signed_text(chain, seq, digest, day)).hex()
        return SignedLine(chain, seq, digest, day, self.key_id, signature)


def key_id_of(public: bytes) -> str:
    """The id of a public key: the beginning of its SHA-256."""
    return hashlib.sha256(public).hexdigest()[:16]


def signature_is_good(line: SignedLine, public: str) -> bool:
    """Whether the signature of a head is by the key with this public part (hexadecimal)."""
    try:
        raw = bytes.fromhex(public)
        if key_id_of(raw) != line.key_id:
            return False
        Ed25519PublicKey.from_public_bytes(raw).verify(bytes.fromhex(line.signature), line.signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def _path() -> Path:
    return Path(os.environ.get("STATION_SIGNING_KEY") or data_folder() / "signing-key.json")


def new_signing_key(before: dict[str, str] | None = None) -> dict[str, Any]:
    """The content of a fresh key file; `before` are the public keys of earlier ones."""
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    name = key_id_of(public)
    return {
        "active": name,
        "private": base64.b64encode(private.private_bytes_raw()).decode(),
        "public": {**(before or {}), name: public.hex()},
    }


def write_key_file(path: Path, kept: dict[str, Any], *, replace: bool = False) -> None:
    """Put a key file in its place at once, for this user only. FileExistsError unless it may be replaced."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(kept, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            draft.rename(path)
        else:
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def load_key(path: Path) -> SigningKey:
    """The key of a file. SigningKeyError, in one sentence, when it cannot be used."""
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise SigningKeyError(f"The signing key {path} can be read by others; run: chmod 600 {path}")
        kept = json.loads(path.read_text())
        private = Ed25519PrivateKey.from_private_bytes(base64.b64decode(kept["private"]))
        public = {str(name): str(key) for name, key in kept["public"].items()}
        raw = private.public_key().public_bytes_raw()
    except OSError as error:
        raise SigningKeyError(f"The signing key {path} cannot be read: {error.strerror}.") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise SigningKeyError(f"The signing key {path} is not a key file; make one with python -m db.new_signing_key.") from None
    if kept["active"] != key_id_of(raw) or public.get(kept["active"]) != raw.hex():
        raise SigningKeyError(f"The signing key {path} does not hold together; restore it from its envelope.")
    return SigningKey(kept["active"], private, public)


def signing_key() -> SigningKey:
    """The key of this installation; outside production it is made when there is none. SigningKeyError as of `load_key`."""
    path = _path()
    if not path.exists():
        if os.environ.get("STATION_SIGNING_KEY") or os.environ.get("STATION_ENV") == "production":
            raise SigningKeyError(f"The signing key {path} is missing; make it with python -m db.new_signing_key PATH.")
        try:
            write_key_file(path, new_signing_key())
        except FileExistsError:  # another process was first
            pass
    return load_key(path)


def known_public_keys() -> dict[str, str]:
    """Key id → public key of this installation; none when there is no key file yet. SigningKeyError as of `load_key`."""
    path = _path()
    return load_key(path).public if path.exists() else {}
