"""The printer the web process talks to: worker processes that print one paper at a time and are replaced when they die.

Rendering runs outside the web process because a hostile or broken document can exhaust time and memory or abort the
process inside the native text library; here that costs one paper, and the next one prints.
"""

import asyncio
import os
import pickle
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import structlog

from web.documents.fonts import FontsMissing, advice, coverage, use_own_fonts
from web.documents.worker import HEADER, LENGTH

ROOT = Path(__file__).resolve().parents[2]
JOB_SECONDS = 20.0
"""Wall-clock time of one paper."""
START_SECONDS = 60.0
"""Time a worker may take to load fonts and style sheets on a busy machine."""
WORKER_JOBS = 250
"""Papers after which a worker is replaced, so that no leak grows old: the text library keeps some 0.1 MB of each. A new one costs as
much as eight papers."""
QUEUE_LIMIT = 200
"""Papers waiting at once before new ones are refused."""
TRIES = 2
"""How often a paper is begun when its worker dies under it; one that takes too long is not begun again."""

PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "FONTCONFIG_FILE", "LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH")
"""The environment a worker gets: it prints what strangers typed, so it is given no secret of the web process."""

TOO_LONG = ("Defect: the text is too long for the board", "Defect: does not fit one page")
"""What the press says of a one-page paper with more text than its sheet holds."""

log = structlog.get_logger("documents")


