"""What the address of the statistics asks for: table, period, stations; the same for pages, files and the exported list."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from db.clock import today
from db.queries.parameters import legal_parameters
from db.queries.statistics.facts import Asked
from db.queries.statistics.tables import Sees, figure_in, stations_reached, table_of
from rules.codes import SUBDISTRICTS, BuildMode
from rules.parameters import ParameterMissing, whole
from rules.permissions import Actor, Permission, Reach, Role
from rules.statistics.cells import Cell, Column, Part, PartSpec
from rules.statistics.periods import Period, PeriodKind, day_typed, period_on
from rules.statistics.tables import PARTS, StatTable

Search = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody wants to see, resolved within their reach. `narrowed` is "" for everything in reach."""

    table: StatTable
    period: Period
    narrowed: str
    here: tuple[dict[str, Any], ...]
    asked: Asked
    sees: Sees
    label: str

    @property
    def address(self) -> dict[str, str]:
        """The question as it stands in an address."""
        asked = {"table": self.table.value, "kind": self.period.kind.value, "day": self.period.first.isoformat()}
        return asked | ({"scope": self.narrowed} if self.narrowed else {})

    def query(self, **changes: str) -> str:
        """The same question with something else in it, as a query."""
        return urlencode(self.address | changes)


def sees(actor: Actor) -> Sees:
    """What this person gets beyond figures (domain reference 8.4 table 9, 9: sensitive groups are counts for officers)."""
    places = {Role.SUBDISTRICT: "all", Role.DISTRICT: "all", Role.MANAGER: "own"}.get(actor.role, "none")
    return Sees(places=places, groups=actor.may(Permission.GROUPS_RECORD), guarded=actor.may(Permission.GROUPS_GUARDED))


async def question_of(actor: Actor, search: Search) -> Question | None:
    """The question in an address; None for stations outside the asker's reach. What it does not know is the usual."""
    wanted, length = str(search.get("table", "")), str(search.get("kind", ""))
    table = StatTable(wanted) if wanted in StatTable._value2member_map_ else StatTable.SUPPLY
    if (part := str(search.get("part", ""))) in SPECS:
        table = SPECS[part][0]
    kind = PeriodKind(length) if length in PeriodKind._value2member_map_ else PeriodKind.MONTH
    day = today()
    period = period_on(kind, day_typed(str(search.get("day", "")), day))
    narrowed = str(search.get("scope", ""))
    here = await stations_reached(actor.scope, narrowed)
    if narrowed and not here:
        return None
    seen = sees(actor)
    asked = Asked(tuple(row["id"] for row in here), period.first, period.last, day, guarded=seen.guarded)
    return Question(table, period, narrowed, tuple(here), asked, seen, _label(actor, narrowed, here))


SPECS: dict[str, tuple[StatTable, PartSpec]] = {spec.key: (table, spec) for table, specs in PARTS.items() for spec in specs}
"""Every breakdown by its key, with the table it is of."""


def _label(actor: Actor, narrowed: str, here: list[dict[str, Any]]) -> str:
    if narrowed in SUBDISTRICTS:
        return f"{SUBDISTRICTS[narrowed]}的驿站"
    if narrowed in BuildMode._value2member_map_:
        return f"{BuildMode(narrowed).label}的驿站"
    if narrowed or actor.scope.reach is Reach.STATION:
        return str(here[0]["name"]) if here else ""
    return _whole_reach(actor)


def _whole_reach(actor: Actor) -> str:
    match actor.scope.reach:
        case Reach.SUBDISTRICT:
            return f"{SUBDISTRICTS.get(actor.subdistrict or '', '')}的驿站"
        case Reach.OPERATOR:
            return f"{actor.operator}的驿站"
    return "全区驿站"


async def scopes_to_choose(actor: Actor) -> list[tuple[str, str]]:
    """What the stations can be narrowed to; empty for somebody with one station."""
    if actor.scope.reach is Reach.STATION:
        return []
    stations = await stations_reached(actor.scope)
    modes = {row["build_mode"] for row in stations}
    places = {row["subdistrict"] for row in stations}
    chosen = [("", _whole_reach(actor))]
    chosen += [(mode.value, f"{mode.label}的") for mode in BuildMode if mode.value in modes] if len(modes) > 1 else []
    chosen += [(code, name) for code, name in SUBDISTRICTS.items() if code in places] if len(places) > 1 else []
    return chosen + [(row["code"], row["name"]) for row in stations]


async def whole_year_target(asked: Asked) -> int:
    """The placements a whole year wants (art. 11) as in force on the last day; 0 before there was any."""
    try:
        return whole(await legal_parameters(), "annual_placement_target", min(asked.last, asked.day))
    except ParameterMissing:
        return 0


async def parts_of(question: Question, table: StatTable | None = None) -> tuple[Part, ...]:
    """The breakdowns of the table (or another one) with their figures."""
    return await table_of(
        table or question.table, question.asked, question.here, question.sees, whole_year=await whole_year_target(question.asked)
    )


@dataclass(frozen=True, slots=True)
class OpenFigure:
    """A figure whose rows are wanted."""

    spec: PartSpec
    column: Column
    row: str
    label: str
    cell: Cell


async def open_figure(question: Question, search: Search) -> OpenFigure | None:
    """The figure that an address names; None when there is none, or when it is not shown."""
    if str(search.get("part", "")) not in SPECS:
        return None
    _, spec = SPECS[str(search["part"])]
    column = next((each for each in spec.columns if each.key == search.get("column")), None)
    row = str(search.get("row", ""))
    if column is None or not column.opens:
        return None
    found = await figure_in(spec, column.key, row, question.asked, question.here, question.sees)
    return OpenFigure(spec, column, row, *found) if found else None
