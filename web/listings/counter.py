"""The lists of the counter: employers, posts, people, referrals, papers, accounts, and what runs in bulk."""

import json

from db.clock import today
from db.paging import Page
from db.queries import accounts as account_queries
from db.queries import (
    agreements,
    alerts,
    appeals,
    duplicates,
    employers,
    exports,
    freshness,
    imports,
    jobs,
    journal,
    placements,
    pool,
    referrals,
    rights,
    seekers,
    stations,
)
from rules import codes
from rules.ages import age_band
from rules.board import place_text
from rules.codes import SUBDISTRICTS, TRADES, ListKind
from rules.journal import DISTRICT, EventKind
from rules.journal_reading import readable, without_contacts
from rules.masking import mask_name
from rules.permissions import Actor, Permission, Reach, Role
from rules.seekers import slots_text
from web.corrections import beside, with_corrections
from web.forms.employers import EmployerFilterForm
from web.forms.jobs import JobFilterForm
from web.forms.placements import month_of
from web.forms.referrals import ReferralFilterForm
from web.forms.seekers import SeekerFilterForm
from web.listings.shape import (
    NO_TABLE,
    TRADE_LABELS,
    Listing,
    Row,
    Search,
    date_of,
    day_of,
    filled,
    label,
    moment_of,
    pay_of,
    table_of,
    text,
    trade_of,
)


async def _employers(actor: Actor, search: Search, after: str) -> Page:
    form = filled(EmployerFilterForm, search)
    due = form.state.data == "DUE"
    wanted = employers.EmployerFilter("" if due else form.state.data, form.credit.data, form.word.data, due)
    return await employers.employers_of(actor.scope, wanted, after)


async def _jobs(actor: Actor, search: Search, after: str) -> Page:
    form = filled(JobFilterForm, search)
    return await jobs.jobs_of(actor.scope, jobs.JobFilter(form.state.data, form.trade.data, form.word.data, form.outcome.data), after)


async def _reviews(actor: Actor, search: Search, after: str) -> Page:
    return Page(await jobs.waiting_reviews(actor.scope))


async def _seekers(actor: Actor, search: Search, after: str) -> Page:
    form = filled(SeekerFilterForm, search)
    return await seekers.seekers_of(actor.scope, seekers.SeekerFilter.of(form.trade.data, form.state.data, form.word.data), after)


async def _referrals(actor: Actor, search: Search, after: str) -> Page:
    form = filled(ReferralFilterForm, search)
    return await referrals.referrals_of(actor.scope, referrals.ReferralFilter.of(form.state.data, form.word.data), after)


async def _agreements(actor: Actor, search: Search, after: str) -> Page:
    state = search.get("state", "")
    known = state in codes.AgreementState._value2member_map_
    kind = search.get("type", "")
    wanted = codes.AgreementType(kind) if kind in codes.AgreementType._value2member_map_ else None
    return await agreements.agreements_of(actor.scope, codes.AgreementState(state) if known else None, after, wanted)


async def _placements(actor: Actor, search: Search, after: str) -> Page:
    month = month_of(search.get("month", ""), today())
    page = await placements.placements_of(actor.scope, month, after, named=actor.may(Permission.REFERRALS_READ))
    return Page(await with_corrections("placement", page.rows), page.next)


async def _journal(actor: Actor, search: Search, after: str) -> Page:
    scope = actor.scope
    many = scope.reach is not Reach.STATION
    station = await stations.station_in(scope, search["station"]) if many and search.get("station") else None
    page = await journal.entries_in(
        scope,
        kind=EventKind(search["kind"]) if search.get("kind") in EventKind._value2member_map_ else None,
        day=date_of(search.get("day", "")),
        station_id=station["id"] if station else None,
        after=after,
    )
    names = await journal.station_names(row["station_id"] for row in page.rows if row["station_id"])
    for row in page.rows:
        row["where"] = "区级" if row["chain"] == DISTRICT else names.get(row["station_id"], "")
    return page


