"""小陈 brings a list of seekers who signed the notice on paper: tried first, then confirmed, nobody twice."""

from db.queries.imports import opened_result
from db.tables.journal import JournalEntry
from db.tables.seekers import Consent, RefusalCount, Seeker
from db.tables.transfers import Import
from tests.visitor import path_of
from tests.web.imports.sheets import cells, filled, identity, seeker
from web.import_runs import unpacked


async def test_the_template_can_be_filled_in_and_comes_back_as_registered_seekers(clerk, uploads, confirms, tiles):
    answer = await clerk.fetches("/desk/imports/templates/seekers.xlsx")
    assert answer.content.startswith(b"PK")
    page = await uploads(clerk, "seekers", filled("seekers", [seeker(n) for n in range(1, 8)]))
    assert tiles(page)["可以登记"] == 7, page.words("main")
    assert await Seeker.count() == 0, "a dry run registers nobody"
    url = page.select_one("form[action$='/confirmation']")["action"].removesuffix("/confirmation")
    page = await confirms(clerk, url)
    assert tiles(page)["已登记"] == 7
    rows = await Seeker.select(Seeker.name, Seeker.source, Seeker.state, Seeker.original_seen, Seeker.station, Seeker.created_by)
    assert {(row["source"], row["state"], row["original_seen"], row["station"]) for row in rows} == {("IMPORT", "ACTIVE", True, 1001)}
    assert {row["created_by"] for row in rows} == {clerk.account.id}
    assert await Consent.count() == 7
    kinds = [row["kind"] for row in await JournalEntry.select(JournalEntry.kind).order_by(JournalEntry.seq)]
    assert kinds[:3] == ["IMPORT_UPLOADED", "IMPORT_CHECKED", "IMPORT_CONFIRMED"]
    assert kinds[3:] == ["SEEKER_REGISTERED"] * 7 + ["IMPORT_ENDED"]


async def test_the_example_row_of_the_template_is_skipped(clerk, uploads, tiles):
    page = await uploads(clerk, "seekers", filled("seekers", [seeker(1)], example=True))
    assert tiles(page)["读了几行"] == 1


async def test_new_duplicate_and_wrong_rows_are_told_apart_with_the_reason(clerk, uploads, confirms, tiles):
    page = await uploads(clerk, "seekers", filled("seekers", [seeker(1)]))
    await confirms(clerk, path_of_page(page))
    rows = [
        seeker(1),
        seeker(2),
        seeker(2, phone="19955555555"),
        seeker(3, phone=seeker(2)["phone"]),
        seeker(4, phone=seeker(2)["phone"], phone_shared="是"),
        seeker(5, consent=""),
        seeker(6, trade1="宇航员"),
        seeker(7, id_number="420199197803129018"),
        seeker(8, slots="明天"),
    ]
    page = await uploads(clerk, "seekers", filled("seekers", rows))
    assert tiles(page) == {"读了几行": 9, "可以登记": 2, "重复，不登记": 3, "有错": 4, "未满16周岁，不予登记": 0}
    words = page.words("main")
    assert "这个证件已经登记过" in words
    assert "和第4行是同一个证件" in words
    assert "与别人共用电话" in words
    assert "请本人看过（或者听您读过）告知书并同意后打勾" in words
    assert "工种1没有“宇航员”这一项" in words
    assert "能上工的时间没看懂" in words
    assert seeker(2)["id_number"] not in words
    assert seeker(2)["phone"] not in words


def path_of_page(page) -> str:
    return page.select_one("form[action$='/cancellation']")["action"].removesuffix("/cancellation")


