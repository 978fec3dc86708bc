"""The scenarios of the domain reference (11.3) about the working day, each by its number, and two works from end to end."""

import asyncio
import re
from datetime import date

import httpx
import pytest

from db.actions.seekers import SeekerRef
from db.clock import today
from db.queries.complaints import frozen_by
from db.tables.attendance import SignIn
from db.tables.complaints import Complaint, LegalCase
from db.tables.journal import JournalEntry
from db.tables.matching import Suggestion
from db.tables.referrals import Placement, Referral
from db.tables.seekers import RightsRequest, Seeker
from db.tables.stations import Station
from db.verify_journal import verify
from rules.codes import ReferralState
from tests.cast import LAKE, LING, PEOPLE
from tests.rules.job_samples import terms_of
from tests.visitor import Visitor
from tests.web.agreement_scene import put_scene, put_terms, state_of
from tests.web.followups.conftest import EMPLOYER_FINE, WORKER_FINE
from tests.web.posts_scene import FORM, TERMS, UNIT, put_employer
from tests.web.referrals.conftest import SEEKERS, put_post, put_sample
from tests.web.rows import put_job, put_placement, put_referral
from tests.web.scenarios.conftest import (
    PLACE,
    TODAY,
    called_and_placed,
    calls_back,
    ends,
    publishes,
    signs,
    signs_in,
    starts,
    takes_order,
)
from tests.web.screen_scene import SCREEN, paired
from web.clockwork import _round

POST = "G261201-010001"
DEMAND = f"{TODAY}/posts/{POST}"
CANDIDATES = f"/desk/jobs/{POST}/candidates"
MATCHING = "/desk/matching"
STARTS_TODAY = {"start_date": "2026-12-01", "end_date": "2026-12-02"}


async def refused_everywhere(clerk: Visitor, seeker: SeekerRef, *words: str) -> None:
    """At every door to a match (the list of who fits, calling, giving the place, the batch) the guard stands and says why."""
    said = [await clerk.sends(f"/desk/jobs/{POST}/referrals", page=CANDIDATES, status=422, seeker=seeker.number)]
    ticket = await signs_in(clerk, seeker.number)
    said.append(await clerk.sends(f"{DEMAND}/calls", page=DEMAND, status=422, ticket=ticket, again="", named=""))
    said.append(await clerk.sends(f"{DEMAND}/calls", page=DEMAND, status=422, ticket=ticket, again="", named="y", note="雇主周经理点名"))
    said.append(await clerk.sends(f"{DEMAND}/places", page=DEMAND, status=422, ticket=ticket, **PLACE))
    for page in said:
        for each in words:
            assert each in page.words(".problems"), each
    await clerk.sends(MATCHING, page=MATCHING)
    assert await Suggestion.count() == 0
    assert await Referral.count() == 0


async def test_t02_s13_with_an_expired_certificate_is_not_matched_with_j13(clerk):
    await put_post("J13", **STARTS_TODAY)
    await refused_everywhere(clerk, await put_sample("S13"), "证书已过期(2026-06-30)")


async def test_t03_s05_a_minor_is_not_matched_with_j14_at_night_on_a_forklift(clerk):
    await put_post("J14", **{**STARTS_TODAY, "end_date": "2026-12-05"})
    await refused_everywhere(clerk, await put_sample("S05"), "未满18周岁", "未成年工不得上夜班", "特种设备")


async def test_t04_s05_a_minor_is_matched_with_j10_and_three_warnings(clerk):
    await put_post("J10", headcount=4)
    young = await put_sample("S05")
    await Seeker.update({Seeker.guardian_consent: False}).where(Seeker.id == young.id)  # once it is on record it is not asked for again
    page = await clerk.follows(await clerk.sends(f"/desk/jobs/{POST}/referrals", page=CANDIDATES, seeker=young.number))
    assert await Referral.select(Referral.state) == [{"state": "PROPOSED"}]
    warnings = [note.text for note in page.select(".note")]
    for words in ("监护人同意", "未成年工登记", "22:00 后不得安排"):
        assert [each for each in warnings if words in each], words


