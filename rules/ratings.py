"""Ratings (服务评价 and tags of each other; art. 11, domain reference 3.3, 8.2): what can be said, and when it opens.

The station's service gets four scores. The two sides of a work say tags about each other, about the work only; both open
at the same time, so that nobody answers what the other said. They are inside signals: never public, never part of matching.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rules.codes import Labelled, RatingAbout, ReferralState, Side
from rules.errors import RuleBroken, RulesBroken
from rules.lint import lint_text
from rules.referrals import BEGUN_STATES

OPEN_AFTER = timedelta(days=7)
"""After the end was written down both sides' tags open, whoever is missing (3.5)."""

EVALUATED_AFTER = timedelta(days=7)
"""After the last call-back of the end the referral is evaluated, whoever is missing (3.5)."""

REPLY_WITHIN = timedelta(days=14)
"""How long after the opening the rated side may reply, once [design]."""

TICKET_LASTS = timedelta(days=180)
"""How long the link of a slip works; a slip printed again lasts anew [design]."""

FEWEST_SHOWN = 5
"""Averages and shares of fewer ratings are hidden: they would tell what one person said."""

FEWEST_TAGS = 3
"""A tag is shown about somebody once this many works said it."""

MAX_TAGS = 5
MAX_WORDS = 300

LEVELS: dict[int, str] = {5: "非常满意", 4: "满意", 3: "一般", 2: "不满意", 1: "非常不满意"}
"""The scores in words, best first."""


class Score(Labelled):
    """The four scores of a station's service; the value is the column's name."""

    ATTITUDE = "attitude", "服务态度"
    SPEED = "speed", "办事速度"
    ACCURACY = "accuracy", "信息准确"
    SURROUNDINGS = "surroundings", "大厅环境"


class Tag(Labelled):
    """What one side says about the other's part in the work; nothing about the person."""

    PAID_ON_TIME = "PAID_ON_TIME", "工钱付得及时"
    AS_DESCRIBED = "AS_DESCRIBED", "活和说的一样"
    PROTECTED = "PROTECTED", "防护用品齐全"
    CLEAR_WORK = "CLEAR_WORK", "交代得清楚"
    POLITE_EMPLOYER = "POLITE_EMPLOYER", "说话客气"
    PAID_LATE = "PAID_LATE", "工钱付得晚"
    NOT_AS_DESCRIBED = "NOT_AS_DESCRIBED", "活和说的不一样"
    UNPROTECTED = "UNPROTECTED", "缺防护用品"
    LONGER_HOURS = "LONGER_HOURS", "时间比说的长"
    RUDE_EMPLOYER = "RUDE_EMPLOYER", "说话不客气"
    ON_TIME = "ON_TIME", "准时到岗"
    GOOD_WORK = "GOOD_WORK", "活做得好"
    SKILLED = "SKILLED", "手艺熟"
    FINISHED = "FINISHED", "有始有终"
    TEAMWORK = "TEAMWORK", "配合得好"
    LATE = "LATE", "到岗晚了"
    POOR_WORK = "POOR_WORK", "活没做到位"
    UNSKILLED = "UNSKILLED", "手艺还不熟"
    LEFT_EARLY = "LEFT_EARLY", "没做完就走了"
    NO_TEAMWORK = "NO_TEAMWORK", "不太配合"


_T = Tag
TAGS: dict[RatingAbout, tuple[tuple[Tag, ...], tuple[Tag, ...]]] = {
    RatingAbout.EMPLOYER: (
        (_T.PAID_ON_TIME, _T.AS_DESCRIBED, _T.PROTECTED, _T.CLEAR_WORK, _T.POLITE_EMPLOYER),
        (_T.PAID_LATE, _T.NOT_AS_DESCRIBED, _T.UNPROTECTED, _T.LONGER_HOURS, _T.RUDE_EMPLOYER),
    ),
    RatingAbout.WORKER: (
        (_T.ON_TIME, _T.GOOD_WORK, _T.SKILLED, _T.FINISHED, _T.TEAMWORK),
        (_T.LATE, _T.POOR_WORK, _T.UNSKILLED, _T.LEFT_EARLY, _T.NO_TEAMWORK),
    ),
}
"""What can be said about each: good, then bad. The n-th bad one is the opposite of the n-th good one."""

OTHER: dict[Side, RatingAbout] = {Side.WORKER: RatingAbout.EMPLOYER, Side.EMPLOYER: RatingAbout.WORKER}
"""Whom each side says tags about."""

