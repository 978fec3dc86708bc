"""The tour is taken once; every test of this folder looks at what it brought home."""

import pytest

from tests.web.conftest import MORNING
from tests.web.security.tour import Tour, take


@pytest.fixture(scope="session")
async def tour(app, empty_database) -> Tour:
    """Every address asked by every role, with the database before and after."""
    brought = Tour()
    await take(app, empty_database, brought, MORNING)
    return brought
