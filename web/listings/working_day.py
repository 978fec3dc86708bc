"""The lists of the working day: who came, orders, suggestions, call-backs, ratings, complaints and cases."""

from db.clock import today
from db.paging import Page
from db.queries import complaints, followups, kpi, matching, orders, ratings, stations
from rules import codes
from rules.codes import ListKind
from rules.kpi import Figure
from rules.money import yuan
from rules.permissions import Actor, Permission
from rules.ratings import Score
from web.forms.orders import LISTED_STATES
from web.forms.placements import figure_of, month_of, year_of
from web.listings.shape import (
    NO_TABLE,
    TRADE_LABELS,
    Cell,
    Listing,
    Row,
    Search,
    day_of,
    label,
    moment_of,
    pay_of,
    table_of,
    text,
    trade_of,
)


async def _follow_ups(actor: Actor, search: Search, after: str) -> Page:
    wanted = followups.CallFilter.of(search.get("kind", ""), search.get("side", ""), search.get("late", ""))
    named = actor.may(Permission.FOLLOW_UPS_RECORD)
    if search.get("state") == "made":
        page = await followups.call_backs_made(actor.scope, wanted, after, named=named)
    else:
        page = await followups.due_calls(actor.scope, today(), wanted, after, named=named)
    empty: Row = {"made_at": None, "result": "", "pay_state": "", "satisfaction": "", "made_by": ""}
    return Page([{**empty, **row} for row in page.rows], page.next)


async def _ratings(actor: Actor, search: Search, after: str) -> Page:
    month = month_of(search.get("month", ""), today())
    wanted = ratings.RatingFilter.of(month, search.get("side", ""), search.get("result", ""), search.get("words", ""))
    return await ratings.ratings_of(actor.scope, wanted, after, named=actor.may(Permission.RATINGS_RECORD))


def _score_of(score: Score) -> Cell:
    return lambda row: str(row[score.value])


async def _orders(actor: Actor, search: Search, after: str) -> Page:
    wanted = orders.OrderFilter.of(search.get("state", ""), search.get("ring", ""), search.get("trade", ""))
    return await orders.orders_of(actor.scope, wanted, after)


def _taker(row: Row) -> str:
    take = row["take"]
    return f"{take['taken_by_name']}（{take['station_name']}）{take['state_now'].label}" if take else ""


async def _kpi(actor: Actor, search: Search, after: str) -> Page:
    station = await stations.station_in(actor.scope, search["station"]) if search.get("station") else None
    figure, year = figure_of(search.get("figure", "")), year_of(search.get("year", ""), today())
    if search.get("station") and station is None:
        return Page([])
    named = actor.may(Permission.REFERRALS_READ)
    return await kpi.rows_of(actor.scope, figure, year, today(), station["id"] if station else None, after, named=named)


async def _complaints(actor: Actor, search: Search, after: str) -> Page:
    wanted = complaints.ComplaintFilter.of(search.get("state", "all"), search.get("kind", ""), search.get("word", ""))
    return await complaints.complaints_for(actor, wanted, after)


async def _cases(actor: Actor, search: Search, after: str) -> Page:
    wanted = complaints.CaseFilter.of(search.get("state", "all"), search.get("kind", ""), search.get("word", ""))
    return await complaints.cases_for(actor, wanted, after)


def _yuan_of(name: str) -> Cell:
    return lambda row: yuan(row[name]) if row[name] else ""


async def _suggestions(actor: Actor, search: Search, after: str) -> Page:
    wanted = matching.SuggestionFilter.of(search.get("run", ""), search.get("decision", ""))
    return await matching.suggestions_of(actor.scope, wanted, after)


