"""Recording a person group with its own consent, ending one, and taking one's own consent back."""

from collections.abc import Iterable
from typing import Any, Self

from rules.codes import PersonGroup
from rules.person_groups import BY_HAND, GROUP_CONSENT_METHODS, MAX_PROOF
from web.forms.base import Choice, Given, Line, PageForm, Tick


class GroupChoiceForm(PageForm):
    """Which group somebody tells; the next page has its sentence."""

    kind = Choice("本人说属于哪一类", [Given("请选择帮扶类别。")], table=PersonGroup, width=4)

    @classmethod
    def about(cls, offered: Iterable[PersonGroup], typed: Any = None) -> Self:
        """The form with the groups that may be recorded."""
        form = cls(typed)
        form.kind.choices = [("", "请选择"), *((group.value, group.label) for group in offered)]
        return form


class GroupForm(PageForm):
    """One group, after its sentence was read aloud."""

    kind = Choice("帮扶类别", [Given("请选择帮扶类别。")], table=PersonGroup)
    agreed = Tick("已把上面这段话读给本人听，本人同意登记这一类", width=6)
    method = Choice(
        "本人怎样表示同意",
        [Given("请选择本人怎样表示同意。")],
        options=[(method.value, method.label) for method in GROUP_CONSENT_METHODS],
        width=4,
    )
    proof = Line(
        "看过什么证明",
        [Given("请写看过什么证明。")],
        maximum=MAX_PROOF,
        width=4,
        hint="如：残疾人证、低保证、退伍证；不写证件号码，不留复印件",
    )


class OwnGroupForm(PageForm):
    """Which group it is about: of one's own, to take it back."""

    group = Line("类别", maximum=20)

    @property
    def id(self) -> int:
        """The row's id; 0 for anything that is none."""
        typed = self.group.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else 0


class GroupEndForm(OwnGroupForm):
    """Why somebody is in a group no more."""

    why = Choice("为什么取消", [Given("请选择为什么取消。")], options=[(why.value, why.label) for why in BY_HAND], width=3)
