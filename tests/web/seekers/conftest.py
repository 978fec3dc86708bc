"""A seeker's registration as the counter types it, one value at a time to be changed by a test."""

from typing import Any

import pytest

from tests.web.agreements.conftest import QuickPrinter


def typed(**changes: Any) -> dict[str, Any]:
    """周水生 of the domain reference (S01): forklift driver, everything in order."""
    return {
        "id_type": "01",
        "id_number": "420199197803129017",
        "name": "周水生",
        "phone": "19900000101",
        "subdistrict": "420112006",
        "community": "物流园社区",
        "trade1": "C01",
        "trade2": "C06",
        "slots": ["0-AM", "0-PM", "1-AM", "1-PM", "2-AM", "2-PM", "3-AM", "3-PM", "4-AM", "4-PM"],
        "skills": "搬运10年，叉车",
        "certificate1": "T11",
        "certificate1_number": "TS6LWUH0001",
        "certificate1_valid_to": "2028-05-31",
        "original_seen": "y",
        "consent": "y",
        "consent_method": "SIGNED_PAPER",
        "pledge": "y",
        **changes,
    }


@pytest.fixture
def registration():
    return typed


@pytest.fixture
def quick_printer(app, monkeypatch) -> QuickPrinter:
    """A printer that answers at once and remembers the papers."""
    printer = QuickPrinter()
    monkeypatch.setitem(app.litestar.state, "printer", printer)
    return printer
