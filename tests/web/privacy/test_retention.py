"""Data kept long enough: counted first, then, confirmed by a person, exactly what was counted; nobody is found any more."""

import json
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from db import archive
from db.actions.complaints import move_case, move_complaint, open_case, open_complaint
from db.actions.people import worker_account
from db.actions.referrals import propose
from db.actions.retention import EMPTIED, carry_out, try_run
from db.actions.seekers import confirm_seeker, register_seeker
from db.clock import at, now
from db.queries.retention import newest_dry_run
from db.queries.seekers import SeekerFilter, duplicates, seekers_of
from db.sealed_columns import sealed_tables
from db.tables.accounts import Account, Draft, Session, SignInFailure, Submission
from db.tables.activities import Activity
from db.tables.complaints import CaseStep, Complaint, ComplaintStep, LegalCase
from db.tables.documents import Paper
from db.tables.employers import Employer
from db.tables.jobs import JobAlert
from db.tables.journal import JournalEntry
from db.tables.seekers import Reveal, RightsRequest, Seeker, SeekerCertificate, SeekerVersion
from db.tables.transfers import RetentionRun
from db.vault import vault
from db.verify_journal import verify
from rules.codes import (
    CaseKind,
    CaseState,
    ComplaintDecision,
    ComplaintKind,
    ComplaintLevel,
    ComplaintRoute,
    ComplaintSource,
    SeekerState,
)
from rules.complaints import ComplaintEvent
from rules.errors import RuleBroken
from rules.permissions import Reach, Scope
from tests.cast import LAKE, PEOPLE
from tests.web.conftest import MORNING
from tests.web.privacy.conftest import ID_NUMBER, PHONE, zhou
from tests.web.rows import put_job, put_seeker

HERE, OFFICER = Scope(Reach.STATION, station_id=LAKE), PEOPLE["zheng"]
PAGE, CONFIRM = "/supervision/retention", "/supervision/retention/confirmation"


async def run() -> int:
    """Try, then carry out what was found."""
    return await carry_out(await try_run(actor=OFFICER), actor=OFFICER)


async def state_of(seeker_id: int) -> str:
    return (await Seeker.select(Seeker.state).where(Seeker.id == seeker_id).first())["state"]


async def close(seeker_id: int, moment: datetime) -> None:
    await Seeker.update({Seeker.state: "CLOSED", Seeker.closed_at: moment, Seeker.closed_reason: "本人撤回同意"}).where(
        Seeker.id == seeker_id
    )


async def everything_about(seeker_id: int) -> None:
    """One row in every table that keeps something sealed about a seeker, a printed form, a signed-in phone."""
    chen, cells = PEOPLE["chen"].id, vault()
    version = SeekerVersion(seeker=seeker_id, changed="[]", reason="搬家", author=chen, at=now())
    version.record = cells.seal("seeker_version.record", version.id, json.dumps({"phone": PHONE}))
    await SeekerVersion.insert(version)
    request = RightsRequest(seeker=seeker_id, kind="DELETE", state="ASKED", asked_by=chen, asked_at=now(), due_on=now().date())
    request.details = cells.seal("rights_request.details", request.id, "请删除我的信息")
    await RightsRequest.insert(request)
    kept = await archive.keep(ID_NUMBER.encode())
    paper = Paper(
        number="Q1",
        kind="P5",
        subject="seeker",
        subject_id=seeker_id,
        station=LAKE,
        sha256=kept.sha256,
        archive_key=kept.key,
        issued_by=chen,
        issued_at=now(),
    )
    paper.snapshot = cells.seal("paper.snapshot", paper.id, ID_NUMBER)
    await Paper.insert(paper)
    alert = JobAlert(key="k", phone_index=cells.index("phone", PHONE), search="{}", created_at=now(), last_published_at=now())
    alert.phone = cells.seal("job_alert.phone", alert.id, PHONE)
    await JobAlert.insert(alert)
    await Reveal.insert(
        Reveal(
            account=chen,
            station=LAKE,
            subject="seeker",
            subject_id=seeker_id,
            purpose="OTHER",
            note="周水生的单子",
            day=now().date(),
            at=now(),
        )
    )
    await a_closed_claim(seeker_id)
    told = Activity(
        number="HD1", station=LAKE, kind="CONSULTATION", held_on=now().date(), title="问社保", recorded_by=chen, recorded_at=now()
    )
    told.seeker, told.note = seeker_id, cells.seal("activity.note", told.id, "周水生家里的事")
    await Activity.insert(told)
    account = await worker_account(seeker_id, actor=PEOPLE["chen"])
    await Session.insert(Session(key="s", account=account.id, created_at=now(), seen_at=now(), expires_at=now() + timedelta(hours=1)))


