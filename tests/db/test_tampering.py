"""Everything before the last signed head that somebody changed past the triggers is found, and named."""

import random

import pytest

from db.verify_record import verify_record
from tests.cast import move_in
from tests.db.tampering import WAYS, Kept, build

TIMES = 60


@pytest.fixture
async def kept(database) -> Kept:
    """A record with everything in it, as it was written."""
    await move_in()
    await build()
    return await Kept.taken()


async def test_a_record_as_it_was_written_is_well(kept):
    result = await verify_record()
    assert not result.found, [each.sentence for each in result.found.values()]
    assert (result.heads, result.ledgers, result.papers, result.corrections, result.days) == (3, 1, 4, 2, 1)
    assert result.entries == len(kept.rows["journal_entry"])


async def test_what_was_tampered_with_is_found_and_named(kept):
    for seed in range(TIMES):
        case = WAYS[seed % len(WAYS)](random.Random(seed), kept)
        await case.commit()
        found = (await verify_record()).found
        await kept.put_back(case.tables)
        said = [each.sentence for each in found.values()]
        assert case.part in found, (seed, case.what, said)
        assert any(name in each for name in case.names for each in said), (seed, case.what, case.names, said)
    result = await verify_record()
    assert not result.found, [each.sentence for each in result.found.values()]
