"""The rating form on paper (P30) of one work."""

from datetime import datetime
from typing import Any

from db.queries.documents import station_on_paper
from rules.codes import Side
from rules.form_papers import RatingSheet
from rules.masking import mask_name
from web.papers import station_imprint
from web.render import show_date


async def rating_sheet(work: dict[str, Any], side: Side, *, moment: datetime) -> RatingSheet:
    """The form of one side; the sheet lies about at the counter, so the other side is named as strangers know it."""
    other = ("雇主", work["employer_label"]) if side is Side.WORKER else ("零工", mask_name(work["worker"]))
    return RatingSheet(
        station=station_imprint(await station_on_paper(work["referring_station"])),
        number=f"{work['number']}-{side.value[0]}",
        created=moment,
        side=side,
        facts=(
            ("岗位", f"{work['title']}（{work['job_number']}）"),
            other,
            ("到岗日期", show_date(work["started_on"])),
        ),
    )
