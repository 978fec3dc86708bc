"""Signing in and changing one's password."""

from wtforms import PasswordField

from web.forms.base import Given, Line, PageForm, _Hinted


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
