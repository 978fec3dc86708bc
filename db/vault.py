"""Personal columns: sealed at rest, found by a keyed hash, opened only with the keys (PIPL 51, art. 18).

A sealed value is `s1.<suite>.<key id>.<base64 of nonce, text and tag>`, bound to its table, column and row, so a
value moved to another row does not open. Queries return it sealed; `Vault.open` is called by `db.queries` alone,
with the purpose in the journal. Keys are a JSON file of mode 0600 beside the database but never inside it, and
never in the same backup: `STATION_KEYS`, or `$STATION_DATA/keys.json`, which is made on the first start unless
`STATION_ENV=production`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
import stat
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from piccolo.columns import Text

from db.engine import data_folder


class SealedError(Exception):
    """A sealed value cannot be opened, plain text was about to be stored, or the key file cannot be used."""


class SealedStr(str):
    """Sealed text that prints as a mask, so that no log line, f-string or template shows even the sealed form.

    `__str__` is left alone on purpose: overriding it would store the mask whenever a value is copied.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return "<sealed>"

    def __format__(self, spec: str) -> str:
        return "<sealed>"

    def __html__(self) -> str:
        """What a template shows instead."""
        return "●●●●"


class Sealed(Text):
    """A text column for sealed values; instances refuse plain text with SealedError.

    `insert` and `update` of dictionaries bypass instances, so `select` may return a plain `str`: seal first.
    """

    def __init__(self, default: Any = "", **options: Any) -> None:
        options.setdefault("secret", True)
        super().__init__(default=default, **options)

    @property
    def column_type(self) -> str:
        """TEXT: Piccolo would otherwise name a type after this class."""
        return "TEXT"

    def __get__(self, row: Any, owner: Any = None) -> Any:
        return self if row is None else row.__dict__[self._meta.name]

    def __set__(self, row: Any, value: Any) -> None:
        if value not in (None, "") and not str.startswith(value, "s1."):
            raise SealedError(f"plain text assigned to sealed column {self._meta.name}")
        row.__dict__[self._meta.name] = None if value is None else SealedStr(value)


def _aes_seal(key: bytes, nonce: bytes, plain: bytes, bound_to: bytes) -> bytes:
    return AESGCMSIV(key).encrypt(nonce, plain, bound_to)


def _aes_open(key: bytes, nonce: bytes, sealed: bytes, bound_to: bytes) -> bytes:
    return AESGCMSIV(key).decrypt(nonce, sealed, bound_to)


def _sm4_seal(key: bytes, nonce: bytes, plain: bytes, bound_to: bytes) -> bytes:
    cipher = Cipher(algorithms.SM4(key[:16]), modes.GCM(nonce)).encryptor()
    cipher.authenticate_additional_data(bound_to)
    return cipher.update(plain) + cipher.finalize() + cipher.tag


def _sm4_open(key: bytes, nonce: bytes, sealed: bytes, bound_to: bytes) -> bytes:
    cipher = Cipher(algorithms.SM4(key[:16]), modes.GCM(nonce, sealed[-16:])).decryptor()
    cipher.authenticate_additional_data(bound_to)
    return cipher.update(sealed[:-16]) + cipher.finalize()


Suite = tuple[Callable[[bytes, bytes, bytes, bytes], bytes], Callable[[bytes, bytes, bytes, bytes], bytes]]
SUITES: dict[str, Suite] = {"a": (_aes_seal, _aes_open), "m": (_sm4_seal, _sm4_open)}  # AES-256-GCM-SIV, SM4-GCM


def normalised(kind: str, plain: str) -> str:
    """The form two spellings of one number share: half-width, upper case, no spaces or dashes, no +86 on a phone."""
    text = "".join(letter for letter in unicodedata.normalize("NFKC", plain).upper() if letter.isalnum())
    if kind == "phone" and len(text) == 13 and text.startswith("86"):
        return text[2:]
    return text


