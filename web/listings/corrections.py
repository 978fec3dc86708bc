"""The list of corrections as it is exported: old and new in their own columns, exactly as the page shows them."""

from db.paging import Page
from db.queries import corrections
from rules.codes import ListKind
from rules.corrections import RECORDS
from rules.permissions import Actor, Permission
from web.corrections import numbered
from web.listings.shape import NO_TABLE, Listing, Row, Search, moment_of, text


async def _corrections(actor: Actor, search: Search, after: str) -> Page:
    wanted = corrections.CorrectionFilter.of(*(search.get(name, "") for name in ("month", "record", "who", "review")))
    page = await corrections.corrections_for(actor, wanted, after)
    return Page(numbered(page.rows), page.next)


def _review(row: Row) -> str:
    waits = "待复核" if row["made_by_role"] == "STF" else ""
    return corrections.REVIEW_STATES.get(row["verdict"], waits)


CORRECTIONS: tuple[Listing, ...] = (
    Listing(
        ListKind.CORRECTIONS,
        "/desk/corrections",
        Permission.CORRECTIONS_READ,
        _corrections,
        (
            ("编号", text("number")),
            ("更正时间", moment_of("made_at")),
            ("更正人", text("made_by_name")),
            ("记录", text("record_label")),
            ("记录编号", text("record_number")),
            ("栏目", text("field_label")),
            ("原来", text("old")),
            ("更正为", text("new")),
            ("原因", text("reason")),
            ("月份", lambda row: f"{row['month'] // 100}-{row['month'] % 100:02d}"),
            ("结账后更正的台账", text("ledger")),
            ("复核", _review),
            ("驿站", text("station_name")),
        ),
        (
            ("month", "月份", NO_TABLE),
            ("record", "记录", {record.name: record.label for record in RECORDS.values()}),
            ("who", "更正人", NO_TABLE),
            ("review", "复核", corrections.REVIEW_STATES),
        ),
    ),
)
