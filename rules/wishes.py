"""Changing a registration (求职登记的修改): what a seeker may change alone, and what only with the identity card in hand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from rules.ages import age_on
from rules.codes import SUBDISTRICTS, TRADES, CertificateType, Education, IdType
from rules.errors import RuleBroken, RulesBroken
from rules.identity import Identity, parse_identity, parse_phone
from rules.seekers import MAX_TRADES, UNDER_16, HeldCertificate, birth_of, slot_values
from rules.text import has_private_use, limited

SEEKER_FIELDS: dict[str, str] = {
    "name": "姓名",
    "id_type": "证件类型",
    "id_number": "证件号码",
    "birth_date": "出生日期",
    "gender": "性别",
    "phone": "电话",
    "phone_owner": "电话是谁的",
    "trades": "想干的活",
    "availability": "能上工的时间",
    "skills": "技能与年限",
    "pay_wish": "想要的工钱",
    "max_km": "最远几公里",
    "subdistrict": "住在哪个街道",
    "community": "社区或村",
    "education": "学历",
    "training_wish": "想学什么",
    "read_aloud": "要读给本人听",
    "by_proxy": "驿站代办",
    "certificates": "证书",
    "suggestions": "系统推荐",
    "pension": "养老金",
}
"""Fields of a registration as people read them; the journal and the kept versions name them so."""

NEEDS_CARD: tuple[str, ...] = ("name", "id_number", "phone")
"""What is changed only at the counter with the card in hand: from the phone it is asked for (PIPL art. 46)."""

NOTHING_CHANGED = "没有改动，不用保存。"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a seeker looks for and can do: everything that may change without a document. `slots` as in `slot_values`."""

    trades: tuple[str, ...]
    slots: tuple[str, ...]
    subdistrict: str
    community: str
    skills: str = ""
    pay_wish: str = ""
    max_km: int | None = None
    education: Education | None = None
    training_wish: str = ""

    def columns(self) -> dict[str, Any]:
        """The wishes under the names of the record's columns; `trades` is a list."""
        return {
            "trades": list(dict.fromkeys(self.trades)),
            "availability": in_order(self.slots),
            "subdistrict": self.subdistrict,
            "community": self.community,
            "skills": self.skills,
            "pay_wish": self.pay_wish,
            "max_km": self.max_km,
            "education": self.education.value if self.education else "",
            "training_wish": self.training_wish,
        }


@dataclass(frozen=True, slots=True)
class Correction:
    """Name, document and phone as the card in hand and the person say; an empty number or phone stays as it is."""

    name: str
    id_type: IdType
    id_number: str = ""
    birth_date: date | None = None
    gender: str = ""
    phone: str = ""
    phone_owner: str = ""
    phone_shared: bool = False


def in_order(cells: Iterable[str]) -> str:
    """Cells of the availability table as they are kept: each once, day by day, whatever order they were ticked in."""
    chosen = set(cells)
    return ",".join(value for value, _ in slot_values() if value in chosen)


def check_wishes(wishes: Wishes, held: Collection[str], before: Collection[str] = ()) -> None:
    """Raises RulesBroken with everything that is missing (12.2). `held`: certificate types, `before`: trades until now.

    A trade nobody may start without a certificate can be added only when the counter saw one (Work Safety Law art. 30).
    """
    broken: list[RuleBroken] = []
    if not wishes.trades or any(trade not in TRADES for trade in wishes.trades):
        broken.append(RuleBroken("请至少选一个想干的工种。", "trades"))
    elif len(set(wishes.trades)) > MAX_TRADES:
        broken.append(RuleBroken(f"想干的工种最多选{MAX_TRADES}个。", "trades"))
    broken += [RuleBroken(sentence, "trades") for sentence in _certificate_gaps(set(wishes.trades) - set(before), held)]
    if not wishes.slots or not set(wishes.slots) <= {value for value, _ in slot_values()}:
        broken.append(RuleBroken("请至少勾一个能上工的时间。", "slots"))
    if wishes.subdistrict not in SUBDISTRICTS:
        broken.append(RuleBroken("请选择居住街道。", "subdistrict"))
    if not wishes.community:
        broken.append(RuleBroken("请填写居住的社区或者村，不用写门牌。", "community"))
    for name, maximum in (("community", 40), ("skills", 200), ("pay_wish", 60), ("training_wish", 100)):
        try:
            limited(getattr(wishes, name), SEEKER_FIELDS[name], maximum, name)
        except RuleBroken as one:
            broken.append(one)
    if broken:
        raise broken[0] if len(broken) == 1 else RulesBroken(broken)


def _certificate_gaps(trades: Collection[str], held: Collection[str]) -> Iterable[str]:
    for trade in (TRADES[code] for code in sorted(trades) if code in TRADES):
        wanted = [certificate for certificate in trade.certificates if certificate.special]
        if wanted and not set(held) & {certificate.value for certificate in wanted}:
            labels = "或".join(certificate.label for certificate in wanted)
            yield f"{trade.label}须持证上岗：请先带{labels}到驿站登记，再选这个工种。"


def check_correction(
    correction: Correction, *, card_seen: bool, reason: str, today: date, child_age: int = 16
) -> tuple[Identity | None, date | None, str]:
    """(document, birth date, phone) as they will be kept; None and "" where nothing was typed.

    RuleBroken, RulesBroken: no card in hand, no reason, a number that cannot be, a person under `child_age`.
    """
    broken: list[RuleBroken] = []
    identity: Identity | None = None
    birth: date | None = None
    phone = ""
    if not card_seen:
        broken.append(RuleBroken("请核对证件原件后打勾。", "card_seen"))
    if len(reason.strip()) < 4:
        broken.append(RuleBroken("请写明为什么更正，至少4个字。", "reason"))
    if not correction.name:
        broken.append(RuleBroken("请填写姓名。", "name"))
    elif has_private_use(correction.name):
        broken.append(RuleBroken("姓名里有一个字只有本机能显示，请用标准的生僻字重新输入。", "name"))
    try:
        if correction.id_number:
            identity = parse_identity(correction.id_type, correction.id_number, today=today)
            birth = birth_of(identity, correction.birth_date, today)
            if age_on(birth, today) < child_age:
                broken.append(RuleBroken(UNDER_16, "id_number"))
    except RuleBroken as one:
        broken.append(one)
    try:
        if correction.phone:
            phone = parse_phone(correction.phone)
    except RuleBroken as one:
        broken.append(one)
    if broken:
        raise broken[0] if len(broken) == 1 else RulesBroken(broken)
    return identity, birth, phone


def check_certificate(kind: CertificateType | None, number: str, valid_to: date | None) -> HeldCertificate:
    """A certificate the counter saw. RuleBroken: no kind, or a special one without number or last day."""
    if kind is None:
        raise RuleBroken("请选择证书种类。", "kind")
    if kind.special and not number:
        raise RuleBroken(f"请填写{kind.label}的证号。", "number")
    if kind.special and valid_to is None:
        raise RuleBroken(f"请填写{kind.label}的到期日。", "valid_to")
    return HeldCertificate(kind, number, valid_to)


def changed_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The names of `after` whose values differ from `before`, in the order of the table above."""
    return [name for name in SEEKER_FIELDS if name in after and before.get(name) != after[name]]


def field_labels(names: Iterable[str]) -> str:
    """想干的活、能上工的时间."""
    return "、".join(SEEKER_FIELDS.get(name, name) for name in names)
