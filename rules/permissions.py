"""Who may do what: one table role → permissions (domain reference 9), and how far each account sees.

Routes and templates ask the same `may`. Nothing is allowed that is not written here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from rules.codes import Labelled


class Role(Labelled):
    """Roles of domain reference 9 that sign in."""

    STAFF = "STF", "驿站工作人员"
    MANAGER = "MGR", "驿站负责人"
    OPERATOR = "OPR", "运营方管理员"
    LEGAL = "LGL", "法律服务人员"
    SUBDISTRICT = "SUB", "街道监管员"
    DISTRICT = "DST", "区级管理员"
    ADMIN = "ADM", "系统管理员"
    WORKER = "WKR", "零工"
    EMPLOYER = "EMP", "雇主"


PUBLIC_ROLES = frozenset({Role.WORKER, Role.EMPLOYER})
"""Roles of people who use the pages for themselves: no desk, no station's records, only their own."""


class Permission(StrEnum):
    """`room:action`; reading and writing are different permissions."""

    OWN_ACCOUNT = "accounts:own"
    DESK = "desk:open"
    SUPERVISION = "supervision:open"
    ACCOUNTS_READ = "accounts:read"
    STATIONS_READ = "stations:read"
    BOARDS_EDIT = "stations:edit-boards"
    EMPLOYERS_READ = "employers:read"
    EMPLOYERS_REGISTER = "employers:register"
    EMPLOYERS_VERIFY = "employers:verify"
    EMPLOYERS_CREDIT = "employers:credit"
    EMPLOYERS_DOCUMENTS = "employers:documents"
    JOBS_READ = "jobs:read"
    JOBS_REGISTER = "jobs:register"
    JOBS_REVIEW = "jobs:review"
    JOBS_PUBLISH = "jobs:publish"
    JOBS_TAKE_DOWN = "jobs:take-down"
    JOBS_RELEASE = "jobs:release-hit"
    SEEKERS_READ = "seekers:read"
    SEEKERS_REGISTER = "seekers:register"
    REFERRALS_READ = "referrals:read"
    REFERRALS_PROPOSE = "referrals:propose"
    AGREEMENTS_READ = "agreements:read"
    AGREEMENTS_DRAFT = "agreements:draft"
    PLACEMENTS_READ = "placements:read"
    PLACEMENTS_RECORD = "placements:record"
    JOURNAL_READ = "journal:read"
    ME = "me:own"
    EMPLOYER_HOME = "employer:own"
    POOL_READ = "pool:read"
    FRESHNESS = "freshness:confirm"
    REVEAL = "privacy:reveal"
    REVEAL_ORDERS = "privacy:reveal-order"
    SEEKERS_ENROL = "seekers:enrol"
    SEEKERS_RESTRICT = "seekers:restrict"
    RIGHTS_ANSWER = "privacy:answer-requests"
    RECORDS_MERGE = "records:merge"
    APPEALS_DECIDE = "jobs:decide-appeal"
    WATCHED_APPROVE = "jobs:approve-watched"
    ALERTS_READ = "alerts:read"
    ALERTS_CLEAR = "alerts:clear"
    ACCOUNTS_MANAGE = "accounts:manage"
    IMPORTS_RUN = "imports:run"
    EXPORTS_ASK = "exports:ask"
    EXPORTS_DECIDE = "exports:decide"
    RETENTION_RUN = "retention:run"
    ATTENDANCE_READ = "attendance:read"
    ATTENDANCE_SIGN_IN = "attendance:sign-in"
    ATTENDANCE_CALL = "attendance:call"
    CALLING_RULES_SET = "attendance:set-rules"
    FAIRNESS_READ = "attendance:fairness"
    ORDERS_READ = "orders:read"
    ORDERS_TAKE = "orders:take"
    NEIGHBOURS_SET = "orders:set-neighbours"
    MATCHING_RUN = "matching:run"
    FOLLOW_UPS_READ = "followups:read"
    FOLLOW_UPS_RECORD = "followups:record"
    RATINGS_READ = "ratings:read"
    RATINGS_RECORD = "ratings:record"
    RATINGS_WORDS = "ratings:words"
    COMPLAINTS_READ = "complaints:read"
    COMPLAINTS_OPEN = "complaints:write-down"
    COMPLAINTS_DECIDE = "complaints:decide"
    CASES_READ = "cases:read"
    CASES_WORK = "cases:work"
    SCREENS_MANAGE = "screens:manage"
    SCREEN_NOTICES = "screens:notices"
    WORDINGS_READ = "wordings:read"
    WORDINGS_SET = "wordings:set"
    EMBLEMS_SET = "documents:set-emblems"
    PAPERS_READ = "documents:read"
    PAPERS_VOID = "documents:void"
    PRINT_MANY = "documents:print-many"
    RECORDS_SIGN = "records:sign"
    RECORDS_READ = "records:read"
    CORRECTIONS_READ = "corrections:read"
    CORRECTIONS_MAKE = "corrections:make"
    CORRECTIONS_REVIEW = "corrections:review"
    ACTIVITIES_READ = "activities:read"
    ACTIVITIES_RECORD = "activities:record"
    GROUPS_RECORD = "seekers:record-groups"
    GROUPS_GUARDED = "seekers:guarded-groups"
    LEDGER_READ = "ledger:read"
    LEDGER_PRINT = "ledger:print"
    LEDGER_EXPORT = "ledger:export"
    LEDGER_WRITE = "ledger:write"
    LEDGER_CLOSE = "ledger:close"
    LEDGER_DECIDE = "ledger:decide"
    STATISTICS_READ = "statistics:read"
    STATISTICS_EXPORT = "statistics:export"
    SAMPLES_READ = "samples:read"
    SAMPLES_DRAW = "samples:draw"
    VERIFICATION_READ = "verification:read"
    HEADS_FETCH = "verification:fetch-heads"


