"""The morning sheet (P21): from the paper alone the order can be worked out again, and nobody is named on it."""

import hashlib
import io
import re
from datetime import date, time, timedelta

import pypdf
import pytest

from db.actions.calling_rules import hold_draw, publish_seed
from db.clock import at
from db.tables.orders import OrderTake
from rules.codes import CallAnswer, CallingMethod, JobState, ReferralState, SignInState, SkipReason
from tests.cast import LAKE, LING, PEOPLE
from tests.web.calling_scene import DAY, o_clock, put_call, put_sign_in, rule_from, squeezed, text_of
from tests.web.rows import put_job, put_referral, put_seeker

SHEET = "/desk/calling/morning.pdf"
ROW = re.compile(r"^\s*(\d+)\s+(\d{3})\s+零工…(\d{3})\s+(\d+)\s+(\d{4}-\d\d-\d\d)\s+(\d\d:\d\d:\d\d)(（补）)?\s+(\S+)", re.M)


async def a_morning() -> None:
    """Fifteen people: several in the same second, some who waited long, some keyed without a network."""
    for ticket in range(1, 16):
        arrived = o_clock(5, 30, ticket // 3) + timedelta(microseconds=999_000 - ticket * 1000)
        await put_sign_in(ticket, arrived, waited=ticket * 7 % 11)
    await put_sign_in(16, o_clock(5, 30, 1), waited=3, signed_at=o_clock(5, 36), late=True)


def rows_on(pdf: bytes) -> list[tuple[int, int, date, str]]:
    """(place, ticket, since, arrival) of each line as printed."""
    return [(int(row[0]), int(row[1]), date.fromisoformat(row[4]), row[5]) for row in ROW.findall(text_of(pdf, "-layout"))]


@pytest.mark.parametrize("method", [CallingMethod.ARRIVAL, CallingMethod.ROTATION, CallingMethod.DRAW])
async def test_the_order_follows_from_what_is_printed(clerk, house, printer, method):
    await rule_from(DAY, method, time(6, 30) if method is CallingMethod.DRAW else None)
    if method is CallingMethod.DRAW:
        with at(o_clock(4)):
            await publish_seed(LAKE, DAY, actor=None)
    await a_morning()
    if method is CallingMethod.DRAW:
        await hold_draw(LAKE, DAY, actor=PEOPLE["chen"])
        await put_sign_in(17, o_clock(5, 29), signed_at=o_clock(7), late=True)
    pdf = (await clerk.fetches(SHEET)).content
    rows = rows_on(pdf)
    people = 17 if method is CallingMethod.DRAW else 16
    assert [row[0] for row in rows] == list(range(1, people + 1))
    text = squeezed(pdf)

    def place(row):
        _, ticket, since, arrived = row
        if method is CallingMethod.ARRIVAL:
            return (arrived, ticket)
        if method is CallingMethod.ROTATION:
            return (since, arrived, ticket)
        code, seed = re.search(r"ZD-[0-9]{9}-[0-9]{2}", text)[0], re.search(r"种子([0-9a-f]{32})", text)[1]
        tickets = int(re.search(r"001到(\d{3})号", text)[1])
        digest = hashlib.sha256(f"{code}|2026-12-01|{seed}|{tickets}|{ticket}".encode()).hexdigest()
        return (ticket > tickets, digest if ticket <= tickets else arrived, ticket)

    assert rows == sorted(rows, key=place)
    assert method.label in text
    assert "（补）" in text


async def test_demands_calls_and_skips_stand_on_it_and_no_name(clerk, house, printer):
    job = await put_job("G261201-010001", headcount=5, placed_count=2, published_at=o_clock(5), title="搬运工")
    taken = await put_job("G261201-010002", station=LING, headcount=4, placed_count=1, published_at=o_clock(5), title="保洁")
    await put_job("G261201-010003", station=LING, published_at=o_clock(5), title="别站的活")
    await put_job("G261201-010004", state=JobState.DRAFT, title="还没发布")
    await OrderTake.insert(
        OrderTake(
            job=taken,
            station=LAKE,
            ring="DISTRICT",
            state="TAKEN",
            taken_by=PEOPLE["chen"].id,
            taken_at=o_clock(5),
            deadline=o_clock(23),
        )
    )
    first = await put_sign_in(1, o_clock(5, 31))
    second = await put_sign_in(2, o_clock(5, 32), state=SignInState.OUT)
    for n in range(3):
        seeker = await put_seeker(f"Q2601500090{n}")
        await put_referral(f"T2612010090{n}", taken, seeker, station=LING, state=ReferralState.EMPLOYER_ACCEPTED)
    await put_call(first, job, skip=SkipReason.CERTIFICATE, made=o_clock(6, 1, 5))
    await put_call(second, job, before=(1,), answer=CallAnswer.GOES, made=o_clock(6, 2, 7), referral_number="T26120100001")
    text = squeezed((await clerk.fetches(SHEET)).content)
    for words in (
        "G261201-010001搬运工武汉某物流公司523",
        "G261201-010002保洁武汉某物流公司41，另定21",
        "06:01:05001跳过G261201-010001没有要求的证书无",
        "06:02:07002叫号G261201-010001去001",
        "零工…001",
        "已派工",
        "早市用工安排表",
    ):
        assert words in text, words
    for private in ("王小", "别站的活", "还没发布", "湖滨"):
        assert private not in text, private


async def test_six_hundred_people_print_and_the_same_morning_prints_the_same(clerk, house, printer):
    for ticket in range(1, 601):
        await put_sign_in(ticket, o_clock(5, 30) + timedelta(seconds=9 * ticket), seeker=f"Q26015{ticket:06d}")
    pdf = (await clerk.fetches(SHEET)).content
    assert len(rows_on(pdf)) == 600
    assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages) < 20
    assert (await clerk.fetches(SHEET)).content == pdf


async def test_an_empty_morning_prints_too_and_another_station_prints_its_own(clerk, stranger, officer, passer_by, house, printer):
    await put_sign_in(1, o_clock(5, 31))
    assert "还没有人签到" in squeezed((await stranger.fetches(SHEET)).content)
    assert "还没有人签到" in squeezed((await clerk.fetches(f"{SHEET}?day=2026-11-30")).content)
    assert "零工…001" in squeezed((await clerk.fetches(f"{SHEET}?day=junk")).content)
    await officer.fetches(SHEET, status=403)
    await passer_by.fetches(SHEET, status=303)
