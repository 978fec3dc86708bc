"""Asking for papers many at a time (批量打印), and narrowing the list of what was asked for."""

from datetime import date

from wtforms import Form

from rules.codes import Bundle, PrintRunKind, PrintRunState, SheetFinish
from rules.print_runs import Wanted
from rules.stations import PAGE_PAPERS
from web.forms.base import Choice, Day, Given, PageForm, Tick


class PrintRunForm(PageForm):
    """What to print, of which day, and how it is fetched."""

    kind = Choice("打印什么", [Given()], table=PrintRunKind, blank=None, radio=True, default=PrintRunKind.AGREEMENTS.value, width=6)
    day = Day("哪一天的", width=2, hint="上墙制度不用填")
    bundle = Choice("取件方式", [Given()], table=Bundle, blank=None, radio=True, default=Bundle.PDF.value, width=4)
    duplex = Tick("双面打印：每一份都从新的一张纸开始", width=6)
    sheet = Choice("上墙制度的纸张", options=tuple((each, each) for each in PAGE_PAPERS), blank=None, default=PAGE_PAPERS[0], width=2)
    finish = Choice("上墙制度的印法", table=SheetFinish, blank=None, default=SheetFinish.OFFICE.value, width=4)

    @classmethod
    def for_kind(cls, typed: str, day: date) -> "PrintRunForm":
        """An empty form for this day; a known kind out of the address is chosen already."""
        form = cls(day=day)
        if typed in {kind.value for kind in PrintRunKind}:
            form.kind.data = typed
        return form

    @property
    def wanted(self) -> Wanted:
        """What was asked for; of a valid form."""
        day: date | None = self.day.data
        return Wanted(
            PrintRunKind(self.kind.data),
            Bundle(self.bundle.data),
            day,
            bool(self.duplex.data),
            self.sheet.data,
            SheetFinish(self.finish.data),
        )


class PrintRunFilterForm(Form):
    """The list, narrowed by state."""

    state = Choice("状态", table=PrintRunState, blank="全部")


def state_of(typed: str) -> PrintRunState | None:
    """The state a list is narrowed to; None for anything unknown."""
    return next((state for state in PrintRunState if state.value == typed), None)
