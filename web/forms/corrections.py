"""Correcting a submitted value, narrowing the list of corrections, and looking one over."""

import re
from functools import cache
from typing import Any

from wtforms import Form

from rules.codes import CorrectionVerdict
from rules.corrections import REASON_MOST, RECORDS, CorrectableField, FieldKind, Value, choices, read
from rules.errors import RuleBroken
from web.forms.base import Choice, Given, Line, Lines, PageForm


class _Typed(Line):
    """A short value as typed; `rules.corrections.read` understands it, so that what was typed stays in the box."""

    def __init__(self, *args: Any, input_type: str = "text", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.input_type = input_type


class CorrectionForm(PageForm):
    """更正: the new value and why. `seen` tells whether the value is still the one the person saw."""

    seen = Line("", maximum=40)
    new: Any
    reason = Line(
        "更正的原因",
        [Given("请写明更正的原因：原来为什么记错，现在凭什么改。")],
        maximum=REASON_MOST,
        width=6,
        hint="原来为什么记错，现在凭什么改（谁说的、看了什么）",
    )

    def value(self, field: CorrectableField) -> tuple[bool, Value]:
        """(understood, the new value). What is not understood is said at the field."""
        try:
            return True, read(field, self["new"].data or "")
        except RuleBroken as broken:
            self.refuse(broken)
            return False, None


@cache
def correction_form(record: str, name: str) -> type[CorrectionForm]:
    """The form that corrects this field: its box as dates, money, choices or words are typed."""
    field = next(each for each in RECORDS[record].fields if each.name == name)
    label = f"更正为：{field.label}"
    box: Any
    match field.kind:
        case FieldKind.CODE:
            box = Choice(label, options=choices(field), width=3)
        case FieldKind.TEXT:
            box = Lines(label, maximum=field.length, rows=4, width=6)
        case FieldKind.DATE:
            box = _Typed(label, maximum=40, input_type="date", width=2)
        case FieldKind.LINE:
            box = _Typed(label, maximum=field.length, width=6)
        case _:
            box = _Typed(label, maximum=40, width=2)
    return type("FieldCorrectionForm", (CorrectionForm,), {"new": box})


class CorrectionFilterForm(Form):
    """The filter over the list of corrections."""

    month = Line("月份", maximum=7, width=1, hint="")
    record = Choice("记录", options=[(record.name, record.label) for record in RECORDS.values()], blank="全部")
    who = Line("谁更正的（姓名或工号）", maximum=20)
    review = Choice("复核", options=[("pending", "待复核"), *CorrectionVerdict.choices()], blank="全部")


class ReviewForm(PageForm):
    """复核更正: the manager's word on a correction by staff."""

    verdict = Choice("复核", [Given("请选择属实还是不属实。")], table=CorrectionVerdict, radio=True, blank="", default="", width=3)
    note = Line("说明", maximum=200, width=6, hint="不属实的，写明哪里不对、应该是什么")


def row_of(typed: str) -> int | None:
    """The row an address names as r123; None for anything else. The letter keeps bare digits out of addresses."""
    match = re.fullmatch(r"r([0-9]{1,19})", typed)
    return int(match[1]) if match and int(match[1]) < 2**63 else None