async def a_closed_claim(seeker_id: int) -> None:
    """A complaint and a case of this person, both over, each with what was said."""
    employer = (await Employer.select(Employer.id).first())["id"]
    wu, zheng, said = PEOPLE["wu"], PEOPLE["zheng"], "周水生说的经过在这里"
    about = {"station_id": LAKE, "seeker_id": seeker_id, "employer_id": employer, "referral_id": None, "actor": wu}
    await open_complaint(
        **about,
        kind=ComplaintKind.FALSE_POST,
        level=ComplaintLevel.NORMAL,
        route=ComplaintRoute.STATION,
        source=ComplaintSource.COUNTER,
        words=said,
        contact=PHONE,
    )
    complaint = (await Complaint.select(Complaint.id).first())["id"]
    for event in ("acknowledge", "investigate", "decide", "reply", "dissatisfied", "review", "finish"):
        by = zheng if event in ("review", "finish") else wu
        await move_complaint(complaint, ComplaintEvent(event), said, decision=ComplaintDecision.UPHELD, actor=by)
    await open_case(**about, kind=CaseKind.INJURY, placement_id=None, facts=said)
    case = (await LegalCase.select(LegalCase.id).first())["id"]
    await move_case(case, CaseState.CLOSED, said, actor=wu)
    assert await ComplaintStep.exists().where(ComplaintStep.words != "")
    assert await CaseStep.exists().where(CaseStep.words != "")


async def test_who_withdrew_is_anonymous_after_fifteen_days_and_nothing_tells_who_it_was(desk, database):
    await everything_about(desk.seeker)
    file = (await Paper.select(Paper.archive_key, Paper.sha256).where(Paper.kind == "P5").first()).values()
    await close(desk.seeker, MORNING)
    with at(MORNING + timedelta(days=14)):
        await run()
        assert await state_of(desk.seeker) == "CLOSED"
    with at(MORNING + timedelta(days=15)):
        await run()
    row = await Seeker.select().where(Seeker.id == desk.seeker).first()
    assert (row["state"], row["name"], row["number"]) == (SeekerState.ANONYMISED.value, "已匿名", desk.number)
    assert row["birth_date"] == date(1978, 1, 1)
    assert not [column._meta.name for column in EMPTIED if row[column._meta.name]]
    for each in sealed_tables():
        names = {column._meta.name for column in each.table._meta.columns}
        if each.table is Seeker or ("seeker" in names and each.table is not Account):
            rows = await each.table.select(*each.columns)
            assert rows, each.name
            assert not [value for each_row in rows for value in each_row.values() if value], each.name
    assert not await ComplaintStep.exists().where(ComplaintStep.words != "")
    assert not await CaseStep.exists().where(CaseStep.words != "")
    paper = await Paper.select(Paper.snapshot, Paper.archive_key, Paper.voided_at).where(Paper.kind == "P5").first()
    assert paper["snapshot"] == ""
    assert paper["voided_at"] is not None
    with pytest.raises(archive.ArchiveDamaged, match="missing"):
        await archive.opened(*file)
    assert (await JobAlert.select(JobAlert.phone).first())["phone"] == ""
    assert (await Reveal.select(Reveal.note).first())["note"] == ""
    account = await Account.select(Account.name, Account.active).where(Account.seeker == desk.seeker).first()
    assert account == {"name": "已匿名", "active": False}
    assert not await Session.exists().where(Session.key == "s")
    assert (await RightsRequest.select(RightsRequest.state).first())["state"] == "DONE"


