"""The employer's own pages: a demand asked in eight short pages, and what can be done with a post of one's own."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rules.codes import (
    SUBDISTRICTS,
    Benefit,
    CertificateType,
    EmployerDecline,
    EndReason,
    FoundWhere,
    Hazard,
    InsuranceState,
    Labelled,
    PayBasis,
    PayMethod,
    PayUnit,
    Relation,
    SettleCycle,
    VerifyMethod,
    trade_choices,
)
from rules.jobs import FIELD_LABELS, terms_to_record
from rules.money import yuan
from rules.publication import SEALED_FIELDS
from rules.terms import JobTerms
from web.forms.base import Choice, Choices, Clock, Day, Given, Line, Lines, Money, PageForm, Thousandths, Tick, Whole
from web.forms.jobs import AnsweredForm

_NUMERIC = {"inputmode": "numeric"}


class WorkForm(PageForm):
    """What has to be done."""

    title = Line("招什么工", [Given()], maximum=60, hint="一句话，例如：快递分拣、饭店洗碗")
    trade = Choice("工种", options=trade_choices())
    duties = Lines("具体干什么", maximum=1000, rows=4, hint="写清楚要做的活、轻重、在室内还是室外，至少10个字。不要写电话和微信。")


class PeopleForm(PageForm):
    """How many, and what they must be able to do."""

    headcount = Whole("招几个人", most=9999, render_kw=_NUMERIC)
    requirements = Lines(
        "要会什么（没有要求就不填）",
        maximum=500,
        rows=3,
        hint="只写和干活直接有关的本事，例如“会开叉车”。不要写性别、年龄、籍贯。",
    )
    certificates = Choices("要带什么证（没有就不选）", table=CertificateType)
    juvenile_ok = Choice("16、17周岁的能来吗", options=[("no", "不能，要满18周岁"), ("yes", "可以")], blank=None, default="no", radio=True)


class WhenForm(PageForm):
    """Which days, from when to when."""

    start_date = Day("哪天开始")
    end_date = Day("哪天结束", hint="只干一天的填同一天；长期的可以不填。")
    start_time = Clock("几点上班", hint="例如 8:00；按一件活包干的可以不填。")
    end_time = Clock("几点下班", hint="夜班填第二天早上的时间。")
    break_minutes = Whole("中间休息多少分钟", most=720, render_kw=_NUMERIC)
    weekly_days = Whole("每周做几天（干7天以上的才填）", most=7, render_kw=_NUMERIC)
    live_in = Tick("住在雇主家（住家）")
    overtime_terms = Line("超过8小时怎么算（没有就不填）", maximum=300)


class PlaceForm(PageForm):
    """Where, for the public and for whom both sides accepted."""

    subdistrict = Choice("在哪个街道", options=list(SUBDISTRICTS.items()))
    landmark = Line("附近的路口或者地标（公开）", maximum=60, hint="例如：宏图大道地铁站。不要写门牌号。")
    exact_address = Line("详细地址（不公开）", maximum=120, hint="双方都同意以后，才告诉零工。")
    pickup_place = Line("接送上车地点（不公开，不接送就不填）", maximum=120)
    pickup_time = Clock("几点上车")


class PayForm(PageForm):
    """How much, for what, when and how it is paid."""

    pay_basis = Choice("怎么算工钱", table=PayBasis, radio=True, blank="")
    pay_fen = Money("多少钱（元）", render_kw={"inputmode": "decimal"})
    pay_unit = Choice("每", table=PayUnit)
    output_per_hour_milli = Thousandths("一般人一小时能做多少（计件才填）", render_kw={"inputmode": "decimal"})
    settle_cycle = Choice("什么时候结", table=SettleCycle, radio=True, blank="")
    pay_method = Choice("怎么给", table=PayMethod)


class CareForm(PageForm):
    """What comes on top of pay, and what the two sides mean to sign."""

    benefits = Choices("另外给什么（有就勾）", table=Benefit)
    insurance = Choice("上什么保险", table=InsuranceState)
    relation = Choice("打算签哪种协议", table=Relation, blank=None, default="UNDECIDED", hint="不清楚就选“还没定”，签的时候驿站帮您。")


class SafetyForm(PageForm):
    """What is dangerous, and what protects from it."""

    hazards = Choices("干活有什么危险（有就勾）", table=Hazard)
    hazard_notice = Line("危险在哪里，怎么当心", maximum=300, hint="上面勾了危险的一定要写。")
    protection = Line("发什么防护用品", maximum=300, hint="上面勾了危险的一定要写。")
    heat_measures = Line("防暑降温（6至9月在户外干活的要写）", maximum=300)


class ContactForm(PageForm):
    """Whom the station calls, and how long the post may stand."""

    contact_name = Line("找谁联系（不公开）", maximum=40, hint="不填就是您登记的经办人。")
    contact_phone = Line(
        "联系电话（不公开）",
        maximum=40,
        hint="不填就是您登记的电话。双方都同意以后，才告诉零工。",
        render_kw={"inputmode": "tel"},
    )
    valid_to = Day("招到哪天为止", hint="最长30天，到期还没招满可以延长。")
    remarks = Line("还有什么要说的", maximum=300)


@dataclass(frozen=True, slots=True)
class OrderPage:
    """One page of the demand: its part of the address, the question above it, its form."""

    slug: str
    title: str
    form: type[PageForm]

    @property
    def names(self) -> list[str]:
        """The fields of the page."""
        return [field.name for field in self.form() if field.name != "form_token"]


ORDER_PAGES: tuple[OrderPage, ...] = (
    OrderPage("work", "招什么工", WorkForm),
    OrderPage("people", "招几个人，要会什么", PeopleForm),
    OrderPage("when", "什么时候干", WhenForm),
    OrderPage("place", "在哪里干", PlaceForm),
    OrderPage("pay", "工钱怎么给", PayForm),
    OrderPage("care", "吃住和保险", CareForm),
    OrderPage("safety", "干活安全吗", SafetyForm),
    OrderPage("contact", "联系人和有效期", ContactForm),
)
"""Every field of JobTerms stands on exactly one of these pages."""

PAGE_OF: dict[str, OrderPage] = {name: page for page in ORDER_PAGES for name in page.names}
"""Field → its page."""

CHECK, MARKED = "check", "marked"
"""The last page's part of the address, and the one of the fields a reviewer marked."""


