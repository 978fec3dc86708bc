"""Changing a registration (求职登记的修改). Nothing is overwritten: what stood there is kept sealed, as a numbered version."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from db.actions.journal import record
from db.clock import now, today
from db.ids import new_id
from db.queries import seekers as queries
from db.queries.parameters import legal_parameters
from db.search import index_name, remove_name
from db.tables.seekers import Seeker, SeekerCertificate, SeekerTrade, SeekerVersion
from db.transaction import action
from db.vault import vault
from rules.codes import CertificateType, ConfirmedHow, SeekerState
from rules.errors import RuleBroken
from rules.journal import EventKind
from rules.masking import mask_name
from rules.parameters import whole
from rules.permissions import Actor, Role
from rules.rights import check_alive
from rules.wishes import NOTHING_CHANGED, Correction, Wishes, changed_fields, check_certificate, check_correction, check_wishes, in_order

_COLUMNS = (
    Seeker.id,
    Seeker.number,
    Seeker.station,
    Seeker.state,
    Seeker.name,
    Seeker.id_type,
    Seeker.birth_date,
    Seeker.gender,
    Seeker.phone_owner,
    Seeker.subdistrict,
    Seeker.community,
    Seeker.education,
    Seeker.skills,
    Seeker.availability,
    Seeker.pay_wish,
    Seeker.max_km,
    Seeker.pension,
    Seeker.guardian_name,
    Seeker.training_wish,
    Seeker.suggestions,
)


@action
async def change_wishes(seeker_id: int, wishes: Wishes, *, actor: Actor, by_proxy: bool = False) -> None:
    """Put other wishes in the place of the old ones, which stay as a version. Changed by the person, they are fresh again.

    RuleBroken, RulesBroken: what `rules.wishes.check_wishes` refuses, nothing changed, or a closed registration.
    """
    before = await _found(seeker_id)
    trades = (await queries.trades_of([seeker_id])).get(seeker_id, [])
    held = [row["type"] for row in await queries.certificates_of(seeker_id) if not row["expired"]]
    check_wishes(wishes, held, trades)
    columns = wishes.columns()
    changed = changed_fields({**before, "trades": trades, "availability": in_order(before["availability"].split(","))}, columns)
    if not changed:
        raise RuleBroken(NOTHING_CHANGED)
    await _keep_version(before, changed, "", actor)
    wanted = columns.pop("trades")
    if wanted != trades:
        await SeekerTrade.delete().where(SeekerTrade.seeker == seeker_id)
        await SeekerTrade.insert(*(SeekerTrade(seeker=seeker_id, trade=code) for code in wanted))
    values: dict[Any, Any] = {**columns, Seeker.changed_at: now()}
    if actor.role is Role.WORKER:
        values |= {Seeker.confirmed_on: today(), Seeker.confirmed_by: actor.id, Seeker.confirmed_how: ConfirmedHow.SELF.value}
    await Seeker.update(values).where(Seeker.id == seeker_id)
    await _note(before, changed, actor, by_proxy=by_proxy)


@action
async def set_suggestions(seeker_id: int, wanted: bool, *, actor: Actor, by_proxy: bool = False) -> None:
    """Whether the system may suggest this person for posts (PIPL art. 24). Staff still find and refer them by hand."""
    before = await _found(seeker_id)
    if bool(before["suggestions"]) is wanted:
        raise RuleBroken(NOTHING_CHANGED)
    await _keep_version(before, ["suggestions"], "", actor)
    await Seeker.update({Seeker.suggestions: wanted, Seeker.changed_at: now()}).where(Seeker.id == seeker_id)
    await _note(before, ["suggestions"], actor, by_proxy=by_proxy, suggestions=wanted)


@action
async def correct_identity(seeker_id: int, correction: Correction, *, card_seen: bool, reason: str, actor: Actor) -> None:
    """Correct name, document or phone with the card in hand (PIPL art. 46). The old values stay in the sealed version.

    RuleBroken, RulesBroken: no card, no reason, a number that cannot be, a document that is registered already, or a
    phone of somebody else that nobody said is shared.
    """
    before = await _found(seeker_id)
    day = today()
    child_age = whole(await legal_parameters(), "child_age", day)
    identity, birth, phone = check_correction(correction, card_seen=card_seen, reason=reason, today=day, child_age=child_age)
    opened = await queries.opened_seeker(seeker_id)
    number = identity.number if identity else ""
    await _refuse_taken(seeker_id, correction, number, phone, actor)
    cells, uid = vault(), str(seeker_id)
    after: dict[str, Any] = {"name": correction.name, "phone_owner": correction.phone_owner}
    values: dict[Any, Any] = {Seeker.name: correction.name, Seeker.phone_owner: correction.phone_owner, Seeker.changed_at: now()}
    if identity and birth:
        gender = identity.gender or correction.gender or before["gender"]
        after |= {"id_number": number, "id_type": correction.id_type.value, "birth_date": birth, "gender": gender}
        values |= {
            Seeker.id_type: correction.id_type.value,
            Seeker.id_number: cells.seal("seeker.id_number", uid, number),
            Seeker.id_index: cells.index("id_number", number, correction.id_type.value),
            Seeker.birth_date: birth,
            Seeker.gender: gender,
        }
    if phone:
        after["phone"] = phone
        values |= {
            Seeker.phone: cells.seal("seeker.phone", uid, phone),
            Seeker.phone_index: cells.index("phone", phone),
            Seeker.phone_tail: cells.index("phone", "".join(ch for ch in phone if ch.isdigit())[-4:], "tail"),
        }
    changed = changed_fields({**before, **opened}, after)
    if not changed:
        raise RuleBroken(NOTHING_CHANGED)
    await _keep_version(before, changed, reason.strip()[:200], actor)
    await Seeker.update(values).where(Seeker.id == seeker_id)
    if correction.name != before["name"]:
        await remove_name(seeker_id, before["name"], before["station"])
        await index_name(seeker_id, correction.name, before["station"])
    await _note(before, changed, actor, card_seen=True, reason=reason.strip()[:200])


async def _refuse_taken(seeker_id: int, correction: Correction, number: str, phone: str, actor: Actor) -> None:
    found = await queries.duplicates(id_type=correction.id_type.value, id_number=number, phone=phone)
    for row in (row for row in found if row["id"] != seeker_id):
        own = row["station"] == actor.station_id
        who = f"{row['name']}（{row['number']}）" if own else f"{row['station_name']}的{mask_name(row['name'])}"
        if row["same"] == "id_number":
            raise RuleBroken(f"这个证件已经登记给{who}，请核对号码。", "id_number")
        if not correction.phone_shared:
            raise RuleBroken(f"这个电话已登记给{who}。不是同一个人的，请勾选“电话相同，不是同一个人”。", "phone")


@action
async def add_certificate(
    seeker_id: int, kind: CertificateType | None, number: str, valid_to: date | None, *, card_seen: bool, actor: Actor
) -> None:
    """Register a certificate that lies on the counter. RuleBroken: not seen, no kind, or a special one without number or end."""
    before = await _found(seeker_id)
    if not card_seen:
        raise RuleBroken("请核对证书原件后打勾。", "seen")
    held = check_certificate(kind, number, valid_to)
    await _keep_version(before, ["certificates"], "", actor)
    certificate_id = new_id()
    await SeekerCertificate.insert(
        SeekerCertificate(
            id=certificate_id,
            seeker=seeker_id,
            type=held.type.value,
            number=vault().seal("seeker_certificate.number", str(certificate_id), held.number),
            valid_to=held.valid_to,
            recorded_at=now(),
        )
    )
    await _note(before, ["certificates"], actor, certificate=held.type.value, valid_to=held.valid_to)


@action
async def end_certificate(seeker_id: int, certificate_id: int, reason: str, *, actor: Actor) -> None:
    """A certificate counts no more from today (lost, revoked, wrongly registered); it stays on record as run out.

    RuleBroken: not this person's, run out already, or no reason.
    """
    before = await _found(seeker_id)
    row = next((each for each in await queries.certificates_of(seeker_id) if each["id"] == certificate_id), None)
    if row is None or row["expired"]:
        raise RuleBroken("没有找到这本证书，或者它已经过期，请刷新页面。")
    if len(reason.strip()) < 4:
        raise RuleBroken("请写明原因，至少4个字。", "reason")
    await _keep_version(before, ["certificates"], reason.strip()[:200], actor)
    last_day = today() - timedelta(days=1)
    await SeekerCertificate.update({SeekerCertificate.valid_to: last_day}).where(SeekerCertificate.id == certificate_id)
    await _note(before, ["certificates"], actor, certificate=row["type"], valid_to=last_day, reason=reason.strip()[:200])


async def _found(seeker_id: int) -> dict[str, Any]:
    row = await Seeker.select(*_COLUMNS).where(Seeker.id == seeker_id).first()
    if row is None:
        raise RuleBroken("没有找到这份登记，请刷新页面。")
    check_alive(SeekerState(row["state"]))
    return row


async def _keep_version(before: dict[str, Any], changed: list[str], reason: str, actor: Actor) -> None:
    """Keep the whole registration as it stood, sealed (art. 23: the original stays legible)."""
    seeker_id = before["id"]
    whole_record = {
        **{name: value for name, value in before.items() if name not in ("id", "station", "number")},
        **await queries.opened_seeker(seeker_id),
        "birth_date": before["birth_date"].isoformat(),
        "trades": (await queries.trades_of([seeker_id])).get(seeker_id, []),
        "certificates": [
            {"type": kind, "number": number, "valid_to": valid_to.isoformat() if valid_to else None}
            for kind, number, valid_to in await queries.opened_certificates(seeker_id)
        ],
    }
    version_id = new_id()
    await SeekerVersion.insert(
        SeekerVersion(
            id=version_id,
            seeker=seeker_id,
            number=await SeekerVersion.count().where(SeekerVersion.seeker == seeker_id) + 1,
            record=vault().seal("seeker_version.record", str(version_id), json.dumps(whole_record, ensure_ascii=False, sort_keys=True)),
            changed=json.dumps(changed),
            reason=reason,
            author=actor.id,
            at=now(),
        )
    )


async def _note(before: dict[str, Any], changed: list[str], actor: Actor, **particulars: Any) -> None:
    await record(
        EventKind.SEEKER_UPDATED,
        subject="seeker",
        subject_id=before["id"],
        actor=actor,
        station_id=before["station"],
        seeker=before["number"],
        seeker_fields=changed,
        **particulars,
    )
