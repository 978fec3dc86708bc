"""The monthly ledger: part 3, the signature, what the supervising unit asks and the station answers, and the matrix of months."""

from collections.abc import Mapping
from typing import Any, Self

from rules.ledger import WORDS, WORDS_MOST
from web.forms.base import Given, Line, Lines, PageForm, Tick

NOTE_MOST = 400


class WordsForm(PageForm):
    """文字总结: part 3. `PageForm.problems` is taken, so the field of that text has another name."""

    main_work = Lines(WORDS["main_work"], maximum=WORDS_MOST, rows=4, width=6)
    difficulties = Lines(WORDS["problems"], maximum=WORDS_MOST, rows=3, width=6)
    plans = Lines(WORDS["plans"], maximum=WORDS_MOST, rows=3, width=6, hint="三段一共三百字左右；不要写姓名、电话和证件号码")

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """The form with what a month's row keeps."""
        return cls(data={"main_work": row["main_work"], "difficulties": row["problems"], "plans": row["plans"]})

    @property
    def texts(self) -> dict[str, str]:
        """The three texts by their columns."""
        return {"main_work": self.main_work.data or "", "problems": self.difficulties.data or "", "plans": self.plans.data or ""}


class CloseForm(PageForm):
    """结账: the manager's signature."""

    signed_name = Line("签名（写您自己的姓名）", [Given("请写您的姓名作为签名。")], maximum=40, width=3)
    seen = Tick("没签认的工作日、没填全的记录我都知道，先这样结账", width=6)


class AnswerForm(PageForm):
    """What the station says to a query."""

    answer = Lines("答复", [Given("请写明核实的情况。")], maximum=NOTE_MOST, rows=4, width=6, hint="不要写姓名、电话和证件号码")


class QueryForm(PageForm):
    """What the supervising unit wants looked into."""

    question = Lines(
        "要核实什么", [Given("请写明要核实什么。")], maximum=NOTE_MOST, rows=4, width=6, hint="写明第几张表、第几行；不要写姓名"
    )


class VersionForm(PageForm):
    """A new version of a closed month."""

    reason = Line("为什么出新版", [Given("请写明为什么出新版。")], maximum=200, width=6, hint="例如：补记了两条上岗；按核实意见补写了总结")
