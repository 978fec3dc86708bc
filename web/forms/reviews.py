"""The decisions of a reviewer."""

from typing import Any

from rules.codes import RejectReason
from rules.errors import RuleBroken, RulesBroken
from rules.review_reasons import Step, composed, reason_templates
from rules.text import clean_text
from web.forms.base import Choice, Given, Line, Lines, PageForm


def template_choice(step: Step) -> Choice:
    """A field to choose a ready-made reason of this step."""
    options = [(each.code, each.text) for each in reason_templates(step)]
    return Choice("常用原因", options=options, blank="不用常用原因", id=f"{step}-template")


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

    template = template_choice("return")
    reason = Lines("退回原因", maximum=300, rows=2, id="return-reason", hint="选了常用原因的，这里可以不填，或者补充。")

    def __init__(self, formdata: Any = None, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        self.notes: dict[str, str] = {}
        for name in list(formdata or ()):
            if name.startswith("note-") and isinstance(formdata[name], str) and (note := clean_text(formdata[name])):
                self.notes[name.removeprefix("note-")] = note

    def composed(self) -> str:
        """The reason as it is kept. RuleBroken on `template`."""
        return composed("return", self.template.data, self.reason.data)[0]


class RejectionForm(PageForm):
    """The coded reason, which brings its text and its law; own words and another basis may be added."""

    code = Choice("驳回类别", [Given()], table=RejectReason, id="rejection-code")
    reason = Lines("驳回原因", maximum=300, rows=2, id="rejection-reason", hint="类别自带说明，这里可以不填，或者补充；选“其他”必须写明。")
    legal_basis = Line("依据", maximum=200, id="rejection-basis", hint="不填就用类别自带的依据。")

    def composed(self) -> tuple[str, str]:
        """Reason and legal basis as they are kept; the class 其他 brings neither."""
        code = "" if self.code.data == RejectReason.OTHER else self.code.data
        return composed("reject", code, self.reason.data, self.legal_basis.data)
