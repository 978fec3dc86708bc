"""Who may give which role, and what keeps one person to one account; the commitment that is signed."""

import pytest

from rules.accounts import (
    BELONGS_TO,
    GIVES,
    NewAccount,
    check_login,
    check_manager_stays,
    check_new,
    check_other,
    check_reason,
    may_disable,
    may_give,
)
from rules.commitment import check_signature, commitment
from rules.errors import RuleBroken
from rules.permissions import GRANTED, PUBLIC_ROLES, Actor, Permission, Role

WU = Actor(1, "吴站长", Role.MANAGER, "wu", 7)
ZHENG = Actor(2, "郑科长", Role.DISTRICT, "zheng")
ADMIN = Actor(3, "管理员", Role.ADMIN, "admin")
CHEN = Actor(4, "陈小满", Role.STAFF, "chen", 7)


def test_who_gives_roles_may_manage_accounts_and_nobody_else():
    assert {role for role in Role if Permission.ACCOUNTS_MANAGE in GRANTED[role]} == set(GIVES)


def test_nobody_gives_a_public_role_and_the_administrator_no_business():
    assert not {role for given in GIVES.values() for role in given} & PUBLIC_ROLES
    for role in GIVES[Role.ADMIN]:
        assert Permission.JOBS_READ not in GRANTED[role]


@pytest.mark.parametrize(
    ("actor", "gives"), [(WU, {"STF"}), (ZHENG, {"STF", "MGR", "LGL", "OPR", "SUB", "DST"}), (ADMIN, {"ADM"}), (CHEN, set())]
)
def test_the_table_of_roles(actor, gives):
    assert {role.value for role in Role if may_give(actor, role)} == gives


def test_the_administrator_switches_any_desk_account_off_but_no_workers():
    assert {role for role in Role if may_disable(ADMIN, role)} == set(Role) - PUBLIC_ROLES
    assert {role for role in Role if may_disable(WU, role)} == {Role.STAFF}


@pytest.mark.parametrize("role", list(BELONGS_TO))
def test_an_account_belongs_somewhere(role):
    with pytest.raises(RuleBroken) as caught:
        check_new(NewAccount("huang", "黄", "1", role), actor=ZHENG)
    assert caught.value.field == BELONGS_TO[role]


@pytest.mark.parametrize("login", ["ab", "Chen", "1chen", "chen xm", "陈", "wkr-1", "emp-2", "c" * 31, "c13900000001", "c٣٣٣"])
def test_bad_sign_in_names(login):
    with pytest.raises(RuleBroken):
        check_login(login)


@pytest.mark.parametrize("login", ["chen", "chen.xm", "jyh-01", "c2026_01"])
def test_good_sign_in_names(login):
    check_login(login)


def test_ones_own_account_the_last_manager_and_a_missing_reason():
    with pytest.raises(RuleBroken):
        check_other(WU, 1)
    check_other(WU, 4)
    with pytest.raises(RuleBroken):
        check_manager_stays(Role.MANAGER, 0, actor=ADMIN)
    check_manager_stays(Role.MANAGER, 0, actor=ZHENG)
    check_manager_stays(Role.MANAGER, 1, actor=ADMIN)
    check_manager_stays(Role.STAFF, 0, actor=ADMIN)
    with pytest.raises(RuleBroken):
        check_reason(" 一 ")
    assert check_reason(" 离岗 ") == "离岗"


def test_the_commitment_says_what_binds():
    text = commitment()
    whole = "".join((text.opening, *text.promises, text.closing))
    for word in (
        "姓名",
        "电话",
        "证件号码",
        "账号只由我本人使用",
        "锁屏",
        "离开以后继续保密",
        "《中华人民共和国治安管理处罚法》第五十六条",
    ):
        assert word in whole, word
    assert "第十八条" in text.basis
    assert text.version
    assert len(text.promises) <= 10
    assert not [word for word in ("元", "罚款", "押金") if word in whole]


def test_it_is_signed_with_ones_own_name():
    check_signature("陈 小满", "陈小满")
    for typed in ("", "陈小", "陈小满2"):
        with pytest.raises(RuleBroken):
            check_signature(typed, "陈小满")
