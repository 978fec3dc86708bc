"""The demo district, built by calling the actions in the past week, so that its journal is genuine.

Loaded into an empty development database only. Dates are relative to the day it is loaded.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml

from db.actions import agreements, employers, jobs, placements, referrals, screens, seekers
from db.actions.accounts import create_account, sign_commitment
from db.actions.employer_accounts import register_self
from db.actions.employer_standing import set_credit
from db.actions.guidance import give_guidance
from db.actions.people import employer_account
from db.actions.stations import open_station
from db.clock import CHINA, at, now, today
from db.passwords import hash_password
from db.queries.accounts import actor_with_login
from db.queries.agreements import agreement_of_referral
from db.queries.guidance import opened_guidance
from db.queries.jobs import version_of
from db.seeds import demo_day, demo_record
from db.seeds.base import load_base
from db.tables.accounts import Account
from db.transaction import writing
from rules.agreement_drafts import read_changes
from rules.codes import (
    TRADES,
    AgreementType,
    BuildMode,
    CertificateType,
    Channel,
    ConsentMethod,
    CreditState,
    Education,
    EmployerDecline,
    EmployerKind,
    Hazard,
    IdType,
    InsuranceState,
    NoticeKind,
    OperationMode,
    PayBasis,
    PayMethod,
    PayUnit,
    PensionStatus,
    PostSource,
    RejectReason,
    Relation,
    SettleCycle,
    StartEvidence,
    VerifyMethod,
    WorkerDecline,
)
from rules.employer_notice import NOTICE_VERSION
from rules.employers import CreditGround, NewEmployer
from rules.lint import Severity
from rules.permissions import Actor, Role
from rules.seekers import HeldCertificate, NewSeeker, UnderAge
from rules.stations import Facility, NewStation
from rules.terms import JobTerms

EMPLOYER_PHONE = "13900000019"
"""An invented employer of demo.yaml with an online account."""
NOTHING_ELSE = {"status": "NONE", "site": False, "result": False, "managed": False}
"""Answers to the guiding questions (`rules.guidance`) unless a story says otherwise."""
PASSWORD = "station-demo-2026"  # noqa: S105 shown on the start page of the demo, never used in production
PUBLISHED_EARLIER = 8
"""Days before today on which posts with a story were published; every other post is younger."""

PrintAgreement = Callable[[str, Actor], Awaitable[bytes]]
"""Prints the agreement with this number as this person and gives the PDF, which stands in for the signed scan.

