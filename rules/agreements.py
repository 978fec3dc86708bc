"""The agreement on paper (domain reference 3.6, 4.7, 4.8): its states, its placeholders, and the text filled in.

The wording is in agreement_text.yaml. `fill` refuses to make a text with a required place left open; what is filled in
stays apart from the fixed wording, so that pages and papers can show which is which.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from rules.clauses import lint_clause
from rules.codes import AgreementState, Labelled
from rules.errors import RuleBroken, RulesBroken
from rules.lint import Hit, Severity

NOTHING = "无"
"""What an optional place prints when nothing was agreed (4.7)."""


class AgreementEvent(Labelled):
    """What can happen to an agreement; the label completes "不能…"."""

    PRINT = "PRINT", "打印"
    SIGN = "SIGN", "登记已签订"
    DELIVER = "DELIVER", "登记已交给零工"
    VOID = "VOID", "作废"


_S, _E = AgreementState, AgreementEvent

TRANSITIONS: dict[tuple[AgreementState, AgreementEvent], AgreementState] = {
    (_S.DRAFT, _E.PRINT): _S.PRINTED,
    (_S.PRINTED, _E.SIGN): _S.SIGNED,
    (_S.SIGNED, _E.DELIVER): _S.DELIVERED,
    (_S.DRAFT, _E.VOID): _S.VOID,
    (_S.PRINTED, _E.VOID): _S.VOID,
    (_S.SIGNED, _E.VOID): _S.VOID,
    (_S.DELIVERED, _E.VOID): _S.VOID,
}

_NEXT_STEP: dict[AgreementState, str] = {
    _S.DRAFT: "请先填写完整并打印。",
    _S.PRINTED: "请先让双方签名并上传签好的协议；内容有错的，请作废后重新起草。",
    _S.SIGNED: "请先把一份交给零工。",
    _S.DELIVERED: "协议已经签好并交给零工。",
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


@dataclass(frozen=True, slots=True)
class Placeholder:
    """One place of the text: its name there, the form field that fills it, and whether it may stay open.

    `default` fills a place that is usually the same; `agreed` marks free text that passes the clause rules (4.5).
    """

    name: str
    field: str
    required: bool = True
    default: str = ""
    agreed: bool = False


PLACEHOLDERS: dict[str, Placeholder] = {
    placeholder.name: placeholder
    for placeholder in (
        Placeholder("协议编号", "number"),
        Placeholder("甲方名称", "employer_name"),
        Placeholder("甲方证件类型", "employer_id_type"),
        Placeholder("甲方证件号", "employer_id_number"),
        Placeholder("甲方法定代表人", "legal_representative", required=False),
        Placeholder("甲方地址", "employer_address"),
        Placeholder("甲方联系人", "employer_contact"),
        Placeholder("甲方电话", "employer_phone"),
        Placeholder("乙方姓名", "worker_name"),
        Placeholder("乙方证件号", "worker_id_number"),
        Placeholder("乙方住址", "worker_address"),
        Placeholder("乙方电话", "worker_phone", required=False),
        Placeholder("乙方紧急联系人", "emergency_name", required=False),
        Placeholder("乙方紧急电话", "emergency_phone", required=False),
        Placeholder("工作内容", "work_content"),
        Placeholder("工作地点", "work_place"),
        Placeholder("质量要求", "quality", required=False, agreed=True),
        Placeholder("开始日期", "start_date"),
        Placeholder("结束日期", "end_date"),
        Placeholder("开始时间", "start_time"),
        Placeholder("结束时间", "end_time"),
        Placeholder("休息安排", "breaks", required=False, agreed=True),
        Placeholder("计酬方式", "pay_basis"),
        Placeholder("计量单位", "pay_unit"),
        Placeholder("单价", "unit_price"),
        Placeholder("预计数量", "quantity"),
        Placeholder("报酬合计大写", "total"),
        Placeholder("结算周期", "settle_cycle"),
        Placeholder("支付日期", "pay_deadline", agreed=True),
        Placeholder("支付方式", "pay_method"),
        Placeholder("工具材料提供方", "tools_by", default="甲方", agreed=True),
        Placeholder("食宿交通约定", "board_and_travel", required=False, agreed=True),
        Placeholder("防护用品", "protection", required=False),
        Placeholder("危险告知", "hazard_notice", required=False),
        Placeholder("保险约定", "insurance", agreed=True),
        Placeholder("取消提前时间", "cancel_hours", default="4"),
        Placeholder("误工补偿", "lost_time_yuan", default="30"),
        Placeholder(
            "逾期利率说明",
            "late_interest",
            default="逾期付款时中国人民银行授权公布的一年期贷款市场报价利率(LPR)",
            agreed=True,
        ),
        Placeholder("特别约定", "special_terms", required=False, agreed=True),
        Placeholder("份数", "copies", default="贰"),
        Placeholder("驿站名称", "station_name"),
        Placeholder("驿站电话", "station_phone"),
        Placeholder("指导人", "guide"),
    )
}
"""Every place of Text A, in the order of the text."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text; `filled` where it was filled in, not part of the fixed wording."""

    text: str
    filled: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph as spans; `text` is all of it."""

    spans: tuple[Span, ...]

    @property
    def text(self) -> str:
        """The paragraph without the difference between wording and what was filled in."""
        return "".join(span.text for span in self.spans)


@dataclass(frozen=True, slots=True)
class Article:
    """One article: "第一条", "做什么", its paragraphs. A module has "补充约定一" as its number."""

    number: str
    heading: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class AgreementText:
    """A complete agreement, ready to be laid out.

    `parties`: both sides and the opening sentence. `signatures`: labels of the four lines to sign. `guidance` names
    who helped, `footer` says that the station is not a party (print on every page).
    """

    title: str
    number: str
    parties: tuple[Paragraph, ...]
    articles: tuple[Article, ...]
    modules: tuple[Article, ...]
    signatures: tuple[str, ...]
    guidance: Paragraph
    footer: Paragraph
    template_version: str

    def plain_text(self) -> str:
        """The whole agreement as plain lines: for snapshots, hashes and searching a printed paper."""
        lines = [self.title, f"编号：{self.number}", *(paragraph.text for paragraph in self.parties)]
        for article in (*self.articles, *self.modules):
            lines.append(f"{article.number} {article.heading}")
            lines += [paragraph.text for paragraph in article.paragraphs]
        return "\n".join([*lines, *self.signatures, self.guidance.text, self.footer.text])


@cache
def _template() -> dict[str, Any]:
    return yaml.safe_load((Path(__file__).parent / "agreement_text.yaml").read_text(encoding="utf-8"))


def template_version() -> str:
    """The version of the wording now in use."""
    return _template()["version"]


def module_choices() -> list[tuple[str, str]]:
    """(key, heading) of the optional modules."""
    return [(key, module["heading"]) for key, module in _template()["modules"].items()]


def template_texts() -> list[str]:
    """Every sentence of the wording with its places open: for checking the wording itself."""
    template = _template()
    modules = [paragraph for module in template["modules"].values() for paragraph in module["paragraphs"]]
    articles = [article["text"] for article in template["articles"]]
    return [*template["parties"], *articles, *modules, template["guidance"], template["footer"]]


_PLACE = re.compile(r"\{(\w+)\}")
_OPTIONAL_PART = re.compile(r"\[\[(.*?)\]\]")


def _one_line(value: str) -> str:
    # A value stands inside a sentence that has its own full stop.
    parts = [part.strip().rstrip("。；;") for part in value.splitlines()]
    return "；".join(part for part in parts if part)


def _complete(values: Mapping[str, str]) -> dict[str, str]:
    unknown = set(values) - set(PLACEHOLDERS)
    if unknown:
        raise ValueError(f"not a place of this agreement: {sorted(unknown)}")
    full = {}
    broken: list[RuleBroken] = []
    for name, placeholder in PLACEHOLDERS.items():
        value = _one_line(values.get(name, "")) or placeholder.default
        if placeholder.required and not value:
            broken.append(RuleBroken(f"请填写{name}。", placeholder.field))
        full[name] = value
    broken += [
        RuleBroken(hit.message, hit.field, ((hit.field, hit.start, hit.end),))
        for hit in agreed_text_hits(values)
        if hit.severity is Severity.BLOCK
    ]
    if broken:
        raise RulesBroken(broken)
    return full


def agreed_text_hits(values: Mapping[str, str]) -> list[Hit]:
    """What the clause rules find in the free texts, marked in the text as typed; `field` is the form field."""
    return [
        hit
        for name, placeholder in PLACEHOLDERS.items()
        if placeholder.agreed
        for hit in lint_clause(values.get(name, ""), placeholder.field)
    ]


def _spans(template: str, values: Mapping[str, str]) -> Iterator[Span]:
    # "{乙方紧急联系人} {乙方紧急电话}" is one answer: a person who names nobody reads one 无, not two.
    position, before = 0, ""
    for place in _PLACE.finditer(template):
        together = position and template[position : place.start()] == " "
        if not (together and not values[place[1]] and before == NOTHING):
            if place.start() > position:
                yield Span(template[position : place.start()])
            before = values[place[1]] or NOTHING
            yield Span(before, filled=True)
        position = place.end()
    if position < len(template):
        yield Span(template[position:])


def _paragraph(template: str, values: Mapping[str, str]) -> Paragraph:
    def part(match: re.Match[str]) -> str:
        return match[1] if all(values[name] for name in _PLACE.findall(match[1])) else ""

    return Paragraph(tuple(_spans(_OPTIONAL_PART.sub(part, template), values)))


def fill(values: Mapping[str, str], modules: tuple[str, ...] = ()) -> AgreementText:
    """The agreement with every place filled: placeholder name → text, as `rules.agreement_values.values_from` gives it.

    Empty optional places print 无, places with a default print it. Raises RulesBroken that names every required place
    left open ("请填写甲方地址。", at its form field) and every forbidden clause in the free texts, with its marks;
    RuleBroken for a module that does not exist; ValueError for a value that has no place.
    """
    full = _complete(values)
    template = _template()
    for key in modules:
        if key not in template["modules"]:
            raise RuleBroken("没有这个补充约定，请重新选择。", "modules")
    articles = tuple(
        Article(article["number"], article["heading"], (_paragraph(article["text"], full),)) for article in template["articles"]
    )
    extra = tuple(
        Article(
            f"补充约定{'一二三四五'[index]}",
            template["modules"][key]["heading"],
            tuple(_paragraph(paragraph, full) for paragraph in template["modules"][key]["paragraphs"]),
        )
        for index, key in enumerate(dict.fromkeys(modules))
    )
    return AgreementText(
        title=template["title"],
        number=full["协议编号"],
        parties=tuple(_paragraph(line, full) for line in template["parties"]),
        articles=articles,
        modules=extra,
        signatures=tuple(template["signatures"]),
        guidance=_paragraph(template["guidance"], full),
        footer=_paragraph(template["footer"], full),
        template_version=template["version"],
    )
