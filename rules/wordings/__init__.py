"""The texts of agreements as data (domain reference 4.8-4.12): read, checked, versioned.

A built-in text lies beside this module as YAML, one file per type. A district may amend a text: the amendment is the
next version, kept as JSON of the same shape; papers printed before keep theirs. `{名称}` is a place of
`rules.placeholders`; `[[...]]` is printed only when what it names is given.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

from rules.codes import AgreementSide, AgreementType
from rules.errors import RuleBroken, RulesBroken
from rules.placeholders import PLACEHOLDERS, Placeholder

PLACE = re.compile(r"\{(\w+)\}")
OPTIONAL_PART = re.compile(r"\[\[(.*?)\]\]")


@dataclass(frozen=True)
class WordingArticle:
    """One article, or one optional module (`number` "" then), with its places open."""

    number: str
    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class SignatureBlock:
    """Where one side signs: "甲方（签名/盖章）：", further lines (经办人：, 日期：), whether a unit's seal goes there.

    `place`: this side signs only when that place is filled, "" for a side that always signs.
    """

    side: str
    label: str
    lines: tuple[str, ...] = ()
    seal: bool = False
    place: str = ""


@dataclass(frozen=True)
class Wording:
    """One version of one type's text, places open. `defaults`: place → what it prints when nothing else was agreed.

    `required` and `asked`: places that this text may not leave open, or asks for, other than the dictionary says.
    """

    type: AgreementType
    version: str
    title: str
    parties: tuple[str, ...]
    articles: tuple[WordingArticle, ...]
    modules: Mapping[str, WordingArticle]
    signatures: tuple[SignatureBlock, ...]
    receipt: str
    guidance: str
    footer: str
    defaults: Mapping[str, str]
    required: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()

    @property
    def texts(self) -> list[str]:
        """Every sentence of the text with its places open, in order."""
        whole = [*self.articles, *self.modules.values()]
        return [*self.parties, *(text for article in whole for text in article.paragraphs), self.guidance, self.footer]

    @property
    def parts(self) -> list[tuple[str, str]]:
        """(part, text) of everything that is written freely: the names an editing form gives its fields."""
        return [
            ("title", self.title),
            *(("parties", text) for text in self.parties),
            *((f"article_{n}", text) for n, article in enumerate(self.articles) for text in (article.heading, *article.paragraphs)),
            *((f"module_{n}", text) for n, each in enumerate(self.modules.values()) for text in (each.heading, *each.paragraphs)),
            *(("signatures", text) for block in self.signatures for text in (block.label, *block.lines)),
            ("receipt", self.receipt),
            ("guidance", self.guidance),
            ("footer", self.footer),
            *(("defaults", text) for text in self.defaults.values()),
        ]

    @cached_property
    def places(self) -> dict[str, Placeholder]:
        """The places of this text by name, in the order of the text; 协议编号 comes first and is always there."""
        names = dict.fromkeys(["协议编号", *(name for text in self.texts for name in PLACE.findall(text))])
        return {name: self._place(name) for name in names}

    def _place(self, name: str) -> Placeholder:
        place = PLACEHOLDERS[name]
        return dataclasses.replace(
            place,
            default=self.defaults.get(name, place.default),
            required=place.required or name in self.required,
            asked=place.asked or name in self.asked,
        )


def read_wording(kind: AgreementType, version: str, body: Mapping[str, Any]) -> Wording:
    """A wording from its data. Raises RulesBroken naming every place that does not exist and every part that is missing."""
    broken = [RuleBroken(f"文本缺少“{part}”。", part) for part in ("title", "parties", "articles", "signatures") if not body.get(part)]
    if broken:
        raise RulesBroken(broken)
    wording = Wording(
        type=kind,
        version=version,
        title=body["title"],
        parties=tuple(body["parties"]),
        articles=tuple(WordingArticle(each["number"], each["heading"], _paragraphs(each)) for each in body["articles"]),
        modules={key: WordingArticle("", each["heading"], _paragraphs(each)) for key, each in body.get("modules", {}).items()},
        signatures=tuple(
            SignatureBlock(
                AgreementSide(each["side"]).value,
                each["label"],
                tuple(each.get("lines", ())),
                bool(each.get("seal")),
                each.get("place", ""),
            )
            for each in body["signatures"]
        ),
        receipt=body.get("receipt", ""),
        guidance=body.get("guidance", ""),
        footer=body["footer"],
        defaults=dict(body.get("defaults", {})),
        required=tuple(body.get("required", ())),
        asked=tuple(body.get("asked", ())),
    )
    unknown = {(field, name): None for field, text in wording.parts for name in PLACE.findall(text) if name not in PLACEHOLDERS}
    unknown |= {("defaults", name): None for name in wording.defaults if name not in PLACEHOLDERS}
    if unknown:
        raise RulesBroken([RuleBroken(f"没有“{{{name}}}”这个填写项，请用列表里的名称。", field) for field, name in unknown])
    return wording


def _paragraphs(each: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(each["paragraphs"]) if "paragraphs" in each else (each["text"],)


@cache
def built_in(kind: AgreementType) -> Wording:
    """The text that comes with the product. KeyError for a type whose text is the official model (OFFICIAL_TEXTS)."""
    path = Path(__file__).parent / f"{kind.value.lower()}.yaml"
    if not path.exists():
        raise KeyError(kind)
    body = built_in_body(kind)
    return read_wording(kind, body["version"], body)


def built_in_body(kind: AgreementType) -> dict[str, Any]:
    """The data of the text that comes with the product, with its `version`."""
    loaded: dict[str, Any] = yaml.safe_load((Path(__file__).parent / f"{kind.value.lower()}.yaml").read_text(encoding="utf-8"))
    return loaded


def built_in_types() -> list[AgreementType]:
    """Types whose text comes with the product, in the order of the table of types."""
    return [kind for kind in AgreementType if (Path(__file__).parent / f"{kind.value.lower()}.yaml").exists()]
