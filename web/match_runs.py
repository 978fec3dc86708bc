"""Having a morning's batch worked out: gathered here, judged and assigned in a worker process, kept by an action.

The worker process gets the record that is kept with the run and nothing else, so that giving it the record again gives the
same suggestions, and the pages of others are answered while it works.
"""

import asyncio
import json
import os
import secrets
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from db.clock import today
from db.queries import matching as queries
from rules.batch import Morning, Suggested, record_of
from rules.codes import MatchedPeople
from rules.errors import RuleBroken

NOBODY_HERE = "今天还没有签到等活、又接受系统推荐的人。请先签到，或者选“本站登记、正在找活的”。"
NOBODY_REGISTERED = "本站登记、正在找活的人里，没有想做这些工种又接受系统推荐的。"
TOO_LONG = "匹配没有算完，什么也没有保存。请少勾一些岗位，再试一次。"
_ROOT = Path(__file__).resolve().parents[1]
_SECONDS = 30.0

_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """A run before it is kept: what went in, what came out, and how long it took."""

    inputs: dict[str, Any]
    suggestions: list[Suggested]
    milliseconds: int


async def worked_out(station_id: int, rows: Sequence[dict[str, Any]], whom: MatchedPeople) -> WorkedOut:
    """A run over these posts (rows of `posts_to_fill`). RuleBroken: nobody to match, or it took too long."""
    began, day, seed = time.monotonic(), today(), secrets.token_hex(16)
    posts = await queries.open_posts(rows)
    trades = sorted({each.post.terms.trade for each in posts})
    people = await queries.waiting_people(station_id, day, whom, trades, seed)
    if not people:
        raise RuleBroken(NOBODY_HERE if whom is MatchedPeople.HERE else NOBODY_REGISTERED, "whom")
    inputs = await asyncio.to_thread(record_of, Morning(day, seed, posts, people))
    suggestions = await suggested(inputs)
    return WorkedOut(inputs, suggestions, round((time.monotonic() - began) * 1000))


def _packed(inputs: Mapping[str, Any]) -> bytes:
    return json.dumps(inputs).encode()


async def suggested(inputs: Mapping[str, Any]) -> list[Suggested]:
    """What a record of inputs leads to, worked out in a process of its own, one at a time. RuleBroken: it took too long."""
    turn = _turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(1))
    async with turn:
        started = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "web.match_worker",
            cwd=_ROOT,
            env={"PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1", "OPENBLAS_NUM_THREADS": "1"},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            async with asyncio.timeout(_SECONDS):
                answer, _ = await started.communicate(await asyncio.to_thread(_packed, inputs))
        except TimeoutError:
            raise RuleBroken(TOO_LONG) from None
        finally:
            if started.returncode is None:
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(started.pid, signal.SIGKILL)
            await started.wait()
    if started.returncode:
        raise RuleBroken(TOO_LONG)
    return [Suggested(*each) for each in json.loads(answer)]
