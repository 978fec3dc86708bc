"""The certificate that issued papers are signed with, when there is one: it proves that a file was not changed since.

It is a proof of wholeness and no legal seal: a legal electronic seal needs a product of a licensed authority and SM2
keys. Signing ends the sameness of bytes (it holds the time), so the hash of the unsigned bytes is kept beside.
"""

import io
import os
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import NameOID

FIELD = "StationSignature"
REASON = "证明文件出具后未被改动"
OWN_YEARS = 10


class CertificateUnusable(Exception):
    """The certificate cannot sign; the English sentence says what is wrong with which file."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What the signature of a file shows. `whole`: nothing was changed or added since; `known`: it is of this certificate."""

    signed: bool
    whole: bool = False
    known: bool = False
    signer: str = ""


class Certificate:
    """A key with its certificate, opened and ready to sign.

    Signing and checking take processor time and run an event loop of their own: call them in a thread.
    """

    def __init__(self, body: bytes, passphrase: bytes, where: str) -> None:
        try:
            key, certificate, _ = pkcs12.load_key_and_certificates(body, passphrase)
        except ValueError:
            raise CertificateUnusable(f"{where} does not open with the passphrase given: it must be a PKCS#12 file.") from None
        if key is None or certificate is None:
            raise CertificateUnusable(f"{where} must hold a private key and its certificate.")
        self._body, self._passphrase = body, passphrase
        self.certificate = certificate
        names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        self.name = str(names[0].value) if names else certificate.subject.rfc4514_string()
        self._signer: Any = None

    def usable(self, moment: datetime) -> bool:
        """Whether it is valid at that moment: what an expired one signs proves nothing."""
        return self.certificate.not_valid_before_utc <= moment <= self.certificate.not_valid_after_utc

    @property
    def last_day(self) -> str:
        """The last day it is valid, 2036-11-20."""
        return self.certificate.not_valid_after_utc.date().isoformat()

    def prepare(self) -> None:
        """Load the signing library and the key; the first signature does it otherwise, which takes half a second."""
        from pyhanko.sign import signers

        if self._signer is None:
            self._signer = signers.SimpleSigner.load_pkcs12_data(self._body, other_certs=[], passphrase=self._passphrase)
            if self._signer is None:
                raise CertificateUnusable(f"The certificate {self.name} cannot sign PDF files.")

    def signed(self, pdf: bytes, place: str = "") -> bytes:
        """The PDF with an invisible signature that allows no change; `place` is the station's name."""
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
        from pyhanko.sign import fields, signers

        self.prepare()
        how = signers.PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            reason=REASON,
            location=place or None,
            certify=True,
            docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        )
        output = signers.PdfSigner(how, self._signer).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)))
        body: bytes = output.getvalue()
        return body

    def checked(self, pdf: bytes) -> Checked:
        """What the signature of a file shows, with this certificate as the one to trust."""
        from asn1crypto.x509 import Certificate as Trusted
        from pyhanko.pdf_utils.misc import PdfError
        from pyhanko.pdf_utils.reader import PdfFileReader
        from pyhanko.sign.diff_analysis import ModificationLevel
        from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
        from pyhanko_certvalidator import ValidationContext

        own = Trusted.load(self.certificate.public_bytes(Encoding.DER))
        try:
            signatures = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
            if not signatures:
                return Checked(False)
            status = validate_pdf_signature(signatures[0], ValidationContext(trust_roots=[own], allow_fetching=False))
        except (PdfError, ValueError, LookupError):
            return Checked(True)
        unchanged = status.coverage is SignatureCoverageLevel.ENTIRE_FILE and status.modification_level in (None, ModificationLevel.NONE)
        whole = bool(status.intact and status.valid and unchanged)
        return Checked(True, whole, bool(status.trusted), status.signing_cert.subject.human_friendly)


def make_own(path: Path, passphrase: Path, name: str, moment: datetime) -> None:
    """A certificate that this machine gives itself, for the demo district; nothing happens when there is one."""
    if path.exists():
        return
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"), x509.NameAttribute(NameOID.COMMON_NAME, name)])
    begins = moment.astimezone(UTC) - timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=365 * OWN_YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                content_commitment=True,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=False,
                crl_sign=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .sign(key, hashes.SHA256())
    )
    word = secrets.token_urlsafe(24).encode()
    _write(passphrase, word)
    _write(path, pkcs12.serialize_key_and_certificates(name.encode(), key, certificate, None, BestAvailableEncryption(word)))


def _write(path: Path, body: bytes) -> None:
    """Write a secret that only this user may read; it is there wholly or not at all."""
    draft = path.with_suffix(".draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(body)
    draft.rename(path)
