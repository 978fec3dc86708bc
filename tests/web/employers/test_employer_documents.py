"""Documents at the desk: what verification needs, copies and originals, and who looks at them."""

import io
from datetime import date, timedelta

import pytest
from PIL import Image

from db.clock import at
from db.queries.employer_documents import documents_of
from db.queries.employers import employer_facts
from db.tables.employers import EmployerDecision, EmployerDocument
from db.tables.journal import JournalEntry
from rules.codes import EmployerKind, EmployerState
from tests.web.conftest import MORNING
from tests.web.employers.test_employer_page import PAPERS
from tests.web.posts_scene import PERSON, put_employer


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "PNG")
    return out.getvalue()


def licence(body: bytes | None = None) -> dict:
    return {"scan": ("licence.png", picture() if body is None else body, "image/png")}


async def test_nothing_is_verified_without_its_documents(clerk):
    id = await put_employer(verified=False)
    page = await clerk.sends(
        f"/desk/employers/{id}/verification", status=422, page=f"/desk/employers/{id}", method="DOCUMENT", seen=["LICENCE"]
    )
    assert "授权委托书还没有" in page.words(".problems")
    assert page.select_one("#seen input[value=LICENCE]").has_attr("checked")
    assert page.select_one("#verify-method option[selected]")["value"] == "DOCUMENT"
    assert (await employer_facts(id)).state is EmployerState.PENDING
    assert not await EmployerDocument.exists()


async def test_what_was_seen_and_decided_stands_on_the_page_for_good(clerk):
    id = await put_employer(verified=False)
    await clerk.sends(f"/desk/employers/{id}/verification", page=f"/desk/employers/{id}", method="DOCUMENT", seen=PAPERS)
    page = await clerk.reads(f"/desk/employers/{id}")
    assert page.words().count("看过原件") >= 3
    assert (
        "核验通过 陈小满（驿站工作人员） 证照核验，有效期至2027年6月1日；核对了营业执照或者批准成立文件、经办人身份证、授权委托书"
        in page.words()
    )
    row = await EmployerDecision.select(EmployerDecision.decision, EmployerDecision.method).first()
    assert row == {"decision": "VERIFIED", "method": "DOCUMENT"}


async def test_a_copy_is_kept_sealed_and_every_look_at_it_is_recorded(clerk, officer):
    id = await put_employer(verified=False)
    url = f"/desk/employers/{id}/documents"
    await clerk.sends(
        url,
        page=f"/desk/employers/{id}",
        files=licence(),
        kind="LICENCE",
        number="420100000012345",
        valid_to="2030-01-31",
        original_seen="y",
    )
    page = await clerk.reads(f"/desk/employers/{id}")
    assert "…2345" in page.words()
    assert "420100000012345" not in str(page)
    (row,) = await documents_of(id)
    answer = await clerk.client.post(f"{url}/{row['id']}/opening", data=clerk.filled(f"{url}/{row['id']}/opening"))
    assert answer.status_code == 200
    assert answer.content == picture()
    assert answer.headers["content-disposition"].startswith("attachment")
    kinds = [one["kind"] for one in await JournalEntry.select(JournalEntry.kind).order_by(JournalEntry.id)]
    assert kinds[-2:] == ["EMPLOYER_DOCUMENT_ADDED", "EMPLOYER_DOCUMENT_OPENED"]
    await officer.reads(f"/desk/employers/{id}")
    assert officer.page.select(f'form[action="{url}/{row["id"]}/opening"]')


async def test_who_only_supervises_does_not_open_documents(overseer, sit_down, clerk):
    id = await put_employer(verified=False)
    url = f"/desk/employers/{id}/documents"
    await clerk.sends(url, page=f"/desk/employers/{id}", files=licence(), kind="LICENCE")
    (row,) = await documents_of(id)
    page = await overseer.reads(f"/desk/employers/{id}")
    assert not page.select("form[action$=opening]")
    await overseer.sends(f"{url}/{row['id']}/opening", status=403)


async def test_no_copy_of_an_identity_card_is_taken(clerk):
    id = await put_employer(verified=False)
    page = await clerk.sends(
        f"/desk/employers/{id}/documents",
        status=422,
        page=f"/desk/employers/{id}",
        files=licence(),
        kind="AGENT_ID",
        note="周晓明的",
        original_seen="y",
    )
    assert "不留照片" in page.words("#document-scan-error1")
    assert page.select_one("#document-note")["value"] == "周晓明的"
    assert not await EmployerDocument.exists()


