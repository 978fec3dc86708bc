"""The seed that decides between equals is drawn when a post is first published, once."""

from db.actions.jobs import pause_job, resume_job
from db.queries.jobs import post_facts
from db.tables.jobs import Job
from tests.cast import PEOPLE
from tests.web.posts_scene import put_in_review, put_published


async def test_the_seed_is_drawn_once_at_the_first_publication(house):
    waiting = await put_in_review()
    assert (await Job.select(Job.tie_seed).where(Job.id == waiting.id).first())["tie_seed"] == ""
    employer = (await Job.select(Job.employer).where(Job.id == waiting.id).first())["employer"]
    seeds = set()
    for _ in range(2):
        post = await put_published(employer=employer, title=f"快递分拣日结{len(seeds)}")
        seed = (await post_facts(post.id)).tie_seed
        assert len(seed) == 16
        seeds.add(seed)
        await pause_job(post.id, actor=PEOPLE["chen"])
        await resume_job(post.id, actor=PEOPLE["chen"])
        assert (await post_facts(post.id)).tie_seed == seed
    assert len(seeds) == 2
