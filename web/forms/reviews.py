"""The decisions of a reviewer."""

from typing import Any

from rules.codes import RejectReason
from rules.errors import RuleBroken, RulesBroken
from rules.text import clean_text
from web.forms.base import Choice, Given, Line, Lines, PageForm


class ApprovalForm(PageForm):
    """已核实 ticks, one `confirmed` value per warning."""

    def __init__(self, formdata: Any = None, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        self.confirmed: set[str] = set(formdata.getall("confirmed", [])) if formdata else set()
        self.confirm_errors: dict[str, str] = {}

    def refuse(self, broken: RuleBroken) -> None:
        """A missing tick stands at its warning, everything else above the form."""
        for one in broken.broken if isinstance(broken, RulesBroken) else [broken]:
            rule = (one.field or "").removeprefix("confirmed-")
            if rule != (one.field or ""):
                self.confirm_errors[rule] = one.message
            else:
                self.refusals.append(one.message)

    @property
    def problems(self) -> list[tuple[str | None, str]]:
        """Everything refused, the missing ticks last."""
        return super().problems + [(f"confirmed-{rule}", text) for rule, text in self.confirm_errors.items()]


class ReturnForm(PageForm):
    """Why the post goes back, and what is to be changed where (`note-<field>`)."""

    reason = Lines("退回原因", [Given()], maximum=300, rows=2, id="return-reason")

    def __init__(self, formdata: Any = None, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        self.notes: dict[str, str] = {}
        for name in list(formdata or ()):
            if name.startswith("note-") and isinstance(formdata[name], str) and (note := clean_text(formdata[name])):
                self.notes[name.removeprefix("note-")] = note


class RejectionForm(PageForm):
    """The coded reason, the reason in words, the legal basis."""

    code = Choice("驳回类别", [Given()], table=RejectReason, id="rejection-code")
    reason = Lines("驳回原因", [Given()], maximum=300, rows=2, id="rejection-reason")
    legal_basis = Line("依据", [Given()], maximum=200, id="rejection-basis", hint="例如：《劳动法》第12条")
