"""The dry run of a full workbook, 5,000 rows of each kind, beside what merely reading the same file with openpyxl takes.

The dry run is all of it: the upload's inspection, reading in the worker process, every row checked by the forms and rules
of the counter, every row looked for in the database, progress written down, the result sealed. A tenth of the rows is
wrong and a tenth a duplicate. Then the new rows are registered, and the result workbook is made.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import time
from typing import Any

import openpyxl

from bench.fill import house, migrated, quick, sound
from bench.places import DATA, empty
from bench.report import Report, machine, table
from piccolo_conf import DB
from rules.codes import EmployerKind, ImportKind, VerifyMethod
from rules.employers import NewEmployer
from rules.permissions import Actor
from rules.workbooks import EXAMPLE, MAXIMUM_ROWS, SHEETS

CODE = "91420112MA4K000018"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def main() -> None:
    """Fill, read, check, register, judge."""
    options = argparse.ArgumentParser(prog="script/bench imports", description=__doc__)
    options.add_argument("--rows", type=int, default=MAXIMUM_ROWS)
    options.add_argument("--seconds", type=float, default=30.0)
    wanted = options.parse_args()
    machine()
    path = empty(DATA / "imports")
    migrated(path)
    connection = quick(path)
    house(connection)
    sound(connection)
    connection.close()
    report = Report("imports")
    report.figures["rows"] = wanted.rows
    asyncio.run(measured(report, wanted.rows, wanted.seconds))
    report.end()


async def measured(report: Report, count: int, seconds: float) -> None:
    """Both kinds, one after the other."""
    from db.actions.employers import register_employer, verify_employer
    from db.queries.accounts import account_with_id, actor_of

    await DB.start_connection_pool()
    try:
        account = await account_with_id((await _first_account())["id"])
        actor = actor_of(account) if account else None
        assert actor is not None
        employer = NewEmployer(
            kind=EmployerKind.UNIT,
            name="武汉湖畔物流有限公司",
            id_type="",
            id_number=CODE,
            address="宏图大道18号",
            legal_representative="刘大海",
            agent_name="刘大海",
            phone="13900000001",
        )
        await verify_employer(await register_employer(employer, actor=actor), VerifyMethod.DOCUMENT, actor=actor)
        rows = [await _one(report, kind, count, actor, seconds) for kind in ImportKind]
    finally:
        await DB.close_connection_pool()
    heads = (f"seconds, {count:,} rows", "plain openpyxl", "dry run", "ratio", "longest wait of others", "registering", "result workbook")
    table(heads, rows)


async def _first_account() -> dict[str, Any]:
    from db.tables.accounts import Account

    row = await Account.select(Account.id).order_by(Account.id).first()
    assert row is not None
    return row


async def _one(report: Report, kind: ImportKind, count: int, actor: Actor, seconds: float) -> list[Any]:
    from db import archive
    from db.actions import imports as actions
    from db.queries import imports as queries
    from web.import_runs import result_workbook, work_on
    from web.workbooks.calling import annotated_workbook, inspect_workbook

    made = [{"row": n + 3, "state": "fresh", "cells": _cells(kind, n), "problems": [], "notes": []} for n in range(count)]
    body = await annotated_workbook(kind, made, {"fresh": ""})
    plain = min(_read(body) for _ in range(2))
    waits = asyncio.create_task(_waits())
    began = time.perf_counter()
    await inspect_workbook(kind, body)
    import_id = await actions.upload_import(kind, "bench.xlsx", await archive.keep(body), actor=actor)
    await work_on(import_id, "bench")
    dry = time.perf_counter() - began
    longest = await _ended(waits)
    row = await queries.import_of(actor, import_id)
    assert row is not None
    await actions.confirm_import(import_id, actor=actor)
    began = time.perf_counter()
    await work_on(import_id, "bench")
    saving = time.perf_counter() - began
    after = await queries.import_of(actor, import_id)
    assert after is not None
    began = time.perf_counter()
    await result_workbook(import_id, kind, only_wrong=False, over=True)
    writing = time.perf_counter() - began
    report.must(f"{kind.value}: dry run of {count:,} rows in less than {seconds:g} s", dry < seconds)
    report.must(f"{kind.value}: every row is new, a duplicate or wrong", row["fresh"] + row["duplicate"] + row["wrong"] == count)
    report.must(f"{kind.value}: a tenth wrong, a tenth duplicate", row["wrong"] == count // 10 and row["duplicate"] == count // 10)
    report.must(f"{kind.value}: every new row was registered, once", after["saved"] == row["fresh"])
    report.note(f"{kind.value}: dry run to plain openpyxl reading in the same run", f"{dry / plain:.1f}")
    report.figures[kind.value] = {
        "plain_s": round(plain, 2),
        "dry_s": round(dry, 2),
        "ratio": round(dry / plain, 2),
        "longest_wait_ms": round(longest * 1000),
        "registering_s": round(saving, 1),
        "result_s": round(writing, 1),
        "megabytes": round(len(body) / 1e6, 2),
    }
    return [kind.value, f"{plain:.2f}", f"{dry:.2f}", f"{dry / plain:.1f}", f"{longest:.3f}", f"{saving:.1f}", f"{writing:.1f}"]


def _read(body: bytes) -> float:
    began = time.perf_counter()
    book = openpyxl.load_workbook(io.BytesIO(body), read_only=True)
    for _ in book.worksheets[0].iter_rows(values_only=True):
        pass
    return time.perf_counter() - began


async def _waits() -> float:
    """The longest that anybody else on the event loop had to wait; measured until it is cancelled."""
    longest = 0.0
    try:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.005)
            longest = max(longest, time.perf_counter() - began - 0.005)
    except asyncio.CancelledError:
        return longest


async def _ended(waits: asyncio.Task[float]) -> float:
    waits.cancel()
    return await waits


def _identity(n: int) -> str:
    first = f"420199{1985 + n % 15}{1 + n % 12:02d}{1 + n // 1000:02d}{n % 1000:03d}"
    return first + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(first, _WEIGHTS, strict=True)) % 11]


def _cells(kind: ImportKind, n: int) -> dict[str, str]:
    """The n-th row: of ten, the last is wrong and the one before repeats an earlier one."""
    sheet = SHEETS[kind]
    which = n - 1 if n % 10 == 8 else n
    cells = {column.key: column.example.removeprefix(EXAMPLE) for column in sheet.columns if column.example}
    if kind is ImportKind.SEEKERS:
        cells |= {"name": f"零工{chr(0x4E00 + which % 3000)}", "id_number": _identity(which), "phone": f"199{which:08d}"}
        if n % 10 == 9:
            cells["community"] = ""
        return cells
    cells |= {"title": f"快递分拣{which // 100}区{which % 100:02d}组", "start_date": _soon(2), "end_date": _soon(3), "valid_to": _soon(20)}
    if n % 10 == 9:
        cells["requirements"] = "限男性"
    return cells


def _soon(days: int) -> str:
    from datetime import timedelta

    from db.clock import today

    return (today() + timedelta(days=days)).isoformat()


if __name__ == "__main__":
    main()
