"""Blank forms (空白表) for the pen: every fixed form of the counter with the station's name and no number, printed and not issued."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rules.codes import (
    Benefit,
    EmployerKind,
    FollowUpKind,
    InsuranceState,
    PaperKind,
    PayBasis,
    PayMethod,
    PensionStatus,
    SettleCycle,
    Side,
    VerifyMethod,
)
from rules.documents import CallBackSheet, JobOrderForm, JobPoster, Paper, ReferralSlip, SeekerForm, StationImprint, Tick, ticks
from rules.form_papers import SUPPORT_GROUPS, DisputeRecord, LegalForm, RatingSheet, boxes_of
from rules.order_form import AUTHORISATIONS
from rules.seekers import NOTICE_ACCEPTED
from web.followup_papers import TITLES, paper_rows
from web.forms.followups import METHODS, FollowUpForm
from web.seeker_papers import SLIP_NOTES

DAY = "　　　　年　　月　　日"
"""A date to be written."""
_PENS = 3
"""Rows for certificates."""


@dataclass(frozen=True, slots=True)
class BlankForm:
    """One form of the list: `name` in its address, what it is called, when it is used, and how it is made."""

    name: str
    kind: PaperKind
    title: str
    size: str
    used: str
    make: Callable[[StationImprint, str, datetime], Paper]


def _job_order(station: StationImprint, _operator: str, moment: datetime) -> Paper:
    words: dict[str, Any] = dict.fromkeys(
        ("employer_name", "id_type", "id_number", "employer_address", "legal_representative", "agent"), ""
    )
    words |= dict.fromkeys(("agent_phone", "title", "trade", "duties", "requirements", "exact_place", "public_place"), "")
    words |= dict.fromkeys(("certificates", "hazards", "protection", "remarks", "registrar", "verifier"), "")
    return JobOrderForm(
        station=station,
        number="",
        created=moment,
        employer_kinds=ticks(EmployerKind.choices()),
        authorisation=ticks(AUTHORISATIONS),
        headcount="　　　　人",
        period="　　　年　月　日至　　　年　月　日",
        hours="　　:　　至　　:　　",
        breaks="休息　　　分钟",
        pay_basis=ticks(PayBasis.choices()),
        pay="　　　　元/　　　",
        settlement=ticks(SettleCycle.choices()),
        pay_method=ticks(PayMethod.choices()),
        benefits=ticks(Benefit.choices()),
        insurance=ticks(InsuranceState.choices()),
        juvenile=(Tick("可以"), Tick("不可以")),
        valid_to=DAY,
        registered_on=DAY,
        verification=ticks(VerifyMethod.choices()),
        verified_on=DAY,
        **words,
    )


def _seeker_form(station: StationImprint, operator: str, moment: datetime) -> Paper:
    words: dict[str, Any] = dict.fromkeys(
        ("name", "id_type", "id_number", "phone", "home", "expected_pay", "education", "skills", "registrar"), ""
    )
    return SeekerForm(
        station=station,
        number="",
        created=moment,
        operator=operator,
        trades=(),
        free_slots=frozenset(),
        farthest="　　　公里",
        certificates=(("", "", ""),) * _PENS,
        support_groups=boxes_of(SUPPORT_GROUPS),
        training=(Tick("愿意参加"), Tick("暂不参加")),
        training_wish="",
        pension=ticks(PensionStatus.choices()),
        guardian_needed=True,
        consent=(Tick(NOTICE_ACCEPTED), Tick("我同意登记帮扶信息（可不选）")),
        registered_on=DAY,
        **words,
    )


def _poster(sheet: str) -> Callable[[StationImprint, str, datetime], Paper]:
    def made(station: StationImprint, _operator: str, moment: datetime) -> Paper:
        words: dict[str, Any] = dict.fromkeys(("title", "pay_amount", "settlement", "place", "dates", "hours", "duties", "public_url"), "")
        return JobPoster(
            station=station,
            number="",
            created=moment,
            pay_unit="元/",
            headcount=0,
            benefits=(),
            certificates=(),
            valid_to=None,
            sheet=sheet,
            **words,
        )

    return made


def _slip(station: StationImprint, _operator: str, moment: datetime) -> Paper:
    words: dict[str, Any] = dict.fromkeys(("clerk", "post_number", "post_title", "worker_name", "worker_phone", "employer_name"), "")
    words |= dict.fromkeys(("employer_contact", "employer_phone", "report_place", "settlement", "verify_url"), "")
    return ReferralSlip(
        station=station,
        number="",
        created=moment,
        issued_on=None,
        report_time="　　　　年　　月　　日　　　:",
        pay="　　　　元/　　　",
        notes=SLIP_NOTES,
        **words,
    )


def _call_back(side: Side) -> Callable[[StationImprint, str, datetime], Paper]:
    def made(station: StationImprint, _operator: str, moment: datetime) -> Paper:
        return CallBackSheet(
            station=station,
            number="",
            created=moment,
            title=TITLES[side],
            kind="",
            facts=(("岗位", ""), ("雇主", ""), ("零工", ""), ("到岗日期", DAY)),
            methods=ticks(METHODS),
            rows=paper_rows(FollowUpKind.END, side, None),
            note_label=FollowUpForm(kind=FollowUpKind.END, side=side).note.label.text,
            note="",
            filled=False,
            made_by="",
            made_on="",
        )

    return made


def _legal_form(station: StationImprint, _operator: str, moment: datetime) -> Paper:
    return LegalForm(station=station, number="", created=moment, limit_on=DAY, registered_on=DAY)


def _dispute_record(station: StationImprint, _operator: str, moment: datetime) -> Paper:
    return DisputeRecord(station=station, number="", created=moment, limit_on=DAY)


def _rating(side: Side) -> Callable[[StationImprint, str, datetime], Paper]:
    def made(station: StationImprint, _operator: str, moment: datetime) -> Paper:
        return RatingSheet(station=station, number="", created=moment, side=side)

    return made


BLANK_FORMS: dict[str, BlankForm] = {
    form.name: form
    for form in (
        BlankForm("job-order", PaperKind.JOB_ORDER, "招工用工登记表", "A4", "雇主来招人，电脑用不了的时候先写在纸上", _job_order),
        BlankForm(
            "seeker", PaperKind.SEEKER_FORM, "求职登记表和个人信息处理告知书", "A4", "零工来登记；本人、监护人在纸上签名", _seeker_form
        ),
        BlankForm("poster", PaperKind.POSTER, "岗位信息张贴单", "A4", "贴在站里的岗位，手写", _poster("A4")),
        BlankForm("poster-a5", PaperKind.POSTER, "岗位信息张贴单（小张）", "A5", "贴在站里的岗位，手写，地方小的时候用", _poster("A5")),
        BlankForm("slip", PaperKind.REFERRAL_SLIP, "推荐上岗单", "A5", "零工带着去干活，下联由雇主交回", _slip),
        BlankForm(
            "call-back-employer", PaperKind.FOLLOW_UP_FORM, TITLES[Side.EMPLOYER], "A4", "上门或者打电话问雇主", _call_back(Side.EMPLOYER)
        ),
        BlankForm("call-back-worker", PaperKind.FOLLOW_UP_FORM, TITLES[Side.WORKER], "A4", "上门或者打电话问零工", _call_back(Side.WORKER)),
        BlankForm("rating-worker", PaperKind.RATING_FORM, "服务评价表（零工填写）", "A4", "不用手机的零工给驿站打分", _rating(Side.WORKER)),
        BlankForm("rating-employer", PaperKind.RATING_FORM, "服务评价表（雇主填写）", "A4", "雇主给驿站打分", _rating(Side.EMPLOYER)),
        BlankForm("legal", PaperKind.LEGAL_FORM, "法律咨询登记表", "A4", "法律服务点当面登记", _legal_form),
        BlankForm("dispute", PaperKind.DISPUTE_RECORD, "争议调处记录", "A4", "双方当面调处，当场签名", _dispute_record),
    )
}
"""Every blank form by its name, in the order of the working day."""


def blank_paper(form: BlankForm, station: StationImprint, row: dict[str, Any], moment: datetime) -> Paper:
    """The paper of a form for the station of `row` (`db.queries.documents.station_on_paper`)."""
    return form.make(station, row["operator"], moment)
