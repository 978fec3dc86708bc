"""Addresses that were given out stay: people printed them, search engines know them, colleagues typed them."""

import re

import pytest

from web.routes import ROUTES

KEPT = (
    "/",
    "/jobs",
    "/jobs/{number}",
    "/jobs/{number}/poster.pdf",
    "/stations",
    "/stations/{code}",
    "/stations/{code}/boards/{kind}",
    "/verify/{number}",
    "/desk",
    "/desk/employers",
    "/desk/jobs",
    "/desk/jobs/{number}",
    "/desk/reviews",
    "/desk/seekers",
    "/desk/referrals",
    "/desk/agreements",
    "/desk/placements",
    "/desk/boards",
    "/desk/journal",
    "/desk/account",
    "/supervision",
    "/sign-in",
    "/sign-out",
    "/healthz",
    "/robots.txt",
    "/sitemap.xml",
)
"""The addresses of the design that this version has; the last part of a board's address also takes `.pdf`."""


def shape(path: str) -> str:
    """An address with its changing parts left blank, so that a renamed parameter is no change."""
    return re.sub(r"\{[^}]*\}", "{}", path)


SHAPES = {shape(path) for handler in ROUTES for path in handler.paths}


@pytest.mark.parametrize("address", KEPT)
def test_a_kept_address_is_still_there(address):
    assert shape(address) in SHAPES


def test_addresses_are_lower_case_with_dashes():
    wrong = [path for handler in ROUTES for path in handler.paths if re.search(r"[A-Z_ ]", re.sub(r"\{[^}]*\}", "", path))]
    assert not wrong


def test_no_public_address_counts_rows():
    """A row id in a public address would let strangers count."""
    open_paths = [path for handler in ROUTES for path in handler.paths if not path.startswith(("/desk", "/supervision"))]
    assert not [path for path in open_paths if ":int}" in path]
