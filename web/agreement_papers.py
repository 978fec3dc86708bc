"""Gathering the agreement paper, and printing one without a person at the desk (the demo district)."""

from typing import Any

from db import archive
from db.actions import agreements as actions
from db.clock import today
from db.queries import agreements as queries
from db.queries.documents import station_on_paper
from rules.ages import AgeStanding, age_standing
from rules.agreement_drafts import check_complete, compose
from rules.agreements import PLACEHOLDERS
from rules.codes import EmployerKind
from rules.documents import AgreementPaper
from rules.permissions import Actor
from web.documents.renderer import Printer
from web.papers import refuse_unprintable, snapshot_of, station_imprint


async def agreement_paper(row: dict[str, Any], *, guide: str, public_url: str) -> AgreementPaper:
    """The paper as it will be printed. RuleBroken: open places, forbidden clauses, the wrong paper, unprintable letters."""
    draft = await queries.opened_draft(row["id"])
    source = await queries.opened_source(row["referral_id"], number=row["number"], guide=guide)
    compose(source, draft.agreed, draft.changed, today=today())
    first_day = draft.changed.get("start_date") or source.terms.start_date or today()
    text = check_complete(draft.values, queries.modules_of(row))
    refuse_unprintable(draft.values, {name: name for name in PLACEHOLDERS})
    return AgreementPaper(
        station=station_imprint(await station_on_paper(row["station"])),
        number=row["number"],
        created=row["changed_at"],
        version=row["version"],
        text=text,
        verify_url=f"{public_url}/verify/{row['number']}",
        unit_employer=row["employer_kind"] == EmployerKind.UNIT.value,
        guardian_needed=age_standing(source.birth_date, source.gender, first_day, source.pension) is AgeStanding.JUVENILE,
    )


async def print_agreement(printer: Printer, public_url: str, number: str, actor: Actor) -> bytes:
    """Render, keep and record the agreement with this number as `actor`; gives the PDF."""
    row = await queries.agreement_in(actor.scope, number)
    if row is None:
        raise LookupError(number)
    paper = await agreement_paper(row, guide=actor.name, public_url=public_url)
    body = await printer.pdf("agreement", {"paper": paper})
    kept = await archive.keep(body)
    await actions.mark_printed(row["id"], snapshot=snapshot_of(paper), kept=kept, drafted_at=row["changed_at"], actor=actor)
    return body
