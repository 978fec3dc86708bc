"""Signing in, one's own account, and the accounts one looks after."""

from collections.abc import Sequence

from wtforms import PasswordField

from rules.accounts import NewAccount
from rules.codes import SUBDISTRICTS
from rules.permissions import Role
from web.forms.base import Choice, Given, Line, PageForm, Tick, _Hinted


class Password(_Hinted, PasswordField):
    """A password; never shown again."""


class SignInForm(PageForm):
    """Name and password."""

    login = Line("登录名", [Given()], maximum=40)
    password = Password("密码", [Given()])


class PasswordForm(PageForm):
    """Old password once, new password twice."""

    old_password = Password("现在的密码", [Given()])
    new_password = Password("新密码", [Given()], hint="至少12位，可以用一句自己记得住的话")
    repeated_password = Password("再输一次新密码", [Given()])

    def validate(self, extra_validators: object = None) -> bool:
        """Both new passwords are the same."""
        if not super().validate():
            return False
        if self.new_password.data != self.repeated_password.data:
            self.repeated_password.errors = ["两次输入的新密码不一样，请重新输入。"]
            return False
        return True


class CodeForm(PageForm):
    """A one-time password, or a recovery code. The name keeps it out of everything that carries typed fields along."""

    one_time_password = Line("动态口令", [Given()], maximum=40, hint="手机上的6位数字；手机不在身边的，输一个备用码")


class FirstCodeForm(CodeForm):
    """The first code of an authenticator that is being set up."""

    one_time_password = Line("6位数字", [Given()], maximum=40)


class FirstPasswordForm(PasswordForm):
    """The initial password once more, and the person's own, twice."""

    old_password = Password("初始密码", [Given()])


class CommitmentForm(PageForm):
    """The confidentiality commitment, signed by typing one's name."""

    read = Tick("我已经读懂全部内容", [Given("请先勾选“我已经读懂全部内容”。")])
    signed_name = Line("签名：输入您的姓名", [Given("请输入您的姓名作为签名。")], maximum=40)


class OwnPasswordForm(PageForm):
    """One's own password once more."""

    own_password = Password("您的密码", [Given()])


class ReasonForm(PageForm):
    """Why somebody's account is switched off or on, or reset."""

    reason = Line("原因", [Given("请写明原因。")], maximum=120, width=3)


class ChangedAccountForm(PageForm):
    """Name, work number and role of an account, with the reason for the change."""

    name = Line("姓名", [Given()], maximum=40)
    work_no = Line("工号", [Given()], maximum=20)
    role = Choice("角色", [Given()])
    change_reason = Line("更改原因", [Given("请写明原因。")], maximum=120, width=3)

    def offer(self, roles: Sequence[Role]) -> "ChangedAccountForm":
        """The roles one may give."""
        self.role.choices = [("", "请选择"), *((role.value, role.label) for role in roles)]
        return self


class NewAccountForm(PageForm):
    """An account to open: one person, one work number, one sign-in name."""

    name = Line("姓名", [Given()], maximum=40, hint="真实姓名，打印和签名都用它")
    work_no = Line("工号", [Given()], maximum=20, hint="一个人一个工号、一个账号")
    login = Line("登录名", [Given()], maximum=30, hint="姓名拼音，小写；不用手机号")
    role = Choice("角色", [Given()])
    station = Choice("驿站", hint="驿站人员、负责人、法律服务人员要选")
    subdistrict = Choice("街道", options=tuple(SUBDISTRICTS.items()), hint="街道监管员要选")
    operator = Line("运营方全称", maximum=80, hint="运营方管理员要填")

    def offer(self, roles: Sequence[Role], stations: Sequence[tuple[int, str]]) -> "NewAccountForm":
        """The roles one may give and the stations in reach."""
        self.role.choices = [("", "请选择"), *((role.value, role.label) for role in roles)]
        self.station.choices = [("", "请选择"), *((str(number), name) for number, name in stations)]
        return self

    def new_account(self) -> NewAccount:
        """What was typed; only after `validate`."""
        role = Role(self.role.data)
        at_station = role in (Role.STAFF, Role.MANAGER, Role.LEGAL)
        return NewAccount(
            login=self.login.data.lower(),
            name=self.name.data,
            work_no=self.work_no.data,
            role=role,
            station_id=int(self.station.data) if at_station and self.station.data else None,
            operator=self.operator.data if role is Role.OPERATOR else "",
            subdistrict=self.subdistrict.data if role is Role.SUBDISTRICT else "",
        )
