"""Data kept long enough (到期信息处理, domain reference 10.5): the rules, a dry run, and carrying out exactly what it found."""

from datetime import timedelta
from typing import Any

from litestar import Response, get, post

from db.actions import retention as actions
from db.actions.accounts import remember_submission
from db.clock import now, today
from db.queries import retention as queries
from db.queries.accounts import earlier_location
from db.queries.parameters import legal_parameters
from rules.errors import RuleBroken
from rules.permissions import Permission
from rules.retention import KEEPINGS, period_words
from web.confirmation import confirm_first
from web.forms.base import PageForm
from web.forms.privacy import RetentionForm
from web.guards import needs
from web.render import again, done, page
from web.request import StationRequest
from web.submission import submit

HOME = "/supervision/retention"
_DOOR = needs(Permission.RETENTION_RUN)


@get(HOME, guards=[_DOOR], name="retention:page")
async def retention(request: StationRequest) -> Response:
    """The rules with their periods and grounds, the run asked for (`?run=`) or the last dry one, and every earlier run."""
    return page(request, "supervision/retention.html", fragment="supervision/_retention_run.html", **await _sheet(request))


@post(HOME, guards=[_DOOR], name="retention:try")
async def try_run(request: StationRequest) -> Response:
    """Count what is due today; nothing is changed."""
    form = await PageForm.posted(request)
    saved = await submit(
        request,
        form,
        lambda: actions.try_run(actor=request.actor),
        to=lambda run: f"{HOME}?run={run}",
        said="已试算，什么都没有改动。请核对清单。",
    )
    return saved or again(request, "supervision/retention.html", **await _sheet(request))


@post(f"{HOME}/confirmation", guards=[_DOOR], name="retention:confirm")
async def confirm(request: StationRequest) -> Response:
    """Carry out the dry run that was looked at, once, by somebody who gave the password a moment ago.

    It takes a transaction per person, so it is not one of its own; a second click is refused by the run itself.
    """
    form = await RetentionForm.posted(request)
    token = form.form_token.data or ""
    if location := await earlier_location(token):
        return done(request, location)
    if form.validate():
        confirm_first(request)
        try:
            where = f"{HOME}?run={await actions.carry_out(form.id, actor=request.actor)}"
            await remember_submission(token, where, actor=request.actor)
            return done(request, where, "已按试算的清单办理，并记入工作记录。")
        except RuleBroken as broken:
            form.refuse(broken)
    return again(request, "supervision/retention.html", **await _sheet(request, form))


async def _sheet(request: StationRequest, refused: RetentionForm | None = None) -> dict[str, Any]:
    asked = str(refused.id) if refused else request.query_params.get("run", "")
    known = asked.isascii() and asked.isdigit() and len(asked) < 19
    run = (await queries.run_with_id(int(asked)) if known else None) or await queries.newest_dry_run()
    parameters, day = await legal_parameters(), today()
    rows = await queries.runs(request.query_params.get("after", ""))
    open_run = run is not None and run["dry"] and not run["carried_out"] and now() - run["at"] <= actions.FRESH
    return {
        "keepings": [(keeping, period_words(keeping, parameters, day)) for keeping in KEEPINGS],
        "run": run,
        "can_do": open_run,
        "until": run["at"] + timedelta(hours=24) if run else None,
        "trying": PageForm(),
        "form": refused or RetentionForm(data={"run": str(run["id"])} if run else {}),
        "runs": rows.rows,
        "links": {
            "previous": HOME if request.query_params.get("after") else "",
            "next": f"{HOME}?after={rows.next}" if rows.next else "",
        },
    }


ROUTES = [retention, try_run, confirm]
