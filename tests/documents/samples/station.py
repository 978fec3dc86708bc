"""The station of all sample papers, and when they were made."""

from datetime import UTC, datetime

from rules.documents import (
    StationImprint,
)

CREATED = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)

STATION = StationImprint(
    name="金银湖街道零工驿站",
    code="ZD-420112015-01",
    phone="027-8388 0001",
    complaint_phone="027-8388 0002",
    supervising_unit="金银湖街道办事处",
    supervising_phone="027-8388 0003",
    address="金银湖街道环湖路 36 号",
    opening_hours="每天 6:00至20:00",
)
