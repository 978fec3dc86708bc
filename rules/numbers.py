"""Public numbers of records (domain reference 7.12): printed on paper, used in addresses.

The functions only print: the counter `n` comes from the caller, who keeps the numbers unique. Two stations of different
subdistricts can share the last two digits of their code, so posts of one day count on across them.
The patterns are for routing and checking; they match the whole number in upper case.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from enum import StrEnum

from rules.codes import AgreementType

STATION_CODE = r"ZD-[0-9]{9}-[0-9]{2}"
JOB_NUMBER = r"G[0-9]{6}-[0-9]{6}"
SEEKER_NUMBER = r"Q[0-9]{11}"
REFERRAL_NUMBER = r"T[0-9]{11}"
AGREEMENT_NUMBER = r"X(?:LW|FQ|GX|CL|CW|JZ|GD|RW|PT|GZ)-[0-9]{4}-[0-9]{6}"

GUIDANCE_NUMBER = r"Y[0-9]{10}"
COMPLAINT_NUMBER = r"TS[0-9]{9}"
CASE_NUMBER = r"FL[0-9]{9}"
ACTIVITY_NUMBER = r"(?:HD|SJ)[0-9]{9,10}"

AGREEMENT_LETTERS: dict[AgreementType, str] = {
    AgreementType.ONE_OFF_SERVICE: "LW",
    AgreementType.PART_TIME: "FQ",
    AgreementType.SHARED_LABOUR_3P: "GX",
    AgreementType.OVER_AGE: "CL",
    AgreementType.WORK_RESULT: "CW",
    AgreementType.DOMESTIC: "JZ",
    AgreementType.FIXED_TERM: "GD",
    AgreementType.FIXED_TASK: "RW",
    AgreementType.PLATFORM_WRITTEN: "PT",
    AgreementType.KEY_POINTS: "GZ",
}
"""The two letters of each agreement type in its number."""


class NumberKind(StrEnum):
    """What a public number belongs to."""

    STATION = "station"
    JOB = "job"
    SEEKER = "seeker"
    REFERRAL = "referral"
    AGREEMENT = "agreement"
    GUIDANCE = "guidance"
    COMPLAINT = "complaint"
    CASE = "case"
    ACTIVITY = "activity"


_PATTERNS = {
    NumberKind.STATION: re.compile(STATION_CODE),
    NumberKind.JOB: re.compile(JOB_NUMBER),
    NumberKind.SEEKER: re.compile(SEEKER_NUMBER),
    NumberKind.REFERRAL: re.compile(REFERRAL_NUMBER),
    NumberKind.AGREEMENT: re.compile(AGREEMENT_NUMBER),
    NumberKind.GUIDANCE: re.compile(GUIDANCE_NUMBER),
    NumberKind.COMPLAINT: re.compile(COMPLAINT_NUMBER),
    NumberKind.CASE: re.compile(CASE_NUMBER),
    NumberKind.ACTIVITY: re.compile(ACTIVITY_NUMBER),
}


def _counted(n: int, width: int) -> str:
    if not 0 < n < 10**width:
        raise ValueError(f"counter {n} does not fit into {width} digits")
    return f"{n:0{width}d}"


def _subdistrict(code: str) -> str:
    if not re.fullmatch(r"[0-9]{9}", code):
        raise ValueError(f"not a subdistrict code: {code!r}")
    return code


def station_code(subdistrict: str, n: int) -> str:
    """The n-th station of a subdistrict: ZD-420112015-01. Raises ValueError where n does not fit, as all here do."""
    return f"ZD-{_subdistrict(subdistrict)}-{_counted(n, 2)}"


def station_number(code: str) -> str:
    """The last two digits of a station code, as they stand in job numbers: "01"."""
    if not _PATTERNS[NumberKind.STATION].fullmatch(code):
        raise ValueError(f"not a station code: {code!r}")
    return code[-2:]


def job_number(day: date, station_no: str | int, n: int) -> str:
    """The n-th job post of that day: G261122-010023. `station_no` is 1 to 99, from `station_number`."""
    return f"G{day:%y%m%d}-{_counted(int(station_no), 2)}{_counted(n, 4)}"


def seeker_number(year: int, subdistrict: str, n: int) -> str:
    """The n-th seeker registered in that year in that subdistrict: Q26015000123."""
    return f"Q{year % 100:02d}{_subdistrict(subdistrict)[-3:]}{_counted(n, 6)}"


def referral_number(day: date, n: int) -> str:
    """The n-th referral of that day: T26112200045."""
    return f"T{day:%y%m%d}{_counted(n, 5)}"


def agreement_number(agreement_type: AgreementType, year: int, n: int) -> str:
    """The n-th agreement of that type and year: XLW-2026-000187."""
    return f"X{AGREEMENT_LETTERS[agreement_type]}-{year:04d}-{_counted(n, 6)}"


def print_run_number(day: date, n: int) -> str:
    """The n-th bulk print of that day: DY261122-003."""
    return f"DY{day:%y%m%d}-{_counted(n, 3)}"


def guidance_number(day: date, n: int) -> str:
    """The n-th guided drafting of that day: Y2611220003."""
    return f"Y{day:%y%m%d}{_counted(n, 4)}"


def complaint_number(day: date, n: int) -> str:
    """The n-th complaint of that day: TS261122003."""
    return f"TS{day:%y%m%d}{_counted(n, 3)}"


def case_number(day: date, n: int) -> str:
    """The n-th case of claimed rights of that day: FL261122003."""
    return f"FL{day:%y%m%d}{_counted(n, 3)}"


def activity_number(day: date, n: int, *, incident: bool = False) -> str:
    """The n-th registered work of that day: HD261123003, an incident SJ261123001. A busy day's thousandth has a digit more."""
    return f"{'SJ' if incident else 'HD'}{day:%y%m%d}{_counted(n, 3 if n < 1000 else 4)}"


def sheet_number(letters: str, station: str, of: str) -> str:
    """The number of a sheet about a station's day, month or rule: CQ261201-420112015-01. `of` says which one."""
    return f"{letters}{of}-{station.removeprefix('ZD-')}"


def normal(typed: str) -> str:
    """A number as typed from paper, in its printed form: half-width, upper case, plain dashes, no spaces."""
    plain = re.sub(r"[‐‑‒–—―−]", "-", unicodedata.normalize("NFKC", typed))
    return "".join(plain.split()).upper()


def kind_of(number: str) -> NumberKind | None:
    """What a number in printed form belongs to; None for anything that no record can have."""
    return next((kind for kind, pattern in _PATTERNS.items() if pattern.fullmatch(number)), None)


def agreement_type_of(number: str) -> AgreementType | None:
    """The type an agreement's number tells (XFQ-… is 非全日制用工劳动合同); None for any other number."""
    if kind_of(number) is not NumberKind.AGREEMENT:
        return None
    return next((kind for kind, letters in AGREEMENT_LETTERS.items() if number[1:3] == letters), None)


def printed_number(number: str, version: int) -> str:
    """The number as a paper's QR code holds it: a first version as it is, later ones with theirs (XLW-2026-000187-V2)."""
    return f"{number}-V{version}" if version > 1 else number


def number_and_version(printed: str) -> tuple[str, int]:
    """The number and the version of what `printed_number` made; 1 where none is named."""
    match = _PRINTED.fullmatch(printed)
    return (match[1], int(match[2])) if match else (printed, 1)


_PRINTED = re.compile(r"(.+)-V([1-9][0-9]?)")
