"""The printer keeps printing: broken, hostile and endless papers cost themselves and nothing else."""

import asyncio
import http.server
import os
import signal
import threading
import time
from pathlib import Path

import pytest
import pytest_asyncio

from tests.documents import samples
from web.documents import renderer
from web.documents.renderer import GlyphMissing, Printer, PrintFailed

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
    assert b"root:" not in pdf
    assert b"/EmbeddedFile" not in pdf


async def test_even_markup_a_template_lets_through_fetches_nothing(temptation):
    """The press itself is closed: nothing is fetched when the HTML of a paper asks for it."""
    from web.documents.press import Press

    url, calls = temptation
    press = Press()
    press.env.loader = __import__("jinja2").DictLoader(
        {
            "documents/network.html": f'<p>x<img src="{url}/a.png">',
            "documents/file.html": '<link rel="attachment" href="file:///etc/passwd"><p>x',
            "documents/inline.html": '<img src="data:image/png;base64,AAAA"><p>x',
        }
    )
    for name in ("network", "file", "inline"):
        with pytest.raises(Exception) as stopped:  # noqa: PT011
            press.pdf(name, {})
        assert type(stopped.value).__name__ in {"Blocked", "Defect"}
    assert calls == []


async def test_a_worker_killed_in_mid_job_costs_one_paper(own_printer):
    printer = await own_printer()
    await printer.pdf("referral_slip", slip())
    (worker,) = printer._workers
    first_pid = worker.pid
    job = asyncio.ensure_future(printer.pdf("board", {"paper": samples.board()}))
    await asyncio.sleep(0.15)
    assert not job.done()
    os.kill(first_pid, signal.SIGKILL)
    with pytest.raises(PrintFailed):
        await job
    assert (await printer.pdf("referral_slip", slip())).startswith(b"%PDF")
    assert next(iter(printer._workers)).pid != first_pid


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
    assert ticks > 20


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
