"""Narrowing the lists of the district's pool."""

from rules.codes import SUBDISTRICTS, trade_choices
from web.forms.base import Choice, Line, PageForm


class PoolFilterForm(PageForm):
    """By trade and place; a whole number, phone or document finds one person."""

    trade = Choice("工种", options=list(trade_choices()), blank="全部")
    subdistrict = Choice("街道", options=list(SUBDISTRICTS.items()), blank="全部")
    word = Line("求职编号、手机号或者证件号（填全）", maximum=40)