async def test_nobody_finds_the_anonymous_and_the_person_may_come_back(desk, clerk):
    await close(desk.seeker, MORNING - timedelta(days=16))
    await run()
    for word in ("周水生", PHONE, PHONE[-4:], ID_NUMBER):
        assert (await seekers_of(HERE, SeekerFilter(word=word))).rows == []
    assert await duplicates(id_number=ID_NUMBER, phone=PHONE) == []
    assert [row["number"] for row in (await seekers_of(HERE, SeekerFilter(word=desk.number))).rows] == [desk.number]
    page = await clerk.reads(desk.home)
    assert "周水生" not in page.text
    assert "已匿名" in page.words("h1")
    assert not page.select("a.look")
    again = await register_seeker(zhou(), actor=PEOPLE["chen"])
    assert again.number != desk.number


async def test_the_journal_is_whole_and_names_nobody(desk):
    account = await worker_account(desk.seeker, actor=None)
    assert account.name == "周*生"
    await close(desk.seeker, MORNING - timedelta(days=16))
    await run()
    assert (await verify())[1] is None
    bodies = [row["body"] for row in await JournalEntry.select(JournalEntry.body)]
    assert not [body for body in bodies if "周水生" in body or PHONE in body or ID_NUMBER in body]
    entry = json.loads((await JournalEntry.select(JournalEntry.body).where(JournalEntry.kind == "SEEKER_ANONYMISED").first())["body"])
    assert (entry["subject_id"], entry["account_id"], entry["station_id"]) == (desk.seeker, OFFICER.id, LAKE)
    assert entry["particulars"]["seeker"] == desk.number


async def test_a_year_of_silence_is_asked_about_first_and_an_answer_ends_it(desk, sit_down):
    silent = await put_seeker("Q26015000777", name="李小明")
    with at(MORNING + timedelta(days=366)):
        await run()
        assert await state_of(desk.seeker) == await state_of(silent) == "DORMANT"
        assert await JournalEntry.count().where(JournalEntry.kind == "SEEKER_DORMANT") == 2
        page = await (await sit_down("chen")).reads("/desk/seekers/Q26015000777")
        assert "2028年1月1日还没有答复的，档案将匿名处理" in page.words("main")
        await confirm_seeker(desk.seeker, actor=PEOPLE["chen"])
    with at(MORNING + timedelta(days=366 + 29)):
        await run()
        assert await state_of(silent) == "DORMANT"
    with at(MORNING + timedelta(days=366 + 30)):
        await run()
        assert await state_of(silent) == "ANONYMISED"
        assert await state_of(desk.seeker) == "ACTIVE"


async def test_somebody_with_an_open_referral_waits_until_it_is_done(desk):
    from tests.web.rows import put_referral

    await put_referral("T26120199999", await put_job("G261201-019999"), desk.seeker)
    await close(desk.seeker, MORNING - timedelta(days=16))
    due = (await _found())["CLOSED"]
    assert (due.count, due.held) == (0, 1)
    await run()
    assert await state_of(desk.seeker) == "CLOSED"
    assert propose


async def _found():
    await try_run(actor=OFFICER)
    return (await newest_dry_run())["found"]


async def test_what_came_back_between_counting_and_doing_is_left_alone(desk):
    await close(desk.seeker, MORNING - timedelta(days=16))
    tried = await try_run(actor=OFFICER)
    await Seeker.update({Seeker.state: "ACTIVE", Seeker.closed_at: None}).where(Seeker.id == desk.seeker)
    late = await put_seeker("Q26015000777")
    await close(late, MORNING - timedelta(days=20))
    await carry_out(tried, actor=OFFICER)
    assert await state_of(desk.seeker) == "ACTIVE"
    assert await state_of(late) == "CLOSED", "it was not on the list"


