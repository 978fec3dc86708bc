"""The employer's front page: how they stand, what waits for them first, and their posts by state."""

from urllib.parse import urlencode

from litestar import Response, get

from db.queries import own_posts as queries
from db.queries.ratings import count_to_rate
from db.queries.signing import own_sittings
from rules.codes import Side
from rules.permissions import Permission
from web.guards import needs
from web.order_pages import new_basket
from web.own_posts import own_page
from web.request import StationRequest

GROUPS = (("", "全部"), ("draft", "没提交"), ("review", "审核中"), ("running", "招工中"), ("over", "已结束"))


@get("/employer", guards=[needs(Permission.EMPLOYER_HOME)], name="employer:home")
async def home(request: StationRequest) -> Response:
    """What waits first (returned posts, candidates, outcomes, still standing), then the posts, 20 to a page."""
    employer_id = request.actor.employer_id or 0
    asked, after = request.query_params.get("show", ""), request.query_params.get("after", "")
    group = asked if asked in queries.GROUPS else ""
    posts = await queries.own_posts(employer_id, group, after)
    kept = {"show": group} if group else {}
    return await own_page(
        request,
        "employer/home.html",
        here="home",
        groups=GROUPS,
        group=group,
        posts=posts,
        links={
            "previous": f"/employer?{urlencode(kept)}" if after else "",
            "next": f"/employer?{urlencode({**kept, 'after': posts.next})}" if posts.next else "",
        },
        begun=await new_basket(request),
        signing=await own_sittings(employer_id=employer_id),
        returned=await queries.returned_posts(employer_id),
        answering=await queries.posts_with_candidates(employer_id),
        confirming=await queries.posts_to_confirm(employer_id),
        reporting=await queries.posts_to_report(employer_id),
        to_rate=await count_to_rate(Side.EMPLOYER, employer_id),
    )


ROUTES = [home]
