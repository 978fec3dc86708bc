"""What the public board says about a post: whose work comes first, in which words, and nothing personal.

A post is a mapping of the public columns of its row (see `db.tables.jobs.Job`). Contact, exact address and the
employer's name never come in here, so they cannot come out (domain reference 10.3, 10.6).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache
from typing import Any

from rules.codes import (
    SUBDISTRICTS,
    TRADES,
    WEEKDAYS,
    Benefit,
    CertificateType,
    InsuranceState,
    PayUnit,
    SettleCycle,
)
from rules.masking import public_place
from rules.money import yuan
from rules.schedule import Shift
from rules.search import index_tokens

MEALS = (Benefit.BREAKFAST, Benefit.LUNCH, Benefit.DINNER)
"""What 包吃 means: at least one meal is given; an allowance is not a meal."""

_CODE = re.compile(r"[A-Z0-9_]+")
_LEADING_ZERO = re.compile(r"(?<![0-9])0(?=[0-9]:)")


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """What a visitor asked for. Empty values ask nothing; `first` and `last` bound the day the work starts.

    Work that has started and still takes people counts as starting today.
    """

    trade: str = ""
    subdistrict: str = ""
    settle: str = ""
    first: date | None = None
    last: date | None = None
    meals: bool = False
    words: str = ""


def weekend(today: date) -> tuple[date, date]:
    """First and last day of this weekend that are not over: Saturday and Sunday, on Sunday that day alone."""
    sunday = today + timedelta(days=6 - today.weekday())
    return max(today, sunday - timedelta(days=1)), sunday


@lru_cache(2048)
def codes_in(stored: str) -> tuple[str, ...]:
    """The codes of a stored list of choices."""
    return tuple(_CODE.findall(stored or ""))


@lru_cache(2048)
def benefit_labels(stored: str) -> tuple[str, ...]:
    """The benefits of a post as people say them."""
    return tuple(Benefit.label_of(code) for code in codes_in(stored))


@lru_cache(2048)
def certificate_labels(stored: str) -> tuple[str, ...]:
    """The certificates a post asks for."""
    return tuple(CertificateType.label_of(code) for code in codes_in(stored))


@lru_cache(4096)
def place_text(subdistrict_name: str, landmark: str) -> str:
    """The public place, to the street or landmark: 金银湖街道·宏图大道附近."""
    return public_place(subdistrict_name, landmark)


@lru_cache(4096)
def hours_text(start: time | None, end: time | None) -> str:
    """The hours of a day as people say them: 8:00–17:30, 20:00–次日4:00; "" while they are not given."""
    if start is None:
        return ""
    label = Shift(start, end).label() if end else f"{start:%H:%M}起"
    return _LEADING_ZERO.sub("", label)


def day_text(day: date, today: date) -> str:
    """今天 (also for a day gone by), 明天, 后天, else 12月5日周六."""
    ahead = (day - today).days
    if ahead <= 2:
        return ("今天", "明天", "后天")[max(0, ahead)]
    year = f"{day.year}年" if day.year != today.year else ""
    return f"{year}{day.month}月{day.day}日{WEEKDAYS[day.weekday()]}"


@lru_cache(4096)
def start_text(start: date | None, end: date | None, today: date) -> str:
    """When one can begin: 今天, 明天, 12月5日周六起. 起 stands where the work goes on after that day."""
    if start is None:
        return "开工日期问驿站"
    goes_on = end is not None and end > max(start, today)
    return day_text(start, today) + ("起" if goes_on else "")


@lru_cache(4096)
def days_text(start: date | None, end: date | None) -> str:
    """The days of work in full: 12月1日（周二）, 12月1日（周二）到12月10日（周四）."""
    if start is None:
        return "开工日期问驿站"
    first = f"{start.month}月{start.day}日（{WEEKDAYS[start.weekday()]}）"
    if end is None or end <= start:
        return first
    year = f"{end.year}年" if end.year != start.year else ""
    return f"{first}到{year}{end.month}月{end.day}日（{WEEKDAYS[end.weekday()]}）"


@lru_cache(4096)
def hourly_text(pay_unit: str, hourly_fen: int | None) -> str:
    """约27.5元/小时, for pay that is not by the hour; "" where no hour can be told."""
    if not hourly_fen or pay_unit == PayUnit.HOUR:
        return ""
    return f"约{yuan(hourly_fen // 10 * 10)}元/小时"


def pay_words(post: Mapping[str, Any]) -> str:
    """220元/天 日结, for titles."""
    unit, settle = PayUnit.label_of(post["pay_unit"]), SettleCycle.label_of(post["settle_cycle"])
    return f"{yuan(post['pay_fen'])}元/{unit} {settle}".strip()


def places_left(post: Mapping[str, Any]) -> int:
    """How many people are still wanted; where `promised` is known, a place somebody was promised is not wanted any more."""
    return max(0, post["headcount"] - max(post["placed_count"], post.get("promised") or 0))


_UNITS = {str(member): member.label for member in PayUnit}
_SETTLES = {str(member): member.label for member in SettleCycle}
_GOOD_SETTLES = frozenset({str(SettleCycle.DAILY), str(SettleCycle.PER_JOB)})


def card(post: Mapping[str, Any], *, today: date, published_on: date | None, subdistrict_name: str, phone: str) -> dict[str, Any]:
    """Everything a card of the list shows, as texts ready to stand there. `phone` is the station's."""
    start, end, settle = post["start_date"], post["end_date"], post["settle_cycle"]
    perks = benefit_labels(post["benefits"])
    proofs = certificate_labels(post["certificates"])
    return {
        "number": post["number"],
        "title": post["title"],
        "fresh": published_on == today,
        "pay": yuan(post["pay_fen"]),
        "unit": _UNITS.get(post["pay_unit"], ""),
        "settle": _SETTLES.get(settle, ""),
        "soon": settle in _GOOD_SETTLES,
        "hourly": hourly_text(post["pay_unit"], post["hourly_fen"]),
        "place": place_text(subdistrict_name, post["landmark"]),
        "day": start_text(start, end, today),
        "hours": hours_text(post["start_time"], post["end_time"]),
        "left": places_left(post),
        "perks": "、".join(perks),
        "proofs": "、".join(proofs),
        "phone": phone,
    }


