"""Registering by oneself on a phone: one small form per question page (domain reference 10.2, 12.2)."""

import unicodedata
from collections.abc import Sequence
from typing import Any

from wtforms import PasswordField
from wtforms.validators import ValidationError

from rules.codes import SUBDISTRICTS, TRADES, CertificateType, Education, IdType, PensionStatus, Slot
from rules.errors import RuleBroken
from rules.identity import parse_phone
from rules.pins import DIFFERENT, pin_typed
from rules.seekers import MAX_TRADES, HeldCertificate, slot_values
from web.forms.base import Choice, Choices, Day, Given, Line, Lines, PageForm, Tick, Whole, _Hinted

DIGITS = {"inputmode": "numeric"}
PHONE = {"inputmode": "tel"}

ANY, DAY, NIGHT, WEEKEND = "ANY", "DAY", "NIGHT", "WEEKEND"
WHEN = [(ANY, "什么时候都行"), (DAY, "白天"), (NIGHT, "晚上"), (WEEKEND, "周末")]
"""The presets of “什么时候能干活”; ticked cells of the table below count instead."""
SPECIAL = [each for each in CertificateType if each.special]


def preset_slots(preset: str) -> tuple[str, ...]:
    """The cells of the availability table that a preset stands for."""
    wanted = {
        ANY: lambda day, slot: True,
        DAY: lambda day, slot: slot is not Slot.NIGHT,
        NIGHT: lambda day, slot: slot is Slot.NIGHT,
        WEEKEND: lambda day, slot: day >= 5,
    }.get(preset)
    if wanted is None:
        return ()
    return tuple(f"{day}-{slot.value}" for day in range(7) for slot in Slot if wanted(day, slot))


class Pin(_Hinted, PasswordField):
    """Six digits, typed unseen; full-width digits count as digits. Never shown again."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Digits in one form."""
        self.data = unicodedata.normalize("NFKC", str(valuelist[0])).strip()[:40] if valuelist else ""


class StationForm(PageForm):
    """Which station is nearest; the options are the stations that are open."""

    station = Choice("驿站", [Given("请选择一个驿站。")], radio=True)


class NoticeForm(PageForm):
    """The privacy notice and the pledge."""

    consent = Tick("我已阅读（或者请人读给我听了），同意", [Given("同意告知书才能登记，请看过后打勾；不同意的，可以只看岗位，不登记。")])
    pledge = Tick("我答应上面的求职者承诺", [Given("请看过求职者承诺后打勾。")])


class IdentityForm(PageForm):
    """Name and document as on the card."""

    name = Line("姓名", [Given()], maximum=40, hint="和身份证上的一样")
    id_number = Line("身份证号码", [Given("请填写证件号码。")], maximum=40, hint="18位，最后一位可能是X")
    id_type = Choice("证件种类", table=IdType, blank=None, default=IdType.RESIDENT.value)
    birth_date = Day("出生日期", hint="证件号码看不出生日的才填")
    gender = Choice("性别", options=[("M", "男"), ("F", "女")], blank="按证件")


class PhoneForm(PageForm):
    """The phone the station calls."""

    phone = Line("电话号码", [Given()], maximum=30, render_kw=PHONE)
    phone_owner = Line("不是自己的，写是谁的（可不填）", maximum=40, hint="例如：儿子、邻居老王")

    def validate_phone(self, field: Line) -> None:
        """A number that can be called."""
        try:
            parse_phone(field.data or "")
        except RuleBroken as broken:
            raise ValidationError(broken.message) from None


class GuardianForm(PageForm):
    """Who is responsible for somebody of 16 or 17 (Civil Code arts 19, 145)."""

    guardian_name = Line("监护人姓名", [Given()], maximum=40)
    guardian_phone = Line("监护人电话", [Given()], maximum=30, render_kw=PHONE)
    guardian_consent = Tick("监护人知道并同意我登记求职、到允许未成年工的岗位做工", [Given("监护人同意了才能登记，同意的请打勾。")])

    def validate_guardian_phone(self, field: Line) -> None:
        """A number that can be called."""
        try:
            parse_phone(field.data or "", field="guardian_phone")
        except RuleBroken as broken:
            raise ValidationError(broken.message) from None


