"""Recording that a worker started, what else proves it, how the work ended, and the month a list shows."""

import re
from datetime import date
from typing import Any

from rules.codes import EndedHow, Side, StartEvidence
from rules.kpi import Figure
from web.forms.base import Choice, Choices, Day, Given, Line, Money, PageForm, Thousandths, Whole


class PlacementForm(PageForm):
    """到岗登记: when, and what proves it (domain reference 3.5)."""

    started_on = Day("到岗日期", [Given()], width=2)
    evidence = Choice("上岗依据", [Given()], table=StartEvidence, radio=True, blank=None, width=6)
    note = Line("依据说明", maximum=200, width=6, hint="谁确认的、什么时候打的电话、回执在哪里；补登的写明原因")


class EvidenceForm(PageForm):
    """补充上岗依据: what came in later; nothing that was written before changes."""

    evidence = Choice("又有了什么依据", [Given("请选择依据。")], table=StartEvidence, width=3)
    note = Line("依据说明", maximum=200, width=3, hint="谁确认的、什么时候打的电话、回执在哪里")


class _DoneForm(PageForm):
    """The last day and what was worked."""

    ended_on = Day("最后一天", [Given()], width=2, hint="夜班填最后一个夜班开始的那天")
    hours = Thousandths("一共做了几小时", width=2)
    pieces = Whole("一共做了多少件（单、斤）", most=999_999, width=2)

    @property
    def minutes(self) -> int | None:
        """The hours as minutes, to the nearest; None when not given."""
        return None if self.hours.data is None else (self.hours.data * 60 + 500) // 1000


class EndingForm(_DoneForm):
    """完工登记: how the work ended, what is due and until when. Pay and day left blank mean: as agreed."""

    how = Choice("怎样结束的", [Given("请选择是做完了，还是中途结束。")], table=EndedHow, radio=True, blank="", default="", width=3)
    side = Choice("中途结束是谁提出的", table=Side, radio=True, blank="", default="", width=3)
    pay_due = Money("应付工钱（元）", width=2, hint="不填就按约定算")
    pay_due_on = Day("付清的日子", width=2, hint="不填就按约定的结算方式")
    reason = Line("说明", maximum=200, width=6, hint="中途结束的原因；金额或日子和约定不一样的、过了一天以上才登记的，也写在这里")


class EndTogetherForm(_DoneForm):
    """一起登记完工: everybody of a post who is done, with the same hours."""

    who = Choices("做完的人", [Given("请勾选做完的人。")], most=500, width=6)
    reason = Line("补登的原因", maximum=200, width=4, hint="最后一天过了一天以上才登记的，写在这里")


def month_of(typed: str, today: date) -> date:
    """The first day of the month typed as 2026-12; this month for anything else."""
    match = re.fullmatch(r"(20[0-9]{2})-(0[1-9]|1[0-2])", typed)
    return date(int(match[1]), int(match[2]), 1) if match else today.replace(day=1)


def day_of(typed: str, today: date) -> date:
    """The day of an address as 2026-12-01, not after today; today for anything else."""
    try:
        return min(date.fromisoformat(typed), today)
    except ValueError:
        return today


def part_of(typed: str) -> int:
    """Which part of a long print: 1 to 99; 1 for anything else."""
    return int(typed) if re.fullmatch(r"[1-9][0-9]?", typed) else 1


def year_of(typed: str, today: date) -> int:
    """The year typed, from 2020 to this one; this year for anything else."""
    return int(typed) if re.fullmatch(r"20[2-9][0-9]", typed) and int(typed) <= today.year else today.year


def figure_of(typed: str) -> Figure:
    """The figure an address names; the placements for anything else."""
    return Figure(typed) if typed in Figure._value2member_map_ else Figure.PLACED


def month_links(month: date) -> dict[str, Any]:
    """The months before and after, as they stand in the address."""
    before = date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)
    after = date(month.year + (month.month == 12), month.month % 12 + 1, 1)
    return {"before": f"{before:%Y-%m}", "after": f"{after:%Y-%m}", "here": f"{month:%Y-%m}"}
