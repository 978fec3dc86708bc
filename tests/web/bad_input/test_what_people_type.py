"""Single mistakes at the counter, each in one sentence: what comes back, and what is kept."""

import json
import subprocess

import pytest

from db.paging import cursor
from db.tables.agreements import SignedScan
from db.tables.employers import Employer
from db.tables.jobs import Job
from db.tables.seekers import Seeker
from db.vault import vault
from tests.visitor import path_of
from tests.web.bad_input.forms_seen import FormSeen
from tests.web.bad_input.payloads import END_OF_SCRIPT, JUNK_PAGES, TOO_LONG
from tests.web.bad_input.test_every_form import HOUSEHOLD, NEWCOMER
from tests.web.posts_scene import FORM, put_employer, put_published
from tests.web.seekers.conftest import typed

LISTS = (
    *("/desk", "/desk/employers", "/desk/jobs", "/desk/jobs/new", "/desk/reviews", "/desk/seekers", "/desk/referrals"),
    *(
        "/desk/agreements",
        "/desk/placements",
        "/desk/journal",
        "/desk/accounts",
        "/desk/boards",
        "/jobs",
        "/",
        "/stations",
        "/sitemap.xml",
        "/supervision",
    ),
)


async def post(clerk, status=422, **fields):
    employer = await put_employer()
    return await clerk.sends("/desk/jobs", status=status, page=f"/desk/jobs/new?employer={employer}", **{**FORM, **fields})


async def seeker(clerk, status=422, **fields):
    return await clerk.sends("/desk/seekers", status=status, page="/desk/seekers/new", **{**typed(), **fields})


async def test_a_wrong_check_digit_comes_back_beside_its_field(clerk):
    page = await seeker(clerk, id_number="420199197803129018")
    assert "第18位不对" in page.words("#id_number-error1")
    assert page.select_one("#id_number")["value"] == "420199197803129018"
    assert page.select_one("#skills")["value"] == "搬运10年，叉车"


async def test_a_fifteen_digit_number_is_kept_as_the_new_one_and_a_wrong_one_is_explained(clerk):
    page = await seeker(clerk, id_number="420199781312901")
    assert page.words(".problems")
    assert page.select_one("#id_number")["value"] == "420199781312901"
    await seeker(clerk, 303, id_number="420199780312901")
    row = await Seeker.select(Seeker.id, Seeker.id_number).first()
    number = vault().open("seeker.id_number", str(row["id"]), row["id_number"])
    assert (len(number), number[:17]) == (18, "42019919780312901")


async def test_full_width_digits_are_digits(clerk):
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    await seeker(clerk, 303, id_number=typed()["id_number"].translate(wide), phone=typed()["phone"].translate(wide))
    assert await Seeker.count() == 1
    await post(clerk, 303, headcount="５", pay_fen="２２０", start_date="２０２６－１２－０３", start_time="８：００")
    row = await Job.select(Job.headcount, Job.pay_fen).first()
    assert (row["headcount"], row["pay_fen"]) == (5, 22000)


async def test_dates_the_wrong_way_round_are_said_at_the_end_date(clerk):
    page = await post(clerk, start_date="2026-12-04", end_date="2026-12-03", then="submit")
    assert "结束日期" in page.words("#checks")
    assert page.select_one("#end_date")["value"] == "2026-12-03"
    assert not await Job.exists()


async def test_a_clock_that_no_clock_shows_is_not_understood(clerk):
    page = await post(clerk, start_time="99999999999999999999:00", end_time="25:00", pickup_time="8.30")
    for name in ("start_time", "end_time", "pickup_time"):
        assert "请写成 08:30 这样" in page.words(f"#{name}-error1")


@pytest.mark.parametrize("name", ["title", "duties", "landmark", "exact_address", "contact_phone", "remarks"])
async def test_ten_thousand_characters_say_how_many_are_too_many(clerk, name):
    page = await post(clerk, **{name: TOO_LONG})
    control = page.select_one(f"#{name}")
    assert (control.get("value") or control.text.removeprefix("\n")) == TOO_LONG
    assert "请删短一些" in page.words(f"#{name}-error1")


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("signed.pdf", b"", "空"),
        ("invoice.pdf", b"MZ\x90\x00" + b"\x00" * 500, "PDF"),
        ("page.jpg", b"<html><script>alert(1)</script>", "PDF"),
    ],
)
async def test_a_scan_that_is_none_is_refused_by_its_content(clerk, desk, name, body, words):
    url = f"/desk/agreements/{desk.printed}"
    before = await SignedScan.count()
    page = await clerk.sends(f"{url}/scan", status=422, page=url, signatures_seen="y", files={"scan": (name, body, "application/pdf")})
    assert words in page.words(".problems")
    assert await SignedScan.count() == before


async def test_a_scan_of_fifty_megabytes_is_too_large(clerk, desk):
    url = f"/desk/agreements/{desk.printed}"
    await clerk.reads(url)
    upload = {"scan": ("a.pdf", b"%PDF-" + b"0" * 50_000_000)}
    response = await clerk.client.post(f"{url}/scan", data=clerk.filled(f"{url}/scan"), files=upload)
    assert response.status_code == 413
    assert "最大10 MB" in response.text


