"""From corrections to the list of a month (更改记录清单, P17)."""

from datetime import date, datetime, time
from typing import Any

from db.clock import CHINA
from rules.codes import CorrectionVerdict, PaperKind
from rules.correction_papers import CorrectedLine, CorrectionSheet
from rules.journal_reading import without_contacts
from rules.ledger import first_day, last_day, month_label
from rules.numbers import sheet_number
from web.calling_papers import paper_file
from web.corrections import numbered
from web.papers import station_imprint
from web.request import StationRequest

Row = dict[str, Any]


def correction_sheet(station: Row, month: int, rows: list[Row], today: date) -> CorrectionSheet:
    """The list of a month (202611), corrections oldest first; sealed words are not printed."""
    as_of = max(min(last_day(month), today), first_day(month))
    return CorrectionSheet(
        station=station_imprint(station),
        number=sheet_number("GG", station["code"], f"{first_day(month):%y%m}"),
        created=datetime.combine(as_of, time(), CHINA),
        month=month_label(month),
        lines=tuple(_line(row) for row in numbered(rows)),
    )


def _line(row: Row) -> CorrectedLine:
    review = f"{CorrectionVerdict.label_of(row['verdict'])}（{row['review']['by_name']}）" if row["verdict"] else ""
    return CorrectedLine(
        number=row["number"],
        record=f"{row['record_label']} {row['record_number']}",
        field=row["field_label"],
        old=without_contacts(row["old"]),
        new=without_contacts(row["new"]),
        reason=without_contacts(row["reason"]),
        when=row["when"],
        who=f"{row['made_by_name']}（工号 {row['work_no']}）" if row["work_no"] else row["made_by_name"],
        review=review,
        ledger=row["ledger"],
    )


async def correction_sheet_file(request: StationRequest, station: Row, paper: CorrectionSheet) -> bytes:
    """The PDF: issued for the station's own people, looked at by officers."""
    return await paper_file(request, PaperKind.CORRECTIONS, paper, subject="station", subject_id=station["id"], station=station)
