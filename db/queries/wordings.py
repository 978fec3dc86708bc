"""Questions about the texts of agreements (协议文本): which version is in force, and what an earlier one said."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from db.clock import today
from db.paging import Page, page_of, place
from db.tables.agreements import AgreementWording, OfficialText
from rules.checklists import checklist
from rules.codes import OFFICIAL_TEXTS, AgreementType, WordingOrigin
from rules.errors import RuleBroken
from rules.wordings import Wording, built_in, built_in_body, read_wording

SHOWN = 20


async def wording_in_force(kind: AgreementType, day: date | None = None) -> Wording:
    """The text a new agreement of this type gets on `day` (today): the district's newest, else the product's.

    For a type whose text is the official model (`rules.codes.OFFICIAL_TEXTS`) it is the checklist to that text.
    """
    row = (
        await AgreementWording.select(AgreementWording.version, AgreementWording.body)
        .where(
            AgreementWording.type == kind.value,
            AgreementWording.origin == WordingOrigin.DISTRICT.value,
            AgreementWording.in_force_from <= (day or today()),
        )
        .order_by(AgreementWording.in_force_from, ascending=False)
        .order_by(AgreementWording.id, ascending=False)
        .first()
    )
    if row:
        return read_wording(kind, row["version"], json.loads(row["body"]))
    return checklist(kind) if kind in OFFICIAL_TEXTS else built_in(kind)


async def wording(kind: AgreementType, version: str) -> Wording:
    """The text of this version, whether in force or not: what a paper printed then says. LookupError: never was one."""
    own = checklist(kind) if kind in OFFICIAL_TEXTS else built_in(kind)
    if version == own.version:
        return own
    row = (
        await AgreementWording.select(AgreementWording.body)
        .where(AgreementWording.type == kind.value, AgreementWording.version == version)
        .first()
    )
    if row is None:
        raise LookupError(f"{kind.value} {version}")
    return read_wording(kind, version, json.loads(row["body"]))


async def wording_of(row: dict[str, Any]) -> Wording:
    """The text of an agreement row that has its `type` and `template_version`."""
    return await wording(AgreementType(row["type"]), row["template_version"])


async def wording_body(kind: AgreementType, version: str) -> dict[str, Any]:
    """The stored data of a version. LookupError: never was one."""
    if kind not in OFFICIAL_TEXTS and version == built_in(kind).version:
        return built_in_body(kind)
    row = (
        await AgreementWording.select(AgreementWording.body)
        .where(AgreementWording.type == kind.value, AgreementWording.version == version)
        .first()
    )
    if row is None:
        raise LookupError(f"{kind.value} {version}")
    body: dict[str, Any] = json.loads(row["body"])
    return body


async def newest_version(kind: AgreementType) -> dict[str, Any]:
    """The version that an amendment starts from: the district's last one, also one that is not in force yet, else ours.

    RuleBroken for a type whose text is the official model.
    """
    if kind in OFFICIAL_TEXTS:
        raise RuleBroken(f"{kind.label}请使用区里上传的示范文本，本系统打印要点核对表。", "agreement_type")
    row = (
        await AgreementWording.select(AgreementWording.version, AgreementWording.origin, AgreementWording.in_force_from)
        .where(AgreementWording.type == kind.value, AgreementWording.origin == WordingOrigin.DISTRICT.value)
        .order_by(AgreementWording.id, ascending=False)
        .first()
    )
    ours = {"version": built_in(kind).version, "origin": WordingOrigin.PRODUCT.value, "in_force_from": None}
    return row or ours


async def versions_of(kind: AgreementType, after: str = "") -> Page:
    """Every version of a type's text, newest first, without the text; a page."""
    wanted = [AgreementWording.type == kind.value]
    if start := place(after, (int,)):
        wanted.append(AgreementWording.id < start[0])
    rows = (
        await AgreementWording.select(
            AgreementWording.id,
            AgreementWording.version,
            AgreementWording.origin,
            AgreementWording.in_force_from,
            AgreementWording.note,
            AgreementWording.set_at,
            AgreementWording.set_by.name.as_alias("setter"),
        )
        .where(*wanted)
        .order_by(AgreementWording.id, ascending=False)
        .limit(SHOWN + 1)
    )
    return page_of(rows, SHOWN, "id")


async def officials_of(kind: AgreementType) -> list[dict[str, Any]]:
    """The official model texts uploaded for a type, newest first; the last twenty."""
    return (
        await OfficialText.select(*OfficialText.all_columns(), OfficialText.uploaded_by.name.as_alias("uploader"))
        .where(OfficialText.type == kind.value)
        .order_by(OfficialText.id, ascending=False)
        .limit(SHOWN)
    )


async def official_with(kind: AgreementType, version: str) -> dict[str, Any] | None:
    """One uploaded model text of a type."""
    return (
        await OfficialText.select(*OfficialText.all_columns())
        .where(OfficialText.type == kind.value, OfficialText.version == version)
        .first()
    )


async def coming_official_text(kind: AgreementType) -> dict[str, Any] | None:
    """The next official model text of a type that is uploaded and not in force yet; None when there is none."""
    return (
        await OfficialText.select(OfficialText.title, OfficialText.version, OfficialText.in_force_from)
        .where(OfficialText.type == kind.value, OfficialText.in_force_from > today())
        .order_by(OfficialText.in_force_from)
        .order_by(OfficialText.id, ascending=False)
        .first()
    )


async def official_text(kind: AgreementType, day: date | None = None) -> dict[str, Any] | None:
    """The official model text of a type in force on `day` (today), as the district uploaded it; None when there is none."""
    return (
        await OfficialText.select(*OfficialText.all_columns(), OfficialText.uploaded_by.name.as_alias("uploader"))
        .where(OfficialText.type == kind.value, OfficialText.in_force_from <= (day or today()))
        .order_by(OfficialText.in_force_from, ascending=False)
        .order_by(OfficialText.id, ascending=False)
        .first()
    )