def searchable_text(terms: Mapping[str, Any]) -> str:
    """Everything of a public post that a search finds it by, one field per line, so that words do not run together.

    `terms` is the record of the published version (`rules.jobs.terms_to_record`); nothing sealed of it is looked at.
    """
    trade = TRADES.get(terms.get("trade") or "")
    return "\n".join(
        (
            terms.get("title") or "",
            trade.label if trade else "",
            SUBDISTRICTS.get(terms.get("subdistrict") or "", ""),
            terms.get("landmark") or "",
            _SETTLES.get(terms.get("settle_cycle") or "", ""),
            *(Benefit.label_of(code) for code in terms.get("benefits") or ()),
            *(CertificateType.label_of(code) for code in terms.get("certificates") or ()),
            terms.get("duties") or "",
            terms.get("requirements") or "",
        )
    )


def search_facets(*, trade: str = "", subdistrict: str = "", settle: str = "", meals: bool = False) -> list[str]:
    """Tokens of what a filter asks for. They hold a `_`, which no typed word can, so nobody searches them by hand."""
    named = {"trade": trade, "place": subdistrict, "settle": settle, "meals": "yes" if meals else ""}
    return [f"{name}_{value}".lower() for name, value in named.items() if value]


def search_tokens(terms: Mapping[str, Any]) -> list[str]:
    """The tokens a post stands in the search index with: the words of its published terms and their facets.

    A version never changes, so the same tokens take the post out of the index again.
    """
    facets = search_facets(
        trade=terms.get("trade") or "",
        subdistrict=terms.get("subdistrict") or "",
        settle=terms.get("settle_cycle") or "",
        meals=not set(terms.get("benefits") or ()).isdisjoint(MEALS),
    )
    return [*index_tokens(searchable_text(terms)), *facets]


_SCHEMA_UNITS = {PayUnit.HOUR: "HOUR", PayUnit.DAY: "DAY", PayUnit.MONTH: "MONTH"}


def job_posting(post: Mapping[str, Any], terms: Mapping[str, Any], *, subdistrict_name: str, station_name: str, url: str) -> dict[str, Any]:
    """The post as schema.org JobPosting. Pay by piece, night or job is given as its hourly equivalent, if it has one.

    The hiring organisation is the public label of the employer; the applicant reaches it through the station.
    """
    unit, amount = PayUnit(post["pay_unit"]), post["pay_fen"]
    posting: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "JobPosting",
        "title": post["title"],
        "description": "\n".join(text for text in (terms.get("duties"), terms.get("requirements")) if text) or post["title"],
        "identifier": {"@type": "PropertyValue", "name": station_name, "value": post["number"]},
        "url": url,
        "employmentType": ["TEMPORARY", "PART_TIME"],
        "hiringOrganization": {"@type": "Organization", "name": post["employer_label"] or station_name},
        "jobLocation": {
            "@type": "Place",
            "address": {
                "@type": "PostalAddress",
                "addressCountry": "CN",
                "addressLocality": subdistrict_name,
                "streetAddress": place_text(subdistrict_name, post["landmark"]),
            },
        },
        "totalJobOpenings": places_left(post),
        "directApply": False,
    }
    if post["published_on"]:
        posting["datePosted"] = post["published_on"].isoformat()
    if post["valid_to"]:
        posting["validThrough"] = f"{post['valid_to'].isoformat()}T23:59:59+08:00"
    if post["start_date"]:
        posting["jobStartDate"] = post["start_date"].isoformat()
    if post["start_time"]:
        posting["workHours"] = hours_text(post["start_time"], post["end_time"])
    if perks := benefit_labels(post["benefits"]):
        posting["jobBenefits"] = "、".join(perks)
    if proofs := certificate_labels(post["certificates"]):
        posting["qualifications"] = "、".join(proofs)
    if unit not in _SCHEMA_UNITS:
        unit, amount = PayUnit.HOUR, post["hourly_fen"] or 0
    if amount:
        posting["baseSalary"] = {
            "@type": "MonetaryAmount",
            "currency": "CNY",
            "value": {"@type": "QuantitativeValue", "value": amount / 100, "unitText": _SCHEMA_UNITS[unit]},
        }
    return posting


def insurance_label(terms: Mapping[str, Any]) -> str:
    """What the post says about insurance; "" where it says nothing."""
    value = terms.get("insurance")
    return InsuranceState.label_of(value) if value else ""
