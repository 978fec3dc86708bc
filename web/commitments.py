"""The signed confidentiality commitment (保密承诺书) on paper: issued for people of a station, printed for the others."""

from typing import Any

from db.clock import CHINA
from db.queries.accounts import security_of
from db.queries.documents import station_on_paper
from db.queries.stations import subdistrict_office
from rules.codes import PaperKind
from rules.commitment import commitment
from rules.documents import CommitmentPaper, StationImprint
from rules.errors import RuleBroken
from rules.permissions import Actor, Role
from rules.stations import DISTRICT_BUREAU
from web.papers import issued_pdf, printed_pdf, station_imprint
from web.render import show_date
from web.request import StationRequest


async def _imprint(row: dict[str, Any]) -> StationImprint:
    """The station as papers name it; for people of no station their office, supervised by the district bureau."""
    if row["station"] is not None:
        return station_imprint(await station_on_paper(row["station"]))
    office = await subdistrict_office(row["subdistrict"]) if row["subdistrict"] else None
    name, phone = (office["office"], office["phone"]) if office else (row["operator"] or DISTRICT_BUREAU.name, DISTRICT_BUREAU.phone)
    return StationImprint(name, "", phone, "", DISTRICT_BUREAU.name, DISTRICT_BUREAU.phone, "", "")


def commitment_number(account_id: int) -> str:
    """BM- and the account's id in figures and capitals: the same person's next version is the next copy of one number."""
    digits, left = "", account_id
    while left:
        left, one = divmod(left, 36)
        digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[one] + digits
    return f"BM-{digits or '0'}"


async def commitment_pdf(request: StationRequest, actor: Actor) -> bytes:
    """The commitment this person signed, as PDF. RuleBroken while the version in force is not signed."""
    row, text = await security_of(actor.id), commitment()
    if row["committed_at"] is None or row["commitment_version"] != text.version:
        raise RuleBroken("还没有签署现在的保密承诺书，请退出后重新登录，先签署再打印。")
    paper = CommitmentPaper(
        station=await _imprint(row),
        number=commitment_number(actor.id),
        created=row["committed_at"],
        title=text.title,
        opening=text.opening,
        promises=text.promises,
        closing=text.closing,
        basis=text.basis,
        text_version=text.version,
        name=row["name"],
        role=Role.label_of(row["role"]),
        work_no=row["work_no"],
        login=row["login"],
        signed_on=show_date(row["committed_at"].astimezone(CHINA).date()),
    )
    if row["station"] is None:
        return await printed_pdf(request, PaperKind.COMMITMENT, paper)
    return await issued_pdf(
        request,
        kind=PaperKind.COMMITMENT,
        number=paper.number,
        subject="account",
        subject_id=actor.id,
        station_id=row["station"],
        paper=paper,
    )
