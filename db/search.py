"""The search index of posts: tokens in, posts out, newest first.

Tokens are made by `rules.search`, the same way for posts and for questions, plus facets like `c_bj`. On SQLite the
index keeps no text, so taking a post out needs exactly the tokens it was put in with: work them out from the old
row in the same transaction. A hit can be a false one (the pairs stand apart), so the page checks the words again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from piccolo.columns.combination import WhereRaw
from piccolo.querystring import QueryString

from piccolo_conf import DB

NEWEST_FIRST = {
    "sqlite": "SELECT rowid AS id FROM job_search WHERE job_search MATCH {} AND rowid < {} ORDER BY rowid DESC LIMIT {}",
    "postgres": "SELECT id FROM job_search WHERE tokens @@ CAST(CAST({} AS text) AS tsquery) AND id < {} ORDER BY id DESC LIMIT {}",
}
_PUT = {
    "sqlite": "INSERT INTO job_search (rowid, body) VALUES ({}, {})",
    "postgres": "INSERT INTO job_search (id, tokens) VALUES ({}, array_to_tsvector(string_to_array({}, ' ')))",
}
_TAKE = {
    "sqlite": "INSERT INTO job_search (job_search, rowid, body) VALUES ('delete', {}, {})",
    "postgres": "DELETE FROM job_search WHERE id = {} AND CAST({} AS text) IS NOT NULL",
}
_MATCHING = {
    "sqlite": '"job"."id" IN (SELECT rowid FROM job_search WHERE job_search MATCH {})',
    "postgres": '"job"."id" IN (SELECT id FROM job_search WHERE tokens @@ CAST(CAST({} AS text) AS tsquery))',
}
_NOTHING = "1 = 0"
END_OF_IDS = 2**63 - 1


def _kept(tokens: Sequence[str]) -> str:
    """The one text a set of tokens has in the index, whatever their order."""
    return " ".join(sorted({token.lower() for token in tokens if _is_word(token)}))


def _is_word(token: str) -> bool:
    return token.replace("_", "").isalnum()


def question(tokens: Sequence[str]) -> str | None:
    """The engine's own notation for "all of these tokens"; None when no token is a word.

    Every token is quoted and made of letters, digits and `_`, so nothing typed reaches the notation.
    """
    words = _kept(tokens).split()
    if not words:
        return None
    if DB.engine_type == "sqlite":
        return " ".join(f'"{word}"' for word in words)
    return " & ".join(f"'{word}'" for word in words)


async def index_job(job_id: int, tokens: Sequence[str]) -> None:
    """Put a post into the index; it must not be in it."""
    await DB.run_querystring(QueryString(_PUT[DB.engine_type], job_id, _kept(tokens)))


async def remove_job(job_id: int, tokens: Sequence[str]) -> None:
    """Take a post out of the index, naming exactly the tokens it was put in with."""
    await DB.run_querystring(QueryString(_TAKE[DB.engine_type], job_id, _kept(tokens)))


def matching_clause(tokens: Sequence[str]) -> WhereRaw:
    """A condition for a select on Job: posts that have all tokens; no post when no token is a word."""
    asked = question(tokens)
    return WhereRaw(_MATCHING[DB.engine_type], asked) if asked else WhereRaw(_NOTHING)


async def newest_matches(tokens: Sequence[str], *, before: int | None = None, limit: int = 20) -> list[int]:
    """Ids of at most `limit` posts that have all tokens, newest first, older than the id `before`."""
    asked = question(tokens)
    if not asked:
        return []
    sql = NEWEST_FIRST[DB.engine_type]
    rows: list[Any] = await DB.run_querystring(QueryString(sql, asked, before or END_OF_IDS, limit))
    return [row["id"] for row in rows]


async def forget_all() -> None:
    """Empty the index, before every post is put in again."""
    empty = "INSERT INTO job_search (job_search) VALUES ('delete-all')"
    await DB.run_querystring(QueryString(empty if DB.engine_type == "sqlite" else "DELETE FROM job_search"))
