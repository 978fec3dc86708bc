"""Starts the server: what could stop it first, then migrations, demo data in development, and Granian.

Everything that keeps it from starting is said in one sentence that names what to do, never as a traceback.
Granian is the one server that, as shipped, survived slow headers; slow bodies are ended by the gate (web/gate.py).
"""

import asyncio
import errno
import os
import socket
import sys
import tempfile
from pathlib import Path

from web.settings import Settings, SettingsMissing, load_settings

DEMO_HEADING = "Demo accounts (development only, the password of each is {password}):"


class CannotStart(Exception):
    """Something on this machine keeps the server from starting; the text is one sentence that says what to do."""


def listening_address() -> tuple[str, int]:
    """HOST (127.0.0.1) and PORT (8000), which nobody else listens on. Raises CannotStart."""
    host, asked = os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "8000"
    if not (asked.isascii() and asked.isdigit() and 0 < int(asked[:6]) < 65536):
        raise CannotStart(f"PORT must be a number from 1 to 65535, but it is {asked!r}.")
    port = int(asked)
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a server that has just ended is no obstacle
            probe.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CannotStart(
                f"Port {port} is in use already: stop the program that uses it, or choose another one (PORT={port % 65535 + 1})."
            ) from None
        if error.errno == errno.EACCES:
            raise CannotStart(f"This user may not open port {port}: choose one above 1023, for example PORT=8000.") from None
        raise CannotStart(f"HOST must be an address of this machine, but with {host!r} it says: {error.strerror}.") from None
    return host, port


def writable_data_folder() -> Path:
    """STATION_DATA (./data), made when it is missing. Raises CannotStart when nothing can be written there."""
    folder = Path(os.environ.get("STATION_DATA") or "data").resolve()
    where = folder
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
        for where in (folder / "station.db", folder / "secret", folder / "keys.json"):
            if where.exists():
                where.open("r+b").close()
    except OSError as error:
        raise CannotStart(
            f"{where} cannot be written to ({error.strerror}): let this user write there, or set STATION_DATA to another folder."
        ) from None
    return folder


def refuse_interrupted_restore(folder: Path) -> None:
    """Raises CannotStart while script/restore replaces the records, or when it was interrupted in the middle of that."""
    if (folder / "restoring").exists():
        raise CannotStart(
            f"A backup is being put in place, or that was interrupted: wait for it, or run script/restore again ({folder / 'restoring'})."
        )


async def prepare(settings: Settings) -> list[str]:
    """Bring the database up to date and fill an empty one, outside production with the demo district; gives the lines to print.

    Raises CannotStart. When it is interrupted the database is as it was, or complete.
    """
    try:
        from piccolo_conf import DB
    except ValueError as error:
        raise CannotStart(f"{error}.") from None
    from db.errors import StorageUnavailable
    from db.migrate import MigrationFailed, migrate
    from db.rotate_keys import refuse_missing_keys
    from db.seeds.base import load_base
    from db.signed_heads import SigningKeyError, signing_key
    from db.vault import SealedError, vault
    from web.documents.certificates import CertificateUnusable

    try:
        vault()
        signing_key()
        said = _certificate_lines(settings)
        await migrate()
        await DB.start_connection_pool()
        try:
            await refuse_missing_keys()
            if settings.production:
                await load_base()
                return said
            return await _demo_lines(settings) + said
        finally:
            await DB.close_connection_pool()
    except (SealedError, SigningKeyError, CertificateUnusable) as error:
        raise CannotStart(str(error)) from None
    except (MigrationFailed, StorageUnavailable) as error:
        unavailable = error.__cause__ if isinstance(error, MigrationFailed) else error
        if not isinstance(unavailable, StorageUnavailable):
            raise CannotStart(f"The database could not be brought up to date and is as it was: {error}") from None
        kept_in = "the PostgreSQL of DATABASE_URL" if os.environ.get("DATABASE_URL") else str(settings.data_folder)
        raise CannotStart(f"The database does not answer: see that {kept_in} can be reached and has room ({unavailable}).") from None


def _certificate_lines(settings: Settings) -> list[str]:
    """Make the demo's own certificate; what there is to say about the one that papers are signed with."""
    from db.clock import now
    from web.documents.certificates import make_own
    from web.station_certificate import station_certificate

    path, passphrase = settings.certificate, settings.certificate_passphrase
    if path is None or passphrase is None:
        return []
    if not settings.production:
        make_own(path, passphrase, "零工驿站演示（自签）", now())
    certificate = station_certificate(settings)
    return [] if certificate else [f"The certificate {path} is not valid today: papers are issued without a signature."]


async def _demo_lines(settings: Settings) -> list[str]:
    from db.seeds import demo
    from web.agreement_papers import print_agreement
    from web.documents.renderer import Printer, PrintFailed
    from web.station_certificate import station_certificate

    printer = Printer(workers=1)
    try:
        await printer.start()
        if await demo.wanted():
            print("==> loading the demo district (about half a minute, the first time only)", flush=True)
            sign = station_certificate(settings)
            await demo.load_into_empty(lambda number, actor: print_agreement(printer, settings.public_url, number, actor, sign))
    except PrintFailed as error:
        raise CannotStart(f"The demo district was not loaded, because its agreements could not be printed: {error}") from None
    finally:
        await printer.stop()
    return [
        DEMO_HEADING.format(password=demo.PASSWORD),
        *(f"  {login:<10} {role}" for login, role in demo.accounts_per_role()),
        f"  {demo.EMPLOYER_PHONE} 雇主（/employer/sign-in）；零工在 /register 自己登记",
    ]


def main() -> None:
    """Run until stopped. Exits with one clear sentence for each thing that is in the way."""
    try:
        host, port = listening_address()
        refuse_interrupted_restore(writable_data_folder())
        settings = load_settings()
        lines = asyncio.run(prepare(settings))
        shown = f"[{host}]" if ":" in host else host
        print(f"\nServing on http://{shown}:{port} (Ctrl+C stops it)\n" + "\n".join(lines), flush=True)
    except CannotStart as obstacle:
        sys.exit(f"The station system does not start: {obstacle}")
    except SettingsMissing as missing:
        sys.exit("The station system does not start like this:\n" + "\n".join(f"- {s}" for s in missing.sentences))
    except KeyboardInterrupt:
        sys.exit("\nStopped before the server was ready; the next start begins where this one began.")
    os.execv(
        sys.executable,
        [
            *(sys.executable, "-m", "granian", "--interface", "asgi", "--factory", "--host", host, "--port", str(port)),
            *("--workers", "1", "--loop", "uvloop", "--no-access-log", "--log-level", "warning"),
            *("--http1-header-read-timeout", "5000", "--workers-kill-timeout", "10", "web.app:serve"),
        ],
    )


if __name__ == "__main__":
    main()