def personal(text: str) -> list[str]:
    """Whatever in an answer tells who somebody is or where somebody's door is: phones, numbers of documents, doors, names."""
    plain = re.sub(r'src="data:[^"]*"|data-(?:open|until|now|version|day)="[^"]*"|/static/[^"]*', "", text)
    tight = re.sub(r"[\s\-‐–—·*]", "", plain)
    found = re.findall(r"(?<!\d)1[3-9]\d{9}(?!\d)", tight)
    found += re.findall(r"\d{17}[\dXx]|9\d{7}[0-9A-Z]{10}", tight)
    found += re.findall(r"\d+(?:号楼|号库|栋|幢|单元|室|楼)|道\d+号", plain)
    names = {UNIT.name, UNIT.agent_name, UNIT.legal_representative, TERMS.contact_name, *(one["name"] for one in SEEKERS.values())}
    names |= {actor.name for actor in PEOPLE.values()} | {"刘大川", "湖畔"}
    return found + sorted(name for name in names if name in plain)


async def test_t12_the_whole_screen_feed_holds_no_phone_name_number_door_or_contact(clerk, reviewer, manager, passer_by, on):
    employer = await put_employer()
    worker = await put_sample("S01", trades=("C03",))
    number = await publishes(clerk, reviewer, employer, start_date="2026-12-01", end_date="2026-12-01", headcount="2")
    await paired(passer_by, manager)
    await takes_order(clerk, number)
    ticket = await signs_in(clerk, worker.number)
    demand = f"{TODAY}/posts/{number}"
    await clerk.sends(f"{demand}/calls", page=demand, ticket=ticket, counter="2", again="", named="")

    async def walked() -> None:
        shown = await passer_by.fetches(SCREEN)
        round_ = await passer_by.fetches(f"{SCREEN}/feed")
        calls = await passer_by.fetches(f"{SCREEN}/calls.json")
        assert "快递分拣日结" in shown.text
        assert "快递分拣日结" in round_.text
        assert [call[0] for call in calls.json()["calls"]] == ["001"]
        for answer in (shown, round_, calls):
            for part in (answer.text, str(dict(answer.headers))):
                assert personal(part) == []
                assert worker.number not in part

    await walked()
    async with on(1, 9, 3):
        page = await clerk.follows(await clerk.sends(f"{demand}/places", page=demand, ticket=ticket, **PLACE))
        referral = page.select_one("#post a[href^='/desk/referrals/T']")["href"].split("/")[3]
        await walked()
    desk = personal((await clerk.reads(f"/desk/referrals/{referral}")).text)
    for secret in (UNIT.phone, SEEKERS["S01"]["phone"], "周水生", "3号库", UNIT.name):
        assert secret in desk, "what the walk looks for is found where it may stand"


async def test_t14_the_same_worker_post_and_day_placed_twice_counts_once(clerk):
    scene = await put_scene(state=ReferralState.CONFIRMED, headcount=3)
    await starts(clerk, scene.number, "2026-12-01")
    end = f"/desk/referrals/{scene.number}/ending"
    await clerk.sends(end, page=end, how="QUIT_EARLY", side="EMPLOYER", reason="上午的货卸完了", ended_on="2026-12-01", hours="4")
    again = await put_referral("T26120100002", scene.job, scene.seeker, LAKE, ReferralState.CONFIRMED)
    url = "/desk/referrals/T26120100002/placement"
    page = await clerk.sends(url, page=url, status=422, started_on="2026-12-01", evidence="RETURN_SLIP", note="回执已收回")
    assert "只算一次" in page.words(".problems")
    assert (await clerk.reads("/desk/kpi")).words(".tile").startswith("1 / ")
    assert len((await clerk.reads("/desk/kpi/rows?figure=placed&year=2026")).select("tbody tr")) == 1
    assert await state_of(again) == "CONFIRMED"


async def test_t15_a_station_opened_in_october_owes_127_this_year(clerk, officer):
    await Station.update({Station.opened_on: date(2026, 10, 1)}).where(Station.id == LAKE)
    assert "0 / 127" in (await clerk.reads("/desk/kpi")).words(".tile")
    row = (await officer.reads("/desk/kpi")).words("tbody tr:has(a[href*='ZD-420112015-01'])")
    assert "127" in row.split()


