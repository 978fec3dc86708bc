"""Questions about checks on the spot (随机抽查): published seeds, what was drawn from them, and what was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from piccolo.query.functions.aggregate import Count

from db.paging import DESK_ROWS, Page, page_of, place
from db.queries.scope import within
from db.tables.ledger import LedgerVersion, Sample, SampleLine
from db.tables.referrals import Placement
from rules.codes import TRADES, EmployerKind, SampleVerdict
from rules.masking import public_employer_name, public_worker
from rules.permissions import Scope
from rules.samples import SAMPLE_STATES, month_read

_SAMPLE = (
    Sample.id,
    Sample.number,
    Sample.month,
    Sample.seed,
    Sample.population,
    Sample.size,
    Sample.station,
    Sample.station.code.as_alias("station_code"),
    Sample.station.name.as_alias("station_name"),
    Sample.ledger_version,
    Sample.ledger_version.number.as_alias("ledger"),
    Sample.ledger_version.archive_key.as_alias("archive_key"),
    Sample.ledger_version.sha256.as_alias("sha256"),
    Sample.published_at,
    Sample.published_by.name.as_alias("published_by_name"),
    Sample.drawn_at,
    Sample.drawn_by.name.as_alias("drawn_by_name"),
)


@dataclass(frozen=True, slots=True)
class SampleFilter:
    """Which checks a list shows; None and "" for all. `month` is 202611, `station` a station's code."""

    station: str = ""
    month: int | None = None
    state: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> SampleFilter:
        """Out of an address; what means nothing is left out."""
        state, station = str(asked.get("state", "")), str(asked.get("station", ""))[:20]
        return cls(station, month_read(str(asked.get("month", ""))), state if state in SAMPLE_STATES else "")

    @property
    def address(self) -> dict[str, str]:
        """The filter as it stands in an address, without what is not narrowed."""
        month = f"{self.month // 100}-{self.month % 100:02d}" if self.month else ""
        return {name: text for name, text in (("station", self.station), ("month", month), ("state", self.state)) if text}


async def samples_of(scope: Scope, wanted: SampleFilter, after: str = "") -> Page:
    """The checks in the asker's reach, newest first, each with how many lines came to which verdict."""
    conditions = [within(scope, Sample.station)]
    if wanted.station:
        conditions.append(Sample.station.code == wanted.station)
    if wanted.month:
        conditions.append(Sample.month == wanted.month)
    if wanted.state in SAMPLE_STATES:
        conditions.append(Sample.drawn_at.is_null() if wanted.state == "published" else Sample.drawn_at.is_not_null())
    if start := place(after, (int,)):
        conditions.append(Sample.id < start[0])
    rows = await Sample.select(*_SAMPLE).where(*conditions).order_by(Sample.id, ascending=False).limit(DESK_ROWS + 1)
    counted = await verdicts_of([row["id"] for row in rows])
    for row in rows:
        row["verdicts"] = counted.get(row["id"], {})
        row["checked"] = sum(row["verdicts"].values())
    return page_of(rows, DESK_ROWS, "id")


async def verdicts_of(sample_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """How many lines of each check came to which verdict; unchecked ones are not counted."""
    if not sample_ids:
        return {}
    rows = (
        await SampleLine.select(SampleLine.sample, SampleLine.verdict, Count(alias="n"))
        .where(SampleLine.sample.is_in(list(sample_ids)), SampleLine.verdict != "")
        .group_by(SampleLine.sample, SampleLine.verdict)
    )
    counted: dict[int, dict[str, int]] = {}
    for row in rows:
        counted.setdefault(row["sample"], {})[row["verdict"]] = row["n"]
    return counted


async def sample_in(scope: Scope, number: str) -> dict[str, Any] | None:
    """One check, when its station lies in the asker's reach."""
    return await Sample.select(*_SAMPLE).where(within(scope, Sample.station), Sample.number == number).first()


async def sample_with(sample_id: int) -> dict[str, Any] | None:
    """One check by its id; the caller has found it in reach."""
    return await Sample.select(*_SAMPLE).where(Sample.id == sample_id).first()


async def samples_of_month(station_id: int, month: int) -> list[dict[str, Any]]:
    """Every check of one station and month, oldest first."""
    return await Sample.select(*_SAMPLE).where(Sample.station == station_id, Sample.month == month).order_by(Sample.id)


async def lines_of(sample_id: int) -> list[dict[str, Any]]:
    """The drawn lines in their order: the placement as the desk shows it, masked, and what was found."""
    rows = (
        await SampleLine.select(
            SampleLine.id,
            SampleLine.position,
            SampleLine.line,
            SampleLine.verdict,
            SampleLine.note,
            SampleLine.checked_on,
            SampleLine.checked_at,
            SampleLine.checked_by.name.as_alias("checked_by_name"),
            SampleLine.placement.started_on.as_alias("started_on"),
            SampleLine.placement.evidence.as_alias("evidence"),
            SampleLine.placement.referral.number.as_alias("referral"),
            SampleLine.placement.job.number.as_alias("job"),
            SampleLine.placement.job.trade.as_alias("trade"),
            SampleLine.placement.job.employer.kind.as_alias("employer_kind"),
            SampleLine.placement.job.employer.name.as_alias("employer_name"),
            SampleLine.placement.seeker.number.as_alias("seeker"),
        )
        .where(SampleLine.sample == sample_id)
        .order_by(SampleLine.position)
    )
    for row in rows:
        row["trade_label"] = TRADES[row["trade"]].label if row["trade"] in TRADES else ""
        row["employer"] = public_employer_name(EmployerKind(row["employer_kind"]), row.pop("employer_name"), row["trade_label"])
        row["worker"] = public_worker(row.pop("seeker"))
        row["verdict_label"] = SampleVerdict.label_of(row["verdict"]) if row["verdict"] else ""
    return rows


async def stations_to_check(scope: Scope) -> list[tuple[str, str]]:
    """(code, name) of the stations in the asker's reach that have closed a month, by code."""
    code, name = LedgerVersion.station.code.as_alias("code"), LedgerVersion.station.name.as_alias("name")
    rows = await LedgerVersion.select(code, name).where(within(scope, LedgerVersion.station)).distinct().limit(500)
    return sorted((row["code"], row["name"]) for row in rows)


async def newest_version(scope: Scope, station_code: str, month: int) -> dict[str, Any] | None:
    """The newest signed ledger of a station in reach for a month; None while it is not closed."""
    return (
        await LedgerVersion.select(
            LedgerVersion.id,
            LedgerVersion.number,
            LedgerVersion.version,
            LedgerVersion.month,
            LedgerVersion.station,
            LedgerVersion.station.code.as_alias("station_code"),
            LedgerVersion.archive_key,
            LedgerVersion.sha256,
        )
        .where(within(scope, LedgerVersion.station), LedgerVersion.station.code == station_code, LedgerVersion.month == month)
        .order_by(LedgerVersion.version, ascending=False)
        .first()
    )


async def placements_numbered(station_id: int, numbers: Sequence[str]) -> dict[str, int]:
    """The placement behind each referral number of one station."""
    found: dict[str, int] = {}
    for start in range(0, len(numbers), 400):
        part = list(numbers[start : start + 400])
        rows = await Placement.select(Placement.id, Placement.referral.number.as_alias("number")).where(
            Placement.station == station_id, Placement.referral.number.is_in(part)
        )
        found |= {row["number"]: row["id"] for row in rows}
    return found
