"""What every form shares: Chinese messages, typing kept, all errors at once, a token against double submits."""

import re
import secrets
import unicodedata
from collections.abc import Sequence
from datetime import date, time
from typing import Any, ClassVar, Self

from wtforms import BooleanField, Field, Form, HiddenField, SelectField, SelectMultipleField, StringField
from wtforms.validators import StopValidation

from rules.codes import Labelled
from rules.errors import RuleBroken, RulesBroken
from rules.money import parse_yuan, yuan
from rules.text import clean_line, clean_text, limited

_CLOCK = re.compile(r"([0-9]{1,2})(?: ?:(?: ?([0-9]{1,2})(?::[0-9]{1,2}(?:\.[0-9]+)?|分)?)?)?")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,40}")
"""A form token as we give them out; its column has this length."""


class Given:
    """The field must be filled; the message names it."""

    field_flags: ClassVar = {"required": True}

    def __init__(self, message: str | None = None) -> None:
        self.message = message

    def __call__(self, form: Form, field: Field) -> None:
        """Stop with 请填写… or 请选择… when nothing was given."""
        raw = field.raw_data and any(str(value).strip() for value in field.raw_data)
        if not raw or (isinstance(field.data, str) and not field.data.strip()):
            verb = "请选择" if isinstance(field, SelectField | SelectMultipleField) else "请填写"
            field.errors = []
            raise StopValidation(self.message or f"{verb}{field.label.text}。")


class _Hinted:
    """Fields take `hint` (a line under the label) and `width` (columns of six on the desk)."""

    def __init__(self, label: str = "", validators: Any = (), *, hint: str = "", width: int = 2, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)  # type: ignore[call-arg]
        self.hint = hint
        self.width = width


