"""The search index: the same answers on both engines, whatever is typed."""

import pytest
from piccolo.querystring import QueryString

from db.search import forget_all, index_job, matching_clause, newest_matches, question, remove_job
from db.tables.jobs import Job
from piccolo_conf import DB

POSTS = {
    11: ["搬运", "运工", "c_bj", "金银", "银湖"],
    12: ["保洁", "洁员", "c_bj"],
    13: ["搬运", "仓库", "c_ck"],
    2**62: ["搬运", "夜班", "ktv"],
}


@pytest.fixture
async def posts(database: None) -> None:
    for number, tokens in POSTS.items():
        await index_job(number, tokens)


@pytest.mark.parametrize(
    ("tokens", "found"),
    [
        (["搬运"], [2**62, 13, 11]),
        (["搬运", "c_bj"], [11]),
        (["c_bj"], [12, 11]),
        (["KTV"], [2**62]),
        (["运搬"], []),
        (["搬运", "c_bj", "仓库"], []),
        ([], []),
        (["!!", '"', "'", " "], []),
    ],
)
async def test_posts_with_all_tokens_come_newest_first(posts, tokens, found):
    assert await newest_matches(tokens) == found


async def test_a_page_goes_on_where_the_last_one_ended(posts):
    assert await newest_matches(["搬运"], limit=2) == [2**62, 13]
    assert await newest_matches(["搬运"], limit=2, before=13) == [11]


async def test_a_removed_post_is_not_found_and_can_come_back(posts):
    await remove_job(11, list(reversed(POSTS[11])))
    assert await newest_matches(["搬运"]) == [2**62, 13]
    await index_job(11, ["保洁"])
    assert await newest_matches(["保洁"]) == [12, 11]
    assert await newest_matches(["金银"]) == []


async def test_the_order_and_repetition_of_tokens_do_not_matter(database):
    await index_job(1, ["搬运", "运工", "搬运"])
    await remove_job(1, ["运工", "搬运"])
    assert await newest_matches(["搬运"]) == []


async def test_the_emptied_index_finds_nothing(posts):
    await forget_all()
    assert await newest_matches(["搬运"]) == []


async def test_the_clause_fits_into_a_select_on_jobs(posts):
    number = matching_clause(["搬运", "c_bj"])
    await DB.run_ddl("CREATE TABLE only_ids (id bigint)" if DB.engine_type == "sqlite" else "CREATE TEMP TABLE only_ids (id bigint)")
    assert await Job.select(Job.id).where(number) == []
    assert await Job.count().where(matching_clause(["'; DROP TABLE job; --"])) == 0
    assert await Job.count().where(matching_clause([])) == 0


@pytest.mark.parametrize("typed", ["' OR 1=1 --", '" NEAR("', "a:*", "\\", "{}", "搬运)", "a & !b", "％"])
async def test_nothing_typed_reaches_the_notation(posts, typed):
    assert question([typed]) is None
    assert await newest_matches([typed]) == []
    assert await newest_matches(["搬运", typed]) == [2**62, 13, 11]


async def test_raw_sql_of_the_index_is_consistent(posts):
    if DB.engine_type == "sqlite":
        await DB.run_querystring(QueryString("INSERT INTO job_search (job_search) VALUES ('integrity-check')"))
    rows = await DB.run_querystring(QueryString("SELECT count(*) AS n FROM job_search"))
    assert rows[0]["n"] == 4