def _particulars(row: Row) -> str:
    said = "；".join(f"{label}：{value}" for label, value in readable(row["particulars"]))
    return f"{said} 补记：{without_contacts(row['late_reason'])}" if row["late_reason"] else said


async def _accounts(actor: Actor, search: Search, after: str) -> Page:
    role = Role(search["role"]) if search.get("role") in Role._value2member_map_ else None
    active = {"1": True, "0": False}.get(search.get("active", ""))
    return await account_queries.accounts_in(actor.scope, word=search.get("word", ""), role=role, active=active, after=after)


async def _stations(actor: Actor, search: Search, after: str) -> Page:
    return await stations.stations_in(actor.scope, after)


async def _alerts(actor: Actor, search: Search, after: str) -> Page:
    kind = codes.AlertKind(search["kind"]) if search.get("kind") in codes.AlertKind._value2member_map_ else None
    return await alerts.alerts_of(actor.scope, kind=kind, cleared=search.get("cleared") == "1", after=after)


async def _freshness(actor: Actor, search: Search, after: str) -> Page:
    if search.get("kind") == "seekers":
        page = await freshness.due_seekers(actor.scope, today(), after)
        rows = [{"number": row["number"], "what": mask_name(row["name"]), "last": row["confirmed_on"]} for row in page.rows]
    else:
        page = await freshness.due_posts(actor.scope, today(), after)
        rows = [{"number": row["number"], "what": row["title"], "last": row["verified_on"]} for row in page.rows]
    return Page(rows, page.next)


async def _appeals(actor: Actor, search: Search, after: str) -> Page:
    return await appeals.appeals_of(actor.scope, waiting=search.get("answered") != "1", after=after)


async def _rights(actor: Actor, search: Search, after: str) -> Page:
    return await rights.requests_in(actor.scope, search.get("state", ""), after)


def _pool_filter(search: Search) -> pool.PoolFilter:
    return pool.PoolFilter.of(search.get("trade", ""), search.get("subdistrict", ""), SUBDISTRICTS)


async def _pool_posts(actor: Actor, search: Search, after: str) -> Page:
    return await pool.pool_posts(_pool_filter(search), today(), after)


async def _pool_seekers(actor: Actor, search: Search, after: str) -> Page:
    return await pool.pool_seekers(_pool_filter(search), today(), after)


async def _duplicates(actor: Actor, search: Search, after: str) -> Page:
    kind = search.get("kind", "seekers")
    return Page([{**row, "a": _side(kind, row, "a"), "b": _side(kind, row, "b")} for row in await duplicates.pairs(actor.scope, kind)])


def _side(kind: str, row: Row, side: str) -> str:
    if kind == "posts":
        return f"{row[f'{side}_number']} {row[f'{side}_title']}"
    if kind == "employers":
        return row[f"{side}_name"] if row[f"{side}_kind"] == "UNIT" else mask_name(row[f"{side}_name"])
    return f"{row[f'{side}_number']} {mask_name(row[f'{side}_name'])}"


async def _imports(actor: Actor, search: Search, after: str) -> Page:
    return await imports.imports_of(actor, after)


async def _exports(actor: Actor, search: Search, after: str) -> Page:
    return await exports.exports_of(actor, after)


def _details(row: Row) -> str:
    told = row["details"] if isinstance(row["details"], dict) else json.loads(row["details"] or "{}")
    return "；".join(f"{label}：{value}" for label, value in readable(told))


