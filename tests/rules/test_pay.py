"""What an hour of each kind of offer pays, and what an engagement comes to."""

from datetime import date, time

import pytest

from rules.codes import PayBasis, PayUnit
from rules.pay import MinimumWage, estimated_total, hourly_equivalent, pay_text, quantity_text
from rules.terms import JobTerms

DAY = date(2026, 12, 1)


def offer(pay_fen, unit, hours="", pause=0, last=1, **more) -> JobTerms:
    start, end = (time.fromisoformat(h) for h in hours.split("-")) if hours else (None, None)
    basis = {
        PayUnit.PIECE: PayBasis.PIECE,
        PayUnit.JIN: PayBasis.PIECE,
        PayUnit.TIME: PayBasis.LUMP_SUM,
        PayUnit.ORDER: PayBasis.LUMP_SUM,
        PayUnit.MONTH: PayBasis.MONTHLY,
    }.get(unit, PayBasis.TIME)
    return JobTerms(
        **{
            "pay_fen": pay_fen,
            "pay_unit": unit,
            "pay_basis": basis,
            "start_date": DAY,
            "end_date": date(2026, 12, last),
            "start_time": start,
            "end_time": end,
            "break_minutes": pause,
        }
        | more
    )


@pytest.mark.parametrize(
    ("terms", "fen"),
    [
        (offer(3500, PayUnit.HOUR, "09:00-12:30"), 3500),
        (offer(3500, PayUnit.HOUR), 3500),
        (offer(22000, PayUnit.DAY, "08:00-17:30", 90), 2750),
        (offer(18000, PayUnit.DAY, "10:00-20:00"), 1800),
        (offer(16000, PayUnit.DAY, "08:00-17:00", 60), 2000),
        (offer(38000, PayUnit.NIGHT, "20:00-04:00", last=5), 4750),
        (offer(26000, PayUnit.NIGHT, "19:00-08:00", 60), 2166),
        (offer(12000, PayUnit.TIME, "19:30-23:00"), 3428),
        (offer(30000, PayUnit.TIME, "08:00-12:00"), 7500),
        (offer(240000, PayUnit.TIME, "08:00-17:00", 60, last=10), 3000),
        (offer(240000, PayUnit.ORDER, "08:00-17:00", 60, last=10), 3000),
        (offer(240000, PayUnit.TIME, "08:00-17:00", 60, last=14, weekly_days=5), 3000),
        (offer(260000, PayUnit.MONTH, "07:00-16:00"), 1494),
        (offer(180, PayUnit.PIECE, "08:00-17:00", output_per_hour_milli=15500), 2790),
        (offer(500, PayUnit.ORDER, output_per_hour_milli=4000, pay_basis=PayBasis.PIECE), 2000),
        (offer(50, PayUnit.JIN, output_per_hour_milli=62500), 3125),
    ],
)
def test_an_hour_of_the_offer_pays(terms, fen):
    assert hourly_equivalent(terms) == fen


@pytest.mark.parametrize(
    "terms",
    [
        offer(480000, PayUnit.MONTH, live_in=True),
        offer(980000, PayUnit.TIME, "08:00-17:00", live_in=True),
        offer(20000, PayUnit.TIME),
        offer(22000, PayUnit.DAY),
        offer(180, PayUnit.PIECE, "08:00-17:00"),
        offer(180, PayUnit.ORDER, "08:00-17:00", pay_basis=PayBasis.PIECE),
        offer(22000, PayUnit.DAY, "08:00-09:00", 60),
        offer(30000, PayUnit.TIME, "08:00-12:00", end_date=date(2026, 11, 1)),
        offer(0, PayUnit.HOUR),
        offer(3500, None),
        JobTerms(),
    ],
)
def test_where_no_hour_can_be_told_nothing_is_checked(terms):
    assert hourly_equivalent(terms) is None


@pytest.mark.parametrize(
    ("terms", "total", "quantity"),
    [
        (offer(3500, PayUnit.HOUR, "09:00-12:30"), (3, 12250), "3.5小时"),
        (offer(2500, PayUnit.HOUR, "17:30-21:30", last=14, weekly_days=5), (40, 100000), "40小时"),
        (offer(2500, PayUnit.HOUR, "08:00-11:20"), (3, 8333), "3.33小时"),
        (offer(20000, PayUnit.DAY, "08:30-17:30", 60, last=3), (3, 60000), "3天"),
        (offer(20000, PayUnit.DAY, last=3), (3, 60000), "3天"),
        (offer(38000, PayUnit.NIGHT, "20:00-04:00", last=5), (5, 190000), "5个夜班"),
        (offer(180, PayUnit.PIECE, "08:00-17:00", 60, output_per_hour_milli=15500), (124, 22320), "124件"),
        (offer(30000, PayUnit.TIME), (1, 30000), "1次"),
        (offer(980000, PayUnit.TIME, live_in=True, last=26), (1, 980000), "1次"),
        (offer(480000, PayUnit.MONTH, last=31), (1, 480000), "1个月"),
        (offer(480000, PayUnit.MONTH, end_date=date(2027, 2, 28)), (3, 1440000), "3个月"),
        (
            offer(480000, PayUnit.MONTH, start_date=date(2027, 1, 31), end_date=date(2027, 2, 27)),
            (1, 480000),
            "1个月",
        ),
    ],
)
def test_an_engagement_comes_to(terms, total, quantity):
    assert estimated_total(terms) == total
    assert quantity_text(terms) == quantity


@pytest.mark.parametrize(
    "terms",
    [
        offer(3500, PayUnit.HOUR),
        offer(180, PayUnit.PIECE, "08:00-17:00"),
        offer(480000, PayUnit.MONTH, last=20),
        offer(480000, PayUnit.MONTH, end_date=None),
        offer(480000, PayUnit.MONTH, end_date=date.max),
        offer(20000, PayUnit.DAY, start_date=None),
        offer(20000, PayUnit.DAY, end_date=date(2026, 11, 1)),
        offer(0, PayUnit.DAY),
        JobTerms(),
    ],
)
def test_without_quantity_there_is_no_estimate(terms):
    assert estimated_total(terms) is None
    assert quantity_text(terms) is None


@pytest.mark.parametrize(
    ("terms", "text"),
    [
        (offer(22000, PayUnit.DAY), "220元/天"),
        (offer(180, PayUnit.PIECE), "1.8元/件"),
        (offer(480000, PayUnit.MONTH), "4800元/月"),
        (offer(3500, None), "35元"),
        (JobTerms(), ""),
    ],
)
def test_the_price_is_said_as_people_say_it(terms, text):
    assert pay_text(terms) == text


def test_the_monthly_minimum_has_a_day_and_an_hour():
    wage = MinimumWage(hour_fen=2400, month_fen=240000)
    assert (wage.month_as_day_fen, wage.month_as_hour_fen) == (11034, 1379)
