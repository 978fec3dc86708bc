"""What the papers of seekers and referrals say: the registration form (P5), the referral slip (P7), the job slips (P22), gathered."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from db.actions.ratings import make_ticket
from db.clock import CHINA
from db.queries import referrals as referral_queries
from db.queries import seekers as queries
from db.queries.documents import station_on_paper
from rules.ages import AgeStanding, age_standing
from rules.board import days_text
from rules.codes import (
    SUBDISTRICTS,
    TRADES,
    Benefit,
    CertificateType,
    Education,
    IdType,
    PensionStatus,
    ReferralSource,
    SettleCycle,
    Side,
)
from rules.documents import JobSlip, JobSlips, ReferralSlip, SeekerForm, Tick, ticks
from rules.errors import RuleBroken
from rules.pay import pay_text
from rules.schedule import shift_of
from rules.seekers import NOTICE_ACCEPTED, free_slots
from rules.terms import JobTerms
from web.papers import station_imprint
from web.render import show_date
from web.request import Asker

SLIP_NOTES = (
    "带身份证原件，不交押金，不把证件交给别人保管。",
    "临时去不了的，请提前打驿站电话。",
    "没拿到工钱、受了伤或者有人收费的，马上打驿站电话。",
)
"""注意事项 of every referral slip (domain reference 12.3)."""


UNSAID = "未说明"
"""What the form prints where the seeker answered nothing: a signed form leaves no box open."""


def _verify_url(request: Asker, number: str) -> str:
    return f"{request.settings.public_url}/verify/{number}"


async def seeker_form(request: Asker, seeker: dict[str, Any]) -> SeekerForm:
    """The registration form of a row of `seeker_in`. It depends on the record alone, so copies are equal."""
    station = await station_on_paper(seeker["station"])
    opened = await queries.opened_seeker(seeker["id"])
    trades = (await queries.trades_of([seeker["id"]])).get(seeker["id"], [])
    registered = seeker["created_at"].astimezone(CHINA).date()
    standing = age_standing(seeker["birth_date"], seeker["gender"] or None, registered)
    pension = bool(seeker["pension"]) or standing in (AgeStanding.MAYBE_OVER_AGE, AgeStanding.OVER_AGE)
    owner = f"（{seeker['phone_owner']}）" if seeker["phone_owner"] else ""
    return SeekerForm(
        station=station_imprint(station),
        number=seeker["number"],
        created=seeker["created_at"],
        operator=station["operator"],
        name=seeker["name"],
        id_type=IdType.label_of(seeker["id_type"]),
        id_number=opened["id_number"],
        phone=opened["phone"] + owner,
        home=SUBDISTRICTS.get(seeker["subdistrict"], "") + seeker["community"],
        trades=tuple(TRADES[code].label for code in trades if code in TRADES),
        free_slots=free_slots(seeker["availability"]),
        expected_pay=seeker["pay_wish"] or UNSAID,
        farthest=f"{seeker['max_km']} 公里" if seeker["max_km"] is not None else UNSAID,
        education=Education.label_of(seeker["education"]) if seeker["education"] else UNSAID,
        skills=seeker["skills"] or UNSAID,
        certificates=tuple(
            (CertificateType.label_of(kind), number, show_date(valid_to) or "长期")
            for kind, number, valid_to in await queries.opened_certificates(seeker["id"])
        ),
        support_groups=(),
        training=(Tick("愿意参加", bool(seeker["training_wish"])), Tick("暂不参加")),
        training_wish=seeker["training_wish"],
        pension=ticks(PensionStatus.choices(), {seeker["pension"]}) if pension else (),
        guardian_needed=standing is AgeStanding.JUVENILE,
        guardian_name=seeker["guardian_name"],
        guardian_phone=opened["guardian_phone"],
        original_seen=bool(seeker["original_seen"]),
        consent=(Tick(NOTICE_ACCEPTED, True), Tick("我同意登记帮扶信息（可不选）")),
        registrar=seeker["created_by"],
        registered_on=show_date(registered),
        verify_url=_verify_url(request, seeker["number"]),
    )


def report_time(terms: JobTerms, issued_on: date) -> str:
    """When to be there, then how long the work goes on; where it began before the slip, never a day that is over."""
    days = days_text(terms.start_date, terms.end_date)
    shift = shift_of(terms)
    if shift is None:
        return days
    first, _, last = days.partition("到")
    if not last or terms.start_date is None:
        return f"{days}　{shift.label()}"
    if terms.start_date < issued_on:
        first = f"{days_text(issued_on, None)}起，按说好的日子"
    return f"{first}{shift.start:%H:%M}报到；做到{last}，每天{shift.label()}"


async def referral_slip(request: Asker, referral: dict[str, Any]) -> ReferralSlip:
    """The referral slip of a row of `referral_in`. RuleBroken before both sides agreed to exchange contacts."""
    station = await station_on_paper(referral["station"])
    slip, contacts = await _job_slip(request, referral)
    return ReferralSlip(
        station=station_imprint(station),
        created=referral["employer_answered_at"],
        issued_on=_answered_on(referral),
        worker_phone=contacts["worker_phone"],
        **{field.name: getattr(slip, field.name) for field in fields(slip)},
    )


async def job_slips(request: Asker, referrals: Sequence[dict[str, Any]], *, number: str, station_id: int, day: date) -> JobSlips:
    """One slip for each of these rows of `given_on`, to be cut apart. RuleBroken where there is none."""
    if not referrals:
        raise RuleBroken("这一天还没有派工，没有派工单可以打印。")
    slips = [(await _job_slip(request, row))[0] for row in referrals]
    return JobSlips(
        station=station_imprint(await station_on_paper(station_id)),
        number=number,
        created=max(row["employer_answered_at"] for row in referrals),
        day=day,
        slips=tuple(slips),
    )


def _answered_on(referral: dict[str, Any]) -> date:
    answered: datetime = referral["employer_answered_at"]
    return answered.astimezone(CHINA).date()


async def _job_slip(request: Asker, referral: dict[str, Any]) -> tuple[JobSlip, dict[str, str]]:
    """What a worker carries to work, and both sides' contacts."""
    contacts = await referral_queries.opened_contacts(referral)
    if not contacts:
        raise RuleBroken("推荐上岗单要等零工和雇主都同意后才能打印。")
    terms = await referral_queries.terms_of(referral)
    where = contacts["exact_address"] or SUBDISTRICTS.get(terms.subdistrict, "") + terms.landmark
    pickup = f"；接送：{contacts['pickup_place']}" if contacts["pickup_place"] else ""
    settle = [SettleCycle.label_of(terms.settle_cycle)] if terms.settle_cycle else []
    settle += [terms.pay_method.label] if terms.pay_method else []
    settle += [Benefit.label_of(each) for each in terms.benefits]
    protection = (f"劳动防护：{terms.protection}",) if terms.protection else ()
    slip = JobSlip(
        number=referral["number"],
        clerk="本人报名" if referral["source"] == ReferralSource.APPLICATION.value else referral["created_by"],
        post_number=referral["job_number"],
        post_title=terms.title,
        worker_name=referral["worker_name"],
        employer_name=referral["employer_name"],
        employer_contact=contacts["contact_name"],
        employer_phone=contacts["contact_phone"],
        report_time=report_time(terms, _answered_on(referral)),
        report_place=where + pickup,
        pay=pay_text(terms),
        settlement="，".join(settle),
        notes=(*protection, *SLIP_NOTES),
        verify_url=_verify_url(request, referral["number"]),
        rating_url=f"{request.settings.public_url}/rate/{await make_ticket(referral['id'], Side.WORKER, actor=request.actor)}",
    )
    return slip, contacts
