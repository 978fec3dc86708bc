"""Reading an uploaded workbook row by row and checking each row. Runs in the worker process; no database, no keys."""

import io
import os
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from functools import cache
from multiprocessing import get_context
from typing import Any

import openpyxl

from rules.checks import CheckParameters, by_severity, check_post, parameters_on
from rules.codes import CreditState, EmployerKind, EmployerState
from rules.errors import RuleBroken
from rules.identity import parse_identity, parse_phone
from rules.jobs import comparison_text
from rules.lint import Severity, first_of_each
from rules.parameters import Parameter
from rules.seekers import UnderAge
from rules.terms import EmployerFacts, JobTerms
from rules.workbooks import JOBS, MAXIMUM_CELL, MAXIMUM_COLUMNS, MAXIMUM_ROWS, SEEKERS, Sheet, headings, is_example
from web.workbooks.inspection import Unfit, inspect
from web.workbooks.rows import check_order_row, check_seeker_row

Row = dict[str, Any]
"""row (number in the sheet), state (fresh, wrong, child), cells, problems, notes, and what finds its like: keys."""

ROUNDED = "这个号码被改成了数字，末几位已经丢了。请把这一栏设成文本，照证件重新填。"
_EXACT = 10**15
_FEW = 300


class BrokenHeader(Exception):
    """The first row is not that of the template; the text is the sentence."""


def opened(body: bytes, sheet: Sheet) -> tuple[dict[int, str], Iterator[tuple[int, tuple[Any, ...]]]]:
    """The columns of the first sheet and its rows below the header, with their numbers. Unfit, BrokenHeader."""
    inspect(body)
    warnings.simplefilter("ignore")
    try:
        book = openpyxl.load_workbook(io.BytesIO(body), read_only=True, data_only=False, keep_links=False)
        page = book.worksheets[0]
        page.reset_dimensions()
        rows = page.iter_rows()
        first = next(rows, ())
    except Exception as error:
        raise Unfit("broken") from error
    try:
        return headings(sheet, [_text(cell.value)[0] for cell in first[:MAXIMUM_COLUMNS]]), enumerate(rows, 2)
    except RuleBroken as broken:
        raise BrokenHeader(broken.message) from None


def data_rows(sheet: Sheet, places: Mapping[int, str], rows: Iterator[tuple[int, tuple[Any, ...]]]) -> Iterator[tuple[int, Row]]:
    """(number, cells and what could not be read) of every row that says something; the example is left out."""
    count = 0
    while True:
        try:
            number, cells = next(rows)
        except StopIteration:
            return
        except Exception as error:
            raise Unfit("broken") from error
        texts: dict[str, str] = {}
        problems: dict[str, str] = {}
        for place, key in places.items():
            if place >= len(cells):
                continue
            cell = cells[place]
            value = cell.value
            if value is None:
                continue
            if getattr(cell, "data_type", "") == "f":
                raise Unfit("formula", getattr(cell, "coordinate", "表格"))
            text, problem = _text(value)
            if text:
                texts[key] = text[: MAXIMUM_CELL + 1]
            if problem:
                problems[key] = problem
        if not texts or is_example(sheet, texts):
            continue
        count += 1
        if count > MAXIMUM_ROWS:
            raise Unfit("rows")
        yield number, {"cells": texts, "problems": problems}


