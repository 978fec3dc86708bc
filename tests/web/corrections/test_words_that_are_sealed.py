"""Words that are sealed stay sealed in their correction; call-backs, cases and complaints are corrected like the rest."""

import json
from datetime import date

import pytest

from db.actions.complaints import open_case
from db.clock import now, today
from db.tables.complaints import LegalCase
from db.tables.corrections import Correction
from db.tables.followups import FollowUp
from db.tables.journal import JournalEntry
from db.tables.referrals import Placement
from db.vault import vault
from rules.codes import CaseKind
from tests.cast import LAKE, PEOPLE

SAID = "工头说没钱，电话 13912345678"


@pytest.fixture
async def case(placement) -> str:
    """A case of unpaid work; its number."""
    row = await Placement.select().where(Placement.id == placement).first()
    assert row
    from db.tables.jobs import Job

    job = await Job.select(Job.employer).where(Job.id == row["job"]).first()
    assert job
    return await open_case(
        station_id=LAKE,
        kind=CaseKind.UNPAID,
        referral_id=row["referral"],
        placement_id=placement,
        employer_id=job["employer"],
        seeker_id=row["seeker"],
        claim_fen=66000,
        facts=SAID,
        actor=PEOPLE["chen"],
    )


async def put_call(placement: int, **changes) -> int:
    row = await Placement.select().where(Placement.id == placement).first()
    assert row
    call = FollowUp(
        placement=placement,
        referral=row["referral"],
        station=LAKE,
        due_on=date(2026, 12, 8),
        **{"kind": "END", "side": "WORKER", "method": "PHONE", "answered": True, "result": "FINISHED", "pay_state": "PAID", **changes},
        made_by=PEOPLE["chen"].id,
        made_on=today(),
        made_at=now(),
    )
    call.note = vault().seal("follow_up.note", str(call.id), "钱到手了")
    await FollowUp.insert(call)
    return call.id


async def test_the_facts_of_a_case_stay_and_the_right_words_stand_beside(clerk, case, corrects):
    await corrects(clerk, "legal_case", "facts", "工头说下周付，电话 13912345678", number=case)
    kept = await Correction.select().first()
    row = await LegalCase.select().where(LegalCase.number == case).first()
    assert kept
    assert row
    assert (kept["old_text"], kept["new_text"], kept["stored"]) == ("", "", "")
    assert kept["new_sealed"].startswith("s1.")
    assert vault().open("legal_case.facts", row["id"], row["facts"]) == SAID
    page = await clerk.reads(f"/desk/cases/{case}")
    assert "工头说没钱" in page.words("del")
    assert "工头说下周付" in page.words("ins")
    assert "13912345678" not in page.text
    everything = [json.loads(each["body"]) for each in await JournalEntry.select(JournalEntry.body)]
    assert "下周付" not in json.dumps(everything, ensure_ascii=False)
    assert "内容保密" in (await clerk.reads("/desk/corrections")).words("tbody")


async def test_whoever_may_not_read_the_words_does_not_read_them_here(clerk, sit_down, case, corrects):
    saved = await corrects(clerk, "legal_case", "facts", "工头说下周付清", number=case)
    operator = await sit_down("he")
    page = await operator.reads(saved.headers["location"])
    assert "下周付清" not in page.text
    assert "内容保密" in page.text


async def test_corrected_sealed_words_are_corrected_again_from_what_stands_there(clerk, case, corrects):
    await corrects(clerk, "legal_case", "facts", "工头说下周付清", number=case)
    await corrects(clerk, "legal_case", "facts", "工头说月底付清", number=case)
    page = await clerk.reads(f"/desk/cases/{case}")
    assert [each.text for each in page.select("section p del")][1] == "工头说下周付清"
    page = await corrects(clerk, "legal_case", "facts", "工头说月底付清", number=case, status=422)
    assert "和现在的一样" in page.words(".problems")


async def test_a_claim_is_corrected_in_its_row(clerk, case, corrects):
    await corrects(clerk, "legal_case", "claim_fen", "700", number=case)
    row = await LegalCase.select(LegalCase.claim_fen).where(LegalCase.number == case).first()
    assert row == {"claim_fen": 70000}
    page = await corrects(clerk, "legal_case", "recovered_fen", "700", number=case, status=422)
    assert "还没有登记过" in page.words(".problems")


async def test_an_answer_of_a_call_back_is_corrected(clerk, placement, corrects):
    call = await put_call(placement)
    await corrects(clerk, "follow_up", "pay_fen", "300", row=call)
    await corrects(clerk, "follow_up", "note", "钱到手了，少了二十", row=call)
    page = await clerk.reads("/desk/follow-ups/T26120100001/end/worker")
    assert "少了二十" in page.words(".corrections")
    row = await FollowUp.select(FollowUp.pay_fen).where(FollowUp.id == call).first()
    assert row == {"pay_fen": 30000}


async def test_missing_pay_needs_its_case_first(clerk, placement, corrects):
    call = await put_call(placement)
    page = await corrects(clerk, "follow_up", "pay_state", "UNPAID", row=call, status=422)
    assert "先要立案" in page.words(".problems")


async def test_what_was_not_asked_and_calls_in_vain_have_nothing_to_correct(clerk, placement, corrects):
    call = await put_call(placement, answered=False, result="", pay_state="")
    page = await corrects(clerk, "follow_up", "satisfaction", "5", row=call, status=422)
    assert "没有打通" in page.words(".problems")
    await corrects(clerk, "follow_up", "method", "VISIT", row=call)
