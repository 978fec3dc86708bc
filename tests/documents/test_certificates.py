"""A signature shows that a file is as it was issued, and that another one is not."""

import asyncio
import io
from datetime import UTC, datetime, timedelta

import pypdf
import pytest

from db.clock import at
from tests.documents import samples
from web import station_certificate as opening
from web.documents.certificates import Certificate, CertificateUnusable, make_own
from web.settings import Settings, SettingsMissing, load_settings
from web.station_certificate import station_certificate


@pytest.fixture(scope="module")
def unsigned(printer):
    async def give():
        return await printer.pdf("referral_slip", {"paper": samples.referral_slip()})

    return give


@pytest.mark.asyncio(loop_scope="session")
async def test_a_signed_paper_is_whole_and_known(unsigned, certificate):
    signed = await asyncio.to_thread(certificate.signed, await unsigned(), "金银湖街道零工驿站")
    checked = await looked_at(certificate, signed)
    assert (checked.signed, checked.whole, checked.known) == (True, True, True)
    assert "演示" in checked.signer


@pytest.mark.asyncio(loop_scope="session")
async def test_the_pages_and_the_attachment_are_those_of_the_unsigned_paper(unsigned, certificate):
    body = await unsigned()
    signed = await asyncio.to_thread(certificate.signed, body)
    assert signed.startswith(body), "a signature is added behind, nothing before it is touched"
    assert pypdf.PdfReader(io.BytesIO(signed)).attachments == pypdf.PdfReader(io.BytesIO(body)).attachments


@pytest.mark.asyncio(loop_scope="session")
async def test_one_changed_byte_is_found(unsigned, certificate):
    signed = bytearray(await asyncio.to_thread(certificate.signed, await unsigned()))
    signed[4000] ^= 1
    checked = await looked_at(certificate, bytes(signed))
    assert checked.signed
    assert not checked.whole


@pytest.mark.asyncio(loop_scope="session")
async def test_something_added_behind_is_found(unsigned, certificate):
    signed = await asyncio.to_thread(certificate.signed, await unsigned())
    assert not (await looked_at(certificate, signed + b"\n% one more line\n")).whole


@pytest.mark.asyncio(loop_scope="session")
async def test_a_signature_of_somebody_else_is_whole_but_not_known(unsigned, certificate, tmp_path):
    other = made(tmp_path, "别人")
    checked = await looked_at(certificate, await asyncio.to_thread(other.signed, await unsigned()))
    assert checked.whole
    assert not checked.known


@pytest.mark.asyncio(loop_scope="session")
async def test_a_paper_without_a_signature_has_none(unsigned, certificate):
    assert not (await looked_at(certificate, await unsigned())).signed


async def looked_at(certificate, body):
    return await asyncio.to_thread(certificate.checked, body)


def made(folder, name, moment=None):
    make_own(folder / "own.p12", folder / "own.passphrase", name, moment or datetime.now(UTC))
    return Certificate((folder / "own.p12").read_bytes(), (folder / "own.passphrase").read_bytes(), "own.p12")


def settings(folder, **more):
    return Settings(
        False, folder, b"s", "http://x", certificate=folder / "own.p12", certificate_passphrase=folder / "own.passphrase", **more
    )


def test_the_demo_makes_its_own_certificate_once_and_only_this_user_reads_it(tmp_path):
    made(tmp_path, "演示")
    first = (tmp_path / "own.p12").read_bytes()
    made(tmp_path, "演示")
    assert (tmp_path / "own.p12").read_bytes() == first
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


def test_without_a_certificate_nothing_is_signed(tmp_path):
    assert station_certificate(Settings(False, tmp_path, b"s", "http://x")) is None
    assert station_certificate(settings(tmp_path)) is None, "development before its first start"


def test_an_expired_certificate_signs_nothing_and_the_counter_goes_on(tmp_path):
    made(tmp_path, "演示")
    opening._opened.cache_clear()
    assert station_certificate(settings(tmp_path)) is not None
    with at(datetime.now(UTC) + timedelta(days=365 * 11)):
        assert station_certificate(settings(tmp_path)) is None


def test_a_wrong_passphrase_is_said_in_one_sentence(tmp_path):
    made(tmp_path, "演示")
    (tmp_path / "own.passphrase").write_text("wrong")
    opening._opened.cache_clear()
    with pytest.raises(CertificateUnusable, match=r"own\.p12 does not open"):
        station_certificate(settings(tmp_path))


def test_a_certificate_that_is_not_there_keeps_the_server_from_starting(tmp_path, monkeypatch):
    monkeypatch.setenv("STATION_DATA", str(tmp_path))
    monkeypatch.setenv("STATION_CERTIFICATE", str(tmp_path / "nothing.p12"))
    with pytest.raises(SettingsMissing) as refused:
        load_settings()
    assert [sentence.split(" must be")[0] for sentence in refused.value.sentences] == [
        "STATION_CERTIFICATE",
        "STATION_CERTIFICATE_PASSPHRASE",
    ]
