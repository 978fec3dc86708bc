"""Seekers (求职者): who may be registered, what must be known about them, what they agree to (domain reference 12.2, 4.3)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from rules.ages import AgeStanding, age_on, age_standing
from rules.codes import (
    SUBDISTRICTS,
    TRADES,
    WEEKDAYS,
    CertificateType,
    ConsentMethod,
    Education,
    IdType,
    Labelled,
    PensionStatus,
    Slot,
)
from rules.documents import PRIVACY_NOTICE_VERSION
from rules.errors import RuleBroken, RulesBroken
from rules.identity import Identity, parse_identity, parse_phone
from rules.text import has_private_use, limited

NOTICE_VERSION = PRIVACY_NOTICE_VERSION
"""Version of the privacy notice a seeker agrees to now; a changed text is asked again (PIPL art. 14)."""

NOTICE_ACCEPTED = "我已阅读（或者听工作人员读过）并同意"
"""What is ticked under the privacy notice (domain reference 10.7)."""

GUARDIAN_CONSENT = "监护人知道并同意其登记求职、到允许未成年工的岗位做工"
"""What the guardian of a 16 or 17 year old agrees to (Civil Code arts 19, 145)."""

UNDER_16 = "未满16周岁不能登记求职，也不能介绍工作。请回到学校或家中，有困难可联系社区。"
"""age.under16 of domain reference 13."""

MAX_TRADES = 5
DORMANT_DAYS = 90
"""Days after which somebody must speak with the seeker again before a referral (art. 11, two stores)."""

_LIMITS = (
    ("name", "姓名", 40),
    ("community", "社区", 40),
    ("phone_owner", "电话是谁的", 40),
    ("skills", "技能与年限", 200),
    ("pay_wish", "期望报酬", 60),
    ("training_wish", "培训意愿", 100),
    ("guardian_name", "监护人姓名", 40),
)
_STANDING_WORDS = {
    AgeStanding.UNDER_16: UNDER_16,
    AgeStanding.JUVENILE: "该求职者为未成年工（16至18周岁），只能推荐允许的岗位，单位须体检并办理登记。要填监护人。",
    AgeStanding.MAYBE_OVER_AGE: "该求职者可能已到退休年龄，请核对是否已领取养老金。",
    AgeStanding.OVER_AGE: "单位招用超过法定退休年龄的人员，应当签订书面用工协议并参加工伤保险。",
}


class UnderAge(RuleBroken):
    """The person is under 16: refused, and nothing about them may be kept (Labour Law art. 15, PIPL art. 6)."""

    def __init__(self) -> None:
        super().__init__(UNDER_16)


class ConsentPurpose(Labelled):
    """What a consent was given for."""

    REGISTRATION = "REGISTRATION", "求职登记"
    GUARDIAN = "GUARDIAN", "监护人同意"
    REFERRAL = "REFERRAL", "向雇主提供联系方式"
    GROUP = "PERSON_GROUP", "登记帮扶类别"


@dataclass(frozen=True, slots=True)
class HeldCertificate:
    """A certificate the counter saw; `valid_to` None means it does not run out or shows no date."""

    type: CertificateType
    number: str = ""
    valid_to: date | None = None

    def expired(self, today: date) -> bool:
        """Whether its last valid day is over."""
        return self.valid_to is not None and self.valid_to < today


@dataclass(frozen=True, slots=True)
class NewSeeker:
    """What the registration form says (P5). Texts are already cleaned; `check_seeker` decides.

    `birth_date` and `gender` count only where the document does not tell them. `trades` are codes of the trade table,
    `slots` are "weekday-slot" as in `slot_values`. `phone_owner` names whose phone it is when it is somebody else's;
    `phone_shared` says that somebody checked that another seeker with this phone is another person. `max_km` is in
    kilometres. The ticks `original_seen`, `consent` and `pledge` are the counter's word for what happened there.
    """

    name: str
    id_type: IdType
    id_number: str
    phone: str
    subdistrict: str
    community: str
    trades: tuple[str, ...]
    slots: tuple[str, ...]
    consent_method: ConsentMethod | None
    birth_date: date | None = None
    gender: str = ""
    phone_owner: str = ""
    phone_shared: bool = False
    education: Education | None = None
    skills: str = ""
    certificates: tuple[HeldCertificate, ...] = ()
    pay_wish: str = ""
    max_km: int | None = None
    pension: PensionStatus | None = None
    guardian_name: str = ""
    guardian_phone: str = ""
    guardian_consent: bool = False
    training_wish: str = ""
    read_aloud: bool = False
    by_proxy: bool = False
    original_seen: bool = True
    consent: bool = True
    pledge: bool = True


@dataclass(frozen=True, slots=True)
class CheckedSeeker:
    """What `check_seeker` made of the typing: normalised numbers, the birth date, what the law makes of the age."""

    identity: Identity
    birth_date: date
    gender: str
    phone: str
    guardian_phone: str
    standing: AgeStanding


def slot_values() -> list[tuple[str, str]]:
    """(value, label) of every cell of the availability table: ("0-AM", "周一上午") …"""
    return [(f"{day}-{slot.value}", f"{name}{slot.label}") for day, name in enumerate(WEEKDAYS) for slot in Slot]


def free_slots(kept: str) -> frozenset[tuple[int, Slot]]:
    """The (weekday 0 to 6, slot) pairs of a stored availability."""
    pairs = (cell.split("-") for cell in kept.split(",") if cell)
    return frozenset((int(day), Slot(slot)) for day, slot in pairs)


def slots_text(kept: str) -> str:
    """A stored availability in words: "周一至周五上午、下午；周六上午"."""
    by_day: dict[int, list[Slot]] = {}
    for day, slot in sorted(free_slots(kept), key=lambda pair: (pair[0], list(Slot).index(pair[1]))):
        by_day.setdefault(day, []).append(slot)
    groups: list[tuple[int, int, list[Slot]]] = []
    for day, slots in sorted(by_day.items()):
        if groups and groups[-1][1] == day - 1 and groups[-1][2] == slots:
            groups[-1] = (groups[-1][0], day, slots)
        else:
            groups.append((day, day, slots))
    return "；".join(
        (WEEKDAYS[first] if first == last else f"{WEEKDAYS[first]}至{WEEKDAYS[last]}")
        + ("全天" if len(slots) == len(Slot) else "、".join(slot.label for slot in slots))
        for first, last, slots in groups
    )


def age_words(birth: date, gender: str | None, today: date, standing: AgeStanding) -> str:
    """The age without the birth date, and what to mind: "48周岁，男。…"."""
    sex = {"M": "，男", "F": "，女"}.get(gender or "", "")
    return f"{age_on(birth, today)}周岁{sex}。{_STANDING_WORDS.get(standing, '')}"


def standing_words(birth: date, gender: str | None, today: date, standing: AgeStanding) -> str:
    """What the counter sees as soon as the document is read: "1978年3月12日生，48周岁，男。" and what to mind."""
    return f"{birth.year}年{birth.month}月{birth.day}日生，" + age_words(birth, gender, today, standing)


def birth_of(identity: Identity, typed: date | None, today: date) -> date:
    """The birth date: the document's own, else the typed one. RuleBroken where it is missing or cannot be."""
    if identity.birth_date is not None:
        return identity.birth_date
    if typed is None:
        raise RuleBroken("这种证件号码看不出出生日期，请照证件填写出生日期。", "birth_date")
    if typed.year < 1900 or typed > today:
        raise RuleBroken("出生日期不对，请对照证件再看一遍。", "birth_date")
    return typed


