"""The printer keeps printing: broken, hostile and endless papers cost themselves and nothing else."""

import asyncio
import http.server
import io
import os
import resource
import signal
import threading
import time
from pathlib import Path

import jinja2
import pypdf
import pytest
import pytest_asyncio
from PIL import Image

from tests.documents import samples
from web.documents import renderer
from web.documents.renderer import GlyphMissing, Printer, PrintFailed
from web.documents.worker import MEMORY_BYTES

pytestmark = pytest.mark.asyncio(loop_scope="session")


def slip(**changes):
    return {"paper": samples.referral_slip(**changes)}


@pytest_asyncio.fixture(loop_scope="session")
async def own_printer():
    """A printer of its own for tests that hurt it; short time for a paper."""
    started = []

    async def start(**options):
        printer = Printer(workers=1, **options)
        await printer.start()
        started.append(printer)
        return printer

    yield start
    for printer in started:
        await printer.stop()


@pytest.fixture
def temptation():
    """A server on this machine that counts who calls."""
    calls = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            calls.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", calls
    server.shutdown()


async def test_a_printer_is_ready_after_its_first_paper(printer):
    await printer.pdf("referral_slip", slip())
    assert printer.state() == "ready"


async def test_a_rare_name_prints_with_a_real_glyph(printer, text_of):
    assert "王䶮" in text_of(await printer.pdf("referral_slip", slip(worker_name="王䶮")))
    assert "𠅤" in text_of(await printer.pdf("referral_slip", slip(worker_name="张𠅤")))


@pytest.mark.parametrize("character", ["\U00031350", "\ue863", "\u200b"])
async def test_a_character_without_a_glyph_is_refused_by_name(printer, character):
    with pytest.raises(GlyphMissing) as refused:
        await printer.pdf("referral_slip", slip(worker_name=f"王{character}"))
    assert refused.value.characters == [character]
    assert f"U+{ord(character):04X}" in refused.value.message


async def test_an_unknown_template_is_a_plain_failure(printer):
    with pytest.raises(PrintFailed):
        await printer.pdf("no_such_paper", slip())
    assert (await printer.pdf("referral_slip", slip())).startswith(b"%PDF")


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="{url}/a.png">',
        '<link rel="attachment" href="file:///etc/passwd">',
        "<style>@import url({url}/b.css)</style>",
        '<a rel="attachment" href="{url}/c">x</a>',
        '<object data="{url}/d"></object>',
    ],
)
async def test_markup_in_a_field_fetches_nothing(printer, text_of, temptation, markup):
    url, calls = temptation
    pdf = await printer.pdf("referral_slip", slip(worker_name=markup.format(url=url)))
    assert calls == []
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert list(reader.attachments) == ["paper.json"], "the paper's own values and nothing else"
    assert not [content for content in reader.attachments["paper.json"] if b"root:" in content]


REACHING = {
    "network": '<p>x<img src="{url}/a.png" alt="a">',
    "file": '<link rel="attachment" href="file:///etc/passwd"><p>x',
    "anchor": '<p><a rel="attachment" href="file:///etc/passwd">x</a>',
    "inline": '<img src="data:image/png;base64,AAAA" alt="a"><p>x',
    "picture_file": '<p>x<img src="file:///etc/hostname" alt="a">',
    "relative": '<p>x<img src="a.png" alt="a">',
    "import": "<style>@import url({url}/b.css)</style><p>x",
    "face": "<style>@font-face {{ font-family: f; src: url({url}/f.ttf) }} p {{ font-family: f }}</style><p>x",
    "background": "<style>p {{ background: url({url}/c.png) }}</style><p>x",
    "content": "<style>p::before {{ content: url({url}/d.png) }}</style><p>x",
    "sheet": '<link rel="stylesheet" href="{url}/e.css"><p>x',
    "svg": '<p>x<svg width="9" height="9"><title>t</title><image href="{url}/f.png" width="9" height="9"/></svg>',
    "svg_use": '<p>x<svg width="9" height="9"><title>t</title><use href="{url}/g.svg#a"/></svg>',
    "embed": '<p>x<embed src="{url}/h.svg">',
    "unknown_asset": '<p>x<img src="asset:nobody" alt="a">',
    "asset_svg": '<p>x<img src="asset:drawing" alt="a">',
}
"""Ways in which a page could ask for something outside itself."""
LEFT_OUT = {"svg_use"}
"""What WeasyPrint draws without, having asked for nothing."""


