"""The demand of an employer (招工用工登记, form P4) and what can be done with a post."""

import re
from dataclasses import fields
from typing import Any, Self

from wtforms import Form

from rules.codes import (
    SUBDISTRICTS,
    Benefit,
    CertificateType,
    Channel,
    Hazard,
    InsuranceState,
    JobState,
    Labelled,
    PayBasis,
    PayMethod,
    PayUnit,
    PostSource,
    Relation,
    SettleCycle,
    VerifyMethod,
    trade_choices,
)
from rules.errors import RuleBroken, RulesBroken
from rules.publication import SEALED_FIELDS
from rules.review_reasons import composed
from rules.terms import JobTerms
from rules.text import clean_line, clean_text
from web.forms.base import Choice, Choices, Clock, Day, Given, Line, Lines, Money, PageForm, Thousandths, Tick, Whole
from web.forms.reviews import template_choice

_RULE = re.compile(r"answer-([A-Z][0-9]{2})")
_SOURCES = [(value, label) for value, label in PostSource.choices() if value in ("COUNTER", "VISIT", "PHONE")]


class AnsweredForm(PageForm):
    """A form that carries the author's answers to warnings, one `answer-<rule>` field each."""

    def __init__(self, formdata: Any = None, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        self.answers: dict[str, str] = {}
        self.answer_errors: dict[str, str] = {}
        for name in list(formdata or ()):
            if (rule := _RULE.fullmatch(name)) and isinstance(formdata[name], str):
                self.answers[rule[1]] = clean_text(formdata[name])

    def refuse(self, broken: RuleBroken) -> None:
        """Put a missing answer beside its warning, everything else where it belongs."""
        for one in broken.broken if isinstance(broken, RulesBroken) else [broken]:
            if rule := _RULE.fullmatch(one.field or ""):
                self.answer_errors[rule[1]] = one.message
            else:
                super().refuse(one)

    @property
    def problems(self) -> list[tuple[str | None, str]]:
        """Everything refused, the missing answers last."""
        return super().problems + [(f"answer-{rule}", message) for rule, message in self.answer_errors.items()]


class OrderForm(AnsweredForm):
    """Everything of domain reference 12.1 about the work. A draft needs a title only; the rules ask for the rest."""

    title = Line("岗位名称", [Given()], maximum=60)
    trade = Choice("工种", options=trade_choices())
    headcount = Whole("人数", most=9999)
    relation = Choice("用工方式", table=Relation, blank=None, default="UNDECIDED")
    source = Choice("来源", options=_SOURCES, blank=None, default="COUNTER")
    duties = Lines("工作内容", maximum=1000, rows=3)
    requirements = Lines("招用条件", maximum=500, rows=3)
    subdistrict = Choice("工作街道", options=list(SUBDISTRICTS.items()))
    landmark = Line("公开地点（地标或路口）", maximum=60)
    exact_address = Line("详细地址（不公开）", maximum=120)
    contact_name = Line("联系人（不公开）", maximum=40)
    contact_phone = Line("联系电话（不公开）", maximum=40)
    start_date = Day("开始日期")
    end_date = Day("结束日期")
    start_time = Clock("上班")
    end_time = Clock("下班")
    break_minutes = Whole("休息分钟", most=720)
    weekly_days = Whole("每周几天", most=7)
    live_in = Tick("住家")
    valid_to = Day("有效期至")
    pay_basis = Choice("计酬方式", table=PayBasis)
    pay_fen = Money("单价（元）")
    pay_unit = Choice("单位", table=PayUnit, blank="选")
    output_per_hour_milli = Thousandths("每小时完成量")
    settle_cycle = Choice("结算周期", table=SettleCycle)
    pay_method = Choice("支付方式", table=PayMethod)
    insurance = Choice("保险情况", table=InsuranceState)
    benefits = Choices("食宿交通等待遇", table=Benefit)
    pickup_place = Line("接送上车地点（不公开）", maximum=120)
    pickup_time = Clock("接送时间")
    certificates = Choices("证书要求（持证工种必选）", table=CertificateType)
    hazards = Choices("危险因素（有就勾）", table=Hazard)
    hazard_notice = Line("危险告知", maximum=300)
    protection = Line("防护措施", maximum=300)
    heat_measures = Line("防暑降温（户外）", maximum=300)
    overtime_terms = Line("加班约定", maximum=300)
    remarks = Line("备注", maximum=300)
    juvenile_ok = Choice("可用16至17周岁的人", options=[("no", "否"), ("yes", "是")], blank=None, default="no")
    promise = Tick("雇主已看过并同意雇主承诺")

    def validate(self, extra_validators: Any = None) -> bool:
        """The shape, and the employer's promise, without which nothing is registered (12.1)."""
        valid = super().validate(extra_validators)
        if not self.promise.data:
            self.promise.errors = ["请让雇主看过雇主承诺，同意后打勾。"]
            return False
        return valid

    @classmethod
    def of(cls, terms: JobTerms, answers: dict[str, str]) -> Self:
        """The form filled with stored terms; sealed fields stay empty, which keeps what is stored."""
        values: dict[str, Any] = {field.name: getattr(terms, field.name) for field in fields(JobTerms)}
        for name in SEALED_FIELDS:
            values[name] = ""
        values["juvenile_ok"] = "yes" if terms.juvenile_ok else "no"
        for name in ("pay_fen", "headcount", "break_minutes", "weekly_days"):
            values[name] = values[name] or None  # 0 means "not given"
        values = {name: value.value if isinstance(value, Labelled) else value for name, value in values.items()}
        form = cls(data={name: value for name, value in values.items() if value not in (None, "")})
        form.answers = dict(answers)
        return form

    def terms(self) -> JobTerms:
        """What was typed, as one value; what could not be read is left out."""
        return JobTerms(
            title=self.title.data or "",
            trade=self.trade.data or "",
            headcount=self.headcount.data or 0,
            duties=self.duties.data or "",
            requirements=self.requirements.data or "",
            subdistrict=self.subdistrict.data or "",
            landmark=self.landmark.data or "",
            exact_address=self.exact_address.data or "",
            start_date=self.start_date.data,
            end_date=self.end_date.data,
            start_time=self.start_time.data,
            end_time=self.end_time.data,
            break_minutes=self.break_minutes.data or 0,
            weekly_days=self.weekly_days.data or 0,
            live_in=bool(self.live_in.data),
            overtime_terms=self.overtime_terms.data or "",
            pay_basis=_member(PayBasis, self.pay_basis.data),
            pay_fen=self.pay_fen.data or 0,
            pay_unit=_member(PayUnit, self.pay_unit.data),
            output_per_hour_milli=self.output_per_hour_milli.data or None,
            settle_cycle=_member(SettleCycle, self.settle_cycle.data),
            pay_method=_member(PayMethod, self.pay_method.data),
            benefits=_members(Benefit, self.benefits.data),
            pickup_place=self.pickup_place.data or "",
            pickup_time=self.pickup_time.data,
            certificates=_members(CertificateType, self.certificates.data),
            hazards=_members(Hazard, self.hazards.data),
            hazard_notice=self.hazard_notice.data or "",
            protection=self.protection.data or "",
            heat_measures=self.heat_measures.data or "",
            insurance=_member(InsuranceState, self.insurance.data),
            juvenile_ok=self.juvenile_ok.data == "yes",
            relation=_member(Relation, self.relation.data) or Relation.UNDECIDED,
            valid_to=self.valid_to.data,
            remarks=self.remarks.data or "",
            contact_name=self.contact_name.data or "",
            contact_phone=self.contact_phone.data or "",
        )

    @property
    def post_source(self) -> PostSource:
        """How the demand reached the station."""
        return _member(PostSource, self.source.data) or PostSource.COUNTER


def _member(table: type[Labelled], value: str | None) -> Any:
    return table(value) if value and value in {each.value for each in table} else None


def _members(table: type[Labelled], values: list[str] | None) -> tuple[str, ...]:
    chosen = set(values or ())
    return tuple(each.value for each in table if each.value in chosen)


class SubmissionForm(AnsweredForm):
    """Hand a draft in, with the answers to its warnings."""


class PostVerificationForm(PageForm):
    """How the post was verified."""

    method = Choice("核实方式", [Given()], table=VerifyMethod, id="post-verify-method")


class PublicationForm(PageForm):
    """Where the post is published."""

    channels = Choices("发布渠道", table=Channel, default=["WEBSITE", "SCREEN"])


class WithdrawalForm(PageForm):
    """Why the employer takes the post back; optional."""

    reason = Line("撤回原因", maximum=200, id="withdrawal-reason")


class TakedownForm(PageForm):
    """Why a post is taken down, and on what basis."""

    template = template_choice("take_down")
    reason = Lines("下架原因", maximum=300, rows=2, id="takedown-reason", hint="选了常用原因的，这里可以不填，或者补充。")
    legal_basis = Line("依据", maximum=200, id="takedown-basis", hint="不填就用常用原因自带的依据。")

    def composed(self) -> tuple[str, str]:
        """Reason and legal basis as they are kept. RuleBroken on `template`."""
        return composed("take_down", self.template.data, self.reason.data, self.legal_basis.data)


class ReleaseForm(PageForm):
    """A false positive: which rule, which words, why."""

    rule = Line("规则", [Given()], maximum=10)
    words = Lines("内容", maximum=2000)
    reason = Line("放行原因", [Given()], maximum=300, id="release-reason")

    def refuse(self, broken: RuleBroken) -> None:
        """One sentence above the page: the same form stands beside every hit."""
        self.refusals.append(broken.message)


class JobFilterForm(Form):
    """What the list is narrowed to; unknown values are dropped."""

    state = Choice("状态", table=JobState, blank="全部")
    trade = Choice("工种", options=trade_choices(), blank="全部")
    word = Line("岗位、雇主或者编号", maximum=20)
    outcome = Choice("招工结果", options=[("due", "该问雇主"), ("told", "雇主说过"), ("nobody", "没招到人")], blank="全部")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in (self.state, self.trade, self.outcome):
            if field.data not in {value for value, _ in field.choices}:
                field.data = ""
        self.word.data = clean_line(self.word.data or "")[:20]
