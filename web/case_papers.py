"""The papers of a case: the registration of the consultation (P11) and the record of settling the dispute (P29)."""

from typing import Any

from db.queries.complaints import opened_case
from db.queries.documents import station_on_paper
from rules.codes import CaseKind, CaseState
from rules.complaints import OPEN_CASES
from rules.documents import StationImprint
from rules.form_papers import CAUSES, DISPUTE_CLASSES, STANDINGS, DisputeRecord, LegalForm, boxes_of
from rules.journal_reading import without_contacts
from rules.money import yuan
from web.papers import station_imprint
from web.render import local, show_date
from web.request import StationRequest

LIMIT_NOTE = "按申请劳动仲裁的时效算，别的途径可能更长"


async def _shared(request: StationRequest, row: dict[str, Any], facts: str) -> dict[str, Any]:
    """What both papers say of the case."""
    station: StationImprint = station_imprint(await station_on_paper(row["station"]))
    slip = f"（推荐单 {row['referral_number']}）" if row["referral_number"] else ""
    return {
        "station": station,
        "number": row["number"],
        "created": row["opened_at"],
        "cause": boxes_of(CAUSES, CaseKind.label_of(row["kind"])),
        "work": f"{row['title'] or ''}{slip}",
        "facts": without_contacts(facts),
        "amount": f"{yuan(row['claim_fen'])}元" if row["claim_fen"] else "没有说",
        "limit_on": show_date(row["limit_on"]),
        "handler": row["handler_name"] or "",
        "verify_url": f"{request.settings.public_url}/verify/{row['number']}",
    }


async def legal_form(request: StationRequest, row: dict[str, Any]) -> LegalForm:
    """The form of a row of `case_on_paper`, with everything done so far; what nobody wrote down is left for the pen."""
    opened = await opened_case(row["id"])
    ended = row["state"] not in [state.value for state in OPEN_CASES]
    result = CaseState.label_of(row["state"]) if ended else ""
    recovered = f"，拿到{yuan(row['recovered_fen'])}元" if row["recovered_fen"] else ""
    return LegalForm(
        party=f"{row['worker_name']}（{row['seeker_number']}）",
        standing=boxes_of(STANDINGS, "零工"),
        opponent=row["employer_name"],
        limit_note=LIMIT_NOTE if row["limit_on"] else "",
        steps=tuple(
            (
                f"{show_date(local(step['at']).date())} {local(step['at']):%H:%M}",
                CaseState.label_of(step["state"]),
                step["by_name"],
                without_contacts(step["words"]),
            )
            for step in opened["steps"]
        ),
        result=f"{result}{recovered}",
        registrar=row["opened_by_name"],
        registered_on=show_date(local(row["opened_at"]).date()),
        **await _shared(request, row, opened["facts"]),
    )


async def dispute_record(request: StationRequest, row: dict[str, Any]) -> DisputeRecord:
    """The record with parties and facts filled in; what both sides say and agree on is written and signed by hand."""
    opened = await opened_case(row["id"])
    return DisputeRecord(
        classes=boxes_of(DISPUTE_CLASSES, DISPUTE_CLASSES[0]),
        applicant=f"{row['worker_name']}（{row['seeker_number']}）",
        respondent=row["employer_name"],
        **await _shared(request, row, opened["facts"]),
    )
