"""The service of a station as it was rated: figures of a month, few ratings hidden, words opened on purpose."""

import pytest

from db.actions.retention import _empty_beside
from db.clock import at, now
from db.queries.ratings import opened_ratings_of, service_of_month
from db.tables.followups import Rating
from db.tables.journal import JournalEntry
from db.tables.referrals import Placement, Referral
from db.vault import vault
from piccolo_conf import DB
from rules.codes import ReferralState
from rules.journal import EventKind
from tests.cast import LAKE, PEOPLE
from tests.web.ratings.conftest import day, put_another

LIST = "/desk/ratings"


async def put_rating(referral: int, score: int, side: str = "WORKER", words: str = "") -> int:
    """A rating of the station with this for every score."""
    rating = Rating(referral=referral, station=LAKE, side=side, about="STATION", how="SLIP", given_at=now())
    rating.attitude = rating.speed = rating.accuracy = rating.surroundings = score
    rating.words = vault().seal("rating.words", str(rating.id), words) if words else ""
    await Rating.insert(rating)
    return rating.id


@pytest.fixture
async def five(ended) -> list[int]:
    """Five ratings of three works in December: four fours, one two with words."""
    second, third = await put_another(ended, 2), await put_another(ended, 3)
    made = [(ended, "WORKER"), (ended, "EMPLOYER"), (second, "WORKER"), (second, "EMPLOYER"), (third, "WORKER")]
    with at(day(4)):
        return [
            await put_rating(scene.referral, 2 if n == 4 else 4, side, "等了两个小时" if n == 4 else "")
            for n, (scene, side) in enumerate(made)
        ]


async def test_satisfaction_and_averages_of_a_month(clerk, five):
    page = await clerk.reads(LIST)
    row = page.select_one("table tbody tr")
    assert [cell.text for cell in row.select("td")][1:] == ["5", "80%", "—", "3.6", "3.6", "3.6", "3.6"]
    assert len(page.select("#ratings tbody tr")) == 5
    assert "还没有评价" in (await clerk.reads(f"{LIST}?month=2026-11")).words("#ratings")


async def test_few_ratings_show_no_figure(clerk, ended):
    await put_rating(ended.referral, 1)
    page = await clerk.reads(LIST)
    assert "不足5份" in page.words("table")
    assert [cell.text for cell in page.select("table tbody tr")[0].select("td")][4:] == ["—"] * 4


async def test_the_rate_counts_works_that_are_evaluated(ended):
    await put_another(ended, 2)
    await Referral.update({Referral.state: ReferralState.EVALUATED.value}, force=True)
    await put_rating(ended.referral, 4)
    (one,) = await service_of_month(PEOPLE["chen"].scope, day(0).date())
    assert (one.count, one.rated, one.satisfied) == (1, "50%", "")
    assert await Placement.count() == 2


async def test_the_list_is_narrowed_and_comes_as_a_fragment(clerk, five):
    page = await clerk.reads(f"{LIST}?month=2026-12&result=bad", fragment=True)
    assert page.h1 is None
    assert len(page.select("tbody tr")) == 1
    assert len((await clerk.reads(f"{LIST}?side=EMPLOYER")).select("#ratings tbody tr")) == 2
    assert len((await clerk.reads(f"{LIST}?words=1")).select("#ratings tbody tr")) == 1
    assert "换一个条件" in (await clerk.reads(f"{LIST}?side=EMPLOYER&result=bad")).words("#ratings")


async def test_words_are_opened_on_purpose_and_the_look_is_kept(clerk, five):
    page = await clerk.reads(LIST)
    assert "两个小时" not in page.words()
    assert "李小明" not in page.words("#ratings")
    shown = await clerk.sends(f"{LIST}/{five[-1]}/words", status=200)
    assert "等了两个小时" in shown.words("main")
    bodies = [row["body"] for row in await JournalEntry.select(JournalEntry.body).where(JournalEntry.kind == EventKind.REVEALED.value)]
    assert len(bodies) == 1
    assert "两个小时" not in bodies[0]


async def test_supervisors_see_their_stations_and_no_names(officer, overseer, stranger, lawyer, five):
    for visitor in (officer, overseer):
        page = await visitor.reads(LIST)
        assert "金银湖" in page.words("table")
        assert "湖滨" not in page.words("#ratings")
        assert page.select_one("a[href^='/desk/ratings/works/']") is None
        assert "两个小时" in (await visitor.sends(f"{LIST}/{five[-1]}/words", status=200)).words("main")
    page = await stranger.reads(LIST)
    assert "还没有评价" in page.words("#ratings")
    await stranger.sends(f"{LIST}/{five[-1]}/words", status=404)
    await lawyer.reads(LIST, status=403)


async def test_long_lists_have_pages(clerk, ended):
    with at(day(4)):
        for n in range(51):
            await put_rating(ended.referral, 4, side=f"S{n}")
    page = await clerk.reads(LIST)
    assert len(page.select("#ratings tbody tr")) == 50
    further = page.select_one("a[rel=next]")["href"]
    assert len((await clerk.reads(further)).select("#ratings tbody tr")) == 1


async def test_the_own_copy_tells_what_was_said(ended):
    await put_rating(ended.referral, 3, words="等了两个小时")
    (row,) = await opened_ratings_of(ended.seeker)
    assert row["words"] == "等了两个小时"


async def test_who_is_anonymised_leaves_scores_and_no_words(ended):
    await put_rating(ended.referral, 3, words="等了两个小时")
    theirs = await put_rating(ended.referral, 3, side="EMPLOYER", words="人手不够")
    async with DB.writing():
        await _empty_beside(ended.seeker, PEOPLE["chen"])
    kept = await Rating.select(Rating.id, Rating.attitude, Rating.words)
    assert [row["attitude"] for row in kept] == [3, 3]
    assert [row["id"] for row in kept if row["words"]] == [theirs]
