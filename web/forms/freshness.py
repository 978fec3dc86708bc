"""What was said on the telephone."""

from web.forms.base import Choice, Given, PageForm


class AnswerForm(PageForm):
    """One of three answers, each a button with a key."""

    answer = Choice("答复", [Given("请点一个答复。")], options=[("YES", "还在"), ("NO", "不用了"), ("NOBODY", "没打通")])
