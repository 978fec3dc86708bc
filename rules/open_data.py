"""Public posts as data for other systems: one flat record per post, every field documented in docs/public-data.md.

Nothing here is personal, and nothing is said that the public page does not say. No live interface is claimed: the
district hands the file to whoever asks for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rules.board import hours_text, place_text, places_left
from rules.codes import (
    TRADES,
    Benefit,
    CertificateType,
    InsuranceState,
    PayUnit,
    SettleCycle,
    VerifyMethod,
)

FORMAT = "gig-station-posts/1"
"""The name and version of the record; a changed meaning gets a new number."""

FIELDS: tuple[tuple[str, str, str], ...] = (
    ("number", "岗位编号", "the post's public number"),
    ("title", "岗位名称", "as published"),
    ("trade_code", "工种代码", "own table, domain reference 7.4"),
    ("trade", "工种", "its Chinese label"),
    ("headcount", "招工人数", "people wanted in all"),
    ("places_left", "剩余名额", "people still wanted"),
    ("duties", "工作内容", "as published"),
    ("requirements", "要求", "as published, may be empty"),
    ("certificates", "须持证书", "labels of the required certificates"),
    ("subdistrict_code", "街道代码", "statistics code, 9 digits"),
    ("place", "大致地点", "subdistrict and landmark, never a door"),
    ("start_date", "开工日期", "ISO date"),
    ("end_date", "完工日期", "ISO date or null"),
    ("hours", "工作时间", "text, for example 8:00–17:00"),
    ("pay_fen", "报酬（分）", "integer fen per pay_unit"),
    ("pay_unit", "计酬单位", "its Chinese label"),
    ("hourly_fen", "折合每小时（分）", "integer fen or null"),
    ("settle_cycle", "结算周期", "its Chinese label"),
    ("benefits", "福利", "labels"),
    ("insurance", "保险", "label or empty"),
    ("employer", "用人方", "short public form, or the full name where the unit agreed"),
    ("verified_on", "核实日期", "ISO date"),
    ("verified_how", "核实方式", "its Chinese label"),
    ("published_at", "发布时间", "ISO moment, UTC"),
    ("valid_to", "有效期至", "ISO date"),
    ("station_code", "驿站编号", "the station that keeps the post"),
    ("station", "驿站", "its name"),
    ("station_phone", "驿站电话", "applicants call the station"),
    ("url", "网页", "the public page"),
)
"""(field, 中文, meaning) in the order of the record: the mapping table of docs/public-data.md."""


def post_record(
    post: Mapping[str, Any], *, subdistrict_name: str, station: Mapping[str, Any], url: str
) -> dict[str, str | int | list[str] | None]:
    """One public post as the flat record of `FIELDS`. `post` is a row of the board with its published `terms`."""
    terms = post["terms"]
    trade = TRADES.get(post["trade"])
    return {
        "number": post["number"],
        "title": post["title"],
        "trade_code": post["trade"],
        "trade": trade.label if trade else "",
        "headcount": post["headcount"],
        "places_left": places_left(post),
        "duties": terms.get("duties") or "",
        "requirements": terms.get("requirements") or "",
        "certificates": [CertificateType.label_of(code) for code in terms.get("certificates") or ()],
        "subdistrict_code": post["subdistrict"],
        "place": place_text(subdistrict_name, post["landmark"]),
        "start_date": post["start_date"].isoformat() if post["start_date"] else None,
        "end_date": post["end_date"].isoformat() if post["end_date"] else None,
        "hours": hours_text(post["start_time"], post["end_time"]) if post["start_time"] else "",
        "pay_fen": post["pay_fen"],
        "pay_unit": PayUnit.label_of(post["pay_unit"]),
        "hourly_fen": post["hourly_fen"],
        "settle_cycle": SettleCycle.label_of(post["settle_cycle"]),
        "benefits": [Benefit.label_of(code) for code in terms.get("benefits") or ()],
        "insurance": InsuranceState.label_of(terms["insurance"]) if terms.get("insurance") else "",
        "employer": post["employer_label"],
        "verified_on": post["verified_on"].isoformat() if post["verified_on"] else None,
        "verified_how": VerifyMethod.label_of(post["verify_method"]) if post["verify_method"] else "",
        "published_at": post["published_at"].isoformat(timespec="seconds"),
        "valid_to": post["valid_to"].isoformat() if post["valid_to"] else None,
        "station_code": station["code"],
        "station": station["name"],
        "station_phone": station["phone"],
        "url": url,
    }