def pension_asked(birth: date, gender: str | None, today: date) -> bool:
    """Whether the pension question must be answered: at, over or within a year of the retirement age (12.2)."""
    next_year = date(today.year + 1, today.month, min(today.day, 28))
    return age_standing(birth, gender, next_year) in (AgeStanding.MAYBE_OVER_AGE, AgeStanding.OVER_AGE)


def refuse_children(id_type: IdType | None, id_number: str, birth_date: date | None, *, today: date, child_age: int = 16) -> None:
    """Raise UnderAge when the document says so; a document that cannot be read is left to `check_seeker`."""
    try:
        identity = parse_identity(id_type or IdType.RESIDENT, id_number, today=today)
        birth = birth_of(identity, birth_date, today)
    except RuleBroken:
        return
    if age_on(birth, today) < child_age:
        raise UnderAge()


def check_seeker(new: NewSeeker, *, today: date, child_age: int = 16, juvenile_age: int = 18, online: bool = False) -> CheckedSeeker:
    """The checked registration (12.2). UnderAge first and alone; else RulesBroken with everything that is missing.

    `child_age` and `juvenile_age` are the effective-dated parameters of Labour Law arts 15 and 58. `online`: by themselves
    on a phone, so that nobody has seen the card yet.
    """
    refuse_children(new.id_type, new.id_number, new.birth_date, today=today, child_age=child_age)
    broken: list[RuleBroken] = []

    def attempt(parse: object, *args: object, **named: object) -> object:
        try:
            return parse(*args, **named)  # type: ignore[operator]
        except RuleBroken as one:
            broken.append(one)
            return None

    identity = attempt(parse_identity, new.id_type, new.id_number, today=today)
    birth = attempt(birth_of, identity, new.birth_date, today) if isinstance(identity, Identity) else None
    phone = attempt(parse_phone, new.phone)
    guardian_phone = attempt(parse_phone, new.guardian_phone, field="guardian_phone") if new.guardian_phone else ""
    for name, label, maximum in _LIMITS:
        attempt(limited, getattr(new, name), label, maximum, name)
    broken += _missing(new, online=online)
    standing = AgeStanding.NORMAL
    gender = new.gender if new.gender in ("M", "F") else ""
    if isinstance(identity, Identity) and isinstance(birth, date):
        gender = identity.gender or gender
        standing = age_standing(birth, gender or None, today, new.pension, child_age=child_age, juvenile_age=juvenile_age)
        broken += _age_duties(new, birth, gender or None, today, standing)
    if broken:
        raise broken[0] if len(broken) == 1 else RulesBroken(broken)
    assert isinstance(identity, Identity)
    assert isinstance(birth, date)
    return CheckedSeeker(identity, birth, gender, str(phone), str(guardian_phone), standing)


