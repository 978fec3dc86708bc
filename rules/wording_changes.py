"""Amending a text (协议文本修订): the next version's name, and what differs between two versions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from rules.errors import RuleBroken
from rules.placeholders import PLACEHOLDERS, Shape
from rules.wordings import Wording, WordingArticle

LEAST_NOTE = 5
LONGEST_NOTE = 200

Pieces = list[tuple[str, bool]]
"""A text in pieces; True for what the other version does not have."""


def next_version(before: str) -> str:
    """The name of the version after this one: A-2026-11 → A-2026-11+1 → A-2026-11+2."""
    name, _, number = before.partition("+")
    return f"{name}+{int(number or 0) + 1}"


def check_amendment(in_force_from: date | None, note: str, *, today: date, newest_from: date | None) -> date:
    """The day it is in force from: tomorrow at the earliest, not before the version it amends, with a reason. RuleBroken."""
    if in_force_from is None:
        raise RuleBroken("请填写从哪天起用。", "in_force_from")
    if in_force_from <= today:
        raise RuleBroken("新文本最早从明天起用：今天的协议已经按原来的文本起草。", "in_force_from")
    if newest_from is not None and in_force_from < newest_from:
        raise RuleBroken(f"上一次修订从{newest_from.year}年{newest_from.month}月{newest_from.day}日起用，这一次不能更早。", "in_force_from")
    if not LEAST_NOTE <= len(note.strip()) <= LONGEST_NOTE:
        raise RuleBroken(f"请写明为什么改，{LEAST_NOTE}到{LONGEST_NOTE}个字。", "note")
    return in_force_from


@dataclass(frozen=True, slots=True)
class Change:
    """One part of two versions beside each other; `changed` False where both say the same."""

    label: str
    old: Pieces
    new: Pieces

    @property
    def changed(self) -> bool:
        """Whether anything differs."""
        return any(marked for _, marked in (*self.old, *self.new))


def changes(old: Wording, new: Wording) -> list[Change]:
    """Every part of both texts, in the order of the new one; what was taken out stands where it stood."""
    return [
        _change("各方", "\n".join(old.parties), "\n".join(new.parties)),
        *_articles(old.articles, new.articles),
        *_articles(tuple(old.modules.values()), tuple(new.modules.values())),
        *(
            _change(label, before, after)
            for label, before, after in (
                ("签收", old.receipt, new.receipt),
                ("填写指导", old.guidance, new.guidance),
                ("页脚", old.footer, new.footer),
                ("通常填法", _defaults(old), _defaults(new)),
            )
            if before or after
        ),
    ]


def _defaults(wording: Wording) -> str:
    return "\n".join(f"{name}：{wording.defaults[name]}" for name in sorted(wording.defaults))


def _articles(old: tuple[WordingArticle, ...], new: tuple[WordingArticle, ...]) -> list[Change]:
    """Articles that have the same heading are the same article; others are paired where they stand."""
    names = ([each.heading for each in old], [each.heading for each in new])
    rows: list[Change] = []
    for tag, a, b, c, d in SequenceMatcher(None, *names, autojunk=False).get_opcodes():
        if tag in ("equal", "replace"):
            for offset in range(max(b - a, d - c)):
                before = old[a + offset] if a + offset < b else None
                after = new[c + offset] if c + offset < d else None
                rows.append(_pair(before, after))
        else:
            rows += [_pair(each, None) for each in old[a:b]] + [_pair(None, each) for each in new[c:d]]
    return rows


def _pair(old: WordingArticle | None, new: WordingArticle | None) -> Change:
    named = new or old
    label = f"{named.number} {named.heading}".strip() if named else ""
    return _change(label, _whole(old), _whole(new))


def _whole(article: WordingArticle | None) -> str:
    return "\n".join([f"{article.number} {article.heading}".strip(), *article.paragraphs]) if article else ""


def _change(label: str, old: str, new: str) -> Change:
    if old == new:
        return Change(label, [(old, False)], [(new, False)])
    words = [re.findall(r"\{\w+\}|[A-Za-z0-9]+|.|\n", text) for text in (old, new)]
    before: Pieces = []
    after: Pieces = []
    for tag, a, b, c, d in SequenceMatcher(None, words[0], words[1], autojunk=False).get_opcodes():
        for pieces, text in ((before, "".join(words[0][a:b])), (after, "".join(words[1][c:d]))):
            if text:
                pieces.append((text, tag != "equal"))
    return Change(label, before, after)


def check_defaults(defaults: Mapping[str, str]) -> list[RuleBroken]:
    """What is wrong with the usual answers: a choice that is not offered, a number out of range, far too long."""
    broken = []
    for name, text in defaults.items():
        place = PLACEHOLDERS.get(name)
        if place is None:
            continue
        field = f"default_{place.field}"
        if place.choices and text not in {value for value, _ in place.choices}:
            broken.append(RuleBroken(f"{place.caption}请从列出的选项里选。", field))
        if place.shape is Shape.WHOLE and place.most and not (text.isdigit() and place.least <= int(text) <= place.most):
            broken.append(RuleBroken(f"{place.caption}请填{place.least}到{place.most}的整数。", field))
        if len(text) > max(place.longest, 80):
            broken.append(RuleBroken(f"{place.caption}太长了。", field))
    return broken


_SAMPLES = {
    "number": "X示例",
    "job_number": "G示例",
    "employer_name": "甲方示例",
    "worker_name": "乙方示例",
    "borrower_name": "乙方企业示例",
    "lent_worker_name": "丙方示例",
    "agency_name": "家政公司示例",
    "station_name": "示例零工驿站",
    "station_phone": "027-00000000",
    "guide": "指导人示例",
    "verified": "已核验",
    "pay_basis": "计时",
    "pay_unit": "小时",
    "hourly_minimum": "24",
    "settle_cycle": "日",
    "pay_rate": "每小时25元",
    "total": "200元（大写：贰佰元整）",
    "quantity": "8小时",
    "special_terms": "自带手套",
    "pay_deadline": "每个工作日24:00",
    "insurance": "甲方为乙方购买意外伤害保险",
}
_BY_SHAPE = {Shape.DAY: "2026年12月1日", Shape.CLOCK: "08:00", Shape.MONEY: "25", Shape.HOURS: "4"}


def sample_values(wording: Wording) -> dict[str, str]:
    """Every place of the text with something that shows it is an example, for looking at a text nobody drafted yet."""
    return {
        name: _SAMPLES.get(place.field)
        or place.default
        or (place.choices[0][0] if place.choices else "")
        or _BY_SHAPE.get(place.shape)
        or (str(max(place.least, 1)) if place.shape is Shape.WHOLE else f"{place.caption}示例")
        for name, place in wording.places.items()
    }


def body_of(wording: Wording, base: Mapping[str, Any]) -> dict[str, Any]:
    """The stored form of a wording: what the district wrote, and what it may not change from the text before."""
    kept = {name: base[name] for name in ("number", "signatures", "required", "asked") if name in base}
    return kept | {
        "title": wording.title,
        "parties": list(wording.parties),
        "articles": [{"number": each.number, "heading": each.heading, "paragraphs": list(each.paragraphs)} for each in wording.articles],
        "modules": {key: {"heading": each.heading, "paragraphs": list(each.paragraphs)} for key, each in wording.modules.items()},
        "receipt": wording.receipt,
        "guidance": wording.guidance,
        "footer": wording.footer,
        "defaults": dict(wording.defaults),
    }
