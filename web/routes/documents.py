"""Is this paper genuine? Anybody may ask with the number that stands on it."""

from litestar import Response, get
from litestar.params import FromPath

from db.queries import documents as queries
from db.queries.agreements import parties_to_verify
from rules.codes import TRADES, EmployerKind
from rules.documents import paper_title
from rules.masking import public_employer_name, public_worker
from rules.numbers import normal, number_and_version
from web.guards import open_to_all
from web.render import local, page
from web.request import StationRequest


@get("/verify/{number:str}", guards=[open_to_all], name="documents:verify")
async def verify(request: StationRequest, number: FromPath[str]) -> Response:
    """Genuine, void or unknown: number, kind, date, station and masked parties, nothing about anybody."""
    asked, version = number_and_version(normal(number[:60]))  # the code of a changed agreement also says which version it is
    papers = await queries.papers_to_verify(asked, version if version > 1 else 0) if len(asked) <= 30 else []
    for paper in papers:
        paper["label"] = paper_title(paper["kind"], paper["number"])
        paper["print"] = " ".join(paper["sha256"][at : at + 4].upper() for at in range(0, 16, 4))
        paper["parties"] = await _parties(paper)
        paper["local_day"] = local(paper["issued_at"]).date()
        paper["void_day"] = local(paper["voided_at"]).date() if paper["voided_at"] else None
    station = {"name": papers[0]["station_name"], "phone": papers[0]["station_phone"]} if papers else None
    return page(
        request,
        "documents/verify.html",
        status=200 if papers else 404,
        number=asked,
        papers=papers,
        station=station,
        here="",
        back="%2Fjobs",
    )


async def _parties(paper: dict) -> list[tuple[str, str]]:
    """(甲方, 武汉某物流公司), (乙方, 零工…123) of an agreement; nothing for other papers."""
    if paper["subject"] != "agreement":
        return []
    row = await parties_to_verify(paper["subject_id"])
    if row is None:
        return []
    trade = TRADES[row["trade"]].label if row["trade"] in TRADES else ""
    employer = public_employer_name(EmployerKind(row["employer_kind"]), row["employer"], trade)
    return [("甲方", employer), ("乙方", public_worker(row["seeker"]))]


ROUTES = [verify]
