"""Whatever somebody types into the forms of imports and exports, the answer is a page in Chinese, never a fault."""

import pytest

from db.tables.transfers import Export, Import
from tests.web.bad_input.payloads import PAYLOADS
from tests.web.rows import put_job


@pytest.mark.parametrize("field", ["purpose", "note", "word", "state"])
async def test_asking_for_an_export_with_anything_typed(clerk, field):
    await put_job("G261201-010001")
    fields = {"list": "jobs", "purpose": "WORK"}
    for payload in PAYLOADS:
        await clerk.reads("/desk/exports/new?list=jobs")
        values = {**clerk.filled("/desk/exports"), **fields, field: payload}
        answer = await clerk.client.post("/desk/exports", data=values)
        assert answer.status_code in (303, 400, 422), f"{field}={payload!r}: {answer.status_code}"
        await Export.delete(force=True)


async def test_an_upload_without_a_file_or_as_plain_fields_asks_for_the_file(clerk):
    await clerk.reads("/desk/imports")
    await clerk.sends("/desk/imports", status=422)
    assert "请先选择填好的表" in clerk.page.words(".problems")
    await clerk.sends("/desk/imports", status=422, kind="nothing")
    assert "请在列表里选择登记什么" in clerk.page.words(".problems")
    await clerk.sends("/desk/imports", status=422, files={"workbook": ("", b"", "text/plain")})
    assert await Import.count() == 0


@pytest.mark.parametrize("query", ["after=junk", "after=WzFd", "after=" + "A" * 300, "list=jobs&after=x"])
async def test_junk_cursors_show_the_first_page(clerk, query):
    await clerk.reads(f"/desk/imports?{query}")
    await clerk.reads(f"/desk/exports?{query}")


@pytest.mark.parametrize("id", ["0", "-1", "99999999999999999999", "1e5", "x"])
async def test_records_that_cannot_be_are_404(clerk, id):
    await clerk.reads(f"/desk/imports/{id}", status=404)
    await clerk.reads(f"/desk/exports/{id}", status=404)
    await clerk.reads(f"/desk/imports/{id}/result.xlsx", status=404)