def marked_page(names: Iterable[str]) -> OrderPage:
    """One page of exactly these fields, in the order of the form, for correcting what a reviewer marked."""
    fields = {name: getattr(PAGE_OF[name].form, name) for name in FIELD_LABELS if name in set(names) and name in PAGE_OF}
    return OrderPage(MARKED, "驿站请您改这几处", type("MarkedForm", (PageForm,), fields))


def typed_of(terms: JobTerms) -> dict[str, list[str]]:
    """Stored terms as the pages would have been typed, by field. Sealed fields stay out, which keeps what is stored."""
    typed: dict[str, list[str]] = {}
    for name, value in terms_to_record(terms).items():
        if name in SEALED_FIELDS:
            continue
        if name == "juvenile_ok":
            typed[name] = ["yes" if value else "no"]
        elif name == "live_in":
            typed[name] = ["y"] if value else []
        elif name == "pay_fen":
            typed[name] = [yuan(value)] if value else [""]
        elif name == "output_per_hour_milli":
            typed[name] = [f"{value / 1000:.3f}".rstrip("0").rstrip(".")] if value else [""]
        elif name.endswith("_time"):
            typed[name] = [(value or "")[:5]]
        elif isinstance(value, list):
            typed[name] = [str(each) for each in value]
        else:
            typed[name] = [str(value) if value else ""]
    return typed


class HandInForm(AnsweredForm):
    """The check page: answers to the questions of the checks, and the employer's promise."""

    promise = Tick("我看过雇主承诺，同意")

    def promised(self) -> bool:
        """Whether the promise was given, without which nothing is handed in (12.1)."""
        if not self.promise.data:
            self.promise.errors = ["请看完雇主承诺，同意后打勾。"]
        return bool(self.promise.data)


class ExtensionForm(AnsweredForm):
    """A later last day, with the reason. New working days are asked for an expired post only, the proof of staff only."""

    valid_to = Day("延长到哪一天", [Given()], hint="从今天起最长30天。")
    start_date = Day("新的开始日期")
    end_date = Day("新的结束日期")
    reason = Line("为什么延长", [Given()], maximum=200, id="extension-reason", hint="例如：还差2个人没招满")
    method = Choice("怎样核实的", table=VerifyMethod, id="extension-method")


class EndingForm(PageForm):
    """Why the employer ends the post before its last day."""

    why = Choice("为什么不招了", [Given()], table=EndReason, radio=True, blank="", id="ending-why")
    note = Line("说明", maximum=200, id="ending-note")


class OutcomeForm(PageForm):
    """Did you find people, and where?"""

    where = Choice("人从哪里招到的", [Given()], table=FoundWhere, radio=True, blank="", id="outcome-where")
    found = Whole("一共招到几个人", most=9999, render_kw=_NUMERIC, id="outcome-found")
    note = Line("还想说什么（可以不填）", maximum=200, id="outcome-note")


class AppealForm(PageForm):
    """Why the decision is wrong in the employer's eyes."""

    reason = Lines("为什么不同意", [Given()], maximum=500, rows=4, id="appeal-reason", hint="写清楚事实，有证明的说一声，驿站会找您看。")


class CandidateAnswerForm(PageForm):
    """The employer's answer about one worker: yes, or no with a reason that has to do with the work."""

    answer = Choice(
        "要不要这位", [Given("请选择要还是不要。")], options=[("yes", "要，请他来"), ("no", "不要")], blank="", default="", radio=True
    )
    employer_reason = Choice("不要的原因（不要才选）", table=EmployerDecline)
    employer_note = Line("说明（选“其他”才写）", maximum=100)

    @property
    def takes(self) -> bool:
        """Whether the employer said yes."""
        return self.answer.data == "yes"


class CalledOffForm(PageForm):
    """Why the employer no longer takes a worker who was told to come."""

    reason = Line("为什么不用了", [Given()], maximum=150)


def member(table: type[Labelled], value: Any) -> Any:
    """The chosen member of a code table, None for nothing."""
    return table(value) if value else None
