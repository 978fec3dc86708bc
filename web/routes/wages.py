"""The local wage guide (本地工价参考) for everybody: what an hour of each trade really paid over the last twelve months."""

from litestar import Response, get

from db.clock import today
from db.queries.parameters import legal_parameters
from db.queries.wages import wage_guides
from rules.parameters import ParameterMissing, in_force
from rules.wages import LEAST_CASES, LEAST_PEOPLE, MONTHS
from web.conditional import conditional
from web.guards import open_to_all
from web.render import page
from web.request import StationRequest


@get("/wages", guards=[open_to_all], name="wages:guide")
async def guide(request: StationRequest) -> Response:
    """Median and middle half by trade, with the minimum wage beside; nobody's own pay."""

    async def told(version: str) -> Response:
        guides = await wage_guides()
        try:
            minimum = in_force(await legal_parameters(), "min_wage_hour_tier1", today())
        except ParameterMissing:
            minimum = None
        return page(
            request,
            "wages/index.html",
            guides=list(guides.district.values()),
            minimum=minimum,
            months=MONTHS,
            least=(LEAST_CASES, LEAST_PEOPLE),
            station=None,
            back=request.url.path,
        )

    return await conditional(request, told)


ROUTES = [guide]
