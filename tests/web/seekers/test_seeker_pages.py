"""The list, the page of one seeker, the live look at a document, the confirmation and the printed form."""

from datetime import date

from db.tables.journal import JournalEntry
from db.tables.seekers import Seeker
from rules.codes import Slot
from rules.journal import EventKind
from rules.seekers import UNDER_16

FORM, ONE = "/desk/seekers/new", "/desk/seekers/Q26015000001"
FRAGMENT = {"HX-Request": "true"}


async def register(clerk, registration, **changes):
    await clerk.sends("/desk/seekers", page=FORM, **registration(**changes))


async def looks_at(clerk, **fields):
    """What the page shows while the clerk types, before anything is saved."""
    await clerk.reads(FORM)
    fields = {"csrf_token": clerk.page.select_one("input[name=csrf_token]")["value"], "id_type": "01", **fields}
    response = await clerk.client.post("/desk/seekers/identity", data=fields, headers=FRAGMENT)
    assert response.status_code == 200
    return response.text


async def test_the_document_tells_birth_date_and_age_before_saving(clerk):
    text = await looks_at(clerk, id_number="420199197803129017")
    assert "1978年3月12日生，48周岁，男" in text
    assert await Seeker.count() == 0


async def test_the_live_look_names_what_must_be_asked(clerk):
    assert "要问养老金" in await looks_at(clerk, id_number="420199197212019166")
    assert "要填监护人" in await looks_at(clerk, id_number="42019920091105909X")
    assert UNDER_16 in await looks_at(clerk, id_number="420199201101209118")
    assert "第18位不对" in await looks_at(clerk, id_number="420199197803129018")
    assert "手机号应为11位" in await looks_at(clerk, phone="1990000")


async def test_a_duplicate_is_shown_before_saving_with_a_link(clerk, registration):
    await register(clerk, registration)
    text = await looks_at(clerk, id_number="４２０１９９１９７８０３１２９０１７")
    assert "证件登记过" in text
    assert f'href="{ONE}"' in text
    text = await looks_at(clerk, phone="199 0000 0101")
    assert "电话登记过" in text
    assert 'name="phone_shared"' in text


async def test_another_station_learns_no_name_and_gets_no_link(clerk, stranger, registration):
    await register(clerk, registration)
    text = await looks_at(stranger, id_number="420199197803129017")
    assert "周*生" in text
    assert "金银湖零工驿站" in text
    assert "周水生" not in text
    assert ONE not in text
    page = await stranger.sends("/desk/seekers", page=FORM, status=422, **registration())
    assert "027-83000015" in page.words(".problems")


async def test_without_javascript_the_look_is_the_whole_page_with_the_typing(clerk):
    await clerk.reads(FORM)
    page = await clerk.sends("/desk/seekers/identity", status=200, page=FORM, id_number="420199197803129017", name="周水生")
    assert "48周岁" in page.words("#identity")
    assert page.select_one("#name")["value"] == "周水生"


async def test_the_list_narrows_by_trade_state_name_number_and_phone_tail(clerk, registration):
    await register(clerk, registration)
    for query in (
        "",
        "trade=C06",
        "state=ACTIVE",
        "word=周水",
        "word=Q26015000001",
        "word=0101",
        "word=19900000101",
        "trade=junk&page=abc&after=junk",
    ):
        assert "周水生" in (await clerk.reads(f"/desk/seekers?{query}")).words("#seekers"), query
    for query in ("trade=A01", "state=CLOSED", "word=李", "word=9999", "word=%25"):
        assert "没有找到" in (await clerk.reads(f"/desk/seekers?{query}")).words(".empty"), query


async def test_an_empty_list_says_what_to_do(clerk):
    assert "求职登记" in (await clerk.reads("/desk/seekers")).words(".empty")