async def test_t21_a_fee_told_in_a_follow_up_opens_a_high_complaint_and_tells_the_supervisor(sit_down, on, house):
    scene = await put_scene(state=ReferralState.PLACED)
    await put_placement(scene.referral, scene.job, scene.seeker)
    async with on(2, 9):
        clerk, manager, overseer = await sit_down("chen"), await sit_down("wu"), await sit_down("sun")
        await calls_back(clerk, scene.number, "start/worker", result="STARTED", **{**WORKER_FINE, "fee_charged": "yes"})
        complaint = await Complaint.select(Complaint.number, Complaint.kind, Complaint.level, Complaint.route).first()
        assert {**complaint, "number": ""} == {"number": "", "kind": "FEE", "level": "HIGH", "route": "SUPERVISOR"}
        told = (await overseer.reads("/desk/alerts")).words("#alerts")
        assert "零工说被收了费" in told
        assert complaint["number"] in told
        assert complaint["number"] in (await overseer.reads("/desk/complaints")).text
        for url in ("/desk/alerts", "/desk/complaints"):
            assert complaint["number"] not in (await manager.reads(url)).text


async def test_t28_a_withdrawn_consent_ends_matching_at_once_and_the_person_within_15_days(clerk, stranger, officer, on):
    worker = await put_sample("S01")
    earlier = await put_job("G261120-010009", end_date=date(2026, 11, 20))
    done = await put_referral("T26112000009", earlier, worker.id, LAKE, ReferralState.EVALUATED)
    line = await put_placement(done, earlier, worker.id, LAKE, date(2026, 11, 20))
    await Placement.update({Placement.ended_on: date(2026, 11, 20)}).where(Placement.id == line)
    await put_post("J02", trade="C01", title="超市搬运工", **STARTS_TODAY)
    await signs_in(clerk, worker.number)
    await clerk.sends(MATCHING, page=MATCHING)
    suggestion = (await Suggestion.select(Suggestion.id, Suggestion.seeker).first())["id"]
    await clerk.sends(f"/desk/jobs/{POST}/referrals", page=CANDIDATES, seeker=worker.number)
    assert "001" in (await clerk.reads(DEMAND)).words("#post .turn .ticket")

    rights = f"/desk/seekers/{worker.number}/rights"
    await clerk.sends(f"/desk/seekers/{worker.number}/closure", page=rights, present="y", reason="不找活了")

    # Matching stops at once: the open referral is over, no list has him, no door lets him in.
    assert "WORKER_DECLINED" in [row["state"] for row in await Referral.select(Referral.state)]
    page = await clerk.reads(CANDIDATES)
    assert "周水生" not in " ".join(each.text for each in page.select("table.people"))
    page = await clerk.sends(f"/desk/jobs/{POST}/referrals", status=422, seeker=worker.number)
    assert "已注销" in page.words(".problems")
    page = await clerk.sends(f"{DEMAND}/calls", page=DEMAND, status=422, ticket="1", again="", named="")
    assert page.words(".problems")
    run = f"{MATCHING}/runs/P261201-1"
    await clerk.sends(f"{run}/suggestions/{suggestion}/referral", page=run, status=422)
    for whom in ("HERE", "REGISTERED"):
        page = await clerk.sends(MATCHING, page=MATCHING, status=422, whom=whom)
        assert "人里，没有想做" in page.words(".problems") if whom == "REGISTERED" else "今天还没有签到" in page.words(".problems")
    page = await stranger.sends(f"{TODAY}/sign-ins", page=TODAY, status=422, word=worker.number)
    assert "已注销" in page.words("#answer")
    page = await clerk.sends(f"{TODAY}/tickets/1/return", page=f"{TODAY}?ticket=1", status=422)
    assert "已注销" in page.words("main")
    assert await SignIn.select(SignIn.state) == [{"state": "LEFT"}]
    assert await Referral.count() == 2

    # The deletion: due in 15 days, not a day earlier.
    assert await RightsRequest.select(RightsRequest.kind, RightsRequest.due_on) == [{"kind": "DELETE", "due_on": date(2026, 12, 16)}]
    retention = "/supervision/retention"
    async with on(15, 9):
        sheet = await officer.follows(await officer.sends(retention, page=retention))
        assert worker.number not in sheet.words("#run")
    async with on(16, 9):
        sheet = await officer.follows(await officer.sends(retention, page=retention))
        assert worker.number in sheet.words("#run")
        await officer.sends(f"{retention}/confirmation", sure="y")
        assert (await Seeker.select(Seeker.state, Seeker.name).first()) == {"state": "ANONYMISED", "name": "已匿名"}

        # The ledger keeps its line, under the pseudonym.
        rows = "/desk/kpi/rows?figure=placed&year=2026"
        assert f"零工…{worker.number[-3:]}" in (await officer.reads(f"{rows}&station=ZD-420112015-01")).words("tbody")
        for url in ("/desk/placements?month=2026-11", rows):
            page = await clerk.reads(url)
            assert "T26112000009" in page.text
            assert "周水生" not in page.text
        assert (await clerk.reads("/desk/kpi")).words(".tile").startswith("1 / ")
        assert (await verify())[1] is None


