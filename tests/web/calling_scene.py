"""A morning at the station: people with tickets, calls and skips, put straight into the tables."""

import json
import subprocess
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from db.actions.calling_rules import set_rule
from db.clock import CHINA, at, now, today
from db.queries.calling_rules import latest_rule
from db.tables.attendance import Call, SignIn
from db.tables.seekers import Seeker
from rules.codes import CallAnswer, CallingMethod, CallKind, SignInHow, SignInState, SkipReason
from tests.cast import LAKE, PEOPLE
from tests.web.rows import put_seeker

DAY = date(2026, 12, 1)


def o_clock(hour: int, minute: int = 0, second: int = 0, day: date = DAY) -> datetime:
    """A moment of a day at the station."""
    return datetime.combine(day, time(hour, minute, second), CHINA)


async def put_sign_in(
    ticket: int,
    arrived: datetime,
    *,
    waited: int = 0,
    station: int = LAKE,
    state: SignInState = SignInState.WAITING,
    seeker: str = "",
    **facts,
) -> int:
    """Somebody with this ticket, who arrived at this moment and has waited so many days; the sign-in's id."""
    number = seeker or f"Q26015{ticket:06d}"
    row = await Seeker.select(Seeker.id).where(Seeker.number == number).first()
    day = arrived.astimezone(CHINA).date()
    sign_in = SignIn(
        station=station,
        day=day,
        ticket=ticket,
        seeker=row["id"] if row else await put_seeker(number, name=f"王小{ticket}"),
        how=SignInHow.CARD.value,
        arrived_at=arrived,
        signed_at=facts.pop("signed_at", arrived),
        waiting_since=day - timedelta(days=waited),
        state=state.value,
        state_at=arrived,
        token="",
        signed_by=PEOPLE["chen"].id,
        **facts,
    )
    await SignIn.insert(sign_in)
    return sign_in.id


async def put_call(
    sign_in: int,
    job: int | None,
    *,
    skip: SkipReason | None = None,
    before: tuple[int, ...] = (),
    by: str = "chen",
    station: int = LAKE,
    answer: CallAnswer | None = None,
    made: datetime | None = None,
    **facts,
) -> int:
    """A call, or a skip with its reason; the id."""
    made = made or now()
    call = Call(
        station=station,
        day=made.astimezone(CHINA).date(),
        sign_in=sign_in,
        job=job,
        kind=(CallKind.SKIP if skip else CallKind.CALL).value,
        reason=skip.value if skip else "",
        before=json.dumps(before),
        made_by=PEOPLE[by].id,
        made_at=made,
        answer=answer.value if answer else "",
        answered_at=made if answer else None,
        **facts,
    )
    await Call.insert(call)
    return call.id


async def rule_from(day: date, method: CallingMethod, draw_at: time | None = None, station: int = LAKE) -> None:
    """站长吴 published on the day before that the station calls this way from `day` on."""
    actor = PEOPLE["wu"]
    with at(o_clock(12, day=day - timedelta(days=1))):
        before = (await latest_rule(station))["version"]
        await set_rule(station, method, draw_at, "人多的时候更公平", max(day, today()), based_on=before, actor=actor)


def text_of(pdf: bytes, *options: str) -> str:
    """The text of a PDF as poppler reads it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "paper.pdf"
        path.write_bytes(pdf)
        return subprocess.run(["pdftotext", *options, str(path), "-"], capture_output=True, text=True, check=True).stdout


def squeezed(pdf: bytes) -> str:
    """The text of a PDF in the order it was set, white space left out."""
    return "".join(text_of(pdf, "-raw").split())


def shell(command: str) -> str:
    """What a command prints, typed into a shell as it stands on the sheet."""
    return subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True).stdout