@dataclass(frozen=True, repr=False)
class Vault:
    """The keys in memory. `active` seals, all of `keys` open; the same for the index keys."""

    keys: dict[str, bytes]
    active: str
    index_keys: dict[str, bytes]
    index_active: str
    suite: str = "a"

    @classmethod
    def load(cls, path: Path) -> Vault:
        """The vault of a key file. SealedError, in one sentence, when the file cannot be used."""
        try:
            mode = path.stat().st_mode
            if stat.S_IMODE(mode) & 0o077:
                raise SealedError(f"The key file {path} can be read by others; run: chmod 600 {path}")
            kept = json.loads(path.read_text())
            keys, index_keys = ({name: base64.b64decode(key) for name, key in kept[part].items()} for part in ("keys", "index"))
            loaded = cls(keys, kept["active"], index_keys, kept["index_active"], kept.get("suite", "a"))
        except OSError as error:
            raise SealedError(f"The key file {path} cannot be read: {error.strerror}.") from None
        except (ValueError, KeyError, TypeError, AttributeError):
            raise SealedError(f"The key file {path} is not a key file; restore it from its envelope.") from None
        if loaded.active not in keys or loaded.index_active not in index_keys or loaded.suite not in SUITES:
            raise SealedError(f"The key file {path} names an active key or suite it does not hold.")
        return loaded

    def seal(self, where: str, uid: str | int, plain: str) -> SealedStr:
        """Seal `plain` for the cell `where` ("seeker.phone") of the row `uid`. An empty text stays empty."""
        if plain == "":
            return SealedStr("")
        nonce = secrets.token_bytes(12)
        sealed = SUITES[self.suite][0](self.keys[self.active], nonce, plain.encode(), _bound_to(where, uid))
        text = base64.urlsafe_b64encode(nonce + sealed).decode().rstrip("=")
        return SealedStr(f"s1.{self.suite}.{self.active}.{text}")

    def open(self, where: str, uid: str | int, sealed: str) -> str:
        """The plain text of a cell. SealedError: another cell's value, a changed value, or a missing key."""
        if sealed == "":
            return ""
        try:
            _, suite, key, text = str.split(sealed, ".")
            raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            return SUITES[suite][1](self.keys[key], raw[:12], raw[12:], _bound_to(where, uid)).decode()
        except (KeyError, ValueError, InvalidTag) as error:
            raise SealedError(f"cannot open {where}: {type(error).__name__}") from None

    def key_of(self, sealed: str) -> str:
        """The id of the key a value was sealed with."""
        return str.split(sealed, ".")[2]

    def index(self, kind: str, plain: str, scope: str = "", key: str | None = None) -> str:
        """The keyed hash that finds and compares a value: `kind` is "id_number" or "phone" (one key per kind)."""
        key = key or self.index_active
        own = hmac.new(self.index_keys[key], f"bi:{kind}:{scope}".encode(), hashlib.sha256).digest()
        return f"{key}.{hmac.new(own, normalised(kind, plain).encode(), hashlib.sha256).hexdigest()[:32]}"

    def index_all(self, kind: str, plain: str, scope: str = "") -> list[str]:
        """The hash under every index key, for a lookup while the index key is being replaced."""
        return [self.index(kind, plain, scope, key) for key in self.index_keys]


def _bound_to(where: str, uid: str | int) -> bytes:
    return f"{where}:{uid}".encode()


def key_file() -> Path:
    """Where this installation keeps its keys; made now when this is a first start outside production.

    SealedError, in one sentence, when the keys must exist and do not.
    """
    named = os.environ.get("STATION_KEYS")
    path = Path(named) if named else data_folder() / "keys.json"
    if path.exists():
        return path
    if named or os.environ.get("STATION_ENV") == "production":
        raise SealedError(f"The key file {path} is missing; set STATION_KEYS to the key file of this installation.")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = _written(path, new_keys())
    try:
        os.link(draft, path)  # the first of several processes wins, and the others use its file
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path


def _written(path: Path, kept: dict[str, Any]) -> Path:
    """A complete draft beside the key file, for this user only and on the disk for good."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(kept, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    return draft


def replace_key_file(path: Path, kept: dict[str, Any]) -> None:
    """Put another content in the place of the key file, at once and for good. SealedError: the content is no key file."""
    draft = _written(path, kept)
    try:
        Vault.load(draft)
        draft.rename(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def new_keys() -> dict[str, Any]:
    """The content of a fresh key file. Key ids are random, so that a lost file cannot pass for another one."""
    name, index_name = f"k{secrets.token_hex(3)}", f"i{secrets.token_hex(3)}"
    return {
        "keys": {name: fresh_key()},
        "active": name,
        "index": {index_name: fresh_key()},
        "index_active": index_name,
        "suite": "a",
    }


def fresh_key() -> str:
    """A new key as it stands in the key file."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


_opened: dict[Path, tuple[tuple[int, int], Vault]] = {}


def vault() -> Vault:
    """The vault of this installation, read again when the key file was replaced: a running server must know a new key.

    SealedError as of `key_file` and `Vault.load`.
    """
    path = key_file()
    try:
        seen = path.stat()
    except OSError as error:
        raise SealedError(f"The key file {path} cannot be read: {error.strerror}.") from None
    stamp = (seen.st_ino, seen.st_mtime_ns)
    known = _opened.get(path)
    if known is None or known[0] != stamp:
        known = _opened[path] = (stamp, Vault.load(path))
    return known[1]
