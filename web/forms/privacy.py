"""Looking at full data with a purpose, alerts, and the confirmation of a retention run."""

from collections.abc import Sequence
from typing import Any, Self

from wtforms import HiddenField

from rules.codes import AlertKind, RevealPurpose
from rules.reveals import FIELDS, Subject
from web.forms.base import Choice, Choices, Given, Line, PageForm, Tick


class RevealForm(PageForm):
    """Which fields, and what for."""

    fields = Choices("看哪一项", [Given("请选择要看哪一项。")])
    purpose = Choice("用途", [Given("请选择看完整信息做什么。")], table=RevealPurpose, radio=True)
    note = Line("说明", hint="选“其他”的必须写明，至少4个字。不要写电话和证件号码。", maximum=100, width=6)

    @classmethod
    def about(cls, subject: Subject, available: Sequence[str], typed: Any = None, **data: Any) -> Self:
        """The form for one record: only fields that are registered can be asked for."""
        form = cls(typed, data=data)
        form["fields"].choices = [(name, label) for name, label in FIELDS[subject].items() if name in available]
        return form


class AlertFilter(PageForm):
    """Narrowing the list of alerts."""

    kind = Choice("类别", table=AlertKind, blank="全部类别")
    cleared = Choice("办理情况", options=(("1", "已办"),), blank="未办")


class ClearForm(PageForm):
    """The alert that was dealt with."""

    alert = HiddenField()

    @property
    def id(self) -> int:
        """The row's id; 0 for anything that is none."""
        return _whole(self.alert.data)


class RetentionForm(PageForm):
    """The dry run that is to be carried out, confirmed a second time."""

    run = HiddenField()
    sure = Tick("我已核对上面的清单，知道匿名和删除不能恢复", [Given("请先核对清单，再勾选确认。")])

    @property
    def id(self) -> int:
        """The dry run's id; 0 for anything that is none."""
        return _whole(self.run.data)


def _whole(typed: str | None) -> int:
    text = typed or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