_INSULTS = re.compile("傻[逼比B子]|王八|混蛋|他妈|妈的|滚蛋|畜生|狗东西|去死|不要脸|贱人|人渣", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One side's rating: a score of one to five for each of the four, tags of the other side, and words for the station.

    `fee` whether somebody took money. `meant` that the words stay as they are, although they were remarked on.
    """

    scores: Mapping[Score, int | None]
    tags: Sequence[str] = ()
    words: str = ""
    fee: bool | None = None
    meant: bool = False


def tags_about(about: RatingAbout) -> tuple[Tag, ...]:
    """Every tag that can be said about this side, the good ones first."""
    good, bad = TAGS.get(about, ((), ()))
    return good + bad


def is_good(tag: Tag) -> bool:
    """Whether a tag praises."""
    return any(tag in good for good, _ in TAGS.values())


def obstacle(state: ReferralState) -> str:
    """Why this work cannot be rated now, as a kind sentence; "" when it can."""
    if state is ReferralState.EVALUATED:
        return "这份活的评价时间已经过了。有意见随时到驿站说，也可以投诉举报。"
    if state not in BEGUN_STATES:
        return "这份活还没有登记上岗，上岗以后再来评价。"
    return ""


def opened_at(ended: datetime | None, given: datetime | None, answered: datetime | None) -> datetime | None:
    """When the sides see what they said of each other: with the second of the two, or seven days after the end.

    `ended` is when the end was written down, `given` and `answered` when each side said its tags. None: not yet known.
    """
    both = max(given, answered) if given and answered else None
    late = ended + OPEN_AFTER if ended else None
    known = [moment for moment in (both, late) if moment]
    return min(known) if known else None


def is_open(ended: datetime | None, given: datetime | None, answered: datetime | None, now: datetime) -> bool:
    """Whether tags may be seen, and none can be added any more."""
    moment = opened_at(ended, given, answered)
    return moment is not None and moment <= now


def check_said(said: Said, side: Side, *, tags_wanted: bool) -> tuple[Tag, ...]:
    """The tags as they are kept. RulesBroken names every score that is missing, tags that contradict each other and more.

    Honest criticism is never refused: words that are remarked on (contacts, insults) are kept when they are meant so.
    """
    broken = [RuleBroken(f"请给“{score.label}”打分。", score.value) for score in Score if said.scores.get(score) not in LEVELS]
    if said.fee is None:
        broken.append(RuleBroken("请回答有没有人收过钱。", "fee"))
    tags: tuple[Tag, ...] = ()
    try:
        tags = check_tags(said.tags, OTHER[side]) if tags_wanted else ()
    except RuleBroken as one:
        broken.append(one)
    remark = words_remark(said.words)
    if remark and not said.meant:
        broken.append(RuleBroken(f"{remark}请改一改；就想这样写的，请勾选“就这样写”再交一次。", "words"))
    if broken:
        raise broken[0] if len(broken) == 1 else RulesBroken(broken)
    return tags


def check_tags(typed: Iterable[str], about: RatingAbout) -> tuple[Tag, ...]:
    """The tags said about a side. RuleBroken: one that cannot be said about it, too many, or two that contradict each other."""
    known = {tag.value: tag for tag in tags_about(about)}
    chosen = set(typed)
    if chosen - known.keys():
        raise RuleBroken("有的标签这里不能选，请刷新页面重选。", "tags")
    if len(chosen) > MAX_TAGS:
        raise RuleBroken(f"标签最多选{MAX_TAGS}个，请去掉几个。", "tags")
    for good, bad in zip(*TAGS[about], strict=True):
        if good.value in chosen and bad.value in chosen:
            raise RuleBroken(f"“{good.label}”和“{bad.label}”只能选一个。", "tags")
    return tuple(tag for value, tag in known.items() if value in chosen)


def words_remark(words: str) -> str:
    """What should be thought over in the words, as a sentence; "" for nothing."""
    if _INSULTS.search(words):
        return "话里有骂人的字。"
    return "话里像是有电话、地址这些个人信息。" if words and lint_text("words", words, "P") else ""


def check_reply(words: str, opened: datetime | None, replied: datetime | None, now: datetime) -> str:
    """The reply of the rated side as it is kept. RuleBroken: not open yet, replied before, too late, nothing said.

    The other side reads it, so contacts and insults are refused.
    """
    if opened is None or now < opened:
        raise RuleBroken("双方的评价还没有公开，公开以后再回应。")
    if replied is not None:
        raise RuleBroken("您已经回应过了，只能回应一次。")
    if now > opened + REPLY_WITHIN:
        raise RuleBroken("公开已经超过14天，不能再回应。有意见请到驿站说。")
    said = words.strip()
    if len(said) < 2:
        raise RuleBroken("请写您的回应。", "words")
    if len(said) > MAX_WORDS:
        raise RuleBroken(f"回应最多{MAX_WORDS}个字，请删短一些。", "words")
    if remark := words_remark(said):
        raise RuleBroken(f"{remark}对方会看到，请删掉再交。", "words")
    return said


def may_reply(opened: datetime | None, replied: datetime | None, now: datetime) -> bool:
    """Whether the rated side may still reply."""
    return opened is not None and opened <= now <= opened + REPLY_WITHIN and replied is None


def average(total: int, count: int) -> str:
    """A mean score with one decimal, "4.3"; "" for so few ratings that it would tell what one person said."""
    if count < FEWEST_SHOWN:
        return ""
    tenths = (total * 10 + count // 2) // count
    return f"{tenths // 10}.{tenths % 10}"