WORKING_DAY: tuple[Listing, ...] = (
    Listing(
        ListKind.SUGGESTIONS,
        "/desk/matching/suggestions",
        Permission.MATCHING_RUN,
        _suggestions,
        (
            ("批次", text("run_number")),
            ("时间", moment_of("made_at")),
            ("顺序", lambda row: str(row["place"])),
            ("零工", text("worker_name")),
            ("求职编号", text("seeker_number")),
            ("岗位", text("title")),
            ("岗位编号", text("job_number")),
            ("为什么", text("reason")),
            ("处理", lambda row: codes.SuggestionDecision.label_of(row["decision"]) if row["decision"] else "还没处理"),
            ("原因", text("decided_reason")),
            ("推荐编号", text("referral_number")),
            ("谁处理的", text("decided_by_name")),
            ("处理时间", moment_of("decided_at")),
        ),
        (("run", "批次", NO_TABLE), ("decision", "处理", {"OPEN": "还没处理", **table_of(codes.SuggestionDecision)})),
    ),
    Listing(
        ListKind.COMPLAINTS,
        "/desk/complaints",
        Permission.COMPLAINTS_READ,
        _complaints,
        (
            ("编号", text("number")),
            ("收到", moment_of("opened_at")),
            ("来源", label("source", codes.ComplaintSource)),
            ("事项", label("kind", codes.ComplaintKind)),
            ("缓急", label("level", codes.ComplaintLevel)),
            ("驿站", text("station_name")),
            ("谁办", label("route", codes.ComplaintRoute)),
            ("办理到", label("state", codes.ComplaintState)),
            ("结论", label("decision", codes.ComplaintDecision)),
            ("答复期限", moment_of("reply_by")),
            ("超期", lambda row: "是" if row["overdue"] else ""),
            ("办完", moment_of("closed_at")),
        ),
        (
            ("state", "办理", complaints.COMPLAINT_STATES),
            ("kind", "事项", table_of(codes.ComplaintKind)),
            ("word", "编号", NO_TABLE),
        ),
    ),
    Listing(
        ListKind.CASES,
        "/desk/cases",
        Permission.CASES_READ,
        _cases,
        (
            ("编号", text("number")),
            ("立案", moment_of("opened_at")),
            ("驿站", text("station_name")),
            ("事项", label("kind", codes.CaseKind)),
            ("零工", text("worker_name")),
            ("求职编号", text("seeker_number")),
            ("雇主", text("employer_name")),
            ("推荐", text("referral_number")),
            ("主张（元）", _yuan_of("claim_fen")),
            ("拿到（元）", _yuan_of("recovered_fen")),
            ("办到", label("state", codes.CaseState)),
            ("承办人", text("handler_name")),
            ("时效提示", day_of("limit_on")),
            ("办结", moment_of("closed_at")),
        ),
        (
            ("state", "办理", complaints.CASE_STATES),
            ("kind", "事项", table_of(codes.CaseKind)),
            ("word", "编号或雇主", NO_TABLE),
        ),
    ),
    Listing(
        ListKind.FOLLOW_UPS,
        "/desk/follow-ups",
        Permission.FOLLOW_UPS_READ,
        _follow_ups,
        (
            ("推荐", text("referral")),
            ("回访", label("kind", codes.FollowUpKind)),
            ("问谁", label("side", codes.Side)),
            ("最迟哪天", day_of("due_on")),
            ("岗位", text("title")),
            ("岗位编号", text("job_number")),
            ("雇主", text("employer")),
            ("零工", text("worker")),
            ("做过的时间", moment_of("made_at")),
            ("结果", label("result", codes.FollowUpResult)),
            ("工钱", label("pay_state", codes.PayState)),
            ("满意度", text("satisfaction")),
            ("谁问的", text("made_by")),
            ("驿站", text("station_name")),
        ),
        (
            ("state", "状态", {"made": "做过的"}),
            ("kind", "回访", table_of(codes.FollowUpKind)),
            ("side", "问哪一方", table_of(codes.Side)),
            ("late", "期限", {"1": "只看超过期限的"}),
        ),
    ),
    Listing(
        ListKind.RATINGS,
        "/desk/ratings",
        Permission.RATINGS_READ,
        _ratings,
        (
            ("推荐", text("referral")),
            ("时间", moment_of("given_at")),
            ("哪一方", label("side", codes.Side)),
            ("谁评的", text("who")),
            ("岗位", text("title")),
            *((score.label, _score_of(score)) for score in Score),
            ("怎样评的", label("how", codes.RatingHow)),
            ("写了话", lambda row: "有" if row["has_words"] else ""),
            ("驿站", text("station_name")),
        ),
        (
            ("month", "月份", NO_TABLE),
            ("side", "谁评的", table_of(codes.Side)),
            ("result", "满意不满意", {"good": "满意", "bad": "四分以下"}),
            ("words", "意见", {"1": "只看写了话的"}),
        ),
    ),
    Listing(
        ListKind.KPI,
        "/desk/kpi/rows",
        Permission.PLACEMENTS_READ,
        _kpi,
        (
            ("日期", day_of("on")),
            ("零工", text("worker")),
            ("岗位", text("title")),
            ("岗位编号", text("job")),
            ("雇主", text("employer")),
            ("证明力", lambda row: row["strength"].label if row["strength"] else ""),
            ("依据", lambda row: "；".join(said for said, _ in row["proofs"])),
            ("推荐", text("referral")),
            ("驿站", text("station")),
        ),
        (("figure", "指标", table_of(Figure)), ("year", "年份", NO_TABLE), ("station", "驿站编号", NO_TABLE)),
    ),
    Listing(
        ListKind.ORDERS,
        "/desk/orders",
        Permission.ORDERS_READ,
        _orders,
        (
            ("范围", lambda row: row["ring"].label),
            ("驿站", text("station_name")),
            ("岗位编号", text("number")),
            ("岗位", text("title")),
            ("工种", trade_of),
            ("雇主", text("employer_shown")),
            ("开工", day_of("start_date")),
            ("还差", lambda row: f"{row['places_left']}/{row['headcount']}"),
            ("报酬", pay_of),
            ("发布", moment_of("published_at")),
            ("最近接单", _taker),
            ("期限", lambda row: moment_of("deadline")(row["take"]) if row["take"] else ""),
        ),
        (
            ("state", "看哪些", {each.value: each.label for each in LISTED_STATES}),
            ("ring", "范围", table_of(codes.OrderRing)),
            ("trade", "工种", TRADE_LABELS),
        ),
    ),
)
