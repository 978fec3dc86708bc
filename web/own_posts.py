"""What every page of an employer's own shares: who they are, with which station, and what verification still lacks."""

from typing import Any

from litestar import Response

from db.clock import today
from db.queries.complaints import frozen_by
from db.queries.employer_documents import held_documents
from db.queries.employers import employer_facts
from db.queries.own_posts import credit_reason, own_employer
from rules.codes import EmployerKind, EmployerState
from rules.employer_documents import missing_documents, required_documents
from rules.employers import reverify_due
from rules.masking import mask_name
from rules.publication import frozen_sentence
from web.render import found, page
from web.request import StationRequest


async def employer_home(request: StationRequest) -> dict[str, Any]:
    """The signed-in employer's record with its facts; 404 when the record is gone."""
    employer = found(await own_employer(request.actor.employer_id or 0))
    facts = await employer_facts(employer["id"])
    lapsed = reverify_due(facts.state, facts.verified_until, today())
    name = employer["name"] if facts.kind is EmployerKind.UNIT else mask_name(employer["name"])
    return {
        **employer,
        "name": name,
        "facts": facts,
        "lapsed": lapsed,
        "lacks": await _lacks(employer, lapsed),
        "frozen": frozen_sentence(case, own=True) if (case := await frozen_by(employer["id"])) else "",
        "credit_reason": await credit_reason(employer["id"], facts.credit),
    }


async def _lacks(employer: dict[str, Any], lapsed: bool) -> list[str]:
    """What the employer must bring before the station can verify it, in words; empty for a verified one."""
    if employer["state"] == EmployerState.VERIFIED.value and not lapsed:
        return []
    needed = required_documents(
        EmployerKind(employer["kind"]),
        agent_name=employer["agent_name"],
        legal_representative=employer["legal_representative"],
        agency=employer["agency"],
        dispatch=employer["dispatch"],
    )
    missing = missing_documents(needed, await held_documents(employer["id"]), today())
    return [f"{kind.label}：{why}" for kind, why in missing]


async def own_page(request: StationRequest, template: str, *, status: int = 200, here: str = "", **context: Any) -> Response[str]:
    """A page of the employer's own: with the station to ask, never kept in a cache on the way."""
    employer = context.pop("employer", None) or await employer_home(request)
    station = {"name": employer["station_name"], "phone": employer["station_phone"]}
    back = request.url.path if request.method == "GET" else "/employer"
    answer = page(request, template, status=status, employer=employer, station=station, here=here, back=back, **context)
    answer.headers["cache-control"] = "no-store"
    return answer
