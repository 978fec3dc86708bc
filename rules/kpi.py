"""The yearly figures of a station (domain reference 8.2): what each counts, the rates, and where the year is heading (art. 11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rules.codes import Labelled

SATISFIED_SUM = 16
"""Four scores of one to five that come to this are 满意 (four on average) or better [design]."""


class Figure(Labelled):
    """What is counted; each opens to its rows. None can be typed in."""

    PLACED = "placed", "推荐成功就业人次"
    PERSONS = "persons", "就业人数"
    PROPOSED = "proposed", "推荐人次"
    MATCHED = "matched", "匹配成功人次"
    SUPPLIED = "supplied", "供岗人次"
    DUE = "due", "应回访雇主"
    CALLED = "called", "按时回访雇主"
    REACHED = "reached", "按时回访且接通"
    RATINGS = "ratings", "服务评价"
    SATISFIED = "satisfied", "满意的评价"
    EVALUATED = "evaluated", "应评价"
    RATED = "rated", "已评价"


MEANINGS: dict[Figure, str] = {
    Figure.PLACED: "有依据的上岗，算给推荐的驿站；同一个人同一天在同一个岗位只算一次",
    Figure.PERSONS: "上岗的人，一个人只算一次",
    Figure.PROPOSED: "推荐给雇主或者报名后核验过证件的",
    Figure.MATCHED: "零工和雇主都同意了的",
    Figure.SUPPLIED: "岗位在这里登记，由别的驿站推荐上岗的",
    Figure.DUE: "上岗满三天，应该回访过雇主的",
    Figure.CALLED: "期限以内给雇主打过回访电话的",
    Figure.REACHED: "期限以内打通了雇主电话的",
    Figure.RATINGS: "零工或雇主给驿站服务打的分",
    Figure.SATISFIED: "四项平均四分以上的",
    Figure.EVALUATED: "回访做完、评价期已过的",
    Figure.RATED: "其中给驿站打了分的",
}
"""What each figure counts, in a sentence."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of one figure in another."""

    label: str
    part: Figure
    whole: Figure


RATES: tuple[Rate, ...] = (
    Rate("回访率", Figure.CALLED, Figure.DUE),
    Rate("成功回访率", Figure.REACHED, Figure.DUE),
    Rate("满意度", Figure.SATISFIED, Figure.RATINGS),
    Rate("评价率", Figure.RATED, Figure.EVALUATED),
)
"""回访率 and 成功回访率 of employers, 满意度, 评价率 (8.2)."""


def percent(part: int, whole: int) -> str:
    """A share as people read it: "87.5%", rounded down to a tenth; "—" while there is nothing to share."""
    if whole <= 0:
        return "—"
    tenths = part * 1000 // whole
    return f"{tenths // 10}.{tenths % 10}%" if tenths % 10 else f"{tenths // 10}%"


def projected(count: int, opened_on: date, day: date) -> int:
    """How many it will be at the end of the year of `day` at the pace so far, rounded down; 0 before the station opened."""
    first, end = date(day.year, 1, 1), date(day.year + 1, 1, 1)
    began = max(first, opened_on)
    gone = (day - began).days + 1
    return count * (end - began).days // gone if gone > 0 else 0
