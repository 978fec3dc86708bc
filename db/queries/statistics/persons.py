"""Tables 3 and 4: groups that get help first, age, gender, education. Figures of persons, never persons."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date

from db.queries import person_groups
from db.queries.statistics.facts import Asked, By, Counted, Fact, Text, engine_text, literal, moments
from db.queries.statistics.sources import ACTIVITIES, NEW_SEEKERS, PERSONS, PLACED, PLACEMENTS, REFERRALS, REFERRED, SEEKERS
from rules.codes import ActivityKind, PersonGroup
from rules.person_groups import AGE_FROM, GUARDED, GroupEnd
from rules.statistics.tables import AgeBand, steps_of


def _years_before(day: date, years: int) -> date:
    """The last birthday of whoever is `years` old on `day`."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # born on 29 February: a year older from 1 March on
        return date(day.year - years, 2, 28)


def _age(asked: Asked) -> str:
    """The step of the age on the last day of the period."""
    cases = [
        f"WHEN q.birth_date <= '{_years_before(asked.last, begins).isoformat()}' THEN '{value}'"
        for value, begins in reversed(steps_of(AgeBand)[1:])
    ]
    return f"CASE {' '.join(cases)} ELSE '{steps_of(AgeBand)[0][0]}' END"


_WITH_SEEKER = ("seeker",)
_KEYS: dict[str, Text | Callable[[Asked], str]] = {"ages": _age, "genders": "q.gender", "educations": "q.education"}

COUNTED: dict[str, dict[str, Counted]] = {
    part: {
        "seekers": Counted(NEW_SEEKERS, By(key)),
        "referred": Counted(REFERRED, By(key, _WITH_SEEKER, within="seeker")),
        "placed": Counted(PLACED, By(key, _WITH_SEEKER, within="seeker")),
        "persons": Counted(PERSONS, By(key, _WITH_SEEKER, within="seeker")),
    }
    for part, key in _KEYS.items()
}

_ASK = {
    "registered": person_groups.registered_by_group,
    "referred": person_groups.referred_by_group,
    "placed": person_groups.placed_by_group,
    "trained": person_groups.trained_by_group,
}


async def by_group(asked: Asked) -> dict[str, dict[str, int]]:
    """Table 3: column → group → figure."""
    return {
        column: {group.value: n for group, n in (await ask(asked.stations, asked.first, asked.last)).items()}
        for column, ask in _ASK.items()
    }


# The rows behind table 3, under the conditions of `person_groups`: in the group on the day, told by the end of the period.
_DAY = {"sqlite": "CAST(strftime('%Y%m%d', {}) AS INTEGER)", "postgres": "CAST(to_char({}, 'YYYYMMDD') AS INTEGER)"}
_DAY_OF_MOMENT = {
    "sqlite": "CAST(strftime('%Y%m%d', {}, '+8 hours') AS INTEGER)",
    "postgres": "CAST(to_char({} AT TIME ZONE 'Asia/Shanghai', 'YYYYMMDD') AS INTEGER)",
}
_EVENTS = {
    "registered": (NEW_SEEKERS, SEEKERS.moment, True, ""),
    "referred": (REFERRED, REFERRALS.moment, True, str(REFERRED.where)),
    "placed": (PLACED, PLACEMENTS.moment, False, ""),
    "trained": (Fact(ACTIVITIES), ACTIVITIES.moment, False, f"h.kind = '{ActivityKind.TRAINING.value}'"),
}


def group_rows(column: str, group: PersonGroup, asked: Asked) -> Fact | None:
    """The fact whose rows stand behind a figure of table 3; None for a group that the asker may not see."""
    if group in GUARDED and not asked.guarded:
        return None
    fact, moment, timed, also = _EVENTS[column]
    day = engine_text(_DAY_OF_MOMENT if timed else _DAY).format(moment)
    if group is PersonGroup.AGE_4050:
        born = engine_text(_DAY).format("q.birth_date")
        condition = " OR ".join(f"q.gender = '{gender}' AND {day} - {born} >= {years * 10000}" for gender, years in AGE_FROM.items())
        joins: tuple[str, ...] = () if fact.source is SEEKERS else _WITH_SEEKER
    else:
        end = moments(asked.first, asked.last)[1]
        condition = (
            f"g.kind = {literal(group.value)} AND g.added_at < '{end.astimezone(UTC)}' "  # both engines read UTC in this form
            f"AND (g.ended_at IS NULL OR {engine_text(_DAY_OF_MOMENT).format('g.ended_at')} >= {day}) "
            f"AND g.ended_reason NOT LIKE {literal(GroupEnd.MISTAKE.label + '%')}"
        )
        joins = ("group",)
    return Fact(fact.source, f"{also} AND ({condition})" if also else condition, joins=joins)
