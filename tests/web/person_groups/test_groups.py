"""帮扶类别: told by the person, its own consent read aloud, seen at the own station alone, taken back at once."""

from datetime import date, timedelta

from db.actions.merging import merge_seekers
from db.actions.person_groups import add_group
from db.actions.retention import blank_groups
from db.actions.rights import close
from db.clock import at
from db.queries.person_groups import held_groups, placed_by_group, referred_by_group, registered_by_group, trained_by_group
from db.tables.journal import JournalEntry
from db.tables.seekers import Consent, Seeker, SeekerGroup
from rules.codes import ConsentMethod, PersonGroup
from tests.cast import LAKE, LING, PEOPLE
from tests.web.agreements.conftest import quick_printer  # noqa: F401
from tests.web.conftest import MORNING
from tests.web.me.conftest import put_worker
from tests.web.rows import put_job, put_placement, put_referral, put_seeker

NUMBER = "Q26015000123"
PAGE = f"/desk/seekers/{NUMBER}"
GROUPS = f"{PAGE}/groups"
ENDED = f"{GROUPS}/end"
AGREED = {"agreed": "y", "method": "READ_ALOUD", "proof": "残疾人证"}


async def tell(person, kind="DISABLED"):
    """Choose the group on the page and get its sentence."""
    return await person.sends(f"{GROUPS}/sentence", page=GROUPS, status=200, kind=kind)


async def put_group(seeker: int, group: PersonGroup, login: str = "chen") -> int:
    return await add_group(seeker, group, "证明", ConsentMethod.READ_ALOUD, agreed=True, actor=PEOPLE[login])


async def test_a_group_is_recorded_after_its_own_sentence_was_agreed_to(clerk):
    seeker = await put_seeker()
    page = await clerk.reads(PAGE)
    assert page.select_one(f'a[href="{GROUPS}"]')
    sheet = await tell(clerk)
    assert "“残疾人”" in sheet.words(".note")
    saved = await clerk.sends(GROUPS, **AGREED)
    page = await clerk.follows(saved)
    assert "残疾人证" in page.words("main")
    row = await SeekerGroup.select().where(SeekerGroup.seeker == seeker).first()
    consent = await Consent.select().where(Consent.id == row["consent"]).first()
    assert (row["kind"], consent["purpose"], consent["withdrawn_at"]) == ("DISABLED", "PERSON_GROUP", None)
    assert "“残疾人”" in consent["wording"]
    entry = await JournalEntry.select(JournalEntry.body).where(JournalEntry.kind == "SEEKER_GROUP_ADDED").first()
    assert "DISABLED" not in entry["body"]
    assert "残疾" not in entry["body"]
    page = await clerk.reads(PAGE)
    assert "残疾人" in page.words("main")
    assert "登记帮扶类别" not in page.words("main")


async def test_without_the_tick_nothing_is_kept_and_the_typing_stays(clerk):
    await put_seeker()
    await tell(clerk)
    sheet = await clerk.sends(GROUPS, status=422, method="READ_ALOUD", proof="残疾人证三级")
    assert "单独同意" in sheet.words(".problems")
    assert sheet.select_one("input[name=proof]")["value"] == "残疾人证三级"
    assert await SeekerGroup.count() == 0
    assert await Consent.count() == 0


async def test_the_same_form_sent_twice_records_once(clerk):
    await put_seeker()
    await tell(clerk)
    await clerk.sends(GROUPS, **AGREED)
    await clerk.sends(GROUPS, **clerk.last)
    assert await SeekerGroup.count() == 1
    assert await JournalEntry.count().where(JournalEntry.kind == "SEEKER_GROUP_ADDED") == 1


async def test_the_clerk_neither_sees_nor_records_what_only_the_manager_may(clerk, manager):
    seeker = await put_seeker()
    await put_group(seeker, PersonGroup.RELEASED, "wu")
    for url in (PAGE, GROUPS):
        sheet = await clerk.reads(url)
        assert "刑满释放" not in sheet.get_text()
    await tell(clerk)
    sheet = await clerk.sends(GROUPS, status=422, kind="RELEASED", **AGREED)
    assert "负责人" in sheet.words(".problems")
    row = await SeekerGroup.select(SeekerGroup.id).first()
    await clerk.sends(ENDED, status=404, group=str(row["id"]), why="MISTAKE")
    sheet = await manager.reads(GROUPS)
    assert "刑满释放" in sheet.words("main")


