"""Person groups (帮扶类别) at the counter: told by the person, its sentence read aloud, recorded one by one, ended with a reason."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from db.actions import person_groups as actions
from db.clock import today
from db.queries import person_groups as queries
from db.queries import seekers
from rules.codes import ConsentMethod, PersonGroup, SeekerState
from rules.permissions import Permission
from rules.person_groups import GroupEnd, consent_sentence, groups_to_offer, is_4050
from web.forms.person_groups import GroupChoiceForm, GroupEndForm, GroupForm
from web.guards import needs
from web.render import again, found, page
from web.request import StationRequest
from web.submission import submit

_RECORD = needs(Permission.GROUPS_RECORD)
_HERE = "/desk/seekers/{}/groups"


async def _seeker(request: StationRequest, number: str) -> dict[str, Any]:
    return found(await seekers.seeker_in(request.actor.scope, number))


async def _sheet(request: StationRequest, seeker: dict[str, Any], **forms: Any) -> dict[str, Any]:
    """What the page of somebody's groups shows; `forms` are refused ones, by name (`ending{id}` for one row's)."""
    guarded = request.actor.may(Permission.GROUPS_GUARDED)
    rows = await queries.groups_of(request.actor.scope, seeker["id"], guarded=guarded)
    held = {PersonGroup(row["kind"]) for row in rows if row["live"]}
    endings = {row["id"]: forms.pop(f"ending{row['id']}", None) or GroupEndForm() for row in rows if row["live"]}
    over = seeker["state_now"] in (SeekerState.CLOSED, SeekerState.ANONYMISED)
    return {
        "seeker": seeker,
        "rows": [{**row, "form": endings.get(row["id"])} for row in rows],
        "aged": is_4050(seeker["birth_date"], seeker["gender"], today()),
        "over": over,
        "choice": GroupChoiceForm.about(groups_to_offer(held, guarded=guarded)),
        "methods": ConsentMethod,
        "refused": next(iter(forms.values()), None) or next((form for form in endings.values() if form.problems), None),
        **forms,
    }


@get("/desk/seekers/{number:str}/groups", guards=[_RECORD], name="groups:list")
async def groups(request: StationRequest, number: FromPath[str]) -> Response:
    """Somebody's groups with proof and consent, and which ones may be recorded."""
    return page(request, "person_groups/index.html", **await _sheet(request, await _seeker(request, number)))


@post("/desk/seekers/{number:str}/groups/sentence", guards=[_RECORD], name="groups:sentence", status_code=200)
async def sentence(request: StationRequest, number: FromPath[str]) -> Response:
    """The sentence of the chosen group, to be read aloud. Posted, so that no group stands in an address."""
    seeker = await _seeker(request, number)
    form = await GroupChoiceForm.posted(request)
    if not form.validate():
        sheet = await _sheet(request, seeker)
        form.kind.choices = sheet["choice"].kind.choices
        return again(request, "person_groups/index.html", **{**sheet, "choice": form, "refused": form})
    group = form.kind.chosen
    return page(request, "person_groups/new.html", **_told(seeker, GroupForm(data={"kind": group.value}), group))


def _told(seeker: dict[str, Any], form: GroupForm, group: PersonGroup) -> dict[str, Any]:
    return {"seeker": seeker, "form": form, "group": group, "sentence": consent_sentence(group)}


@post("/desk/seekers/{number:str}/groups", guards=[_RECORD], name="groups:add")
async def add(request: StationRequest, number: FromPath[str]) -> Response:
    """Keep the group with the consent given for it."""
    seeker = await _seeker(request, number)
    form = await GroupForm.posted(request)
    if form.validate():
        method = ConsentMethod(form.method.data)
        saved = await submit(
            request,
            form,
            lambda: actions.add_group(
                seeker["id"], form.kind.chosen, form.proof.data or "", method, agreed=bool(form.agreed.data), actor=request.actor
            ),
            to=lambda _: _HERE.format(seeker["number"]),
            said="帮扶类别已登记。",
        )
        if saved is not None:
            return saved
    if form.kind.errors:  # no group, or one that is recorded already: choose again
        return again(request, "person_groups/index.html", **await _sheet(request, seeker, refused_kind=form))
    return again(request, "person_groups/new.html", **_told(seeker, form, form.kind.chosen))


@post("/desk/seekers/{number:str}/groups/end", guards=[_RECORD], name="groups:end")
async def end(request: StationRequest, number: FromPath[str]) -> Response:
    """The person is in this group no more; it stays on record."""
    seeker = await _seeker(request, number)
    rows = await queries.groups_of(request.actor.scope, seeker["id"], guarded=request.actor.may(Permission.GROUPS_GUARDED))
    form = await GroupEndForm.posted(request)
    row = found(next((row for row in rows if row["id"] == form.id), None))
    if form.validate():
        why = GroupEnd(form.why.data)
        saved = await submit(
            request,
            form,
            lambda: actions.end_group(row["id"], why, actor=request.actor, by_proxy=why is GroupEnd.WITHDRAWN),
            to=lambda _: _HERE.format(seeker["number"]),
            said="已取消，从现在起不再使用。",
        )
        if saved is not None:
            return saved
    return again(request, "person_groups/index.html", **await _sheet(request, seeker, **{f"ending{row['id']}": form}))


ROUTES = [groups, sentence, add, end]
