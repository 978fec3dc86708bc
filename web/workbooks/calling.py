"""The web process's side of the workbook worker: starts it with nothing but its code, sends frames, reads answers."""

import asyncio
import contextlib
import json
import os
import signal
import struct
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from rules.codes import ImportKind
from rules.errors import RuleBroken
from rules.parameters import Parameter
from rules.workbooks import refusal

_ROOT = Path(__file__).resolve().parents[2]
_HEAD = struct.Struct(">I")
_SECONDS = {"inspect": 20.0, "check": 120.0, "template": 40.0, "annotate": 120.0, "export": 120.0, "statistics": 60.0, "ledger": 120.0}
_AT_ONCE = 2
_LARGEST = 64 * 1024 * 1024

_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


class Worker:
    """One running worker process."""

    def __init__(self, task: asyncio.subprocess.Process) -> None:
        assert task.stdin is not None
        assert task.stdout is not None
        self.incoming, self.outgoing = task.stdout, task.stdin

    async def give(self, body: bytes) -> None:
        """Send a frame; a worker that is gone says why when it is read."""
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.outgoing.write(_HEAD.pack(len(body)) + body)
            await self.outgoing.drain()

    async def give_json(self, value: Any) -> None:
        """Send a frame of JSON."""
        await self.give(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"))

    async def take(self) -> bytes:
        """The next frame. RuleBroken when the worker is gone."""
        try:
            size = _HEAD.unpack(await self.incoming.readexactly(_HEAD.size))[0]
            if size > _LARGEST:
                raise RuleBroken(refusal("bomb"), "workbook")
            return await self.incoming.readexactly(size)
        except asyncio.IncompleteReadError:
            raise RuleBroken(refusal("time"), "workbook") from None

    async def take_json(self) -> Any:
        """The next frame as JSON. RuleBroken, with its sentence, for a file that is not read."""
        answer = json.loads(await self.take())
        if isinstance(answer, dict) and "unfit" in answer:
            sentence = answer["where"] if answer["unfit"] == "said" else refusal(answer["unfit"], answer["where"])
            raise RuleBroken(sentence, "workbook")
        return answer

    async def take_workbook(self) -> bytes:
        """The frame that is a workbook. RuleBroken when it could not be made."""
        body = await self.take()
        if not body.startswith(b"PK"):
            raise RuleBroken("表格没有生成，请过一会儿再试。", "workbook")
        return body


@contextlib.asynccontextmanager
async def worker(task: str) -> AsyncIterator[Worker]:
    """A worker for the length of the block; two at a time. It is ended, whatever it does, when the block is left."""
    turn = _turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(_AT_ONCE))
    async with turn:
        started = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "web.workbooks.worker",
            task,
            cwd=_ROOT,
            env={"PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1"},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,  # it may have hands of its own, which end with it
        )
        try:
            async with asyncio.timeout(_SECONDS[task]):
                yield Worker(started)
        except TimeoutError:
            raise RuleBroken(refusal("time"), "workbook") from None
        finally:
            if started.returncode is None:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(started.pid, signal.SIGKILL)
            await started.wait()


async def inspect_workbook(kind: ImportKind, body: bytes) -> None:
    """RuleBroken on `workbook`, in one sentence, for anything but a workbook with the columns of the template."""
    async with worker("inspect") as working:
        await working.give_json({"kind": kind.value})
        await working.give(body)
        await working.take_json()


async def checked_rows(
    kind: ImportKind,
    body: bytes,
    *,
    today: date,
    ages: Mapping[str, int],
    parameters: Sequence[Parameter],
    employers: Callable[[list[str]], Awaitable[Mapping[str, Any]]],
) -> AsyncIterator[tuple[int, list[dict[str, Any]]]]:
    """(rows in all, a batch of checked ones) as they come (see `web.workbooks.reading`); the first batch is empty.

    RuleBroken for a file that is not read.
    """
    kept = [(each.code, each.value, each.valid_from.isoformat(), each.valid_to.isoformat() if each.valid_to else "") for each in parameters]
    async with worker("check") as working:
        await working.give_json({"kind": kind.value, "today": today.isoformat(), **ages, "parameters": kept})
        await working.give(body)
        total = (await working.take_json())["total"]
        yield total, []
        while True:
            answer = await working.take_json()
            if "employers" in answer:
                await working.give_json(await employers(answer["employers"]))
            elif "rows" in answer:
                yield total, answer["rows"]
            else:
                return


_templates: dict[ImportKind, bytes] = {}


async def template_workbook(kind: ImportKind) -> bytes:
    """The empty template, made once."""
    if kind not in _templates:
        async with worker("template") as working:
            await working.give_json({"kind": kind.value})
            _templates[kind] = await working.take_workbook()
    return _templates[kind]


async def annotated_workbook(kind: ImportKind, rows: Sequence[Mapping[str, Any]], words: Mapping[str, str]) -> bytes:
    """The rows with what each came to, as a workbook (see `web.workbooks.writing.checked`)."""
    async with worker("annotate") as working:
        await working.give_json({"kind": kind.value, "words": words})
        await _give_rows(working, rows)
        return await working.take_workbook()


async def exported_workbook(head: Mapping[str, str], labels: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """A list as a marked workbook (see `web.workbooks.writing.exported`)."""
    async with worker("export") as working:
        await working.give_json({"head": dict(head), "labels": list(labels)})
        await _give_rows(working, rows)
        return await working.take_workbook()


async def statistics_workbook(head: Mapping[str, str], sheets: Sequence[Mapping[str, Any]]) -> bytes:
    """Tables of figures as a workbook (see `web.workbooks.figures.statistics`)."""
    async with worker("statistics") as working:
        await working.give_json({"head": dict(head), "sheets": list(sheets)})
        return await working.take_workbook()


async def ledger_workbook(content: bytes, note: str = "") -> bytes:
    """A ledger's kept content as a workbook (see `web.workbooks.ledger`); `note` marks a preview."""
    async with worker("ledger") as working:
        await working.give_json({"note": note})
        await working.give(content)
        return await working.take_workbook()


async def _give_rows(working: Worker, rows: Iterable[Any]) -> None:
    rows = list(rows)
    for start in range(0, len(rows), 200):
        await working.give_json(rows[start : start + 200])
    await working.give_json([])