_P = Permission
_DESK = {_P.OWN_ACCOUNT, _P.DESK, _P.STATIONS_READ}
_STAFF = _DESK | {
    _P.EMPLOYERS_READ,
    _P.EMPLOYERS_REGISTER,
    _P.EMPLOYERS_VERIFY,
    _P.EMPLOYERS_DOCUMENTS,
    _P.JOBS_READ,
    _P.JOBS_REGISTER,
    _P.JOBS_REVIEW,
    _P.JOBS_PUBLISH,
    _P.JOBS_TAKE_DOWN,
    _P.SEEKERS_READ,
    _P.SEEKERS_REGISTER,
    _P.REFERRALS_READ,
    _P.REFERRALS_PROPOSE,
    _P.AGREEMENTS_READ,
    _P.AGREEMENTS_DRAFT,
    _P.PLACEMENTS_READ,
    _P.PLACEMENTS_RECORD,
    _P.POOL_READ,
    _P.FRESHNESS,
    _P.REVEAL,
    _P.REVEAL_ORDERS,
    _P.SEEKERS_ENROL,
    _P.IMPORTS_RUN,
    _P.EXPORTS_ASK,
    _P.ATTENDANCE_READ,
    _P.ATTENDANCE_SIGN_IN,
    _P.ATTENDANCE_CALL,
    _P.FAIRNESS_READ,
    _P.ORDERS_READ,
    _P.ORDERS_TAKE,
    _P.MATCHING_RUN,
    _P.FOLLOW_UPS_READ,
    _P.FOLLOW_UPS_RECORD,
    _P.RATINGS_READ,
    _P.RATINGS_WORDS,
    _P.RATINGS_RECORD,
    _P.COMPLAINTS_READ,
    _P.COMPLAINTS_OPEN,
    _P.CASES_READ,
    _P.CASES_WORK,
    _P.SCREEN_NOTICES,
    _P.WORDINGS_READ,
    _P.PAPERS_READ,
    _P.PRINT_MANY,
    _P.RECORDS_SIGN,
    _P.CORRECTIONS_READ,
    _P.CORRECTIONS_MAKE,
    _P.ACTIVITIES_READ,
    _P.ACTIVITIES_RECORD,
    _P.GROUPS_RECORD,
    _P.LEDGER_READ,
    _P.LEDGER_PRINT,
    _P.LEDGER_WRITE,
    _P.STATISTICS_READ,
}
_OFFICER = {
    _P.OWN_ACCOUNT,
    _P.SUPERVISION,
    _P.STATIONS_READ,
    _P.EMPLOYERS_READ,
    _P.EMPLOYERS_CREDIT,
    _P.JOBS_READ,
    _P.JOBS_TAKE_DOWN,
    _P.JOBS_RELEASE,
    _P.PLACEMENTS_READ,
    _P.JOURNAL_READ,
    _P.APPEALS_DECIDE,
    _P.ALERTS_READ,
    _P.ALERTS_CLEAR,
    _P.EXPORTS_ASK,
    _P.EXPORTS_DECIDE,
    _P.FAIRNESS_READ,
    _P.ORDERS_READ,
    _P.FOLLOW_UPS_READ,
    _P.RATINGS_READ,
    _P.RATINGS_WORDS,
    _P.COMPLAINTS_READ,
    _P.COMPLAINTS_DECIDE,
    _P.CASES_READ,
    _P.WORDINGS_READ,
    _P.PAPERS_READ,
    _P.RECORDS_READ,
    _P.CORRECTIONS_READ,
    _P.ACTIVITIES_READ,
    _P.LEDGER_READ,
    _P.LEDGER_PRINT,
    _P.LEDGER_EXPORT,
    _P.LEDGER_DECIDE,
    _P.STATISTICS_READ,
    _P.STATISTICS_EXPORT,
    _P.SAMPLES_READ,
    _P.SAMPLES_DRAW,
    _P.VERIFICATION_READ,
    _P.HEADS_FETCH,
}
_MANAGER = _STAFF | {
    _P.EMPLOYERS_CREDIT,
    _P.BOARDS_EDIT,
    _P.JOBS_RELEASE,
    _P.JOURNAL_READ,
    _P.ACCOUNTS_READ,
    _P.ACCOUNTS_MANAGE,
    _P.SEEKERS_RESTRICT,
    _P.RIGHTS_ANSWER,
    _P.RECORDS_MERGE,
    _P.APPEALS_DECIDE,
    _P.WATCHED_APPROVE,
    _P.ALERTS_READ,
    _P.ALERTS_CLEAR,
    _P.EXPORTS_DECIDE,
    _P.CALLING_RULES_SET,
    _P.COMPLAINTS_DECIDE,
    _P.SCREENS_MANAGE,
    _P.PAPERS_VOID,
    _P.RECORDS_READ,
    _P.CORRECTIONS_REVIEW,
    _P.GROUPS_GUARDED,
    _P.LEDGER_EXPORT,
    _P.LEDGER_CLOSE,
    _P.STATISTICS_EXPORT,
    _P.SAMPLES_READ,
    _P.VERIFICATION_READ,
}

