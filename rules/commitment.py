"""The confidentiality commitment (保密承诺书, art. 18): its text in force, and what counts as signing it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from rules.errors import RuleBroken


@dataclass(frozen=True, slots=True)
class Commitment:
    """One version of the text. `promises` are its numbered sentences, `basis` the rules it rests on."""

    version: str
    title: str
    opening: str
    promises: tuple[str, ...]
    closing: str
    basis: str

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the whole wording: the journal keeps it, so that it is certain what was signed."""
        return hashlib.sha256("\n".join((self.title, self.opening, *self.promises, self.closing)).encode()).hexdigest()


@cache
def commitment() -> Commitment:
    """The text in force, from rules/commitment.yaml."""
    text = yaml.safe_load((Path(__file__).parent / "commitment.yaml").read_text(encoding="utf-8"))
    return Commitment(text["version"], text["title"], text["opening"], tuple(text["promises"]), text["closing"], text["basis"])


def check_signature(typed: str, name: str) -> None:
    """Raise RuleBroken, on `signed_name`, unless the typed name is the person's own. White space does not matter."""
    if "".join(typed.split()) != "".join(name.split()):
        raise RuleBroken(f"签名要和账号上的姓名一样，请输入“{name}”。姓名登记错了的，请先找给您开账号的人改。", "signed_name")