def _text(value: Any) -> tuple[str, str]:
    """A cell as text, and why it cannot be trusted ("" when it can)."""
    match value:
        case None:
            return "", ""
        case bool():
            return ("是" if value else "否"), ""
        case str():
            return value.strip(), ""
        case datetime():
            return (value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")), ""
        case date():
            return value.isoformat(), ""
        case time():
            return f"{value:%H:%M}", ""
        case int() | float():
            if abs(value) >= _EXACT:
                return f"{value:.0f}" if isinstance(value, float) else str(value), ROUNDED
            if float(value).is_integer():
                return str(int(value)), ""
            return f"{value:.6f}".rstrip("0"), ""
    return str(value), ""


Ask = Callable[[list[str]], Mapping[str, Any]]
"""Gives the facts of employers by their code; codes nobody has are left out."""

Check = Callable[[tuple[int, Row]], Row]
"""Checks one numbered row of `data_rows`."""


def seekers_check(asked: Mapping[str, Any]) -> Check:
    """How a row of a workbook of seekers is checked. Of a child nothing comes back but the row number."""
    today = date.fromisoformat(asked["today"])
    ages = {"child_age": int(asked["child_age"]), "juvenile_age": int(asked["juvenile_age"])}

    def check(numbered: tuple[int, Row]) -> Row:
        number, read = numbered
        try:
            form, problems = check_seeker_row(read["cells"], today=today, **ages)
        except UnderAge:
            return {"row": number, "state": "child", "cells": {}, "problems": [], "notes": [], "keys": {}}
        new = form.new_seeker()
        keys = {
            "id_number": _or_nothing(lambda: parse_identity(new.id_type, new.id_number, today=today).number),
            "phone": _or_nothing(lambda: parse_phone(new.phone)),
            "id_type": new.id_type.value,
            "shared": "1" if new.phone_shared else "",
        }
        return _row(number, read["cells"], read["problems"], problems, [], keys, SEEKERS)

    return check


def _or_nothing(parse: Callable[[], str]) -> str:
    try:
        return parse()
    except RuleBroken:
        return ""


def orders_check(read: Sequence[tuple[int, Row]], asked: Mapping[str, Any], ask: Ask) -> Check:
    """How a row of a workbook of demands is checked: as a draft that is handed in. Asks for the employers first."""
    today = date.fromisoformat(asked["today"])
    parameters = [
        Parameter(each[0], each[1], "", date.fromisoformat(each[2]), date.fromisoformat(each[3]) if each[3] else None, "")
        for each in asked["parameters"]
    ]
    named = {code for _, each in read if (code := _code(each["cells"].get("employer", "")))}
    employers = {code: EmployerFacts(**_facts(facts)) for code, facts in ask(sorted(named)).items()}
    in_force = cache(lambda day: parameters_on(parameters, day))

    def check(numbered: tuple[int, Row]) -> Row:
        number, each = numbered
        form, problems = check_order_row(each["cells"])
        terms, code = form.terms(), _code(each["cells"].get("employer", ""))
        employer = employers.get(code)
        notes: list[str] = []
        if not code:
            problems = [("employer", "请填写雇主代码。"), *problems]
        elif employer is None:
            problems = [("employer", "请先登记雇主：本站没有登记过这个代码的雇主。"), *problems]
        else:
            day = max(terms.start_date or today, today)
            refused, notes = _hits(terms, employer, today, in_force(day), {key for key, _ in problems})
            problems += refused
        keys = {"employer": code, "text": f"{comparison_text(terms)}\n{terms.start_date or ''}"}
        return _row(number, each["cells"], each["problems"], problems, notes, keys, JOBS)

    return check


_check: Check | None = None


def _checked(numbered: tuple[int, Row]) -> Row:
    assert _check is not None
    return _check(numbered)


def checked(check: Check, rows: Sequence[tuple[int, Row]]) -> Iterator[Row]:
    """Every row checked, in order, on as many processors as there are (four at most)."""
    global _check
    hands = min(4, os.cpu_count() or 1)
    if hands == 1 or len(rows) < _FEW:
        yield from map(check, rows)
        return
    _check = check  # the forked hands have it, too
    with get_context("fork").Pool(hands) as pool:
        yield from pool.imap(_checked, rows, chunksize=50)


def _hits(
    terms: JobTerms, employer: EmployerFacts, today: date, parameters: CheckParameters, said: set[str]
) -> tuple[list[tuple[str, str]], list[str]]:
    """What refuses the post, by column, and what somebody must answer or do before it is handed in."""
    asked = terms
    if not terms.contact_name or not terms.contact_phone:  # the employer's own agent will be the contact
        asked = replace(terms, contact_name=terms.contact_name or "经办人", contact_phone=terms.contact_phone or "经办人电话")
    refused: list[tuple[str, str]] = []
    notes: list[str] = []
    for hit in first_of_each(by_severity(check_post(asked, employer, today=today, parameters=parameters))):
        words = f"“{hit.words}”：" if hit.words else ""
        waits = hit.rule == "M01" and employer.state is not EmployerState.REJECTED  # a draft may wait for the verification
        if hit.severity is Severity.BLOCK and not waits:
            key = hit.field if JOBS.column(hit.field) else "employer"
            if key not in said:
                refused.append((key, f"{words}{hit.message}{hit.advice}"))
        elif hit.severity is not Severity.INFO:
            notes.append(hit.message)
    return refused, notes


def _facts(kept: Mapping[str, Any]) -> dict[str, Any]:
    until = kept["verified_until"]
    return {
        **kept,
        "kind": EmployerKind(kept["kind"]),
        "state": EmployerState(kept["state"]),
        "credit": CreditState(kept["credit"]),
        "verified_until": date.fromisoformat(until) if until else None,
    }


def _code(typed: str) -> str:
    return "".join(letter for letter in typed.upper() if letter.isalnum())


def _row(
    number: int,
    cells: Mapping[str, str],
    unread: Mapping[str, str],
    problems: list[tuple[str, str]],
    notes: list[str],
    keys: Mapping[str, str],
    sheet: Sheet,
) -> Row:
    said = {**unread}
    wrong = [*said.items(), *((key, message) for key, message in problems if key not in said)]
    order = {column.key: place for place, column in enumerate(sheet.columns)}
    wrong.sort(key=lambda pair: order.get(pair[0], 0))
    return {
        "row": number,
        "state": "wrong" if wrong else "fresh",
        "cells": dict(cells),
        "problems": wrong,
        "notes": notes,
        "keys": dict(keys),
    }
