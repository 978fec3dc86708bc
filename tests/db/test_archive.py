"""The archive keeps sealed files and says when one is not what was kept."""

import hashlib
import stat

import pytest

from db import archive
from db.archive import ArchiveDamaged

PAPER = "零工劳务协议 420199197803129017".encode() * 50


def place(key: str):
    return archive.folder() / key[:2] / f"{key}.sealed"


async def test_what_was_kept_comes_back():
    kept = await archive.keep(PAPER)
    assert (kept.size, kept.sha256) == (len(PAPER), hashlib.sha256(PAPER).hexdigest())
    assert await archive.opened(kept.key, kept.sha256) == PAPER


async def test_the_file_is_sealed_private_and_named_by_chance():
    first, second = await archive.keep(PAPER), await archive.keep(PAPER)
    assert first.key != second.key
    on_disk = place(first.key).read_bytes()
    assert b"420199197803129017" not in on_disk
    assert stat.S_IMODE(place(first.key).stat().st_mode) == 0o600
    assert not list(place(first.key).parent.glob("*.draft"))


async def test_a_changed_byte_is_found():
    kept = await archive.keep(PAPER)
    body = bytearray(place(kept.key).read_bytes())
    body[-40] ^= 1
    place(kept.key).write_bytes(bytes(body))
    with pytest.raises(ArchiveDamaged):
        await archive.opened(kept.key, kept.sha256)


async def test_a_file_in_the_place_of_another_does_not_open():
    one, other = await archive.keep(b"one"), await archive.keep(b"other")
    place(other.key).write_bytes(place(one.key).read_bytes())
    with pytest.raises(ArchiveDamaged, match="open"):
        await archive.opened(other.key, other.sha256)


async def test_another_hash_than_the_kept_one_is_refused():
    kept = await archive.keep(b"one")
    with pytest.raises(ArchiveDamaged, match="not the one"):
        await archive.opened(kept.key, "0" * 64)


async def test_a_missing_file_is_said_to_be_missing():
    kept = await archive.keep(b"one")
    await archive.discard(kept.key)
    await archive.discard(kept.key)
    with pytest.raises(ArchiveDamaged, match="missing"):
        await archive.opened(kept.key, kept.sha256)


@pytest.mark.parametrize("key", ["", "../../keys.json", "a" * 39, "A" * 40, "a" * 40 + "/.."])
async def test_a_key_never_leads_out_of_the_archive(key):
    with pytest.raises(ArchiveDamaged):
        await archive.opened(key, "0" * 64)
