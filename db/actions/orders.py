"""Taking orders (接单处理): somebody takes care of a published demand until a deadline, hands it over or back, or brings it to its end."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from db.actions.alerts import raise_alert
from db.actions.employers import check_station_works
from db.actions.journal import record
from db.clock import CHINA, now, today
from db.ids import new_id
from db.queries import orders as queries
from db.tables.accounts import Account
from db.tables.orders import Neighbour, OrderTake
from db.tables.stations import Station
from db.transaction import action
from rules.codes import AlertKind, JobState, OrderRing, OrderShortfall, OrderState, StationState
from rules.errors import RuleBroken
from rules.jobs import check_reason
from rules.journal import EventKind
from rules.orders import HANDLED_WITHIN, Take, check_in_hand, check_takes, handled_reason, order_in_effect, ring_for
from rules.permissions import Actor, Role
from rules.stations import SUSPENDED


@action
async def take_order(job_id: int, *, actor: Actor) -> int:
    """Take care of a published demand for the next 24 hours; the id of the take.

    RuleBroken: somebody else was faster (and who), the post is not on the board or has no places left, it does not ring at
    the actor's station yet, or one of the two stations is suspended.
    """
    await check_station_works(actor.station_id)
    await _settle(job_id)
    post = await _post(job_id)
    check_takes(_take_of(live := await queries.live_take(job_id)), f"{live['taken_at'].astimezone(CHINA):%H:%M}" if live else "", actor)
    if post["state"] is not JobState.PUBLISHED:
        raise RuleBroken(f"这个岗位现在是“{post['state'].label}”，只能接招工中的岗位。")
    if post["station_state"] != StationState.OPERATING.value:
        raise RuleBroken(SUSPENDED)
    if post["places_left"] <= 0:
        raise RuleBroken("这个岗位的名额都答应出去了，不用再接。")
    if not post["listed"]:
        raise RuleBroken("这个岗位超过15天没有核实，请先打电话向雇主核实，再接单。")
    last_day = post["end_date"] or post["start_date"]
    if last_day is not None and last_day < today():
        raise RuleBroken("这个岗位的用工日期已经过了，请先问雇主还要不要人，改好日期再接单。")
    moment = now()
    near = [row["id"] for row in await queries.neighbours_of(post["station"])]
    ring, deadline = ring_for(actor.station_id or 0, post["station"], near, post["published_at"], moment), moment + HANDLED_WITHIN
    if ring is None:
        raise RuleBroken("这个需求还在等登记它的驿站接，没有轮到本站。")
    take_id = await _insert(post, actor.id, actor.station_id or 0, ring.value, deadline)
    await _note(post, EventKind.ORDER_TAKEN, actor, ring=ring.value, deadline=f"{deadline.astimezone(CHINA):%Y-%m-%d %H:%M}")
    return take_id


@action
async def hand_over(job_id: int, colleague_id: int, *, actor: Actor) -> None:
    """Give the order to a colleague of the same station; the deadline stays. RuleBroken: not in hand, or nobody to give it to."""
    post, live = await _in_hand(job_id, actor)
    colleague = (
        await Account.select(Account.id, Account.work_no)
        .where(
            Account.id == colleague_id,
            Account.station == live["station"],
            Account.active.eq(True),
            Account.role.is_in([Role.STAFF.value, Role.MANAGER.value]),
            Account.id != live["taken_by"],
        )
        .first()
    )
    if colleague is None:
        raise RuleBroken("请在列表里选择本站的同事。", "colleague")
    await _end(live, OrderState.HANDED_OVER, actor)
    await _insert(post, colleague["id"], live["station"], live["ring"], live["deadline"])
    await _note(post, EventKind.ORDER_HANDED_OVER, actor, taken_from=live["work_no"], taken_by=colleague["work_no"])


@action
async def hand_back(job_id: int, reason: str, *, actor: Actor) -> None:
    """Give the order back, so that somebody else can take it. RuleBroken: not in hand, or too short a reason."""
    post, live = await _in_hand(job_id, actor)
    why = check_reason(reason)[:200]
    await _end(live, OrderState.HANDED_BACK, actor, why)
    await _note(post, EventKind.ORDER_RETURNED, actor, reason=why, taken_from=live["work_no"])


@action
async def handle_order(job_id: int, shortfall: OrderShortfall | None = None, note: str = "", *, actor: Actor) -> None:
    """Mark the order as done: every place is promised, or a reason says why not. RuleBroken: not in hand, no reason."""
    post, live = await _in_hand(job_id, actor)
    reason = handled_reason(post["places_left"], shortfall, note)
    await _end(live, OrderState.HANDLED, actor, reason)
    said = {"shortfall": shortfall.value, "note": " ".join(note.split())[:100]} if reason and shortfall else {}
    await _note(post, EventKind.ORDER_HANDLED, actor, free_places=post["places_left"], **said)


async def return_overdue() -> int:
    """Write down what time has decided about the orders in hand; how many ended.

    Called by the clock. The end of a post closes its order; an order that was not brought to its end within 24 hours goes
    back, and the manager of the station that took it (and of the post's) is told.
    """
    return sum([await _settled(job_id) for job_id in await queries.overdue_takes()])


@action
async def alert_untaken() -> int:
    """Tell each station's manager once a day how many demands nobody has taken for 24 hours; how many alerts."""
    raised = 0
    for station_id, count in (await queries.untaken_counts(now())).items():
        alert = await raise_alert(AlertKind.ORDER_UNHANDLED, station_id=station_id, subject="station", subject_id=station_id, count=count)
        raised += alert is not None
    return raised


@action
async def _settled(job_id: int) -> bool:
    return await _settle(job_id)


async def _settle(job_id: int) -> bool:
    """Inside an action: end the live take of a post when time or the end of the post has ended it; whether it did."""
    live = await queries.live_take(job_id)
    post = await queries.taken_post(job_id)
    if live is None or post is None:
        return False
    state = order_in_effect(OrderState.TAKEN, live["deadline"], post["state"], post["places_left"], now())
    if state is OrderState.TAKEN:
        return False
    reason = {OrderState.CLOSED: f"岗位{post['state'].label}", OrderState.RETURNED: "24小时没办完"}.get(state, "")
    kind = {OrderState.CLOSED: EventKind.ORDER_CLOSED, OrderState.HANDLED: EventKind.ORDER_HANDLED}.get(state, EventKind.ORDER_RETURNED)
    await _end(live, state, None, reason)
    await _note(post, kind, None, reason=reason, taken_from=live["work_no"])
    if state is OrderState.RETURNED:
        for station in sorted({live["station"], post["station"]}):
            details = {"number": post["number"], "taken_by": live["work_no"], "free_places": post["places_left"]}
            await raise_alert(AlertKind.ORDER_UNHANDLED, station_id=station, subject="job", subject_id=job_id, **details)
    return True


@action
async def set_neighbours(station_id: int, neighbour_ids: Collection[int], *, actor: Actor) -> None:
    """Say which stations a station's demands come to before the whole district; none: those of its subdistrict.

    RuleBroken: nothing changed, a station that there is not, or the station itself.
    """
    row = await Station.select(Station.code).where(Station.id == station_id).first()
    wanted = set(neighbour_ids)
    known = await Station.select(Station.id, Station.code).where(Station.id.is_in([*wanted, 0]))
    if row is None or station_id in wanted or len(known) != len(wanted):
        raise RuleBroken("请在列表里选择别的驿站。", "neighbours")
    rows = await Neighbour.select(Neighbour.neighbour).where(Neighbour.station == station_id, Neighbour.ended_at.is_null())
    held = {each["neighbour"] for each in rows}
    if wanted == held:
        raise RuleBroken("邻近驿站没有改动，不用保存。", "neighbours")
    moment = now()
    if gone := held - wanted:
        await Neighbour.update({Neighbour.ended_at: moment}).where(
            Neighbour.station == station_id, Neighbour.neighbour.is_in(sorted(gone)), Neighbour.ended_at.is_null()
        )
    if new := wanted - held:
        await Neighbour.insert(*(Neighbour(station=station_id, neighbour=each, set_by=actor.id, set_at=moment) for each in sorted(new)))
    codes = sorted(each["code"] for each in known)
    await record(EventKind.NEIGHBOUR_SET, subject="station", subject_id=station_id, actor=actor, station_id=station_id, neighbours=codes)


async def _post(job_id: int) -> dict[str, Any]:
    post = await queries.taken_post(job_id)
    if post is None:
        raise RuleBroken("没有找到这个岗位，请刷新页面。")
    return post


def _take_of(live: dict[str, Any] | None) -> Take | None:
    return Take(live["taken_by"], f"{live['taken_by_name']}（{live['station_name']}）", live["station"]) if live else None


async def _in_hand(job_id: int, actor: Actor) -> tuple[dict[str, Any], dict[str, Any]]:
    """The post and its live take, when the actor may go on with it; what time has ended counts as ended. RuleBroken."""
    post, live = await _post(job_id), await queries.live_take(job_id)
    over = live and order_in_effect(OrderState.TAKEN, live["deadline"], post["state"], post["places_left"], now())
    if over is OrderState.CLOSED:
        raise RuleBroken(f"这个岗位现在是“{post['state'].label}”，接单已经关闭，不用再办。")
    if over is OrderState.RETURNED:
        raise RuleBroken("已经超过24小时，这个需求退回了。要接着办，请重新接单。")
    check_in_hand(_take_of(live), actor)
    assert live is not None
    return post, live


async def _insert(post: dict[str, Any], account_id: int, station_id: int, ring: str, deadline: Any) -> int:
    take_id = new_id()
    earlier = await OrderTake.count().where(OrderTake.job == post["id"])
    await OrderTake.insert(
        OrderTake(
            id=take_id,
            job=post["id"],
            station=station_id,
            round=earlier + 1,
            ring=OrderRing(ring).value,
            state=OrderState.TAKEN.value,
            taken_by=account_id,
            taken_at=now(),
            deadline=deadline,
        )
    )
    return take_id


async def _end(live: dict[str, Any], state: OrderState, actor: Actor | None, reason: str = "") -> None:
    await OrderTake.update(
        {
            OrderTake.state: state.value,
            OrderTake.ended_at: now(),
            OrderTake.ended_by: actor.id if actor else None,
            OrderTake.ended_reason: reason[:200],
        }
    ).where(OrderTake.id == live["id"])


async def _note(post: dict[str, Any], kind: EventKind, actor: Actor | None, **particulars: Any) -> None:
    """One journal entry in the chain of the post's station; which station acted, when it was another one."""
    if actor is not None and actor.station_id not in (None, post["station"]):
        row = await Station.select(Station.code).where(Station.id == actor.station_id).first()
        particulars["at_station"] = row["code"] if row else ""
    await record(kind, subject="job", subject_id=post["id"], actor=actor, station_id=post["station"], job=post["number"], **particulars)