async def test_the_copy_for_the_person_shows_a_guarded_group_only_when_the_manager_prints_it(clerk, manager, quick_printer):  # noqa: F811
    """Whoever prints it at the counter reads it; the clerk's print says whom to ask, whoever the person is."""
    seeker = await put_seeker()
    await put_group(seeker, PersonGroup.DISABLED)
    await put_group(seeker, PersonGroup.RELEASED, "wu")
    rights = f"{PAGE}/rights"
    page = await clerk.reads(rights)
    assert "刑满释放" not in page.get_text()
    for printer, shown in ((clerk, False), (manager, True)):
        await printer.sends(f"{PAGE}/copy", page=rights, status=200)
        printed = str(quick_printer.printed[-1])
        assert ("刑满释放" in printed) is shown
        assert ("向负责人要" in printed) is not shown
        assert "残疾人" in printed


async def test_nobody_else_sees_whose_groups_they_are(stranger, officer, overseer, lawyer):
    seeker = await put_seeker()
    await put_group(seeker, PersonGroup.DISABLED)
    await stranger.reads(GROUPS, status=404)
    for reader in (officer, overseer, lawyer):
        await reader.reads(GROUPS, status=403)
    for reader in (officer, overseer):
        response = await reader.client.get(PAGE)
        assert "残疾" not in response.text


async def test_an_ended_group_stays_on_record_and_its_consent_is_withdrawn(clerk):
    seeker = await put_seeker()
    group = await put_group(seeker, PersonGroup.MIN_LIVING)
    sheet = await clerk.sends(ENDED, page=GROUPS, status=422, group=str(group), why="")
    assert "为什么取消" in sheet.words(".problems")
    page = await clerk.follows(await clerk.sends(ENDED, group=str(group), why="OVER"))
    assert "已经不属于这一类" in page.words("main")
    assert await held_groups(seeker) == set()
    assert (await Consent.select(Consent.withdrawn_at).first())["withdrawn_at"] is not None
    entry = await JournalEntry.select(JournalEntry.body).where(JournalEntry.kind == "SEEKER_GROUP_ENDED").first()
    assert "低保" not in entry["body"]
    await put_group(seeker, PersonGroup.MIN_LIVING)
    assert await SeekerGroup.count() == 2


async def test_the_worker_sees_the_own_groups_and_takes_one_back(sit_down):
    worker = await put_worker(sit_down)
    await put_group(worker.ref.id, PersonGroup.RELEASED, "wu")
    page = await worker.visitor.reads("/me/profile")
    assert "刑满释放" in page.words("main")
    page = await worker.visitor.reads("/me/groups")
    group = page.select_one("input[name=group]")["value"]
    page = await worker.visitor.reads("/me/consents")
    assert page.select_one('a[href="/me/groups"]')
    page = await worker.visitor.reads("/me/data")
    assert "刑满释放" in page.words("main")
    await worker.visitor.sends("/me/groups/withdrawal", page="/me/groups", group=group)
    assert await held_groups(worker.ref.id) == set()
    row = await SeekerGroup.select(SeekerGroup.ended_reason, SeekerGroup.ended_by).first()
    assert (row["ended_reason"], row["ended_by"]) == ("本人撤回同意", worker.actor.id)


async def test_nobody_takes_back_what_is_somebody_elses(sit_down):
    worker = await put_worker(sit_down)
    await put_group(worker.ref.id, PersonGroup.DISABLED)
    other = await put_group(await put_seeker("Q26015000999"), PersonGroup.VETERAN)
    await worker.visitor.reads("/me/groups")
    await worker.visitor.sends("/me/groups/withdrawal", status=404, group=str(other))
    await worker.visitor.sends("/me/groups/withdrawal", page="/me/groups", status=404, group="x")
    assert await SeekerGroup.count().where(SeekerGroup.ended_at.is_null()) == 2


