"""The values of an issued paper as JSON and back: what is sealed with its number, and from which it can be printed again."""

from __future__ import annotations

import dataclasses
import json
import types
from collections.abc import Mapping
from datetime import date, datetime, time
from enum import Enum
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from rules import calling_papers, correction_papers, documents, form_papers
from rules.codes import PaperKind
from rules.documents import Paper
from rules.ledger_papers import LedgerSheet
from rules.samples import SampleSheet
from rules.statistics.papers import StatisticsSheet

PAPERS: dict[PaperKind, type[Paper]] = {
    PaperKind.JOB_ORDER: documents.JobOrderForm,
    PaperKind.SEEKER_FORM: documents.SeekerForm,
    PaperKind.POSTER: documents.JobPoster,
    PaperKind.REFERRAL_SLIP: documents.ReferralSlip,
    PaperKind.AGREEMENT: documents.AgreementPaper,
    PaperKind.KEY_POINTS: documents.AgreementPaper,
    PaperKind.CHECKLIST: documents.AgreementPaper,
    PaperKind.LARGE_PRINT: documents.AgreementPaper,
    PaperKind.LEGAL_FORM: form_papers.LegalForm,
    PaperKind.DISPUTE_RECORD: form_papers.DisputeRecord,
    PaperKind.RATING_FORM: form_papers.RatingSheet,
    PaperKind.FOLLOW_UP_FORM: documents.CallBackSheet,
    PaperKind.BOARD: documents.BoardPaper,
    PaperKind.COMMITMENT: documents.CommitmentPaper,
    PaperKind.GUIDANCE: documents.GuidanceRecord,
    PaperKind.SEEKER_CARD: documents.SeekerCard,
    PaperKind.MORNING_SHEET: calling_papers.MorningSheet,
    PaperKind.JOB_SLIPS: documents.JobSlips,
    PaperKind.DRAW_SHEET: calling_papers.DrawSheet,
    PaperKind.FAIRNESS_SHEET: calling_papers.FairnessSheet,
    PaperKind.STATISTICS: StatisticsSheet,
    PaperKind.CORRECTIONS: correction_papers.CorrectionSheet,
    PaperKind.CALLING_RULE: calling_papers.CallingRuleSheet,
    PaperKind.LEDGER: LedgerSheet,
    PaperKind.SAMPLE_SHEET: SampleSheet,
}
"""What a snapshot of each kind holds. A kind that is issued stands here, or its papers could not be printed again."""


class SnapshotUnreadable(Exception):
    """The text is no snapshot of this kind of paper; the message names the field, never a value."""


def snapshot_of(paper: Any) -> str:
    """The paper's values as canonical JSON: the same paper gives the same text. TypeError for a value JSON cannot hold."""
    return json.dumps(_plain(paper), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _plain(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case None | bool() | int() | str():
            return value
        case datetime() | date() | time():
            return value.isoformat()
        case tuple() | list():
            return [_plain(each) for each in value]
        case set() | frozenset():
            return sorted((_plain(each) for each in value), key=json.dumps)
        case dict():
            return {str(key): _plain(each) for key, each in value.items()}
    if dataclasses.is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    raise TypeError(f"a snapshot cannot keep a {type(value).__name__}")


def paper_from_snapshot(kind: PaperKind, text: str) -> Paper:
    """The paper again, as it was printed. A field that came later takes its default, one that is gone is left out.

    SnapshotUnreadable: no kind that is issued, not JSON, a field without a default is missing, or a value of another type.
    """
    if kind not in PAPERS:
        raise SnapshotUnreadable(f"{kind.value} is not issued")
    try:
        values = json.loads(text)
    except ValueError:
        raise SnapshotUnreadable("not JSON") from None
    paper: Paper = _rebuilt(PAPERS[kind], values, kind.value)
    return paper


def same_paper(kind: PaperKind, one: str, other: str) -> bool:
    """Whether two snapshots say the same: a field that came with a newer version of the product does not make another paper."""
    if one == other:
        return True
    try:
        return paper_from_snapshot(kind, one) == paper_from_snapshot(kind, other)
    except SnapshotUnreadable:
        return False


@cache
def _hints(cls: type) -> dict[str, Any]:
    return get_type_hints(cls)


def _rebuilt(kind: Any, value: Any, where: str) -> Any:
    """`value` out of JSON as `kind` says; `where` names the field in the message."""
    origin, inner = get_origin(kind), get_args(kind)
    if kind is Any:
        return value
    if origin in (Union, types.UnionType):
        return _first_that_fits(inner, value, where)
    if origin is Literal:
        return _checked(value in inner, value, where)
    if origin is tuple:
        return _tuple(inner, value, where)
    if origin in (frozenset, set, list):
        _checked(isinstance(value, list), value, where)
        return origin(_rebuilt(inner[0], each, where) for each in value)
    if origin in (dict, Mapping):
        _checked(isinstance(value, dict), value, where)
        return {key: _rebuilt(inner[1], each, f"{where}.{key}") for key, each in value.items()}
    return _single(kind, value, where)


def _single(kind: Any, value: Any, where: str) -> Any:
    if kind in (None, type(None)):
        return _checked(value is None, value, where)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _record(kind, value, where)
    try:
        if issubclass(kind, Enum):
            return kind(value)
        if issubclass(kind, datetime | date | time):
            return kind.fromisoformat(value)
    except (TypeError, ValueError):
        raise SnapshotUnreadable(f"{where} is no {kind.__name__}") from None
    return _checked(type(value) is kind, value, where)


def _record(cls: type, value: Any, where: str) -> Any:
    _checked(isinstance(value, dict), value, where)
    fields = {field.name: field for field in dataclasses.fields(cls) if field.init}
    given = {name: _rebuilt(_hints(cls)[name], value[name], f"{where}.{name}") for name in fields if name in value}
    for name, field in fields.items():
        if name not in given and field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            raise SnapshotUnreadable(f"{where}.{name} is missing")
    return cls(**given)


def _tuple(inner: tuple[Any, ...], value: Any, where: str) -> tuple[Any, ...]:
    _checked(isinstance(value, list), value, where)
    if len(inner) == 2 and inner[1] is Ellipsis:
        return tuple(_rebuilt(inner[0], each, where) for each in value)
    _checked(len(inner) == len(value), value, where)
    return tuple(_rebuilt(kind, each, where) for kind, each in zip(inner, value, strict=True))


def _first_that_fits(kinds: tuple[Any, ...], value: Any, where: str) -> Any:
    for kind in kinds:
        try:
            return _rebuilt(kind, value, where)
        except SnapshotUnreadable:
            continue
    raise SnapshotUnreadable(f"{where} is of no known type")


def _checked(sound: bool, value: Any, where: str) -> Any:
    if not sound:
        raise SnapshotUnreadable(f"{where} is of another type")
    return value
