"""Fills one form wrongly in many ways and says what was answered badly."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape, unescape
from typing import Any

import httpx

from tests.visitor import Visitor
from tests.web.bad_input.forms_seen import Control, FormSeen, problems_of
from tests.web.bad_input.payloads import PAYLOADS, SCRIPT, TOO_LONG, UNDECODABLE

TWICE, MISSING = ("TWICE",), ("MISSING",)
EVERY = (*PAYLOADS, TWICE, MISSING)
UNSEEN = (TOO_LONG, SCRIPT, "٣", "99999999999999999999", "'", TWICE, MISSING)
Fields = dict[str, list[str]]

_ENGLISH = re.compile(r"[A-Za-z]{3,}")
_KNOWN_WORDS = {"PDF", "JPEG", "PNG"}
_TRACES = ("Traceback", "Internal Server Error", "sqlite3", "asyncpg", 'File "/')


@dataclass
class Desired:
    """A form of a page: where it stands, where it is sent, and a filling that is in order."""

    page: str
    action: str
    filling: dict[str, Any] = field(default_factory=dict)
    accepted: tuple[int, ...] = (303, 422)
    step: tuple[str, dict[str, str]] | None = None
    """The form of `page` that leads to it (address, fields), where it stands on a second page."""


class Sweep:
    """One person sending one form; `complaints` is empty when every answer was right."""

    def __init__(self, visitor: Visitor, wanted: Desired) -> None:
        self.visitor = visitor
        self.wanted = wanted
        self.complaints: list[str] = []
        self.answered: dict[int, int] = {}
        self.base: Fields = {}
        self.names: list[str] = []
        self.hidden: list[str] = []

    async def open(self) -> None:
        """Read the page and fill the form in order."""
        response = await self.visitor.client.get(self.wanted.page)
        assert response.status_code == 200, f"{self.wanted.page}: {response.status_code}"
        text = response.text
        if self.wanted.step is not None:
            address, fields = self.wanted.step
            text = str(await self.visitor.sends(address, page=self.wanted.page, status=200, **fields))
        seen = FormSeen(text, self.wanted.action)
        assert "csrf_token" in seen.controls, f"{self.wanted.page} has no form to {self.wanted.action}"
        self.base = {**seen.sent, **{name: _listed(value) for name, value in self.wanted.filling.items()}}
        unknown = set(self.wanted.filling) - set(seen.controls) - {"then"}
        assert not unknown, f"{self.wanted.action} has no {unknown}"
        self.names = list(seen.typed)
        self.hidden = [name for name, control in seen.controls.items() if control.kind == "hidden" and name != "csrf_token"]

    async def together(self) -> None:
        """Every field wrong at once, each in another way; after all rounds each field had each payload."""
        for turn in range(len(EVERY)):
            bad = {name: EVERY[(turn + place) % len(EVERY)] for place, name in enumerate(self.names)}
            await self._send(bad)

    async def alone(self, rounds: int) -> None:
        """One field wrong and the rest in order, `rounds` payloads per field, each field others."""
        for place, name in enumerate(self.names):
            for turn in range(min(rounds, len(EVERY))):
                await self._send({name: EVERY[(place * rounds + turn) % len(EVERY)]})

    async def below(self) -> None:
        """Fields that nobody sees, changed by a machine."""
        for name in self.hidden:
            for payload in UNSEEN:
                response = await self._post(changed(self.base, {name: payload}))
                self._judge_status(response, (*self.wanted.accepted, 404), f"{name}={payload[:12]!r}")

    async def undecodable(self) -> None:
        """Bytes that are no text, in both kinds of body: 400 from the gate."""
        name = (self.names or self.hidden)[0]
        for raw in UNDECODABLE:
            body = b"csrf_token=%s&%s=%s" % (self.base["csrf_token"][0].encode(), name.encode(), raw)
            response = await self.visitor.client.post(
                self.wanted.action, content=body, headers={"content-type": "application/x-www-form-urlencoded"}
            )
            self._judge_status(response, (400,), f"{name} {raw!r}")
        for raw in (b"a\x00b", b"\xed\xa0\x80", b"\xff\xfe", b"a\x1fb"):
            files = [("csrf_token", (None, self.base["csrf_token"][0].encode())), (name, (None, raw))]
            response = await self.visitor.client.post(self.wanted.action, files=files)
            self._judge_status(response, (400,), f"{name} multipart {raw!r}")
        others = [(each, (None, value.encode())) for each, values in self.base.items() for value in values if each != name]
        response = await self.visitor.client.post(self.wanted.action, files=[*others, (name, ("a.exe", b"MZ\x00"))])
        self._judge_status(response, self.wanted.accepted, f"{name} as a file")

    async def _send(self, bad: dict[str, Any]) -> None:
        fields = changed(self.base, bad)
        response = await self._post(fields)
        name, payload = next(iter(bad.items()), ("", ""))
        what = f"{name if len(bad) == 1 else 'together'}={str(payload)[:14]!r}"
        if not self._judge_status(response, self.wanted.accepted, what) or response.status_code != 422:
            return
        told = problems_of(response.text)
        if not told:
            self._complain(what, "422 without an error summary")
        for english in _english(told, fields):
            self._complain(what, f"English in the summary: {english}")
        shown = FormSeen(response.text, self.wanted.action).controls
        for name in self.names:
            if name in shown and shown[name].kind == "password":
                continue
            if name not in shown:
                self._complain(what, f"{name} is not on the page any more")
            elif name in fields and (lost := _lost(shown[name], fields[name])):
                self._complain(what, f"{name} {lost}")
        if "<script>alert" in response.text:
            self._complain(what, "a script of the person's own stands in the page")

    async def _post(self, fields: Fields) -> httpx.Response:
        return await self.visitor.client.post(self.wanted.action, data=fields)

    def _judge_status(self, response: httpx.Response, right: tuple[int, ...], what: str) -> bool:
        self.answered[response.status_code] = self.answered.get(response.status_code, 0) + 1
        for trace in _TRACES:
            if trace in response.text:
                self._complain(what, f"{trace} on the page")
        if response.status_code in right:
            return True
        self._complain(what, f"status {response.status_code}")
        return False

    def _complain(self, what: str, how: str) -> None:
        self.complaints.append(f"{self.wanted.action}: {what}: {how}")


def changed(base: Fields, bad: dict[str, Any]) -> Fields:
    """The filling with some fields replaced, sent twice or left out."""
    fields = {name: list(values) for name, values in base.items()}
    for name, payload in bad.items():
        if payload is MISSING:
            fields.pop(name, None)
        elif payload is TWICE:
            fields[name] = [*(base.get(name) or ["第一个"]), "第二个"]
        else:
            fields[name] = [payload]
    return fields


def _listed(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list | tuple) else [str(value)]


def _lost(control: Control, sent: list[str]) -> str:
    """How what was sent is not what the page shows; "" when it is."""
    match control.kind:
        case "select" | "radio":
            right = sent[0] not in control.offered or control.values == [sent[0]]
        case "checkbox" if control.offered == ["y"]:
            right = bool(control.values) == bool(sent[0])
        case "checkbox":
            right = set(control.values) == set(sent) & set(control.offered)
        case _:
            right = control.values == [sent[0]]
    return "" if right else f"shows {''.join(control.values)[:30]!r} instead of {sent[0][:30]!r}"


def _english(told: str, fields: Fields) -> Iterator[str]:
    """English words in a summary that the person did not type."""
    for value in sorted({each for values in fields.values() for each in values if each}, key=len, reverse=True):
        told = told.replace(value, " ").replace(unescape(escape(value)), " ")
    yield from (word for word in _ENGLISH.findall(told) if word not in _KNOWN_WORDS)
