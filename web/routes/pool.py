"""The district's pool (全区, art. 10): every station's published posts, every station's people (masked), proposing across stations."""

from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.params import FromPath

from db.actions import referrals as actions
from db.clock import today
from db.queries import pool as queries
from db.queries.orders import station_taking
from db.queries.seekers import seeker_in
from rules.ages import age_band
from rules.board import place_text
from rules.codes import SUBDISTRICTS
from rules.errors import RuleBroken
from rules.masking import public_worker
from rules.permissions import Permission
from rules.seekers import slots_text
from web.candidates import candidate_list
from web.forms.pool import PoolFilterForm
from web.forms.referrals import ProposeForm
from web.guards import needs
from web.render import again, found, page
from web.request import StationRequest
from web.submission import submit

HOME = "/desk/pool"


@get(HOME, guards=[needs(Permission.POOL_READ)], name="pool:list")
async def pool(request: StationRequest) -> Response:
    """Posts or people of the whole district, narrowed by trade and place."""
    form = PoolFilterForm(request.query_params)
    kind = "seekers" if request.query_params.get("kind") == "seekers" else "posts"
    return await _list(request, form, kind, request.query_params.get("after", ""))


@post(HOME, guards=[needs(Permission.REFERRALS_PROPOSE)], name="pool:find", status_code=200)
async def find(request: StationRequest) -> Response:
    """One person by a whole number, phone or document, typed and never in an address: a masked card says which station."""
    form = PoolFilterForm(await request.typed())
    rows = await queries.pool_meant((form.word.data or "").strip())
    return page(request, "pool/index.html", **_shown(request, form, "seekers", rows, {}), searched=True)


async def _list(request: StationRequest, form: PoolFilterForm, kind: str, after: str) -> Response:
    wanted = queries.PoolFilter.of(form.trade.data or "", form.subdistrict.data or "", SUBDISTRICTS)
    ask = queries.pool_posts if kind == "posts" else queries.pool_seekers
    rows = await ask(wanted, today(), after)
    kept = {"kind": kind, **{name: value for name, value in (("trade", wanted.trade), ("subdistrict", wanted.subdistrict)) if value}}
    links = {
        "previous": f"{HOME}?{urlencode(kept)}" if after else "",
        "next": f"{HOME}?{urlencode({**kept, 'after': rows.next})}" if rows.next else "",
    }
    return page(request, "pool/index.html", fragment=f"pool/_{kind}.html", **_shown(request, form, kind, rows.rows, links), searched=False)


def _shown(request: StationRequest, form: PoolFilterForm, kind: str, rows: list[dict[str, Any]], links: dict[str, str]) -> dict[str, Any]:
    return {
        "form": form,
        "kind": kind,
        "rows": rows,
        "links": links or {"previous": "", "next": ""},
        "own": request.actor.station_id,
        "today": today(),
        "band": age_band,
        "slots": slots_text,
        "place": lambda row: place_text(SUBDISTRICTS.get(row["subdistrict"], ""), row["landmark"]),
        "alias": public_worker,
    }


@get(HOME + "/jobs/{number:str}", guards=[needs(Permission.REFERRALS_PROPOSE)], name="pool:candidates")
async def candidates(request: StationRequest, number: FromPath[str]) -> Response:
    """Another station's post, to the street only, with the people of one's own station who fit it."""
    job = found(await queries.pool_post(number, today()))
    return page(request, "referrals/candidates.html", **await candidate_list(request, job, ProposeForm(), home=f"{HOME}/jobs/{number}"))


@post(HOME + "/jobs/{number:str}/referrals", guards=[needs(Permission.REFERRALS_PROPOSE)], name="pool:propose")
async def propose(request: StationRequest, number: FromPath[str]) -> Response:
    """Propose one of one's own people for another station's post; that station asks the employer."""
    job, form = found(await queries.pool_post(number, today())), await ProposeForm.posted(request)
    taken = await station_taking(job["id"]) == request.actor.station_id
    typed = (form.seeker.data or "").upper() if form.validate() else ""
    seeker = await (queries.pool_seeker(typed) if taken else seeker_in(request.actor.scope, typed))
    if seeker is not None:
        saved = await submit(
            request,
            form,
            lambda: actions.propose(job["id"], seeker["id"], actor=request.actor),
            to=lambda ref: f"/desk/referrals/{ref.number}",
            said=f"已推荐。请在24小时内问零工去不去；雇主那边由{job['station_name']}去问。",
        )
        if saved is not None:
            return saved
    elif not form.problems:
        form.refuse(RuleBroken("本站没有这个编号的求职者，请核对编号。", "seeker"))
    return again(request, "referrals/candidates.html", **await candidate_list(request, job, form, home=f"{HOME}/jobs/{number}"))


ROUTES = [pool, find, candidates, propose]