async def test_leaving_ends_every_group(house):
    seeker = await put_seeker()
    await put_group(seeker, PersonGroup.VETERAN)
    await close(seeker, actor=PEOPLE["chen"], by_proxy=True)
    row = await SeekerGroup.select().first()
    assert row["ended_at"] is not None
    assert row["ended_reason"] == "登记已注销"


async def test_of_somebody_anonymous_only_the_kind_stays(house):
    seeker = await put_seeker()
    await put_group(seeker, PersonGroup.VETERAN)
    await blank_groups(seeker, actor=PEOPLE["wu"])
    row = await SeekerGroup.select().first()
    assert (row["kind"], row["proof"], row["ended_reason"]) == ("VETERAN", "", "已匿名处理")


async def test_merged_records_keep_each_group_once(house):
    keep, drop = await put_seeker(), await put_seeker("Q26015000999")
    await put_group(keep, PersonGroup.VETERAN)
    await put_group(drop, PersonGroup.VETERAN)
    await put_group(drop, PersonGroup.DISABLED)
    await merge_seekers(keep, drop, "同一个人，证件一样", actor=PEOPLE["wu"])
    assert await held_groups(keep) == {PersonGroup.VETERAN, PersonGroup.DISABLED}
    assert await held_groups(drop) == set()
    live = Consent.select(Consent.id).where(Consent.withdrawn_at.is_null())
    assert await SeekerGroup.count().where(SeekerGroup.ended_at.is_null(), SeekerGroup.consent.is_in(live)) == 2


def some(figures: dict) -> dict:
    return {group.value: n for group, n in figures.items() if n}


async def test_figures_count_by_group_and_compute_the_age(house):
    today = date(2026, 12, 1)
    job = await put_job("G261201-010001")
    seeker = await put_seeker()
    await Seeker.update({Seeker.gender: "F", Seeker.birth_date: date(1986, 12, 1)}).where(Seeker.id == seeker)
    young = await put_seeker("Q26015000999")
    await Seeker.update({Seeker.gender: "M", Seeker.birth_date: date(1976, 12, 2)}).where(Seeker.id == young)
    await put_group(seeker, PersonGroup.DISABLED)
    await put_group(young, PersonGroup.DISABLED)
    await put_group(young, PersonGroup.VETERAN)
    for number, who in (("T26120100001", seeker), ("T26120100002", young)):
        await put_placement(await put_referral(number, job, who), job, who)
    everything = {"DISABLED": 2, "VETERAN": 1, "AGE_4050": 1}
    for count in (registered_by_group, referred_by_group, placed_by_group):
        assert some(await count([LAKE], today, today)) == everything
        assert some(await count([LAKE, LING], date(2026, 1, 1), date(2026, 12, 31))) == everything
        assert some(await count([LING], today, today)) == {}
        assert some(await count([LAKE], date(2026, 11, 1), date(2026, 11, 30))) == {}
        assert some(await count([], today, today)) == {}
    assert some(await trained_by_group([LAKE], today, today)) == {}


async def test_what_ended_before_or_was_a_mistake_is_not_counted(clerk):
    seeker = await put_seeker()
    group = await put_group(seeker, PersonGroup.VETERAN)
    mistake = await put_group(seeker, PersonGroup.DISABLED)
    await clerk.sends(ENDED, page=GROUPS, group=str(group), why="OVER")
    await clerk.sends(ENDED, page=GROUPS, group=str(mistake), why="MISTAKE")
    job = await put_job("G261201-010001")
    with at(MORNING + timedelta(days=3)):
        referral = await put_referral("T26120400001", job, seeker)
        await put_placement(referral, job, seeker, started_on=date(2026, 12, 4))
    month = (date(2026, 12, 1), date(2026, 12, 31))
    assert some(await registered_by_group([LAKE], *month)) == {"VETERAN": 1}
    assert some(await referred_by_group([LAKE], *month)) == {}
    assert some(await placed_by_group([LAKE], *month)) == {}
