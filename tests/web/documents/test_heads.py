"""A head typed from a printed ledger: which month or day it was signed with, for anybody, and nothing about persons."""

import datetime as dt

import pytest

from db.clock import now
from db.tables.ledger import LedgerVersion
from db.tables.verification import SignedHead
from tests.cast import LAKE
from tests.web.ledger.conftest import closes, november  # noqa: F401


@pytest.fixture
async def head(november, manager):  # noqa: F811
    """The journal's head with which the manager signed November."""
    await closes(manager)
    return (await LedgerVersion.select(LedgerVersion.head_hash).first())["head_hash"]


async def test_the_head_of_a_signed_month_is_found(head, passer_by):
    page = await passer_by.sends("/verify", page="/verify", status=200, code=head)
    words = page.words("main")
    assert "对得上" in words
    assert "金银湖零工驿站 2026年11月月度工作台账" in words
    assert "第1版" in words
    assert "已结账" in words
    assert "王" not in words.replace("王国", "")
    assert "吴站长" not in words
    numbered = (await passer_by.reads("/verify/L202611-ZD-420112015-01-v1")).words("main")
    for figure in ("其中", "残疾人", "推荐成功就业"):
        assert figure not in words + numbered, "small groups stand in the ledger, which is nowhere public"


async def test_sixteen_digits_with_spaces_are_enough(head, passer_by):
    typed = " ".join(head[at : at + 4].upper() for at in range(0, 16, 4))
    assert "对得上" in (await passer_by.sends("/verify", page="/verify", status=200, code=typed)).words("main")


async def test_an_unknown_head_is_told_and_what_was_typed_stays(head, passer_by):
    other = "0" * 15 + ("1" if head[15] == "0" else "0")
    page = await passer_by.sends("/verify", page="/verify", status=404, code=other)
    assert "没有这个核验码" in page.words("main")
    assert page.select_one("input[name=code]")["value"] == other


@pytest.mark.parametrize(("code", "words"), [("", "请输入"), ("3f9a", "至少输入前16位"), ("你好", "没看懂")])
async def test_what_is_no_head_is_refused_with_what_to_type(house, passer_by, code, words):
    page = await passer_by.sends("/verify", page="/verify", status=422, code=code)
    assert words in page.words(".problems")
    assert page.select_one("input[name=code]")["value"] == code


async def test_a_number_leads_to_its_page(head, passer_by):
    sent = await passer_by.sends("/verify", page="/verify", code="l202611-zd-420112015-01-v1")
    assert sent.headers["location"] == "/verify/L202611-ZD-420112015-01-v1"
    assert "驿站结过这份台账" in (await passer_by.follows(sent)).words("h1")
    sent = await passer_by.sends("/verify", page="/verify", code="XLW-2026-000187")
    assert sent.headers["location"] == "/verify/XLW-2026-000187"


async def test_the_head_signed_at_the_end_of_a_day_is_found(house, passer_by):
    digits = "ab" * 32
    await SignedHead.insert(
        SignedHead(
            day=dt.date(2026, 11, 30),
            chain=f"station:{LAKE}",
            seq=77,
            hash=digits,
            key_id="k1",
            signature="0" * 128,
            signed_at=now(),
        )
    )
    page = await passer_by.sends("/verify", page="/verify", status=200, code=digits[:20])
    assert "金银湖零工驿站 2026年11月30日" in page.words("main")
    assert "到第77条为止" in page.words("main")
