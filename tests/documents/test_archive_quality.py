"""Papers that are kept for years: sound for an independent reader, archival, readable aloud, and the same for ever."""

import asyncio
import hashlib
import io
import json
import os
import re
import subprocess
import sys
from dataclasses import replace

import pypdf
import pytest
from pypdf.generic import ArrayObject, DictionaryObject

from rules.codes import PaperKind
from rules.snapshots import PAPERS, paper_from_snapshot, same_paper, snapshot_of
from tests.documents import samples
from tests.house.source import ROOT
from web.documents.press import PLAIN
from web.documents.renderer import GlyphMissing
from web.papers import TEMPLATES

KINDS = {template: kind for kind, template in TEMPLATES.items() if template in samples.PAPERS}
ARCHIVAL = sorted(set(samples.PAPERS) - PLAIN)


@pytest.fixture(params=sorted(samples.PAPERS))
def template(request):
    return request.param


@pytest.fixture(params=ARCHIVAL)
def archival(request):
    return request.param


@pytest.fixture(scope="module")
def printed(printer):
    """The PDF of a sample, printed once for all the questions asked of it."""
    kept: dict[str, bytes] = {}

    async def of(name: str) -> bytes:
        if name not in kept:
            kept[name] = await printer.pdf(name, {"paper": samples.PAPERS[name]()})
        return kept[name]

    return of


def objects(reader):
    """Every dictionary of the file."""
    for number in reader.xref[0]:
        each = reader.get_object(number)
        if isinstance(each, DictionaryObject):
            yield each
    for number in reader.xref_objStm:
        each = reader.get_object(number)
        if isinstance(each, DictionaryObject):
            yield each


def elements(reader):
    """The structure of the document in reading order: (tag, element)."""

    def walk(node):
        node = node.get_object()
        if isinstance(node, DictionaryObject):
            if "/S" in node:
                yield node["/S"], node
            kids = node.get("/K", ArrayObject())
            kids = kids.get_object() if hasattr(kids, "get_object") else kids
            for kid in kids if isinstance(kids, ArrayObject) else [kids]:
                if not isinstance(kid, int):
                    yield from walk(kid)

    yield from walk(reader.trailer["/Root"]["/StructTreeRoot"])


