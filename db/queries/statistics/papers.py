"""Tables 7 and 8: agreements and insurance, claimed rights."""

from __future__ import annotations

from db.queries.statistics.facts import Asked, By, Counted, Fact, Text, among, counted, total_of
from db.queries.statistics.sources import AGREEMENTS, CASES, CLOSED_CASES, IN_FORCE, JOBS, REGISTERED, WANTED_HEADS
from rules.codes import CaseState, InsuranceState
from rules.statistics.cells import mean

_INSURANCE: Text = {"sqlite": "json_extract(v.terms, '$.insurance')", "postgres": "(v.terms::json ->> 'insurance')"}
_COVER = (
    InsuranceState.WORK_INJURY,
    InsuranceState.EMPLOYER_LIABILITY,
    InsuranceState.EMPLOYER_ACCIDENT,
    InsuranceState.PLATFORM,
)
_COVERED: Text = {engine: f"{REGISTERED.where} AND {text} IN {among(_COVER)}" for engine, text in dict(_INSURANCE).items()}  # type: ignore[arg-type]
_VERSION = ("version",)

MADE = Fact(AGREEMENTS, IN_FORCE)
_REAL = f"l.state <> '{CaseState.MISTAKEN.value}'"
OPENED = Fact(CASES, _REAL)
CLOSED = Fact(CLOSED_CASES, _REAL)
_DAYS: Text = {
    "sqlite": "SUM(CAST(julianday(date(l.closed_at, '+8 hours')) - julianday(date(l.opened_at, '+8 hours')) AS INTEGER))",
    "postgres": "SUM((l.closed_at AT TIME ZONE 'Asia/Shanghai')::date - (l.opened_at AT TIME ZONE 'Asia/Shanghai')::date)",
}

COUNTED: dict[str, dict[str, Counted]] = {
    "agreement_types": {
        "made": Counted(MADE, By("a.type")),
        "signed": Counted(Fact(AGREEMENTS, f"{IN_FORCE} AND a.signed_at IS NOT NULL"), By("a.type")),
        "delivered": Counted(Fact(AGREEMENTS, f"{IN_FORCE} AND a.delivered_at IS NOT NULL"), By("a.type")),
        "guided": Counted(Fact(AGREEMENTS, f"{IN_FORCE} AND a.guidance IS NOT NULL"), By("a.type")),
    },
    "insurance": {
        "posts": Counted(REGISTERED, By(_INSURANCE, _VERSION)),
        "headcount": Counted(WANTED_HEADS, By(_INSURANCE, _VERSION)),
    },
    "cover": {"posts": Counted(REGISTERED), "covered": Counted(Fact(JOBS, _COVERED, joins=_VERSION))},
    "case_kinds": {
        "opened": Counted(OPENED, By("l.kind")),
        "opened_closed": Counted(Fact(CASES, f"{_REAL} AND l.closed_at IS NOT NULL"), By("l.kind")),
        "closed": Counted(CLOSED, By("l.kind")),
        "recovered": Counted(Fact(CLOSED_CASES, f"{_REAL} AND l.recovered_fen > 0", "SUM(l.recovered_fen)"), By("l.kind")),
    },
}


async def days_to_close(asked: Asked) -> tuple[dict[str, int | None], int | None]:
    """How many days the cases closed in the period took, in tenths: per kind, and over all."""
    days, by = Fact(CLOSED_CASES, _REAL, _DAYS), By("l.kind")
    spent, closed = await counted(days, asked, by), await counted(CLOSED, asked, by)
    return {kind: mean(spent.get(kind, 0), n) for kind, n in closed.items()}, mean(await total_of(days, asked), sum(closed.values()))
