"""Amending a text of agreements: one field per article, and uploading an official model text."""

from collections.abc import Mapping
from typing import Any

from wtforms import HiddenField

from rules.clauses import lint_clause
from rules.codes import AgreementType
from rules.errors import RuleBroken, RulesBroken
from rules.lint import marked_pieces
from rules.placeholders import PLACEHOLDERS
from rules.wordings import Wording
from web.forms.base import Choice, Day, Given, Line, Lines, PageForm

BLANK_ARTICLES = 2
"""Empty articles at the end of the form, for new ones."""


class AmendForm(PageForm):
    """A district's amendment. `for_text` makes the form of one text: its articles, modules and usual answers."""

    before = HiddenField()
    parties = Lines("各方（一方一行）", [Given()], maximum=2000, rows=4, width=6)
    receipt = Line("签收的话", maximum=200, width=6)
    guidance = Line("填写指导", maximum=200, width=6)
    footer = Lines("页脚", [Given()], maximum=400, rows=2, width=6, hint="必须写明驿站免费指导、不是协议当事人")
    in_force_from = Day("从哪天起用（最早明天）", [Given()], width=2)
    note = Lines("为什么改", [Given()], maximum=200, rows=2, width=4, hint="至少5个字，各驿站都看得到")

    kind: AgreementType
    articles: int
    module_keys: tuple[str, ...]
    usual: tuple[str, ...]

    @classmethod
    def for_text(cls, wording: Wording) -> "type[AmendForm]":
        """The form class of this text."""
        fields: dict[str, Any] = {}
        count = len(wording.articles) + BLANK_ARTICLES
        for position in range(count):
            fields[f"article_{position}_number"] = Line("条号", maximum=10, width=1)
            fields[f"article_{position}_heading"] = Line("标题", maximum=40, width=2)
            fields[f"article_{position}"] = Lines("内容（一段一行）", maximum=3000, rows=3, width=6)
        for position in range(len(wording.modules)):
            fields[f"module_{position}_heading"] = Line("补充约定的标题", maximum=40, width=3)
            fields[f"module_{position}"] = Lines("补充约定的内容（一段一行）", maximum=3000, rows=4, width=6)
        usual = tuple(name for name, place in wording.places.items() if place.default)
        for name in usual:
            place = PLACEHOLDERS[name]
            fields[f"default_{place.field}"] = (
                Choice(place.caption, options=place.choices, blank=None, width=2)
                if place.choices
                else Line(place.caption, maximum=80, width=2)
            )
        return type(
            "AmendTextForm",
            (cls,),
            fields | {"kind": wording.type, "articles": count, "module_keys": tuple(wording.modules), "usual": usual},
        )

    @classmethod
    def prefilled(cls, wording: Wording) -> "AmendForm":
        """The form as the text stands now."""
        filled: dict[str, Any] = {
            "before": wording.version,
            "parties": "\n".join(wording.parties),
            "receipt": wording.receipt,
            "guidance": wording.guidance,
            "footer": wording.footer,
        }
        for position, article in enumerate(wording.articles):
            filled[f"article_{position}_number"] = article.number
            filled[f"article_{position}_heading"] = article.heading
            filled[f"article_{position}"] = "\n".join(article.paragraphs)
        for position, module in enumerate(wording.modules.values()):
            filled[f"module_{position}_heading"] = module.heading
            filled[f"module_{position}"] = "\n".join(module.paragraphs)
        filled |= {f"default_{PLACEHOLDERS[name].field}": wording.places[name].default for name in cls.usual}
        return cls(data=filled)

    @property
    def kept_articles(self) -> list[int]:
        """Positions of the articles that say something: an article with nothing in it is left out."""
        return [
            position
            for position in range(self.articles)
            if any((self[name].data or "").strip() for name in (f"article_{position}", f"article_{position}_heading"))
        ]

    def body(self, before: Wording) -> dict[str, Any]:
        """The text as it was typed, as data (`rules.wordings.read_wording`)."""
        usual = {name: (self[f"default_{PLACEHOLDERS[name].field}"].data or "").strip() for name in self.usual}
        return {
            "title": before.title,
            "parties": _lines(self.parties.data),
            "articles": [
                {
                    "number": (self[f"article_{position}_number"].data or "").strip(),
                    "heading": (self[f"article_{position}_heading"].data or "").strip(),
                    "paragraphs": _lines(self[f"article_{position}"].data),
                }
                for position in self.kept_articles
            ],
            "modules": {
                key: {"heading": self[f"module_{position}_heading"].data or "", "paragraphs": _lines(self[f"module_{position}"].data)}
                for position, key in enumerate(self.module_keys)
            },
            "receipt": self.receipt.data or "",
            "guidance": self.guidance.data or "",
            "footer": " ".join(_lines(self.footer.data)),
            "defaults": dict(before.defaults) | {name: text for name, text in usual.items() if text != PLACEHOLDERS[name].default},
        }

    def refuse(self, broken: RuleBroken) -> None:
        """Put each fault of a text at the article that the person typed, not at the one that is counted."""
        each = broken.broken if isinstance(broken, RulesBroken) else [broken]
        super().refuse(RulesBroken([RuleBroken(one.message, self._field_of(one.field)) for one in each]))

    def _field_of(self, part: str | None) -> str | None:
        kept = self.kept_articles
        if part and part.startswith("article_") and part[8:].isdigit() and int(part[8:]) < len(kept):
            return f"article_{kept[int(part[8:])]}"
        return part if part in self._fields else None

    @property
    def marked(self) -> Mapping[str, list[tuple[str, bool]]]:
        """Field name → its text in pieces, True where a word may not stand in an agreement; only fields that have one."""
        found = {}
        for field in self:
            if isinstance(field, Line | Lines) and field.data and field.name not in ("note",):
                hits = lint_clause(field.data, field.name, kind=self.kind)
                if hits:
                    found[field.name] = [(text, bool(covering)) for text, covering in marked_pieces(field.data, hits)]
        return found


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


class OfficialTextForm(PageForm):
    """An official model text: what it is called, who issued it, from when, and the file."""

    title = Line("文本全称", [Given()], maximum=80, width=6)
    issued_by = Line("发布单位", [Given()], maximum=80, width=3)
    in_force_from = Day("从哪天起用", [Given()], width=3)
    scan = Line("文件（PDF或DOCX，最大10 MB）", width=6)
