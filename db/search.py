"""The search indexes of posts and of seekers' names: tokens in, ids out, newest first.

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
from rules.search import index_tokens, query_tokens

_NEWEST_FIRST = {
    "sqlite": "SELECT rowid AS id FROM {of}_search WHERE {of}_search MATCH {} AND rowid < {} ORDER BY rowid DESC LIMIT {}",
    "postgres": "SELECT id FROM {of}_search WHERE tokens @@ CAST(CAST({} AS text) AS tsquery) AND id < {} ORDER BY id DESC LIMIT {}",
}
_PUT = {
    "sqlite": "INSERT INTO {of}_search (rowid, body) VALUES ({}, {})",
    "postgres": "INSERT INTO {of}_search (id, tokens) VALUES ({}, array_to_tsvector(string_to_array({}, ' ')))",
}
_TAKE = {
    "sqlite": "INSERT INTO {of}_search ({of}_search, rowid, body) VALUES ('delete', {}, {})",
    "postgres": "DELETE FROM {of}_search WHERE id = {} AND CAST({} AS text) IS NOT NULL",
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
    await _run(_PUT, "job", job_id, _kept(tokens))


async def remove_job(job_id: int, tokens: Sequence[str]) -> None:
    """Take a post out of the index, naming exactly the tokens it was put in with."""
    await _run(_TAKE, "job", job_id, _kept(tokens))


async def _run(statement: dict[str, str], of: str, *values: Any) -> list[Any]:
    return await DB.run_querystring(_statement(statement, of, *values))


def _statement(statement: dict[str, str], of: str, *values: Any) -> QueryString:
    return QueryString(statement[DB.engine_type].replace("{of}", of), *values)


def name_tokens(name: str, station_id: int) -> list[str]:
    """The tokens of a person's name at a station: single characters, pairs, and the station as a facet."""
    return [*index_tokens(name), f"station_{station_id}"]


async def index_name(seeker_id: int, name: str, station_id: int) -> None:
    """Put a seeker's name into the index; it must not be in it."""
    await DB.run_querystring(put_name(seeker_id, name, station_id))


def put_name(seeker_id: int, name: str, station_id: int) -> QueryString:
    """The statement of `index_name`, to be run with the others of a registration (`db.transaction.together`)."""
    return _statement(_PUT, "seeker", seeker_id, _kept(name_tokens(name, station_id)))


async def remove_name(seeker_id: int, name: str, station_id: int) -> None:
    """Take a seeker's name out of the index, naming exactly what it was put in with."""
    await _run(_TAKE, "seeker", seeker_id, _kept(name_tokens(name, station_id)))


async def newest_named(word: str, *, station_id: int | None, before: int | None = None, limit: int = 51) -> list[int]:
    """Ids of at most `limit` seekers whose names hold every token of the word, newest first; of one station, or of all.

    A hit can be a false one (王小明王 for 明王小), so the caller looks at the names, and at the stations, again: the station
    is asked for a single character only, because its own list is longer than that of any pair.
    """
    words = query_tokens(word)
    common = station_id is not None and all(len(token) == 1 for token in words)
    asked = question([*words, *([f"station_{station_id}"] if common else [])])
    if not asked or not words:
        return []
    return [row["id"] for row in await _run(_NEWEST_FIRST, "seeker", asked, before or END_OF_IDS, limit)]


async def index_every_name() -> None:
    """Put every name into an empty index: what a database older than the index needs once."""
    if await _run(dict.fromkeys(_PUT, "SELECT 1 AS one FROM {of}_search LIMIT 1"), "seeker"):
        return
    for row in await DB.run_querystring(QueryString("SELECT id, name, station FROM seeker")):
        await index_name(row["id"], row["name"], row["station"])


def matching_clause(tokens: Sequence[str]) -> WhereRaw:
    """A condition for a select on Job: posts that have all tokens; no post when no token is a word."""
    asked = question(tokens)
    return WhereRaw(_MATCHING[DB.engine_type], asked) if asked else WhereRaw(_NOTHING)


async def newest_matches(tokens: Sequence[str], *, before: int | None = None, limit: int = 20) -> list[int]:
    """Ids of at most `limit` posts that have all tokens, newest first, older than the id `before`."""
    asked = question(tokens)
    if not asked:
        return []
    return [row["id"] for row in await _run(_NEWEST_FIRST, "job", asked, before or END_OF_IDS, limit)]


async def forget_all() -> None:
    """Empty the index, before every post is put in again."""
    empty = "INSERT INTO job_search (job_search) VALUES ('delete-all')"
    await DB.run_querystring(QueryString(empty if DB.engine_type == "sqlite" else "DELETE FROM job_search"))
