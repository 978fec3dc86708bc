"""The last place of a post is promised once, however many say yes at the same moment."""

import asyncio

from db.actions.referrals import employer_accepts, propose, worker_accepts
from db.tables.referrals import Referral
from rules.codes import ConsentMethod
from rules.errors import RuleBroken
from tests.web.referrals.conftest import CHEN, put_sample


async def test_two_yeses_at_once_give_one_place(moving_job):
    referrals = []
    for who in ("S01", "S03", "S07"):
        ref = await propose(moving_job, (await put_sample(who)).id, actor=CHEN)
        await worker_accepts(ref.id, method=ConsentMethod.SIGNED_PAPER, actor=CHEN)
        referrals.append(ref.id)
    answers = await asyncio.gather(*(employer_accepts(each, "周经理", actor=CHEN) for each in referrals), return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, RuleBroken)]
    assert len(refused) == 2
    assert all("名额已满" in one.message for one in refused)
    assert await Referral.count().where(Referral.state == "EMPLOYER_ACCEPTED") == 1