class PrintFailed(Exception):
    """The paper could not be printed; the message is Chinese and says what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class GlyphMissing(PrintFailed):
    """The paper holds characters no face has; `characters` lists them."""

    def __init__(self, characters: list[str]) -> None:
        super().__init__(advice(characters))
        self.characters = characters


class WorkerDied(Exception):
    """The worker ended before it answered."""


class TooLong(Exception):
    """The paper used up its time: by the clock, or the processor time the system gives a worker for one paper."""


class Worker:
    """One worker process: start it, give it a job, end it."""

    def __init__(self, job_seconds: float, niceness: int = 0) -> None:
        self.job_seconds = job_seconds
        self.niceness = niceness
        self.jobs = 0
        self.process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        return self.process.pid if self.process and self.process.returncode is None else None

    async def start(self) -> None:
        """Start the process and wait until its press is loaded; raises WorkerDied with the reason."""
        self.process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "web.documents.worker",
            str(int(self.job_seconds)),
            str(self.niceness),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            cwd=ROOT,
            start_new_session=True,  # Ctrl+C is for the web process, which ends this one
            env={name: os.environ[name] for name in PASSED_ON if name in os.environ} | {"PYTHONPATH": str(ROOT)},
        )
        try:
            kind, body = await asyncio.wait_for(self._answer(), START_SECONDS)
        except TimeoutError:
            raise WorkerDied("no answer while starting") from None
        if kind != b"R":
            raise WorkerDied(body.decode("utf-8", "replace"))

    async def pdf(self, job: bytes) -> tuple[bytes, bytes]:
        """Kind letter and body of the answer; raises TooLong after the job's time, WorkerDied when it ended."""
        self.jobs += 1
        if self.process is None or self.process.stdin is None:
            raise WorkerDied("not started")
        try:
            self.process.stdin.write(LENGTH.pack(len(job)) + job)
            await self.process.stdin.drain()
        except (BrokenPipeError, ConnectionResetError):
            raise WorkerDied("pipe closed") from None
        try:
            return await asyncio.wait_for(self._answer(), self.job_seconds)
        except TimeoutError:
            raise TooLong from None
        except WorkerDied:
            if await self.process.wait() == -signal.SIGXCPU:
                raise TooLong from None
            raise

    async def _answer(self) -> tuple[bytes, bytes]:
        if self.process is None or self.process.stdout is None:
            raise WorkerDied("not started")
        try:
            kind, size = HEADER.unpack(await self.process.stdout.readexactly(HEADER.size))
            return kind, await self.process.stdout.readexactly(size)
        except (asyncio.IncompleteReadError, ConnectionResetError):
            raise WorkerDied("ended without an answer") from None

    async def end(self) -> None:
        """End the process at once and wait until it is gone."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            self.process.kill()
        await self.process.wait()
        if self.process.stdin is not None:
            self.process.stdin.close()  # or it is closed when nobody runs the loop any more


class Printer:
    """Prints papers without blocking the event loop; start it on start-up, stop it on shutdown.

    `niceness` (0 to 19): how far its workers stand back for everybody else; papers printed many at a time have a printer
    of their own that does.
    """

    def __init__(self, workers: int = 2, job_seconds: float = JOB_SECONDS, niceness: int = 0) -> None:
        self.size = workers
        self.job_seconds = job_seconds
        self.niceness = niceness
        self._idle: asyncio.Queue[Worker] = asyncio.Queue()
        self._tasks: set[asyncio.Task[object]] = set()
        self._workers: set[Worker] = set()
        self._waiting = 0
        self._stopped = False
        self._failure = ""

    async def start(self) -> None:
        """Begin to start the workers; returns at once, papers asked for meanwhile wait."""
        self._stopped = False
        self._idle = asyncio.Queue()  # of the loop that starts it now
        try:
            use_own_fonts()
        except FontsMissing as error:
            self._failure = str(error)
            return
        self._spawn(asyncio.to_thread(coverage))
        for _ in range(self.size):
            self._spawn(self._replace())

    async def stop(self) -> None:
        """End every worker; papers in the making fail."""
        self._stopped = True
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for worker in list(self._workers):
            await worker.end()
        self._workers.clear()
        self._idle = asyncio.Queue()

    def state(self) -> str:
        """ready / starting / failed: what is wrong — for the health page."""
        if self._failure:
            return f"failed: {self._failure}"
        return "ready" if self._workers else "starting"

    async def pdf(
        self,
        template: str,
        context: dict[str, object],
        *,
        variant: str | None = None,
        assets: Mapping[str, bytes] | None = None,
    ) -> bytes:
        """The PDF of `documents/<template>.html` filled with `context` (frozen papers of rules.documents).

        The same values give the same bytes. `variant` overrides the PDF variant (papers that are kept are PDF/A-3a),
        `assets` are pictures by name (`web.documents.press`). A paper whose worker dies is begun once more.
        Raises GlyphMissing, or PrintFailed with what to tell the person at the counter.
        """
        if self._failure and not self._workers:
            raise PrintFailed(f"打印服务没有启动：{self._failure}")
        if self._waiting >= QUEUE_LIMIT:
            raise PrintFailed("正在打印的文书太多，请过一分钟再试。")
        job = pickle.dumps((template, context, variant, dict(assets) if assets else None))
        self._waiting += 1
        try:
            # the job goes on when the asker leaves, so that its worker stays in step
            return await asyncio.shield(self._spawn(self._print(template, job)))
        finally:
            self._waiting -= 1

    async def _print(self, template: str, job: bytes) -> bytes:
        for left in reversed(range(TRIES)):
            worker = await self._take()
            try:
                kind, body = await worker.pdf(job)
                break
            except TooLong:
                self._discard(worker)
                log.warning("document_timeout", template=template)
                raise PrintFailed("这份文书排版时间太长，已停止。请缩短填写的内容后再打印。") from None
            except WorkerDied as error:
                self._discard(worker)
                log.warning("document_worker_died", template=template, reason=str(error), tries_left=left)
            except asyncio.CancelledError:
                self._discard(worker)
                raise
        else:
            raise PrintFailed("打印程序中断了，请再打印一次；还不行请缩短填写的内容。")
        if worker.jobs >= WORKER_JOBS or kind == b"E":
            self._discard(worker)
        else:
            self._idle.put_nowait(worker)
        if kind == b"P":
            return body
        if kind == b"G":
            raise GlyphMissing(list(body.decode("utf-8", "surrogatepass")))
        reason = body.decode("utf-8", "replace")
        if reason in TOO_LONG:
            raise PrintFailed("内容太多，一张纸放不下，字也不能再小了。请删短一些，或者删掉几条。")
        log.warning("document_failed", template=template, reason=reason.split(":")[0])
        raise PrintFailed("这份文书没有排出来。请检查填写的内容；还不行请联系系统维护人员。")

    async def _take(self) -> Worker:
        """An idle worker that still runs; raises PrintFailed when none comes free in time."""
        while True:
            try:
                worker = await asyncio.wait_for(self._idle.get(), START_SECONDS + self.job_seconds)
            except TimeoutError:
                raise PrintFailed("打印服务现在很忙，请过一分钟再试。") from None
            if worker.pid is not None:
                return worker
            self._discard(worker)

    def _discard(self, worker: Worker) -> None:
        self._workers.discard(worker)
        self._spawn(worker.end())
        if not self._stopped:
            self._spawn(self._replace())

    async def _replace(self) -> None:
        """Start one worker; after a failure try again, ever more slowly, and keep the reason for `state()`."""
        pause = 1.0
        while not self._stopped:
            worker = Worker(self.job_seconds, self.niceness)
            try:
                await worker.start()
            except (WorkerDied, OSError) as error:
                await worker.end()
                self._failure = str(error)
                log.error("document_worker_failed", reason=str(error))
                await asyncio.sleep(pause)
                pause = min(pause * 2, 60.0)
            except asyncio.CancelledError:
                await worker.end()
                raise
            else:
                self._failure = ""
                self._workers.add(worker)
                self._idle.put_nowait(worker)
                return

    def _spawn(self, work) -> asyncio.Task:  # type: ignore[no-untyped-def]
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
