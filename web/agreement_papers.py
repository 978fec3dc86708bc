"""Gathering the agreement paper, and printing one without a person at the desk (the demo district)."""

import dataclasses
from typing import Any

from db.actions import agreements as actions
from db.clock import today
from db.queries import agreements as queries
from db.queries.documents import current_paper, opened_snapshot, station_on_paper
from db.queries.wordings import official_text, wording_of
from rules.ages import AgeStanding, age_standing
from rules.agreement_checks import refuse_blocked
from rules.agreement_drafts import check_complete, compose
from rules.agreement_life import paper_kind
from rules.codes import OFFICIAL_TEXTS, AgreementType, EmployerKind
from rules.documents import AgreementPaper, Handwriting
from rules.errors import RuleBroken
from rules.numbers import printed_number
from rules.permissions import Actor
from rules.snapshots import paper_from_snapshot
from web.documents.certificates import Certificate
from web.documents.renderer import Printer
from web.papers import TEMPLATES, keep_paper, refuse_unprintable, snapshot_of, station_imprint


async def agreement_paper(row: dict[str, Any], *, guide: str, public_url: str, handwriting: tuple[Handwriting, ...] = ()) -> AgreementPaper:
    """The paper as it will be printed, with what was signed on a screen.

    RuleBroken: open places, forbidden clauses, the wrong paper, pay or hours the law does not allow, unprintable letters.
    """
    draft = await queries.opened_draft(row["id"])
    source = await queries.opened_source(row["referral_id"], number=row["number"], guide=guide, third_party=row["third_party"])
    wording = await wording_of(row)
    refuse_blocked(compose(wording, source, draft.agreed, draft.changed, today=today()).hits)
    first_day = draft.changed.get("start_date") or source.terms.start_date or today()
    text = check_complete(wording, draft.values, queries.modules_of(row))
    refuse_unprintable(draft.values, {name: name for name in wording.places})
    return AgreementPaper(
        station=station_imprint(await station_on_paper(row["station"])),
        number=row["number"],
        created=row["changed_at"],
        version=row["version"],
        text=text,
        verify_url=f"{public_url}/verify/{printed_number(row['number'], row['version'])}",
        unit_employer=row["employer_kind"] == EmployerKind.UNIT.value,
        guardian_needed=age_standing(source.birth_date, source.gender, first_day, source.pension) is AgeStanding.JUVENILE,
        handwriting=handwriting,
        official_text=await official_name(AgreementType(row["type"])),
    )


async def large_print(row: dict[str, Any]) -> AgreementPaper:
    """The large-print edition of what was printed, word for word: from the valid paper's own snapshot.

    RuleBroken when there is no valid paper.
    """
    kind = paper_kind(AgreementType(row["type"]))
    printed = await current_paper(kind, row["number"])
    if printed is None:
        raise RuleBroken("还没有要签的那一份，请先打印，再打印大字版。")
    paper = paper_from_snapshot(kind, opened_snapshot(printed))
    assert isinstance(paper, AgreementPaper)
    return dataclasses.replace(paper, handwriting=())


async def official_name(kind: AgreementType) -> str:
    """The official text that goes with a checklist: its title, who issued it and its version; "" for the other types."""
    if kind not in OFFICIAL_TEXTS:
        return ""
    text = await official_text(kind)
    return f"《{text['title']}》（{text['issued_by']}，{text['version']}）" if text else "区里上传的示范文本"


async def print_agreement(printer: Printer, public_url: str, number: str, actor: Actor, certificate: Certificate | None = None) -> bytes:
    """Render, keep and record the agreement with this number as `actor`; gives the PDF."""
    row = await queries.agreement_in(actor.scope, number)
    if row is None:
        raise LookupError(number)
    paper = await agreement_paper(row, guide=actor.name, public_url=public_url)
    body = await printer.pdf(TEMPLATES[paper_kind(AgreementType(row["type"]))], {"paper": paper})
    kept = await keep_paper(body, certificate, paper.station.name)
    await actions.mark_printed(row["id"], snapshot=snapshot_of(paper), kept=kept, drafted_at=row["changed_at"], actor=actor)
    return body
