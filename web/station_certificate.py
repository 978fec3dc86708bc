"""The certificate of this installation, opened once: what issued papers are signed with, when there is one."""

from functools import lru_cache
from pathlib import Path

import structlog

from db.clock import now
from web.documents.certificates import Certificate, CertificateUnusable
from web.settings import Settings

log = structlog.get_logger("documents")


def station_certificate(settings: Settings) -> Certificate | None:
    """The certificate of this installation; None when papers are not signed: there is none, or it has expired.

    An expired one is said in the log and when the server starts, and the counter goes on without. CertificateUnusable says
    what is wrong with the files.
    """
    path, passphrase = settings.certificate, settings.certificate_passphrase
    if path is None or passphrase is None or (not settings.production and not path.is_file()):
        return None
    certificate = _opened(path, passphrase)
    if certificate.usable(now()):
        return certificate
    log.warning("certificate_not_valid", until=certificate.last_day)
    return None


@lru_cache(maxsize=4)
def _opened(path: Path, passphrase: Path) -> Certificate:
    try:
        return Certificate(path.read_bytes(), passphrase.read_bytes().strip(), str(path))
    except OSError as error:
        raise CertificateUnusable(f"{error.filename} cannot be read ({error.strerror}).") from None