def _missing(new: NewSeeker, *, online: bool) -> Iterator[RuleBroken]:
    if not new.name:
        yield RuleBroken("请填写姓名。", "name")
    elif has_private_use(new.name):
        yield RuleBroken("姓名里有一个字只有本机能显示，请用标准的生僻字重新输入。", "name")
    if new.subdistrict not in SUBDISTRICTS:
        yield RuleBroken("请选择居住街道。", "subdistrict")
    if not new.community:
        yield RuleBroken("请填写居住的社区或者村，不用写门牌。", "community")
    if not new.trades or any(trade not in TRADES for trade in new.trades):
        yield RuleBroken("请至少选一个想干的工种。", "trade1")
    elif len(set(new.trades)) > MAX_TRADES:
        yield RuleBroken(f"求职工种最多选{MAX_TRADES}个。", "trade1")
    if not new.slots or not set(new.slots) <= {value for value, _ in slot_values()}:
        yield RuleBroken("请至少勾一个能上工的时间。", "slots")
    yield from certificate_gaps(new.trades, new.certificates)
    if not new.original_seen and not online:
        yield RuleBroken("请核对证件原件后打勾。", "original_seen")
    if not new.consent:
        yield RuleBroken("请本人看过（或者听您读过）告知书并同意后打勾；不同意的不能登记。", "consent")
    elif new.consent_method is None:
        yield RuleBroken("请选择本人是怎样同意的。", "consent_method")
    if not new.pledge:
        yield RuleBroken("请把求职者承诺读给本人听，本人答应后打勾。", "pledge")


def certificate_gaps(trades: Collection[str], held: tuple[HeldCertificate, ...]) -> Iterator[RuleBroken]:
    """Trades that nobody may start without a certificate (Work Safety Law art. 30) need one here, with number and date."""
    types = {certificate.type for certificate in held}
    for trade in (TRADES[code] for code in dict.fromkeys(trades) if code in TRADES):
        wanted = [certificate for certificate in trade.certificates if certificate.special]
        if wanted and not types & set(wanted):
            labels = "或".join(certificate.label for certificate in wanted)
            yield RuleBroken(f"{trade.label}须持证上岗，请登记{labels}；没有证的，请先不选这个工种。", "certificate1")
    for place, certificate in enumerate(held, 1):
        label = certificate.type.label
        if certificate.type.special and not certificate.number:
            yield RuleBroken(f"请填写{label}的证号。", f"certificate{place}_number")
        if certificate.type.special and certificate.valid_to is None:
            yield RuleBroken(f"请填写{label}的到期日。", f"certificate{place}_valid_to")
        if len(certificate.number) > 40:
            yield RuleBroken("证号最多40个字，请核对。", f"certificate{place}_number")


def _age_duties(new: NewSeeker, birth: date, gender: str | None, today: date, standing: AgeStanding) -> Iterator[RuleBroken]:
    if standing is AgeStanding.JUVENILE:
        if not new.guardian_name:
            yield RuleBroken("该求职者未满18周岁，请填写监护人姓名。", "guardian_name")
        if not new.guardian_phone:
            yield RuleBroken("该求职者未满18周岁，请填写监护人电话。", "guardian_phone")
        if not new.guardian_consent:
            yield RuleBroken("该求职者未满18周岁，请取得监护人同意后打勾。", "guardian_consent")
    elif new.pension is None and pension_asked(birth, gender, today):
        yield RuleBroken("该求职者接近或者超过退休年龄，请问清是否已领取养老金、已办退休。", "pension")