@pytest.mark.parametrize("turned", [False, True])
async def test_two_stations_at_the_same_instant_do_not_both_get_the_same_person(clerk, stranger, turned):
    worker = await put_sample("S01")
    await put_post("J02", trade="C01", title="超市搬运工", **STARTS_TODAY)
    there = await put_job("G261201-060001", station=LING, headcount=1, trade="C01", published_version=1, verified_on=today())
    await put_terms(there, terms_of("J02", trade="C01", **STARTS_TODAY))
    asked = []
    for who, number in ((clerk, POST), (stranger, "G261201-060001")):
        ticket = await signs_in(who, worker.number)
        url = f"{TODAY}/posts/{number}"
        await who.sends(f"{url}/calls", page=url, ticket=ticket, counter="1", again="", named="")
        await who.reads(url)
        asked.append((who, f"{url}/places", {**who.filled(f"{url}/places"), **PLACE, "ticket": ticket}))

    async def gives(who: Visitor, url: str, fields: dict[str, str]) -> httpx.Response:
        return await who.client.post(url, data=fields)

    answers = await asyncio.gather(*(gives(*one) for one in (reversed(asked) if turned else asked)))
    assert sorted(answer.status_code for answer in answers) == [303, 422]
    assert "已答应的工作时间冲突" in next(answer.text for answer in answers if answer.status_code == 422)
    assert await Referral.select(Referral.state) == [{"state": "EMPLOYER_ACCEPTED"}]
    assert sorted(row["state"] for row in await SignIn.select(SignIn.state)) == ["CALLED", "OUT"]


# ---- Whole works.

STORY = (
    *("JOB_SUBMITTED", "JOB_APPROVED", "JOB_PUBLISHED", "ORDER_TAKEN", "SIGNED_IN_AT_STATION", "CALLED"),
    *("REFERRAL_PROPOSED", "REFERRAL_WORKER_ACCEPTED", "REFERRAL_EMPLOYER_ACCEPTED", "PLACE_GIVEN"),
    *("AGREEMENT_SIGNED", "AGREEMENT_DELIVERED", "PLACEMENT_STARTED", "PLACEMENT_ENDED"),
)
RATED = {"attitude": "5", "speed": "5", "accuracy": "4", "surroundings": "5", "fee": "no"}


async def worked(on, clerk: Visitor, reviewer: Visitor) -> tuple[str, int]:
    """One day's sorting by 周水生 for 湖畔物流, from the demand to its end, in the evening of 3 December; (referral, employer)."""
    employer = await put_employer()
    worker = await put_sample("S01", trades=("C03",))
    number = await publishes(clerk, reviewer, employer, headcount="1", end_date="2026-12-03")
    await takes_order(clerk, number)
    async with on(3, 6, 30):
        referral = await called_and_placed(clerk, number, await signs_in(clerk, worker.number))
        await clerk.fetches(f"/desk/referrals/{referral}/slip.pdf")
        await signs(clerk, referral)
    async with on(3, 18):
        await starts(clerk, referral, "2026-12-03")
        await ends(clerk, referral)
    return referral, employer


