"""Freshness (art. 11 真实有效): until when a verified post or profile counts, and when somebody should call.

The periods are design values of the domain reference (art. 11: posts 15 days, profiles 90 days); what is older leaves
screen, board and matching by itself, and comes back when somebody confirmed it.
"""

from __future__ import annotations

from datetime import date, timedelta

from rules.publication import STALE_AFTER
from rules.seekers import DORMANT_DAYS

POSTS_AHEAD = 2
"""Days before a post goes stale from which it stands on the morning's list."""

SEEKERS_AHEAD = 7
"""The same for a profile."""


def post_fresh_until(verified_on: date | None) -> date | None:
    """The last day on which a post counts as verified; None for one nobody verified."""
    return verified_on + timedelta(days=STALE_AFTER) if verified_on else None


def seeker_fresh_until(confirmed_on: date) -> date:
    """The last day on which a profile counts as confirmed."""
    return confirmed_on + timedelta(days=DORMANT_DAYS)


def posts_due_before(today: date) -> date:
    """Posts verified on or before this day stand on today's list."""
    return today - timedelta(days=STALE_AFTER - POSTS_AHEAD)


def seekers_due_before(today: date) -> date:
    """Profiles confirmed on or before this day stand on today's list."""
    return today - timedelta(days=DORMANT_DAYS - SEEKERS_AHEAD)
