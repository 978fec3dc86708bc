"""Taking orders (接单): published demands that wait for somebody, who takes care of them, and which stations are neighbours."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.params import FromPath

from db.actions import orders as actions
from db.clock import now
from db.queries import orders as queries
from rules.board import place_text
from rules.codes import SUBDISTRICTS, OrderShortfall
from rules.numbers import normal
from rules.orders import left_text
from rules.permissions import Permission, Role
from web.forms.base import PageForm
from web.forms.orders import HandBackForm, HandledForm, HandOverForm, NeighboursForm, OrderFilterForm, TakingForm
from web.guards import needs
from web.render import again, found, page
from web.request import StationRequest
from web.submission import submit

HOME = "/desk/orders"
NEIGHBOURS = "/supervision/neighbours"
Act = Callable[[dict[str, Any]], Awaitable[Any]]


@get(HOME, guards=[needs(Permission.ORDERS_READ)], name="orders:list")
async def orders(request: StationRequest) -> Response:
    """What waits for somebody to take it: one's own station's demands, the neighbours', the district's, the soonest start first."""
    form, after = OrderFilterForm(request.query_params), request.query_params.get("after", "")
    wanted = queries.OrderFilter.of(form.state.data, form.ring.data, form.trade.data)
    rows = await queries.orders_of(request.actor.scope, wanted, after)
    kept = {field.name: field.data for field in (form.state, form.ring, form.trade) if field.data}
    links = {
        "previous": f"{HOME}?{urlencode(kept)}" if after else "",
        "next": f"{HOME}?{urlencode({**kept, 'after': rows.next})}" if rows.next else "",
    }
    shown: dict[str, Any] = {"form": form, "rows": rows.rows, "links": links, "narrowed": bool(kept), "take": TakingForm(), **_words()}
    return page(request, "orders/index.html", fragment="orders/_list.html", **shown)


@get(HOME + "/{number:str}", guards=[needs(Permission.ORDERS_READ)], name="orders:one")
async def order(request: StationRequest, number: FromPath[str]) -> Response:
    """One demand: who takes care of it until when, what may be done, who had it before."""
    return page(request, "orders/show.html", **await _working_page(request, await _order(request, number)))


@post(HOME + "/{number:str}/taking", guards=[needs(Permission.ORDERS_TAKE)], name="orders:take")
async def take(request: StationRequest, number: FromPath[str]) -> Response:
    """Take care of a demand; who was slower reads who was faster."""
    form, who = await TakingForm.posted(request), request.actor
    said = "已接单，请在24小时内办完：推荐零工、问雇主。"
    return await _saved(request, number, "taking", form, lambda row: actions.take_order(row["id"], actor=who), said)


@post(HOME + "/{number:str}/handover", guards=[needs(Permission.ORDERS_TAKE)], name="orders:hand-over")
async def hand_over(request: StationRequest, number: FromPath[str]) -> Response:
    """A colleague of the same station goes on with it."""
    row, who = await _order(request, number), request.actor
    form = HandOverForm.among(await _colleagues(request, row), await request.typed())

    async def act(row: dict[str, Any]) -> None:
        await actions.hand_over(row["id"], int(form.colleague.data or 0), actor=who)

    return await _saved(request, number, "handover", form, act, "已转交，期限不变。")


@post(HOME + "/{number:str}/return", guards=[needs(Permission.ORDERS_TAKE)], name="orders:hand-back")
async def hand_back(request: StationRequest, number: FromPath[str]) -> Response:
    """It goes back, so that somebody else can take it."""
    form, who = await HandBackForm.posted(request), request.actor

    async def act(row: dict[str, Any]) -> None:
        await actions.hand_back(row["id"], form.reason.data or "", actor=who)

    return await _saved(request, number, "giving_back", form, act, "已交回，别的同事和驿站可以接了。")


@post(HOME + "/{number:str}/completion", guards=[needs(Permission.ORDERS_TAKE)], name="orders:handle")
async def complete(request: StationRequest, number: FromPath[str]) -> Response:
    """It is done: every place is promised, or a reason says why not."""
    form, who = await HandledForm.posted(request), request.actor

    async def act(row: dict[str, Any]) -> None:
        shortfall = OrderShortfall(form.shortfall.data) if form.shortfall.data else None
        await actions.handle_order(row["id"], shortfall, form.note.data or "", actor=who)

    return await _saved(request, number, "completion", form, act, "已记下：这个需求办完了。")


@get(NEIGHBOURS, guards=[needs(Permission.NEIGHBOURS_SET)], name="orders:neighbours")
async def neighbours(request: StationRequest) -> Response:
    """Which stations a station's demands come to before the whole district, station by station."""
    return page(request, "orders/neighbours.html", rows=await queries.neighbourhoods(), station=None, form=NeighboursForm())


