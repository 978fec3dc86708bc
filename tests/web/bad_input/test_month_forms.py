"""The forms of a month, filled wrongly in every field: activities, groups, corrections, the day's signature, the ledger, checks."""

import pytest

from db.actions.corrections import correct
from db.tables.activities import Activity
from db.tables.corrections import Correction
from db.tables.ledger import Sample
from rules.corrections import mark_of
from tests.cast import PEOPLE
from tests.web.bad_input.conftest import rehearse
from tests.web.bad_input.sweep import Desired
from tests.web.bad_input.test_every_form import swept
from tests.web.ledger.conftest import CODE, HOME, LOOKED_AT, PAGE, closes, confirm, november, submits  # noqa: F401

SAMPLES = "/supervision/samples"
HELD = {"held_on": "2026-12-01", "title": "叉车安全", "outcome": "都听懂了"}
ACTIVITY, REFERRAL, SEEKER = "HD261110001", "T26111000001", "/desk/seekers/Q26015000123"


@pytest.fixture
def from_now(monkeypatch):
    """Called when the scene is set: what follows is rehearsed."""
    return lambda: monkeypatch.setattr("web.submission.transact", rehearse)


def correcting(record: str, number: str, field: str, new: str) -> Desired:
    """The form that corrects this field."""
    page = f"/desk/corrections/new?record={record}&number={number}&field={field}"
    return Desired(page, "/desk/corrections", {"new": new, "reason": "签到表上数错了，照片里有"})


async def test_activities(november, manager, rehearsed):  # noqa: F811
    new, home = "/desk/activities/new?kind=", "/desk/activities"
    await swept(
        manager,
        [
            Desired(f"{new}TRAINING", home, {**HELD, "people": "12"}),
            Desired(f"{new}SHARED_LABOUR", home, {**HELD, "offered": "3", "wanted": "2", "matched": "1"}),
            Desired(f"{new}INCIDENT", home, {**HELD, "people": "0", "topic": "火情"}),
        ],
    )


async def test_person_groups(november, manager, rehearsed):  # noqa: F811
    page, choice = f"{SEEKER}/groups", {"kind": "VETERAN"}
    told = {"agreed": "y", "method": "READ_ALOUD", "proof": "退役军人证"}
    forms = [
        Desired(page, f"{page}/sentence", choice, accepted=(200, 422)),
        Desired(page, page, told, step=(f"{page}/sentence", choice)),
    ]
    await swept(manager, forms)


async def test_ending_a_person_group(november, manager, from_now):  # noqa: F811
    page = f"{SEEKER}/groups"
    await manager.sends(f"{page}/sentence", page=page, status=200, kind="DISABLED")
    await manager.sends(page, agreed="y", method="READ_ALOUD", proof="残疾人证")
    from_now()
    await swept(manager, [Desired(page, f"{page}/end", {"why": "OVER"}, accepted=(303, 404, 422))])


async def test_corrections(november, manager, rehearsed):  # noqa: F811
    await manager.reads("/desk")
    await confirm()
    await swept(
        manager,
        [
            correcting("activity", ACTIVITY, "people", "13"),
            correcting("activity", ACTIVITY, "held_on", "2026-11-09"),
            correcting("activity", ACTIVITY, "amount_fen", "20"),
            correcting("activity", ACTIVITY, "note", "后来又来了一个人"),
            correcting("placement", REFERRAL, "evidence_note", "回执在柜里"),
        ],
    )


async def test_looking_over_a_correction(november, manager, from_now):  # noqa: F811
    before = (await Activity.select(Activity.people).where(Activity.number == ACTIVITY).first())["people"]
    await correct("activity", ACTIVITY, None, "people", mark_of(before), before + 1, "签到表上数错了", actor=PEOPLE["chen"])
    page = f"/desk/corrections/{(await Correction.select(Correction.number).first())['number']}"
    from_now()
    await swept(manager, [Desired(page, f"{page}/review", {"verdict": "CONFIRMED"})])


async def test_signing_a_day(november, clerk, from_now, monkeypatch):  # noqa: F811
    """The password is right throughout: after a few wrong ones nobody gets any further."""

    async def right(*_: object, **__: object) -> None:
        return None

    monkeypatch.setattr("db.actions.accounts.confirm_password", right)
    monkeypatch.setattr("web.routes.work_records.accounts.confirm_password", right)
    await clerk.sends("/desk/activities", page="/desk/activities/new?kind=SAFETY_CHECK", **HELD, topic="消防")
    from_now()
    page = "/desk/records?day=2026-12-01"
    await swept(clerk, [Desired(page, "/desk/records/2026-12-01/signature", {"own_password": "对的口令", "read": "y", "remark": "照实"})])


async def test_the_ledger_at_the_station(november, manager, rehearsed):  # noqa: F811
    await manager.reads(f"{PAGE}?show=words")
    await confirm()
    await swept(
        manager,
        [
            Desired(f"{PAGE}?show=words", f"{PAGE}/words", {"main_work": "推荐上岗三人次。"}),
            Desired(PAGE, f"{PAGE}/closing", {"signed_name": "吴站长"}),
        ],
    )


async def test_the_ledger_between_station_and_supervisor(november, manager, overseer, from_now):  # noqa: F811
    await submits(manager)
    from_now()
    await swept(overseer, [Desired(LOOKED_AT, f"{LOOKED_AT}/query", {"question": "第③表第2行请核实。"})])


async def test_answering_the_supervisor_and_a_new_version(november, manager, overseer, from_now):  # noqa: F811
    await submits(manager)
    await overseer.sends(f"{LOOKED_AT}/query", page=LOOKED_AT, question="第③表第2行请核实。")
    from_now()
    await swept(
        manager,
        [
            Desired(PAGE, f"{PAGE}/answer", {"answer": "核过了，回执在柜里。"}),
            Desired(PAGE, f"{PAGE}/versions", {"reason": "按核实意见补写了总结"}),
        ],
    )


async def test_checks_on_the_spot(november, manager, overseer, from_now):  # noqa: F811
    await closes(manager)
    seed = {"checked_station": CODE, "checked_month": "2026-11"}
    await overseer.sends(SAMPLES, page=SAMPLES, **seed)
    page = f"{SAMPLES}/{(await Sample.select(Sample.number).first())['number']}"
    from_now()
    await swept(overseer, [Desired(SAMPLES, SAMPLES, seed), Desired(page, f"{page}/drawing", {"size": "2"})])


async def test_what_a_check_found(november, manager, overseer, from_now):  # noqa: F811
    await closes(manager)
    await overseer.sends(SAMPLES, page=SAMPLES, checked_station=CODE, checked_month="2026-11")
    page = f"{SAMPLES}/{(await Sample.select(Sample.number).first())['number']}"
    await overseer.sends(f"{page}/drawing", page=page, size="2")
    from_now()
    action = f"{page}/lines/1/verdict"
    await swept(overseer, [Desired(page, action, {"verdict": "GENUINE", "checked_on": "2026-12-01", "note": ""})])


async def test_the_heads_and_the_question_whether_a_paper_is_genuine(november, overseer):  # noqa: F811
    await swept(
        overseer,
        [
            Desired("/supervision/heads", "/supervision/heads/file", {"since": "2026-11-01"}, accepted=(200, 422)),
            Desired("/verify", "/verify", {"code": "0123456789abcdef"}, accepted=(200, 303, 404, 422)),
        ],
    )
