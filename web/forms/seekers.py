"""Registering a seeker at the counter (求职登记表, domain reference 12.2) and narrowing the list."""

from collections.abc import Iterator
from datetime import date
from typing import Any, ClassVar

from wtforms import Field, Form

from rules.codes import (
    SUBDISTRICTS,
    TRADES,
    CertificateType,
    ConsentMethod,
    Education,
    IdType,
    Labelled,
    PensionStatus,
    SeekerState,
)
from rules.errors import RuleBroken, RulesBroken
from rules.seekers import MAX_TRADES, HeldCertificate, NewSeeker, check_seeker, slot_values
from rules.text import clean_line
from web.forms.base import Choice, Choices, Day, Line, PageForm, Tick, Whole

CERTIFICATE_ROWS = 4
_TRADE_OPTIONS = [(trade.code, f"{trade.code} {trade.label}") for trade in TRADES.values()]
_CERTIFICATE_OPTIONS = [(each.value, f"{each.value} {each.label}") for each in CertificateType]


class Wanted:
    """Marks a field that the rules demand; the rule says so itself, together with everything else that is missing."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, form: Form, field: Field) -> None:
        """Nothing: shape and presence are answered together in `SeekerForm.complete`."""


def _trade(n: int, *marks: Wanted) -> Choice:
    return Choice(f"工种{n}", marks, options=_TRADE_OPTIONS, blank="—")


def _certificate(n: int) -> tuple[Choice, Line, Day]:
    return (
        Choice(f"证书{n}", options=_CERTIFICATE_OPTIONS, blank="—"),
        Line(f"证书{n}的证号", maximum=40),
        Day(f"证书{n}的到期日"),
    )


class SeekerForm(PageForm):
    """The registration form. `complete` checks shape and law at once, so that every message comes back together."""

    id_type = Choice("证件类型", table=IdType, blank=None, default=IdType.RESIDENT.value)
    id_number = Line("证件号码", [Wanted()], maximum=40)
    birth_date = Day("出生日期")
    gender = Choice("性别", options=[("M", "男"), ("F", "女")], blank="按证件")
    name = Line("姓名", [Wanted()], maximum=40)
    phone = Line("电话", [Wanted()], maximum=30)
    phone_owner = Line("电话是谁的", maximum=40)
    phone_shared = Tick("电话相同，不是同一个人")
    subdistrict = Choice("住在哪个街道", [Wanted()], options=list(SUBDISTRICTS.items()))
    community = Line("社区或村", [Wanted()], maximum=40)
    education = Choice("学历", table=Education, blank="不填")
    pay_wish = Line("想要的工钱", maximum=60)
    max_km = Whole("最远几公里", least=0, most=200)
    pension = Choice("养老金", table=PensionStatus, blank="不用问")
    trade1 = _trade(1, Wanted())
    trade2 = _trade(2)
    trade3 = _trade(3)
    trade4 = _trade(4)
    trade5 = _trade(5)
    training_wish = Line("想学什么（培训）", maximum=100)
    slots = Choices("什么时候能上工", [Wanted()], options=slot_values())
    certificate1, certificate1_number, certificate1_valid_to = _certificate(1)
    certificate2, certificate2_number, certificate2_valid_to = _certificate(2)
    certificate3, certificate3_number, certificate3_valid_to = _certificate(3)
    certificate4, certificate4_number, certificate4_valid_to = _certificate(4)
    skills = Line("技能与年限", maximum=200)
    guardian_name = Line("监护人姓名", maximum=40)
    guardian_phone = Line("监护人电话", maximum=30)
    guardian_consent = Tick("监护人同意")
    original_seen = Tick("已核对证件原件")
    pledge = Tick("承诺已读给本人，本人答应")
    by_proxy = Tick("没有手机，由驿站代办")
    consent = Tick("本人已看过（或者听读过）告知书并同意")
    consent_method = Choice("怎样同意的", [Wanted()], table=ConsentMethod)
    read_aloud = Tick("不识字，要读给本人听")

    def trades(self) -> Iterator[Field]:
        """The five selects of trades."""
        return (self[f"trade{n}"] for n in range(1, MAX_TRADES + 1))

    def certificates(self) -> Iterator[tuple[Field, Field, Field]]:
        """(type, number, last valid day) of each certificate row."""
        for n in range(1, CERTIFICATE_ROWS + 1):
            yield self[f"certificate{n}"], self[f"certificate{n}_number"], self[f"certificate{n}_valid_to"]

    def complete(self, today: date, *, child_age: int, juvenile_age: int) -> bool:
        """Whether shape and law agree; every message is put onto its field. UnderAge is raised, never shown as a field."""
        shaped = self.validate()
        for kind, number, valid_to in self.certificates():
            if not kind.data and (number.data or valid_to.data):
                kind.errors = [*kind.errors, "请选择证书种类。"]
                shaped = False
        try:
            check_seeker(self.new_seeker(), today=today, child_age=child_age, juvenile_age=juvenile_age)
        except RuleBroken as broken:
            for one in broken.broken if isinstance(broken, RulesBroken) else [broken]:
                field = self._fields.get(one.field or "")
                if field is None or not field.errors:
                    self.refuse(one)
            return False
        return shaped

    def new_seeker(self) -> NewSeeker:
        """What was typed, as the action wants it; a value that is in no table counts as not given."""
        return NewSeeker(
            name=self.name.data or "",
            id_type=_chosen(IdType, self.id_type) or IdType.RESIDENT,
            id_number=self.id_number.data or "",
            phone=self.phone.data or "",
            subdistrict=self.subdistrict.data or "",
            community=self.community.data or "",
            trades=tuple(field.data for field in self.trades() if field.data),
            slots=tuple(self.slots.data or ()),
            consent_method=_chosen(ConsentMethod, self.consent_method),
            birth_date=self.birth_date.data,
            gender=self.gender.data or "",
            phone_owner=self.phone_owner.data or "",
            phone_shared=bool(self.phone_shared.data),
            education=_chosen(Education, self.education),
            skills=self.skills.data or "",
            certificates=tuple(
                HeldCertificate(kind_of, number.data or "", valid_to.data)
                for kind, number, valid_to in self.certificates()
                if (kind_of := _chosen(CertificateType, kind))
            ),
            pay_wish=self.pay_wish.data or "",
            max_km=self.max_km.data,
            pension=_chosen(PensionStatus, self.pension),
            guardian_name=self.guardian_name.data or "",
            guardian_phone=self.guardian_phone.data or "",
            guardian_consent=bool(self.guardian_consent.data),
            training_wish=self.training_wish.data or "",
            read_aloud=bool(self.read_aloud.data),
            by_proxy=bool(self.by_proxy.data),
            original_seen=bool(self.original_seen.data),
            consent=bool(self.consent.data),
            pledge=bool(self.pledge.data),
        )


def _chosen(table: type[Labelled], field: Any) -> Any:
    """The member that was chosen; None for the blank and for a value that is not in the table."""
    return table(field.data) if field.data in table._value2member_map_ else None


class SeekerFilterForm(Form):
    """What the list is narrowed to; unknown values are dropped."""

    word = Line("姓名、编号或电话后四位", maximum=40)
    trade = Choice("工种", options=_TRADE_OPTIONS, blank="全部")
    state = Choice("状态", table=SeekerState, blank="全部")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in (self.trade, self.state):
            if field.data not in {value for value, _ in field.choices}:
                field.data = ""
        self.word.data = clean_line(self.word.data or "")[:40]