GRANTED: dict[Role, frozenset[Permission]] = {
    Role.STAFF: frozenset(_STAFF),
    Role.MANAGER: frozenset(_MANAGER),
    Role.OPERATOR: frozenset(
        {_P.OWN_ACCOUNT, _P.SUPERVISION, _P.STATIONS_READ, _P.EMPLOYERS_READ, _P.JOBS_READ, _P.PLACEMENTS_READ}
        | {_P.LEDGER_READ, _P.LEDGER_PRINT, _P.CORRECTIONS_READ, _P.STATISTICS_READ}
    ),
    Role.LEGAL: frozenset(_DESK | {_P.JOBS_READ, _P.AGREEMENTS_READ, _P.CASES_READ, _P.CASES_WORK, _P.WORDINGS_READ, _P.PAPERS_READ}),
    Role.SUBDISTRICT: frozenset(_OFFICER),
    Role.DISTRICT: frozenset(
        _OFFICER
        | {
            _P.EMPLOYERS_DOCUMENTS,
            _P.ACCOUNTS_READ,
            _P.ACCOUNTS_MANAGE,
            _P.RECORDS_MERGE,
            _P.RETENTION_RUN,
            _P.REVEAL_ORDERS,
            _P.NEIGHBOURS_SET,
            _P.WORDINGS_SET,
            _P.EMBLEMS_SET,
        }
    ),
    Role.ADMIN: frozenset({_P.OWN_ACCOUNT, _P.SUPERVISION, _P.STATIONS_READ, _P.ACCOUNTS_READ, _P.ACCOUNTS_MANAGE, _P.VERIFICATION_READ}),
    Role.WORKER: frozenset({_P.ME}),
    Role.EMPLOYER: frozenset({_P.EMPLOYER_HOME}),
}


class Reach(StrEnum):
    """How far an account sees."""

    STATION = "station"
    OPERATOR = "operator"
    SUBDISTRICT = "subdistrict"
    DISTRICT = "district"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Scope:
    """The first argument of every query: whose records the asker may find at all."""

    reach: Reach
    station_id: int | None = None
    operator: str | None = None
    subdistrict: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """The signed-in person as actions and the journal know them."""

    id: int
    name: str
    role: Role
    login: str = ""
    station_id: int | None = None
    operator: str | None = None
    subdistrict: str | None = None
    seeker_id: int | None = None
    employer_id: int | None = None
    station_name: str = field(default="", compare=False)

    def may(self, permission: Permission) -> bool:
        """Whether the role grants `permission`."""
        return permission in GRANTED[self.role]

    @property
    def scope(self) -> Scope:
        """What this account reaches: its station, its operator's stations, its subdistrict or the whole district.

        A worker or employer reaches no station's records: their pages ask by `seeker_id` or `employer_id`.
        """
        match self.role:
            case Role.STAFF | Role.MANAGER | Role.LEGAL:
                return Scope(Reach.STATION, station_id=self.station_id or 0)
            case Role.OPERATOR:
                return Scope(Reach.OPERATOR, operator=self.operator or "")
            case Role.SUBDISTRICT:
                return Scope(Reach.SUBDISTRICT, subdistrict=self.subdistrict or "")
            case Role.WORKER | Role.EMPLOYER:
                return Scope(Reach.OWN)
            case _:
                return Scope(Reach.DISTRICT)
