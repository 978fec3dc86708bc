"""招工用工登记表 (P4): the printed form holds what was registered, for the people who may print it."""

from dataclasses import replace

from db.queries.documents import papers_of
from db.queries.employers import employer_in, opened_employer
from db.queries.jobs import job_in, opened_version, version_of
from rules.documents import StationImprint
from rules.order_form import job_order_form
from tests.cast import PEOPLE
from tests.web.posts_scene import CODE, put_in_review

STATION = StationImprint("驿站", "ZD-420112015-01", "1", "2", "街道", "3", "地址", "每天")


async def test_the_form_says_what_was_registered(house):
    ref = await put_in_review(pickup_place="地铁站B口")
    scope = PEOPLE["chen"].scope
    job = await job_in(scope, ref.number)
    version = await version_of(ref.id, 1)
    employer = {**await employer_in(scope, job["employer"]), **await opened_employer(job["employer"])}
    paper = job_order_form(STATION, employer, job, version, opened_version(version))
    assert (paper.id_number, paper.agent_phone) == (CODE, "13900000001")
    assert paper.hours == "08:00–17:30"
    assert paper.period == "2026年12月3日至2026年12月4日"
    assert paper.pay == "220元/天"
    assert paper.registrar == "陈小满"
    assert paper.registered_on == "2026年12月1日"
    assert [tick.label for tick in paper.verification if tick.ticked] == ["电话核实"]
    assert "3号库2楼" in paper.exact_place
    assert "地铁站B口" in paper.exact_place
    assert "3号库" not in paper.public_place


async def test_the_pdf_is_issued_once(clerk, app, monkeypatch):
    async def pdf(template, context):
        return b"%PDF-1.7 " + template.encode()

    monkeypatch.setattr(app.litestar.state.printer, "pdf", pdf)
    ref = await put_in_review()
    first = await clerk.fetches(f"/desk/jobs/{ref.number}/form.pdf")
    assert first.headers["content-type"] == "application/pdf"
    assert "no-store" in first.headers["cache-control"]
    second = await clerk.fetches(f"/desk/jobs/{ref.number}/form.pdf")
    assert first.content == second.content
    assert len(await papers_of("job", ref.id)) == 1


async def test_readers_may_not_print_it(officer, lawyer, house):
    ref = await put_in_review()
    await officer.fetches(f"/desk/jobs/{ref.number}/form.pdf", status=403)
    await lawyer.fetches(f"/desk/jobs/{ref.number}/form.pdf", status=403)


async def test_a_signed_form_has_no_empty_box_and_can_be_verified(house):
    ref = await put_in_review()
    scope = PEOPLE["chen"].scope
    job = await job_in(scope, ref.number)
    version = await version_of(ref.id, 1)
    employer = {**await employer_in(scope, job["employer"]), **await opened_employer(job["employer"])}
    terms = replace(
        opened_version(version), requirements="", certificates=(), hazards=(), hazard_notice="", protection="", heat_measures="",
        overtime_terms="", remarks="", weekly_days=5, break_minutes=150,
    )  # fmt: skip
    paper = job_order_form(STATION, employer, job, version, terms, verify_url="HTTPS://X/VERIFY/1")
    assert (paper.certificates, paper.hazards, paper.protection, paper.remarks) == ("不需要", "无", "无", "无")
    assert paper.requirements == "没有特别要求"
    assert (paper.hours, paper.breaks) == ("08:00–17:30", "每周5天，休息150分钟")
    assert paper.verify_url == "HTTPS://X/VERIFY/1"
    household = job_order_form(STATION, {**employer, "kind": "INDIVIDUAL"}, job, version, terms)
    assert household.legal_representative == "不适用"
