"""Days at the stations: people who stay signed in while the days go by, and the steps of a work from the demand to its end."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime, timedelta

import pytest

from db.clock import CHINA, at, now
from db.tables.accounts import Session
from tests.visitor import Sheet, Visitor, path_of
from tests.web.agreement_scene import put_guidance_of
from tests.web.agreements.conftest import QuickPrinter, blank_pdf
from tests.web.posts_scene import FORM

TODAY = "/desk/today"
PLACE = {"consent": "y", "method": "READ_ALOUD", "answered_by": "周晓明"}
On = Callable[..., AbstractAsyncContextManager[None]]


@pytest.fixture
def on(house: None) -> On:
    """Stands in a moment of December 2026; who is signed in stays so, the password just typed."""

    @asynccontextmanager
    async def on(day: int, hour: int, minute: int = 0) -> AsyncIterator[None]:
        with at(datetime(2026, 12, day, hour, minute, tzinfo=CHINA)):
            moment = now()
            signed_in = {Session.created_at: moment, Session.seen_at: moment, Session.expires_at: moment + timedelta(hours=9)}
            await Session.update({**signed_in, Session.confirmed_at: moment}, force=True)
            yield

    return on


@pytest.fixture
def quick_printer(app, monkeypatch) -> QuickPrinter:
    """A printer that answers at once and remembers the papers."""
    printer = QuickPrinter()
    monkeypatch.setitem(app.litestar.state, "printer", printer)
    return printer


async def publishes(clerk: Visitor, reviewer: Visitor, employer: int, **fields: str) -> str:
    """信息发布: the demand is registered and verified by one, reviewed and published by another; its number."""
    form = {**FORM, **fields, "then": "submit"}
    number = path_of(await clerk.sends("/desk/jobs", page=f"/desk/jobs/new?employer={employer}", **form)).rpartition("/")[2]
    job, review = f"/desk/jobs/{number}", f"/desk/reviews/{number}"
    await clerk.sends(f"{job}/verification", page=job, method="PHONE")
    await reviewer.sends(f"{review}/taking", page=review)
    await reviewer.sends(f"{review}/approval", page=review)
    await reviewer.sends(f"{job}/publication", page=job, channels=["WEBSITE", "SCREEN"])
    return number


async def takes_order(clerk: Visitor, number: str) -> None:
    """接单: somebody takes care of the demand."""
    await clerk.sends(f"/desk/orders/{number}/taking", page=f"/desk/orders/{number}")


async def signs_in(clerk: Visitor, seeker: str) -> str:
    """签到: the card is scanned; the ticket as it is called."""
    page = await clerk.follows(await clerk.sends(f"{TODAY}/sign-ins", page=TODAY, word=seeker))
    return page.words("#answer .ticket")


async def called_and_placed(clerk: Visitor, number: str, ticket: str) -> str:
    """叫号 and 派工: called for the demand, given the place; the referral's number."""
    demand = f"{TODAY}/posts/{number}"
    await clerk.sends(f"{demand}/calls", page=demand, ticket=ticket, counter="2", again="", named="")
    page = await clerk.follows(await clerk.sends(f"{demand}/places", page=demand, ticket=ticket, **PLACE))
    return page.select_one("#post a[href^='/desk/referrals/T']")["href"].split("/")[3]


async def signs(clerk: Visitor, referral: str) -> None:
    """签约: drafted, printed, signed, a copy handed to the worker."""
    new = await put_guidance_of(referral, number=f"Y{referral[1:11]}")
    one = path_of(await clerk.sends(new, page=new, quality="分拣准确"))
    await clerk.sends(f"{one}/paper", page=one)
    await clerk.sends(f"{one}/scan", page=one, signatures_seen="y", files={"scan": ("signed.pdf", blank_pdf(), "application/pdf")})
    await clerk.sends(f"{one}/delivery", page=one, how="当面交给本人纸质原件", told="y")


async def starts(clerk: Visitor, referral: str, day: str) -> None:
    """上岗: the slip came back."""
    url = f"/desk/referrals/{referral}/placement"
    await clerk.sends(url, page=url, started_on=day, evidence="RETURN_SLIP", note="回执已收回，雇主签了名")


async def ends(clerk: Visitor, referral: str) -> None:
    """完工: as agreed."""
    url = f"/desk/referrals/{referral}/ending"
    await clerk.sends(url, page=url)


async def calls_back(clerk: Visitor, referral: str, which: str, **answers: str) -> Sheet:
    """回访: what one side said, written down; the page that follows."""
    url = f"/desk/follow-ups/{referral}/{which}"
    return await clerk.follows(await clerk.sends(url, page=url, **answers))
