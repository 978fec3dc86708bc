"""What the papers of the calling order say: the rule for the wall (P25), morning (P21), draw (P23) and month (P24) sheets.

No sheet names a person: workers stand on them by ticket and the end of their number.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rules.documents import Paper


@dataclass(frozen=True, slots=True, kw_only=True)
class CallingRuleSheet(Paper):
    """叫号规则 (P25) for the wall. `lines` are rules.calling_order.rule_words."""

    method: str
    draw_at: str
    lines: tuple[str, ...]
    reason: str
    effective_from: date | None
    public_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawSheet(Paper):
    """抽签结果公示 (P23): everything that makes the result, so that anybody recomputes it. `lines`: (place, ticket, hash)."""

    day: date
    rule_version: int
    draw_at: str
    seed: str
    published: str
    held: str
    tickets: int
    text: str
    first_text: str
    command: str
    lines: tuple[tuple[int, int, str], ...]
    public_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MorningSheet(Paper):
    """早市用工安排表 (P21): the order as derived with all it follows from, the open demands, calls and skips so far.

    `people`: (place, ticket, worker, days waited, since, arrival to the second, state). `demands`: (number, title,
    employer, wanted, placed, free). `calls`: (time, ticket, what, post, outcome or reason, tickets that stood in front).
    """

    day: date
    method: str
    rule_version: int
    draw_at: str
    seed: str
    tickets: int
    note: str
    as_of: str
    people: tuple[tuple[str, ...], ...]
    demands: tuple[tuple[str, ...], ...]
    calls: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FairnessSheet(Paper):
    """派工公平情况月报 (P24). `figures` are (label, figure), `named` (employer, times), `skips` (clerk, reason, times)."""

    month: str
    figures: tuple[tuple[str, str], ...]
    deciles: tuple[int, ...]
    named: tuple[tuple[str, str], ...]
    skips: tuple[tuple[str, str, str], ...]
