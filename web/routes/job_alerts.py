"""Job alerts without an account: a search saved for a phone, or followed as a feed; ended by the link of any message."""

from litestar import Response, get, post
from litestar.params import FromPath

from db.actions import job_alerts as actions
from db.actions.phone_codes import accept_code, send_code
from db.clock import today
from db.queries import board
from db.queries.job_alerts import alert_with
from rules.errors import RuleBroken
from rules.masking import mask_phone
from web.drafts import draft_of, finish, keep
from web.forms.base import PageForm
from web.forms.board import BoardSearch
from web.forms.job_alerts import AlertForm, CodeForm
from web.guards import open_to_all
from web.render import again, done, found, page
from web.request import StationRequest
from web.senders import SendingFailed
from web.submission import submit

KIND = "alert"
NOT_SENT = "短信没有发出去，请过一会儿再试，或者用下面的订阅地址。"


async def _search(request: StationRequest, values: dict[str, str]) -> BoardSearch:
    return BoardSearch(values, today=today(), subdistricts=(await board.places()).subdistricts)


@get("/jobs/alerts", guards=[open_to_all], name="job-alerts:new")
async def new_alert(request: StationRequest) -> Response:
    """What would be told, by message where a sender is set up, and always as a feed."""
    search = await _search(request, dict(request.query_params))
    return page(request, "board/alert.html", form=AlertForm(), search=search, sends=request.sender.works)


@post("/jobs/alerts", guards=[open_to_all], name="job-alerts:ask")
async def ask(request: StationRequest) -> Response:
    """Send a code to the phone; search and phone wait in this browser's draft, never in an address."""
    typed, form = await request.typed(), await AlertForm.posted(request)
    search = await _search(request, {name: str(value) for name, value in typed.items()})
    if request.sender.works and form.validate():
        try:
            phone = form.number()
            await send_code(phone, KIND, bound_to=request.token_binding, address=request.address, carrier=request.sender)
        except RuleBroken as broken:
            form.refuse(broken)
        except SendingFailed:
            form.refuse(RuleBroken(NOT_SENT))
        else:
            await keep(request, KIND, "asked", {"phone": phone, "search": search.values})
            return done(request, "/jobs/alerts/code")
    return again(request, "board/alert.html", form=form, search=search, sends=request.sender.works)


@get("/jobs/alerts/code", guards=[open_to_all], name="job-alerts:code")
async def code_page(request: StationRequest) -> Response:
    """Where the code is typed; without a draft, back to the beginning."""
    draft = await draft_of(request, KIND)
    if draft is None or "asked" not in draft[0]:
        return done(request, draft[1] if draft and draft[1] else "/jobs/alerts")
    return page(request, "board/alert_code.html", form=CodeForm(), phone=mask_phone(draft[0]["asked"]["phone"]))


@post("/jobs/alerts/code", guards=[open_to_all], name="job-alerts:confirm")
async def confirm(request: StationRequest) -> Response:
    """Use the code up and save the search, once."""
    form, draft = await CodeForm.posted(request), await draft_of(request, KIND)
    if draft is None or "asked" not in draft[0]:
        return done(request, draft[1] if draft and draft[1] else "/jobs/alerts")
    asked = draft[0]["asked"]

    async def save() -> str:
        token = await actions.set_alert(asked["phone"], asked["search"])
        await finish(request, KIND, f"/jobs/alerts/{token}")
        return token

    if form.validate():
        try:
            await accept_code(asked["phone"], KIND, form.code.data, bound_to=request.token_binding)
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            saved = await submit(request, form, save, to=lambda token: f"/jobs/alerts/{token}", said="订阅好了，有新岗位就发短信。")
            if saved is not None:
                return saved
    return again(request, "board/alert_code.html", form=form, phone=mask_phone(asked["phone"]))


@get("/jobs/alerts/{token:str}", guards=[open_to_all], name="job-alerts:one")
async def one_alert(request: StationRequest, token: FromPath[str]) -> Response:
    """The saved search behind the link of a message, with the button that ends it."""
    alert = found(await alert_with(token))
    search = await _search(request, alert["search"])
    return page(request, "board/alert_end.html", form=PageForm(), alert=alert, search=search, token=token)


@post("/jobs/alerts/{token:str}/end", guards=[open_to_all], name="job-alerts:end")
async def end(request: StationRequest, token: FromPath[str]) -> Response:
    """Unsubscribe. A second press changes nothing."""
    found(await alert_with(token))
    await actions.end_alert(token)
    return done(request, f"/jobs/alerts/{token}", "已退订，号码已删除，不会再发。")


ROUTES = [new_alert, ask, code_page, confirm, one_alert, end]
