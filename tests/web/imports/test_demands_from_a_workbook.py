"""小陈 brings an employer's demands: drafts of hers, checked like at the counter, of employers this station knows."""

from db.tables.jobs import Job
from tests.web.imports.sheets import cells, filled, job
from tests.web.posts_scene import put_employer


def cancelling(page) -> str:
    return page.select_one("form[action$='/cancellation']")["action"].removesuffix("/cancellation")


async def test_the_demands_become_drafts_of_the_person_who_brought_them(clerk, uploads, confirms, tiles):
    employer = await put_employer()
    page = await uploads(clerk, "jobs", filled("jobs", [job(n) for n in range(1, 12)]))
    assert tiles(page)["可以登记"] == 11, page.words("main")
    page = await confirms(clerk, cancelling(page))
    assert tiles(page)["已登记"] == 11
    rows = await Job.select(Job.state, Job.source, Job.author, Job.employer, Job.pay_fen, Job.trade)
    assert {tuple(row.values()) for row in rows} == {("DRAFT", "IMPORT", clerk.account.id, employer, 22000, "C03")}
    listed = await clerk.reads("/desk/jobs?state=DRAFT")
    assert len(listed.select("#jobs tbody tr")) == 11


async def test_a_draft_out_of_a_workbook_goes_the_usual_way_to_review(clerk, uploads, confirms):
    await put_employer()
    page = await uploads(clerk, "jobs", filled("jobs", [job(1)]))
    await confirms(clerk, cancelling(page))
    number = (await Job.select(Job.number).first())["number"]
    await clerk.sends(f"/desk/jobs/{number}/submission", page=f"/desk/jobs/{number}")
    assert (await Job.select(Job.state).first())["state"] == "SUBMITTED"


async def test_an_employer_nobody_registered_and_the_one_of_another_station_are_refused(clerk, uploads, tiles):
    await put_employer(who="lin")
    page = await uploads(clerk, "jobs", filled("jobs", [job(1), job(2, employer="91420112MA4K00002B"), job(3, employer="")]))
    assert tiles(page)["有错"] == 3
    assert "请先登记雇主" in page.words("main")


async def test_what_the_law_forbids_is_said_in_its_cell(clerk, uploads, tiles):
    await put_employer()
    rows = [
        job(1, requirements="限男性，35岁以下"),
        job(2, pay_fen="30"),
        job(3, pay_fen="一百"),
        job(4, start_date="2026-11-01", end_date="2026-11-02"),
        job(5, valid_to="2027-12-01"),
        job(6, title=""),
        job(7, promise=""),
        job(8),
    ]
    page = await uploads(clerk, "jobs", filled("jobs", rows))
    assert tiles(page)["可以登记"] == 1, page.words("main")
    body = (await clerk.fetches(f"{cancelling(page)}/result.xlsx?only=wrong")).content
    reasons = [row["原因"] for row in cells(body)]
    assert len(reasons) == 7
    assert reasons[0].startswith("招用条件：“限男性")
    assert "单价（元）" in reasons[1]
    assert "单价（元）" in reasons[2]
    assert "用工日期已经过了" in reasons[3]
    assert "有效期最长30天" in reasons[4]
    assert "岗位名称" in reasons[5]
    assert "雇主承诺" in reasons[6]


async def test_the_same_post_twice_is_a_duplicate_another_day_is_not(clerk, uploads, confirms, tiles):
    await put_employer()
    page = await uploads(clerk, "jobs", filled("jobs", [job(1)]))
    await confirms(clerk, cancelling(page))
    rows = [job(1), job(1, start_date="2026-12-04"), job(2), job(2)]
    page = await uploads(clerk, "jobs", filled("jobs", rows))
    assert tiles(page) == {"读了几行": 4, "可以登记": 2, "重复，不登记": 2, "有错": 0}
    assert "这个岗位已经登记过：G" in page.words("main")
    assert "和第5行是同一个岗位" in page.words("main")


async def test_an_employer_that_is_not_verified_yet_may_have_a_draft_with_a_note(clerk, uploads, tiles):
    await put_employer(verified=False)
    page = await uploads(clerk, "jobs", filled("jobs", [job(1)]))
    assert tiles(page)["可以登记"] == 1
    body = (await clerk.fetches(f"{cancelling(page)}/result.xlsx")).content
    assert "提示：雇主还没有核验" in cells(body)[0]["原因"]


async def test_dates_and_times_as_the_spreadsheet_keeps_them_are_read(clerk, uploads, tiles):
    from datetime import date, time

    await put_employer()
    row = job(1, start_date=date(2026, 12, 3), end_date=date(2026, 12, 4), start_time=time(8), headcount=5, pay_fen=220.5)
    page = await uploads(clerk, "jobs", filled("jobs", [row]))
    assert tiles(page)["可以登记"] == 1, page.words("main")
