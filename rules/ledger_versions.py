"""Versions of a month's ledger as they are kept: the content as JSON and back, and what differs between two (art. 23)."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from itertools import zip_longest
from typing import Any

from rules.ledger import (
    COLUMNS,
    WORDS,
    Cell,
    LedgerContent,
    LedgerHeader,
    LedgerList,
    LedgerListKind,
    Line,
    SummaryRow,
    figure_text,
)

FORMAT = 1


def to_bytes(content: LedgerContent) -> bytes:
    """The content as canonical JSON: what is sealed in the archive, and what its SHA-256 is of."""
    record = {
        "format": FORMAT,
        "header": asdict(content.header),
        "summary": [asdict(row) for row in content.summary],
        "lists": {each.kind.value: [_line_record(line) for line in each.lines] for each in content.lists},
        **{name: getattr(content, name) for name in (*WORDS, "head_chain", "head_seq", "head_hash", "made_at")},
    }
    return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def from_bytes(body: bytes) -> LedgerContent:
    """The content back from what `to_bytes` made. ValueError: another format."""
    record = json.loads(body)
    if record["format"] != FORMAT:
        raise ValueError(f"ledger format {record['format']}")
    return LedgerContent(
        header=LedgerHeader(**record["header"]),
        summary=tuple(SummaryRow(**row) for row in record["summary"]),
        lists=tuple(
            LedgerList(kind, COLUMNS[kind], tuple(_line(line) for line in record["lists"].get(kind.value, ()))) for kind in LedgerListKind
        ),
        **{name: record[name] for name in (*WORDS, "head_chain", "head_seq", "head_hash", "made_at")},
    )


def list_from_bytes(body: bytes, kind: LedgerListKind) -> LedgerList:
    """One list alone out of what `to_bytes` made."""
    return LedgerList(kind, COLUMNS[kind], tuple(_line(line) for line in json.loads(body)["lists"].get(kind.value, ())))


def _line_record(line: Line) -> dict[str, Any]:
    record: dict[str, Any] = {"k": line.key, "r": line.record, "s": line.signed, "c": [_cell_record(cell) for cell in line.cells]}
    return record | ({"l": line.late} if line.late else {}) | ({"v": line.void} if line.void else {})


def _line(record: dict[str, Any]) -> Line:
    cells = tuple(_cell(cell) for cell in record["c"])
    return Line(cells, record["r"], record["s"], record.get("l", ""), record.get("v", ""), record["k"])


def _cell_record(cell: Cell) -> str | dict[str, Any]:
    if not cell.was and not cell.marks and cell.amount is None and not cell.money:
        return cell.text
    return {"t": cell.text, "w": cell.was, "m": cell.marks, "a": cell.amount, "f": cell.money}


def _cell(record: str | dict[str, Any]) -> Cell:
    if isinstance(record, str):
        return Cell(record)
    return Cell(record["t"], tuple(record["w"]), tuple(record["m"]), record["a"], record["f"])


def summary_record(content: LedgerContent) -> str:
    """What a version's row keeps unsealed: part 1, and how many lines were corrected, entered late, or stand there at all."""
    lines = [line for each in content.lists for line in each.lines]
    counts = {
        "rows": [asdict(row) for row in content.summary],
        "lines": {each.kind.value: each.counted for each in content.lists},
        "late": sum(bool(line.late) for line in lines),
        "corrections": next(len(each.lines) for each in content.lists if each.kind is LedgerListKind.CORRECTIONS),
    }
    return json.dumps(counts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def summary_rows(record: str) -> tuple[SummaryRow, ...]:
    """Part 1 out of what `summary_record` made."""
    return tuple(SummaryRow(**row) for row in json.loads(record)["rows"])


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs between two versions: where it stands, what it is about, what it said, what it says now."""

    where: str
    what: str
    before: str
    now: str


def differences(older: LedgerContent, newer: LedgerContent) -> list[Difference]:
    """What somebody who signed `older` would read otherwise in `newer`: figures, lines, words; nothing when it is the same month still."""
    return [*_figures(older, newer), *_lines(older, newer), *_words(older, newer)]


def _figures(older: LedgerContent, newer: LedgerContent) -> list[Difference]:
    old, new = ({row.key: row for row in each.summary} for each in (older, newer))
    found = []
    for key in dict.fromkeys([*old, *new]):
        was, now = old.get(key), new.get(key)
        row = now or was
        assert row is not None
        texts = [figure_text(each.month, each.unit) if each else "—" for each in (was, now)]
        if texts[0] != texts[1]:
            found.append(Difference("汇总", f"{row.label}（本月）", texts[0], texts[1]))
    return found


def _lines(older: LedgerContent, newer: LedgerContent) -> list[Difference]:
    found = []
    for was, now in zip_longest(older.lists, newer.lists):
        where = f"{now.kind.mark}{now.kind.label}"
        old = {line.key: line for line in was.lines}
        for line in now.lines:
            before = old.pop(line.key, None)
            if before is None:
                found.append(Difference(where, line.record, "没有", _short(line)))
            else:
                found += _cells(where, now, before, line)
        found += [Difference(where, line.record, _short(line), "没有") for line in old.values()]
    return found


def _cells(where: str, now: LedgerList, before: Line, line: Line) -> list[Difference]:
    found = [
        Difference(where, f"{line.record} {column.label}", was.text or "空", cell.text or "空")
        for column, was, cell in zip(now.columns, before.cells, line.cells, strict=True)
        if was.text != cell.text
    ]
    if before.void != line.void:
        found.append(Difference(where, line.record, before.void or "计入", line.void or "计入"))
    return found


def _short(line: Line) -> str:
    return "　".join(cell.text for cell in line.cells[:6] if cell.text)


def _words(older: LedgerContent, newer: LedgerContent) -> list[Difference]:
    pairs = ((label, getattr(older, name), getattr(newer, name)) for name, label in WORDS.items())
    return [Difference("文字总结", label, was or "空", now or "空") for label, was, now in pairs if was != now]
