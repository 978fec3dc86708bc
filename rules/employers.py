"""Who offers work, and when the station may trust it (domain reference 3.2, 12.1): registration, verification, credit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from rules.codes import CreditState, EmployerKind, EmployerState, IdType, VerifyMethod
from rules.errors import RuleBroken, RulesBroken
from rules.identity import parse_credit_code, parse_identity, parse_phone
from rules.permissions import Role

CREDIT_CODE = "USCC"
"""The `id_type` of units: the unified social credit code, not a person's document."""

MANUAL_PROOFS = frozenset({VerifyMethod.DOCUMENT, VerifyMethod.VISIT})
"""Methods that look at the licence itself: what a credit code with a wrong check character needs."""


@dataclass(frozen=True, slots=True)
class NewEmployer:
    """An employer as it was typed at the counter.

    `id_type` is an IdType for a person; for a unit it is ignored. `id_proof` says how a credit code whose check
    character fails was compared with the licence. `name_public`: the unit agreed to show its full name (10.3).
    """

    kind: EmployerKind
    name: str
    id_type: str
    id_number: str
    address: str
    legal_representative: str = ""
    agent_name: str = ""
    phone: str = ""
    authorisation: str = ""
    industry: str = ""
    agency: bool = False
    dispatch: bool = False
    licence_no: str = ""
    name_public: bool = False
    id_proof: str = ""


@dataclass(frozen=True, slots=True)
class CheckedId:
    """A document number that passed; `warning` says what must be proved by hand ("" for nothing)."""

    id_type: str
    number: str
    warning: str = ""


def check_id(kind: EmployerKind, id_type: str, typed: str, *, today: date) -> CheckedId:
    """The employer's number in its one form: credit code of a unit, document of a person.

    A wrong check digit of a person's document is refused, one of a credit code only warned about (7.10).
    Raises RuleBroken on `id_number` or `id_type`.
    """
    if kind is EmployerKind.UNIT:
        code = parse_credit_code(typed)
        return CheckedId(CREDIT_CODE, code.code, code.warning or "")
    try:
        document = IdType(id_type)
    except ValueError:
        raise RuleBroken("请选择证件类型。", "id_type") from None
    return CheckedId(document.value, parse_identity(document, typed, today=today).number)


def checked_employer(new: NewEmployer, *, today: date) -> tuple[NewEmployer, str]:
    """The employer with every number in its one form, and the warning about its credit code ("" for none).

    Raises RulesBroken with everything that is missing or wrong at once (12.1: ● and ▲ fields of the employer).
    """
    broken: list[RuleBroken] = []
    identity: CheckedId | None = None
    phone = ""
    try:
        identity = check_id(new.kind, new.id_type, new.id_number, today=today)
    except RuleBroken as refused:
        broken.append(refused)
    try:
        phone = parse_phone(new.phone)
    except RuleBroken as refused:
        broken.append(refused)
    broken += [RuleBroken(message, field) for field, message in _missing(new).items()]
    if identity is not None and identity.warning and not new.id_proof.strip():
        broken.append(RuleBroken(f"{identity.warning}核对过的，请在“人工核对说明”里写明怎样核对的。", "id_proof"))
    if broken or identity is None:
        raise RulesBroken(broken)
    unit = new.kind is EmployerKind.UNIT
    checked = replace(
        new,
        id_type=identity.id_type,
        id_number=identity.number,
        phone=phone,
        agent_name=new.agent_name or new.name,
        legal_representative=new.legal_representative if unit else "",
        authorisation=new.authorisation if unit else "",
        agency=new.agency and unit,
        dispatch=new.dispatch and unit,
        name_public=new.name_public and unit,
        id_proof=new.id_proof if identity.warning else "",
    )
    return checked, identity.warning


def _missing(new: NewEmployer) -> dict[str, str]:
    unit = new.kind is EmployerKind.UNIT
    required = {
        "name": (new.name, "请填写单位名称。" if unit else "请填写雇主姓名。"),
        "address": (new.address, "请填写地址。"),
    }
    if unit:
        required["legal_representative"] = (new.legal_representative, "请填写法定代表人（负责人）。")
        required["agent_name"] = (new.agent_name, "请填写经办人姓名。")
        own_hand = new.agent_name.strip() and new.agent_name.strip() == new.legal_representative.strip()
        if not own_hand:
            message = "经办人不是法定代表人，请填写授权委托情况，例如“授权委托书原件已核对”。"
            required["authorisation"] = (new.authorisation, message)
        if new.agency or new.dispatch:
            licence = "劳务派遣经营许可证" if new.dispatch else "人力资源服务许可证"
            required["licence_no"] = (new.licence_no, f"请填写{licence}号。")
    return {field: message for field, (value, message) in required.items() if not value.strip()}


def check_verification(method: VerifyMethod, id_warning: str) -> None:
    """Whether this way of verifying is enough. Raises RuleBroken on `method`.

    An acquaintance's word never counts alone (7.13); a credit code that fails its check needs the licence itself.
    """
    if method is VerifyMethod.REFERENCE:
        raise RuleBroken("熟人担保不能单独使用，请再用别的方式核验，并选那种方式。", "method")
    if id_warning and method not in MANUAL_PROOFS:
        raise RuleBroken("统一社会信用代码校验没通过，请看营业执照原件，选“证照核验”或者“实地走访”。", "method")


def verified_until(on: date, months: int) -> date:
    """The last day of a verification of `months` months (NET5); a day that month lacks is its last day."""
    month = on.month - 1 + months
    year, month = on.year + month // 12, month % 12 + 1
    following = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, min(on.day, date.fromordinal(following.toordinal() - 1).day))


def reverify_due(state: EmployerState, until: date | None, today: date) -> bool:
    """Whether a verified employer must be verified again before it posts (REVERIFY_DUE of 3.2)."""
    return state is EmployerState.VERIFIED and (until is None or until < today)


_OFFICERS = frozenset({Role.SUBDISTRICT, Role.DISTRICT})


def credit_choices(role: Role, old: CreditState) -> list[CreditState]:
    """The credit states this role may give an employer that now has `old` (3.2), for menus; empty for nobody's turn."""
    if role in _OFFICERS:
        return {
            CreditState.NORMAL: [CreditState.WATCH, CreditState.BLOCKED],
            CreditState.WATCH: [CreditState.BLOCKED, CreditState.NORMAL],
            CreditState.BLOCKED: [CreditState.WATCH],
        }[old]
    if role is Role.MANAGER:
        return {
            CreditState.NORMAL: [CreditState.WATCH],
            CreditState.WATCH: [CreditState.NORMAL],
            CreditState.BLOCKED: [],
        }[old]
    return []


def check_credit(role: Role, old: CreditState, new: CreditState) -> None:
    """Only subdistrict and district may block and unblock; a manager may watch (3.2). Raises RuleBroken on `credit`."""
    if new is old:
        raise RuleBroken(f"这个雇主现在就是“{old.label}”，不用再改。", "credit")
    if new in credit_choices(role, old):
        return
    if CreditState.BLOCKED in (old, new) and role not in _OFFICERS:
        raise RuleBroken("禁止发布和解除禁止，只能由街道或者区人社局办理。", "credit")
    raise RuleBroken(f"不能从“{old.label}”改成“{new.label}”。", "credit")


def worse(first: CreditState, second: CreditState) -> CreditState:
    """The stricter of two credit states: an employer blocked at one station is blocked at all."""
    order = [CreditState.NORMAL, CreditState.WATCH, CreditState.BLOCKED]
    return max(first, second, key=order.index)
