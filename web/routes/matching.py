"""Batch matching (批量匹配): the morning's demands and people matched in one go; a person decides about every suggestion."""

from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.params import FromPath

from db.actions import matching as actions
from db.clock import today
from db.queries import matching as queries
from rules.codes import TRADES, DropReason, MatchedPeople
from rules.errors import RuleBroken
from rules.lint import marked_pieces
from rules.permissions import Permission
from rules.referrals import decline_reason_hits
from web.forms.base import PageForm
from web.forms.matching import DropForm, MatchForm, SuggestionFilterForm, TakeAllForm, TakeForm
from web.guards import needs
from web.match_runs import worked_out
from web.render import again, done, found, page
from web.request import StationRequest
from web.submission import submit

HOME = "/desk/matching"
RUN = HOME + "/runs/{number:str}"


@get(HOME, guards=[needs(Permission.MATCHING_RUN)], name="matching:home")
async def matching(request: StationRequest) -> Response:
    """The demands that can be filled, whom to match, and the runs made so far."""
    rows = await queries.posts_to_fill(request.actor.station_id or 0, today())
    return page(request, "matching/index.html", fragment="matching/_runs.html", **await _home(request, MatchForm.among(rows), rows))


@post(HOME, guards=[needs(Permission.MATCHING_RUN)], name="matching:run")
async def run(request: StationRequest) -> Response:
    """Match: worked out beside the pages, then kept with its seed and with what went in."""
    station, who = request.actor.station_id or 0, request.actor
    rows = await queries.posts_to_fill(station, today())
    form = MatchForm.among(rows, await request.typed())
    saved = await _matched(request, form, station, [row for row in rows if row["number"] in (form.posts.data or ())], who)
    return saved or again(request, "matching/index.html", **await _home(request, form, rows))


async def _matched(request: StationRequest, form: MatchForm, station: int, rows: list[dict[str, Any]], who: Any) -> Response | None:
    if not form.validate():
        return None
    whom = MatchedPeople(form.whom.data)
    try:
        made = await worked_out(station, rows, whom)
    except RuleBroken as broken:
        form.refuse(broken)
        return None
    return await submit(
        request,
        form,
        lambda: actions.keep_run(station, whom, made.inputs, made.suggestions, made.milliseconds, actor=who),
        to=lambda number: f"{HOME}/runs/{number}",
        said=f"匹配好了，有{len(made.suggestions)}条建议。请逐条决定采用不采用。",
    )


async def _home(request: StationRequest, form: MatchForm, rows: list[dict[str, Any]]) -> dict[str, Any]:
    after = request.query_params.get("after", "")
    runs = await queries.runs_of(request.actor.scope, after)
    return {
        "form": form,
        "posts": rows,
        "trades": TRADES,
        "open": sum(row["open"] for row in rows),
        "here": await queries.counts_waiting(request.actor.station_id or 0, today()),
        "runs": runs.rows,
        "links": _links(HOME, {}, after, runs.next),
    }


def _links(home: str, kept: dict[str, str], after: str, following: str | None) -> dict[str, str]:
    query = urlencode({**kept, "after": following}) if following else ""
    return {"previous": f"{home}?{urlencode(kept)}" if after else "", "next": f"{home}?{query}" if query else ""}


@get(HOME + "/suggestions", guards=[needs(Permission.MATCHING_RUN)], name="matching:suggestions")
async def suggestions(request: StationRequest) -> Response:
    """Every suggestion of the station, the newest run first, narrowed by run and decision."""
    form, after = SuggestionFilterForm(request.query_params), request.query_params.get("after", "")
    wanted = queries.SuggestionFilter.of(form.run.data or "", form.decision.data or "")
    rows = await queries.suggestions_of(request.actor.scope, wanted, after)
    kept = {name: value for name, value in (("run", wanted.run), ("decision", wanted.decision)) if value}
    shown: dict[str, Any] = {
        "form": form,
        "rows": rows.rows,
        "links": _links(f"{HOME}/suggestions", kept, after, rows.next),
        "narrowed": bool(kept),
    }
    return page(request, "matching/suggestions.html", fragment="matching/_list.html", **shown)


@get(RUN, guards=[needs(Permission.MATCHING_RUN)], name="matching:one")
async def one_run(request: StationRequest, number: FromPath[str]) -> Response:
    """One run: what went in, and its suggestions in the waiting order, each to be decided about."""
    row = found(await queries.run_in(request.actor.scope, number))
    return page(request, "matching/show.html", fragment="matching/_suggestions.html", **await _shown(request, row, PageForm()))


