"""What the environment says: development with everything made up for you, or production with every secret given."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path


class SettingsMissing(Exception):
    """The environment lacks something, or says what cannot be; `sentences` says each thing in one clear sentence."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the web part needs to know from outside.

    `public_url` (no trailing slash) is what QR codes and share links point to; `secret` signs form tokens;
    `sender` names what carries messages to phones (web/senders.py), "" is nothing; `second_factor` is whether people at
    the desk sign in with a one-time password beside their own. `certificate` is a PKCS#12 file that issued papers are signed
    with, `certificate_passphrase` a file with its passphrase; None: papers are not signed.
    """

    production: bool
    data_folder: Path
    secret: bytes
    public_url: str
    printer_workers: int = 1
    sender: str = ""
    second_factor: bool = False
    certificate: Path | None = None
    certificate_passphrase: Path | None = None

    @property
    def secure_cookies(self) -> bool:
        """Cookies carry Secure and the `__Host-` prefix exactly in production."""
        return self.production


def _development_secret(folder: Path) -> bytes:
    """A secret kept beside the development database, so that a restart does not throw everybody out."""
    path = folder / "secret"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
    return path.read_text().encode()


def _certificate(folder: Path, production: bool) -> tuple[Path | None, Path | None, list[str]]:
    """The certificate for issued papers and the file with its passphrase, and what is wrong with them."""
    given, passphrase = os.environ.get("STATION_CERTIFICATE") or "", os.environ.get("STATION_CERTIFICATE_PASSPHRASE") or ""
    if not given and not passphrase:
        return (None, None, []) if production else (folder / "certificate.p12", folder / "certificate.passphrase", [])
    wrong = [
        f"{name} must be the path of an existing file ({what}), because papers are to be signed."
        for name, path, what in (
            ("STATION_CERTIFICATE", given, "PKCS#12"),
            ("STATION_CERTIFICATE_PASSPHRASE", passphrase, "its passphrase"),
        )
        if not path or not Path(path).is_file()
    ]
    return Path(given).resolve(), Path(passphrase).resolve(), wrong


def load_settings() -> Settings:
    """Read the environment. Raises SettingsMissing when production lacks a secret, or a value cannot be meant."""
    mode = os.environ.get("STATION_ENV") or "development"
    if mode not in ("development", "production"):
        raise SettingsMissing([f"STATION_ENV must be development or production, but it is {mode!r}."])
    printers = os.environ.get("STATION_PRINTERS") or "1"
    if printers not in map(str, range(1, 33)):
        raise SettingsMissing([f"STATION_PRINTERS must be a number from 1 to 32, but it is {printers!r}."])
    sender = os.environ.get("STATION_SENDER") or ""
    if sender not in ("", "none", "file"):
        raise SettingsMissing([f"STATION_SENDER must be none or file, but it is {sender!r}."])
    asked = os.environ.get("STATION_SECOND_FACTOR") or ""
    if asked not in ("", "on", "off"):
        raise SettingsMissing([f"STATION_SECOND_FACTOR must be on or off, but it is {asked!r}."])
    folder, workers = Path(os.environ.get("STATION_DATA") or "data").resolve(), int(printers)
    certificate, passphrase, missing = _certificate(folder, mode == "production")
    if mode == "development":
        url = os.environ.get("PUBLIC_URL") or f"http://127.0.0.1:{os.environ.get('PORT') or '8000'}"
        if missing:
            raise SettingsMissing(missing)
        signing = {"certificate": certificate, "certificate_passphrase": passphrase}
        return Settings(False, folder, _development_secret(folder), url.rstrip("/"), workers, sender, asked == "on", **signing)
    secret = os.environ.get("STATION_SECRET", "")
    if len(secret) < 32:
        missing.append("STATION_SECRET is not set: give at least 32 random characters that sign the form tokens.")
    keys = os.environ.get("STATION_KEYS", "")
    if not keys or not Path(keys).is_file():
        missing.append("STATION_KEYS is not set to an existing file: give the path of the key file for personal data.")
    signing_key = os.environ.get("STATION_SIGNING_KEY", "")
    if not signing_key or not Path(signing_key).is_file():
        missing.append("STATION_SIGNING_KEY is not set to an existing file: make the key that signs the record daily, db.new_signing_key.")
    url = os.environ.get("PUBLIC_URL", "")
    if not url.startswith("https://"):
        missing.append("PUBLIC_URL is not set to an https:// address: QR codes and share links point to it.")
    if asked == "off":
        missing.append("STATION_SECOND_FACTOR is off: in production staff sign in with a second factor, so leave it out or set it to on.")
    if missing:
        raise SettingsMissing(missing)
    return Settings(True, folder, secret.encode(), url.rstrip("/"), workers, sender, True, certificate, passphrase)
