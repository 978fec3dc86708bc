"""The worker's own groups (我的帮扶类别): which ones are recorded, in which words agreed to, and taken back with one tap."""

from typing import Any

from litestar import Response, get, post

from db.actions import person_groups as actions
from db.clock import today
from db.queries import person_groups as queries
from rules.permissions import Permission
from rules.person_groups import GroupEnd, is_4050
from web.forms.person_groups import OwnGroupForm
from web.guards import needs
from web.own_pages import own, own_page
from web.render import found
from web.request import StationRequest
from web.submission import submit

_ME = needs(Permission.ME)


async def _page(request: StationRequest, seeker: dict[str, Any], refused: OwnGroupForm | None = None) -> Response:
    rows = [{**row, "form": OwnGroupForm()} for row in await queries.own_groups(seeker["id"])]
    aged = is_4050(seeker["birth_date"], seeker["gender"], today())
    return await own_page(request, "me/groups.html", seeker, status=422 if refused else 200, rows=rows, aged=aged, refused=refused)


@get("/me/groups", guards=[_ME], name="me:groups")
async def groups(request: StationRequest) -> Response:
    """My groups, and a button to take each consent back."""
    return await _page(request, await own(request))


@post("/me/groups/withdrawal", guards=[_ME], name="me:withdraw-group")
async def withdraw(request: StationRequest) -> Response:
    """Take the consent to one group back: it ends at once, no reason asked (PIPL art. 15)."""
    seeker = await own(request)
    form = await OwnGroupForm.posted(request)
    row = found(next((row for row in await queries.own_groups(seeker["id"]) if row["id"] == form.id), None))
    saved = await submit(
        request,
        form,
        lambda: actions.end_group(row["id"], GroupEnd.WITHDRAWN, actor=request.actor),
        to=lambda _: "/me/groups",
        said="撤回了，从现在起不再使用。",
    )
    return saved if saved is not None else await _page(request, seeker, form)


ROUTES = [groups, withdraw]