async def test_a_big_form_after_sign_out_keeps_every_word(clerk):
    employer = await put_employer()
    await clerk.reads(f"/desk/jobs/new?employer={employer}")
    fields = {**clerk.filled("/desk/jobs"), **FORM, "remarks": '自带手套 "厚的"'}
    signing_out = clerk.filled("/sign-out")
    await clerk.client.post("/sign-out", data=signing_out)
    answer = await clerk.client.post("/desk/jobs", data=fields)
    assert answer.status_code == 401
    kept = FormSeen(answer.text, "/desk/jobs").sent
    sent = {name: value if isinstance(value, list) else [value] for name, value in fields.items()}
    assert {name: values for name, values in kept.items() if name != "csrf_token"} == {
        name: values for name, values in sent.items() if name != "csrf_token"
    }


async def test_unknown_fields_change_nothing(clerk):
    machine = {"state": "PUBLISHED", "station": "1002", "id": "1", "number": "G1", "author": "2002"}
    machine |= {"listed": "1", "verified_on": "2026-12-01"}
    sent = await post(clerk, 303, **machine)
    row = await Job.select().first()
    assert (row["state"], row["station"], row["author"], row["listed"]) == ("DRAFT", 1001, 2001, False)
    assert row["number"] != "G1"
    assert row["id"] != 1
    assert row["verified_on"] is None
    assert path_of(sent) == f"/desk/jobs/{row['number']}"
    machine = {"state": "VERIFIED", "credit": "WATCH", "station": "1002", "created_by": "1"}
    await clerk.sends("/desk/employers", page="/desk/employers/new", **HOUSEHOLD, **machine)
    row = await Employer.select().order_by(Employer.id, ascending=False).first()
    assert (row["state"], row["station"], row["created_by"]) == ("PENDING", 1001, 2001)
    await clerk.sends("/desk/seekers", page="/desk/seekers/new", **NEWCOMER, station="1002", state="CLOSED", number="Q1")
    row = await Seeker.select().first()
    assert (row["state"], row["station"]) == ("ACTIVE", 1001)
    assert row["number"] != "Q1"


@pytest.mark.parametrize("url", LISTS)
async def test_junk_in_the_address_of_a_list_asks_nothing(manager, officer, url):
    person = officer if url == "/supervision" else manager
    forged = [cursor("\ud800"), cursor("\x00", 1), cursor(2**63 - 1), cursor("9999-99-99", 1), cursor("\ud800", 1)]
    asked = [(name, junk) for name in ("page", "after") for junk in (*JUNK_PAGES, *forged)]
    asked += [(name, junk) for name in ("month", "state", "trade", "word", "q", "day", "kind", "version") for junk in ("%_\\'", "9" * 30)]
    for name, junk in asked:
        response = await person.client.get(url, params={name: junk})
        assert response.status_code == 200, f"{url}?{name}={junk}"


async def test_a_script_in_a_post_is_only_text_on_every_page_and_paper(clerk, passer_by, real_printer):
    ref = await put_published(title=f"搬运{END_OF_SCRIPT}", duties=f"搬箱子，每箱最重15公斤。{END_OF_SCRIPT}", landmark="<b>地铁</b>")
    page = await passer_by.reads(f"/jobs/{ref.number}")
    assert END_OF_SCRIPT in page.words("h1")
    assert "alert" not in "".join(tag.text for tag in page.select("script:not([type])"))
    posting = json.loads(page.select_one('script[type="application/ld+json"]').text)
    assert END_OF_SCRIPT in posting["description"]
    for url in ("/jobs", f"/desk/jobs/{ref.number}", f"/desk/jobs/{ref.number}/edit"):
        assert "<script>alert" not in str(await clerk.reads(url)).replace("&lt;script&gt;", ""), url
    poster = await passer_by.fetches(f"/jobs/{ref.number}/poster.pdf")
    order = await clerk.fetches(f"/desk/jobs/{ref.number}/form.pdf")
    for pdf in (poster.content, order.content):
        assert "<script>alert(1)</script>" in read_back(pdf)
        assert b"/JavaScript" not in pdf


async def test_a_script_in_a_person_is_only_text_on_the_papers(clerk, desk, real_printer):
    name = "<script>x</script>"
    sent = await clerk.sends("/desk/seekers", page="/desk/seekers/new", **{**NEWCOMER, "name": name})
    one = path_of(sent)
    assert name in (await clerk.reads(one)).words("h1")
    form = await clerk.fetches(f"{one}/form.pdf")
    assert name in read_back(form.content)
    edit = f"/desk/agreements/{desk.drafted}/edit"
    await clerk.sends(edit, page=edit, special_terms="<script>x</script><img src=x onerror=y>")
    url = f"/desk/agreements/{desk.drafted}"
    await clerk.sends(f"{url}/paper", page=url)
    paper = await clerk.fetches(f"{url}/paper.pdf")
    assert "<script>x</script><imgsrc=xonerror=y>" in read_back(paper.content)


def read_back(pdf: bytes) -> str:
    """The text of a PDF without white space."""
    told = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return "".join(told.stdout.decode().split())
