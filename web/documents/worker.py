"""The worker process: reads jobs from standard input, prints them one at a time, answers on standard output.

Started as `python -m web.documents.worker` by `renderer`. A job is a length and a pickled (template, context,
variant, assets) from our own parent; an answer is a kind letter, a length and bytes that the parent reads without unpickling:
R ready, P the PDF, G the characters without a glyph, E what went wrong (English, for the log), F cannot start.
"""

import gc
import os
import pickle
import resource
import struct
import sys
from typing import BinaryIO

HEADER = struct.Struct(">cI")
LENGTH = struct.Struct(">I")
MOST_LEFT = 1_000_000
"""Objects after which the garbage collector looks in the middle of a paper, one of hundreds of pages. Otherwise it looks when a paper was
handed over, where it takes half the time: what it throws away is still near the processor."""
MEMORY_BYTES = 1_600_000_000


def answer(channel: BinaryIO, kind: bytes, body: bytes = b"") -> None:
    """Send one answer to the parent."""
    channel.write(HEADER.pack(kind, len(body)) + body)
    channel.flush()


def limit_memory() -> None:
    """A document that grows without end dies of MemoryError here, not of a starved machine; no core file is left."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def allow_seconds(seconds: int) -> None:
    """Let this process use that much more processor time before the system ends it."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(usage.ru_utime + usage.ru_stime) + seconds + 1, hard))


def read_exactly(source: BinaryIO, size: int) -> bytes:
    """`size` bytes; raises EOFError when the parent has gone."""
    data = source.read(size)
    if len(data) != size:
        raise EOFError
    return data


def main() -> None:
    """Load the press, say R, then print until the parent closes the pipe."""
    seconds = int(sys.argv[1])
    os.nice(int(sys.argv[2]))
    channel = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a stray print() must not end up between two answers
    limit_memory()
    try:
        from web.documents.press import Press, Unprintable

        press = Press()
    except BaseException as error:
        answer(channel, b"F", str(error).encode())
        raise SystemExit(1) from None
    answer(channel, b"R")
    gc.collect()
    gc.freeze()
    gc.set_threshold(MOST_LEFT)
    while True:
        gc.collect()  # while nobody waits: the paper before was handed over
        try:
            (size,) = LENGTH.unpack(read_exactly(sys.stdin.buffer, LENGTH.size))
            template, context, variant, assets = pickle.loads(read_exactly(sys.stdin.buffer, size))  # noqa: S301
        except EOFError:
            return
        allow_seconds(seconds)
        try:
            answer(channel, b"P", press.pdf(template, context, variant, assets))
        except Unprintable as error:
            answer(channel, b"G", "".join(error.characters).encode("utf-8", "surrogatepass"))
        except (BrokenPipeError, KeyboardInterrupt):
            return
        except BaseException as error:
            answer(channel, b"E", f"{type(error).__name__}: {error}"[:500].encode("utf-8", "replace"))


if __name__ == "__main__":
    main()
