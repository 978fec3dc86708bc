"""Batch matching: what goes into a run, deciding about its suggestions, and narrowing their list."""

from typing import Any

from wtforms import Form

from rules.codes import DropReason, MatchedPeople, SuggestionDecision
from web.forms.base import Choice, Choices, Given, Line, PageForm, Tick


class MatchForm(PageForm):
    """The posts to fill, and whom to look at."""

    whom = Choice(
        "匹配哪些人", [Given("请选择匹配哪些人。")], table=MatchedPeople, blank=None, default=MatchedPeople.HERE.value, radio=True
    )
    posts = Choices("岗位", [Given("请至少勾一个岗位。")], most=600)

    @classmethod
    def among(cls, rows: list[dict[str, Any]], *args: Any) -> "MatchForm":
        """The form with the posts one can choose; at first all of them are ticked."""
        form = cls(*args)
        form.posts.choices = [(row["number"], row["title"]) for row in rows]
        if not args:
            form.posts.data = [row["number"] for row in rows]
        return form


class TakeForm(PageForm):
    """One button: the person is proposed for the post."""


class TakeAllForm(PageForm):
    """One button for everything on the page that nobody has decided about: the ids that stood there, looked through."""

    suggestions = Choices("建议", [Given("这一页没有还没处理的建议。")], most=50)
    seen = Tick("我逐条看过这一页的建议，都采用", [Given("请先逐条看一遍，再打勾。")])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.suggestions.choices = [(value, value) for value in self.suggestions.data or () if value.isdecimal() and len(value) < 20]

    @property
    def ids(self) -> list[int]:
        """The suggestions that are meant; whether they belong to the run is asked when they are found."""
        known = {value for value, _ in self.suggestions.choices}
        return [int(value) for value in self.suggestions.data or () if value in known]


class DropForm(PageForm):
    """Why a suggestion is not taken up."""

    reason = Choice("不采用的原因", [Given("请选择不采用的原因。")], table=DropReason)
    note = Line("说明", maximum=100)


class SuggestionFilterForm(Form):
    """What the list of suggestions is narrowed to; unknown values are dropped."""

    run = Line("批次", maximum=12)
    decision = Choice("处理", options=[("OPEN", "还没处理"), *SuggestionDecision.choices()], blank="全部")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.decision.data not in {value for value, _ in self.decision.choices}:
            self.decision.data = ""
        self.run.data = (self.run.data or "").upper()[:12]
