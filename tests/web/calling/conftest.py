"""The printer, running in the test's own event loop."""

from collections.abc import AsyncIterator

import pytest

from web.app import Station


@pytest.fixture
async def printer(app: Station) -> AsyncIterator[None]:
    """Worker processes for the length of the test."""
    await app.litestar.state.printer.start()
    yield
    await app.litestar.state.printer.stop()
