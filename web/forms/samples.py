"""Checks on the spot: publishing a seed, drawing, what was found; and what the list is narrowed to."""

from collections.abc import Iterable, Mapping
from typing import Any, Self

from wtforms import Form

from rules.codes import SampleVerdict
from rules.samples import LONGEST_NOTE, MOST_DRAWN, SAMPLE_STATES
from web.forms.base import Choice, Day, Given, Line, PageForm, Whole


class SampleSeedForm(PageForm):
    """Of which station and month."""

    checked_station = Choice("驿站", [Given()], width=3, hint="结过账的驿站")
    checked_month = Line("月份", [Given()], maximum=10, width=2, hint="如 2026-11；这个月要已经结账")

    @classmethod
    def among(cls, stations: Iterable[tuple[str, str]], typed: Any = None) -> Self:
        """The form with the stations to choose from."""
        form = cls(typed)
        form.checked_station.choices = [("", "请选择"), *((code, f"{name}（{code}）") for code, name in stations)]
        return form


class SampleSizeForm(PageForm):
    """How many lines are drawn."""

    size = Whole("抽几条", [Given()], least=1, most=MOST_DRAWN, width=1)


class VerdictForm(PageForm):
    """What the check found about one line."""

    verdict = Choice("核查结果", [Given()], table=SampleVerdict, radio=True, blank=None, width=6)
    note = Line("核查情况", maximum=LONGEST_NOTE, width=4, hint="不是属实的要写：哪里不一样，怎么核查的；不写证件号和电话")
    checked_on = Day("核查日期", [Given()], width=2)


class SampleFilterForm(Form):
    """What the list is narrowed to."""

    station = Choice("驿站", blank="全部")
    month = Line("月份", maximum=10)
    state = Choice("状态", options=list(SAMPLE_STATES.items()), blank="全部")

    @classmethod
    def among(cls, stations: Iterable[tuple[str, str]], asked: Mapping[str, str]) -> Self:
        """The form as the list stands; `asked` is what the address narrows it to."""
        form = cls(data=dict(asked))
        form.station.choices = [("", "全部"), *stations]
        return form