@pytest.mark.asyncio(loop_scope="session")
async def test_an_independent_reader_finds_nothing_wrong(printed, template, tmp_path):
    path = tmp_path / "paper.pdf"
    path.write_bytes(await printed(template))
    checked = await asyncio.to_thread(subprocess.run, ["qpdf", "--check", str(path)], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "WARNING" not in checked.stdout + checked.stderr


@pytest.mark.asyncio(loop_scope="session")
async def test_a_paper_says_that_it_is_archival_and_accessible(printed, archival):
    catalog = pypdf.PdfReader(io.BytesIO(await printed(archival))).trailer["/Root"]
    metadata = catalog["/Metadata"].get_data().decode()
    assert re.search(r'pdfaid:part="3"', metadata)
    assert re.search(r'pdfaid:conformance="A"', metadata)
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert metadata.count("<rdf:RDF") == 1, "one description of the file"
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"]
    assert catalog["/Lang"] == "zh-CN"
    assert [intent["/S"] for intent in catalog["/OutputIntents"]] == ["/GTS_PDFA1"]


@pytest.mark.asyncio(loop_scope="session")
async def test_a_paper_holds_nothing_an_archive_refuses(printed, archival):
    reader = pypdf.PdfReader(io.BytesIO(await printed(archival)))
    assert reader.trailer["/ID"]
    assert not reader.is_encrypted
    assert all(page["/Tabs"] == "/S" for page in reader.pages)
    for each in objects(reader):
        assert each.get("/S") not in {"/JavaScript", "/Launch", "/URI"}
        assert each.get("/Subtype") != "/Image" or each.get("/Interpolate") in (None, False)
        if each.get("/Type") == "/FontDescriptor":
            assert "/FontFile2" in each or "/FontFile3" in each, each["/FontName"]


@pytest.mark.asyncio(loop_scope="session")
async def test_the_values_of_a_paper_are_attached_once_as_data(printed, archival):
    reader = pypdf.PdfReader(io.BytesIO(await printed(archival)))
    (specification,) = [each for each in objects(reader) if each.get("/Type") == "/Filespec"]
    assert specification["/AFRelationship"] == "/Data"
    assert len(reader.trailer["/Root"]["/AF"]) == 1
    (content,) = reader.attachments["paper.json"]
    assert content.decode() == snapshot_of(samples.PAPERS[archival]())
    assert json.loads(content)["number"] == samples.PAPERS[archival]().number


@pytest.mark.asyncio(loop_scope="session")
async def test_a_paper_can_be_read_aloud(printed, archival):
    """It begins with its title, every drawing says what it is, and every cell of a table knows its headers or is one."""
    reader = pypdf.PdfReader(io.BytesIO(await printed(archival)))
    found = list(elements(reader))
    tags = [tag for tag, _ in found]
    assert tags[0] == "/Document"
    assert next(tag for tag in tags if re.fullmatch(r"/H[1-6]", tag)) == "/H1"
    assert all(element.get("/Alt") for tag, element in found if tag == "/Figure")
    assert all(element["/P"]["/S"] == "/TR" for tag, element in found if tag in {"/TD", "/TH"})


@pytest.mark.asyncio(loop_scope="session")
async def test_each_kind_comes_back_from_its_snapshot_and_prints_the_same_bytes(printer, printed):
    for template, kind in KINDS.items():
        paper = samples.PAPERS[template]()
        again = paper_from_snapshot(kind, snapshot_of(paper))
        assert again == paper
        assert await printer.pdf(template, {"paper": again}) == await printed(template), template


def test_every_kind_that_is_laid_out_can_come_back():
    assert set(PAPERS) == set(TEMPLATES)


def test_a_field_that_came_later_does_not_make_another_paper():
    kind, paper = PaperKind.REFERRAL_SLIP, samples.referral_slip(rating_url="")
    before = json.loads(snapshot_of(paper))
    del before["rating_url"]
    assert same_paper(kind, json.dumps(before), snapshot_of(paper))
    assert not same_paper(kind, json.dumps(before | {"worker_name": "别人"}), snapshot_of(paper))
    assert not same_paper(kind, "{}", snapshot_of(paper))


HASHES = """
import hashlib, json
from tests.documents import samples
from web.documents.press import Press
press = Press()
print(json.dumps({name: hashlib.sha256(press.pdf(name, {"paper": samples.PAPERS[name]()})).hexdigest() for name in NAMES}))
"""


@pytest.mark.asyncio(loop_scope="session")
async def test_another_process_gives_the_same_bytes(printed):
    """What a process is given anew each time (the seed of its hashes) does not show in a paper."""
    names = ["agreement", "referral_slip", "seeker_form", "fairness_sheet"]
    here = {name: hashlib.sha256(await printed(name)).hexdigest() for name in names}
    for seed in ("1", "4294967295"):
        told = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-c", f"NAMES = {names!r}\n{HASHES}"],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert json.loads(told.stdout.splitlines()[-1]) == here


@pytest.mark.asyncio(loop_scope="session")
async def test_a_three_page_agreement_is_under_two_hundred_kilobytes_signed_too(printed, certificate):
    body = await printed("agreement")
    assert len(pypdf.PdfReader(io.BytesIO(body)).pages) == 3
    assert len(await asyncio.to_thread(certificate.signed, body)) < 200_000


@pytest.mark.asyncio(loop_scope="session")
async def test_a_character_that_no_face_has_is_named_before_anything_is_printed(printer, template):
    """On every kind of paper, boards and those printed many at a time too: never an empty box."""
    paper = samples.PAPERS[template]()
    with pytest.raises(GlyphMissing, match=r"U\+E863"):
        await printer.pdf(template, {"paper": replace(paper, station=replace(paper.station, supervising_phone="027\ue8638388"))})


@pytest.mark.asyncio(loop_scope="session")
async def test_a_voided_paper_is_marked_on_every_page_with_who_when_and_why(printer, archival):
    line = "第1份，2026年12月1日由陈小满作废：填错了日期。请不要再用。"
    reader = pypdf.PdfReader(io.BytesIO(await printer.pdf(archival, {"paper": samples.PAPERS[archival](), "void_line": line})))
    for page in reader.pages:
        text = "".join(page.extract_text().split())
        assert "作废" in text.replace(line, "")
        assert line in text
