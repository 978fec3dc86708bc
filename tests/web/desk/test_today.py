"""The front page of the desk: what waits, since when, and where a typed number leads."""

from datetime import date, time, timedelta

import pytest

from db.clock import at, now
from db.queries.desk import _TODAY
from db.tables.stations import Station
from rules.codes import AgreementState, JobState, ReferralState
from rules.contacts import ended_job_states
from tests.cast import LAKE, LING
from tests.web.rows import put_agreement, put_job, put_placement, put_referral, put_seeker


async def a_full_desk(station: int = LAKE, mark: str = "1") -> None:
    """One of everything that can wait at a station."""
    seeker = await put_seeker(f"Q2601500012{mark}", station)
    numbers = iter(range(1, 90))

    def job_number() -> str:
        return f"G261201-0{mark}{next(numbers):04d}"

    for state in (JobState.SUBMITTED, JobState.SUBMITTED, JobState.IN_REVIEW, JobState.APPROVED):
        await put_job(job_number(), station, state, start_date=date(2026, 12, 5))
    job = await put_job(job_number(), station, JobState.PUBLISHED, listed=True)
    states = (ReferralState.PROPOSED, ReferralState.WORKER_ACCEPTED, ReferralState.WORKER_ACCEPTED, ReferralState.CONFIRMED)
    for n, state in enumerate(states):
        seeker = await put_seeker(f"Q260150{mark}{n:04d}", station) if n else seeker
        referral = await put_referral(f"T26120{mark}{n:05d}", job, seeker, station, state)
    await put_agreement(f"XLW-2026-00000{mark}", referral, station, AgreementState.PRINTED)
    other = await put_seeker(f"Q260150{mark}0009", station)
    signed = await put_referral(f"T26120{mark}00009", job, other, station, ReferralState.CONFIRMED)
    await put_agreement(f"XLW-2026-00001{mark}", signed, station, AgreementState.SIGNED)
    await put_placement(referral, job, seeker, station, date(2026, 11, 30))
    await put_placement(signed, job, other, station, date(2025, 12, 31))


def tiles(page) -> dict[str, str]:
    """Label → figure."""
    found = {}
    for tile in page.select(".tile"):
        figure = tile.b.extract().text
        hint = tile.select_one(".hint")
        if hint:
            hint.extract()
        found[tile.text.strip()] = figure
    return found


async def test_each_tile_counts_what_waits_at_this_station(clerk):
    await a_full_desk()
    await a_full_desk(LING, "2")
    assert tiles(await clerk.reads("/desk")) == {
        "待审核岗位": "2",
        "审核中": "1",
        "待发布": "1",
        "待接单": "1",
        "今天开工的岗位": "1",
        "待零工答复": "1",
        "待雇主答复": "2",
        "已打印待签协议": "1",
        "已签待交付": "1",
        "待核验雇主": "0",
        "需要重新核验的雇主": "1",
        "网上登记待核对证件": "0",
        "要打电话核实": "1",
        "要回访": "2",
        "本年推荐成功就业": "1 / 499",
    }


async def test_what_starts_today_is_listed_by_the_hour(clerk):
    await put_job("G261130-010001", start_time=time(14, 0), title="下午班")
    await put_job("G261130-010002", start_time=time(7, 30), end_time=time(16, 0), title="早班")
    await put_job("G261130-010003", start_date=date(2026, 12, 2))
    page = await clerk.reads("/desk")
    table = page.select_one("#starting").find_next("table")
    assert [row.select("td")[1].text for row in table.select("tbody tr")] == ["早班", "下午班"]
    assert "07:30 至 16:00" in table.text


async def test_an_answer_nobody_can_use_any_more_is_not_waited_for(clerk):
    seeker = await put_seeker()
    full = await put_job("G261201-010001", state=JobState.FILLED)
    await put_referral("T26120100001", full, seeker, state=ReferralState.WORKER_ACCEPTED)
    with at(now() - timedelta(days=2)):
        await put_referral("T26120100002", await put_job("G261201-010002"), seeker)
    page = await clerk.reads("/desk")
    counted = tiles(page)
    assert (counted["待零工答复"], counted["待雇主答复"]) == ("0", "0")
    assert "没有等着办的事" in page.words(".empty")


def test_the_states_written_into_the_count_are_those_of_the_rules():
    for state in JobState:
        assert (f"'{state.value}'" in _TODAY.split("NOT IN")[1].split("LIMIT")[0]) == (state in ended_job_states())


