"""Other words for what lint.yaml forbids: texts read as rows of slots, and rules as sequences of slots (lint_slots.yaml).

A text becomes a short string with one symbol per known word, number or unknown character, so that "四十往上不考虑" reads
NUMAGE UP REJECT. A symbol stands for the set of slots its word fills; a rule is a regular expression over symbols with
bounded gaps. The longest word wins, which is how "女童装" is goods and never a woman. The work is linear in the text: one pass to
read it, and one run per rule whose slots all occur.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import product
from operator import add
from pathlib import Path
from typing import Any

import yaml

__all__ = ["Encoded", "Intervals", "Phrase", "SlotLaw", "SlotRule", "encode", "slot_law"]

FILLER, SOFT, HARD = "·", ",", "|"
"""An unknown character, a comma, and the end of a sentence or line: gaps never run over the last two."""

LONGEST_FILL = 12
"""Unknown characters kept in a row; no rule's gap is wider."""

_BOUNDARIES = dict.fromkeys(",()[]【】", SOFT) | dict.fromkeys("。;!?…|\n", HARD)
_FIRST_SYMBOL = 0xE000

_LONGEST_NUMBER = 28  # two numerals, their units and what follows

_DIGITS = {word: value for value, words in enumerate(("〇零", "一", "二两俩", "三", "四", "五", "六", "七", "八", "九")) for word in words}
_NUMERAL_CHARS = "0123456789〇零一二两俩三四五六七八九十百千半几廿"
_TENS = {"十": 10, "百": 100, "千": 1000}
_NUMERAL = r"(?:\d{1,9}(?:\.\d{1,3})?|[〇零一二两俩三四五六七八九十百千半几廿]{1,9})[万wk千百]?(?:好几|[多来几余把好])?"
_NUMBER = re.compile(f"({_NUMERAL})")
_RANGE = re.compile(rf"({_NUMERAL})(?:周?岁)?(?:-|~|到|至|—|–){{1,3}}({_NUMERAL})(周?岁)?")
_UNIT = re.compile(
    r"(?P<age>周?岁)"
    r"|(?P<born>后(?!面|台|厨|勤|天|续|期|再|半|场|门|座|院|才|就|付|结))"
    r"|(?P<hours>个?(?:半?小时|钟头|钟)|h(?![a-z]))"
    r"|(?P<qty>个(?:半?月|班|点|单元|礼拜|星期)|块(?=[板砖布纸木玻毛海地瓷石屏钢铁肉豆招])|年(?![底终前后货尾])|[/:%天日月号点分斤吨米平层楼栋幢室件箱台辆次单桌间折度℃周届级路站里寸瓶只条"
    r"张套把份袋车趟本双盒盆棵亩桶板排列组家户顿餐瓦厘]|kg|cm|g\b|m\d?|公(?:斤|里|分|交)|千克|星期|单元|英寸|小区|分钟|年级|代)"
    r"|(?P<money>元|块钱?|快钱|圆|大洋|毛|角|rmb|¥|刀)"
    r"|(?P<count>个(?!人)|名(?!额)|人|位(?!置))"
)
_HEIGHT = re.compile(r"(?:1[.米]\d{1,2}米?|一米[一二三四五六七八九]\d?|1[4-9]\d(?:cm|公分|厘米|(?=以上|往上|打底)))")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sequence of slots: `pattern` over symbols; it can only occur where no bit of `needs` is in Encoded.missing."""

    pattern: re.Pattern[str]
    needs: int

    def spans(self, encoded: Encoded) -> Iterator[tuple[int, int]]:
        """Where it stands in the normalised text; finds may overlap."""
        if self.needs & encoded.missing:
            return
        search, symbols, starts, ends = self.pattern.search, encoded.symbols, encoded.starts, encoded.ends
        match = search(symbols)
        while match is not None:
            start, end = match.span()
            yield starts[start], ends[end - 1]
            match = search(symbols, start + 1)


@dataclass(frozen=True, slots=True)
class Encoded:
    """A normalised text as symbols; symbol i covers text[starts[i]:ends[i]]. `missing`: the needs of phrases that it lacks."""

    symbols: str
    starts: list[int]
    ends: list[int]
    missing: int


@dataclass(frozen=True, slots=True)
class SlotRule:
    """One way to break a rule of lint.yaml; `sure` finds are not excused, `message` and `severity` may differ from the rule's."""

    id: str
    phrases: tuple[Phrase, ...]
    sure: bool
    severity: str
    message: str


