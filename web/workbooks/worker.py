"""The worker process: one task on one workbook, frames in, frames out, under limits, without the database or any key.

    python -m web.workbooks.worker TASK

A frame is four bytes of length, then JSON, or bytes where the task says so. What goes wrong is answered as a word of
`rules.workbooks.SENTENCES`; a process that dies answers nothing, which is read as "broken".
"""

import json
import resource
import struct
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any, BinaryIO

from rules.codes import ImportKind
from rules.workbooks import SHEETS
from web.workbooks.inspection import Unfit, inspect

CPU_SECONDS = {"inspect": 8, "check": 60, "template": 20, "annotate": 60, "export": 60, "statistics": 30, "ledger": 60}
MEMORY = 900_000_000
_BATCH = 200
_HEAD = struct.Struct(">I")


class Pipe:
    """Frames over two byte streams."""

    def __init__(self, incoming: BinaryIO, outgoing: BinaryIO) -> None:
        self.incoming, self.outgoing = incoming, outgoing

    def take(self) -> bytes:
        """The next frame. EOFError at the end."""
        head = self.incoming.read(_HEAD.size)
        if len(head) < _HEAD.size:
            raise EOFError
        size = _HEAD.unpack(head)[0]
        body = self.incoming.read(size)
        if len(body) < size:
            raise EOFError
        return body

    def take_json(self) -> Any:
        """The next frame as JSON."""
        return json.loads(self.take())

    def give(self, body: bytes) -> None:
        """Send a frame."""
        self.outgoing.write(_HEAD.pack(len(body)) + body)
        self.outgoing.flush()

    def give_json(self, value: Any) -> None:
        """Send a frame of JSON."""
        self.give(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))


def run_inspect(pipe: Pipe) -> None:
    """Bytes in; {"fit": true} out, after the header was read."""
    from web.workbooks.reading import opened

    asked, body = pipe.take_json(), pipe.take()
    inspect(body)
    opened(body, SHEETS[ImportKind(asked["kind"])])
    pipe.give_json({"fit": True})


def run_check(pipe: Pipe) -> None:
    """What is asked and the bytes in; {"total": rows} out, then batches of rows, {"end": true} last.

    In between it may ask for employers by their codes.
    """
    from web.workbooks.reading import checked, data_rows, opened, orders_check, seekers_check

    asked, body = pipe.take_json(), pipe.take()
    kind = ImportKind(asked["kind"])
    read = list(data_rows(SHEETS[kind], *opened(body, SHEETS[kind])))
    if not read:
        raise Unfit("empty")
    pipe.give_json({"total": len(read)})
    check = seekers_check(asked) if kind is ImportKind.SEEKERS else orders_check(read, asked, _asking(pipe))
    for batch in _batches(checked(check, read)):
        pipe.give_json({"rows": batch})
    pipe.give_json({"end": True})


def _asking(pipe: Pipe) -> Callable[[list[str]], Mapping[str, Any]]:
    def ask(codes: list[str]) -> Mapping[str, Any]:
        pipe.give_json({"employers": codes})
        return pipe.take_json()

    return ask


def _batches(rows: Iterable[Any]) -> Iterable[list[Any]]:
    batch: list[Any] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _rows(pipe: Pipe) -> Iterable[Any]:
    while batch := pipe.take_json():
        yield from batch


def run_template(pipe: Pipe) -> None:
    """The kind in; a workbook out."""
    from web.workbooks.writing import template

    pipe.give(template(SHEETS[ImportKind(pipe.take_json()["kind"])]))


def run_annotate(pipe: Pipe) -> None:
    """Kind and words in, then batches of rows until an empty one; a workbook out."""
    from web.workbooks.writing import checked

    asked = pipe.take_json()
    pipe.give(checked(SHEETS[ImportKind(asked["kind"])], _rows(pipe), asked["words"]))


def run_export(pipe: Pipe) -> None:
    """Head and labels in, then batches of rows until an empty one; a workbook out."""
    from web.workbooks.writing import exported

    asked = pipe.take_json()
    pipe.give(exported(asked["head"], asked["labels"], _rows(pipe)))


def run_statistics(pipe: Pipe) -> None:
    """Head and sheets in; a workbook out."""
    from web.workbooks.figures import statistics

    asked = pipe.take_json()
    pipe.give(statistics(asked["head"], asked["sheets"]))


def run_ledger(pipe: Pipe) -> None:
    """A note and a ledger's content as it is kept (rules.ledger_versions) in; a workbook out."""
    from rules.ledger_versions import from_bytes
    from web.workbooks.ledger import ledger_workbook

    note = pipe.take_json()["note"]
    pipe.give(ledger_workbook(from_bytes(pipe.take()), note))


TASKS: dict[str, Callable[[Pipe], None]] = {
    "inspect": run_inspect,
    "check": run_check,
    "template": run_template,
    "annotate": run_annotate,
    "export": run_export,
    "statistics": run_statistics,
    "ledger": run_ledger,
}


def main() -> None:
    """Do the named task once."""
    task = sys.argv[1]
    seconds = CPU_SECONDS[task]
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000_000, 50_000_000))
    pipe = Pipe(sys.stdin.buffer, sys.stdout.buffer)
    try:
        TASKS[task](pipe)
    except Unfit as unfit:
        pipe.give_json({"unfit": unfit.word, "where": unfit.where})
    except MemoryError:
        pipe.give_json({"unfit": "bomb", "where": ""})
    except Exception as error:
        if type(error).__name__ == "BrokenHeader":
            pipe.give_json({"unfit": "said", "where": str(error)})
        else:
            pipe.give_json({"unfit": "broken", "where": ""})


if __name__ == "__main__":
    main()
