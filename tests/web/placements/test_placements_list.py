"""The month of starts and the year against its target; who sees names and who does not."""

from datetime import date

import pytest

from db.tables.stations import Station
from rules.codes import ReferralState
from tests.cast import LAKE
from tests.web.agreement_scene import places_of, put_scene, put_second, state_of

LIST = "/desk/placements"
START = "/desk/referrals/T26120100001/placement"


@pytest.fixture
async def confirmed(house):
    return await put_scene(state=ReferralState.CONFIRMED, headcount=2)


@pytest.fixture
async def started(clerk, confirmed):
    await clerk.sends(START, page=START, evidence="RETURN_SLIP", note="回执周经理签的")
    return confirmed


async def test_a_clerk_records_a_start_once(clerk, confirmed):
    saved = await clerk.sends(START, page=START, evidence="RETURN_SLIP", note="回执周经理签的")
    page = await clerk.follows(saved)
    assert "推荐上岗单回执" in page.words("main .plainlist")
    repeated = await clerk.client.post(START, data=clerk.last)
    assert repeated.status_code == 303
    assert await places_of(confirmed.job) == ("PUBLISHED", 1)
    assert await state_of(confirmed.referral) == "PLACED"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "上岗依据"),
        ({"evidence": "NONSENSE"}, "上岗依据"),
        ({"evidence": "RETURN_SLIP", "started_on": "2026-12-02"}, "不能晚于今天"),
        ({"evidence": "RETURN_SLIP", "started_on": "昨天"}, "没看懂"),
        ({"evidence": "EMPLOYER_CONFIRMATION"}, "谁"),
        ({"evidence": "RETURN_SLIP", "note": "回" * 10_000}, "最多200个字"),
    ],
)
async def test_a_start_without_proof_comes_back_with_the_typing_kept(clerk, confirmed, fields, words):
    page = await clerk.sends(START, page=START, status=422, **({"note": ""} | fields))
    assert words in page.words(".problems")
    if "started_on" in fields:
        assert page.select_one("#started_on")["value"] == fields["started_on"]
    assert await places_of(confirmed.job) == ("PUBLISHED", 0)


async def test_before_the_agreement_is_signed_there_is_no_form(clerk, house):
    await put_scene(state=ReferralState.EMPLOYER_ACCEPTED)
    page = await clerk.reads(START)
    assert page.select_one(f"form[action='{START}']") is None
    assert "签好协议以后" in page.words(".empty")
    refused = await clerk.sends(START, status=422, evidence="RETURN_SLIP", started_on="2026-12-01")
    assert "请先签好协议" in refused.words(".problems")


async def test_the_list_opens_each_row_to_its_evidence(clerk, started):
    page = await clerk.reads(LIST)
    assert "李小明" in page.words("main")
    assert "回执周经理签的" in page.words("main details")
    assert page.select_one("a[href='/desk/referrals/T26120100001']")


async def test_the_year_stands_beside_its_share_of_the_target(clerk, started):
    await Station.update({Station.opened_on: date(2026, 10, 1)}).where(Station.id == LAKE)
    page = await clerk.reads(LIST)
    cells = [cell.get_text(strip=True) for cell in page.select("tbody tr")[0].select("td")]
    assert cells[0] == "金银湖零工驿站"
    assert cells[12:] == ["1", "1", "1", "127", "126"]


async def test_officers_see_counts_and_rows_without_names(officer, overseer, started):
    for visitor in (officer, overseer):  # the district, and the subdistrict office that supervises the station
        page = await visitor.reads(LIST)
        assert "零工…123" in page.words("main")
        assert "武汉某物流公司" in page.words("main")
        assert "李小明" not in page.text
        assert "武汉湖滨" not in page.text
        assert not page.select("a[href^='/desk/referrals/']")
        await visitor.reads(START, status=403)


async def test_another_station_sees_nothing_of_it(stranger, started):
    page = await stranger.reads(LIST)
    assert "李小明" not in page.text
    assert "金银湖" not in page.words("main")
    await stranger.reads(START, status=404)
    await stranger.sends(START, status=404, page=LIST, evidence="RETURN_SLIP", started_on="2026-12-01")


async def test_the_legal_point_and_passers_by_do_not_see_the_list(lawyer, passer_by, house):
    await lawyer.reads(LIST, status=403)
    await passer_by.reads(LIST, status=303)


@pytest.mark.parametrize("query", ["month=2026-11", "month=abc", "month=2026-13", "month=", "after=junk", "month=2099-12"])
async def test_any_month_can_be_asked_for(clerk, started, query):
    page = await clerk.reads(f"{LIST}?{query}")
    assert page.select_one("table caption")


async def test_an_empty_month_says_what_to_do(clerk, started):
    page = await clerk.reads(f"{LIST}?month=2026-11")
    assert "还没有登记上岗" in page.words(".empty")


async def test_the_last_place_ends_what_was_still_open(clerk, started):
    second = await put_second(started, ReferralState.CONFIRMED)
    url = f"/desk/referrals/{second.number}/placement"
    await clerk.sends(url, page=url, evidence="RETURN_SLIP", note="")
    assert await places_of(started.job) == ("FILLED", 2)


async def test_a_year_before_the_target_began_is_shown_without_one(clerk, house):
    page = await clerk.reads(f"{LIST}?month=2001-05")
    assert "2001年" in page.words("main")