async def the_clockwork(app) -> None:
    """What time alone decides, once."""
    state = app.litestar.state
    await _round(state.settings, state.imports, state.exports)


async def test_one_work_from_the_demand_to_both_ratings(app, clerk, reviewer, manager, passer_by, on, quick_printer):
    referral, _ = await worked(on, clerk, reviewer)
    row = await Referral.select(Referral.id, Referral.state).first()
    assert row["state"] == "COMPLETED"
    async with on(4, 9):
        await the_clockwork(app)
        assert await state_of(row["id"]) == "FOLLOW_UP"
        await calls_back(clerk, referral, "end/employer", result="FINISHED", **EMPLOYER_FINE)
        assert await state_of(row["id"]) == "FOLLOW_UP", "one side is still to be asked"
        await calls_back(clerk, referral, "end/worker", result="FINISHED", **WORKER_FINE)
        assert await state_of(row["id"]) == "FOLLOWED_UP"
        assert "没有" in (await clerk.reads("/desk/follow-ups")).words(".empty")
        slip = next(paper.rating_url for _, paper in quick_printer.printed if getattr(paper, "rating_url", ""))
        link = f"/rate/{slip.rpartition('/')[2]}"
        await passer_by.sends(link, page=link, **RATED)
        await passer_by.reads(link, status=410)
        await the_clockwork(app)
        assert await state_of(row["id"]) == "FOLLOWED_UP", "one side has not rated, and the seven days are not over"
        counter = f"/desk/ratings/works/{referral}/employer"
        await clerk.sends(counter, page=counter, **RATED)
        await the_clockwork(app)
        assert await state_of(row["id"]) == "EVALUATED"
        assert (await manager.reads("/desk/kpi")).words(".tile").startswith("1 / ")
        table = (await manager.reads("/desk/kpi")).words("main table")
        assert "评价率 100%" in table
        assert "满意度 100%" in table
    kinds = [entry["kind"] for entry in await JournalEntry.select(JournalEntry.kind).order_by(JournalEntry.seq)]
    places = [kinds.index(kind) for kind in STORY]
    assert places == sorted(places), "one thing after the other"
    assert (await verify())[1] is None


async def test_pay_that_never_came_stops_the_employer_everywhere_until_it_is_settled(clerk, reviewer, manager, stranger, on, quick_printer):
    referral, employer = await worked(on, clerk, reviewer)
    elsewhere = await put_employer(who="lin")
    async with on(4, 9):
        page = await calls_back(clerk, referral, "pay/worker", pay="UNPAID", fee_charged="no", note="老板电话不接")
        assert "已立案维权" in page.words(".said")
        case = await LegalCase.select(LegalCase.number, LegalCase.kind, LegalCase.claim_fen, LegalCase.state).first()
        assert {**case, "number": ""} == {"number": "", "kind": "UNPAID", "claim_fen": 22000, "state": "OPEN"}
        assert case["number"] in (await manager.reads("/desk/alerts")).text
        form = {**FORM, "title": "仓库理货日结", "then": "submit", "start_date": "2026-12-05", "end_date": "2026-12-06"}
        page = await stranger.sends("/desk/jobs", page=f"/desk/jobs/new?employer={elsewhere}", status=422, **form)
        assert case["number"] in page.words(".problems")
        assert "付清" in page.words(".problems")
        assert page.select_one("#title")["value"] == "仓库理货日结"
        url = f"/desk/cases/{case['number']}"
        await manager.sends(f"{url}/steps", page=url, state="HANDLING", words="打电话催了雇主，说明天付。")
        await stranger.sends("/desk/jobs", page=f"/desk/jobs/new?employer={elsewhere}", status=422, **form)
    async with on(5, 9):
        await manager.sends(f"{url}/steps", page=url, state="SETTLED", recovered_fen="220", words="雇主当面付清了220元。")
        assert await frozen_by(employer) is None
        await stranger.sends("/desk/jobs", page=f"/desk/jobs/new?employer={elsewhere}", **form)
    mine = await JournalEntry.count().where(JournalEntry.kind == "JOB_SUBMITTED", JournalEntry.chain == f"station:{LING}")
    assert mine == 1
