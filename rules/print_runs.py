"""Papers printed many at a time (批量打印, art. 16): what may be asked for, how far it is, and until when it can be fetched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rules.codes import Bundle, PrintItemState, PrintRunKind, PrintRunState, SheetFinish
from rules.errors import RuleBroken
from rules.stations import PAGE_PAPERS as SHEETS

MAXIMUM = 500
"""Papers of one bulk print; a morning of a big station is less."""
OPEN_AT_ONCE = 5
"""Bulk prints of one station that wait or run."""
TRIES = 2
"""How often a paper is tried when the printing program broke down under it."""
FETCHED_WITHIN = timedelta(days=7)

OPEN = frozenset({PrintRunState.WAITING, PrintRunState.RUNNING})
PERSONAL = frozenset({PrintRunKind.AGREEMENTS, PrintRunKind.LARGE_PRINT, PrintRunKind.REFERRAL_SLIPS})
"""Papers with somebody's full data on them: opened on a later day, each counts as a look at that person's data."""
UNISSUED = frozenset({PrintRunKind.BOARDS})
"""Papers that are printed without being issued: what was printed belongs to the bulk print and goes with it."""

_NOTHING = {
    PrintRunKind.AGREEMENTS: "这一天没有待签的协议。先起草协议，或者换一个日期。",
    PrintRunKind.LARGE_PRINT: "这一天没有待签的协议，没有大字版可打印。请换一个日期。",
    PrintRunKind.REFERRAL_SLIPS: "这一天没有双方都同意的推荐。请换一个日期。",
    PrintRunKind.SEEKER_CARDS: "这一天没有新登记的零工。请换一个日期。",
    PrintRunKind.BOARDS: "没有可打印的制度。",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for. `day` is None for boards, which have `sheet` and `finish`; `duplex` begins every paper on a new sheet."""

    kind: PrintRunKind
    bundle: Bundle
    day: date | None = None
    duplex: bool = False
    sheet: str = SHEETS[0]
    finish: SheetFinish = SheetFinish.OFFICE

    @property
    def choice(self) -> str:
        """The choices in one stored text; `read_wanted` reads it."""
        if self.kind is PrintRunKind.BOARDS:
            return f"{self.sheet} {self.finish.value}"
        return "duplex" if self.duplex else ""

    @property
    def words(self) -> str:
        """The choices as people read them."""
        if self.kind is PrintRunKind.BOARDS:
            return f"{self.sheet}，{self.finish.label}"
        return "双面打印" if self.duplex else ""


def read_wanted(kind: str, bundle: str, day: date | None, choice: str) -> Wanted:
    """What a stored bulk print was asked for."""
    parts = choice.split()
    sheet = next((each for each in parts if each in SHEETS), SHEETS[0])
    finish = next((each for each in SheetFinish if each.value in parts), SheetFinish.OFFICE)
    return Wanted(PrintRunKind(kind), Bundle(bundle), day, "duplex" in parts, sheet, finish)


def check_wanted(wanted: Wanted, today: date) -> Wanted:
    """What was asked for, with only the choices that its kind has. RuleBroken on `day`: none, or one to come."""
    if wanted.kind is PrintRunKind.BOARDS:
        return Wanted(wanted.kind, wanted.bundle, None, False, wanted.sheet if wanted.sheet in SHEETS else SHEETS[0], wanted.finish)
    if wanted.day is None:
        raise RuleBroken("请填写要打印哪一天的。", "day")
    if wanted.day > today:
        raise RuleBroken("这一天还没到，请填今天或者以前的日期。", "day")
    return Wanted(wanted.kind, wanted.bundle, wanted.day, wanted.duplex and wanted.bundle is Bundle.PDF)


def check_count(kind: PrintRunKind, count: int) -> None:
    """RuleBroken: nothing to print, or more than one bulk print may hold."""
    if count == 0:
        raise RuleBroken(_NOTHING[kind], "day")
    if count > MAXIMUM:
        raise RuleBroken(f"这一天超过{MAXIMUM}份，一次打不完。请到清单里逐份打印，或者联系系统管理员。", "day")


def check_open(count: int) -> None:
    """RuleBroken: the station has as many bulk prints on the way as it may have."""
    if count >= OPEN_AT_ONCE:
        raise RuleBroken(f"本站已有{OPEN_AT_ONCE}次批量打印在排队，请等前面的打完，或者取消一个。")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a bulk print is."""

    printed: int = 0
    failed: int = 0
    skipped: int = 0
    waiting: int = 0

    @property
    def total(self) -> int:
        """All papers of it."""
        return self.printed + self.failed + self.skipped + self.waiting

    @property
    def dealt(self) -> int:
        """Papers that were dealt with."""
        return self.total - self.waiting

    @property
    def missing(self) -> int:
        """Papers that did not come out."""
        return self.failed + self.skipped


def progress_of(counts: dict[str, int]) -> Progress:
    """From the number of items in each state."""
    state = PrintItemState
    return Progress(
        printed=counts.get(state.PRINTED.value, 0),
        failed=counts.get(state.FAILED.value, 0),
        skipped=counts.get(state.SKIPPED.value, 0),
        waiting=counts.get(state.WAITING.value, 0),
    )


def ended_as(progress: Progress) -> PrintRunState:
    """What a bulk print is after its last paper: not done when not one paper came out."""
    return PrintRunState.DONE if progress.printed else PrintRunState.FAILED


def can_cancel(state: PrintRunState) -> bool:
    """Whether it can be stopped."""
    return state in OPEN


def can_go_on(state: PrintRunState, progress: Progress) -> bool:
    """Whether the papers that did not come out may be tried again."""
    return state not in OPEN and (progress.missing > 0 or progress.waiting > 0 or state is PrintRunState.FAILED)


def can_be_fetched(state: PrintRunState, ended_at: datetime | None, now: datetime) -> bool:
    """Whether the file can still be had: a week from the end."""
    return state is PrintRunState.DONE and ended_at is not None and now <= ended_at + FETCHED_WITHIN


def counts_as_look(kind: PrintRunKind, day: date | None, today: date) -> bool:
    """Whether printing these counts as looking at each person's data: the day's own papers are the day's work."""
    return kind in PERSONAL and day != today
