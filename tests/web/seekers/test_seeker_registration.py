"""求职登记 at the counter: what is kept, what is refused, and that of a child nothing is kept."""

import logging

from db.queries.seekers import duplicates
from db.tables.journal import JournalEntry
from db.tables.parameters import Counter
from db.tables.seekers import Consent, RefusalCount, Seeker, SeekerCertificate, SeekerTrade
from rules.journal import EventKind
from rules.seekers import NOTICE_VERSION, UNDER_16
from tests.visitor import path_of

CHILD = "420199201101209118"
FORM = "/desk/seekers/new"


async def test_a_walk_in_is_registered_and_can_be_found(clerk, registration):
    answer = await clerk.sends("/desk/seekers", page=FORM, **registration())
    assert path_of(answer) == "/desk/seekers/Q26015000001"
    page = await clerk.follows(answer)
    assert "周水生" in page.words("h1")
    row = await Seeker.select().first()
    assert (row["birth_date"].isoformat(), row["gender"], row["state"]) == ("1978-03-12", "M", "ACTIVE")
    assert {each["trade"] for each in await SeekerTrade.select()} == {"C01", "C06"}
    assert (await SeekerCertificate.select().first())["valid_to"].isoformat() == "2028-05-31"


async def test_numbers_are_sealed_at_rest_and_masked_on_the_page(clerk, registration):
    page = await clerk.follows(await clerk.sends("/desk/seekers", page=FORM, **registration()))
    row = await Seeker.select().first()
    for secret in ("420199197803129017", "19900000101", "TS6LWUH0001"):
        assert secret not in str(page)
        assert secret not in "".join(str.__str__(value) for value in row.values() if isinstance(value, str))
    assert "420***********9017" in page.words()
    assert "199****0101" in page.words()


async def test_consent_is_kept_in_the_words_of_the_notice(clerk, registration):
    await clerk.sends("/desk/seekers", page=FORM, **registration())
    consent = await Consent.select().first()
    assert consent["notice_version"] == NOTICE_VERSION
    assert "金银湖零工驿站" in consent["wording"]
    assert consent["method"] == "SIGNED_PAPER"


async def test_full_width_digits_and_an_old_15_digit_number_are_understood(clerk, registration):
    await clerk.sends(
        "/desk/seekers", page=FORM, **registration(id_number="４２０１９９７８０３１２９０１", phone="１９９ ００００ ０１０１")
    )
    found = await duplicates(id_number="420199197803129017")
    assert [row["number"] for row in found] == ["Q26015000001"]


async def test_a_child_is_refused_and_nothing_about_it_is_kept(clerk, registration, caplog):
    with caplog.at_level(logging.DEBUG):
        page = await clerk.sends("/desk/seekers", page=FORM, status=422, **registration(id_number=CHILD, name="赵小某", phone=""))
    assert UNDER_16 in page.words(".problems")
    assert "赵小某" not in str(page)
    assert CHILD not in str(page)
    assert await Seeker.count() == 0
    assert await Consent.count() == 0
    assert await Counter.count() == 0
    refused = await RefusalCount.select()
    assert [(row["station"], row["day"].isoformat(), row["refusals"]) for row in refused] == [(1001, "2026-12-01", 1)]
    entry = await JournalEntry.select().where(JournalEntry.kind == EventKind.SEEKER_REFUSED.value).first()
    for trace in (CHILD, "赵小某", "2011"):
        assert trace not in entry["body"]
        assert trace not in caplog.text


async def test_a_child_is_counted_once_per_form_and_again_with_the_next_form(clerk, registration):
    fields = registration(id_number=CHILD)
    await clerk.sends("/desk/seekers", page=FORM, status=422, **fields)
    sent = clerk.last
    await clerk.sends("/desk/seekers", status=422, **sent)
    assert (await RefusalCount.select().first())["refusals"] == 1
    await clerk.sends("/desk/seekers", page=FORM, status=422, **fields)
    assert (await RefusalCount.select().first())["refusals"] == 2


async def test_a_17_year_old_needs_a_guardian(clerk, registration):
    young = registration(id_number="42019920091105909X", name="刘小川", trade1="E01", trade2="F02")
    page = await clerk.sends("/desk/seekers", page=FORM, status=422, **young)
    assert "请填写监护人姓名" in page.words(".problems")
    assert "请取得监护人同意后打勾" in page.words(".problems")
    guardian = {"guardian_name": "刘大川", "guardian_phone": "19900000198", "guardian_consent": "y"}
    await clerk.sends("/desk/seekers", **{**young, **guardian})
    assert {row["purpose"] for row in await Consent.select()} == {"REGISTRATION", "GUARDIAN"}


async def test_near_the_retirement_age_the_pension_must_be_asked(clerk, registration):
    older = registration(id_number="420199197212019166", name="吴秀英", trade1="H02", trade2="")
    page = await clerk.sends("/desk/seekers", page=FORM, status=422, **older)
    assert "养老金" in page.words(".problems")
    await clerk.sends("/desk/seekers", **{**older, "pension": "YES"})
    assert (await Seeker.select().first())["pension"] == "YES"


async def test_everything_missing_is_said_at_once_and_the_typing_is_kept(clerk, registration):
    page = await clerk.sends(
        "/desk/seekers",
        page=FORM,
        status=422,
        **registration(name="", community="", slots=[], trade1="", trade2="", consent=[], pledge=[], skills="会开叉车"),
    )
    listed = page.words(".problems")
    for sentence in ("请填写姓名", "社区", "工种", "能上工的时间", "告知书", "承诺"):
        assert sentence in listed
    assert page.select_one("#skills")["value"] == "会开叉车"
    assert page.select_one("#id_number")["value"] == "420199197803129017"
    assert await Seeker.count() == 0


