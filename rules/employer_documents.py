"""Documents of an employer: which ones verification needs, which may be kept as a copy, when they are out of date.

Units show the licence or founding approval, the agent's identity card and, where the agent is not the legal
representative, the authorisation (HRMR 26; ESM 11); agencies and dispatch firms their own licence (HRMR 18; LCL 57);
a household only its owner's identity card. Pictures of identity cards are never kept (IDC 15; domain reference 10.1).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from rules.codes import EmployerDocumentKind, EmployerKind
from rules.errors import RuleBroken, RulesBroken

ORIGINAL_ONLY = frozenset({EmployerDocumentKind.AGENT_ID, EmployerDocumentKind.OWNER_ID})
"""Identity cards: the original is looked at, no copy is kept and no number noted."""


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A document as it was handed over: its kind, number and last valid day where it has them, and whether the original
    was seen. A copy, if there is one, travels beside it."""

    kind: EmployerDocumentKind
    number: str = ""
    valid_to: date | None = None
    original_seen: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class HeldDocument:
    """A document that was not withdrawn: whether somebody at the station has checked it, and its last valid day."""

    kind: EmployerDocumentKind
    checked: bool
    valid_to: date | None = None


def required_documents(
    kind: EmployerKind, *, agent_name: str, legal_representative: str, agency: bool = False, dispatch: bool = False
) -> tuple[EmployerDocumentKind, ...]:
    """What this employer must show before it is verified, in the order in which one asks for it."""
    wanted = EmployerDocumentKind
    if kind is EmployerKind.INDIVIDUAL:
        return (wanted.OWNER_ID,)
    needed = [wanted.LICENCE, wanted.AGENT_ID]
    if agent_name.strip() != legal_representative.strip():
        needed.append(wanted.AUTHORISATION)
    if dispatch:
        needed.append(wanted.DISPATCH_LICENCE)
    if agency:
        needed.append(wanted.AGENCY_LICENCE)
    return tuple(needed)


def shown_documents(held: Iterable[HeldDocument], today: date) -> set[EmployerDocumentKind]:
    """The kinds of which a checked one is in time today."""
    return {one.kind for one in held if one.checked and not outdated(one.valid_to, today)}


def outdated(valid_to: date | None, today: date) -> bool:
    """Whether a document's last valid day has passed."""
    return valid_to is not None and valid_to < today


def missing_documents(
    needed: Sequence[EmployerDocumentKind], held: Sequence[HeldDocument], today: date
) -> list[tuple[EmployerDocumentKind, str]]:
    """(kind, what is wrong) of each required document that does not prove anything today."""
    shown = shown_documents(held, today)
    return [(kind, _why(kind, held, today)) for kind in needed if kind not in shown]


def _why(kind: EmployerDocumentKind, held: Sequence[HeldDocument], today: date) -> str:
    own = [one for one in held if one.kind is kind]
    if not own:
        return "还没有"
    return "已过有效期" if all(outdated(one.valid_to, today) for one in own) else "还没有核对"


def check_documents(needed: Sequence[EmployerDocumentKind], held: Sequence[HeldDocument], today: date) -> None:
    """Every required document was checked and is in time. RulesBroken on `seen`, one sentence per document."""
    lacking = missing_documents(needed, held, today)
    if lacking:
        raise RulesBroken(
            [RuleBroken(f"{kind.plain}{why}。请看原件后在下面勾选，或者先上传复印件再核对。", "seen") for kind, why in lacking]
        )


def vouched_until(until: date, needed: Sequence[EmployerDocumentKind], held: Sequence[HeldDocument], today: date) -> date:
    """How long a verification counts: to `until`, or only as long as every required document is valid."""
    last = until
    for kind in needed:
        days = [one.valid_to for one in held if one.kind is kind and one.checked and not outdated(one.valid_to, today)]
        if days and None not in days:
            last = min(last, max(day for day in days if day is not None))
    return last


def check_new_document(new: NewDocument, *, copied: bool, today: date) -> None:
    """Whether this document may be kept so; `copied`: a copy comes with it. Raises RuleBroken on the field to change."""
    if new.kind in ORIGINAL_ONLY:
        if copied:
            raise RuleBroken("身份证只看原件，不留照片和复印件。请不要上传，看过原件后勾“看过原件”。", "scan")
        if new.number:
            raise RuleBroken("身份证号不在这里记，请留空。", "number")
    if not copied and not new.original_seen:
        raise RuleBroken("请上传复印件或照片；看过原件、不留复印件的，请勾“看过原件”。", "scan")
    if outdated(new.valid_to, today):
        raise RuleBroken("这份证照已经过了有效期，请让雇主换新的证照。", "valid_to")
