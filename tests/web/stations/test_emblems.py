"""The district gives its stations their emblem and plaque; boards show it, and what was printed stays as it was."""

import io
import json

import pypdf
import pytest
from PIL import Image, ImageDraw, PngImagePlugin

from db import archive
from db.tables.documents import Emblem, PrintRun
from db.tables.journal import JournalEntry
from tests.cast import LAKE, LING
from web.boards import SHEETS

PAGE = "/supervision/emblems"
PUBLIC = "/stations/ZD-420112015-01"


def drawn(colour: str = "#0a4a8f", size: tuple[int, int] = (600, 600), kind: str = "PNG", note: str = "") -> bytes:
    picture = Image.new("RGB", size, "white")
    ImageDraw.Draw(picture).ellipse((20, 20, size[0] - 20, size[1] - 20), fill=colour)
    out, more = io.BytesIO(), {}
    if note:
        more["pnginfo"] = PngImagePlugin.PngInfo()
        more["pnginfo"].add_text("Comment", note)
    picture.save(out, kind, **more)
    return out.getvalue()


async def uploads(officer, body: bytes, *, status: int = 303, **fields):
    return await officer.sends(PAGE, page=PAGE, status=status, files={"picture": ("a.png", body, "image/png")}, **fields)


def pictures_on(pdf: bytes) -> int:
    """How many, the code to scan aside."""
    return len(pypdf.PdfReader(io.BytesIO(pdf)).pages[0].images) - 1


async def test_the_emblem_of_the_district_stands_on_every_stations_boards(officer, passer_by, printer):
    plain = (await passer_by.fetches(f"{PUBLIC}/boards/free.pdf")).content
    assert pictures_on(plain) == 0
    sent = await uploads(officer, drawn())
    page = await officer.follows(sent)
    assert "驿站标识已更换" in page.words(".said")
    assert "全区所有驿站" in page.words("tbody")
    for station in (PUBLIC, "/stations/ZD-420112006-01"):
        pdf = (await passer_by.fetches(f"{station}/boards/free.pdf")).content
        assert pictures_on(pdf) == 1
        assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages) == 1
    (entry,) = await JournalEntry.select().where(JournalEntry.kind == "EMBLEM_SET")
    assert json.loads(entry["body"])["particulars"]["emblem_kind"] == "EMBLEM"


async def test_a_stations_own_emblem_is_its_own(officer, passer_by, printer):
    await uploads(officer, drawn("#a80f18"), station=str(LAKE))
    assert pictures_on((await passer_by.fetches(f"{PUBLIC}/boards/free.pdf")).content) == 1
    assert pictures_on((await passer_by.fetches("/stations/ZD-420112006-01/boards/free.pdf")).content) == 0
    assert (await Emblem.select(Emblem.station).first())["station"] == LAKE


async def test_only_the_pixels_are_kept(officer, passer_by, house):
    body = drawn(note="taken at 30.6N 114.1E by somebody") + b"<script>alert(1)</script>"
    await uploads(officer, body, kind="PLAQUE")
    answer = await passer_by.fetches(f"{PUBLIC}/pictures/plaque")
    assert answer.headers["content-type"] == "image/png"
    assert b"somebody" not in answer.content
    assert b"script" not in answer.content
    with Image.open(io.BytesIO(answer.content)) as seen:
        assert seen.size == (600, 600)
        assert seen.getpixel((300, 300)) == (10, 74, 143)
    page = await passer_by.reads(PUBLIC)
    assert page.select_one(f"a[href='{PUBLIC}/pictures/plaque']") is not None


