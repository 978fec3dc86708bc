"""Registering an employer at the counter, verifying it, and lists of employers."""

from typing import Any

from wtforms import Form

from rules.codes import CreditState, EmployerKind, EmployerState, IdType, VerifyMethod
from rules.employers import NewEmployer
from rules.text import clean_line
from web.forms.base import Choice, Given, Line, Lines, PageForm, Tick


class EmployerForm(PageForm):
    """The employer's part of the registration (招工用工登记表, domain reference 12.1)."""

    kind = Choice("雇主类型", [Given()], table=EmployerKind, blank=None, radio=True, default="UNIT")
    name = Line("名称或姓名", [Given()], maximum=80)
    id_type = Choice("证件类型（个人）", table=IdType, blank=None, default="01")
    id_number = Line("证件号码", [Given()], maximum=40, hint="单位填统一社会信用代码，个人填证件号")
    phone = Line("经办人电话", [Given()], maximum=40)
    address = Line("地址", [Given()], maximum=120, hint="单位填注册或者经营地址，个人填用工地址，不公开")
    agent_name = Line("经办人", maximum=40, hint="个人雇主可以不填")
    legal_representative = Line("法定代表人（负责人）", maximum=40)
    authorisation = Line("授权委托", maximum=200, hint="例如：授权委托书原件已核对")
    industry = Line("行业", maximum=40)
    agency = Tick("人力资源服务机构")
    dispatch = Tick("劳务派遣单位")
    licence_no = Line("许可证号", maximum=60, hint="机构和派遣单位要填")
    name_public = Tick("单位同意公开全称（核验后生效）")
    id_proof = Line("人工核对说明", maximum=200, hint="代码校验没通过时填，例如：已看营业执照原件，代码一致")

    @property
    def kind_chosen(self) -> EmployerKind:
        """Unit or household; a unit for anything else."""
        return EmployerKind.INDIVIDUAL if self.kind.data == EmployerKind.INDIVIDUAL else EmployerKind.UNIT

    def new_employer(self) -> NewEmployer:
        """What was typed, as the action wants it."""
        return NewEmployer(
            kind=self.kind_chosen,
            name=self.name.data or "",
            id_type=self.id_type.data or "",
            id_number=self.id_number.data or "",
            address=self.address.data or "",
            legal_representative=self.legal_representative.data or "",
            agent_name=self.agent_name.data or "",
            phone=self.phone.data or "",
            authorisation=self.authorisation.data or "",
            industry=self.industry.data or "",
            agency=bool(self.agency.data),
            dispatch=bool(self.dispatch.data),
            licence_no=self.licence_no.data or "",
            name_public=bool(self.name_public.data),
            id_proof=self.id_proof.data or "",
        )


class EmployerVerificationForm(PageForm):
    """How the employer was verified."""

    method = Choice("核验方式", [Given()], table=VerifyMethod, id="verify-method")


class EmployerRejectionForm(PageForm):
    """Why the employer could not be verified."""

    reason = Lines("不通过的原因", [Given()], maximum=300, rows=2, id="rejection-reason")


class CreditForm(PageForm):
    """Watch, block or restore; the options are those the role has."""

    credit = Choice("改为", [Given()], table=CreditState, id="credit-state")
    reason = Lines("原因", [Given()], maximum=300, rows=2, id="credit-reason")


class EmployerFilterForm(Form):
    """What the list is narrowed to; unknown values are dropped."""

    state = Choice("状态", options=[*EmployerState.choices(), ("DUE", "需重新核验")], blank="全部")
    credit = Choice("信用", table=CreditState, blank="全部")
    word = Line("名称", maximum=20)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in (self.state, self.credit):
            if field.data not in {value for value, _ in field.choices}:
                field.data = ""
        self.word.data = clean_line(self.word.data or "")[:20]