async def test_the_result_workbook_says_it_in_the_cell_and_can_be_corrected_and_uploaded_again(clerk, uploads, confirms, tiles):
    import io

    import openpyxl

    page = await uploads(clerk, "seekers", filled("seekers", [seeker(1), seeker(2, community="")]))
    url = path_of_page(page)
    body = (await clerk.fetches(f"{url}/result.xlsx")).content
    rows = cells(body)
    assert rows[0]["结果"] == "第3行：可以登记"
    assert rows[1]["结果"] == "第4行：有错，没有登记"
    assert rows[1]["原因"] == "社区或村：请填写居住的社区或者村，不用写门牌。"
    book = openpyxl.load_workbook(io.BytesIO(body))
    sheet = book.worksheets[0]
    place = next(cell.column for cell in sheet[1] if str(cell.value).startswith("社区或村"))
    assert "请填写居住的社区" in sheet.cell(3, place).comment.text
    assert sheet.cell(3, place).fill.fgColor.rgb.endswith("FFD9D9")
    await confirms(clerk, url)
    wrong = (await clerk.fetches(f"{url}/result.xlsx?only=wrong")).content
    book = openpyxl.load_workbook(io.BytesIO(wrong))
    assert book.worksheets[0].max_row == 2
    book.worksheets[0].cell(2, place).value = "物流园社区"
    out = io.BytesIO()
    book.save(out)
    page = await uploads(clerk, "seekers", out.getvalue())
    assert tiles(page)["可以登记"] == 1
    page = await confirms(clerk, path_of_page(page))
    assert await Seeker.count() == 2
    assert "已登记 Q" in cells((await clerk.fetches(f"{path_of_result(page)}")).content)[0]["结果"]


def path_of_result(page) -> str:
    return page.select_one("a[href$='/result.xlsx']")["href"]


async def test_of_a_child_nothing_stays_but_the_row_number(clerk, uploads, confirms, tiles):
    child = seeker(3, name="小孩子", id_number=identity("42019920150312901"), phone="19911112222", community="孩子住的社区")
    page = await uploads(clerk, "seekers", filled("seekers", [seeker(1), child]))
    assert tiles(page)["未满16周岁，不予登记"] == 1, page.words("main")
    row = await Import.select(Import.id, Import.source).first()
    assert row["source"] == "", "the upload is dropped as soon as it was read"
    kept = unpacked(await opened_result(row["id"]))
    assert [each for each in kept if each["row"] == 4] == [{"row": 4, "state": "child", "cells": {}, "problems": [], "notes": []}]
    body = (await clerk.fetches(f"{path_of_page(page)}/result.xlsx")).content
    assert cells(body)[1] == {"结果": "第4行：未满16周岁，不予登记"}
    assert "小孩子" not in page.words("body")
    assert (await RefusalCount.select(RefusalCount.refusals).first())["refusals"] == 1
    await confirms(clerk, path_of_page(page))
    assert await Seeker.count() == 1


async def test_confirming_twice_registers_once(clerk, uploads, app):
    page = await uploads(clerk, "seekers", filled("seekers", [seeker(n) for n in range(1, 30)]))
    url = path_of_page(page)
    fields = clerk.filled(f"{url}/confirmation")
    await clerk.sends(f"{url}/confirmation", **fields)
    await clerk.sends(f"{url}/confirmation", **fields)
    await app.litestar.state.imports.settled()
    await clerk.reads(url)
    await clerk.sends(f"{url}/confirmation", **{**fields, "form_token": "another-window"})
    await app.litestar.state.imports.settled()
    assert await Seeker.count() == 29
    assert (await Import.select(Import.saved, Import.state).first()) == {"saved": 29, "state": "DONE"}


async def test_a_restart_in_the_middle_goes_on_where_it_stopped(clerk, uploads, app, monkeypatch):
    from web import import_runs

    page = await uploads(clerk, "seekers", filled("seekers", [seeker(n) for n in range(1, 50)]))
    url = path_of_page(page)
    real, calls = import_runs.actions.save_rows, 0

    async def power_cut(*args, **kwargs):
        nonlocal calls
        calls += 1
        if calls == 2:
            raise SystemError("power cut")
        await real(*args, **kwargs)

    monkeypatch.setattr(import_runs.actions, "save_rows", power_cut)
    await clerk.sends(f"{url}/confirmation")
    await app.litestar.state.imports.settled()
    assert await Seeker.count() == 20
    assert (await Import.select(Import.state).first())["state"] == "SAVING"
    monkeypatch.setattr(import_runs.actions, "save_rows", real)
    assert await import_runs.ImportRuns().resume() == 0, "somebody was at it a moment ago"
    await Import.update({Import.beat_at: None}, force=True)
    runs = import_runs.ImportRuns()
    assert await runs.resume() == 1
    await runs.settled()
    assert await Seeker.count() == 49
    assert (await Import.select(Import.saved, Import.state).first()) == {"saved": 49, "state": "DONE"}