@dataclass(frozen=True, slots=True)
class Excuse:
    """What makes a find innocent where it overlaps; `literal` ones excuse only the patterns of lint.yaml."""

    rules: tuple[str, ...]
    phrases: tuple[Phrase, ...]
    literal: bool


@dataclass(slots=True)
class Intervals:
    """Disjoint stretches of text, asked for overlap in logarithmic time."""

    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, spans: Iterable[tuple[int, int]]) -> Intervals:
        """The union of the spans."""
        whole = cls()
        reached = -1
        for start, end in sorted(spans):
            if start >= reached:
                whole.starts.append(start)
                whole.ends.append(end)
                reached = end
            elif end > reached:
                whole.ends[-1] = reached = end
        return whole

    def touch(self, start: int, end: int) -> bool:
        """Does any stretch share a character with this one?"""
        before = bisect_left(self.starts, end)
        return before > 0 and self.ends[before - 1] > start


class SlotLaw:
    """The words, rules and excuses of lint_slots.yaml, compiled."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self._bits: dict[str, int] = {}
        self._needed: dict[int, int] = {}
        self._symbols: dict[int, str] = {}
        self.masks: dict[str, int] = {}
        slots_of: dict[str, int] = {}
        for name, words in raw["slots"].items():
            for word in _expanded(words):
                slots_of[word] = slots_of.get(word, 0) | self._bit(name)
        for name, parts in raw["unions"].items():
            members = self._mask(parts.split())
            for word, mask in slots_of.items():
                if mask & members:
                    slots_of[word] = mask | self._bit(name)
        self.numbers = {kinds: self._symbol(self._mask(kinds)) for kinds in _NUMBER_KINDS}
        self.words = {word: self._symbol(mask) for word, mask in slots_of.items() if len(word) > 1}
        self.single = {word: self._symbol(mask) for word, mask in slots_of.items() if len(word) == 1}
        self.single |= _BOUNDARIES | dict.fromkeys(_NUMERAL_CHARS, "")
        for mark in (SOFT, HARD):
            self.masks[mark] = self._bit("END") | self._bit("BOUND")
        self.masks[FILLER] = 0
        lengths: dict[str, set[int]] = {}
        for word in self.words:
            lengths.setdefault(word[:2], set()).add(len(word))
        self.lengths = {key: tuple(sorted(found, reverse=True)) for key, found in lengths.items()}
        self._stops = self._mask(raw["stops"].split())
        self._shapes: dict[str, list[str]] = raw["shapes"]
        self.rules: dict[str, list[SlotRule]] = {}
        for entry in raw["rules"]:
            rule = SlotRule(
                entry["rule"],
                tuple(self._phrases(entry)),
                entry.get("sure", False),
                entry.get("severity", ""),
                entry.get("message", ""),
            )
            self.rules.setdefault(rule.id, []).append(rule)
        self.excuses = [
            Excuse(tuple(entry["rules"].split()), tuple(self._phrases(entry)), entry.get("literal", False)) for entry in raw["excuses"]
        ]
        self._excuses: dict[str, list[tuple[int, Excuse]]] = {}
        self._lacking = [(1 << at, mask) for mask, at in self._needed.items()]
        self.phrases = {rule: [(slot, phrase) for slot in slots for phrase in slot.phrases] for rule, slots in self.rules.items()}
        self.patterns: dict[str, list[tuple[str, tuple[str, ...], re.Pattern[str]]]] = {}
        for entry in raw["patterns"]:
            words = tuple(entry["needs"].split())
            self.patterns.setdefault(entry["rule"], []).append((entry["field"], words, re.compile(entry["pattern"])))

    def excuses_for(self, rule: str) -> list[tuple[int, Excuse]]:
        """The excuses that name the rule or its group, with their numbers."""
        if rule not in self._excuses:
            self._excuses[rule] = [(at, each) for at, each in enumerate(self.excuses) if rule in each.rules or rule[0] in each.rules]
        return self._excuses[rule]

    def missing(self, symbols: Iterable[str]) -> int:
        """The needs of phrases (Phrase.needs) that these symbols do not fill."""
        present = 0
        for symbol in symbols:
            present |= self.masks[symbol]
        return sum(bit for bit, mask in self._lacking if not mask & present)

    def _bit(self, name: str) -> int:
        return self._bits.setdefault(name, 1 << len(self._bits))

    def _mask(self, names: Iterable[str]) -> int:
        mask = 0
        for name in names:
            mask |= self._bit(name)
        return mask

    def _symbol(self, mask: int) -> str:
        symbol = self._symbols.setdefault(mask, chr(_FIRST_SYMBOL + len(self._symbols)))
        self.masks[symbol] = mask
        return symbol

    def _phrases(self, entry: dict[str, Any]) -> Iterator[Phrase]:
        # A find is marked as short as it can be; an excuse holds as far as it can reach ("不收押金、服装费、培训费").
        reach = "?" if "rule" in entry else ""
        about = entry.get("about", "")
        for shape in entry.get("shapes", "").split():
            for line in self._shapes[shape]:
                yield self._phrase(line.replace("IT", about), reach)
        for line in entry.get("find", ()):
            yield self._phrase(line, reach)

    def _known(self, names: str) -> int:
        unknown = [name for name in names.split("/") if name not in self._bits]
        if unknown:
            raise ValueError(f"lint_slots.yaml: no slot {unknown}")
        return self._mask(names.split("/"))

    def _class(self, mask: int) -> str:
        found = "".join(re.escape(symbol) for symbol, slots in self.masks.items() if slots & mask)
        return f"[{found}]"

    def _phrase(self, line: str, reach: str) -> Phrase:
        parts, needs = [], []
        stops = "".join(re.escape(symbol) for symbol, slots in self.masks.items() if slots & self._stops)
        for word in line.split():
            if word.startswith("<<"):
                parts.append(f"[^{HARD}]{{0,{word[2:]}}}{reach}")
            elif word.startswith("<"):
                parts.append(f"[^{SOFT}{HARD}]{{0,{word[1:]}}}{reach}")
            elif word.startswith("~"):
                parts.append(f"[^{SOFT}{HARD}{stops}]{{0,{word[1:]}}}{reach}")
            elif word.startswith("!<"):
                gap, names = word[2:].split(":")
                parts.append(f"(?![^{SOFT}{HARD}]{{0,{gap}}}{self._class(self._known(names))})")
            elif word.startswith("!"):
                parts.append(f"(?!{self._class(self._known(word[1:]))})")
            elif word.startswith("-"):
                parts.append(f"(?<!{self._class(self._known(word[1:]))})")
            elif word.startswith("^"):
                parts.append(f"(?<={self._class(self._known(word[1:]))})")
            elif word.startswith("&"):
                parts.append(f"(?={self._class(self._known(word[1:]))})")
            elif word.endswith("?"):
                parts.append(self._class(self._known(word[:-1])) + "?")
            else:
                mask = self._known(word)
                needs.append(mask)
                parts.append(self._class(mask))
        return Phrase(re.compile("".join(parts)), sum({1 << self._needed.setdefault(mask, len(self._needed)) for mask in needs}))


def _number_kinds() -> Iterator[frozenset[str]]:
    for sums in ((), ("BIGDAY",), ("BIGDAY", "BIGMONTH")):
        yield frozenset({"NUMBER", "MONEY", "SUM", *sums})
        yield frozenset({"NUMBER", "NUM", "SUM", *sums})
    for names in (
        *("BABY", "NUM", "NUM SUM", "NUM SUM NUMAGE", "NUM SUM NUMMIN", "NUM SUM NUMCHILD"),
        *("AGE", "AGEMIN", "AGECHILD", "AGERANGE", "BARERANGE", "HEIGHT", "BORN", "QTY", "QTY COUNT", "QTY LONGHOURS", "QTY HOURS"),
    ):
        yield frozenset({"NUMBER", *names.split()})


_NUMBER_KINDS = tuple(_number_kinds())


def _expanded(words: str) -> Iterator[str]:
    for word in words.split():
        pieces = [piece.split(",") for piece in re.split(r"[{}]", word)] if "{" in word else [[word]]
        for parts in product(*pieces):
            yield "".join(parts)


def number_value(words: str) -> float:
    """What a numeral says: "二百五" is 250, "一千二" 1200, "三四十" 30, "1.5万" 15000; 0 for what is none."""
    words = words.rstrip("多来几余把好") or words
    factor = {"万": 10_000, "w": 10_000, "k": 1000}.get(words[-1], 1)
    words = words if factor == 1 else words[:-1]
    if words[:1].isdigit():
        if words[-1:] in _TENS:
            factor, words = factor * _TENS[words[-1]], words[:-1]
        return float(words) * factor
    if len(words) > 1 and all(word in _DIGITS for word in words):
        return float("".join(str(_DIGITS[word]) for word in words)) * factor
    total, digit, unit = 0, 0, 1
    for word in words:
        if word in _DIGITS:
            digit = digit or _DIGITS[word]
        elif word == "廿":
            total, digit = total + 20, 0
        elif word in _TENS:
            unit = _TENS[word]
            total, digit = total + (digit or 1) * unit, 0
    return (total + digit * (unit // 10 if unit > 10 and words[-2:-1] in _TENS else 1)) * factor


def _sums(value: float) -> list[str]:
    return ["BIGDAY"] * (value >= 600) + ["BIGMONTH"] * (value >= 10_000)


@lru_cache(maxsize=4096)
def _number(text: str) -> tuple[frozenset[str], int]:
    # The number that a text begins with, and its length with its unit.
    start = 0
    height = _HEIGHT.match(text, start)
    if height:
        return frozenset({"NUMBER", "HEIGHT"}), height.end()
    between = _RANGE.match(text, start)
    if between:
        low, high = number_value(between[1]), number_value(between[2])
        unit = _UNIT.match(text, between.end())
        if 10 <= low < 16 and low < high <= 18 and between[3]:
            return frozenset({"NUMBER", "AGECHILD"}), between.end()
        if 16 <= low < high <= 75 and (between[3] or (unit is None and high >= 28)):
            return frozenset({"NUMBER", "AGERANGE" if between[3] else "BARERANGE"}), between.end()
    match = _NUMBER.match(text, start)
    if match is None:
        return frozenset({"NUMBER", "NUM"}), start + 1
    value = number_value(match[1])
    unit = _UNIT.match(text, match.end())
    kind = unit.lastgroup if unit else None
    end = unit.end() if unit else match.end()
    if kind == "age":
        names = ["AGE"] if value > 18 else ["AGEMIN"] if value > 15 else ["AGECHILD"] if value > 8 else ["BABY"]
    elif kind == "born" and (50 <= value <= 99 or value in (0, 5)) and len(match[1]) == 2:
        names = ["BORN"]
    elif kind == "hours":
        names = ["QTY", "LONGHOURS"] if 10 <= value <= 24 else ["QTY", "HOURS"]
    elif kind == "money":
        names = ["MONEY", "SUM", *_sums(value)]
    elif kind in ("qty", "count"):
        names = ["QTY"] if kind == "qty" else ["QTY", "COUNT"]
    else:
        end = match.end()
        names = ["NUM", *_sums(value)] if value >= 600 else ["NUM"]
        if value >= 5:
            names.append("SUM")
        if 19 <= value <= 75 or 16 <= value <= 18:
            names.append("NUMAGE" if value > 18 else "NUMMIN")
        elif 10 <= value <= 15:
            names.append("NUMCHILD")
    return frozenset({"NUMBER", *names}), end


def encode(text: str, breaks: Sequence[int] = ()) -> Encoded:
    """A normalised text as symbols. `breaks` are positions before which a line of the original ended."""
    law = slot_law()
    words, number = law.words, law.numbers
    lengths = list(map(law.lengths.get, map(add, text, text[1:] + HARD)))
    singles = list(map(law.single.get, text))
    symbols, starts, ends = [HARD], [0], [0]
    symbol_found, start_found, end_found = symbols.append, starts.append, ends.append
    line_ends = set(breaks)
    fill, index, size = 0, 0, len(text)
    while index < size:
        if line_ends and index in line_ends:
            symbol_found(HARD)
            start_found(index)
            end_found(index)
        start = index
        for length in lengths[index] or ():
            piece = text[index : index + length]
            if piece in words:
                symbol_found(words[piece])
                index += len(piece)
                break
        else:
            symbol = singles[index]
            if symbol is None:
                index += 1
                fill += 1
                if fill <= LONGEST_FILL:
                    symbol_found(FILLER)
                    start_found(start)
                    end_found(index)
                continue
            if symbol:
                symbol_found(symbol)
                index += 1
            else:
                kinds, length = _number(text[index : index + _LONGEST_NUMBER])
                symbol_found(number[kinds])
                index += length
        fill = 0
        start_found(start)
        end_found(index)
    symbols.append(HARD)
    starts.append(size)
    ends.append(size)
    return Encoded("".join(symbols), starts, ends, law.missing(set(symbols)))


@cache
def slot_law() -> SlotLaw:
    """The law of slots, read once."""
    return SlotLaw(yaml.safe_load((Path(__file__).parent / "lint_slots.yaml").read_text(encoding="utf-8")))
