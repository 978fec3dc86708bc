"""Questions about looks at full personal data (查看完整信息): by whom, when, which fields, what for."""

from __future__ import annotations

from datetime import date
from typing import Any

from db.queries.complaints import opened_complaint
from db.queries.employers import opened_employer
from db.queries.jobs import opened_terms
from db.queries.seekers import opened_certificates, opened_seeker
from db.tables.employers import Employer
from db.tables.seekers import Reveal
from rules.codes import CertificateType
from rules.masking import mask_given_names
from rules.permissions import PUBLIC_ROLES, Role
from rules.reveals import CALL_BACK, CALL_LIST, FIELDS, Subject, field_labels, purpose_label

LOOKS_SHOWN = 100


async def looks_at(subject: str, subject_id: int, limit: int = LOOKS_SHOWN) -> list[dict[str, Any]]:
    """Who looked at the full data of this person or record, newest first: `who`, `at`, `fields` (labels), `purpose`.

    `who` is station, role and surname, as the person concerned may see it: 金银湖零工驿站 工作人员 陈*.
    The caller found the record in reach, or it is the asker's own.
    """
    rows = (
        await Reveal.select(
            Reveal.fields,
            Reveal.purpose,
            Reveal.note,
            Reveal.at,
            Reveal.station.name.as_alias("station_name"),
            Reveal.account.name.as_alias("name"),
            Reveal.account.role.as_alias("role"),
        )
        .where(Reveal.subject == subject, Reveal.subject_id == subject_id)
        .order_by(Reveal.id, ascending=False)
        .limit(limit)
    )
    return [
        {
            "at": row["at"],
            "who": _who(row),
            "fields": field_labels(subject, row["fields"].split(",")),
            "purpose": purpose_label(row["purpose"], row["note"]),
        }
        for row in rows
    ]


def _who(row: dict[str, Any]) -> str:
    role = Role(row["role"])
    if role in PUBLIC_ROLES:
        return role.label
    return " ".join(part for part in (row["station_name"], role.label, mask_given_names(row["name"])) if part)


async def looked_on(account_id: int, day: date) -> int:
    """How often this account looked at full data on this day, apart from the calls that a list chose."""
    return await Reveal.count().where(Reveal.account == account_id, Reveal.day == day, Reveal.purpose.not_in([CALL_BACK, CALL_LIST]))


async def opened_fields(subject: Subject, subject_id: int, fields: tuple[str, ...], version: int = 0) -> list[tuple[str, str]]:
    """(label, full value) of these fields; empty ones say 未登记. Only after `db.actions.reveals.reveal` kept the look."""
    match subject:
        case Subject.SEEKER:
            values = await _of_seeker(subject_id, fields)
        case Subject.EMPLOYER:
            row = await Employer.select(Employer.agent_name, Employer.legal_representative).where(Employer.id == subject_id).first()
            values = {**(row or {}), **await opened_employer(subject_id)}
        case Subject.COMPLAINT:
            values = {"contact": (await opened_complaint(subject_id))["contact"]}
        case Subject.JOB:
            terms = await opened_terms(subject_id, version)
            values = {name: getattr(terms, name) for name in fields}
    return [(FIELDS[subject][name], values[name] or "未登记") for name in fields]


async def _of_seeker(seeker_id: int, fields: tuple[str, ...]) -> dict[str, str]:
    values = await opened_seeker(seeker_id)
    if "certificates" in fields:
        held = await opened_certificates(seeker_id)
        values["certificates"] = "；".join(f"{CertificateType.label_of(kind)} {number}" for kind, number, _ in held if number)
    return values
