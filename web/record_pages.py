"""Where a record is looked at by its public number, and who may open it: one table for lists, ledgers, figures and the journal."""

from rules.permissions import Actor, Permission

PAGES: dict[str, tuple[str, Permission]] = {
    "activity": ("/desk/activities/{}", Permission.ACTIVITIES_READ),
    "agreement": ("/desk/agreements/{}", Permission.AGREEMENTS_READ),
    "complaint": ("/desk/complaints/{}", Permission.COMPLAINTS_READ),
    "correction": ("/desk/corrections/{}", Permission.CORRECTIONS_READ),
    "employer": ("/desk/employers/{}", Permission.EMPLOYERS_READ),
    "follow_up": ("/desk/referrals/{}", Permission.REFERRALS_READ),
    "guidance": ("/desk/guidance/{}", Permission.AGREEMENTS_READ),
    "job": ("/desk/jobs/{}", Permission.JOBS_READ),
    "legal_case": ("/desk/cases/{}", Permission.CASES_READ),
    "order_take": ("/desk/orders/{}", Permission.ORDERS_READ),
    "placement": ("/desk/referrals/{}", Permission.REFERRALS_READ),
    "rating": ("/desk/referrals/{}", Permission.REFERRALS_READ),
    "referral": ("/desk/referrals/{}", Permission.REFERRALS_READ),
    "seeker": ("/desk/seekers/{}", Permission.SEEKERS_READ),
    "station": ("/stations/{}", Permission.STATIONS_READ),
}
"""Kind of record → its page, who may open it. An employer has no public number: its id stands in the address."""


def record_page(actor: Actor, record: str, number: str) -> str:
    """The address of a record, "" where it has no page or the asker may not open it."""
    url, permission = PAGES.get(record, ("", Permission.DESK))
    return url.format(number) if url and number and actor.may(permission) else ""