class PensionForm(PageForm):
    """Asked of people near or over the retirement age (12.2)."""

    pension = Choice("养老金", [Given()], table=PensionStatus, radio=True)


class TradesForm(PageForm):
    """What work, up to five trades."""

    trades = Choices(
        "工种",
        [Given("请至少选一样想干的活。")],
        options=[(trade.code, trade.label) for trade in TRADES.values()],
        most=MAX_TRADES,
        hint=f"最多选{MAX_TRADES}样",
    )


class CertificatesForm(PageForm):
    """Trades that nobody may start without a certificate (Work Safety Law art. 30)."""

    certificate1 = Choice("证书1", [Given()], options=[(each.value, each.label) for each in SPECIAL])
    certificate1_number = Line("证书1的证号", [Given()], maximum=40)
    certificate1_valid_to = Day("证书1的到期日", [Given()])
    certificate2 = Choice("证书2（没有就空着）", options=[(each.value, each.label) for each in SPECIAL], blank="没有")
    certificate2_number = Line("证书2的证号", maximum=40)
    certificate2_valid_to = Day("证书2的到期日")

    def held(self) -> tuple[HeldCertificate, ...]:
        """The certificates as typed."""
        rows = (
            (self.certificate1, self.certificate1_number, self.certificate1_valid_to),
            (self.certificate2, self.certificate2_number, self.certificate2_valid_to),
        )
        known = {each.value for each in SPECIAL}
        return tuple(
            HeldCertificate(CertificateType(kind.data), number.data or "", day.data) for kind, number, day in rows if kind.data in known
        )


class WhenForm(PageForm):
    """When somebody can work: a preset, or single cells of the week."""

    when = Choice("什么时候能干活", options=WHEN, radio=True)
    slots = Choices("一格一格选", options=slot_values())

    def chosen(self) -> tuple[str, ...]:
        """The cells: ticked ones, else those of the preset."""
        known = {value for value, _ in slot_values()}
        return tuple(cell for cell in self.slots.data or () if cell in known) or preset_slots(self.when.data or "")

    def validate(self, extra_validators: object = None) -> bool:
        """One of both is given."""
        if not super().validate():
            return False
        if not self.chosen():
            self.when.errors = ["请选一个什么时候能干活。"]
            return False
        return True


class HomeForm(PageForm):
    """Roughly where somebody lives: no street, no door (10.2)."""

    subdistrict = Choice("街道", [Given()], options=list(SUBDISTRICTS.items()))
    community = Line("社区或者村", [Given()], maximum=40, hint="不用写门牌号")


class MoreForm(PageForm):
    """What helps to find the right work; nothing of it must be given."""

    skills = Lines("会什么、干过几年", maximum=200, rows=2, hint="例如：搬运10年，会开叉车")
    pay_wish = Line("想要的工钱", maximum=60, hint="例如：一天200以上")
    max_km = Whole("最远能去几公里", least=0, most=200, render_kw=DIGITS)
    education = Choice("学历", table=Education, blank="不填")
    training_wish = Line("想学什么", maximum=100)
    read_aloud = Tick("我不识字，文书请读给我听")


class NewPinForm(PageForm):
    """Six digits, twice."""

    pin = Pin("6位数字密码", [Given("请输入6位数字密码。")], hint="不能用生日、电话、证件里的数字，也不能是123456、888888这样的")
    pin_again = Pin("再输一次", [Given("请再输一次密码。")])

    def validate(self, extra_validators: object = None) -> bool:
        """Six digits, the same twice."""
        if not super().validate():
            return False
        try:
            pin_typed(self.pin.data)
        except RuleBroken as broken:
            self.refuse(broken)
            return False
        if self.pin.data != self.pin_again.data:
            self.pin_again.errors = [DIFFERENT]
            return False
        return True
