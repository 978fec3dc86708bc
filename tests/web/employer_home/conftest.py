"""周晓明, who posts work for 武汉湖畔物流 from his phone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from db.actions.people import employer_account
from db.clock import at
from db.tables.accounts import Session
from rules.permissions import Actor
from tests.visitor import Visitor
from tests.web.posts_scene import OTHER_CODE, put_employer


@dataclass
class Boss:
    """An employer in front of the pages."""

    id: int
    actor: Actor
    visitor: Visitor


async def sit_boss(sit_down, **changes: Any) -> Boss:
    """An employer of 金银湖 station, verified unless told otherwise, signed in."""
    employer = await put_employer(**changes)
    actor = await employer_account(employer, password_hash="", actor=None)
    return Boss(employer, actor, await sit_down(actor))


@pytest.fixture
async def boss(sit_down) -> Boss:
    """A verified employer."""
    return await sit_boss(sit_down)


@pytest.fixture
async def newcomer(sit_down) -> Boss:
    """An employer who registered and was not verified yet."""
    return await sit_boss(sit_down, verified=False)


@pytest.fixture
async def rival(sit_down) -> Boss:
    """Another employer of the same station."""
    return await sit_boss(sit_down, id_number=OTHER_CODE, name="武汉云帆餐饮有限公司", phone="13900000002")


@asynccontextmanager
async def later(moment: datetime) -> AsyncIterator[None]:
    """Another day, on which everybody has just signed in again."""
    with at(moment):
        await Session.update(
            {Session.created_at: moment, Session.seen_at: moment, Session.expires_at: moment + timedelta(hours=12)}, force=True
        )
        yield


PAGES: dict[str, dict[str, Any]] = {
    "work": {"title": "快递分拣日结", "trade": "C03", "duties": "分拣包裹，按片区放好，最重不超过15公斤。"},
    "people": {"headcount": "5", "requirements": "", "juvenile_ok": "no"},
    "when": {"start_date": "2026-12-03", "end_date": "2026-12-04", "start_time": "8:00", "end_time": "17:30", "break_minutes": "90"},
    "place": {"subdistrict": "420112015", "landmark": "宏图大道地铁站", "exact_address": "宏图大道18号3号库2楼"},
    "pay": {"pay_basis": "TIME", "pay_fen": "220", "pay_unit": "DAY", "settle_cycle": "DAILY", "pay_method": "CASH"},
    "care": {"benefits": ["LUNCH"], "insurance": "EMPLOYER_ACCIDENT"},
    "safety": {},
    "contact": {"valid_to": "2026-12-20"},
}
"""What 周晓明 types, page by page."""


async def fills_in(visitor: Visitor, **changes: dict[str, Any]) -> str:
    """Fill in the eight pages of a new demand; the address of the check page."""
    where = "/employer/jobs/new/work"
    for slug, fields in PAGES.items():
        assert where.endswith(f"/{slug}")
        await visitor.reads(where)
        sheet = await visitor.sends(where, **{**fields, **changes.get(slug, {})})
        where = sheet.headers["location"]
    return where


async def posts(visitor: Visitor, **changes: dict[str, Any]) -> str:
    """Post a demand from the first page to the end; the address of the new post."""
    check = await fills_in(visitor, **changes)
    sheet = await visitor.sends(check, page=check, promise="y", then="submit")
    return sheet.headers["location"]