async def test_the_list_pages_and_masks(clerk, registration, house):
    from tests.web.rows import put_seeker

    for n in range(52):
        await put_seeker(f"Q26015{n + 100:06d}", name=f"零工{n:02d}")
    page = await clerk.reads("/desk/seekers")
    assert len(page.select("#seekers tbody tr")) == 50
    page = await clerk.reads(page.select_one("a[rel=next]")["href"])
    assert [row.select("td")[1].text for row in page.select("#seekers tbody tr")] == ["零工01", "零工00"]
    await register(clerk, registration)
    page = await clerk.reads("/desk/seekers", fragment=True)
    assert "199****0101" in page.words("#seekers")
    assert page.select("h1") == []


async def test_somebody_dormant_is_woken_with_one_key(clerk, registration):
    await register(clerk, registration)
    await Seeker.update({Seeker.confirmed_on: date(2026, 8, 1)}).where(Seeker.number == "Q26015000001")
    page = await clerk.reads(ONE)
    assert "休眠" in page.words("h1")
    assert "已超过90天没有联系" in page.words(".note")
    assert "周水生" in (await clerk.reads("/desk/seekers?state=DORMANT")).words("#seekers")
    page = await clerk.follows(await clerk.sends(f"{ONE}/confirmation", page=ONE))
    assert "求职中" in page.words("h1")
    assert (await Seeker.select().first())["confirmed_on"] == date(2026, 12, 1)
    assert await JournalEntry.count().where(JournalEntry.kind == EventKind.SEEKER_CONFIRMED.value) == 1


async def test_the_page_shows_consent_and_no_whole_number(clerk, registration):
    await register(clerk, registration)
    page = await clerk.reads(ONE)
    assert "求职登记：本人在纸质告知书上签名" in page.words()
    assert "周一至周五上午、下午" in page.words()
    assert "1978年" not in page.words()
    assert "****0001" in page.words()


async def test_the_printed_form_says_what_was_registered(clerk, registration, quick_printer):
    await register(clerk, registration, name="王䶮")
    await clerk.fetches(f"{ONE}/form.pdf")
    template, paper = quick_printer.printed[0]
    assert (template, paper.name, paper.id_number) == ("seeker_form", "王䶮", "420199197803129017")
    assert (0, Slot.MORNING) in paper.free_slots
    assert paper.certificates == (("叉车司机证（N1）", "TS6LWUH0001", "2028年5月31日"),)
    await clerk.fetches(f"{ONE}/form.pdf")
    assert len(quick_printer.printed) == 1
    assert await JournalEntry.count().where(JournalEntry.kind == EventKind.REVEALED.value) == 0


async def test_printing_on_a_later_day_is_noted_in_the_journal(clerk, registration, quick_printer):
    from datetime import UTC, datetime

    await register(clerk, registration)
    await Seeker.update({Seeker.created_at: datetime(2026, 11, 20, 1, 0, tzinfo=UTC)}).where(Seeker.number == "Q26015000001")
    await clerk.fetches(f"{ONE}/form.pdf")
    assert await JournalEntry.count().where(JournalEntry.kind == EventKind.REVEALED.value) == 1


async def test_another_station_cannot_tell_that_the_seeker_exists(clerk, stranger, registration):
    await register(clerk, registration)
    await stranger.reads(ONE, status=404)
    await stranger.reads(f"{ONE}/form.pdf", status=404)
    await stranger.sends(f"{ONE}/confirmation", page="/desk/account", status=404)
    assert "周水生" not in str(await stranger.reads("/desk/seekers"))


async def test_lawyers_and_officers_have_no_access(clerk, lawyer, officer, overseer, registration):
    await register(clerk, registration)
    for visitor in (lawyer, officer, overseer):
        await visitor.reads(ONE, status=403)
        await visitor.reads(f"{ONE}/form.pdf", status=403)
        await visitor.sends(f"{ONE}/confirmation", page="/desk/account", status=403)
        await visitor.sends("/desk/seekers", page="/desk/account", status=403, **registration(phone="19900000999"))
    assert await Seeker.count() == 1