async def test_a_photo_is_made_smaller_and_stays_a_photo(officer, passer_by, house):
    await uploads(officer, drawn(size=(3000, 1500), kind="JPEG"))
    answer = await passer_by.fetches(f"{PUBLIC}/pictures/emblem")
    assert answer.headers["content-type"] == "image/jpeg"
    with Image.open(io.BytesIO(answer.content)) as seen:
        assert seen.size == (1000, 500)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "空的"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG也不行"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "打不开"),
        (b"GIF89a" + bytes(200), "不是PNG或JPEG"),
        (drawn(size=(299, 400)), "至少要300像素"),
        (drawn(size=(1200, 400)), "图片太长"),
        (b"\xff\xd8\xff" + bytes(5 * 1024 * 1024), "超过5 MB"),
    ],
    ids=["empty", "svg", "broken", "gif", "small", "strip", "large"],
)
async def test_a_bad_picture_is_refused_and_the_choice_kept(officer, house, body, said):
    before = archive.kept_files()
    page = await uploads(officer, body, station=str(LING), status=422)
    assert said in page.words(".problems")
    assert "把图片再选一次" in page.words("#picture-again")
    assert page.select_one("select[name=station] option[selected]")["value"] == str(LING)
    assert await Emblem.count() == 0
    assert archive.kept_files() == before


async def test_the_same_picture_again_changes_nothing(officer, house):
    await uploads(officer, drawn())
    page = await uploads(officer, drawn(), status=422)
    assert "一样" in page.words(".problems")
    await uploads(officer, drawn("#063468"))
    assert await Emblem.count() == 2


async def test_a_double_click_sets_it_once(officer, house):
    await uploads(officer, drawn())
    again = await officer.client.post(PAGE, data=officer.last, files={"picture": ("a.png", drawn(), "image/png")})
    assert again.status_code == 303
    assert await Emblem.count() == 1


async def test_only_the_district_sets_it_and_anybody_sees_the_one_in_use(officer, manager, clerk, passer_by, house):
    await officer.reads(PAGE)
    for person in (manager, clerk):
        await person.reads(PAGE, status=403)
        await person.sends(PAGE, page="/desk/boards", status=403, kind="EMBLEM")
    await passer_by.reads(PAGE, status=303)
    await passer_by.fetches(f"{PUBLIC}/pictures/emblem", status=404)
    await passer_by.fetches(f"{PUBLIC}/pictures/menu", status=404)
    await uploads(officer, drawn())
    link = (await officer.reads(PAGE)).select_one("img.thumb")["src"]
    assert (await officer.fetches(link)).headers["content-type"] == "image/png"
    await manager.fetches(link, status=403)
    await officer.fetches(f"{PAGE}/99/picture", status=404)


async def test_without_an_emblem_the_page_says_what_it_is_for(officer, house):
    assert "还没有上传过" in (await officer.reads(PAGE)).words(".empty")


async def test_the_sheet_for_a_print_shop_has_marks_and_room_to_cut(manager, printer):
    SHEETS.forget()
    shop = (await manager.fetches("/desk/boards/flow/versions/1?paper=A1&finish=SHOP")).content
    page = pypdf.PdfReader(io.BytesIO(shop)).pages[0]
    trim, media = page.trimbox, page.mediabox
    assert (round(float(trim.width)), round(float(trim.height))) == (1684, 2384)
    assert float(media.width) - float(trim.width) == pytest.approx(2 * 10 / 25.4 * 72, abs=1)
    assert float(page.bleedbox.width) > float(trim.width)
    plain = (await manager.fetches("/desk/boards/flow/versions/1?paper=A1&finish=junk")).content
    assert round(float(pypdf.PdfReader(io.BytesIO(plain)).pages[0].mediabox.width)) == 1684


async def test_the_desk_prints_all_ten_at_once(app, clerk, lawyer, house, monkeypatch):
    monkeypatch.setattr(app.litestar.state.print_runs, "start", lambda run_id: None)
    page = await clerk.reads("/desk/boards")
    form = page.select_one("form[action='/desk/print-runs']")
    assert form.select_one("[name=kind]")["value"] == "BOARDS"
    assert [option["value"] for option in form.select("[name=sheet] option")] == ["A3", "A2", "A1"]
    assert [option["value"] for option in form.select("[name=finish] option")] == ["OFFICE", "SAVING", "SHOP"]
    await clerk.sends("/desk/print-runs", sheet="A1", finish="SHOP", bundle="ZIP")
    (run,) = await PrintRun.select()
    assert (run["kind"], run["choice"], run["total"]) == ("BOARDS", "A1 SHOP", 10)
    assert (await lawyer.reads("/desk/boards")).select_one("form[action='/desk/print-runs']") is None
