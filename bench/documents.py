"""Agreements and rule boards as PDF: our printer beside headless Chromium printing the same HTML with the same fonts.

`cold` is from nothing: starting our worker process, or the browser, up to the first PDF. `first` is what the first click
costs once they stand ready, `following` the median of the papers after it (each with another number), one at a time;
`bulk` is the time per paper of many with two at a time: two workers, or two pages of the one warm browser. Ours ends when all
of them are bound into one file as well. Chromium writes tagged PDF, as ours are (`--untagged` for its default). `processor`
is the processor time of all processes per following paper. Memory is that of all processes, shared pages counted once. The
board is fitted to its sheet by our press in a few layouts; Chromium prints the result of that in one. Typst sets the text
of the agreement without its form, for orientation. In the end an idle station is compared with one that prints in bulk.
"""

from __future__ import annotations

import argparse
import asyncio
import html as html_module
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from playwright.async_api import async_playwright
from pypdf import PdfReader

from bench.load import children, command_of, megabytes, processor_seconds
from bench.meanwhile import measured
from bench.papers import PAPERS, template_of
from bench.places import ROOT
from bench.report import Report, machine, median, table
from rules.codes import Bundle
from web.documents.binding import bind
from web.documents.fonts import FOLDER, use_own_fonts
from web.documents.renderer import Printer

CHROMIUM = "/usr/bin/chromium"
TIMES = ("cold", "first", "following", "bulk", "processor")
HEADS = ("seconds", *TIMES, "MB of memory", "pages", "KB of PDF")
AT_ONCE = 2


