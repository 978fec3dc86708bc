"""What a page's form holds, read the way a browser reads it, quickly enough for thousands of pages."""

import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser

_PROBLEMS = re.compile(r'<div class="problems".*?</div>', re.DOTALL)
_TAGS = re.compile(r"<[^>]*>")
_KEPT_ASIDE = ("hidden", "password", "file", "submit")


@dataclass
class Control:
    """One field: its kind, what it would send, and the values it offers."""

    kind: str
    values: list[str] = field(default_factory=list)
    offered: list[str] = field(default_factory=list)


class FormSeen(HTMLParser):
    """The controls of the forms with one action; `controls` by name."""

    def __init__(self, html: str, action: str) -> None:
        super().__init__(convert_charrefs=True)
        self.action = action
        self.inside = False
        self.outside_id: str | None = None
        self.controls: dict[str, Control] = {}
        self._select: Control | None = None
        self._text: Control | None = None
        self.feed(html)
        self.close()

    @property
    def sent(self) -> dict[str, list[str]]:
        """What a browser would post as the page stands."""
        return {name: list(control.values) for name, control in self.controls.items() if control.values}

    @property
    def typed(self) -> dict[str, Control]:
        """The fields that a person fills and sees."""
        return {name: control for name, control in self.controls.items() if control.kind not in _KEPT_ASIDE}

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Note every control that belongs to the form."""
        found = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.inside = found.get("action") == self.action and found.get("method") == "post"
            if self.inside:
                self.outside_id = found.get("id")
        mine = self.inside or (found.get("form") is not None and self.action.endswith(found["form"]))
        if tag == "option" and self._select is not None:
            self._select.offered.append(found.get("value", ""))
            if "selected" in found or not self._select.values:
                self._select.values = [found.get("value", "")]
        if not mine or not found.get("name"):
            return
        if tag == "select":
            self._select = self.controls.setdefault(found["name"], Control("select"))
        elif tag == "textarea":
            self._text = self.controls.setdefault(found["name"], Control("textarea", [""]))
        elif tag == "input":
            self._input(found)

    def _input(self, found: dict[str, str]) -> None:
        kind = found.get("type", "text")
        control = self.controls.setdefault(found["name"], Control(kind))
        if kind in ("checkbox", "radio"):
            control.offered.append(found.get("value", "on"))
            if "checked" in found:
                control.values.append(found.get("value", "on"))
        elif kind not in ("file", "submit"):
            control.values = [found.get("value", "")]

    def handle_data(self, text: str) -> None:
        """The text of a textarea."""
        if self._text is not None:
            self._text.values[0] += text

    def handle_endtag(self, tag: str) -> None:
        """A form, select or textarea is over; a textarea's first line break does not count."""
        if tag == "form":
            self.inside = False
        elif tag == "select":
            self._select = None
        elif tag == "textarea" and self._text is not None:
            self._text.values = [self._text.values[0].removeprefix("\n")]
            self._text = None


def problems_of(html: str) -> str:
    """The words of the error summary, "" when there is none."""
    found = _PROBLEMS.search(html)
    return unescape(_TAGS.sub(" ", found[0])) if found else ""
