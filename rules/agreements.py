"""The agreement on paper (domain reference 3.6, 4.7, 4.8): its states, its placeholders, and the text filled in.

The wordings are in rules/wordings. `fill` refuses to make a text with a required place left open; what is filled in
stays apart from the fixed wording, so that pages and papers can show which is which.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rules.clauses import lint_clause
from rules.codes import ON_PAPER_ONLY, AgreementState, AgreementType, Labelled
from rules.errors import RuleBroken, RulesBroken
from rules.lint import Hit, Severity
from rules.placeholders import NOTHING
from rules.wordings import OPTIONAL_PART, PLACE, SignatureBlock, Wording


class AgreementEvent(Labelled):
    """What can happen to an agreement; the label completes "不能…"."""

    PRINT = "PRINT", "打印"
    SIGN = "SIGN", "登记已签订"
    OPEN_SIGNING = "OPEN_SIGNING", "在屏幕上签字"
    SIGN_ON_SCREEN = "SIGN_ON_SCREEN", "在屏幕上签字"
    STOP_SIGNING = "STOP_SIGNING", "停止屏上签字"
    DELIVER = "DELIVER", "登记已交给零工"
    ARCHIVE = "ARCHIVE", "登记原件归档"
    AMEND = "AMEND", "由新协议代替"
    COMPLETE = "COMPLETE", "登记履行完"
    TERMINATE = "TERMINATE", "登记提前结束"
    CANCEL = "CANCEL", "取消"
    VOID = "VOID", "作废"


_S, _E = AgreementState, AgreementEvent

TRANSITIONS: dict[tuple[AgreementState, AgreementEvent], AgreementState] = {
    (_S.DRAFT, _E.PRINT): _S.PRINTED,
    (_S.PRINTED, _E.SIGN): _S.SIGNED,
    (_S.DRAFT, _E.OPEN_SIGNING): _S.E_SIGNING,
    (_S.E_SIGNING, _E.SIGN_ON_SCREEN): _S.SIGNED,
    (_S.E_SIGNING, _E.STOP_SIGNING): _S.DRAFT,
    (_S.SIGNED, _E.DELIVER): _S.DELIVERED,
    (_S.DELIVERED, _E.ARCHIVE): _S.ARCHIVED,
    **{(state, _E.AMEND): _S.AMENDED for state in (_S.SIGNED, _S.DELIVERED, _S.ARCHIVED)},
    **{(state, _E.COMPLETE): _S.COMPLETED for state in (_S.DELIVERED, _S.ARCHIVED)},
    **{(state, _E.TERMINATE): _S.TERMINATED for state in (_S.SIGNED, _S.DELIVERED, _S.ARCHIVED)},
    **{(state, _E.CANCEL): _S.CANCELLED for state in (_S.DRAFT, _S.PRINTED, _S.E_SIGNING)},
    **{(state, _E.VOID): _S.VOID for state in (_S.DRAFT, _S.PRINTED, _S.SIGNED, _S.DELIVERED, _S.ARCHIVED, _S.COMPLETED, _S.TERMINATED)},
}

_NEXT_STEP: dict[AgreementState, str] = {
    _S.DRAFT: "请先填写完整并打印。",
    _S.PRINTED: "请先让双方签名并上传签好的协议；内容有错的，请作废后重新起草。",
    _S.E_SIGNING: "请先在屏幕上签完，或者停止屏上签字。",
    _S.SIGNED: "请先把一份交给零工。",
    _S.DELIVERED: "协议已经签好并交给零工。",
    _S.ARCHIVED: "协议已经签好，原件已归档。",
    _S.COMPLETED: "协议已经履行完。",
    _S.TERMINATED: "协议已经提前结束。",
    _S.AMENDED: "请打开代替它的新协议。",
    _S.CANCELLED: "这份协议没有签，已经取消，需要的话请重新起草。",
    _S.VOID: "这份协议已经作废，需要的话请重新起草。",
}


def can(state: AgreementState, event: AgreementEvent) -> bool:
    """Whether the event is possible in this state."""
    return (state, event) in TRANSITIONS


def next_state(state: AgreementState, event: AgreementEvent) -> AgreementState:
    """The state after the event. Raises RuleBroken, which names the state and what to do, when it is not possible."""
    following = TRANSITIONS.get((state, event))
    if following is None:
        raise RuleBroken(f"协议现在是“{state.label}”，不能{event.label}。{_NEXT_STEP[state]}")
    return following


def check_may_sign_on_screen(kind: AgreementType) -> None:
    """RuleBroken for a labour contract and other papers that are signed by hand only (domain reference 3.6)."""
    if kind in ON_PAPER_ONLY:
        raise RuleBroken(f"{kind.label}要打印出来签字：电子劳动合同必须用有电子签名认证的专门平台，本系统只打印。")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text; `filled` where it was filled in, not part of the fixed wording: `place` is then its name."""

    text: str
    filled: bool = False
    place: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph as spans; `text` is all of it."""

    spans: tuple[Span, ...]

    @property
    def text(self) -> str:
        """The paragraph without the difference between wording and what was filled in."""
        return "".join(span.text for span in self.spans)

    @property
    def fields(self) -> tuple[tuple[str, tuple[Span, ...]], ...]:
        """A line "甲方：{名称}　地址：{地址}" as (label, its value) pairs, as forms show it; empty for a plain sentence."""
        found: list[tuple[str, list[Span]]] = []
        for span in self.spans:
            before, colon, _ = span.text.rpartition("：")
            if span.filled or not colon:
                if found:
                    found[-1][1].append(span)
                continue
            label = before.strip("　 ")
            if not label and found and found[-1][1]:  # the label itself was filled in: "　{证件类型}：{证件号}"
                label = found[-1][1].pop().text
            found.append((label, []))
        for _, spans in found:
            while spans and not spans[-1].filled and not spans[-1].text.strip("　 "):
                spans.pop()
        return tuple((label, tuple(spans)) for label, spans in found) if len(found) > 1 else ()


@dataclass(frozen=True, slots=True)
class Article:
    """One article: "第一条", "做什么", its paragraphs. A module has "补充约定一" as its number."""

    number: str
    heading: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class AgreementText:
    """A complete agreement, ready to be laid out.

    `parties`: the sides and the opening sentence. `signatures`: who signs where, one block per side. `receipt`: the line
    on which the worker confirms having got a copy, "" where the text has none. `guidance` names who helped, `footer`
    says that the station is not a party (print on every page).
    """

    title: str
    number: str
    parties: tuple[Paragraph, ...]
    articles: tuple[Article, ...]
    modules: tuple[Article, ...]
    signatures: tuple[SignatureBlock, ...]
    receipt: str
    guidance: Paragraph
    footer: Paragraph
    template_version: str

    @property
    def printed(self) -> dict[str, str]:
        """What each place prints, by its name."""
        articles = (paragraph for article in (*self.articles, *self.modules) for paragraph in article.paragraphs)
        everything = (*self.parties, *articles, self.guidance, self.footer)
        return {span.place: span.text for paragraph in everything for span in paragraph.spans if span.filled}

    def plain_text(self) -> str:
        """The whole agreement as plain lines: for snapshots, hashes and searching a printed paper."""
        lines = [self.title, f"编号：{self.number}", *(paragraph.text for paragraph in self.parties)]
        for article in (*self.articles, *self.modules):
            lines.append(f"{article.number} {article.heading}")
            lines += [paragraph.text for paragraph in article.paragraphs]
        lines += [line for block in self.signatures for line in (block.label, *block.lines)]
        return "\n".join([*lines, *filter(None, [self.receipt]), self.guidance.text, self.footer.text])


def _one_line(value: str) -> str:
    # A value stands inside a sentence that has its own full stop.
    parts = [part.strip().rstrip("。；;") for part in value.splitlines()]
    return "；".join(part for part in parts if part)


def _complete(wording: Wording, values: Mapping[str, str]) -> dict[str, str]:
    places = wording.places
    unknown = set(values) - set(places)
    if unknown:
        raise ValueError(f"not a place of this agreement: {sorted(unknown)}")
    full = {}
    broken: list[RuleBroken] = []
    for name, place in places.items():
        value = _one_line(values.get(name, "")) or place.default
        if place.required and not value:
            broken.append(RuleBroken(f"请填写{name}。", place.field))
        full[name] = value
    broken += [
        RuleBroken(hit.message, hit.field, ((hit.field, hit.start, hit.end),))
        for hit in agreed_text_hits(wording, values)
        if hit.severity is Severity.BLOCK
    ]
    if broken:
        raise RulesBroken(broken)
    return full


def agreed_text_hits(wording: Wording, values: Mapping[str, str]) -> list[Hit]:
    """What the clause rules find in the free texts, marked in the text as typed; `field` is the form field."""
    return [
        hit
        for name, place in wording.places.items()
        if place.agreed
        for hit in lint_clause(values.get(name, ""), place.field, kind=wording.type)
    ]


def _spans(template: str, values: Mapping[str, str]) -> Iterator[Span]:
    # "{乙方紧急联系人} {乙方紧急电话}" is one answer: a person who names nobody reads one 无, not two.
    position, before = 0, ""
    for place in PLACE.finditer(template):
        together = position and template[position : place.start()] == " "
        if not (together and not values[place[1]] and before == NOTHING):
            if place.start() > position:
                yield Span(template[position : place.start()])
            before = values[place[1]] or NOTHING
            yield Span(before, filled=True, place=place[1])
        position = place.end()
    if position < len(template):
        yield Span(template[position:])


def _paragraph(template: str, values: Mapping[str, str]) -> Paragraph:
    def part(match: re.Match[str]) -> str:
        return match[1] if all(values[name] for name in PLACE.findall(match[1])) else ""

    return Paragraph(tuple(_spans(OPTIONAL_PART.sub(part, template), values)))


def fill(wording: Wording, values: Mapping[str, str], modules: tuple[str, ...] = ()) -> AgreementText:
    """The agreement with every place filled: placeholder name → text, as `rules.agreement_values.values_from` gives it.

    Empty optional places print 无, places with a default print it. Raises RulesBroken that names every required place
    left open ("请填写甲方地址。", at its form field) and every forbidden clause in the free texts, with its marks;
    RuleBroken for a module that does not exist; ValueError for a value that has no place.
    """
    full = _complete(wording, values)
    for key in modules:
        if key not in wording.modules:
            raise RuleBroken("没有这个补充约定，请重新选择。", "modules")
    articles = tuple(
        Article(article.number, article.heading, tuple(_paragraph(text, full) for text in article.paragraphs))
        for article in wording.articles
    )
    extra = tuple(
        Article(
            f"补充约定{'一二三四五'[index]}",
            wording.modules[key].heading,
            tuple(_paragraph(text, full) for text in wording.modules[key].paragraphs),
        )
        for index, key in enumerate(dict.fromkeys(modules))
    )
    return AgreementText(
        title=wording.title,
        number=full["协议编号"],
        parties=tuple(party for line in wording.parties if (party := _paragraph(line, full)).text),
        articles=articles,
        modules=extra,
        signatures=tuple(block for block in wording.signatures if not block.place or full[block.place]),
        receipt=wording.receipt,
        guidance=_paragraph(wording.guidance, full),
        footer=_paragraph(wording.footer, full),
        template_version=wording.version,
    )
