"""Registering an employer at the counter, verifying it, and lists of employers."""

from typing import Any

from wtforms import Form

from rules.codes import CreditState, EmployerDocumentKind, EmployerKind, EmployerState, IdType, VerifyMethod
from rules.employer_documents import NewDocument
from rules.employers import CreditGround, NewEmployer
from rules.text import clean_line
from web.forms.base import Choice, Choices, Day, Given, Line, Lines, PageForm, Tick


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


class EmployerEditForm(EmployerForm):
    """Changing what is registered; numbers, address and people are not shown and stay when they are left empty."""

    kind = Choice("雇主类型", table=EmployerKind, blank=None, default="UNIT")  # never changes; the row says which
    id_number = Line("证件号码", maximum=40, hint="不改就空着；改了要重新核验")
    phone = Line("经办人电话", maximum=40, hint="不改就空着")
    address = Line("地址", maximum=120, hint="不改就空着")
    agent_name = Line("经办人", maximum=40, hint="不改就空着；换了人要重新看证件和委托书")
    legal_representative = Line("法定代表人（负责人）", maximum=40, hint="不改就空着；改了要重新核验")
    why = Lines("为什么改", [Given()], maximum=300, rows=2, hint="至少5个字，会留存，例如：经办人换了电话")


class EmployerVerificationForm(PageForm):
    """How the employer was verified, and which originals lie on the counter."""

    method = Choice("核验方式", [Given()], table=VerifyMethod, id="verify-method")
    seen = Choices("现在看过原件的", table=EmployerDocumentKind)

    @property
    def kinds(self) -> set[EmployerDocumentKind]:
        """The ticked documents."""
        return {EmployerDocumentKind(value) for value in self.seen.data or ()}


class EmployerDocumentForm(PageForm):
    """A document that the employer handed over; a copy comes as a file."""

    kind = Choice("证照", [Given()], table=EmployerDocumentKind, id="document-kind")
    number = Line("证照号码", maximum=60, id="document-number")
    valid_to = Day("有效期至", hint="没有期限的不填", id="document-valid-to")
    scan = Line("复印件或照片（PDF、JPEG或PNG，最大10 MB）", id="document-scan")
    original_seen = Tick("看过原件", id="document-seen")
    note = Line("说明", maximum=100, id="document-note")

    def new_document(self) -> NewDocument:
        """What was typed, as the action wants it."""
        return NewDocument(
            EmployerDocumentKind(self.kind.data),
            self.number.data or "",
            self.valid_to.data,
            bool(self.original_seen.data),
            self.note.data or "",
        )


class DocumentCheckForm(PageForm):
    """A document the employer sent was compared."""

    original_seen = Tick("对照过原件")


class DocumentWithdrawalForm(PageForm):
    """Why a document proves nothing any more; `document` is filled by the address."""

    reason = Line("为什么停用", [Given()], maximum=100)


class EmployerRejectionForm(PageForm):
    """Why the employer could not be verified."""

    reason = Lines("不通过的原因", [Given()], maximum=300, rows=2, id="rejection-reason")


class CreditForm(PageForm):
    """Watch, block or restore; the options are those the role has."""

    credit = Choice("改为", [Given()], table=CreditState, id="credit-state")
    ground = Choice("依据哪一条", table=CreditGround, id="credit-ground", hint="列为关注、禁止发布时选；恢复正常不用选")
    reason = Lines("原因", [Given()], maximum=300, rows=2, id="credit-reason", hint="雇主会看到，请写清事实")
    legal_basis = Line("法律依据", maximum=200, id="credit-basis", hint="空着就用上面那一条的依据")

    def validate(self, extra_validators: object = None) -> bool:
        """To watch and to block need a ground."""
        good = super().validate()
        if self.credit.data in (CreditState.WATCH, CreditState.BLOCKED) and not self.ground.data:
            self.ground.errors = [*self.ground.errors, "请选择依据哪一条，或者选“其他”并写明法律依据。"]
            return False
        if self.ground.data == CreditGround.OTHER and not (self.legal_basis.data or "").strip():
            self.legal_basis.errors = [*self.legal_basis.errors, "选了“其他”的，请写明法律依据，例如《人力资源市场暂行条例》第二十四条。"]
            return False
        return good


class EmployerFilterForm(Form):
    """What the list is narrowed to; unknown values are dropped."""

    state = Choice("状态", options=[*EmployerState.choices(), ("DUE", "需要重新核验")], blank="全部")
    credit = Choice("信用", table=CreditState, blank="全部")
    word = Line("名称", maximum=20)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in (self.state, self.credit):
            if field.data not in {value for value, _ in field.choices}:
                field.data = ""
        self.word.data = clean_line(self.word.data or "")[:20]
