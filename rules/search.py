"""Chinese full-text search: one tokeniser for both engines.

Chinese has no spaces, so a text is cut into bigrams: every two neighbouring characters are one token
(搬运工 → 搬运, 运工). A query is cut the same way and finds the texts that have all its tokens. Neither engine's own
tokeniser is asked, so SQLite FTS5 (detail='none') and a PostgreSQL tsvector with GIN answer alike.

For queries of one character the index also keeps every single character. The alternative, a prefix search (搬*) over
bigrams, misses the last character of a run (工 in 搬运工 begins no bigram) and must merge thousands of posting lists
for a common character; a single-character token is one list that stops after the newest twenty. Queries of two and
more characters use bigrams alone, which are far rarer than single characters.

All bigrams of a query in a text do not prove that they stand side by side: callers check the few rows they show with
LIKE. Tokens are Chinese characters or [a-z0-9] only, so quoting them is enough to keep what was typed out of the
query syntax.
"""

from __future__ import annotations

import re
import unicodedata

MAXIMUM_QUERY_CHARACTERS = 8
"""Chinese characters of a query that count; what follows is ignored."""

_MAXIMUM_QUERY_WORDS = 4
_MAXIMUM_WORD = 32
_MAXIMUM_QUERY_LENGTH = 200
# 々 and 〇, Extension A, the main block, compatibility forms, and the two planes of Extension B and everything later.
_CJK = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
_RUNS = re.compile(f"[{_CJK}]+|[a-z0-9]+")


def _runs(text: str) -> list[str]:
    return _RUNS.findall(unicodedata.normalize("NFKC", text).lower())


def _is_word(run: str) -> bool:
    return run[0] < "\u3005"


def _tokens_of(run: str) -> list[str]:
    if _is_word(run):
        return [run[:_MAXIMUM_WORD]]
    if len(run) == 1:
        return [run]
    return [run[i : i + 2] for i in range(len(run) - 1)]


def tokens(text: str) -> list[str]:
    """Bigrams of every Chinese run, a lone Chinese character as it is, letters and digits as lower-case words.

    In the order of the text and with repetitions. Full-width letters count as plain ones.
    """
    return [token for run in _runs(text) for token in _tokens_of(run)]


def index_tokens(text: str) -> list[str]:
    """What the index keeps of a text: its tokens and every single Chinese character, each once, in a fixed order.

    The same text always gives the same list: a contentless FTS5 row is deleted by naming its tokens again.
    """
    kept: dict[str, None] = {}
    for run in _runs(text):
        kept.update(dict.fromkeys(_tokens_of(run)))
        if not _is_word(run):
            kept.update(dict.fromkeys(run))
    return list(kept)


def query_tokens(query: str) -> list[str]:
    """The tokens a text must all have to answer a query, each once; empty when nothing searchable was typed.

    At most 8 Chinese characters and 4 words count.
    """
    found: dict[str, None] = {}
    characters, words = MAXIMUM_QUERY_CHARACTERS, _MAXIMUM_QUERY_WORDS
    for run in _runs(query[:_MAXIMUM_QUERY_LENGTH]):
        if _is_word(run):
            if words:
                words -= 1
                found.update(dict.fromkeys(_tokens_of(run)))
        elif characters:
            considered = run[:characters]
            characters -= len(considered)
            found.update(dict.fromkeys(_tokens_of(considered)))
    return list(found)


def found_in(query: str, text: str) -> bool:
    """Whether every run of the query that counts stands in the text as it was typed.

    Sharper than the tokens: all pairs of a run may stand in a text that does not hold the run itself.
    """
    folded = unicodedata.normalize("NFKC", text).lower()
    characters, words = MAXIMUM_QUERY_CHARACTERS, _MAXIMUM_QUERY_WORDS
    for run in _runs(query[:_MAXIMUM_QUERY_LENGTH]):
        if _is_word(run):
            if words:
                words -= 1
                if run[:_MAXIMUM_WORD] not in folded:
                    return False
        elif characters:
            considered = run[:characters]
            characters -= len(considered)
            if considered not in folded:
                return False
    return True
