"""The same work at two stations, made by the actions, with personal data that can be recognised wherever they turn up."""

import io
from dataclasses import dataclass, replace
from datetime import date, time

from pypdf import PdfWriter

from db.actions.agreements import attach_scan, deliver, draft_agreement
from db.actions.appeals import ask_appeal
from db.actions.devices import enrol
from db.actions.employers import register_employer, verify_employer
from db.actions.exports import ask_export
from db.actions.jobs import approve_job, draft_job, publish_job, reject_job, submit_job, take_review, verify_job
from db.actions.people import employer_account, worker_account
from db.actions.placements import place
from db.actions.referrals import employer_accepts, propose, worker_accepts
from db.actions.rights import ask
from db.actions.seekers import SeekerRef, register_seeker
from db.clock import now
from db.queries.agreements import scans_of
from db.queries.devices import devices_of
from db.tables.employers import EmployerDocument
from db.tables.seekers import SeekerCertificate
from db.tables.transfers import Import
from rules.codes import (
    CertificateType,
    ConsentMethod,
    EmployerKind,
    ExportPurpose,
    IdType,
    ImportState,
    PostSource,
    RejectReason,
    RightsKind,
    StartEvidence,
    VerifyMethod,
)
from rules.employers import NewEmployer
from rules.permissions import Actor
from rules.seekers import HeldCertificate, NewSeeker, slot_values
from rules.terms import JobTerms
from tests.cast import PEOPLE
from tests.web.posts_scene import TERMS, UNIT
from tests.web.security.month_work import NO_MONTH, MonthRecords, put_month
from tests.web.security.paper_work import NO_PAPERS, PaperRecords, put_papers
from tests.web.security.working_day import NOBODY, DayRecords, put_day
from web.agreement_papers import print_agreement
from web.documents.renderer import Printer

EVERY_SLOT = tuple(value for value, _ in slot_values())
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def identity(first_seventeen: str) -> str:
    """A resident number with its check digit."""
    return first_seventeen + "10X98765432"[sum(int(d) * w for d, w in zip(first_seventeen, _WEIGHTS, strict=True)) % 11]


@dataclass(frozen=True)
class Records:
    """What one station has: public numbers, and ids where addresses carry ids."""

    code: str
    employer: int
    job: str
    seeker: str
    juvenile: str
    referral: str
    """Both sides said yes, no agreement yet: contacts are open."""
    proposed: str
    """The worker was asked: no contact is open."""
    placed: str
    agreement: str
    """Printed, signed, handed over; its worker started."""
    scan: int
    account_id: int = 987654321
    appeal_id: int = 987654321
    request_id: int = 987654321
    export_id: int = 987654321
    import_id: int = 987654321
    certificate_id: int = 987654321
    document_id: int = 987654321
    handle: str = "nobody"
    """A worker's phone."""
    worker: Actor | None = None
    """Who signs in as the worker of `placed`."""
    owner: Actor | None = None
    """Who signs in as the employer."""
    day: DayRecords = NOBODY
    papers: PaperRecords = NO_PAPERS
    month: MonthRecords = NO_MONTH


@dataclass(frozen=True)
class Personal:
    """The plain values of one station's people. `secret` by kind, see test_leaks.py; `names` never stand in public."""

    secret: dict[str, tuple[str, ...]]
    names: tuple[str, ...]


def personal(digit: int) -> Personal:
    """What the people of station `digit` (1 at the lake, 2 at 走马岭) must be able to rely on."""
    workers = [_seeker(digit, place) for place in range(4)]
    employer, terms = _employer(digit), _terms(digit)
    secret = {
        "worker's id": tuple(worker.id_number for worker in workers),
        "worker's phone": tuple(worker.phone for worker in workers),
        "guardian's phone": tuple(worker.guardian_phone for worker in workers if worker.guardian_phone),
        "certificate": tuple(certificate.number for worker in workers for certificate in worker.certificates),
        "employer's id": (employer.id_number,),
        "employer's phone": (employer.phone,),
        "employer's address": (employer.address,),
        "contact's phone": (terms.contact_phone,),
        "exact address": (terms.exact_address, terms.pickup_place),
    }
    names = [worker.name for worker in workers] + [terms.contact_name]
    names += [employer.name] if employer.kind is EmployerKind.INDIVIDUAL else []
    return Personal(secret, tuple(names))


def _employer(digit: int) -> NewEmployer:
    if digit == 1:
        return replace(UNIT, phone="13911112201", address="金港示范工业园甲7栋5门")
    return NewEmployer(
        kind=EmployerKind.INDIVIDUAL,
        name="高文静",
        id_type=IdType.RESIDENT.value,
        id_number=identity("42019919910304922"),
        address="走马岭示范家园乙9栋6门",
        phone="13911112202",
    )


def _terms(digit: int) -> JobTerms:
    return replace(
        TERMS,
        headcount=6,
        subdistrict="420112015" if digit == 1 else "420112006",
        landmark="宏图大道地铁站" if digit == 1 else "走新路口",
        exact_address=f"示范货场丙{digit}区3号库2楼",
        contact_name="欧阳晓明" if digit == 1 else "司徒晓红",
        contact_phone=f"1391111330{digit}",
        pickup_place=f"示范汽车站丁{digit}出口",
        pickup_time=time(7),
        start_date=date(2026, 11, 30),
        end_date=date(2026, 12, 4),
    )


