"""What is asked at the counter for an agreement, and the small forms of its later life."""

from typing import Any

from rules.agreement_drafts import CHANGEABLE, AgreementSource, Composed, total_text
from rules.agreements import PLACEHOLDERS, module_choices
from rules.codes import AgreementState, PayMethod
from rules.errors import RuleBroken
from rules.identity import parse_phone
from rules.money import parse_yuan
from web.forms.base import Choice, Choices, Clock, Day, Given, Line, Lines, Money, PageForm, Tick, Whole

COPIES = [("贰", "贰份"), ("叁", "叁份"), ("肆", "肆份")]

_NAME_OF = {place.field: name for name, place in PLACEHOLDERS.items()}
_TEXTS = (
    *("work_content", "work_place", "quality", "breaks", "quantity", "pay_deadline", "tools_by", "board_and_travel"),
    *("protection", "hazard_notice", "insurance", "special_terms", "worker_address", "emergency_name", "copies"),
)
_NUMBERS = {"unit_price": "pay_fen"}
"""Form field → term of the post it stands for, where the names differ."""


class AgreementForm(PageForm):
    """零工劳务协议: what the post does not say, and what these two agreed otherwise.

    Field names are those of `rules.agreements.PLACEHOLDERS`, so that a broken rule finds its field.
    """

    work_content = Lines("工作内容", [Given()], maximum=600, rows=2, width=6)
    work_place = Line("工作地点", [Given()], maximum=120, width=4)
    quality = Line("质量要求", maximum=200, width=2, hint="做到什么样算好")
    start_date = Day("开始日期", [Given()], width=1)
    end_date = Day("结束日期", [Given()], width=1)
    start_time = Clock("上班", [Given()], width=1)
    end_time = Clock("下班", [Given()], width=1)
    breaks = Line("中间休息", maximum=60, width=2)
    unit_price = Money("单价（元）", [Given()], width=1)
    quantity = Line("预计数量", maximum=30, width=1)
    total = Money("预计合计（元）", width=2, hint="不填就按单价和时间算")
    pay_deadline = Line("最迟哪天付钱", [Given()], maximum=60, width=2)
    pay_method = Choice("怎么付", [Given()], table=PayMethod, width=2)
    tools_by = Choice(
        "工具材料谁出", options=[("甲方", "甲方（雇主）"), ("乙方", "乙方（零工）"), ("双方", "双方各出一些")], blank=None, width=2
    )
    board_and_travel = Line("食宿交通", maximum=120, width=2)
    protection = Line("防护用品", maximum=200, width=3)
    hazard_notice = Line("危险告知", maximum=300, width=3)
    insurance = Line("保险约定", [Given()], maximum=120, width=3)
    copies = Choice("份数", options=COPIES, blank=None, width=1)
    cancel_hours = Whole("取消提前（小时）", [Given()], least=0, most=72, width=1)
    lost_time_yuan = Money("误工补偿（元）", [Given()], width=1)
    worker_address = Line("乙方住址", [Given()], maximum=120, width=2)
    emergency_name = Line("紧急联系人", maximum=40, width=2)
    emergency_phone = Line("紧急联系电话", maximum=20, width=2)
    modules = Choices("补充约定", options=module_choices(), width=6)
    special_terms = Lines("特别约定", maximum=1000, rows=2, width=6, hint="收押金、扣证件、“出事自负”这类话不能写")

    def validate(self, extra_validators: Any = None) -> bool:
        """Shapes, and a phone number that is one; a quantity that is typed needs its total."""
        sound = super().validate(extra_validators)
        if self.emergency_phone.data:
            try:
                parse_phone(self.emergency_phone.data, field="emergency_phone")
            except RuleBroken as broken:
                self.emergency_phone.errors = [broken.message]
                sound = False
        if self.quantity.data and self.total.data is None and not self.total.errors:
            self.total.errors = ["改了预计数量，请把预计合计一起填上。"]
            sound = False
        return sound

    @property
    def agreed(self) -> dict[str, str]:
        """Placeholder name → text, for what was typed."""
        texts = {_NAME_OF[name]: self[name].data or "" for name in _TEXTS}
        texts[_NAME_OF["emergency_phone"]] = _phone_of(self.emergency_phone.data or "")
        if self.tools_by.data:
            texts[_NAME_OF["tools_by"]] = self.tools_by.data
        if self.pay_method.data:
            texts[_NAME_OF["pay_method"]] = PayMethod.label_of(self.pay_method.data)
        if self.total.data is not None:
            texts[_NAME_OF["total"]] = total_text(self.total.data)
        if self.cancel_hours.data is not None:
            texts[_NAME_OF["cancel_hours"]] = str(self.cancel_hours.data)
        if self.lost_time_yuan.data is not None:
            texts[_NAME_OF["lost_time_yuan"]] = f"{self.lost_time_yuan.data / 100:g}"
        return {name: text for name, text in texts.items() if text}

    @property
    def changed(self) -> dict[str, Any]:
        """Terms of the post, as they are agreed for this worker."""
        return {term: self[_field_of(term)].data for term in CHANGEABLE if self[_field_of(term)].data is not None}

    @property
    def chosen_modules(self) -> tuple[str, ...]:
        """Keys of the optional modules."""
        return tuple(self.modules.data or ())

    @property
    def texts(self) -> dict[str, str]:
        """Form field → typed text, for looking at each character."""
        return {field.name: field.data for field in self if isinstance(field.data, str) and field.name != "form_token"}

    @property
    def labels(self) -> dict[str, str]:
        """Form field → its Chinese name."""
        return {field.name: field.label.text for field in self}

    @classmethod
    def prefilled(cls, source: AgreementSource, composed: Composed, agreed: dict[str, str], modules: tuple[str, ...]) -> "AgreementForm":
        """The form as it stands before anything is asked: from the post, or as it was saved."""
        values = composed.values
        filled: dict[str, Any] = {name: values[_NAME_OF[name]] for name in _TEXTS if name != "quantity"}
        filled |= {_field_of(term): getattr(source.terms, term) for term in CHANGEABLE}
        filled["quantity"] = agreed.get(_NAME_OF["quantity"], "")
        filled["total"] = _fen_of(agreed.get(_NAME_OF["total"], ""))
        filled["tools_by"] = values[_NAME_OF["tools_by"]]
        filled["pay_method"] = next((each.value for each in PayMethod if each.label == values[_NAME_OF["pay_method"]]), "")
        filled["cancel_hours"] = int(values[_NAME_OF["cancel_hours"]])
        filled["lost_time_yuan"] = _fen_of(values[_NAME_OF["lost_time_yuan"]])
        filled["emergency_phone"] = values[_NAME_OF["emergency_phone"]]
        return cls(data=filled | {"modules": list(modules)})


def _field_of(term: str) -> str:
    return next((field for field, name in _NUMBERS.items() if name == term), term)


def _phone_of(typed: str) -> str:
    """The number as it is dialled; what is no number stays as it was typed, `validate` refuses it."""
    try:
        return parse_phone(typed) if typed else ""
    except RuleBroken:
        return typed


def _fen_of(text: str) -> int | None:
    try:
        return parse_yuan(text.partition("元")[0], field="total") if text else None
    except RuleBroken:
        return None


class AgreementFilter(PageForm):
    """Which agreements the list shows."""

    state = Choice("状态", table=AgreementState, blank="全部")

    @property
    def chosen(self) -> AgreementState | None:
        """The state asked for; None for all, and for a value that is none."""
        return self.state.chosen if self.state.data in AgreementState.__members__ else None


class ScanForm(PageForm):
    """The scan of the signed paper."""

    scan = Line("签好的协议（PDF、JPEG或PNG，最大10 MB）", width=6)


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


class VoidForm(PageForm):
    """Why an agreement is void."""

    reason = Lines("作废原因", [Given()], maximum=200, rows=2, width=6, hint="至少5个字，例如：双方改了日期，重新签")
