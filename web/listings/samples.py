"""The list of checks on the spot (随机抽查)."""

from db.paging import Page
from db.queries.samples import SampleFilter, samples_of
from rules.codes import ListKind, SampleVerdict
from rules.ledger import month_label
from rules.permissions import Actor, Permission
from rules.samples import SAMPLE_STATES
from web.listings.shape import NO_TABLE, Cell, Listing, Search, moment_of, text


async def _samples(actor: Actor, search: Search, after: str) -> Page:
    return await samples_of(actor.scope, SampleFilter.of(search), after)


def _found(verdict: SampleVerdict) -> Cell:
    return lambda row: str(row["verdicts"].get(verdict.value, 0)) if row["drawn_at"] else ""


SAMPLES: tuple[Listing, ...] = (
    Listing(
        ListKind.SAMPLES,
        "/desk/samples",
        Permission.SAMPLES_READ,
        _samples,
        (
            ("编号", text("number")),
            ("驿站", text("station_name")),
            ("月份", lambda row: month_label(row["month"])),
            ("台账", text("ledger")),
            ("种子", text("seed")),
            ("公布种子", moment_of("published_at")),
            ("公布人", text("published_by_name")),
            ("抽取", moment_of("drawn_at")),
            ("抽了几条", lambda row: str(row["size"] or "")),
            ("已核查", lambda row: str(row["checked"]) if row["drawn_at"] else ""),
            *((verdict.label, _found(verdict)) for verdict in SampleVerdict),
        ),
        (("station", "驿站", NO_TABLE), ("month", "月份", NO_TABLE), ("state", "状态", SAMPLE_STATES)),
    ),
)
