"""The table of who gets which answer is complete, and says nothing else than the roles of rules/permissions.py."""

import re

import pytest

from rules.permissions import GRANTED, Role
from tests.house.authorization import table
from web.guards import doors
from web.routes import ROUTES

HANDLERS = {
    (re.sub(r"\{(\w+):\w+\}", r"{\1}", path), method): handler
    for handler in ROUTES
    for path in handler.paths
    for method in handler.http_methods & {"GET", "POST"}
}


def test_every_address_has_a_row():
    assert not sorted(set(HANDLERS) - set(table()))


def test_every_row_has_an_address():
    assert not sorted(set(table()) - set(HANDLERS))


def test_every_cell_answers_for_each_record():
    for row in table().values():
        for who in row.cells:
            assert set(row.statuses(who).values()) <= {200, 204, 303, 401, 403, 404, 410, 422}, (row.route, who)


@pytest.mark.parametrize("key", sorted(HANDLERS), ids=lambda key: " ".join(reversed(key)))
def test_the_row_says_what_the_roles_say(key: tuple[str, str]):
    """403 exactly without the permission, for every record alike; a visitor is sent to sign in, or refused with 401."""
    row, (permission,) = table()[key], doors(HANDLERS[key])
    for who in row.cells:
        found = set(row.statuses(who).values())
        if permission is None:
            assert not found & {401, 403}, who
        elif who == "visitor":
            assert found == ({303} if key[1] == "GET" else {401})
        else:
            granted = permission in GRANTED[Role(who.split()[0])]
            assert (found == {403}) is not granted, who
            assert granted is (403 not in found), who


AT_ANY_COUNTER = {
    "/desk/pool/jobs/{number}",
    "/desk/pool/jobs/{number}/referrals",
    "/desk/seekers/{number}/phone",
    "/desk/seekers/{number}/devices/{handle}/revocation",
    "/desk/seekers/{number}/identity-seen",
    "/jobs/{number}/application",
    "/me/devices/{handle}/revocation",
    "/desk/orders/{number}",
    "/desk/orders/{number}/completion",
    "/desk/orders/{number}/handover",
    "/desk/orders/{number}/return",
    "/desk/orders/{number}/taking",
}
"""Any station of the district may, on purpose: the pool, demands that ring in the whole district, a card in hand and a lost phone; a
worker answers for himself anyway."""

NOTHING_THERE = {
    "/desk/freshness/{kind}/{number}/answer",
    "/desk/freshness/{kind}/{number}/call",
    "/desk/seekers/{number}/phone/{ticket_id}",
    "/desk/employers/{employer_id}/documents/{document_id}/opening",
    "/desk/imports/{import_id}",
    "/desk/imports/{import_id}/cancellation",
    "/desk/imports/{import_id}/confirmation",
    "/desk/imports/{import_id}/result.xlsx",
    "/desk/orders/{number}/reveal",
    "/desk/today/tickets/{ticket}/confirmation",
    "/desk/today/tickets/{ticket}/departure",
    "/desk/today/tickets/{ticket}/return",
    "/employer/agreements/{number}/paper.pdf",
    "/desk/seekers/{number}/groups/end",
    "/supervision/ledgers/{code}/{month}/rows",
}
"""404 also at one's own station: no post of the scene is due for a call, no ticket was issued, no copy of a licence was kept, and an
upload is its uploader's alone; the scene's tickets are of the day before, and a taken demand opens its contact to the taker only. Its
agreement was signed on paper, so its employer holds an original and there is no copy to fetch. Without fields no group is named that
could end, and without a query no figure whose rows are asked for."""


@pytest.mark.parametrize(
    "key",
    sorted(
        key
        for key, row in table().items()
        if key[0] not in AT_ANY_COUNTER | NOTHING_THERE and "LAKE" in row.records and HANDLERS[key].guards and doors(HANDLERS[key])[0]
    ),
)
def test_nobody_reaches_the_other_station_but_the_district(key: tuple[str, str]):
    """Where a role may at all: its own record, 404 for the other one and for the missing one."""
    row = table()[key]
    for who in row.cells:
        statuses = row.statuses(who)
        if who == "visitor" or statuses["missing"] == 403:
            continue
        assert statuses["missing"] == 404, who
        if who in ("DST", "ADM"):
            assert 404 not in (statuses["LAKE"], statuses["LING"]), who
        else:
            own, other = ("LING", "LAKE") if "elsewhere" in who else ("LAKE", "LING")
            assert statuses[own] != 404, who
            assert statuses[other] == 404, who
