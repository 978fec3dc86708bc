"""The worker's own registration: seen, its wishes changed at once, suggestions by the system switched off or on."""

from litestar import Response, get, post

from db.actions import seeker_changes as actions
from db.queries import seekers
from db.queries.person_groups import own_groups
from rules.attendance import QR_PREFIX
from rules.codes import TRADES, Education, IdType, PensionStatus
from rules.errors import RuleBroken
from rules.permissions import Permission
from rules.seekers import slots_text
from web.enrolment import picture
from web.forms.base import PageForm
from web.forms.me import SuggestionsForm
from web.forms.wishes import WishesForm
from web.guards import needs
from web.own_pages import own, own_page
from web.request import StationRequest
from web.submission import submit

_ME = needs(Permission.ME)


@get("/me/profile", guards=[_ME], name="me:profile")
async def profile(request: StationRequest) -> Response:
    """My registration, own numbers masked."""
    seeker = await own(request)
    trades = (await seekers.trades_of([seeker["id"]])).get(seeker["id"], [])
    return await own_page(
        request,
        "me/profile.html",
        seeker,
        trades="、".join(TRADES[code].label for code in trades if code in TRADES),
        slots=slots_text(seeker["availability"]),
        certificates=await seekers.certificates_of(seeker["id"]),
        groups=[row["label"] for row in await own_groups(seeker["id"]) if row["live"]],
        id_types=IdType,
        education=Education,
        pension=PensionStatus,
        form=SuggestionsForm(),
    )


@get("/me/code", guards=[_ME], name="me:code")
async def code(request: StationRequest) -> Response:
    """My code for signing in at a station: the seeker number, nothing else, as a picture the desk's scanner reads."""
    seeker = await own(request)
    return await own_page(request, "me/code.html", seeker, picture=picture(QR_PREFIX + seeker["number"]))


async def _wishes_page(request: StationRequest, form: WishesForm | None) -> Response:
    seeker = await own(request)
    trades = (await seekers.trades_of([seeker["id"]])).get(seeker["id"], [])
    status = 422 if form else 200
    return await own_page(request, "me/wishes.html", seeker, status=status, form=form or WishesForm.of(seeker, trades))


@get("/me/profile/edit", guards=[_ME], name="me:edit")
async def edit(request: StationRequest) -> Response:
    """What I look for, to change."""
    return await _wishes_page(request, None)


@post("/me/profile/edit", guards=[_ME], name="me:change")
async def change(request: StationRequest) -> Response:
    """Keep the changed wishes; what stood there before stays as a sealed version."""
    seeker = await own(request)
    form = await WishesForm.posted(request)
    if form.validate():
        saved = await submit(
            request,
            form,
            lambda: actions.change_wishes(seeker["id"], form.wishes(), actor=request.actor),
            to=lambda _: "/me/profile",
            said="改好了。",
        )
        if saved is not None:
            return saved
    return await _wishes_page(request, form)


@post("/me/suggestions", guards=[_ME], name="me:suggestions")
async def suggestions(request: StationRequest) -> Response:
    """不接受系统推荐: from now on only a person refers me (PIPL art. 24)."""
    seeker = await own(request)
    form = await SuggestionsForm.posted(request)
    wanted = form.wanted.data == "1"
    if form.validate():
        saved = await submit(
            request,
            form,
            lambda: actions.set_suggestions(seeker["id"], wanted, actor=request.actor),
            to=lambda _: "/me/profile",
            said="改好了：系统可以给您推荐。" if wanted else "改好了：系统不再给您推荐，只由工作人员人工推荐。",
        )
        if saved is not None:
            return saved
    raise RuleBroken(_first(form))


def _first(form: PageForm) -> str:
    return next((message for _, message in form.problems), "没有保存，请刷新页面再试。")


ROUTES = [profile, code, edit, change, suggestions]