COUNTER: tuple[Listing, ...] = (
    Listing(
        ListKind.EMPLOYERS,
        "/desk/employers",
        Permission.EMPLOYERS_READ,
        _employers,
        (
            ("名称或姓名", text("name")),
            ("类型", lambda row: "单位" if row["kind"] == "UNIT" else "个人"),
            ("行业", text("industry")),
            ("核验", label("state", codes.EmployerState)),
            ("有效期至", day_of("verified_until")),
            ("信用", label("credit", codes.CreditState)),
            ("驿站", text("station_name")),
            ("登记时间", moment_of("created_at")),
        ),
        (
            ("state", "状态", {**table_of(codes.EmployerState), "DUE": "需重新核验"}),
            ("credit", "信用", table_of(codes.CreditState)),
            ("word", "名称", NO_TABLE),
        ),
    ),
    Listing(
        ListKind.JOBS,
        "/desk/jobs",
        Permission.JOBS_READ,
        _jobs,
        (
            ("编号", text("number")),
            ("岗位", text("title")),
            ("工种", trade_of),
            ("雇主", text("employer_name")),
            ("报酬", pay_of),
            ("开始", day_of("start_date")),
            ("已上岗", lambda row: str(row["placed_count"])),
            ("人数", lambda row: str(row["headcount"])),
            ("状态", label("state", codes.JobState)),
            ("有效期至", day_of("valid_to")),
            ("驿站", text("station_name")),
            ("登记人", text("author_name")),
            ("登记时间", moment_of("created_at")),
        ),
        (
            ("state", "状态", table_of(codes.JobState)),
            ("trade", "工种", TRADE_LABELS),
            ("word", "关键词", NO_TABLE),
            ("outcome", "招工结果", {"due": "该问雇主", "told": "雇主说过", "nobody": "没招到人"}),
        ),
    ),
    Listing(
        ListKind.REVIEWS,
        "/desk/reviews",
        Permission.JOBS_REVIEW,
        _reviews,
        (
            ("提交时间", moment_of("submitted_at")),
            ("编号", text("number")),
            ("岗位", text("title")),
            ("雇主", text("employer_name")),
            ("报酬", pay_of),
            ("登记人", text("author_name")),
            ("状态", label("state", codes.JobState)),
            ("审核人", text("reviewer_name")),
        ),
    ),
    Listing(
        ListKind.SEEKERS,
        "/desk/seekers",
        Permission.SEEKERS_READ,
        _seekers,
        (
            ("编号", text("number")),
            ("姓名", text("name")),
            ("年龄段", lambda row: age_band(row["birth_date"], today()) if row["birth_date"] else ""),
            ("电话", text("phone_masked")),
            ("想干的活", lambda row: "、".join(TRADES[code].label for code in row["trades"] if code in TRADES)),
            ("技能", text("skills")),
            ("住在", lambda row: f"{SUBDISTRICTS.get(row['subdistrict'], '')}{row['community']}"),
            ("状态", lambda row: row["state_now"].label),
            ("上次确认", day_of("confirmed_on")),
        ),
        (("word", "姓名、编号或电话后四位", NO_TABLE), ("trade", "工种", TRADE_LABELS), ("state", "状态", table_of(codes.SeekerState))),
    ),
    Listing(
        ListKind.REFERRALS,
        "/desk/referrals",
        Permission.REFERRALS_READ,
        _referrals,
        (
            ("编号", text("number")),
            ("零工", text("worker_name")),
            ("求职编号", text("seeker_number")),
            ("岗位", text("title")),
            ("岗位编号", text("job_number")),
            ("雇主", text("employer_name")),
            ("状态", lambda row: row["state_now"].label),
            ("推荐时间", moment_of("created_at")),
        ),
        (("word", "关键词", NO_TABLE), ("state", "状态", table_of(codes.ReferralState))),
    ),
    Listing(
        ListKind.AGREEMENTS,
        "/desk/agreements",
        Permission.AGREEMENTS_READ,
        _agreements,
        (
            ("编号", text("number")),
            ("类型", text("label")),
            ("版本", lambda row: str(row["version"])),
            ("状态", label("state", codes.AgreementState)),
            ("岗位", text("title")),
            ("甲方（雇主）", text("employer")),
            ("乙方（零工）", text("worker")),
            ("起草", moment_of("created_at")),
            ("起草人", text("drafter")),
        ),
        (("state", "状态", table_of(codes.AgreementState)), ("type", "类型", table_of(codes.AgreementType))),
    ),
    Listing(
        ListKind.PLACEMENTS,
        "/desk/placements",
        Permission.PLACEMENTS_READ,
        _placements,
        (
            ("到岗", lambda row: beside(row, "started_on", row["started_on"].isoformat())),
            ("零工", text("worker")),
            ("岗位", text("title")),
            ("岗位编号", text("job")),
            ("雇主", text("employer")),
            ("依据", label("evidence", codes.StartEvidence)),
            ("推荐", text("referral")),
            ("驿站", text("station")),
            ("登记人", text("recorder")),
            ("登记时间", moment_of("recorded_at")),
        ),
        (("month", "月份", NO_TABLE),),
    ),
    Listing(
        ListKind.JOURNAL,
        "/desk/journal",
        Permission.JOURNAL_READ,
        _journal,
        (
            ("时间", moment_of("at")),
            ("谁", text("signed_name")),
            ("做了什么", lambda row: EventKind.label_of(row["kind"])),
            ("对象编号", text("subject_number")),
            ("内容", _particulars),
            ("驿站", text("where")),
            ("链上位置", lambda row: f"#{row['seq']}"),
            ("校验码", lambda row: row["hash"][:16]),
        ),
        (("kind", "类别", table_of(EventKind)), ("day", "日期", NO_TABLE), ("station", "驿站", NO_TABLE)),
    ),
    Listing(
        ListKind.ACCOUNTS,
        "/desk/accounts",
        Permission.ACCOUNTS_READ,
        _accounts,
        (
            ("姓名", text("name")),
            ("工号", text("work_no")),
            ("登录名", text("login")),
            ("角色", label("role", Role)),
            ("范围", lambda row: row["station_name"] or row["operator"] or SUBDISTRICTS.get(row["subdistrict"], "全区")),
            ("状态", lambda row: "在用" if row["active"] else "已停用"),
            ("开通", moment_of("created_at")),
        ),
        (("word", "关键词", NO_TABLE), ("role", "角色", table_of(Role)), ("active", "状态", {"1": "在用", "0": "已停用"})),
    ),
    Listing(
        ListKind.STATIONS,
        "/supervision",
        Permission.SUPERVISION,
        _stations,
        (
            ("代码", text("code")),
            ("名称", text("name")),
            ("街道", lambda row: SUBDISTRICTS.get(row["subdistrict"], "")),
            ("建设方式", label("build_mode", codes.BuildMode)),
            ("状态", label("state", codes.StationState)),
            ("电话", text("phone")),
        ),
    ),
    Listing(
        ListKind.ALERTS,
        "/desk/alerts",
        Permission.ALERTS_READ,
        _alerts,
        (
            ("时间", moment_of("at")),
            ("提醒", label("kind", codes.AlertKind)),
            ("内容", _details),
            ("驿站", text("station_name")),
        ),
        (("kind", "类别", table_of(codes.AlertKind)), ("cleared", "已办", {"1": "是"})),
    ),
    Listing(
        ListKind.FRESHNESS,
        "/desk/freshness",
        Permission.FRESHNESS,
        _freshness,
        (("编号", text("number")), ("岗位或零工", text("what")), ("上次核实", day_of("last"))),
        (("kind", "清单", {"posts": "岗位", "seekers": "零工"}),),
    ),
    Listing(
        ListKind.APPEALS,
        "/desk/appeals",
        Permission.APPEALS_DECIDE,
        _appeals,
        (
            ("岗位编号", text("number")),
            ("岗位", text("title")),
            ("雇主", text("employer_name")),
            ("申诉理由", lambda row: without_contacts(row["reason"])),
            ("提出", moment_of("asked_at")),
            ("驿站", text("station_name")),
            ("答复", lambda row: {"": "", "UPHELD": "成立"}.get(row["decision"], "不成立")),
            ("答复时间", moment_of("decided_at")),
        ),
        (("answered", "已答复", {"1": "是"}),),
    ),
    Listing(
        ListKind.RIGHTS,
        "/desk/rights",
        Permission.SEEKERS_READ,
        _rights,
        (
            ("提出时间", moment_of("asked_at")),
            ("零工", lambda row: f"{row['seeker_name']} {row['seeker_number']}"),
            ("要办什么", label("kind", codes.RightsKind)),
            ("状态", label("state", codes.RightsState)),
            ("最迟答复", day_of("due_on")),
        ),
        (("state", "状态", table_of(codes.RightsState)),),
    ),
    Listing(
        ListKind.POOL_POSTS,
        "/desk/pool",
        Permission.POOL_READ,
        _pool_posts,
        (
            ("编号", text("number")),
            ("岗位", text("title")),
            ("工种", trade_of),
            ("用人方", text("employer_label")),
            ("报酬", pay_of),
            ("地点", lambda row: place_text(SUBDISTRICTS.get(row["subdistrict"], ""), row["landmark"])),
            ("开工", day_of("start_date")),
            ("还要", lambda row: str(row["headcount"] - row["placed_count"])),
            ("驿站", text("station_name")),
        ),
        (("trade", "工种", TRADE_LABELS), ("subdistrict", "街道", SUBDISTRICTS)),
    ),
    Listing(
        ListKind.POOL_SEEKERS,
        "/desk/pool",
        Permission.POOL_READ,
        _pool_seekers,
        (
            ("编号", text("number")),
            ("年龄段", lambda row: age_band(row["birth_date"], today()) if row["birth_date"] else ""),
            ("想干的活", lambda row: "、".join(TRADES[code].label for code in row["trades"] if code in TRADES)),
            ("技能", text("skills")),
            ("能上工的时间", lambda row: slots_text(row["availability"])),
            ("住在", lambda row: SUBDISTRICTS.get(row["subdistrict"], "")),
            ("状态", label("state", codes.SeekerState)),
            ("驿站", text("station_name")),
        ),
        (("trade", "工种", TRADE_LABELS), ("subdistrict", "街道", SUBDISTRICTS)),
    ),
    Listing(
        ListKind.DUPLICATES,
        "/desk/duplicates",
        Permission.RECORDS_MERGE,
        _duplicates,
        (
            ("前一条", text("a")),
            ("前一条登记", moment_of("a_created_at")),
            ("后一条", text("b")),
            ("后一条登记", moment_of("b_created_at")),
        ),
        (("kind", "内容", {"seekers": "求职者", "employers": "雇主", "posts": "岗位"}),),
    ),
    Listing(
        ListKind.IMPORTS,
        "/desk/imports",
        Permission.IMPORTS_RUN,
        _imports,
        (
            ("上传时间", moment_of("at")),
            ("内容", label("kind", codes.ImportKind)),
            ("文件", text("filename")),
            ("状态", label("state", codes.ImportState)),
            *((label, lambda row, name=name: str(row[name])) for label, name in (("行数", "total"), ("可登记", "fresh"))),
            *(
                (label, lambda row, name=name: str(row[name]))
                for label, name in (("重复", "duplicate"), ("有错", "wrong"), ("已登记", "saved"))
            ),
        ),
    ),
    Listing(
        ListKind.EXPORTS,
        "/desk/exports",
        Permission.EXPORTS_ASK,
        _exports,
        (
            ("申请时间", moment_of("asked_at")),
            ("清单", lambda row: ListKind.label_of(row["kind"])),
            ("用途", label("purpose", codes.ExportPurpose)),
            ("状态", label("state", codes.ExportState)),
            ("行数", lambda row: str(row["rows"])),
            ("审批人", text("decider")),
            ("下载时间", moment_of("fetched_at")),
        ),
    ),
)
