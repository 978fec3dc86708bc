"""An employer registers by itself on a phone: one small form per question page (domain reference 10.2, 12.1)."""

from rules.codes import EmployerKind, IdType
from rules.errors import RuleBroken
from rules.passwords import check_password
from web.forms.accounts import Password
from web.forms.base import Choice, Given, Line, PageForm, Tick

_PHONE = {"inputmode": "tel"}


class NoticeForm(PageForm):
    """The notice and the employer's pledge."""

    consent = Tick("我已阅读告知书，同意", [Given("同意告知书才能在网上登记，请看过后打勾；不同意的，可以到驿站当面问清楚。")])
    pledge = Tick("我（本单位）作出上面的雇主承诺", [Given("请看过雇主承诺后打勾。")])


class KindForm(PageForm):
    """A unit or a household."""

    kind = Choice("雇主类型", [Given()], table=EmployerKind, blank=None, radio=True)


class NameForm(PageForm):
    """What the unit, or the person, is called."""

    name = Line("名称", [Given()], maximum=80)


class CodeForm(PageForm):
    """The unit's credit code; one that fails its check is compared with the licence once more (7.10)."""

    id_number = Line("统一社会信用代码", [Given()], maximum=40, hint="营业执照上的18位代码")
    compared = Tick("我对照过营业执照，代码没有抄错")


class IdentityForm(PageForm):
    """The household's document."""

    id_number = Line("身份证号码", [Given("请填写证件号码。")], maximum=40, hint="18位，最后一位可能是X")
    id_type = Choice("证件种类", table=IdType, blank=None, default=IdType.RESIDENT.value)


class PeopleForm(PageForm):
    """Who stands for the unit, and who sees to this."""

    legal_representative = Line("法定代表人（负责人）", [Given()], maximum=40, hint="和营业执照上的一样")
    agent_name = Line("经办人", [Given()], maximum=40, hint="来办事、接电话的人；是法定代表人本人的，填同一个名字")


class AuthorisationForm(PageForm):
    """An agent that is not the representative needs an authorisation (HRMR 26)."""

    authorisation = Choice(
        "授权委托书",
        [Given()],
        options=[("已有授权委托书，核验时带原件", "有盖章的授权委托书"), ("授权委托书待办，核验时带原件", "还没有，办好了核验时带去")],
        blank=None,
        radio=True,
    )


class PhoneForm(PageForm):
    """The telephone that is called, and signed in with."""

    phone = Line("电话", [Given()], maximum=40, hint="手机号，或者带区号的固定电话；以后用它登录", render_kw=_PHONE)


class AddressForm(PageForm):
    """Where the employer is; never public."""

    address = Line("地址", [Given()], maximum=120, hint="不公开，只用来核验")


class LicencesForm(PageForm):
    """Agencies and dispatch firms need a licence of their own (HRMR 18; LCL 57)."""

    agency = Tick("我们是人力资源服务机构（职业中介）")
    dispatch = Tick("我们是劳务派遣单位")
    licence_no = Line("许可证号", maximum=60, hint="上面都没勾的不填")

    def validate(self, extra_validators: object = None) -> bool:
        """A licence number where one is needed."""
        good = super().validate()
        if good and (self.agency.data or self.dispatch.data) and not self.licence_no.data:
            licence = "劳务派遣经营许可证" if self.dispatch.data else "人力资源服务许可证"
            self.licence_no.errors = [f"请填写{licence}号。"]
            return False
        return good


class MoreForm(PageForm):
    """What may be left out."""

    industry = Line("行业", maximum=40, hint="例如：物流、餐饮，可以不填")
    name_public = Tick("同意在公开岗位上显示单位全称（核验后生效）")


class LicenceFileForm(PageForm):
    """A picture of the licence, sent now or shown later."""

    scan = Line("营业执照的照片或扫描件")


class NewPasswordForm(PageForm):
    """A password of one's own, twice."""

    new_password = Password("新密码", [Given("请设一个密码。")], hint="至少12位，可以用一句自己记得住的话")
    repeated_password = Password("再输一次新密码", [Given("请再输一次密码。")])

    def validate(self, extra_validators: object = None) -> bool:
        """Long enough, and the same twice."""
        if not super().validate():
            return False
        try:
            check_password(self.new_password.data or "", login="")
        except RuleBroken as broken:
            self.refuse(broken)
            return False
        if self.new_password.data != self.repeated_password.data:
            self.repeated_password.errors = ["两次输入的密码不一样，请重新输入。"]
            return False
        return True


class EmployerSignInForm(PageForm):
    """Phone and password."""

    phone = Line("登记的电话", [Given()], maximum=40, render_kw=_PHONE)
    password = Password("密码", [Given()])


class ChangePasswordForm(NewPasswordForm):
    """The password in use once, the new one twice."""

    old_password = Password("现在的密码", [Given()])
    new_password = Password("新密码", [Given("请设一个密码。")], hint="至少12位，可以用一句自己记得住的话")
    repeated_password = Password("再输一次新密码", [Given("请再输一次密码。")])


class AskCodeForm(PageForm):
    """The phone that a code is sent to."""

    phone = Line("登记的电话", [Given()], maximum=40, render_kw=_PHONE)


class ResetForm(NewPasswordForm):
    """The code from the message and a new password."""

    phone = Line("登记的电话", [Given()], maximum=40, render_kw=_PHONE)
    code = Line(
        "短信验证码",
        [Given()],
        maximum=10,
        hint="6位数字，5分钟内有效",
        render_kw={"inputmode": "numeric", "autocomplete": "one-time-code"},
    )


class OnlineAccountForm(PageForm):
    """Staff open the employer's account, documents in hand."""

    agent_seen = Tick("已核对经办人（雇主）的证件原件", [Given("请先核对证件原件，再给初始密码。")])
