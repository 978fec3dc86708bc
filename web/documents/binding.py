"""Binding printed papers into one file, PDF or zip, in a process of its own that stands back for everybody else."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass

import structlog

from rules.codes import Bundle
from web.documents.renderer import PASSED_ON, ROOT
from web.documents.worker import HEADER, LENGTH

SECONDS = 300.0
"""Wall-clock time of the whole file; five hundred agreements take some ten seconds of an idle machine."""

log = structlog.get_logger("documents")


class BindingFailed(Exception):
    """The papers could not be put together."""


@dataclass(frozen=True, slots=True)
class Bound:
    """The file and how many pages it has."""

    body: bytes
    pages: int


async def bind(papers: AsyncIterator[tuple[str, bytes]], bundle: Bundle, *, duplex: bool, niceness: int = 19) -> Bound:
    """One file of these papers (name, PDF) in their order; `duplex` begins each on a new sheet. BindingFailed when it breaks."""
    binder = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "web.documents.binder",
        "zip" if bundle is Bundle.ZIP else "pdf",
        "duplex" if duplex else "simplex",
        str(niceness),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
        start_new_session=True,
        env={name: os.environ[name] for name in PASSED_ON if name in os.environ} | {"PYTHONPATH": str(ROOT)},
    )
    assert binder.stdin is not None
    assert binder.stdout is not None
    try:
        async with asyncio.timeout(SECONDS):
            async for name, body in papers:
                await _give(binder.stdin, name.encode())
                await _give(binder.stdin, body)
            await _give(binder.stdin, b"")
            (pages,) = LENGTH.unpack(await _answer(binder.stdout))
            return Bound(await _answer(binder.stdout), pages)
    except TimeoutError:
        raise BindingFailed("time") from None
    except (asyncio.IncompleteReadError, BrokenPipeError, ConnectionResetError):
        raise BindingFailed("ended") from None
    finally:
        with suppress(ProcessLookupError):
            binder.kill()
        await binder.wait()


async def _give(channel: asyncio.StreamWriter, body: bytes) -> None:
    channel.write(LENGTH.pack(len(body)) + body)
    await channel.drain()


async def _answer(channel: asyncio.StreamReader) -> bytes:
    kind, size = HEADER.unpack(await channel.readexactly(HEADER.size))
    body = await channel.readexactly(size)
    if kind == b"E":
        log.warning("binding_failed", reason=body.decode("utf-8", "replace").split(":")[0])
        raise BindingFailed(body.decode("utf-8", "replace"))
    return body