class Line(_Hinted, StringField):
    """One line of text, cleaned; `maximum` characters."""

    def __init__(self, *args: Any, maximum: int = 60, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.maximum = maximum

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Keep what was typed without stray characters."""
        self.data = clean_line(str(valuelist[0])) if valuelist else ""

    def pre_validate(self, form: Form) -> None:
        """Refuse what is too long, saying by how much."""
        _limit(self)


class Lines(_Hinted, StringField):
    """Several lines of text, cleaned; `maximum` characters."""

    multiline = True

    def __init__(self, *args: Any, maximum: int = 1000, rows: int = 3, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.maximum = maximum
        self.rows = rows

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Keep what was typed without stray characters."""
        self.data = clean_text(str(valuelist[0])) if valuelist else ""

    def pre_validate(self, form: Form) -> None:
        """Refuse what is too long, saying by how much."""
        _limit(self)


def _limit(field: Any) -> None:
    try:
        limited(field.data or "", field.label.text, field.maximum, field.name)
    except RuleBroken as broken:
        raise StopValidation(broken.message) from None


class _Parsed(_Hinted, StringField):
    """A field whose value is parsed; the raw typing is shown again as it was."""

    def parse(self, typed: str) -> Any:
        """The value of what was typed. Raises RuleBroken with a sentence."""
        raise NotImplementedError

    def show(self, value: Any) -> str:
        """The value as it stands in the input."""
        return str(value)

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Parse what was typed; nothing typed is None."""
        typed = unicodedata.normalize("NFKC", str(valuelist[0])).strip() if valuelist else ""
        self.data = None
        if not typed:
            return
        if len(typed) > 40:
            raise ValueError(f"{self.label.text}太长了，请重新填写。")
        try:
            self.data = self.parse(typed)
        except RuleBroken as broken:
            raise ValueError(broken.message) from None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.show(self.data)


class Money(_Parsed):
    """Yuan typed by a person, kept as integer fen."""

    def parse(self, typed: str) -> int:
        """Fen."""
        return parse_yuan(typed, field=self.name)

    def show(self, value: int) -> str:
        """Yuan."""
        return yuan(value)


class Whole(_Parsed):
    """A whole number between `least` and `most`."""

    def __init__(self, *args: Any, least: int = 0, most: int = 9999, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.least, self.most = least, most

    def parse(self, typed: str) -> int:
        """The number. RuleBroken names the range."""
        if not typed.isdigit() or not typed.isascii() or not self.least <= int(typed[:9]) <= self.most or len(typed) > 9:
            raise RuleBroken(f"{self.label.text}请填{self.least}到{self.most}的整数。", self.name)
        return int(typed)


class Thousandths(_Parsed):
    """A quantity with up to three decimals, kept as integer thousandths."""

    def parse(self, typed: str) -> int:
        """Thousandths."""
        whole, _, part = typed.partition(".")
        if not (whole + part).isdigit() or len(part) > 3 or len(whole) > 6 or not typed.isascii():
            raise RuleBroken(f"{self.label.text}请填数字，最多三位小数。", self.name)
        return int(whole or "0") * 1000 + int((part + "000")[:3])

    def show(self, value: int) -> str:
        """A decimal number without trailing zeros."""
        return f"{value / 1000:.3f}".rstrip("0").rstrip(".")


class Day(_Parsed):
    """A calendar date: 2026-12-01, 2026/12/1, 2026年12月1日 or 20261201."""

    input_type = "date"

    def parse(self, typed: str) -> date:
        """The date. RuleBroken says how to write one."""
        parts = [part for part in "".join(ch if ch.isascii() and ch.isdigit() else " " for ch in typed).split(" ") if part]
        if len(parts) == 1 and len(parts[0]) == 8:
            parts = [parts[0][:4], parts[0][4:6], parts[0][6:]]
        try:
            day = date(*(int(part) for part in parts))
        except (TypeError, ValueError, OverflowError):
            raise RuleBroken(f"{self.label.text}没看懂，请写成 2026-12-01 这样。", self.name) from None
        if not 1900 <= day.year <= 2100:
            raise RuleBroken(f"{self.label.text}的年份不对，请检查。", self.name)
        return day

    def show(self, value: date) -> str:
        """ISO, as the browser's date input wants it."""
        return value.isoformat()


class Clock(_Parsed):
    """A time of day: 08:30, 8:30, 8点半 is not guessed."""

    input_type = "time"

    def parse(self, typed: str) -> time:
        """The time. RuleBroken says how to write one."""
        read = _CLOCK.fullmatch(typed.replace("：", ":").replace("点", ":"))
        try:
            return time(int(read[1]), int(read[2] or "0"))  # type: ignore[index]
        except (TypeError, ValueError):
            raise RuleBroken(f"{self.label.text}没看懂，请写成 08:30 这样。", self.name) from None

    def show(self, value: time) -> str:
        """HH:MM."""
        return f"{value:%H:%M}"


class Choice(_Hinted, SelectField):
    """One of a code table, as a select (or radio list with `radio=True`)."""

    def __init__(
        self,
        label: str = "",
        validators: Any = (),
        *,
        table: type[Labelled] | None = None,
        options: Sequence[tuple[str, str]] = (),
        blank: str | None = "请选择",
        radio: bool = False,
        **kwargs: Any,
    ) -> None:
        pairs = list(table.choices() if table else options)
        if blank is not None:
            pairs = [("", blank), *pairs]
            kwargs.setdefault("default", "")  # not posted at all is the same as left blank
        super().__init__(label, validators, choices=pairs, validate_choice=False, **kwargs)
        self.table = table
        self.radio = radio

    def pre_validate(self, form: Form) -> None:
        """Refuse a value that is not in the table."""
        if self.data not in {value for value, _ in self.choices}:
            raise StopValidation(f"请在列表里选择{self.label.text}。")

    @property
    def chosen(self) -> Any:
        """The member of the table, or None for the blank."""
        return self.table(self.data) if self.table and self.data else (self.data or None)


class Choices(_Hinted, SelectMultipleField):
    """Any of a code table, as tick boxes; at most `most`."""

    def __init__(
        self,
        label: str = "",
        validators: Any = (),
        *,
        table: type[Labelled] | None = None,
        options: Sequence[tuple[str, str]] = (),
        most: int = 50,
        **kwargs: Any,
    ) -> None:
        pairs = list(table.choices() if table else options)
        super().__init__(label, validators, choices=pairs, validate_choice=False, **kwargs)
        self.most = most

    def pre_validate(self, form: Form) -> None:
        """Refuse values that are not in the table, and too many."""
        known = {value for value, _ in self.choices}
        if any(value not in known for value in self.data or ()):
            raise StopValidation(f"请在列表里选择{self.label.text}。")
        if len(self.data or ()) > self.most:
            raise StopValidation(f"{self.label.text}最多选{self.most}个。")


class Tick(_Hinted, BooleanField):
    """A tick box."""


class PageForm(Form):
    """Base of every form that saves something."""

    form_token = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.refusals: list[str] = []
        self.marks: dict[str, list[tuple[int, int]]] = {}
        if not _TOKEN.fullmatch(self.form_token.data or ""):
            self.form_token.data = secrets.token_urlsafe(18)

    @classmethod
    async def posted(cls, request: Any, **kwargs: Any) -> Self:
        """The form as it was posted."""
        return cls(await request.typed(), **kwargs)

    def refuse(self, broken: RuleBroken) -> None:
        """Put a broken rule onto its field, or above the form."""
        for one in broken.broken if isinstance(broken, RulesBroken) else [broken]:
            field = self._fields.get(one.field or "")
            if field is None:
                self.refusals.append(one.message)
            else:
                field.errors = [*field.errors, one.message]
            for name, start, end in one.marks:
                self.marks.setdefault(name, []).append((start, end))

    @property
    def problems(self) -> list[tuple[str | None, str]]:
        """(field id, message) of everything refused, in the order of the form."""
        listed: list[tuple[str | None, str]] = [(None, message) for message in self.refusals]
        for field in self:
            listed += [(field.id, str(message)) for message in field.errors]
        return listed