def _seeker(digit: int, place: int) -> NewSeeker:
    """Worker 0 both said yes, 1 started, 2 was asked; 3 is seventeen years old."""
    born = "20091105" if place == 3 else f"1985020{place + 1}"
    name = (("诸葛小强", "上官大川", "夏侯玉兰", "皇甫小川"), ("端木小强", "公孙大川", "令狐玉兰", "慕容小川"))[digit - 1][place]
    return NewSeeker(
        name=name,
        id_type=IdType.RESIDENT,
        id_number=identity(f"420199{born}90{digit}"),
        phone=f"199{digit}{place}556677",
        subdistrict="420112015",
        community="示范社区",
        trades=("E01",) if place == 3 else ("C03",),
        slots=EVERY_SLOT,
        consent_method=ConsentMethod.SIGNED_PAPER,
        certificates=(HeldCertificate(CertificateType.FORKLIFT, f"TS6LWUH77{digit}1", date(2028, 5, 31)),) if place == 0 else (),
        guardian_name="皇甫大川" if place == 3 else "",
        guardian_phone=f"1388888440{digit}" if place == 3 else "",
        guardian_consent=place == 3,
    )


def signed_scan() -> bytes:
    """A sound PDF of one empty page."""
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(595, 842)
    writer.write(out)
    return out.getvalue()


async def put_records(digit: int, printer: Printer) -> Records:
    """Everything from demand to placement at station `digit`, by its own two clerks."""
    clerk, reviewer = (PEOPLE["chen"], PEOPLE["zhou"]) if digit == 1 else (PEOPLE["lin"], PEOPLE["zhao"])
    employer = await register_employer(_employer(digit), actor=clerk)
    await verify_employer(employer, VerifyMethod.DOCUMENT, actor=clerk)
    job = await draft_job(employer, _terms(digit), source=PostSource.COUNTER, actor=clerk)
    await submit_job(job.id, {}, actor=clerk)
    await verify_job(job.id, VerifyMethod.PHONE, actor=clerk)
    await take_review(job.id, actor=reviewer)
    await approve_job(job.id, set(), actor=reviewer)
    await publish_job(job.id, ("WEBSITE", "SCREEN"), actor=reviewer)
    seekers: list[SeekerRef] = [await register_seeker(_seeker(digit, place), actor=clerk) for place in range(4)]
    referrals = [await propose(job.id, seeker.id, actor=clerk) for seeker in seekers[:3]]
    for referral in referrals[:2]:
        await worker_accepts(referral.id, method=ConsentMethod.SIGNED_PAPER, actor=clerk)
        await employer_accepts(referral.id, "雇主本人", actor=clerk)
    agreement = await draft_agreement(referrals[1].id, {}, actor=clerk)
    await print_agreement(printer, "http://127.0.0.1:8000", agreement.number, clerk)
    await attach_scan(agreement.id, signed_scan(), "a.pdf", actor=clerk)
    await deliver(agreement.id, "当面交给本人纸质原件", actor=clerk)
    await place(referrals[1].id, StartEvidence.RETURN_SLIP, date(2026, 11, 30), "", actor=clerk)
    worker = await worker_account(seekers[1].id, actor=clerk)
    owner = await employer_account(employer, password_hash="", actor=clerk)
    refused = await draft_job(employer, replace(_terms(digit), title="园区保洁日结"), source=PostSource.COUNTER, actor=clerk)
    await submit_job(refused.id, {"M12": "不是同一个岗位"}, actor=clerk)
    await take_review(refused.id, actor=reviewer)
    await reject_job(refused.id, RejectReason.INCOMPLETE, "补充通知后没有补齐。", "《人力资源市场暂行条例》第24条", actor=reviewer)
    code = "ZD-420112015-01" if digit == 1 else "ZD-420112006-01"
    held = await SeekerCertificate.select(SeekerCertificate.id).where(SeekerCertificate.seeker == seekers[0].id).first()
    documents = await EmployerDocument.select(EmployerDocument.id).where(EmployerDocument.employer == employer).first()
    await enrol(worker, browser=f"a-browser-of-station-{digit}", label="手机")
    device = (await devices_of(worker.id))[0]
    return Records(
        account_id=reviewer.id,
        appeal_id=await ask_appeal(refused.id, "已经补齐了，请再看一遍。", actor=clerk),
        request_id=await ask(seekers[1].id, RightsKind.CORRECT, "住址写错了，请改正。", actor=worker),
        export_id=await ask_export("seekers", {}, ExportPurpose.REPORT, "", 4, actor=clerk),
        import_id=await _put_import(clerk),
        certificate_id=held["id"] if held else 987654321,
        document_id=documents["id"] if documents else 987654321,
        handle=device["handle"],
        worker=worker,
        owner=owner,
        code=code,
        employer=employer,
        job=job.number,
        seeker=seekers[0].number,
        juvenile=seekers[3].number,
        referral=referrals[0].number,
        proposed=referrals[2].number,
        placed=referrals[1].number,
        agreement=agreement.number,
        scan=(await scans_of(agreement.id))[0]["id"],
        day=await put_day(
            digit,
            clerk=clerk,
            manager=PEOPLE["wu"] if digit == 1 else reviewer,
            job=job.id,
            seekers=[seeker.id for seeker in seekers],
            referral=referrals[1].id,
            employer=employer,
        ),
        papers=await put_papers(
            digit,
            printer,
            signed_scan(),
            clerk=clerk,
            code=code,
            referral=referrals[0].number,
            agreement=agreement.number,
            agreement_id=agreement.id,
        ),
        month=await put_month(clerk=clerk, code=code, seekers=[seeker.id for seeker in seekers], placed=referrals[1].number),
    )


async def _put_import(clerk: Actor) -> int:
    """An upload that was refused, so that nothing waits to be read."""
    row = Import(
        station=clerk.station_id,
        kind="seekers",
        state=ImportState.REFUSED.value,
        filename="求职者.xlsx",
        source="",
        sha256="",
        problem="不是工作簿。",
        by=clerk.id,
        at=now(),
    )
    await Import.insert(row)
    return row.id
