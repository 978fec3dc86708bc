"""Recording that a worker started, and the month a list shows."""

import re
from datetime import date
from typing import Any

from rules.codes import StartEvidence
from web.forms.base import Choice, Day, Given, Line, PageForm


class PlacementForm(PageForm):
    """到岗登记: when, and what proves it (domain reference 3.5)."""

    started_on = Day("到岗日期", [Given()], width=2)
    evidence = Choice("上岗依据", [Given()], table=StartEvidence, radio=True, blank=None, width=6)
    note = Line("依据说明", maximum=200, width=6, hint="谁确认的、什么时候打的电话、回执在哪里；补登的写明原因")


def month_of(typed: str, today: date) -> date:
    """The first day of the month typed as 2026-12; this month for anything else."""
    match = re.fullmatch(r"(20[0-9]{2})-(0[1-9]|1[0-2])", typed)
    return date(int(match[1]), int(match[2]), 1) if match else today.replace(day=1)


def month_links(month: date) -> dict[str, Any]:
    """The months before and after, as they stand in the address."""
    before = date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)
    after = date(month.year + (month.month == 12), month.month % 12 + 1, 1)
    return {"before": f"{before:%Y-%m}", "after": f"{after:%Y-%m}", "here": f"{month:%Y-%m}"}