async def test_counters_drafts_and_old_looks_go_up_to_the_day_that_was_counted(desk):
    old, fresh = MORNING - timedelta(days=40), MORNING
    for moment, name in ((old, "old"), (fresh, "new")):
        await SignInFailure.insert(SignInFailure(key=name, at=moment))
        await Submission.insert(Submission(token=name, account=None, location="/", at=moment))
        await Draft.insert(Draft(key=name, uid=1, kind="register", created_at=moment, changed_at=moment))
    for day in (date(2023, 11, 30), date(2023, 12, 2)):
        moment = datetime(day.year, day.month, day.day, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
        await Reveal.insert(
            Reveal(account=PEOPLE["chen"].id, station=LAKE, subject="seeker", subject_id=1, purpose="RIGHTS", day=day, at=moment)
        )
    await run()
    assert [row["key"] for row in await SignInFailure.select(SignInFailure.key)] == ["new"]
    assert [row["key"] for row in await Draft.select(Draft.key)] == ["new"]
    assert "old" not in {row["token"] for row in await Submission.select(Submission.token)}
    assert [row["day"] for row in await Reveal.select(Reveal.day)] == [date(2023, 12, 2)]


async def test_the_officer_counts_looks_confirms_and_it_happens_once(officer, desk):
    await close(desk.seeker, MORNING - timedelta(days=16))
    await officer.reads(PAGE)
    sheet = await officer.follows(await officer.sends(PAGE))
    assert "什么都没有改动" in sheet.words(".said")
    assert await state_of(desk.seeker) == "CLOSED"
    assert desk.number in sheet.words("#run")
    assert "周水生" not in sheet.text
    refused = await officer.sends(CONFIRM, status=422)
    assert "请先核对清单" in refused.words(".problems")
    assert await state_of(desk.seeker) == "CLOSED"
    done = await officer.sends(CONFIRM, sure="y")
    typed = officer.last
    sheet = await officer.follows(done)
    assert "已按试算的清单办理" in sheet.words(".said")
    assert await state_of(desk.seeker) == "ANONYMISED"
    second = await officer.client.post(CONFIRM, data=typed)
    assert second.headers["location"] == done.headers["location"]
    assert await RetentionRun.count() == 2
    other = await officer.client.post(CONFIRM, data={**typed, "form_token": "another"})
    assert other.status_code == 422
    assert "已经办过了" in other.text
    kinds = [row["kind"] for row in await JournalEntry.select(JournalEntry.kind).order_by(JournalEntry.id)]
    assert kinds[-3:] == ["RETENTION_TRIED", "SEEKER_ANONYMISED", "RETENTION_DONE"]
    page = await officer.reads("/desk/journal?kind=RETENTION_DONE")
    assert "办理数量：本人撤回同意或注销满15天的求职档案 1" in page.words()
    assert "其他：" not in page.words("main")
    page = await officer.reads("/desk/journal?kind=SEEKER_ANONYMISED")
    assert "原因：本人撤回同意或注销满15天的求职档案" in page.words()


async def test_a_dry_run_of_yesterday_is_not_carried_out(desk):
    tried = await try_run(actor=OFFICER)
    with at(MORNING + timedelta(hours=25)), pytest.raises(RuleBroken, match="超过一天"):
        await carry_out(tried, actor=OFFICER)
    with pytest.raises(RuleBroken, match="没有找到"):
        await carry_out(1, actor=OFFICER)


async def test_nobody_but_the_district_runs_it(house, manager, overseer, clerk, sit_down):
    for visitor in (manager, overseer, clerk, await sit_down("admin")):
        await visitor.reads(PAGE, status=403)
        for url in (PAGE, CONFIRM):
            await visitor.sends(url, status=403, page="/desk/account", sure="y", run="1")
    assert await RetentionRun.count() == 0


async def test_the_empty_page_says_what_to_do(officer):
    page = await officer.reads(PAGE)
    assert "还没有试算过" in page.words()
    assert "民法典第一百八十八条" in page.words("#run")
    assert await SeekerCertificate.count() == 0
