"""Agreement and rule board as PDF: our printer beside headless Chromium printing the same HTML with the same fonts.

`cold` is from nothing: starting our worker process, or the browser, up to the first PDF. `first` is what the first click
costs once they stand ready, `following` the median of the papers after it (each with another number), one at a time;
`bulk` is the time per paper with two at a time: two workers, or two pages of the one warm browser. `processor` is the
processor time of all processes per following paper. Memory is that of all processes, with shared pages counted once.
The board is fitted to its sheet by our press in some thirty layouts; Chromium prints the result of that in one.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import os
import subprocess
import sys
import time
from typing import Any

from playwright.async_api import async_playwright
from pypdf import PdfReader

from bench.load import children, command_of, megabytes, processor_seconds
from bench.papers import PAPERS
from bench.places import ROOT
from bench.report import Report, machine, median, table
from web.documents.fonts import use_own_fonts
from web.documents.renderer import Printer

CHROMIUM = "/usr/bin/chromium"
TIMES = ("cold", "first", "following", "bulk", "processor")
HEADS = ("seconds", *TIMES, "MB of memory", "pages", "KB of PDF")
AT_ONCE = 2


def main() -> None:
    """Print, compare, judge."""
    options = argparse.ArgumentParser(prog="script/bench documents", description=__doc__)
    options.add_argument("--papers", type=int, default=20, help="following agreements; of boards a quarter")
    wanted = options.parse_args()
    machine()
    use_own_fonts()
    made = subprocess.run([sys.executable, "-m", "bench.papers"], cwd=ROOT, capture_output=True, text=True, check=True)
    pages = json.loads(made.stdout)
    report = Report("documents")
    figures: dict[str, Any] = {}
    for template in PAPERS:
        times = wanted.papers if template == "agreement" else max(2, wanted.papers // 4)
        figures[template] = {
            "ours": asyncio.run(ours(template, times)),
            "chromium": asyncio.run(chromium(template, pages[template], times)),
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
            report.note("first agreement within 1 s of the click", f"{both['ours']['first']:.2f} s")
            report.note("500 agreements in bulk", f"{500 * both['ours']['bulk']:.0f} s, Chromium {500 * both['chromium']['bulk']:.0f} s")
        for name in ("following", "processor"):
            report.note(f"{template}, {name}, Chromium's time to ours", f"{ratios[name]:.2f}")
    report.figures |= figures
    report.end()


async def ours(template: str, times: int) -> dict[str, Any]:
    """Our printer: one worker, then one per core for the papers in bulk."""
    began = time.perf_counter()
    printer = Printer(workers=1)
    await printer.start()
    await printer.pdf(template, {"paper": PAPERS[template]()})
    cold = time.perf_counter() - began
    await printer.stop()
    await _ready(printer)
    workers = _workers(printer)
    taken, body = [], b""
    for number in range(1, times + 2):
        if number == 2:
            before = _cpu(workers)
        began = time.perf_counter()
        body = await printer.pdf(template, {"paper": PAPERS[template](number)})
        taken.append(time.perf_counter() - began)
    cpu, used = (_cpu(workers) - before) / times, megabytes(*workers)
    await printer.stop()
    printer = Printer(workers=AT_ONCE)
    await _ready(printer)
    await asyncio.gather(*(printer.pdf(template, {"paper": PAPERS[template](number)}) for number in range(AT_ONCE)))
    began = time.perf_counter()
    await asyncio.gather(*(printer.pdf(template, {"paper": PAPERS[template](number)}) for number in range(AT_ONCE * times)))
    bulk = (time.perf_counter() - began) / (AT_ONCE * times)
    await printer.stop()
    return _figures(cold, taken, bulk, cpu, used, body)


async def _ready(printer: Printer) -> None:
    await printer.start()
    while len(printer._workers) < printer.size:  # noqa: ASYNC110 - it tells nobody when it is ready
        await asyncio.sleep(0.05)


def _workers(printer: Printer) -> list[int]:
    return [worker.pid for worker in printer._workers if worker.pid]


async def chromium(template: str, html: str, times: int) -> dict[str, Any]:
    """One browser with one page, then with as many as there are cores; the same HTML with another number each time."""
    own = PAPERS[template]().number

    def numbered(number: int) -> str:
        return html.replace(own, PAPERS[template](number).number)

    async with async_playwright() as playwright:
        began = time.perf_counter()
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = await browser.new_page()
        await _printed(page, html)
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
            body = await _printed(page, numbered(number))
            taken.append(time.perf_counter() - began)
        cpu, used = (_cpu(_browser()) - before) / times, megabytes(*_browser())
        pages = [page, *[await browser.new_page() for _ in range(AT_ONCE - 1)]]

        async def stack(each: Any, numbers: range) -> None:
            for number in numbers:
                await _printed(each, numbered(number))

        await asyncio.gather(*(stack(each, range(1)) for each in pages))
        began = time.perf_counter()
        await asyncio.gather(*(stack(each, range(times)) for each in pages))
        bulk = (time.perf_counter() - began) / (AT_ONCE * times)
        await browser.close()
    return _figures(cold, taken, bulk, cpu, used, body)


async def _printed(page: Any, html: str) -> bytes:
    await page.set_content(html, wait_until="load")
    return await page.pdf(prefer_css_page_size=True, print_background=True)


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
