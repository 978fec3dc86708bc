"""Work besides referrals (活动记录): training, advice, visits, publicity, checks, incidents; registered, listed by month, never changed."""

from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.params import FromPath

from db.actions import activities as actions
from db.clock import today
from db.queries import activities as queries
from rules.activities import SHAPES
from rules.codes import ActivityKind
from rules.journal_reading import without_contacts
from rules.permissions import Permission
from web.corrections import corrected, with_corrections
from web.forms.activities import ActivityFilterForm, ActivityForm
from web.guards import needs
from web.render import again, found, page
from web.request import StationRequest
from web.submission import submit

HOME = "/desk/activities"
_READ, _RECORD = needs(Permission.ACTIVITIES_READ), needs(Permission.ACTIVITIES_RECORD)


@get(HOME, guards=[_READ], name="activities:list")
async def all_activities(request: StationRequest) -> Response:
    """The work of the stations in reach, last registered first, narrowed by kind and month."""
    form = ActivityFilterForm(request.query_params)
    wanted = queries.ActivityFilter.of(form.kind.data or "", form.month.data or "")
    after = request.query_params.get("after", "")
    rows = await queries.activities_of(request.actor.scope, wanted, after)
    kept = {name: value for name, value in (("kind", wanted.kind), ("month", wanted.month)) if value}
    links = {
        "previous": f"{HOME}?{urlencode(kept)}" if after else "",
        "next": f"{HOME}?{urlencode({**kept, 'after': rows.next})}" if rows.next else "",
    }
    await with_corrections("activity", rows.rows)
    context: dict[str, Any] = {"rows": rows.rows, "links": links, "wanted": wanted, "shapes": SHAPES, "months": _months()}
    return page(request, "activities/index.html", fragment="activities/_list.html", **context)


def _months() -> list[str]:
    """The last fourteen months, this one first, as the filter offers them."""
    day = today()
    count = day.year * 12 + day.month - 1
    return [f"{each // 12}-{each % 12 + 1:02d}" for each in range(count, count - 14, -1)]


def _kind(typed: str) -> ActivityKind | None:
    return ActivityKind(typed) if typed in ActivityKind._value2member_map_ else None


@get(HOME + "/new", guards=[_RECORD], name="activities:new")
async def new_activity(request: StationRequest) -> Response:
    """First which kind it is, then what this kind asks."""
    kind = _kind(request.query_params.get("kind", ""))
    form = ActivityForm.about(kind, held_on=today()) if kind else None
    return page(request, "activities/new.html", form=form, kind=kind, shapes=SHAPES, kinds=list(ActivityKind))


@post(HOME, guards=[_RECORD], name="activities:record")
async def record(request: StationRequest) -> Response:
    """Register it, signed with one's own name; without a kind, that is asked first."""
    typed = await request.typed()
    of = _kind(typed.get("kind", ""))
    form = ActivityForm.about(of or ActivityKind.TRAINING, typed)
    if of and form.validate():
        saved = await submit(
            request,
            form,
            lambda: actions.record_activity(form.new_activity(of), **form.concerned(), actor=request.actor),
            to=lambda number: f"{HOME}/{number}",
            said="已登记。",
        )
        if saved is not None:
            return saved
    return again(request, "activities/new.html", form=form if of else None, kind=of, shapes=SHAPES, kinds=list(ActivityKind))


@get(HOME + "/{number:str}", guards=[_READ], name="activities:one")
async def one_activity(request: StationRequest, number: FromPath[str]) -> Response:
    """One registered work with its note, and the way to correct it."""
    row = found(await queries.activity_in(request.actor.scope, number))
    note = without_contacts(await queries.opened_note(row["id"]))
    was = await corrected(request.actor, {"activity": [row["id"]]}, opened=True)
    return page(request, "activities/show.html", row=row, note=note, shape=SHAPES[ActivityKind(row["kind"])], corrected=was)


ROUTES = [all_activities, new_activity, record, one_activity]
