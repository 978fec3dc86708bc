"""The tables that facts are counted in, how a row of each reads, and the facts that several tables count. Nobody is named."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from db.queries.statistics.facts import Asked, Fact, Source, among, day_of
from rules.codes import (
    ActivityKind,
    AgreementState,
    AgreementType,
    CaseKind,
    CaseState,
    EmployerKind,
    FollowUpKind,
    RatingAbout,
    RejectReason,
    Side,
)
from rules.corrections import RECORDS
from rules.followups import START_DAYS
from rules.journal import EventKind
from rules.kpi import SATISFIED_SUM
from rules.masking import public_employer_name, public_worker
from rules.money import yuan

Row = dict[str, Any]

_STATION = "JOIN station AS st ON st.id = {}"


def _job(row: Row) -> Row:
    return {
        "on": day_of(row["happened"]),
        "number": row["number"],
        "link": "job",
        "what": row["title"],
        "more": f"{row['headcount']}人　{row['label']}".strip(),
        "station": row["station"],
    }


def _seeker(row: Row) -> Row:
    return {
        "on": day_of(row["happened"]),
        "number": row["number"],
        "link": "seeker",
        "worker": public_worker(row["number"]),
        "what": "求职登记",
        "station": row["station"],
    }


def _referral(row: Row) -> Row:
    return {
        "on": day_of(row["happened"]),
        "number": row["number"],
        "link": "referral",
        "worker": public_worker(row["seeker"]),
        "what": row["title"],
        "more": row["label"],
        "station": row["station"],
    }


def _person(row: Row) -> Row:
    return {
        "on": day_of(row["happened"]),
        "number": row["number"],
        "link": "seeker",
        "worker": public_worker(row["number"]),
        "what": f"{row['times']}人次",
        "station": row["station"],
    }


def _employer(row: Row) -> Row:
    return {
        "on": day_of(row["happened"]),
        "what": public_employer_name(EmployerKind(row["kind"]), row["name"], row["industry"]),
        "more": row["industry"],
        "station": row["station"],
    }


def _agreement(row: Row) -> Row:
    return {
        "on": day_of(row["happened"]),
        "number": row["number"],
        "link": "agreement",
        "what": AgreementType.label_of(row["type"]),
        "more": row["title"],
        "station": row["station"],
    }


def _case(row: Row) -> Row:
    return {
        "on": day_of(row["happened"]),
        "number": row["number"],
        "link": "legal_case",
        "what": CaseKind.label_of(row["kind"]),
        "more": "；".join(
            filter(
                None,
                (CaseState.label_of(row["state"]), f"追回{yuan(row['recovered_fen'])}元" if row["recovered_fen"] else ""),
            )
        ),
        "station": row["station"],
    }


def _rating(row: Row) -> Row:
    return {
        "on": day_of(row["happened"]),
        "number": row["number"],
        "link": "referral",
        "what": f"{Side.label_of(row['side'])}评的，四项一共{row['score']}分",
        "station": row["station"],
    }


def _review(row: Row) -> Row:
    return {
        "on": day_of(row["happened"]),
        "number": row["number"],
        "link": "job",
        "what": row["title"],
        "more": RejectReason.label_of(row["reason_code"]),
        "station": row["station"],
    }


def _correction(row: Row) -> Row:
    return {
        "on": day_of(row["happened"]),
        "number": row["number"],
        "link": "correction",
        "what": record_label(row["record"]),
        "more": row["record_number"],
        "station": row["station"],
    }


def _entry(row: Row) -> Row:
    entered = day_of(json.loads(row["body"]).get("entered_at"))
    return {
        "on": day_of(row["happened"]),
        "what": EventKind.label_of(row["kind"]),
        "more": f"{row['signed_name']}，{entered.month}月{entered.day}日补录" if entered else row["signed_name"],
        "station": row["station"],
    }


def _activity(row: Row) -> Row:
    return {
        "on": day_of(row["happened"]),
        "number": row["number"],
        "link": "activity",
        "what": ActivityKind.label_of(row["kind"]),
        "more": f"富余{row['offered'] or 0}人，缺工{row['wanted'] or 0}人，撮合{row['matched'] or 0}人"
        if row["kind"] == ActivityKind.SHARED_LABOUR.value
        else f"{row['people']}人次",
        "station": row["station"],
    }


def record_label(name: str) -> str:
    """What a corrected record is called."""
    return RECORDS[name].label if name in RECORDS else name


_JOB_JOINS = {
    "station": _STATION.format("j.station"),
    "employer": "JOIN employer AS e ON e.id = j.employer",
    "version": "LEFT JOIN job_version AS v ON v.job = j.id AND v.number = j.version",
}
_JOB_SHOWS = ("j.number AS number", "j.title AS title", "j.headcount AS headcount", "j.employer_label AS label", "st.name AS station")

JOBS = Source(
    "job AS j", "j.id", "j.station", "j.created_at", True, _JOB_JOINS, ("j.created_at AS happened", *_JOB_SHOWS), _job, ("station",)
)
JOBS_NOW = Source("job AS j", "j.id", "j.station", "", False, _JOB_JOINS, ("j.verified_on AS happened", *_JOB_SHOWS), _job, ("station",))
SEEKERS = Source(
    "seeker AS q",
    "q.id",
    "q.station",
    "q.created_at",
    True,
    {
        "station": _STATION.format("q.station"),
        "trade": "JOIN seeker_trade AS t ON t.seeker = q.id",
        "group": "JOIN seeker_group AS g ON g.seeker = q.id",
    },
    ("q.created_at AS happened", "q.number AS number", "st.name AS station"),
    _seeker,
    ("station",),
)
_WORK_SHOWS = ("j.title AS title", "j.employer_label AS label", "q.number AS seeker", "st.name AS station")
REFERRALS = Source(
    "referral AS r",
    "r.id",
    "COALESCE(r.referred_by, r.station)",
    "r.created_at",
    True,
    {
        "job": "JOIN job AS j ON j.id = r.job",
        "seeker": "JOIN seeker AS q ON q.id = r.seeker",
        "group": "JOIN seeker_group AS g ON g.seeker = r.seeker",
        "station": _STATION.format("COALESCE(r.referred_by, r.station)"),
    },
    ("r.created_at AS happened", "r.number AS number", *_WORK_SHOWS),
    _referral,
    ("job", "seeker", "station"),
    within={"seeker": "r.seeker", "job": "r.job"},
)


def _placements(station: str) -> Source:
    return Source(
        "placement AS p",
        "p.id",
        station,
        "p.started_on",
        False,
        {
            "referral": "JOIN referral AS r ON r.id = p.referral",
            "job": "JOIN job AS j ON j.id = p.job",
            "employer": "JOIN employer AS e ON e.id = j.employer",
            "seeker": "JOIN seeker AS q ON q.id = p.seeker",
            "group": "JOIN seeker_group AS g ON g.seeker = p.seeker",
            "station": _STATION.format(station),
        },
        ("p.started_on AS happened", "r.number AS number", *_WORK_SHOWS),
        _referral,
        ("referral", "job", "seeker", "station"),
        within={"day": "p.started_on", "seeker": "p.seeker", "job": "p.job"},
    )


PLACEMENTS = _placements("p.station")
SUPPLIED_PLACEMENTS = _placements("p.supplied_by")
PLACED_PERSONS = Source(
    "placement AS p",
    "p.seeker",
    "p.station",
    "p.started_on",
    False,
    {"seeker": "JOIN seeker AS q ON q.id = p.seeker", "station": _STATION.format("q.station")},
    ("MAX(p.started_on) AS happened", "q.number AS number", "COUNT(*) AS times", "st.name AS station"),
    _person,
    ("seeker", "station"),
    "GROUP BY p.seeker, q.number, st.name",
    within={"seeker": "p.seeker"},
)
EMPLOYERS = Source(
    "employer AS e",
    "e.id",
    "e.station",
    "e.created_at",
    True,
    {"station": _STATION.format("e.station")},
    ("e.created_at AS happened", "e.kind AS kind", "e.name AS name", "e.industry AS industry", "st.name AS station"),
    _employer,
    ("station",),
)
AGREEMENTS = Source(
    "agreement AS a",
    "a.id",
    "a.station",
    "a.created_at",
    True,
    {
        "referral": "JOIN referral AS r ON r.id = a.referral",
        "job": "JOIN job AS j ON j.id = r.job",
        "station": _STATION.format("a.station"),
    },
    ("a.created_at AS happened", "a.number AS number", "a.type AS type", "j.title AS title", "st.name AS station"),
    _agreement,
    ("referral", "job", "station"),
)
_CASE_SHOWS = ("l.number AS number", "l.kind AS kind", "l.state AS state", "l.recovered_fen AS recovered_fen", "st.name AS station")
CASES = Source(
    "legal_case AS l",
    "l.id",
    "l.station",
    "l.opened_at",
    True,
    {"station": _STATION.format("l.station")},
    ("l.opened_at AS happened", *_CASE_SHOWS),
    _case,
    ("station",),
)
CLOSED_CASES = Source(
    "legal_case AS l",
    "l.id",
    "l.station",
    "l.closed_at",
    True,
    {"station": _STATION.format("l.station")},
    ("l.closed_at AS happened", *_CASE_SHOWS),
    _case,
    ("station",),
)
_SCORE = "(g.attitude + g.speed + g.accuracy + g.surroundings)"
RATINGS = Source(
    "rating AS g",
    "g.id",
    "g.station",
    "g.given_at",
    True,
    {"referral": "JOIN referral AS r ON r.id = g.referral", "station": _STATION.format("g.station")},
    ("g.given_at AS happened", "r.number AS number", "g.side AS side", f"{_SCORE} AS score", "st.name AS station"),
    _rating,
    ("referral", "station"),
)
REVIEWS = Source(
    "job_review AS w JOIN job AS j ON j.id = w.job",
    "w.id",
    "j.station",
    "w.at",
    True,
    {"station": _STATION.format("j.station")},
    ("w.at AS happened", "j.number AS number", "j.title AS title", "w.reason_code AS reason_code", "st.name AS station"),
    _review,
    ("station",),
)
CORRECTIONS = Source(
    "correction AS c",
    "c.id",
    "c.station",
    "c.made_at",
    True,
    {"station": _STATION.format("c.station")},
    ("c.made_at AS happened", "c.number AS number", "c.record AS record", "c.record_number AS record_number", "st.name AS station"),
    _correction,
    ("station",),
)
JOURNAL = Source(
    "journal_entry AS y",
    "y.id",
    "y.station_id",
    "y.at",
    True,
    {"station": _STATION.format("y.station_id")},
    ("y.at AS happened", "y.kind AS kind", "y.signed_name AS signed_name", "y.body AS body", "st.name AS station"),
    _entry,
    ("station",),
)
ACTIVITIES = Source(
    "activity AS h",
    "h.id",
    "h.station",
    "h.held_on",
    False,
    {"group": "JOIN seeker_group AS g ON g.seeker = h.seeker", "seeker": "JOIN seeker AS q ON q.id = h.seeker"}
    | {"station": _STATION.format("h.station")},
    (
        *("h.held_on AS happened", "h.number AS number", "h.kind AS kind", "h.people AS people"),
        *("h.offered AS offered", "h.wanted AS wanted", "h.matched AS matched", "st.name AS station"),
    ),
    _activity,
    ("station",),
)

LATE_ENTRY = """body LIKE '%"late_reason":%'"""
"""An entry that says why it came late. db/ddl.py has an index of exactly these: the words must stay the same."""

_REGISTERED = "j.submitted_at IS NOT NULL"
REGISTERED = Fact(JOBS, _REGISTERED)
WANTED_HEADS = Fact(JOBS, _REGISTERED, "SUM(j.headcount)")
NEW_SEEKERS = Fact(SEEKERS, "q.merged_into IS NULL")
REFERRED = Fact(REFERRALS, "r.state <> 'APPLIED'")
PLACED = Fact(PLACEMENTS)
PERSONS = Fact(PLACED_PERSONS, value="COUNT(DISTINCT p.seeker)")
NEW_EMPLOYERS = Fact(EMPLOYERS, "e.merged_into IS NULL")
SUPPLIED = Fact(SUPPLIED_PLACEMENTS)
IN_FORCE = f"a.state NOT IN {among([state.value for state in (AgreementState.VOID, AgreementState.CANCELLED)])}"


def _over(asked: Asked) -> str:
    """Placements whose call-back of the employer is due by today."""
    return f"p.started_on < '{(asked.day - timedelta(days=START_DAYS)).isoformat()}'"


_IN_TIME = (
    f"EXISTS (SELECT 1 FROM follow_up AS f WHERE f.placement = p.id AND f.side = '{Side.EMPLOYER.value}' "
    f"AND f.kind IN ('{FollowUpKind.START.value}', '{FollowUpKind.END.value}') AND f.made_on <= f.due_on LIMIT 1 OFFSET 0)"
)
"""The OFFSET keeps PostgreSQL from reading the calls of all years to find those of a month."""
CALLS_DUE = Fact(PLACEMENTS, _over)
CALLED = Fact(PLACEMENTS, lambda asked: f"{_over(asked)} AND {_IN_TIME}")
_OF_STATION = f"g.about = '{RatingAbout.STATION.value}'"
RATED = Fact(RATINGS, _OF_STATION)
SATISFIED = Fact(RATINGS, f"{_OF_STATION} AND {_SCORE} >= {SATISFIED_SUM}")