@get(NEIGHBOURS + "/{code:str}", guards=[needs(Permission.NEIGHBOURS_SET)], name="orders:neighbours-of")
async def neighbours_of(request: StationRequest, code: FromPath[str]) -> Response:
    """The neighbours of one station, to choose."""
    rows, station = await _station(code)
    form = NeighboursForm.among(_others(rows, station), data={"neighbours": [each["code"] for each in station["neighbours"]]})
    return page(request, "orders/neighbours.html", rows=rows, station=station, form=form)


@post(NEIGHBOURS + "/{code:str}", guards=[needs(Permission.NEIGHBOURS_SET)], name="orders:set-neighbours")
async def set_neighbours(request: StationRequest, code: FromPath[str]) -> Response:
    """Keep the choice; none at all means the stations of the same subdistrict."""
    rows, station = await _station(code)
    form = NeighboursForm.among(_others(rows, station), await request.typed())
    chosen = [row["id"] for row in rows if row["code"] in (form.neighbours.data or [])]
    if form.validate():
        act = lambda: actions.set_neighbours(station["id"], chosen, actor=request.actor)  # noqa: E731
        if saved := await submit(request, form, act, to=lambda _: NEIGHBOURS, said=f"已保存{station['name']}的邻近驿站。"):
            return saved
    return again(request, "orders/neighbours.html", rows=rows, station=station, form=form)


async def _station(code: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    rows = await queries.neighbourhoods()
    return rows, found(next((row for row in rows if row["code"] == normal(code)), None))


def _others(rows: list[dict[str, Any]], station: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for row in rows if row["id"] != station["id"]]


async def _order(request: StationRequest, number: str) -> dict[str, Any]:
    return found(await queries.order_in(request.actor.scope, number))


async def _colleagues(request: StationRequest, row: dict[str, Any]) -> list[dict[str, Any]]:
    """Who else at the taker's station can go on with it; nobody for somebody of another station."""
    live = row["live"]
    own = live is not None and live["station"] == request.actor.station_id
    return await queries.colleagues_at(live["station"], besides=live["taken_by"]) if own else []


async def _saved(request: StationRequest, number: str, name: str, form: PageForm, act: Act, said: str) -> Response:
    """Find the order, do it once, come back to its page: fresh, or with what was refused."""
    row = await _order(request, number)
    if form.validate():
        saved = await submit(request, form, lambda: act(row), to=lambda _: f"{HOME}/{row['number']}", said=said)
        if saved is not None:
            return saved
    return again(request, "orders/show.html", **await _working_page(request, await _order(request, number), **{name: form}))


async def _working_page(request: StationRequest, row: dict[str, Any], **forms: PageForm) -> dict[str, Any]:
    live, actor = row["live"], request.actor
    return {
        "order": row,
        "live": live,
        "in_hand": live is not None
        and live["station"] == actor.station_id
        and (live["taken_by"] == actor.id or actor.role is Role.MANAGER),
        "colleagues": await _colleagues(request, row),
        "taking": forms.get("taking") or TakingForm(),
        "handover": forms.get("handover") or HandOverForm.among(await _colleagues(request, row)),
        "giving_back": forms.get("giving_back") or HandBackForm(),
        "completion": forms.get("completion") or HandledForm(),
        "form": next(iter(forms.values()), PageForm()),
        **_words(),
    }


def _words() -> dict[str, Any]:
    moment = now()
    return {
        "left": lambda deadline: left_text(deadline, moment),
        "place": lambda row: place_text(SUBDISTRICTS.get(row["subdistrict"], ""), row["landmark"]),
    }


ROUTES = [orders, order, take, hand_over, hand_back, complete, neighbours, neighbours_of, set_neighbours]
