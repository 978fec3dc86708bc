"""The sample posts of posts.yaml as terms, with everything filled in that the sample leaves open."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import yaml

from rules.codes import CreditState, EmployerKind, EmployerState, InsuranceState, PayMethod
from rules.jobs import terms_from_record
from rules.pay import MinimumWage
from rules.terms import EmployerFacts, JobTerms

TODAY = date(2026, 12, 1)
MINIMUM = MinimumWage(hour_fen=2400, month_fen=240000)
POSTS: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "posts.yaml").read_text(encoding="utf-8"))

_DEFAULTS: dict[str, Any] = {
    "subdistrict": "420112006",
    "landmark": "物流园地铁站",
    "start_date": "2026-12-03",
    "valid_to": "2026-12-20",
    "pay_method": PayMethod.CASH.value,
    "insurance": InsuranceState.EMPLOYER_ACCIDENT.value,
    "contact_name": "周经理",
    "contact_phone": "13900000001",
}


def terms_of(post_id: str, **changes: Any) -> JobTerms:
    """The terms of one sample post; `changes` are record values (ISO dates, codes)."""
    post = post_of(post_id)
    record = {**_DEFAULTS, "title": post["title"], "duties": post["text"], **post["terms"], **changes}
    return terms_from_record(record)


def post_of(post_id: str) -> dict[str, Any]:
    return next(post for post in POSTS if post["id"] == post_id)


def employer_of(post_id: str, **changes: Any) -> EmployerFacts:
    facts: dict[str, Any] = {
        "kind": EmployerKind(post_of(post_id)["employer"]),
        "state": EmployerState.VERIFIED,
        "credit": CreditState.NORMAL,
        "verified_until": date(2027, 5, 1),
    }
    return EmployerFacts(**{**facts, **changes})