def main() -> None:
    """Print, compare, judge."""
    options = argparse.ArgumentParser(prog="script/bench documents", description=__doc__)
    options.add_argument("--papers", type=int, default=500, help="agreements in bulk; following ones and boards are fewer")
    options.add_argument("--seconds", type=float, default=20, help="how long the idle station is measured")
    options.add_argument("--untagged", action="store_true", help="let Chromium write PDF without structure, as is its default")
    wanted = options.parse_args()
    machine()
    use_own_fonts()
    made = subprocess.run([sys.executable, "-m", "bench.papers"], cwd=ROOT, capture_output=True, text=True, check=True)
    pages = json.loads(made.stdout)
    report = Report("documents")
    figures: dict[str, Any] = {}
    for name in PAPERS:
        bulk = wanted.papers if name == "agreement" else max(4, wanted.papers // 50)
        times = min(20, max(2, bulk // 4))
        figures[name] = {
            "ours": asyncio.run(ours(name, times, bulk)),
            "chromium": asyncio.run(chromium(name, pages[name], times, bulk, tagged=not wanted.untagged)),
        }
    rows = [
        [
            f"{template}, {who}",
            *(f"{each[name]:.2f}" for name in TIMES),
            f"{each['megabytes']:.0f}",
            each["pages"],
            f"{each['kilobytes']:.0f}",
        ]
        for template, both in figures.items()
        for who, each in both.items()
    ]
    table(HEADS, rows)
    for template, both in figures.items():
        ratios = {name: both["chromium"][name] / both["ours"][name] for name in ("following", "bulk", "processor")}
        figures[template]["ratios"] = {name: round(ratio, 2) for name, ratio in ratios.items()}
        if template == "agreement":
            report.goal("agreements in bulk, Chromium's time to ours", ratios["bulk"], 2)
            took = {who: wanted.papers * each["bulk"] for who, each in both.items()}
            report.note(f"{wanted.papers} agreements in bulk", f"{took['ours']:.0f} s, Chromium {took['chromium']:.0f} s")
            report.most("seconds from the click to the first agreement", both["ours"]["first"], 1.0)
            report.most("KB of an agreement of three pages", both["ours"]["kilobytes"], 200)
        for name in ("following", "processor"):
            report.note(f"{template}, {name}, Chromium's time to ours", f"{ratios[name]:.2f}")
    report.note("agreement set by Typst (text only), seconds each", f"{typst_seconds(pages['agreement']):.3f}")
    figures["meanwhile"] = measured(report, wanted.papers, wanted.seconds)
    report.figures |= figures
    report.end()


def typst_seconds(html: str) -> float:
    """Typst on the words of the agreement, a fresh compilation each; the median of five."""
    import typst

    text = html_module.unescape(re.sub(r"<(style|svg|head)\b.*?</\1>|<[^>]+>", "\n", html, flags=re.S))
    paragraphs = [" ".join(line.split()) for line in text.split("\n") if line.strip()]
    taken = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(5):
            path = Path(folder) / f"{number}.typ"
            words = "\n\n".join(re.sub(r"([#$*_<>@\[\]`\\])", r"\\\1", each) for each in [*paragraphs, str(number)])
            path.write_text(
                '#set page("a4")\n#set text(font: "Noto Serif SC", lang: "zh", size: 10.5pt)\n#set par(justify: true)\n' + words
            )
            began = time.perf_counter()
            typst.compile(str(path), font_paths=[str(FOLDER)])
            taken.append(time.perf_counter() - began)
    return median(taken)


async def ours(name: str, times: int, many: int) -> dict[str, Any]:
    """Our printer: one worker, then one per core for the papers in bulk, bound into one file."""
    template, paper = template_of(name), PAPERS[name]
    began = time.perf_counter()
    printer = Printer(workers=1)
    await printer.start()
    await printer.pdf(template, {"paper": paper()})
    cold = time.perf_counter() - began
    await printer.stop()
    await _ready(printer)
    workers = _workers(printer)
    taken, body = [], b""
    for number in range(1, times + 2):
        if number == 2:
            before = _cpu(workers)
        began = time.perf_counter()
        body = await printer.pdf(template, {"paper": paper(number)})
        taken.append(time.perf_counter() - began)
    cpu, used = (_cpu(workers) - before) / times, megabytes(*workers)
    await printer.stop()
    printer = Printer(workers=AT_ONCE)
    await _ready(printer)
    await asyncio.gather(*(printer.pdf(template, {"paper": paper(number)}) for number in range(AT_ONCE)))
    began = time.perf_counter()
    bodies: dict[int, bytes] = {}
    numbers = iter(range(many))

    async def hand() -> None:
        for number in numbers:
            bodies[number] = await printer.pdf(template, {"paper": paper(number)})

    async def papers() -> AsyncIterator[tuple[str, bytes]]:
        for number in range(many):
            yield str(number), bodies[number]

    await asyncio.gather(*(hand() for _ in range(AT_ONCE)))
    await bind(papers(), Bundle.PDF, duplex=True, niceness=0)
    bulk = (time.perf_counter() - began) / many
    await printer.stop()
    return _figures(cold, taken, bulk, cpu, used, body)


async def _ready(printer: Printer) -> None:
    await printer.start()
    while len(printer._workers) < printer.size:  # noqa: ASYNC110 - it tells nobody when it is ready
        await asyncio.sleep(0.05)


def _workers(printer: Printer) -> list[int]:
    return [worker.pid for worker in printer._workers if worker.pid]


async def chromium(name: str, html: str, times: int, many: int, *, tagged: bool) -> dict[str, Any]:
    """One browser with one page, then with as many as there are cores; the same HTML with another number each time."""
    paper = PAPERS[name]
    own = paper().number

    def numbered(number: int) -> str:
        return html.replace(own, paper(number).number)

    async with async_playwright() as playwright:
        began = time.perf_counter()
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = await browser.new_page()
        await _printed(page, html, tagged)
        cold = time.perf_counter() - began
        await browser.close()
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = await browser.new_page()
        await page.set_content("<p>")
        taken, body = [], b""
        for number in range(1, times + 2):
            if number == 2:
                before = _cpu(_browser())
            began = time.perf_counter()
            body = await _printed(page, numbered(number), tagged)
            taken.append(time.perf_counter() - began)
        cpu, used = (_cpu(_browser()) - before) / times, megabytes(*_browser())
        pages = [page, *[await browser.new_page() for _ in range(AT_ONCE - 1)]]

        async def stack(each: Any, numbers: range) -> None:
            for number in numbers:
                await _printed(each, numbered(number), tagged)

        await asyncio.gather(*(stack(each, range(1)) for each in pages))
        began = time.perf_counter()
        await asyncio.gather(*(stack(each, range(place, many, AT_ONCE)) for place, each in enumerate(pages)))
        bulk = (time.perf_counter() - began) / many
        await browser.close()
    return _figures(cold, taken, bulk, cpu, used, body)


async def _printed(page: Any, html: str, tagged: bool) -> bytes:
    await page.set_content(html, wait_until="load")
    return await page.pdf(prefer_css_page_size=True, print_background=True, tagged=tagged)


def _browser() -> list[int]:
    """The first process of the browser that playwright's driver started for us; the others are its children."""
    return [pid for pid in children(os.getpid()) if "chromium" in command_of(pid)][:1]


def _cpu(pids: list[int]) -> float:
    return sum(processor_seconds(pid) for pid in pids)


def _figures(cold: float, taken: list[float], bulk: float, cpu: float, used: float, body: bytes) -> dict[str, Any]:
    return {
        "cold": round(cold, 3),
        "first": round(taken[0], 3),
        "following": round(median(taken[1:]), 4),
        "bulk": round(bulk, 4),
        "processor": round(cpu, 4),
        "megabytes": round(used),
        "pages": len(PdfReader(io.BytesIO(body)).pages),
        "kilobytes": round(len(body) / 1000),
    }


if __name__ == "__main__":
    main()
