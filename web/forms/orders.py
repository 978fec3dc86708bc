"""Taking orders: the list's filter, handing over, handing back, bringing to an end, and the district's neighbours."""

from typing import Any

from wtforms import Form

from rules.codes import TRADES, OrderRing, OrderShortfall, OrderState
from web.forms.base import Choice, Choices, Given, Line, PageForm

LISTED_STATES = (
    OrderState.TAKEN,
    OrderState.HANDLED,
    OrderState.HANDED_BACK,
    OrderState.RETURNED,
    OrderState.CLOSED,
)
"""What the list can show besides what waits for somebody."""


class OrderFilterForm(Form):
    """What the list is narrowed to; unknown values are dropped."""

    state = Choice("看哪些", options=[(each.value, each.label) for each in LISTED_STATES], blank="待接单")
    ring = Choice("范围", table=OrderRing, blank="全部")
    trade = Choice("工种", options=[(code, trade.label) for code, trade in TRADES.items()], blank="全部")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in (self.state, self.ring, self.trade):
            if field.data not in {value for value, _ in field.choices}:
                field.data = ""


class TakingForm(PageForm):
    """One button: I take care of it."""


class HandOverForm(PageForm):
    """Who goes on with it."""

    colleague = Choice("转交给", [Given("请选择本站的同事。")])

    @classmethod
    def among(cls, colleagues: list[dict[str, Any]], *args: Any) -> "HandOverForm":
        """The form with the colleagues one can choose."""
        form = cls(*args)
        form.colleague.choices = [("", "请选择"), *((str(row["id"]), f"{row['name']}（{row['work_no']}）") for row in colleagues)]
        return form


class HandBackForm(PageForm):
    """Why it goes back."""

    reason = Line("交回的原因", [Given()], maximum=100, hint="例如：本站没有会干的人，请别的驿站接", id="hand-back-reason")


class HandledForm(PageForm):
    """Why it is done although places are left; nothing to say when every place is promised."""

    shortfall = Choice("没招满的原因", table=OrderShortfall)
    note = Line("说明", maximum=100, id="handled-note")


class NeighboursForm(PageForm):
    """The stations that a station's demands come to first."""

    neighbours = Choices("邻近驿站")

    @classmethod
    def among(cls, stations: list[dict[str, Any]], *args: Any, **kwargs: Any) -> "NeighboursForm":
        """The form with the stations one can choose."""
        form = cls(*args, **kwargs)
        form.neighbours.choices = [(row["code"], row["name"]) for row in stations]
        return form
