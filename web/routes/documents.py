"""Is this paper genuine? Anybody may ask with the number that stands on it, or with the journal head of a printed ledger."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from db.queries import documents as queries
from db.queries.agreements import parties_to_verify
from db.queries.ledger_heads import days_with_head, ledger_numbered, ledgers_with_head
from rules.codes import TRADES, EmployerKind, LedgerState
from rules.documents import paper_title
from rules.errors import RuleBroken
from rules.heads import Typed, ledger_number_of, read_typed
from rules.ledger import month_label
from rules.ledger_papers import grouped
from rules.masking import public_employer_name, public_worker
from rules.numbers import normal, number_and_version
from web.forms.heads import VerifyForm
from web.guards import open_to_all
from web.render import again, done, local, page
from web.request import StationRequest


@get("/verify", guards=[open_to_all], name="documents:ask")
async def ask(request: StationRequest) -> Response:
    """Where a number or a head is typed."""
    return page(request, "verify/ask.html", form=VerifyForm(), **_shown())


def _shown(digits: str = "", ledgers: list[dict[str, Any]] | None = None, days: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    words = {"months": month_label, "states": LedgerState, "grouped": grouped, "here": "", "back": "%2Fverify"}
    return {"digits": digits, "ledgers": ledgers or [], "days": days or [], **words}


@post("/verify", guards=[open_to_all], name="documents:check", status_code=200)
async def check(request: StationRequest) -> Response:
    """Which month or day a head was signed with; a number leads to its page. Posted, so that nothing typed stands in an address."""
    form, typed = await VerifyForm.posted(request), Typed()
    if form.validate():
        try:
            typed = read_typed(form.code.data or "")
        except RuleBroken as broken:
            form.refuse(broken)
    if typed.number:
        return done(request, f"/verify/{typed.number}")
    if not typed.digits:
        return again(request, "verify/ask.html", form=form, **_shown())
    ledgers, days = await ledgers_with_head(typed.digits), await days_with_head(typed.digits)
    return page(request, "verify/ask.html", status=200 if ledgers or days else 404, form=form, **_shown(typed.digits, ledgers, days))


@get("/verify/{number:str}", guards=[open_to_all], name="documents:verify")
async def verify(request: StationRequest, number: FromPath[str]) -> Response:
    """Genuine, void or unknown: number, kind, date, station and masked parties, nothing about anybody."""
    if ledger := ledger_number_of(number):
        return await _ledger(request, ledger)
    asked, version = number_and_version(normal(number[:60]))  # the code of a changed agreement also says which version it is
    papers = await _papers(asked, version)
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


async def _papers(asked: str, version: int = 1) -> list[dict[str, Any]]:
    papers = await queries.papers_to_verify(asked, version if version > 1 else 0) if len(asked) <= 30 else []
    for paper in papers:
        paper["label"] = paper_title(paper["kind"], paper["number"])
        paper["print"] = " ".join(paper["sha256"][at : at + 4].upper() for at in range(0, 16, 4))
        paper["parties"] = await _parties(paper)
        paper["local_day"] = local(paper["issued_at"]).date()
        paper["void_day"] = local(paper["voided_at"]).date() if paper["voided_at"] else None
    return papers


async def _ledger(request: StationRequest, number: str) -> Response:
    """A signed ledger, printed or not; one that was never signed is an unknown paper."""
    row = await ledger_numbered(number)
    if row is None:
        return page(request, "documents/verify.html", status=404, number=number, papers=[], station=None, here="", back="%2Fjobs")
    station = {"name": row["station_name"], "phone": row["station_phone"]}
    return page(request, "verify/ledger.html", row=row, papers=await _papers(number), station=station, **_shown())


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


ROUTES = [ask, check, verify]
