"""Answering an appeal."""

from web.forms.base import Choice, Given, Lines, PageForm


class AppealForm(PageForm):
    """Upheld (the post is reviewed anew) or not, and why."""

    decision = Choice(
        "怎样答复",
        [Given("请选择怎样答复。")],
        options=[("UPHELD", "申诉成立，重新审核这个岗位"), ("REFUSED", "申诉不成立，维持原处理")],
        radio=True,
        blank=None,
    )
    reason = Lines("理由（雇主看得到）", [Given()], maximum=300, rows=3)