@pytest.mark.parametrize("name", REACHING)
async def test_even_markup_a_template_lets_through_fetches_nothing(press, temptation, name):
    """The press itself is closed: nothing is fetched when the HTML of a paper asks for it, and the paper does not print."""
    url, calls = temptation
    page = f"<html lang=zh><title>t</title><body>{REACHING[name].format(url=url)}</body></html>"
    press.env.loader = jinja2.DictLoader({"documents/reaching.html": page})
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{url}/i.png"/></svg>'.encode()
    if name in LEFT_OUT:
        press.pdf("reaching", {}, None, {"drawing": drawing})
    else:
        with pytest.raises(Exception) as stopped:  # noqa: PT011
            press.pdf("reaching", {}, None, {"drawing": drawing})
        assert type(stopped.value).__name__ in {"Blocked", "Defect"}
    assert calls == []


async def test_a_picture_out_of_memory_is_printed(press):
    press.env.loader = jinja2.DictLoader(
        {"documents/picture.html": '<html lang=zh><title>t</title><p>x<img src="asset:emblem" alt="标识">'}
    )
    drawn = io.BytesIO()
    Image.new("RGB", (40, 40), (190, 0, 0)).save(drawn, "PNG")
    reader = pypdf.PdfReader(io.BytesIO(press.pdf("picture", {}, None, {"emblem": drawn.getvalue()})))
    assert [image.image.size for image in reader.pages[0].images] == [(40, 40)]


@pytest.fixture(scope="module")
def press():
    from web.documents.press import Press

    return Press()


async def _killed(printer, times):
    """A board whose worker is killed in mid job so often; gives the task."""
    job = asyncio.ensure_future(printer.pdf("board", {"paper": samples.board()}))
    for _ in range(times):
        pids = {worker.pid for worker in printer._workers}
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)  # or it might be through before it is killed
        await asyncio.sleep(0.1)
        assert not job.done()
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        for _ in range(500):
            if job.done() or {worker.pid for worker in printer._workers} - pids - {None}:
                break
            await asyncio.sleep(0.02)
    return job


async def test_a_worker_killed_in_mid_job_is_replaced_and_the_paper_begun_again(own_printer):
    printer = await own_printer()
    await printer.pdf("referral_slip", slip())
    assert (await (await _killed(printer, 1))).startswith(b"%PDF")
    assert (await printer.pdf("referral_slip", slip())).startswith(b"%PDF")


async def test_a_paper_that_kills_its_worker_twice_is_given_up_and_costs_nobody_else(own_printer):
    printer = await own_printer()
    await printer.pdf("referral_slip", slip())
    with pytest.raises(PrintFailed, match="中断"):
        await (await _killed(printer, 2))
    assert (await printer.pdf("referral_slip", slip())).startswith(b"%PDF")


async def test_a_printer_for_many_papers_stands_back_for_everybody_else(own_printer):
    printer = await own_printer(niceness=15)
    await printer.pdf("referral_slip", slip())
    (worker,) = printer._workers
    assert os.getpriority(os.PRIO_PROCESS, worker.pid) == 15


async def test_a_worker_has_only_so_much_memory_and_processor_time(own_printer):
    printer = await own_printer(job_seconds=7)
    await printer.pdf("referral_slip", slip())
    (worker,) = printer._workers
    assert resource.prlimit(worker.pid, resource.RLIMIT_AS)[0] == MEMORY_BYTES
    assert 0 < resource.prlimit(worker.pid, resource.RLIMIT_CPU)[0] < 60