async def test_a_trade_that_needs_a_licence_needs_it_here(clerk, registration):
    without = registration(certificate1="", certificate1_number="", certificate1_valid_to="")
    page = await clerk.sends("/desk/seekers", page=FORM, status=422, **without)
    assert "叉车须持证上岗" in page.words(".problems")
    page = await clerk.sends("/desk/seekers", page=FORM, status=422, **registration(certificate1_valid_to=""))
    assert "请填写叉车司机证（N1）的到期日" in page.words(".problems")


async def test_an_expired_certificate_is_kept_and_flagged(clerk, registration):
    page = await clerk.follows(await clerk.sends("/desk/seekers", page=FORM, **registration(certificate1_valid_to="2026-06-30")))
    assert "已过期" in page.words()


async def test_a_wrong_check_digit_keeps_the_typing(clerk, registration):
    page = await clerk.sends("/desk/seekers", page=FORM, status=422, **registration(id_number="420199197803129018"))
    assert "第18位不对" in page.words(".problems")
    assert page.select_one("#id_number")["value"] == "420199197803129018"


async def test_junk_comes_back_as_a_sentence(clerk, registration):
    for changes in (
        {"name": "王" * 10_000},
        {"max_km": "很远"},
        {"trade1": "<script>"},
        {"certificate1_valid_to": "明年"},
        {"pension": "也许"},
        {"slots": ["9-AM"]},
        {"id_type": "77"},
        {"phone": "😀"},
    ):
        page = await clerk.sends("/desk/seekers", page=FORM, status=422, **registration(**changes))
        assert page.select(".problems li"), changes
    assert await Seeker.count() == 0


async def test_a_rare_character_is_kept_and_a_script_tag_is_text(clerk, registration):
    await clerk.follows(await clerk.sends("/desk/seekers", page=FORM, **registration(name="王䶮")))
    assert (await Seeker.select().first())["name"] == "王䶮"
    second = registration(id_number="420199198808089258", phone="19900000113", name="<script>alert(1)</script>")
    page = await clerk.follows(await clerk.sends("/desk/seekers", page=FORM, **second))
    assert not page.select("main script")
    assert "<script>alert(1)</script>" in page.words("h1")


async def test_a_double_click_registers_once(clerk, registration):
    first = await clerk.sends("/desk/seekers", page=FORM, **registration())
    again = await clerk.sends("/desk/seekers", **clerk.last)
    assert path_of(first) == path_of(again)
    assert await Seeker.count() == 1


async def test_the_same_document_is_refused_with_a_link(clerk, registration):
    await clerk.sends("/desk/seekers", page=FORM, **registration())
    page = await clerk.sends("/desk/seekers", page=FORM, status=422, **registration(phone="19900000999"))
    assert "已经登记过" in page.words(".problems")
    assert page.select_one("#identity a")["href"] == "/desk/seekers/Q26015000001"
    assert await Seeker.count() == 1


async def test_a_shared_phone_must_be_looked_at(clerk, registration):
    await clerk.sends("/desk/seekers", page=FORM, **registration())
    wife = registration(id_number="420199199002149121", name="孙玉兰", trade1="A04", trade2="")
    page = await clerk.sends("/desk/seekers", page=FORM, status=422, **wife)
    assert "这个电话已登记给周水生" in page.words(".problems")
    await clerk.sends("/desk/seekers", **{**wife, "phone_shared": "y"})
    assert await Seeker.count() == 2


async def test_a_document_without_a_birth_date_asks_for_it(clerk, registration):
    passport = registration(id_type="07", id_number="E12345678")
    page = await clerk.sends("/desk/seekers", page=FORM, status=422, **passport)
    assert "请照证件填写出生日期" in page.words(".problems")
    assert page.select_one("#birth_date") is not None
    child = {**passport, "birth_date": "2012-01-01"}
    page = await clerk.sends("/desk/seekers", page=FORM, status=422, **child)
    assert UNDER_16 in page.words(".problems")
    await clerk.sends("/desk/seekers", page=FORM, **{**passport, "birth_date": "1990-01-01"})
    assert (await Seeker.select().first())["birth_date"].isoformat() == "1990-01-01"


async def test_the_registration_is_in_the_journal_without_the_person(clerk, registration):
    await clerk.sends("/desk/seekers", page=FORM, **registration())
    entry = await JournalEntry.select().where(JournalEntry.kind == EventKind.SEEKER_REGISTERED.value).first()
    for trace in ("周水生", "19900000101", "420199197803129017"):
        assert trace not in entry["body"]
    assert "Q26015000001" in entry["body"]


async def test_who_may_not_register(lawyer, officer, overseer, passer_by, registration):
    for visitor in (lawyer, officer, overseer):
        await visitor.reads(FORM, status=403)
        await visitor.reads("/desk/seekers", status=403)
    await passer_by.reads(FORM, status=303)


async def test_a_suspended_station_does_not_register(clerk, registration):
    from db.tables.stations import Station

    await Station.update({Station.state: "SUSPENDED"}).where(Station.id == 1001)
    page = await clerk.sends("/desk/seekers", page=FORM, status=422, **registration())
    assert "停业整改" in page.words(".problems")


async def test_a_phone_is_found_without_standing_in_an_address(clerk):
    page = await clerk.reads("/desk/seekers")
    assert page.select_one("form.filter")["method"] == "post"
    found = await clerk.sends("/desk/seekers/search", status=200, word="199 0000 0999", trade="", state="")
    assert "19900000999" not in "".join(link["href"] for link in found.select("a[href]"))
    answer = await clerk.sends("/desk/seekers/search", page="/desk/seekers", word="周水生", trade="", state="")
    assert answer.headers["location"].startswith("/desk/seekers?word=")
