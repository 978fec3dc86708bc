"""What is asked at the counter for an agreement, made from the places of its text; and the small forms of its later life."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from wtforms import Field

from rules.agreement_drafts import CHANGEABLE, AgreementSource, Composed, total_text
from rules.agreement_values import day_text
from rules.codes import AgreementEnding, AgreementState, AgreementType, NoticeWay
from rules.errors import RuleBroken
from rules.identity import parse_phone
from rules.incoming_scans import SIGNATURES_UNSEEN
from rules.money import parse_yuan, yuan
from rules.placeholders import PLACEHOLDERS, Group, Placeholder, Shape
from rules.wordings import Wording
from web.forms.base import Choice, Choices, Clock, Day, Given, Line, Lines, Money, PageForm, Thousandths, Tick, Whole

_TERMS = {name: name for name in CHANGEABLE} | {"unit_price": "pay_fen"}
"""Form field → term of the post it stands for."""

_ORDER = [(name, place.field) for name, place in PLACEHOLDERS.items()]

LENDER_FIELDS = ("employer_name", "employer_id_number", "employer_address", "employer_phone")
"""共享用工: the lender's fields; a registered one answers the last three itself."""

_MOST_WHOLE = 9_999


class Hours(Thousandths):
    """Hours with up to three decimals between `least` and `most`, kept as thousandths."""

    def __init__(self, *args: Any, least: int = 0, most: int = 24, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.least, self.most = least, most

    def parse(self, typed: str) -> int:
        """Thousandths of an hour. RuleBroken names the range."""
        hours = super().parse(typed)
        if not self.least * 1000 <= hours <= self.most * 1000:
            raise RuleBroken(f"{self.label.text}请填{self.least}到{self.most}，可以有小数。", self.name)
        return hours


class AgreementForm(PageForm):
    """What the post does not say, and what the sides agreed otherwise. `form_for` makes the class of a text.

    Field names are those of `rules.placeholders.PLACEHOLDERS`, so that a broken rule finds its field.
    """

    wording: ClassVar[Wording]

    @property
    def asked(self) -> dict[str, Placeholder]:
        """The places that the form asks for, by form field, in the order of the dictionary of places."""
        places = self.wording.places
        return {field: places[name] for name, field in _ORDER if name in places and places[name].asked}

    @property
    def groups(self) -> list[tuple[str, list[Any]]]:
        """(heading, fields) in the order of the form."""
        parts: dict[str, list[Any]] = {group.value: [] for group in Group}
        for name, place in self.asked.items():
            parts[place.group.value].append(self[name])
        if "modules" in self:
            parts[Group.OTHER.value].insert(0, self["modules"])
        return [(heading, fields) for heading, fields in parts.items() if fields]

    def validate(self, extra_validators: Any = None) -> bool:
        """Shapes, and a phone number that is one; a quantity that is typed needs its total."""
        sound = super().validate(extra_validators)
        phone = self._fields.get("emergency_phone")
        if phone is not None and phone.data:
            try:
                parse_phone(phone.data, field="emergency_phone")
            except RuleBroken as broken:
                phone.errors = [broken.message]
                sound = False
        quantity, total = self._fields.get("quantity"), self._fields.get("total")
        if quantity is not None and total is not None and quantity.data and total.data is None and not total.errors:
            total.errors = ["改了预计数量，请把预计合计一起填上。"]
            sound = False
        return sound

    @property
    def agreed(self) -> dict[str, str]:
        """Placeholder name → text, for what was typed and is no term of the post."""
        texts = {
            place.name: _printed(place, self[name].data)
            for name, place in self.asked.items()
            if name not in _TERMS and self[name].data not in (None, "")
        }
        return {name: text for name, text in texts.items() if text}

    @property
    def changed(self) -> dict[str, Any]:
        """Terms of the post, as they are agreed for this worker."""
        return {_TERMS[name]: self[name].data for name in self.asked if name in _TERMS and self[name].data is not None}

    @property
    def chosen_modules(self) -> tuple[str, ...]:
        """Keys of the optional modules."""
        return tuple(self["modules"].data or ()) if "modules" in self else ()

    @property
    def known_modules(self) -> tuple[str, ...]:
        """The chosen modules that the text has: a preview shows nothing for the others, saving refuses them."""
        return tuple(key for key in self.chosen_modules if key in self.wording.modules)

    @property
    def texts(self) -> dict[str, str]:
        """Form field → typed text, for looking at each character."""
        return {field.name: field.data for field in self if isinstance(field.data, str) and field.name != "form_token"}

    @property
    def labels(self) -> dict[str, str]:
        """Form field → its Chinese name."""
        return {field.name: field.label.text for field in self}

    def lender_in(self, lenders: list[dict[str, Any]]) -> int | None:
        """The registered employer whose name was typed as the lending side; None for others and for texts without one."""
        if self.wording.type is not AgreementType.SHARED_LABOUR_3P:
            return None
        return next((row["id"] for row in lenders if row["name"] == self["employer_name"].data), None)


def form_for(wording: Wording) -> type[AgreementForm]:
    """The form of this text: one field per place that is asked, in the shape the place says."""
    asked = (wording.places[name] for name, _ in _ORDER if name in wording.places)
    fields: dict[str, Any] = {place.field: _field(place, wording) for place in asked if place.asked}
    if wording.modules:
        fields["modules"] = Choices("补充约定", options=[(key, module.heading) for key, module in wording.modules.items()], width=6)
    return type("AgreementForm", (AgreementForm,), {**fields, "wording": wording})


def prefilled(source: AgreementSource, composed: Composed, agreed: Mapping[str, str], modules: tuple[str, ...]) -> AgreementForm:
    """The form as it stands before anything is asked: from the post, or as it was saved."""
    made = form_for(composed.wording)
    filled: dict[str, Any] = {"modules": list(modules)}
    for place in composed.wording.places.values():
        if not place.asked:
            continue
        text = composed.values[place.name]
        if place.field in CHANGEABLE or place.field == "unit_price":
            filled[place.field] = getattr(source.terms, _TERMS[place.field])
        elif place.field in ("quantity", "total"):  # computed anew until somebody agrees otherwise
            filled[place.field] = _typed(place, agreed.get(place.name, ""))
        else:
            filled[place.field] = _typed(place, text)
    return made(data=filled)


def _field(place: Placeholder, wording: Wording) -> Field:
    """The form field of a place; what has a default may be left empty and prints it."""
    optional = not place.required or place.total or place.field == "quantity"
    optional = optional or (wording.type is AgreementType.SHARED_LABOUR_3P and place.field in LENDER_FIELDS[1:])
    checks = [] if optional or (place.default and place.shape in (Shape.LINE, Shape.LINES)) else [Given()]
    shown: dict[str, Any] = {"hint": place.hint, "width": _width(place)}
    match place.shape:
        case Shape.DAY:
            return Day(place.caption, checks, **shown)
        case Shape.CLOCK:
            return Clock(place.caption, checks, **shown)
        case Shape.MONEY:
            return Money(place.caption, checks, **shown)
        case Shape.WHOLE:
            return Whole(place.caption, checks, least=place.least, most=place.most or _MOST_WHOLE, **shown)
        case Shape.HOURS:
            return Hours(place.caption, checks, least=place.least, most=place.most or 24, **shown)
        case Shape.CHOICE:
            blank = None if place.default in {value for value, _ in place.choices} else "请选择"
            return Choice(place.caption, checks, options=place.choices, blank=blank, **shown)
        case Shape.LINES:
            return Lines(place.caption, checks, maximum=place.longest, rows=2, **shown)
    return Line(place.caption, checks, maximum=place.longest, **shown)


def _width(place: Placeholder) -> int:
    """Columns of six."""
    match place.shape:
        case Shape.CLOCK:
            return 1
        case Shape.WHOLE | Shape.HOURS:
            return 1 if len(place.caption) <= 5 and not place.hint else 2
        case Shape.MONEY | Shape.DAY | Shape.CHOICE:
            return 2
        case Shape.LINES:
            return 6
    return 2 if place.longest <= 40 and not place.hint else 3 if place.longest <= 120 else 6


def _printed(place: Placeholder, data: Any) -> str:
    """What was typed as the text prints it."""
    match place.shape:
        case Shape.DAY:
            return day_text(data) if isinstance(data, date) else ""
        case Shape.MONEY:
            return total_text(data) if place.total else yuan(data)
        case Shape.HOURS:
            return f"{data / 1000:g}"
        case Shape.WHOLE:
            return str(data)
    return _phone_of(data) if place.field == "emergency_phone" else str(data)


def _typed(place: Placeholder, text: str) -> Any:
    """What the form shows for a printed text; None or "" where it is no answer of that shape."""
    try:
        match place.shape:
            case Shape.DAY:
                return _day_in(text)
            case Shape.MONEY:
                return parse_yuan(text.partition("元")[0], field=place.field) if text else None
            case Shape.HOURS:
                return round(float(text) * 1000) if text else None
            case Shape.WHOLE:
                return int(text) if text else None
    except (RuleBroken, ValueError):
        return None
    return text


def _day_in(text: str) -> date | None:
    """The day of 2026年12月3日."""
    read = re.fullmatch(r"(\d+)年(\d+)月(\d+)日", text)
    return date(int(read[1]), int(read[2]), int(read[3])) if read else None


def _phone_of(typed: str) -> str:
    """The number as it is dialled; what is no number stays as it was typed, `validate` refuses it."""
    try:
        return parse_phone(typed) if typed else ""
    except RuleBroken:
        return typed


class AgreementFilter(PageForm):
    """Which agreements the list shows."""

    state = Choice("状态", table=AgreementState, blank="全部")
    type = Choice("类型", table=AgreementType, blank="全部")

    @property
    def chosen(self) -> AgreementState | None:
        """The state asked for; None for all, and for a value that is none."""
        return self.state.chosen if self.state.data in AgreementState.__members__ else None

    @property
    def chosen_type(self) -> AgreementType | None:
        """The type asked for; None for all, and for a value that is none."""
        return self.type.chosen if self.type.data in AgreementType.__members__ else None


class ScanForm(PageForm):
    """The scan of the signed paper, and that somebody looked at the signatures on it."""

    scan = Line("签好的协议（PDF、JPEG或PNG，最大10 MB）", width=6)
    signatures_seen = Tick("这份协议上双方的签名我都看过了，齐全", [Given(SIGNATURES_UNSEEN)], width=6)

    def for_three(self) -> None:
        """The tick of an agreement that three sides sign."""
        self.signatures_seen.label.text = "这份协议上三方的签名我都看过了，齐全"


class DeliveryForm(PageForm):
    """How the worker got a copy."""

    how = Choice(
        "怎么交给零工的",
        [Given()],
        options=[
            ("当面交给本人纸质原件", "当面交给本人纸质原件"),
            ("交给本人指定的人代收", "交给本人指定的人代收"),
            ("邮寄到本人住址", "邮寄到本人住址"),
        ],
        radio=True,
        blank=None,
        width=6,
    )
    told = Tick("零工本人已经拿到（或确认收到）一份", width=6)

    def validate(self, extra_validators: Any = None) -> bool:
        """The tick is the point of the form."""
        sound = super().validate(extra_validators)
        if not self.told.data:
            self.told.errors = ["必须把一份交给零工，确认后再打勾。"]
            sound = False
        return sound


class ArchiveForm(PageForm):
    """Where the signed original lies."""

    place = Line("原件放在哪里", [Given()], maximum=40, width=6, hint="例如：2号柜第3格")


class CompletionForm(PageForm):
    """Nothing but the press: both did what was agreed."""


class TerminationForm(PageForm):
    """An end before its time: the last day, who ended it and why, how the other side was told."""

    ended_on = Day("最后一天", [Given()], width=3)
    ended_by = Choice("谁提出的", [Given()], table=AgreementEnding, radio=True, blank=None, width=6)
    notice_on = Day("哪天通知对方的", width=3, hint="双方协商一致的不用填")
    notice_how = Choice("怎么通知的", table=NoticeWay, blank="不用填", width=3)
    cause = Lines(
        "原因", [Given()], maximum=200, rows=2, width=6, hint="至少5个字，例如：仓库提前清完，活少了；过了一天以上才登记的，也写明为什么"
    )


class AmendmentForm(PageForm):
    """Why both sides want other words."""

    change = Lines("要改什么，为什么", [Given()], maximum=200, rows=2, width=6, hint="至少5个字，例如：双方同意多做两天")


class CancellationForm(PageForm):
    """Why nobody signs."""

    why = Lines("取消原因", [Given()], maximum=200, rows=2, width=6, hint="至少5个字，例如：雇主改了主意，不招了")


class VoidForm(PageForm):
    """Why an agreement is void."""

    reason = Lines("作废原因", [Given()], maximum=200, rows=2, width=6, hint="至少5个字，例如：双方改了日期，重新签")
