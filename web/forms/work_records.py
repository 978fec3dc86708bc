"""Signing one's work of a day (签认), and what the pages of work records ask for in their address."""

from datetime import date, timedelta

from wtforms import Form, HiddenField

from web.forms.accounts import OwnPasswordForm
from web.forms.base import Choice, Given, Line, Tick

SHOWN = {"lacking": "只看缺项的", "late": "只看补记的"}


class SignDayForm(OwnPasswordForm):
    """签认当天: read, ticked, and signed with the password; `seen` is what the page showed."""

    seen = HiddenField()
    read = Tick("以上记录我都看过，内容真实", [Given("请先逐条看过，再勾选“以上记录我都看过，内容真实”。")], width=6)
    remark = Line("备注", maximum=200, width=4, hint="可以不填；例如缺项什么时候补")


class DayFilter(Form):
    """What the list of a day is narrowed to; anything unknown shows all."""

    show = Choice("看", options=list(SHOWN.items()), blank="全部")


def day_of(typed: str, today: date) -> date:
    """The day of an address as 2026-12-01; today for anything else, for the future, and for what is long past."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return today
    return day if date(2020, 1, 1) <= day <= today else today


def days_around(day: date, today: date) -> dict[str, date | None]:
    """The days before and after, as links."""
    return {"before": day - timedelta(days=1), "after": day + timedelta(days=1) if day < today else None}
