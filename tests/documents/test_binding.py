"""Many papers in one file: every page looks as it did, each face is there once, and the text can still be searched."""

import hashlib
import io
import subprocess
import zipfile

import pypdf
import pytest
import pytest_asyncio

from rules.codes import Bundle
from tests.documents import samples
from web.documents.binding import BindingFailed, bind

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def given(*papers):
    for name, body in papers:
        yield name, body


def pictures(pdf, folder, name, first, last):
    """A fingerprint of each page as it is painted."""
    path = folder / f"{name}.pdf"
    path.write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", "60", "-f", str(first), "-l", str(last), str(path), str(folder / name)], check=True)
    return [hashlib.sha256(each.read_bytes()).hexdigest() for each in sorted(folder.glob(f"{name}-*.ppm"))]


@pytest_asyncio.fixture(loop_scope="session")
async def two(printer):
    """An agreement and a slip, with rare letters and different words."""
    agreement = await printer.pdf("agreement", {"paper": samples.agreement()})
    return agreement, await printer.pdf("referral_slip", {"paper": samples.referral_slip(worker_name="王䶮")})


async def test_every_page_looks_as_it_did(two, tmp_path):
    agreement, slip = two
    bound = await bind(given(("one", agreement), ("two", slip), ("three", agreement)), Bundle.PDF, duplex=False, niceness=0)
    pages = len(pypdf.PdfReader(io.BytesIO(agreement)).pages)
    assert bound.pages == 2 * pages + 1
    alone = pictures(agreement, tmp_path, "alone", 1, pages)
    assert pictures(bound.body, tmp_path, "last", pages + 2, bound.pages) == alone
    assert pictures(bound.body, tmp_path, "middle", pages + 1, pages + 1) == pictures(slip, tmp_path, "slip", 1, 1)


async def test_each_face_is_there_once_and_the_text_is_found(two, text_of, fonts_of):
    agreement, slip = two
    bound = await bind(given(*((str(n), agreement) for n in range(9)), ("slip", slip)), Bundle.PDF, duplex=False, niceness=0)
    names = [name for name, embedded, mapped in fonts_of(bound.body) if embedded and mapped]
    assert len(names) == len(set(names))
    assert len(bound.body) < 4 * len(agreement)
    text = text_of(bound.body)
    assert text.count("甲方") >= 9
    assert "王䶮" in text


async def test_on_both_sides_every_paper_begins_on_a_new_sheet(two):
    agreement, slip = two
    bound = await bind(given(("slip", slip), ("agreement", agreement)), Bundle.PDF, duplex=True, niceness=0)
    reader = pypdf.PdfReader(io.BytesIO(bound.body))
    assert "王䶮" in reader.pages[0].extract_text()
    assert not reader.pages[1].extract_text().strip()
    assert "甲方" in reader.pages[2].extract_text()
    assert len(reader.pages) % 2 == 0
    assert [entry.title for entry in reader.outline] == ["slip", "agreement"]


async def test_a_zip_holds_the_very_bytes(two):
    agreement, slip = two
    bound = await bind(given(("a", agreement), ("b", slip)), Bundle.ZIP, duplex=True, niceness=0)
    with zipfile.ZipFile(io.BytesIO(bound.body)) as file:
        assert (file.read("a.pdf"), file.read("b.pdf")) == (agreement, slip)


async def test_what_is_no_paper_is_said_and_ends_the_binder():
    with pytest.raises(BindingFailed):
        await bind(given(("a", b"not a pdf")), Bundle.PDF, duplex=False, niceness=0)