Given from outside, because laying out papers is not the filing cabinet's work.
"""


def _content() -> dict[str, Any]:
    return yaml.safe_load((Path(__file__).parent / "demo.yaml").read_text())


def accounts_per_role() -> list[tuple[str, str]]:
    """(sign-in name, role) of one demo account per role."""
    first: dict[Role, str] = {}
    for account in _content()["accounts"]:
        first.setdefault(Role(account["role"]), account["login"])
    return [(login, role.label) for role, login in first.items()]


async def wanted() -> bool:
    """Whether this database is empty, so that the demo district belongs into it."""
    return not await Account.exists()


async def load_into_empty(print_agreement: PrintAgreement) -> bool:
    """Load the demo district when there is no account yet; whether it did.

    In one transaction, so that a start that is killed leaves no half district behind for a whole one; signed scans that
    it had kept by then stay as files nobody mentions.
    """
    async with writing():
        if not await wanted():
            return False
        await Demo(_content(), print_agreement).load()
    return True


class Demo:
    """One loading: keeps who is who by the keys of the file."""

    def __init__(self, content: dict[str, Any], print_agreement: PrintAgreement) -> None:
        self.content = content
        self.print_agreement = print_agreement
        self.started = now()
        self.day = today()
        self.stations: dict[str, int] = {}
        self.staff: dict[str, list[Actor]] = {}
        self.employers: dict[str, tuple[int, dict[str, Any]]] = {}
        self.posts: dict[str, tuple[int, dict[str, Any]]] = {}
        self.seekers: dict[str, int] = {}

    def moment(self, ago: int, hour: int, minute: int = 0) -> datetime:
        """A time of day `ago` days before today, in station time; never later than now."""
        planned = datetime.combine(self.day - timedelta(days=ago), time(hour), CHINA) + timedelta(minutes=minute)
        return min(planned, self.started)

    def in_days(self, days: int | None) -> date | None:
        """The day that many days from today; None for a certificate without an end."""
        return None if days is None else self.day + timedelta(days=days)

    async def load(self) -> None:
        """Everything, in the order in which it would have happened."""
        with at(self.moment(40, 9)):
            await load_base()
            await self.open_stations()
            await self.create_accounts()
        await demo_day.rules_of_stations(self)
        with at(self.moment(40, 11)):
            await self.register_employers()
        await demo_record.end_of_last_month(self)
        with at(self.moment(9, 8)):
            await self.register_seekers()
        with at(self.moment(1, 20)):
            await self.employers_come_by_themselves()
            await self.seekers_come_by_themselves()
        await self.register_posts()
        await self.put_notices()
        await self.watch_employers()
        for story in sorted(self.content["stories"], key=lambda story: -story["ago"]):
            await self.tell(story)
        await demo_day.works_that_ended(self)
        await demo_day.this_morning(self)
        await demo_record.work_besides(self)
        await demo_record.ledgers(self)
        await demo_record.signed_days(self)

    async def open_stations(self) -> None:
        """Five stations, each founding mode at least once."""
        for number, row in enumerate(self.content["stations"]):
            reference = await open_station(
                NewStation(
                    name=row["name"],
                    build_mode=BuildMode(row["build_mode"]),
                    operation_mode=OperationMode(row["operation_mode"]),
                    operator=row["operator"],
                    subdistrict=row["subdistrict"],
                    community=row["community"],
                    address=row["address"],
                    landmark=row["landmark"],
                    floor_area_m2=row["floor_area_m2"],
                    opening_hours=row["opening_hours"],
                    phone=row["phone"],
                    complaint_phone=row["complaint_phone"],
                    manager_name=row["manager_name"],
                    opened_on=self.day - timedelta(days=row["opened"]),
                    licence_no=row["licence_no"],
                    plaque_no=row["plaque_no"],
                    legal_point=row["legal_point"],
                    facilities=tuple(Facility)[: 9 + number],
                ),
                actor=None,
            )
            self.stations[row["key"]] = reference.id

    async def create_accounts(self) -> None:
        """Staff and officers of every role; the staff of a station in the order author, reviewer."""
        for row in self.content["accounts"]:
            await create_account(
                login=row["login"],
                name=row["name"],
                role=Role(row["role"]),
                password=PASSWORD,
                work_no=row.get("work_no", ""),
                station_id=self.stations.get(row.get("station", "")),
                operator=row.get("operator", ""),
                subdistrict=row.get("subdistrict", ""),
                actor=None,
            )
            await sign_commitment(row["name"], actor=await actor_with_login(row["login"]))
            if row["role"] in (Role.STAFF.value, Role.MANAGER.value):
                self.staff.setdefault(row["station"], []).append(await actor_with_login(row["login"]))

    def author(self, station: str) -> Actor:
        """Who registers at a station."""
        return self.staff[station][0]

    def manager(self, station: str) -> Actor:
        """Who manages a station."""
        return next(actor for actor in self.staff[station] if actor.role is Role.MANAGER)

    def reviewer(self, station: str) -> Actor:
        """Who reviews at a station."""
        return self.staff[station][1]

    async def register_employers(self) -> None:
        """Units and households, verified except where the file says otherwise; some with an account of their own."""
        password_hash = await hash_password(PASSWORD)
        for row in self.content["employers"]:
            clerk, new = self.author(row["station"]), _new_employer(row)
            if row.get("myself"):
                continue
            employer_id = await employers.register_employer(new, actor=clerk)
            if not row.get("unverified"):
                await employers.verify_employer(employer_id, VerifyMethod.DOCUMENT, actor=clerk)
            if row.get("online"):
                await employer_account(employer_id, password_hash=password_hash, actor=clerk)
            self.employers[row["key"]] = (employer_id, row)

    async def employers_come_by_themselves(self) -> None:
        """One registered online yesterday evening and waits for its documents to be seen."""
        password_hash = await hash_password(PASSWORD)
        codes = {row["key"]: row["code"] for row in self.content["stations"]}
        for row in self.content["employers"]:
            if row.get("myself"):
                registered = await register_self(
                    _new_employer(row), station_code=codes[row["station"]], password_hash=password_hash, notice_version=NOTICE_VERSION
                )
                self.employers[row["key"]] = (registered.employer_id, row)

    async def watch_employers(self) -> None:
        """Employers whose posts a manager must approve from now on."""
        for employer_id, row in self.employers.values():
            if row.get("watched"):
                with at(self.moment(0, 7)):
                    manager = self.manager(row["station"])
                    await set_credit(employer_id, CreditState.WATCH, row["watched"], ground=CreditGround.UNPAID, actor=manager)

    async def register_seekers(self) -> None:
        """Everybody who looks for work."""
        for row in self.content["seekers"]:
            await self.register_seeker(row)

    async def seekers_come_by_themselves(self) -> None:
        """Registered on a phone in the evening: the card is still to be seen, the phone to be enrolled at a counter."""
        for row in self.content["self_registered"]:
            new = NewSeeker(
                name=row["name"],
                id_type=IdType.RESIDENT,
                id_number=row["id_number"],
                phone=row["phone"],
                phone_shared=True,
                subdistrict=row["subdistrict"],
                community=row["community"],
                trades=tuple(row["trades"]),
                slots=_slots(row["availability"]),
                consent_method=ConsentMethod.ONLINE,
                skills=row.get("skills", ""),
                pay_wish=row.get("pay_wish", ""),
                original_seen=False,
            )
            await seekers.register_self(new, station_id=self.stations[row["station"]])

    async def register_seeker(self, row: dict[str, Any]) -> None:
        """One walk-in; a child is refused, and only counted."""
        guardian, guardian_phone = row.get("guardian", ("", ""))
        clerk = self.author(row["station"])
        try:
            reference = await seekers.register_seeker(
                NewSeeker(
                    name=row["name"],
                    id_type=IdType.RESIDENT,
                    id_number=row["id_number"],
                    phone=row["phone"],
                    subdistrict=row["subdistrict"],
                    community=row["community"],
                    trades=tuple(row["trades"]),
                    slots=_slots(row["availability"]),
                    consent_method=ConsentMethod.READ_ALOUD if row.get("read_aloud") else ConsentMethod.SIGNED_PAPER,
                    education=Education(row["education"]),
                    skills="，".join(f"{skill}{years}年" if years else skill for skill, years in row["skills"]),
                    certificates=tuple(
                        HeldCertificate(
                            CertificateType(code),
                            f"YS-{code}-{row['phone'][-4:]}",
                            None if days is None else self.day + timedelta(days=days),
                        )
                        for code, days in row.get("certs", ())
                    ),
                    pay_wish=row.get("pay_wish", ""),
                    max_km=row.get("max_km"),
                    pension=PensionStatus(row["pension"]) if "pension" in row else None,
                    guardian_name=guardian,
                    guardian_phone=guardian_phone,
                    guardian_consent=bool(guardian),
                    read_aloud=row.get("read_aloud", False),
                    by_proxy=row.get("by_proxy", False),
                ),
                actor=clerk,
            )
        except UnderAge:
            await seekers.refuse_child(actor=clerk)
        else:
            self.seekers[row["key"]] = reference.id

    def terms(self, row: dict[str, Any]) -> JobTerms:
        """A post of the file as the form would give it."""
        start, end = row["hours"].split("-")
        first, last = self.day + timedelta(days=row["start"]), self.day + timedelta(days=row["end"])
        _, employer = self.employers[row["employer"]]
        trade = TRADES[row["trade"]]
        return JobTerms(
            title=row["title"],
            trade=row["trade"],
            headcount=row["headcount"],
            duties=row["duties"],
            requirements=row.get("requirements", ""),
            subdistrict=row["subdistrict"],
            landmark=row["landmark"],
            exact_address=employer["address"],
            start_date=first,
            end_date=last,
            start_time=time.fromisoformat(start),
            end_time=time.fromisoformat(end),
            break_minutes=row.get("break", 0),
            weekly_days=row.get("weekly_days", min(7, (last - first).days + 1)),
            live_in=row.get("live_in", False),
            overtime_terms=row.get("overtime", ""),
            pay_basis=PayBasis(row.get("basis", "TIME")),
            pay_fen=round(row["pay"] * 100),
            pay_unit=PayUnit(row["unit"]),
            output_per_hour_milli=round(row["output"] * 1000) if "output" in row else None,
            settle_cycle=SettleCycle(row["settle"]),
            pay_method=PayMethod(row["method"]),
            benefits=tuple(row.get("benefits", ())),
            pickup_place=row.get("pickup", ""),
            pickup_time=time.fromisoformat(row["pickup_time"]) if "pickup_time" in row else None,
            certificates=tuple(row.get("certs", ())),
            hazards=tuple(Hazard(hazard).value for hazard in trade.hazards) if row.get("hazard_notice") else (),
            hazard_notice=row.get("hazard_notice", ""),
            protection=row.get("protection", ""),
            insurance=InsuranceState(row["insurance"]),
            juvenile_ok=row.get("juvenile", False),
            relation=Relation(row.get("relation", "UNDECIDED")),
            valid_to=min(last, self.day + timedelta(days=20)),
        )

    async def register_posts(self) -> None:
        """Every post as far as the file says: published, waiting, returned, rejected, or a draft that the checks refuse."""
        told = {story["post"] for story in self.content["stories"] if story["end"] in ("placed", "delivered")}
        for number, row in enumerate(self.content["posts"]):
            ago = PUBLISHED_EARLIER if row["key"] in told else (3, 2, 1, 1, 0)[number % 5]
            await self.register_post(row, ago, minute=number * 3)

    async def register_post(self, row: dict[str, Any], ago: int, minute: int) -> None:
        """One post from the counter to where it stands."""
        employer_id, employer = self.employers[row["employer"]]
        station, outcome = employer["station"], row.get("outcome", "published")
        author, reviewer = self.author(station), self.reviewer(station)
        with at(self.moment(ago, 8, minute)):
            post = await jobs.draft_job(employer_id, self.terms(row), source=PostSource.COUNTER, actor=author)
            self.posts[row["key"]] = (post.id, row)
            if outcome == "draft":
                return
            await jobs.submit_job(post.id, await self.answers(post.id, row), actor=author)
            await jobs.verify_job(post.id, VerifyMethod.PHONE, actor=author)
        if outcome == "submitted":
            return
        with at(self.moment(ago, 9, minute)):
            await jobs.take_review(post.id, actor=reviewer)
            if outcome == "returned":
                await jobs.return_job(post.id, row["marks"], row["reason"], actor=reviewer)
            elif outcome == "rejected":
                await jobs.reject_job(post.id, RejectReason(row["reason_code"]), row["reason"], row["legal_basis"], actor=reviewer)
            else:
                await jobs.approve_job(post.id, {hit.rule for hit in await self.warnings(post.id)}, actor=reviewer)
                channels = (Channel.WEBSITE.value, Channel.SCREEN.value, Channel.NOTICE_BOARD.value)
                await jobs.publish_job(post.id, channels, actor=reviewer)

    async def put_notices(self) -> None:
        """What stands on the hall's screens this week."""
        with at(self.moment(0, 7)):
            for row in self.content["notices"]:
                last = self.day + timedelta(days=row["days"])
                await screens.set_notice(NoticeKind(row["kind"]), row["words"], self.day, last, actor=self.author(row["station"]))

    async def warnings(self, post_id: int) -> list[Any]:
        """The warnings the checks keep for the latest version of a post."""
        version = await version_of(post_id, 1)
        return [] if version is None else [hit for hit in version["checks"] if hit.severity is Severity.WARN]

    async def answers(self, post_id: int, row: dict[str, Any]) -> dict[str, str]:
        """What the author answers to each warning: the file's words, else that it was checked with the employer."""
        return {hit.rule: row.get("answers", {}).get(hit.rule, "已与雇主核对，情况属实。") for hit in await self.warnings(post_id)}

    async def tell(self, story: dict[str, Any]) -> None:
        """One referral from the proposal to where the story ends."""
        job_id, row = self.posts[story["post"]]
        _, employer = self.employers[row["employer"]]
        clerk, end = self.author(employer["station"]), story["end"]
        with at(self.moment(story["ago"], 9, 20)):
            referral = await referrals.propose(job_id, self.seekers[story["seeker"]], actor=clerk)
            if end == "proposed":
                return
            if end == "worker-declined":
                await referrals.worker_declines(referral.id, WorkerDecline(story["reason"]), "", actor=clerk)
                return
            await referrals.worker_accepts(referral.id, method=ConsentMethod.SIGNED_PAPER, actor=clerk)
            if end == "worker-accepted":
                return
        with at(self.moment(story["ago"], 10)):
            if end == "employer-declined":
                await referrals.employer_declines(
                    referral.id, EmployerDecline(story["reason"]), "", actor=clerk, answered_by=employer["agent"]
                )
                return
            await referrals.employer_accepts(referral.id, employer["agent"], actor=clerk)
            if end == "employer-accepted":
                return
            await self.sign(referral.id, story, clerk)
        if end == "placed":
            with at(self.moment(story["ago"] - 1, 9)):
                await placements.place(referral.id, StartEvidence.RETURN_SLIP, today(), "雇主在回执上签名，已到岗。", actor=clerk)

    async def sign(self, referral_id: int, story: dict[str, Any], clerk: Actor) -> None:
        """Ask the guiding questions, draft the agreement of the story's type, print it, keep the signed scan, hand the copy over.

        What the story does not answer: nothing else binds the worker, no building site, paid for time and not managed by a unit.
        """
        kind, end = AgreementType(story.get("agreement", AgreementType.ONE_OFF_SERVICE.value)), story["end"]
        guidance = await give_guidance(referral_id, NOTHING_ELSE | story.get("answers", {}), kind, story.get("because", ""), actor=clerk)
        changed = read_changes((await opened_guidance(guidance.id)).changed)
        drafted = await agreements.draft_agreement(
            referral_id, story.get("agreed", {}), (), kind=kind, guidance_id=guidance.id, changed=changed, actor=clerk
        )
        paper = await self.print_agreement(drafted.number, clerk)
        if end == "printed":
            return
        row = await agreement_of_referral(referral_id)
        assert row is not None
        await agreements.attach_scan(row["id"], paper, "signed.pdf", actor=clerk)
        await agreements.deliver(row["id"], "当面交给本人纸质原件", actor=clerk)


def _new_employer(row: dict[str, Any]) -> NewEmployer:
    unit = row["kind"] == EmployerKind.UNIT.value
    return NewEmployer(
        kind=EmployerKind(row["kind"]),
        name=row["name"],
        id_type="" if unit else IdType.RESIDENT.value,
        id_number=row["id_number"],
        address=row["address"],
        legal_representative=row.get("legal", ""),
        agent_name=row["agent"],
        phone=row["phone"],
        authorisation="已交授权委托书，核对经办人证件" if unit and row["agent"] != row["legal"] else "",
        industry=row.get("industry", ""),
        name_public=row.get("public", False),
    )


def _slots(availability: str) -> tuple[str, ...]:
    parts = {"all": ("AM", "PM", "NIGHT"), "day": ("AM", "PM"), "evening": ("NIGHT",)}[availability]
    return tuple(f"{day}-{part}" for day in range(7) for part in parts)