@pytest.mark.parametrize(("body", "said"), [(b"GIF89a", "不是PDF"), (b"", "空的"), (b"\x89PNG\r\n\x1a\nrubbish", "打不开")])
async def test_what_is_no_picture_is_refused_with_the_typing_kept(clerk, body, said):
    id = await put_employer(verified=False)
    page = await clerk.sends(
        f"/desk/employers/{id}/documents", status=422, page=f"/desk/employers/{id}", files=licence(body), kind="LICENCE", number="A123456"
    )
    assert said in page.words("#document-scan-error1")
    assert page.select_one("#document-number")["value"] == "A123456"


async def test_neither_copy_nor_original_is_nothing(clerk):
    id = await put_employer(verified=False)
    page = await clerk.sends(f"/desk/employers/{id}/documents", status=422, page=f"/desk/employers/{id}", kind="LICENCE")
    assert "看过原件" in page.words("#document-scan-error1")


async def test_a_new_licence_takes_the_place_of_the_old_one_which_is_kept(clerk):
    id = await put_employer()
    await clerk.sends(f"/desk/employers/{id}/documents", page=f"/desk/employers/{id}", files=licence(), kind="LICENCE")
    rows = [row for row in await documents_of(id) if row["kind"] == "LICENCE"]
    assert [row["withdrawn_at"] is None for row in rows] == [True, False]
    page = await clerk.reads(f"/desk/employers/{id}")
    assert "换成了新的一份" in page.words()


async def test_to_verify_again_the_documents_are_looked_at_again(sit_down):
    id = await put_employer()
    url = f"/desk/employers/{id}"
    with at(MORNING + timedelta(days=181)):
        clerk = await sit_down("chen")
        page = await clerk.sends(f"{url}/verification", status=422, page=url, method="VISIT")
        assert "授权委托书还没有核对" in page.words(".problems")
        assert [tick["value"] for tick in page.select("#seen input")] == PAPERS
        await clerk.sends(f"{url}/verification", seen=PAPERS)
        assert (await employer_facts(id)).verified_until == date(2027, 11, 30)
        assert await EmployerDocument.count().where(EmployerDocument.withdrawn_at.is_null()) == 3


async def test_a_withdrawn_document_is_asked_for_again(clerk):
    id = await put_employer()
    row = next(row for row in await documents_of(id) if row["kind"] == "AUTHORISATION")
    url = f"/desk/employers/{id}/documents/{row['id']}/withdrawal"
    page = await clerk.sends(url, status=422, page=f"/desk/employers/{id}", reason="旧")
    assert "至少5个字" in page.words(".problems")
    await clerk.sends(url, reason="经办人已经离职")
    page = await clerk.reads(f"/desk/employers/{id}")
    assert page.select_one("#seen input[value=AUTHORISATION]")
    await clerk.sends(url, status=422, reason="经办人已经离职", page=f"/desk/employers/{id}")


async def test_another_stations_documents_do_not_exist(stranger, clerk):
    id = await put_employer()
    (row, *_) = await documents_of(id)
    other = await put_employer(who="lin")
    for path in ("check", "withdrawal", "opening"):
        await stranger.sends(
            f"/desk/employers/{id}/documents/{row['id']}/{path}", status=404, page=f"/desk/employers/{other}", reason="随便写的原因"
        )
        await stranger.sends(
            f"/desk/employers/{other}/documents/{row['id']}/{path}", status=404, page=f"/desk/employers/{other}", reason="随便写的原因"
        )
    await stranger.sends(f"/desk/employers/{id}/documents", status=404, page="/desk/employers/new", kind="LICENCE", original_seen="y")


async def test_officers_do_not_take_documents_in(officer, house):
    id = await put_employer()
    await officer.reads(f"/desk/employers/{id}")
    await officer.sends(f"/desk/employers/{id}/documents", status=403, kind="LICENCE", original_seen="y")


async def test_a_household_shows_its_card_and_nothing_else(clerk):
    id = await put_employer(verified=False, kind=EmployerKind.INDIVIDUAL, id_type="01", id_number=PERSON, name="王芳")
    page = await clerk.reads(f"/desk/employers/{id}")
    assert [tick["value"] for tick in page.select("#seen input")] == ["OWNER_ID"]
    await clerk.sends(f"/desk/employers/{id}/verification", method="DOCUMENT", seen=["OWNER_ID"])
    assert (await employer_facts(id)).state is EmployerState.VERIFIED
