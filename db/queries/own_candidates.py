"""Who was proposed for an employer's posts (候选人): masked until both sides said yes (domain reference 9, 10.3, 10.4)."""

from __future__ import annotations

from typing import Any

from db.clock import today
from db.queries.referrals import agreed_referrals, opened_contacts, referral_with_id
from db.queries.seekers import trades_of
from db.tables.referrals import Referral
from db.tables.seekers import SeekerCertificate
from rules.codes import CertificateType, ReferralState
from rules.own_posts import skills_shown

_ASKED = (ReferralState.APPLIED, ReferralState.PROPOSED)


async def own_referral(employer_id: int, number: str) -> dict[str, Any] | None:
    """The referral to one of the employer's posts with this public number, as `referral_with_id` gives it."""
    row = await Referral.select(Referral.id).where(Referral.number == number, Referral.job.employer == employer_id).first()
    return await referral_with_id(row["id"]) if row else None


async def still_asked(job_id: int) -> int:
    """How many workers are being asked and have not agreed: an employer learns nothing else about them (PIPL 23)."""
    return await Referral.count().where(Referral.job == job_id, Referral.state.is_in([state.value for state in _ASKED]))


async def opened_candidates(job: dict[str, Any]) -> list[dict[str, Any]]:
    """The workers who agreed to go to this post of `own_post`, the longest waiting first.

    Each has number tail, trade match, certificates in force and skills; name and telephone only while `contact_visible`.
    Who has not agreed, or took it back, is not in the list.
    """
    found = await agreed_referrals(job["id"])
    seekers = [row["seeker"] for row in found]
    trades, certificates = await trades_of(seekers), await _certificates(seekers)
    cards = []
    for row in reversed(found):
        opened = await opened_contacts(row)
        cards.append(
            {
                "number": row["number"],
                "state": row["state_now"],
                "tail": row["seeker_number"][-3:],
                "wants_trade": job["trade"] in trades.get(row["seeker"], []),
                "certificates": certificates.get(row["seeker"], []),
                "skills": skills_shown(row["skills"] or ""),
                "agreed_at": row["worker_answered_at"],
                "reason": row["employer_reason"] or row["close_reason"],
                "visible": row["contact_visible"],
                "name": row["worker_name"] if opened else "",
                "phone": opened.get("worker_phone", ""),
            }
        )
    return cards


async def _certificates(seekers: list[int]) -> dict[int, list[str]]:
    """The names of the certificates in force, by seeker."""
    held: dict[int, list[str]] = {}
    if not seekers:
        return held
    query = SeekerCertificate.select(SeekerCertificate.seeker, SeekerCertificate.type, SeekerCertificate.valid_to)
    for row in await query.where(SeekerCertificate.seeker.is_in(seekers)).order_by(SeekerCertificate.id):
        if row["valid_to"] is None or row["valid_to"] >= today():
            label = CertificateType.label_of(row["type"])
            if label not in held.setdefault(row["seeker"], []):
                held[row["seeker"]].append(label)
    return held
