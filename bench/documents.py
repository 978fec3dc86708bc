"""Agreements and rule boards as PDF: our printer beside headless Chromium printing the same HTML with the same fonts.

`cold` is from nothing: starting our worker process, or the browser, up to the first PDF. `first` is what the first click
costs once they stand ready, `following` the median of the papers after it (each with another number), one at a time;
`bulk` is the time per paper of many with two at a time: two workers, or two pages of the one warm browser. Ours ends when all
of them are bound into one file as well. The two take turns. Chromium writes tagged PDF, as ours are (`--untagged` for its
default). `processor` is the processor time of all processes per following paper. Memory is that of all processes, shared pages
counted once. The board is fitted to its sheet by our press in a few layouts; Chromium prints the result of that in one. Typst
sets the text of the agreement without its form, for orientation. In the end an idle station is compared with one that prints in
bulk.
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
from collections.abc import AsyncIterator, Awaitable, Callable
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
TURNS = 10
"""In how many parts the bulk is printed, ours and theirs by turns."""


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
        figures[name] = asyncio.run(side_by_side(name, pages[name], times, bulk, tagged=not wanted.untagged))
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


async def side_by_side(name: str, html: str, times: int, many: int, *, tagged: bool) -> dict[str, dict[str, Any]]:
    """Our printer and the browser at the same papers, in turns, so that a machine that is slow for a minute is slow for both."""
    ours, theirs = Ours(name), Chromium(name, html, tagged=tagged)
    sides: dict[str, Ours | Chromium] = {"ours": ours, "chromium": theirs}
    async with async_playwright() as playwright:
        theirs.launch = lambda: playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        found: dict[str, dict[str, Any]] = {}
        for who, side in sides.items():
            found[who] = {"cold": await _timed(side.cold())}
        for side in sides.values():
            await side.begin(1)
        taken: dict[str, list[float]] = {who: [] for who in sides}
        used = dict.fromkeys(sides, 0.0)
        for number in range(1, times + 2):
            for who, side in sides.items():
                before = _cpu(side.processes())
                taken[who].append(await _timed(side.one(number)))
                used[who] += _cpu(side.processes()) - before if number > 1 else 0
        for who, side in sides.items():
            found[who] |= {"first": taken[who][0], "following": median(taken[who][1:]), "processor": used[who] / times}
            found[who] |= {"megabytes": round(megabytes(*side.processes())), "pages": len(PdfReader(io.BytesIO(side.body)).pages)}
            found[who]["kilobytes"] = round(len(side.body) / 1000)
            await side.end()
            await side.begin(AT_ONCE)
        bulk = dict.fromkeys(sides, 0.0)
        for turn in range(TURNS):
            for who, side in sides.items():
                bulk[who] += await _timed(side.several(range(turn, many, TURNS)))
        bulk["ours"] += await _timed(ours.bound(many))
        for who, side in sides.items():
            found[who]["bulk"] = bulk[who] / many
            await side.end()
    return {who: {key: round(value, 4) for key, value in figures.items()} for who, figures in found.items()}


async def _timed(work: Awaitable[Any]) -> float:
    began = time.perf_counter()
    await work
    return time.perf_counter() - began


class Ours:
    """Our printer with so many workers."""

    def __init__(self, name: str) -> None:
        self.template, self.paper = template_of(name), PAPERS[name]
        self.body, self.bodies = b"", {}

    async def cold(self) -> None:
        """From nothing to the first paper."""
        self.printer = Printer(workers=1)
        await self.printer.start()
        await self.one(0)
        await self.printer.stop()

    async def begin(self, workers: int) -> None:
        """Stand ready; with several, each has printed one."""
        self.printer = Printer(workers=workers)
        await self.printer.start()
        while len(self.printer._workers) < workers:  # noqa: ASYNC110 - it tells nobody when it is ready
            await asyncio.sleep(0.05)
        if workers > 1:
            await asyncio.gather(*(self.one(number) for number in range(workers)))

    async def one(self, number: int) -> None:
        """A paper."""
        self.body = self.bodies[number] = await self.printer.pdf(self.template, {"paper": self.paper(number)})

    async def several(self, numbers: range) -> None:
        """Papers, as many at once as there are workers."""
        left = iter(numbers)

        async def hand() -> None:
            for number in left:
                await self.one(number)

        await asyncio.gather(*(hand() for _ in range(AT_ONCE)))

    async def bound(self, many: int) -> None:
        """All papers as one file."""

        async def papers() -> AsyncIterator[tuple[str, bytes]]:
            for number in range(many):
                yield str(number), self.bodies[number]

        await bind(papers(), Bundle.PDF, duplex=True, niceness=0)

    def processes(self) -> list[int]:
        """The workers."""
        return [worker.pid for worker in self.printer._workers if worker.pid]

    async def end(self) -> None:
        """Stop them."""
        await self.printer.stop()


class Chromium:
    """One browser with so many pages; the same HTML with another number each time."""

    launch: Callable[[], Awaitable[Any]]

    def __init__(self, name: str, html: str, *, tagged: bool) -> None:
        self.html, self.paper, self.tagged = html, PAPERS[name], tagged
        self.own, self.body = PAPERS[name]().number, b""

    async def cold(self) -> None:
        """From nothing to the first paper."""
        browser = await self.launch()
        await self._printed(await browser.new_page(), 0)
        await browser.close()

    async def begin(self, pages: int) -> None:
        """Stand ready; with several, each has printed one."""
        self.browser = await self.launch()
        self.pages = [await self.browser.new_page() for _ in range(pages)]
        for page in self.pages:
            await page.set_content("<p>")
        if pages > 1:
            await asyncio.gather(*(self._printed(page, 0) for page in self.pages))

    async def one(self, number: int) -> None:
        """A paper."""
        self.body = await self._printed(self.pages[0], number)

    async def several(self, numbers: range) -> None:
        """Papers, as many at once as there are pages."""
        left = iter(numbers)

        async def hand(page: Any) -> None:
            for number in left:
                await self._printed(page, number)

        await asyncio.gather(*(hand(page) for page in self.pages))

    async def _printed(self, page: Any, number: int) -> bytes:
        await page.set_content(self.html.replace(self.own, self.paper(number).number), wait_until="load")
        return await page.pdf(prefer_css_page_size=True, print_background=True, tagged=self.tagged)

    def processes(self) -> list[int]:
        """The first process of the browser that playwright's driver started for us; the others are its children."""
        return [pid for pid in children(os.getpid()) if "chromium" in command_of(pid)][:1]

    async def end(self) -> None:
        """Close it."""
        await self.browser.close()


def _cpu(pids: list[int]) -> float:
    return sum(processor_seconds(pid) for pid in pids)


if __name__ == "__main__":
    main()
