"""Invented posts, always the same ones for a day, in proportions like those of a real board."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from bench import words
from db.clock import now, today
from rules.codes import SUBDISTRICTS, TRADES, EmployerKind
from rules.masking import public_employer_name

STATIONS = (
    (1001, "420112015", "金银湖零工驿站", "宏图大道"),
    (1002, "420112006", "走马岭零工驿站", "走新路"),
    (1003, "420112001", "吴家山零工驿站", "吴家山大道"),
    (1004, "420112004", "将军路零工驿站", "将军二路"),
    (1005, "420112008", "长青零工驿站", "三店大道"),
)
"""Id, subdistrict, name and landmark."""
AUTHORS = (2001, 2002, 2003, 2004, 2005)
"""The account of each station."""
EMPLOYERS = 40
"""Employers of a station; those of the first station are 3000 to 3039, of the second 3100 to 3139."""
PUBLISHED_DAYS = 30

_STARTS = (-20, -12, -6, -3, -2, -1, 0, 0, 0, 0, 1, 1, 2, 3, 5, 9, 14, 25)
_PAY = (
    ("DAY", 22000, 2750),
    ("DAY", 20000, 2500),
    ("HOUR", 2600, 2600),
    ("HOUR", 3500, 3500),
    ("NIGHT", 26000, 2600),
    ("TIME", 30000, 7500),
    ("PIECE", 45, 2700),
    ("MONTH", 480000, 2760),
)
_BENEFITS = ("LUNCH", "DINNER", "TRANSPORT", "UNIFORM", "LODGING", "ACCIDENT_INSURANCE", "MEAL_ALLOWANCE")
_SETTLES = ("DAILY", "DAILY", "DAILY", "PER_JOB", "WEEKLY", "MONTHLY")


def made(numbers: range, posts: int) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """(row of `job`, record of its terms) of these of `posts` posts, oldest first.

    They were published over the last thirty days, evenly; hardly any is over yet.
    """
    dice = random.Random(numbers.start)
    day, moment = today(), now().replace(microsecond=0)
    every = max(2, posts // 6)
    for number in numbers:
        published = moment - timedelta(seconds=round(PUBLISHED_DAYS * 86400 * (1 - number / posts)) + 60)
        terms = _terms(dice, day, number, every)
        yield _job(dice, terms, number, f"G{published:%y%m%d}-{number % 10**6:06d}", published), terms


def _terms(dice: random.Random, day: date, number: int, every: int) -> dict[str, Any]:
    code = dice.choices(list(words.TRADE_WEIGHTS), list(words.TRADE_WEIGHTS.values()))[0]
    trade = TRADES[code]
    first = day + timedelta(days=dice.choice(_STARTS))
    last = None
    if dice.random() < 0.85:
        last = max(first, day) + timedelta(days=dice.choice((0, 0, 2, 4, 9, 20)))
        if dice.random() < 0.03 and first < day:
            last = day - timedelta(days=1)
    start, hours = dice.choice((6, 7, 8, 8, 8, 9, 10, 14, 19, 20)), dice.choice((4, 8, 9, 9, 10))
    unit, pay, hourly = dice.choice(_PAY)
    return {
        "title": words.title(dice, trade.label),
        "trade": code,
        "headcount": dice.choice((1, 1, 2, 2, 3, 4, 6, 10, 20)),
        "duties": words.duties(dice, trade.label, number, every),
        "requirements": words.requirements(dice),
        "subdistrict": dice.choice(list(SUBDISTRICTS)),
        "landmark": words.landmark(dice),
        "start_date": first.isoformat(),
        "end_date": last.isoformat() if last else None,
        "start_time": f"{start:02d}:00:00",
        "end_time": f"{(start + hours) % 24:02d}:{dice.choice(('00', '30'))}:00",
        "break_minutes": 60,
        "pay_basis": "TIME",
        "pay_fen": pay,
        "pay_unit": unit,
        "hourly_fen": hourly,
        "settle_cycle": dice.choice(_SETTLES),
        "pay_method": "WECHAT",
        "benefits": dice.sample(_BENEFITS, dice.choice((0, 1, 1, 2, 3))),
        "certificates": [str(each) for each in trade.certificates],
        "insurance": "EMPLOYER_ACCIDENT",
        "valid_to": (day + timedelta(days=dice.choice((0, 3, 7, 12, 20, 29)))).isoformat(),
    }


def _job(dice: random.Random, terms: dict[str, Any], number: int, public: str, published: datetime) -> dict[str, Any]:
    place = dice.randrange(len(STATIONS))
    copied = ("title", "trade", "headcount", "subdistrict", "landmark", "pay_fen", "pay_unit", "settle_cycle", "hourly_fen")
    return {
        "id": 10**15 + number * 4096,
        "number": public,
        "station": STATIONS[place][0],
        "employer": 3000 + 100 * place + dice.randrange(EMPLOYERS),
        "author": AUTHORS[place],
        "source": "COUNTER",
        "state": "PUBLISHED",
        "version": 1,
        "published_version": 1,
        "listed": True,
        "placed_count": dice.randrange(terms["headcount"]),
        **{name: terms[name] for name in copied},
        "start_date": date.fromisoformat(terms["start_date"]),
        "end_date": date.fromisoformat(terms["end_date"]) if terms["end_date"] else None,
        "start_time": time.fromisoformat(terms["start_time"]),
        "end_time": time.fromisoformat(terms["end_time"]),
        "benefits": ",".join(terms["benefits"]),
        "certificates": ",".join(terms["certificates"]),
        "employer_label": public_employer_name(EmployerKind.UNIT, "武汉示范物流有限公司", TRADES[terms["trade"]].label),
        "valid_to": date.fromisoformat(terms["valid_to"]),
        "verify_method": "PHONE",
        "verified_on": today(),
        "published_at": published,
        "submitted_at": published,
        "created_at": published,
        "changed_at": published,
    }
