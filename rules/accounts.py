"""Accounts of people at the desk (domain reference 9): one account one person, who may give which role, who stays in charge."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rules.errors import RuleBroken
from rules.permissions import PUBLIC_ROLES, Actor, Role

GIVES: dict[Role, tuple[Role, ...]] = {
    Role.MANAGER: (Role.STAFF,),
    Role.DISTRICT: (Role.STAFF, Role.MANAGER, Role.LEGAL, Role.OPERATOR, Role.SUBDISTRICT, Role.DISTRICT),
    Role.ADMIN: (Role.ADMIN,),
}
"""Which roles somebody gives and looks after (domain reference 9, row Users & roles): a manager the staff of the own station,
the district the business roles, the administrator only technical ones, because they must not reach business content."""

BELONGS_TO: dict[Role, str] = {
    Role.STAFF: "station",
    Role.MANAGER: "station",
    Role.LEGAL: "station",
    Role.SUBDISTRICT: "subdistrict",
    Role.OPERATOR: "operator",
}
"""What an account of this role must belong to; the others reach the whole district."""

_LOGIN = re.compile(r"[a-z][a-z0-9._-]{2,29}")
_RESERVED = ("wkr-", "emp-")  # sign-in names of workers and employers


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account somebody wants to open."""

    login: str
    name: str
    work_no: str
    role: Role
    station_id: int | None = None
    operator: str = ""
    subdistrict: str = ""


def may_give(actor: Actor, role: Role) -> bool:
    """Whether this person may open and look after accounts of `role`."""
    return role in GIVES.get(actor.role, ())


def may_disable(actor: Actor, role: Role) -> bool:
    """Whether this person may switch an account of `role` off. The administrator may for any desk role: it gives nobody access."""
    return may_give(actor, role) or (actor.role is Role.ADMIN and role not in PUBLIC_ROLES)


def check_new(new: NewAccount, *, actor: Actor) -> None:
    """Raise RuleBroken for an account that this person may not open, or that belongs nowhere."""
    if not may_give(actor, new.role):
        raise RuleBroken(f"您不能开通“{new.role.label}”账号，请找有权限的人办。", "role")
    check_login(new.login)
    check_work_no(new.work_no)
    belongs = BELONGS_TO.get(new.role)
    if belongs == "station" and new.station_id is None:
        raise RuleBroken(f"{new.role.label}要选所在的驿站。", "station")
    if belongs == "subdistrict" and not new.subdistrict:
        raise RuleBroken(f"{new.role.label}要选所在的街道。", "subdistrict")
    if belongs == "operator" and not new.operator:
        raise RuleBroken(f"{new.role.label}要填运营方全称。", "operator")


def check_login(login: str) -> None:
    """Raise RuleBroken, on `login`, for a sign-in name that cannot be typed easily or carries a number of a person."""
    if not _LOGIN.fullmatch(login) or login.startswith(_RESERVED):
        raise RuleBroken("登录名用小写字母开头，3到30个小写字母、数字、点或者横线，比如姓名拼音；不要用手机号。", "login")
    if re.search(r"[0-9]{8}", login):
        raise RuleBroken("登录名里不要用手机号、证件号，请用姓名拼音。", "login")


def check_work_no(work_no: str) -> None:
    """Raise RuleBroken, on `work_no`, when it is missing: it is what keeps one person to one account."""
    if not work_no:
        raise RuleBroken("请填写工号。一个人一个工号、一个账号。", "work_no")


def check_other(actor: Actor, account_id: int) -> None:
    """Raise RuleBroken when somebody would change the own account here: nobody gives himself a role or locks himself out."""
    if actor.id == account_id:
        raise RuleBroken("不能在这里改自己的账号，请找别的负责人办。自己的密码和动态口令在“我的账号”里改。")


def check_manager_stays(role: Role, managers_left: int, *, actor: Actor) -> None:
    """Raise RuleBroken when a station would lose its last manager in use, except by the district, which appoints the next."""
    if role is Role.MANAGER and managers_left == 0 and actor.role is not Role.DISTRICT:
        raise RuleBroken("这是该驿站最后一位在用的负责人，只有区级管理员能停用。")


def check_reason(reason: str) -> str:
    """The reason without white space around it. RuleBroken, on `reason`, when it says nothing."""
    if len(reason.strip()) < 2:
        raise RuleBroken("请写明原因，至少两个字。", "reason")
    return reason.strip()[:200]
