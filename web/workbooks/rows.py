"""A row of a template as the counter's form: what the cells say, checked as if somebody had typed it at the counter."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from rules.errors import RuleBroken, RulesBroken
from rules.seekers import NewSeeker, refuse_children
from rules.terms import JobTerms
from rules.workbooks import JOBS, SEEKERS, Sheet, fields_of
from web.forms.base import PageForm
from web.forms.jobs import OrderForm
from web.forms.seekers import SeekerForm

Problems = list[tuple[str, str]]
"""(column key, sentence) of everything that is wrong with a row, in the order of the columns."""


class Posted(dict[str, list[str]]):
    """Typed fields as WTForms reads them: every value of a name."""

    def getlist(self, name: str) -> list[str]:
        """Every value of a field."""
        return self.get(name, [])


def _given(sheet: Sheet, cells: Mapping[str, str]) -> tuple[Posted, dict[str, str]]:
    fields, problems = fields_of(sheet, cells)
    posted = Posted()
    for name, value in fields:
        posted.setdefault(name, []).append(value)
    return posted, problems


def _order_given(cells: Mapping[str, str]) -> tuple[Posted, dict[str, str]]:
    posted, problems = _given(JOBS, cells)
    if "juvenile_ok" in posted:
        posted["juvenile_ok"] = ["yes"]
    return posted, problems


def new_seeker(cells: Mapping[str, str]) -> NewSeeker:
    """The seeker a row registers."""
    form: SeekerForm = _refilled(SeekerForm, _given(SEEKERS, cells)[0])
    return form.new_seeker()


def job_terms(cells: Mapping[str, str]) -> JobTerms:
    """The terms a row registers."""
    form: OrderForm = _refilled(OrderForm, _order_given(cells)[0])
    return form.terms()


def check_seeker_row(cells: Mapping[str, str], *, today: date, child_age: int, juvenile_age: int) -> tuple[SeekerForm, Problems]:
    """The form (until the next row) and everything that is wrong with a row.

    UnderAge is raised, and nothing of the row may then be kept.
    """
    posted, unread = _given(SEEKERS, cells)
    form: SeekerForm = _refilled(SeekerForm, posted)
    new = form.new_seeker()
    refuse_children(new.id_type, new.id_number, new.birth_date, today=today, child_age=child_age)
    form.complete(today, child_age=child_age, juvenile_age=juvenile_age)
    return form, _in_order(SEEKERS, form, unread)


_blank: dict[type, Any] = {}


def _refilled(kind: type[PageForm], posted: Posted) -> Any:
    """One form filled again and again: making its forty fields anew for each row would take most of the time."""
    if kind not in _blank:
        _blank[kind] = kind()
    form = _blank[kind]
    form.process(posted)
    form.refusals, form.marks = [], {}
    return form


def check_order_row(cells: Mapping[str, str]) -> tuple[OrderForm, Problems]:
    """The form (until the next row) and what is wrong with the shape of a row; the law is asked by the caller."""
    posted, unread = _order_given(cells)
    form: OrderForm = _refilled(OrderForm, posted)
    form.validate()
    return form, _in_order(JOBS, form, unread)


def _in_order(sheet: Sheet, form: PageForm, unread: Mapping[str, str]) -> Problems:
    said: dict[str, list[str]] = {key: [message] for key, message in unread.items()}
    for field in form:
        if field.errors and field.name not in unread:
            said[field.name] = [str(message) for message in field.errors[:1]]
    problems = [(column.key, message) for column in sheet.columns for message in said.pop(column.key, ())]
    rest = [(sheet.columns[0].key, message) for messages in said.values() for message in messages]
    return problems + rest + [(sheet.columns[0].key, message) for message in form.refusals]


def broken_by(refused: RuleBroken, sheet: Sheet) -> list[tuple[str, str]]:
    """What an action refused, by column; what belongs to no column stands at the key cell."""
    found: list[tuple[str, str]] = []
    for one in refused.broken if isinstance(refused, RulesBroken) else [refused]:
        key: Any = one.field if one.field and sheet.column(one.field) else sheet.columns[0].key
        found.append((key, one.message))
    return found
