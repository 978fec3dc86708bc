"""The counter's forms for what a seeker has a right to: change, correct, ask, withdraw, close; and the manager's answers."""

from rules.codes import CertificateType, ConsentMethod, IdType, RestrictReason, RightsKind, RightsState
from rules.wishes import Correction
from web.forms.base import Choice, Day, Given, Line, Lines, PageForm, Tick

ON_PAPER = [(method.value, method.label) for method in ConsentMethod if method is not ConsentMethod.ONLINE]
"""How somebody at the counter agrees."""


class CorrectionForm(PageForm):
    """Name, document and phone with the card in hand. Empty number and phone stay as they are."""

    name = Line("姓名", [Given()], maximum=40)
    id_type = Choice("证件类型", table=IdType, blank=None, default=IdType.RESIDENT.value)
    id_number = Line("新的证件号码", maximum=40, hint="不改就空着")
    birth_date = Day("出生日期", hint="证件号码看不出时填")
    gender = Choice("性别", options=[("M", "男"), ("F", "女")], blank="按证件")
    phone = Line("新的电话", maximum=30, hint="不改就空着")
    phone_owner = Line("电话是谁的", maximum=40)
    phone_shared = Tick("电话相同，不是同一个人")
    reason = Line("为什么更正", [Given()], maximum=150, width=4)
    card_seen = Tick("已核对证件原件，本人在场")

    def correction(self) -> Correction:
        """What was typed, as the action wants it."""
        known = IdType._value2member_map_
        return Correction(
            name=self.name.data or "",
            id_type=IdType(self.id_type.data) if self.id_type.data in known else IdType.RESIDENT,
            id_number=self.id_number.data or "",
            birth_date=self.birth_date.data,
            gender=self.gender.data or "",
            phone=self.phone.data or "",
            phone_owner=self.phone_owner.data or "",
            phone_shared=bool(self.phone_shared.data),
        )


class CertificateForm(PageForm):
    """A certificate that lies on the counter."""

    kind = Choice("证书种类", table=CertificateType)
    number = Line("证号", maximum=40)
    valid_to = Day("到期日", hint="长期的空着")
    seen = Tick("已核对证书原件")


class CertificateEndForm(PageForm):
    """Why a certificate counts no more."""

    reason = Line("原因", [Given()], maximum=100)


class DeskRequestForm(PageForm):
    """What the person at the counter wants done about the own data."""

    kind = Choice("本人要办什么", [Given()], options=[(kind.value, kind.label) for kind in RightsKind if kind is not RightsKind.DELETE])
    details = Lines("本人怎么说", maximum=500, rows=2, width=4, hint="不要写证件号码和电话")


class AnswerRequestForm(PageForm):
    """What was done, or why not; the person reads it."""

    state = Choice(
        "答复",
        [Given()],
        options=[(RightsState.DONE.value, "办了"), (RightsState.REFUSED.value, "没同意")],
        blank="",
        default="",
        radio=True,
        id="answer-state",
    )
    answer = Lines("办了什么，或者为什么没同意", [Given()], maximum=500, width=4, hint="本人看得到；不要写证件号码和电话")


class DeskClosingForm(PageForm):
    """The person at the counter wants to leave."""

    present = Tick("本人在场，已读给本人听后果，本人要注销", [Given("请把后果读给本人听，本人确定后打勾。")], width=6)
    reason = Line("原因（可以不填）", maximum=100, width=6, id="closing-reason")


class ReopenForm(PageForm):
    """The person came back before the data were deleted."""

    card_seen = Tick("已核对证件原件，本人在场")
    method = Choice("怎样同意告知书的", options=ON_PAPER)


class DeskWithdrawalForm(PageForm):
    """The person at the counter takes one consent back."""

    present = Tick("本人在场要撤回", [Given("请本人确定后打勾。")])


class RestrictForm(PageForm):
    """Why referrals are paused."""

    reason = Choice("为什么暂停推荐", table=RestrictReason, id="restrict-reason")
    note = Line("情况", maximum=200, width=4, id="restrict-note", hint="本人看得到，也可以说明")


class LiftForm(PageForm):
    """Why the pause ends."""

    note = Line("为什么恢复", maximum=200, width=4, id="lift-note")