async def test_a_restart_during_the_dry_run_reads_it_again(clerk, uploads, app, tiles):
    page = await uploads(clerk, "seekers", filled("seekers", [seeker(n) for n in range(1, 400)]), wait=False)
    await app.litestar.state.imports.stop()
    assert (await Import.select(Import.state).first())["state"] == "CHECKING"
    assert page.select_one("progress") is not None
    assert page.select_one("noscript meta[http-equiv=refresh]") is not None, "the bar moves without JavaScript"
    await Import.update({Import.beat_at: None}, force=True)
    await app.litestar.state.imports.resume()
    await app.litestar.state.imports.settled()
    url = page.select_one("#progress")["hx-get"]
    assert tiles(await clerk.reads(url))["可以登记"] == 399


async def test_cancelling_stops_and_leaves_what_was_registered(clerk, uploads, app):
    page = await uploads(clerk, "seekers", filled("seekers", [seeker(1)]))
    url = path_of_page(page)
    answer = await clerk.sends(f"{url}/cancellation")
    assert path_of(answer) == url
    page = await clerk.reads(url)
    assert page.select_one("form[action$='/confirmation']") is None
    await clerk.sends(f"{url}/confirmation", status=422)
    assert await Seeker.count() == 0


async def test_somebody_registered_at_the_counter_meanwhile_is_not_registered_twice(clerk, uploads, confirms, tiles):
    first = await uploads(clerk, "seekers", filled("seekers", [seeker(1), seeker(2)]))
    second = await uploads(clerk, "seekers", filled("seekers", [seeker(2)]))
    await confirms(clerk, path_of_page(second))
    await clerk.reads(path_of_page(first))
    page = await confirms(clerk, path_of_page(first))
    assert tiles(page)["已登记"] == 1
    assert "有 1 行在登记的时候没有通过" in page.words("main")
    wrong = cells((await clerk.fetches(f"{path_of_page(first)}/result.xlsx?only=wrong")).content)
    assert len(wrong) == 1
    assert "这个证件已经登记过" in wrong[0]["原因"]
    assert await Seeker.count() == 2


async def test_a_number_that_the_spreadsheet_rounded_is_wrong_with_the_reason(clerk, uploads):
    page = await uploads(clerk, "seekers", filled("seekers", [seeker(1, id_number=420199197803129017, phone=19900000101)]))
    assert "这个号码被改成了数字，末几位已经丢了" in page.words("main")


async def test_the_workbook_of_a_colleague_does_not_exist_for_others(clerk, reviewer, stranger, uploads):
    page = await uploads(clerk, "seekers", filled("seekers", [seeker(1)]))
    url = path_of_page(page)
    for other in (reviewer, stranger):
        await other.reads("/desk/imports")
        await other.reads(url, status=404)
        await other.reads(f"{url}/result.xlsx", status=404)
        for step in ("confirmation", "cancellation"):
            await other.sends(f"{url}/{step}", page="/desk/imports", status=404)
    assert await Seeker.count() == 0


async def test_only_staff_of_a_station_may_import(officer, lawyer):
    for person in (officer, lawyer):
        await person.reads("/desk/imports", status=403)
        await person.reads("/desk/imports/templates/seekers.xlsx", status=403)


async def test_the_fragment_alone_says_how_far_it_is(clerk, uploads):
    page = await uploads(clerk, "seekers", filled("seekers", [seeker(1)]))
    part = await clerk.reads(path_of_page(page), fragment=True)
    assert part.select_one("#progress") is not None
    assert part.select_one("h1") is None


async def test_what_was_kept_goes_after_a_week(clerk, uploads, confirms):
    from datetime import timedelta

    from db.clock import at, now
    from web.import_runs import ImportRuns

    first = path_of_page(await uploads(clerk, "seekers", filled("seekers", [seeker(1)])))
    await confirms(clerk, first)
    await uploads(clerk, "seekers", filled("seekers", [seeker(2, community="")]))
    with at(now() + timedelta(days=8)):
        await ImportRuns().resume()
    rows = await Import.select(Import.state, Import.result, Import.findings).order_by(Import.id)
    assert rows == [{"state": "DONE", "result": "", "findings": ""}, {"state": "CANCELLED", "result": "", "findings": ""}]
    await clerk.reads(f"{first}/result.xlsx", status=404)
