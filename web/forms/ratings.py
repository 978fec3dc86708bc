"""Rating the station and the other side of a work, replying to tags, and what the list of ratings is narrowed to."""

from typing import Any

from wtforms import Form

from rules.codes import Side
from rules.ratings import LEVELS, MAX_TAGS, MAX_WORDS, OTHER, TAGS, Said, Score
from web.forms.base import Choice, Choices, Given, Lines, PageForm, Tick

_LEVELS = [(str(score), words) for score, words in LEVELS.items()]
_TAGS_OF = {
    Side.WORKER: f"雇主怎么样（最多选{MAX_TAGS}个，也可以不选）",
    Side.EMPLOYER: f"零工干得怎么样（最多选{MAX_TAGS}个，也可以不选）",
}


def _score(score: Score) -> Choice:
    return Choice(score.label, [Given(f"请给“{score.label}”打分。")], options=_LEVELS, radio=True, blank="", width=6)


class RatingForm(PageForm):
    """The four scores, whether somebody took money, tags of the other side while they are wanted, and words."""

    attitude = _score(Score.ATTITUDE)
    speed = _score(Score.SPEED)
    accuracy = _score(Score.ACCURACY)
    surroundings = _score(Score.SURROUNDINGS)
    fee = Choice(
        "驿站全部免费。有人收过您的钱吗",
        [Given("请回答有没有人收过钱。")],
        options=[("no", "没有"), ("yes", "有人收过")],
        radio=True,
        blank="",
        width=6,
    )
    tags = Choices("标签", width=6)
    words = Lines("还想对驿站说什么（可以不填）", maximum=MAX_WORDS, rows=3, width=6)
    meant = Tick("就这样写", width=6)

    def __init__(self, *args: Any, side: Side, tags_wanted: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pairs = zip(*TAGS[OTHER[side]], strict=True) if tags_wanted else ()  # what praises beside its opposite
        self.tags.choices = [(tag.value, tag.label) for pair in pairs for tag in pair]
        self.tags.label.text = _TAGS_OF[side]
        self.tags_wanted = tags_wanted

    @property
    def said(self) -> Said:
        """What was said, for the rules."""
        return Said(
            scores={score: int(self[score.value].data) if (self[score.value].data or "").isdecimal() else None for score in Score},
            tags=self.tags.data or (),
            words=self.words.data or "",
            fee={"yes": True, "no": False}.get(self.fee.data or ""),
            meant=bool(self.meant.data),
        )


class ReplyForm(PageForm):
    """The one reply to the tags of the other side."""

    words = Lines("您的回应（只能写一次，对方和驿站能看到）", [Given("请写您的回应。")], maximum=MAX_WORDS, rows=3, width=6)


class RatingFilterForm(Form):
    """What the list of a month is narrowed to."""

    side = Choice("谁评的", table=Side, blank="双方")
    result = Choice("满意不满意", options=[("good", "满意"), ("bad", "四分以下")], blank="全部")
    words = Choice("意见", options=[("1", "只看写了话的")], blank="全部")
