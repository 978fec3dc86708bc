"""Every list of the desk that can be exported and printed: who may see it, its rows page by page, its columns.

A list is exported exactly as its page shows it: the same query with the asker's scope, the same filter, the same masks.
To add one, give it a `ListKind`, write its function of rows and add a `Listing`; tests/web/exports holds every list page to it.
"""

from collections.abc import AsyncIterator
from urllib.parse import urlencode

from rules.permissions import Actor
from web.listings.activities import ACTIVITIES
from web.listings.attendance import SIGN_INS
from web.listings.calling import CALLING
from web.listings.corrections import CORRECTIONS
from web.listings.counter import COUNTER
from web.listings.incoming_scans import INCOMING_SCANS
from web.listings.papers import PAPERS
from web.listings.print_runs import PRINT_RUNS
from web.listings.samples import SAMPLES
from web.listings.screens import SCREENS
from web.listings.shape import Listing, Row, Search
from web.listings.statistics import STATISTICS
from web.listings.working_day import WORKING_DAY

LISTINGS: dict[str, Listing] = {
    listing.kind.value: listing
    for listing in (
        *COUNTER,
        *SIGN_INS,
        *CALLING,
        *WORKING_DAY,
        *SCREENS,
        *INCOMING_SCANS,
        *PAPERS,
        *PRINT_RUNS,
        *ACTIVITIES,
        *SAMPLES,
        *CORRECTIONS,
        *STATISTICS,
    )
}
"""Every list, by the name of its export."""


def listed_as(kind: str, asked: Search) -> tuple[str, str]:
    """For the row under a list: the query that asks for its export, and its filter in words ("" for all of it)."""
    listing = LISTINGS[kind]
    kept = listing.narrowed({name: value or "" for name, value in asked.items()})
    return urlencode({"list": kind, **kept}), listing.words(kept) if kept else ""


def listing_for(actor: Actor, kind: str) -> Listing | None:
    """The list when there is one and this person may see it."""
    listing = LISTINGS.get(kind)
    return listing if listing and actor.may(listing.permission) else None


async def rows_of(listing: Listing, actor: Actor, search: Search, most: int) -> AsyncIterator[Row]:
    """Every row of the list in the asker's reach, page by page; ends after `most` and one more."""
    asked, after, count = listing.narrowed(search), "", 0
    while True:
        page = await listing.rows(actor, asked, after)
        for row in page.rows:
            yield row
            count += 1
            if count > most:
                return
        if not page.next:
            return
        after = page.next
