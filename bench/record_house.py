"""Years of a busy station, made by the actions themselves, in a process of its own on SQLite.

`python -m bench.record_house PLACEMENTS` goes from day to day with the clock standing in each hour: people register and sign in,
posts are registered and published, people are called or proposed, agreements are signed and handed over, works begin and end, are
called back and rated, days are signed, months closed, submitted and accepted. Eighty-two people begin to work a day, whatever
the number: fewer placements are a shorter time. The last month is left open. An hour's work is one transaction.

`python -m bench.record_house --copy FOLDER` puts what lies in another installation's SQLite into the PostgreSQL of DATABASE_URL,
row by row: the same record for both engines, and half the time.
"""

from __future__ import annotations

import asyncio
import gc
import os
import random
import sqlite3
import sys
import time as stopwatch
from collections.abc import Callable, Coroutine
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import asyncpg
from stdnum.cn import uscc

from bench.morning_house import TRADES, invented_person
from db import archive
from db.actions import (
    activities,
    agreements,
    attendance,
    corrections,
    dispatch,
    employers,
    followups,
    jobs,
    ledger,
    orders,
    placements,
    ratings,
    referrals,
    seekers,
    verification,
    work_records,
)
from db.clock import CHINA, at, today
from db.engine import postgres_config, sqlite
from db.engine.connections import ThreadedConnection
from db.migrate import migrate
from db.piccolo_app import APP_CONFIG
from db.queries.accounts import actor_with_login
from db.queries.followups import work_with_id
from db.queries.work_records import work_of
from db.seeds.base import load_base
from db.seeds.demo import Demo, _content
from db.tables.activities import Activity
from db.tables.agreements import Agreement
from db.tables.referrals import Placement
from db.transaction import remembering, writing
from piccolo_conf import DB
from rules.activities import NewActivity
from rules.agreement_checks import fixed_holidays
from rules.codes import (
    ActivityKind,
    Channel,
    ConsentMethod,
    EmployerKind,
    EndedHow,
    FollowUpKind,
    FollowUpMethod,
    FollowUpResult,
    HiresAgain,
    InsuranceState,
    PayBasis,
    PayMethod,
    PayState,
    PayUnit,
    Performance,
    PostSource,
    RatingAbout,
    SettleCycle,
    Side,
    SignInHow,
    StartEvidence,
    VerifyMethod,
)
from rules.corrections import mark_of
from rules.employers import NewEmployer
from rules.errors import RuleBroken
from rules.followups import Answers
from rules.ledger import month_of
from rules.permissions import Actor
from rules.ratings import TAGS, Said, Score
from rules.terms import JobTerms
from rules.work_records import entries_sha256

TWO_YEARS = (60_000, 729)
"""Placements and days of the busy station: how dense its days are. The day before the first one must have the same law."""
LAST = date(2027, 12, 31)
"""Its last day; two years before it every legal parameter of the product is in force."""
STATION = "lake"
POSTS, CALLED = 12, 3
"""Posts a day, and how many of them are filled by calling the people who signed in."""
EMPLOYERS = 60
AT_FIRST, KNOWN = 480, 480
"""People who register on the first day, and how many of the newest are the ones who come."""
NEW_PEOPLE = 8
CALLED_BACK, RATED = 0.25, 0.2
"""Shares of the works that both sides are called back about, and that the worker rates."""
REVERIFIED = 150
"""Days after which every employer is verified again, before six months are over."""
KINDS = {"TRAINING", "CONSULTATION", "VISIT", "PUBLICITY", "SAFETY_CHECK"}


def days_of(count: int) -> list[date]:
    """The days on which that many people begin to work, the last one LAST."""
    days = max(1, round(count * TWO_YEARS[1] / TWO_YEARS[0]))
    return [LAST - timedelta(days=ago) for ago in range(days - 1, -1, -1)]


