"""Duplicates (art. 11 真实有效): what makes two records look like the same person, employer or post."""

from __future__ import annotations

import hashlib

from rules.errors import RuleBroken
from rules.normal_form import normalise
from rules.terms import JobTerms


def post_fingerprint(terms: JobTerms) -> str:
    """The same for posts that say the same: title, duties and requirements without width, case, spaces and punctuation."""
    texts = [normalise(text or "")[0].text for text in (terms.title, terms.duties, terms.requirements)]
    plain = ["".join(letter for letter in text if letter.isalnum()) for text in texts]
    return hashlib.sha256("\n".join(plain).encode()).hexdigest() if plain[0] or plain[1] else ""


def check_merge(keep: int, drop: int, open_ends: int, number: str) -> None:
    """Two different records, and nothing may be under way at the one that is closed. Raises RuleBroken."""
    if keep == drop:
        raise RuleBroken("请选两条不同的登记。")
    if open_ends:
        raise RuleBroken(f"{number} 还有 {open_ends} 件没办完的事（推荐、协议或者招工），请先办完，或者改成保留这一条。")
