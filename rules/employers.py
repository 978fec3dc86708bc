"""Who offers work, and when the station may trust it (domain reference 3.2, 12.1): registration, verification, credit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta

from rules.codes import CreditState, EmployerDocumentKind, EmployerKind, EmployerState, IdType, Labelled, VerifyMethod
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


REVERIFY_NOTICE = timedelta(days=14)
"""How long before the end of a verification the station is told."""


def reverify_soon(state: EmployerState, until: date | None, today: date) -> bool:
    """Whether a verification still counts but ends within the next two weeks."""
    return state is EmployerState.VERIFIED and until is not None and today <= until <= today + REVERIFY_NOTICE


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


class CreditGround(Labelled):
    """Why an employer is watched or blocked; `basis` is the rule it rests on (sources of domain reference 6.3 and 3.2)."""

    UNTRUE = "UNTRUE", "发布虚假或者违法的招工信息"
    FEE = "FEE", "向求职者收费、收押金或者扣证件"
    UNPAID = "UNPAID", "拖欠劳动报酬"
    CHILD = "CHILD", "招用未满十六周岁的人"
    DISCRIMINATION = "DISCRIMINATION", "就业歧视"
    PRIVACY = "PRIVACY", "泄露求职者个人信息"
    LICENCE = "LICENCE", "证照失效、冒用或者拒绝出示"
    OTHER = "OTHER", "其他"

    @property
    def basis(self) -> str:
        """Law and article, as a decision cites it."""
        return _GROUND_BASES[self]


_GROUND_BASES: dict[CreditGround, str] = {
    CreditGround.UNTRUE: "《人力资源市场暂行条例》第二十四条",
    CreditGround.FEE: "《劳动合同法》第九条、第八十四条",
    CreditGround.UNPAID: "《劳动法》第五十条",
    CreditGround.CHILD: "《禁止使用童工规定》第二条",
    CreditGround.DISCRIMINATION: "《就业促进法》第三条，《人力资源市场暂行条例》第二十四条",
    CreditGround.PRIVACY: "《就业服务与就业管理规定》第十三条",
    CreditGround.LICENCE: "《人力资源市场暂行条例》第二十六条",
    CreditGround.OTHER: "《人力资源市场暂行条例》第二十四条",
}


def worse(first: CreditState, second: CreditState) -> CreditState:
    """The stricter of two credit states: an employer blocked at one station is blocked at all."""
    order = [CreditState.NORMAL, CreditState.WATCH, CreditState.BLOCKED]
    return max(first, second, key=order.index)


EMPLOYER_FIELDS: dict[str, str] = {
    "name": "名称或姓名",
    "id_type": "证件类型",
    "id_number": "证件号码",
    "address": "地址",
    "legal_representative": "法定代表人（负责人）",
    "agent_name": "经办人",
    "phone": "经办人电话",
    "authorisation": "授权委托",
    "industry": "行业",
    "agency": "人力资源服务机构",
    "dispatch": "劳务派遣单位",
    "licence_no": "许可证号",
    "name_public": "公开全称",
    "id_proof": "人工核对说明",
}
"""What people call the fields of NewEmployer, for the journal and for pages."""

KEPT_WHEN_EMPTY = ("id_type", "id_number", "id_proof", "phone", "address", "legal_representative", "agent_name")
"""Fields that an edit form never shows: left empty, they stay as they are."""

_PROVED_ANEW: dict[str, frozenset[EmployerDocumentKind]] = {
    "name": frozenset({EmployerDocumentKind.LICENCE, EmployerDocumentKind.AUTHORISATION, EmployerDocumentKind.OWNER_ID}),
    "id_number": frozenset({EmployerDocumentKind.LICENCE, EmployerDocumentKind.OWNER_ID}),
    "legal_representative": frozenset({EmployerDocumentKind.LICENCE, EmployerDocumentKind.AUTHORISATION}),
    "agent_name": frozenset({EmployerDocumentKind.AUTHORISATION, EmployerDocumentKind.AGENT_ID}),
    "agency": frozenset(),
    "dispatch": frozenset(),
    "licence_no": frozenset({EmployerDocumentKind.AGENCY_LICENCE, EmployerDocumentKind.DISPATCH_LICENCE}),
}

_VERIFIED_ANEW = frozenset({"name", "id_number", "legal_representative", "agency", "dispatch", "licence_no"})
"""Who the employer is and what it is licensed for: a change here ends the verification."""


def changed_fields(old: NewEmployer, new: NewEmployer) -> list[str]:
    """Names of the fields that differ, in form order."""
    return [field.name for field in fields(NewEmployer) if getattr(old, field.name) != getattr(new, field.name)]


def ends_verification(changed: Iterable[str]) -> bool:
    """Whether an employer with these changes must be verified again before it posts."""
    return not _VERIFIED_ANEW.isdisjoint(changed)


def documents_undone(changed: Iterable[str]) -> frozenset[EmployerDocumentKind]:
    """The documents that prove nothing any more after these changes."""
    return frozenset().union(*(_PROVED_ANEW.get(field, frozenset()) for field in changed))