class House:
    """The busy station: who works there, whom it knows, what goes on."""

    def __init__(self, demo: Demo, count: int) -> None:
        self.demo, self.count, self.dice = demo, count, random.Random(20261123)
        self.placed = 0
        self.employers: list[int] = []
        self.people: list[tuple[int, frozenset[str]]] = []
        self.posts: list[tuple[int, str, int]] = []
        self.agreed: list[int] = []
        self.running: list[int] = []
        self.ended: list[int] = []
        self.course: tuple[str, int] | None = None
        self.works = [row for row in demo.content["record"]["activities"][STATION] if row["kind"] in KINDS and "employer" not in row]

    async def move_in(self) -> None:
        """Stations, accounts, employers and the first people, before the first day."""
        with at(self.demo.moment(40, 9)):
            await load_base()
            await self.demo.open_stations()
            await self.demo.create_accounts()
        self.staff: list[Actor] = self.demo.staff[STATION]
        self.clerks, self.boss = self.staff[:2], self.demo.manager(STATION)
        self.supervisor = await actor_with_login("street")
        with at(self.demo.moment(0, 9)):
            for number in range(EMPLOYERS):
                self.employers.append(await employers.register_employer(_employer(number), actor=self.clerks[0]))
            await self.verify_employers()
            await self.register(AT_FIRST)
        with at(self.demo.moment(0, 15)):
            await self.posts_for(self.demo.day + timedelta(days=1))

    def clerk(self) -> Actor:
        """One of those who were at the desk."""
        return self.dice.choice(self.clerks)

    async def verify_employers(self) -> None:
        """Every employer's documents are looked at."""
        for employer in self.employers:
            await employers.verify_employer(employer, VerifyMethod.DOCUMENT, actor=self.clerk())

    async def register(self, count: int) -> None:
        """People who come to register."""
        for _ in range(count):
            new = invented_person(self.dice, len(self.people))
            reference = await seekers.register_seeker(new, actor=self.clerk())
            self.people.append((reference.id, frozenset(new.trades)))

    async def posts_for(self, day: date) -> None:
        """Tomorrow's posts, from the counter to the board, each taken care of by somebody."""
        self.posts.clear()
        if fixed_holidays(day, day):
            return
        wanted = self._wanted(day)
        for number in range(min(POSTS, wanted)):
            head = wanted // POSTS + (number < wanted % POSTS) or 1
            trade = self.dice.choice(list(TRADES))
            author, reviewer = self.dice.sample(self.clerks, 2)
            employer = self.employers[(day.toordinal() * POSTS + number) % EMPLOYERS]
            post = await jobs.draft_job(employer, self._terms(day, trade, head, number), source=PostSource.COUNTER, actor=author)
            await jobs.submit_job(post.id, await self.demo.answers(post.id, {}), actor=author)
            await jobs.verify_job(post.id, VerifyMethod.PHONE, actor=author)
            await jobs.take_review(post.id, actor=reviewer)
            await jobs.approve_job(post.id, {hit.rule for hit in await self.demo.warnings(post.id)}, actor=reviewer)
            await jobs.publish_job(post.id, (Channel.WEBSITE.value, Channel.SCREEN.value), actor=reviewer)
            await orders.take_order(post.id, actor=author)
            self.posts.append((post.id, trade, head))

    def _wanted(self, day: date) -> int:
        """How many begin on this day, so that all have begun by the last one."""
        days = sum(not fixed_holidays(each, each) for each in _until_last(day))
        return -(-(self.count - self.placed - len(self.agreed)) // max(1, days))

    def _terms(self, day: date, trade: str, headcount: int, number: int) -> JobTerms:
        return JobTerms(
            title=f"{TRADES[trade]}日结{day:%m%d}班{number + 1}组",
            trade=trade,
            headcount=headcount,
            duties=f"按班组安排分拣、码放，最重不超过{8 + number % 8}公斤，第{number + 1}组有人带着做。",
            subdistrict="420112015",
            landmark="宏图大道地铁站",
            exact_address=f"宏图大道{18 + number}号3号库",
            start_date=day,
            end_date=day,
            start_time=time(8),
            end_time=time(17, 30),
            break_minutes=90,
            weekly_days=1,
            pay_basis=PayBasis.TIME,
            pay_fen=22000 + 100 * self.dice.randrange(60),
            pay_unit=PayUnit.DAY,
            settle_cycle=SettleCycle.DAILY,
            pay_method=PayMethod.CASH,
            insurance=InsuranceState.EMPLOYER_ACCIDENT,
            hazards=(),
            hazard_notice="搬抬时注意腰和手脚，通道上有叉车。",
            protection="发手套，穿防滑鞋。",
            valid_to=day,
            contact_name="周晓明",
            contact_phone="13900000001",
        )

    async def match(self) -> None:
        """Who signed in is called for the first posts; the other posts are filled by proposing."""
        here = self.people[-KNOWN:]
        self.dice.shuffle(here)
        called = self.posts[:CALLED]
        for seeker, _ in [here.pop() for _ in range(min(len(here), sum(head for _, _, head in called) * 6 // 5))]:
            await attendance.sign_in(self.boss.station_id or 0, seeker, SignInHow.CARD, actor=self.clerk())
        for post, _, head in called:
            for _ in range(head):
                clerk = self.clerk()
                try:
                    call = await dispatch.call_next(post, counter="1", actor=clerk)
                except RuleBroken:  # nobody who signed in does this work
                    break
                method = ConsentMethod.READ_ALOUD
                reference = await dispatch.give_place(call.sign_in_id, post, method=method, answered_by="周经理", actor=clerk)
                self.agreed.append(reference.id)
        for post, trade, head in self.posts[CALLED:]:
            for _ in range(head):
                clerk = self.clerk()
                place = next((place for place, (_, trades) in enumerate(here) if trade in trades), None)
                if place is None:
                    break
                reference = await referrals.propose(post, here.pop(place)[0], actor=clerk)
                await referrals.worker_accepts(reference.id, method=ConsentMethod.SIGNED_PAPER, actor=clerk)
                await referrals.employer_accepts(reference.id, "周经理", actor=clerk)
                self.agreed.append(reference.id)

    async def sign_agreements(self, paper: archive.Kept, scan: archive.KeptScan) -> None:
        """Each has an agreement: drafted, printed, signed, handed over. The files are the month's one paper and one scan."""
        for referral in self.agreed:
            clerk = self.clerk()
            reference = await agreements.draft_agreement(referral, {}, actor=clerk)
            row = await Agreement.select(Agreement.changed_at).where(Agreement.id == reference.id).first()
            assert row is not None
            snapshot = f'{{"number": "{reference.number}", "text": "{_TEXT}"}}'
            await agreements.mark_printed(reference.id, snapshot=snapshot, kept=paper, drafted_at=row["changed_at"], actor=clerk)
            await agreements.attach_kept_scan(reference.id, scan, actor=clerk)
            await agreements.deliver(reference.id, "当面交给本人纸质原件", actor=clerk)

    async def begin(self) -> None:
        """Whoever agreed works today."""
        for referral in self.agreed:
            evidence = self.dice.choice((StartEvidence.RETURN_SLIP, StartEvidence.SIGNED_AGREEMENT))
            note = "雇主在回执上签名，已到岗。" if evidence is StartEvidence.RETURN_SLIP else ""
            self.running.append(await placements.place(referral, evidence, today(), note, actor=self.clerk()))
        self.placed += len(self.agreed)
        self.agreed.clear()

    async def end(self) -> None:
        """The day's works are done."""
        for placement in self.running:
            await placements.end_placement(placement, EndedHow.COMPLETED, today(), None, "", 480, None, None, None, actor=self.clerk())
        self.ended, self.running = self.running, []

    async def ask_back(self) -> None:
        """Yesterday's works: both sides are called about some, and some workers rate."""
        for placement in self.ended:
            if self.dice.random() < CALLED_BACK:
                for side in (Side.EMPLOYER, Side.WORKER):
                    clerk, work = self.clerk(), await work_with_id(placement)
                    assert work is not None
                    await followups.begin_call(work, side, actor=clerk)
                    await followups.record_follow_up(placement, FollowUpKind.END, side, _answers(side), actor=clerk)
            if self.dice.random() < RATED:
                row = await Placement.select(Placement.referral).where(Placement.id == placement).first()
                assert row is not None
                token = await ratings.make_ticket(row["referral"], Side.WORKER, actor=None)
                await ratings.rate_by_ticket(token, self._rating())
        self.ended = []

    def _rating(self) -> Said:
        good = [tag.value for tag in TAGS[RatingAbout.EMPLOYER][0][:3]]
        return Said(scores={score: self.dice.randint(3, 5) for score in Score}, tags=good, fee=False)

    async def work_besides(self, day: date) -> None:
        """One further work a day; once a week a figure of it is corrected."""
        row = self.works[day.toordinal() % len(self.works)]
        content = {name: row[name] for name in ("topic", "title", "people", "place", "outcome") if name in row}
        number = await activities.record_activity(NewActivity(ActivityKind(row["kind"]), day, **content), actor=self.boss)
        if day.weekday() == 2 and row.get("people"):
            kept = await Activity.select(Activity.people).where(Activity.number == number).first()
            assert kept is not None
            people = kept["people"]
            await corrections.correct(
                "activity", number, None, "people", mark_of(people), people + 2, "有两位来得晚，没数进去", actor=self.boss
            )

    async def sign_day(self, day: date) -> None:
        """Everybody signs what they did."""
        for actor in self.staff:
            work = await work_of(actor.id, day, day, reader=actor.id)
            if work.entries:
                await work_records.sign_day(day, read=True, seen=entries_sha256(entry["hash"] for entry in work.entries), actor=actor)

    async def night(self) -> None:
        """What time alone decides."""
        await jobs.expire_jobs()
        await referrals.lapse_overdue()
        await orders.return_overdue()
        await followups.begin_due()
        await ratings.evaluate_due()
        await verification.sign_due_heads()

    async def close(self, month: int) -> None:
        """Last month: its words, the manager's signature, submitted and taken in."""
        words = {"main_work": "登记、推荐、签约指导和回访。", "problems": "早上人多，排队久。", "plans": "再添一个窗口。"}
        await ledger.write_words(month, **words, actor=self.boss)
        await ledger.close_month(month, signed_name=self.boss.name, seen=True, actor=self.boss)
        await ledger.submit_month(month, actor=self.boss)
        row = next(each for each in self.demo.content["stations"] if each["key"] == STATION)
        await ledger.accept_month(row["code"], month, actor=self.supervisor)


_TEXT = "协议正文：双方约定的工作内容、地点、时间、报酬和支付、安全和保险、解除和争议处理。" * 30


def _until_last(day: date) -> list[date]:
    return [day + timedelta(days=number) for number in range((LAST - day).days + 1)]


def _answers(side: Side) -> Answers:
    common: dict[str, Any] = {"result": FollowUpResult.FINISHED, "pay": PayState.PAID, "injured": False, "fee_charged": False}
    if side is Side.WORKER:
        return Answers(method=FollowUpMethod.PHONE, answered=True, agreement_got=True, satisfaction=5, **common)
    more: dict[str, Any] = {"arrived": 1, "performance": Performance.GOOD, "again": HiresAgain.YES, "spoken_with": "周经理"}
    return Answers(method=FollowUpMethod.PHONE, answered=True, disputed=False, satisfaction=4, **common, **more)


def _employer(number: int) -> NewEmployer:
    """A unit, invented."""
    code = f"91420112MA{number + 1:07d}"
    return NewEmployer(
        kind=EmployerKind.UNIT,
        name=f"武汉示范{number + 1}号物流有限公司",
        id_type="",
        id_number=code + uscc.calc_check_digit(code),
        address=f"宏图大道{number + 18}号",
        legal_representative="周晓明",
        agent_name="周晓明",
        phone=f"139{number:08d}",
        industry="装卸搬运和仓储业",
    )


class StraightConnection(ThreadedConnection):
    """A connection without a thread: a fill has nobody whom the event loop could serve while the disk works."""

    def __init__(self, connect: Callable[[], sqlite3.Connection], name: str) -> None:
        self._connect = connect
        self._connection: sqlite3.Connection | None = None

    async def _call(self, job: Callable[[], Any]) -> Any:
        return job()

    def settle(self) -> None:
        """Roll back what is still open."""
        if self.in_transaction and self._connection is not None:
            self._connection.rollback()

    def close_soon(self) -> None:
        """Close the connection."""
        self._close()


async def fill(count: int) -> None:
    """Fill the empty database up to the evening of the last day; progress goes to stderr."""
    await migrate()
    sqlite.ThreadedConnection = StraightConnection  # type: ignore[misc]
    gc.disable()  # collected once a day, below
    days = days_of(count)
    began = stopwatch.perf_counter()
    with at(datetime.combine(days[0] - timedelta(days=1), time(23), CHINA)):
        house = House(Demo(_content(), None), count)
    await DB.start_connection_pool()
    try:
        await _together(house.move_in)
        files: tuple[archive.Kept, archive.KeptScan] | None = None
        for number, day in enumerate(days):
            if files is None or day.day == 1:
                files = await _files(f"{day:%Y-%m}")
            await _day(house, day, number, *files)
            gc.collect()
            if number % 10 == 9 or day == LAST:
                spent = stopwatch.perf_counter() - began
                print(f"{day}: {house.placed:,} placements in {spent:.0f} s", file=sys.stderr, flush=True)
    finally:
        await DB.close_connection_pool()


async def _day(house: House, day: date, number: int, paper: archive.Kept, scan: archive.KeptScan) -> None:
    """One day, hour by hour."""

    async def hour(clock: time, work: Callable[..., Coroutine[Any, Any, None]], *args: Any) -> None:
        with at(datetime.combine(day, clock, CHINA)):
            await _together(work, *args)

    await hour(time(0, 30), house.night)
    await hour(time(6, 30), house.match)
    await hour(time(7, 30), house.sign_agreements, paper, scan)
    if day.day == 3 and number >= 3:
        await hour(time(9), house.close, month_of(day.replace(day=1) - timedelta(days=1)))
    if number and number % REVERIFIED == 0:
        await hour(time(9, 30), house.verify_employers)
    await hour(time(10), house.ask_back)
    await hour(time(13), house.register, NEW_PEOPLE)
    await hour(time(14), house.work_besides, day)
    if day != LAST:
        await hour(time(15), house.posts_for, day + timedelta(days=1))
    await hour(time(17), house.begin)
    await hour(time(18), house.end)
    await hour(time(20), house.sign_day, day)


async def _together(work: Callable[..., Coroutine[Any, Any, None]], *args: Any) -> None:
    """In one transaction, asking once what cannot change in it."""
    async with writing():
        with remembering():
            await work(*args)


async def _files(month: str) -> tuple[archive.Kept, archive.KeptScan]:
    """A paper and a scan in the archive, which stand for all of a month: laying out and keeping files is measured elsewhere."""
    from rules.scans import ScanType

    paper = await archive.keep(b"%PDF-1.7\n" + f"paper of {month}\n".encode() * 3000)
    return paper, archive.KeptScan(ScanType.PDF, await archive.keep(b"%PDF-1.7\n" + f"scan of {month}\n".encode() * 6000))


_READ: dict[type, Callable[[Any], Any]] = {
    bool: bool,
    date: date.fromisoformat,
    time: time.fromisoformat,
    datetime: datetime.fromisoformat,
}


async def copied(folder: Path) -> None:
    """Every row of the SQLite in `folder`, in the PostgreSQL of this process, which is empty."""
    await migrate()
    config: dict[str, Any] = {**postgres_config(os.environ["DATABASE_URL"]), "command_timeout": 900}
    source, target = sqlite3.connect(folder / "station.db"), await asyncpg.connect(**config)
    try:
        await target.execute("SET session_replication_role = replica")  # what refers to a row may come before it
        for each in APP_CONFIG.table_classes:
            name, columns = each._meta.tablename, each._meta.columns
            names = [column._meta.db_column_name for column in columns]
            read = [_READ.get(column.value_type) for column in columns]
            asked = source.execute(f"SELECT {', '.join(map(_quoted, names))} FROM {_quoted(name)}")
            rows = (tuple(one if how is None or one is None else how(one) for one, how in zip(row, read, strict=True)) for row in asked)
            await target.copy_records_to_table(name, records=rows, columns=names)
        await target.execute("VACUUM ANALYZE")  # the throw-away server has nobody who does it by itself
    finally:
        await target.close()
        source.close()


def _quoted(name: str) -> str:
    return f'"{name}"'


if __name__ == "__main__":
    asyncio.run(copied(Path(sys.argv[2])) if sys.argv[1] == "--copy" else fill(int(sys.argv[1])))
