"""One server with the demo district for all browser tests of a run, one Chromium per module (its event loop ends there)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.e2e.demo_station import chromium, demo_server, furnish


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demo district that nobody works in: every server starts on a copy."""
    folder = tmp_path_factory.mktemp("furnished")
    furnish(folder)
    return folder


@pytest.fixture(scope="session")
def address(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demo district, started once; a module that needs another station has an `address` of its own."""
    with demo_server(tmp_path_factory.mktemp("station"), furnished) as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        started = chromium(playwright)
        yield started
        started.close()
