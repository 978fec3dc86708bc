"""The texts of agreements: every version is kept; an amendment is the next one, papers printed before keep theirs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from db.actions.journal import record
from db.archive import Kept
from db.clock import now, today
from db.ids import new_id
from db.queries.wordings import newest_version, wording_body
from db.tables.agreements import AgreementWording, OfficialText
from db.transaction import action
from rules.codes import AgreementType, WordingOrigin
from rules.errors import RuleBroken
from rules.journal import EventKind
from rules.mandatory import check_wording
from rules.official_texts import OfficialFile, check_official
from rules.permissions import Actor
from rules.wording_changes import body_of, check_amendment, next_version
from rules.wordings import built_in_body, built_in_types, read_wording


@action
async def set_wording(
    kind: AgreementType,
    version: str,
    body: Mapping[str, Any],
    *,
    in_force_from: date,
    note: str = "",
    origin: WordingOrigin = WordingOrigin.DISTRICT,
    actor: Actor | None,
) -> int:
    """Keep a version of a type's text, in force from a day on; gives its id.

    RulesBroken: a place that does not exist, a part that is missing. RuleBroken: the version is there already.
    """
    read_wording(kind, version, body)
    if await AgreementWording.exists().where(AgreementWording.type == kind.value, AgreementWording.version == version):
        raise RuleBroken("这个文本版本已经有了，请换一个版本号。", "version")
    row_id = new_id()
    await AgreementWording.insert(
        AgreementWording(
            id=row_id,
            type=kind.value,
            version=version,
            origin=origin.value,
            body=json.dumps(body, ensure_ascii=False, sort_keys=True),
            in_force_from=in_force_from,
            note=note,
            set_by=actor.id if actor else None,
            set_at=now(),
        )
    )
    await record(
        EventKind.WORDING_SET,
        subject="wording",
        subject_id=row_id,
        actor=actor,
        agreement_type=kind.value,
        template_version=version,
        valid_from=in_force_from.isoformat(),
    )
    return row_id


@action
async def amend_wording(
    kind: AgreementType, before: str, body: Mapping[str, Any], *, in_force_from: date | None, note: str, actor: Actor
) -> str:
    """The district's next version of a text, in force from a coming day; gives its name. Papers printed before keep theirs.

    `before`: the version that was in front of the person who amends. RulesBroken: a fault of the text, at its part
    (`rules.mandatory.check_wording`). RuleBroken: somebody amended it meanwhile, nothing changed, no reason, too early.
    """
    newest = await newest_version(kind)
    if newest["version"] != before:
        raise RuleBroken(f"刚才有人先改了，现在最新的是{newest['version']}。请打开最新的文本，把您的修改再写进去。")
    base = await wording_body(kind, before)
    amended = read_wording(kind, next_version(before), dict(base) | dict(body))
    if body_of(amended, base) == body_of(read_wording(kind, before, base), base):
        raise RuleBroken("没有改动，不用保存。")
    check_wording(amended)
    district = newest["origin"] == WordingOrigin.DISTRICT.value
    first_day = check_amendment(in_force_from, note, today=today(), newest_from=newest["in_force_from"] if district else None)
    await set_wording(kind, amended.version, body_of(amended, base), in_force_from=first_day, note=note.strip(), actor=actor)
    return amended.version


@action
async def set_official_text(
    kind: AgreementType, title: str, issued_by: str, in_force_from: date | None, file: OfficialFile, kept: Kept, *, actor: Actor
) -> int:
    """Keep an official model text as the one that is handed out from a day on; gives its id. RuleBroken names the field."""
    check_official(kind, title, issued_by, in_force_from)
    if await OfficialText.exists().where(OfficialText.type == kind.value, OfficialText.sha256 == kept.sha256):
        raise RuleBroken("这个文件已经上传过了，不用再传。", "scan")
    version = f"示范-{await OfficialText.count().where(OfficialText.type == kind.value) + 1}"
    row_id = new_id()
    await OfficialText.insert(
        OfficialText(
            id=row_id,
            type=kind.value,
            version=version,
            title=title.strip(),
            issued_by=issued_by.strip(),
            in_force_from=in_force_from,
            media_type=file.value,
            size=kept.size,
            sha256=kept.sha256,
            archive_key=kept.key,
            uploaded_by=actor.id,
            uploaded_at=now(),
        )
    )
    await record(
        EventKind.OFFICIAL_TEXT_SET,
        subject="official_text",
        subject_id=row_id,
        actor=actor,
        agreement_type=kind.value,
        template_version=version,
        valid_from=in_force_from.isoformat() if in_force_from else "",
        sha256=kept.sha256,
    )
    return row_id


async def load_product_wordings() -> None:
    """Keep each text that comes with this version of the product where it is not kept yet."""
    kept = {(row["type"], row["version"]) for row in await AgreementWording.select(AgreementWording.type, AgreementWording.version)}
    for kind in built_in_types():
        body = built_in_body(kind)
        if (kind.value, body["version"]) not in kept:
            in_force = date.fromisoformat(str(body.get("in_force_from", "2022-03-14")))
            shown = {name: value for name, value in body.items() if name != "in_force_from"}
            await set_wording(kind, body["version"], shown, in_force_from=in_force, origin=WordingOrigin.PRODUCT, actor=None)