async def _shown(request: StationRequest, row: dict[str, Any], form: PageForm, about: int = 0) -> dict[str, Any]:
    """What the page of a run shows; `form` carries what was refused, about the suggestion with the id `about`."""
    after = request.query_params.get("after", "")
    rows = await queries.suggestions_of(request.actor.scope, queries.SuggestionFilter(row["number"]), after)
    refused = form if isinstance(form, DropForm) else None
    note = refused.note.data or "" if refused and refused.marks else ""
    for each in rows.rows:
        each["take"], each["drop"] = TakeForm(), refused if refused and each["id"] == about else None
    return {
        "run": row,
        "whom": MatchedPeople.label_of(row["whom"]),
        "rows": rows.rows,
        "waiting": [each for each in rows.rows if not each["decision"]],
        "links": _links(f"{HOME}/runs/{row['number']}", {}, after, rows.next),
        "form": form,
        "all": form if isinstance(form, TakeAllForm) else TakeAllForm(),
        "reasons": DropReason.choices(),
        "marked": marked_pieces(note, decline_reason_hits(note, "note")) if note else [],
    }


@post(RUN + "/suggestions/{suggestion:int}/referral", guards=[needs(Permission.MATCHING_RUN)], name="matching:take")
async def take(request: StationRequest, number: FromPath[str], suggestion: FromPath[int]) -> Response:
    """Take one suggestion up: a referral, which asks every guard again."""
    form, who = await TakeForm.posted(request), request.actor
    found(await queries.suggestion_in(who.scope, number, suggestion))
    said = "已推荐，请在24小时内问本人去不去。"
    return await _decided(request, number, suggestion, form, lambda: actions.take_suggestion(suggestion, actor=who), said)


@post(RUN + "/suggestions/{suggestion:int}/dropping", guards=[needs(Permission.MATCHING_RUN)], name="matching:drop")
async def drop(request: StationRequest, number: FromPath[str], suggestion: FromPath[int]) -> Response:
    """Do not take one suggestion up, with a reason."""
    form, who = await DropForm.posted(request), request.actor
    found(await queries.suggestion_in(who.scope, number, suggestion))

    async def act() -> None:
        await actions.drop_suggestion(suggestion, form.reason.chosen, form.note.data or "", actor=who)

    return await _decided(request, number, suggestion, form, act, "已记下不采用。")


async def _decided(request: StationRequest, number: str, suggestion: int, form: PageForm, act: Any, said: str) -> Response:
    where = f"{HOME}/runs/{number}"
    if form.validate() and (saved := await submit(request, form, act, to=lambda _: where, said=said)) is not None:
        return saved
    row = found(await queries.run_in(request.actor.scope, number))
    return again(request, "matching/show.html", **await _shown(request, row, form, suggestion))


@post(RUN + "/referrals", guards=[needs(Permission.MATCHING_RUN)], name="matching:take-all")
async def take_all(request: StationRequest, number: FromPath[str]) -> Response:
    """Take everything on the page up at one confirmation: each is a referral of its own with an entry of its own."""
    row = found(await queries.run_in(request.actor.scope, number))
    form = await TakeAllForm.posted(request)
    taken = await _all_taken(request, row["number"], form) if form.validate() else 0
    if not form.problems:
        said = f"已推荐{taken}人，请在24小时内问本人去不去。" if taken else "这些建议都已经处理过了。"
        return done(request, f"{HOME}/runs/{row['number']}", said)
    row = found(await queries.run_in(request.actor.scope, number))
    return again(request, "matching/show.html", **await _shown(request, row, form))


async def _all_taken(request: StationRequest, number: str, form: TakeAllForm) -> int:
    """Take every suggestion of the form up that nobody has decided about, each on its own; those refused are put on the form."""
    taken = 0
    for each in await queries.undecided_among(request.actor.scope, number, form.ids):
        try:
            await actions.take_suggestion(each["id"], actor=request.actor)
            taken += 1
        except RuleBroken as broken:
            form.refusals.append(f"{each['worker_name']}去“{each['title']}”没有推荐成：{broken.message}")
    return taken


ROUTES = [matching, run, suggestions, one_run, take, drop, take_all]
