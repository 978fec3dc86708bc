"""A closed November at 金银湖 station, with its printer."""

import pytest

from tests.web.agreements.conftest import QuickPrinter, real_printer  # noqa: F401
from tests.web.ledger.conftest import closes, november  # noqa: F401


@pytest.fixture
async def closed(november, manager):  # noqa: F811
    """The month signed by the manager."""
    await closes(manager)
    return november


class LedgerPrinter(QuickPrinter):
    """A quick printer that can be started, as the one of the background is."""

    size = 2

    async def start(self):
        """Nothing to start."""

    async def stop(self):
        """Nothing to stop."""


@pytest.fixture
def quick(app, monkeypatch):
    """Blank pages at once, at the desk and in the background."""
    printer = LedgerPrinter()
    monkeypatch.setitem(app.litestar.state, "printer", printer)
    monkeypatch.setattr(app.litestar.state.ledger_prints, "new_printer", lambda: printer)
    return printer