async def test_a_paper_that_used_up_its_processor_time_is_not_begun_again(own_printer):
    """The system ends a worker that computes too long; begun again it would only do the same."""
    printer = await own_printer()
    await printer.pdf("referral_slip", slip())
    (worker,) = printer._workers
    os.kill(worker.pid, signal.SIGSTOP)
    job = asyncio.ensure_future(printer.pdf("board", {"paper": samples.board()}))
    await asyncio.sleep(0.1)
    os.kill(worker.pid, signal.SIGXCPU)
    os.kill(worker.pid, signal.SIGCONT)
    with pytest.raises(PrintFailed, match="时间太长"):
        await job


async def test_a_worker_killed_while_idle_costs_nothing(own_printer):
    printer = await own_printer()
    await printer.pdf("referral_slip", slip())
    (worker,) = printer._workers
    os.kill(worker.pid, signal.SIGKILL)
    await worker.process.wait()
    assert (await printer.pdf("referral_slip", slip())).startswith(b"%PDF")


async def test_an_endless_paper_is_stopped_in_time(own_printer):
    printer = await own_printer()
    await printer.pdf("referral_slip", slip())
    (worker,) = printer._workers
    worker.job_seconds = 1.5  # of this paper only: the slips around it may take their time on a busy machine
    began = time.monotonic()
    with pytest.raises(PrintFailed, match="时间太长"):
        await printer.pdf("agreement", {"paper": samples.agreement(special="长" * 300_000)})
    assert time.monotonic() - began < 4
    assert (await printer.pdf("referral_slip", slip())).startswith(b"%PDF")


async def test_the_event_loop_goes_on_while_a_paper_prints(printer):
    await printer.pdf("referral_slip", slip())
    job = asyncio.ensure_future(printer.pdf("board", {"paper": samples.board()}))
    ticks = 0
    while not job.done():
        await asyncio.sleep(0.01)
        ticks += 1
    assert (await job).startswith(b"%PDF")
    assert ticks > 8, "a loop that is held up ticks once or twice"


async def test_papers_asked_for_together_all_print(printer):
    pdfs = await asyncio.gather(*(printer.pdf("referral_slip", slip(worker_name=f"王{n}")) for n in "一二三四"))
    assert len(set(pdfs)) == 4


async def test_an_asker_who_leaves_does_not_put_the_worker_out_of_step(printer, text_of):
    asker = asyncio.ensure_future(printer.pdf("referral_slip", slip(worker_name="先走的人")))
    await asyncio.sleep(0.05)
    asker.cancel()
    assert "后来的人" in text_of(await printer.pdf("referral_slip", slip(worker_name="后来的人")))


async def test_a_worker_is_replaced_after_its_share(own_printer, monkeypatch):
    monkeypatch.setattr(renderer, "WORKER_JOBS", 2)
    printer = await own_printer()
    await printer.pdf("referral_slip", slip())
    (worker,) = printer._workers
    await printer.pdf("referral_slip", slip())
    await printer.pdf("referral_slip", slip())
    assert worker not in printer._workers


async def test_too_many_waiting_papers_are_refused(printer, monkeypatch):
    monkeypatch.setattr(renderer, "QUEUE_LIMIT", 0)
    with pytest.raises(PrintFailed, match="请过一分钟再试"):
        await printer.pdf("referral_slip", slip())


async def test_without_fonts_the_state_says_what_to_run(monkeypatch):
    def missing():
        raise renderer.FontsMissing("没有找到打印用的字体，请先运行 script/fonts")

    monkeypatch.setattr(renderer, "use_own_fonts", missing)
    printer = Printer(workers=1)
    await printer.start()
    assert printer.state().startswith("failed: ")
    with pytest.raises(PrintFailed, match="script/fonts"):
        await printer.pdf("referral_slip", slip())


async def test_a_worker_knows_no_secret_of_the_web_process(own_printer, monkeypatch):
    monkeypatch.setenv("STATION_SECRET", "canary")
    printer = await own_printer()
    await printer.pdf("referral_slip", slip())
    (worker,) = printer._workers
    assert b"canary" not in Path(f"/proc/{worker.pid}/environ").read_bytes()  # noqa: ASYNC240