async def test_each_tile_opens_the_list_behind_it(clerk):
    page = await clerk.reads("/desk")
    links = [tag["href"] for tag in page.select("a.tile")]
    assert "/desk/jobs?state=SUBMITTED" in links
    assert "/desk/referrals?state=WORKER_ACCEPTED" in links
    assert "/desk/agreements?state=PRINTED" in links
    assert page.select_one("#starting")
    for link in links:
        if link != "#starting":
            await clerk.reads(link)


async def test_what_waits_longest_stands_first_and_leads_on(clerk):
    morning = now()
    with at(morning - timedelta(hours=5)):
        old = await put_job("G261201-010007", state=JobState.APPROVED)
    with at(morning - timedelta(hours=2)):
        await put_referral("T26120100007", old, await put_seeker())
    await put_job("G261201-010008", state=JobState.SUBMITTED)
    page = await clerk.reads("/desk")
    assert [tag["href"] for tag in page.select("#today td a")] == [
        "/desk/jobs/G261201-010007",
        "/desk/referrals/T26120100007",
        "/desk/jobs/G261201-010008",
    ]


async def test_the_front_page_names_no_worker(clerk):
    await a_full_desk()
    assert "王小明" not in (await clerk.reads("/desk")).words()


async def test_an_empty_desk_says_what_to_do_when_somebody_comes(clerk):
    page = await clerk.reads("/desk")
    assert "没有等着办的事" in page.words(".empty")
    assert page.select_one(".empty a[href='/desk/seekers/new']")


async def test_the_part_that_changes_comes_alone(clerk):
    part = await clerk.reads("/desk", fragment=True)
    assert part.select(".tile")
    assert not part.select("h1")


async def test_a_station_under_rectification_is_told_so(clerk):
    await Station.update({Station.state: "SUSPENDED"}).where(Station.id == LAKE)
    assert "暂停登记、发布和推荐" in (await clerk.reads("/desk")).words(".note")


async def test_a_lawyer_sees_only_what_the_role_may_open(lawyer):
    await a_full_desk()
    page = await lawyer.reads("/desk")
    assert set(tiles(page)) == {"待审核岗位", "审核中", "待发布", "今天开工的岗位", "已打印待签协议", "已签待交付"}
    assert not page.select("a[href='/desk/employers/new']")


async def test_officers_and_passers_by_have_no_desk(officer, passer_by):
    await officer.reads("/desk", status=403)
    await passer_by.reads("/desk", status=303)


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("G261201-010005", "/desk/jobs/G261201-010005"),
        ("ｇ２６１２０１－０１０００５ ", "/desk/jobs/G261201-010005"),
        ("q26015000121", "/desk/seekers/Q26015000121"),
        ("T26120100000", "/desk/referrals/T26120100000"),
        ("xlw-2026-000001", "/desk/agreements/XLW-2026-000001"),
        ("ZD-420112015-01", "/stations/ZD-420112015-01"),
    ],
)
async def test_a_number_typed_as_on_paper_opens_its_record(clerk, typed, url):
    await a_full_desk()
    answer = await clerk.client.get("/desk/search", params={"q": typed})
    assert (answer.status_code, answer.headers["location"]) == (303, url)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("G261201-019999", "没有找到 G261201-019999"),
        ("王小明", "这不像一个编号"),
        ("", "请输入"),
        ("<script>alert(1)</script>", "这不像一个编号"),
    ],
)
async def test_a_number_that_leads_nowhere_says_so_and_stays_in_the_box(clerk, typed, said):
    answer = await clerk.client.get("/desk/search", params={"q": typed})
    page = clerk._sheet(answer)
    assert answer.status_code == 422
    assert said in page.words("#q-error")
    assert page.select_one("#q")["value"] == typed


async def test_another_stations_number_is_as_unknown_as_a_made_up_one(stranger):
    await a_full_desk()
    answer = await stranger.client.get("/desk/search", params={"q": "G261201-010005"})
    assert answer.status_code == 422
    assert "没有找到" in stranger._sheet(answer).words("#q-error")


async def test_a_lawyer_finds_no_seeker_by_number(lawyer):
    await a_full_desk()
    assert (await lawyer.client.get("/desk/search", params={"q": "Q26015000121"})).status_code == 422
