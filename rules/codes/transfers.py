"""Lists in and out of the product, and what the desk is told."""

from __future__ import annotations

from rules.codes.labelled import Labelled


class ImportKind(Labelled):
    """What a workbook brings in."""

    SEEKERS = "seekers", "求职登记"
    JOBS = "jobs", "招工登记"


class ImportState(Labelled):
    """State of an uploaded workbook: tried first, then confirmed, then registered row by row."""

    CHECKING = "CHECKING", "正在试读"
    CHECKED = "CHECKED", "等您确认"
    REFUSED = "REFUSED", "读不了"
    SAVING = "SAVING", "正在登记"
    DONE = "DONE", "已登记完"
    CANCELLED = "CANCELLED", "已取消"


class ExportState(Labelled):
    """State of a list somebody wants as a file."""

    ASKED = "ASKED", "待审批"
    REFUSED = "REFUSED", "未同意"
    APPROVED = "APPROVED", "已同意，正在生成"
    MADE = "MADE", "可以下载"
    FAILED = "FAILED", "没有生成"


class ListKind(Labelled):
    """The lists of the desk that can be exported (web/listings)."""

    EMPLOYERS = "employers", "雇主"
    JOBS = "jobs", "岗位"
    REVIEWS = "reviews", "待审核的岗位"
    SEEKERS = "seekers", "找活的零工"
    REFERRALS = "referrals", "推荐"
    AGREEMENTS = "agreements", "协议"
    SCANS = "scans", "签好的扫描件"
    PLACEMENTS = "placements", "上岗"
    JOURNAL = "journal", "工作记录"
    ACCOUNTS = "accounts", "账号"
    STATIONS = "stations", "驿站"
    ALERTS = "alerts", "提醒"
    FRESHNESS = "freshness", "定期核实"
    APPEALS = "appeals", "岗位申诉"
    RIGHTS = "rights", "信息请求"
    POOL_POSTS = "pool_posts", "全区岗位"
    POOL_SEEKERS = "pool_seekers", "全区零工（脱敏）"
    DUPLICATES = "duplicates", "重复的登记"
    IMPORTS = "imports", "批量登记"
    EXPORTS = "exports", "导出"
    SIGN_INS = "sign_ins", "到站签到"
    ORDERS = "orders", "接单"
    SUGGESTIONS = "suggestions", "批量匹配建议"
    FOLLOW_UPS = "follow_ups", "回访"
    RATINGS = "ratings", "服务评价"
    COMPLAINTS = "complaints", "投诉举报"
    CASES = "cases", "维权事项"
    SCREENS = "screens", "信息屏"
    SCREEN_NOTICES = "screen_notices", "屏幕通知"
    DRAWS = "draws", "抽签记录"
    FAIRNESS = "fairness", "派工公平情况"
    KPI = "kpi", "指标明细"
    STATISTICS = "statistics", "统计明细"
    PRINT_RUNS = "print_runs", "批量打印"
    PAPERS = "papers", "文书登记"
    CORRECTIONS = "corrections", "更正"
    SAMPLES = "samples", "随机抽查"
    ACTIVITIES = "activities", "活动记录"


class ExportPurpose(Labelled):
    """What a list is exported for."""

    WORK = "WORK", "本站工作"
    REPORT = "REPORT", "报送统计"
    SUPERVISION = "SUPERVISION", "监督检查"
    ARCHIVE = "ARCHIVE", "归档留存"
    OTHER = "OTHER", "其他（写明）"


class AlertKind(Labelled):
    """What the product tells a manager or officer by itself."""

    MANY_REVEALS = "MANY_REVEALS", "一天查看完整信息次数过多"
    REVIEW_OVERDUE = "REVIEW_OVERDUE", "岗位审核超过24小时"
    MANY_ENROLMENTS = "MANY_ENROLMENTS", "同一部手机登记了多位零工"
    RIGHTS_OVERDUE = "RIGHTS_OVERDUE", "信息请求快到答复期限"
    NEW_REGISTRATION = "NEW_REGISTRATION", "有人网上登记，等待核验"
    APPEAL = "APPEAL", "岗位处理申诉待答复"
    ORDER_UNHANDLED = "ORDER_UNHANDLED", "岗位24小时没人接、没办完"
    DISCRIMINATION = "DISCRIMINATION", "雇主不用人的理由涉嫌歧视"
    UNPAID = "UNPAID", "零工说没拿到工钱"
    START_DISPUTED = "START_DISPUTED", "回访说没到岗或者有纠纷"
    FEE_CHARGED = "FEE_CHARGED", "零工说被收了费"
    FOLLOW_UP_OVERDUE = "FOLLOW_UP_OVERDUE", "回访超过期限"
    COMPLAINT = "COMPLAINT", "收到投诉，等待受理"
    COMPLAINT_OVERDUE = "COMPLAINT_OVERDUE", "投诉超过答复期限"
    LEDGER_OVERDUE = "LEDGER_OVERDUE", "月度台账没有按时报送"
    LEDGER_QUERIED = "LEDGER_QUERIED", "月度台账要核实"
    LEDGER_CORRECTED = "LEDGER_CORRECTED", "已接收的月度台账有更改"
    RECORD_WRONG = "RECORD_WRONG", "记录核对没有通过"
    INCIDENT = "INCIDENT", "发生重大事件"
