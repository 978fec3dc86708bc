"""What a seeker looks for: the form of the person's own page and of the counter, which change the same things."""

from typing import Any, Self

from rules.codes import SUBDISTRICTS, Education, trade_choices
from rules.seekers import MAX_TRADES, slot_values
from rules.wishes import Wishes
from web.forms.base import Choice, Choices, Line, PageForm, Whole


class WishesForm(PageForm):
    """Trades, times, place and the optional rest (domain reference 12.2). The law is asked by the action."""

    trades = Choices("想干的活", options=trade_choices(), hint=f"最多{MAX_TRADES}个", width=6)
    slots = Choices("什么时候能上工", options=slot_values(), width=6)
    subdistrict = Choice("住在哪个街道", options=list(SUBDISTRICTS.items()))
    community = Line("社区或村", maximum=40, hint="不用写门牌")
    max_km = Whole("最远几公里", least=0, most=200)
    pay_wish = Line("想要的工钱", maximum=60)
    skills = Line("技能与年限", maximum=200, width=4)
    education = Choice("学历", table=Education, blank="不填")
    training_wish = Line("想学什么（培训）", maximum=100)

    @classmethod
    def of(cls, seeker: dict[str, Any], trades: list[str]) -> Self:
        """The form filled with what is registered now."""
        return cls(
            data={
                "trades": trades,
                "slots": [cell for cell in seeker["availability"].split(",") if cell],
                **{
                    name: seeker[name]
                    for name in ("subdistrict", "community", "max_km", "pay_wish", "skills", "education", "training_wish")
                },
            }
        )

    def wishes(self) -> Wishes:
        """What was typed, as the action wants it."""
        education = self.education.data or ""
        return Wishes(
            trades=tuple(self.trades.data or ()),
            slots=tuple(self.slots.data or ()),
            subdistrict=self.subdistrict.data or "",
            community=self.community.data or "",
            skills=self.skills.data or "",
            pay_wish=self.pay_wish.data or "",
            max_km=self.max_km.data,
            education=Education(education) if education in Education._value2member_map_ else None,
            training_wish=self.training_wish.data or "",
        )
