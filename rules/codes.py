"""Code tables of the product (domain reference 7): every choice a form offers, with its Chinese label.

A choice is a `Labelled` member: its value is what the database keeps, `.label` is what people read.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class Labelled(StrEnum):
    """A StrEnum whose members carry a Chinese label beside the stored value."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """(value, label) pairs in the order people expect, for a select or radio list."""
        return [(member.value, member.label) for member in cls]

    @classmethod
    def label_of(cls, value: str) -> str:
        """The label of a stored value; the value itself when it is not (or no longer) in the table."""
        try:
            return cls(value).label
        except ValueError:
            return value


class EmployerKind(Labelled):
    """Who offers work: a unit in the sense of labour law, or a natural person (domain reference 1.1)."""

    UNIT = "UNIT", "单位（企业、个体户、组织）"
    INDIVIDUAL = "INDIVIDUAL", "个人或家庭"


class IdType(Labelled):
    """Identity documents, domain reference 7.8."""

    RESIDENT = "01", "居民身份证"
    HK_MACAO_RESIDENCE = "02", "港澳居民居住证"
    TAIWAN_RESIDENCE = "03", "台湾居民居住证"
    FOREIGN_PERMANENT = "04", "外国人永久居留身份证"
    HK_MACAO_PASS = "05", "港澳居民来往内地通行证"
    TAIWAN_PASS = "06", "台湾居民来往大陆通行证"
    PASSPORT = "07", "护照（外国人）"
    OTHER = "99", "其他证件"


class PayBasis(Labelled):
    """How pay is reckoned (domain reference 7.5)."""

    TIME = "TIME", "计时"
    PIECE = "PIECE", "计件"
    LUMP_SUM = "LUMP_SUM", "包干"
    MONTHLY = "MONTHLY", "月薪"


class PayUnit(Labelled):
    """What one price is paid for (domain reference 7.5)."""

    HOUR = "HOUR", "小时"
    DAY = "DAY", "天"
    NIGHT = "NIGHT", "夜班"
    PIECE = "PIECE", "件"
    ORDER = "ORDER", "单"
    TIME = "TIME", "次"
    JIN = "JIN", "斤"
    MU = "MU", "亩"
    SQM = "SQM", "平方米"
    MONTH = "MONTH", "月"


class SettleCycle(Labelled):
    """When pay falls due (domain reference 7.5)."""

    PER_JOB = "PER_JOB", "完工结"
    DAILY = "DAILY", "日结"
    WEEKLY = "WEEKLY", "周结"
    HALF_MONTH = "HALF_MONTH", "半月结"
    MONTHLY = "MONTHLY", "月结"
    STAGE = "STAGE", "按进度结"


class PayMethod(Labelled):
    """How pay reaches the worker personally (domain reference 7.5)."""

    CASH = "CASH", "现金"
    BANK = "BANK", "银行转账"
    WECHAT = "WECHAT", "微信"
    ALIPAY = "ALIPAY", "支付宝"
    PAYROLL = "PAYROLL", "代发工资"


class Benefit(Labelled):
    """What comes on top of pay (domain reference 7.5)."""

    BREAKFAST = "BREAKFAST", "管早饭"
    LUNCH = "LUNCH", "管午饭"
    DINNER = "DINNER", "管晚饭"
    MEAL_ALLOWANCE = "MEAL_ALLOWANCE", "餐补"
    LODGING = "LODGING", "包住"
    TRANSPORT = "TRANSPORT", "接送"
    TRAVEL_ALLOWANCE = "TRAVEL_ALLOWANCE", "路补"
    UNIFORM = "UNIFORM", "工作服免费"
    NIGHT_ALLOWANCE = "NIGHT_ALLOWANCE", "夜班补贴"
    HEAT_ALLOWANCE = "HEAT_ALLOWANCE", "高温津贴"
    ACCIDENT_INSURANCE = "ACCIDENT_INSURANCE", "意外险"


class InsuranceState(Labelled):
    """What insurance covers the work (domain reference 7.13)."""

    WORK_INJURY = "WORK_INJURY", "工伤保险"
    EMPLOYER_LIABILITY = "EMPLOYER_LIABILITY", "雇主责任险"
    EMPLOYER_ACCIDENT = "EMPLOYER_ACCIDENT", "雇主代买意外险"
    VOLUNTARY = "VOLUNTARY", "自愿自购"
    PLATFORM = "PLATFORM", "职业伤害保障（平台）"
    NONE = "NONE", "未投保（已提示）"


class VerifyMethod(Labelled):
    """How information was verified (domain reference 7.13)."""

    DOCUMENT = "DOCUMENT", "证照核验"
    PHONE = "PHONE", "电话核实"
    VISIT = "VISIT", "实地走访"
    PLATFORM = "PLATFORM", "平台比对"
    REFERENCE = "REFERENCE", "熟人担保（不可单独使用）"


class PostSource(Labelled):
    """Where a post came from (domain reference 7.13)."""

    EMPLOYER = "EMPLOYER", "雇主自助"
    COUNTER = "COUNTER", "现场登记"
    VISIT = "VISIT", "主动走访"
    PHONE = "PHONE", "电话采集"
    SHARED = "SHARED", "他站共享"
    IMPORT = "IMPORT", "批量导入"


class Channel(Labelled):
    """Where a post is published (domain reference 7.13)."""

    WEBSITE = "WEBSITE", "线上网站"
    SCREEN = "SCREEN", "信息发布屏"
    NOTICE_BOARD = "NOTICE_BOARD", "公告栏"
    WECHAT = "WECHAT", "微信"
    DOUYIN = "DOUYIN", "抖音"
    WEIBO = "WEIBO", "微博"
    JOB_FAIR = "JOB_FAIR", "招聘会"
    PHONE = "PHONE", "电话"
    VISIT = "VISIT", "上门"


class Origin(Labelled):
    """How a record of a person or employer came in."""

    COUNTER = "COUNTER", "现场登记"
    SELF = "SELF", "本人网上登记"
    IMPORT = "IMPORT", "批量登记"


class ReferralSource(Labelled):
    """Who began a referral (domain reference 3.5)."""

    STAFF = "STAFF", "驿站推荐"
    APPLICATION = "APPLICATION", "本人报名"


class ConfirmedHow(Labelled):
    """How somebody made sure that a person still looks for work."""

    COUNTER = "COUNTER", "当面确认"
    PHONE = "PHONE", "电话确认"
    SELF = "SELF", "本人手机上确认"


class RevealPurpose(Labelled):
    """Why somebody looks at full data (domain reference 9, rule 2)."""

    REFERRAL = "REFERRAL", "推荐联系"
    IDENTITY = "IDENTITY", "核实身份"
    AGREEMENT = "AGREEMENT", "签约"
    RIGHTS = "RIGHTS", "维权"
    SUPERVISION = "SUPERVISION", "监督检查"
    OTHER = "OTHER", "其他（写明）"


class RightsKind(Labelled):
    """What a person may ask about their own data (PIPL 44-50)."""

    CORRECT = "CORRECT", "更正信息"
    DELETE = "DELETE", "删除信息、注销登记"
    EXPLAIN = "EXPLAIN", "说明推荐的理由"
    COPY = "COPY", "查询、复制信息"
    REPLY = "REPLY", "对暂停推荐的说明"


class RestrictReason(Labelled):
    """Why referrals of a seeker may be paused (domain reference 3.4)."""

    NO_SHOW = "NO_SHOW", "90天内三次约好没到岗"
    FALSE_INFO = "FALSE_INFO", "登记的信息不真实"


class RightsState(Labelled):
    """State of such a request."""

    ASKED = "ASKED", "待答复"
    DONE = "DONE", "已办理"
    REFUSED = "REFUSED", "未同意（写明原因）"
    WITHDRAWN = "WITHDRAWN", "本人撤回"


class FoundWhere(Labelled):
    """Where an employer found people, asked after a post ended."""

    STATION = "STATION", "通过驿站找到"
    ELSEWHERE = "ELSEWHERE", "从别的渠道找到"
    ACQUAINTANCE = "ACQUAINTANCE", "熟人介绍"
    NOBODY = "NOBODY", "没有找到人"


class EndReason(Labelled):
    """Why an employer ends a post before its last day."""

    FOUND = "FOUND", "招够人了"
    NOT_NEEDED = "NOT_NEEDED", "不需要人了"
    CHANGED = "CHANGED", "活儿有变化，重新发"
    OTHER = "OTHER", "其他（写明）"


class EmployerDocumentKind(Labelled):
    """Documents of an employer (domain reference 3.2; HRMR 18, 26; LCL 57)."""

    LICENCE = "LICENCE", "营业执照或者批准成立文件"
    AUTHORISATION = "AUTHORISATION", "授权委托书"
    AGENT_ID = "AGENT_ID", "经办人身份证（只看原件，不留照片）"
    OWNER_ID = "OWNER_ID", "雇主身份证（只看原件，不留照片）"
    DISPATCH_LICENCE = "DISPATCH_LICENCE", "劳务派遣经营许可证"
    AGENCY_LICENCE = "AGENCY_LICENCE", "人力资源服务许可证"
    OTHER = "OTHER", "其他证明"

    @property
    def plain(self) -> str:
        """The label without what stands in brackets, for the middle of a sentence."""
        return self.label.partition("（")[0]


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


class CallingMethod(Labelled):
    """How a station orders those who wait (art. 11 精准有序、公平公正); the station publishes which one it uses."""

    ARRIVAL = "ARRIVAL", "按到站先后"
    ROTATION = "ROTATION", "按等活天数轮流"
    DRAW = "DRAW", "抽签"


class SignInHow(Labelled):
    """How somebody was recognised at the desk."""

    CARD = "CARD", "扫求职卡"
    QR = "QR", "扫手机二维码"
    PHONE = "PHONE", "报电话"
    NAME = "NAME", "报姓名"
    ID_CARD = "ID_CARD", "刷身份证"


class SignInState(Labelled):
    """Where somebody who signed in is now."""

    WAITING = "WAITING", "等活"
    CALLED = "CALLED", "已叫号"
    OUT = "OUT", "已派工"
    LEFT = "LEFT", "已离站"


class CallKind(Labelled):
    """Called, or passed over."""

    CALL = "CALL", "叫号"
    SKIP = "SKIP", "跳过"


class CallAnswer(Labelled):
    """What came of a call."""

    GOES = "GOES", "去"
    DECLINES = "DECLINES", "不去"
    ABSENT = "ABSENT", "没来"


class SkipReason(Labelled):
    """Why somebody whose turn it was is passed over; nothing else is a reason."""

    ABSENT = "ABSENT", "叫了没来"
    DECLINED = "DECLINED", "本人不去"
    SKILL = "SKILL", "不会做这种活"
    CERTIFICATE = "CERTIFICATE", "没有要求的证书"
    TIME = "TIME", "时间不合"
    UNFIT_TODAY = "UNFIT_TODAY", "本人说今天身体不舒服"
    NAMED = "NAMED", "雇主点名要别人"
    EMPLOYER_DECLINED = "EMPLOYER_DECLINED", "雇主与本人有过约定不再合作"
    OTHER = "OTHER", "其他（写明）"


class OrderRing(Labelled):
    """How far a published demand has come (art. 10 余缺调剂)."""

    OWN = "OWN", "本站"
    NEIGHBOURS = "NEIGHBOURS", "邻近驿站"
    DISTRICT = "DISTRICT", "全区"


class OrderState(Labelled):
    """State of an order (domain reference 3.5)."""

    OPEN = "OPEN", "待接单"
    TAKEN = "TAKEN", "已接单"
    HANDLED = "HANDLED", "已办完"
    HANDED_OVER = "HANDED_OVER", "已转交"
    HANDED_BACK = "HANDED_BACK", "已交回"
    RETURNED = "RETURNED", "超时退回"
    CLOSED = "CLOSED", "已关闭"


class OrderShortfall(Labelled):
    """Why an order is done although not every place is promised."""

    ENOUGH = "ENOUGH", "雇主说人够了，先不要了"
    LATER = "LATER", "雇主要推后再招"
    UNREACHABLE = "UNREACHABLE", "多次联系不上雇主"
    TERMS = "TERMS", "雇主要先改工钱、时间或者条件"
    OTHER = "OTHER", "其他（写明）"


class MatchedPeople(Labelled):
    """Whom a run of the batch matching looks at."""

    HERE = "HERE", "今天签到、正在等活的"
    REGISTERED = "REGISTERED", "本站登记、正在找活的"


class DropReason(Labelled):
    """Why staff did not take up a suggestion."""

    ABSENT = "ABSENT", "本人不在或者联系不上"
    UNWILLING = "UNWILLING", "本人不愿意去"
    CHANGED = "CHANGED", "岗位情况有变"
    OUT_OF_DATE = "OUT_OF_DATE", "登记的信息不对"
    OTHER = "OTHER", "其他（写明）"


class SuggestionDecision(Labelled):
    """What staff made of a suggestion."""

    TAKEN = "TAKEN", "已推荐"
    DROPPED = "DROPPED", "不采用"


class EndedHow(Labelled):
    """How a work ended."""

    COMPLETED = "COMPLETED", "做完了"
    QUIT_EARLY = "QUIT_EARLY", "中途结束"


class Side(Labelled):
    """One of the two sides of a work."""

    WORKER = "WORKER", "零工"
    EMPLOYER = "EMPLOYER", "雇主"


class FollowUpKind(Labelled):
    """Which call-back it is (art. 11 雇主回访)."""

    START = "START", "上岗回访"
    END = "END", "完工回访"
    PAY = "PAY", "工钱回访"


class FollowUpMethod(Labelled):
    """How the other side was spoken with."""

    PHONE = "PHONE", "电话"
    COUNTER = "COUNTER", "当面"
    VISIT = "VISIT", "上门"
    OWN_PAGE = "OWN_PAGE", "本人在网上答"


class FollowUpResult(Labelled):
    """What a call-back found (domain reference 7.13)."""

    STARTED = "STARTED", "已到岗"
    NOT_STARTED = "NOT_STARTED", "未到岗"
    LEFT = "LEFT", "中途离开"
    FINISHED = "FINISHED", "已完工"
    UNREACHED = "UNREACHED", "联系不上"


class PayState(Labelled):
    """钱到手了吗: what the worker says about the pay."""

    PAID = "PAID", "都拿到了"
    PARTLY = "PARTLY", "只拿到一部分"
    UNPAID = "UNPAID", "没拿到"
    NOT_DUE = "NOT_DUE", "还没到付钱的日子"


class Performance(Labelled):
    """How the employer found the work (12.4 表现)."""

    GOOD = "GOOD", "好"
    FAIR = "FAIR", "一般"
    POOR = "POOR", "不好"


class HiresAgain(Labelled):
    """Whether the employer goes on hiring here (12.4 是否继续用工)."""

    YES = "YES", "还要人"
    LATER = "LATER", "以后再说"
    NO = "NO", "不再用"


class RatingAbout(Labelled):
    """Whom a rating is about."""

    STATION = "STATION", "驿站的服务"
    WORKER = "WORKER", "零工"
    EMPLOYER = "EMPLOYER", "雇主"


class RatingHow(Labelled):
    """How a rating came in."""

    OWN_PAGE = "OWN_PAGE", "本人手机上"
    SLIP = "SLIP", "扫单子上的码"
    COUNTER = "COUNTER", "柜台代填"


class ComplaintKind(Labelled):
    """What a complaint is about (HRMR 29, 40; domain reference 3.14)."""

    FEE = "FEE", "被收费"
    STAFF = "STAFF", "工作人员"
    STATION = "STATION", "驿站服务"
    EMPLOYER = "EMPLOYER", "雇主"
    UNFAIR_CALLING = "UNFAIR_CALLING", "派工不公"
    FALSE_POST = "FALSE_POST", "岗位不真实"
    DISCRIMINATION = "DISCRIMINATION", "歧视"
    PRIVACY = "PRIVACY", "泄露个人信息"
    OTHER = "OTHER", "其他"


class ComplaintLevel(Labelled):
    """How urgent a complaint is."""

    NORMAL = "NORMAL", "一般"
    HIGH = "HIGH", "紧急"


class ComplaintRoute(Labelled):
    """Who answers: complaints about a station go past it to its supervising unit (3.14)."""

    STATION = "STATION", "本站办理"
    SUPERVISOR = "SUPERVISOR", "监督单位办理"


class ComplaintState(Labelled):
    """Domain reference 3.14."""

    RECEIVED = "RECEIVED", "已收到"
    ACKNOWLEDGED = "ACKNOWLEDGED", "已受理"
    INVESTIGATING = "INVESTIGATING", "调查中"
    DECIDED = "DECIDED", "已有结论"
    REPLIED = "REPLIED", "已答复"
    SATISFIED = "SATISFIED", "满意结束"
    DISSATISFIED = "DISSATISFIED", "不满意"
    SUPERVISOR_REVIEW = "SUPERVISOR_REVIEW", "监督单位复核"
    FINAL = "FINAL", "最终结束"


class ComplaintDecision(Labelled):
    """What was found."""

    UPHELD = "UPHELD", "成立"
    PARTLY = "PARTLY", "部分成立"
    NOT_UPHELD = "NOT_UPHELD", "不成立"
    PASSED_ON = "PASSED_ON", "非本站事项转办"


class ComplaintSource(Labelled):
    """Where a complaint came from."""

    ONLINE = "ONLINE", "网上"
    COUNTER = "COUNTER", "柜台"
    FOLLOW_UP = "FOLLOW_UP", "回访"
    RATING = "RATING", "评价"


class CaseKind(Labelled):
    """What a case is about (domain reference 7.13, `legal_case_type`)."""

    UNPAID = "UNPAID", "拖欠报酬"
    INJURY = "INJURY", "受伤赔偿"
    NO_CONTRACT = "NO_CONTRACT", "未签合同"
    WITHHELD = "WITHHELD", "扣证收押金"
    FEE = "FEE", "收费"
    DISCRIMINATION = "DISCRIMINATION", "就业歧视"
    OVERTIME = "OVERTIME", "超时加班"
    INSURANCE = "INSURANCE", "社保工伤"
    OTHER = "OTHER", "其他"


class CaseState(Labelled):
    """State of a case (domain reference 3.10, as far as it is kept here)."""

    OPEN = "OPEN", "待办"
    HANDLING = "HANDLING", "办理中"
    PASSED_ON = "PASSED_ON", "已转有关部门"
    SETTLED = "SETTLED", "已解决"
    CLOSED = "CLOSED", "已结案（没有解决）"
    MISTAKEN = "MISTAKEN", "误报撤销"


class NoticeKind(Labelled):
    """What a typed line of the hall's screen is about (domain reference 10.6)."""

    TRAINING = "TRAINING", "培训预告"
    FAIR = "FAIR", "招聘活动"
    WEATHER = "WEATHER", "天气提示"
    EXCHANGE = "EXCHANGE", "余缺调剂"
    NOTICE = "NOTICE", "驿站通知"


class RejectReason(Labelled):
    """Why a post is rejected (domain reference 7.13)."""

    INCOMPLETE = "INCOMPLETE", "信息不全"
    DOCUMENTS = "DOCUMENTS", "证照不符"
    PAY = "PAY", "报酬违规"
    DISCRIMINATION = "DISCRIMINATION", "歧视内容"
    FEE = "FEE", "收费嫌疑"
    FRAUD = "FRAUD", "诈骗嫌疑"
    ILLEGAL = "ILLEGAL", "违法内容"
    PRIVACY = "PRIVACY", "隐私外泄"
    DUPLICATE = "DUPLICATE", "重复发布"
    OTHER = "OTHER", "其他"


class WorkerDecline(Labelled):
    """Why a worker says no (domain reference 7.13)."""

    PAY = "PAY", "报酬低"
    FAR = "FAR", "太远"
    TIME = "TIME", "时间不合"
    HARD = "HARD", "太累"
    SKILL = "SKILL", "不会做"
    FOUND = "FOUND", "已找到活"
    HEALTH = "HEALTH", "身体原因"
    OTHER = "OTHER", "其他"


class EmployerDecline(Labelled):
    """Why an employer says no (domain reference 7.13)."""

    FULL = "FULL", "已招满"
    SKILL = "SKILL", "技能不符"
    TIME = "TIME", "时间不符"
    CERTIFICATE = "CERTIFICATE", "证书不符"
    UNREACHABLE = "UNREACHABLE", "联系不上"
    OTHER = "OTHER", "其他"


class StartEvidence(Labelled):
    """What proves that a worker started (domain reference 3.5), strongest first."""

    RETURN_SLIP = "RETURN_SLIP", "推荐上岗单回执"
    EMPLOYER_CONFIRMATION = "EMPLOYER_CONFIRMATION", "雇主确认"
    WORKER_AND_CALL = "WORKER_AND_CALL", "零工确认并经电话核实"
    SIGNED_AGREEMENT = "SIGNED_AGREEMENT", "已签协议且开工日期已到"


class ConsentMethod(Labelled):
    """How a person agreed to the privacy notice (PIPL 14)."""

    SIGNED_PAPER = "SIGNED_PAPER", "本人在纸质告知书上签名"
    READ_ALOUD = "READ_ALOUD", "工作人员读给本人听后本人签名"
    ONLINE = "ONLINE", "本人在手机上阅读后勾选"


class Education(Labelled):
    """Optional for seekers; the empty answer is always allowed."""

    PRIMARY = "80", "小学"
    JUNIOR = "70", "初中"
    SENIOR = "60", "高中"
    VOCATIONAL = "40", "中专、职高、技校"
    COLLEGE = "30", "大专"
    BACHELOR = "20", "本科"
    MASTER = "10", "研究生"
    OTHER = "90", "其他"


class PensionStatus(Labelled):
    """Answer to the question whether a pension is drawn (domain reference 4.3)."""

    NO = "NO", "没有领取养老金"
    YES = "YES", "已领取养老金或已办退休"
    DELAYED = "DELAYED", "已办弹性延迟退休"


class Slot(Labelled):
    """Part of the day a worker is free; with the weekday it makes one cell of the availability table."""

    MORNING = "AM", "上午"
    AFTERNOON = "PM", "下午"
    NIGHT = "NIGHT", "晚上"


WEEKDAYS: tuple[str, ...] = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


class BuildMode(Labelled):
    """Who built the station (arts 3, 22): decides who supervises it."""

    DISTRICT_LED = "DISTRICT_LED", "区级主导"
    SUBDISTRICT_LED = "SUBDISTRICT_LED", "街道主导"
    SELF_BUILT = "SELF_BUILT", "机构自建"


class OperationMode(Labelled):
    """Who runs the station (arts 13, 14)."""

    SELF_RUN = "SELF_RUN", "自主运营"
    GOV_PURCHASED = "GOV_PURCHASED", "政府购买服务"
    MARKET_RUN = "MARKET_RUN", "市场主体自建运营"


class StationState(Labelled):
    """State of a station that has opened (domain reference 3.1)."""

    OPERATING = "OPERATING", "运营中"
    SUSPENDED = "SUSPENDED", "停业整改中"
    REVOKED = "REVOKED", "已摘牌"
    CLOSED = "CLOSED", "已停办"


class EmployerState(Labelled):
    """State of an employer's verification (domain reference 3.2)."""

    PENDING = "PENDING", "待核验"
    VERIFIED = "VERIFIED", "已核验"
    REJECTED = "REJECTED", "核验未通过"


class CreditState(Labelled):
    """Standing of an employer (domain reference 3.2)."""

    NORMAL = "NORMAL", "正常"
    WATCH = "WATCH", "重点关注"
    BLOCKED = "BLOCKED", "禁止发布"


class JobState(Labelled):
    """Domain reference 3.3."""

    DRAFT = "DRAFT", "草稿"
    SUBMITTED = "SUBMITTED", "待审核"
    IN_REVIEW = "IN_REVIEW", "审核中"
    REJECTED = "REJECTED", "已驳回"
    APPROVED = "APPROVED", "审核通过待发布"
    PUBLISHED = "PUBLISHED", "招工中"
    PAUSED = "PAUSED", "暂停招工"
    FILLED = "FILLED", "已招满"
    EXPIRED = "EXPIRED", "已过期"
    WITHDRAWN = "WITHDRAWN", "已撤回"
    TAKEN_DOWN = "TAKEN_DOWN", "已下架"


class SeekerState(Labelled):
    """Domain reference 3.4. SUBMITTED: registered by themselves, the card not yet seen."""

    SUBMITTED = "SUBMITTED", "待核验证件"
    ACTIVE = "ACTIVE", "求职中"
    ENGAGED = "ENGAGED", "务工中"
    DORMANT = "DORMANT", "休眠"
    RESTRICTED = "RESTRICTED", "暂停推荐"
    CLOSED = "CLOSED", "已注销"
    ANONYMISED = "ANONYMISED", "已匿名处理"


class ReferralState(Labelled):
    """Domain reference 3.5. APPLIED: the worker applied and agreed, but the identity card was not seen yet."""

    APPLIED = "APPLIED", "已报名待核验证件"
    PROPOSED = "PROPOSED", "已推荐待确认"
    WORKER_ACCEPTED = "WORKER_ACCEPTED", "零工已同意"
    WORKER_DECLINED = "WORKER_DECLINED", "零工不去"
    LAPSED = "LAPSED", "超时失效"
    EMPLOYER_ACCEPTED = "EMPLOYER_ACCEPTED", "雇主已同意"
    EMPLOYER_DECLINED = "EMPLOYER_DECLINED", "雇主不用"
    SUPERSEDED = "SUPERSEDED", "岗位已满"
    CONFIRMED = "CONFIRMED", "已签约待到岗"
    NO_SHOW = "NO_SHOW", "未到岗"
    CANCELLED_BY_EMPLOYER = "CANCELLED_BY_EMPLOYER", "雇主取消"
    PLACED = "PLACED", "已上岗"
    COMPLETED = "COMPLETED", "已完工"
    ENDED_EARLY = "ENDED_EARLY", "中途结束"
    FOLLOW_UP = "FOLLOW_UP", "待回访"
    FOLLOWED_UP = "FOLLOWED_UP", "已回访"
    EVALUATED = "EVALUATED", "已评价"


class Relation(Labelled):
    """What the two sides mean to agree (domain reference 4.1), as far as it is known when the post is registered."""

    UNDECIDED = "UNDECIDED", "还没定"
    ONE_OFF_SERVICE = "ONE_OFF_SERVICE", "一次性劳务"
    PART_TIME = "PART_TIME", "小时工（非全日制）"
    FIXED = "FIXED", "劳动合同"
    OVER_AGE = "OVER_AGE", "超龄用工"
    WORK_RESULT = "WORK_RESULT", "承揽"


class AgreementType(Labelled):
    """Agreement types (domain reference 4.2); the number prefix of 7.12 is in `rules.numbers`."""

    ONE_OFF_SERVICE = "ONE_OFF_SERVICE", "零工劳务协议"
    PART_TIME = "PART_TIME", "非全日制用工劳动合同"
    OVER_AGE = "OVER_AGE", "超龄用工协议"
    SHARED_LABOUR_3P = "SHARED_LABOUR_3P", "共享用工三方协议"
    WORK_RESULT = "WORK_RESULT", "承揽协议"
    DOMESTIC = "DOMESTIC", "家政服务协议"
    KEY_POINTS = "KEY_POINTS", "用工要点告知单"
    FIXED_TERM = "FIXED_TERM", "固定期限劳动合同"
    FIXED_TASK = "FIXED_TASK", "以完成一定工作任务为期限的劳动合同"
    PLATFORM_WRITTEN = "PLATFORM_WRITTEN", "新就业形态书面协议"


LABOUR_CONTRACTS = frozenset({AgreementType.PART_TIME, AgreementType.FIXED_TERM, AgreementType.FIXED_TASK})
"""Labour contracts: printed and signed by hand only, never clicked (electronic-contract guide arts 3, 8, 9)."""

OFFICIAL_TEXTS = frozenset({AgreementType.FIXED_TERM, AgreementType.FIXED_TASK, AgreementType.PLATFORM_WRITTEN})
"""Types whose text is the official model that the district uploads; the product prints the checklist of 4.4 to it."""

ON_PAPER_ONLY = LABOUR_CONTRACTS | OFFICIAL_TEXTS | {AgreementType.OVER_AGE, AgreementType.SHARED_LABOUR_3P}
"""Types that may not be signed on a screen: labour contracts, and papers that speak about a labour relation."""


class AgreementState(Labelled):
    """Domain reference 3.6."""

    DRAFT = "DRAFT", "起草中"
    PRINTED = "PRINTED", "已打印待签"
    E_SIGNING = "E_SIGNING", "屏上签字中"
    SIGNED = "SIGNED", "已签订"
    DELIVERED = "DELIVERED", "已交付零工"
    ARCHIVED = "ARCHIVED", "原件已归档"
    COMPLETED = "COMPLETED", "已履行完"
    TERMINATED = "TERMINATED", "已提前结束"
    AMENDED = "AMENDED", "已由新协议代替"
    CANCELLED = "CANCELLED", "已取消"
    VOID = "VOID", "已作废"


SIGNED_STATES = frozenset(
    {
        AgreementState.SIGNED,
        AgreementState.DELIVERED,
        AgreementState.ARCHIVED,
        AgreementState.COMPLETED,
        AgreementState.TERMINATED,
        AgreementState.AMENDED,
    }
)
"""Both sides have signed: the words are theirs and never change again."""

NOT_IN_FORCE = frozenset({AgreementState.VOID, AgreementState.CANCELLED, AgreementState.AMENDED})
"""A referral with only such agreements may get a new one."""


class SigningWay(Labelled):
    """How an agreement was signed."""

    PAPER = "PAPER", "纸质签字"
    SCREEN = "SCREEN", "屏上签字"


class SigningPlace(Labelled):
    """Where somebody signed on a screen."""

    COUNTER = "COUNTER", "驿站屏幕"
    PHONE = "PHONE", "本人手机"


class AgreementSide(Labelled):
    """Who signs an agreement."""

    EMPLOYER = "EMPLOYER", "甲方"
    WORKER = "WORKER", "乙方"
    THIRD = "THIRD", "第三方"


class AgreementEnding(Labelled):
    """Who ended an agreement before its time (domain reference 3.6: mutual end or notice)."""

    BOTH = "BOTH", "双方协商一致"
    EMPLOYER = "EMPLOYER", "雇主提出"
    WORKER = "WORKER", "零工提出"


class NoticeWay(Labelled):
    """How one side told the other that the agreement ends."""

    IN_PERSON = "IN_PERSON", "当面说"
    PHONE = "PHONE", "打电话"
    MESSAGE = "MESSAGE", "短信或微信"
    IN_WRITING = "IN_WRITING", "书面通知"


class WordingOrigin(Labelled):
    """Where a version of an agreement's text comes from."""

    PRODUCT = "PRODUCT", "系统自带"
    DISTRICT = "DISTRICT", "区里修订"


class IncomingState(Labelled):
    """An uploaded scan that was not put to its agreement by hand."""

    READING = "READING", "正在识别"
    FOUND = "FOUND", "已自动归入"
    UNKNOWN = "UNKNOWN", "没有认出"
    ASSIGNED = "ASSIGNED", "已人工归入"
    DISMISSED = "DISMISSED", "不是签好的协议"


class EmblemKind(Labelled):
    """Pictures the district uploads for papers and boards (art. 5 统一标识)."""

    EMBLEM = "EMBLEM", "驿站标识"
    PLAQUE = "PLAQUE", "驿站牌匾"


class SheetFinish(Labelled):
    """How a rule board is to be printed."""

    OFFICE = "OFFICE", "普通打印机"
    SAVING = "SAVING", "省墨"
    SHOP = "SHOP", "送印刷店（出血和裁切线）"


class PrintRunKind(Labelled):
    """What is printed many at a time."""

    AGREEMENTS = "AGREEMENTS", "一天的协议"
    LARGE_PRINT = "LARGE_PRINT", "一天的协议（大字版）"
    REFERRAL_SLIPS = "REFERRAL_SLIPS", "一天的推荐上岗单"
    SEEKER_CARDS = "SEEKER_CARDS", "一天新登记的求职卡"
    BOARDS = "BOARDS", "全部上墙制度"


class PrintRunState(Labelled):
    """How far a bulk print is."""

    WAITING = "WAITING", "排队中"
    RUNNING = "RUNNING", "正在打印"
    DONE = "DONE", "已完成"
    CANCELLED = "CANCELLED", "已取消"
    FAILED = "FAILED", "没有完成"


class PrintItemState(Labelled):
    """One paper of a bulk print."""

    WAITING = "WAITING", "排队中"
    PRINTED = "PRINTED", "已排好"
    FAILED = "FAILED", "没有排出来"
    SKIPPED = "SKIPPED", "没有打印"


class Bundle(Labelled):
    """The form in which a bulk print is fetched."""

    PDF = "PDF", "合成一个PDF"
    ZIP = "ZIP", "一份一个文件（压缩包）"


class PaperKind(Labelled):
    """Kinds of issued paper; the P numbers are those of the output list (domain reference 2.27)."""

    JOB_ORDER = "P4", "招工用工登记表"
    SEEKER_FORM = "P5", "求职登记表"
    POSTER = "P6", "岗位信息张贴单"
    REFERRAL_SLIP = "P7", "推荐上岗单"
    KEY_POINTS = "P8", "用工要点告知单"
    AGREEMENT = "P9", "用工协议"
    BOARD = "P15", "制度上墙"
    FOLLOW_UP_FORM = "P10", "回访记录表"
    SEEKER_CARD = "P20", "求职卡"
    MORNING_SHEET = "P21", "早市用工安排表"
    JOB_SLIPS = "P22", "派工单"
    DRAW_SHEET = "P23", "抽签结果公示"
    FAIRNESS_SHEET = "P24", "派工公平情况月报"
    CALLING_RULE = "P25", "叫号规则"
    COMMITMENT = "P19", "保密承诺书"
    LEGAL_FORM = "P11", "法律咨询登记表"
    GUIDANCE = "P26", "签约指导记录"
    LARGE_PRINT = "P27", "协议大字版"
    CHECKLIST = "P28", "合同要点核对表"
    DISPUTE_RECORD = "P29", "争议调处记录"
    RATING_FORM = "P30", "服务评价表"
    LEDGER = "P12", "月度工作台账"
    STATISTICS = "P16", "统计表"
    CORRECTIONS = "P17", "更改记录清单"
    SAMPLE_SHEET = "P31", "随机抽查表"


class LedgerState(Labelled):
    """Where a month's ledger stands (domain reference 3.7). OVERDUE is no state: it is computed from the due day."""

    OPEN = "OPEN", "记录中"
    CLOSABLE = "CLOSABLE", "可以结账"
    CLOSED = "CLOSED", "已结账"
    SUBMITTED = "SUBMITTED", "已报送"
    QUERIED = "QUERIED", "退回核实"
    ACCEPTED = "ACCEPTED", "已接收"
    CORRECTED = "CORRECTED", "已更改，待重新报送"


class LedgerStepKind(Labelled):
    """What was done with a month's ledger, appended."""

    CLOSED = "CLOSED", "结账"
    SUBMITTED = "SUBMITTED", "报送"
    QUERIED = "QUERIED", "退回核实"
    ANSWERED = "ANSWERED", "答复并重新报送"
    ACCEPTED = "ACCEPTED", "接收"
    CORRECTED = "CORRECTED", "更改，出新版"


class CorrectionVerdict(Labelled):
    """What a manager says of a correction that staff made (domain reference 9: MGR approves)."""

    CONFIRMED = "CONFIRMED", "属实"
    OBJECTED = "OBJECTED", "不属实，请再更正"


class ActivityKind(Labelled):
    """Work of a station besides referrals that the monthly ledger counts (domain reference 8.3)."""

    TRAINING = "TRAINING", "培训"
    CONSULTATION = "CONSULTATION", "政策咨询"
    VISIT = "VISIT", "走访采集"
    PUBLICITY = "PUBLICITY", "宣传"
    CASE_STORY = "CASE_STORY", "典型案例"
    SAFETY_CHECK = "SAFETY_CHECK", "安全卫生检查"
    INSURANCE = "INSURANCE", "保险引导"
    SHARED_LABOUR = "SHARED_LABOUR", "余缺调剂"
    INCIDENT = "INCIDENT", "事件"


class PersonGroup(Labelled):
    """Groups that get help first (domain reference 7.11): sensitive, each with a consent of its own."""

    OUT_OF_POVERTY = "OUT_OF_POVERTY", "脱贫人口(含监测对象)"
    DISABLED = "DISABLED", "残疾人"
    AGE_4050 = "AGE_4050", "大龄(女40+/男50+)"
    ZERO_EMP_FAMILY = "ZERO_EMP_FAMILY", "零就业家庭成员"
    MIN_LIVING = "MIN_LIVING", "低保"
    MIN_LIVING_EDGE = "MIN_LIVING_EDGE", "低保边缘"
    RIGID_EXPENSE = "RIGID_EXPENSE", "刚性支出困难家庭"
    LONG_UNEMP = "LONG_UNEMP", "连续失业(登记)一年以上"
    LAND_LOST = "LAND_LOST", "失地农民"
    VETERAN = "VETERAN", "退役军人"
    GRADUATE = "GRADUATE", "离校未就业毕业生"
    MIGRANT_RURAL = "MIGRANT_RURAL", "农民工"
    RETIRED_FISHER = "RETIRED_FISHER", "退捕渔民"
    RELEASED = "RELEASED", "刑满释放(社区矫正)"
    STUDENT = "STUDENT", "在校学生"
    OTHER_HARD = "OTHER_HARD", "其他就业困难"


class SampleVerdict(Labelled):
    """What a check on the spot found about one placement of a sample."""

    GENUINE = "GENUINE", "属实"
    DIFFERENT = "DIFFERENT", "有出入"
    FABRICATED = "FABRICATED", "不属实"
    UNREACHED = "UNREACHED", "没联系上"


class BoardKind(Labelled):
    """The ten rule boards of domain reference 5 (art. 12)."""

    STAFF = "staff", "人员管理制度"
    SAFETY = "safety", "安全管理制度"
    HYGIENE = "hygiene", "卫生管理制度"
    FLOW = "flow", "服务流程"
    PHRASES = "phrases", "服务规范用语"
    FREE = "free", "免费服务承诺"
    PRIVACY = "privacy", "信息安全与隐私保护制度"
    COMPLAINT = "complaint", "投诉举报办法"
    PROHIBITED = "prohibited", "禁止行为公告"
    RIGHTS = "rights", "政策与维权告知"


class CertificateType(Labelled):
    """Certificates (domain reference 7.6). Issuers and validity rules marked as unchecked there are not kept."""

    WELDING = "T01", "焊接与热切割作业证"
    ELECTRICIAN = "T02", "低压/高压电工作业证"
    HEIGHT = "T03", "高处作业证"
    REFRIGERATION = "T04", "制冷与空调作业证"
    OTHER_SPECIAL = "T05", "其他特种作业证"
    FORKLIFT = "T11", "叉车司机证（N1）"
    CRANE = "T12", "起重机证（Q类）"
    CONSTRUCTION = "T21", "建筑施工特种作业证"
    HEALTH = "C01", "健康证"
    CARE = "C02", "母婴/育婴/养老护理证"
    DOMESTIC = "C03", "家政上门服务证"
    GUARD = "C04", "保安员证"
    DRIVING = "C05", "机动车驾驶证"
    COOK = "C06", "厨师/面点师技能证"
    OTHER = "C99", "其他证书"

    @property
    def special(self) -> bool:
        """Special operation or special equipment: nobody starts without a valid one (Work Safety Law art. 30)."""
        return self.value.startswith("T")


class Hazard(Labelled):
    """Hazard tags of job categories (domain reference 7.4); a tag demands a warning and protection (M05)."""

    WINDOW = "WINDOW", "登高擦窗"
    SCALD = "SCALD", "烫伤"
    LIFTING = "LIFTING", "搬抬"
    ELECTRIC = "ELECTRIC", "触电"
    CLIMBING = "CLIMBING", "登高"
    CONFINED = "CONFINED", "有限空间"
    CHEMICAL = "CHEMICAL", "化学清洁剂"
    HEIGHT = "HEIGHT", "高处"
    PESTICIDE = "PESTICIDE", "农药"
    MACHINE = "MACHINE", "机械"
    TRAFFIC = "TRAFFIC", "交通"
    LOAD = "LOAD", "负重"
    CONVEYOR = "CONVEYOR", "输送线"
    RACK = "RACK", "货架坠落"
    VEHICLE = "VEHICLE", "车辆伤害"
    FALLING = "FALLING", "坠物"
    DUST = "DUST", "粉尘"
    TOXIC = "TOXIC", "有毒"
    CUTTING = "CUTTING", "切割"
    BURN = "BURN", "灼烫"
    FIRE = "FIRE", "火灾"
    COLLAPSE = "COLLAPSE", "坍塌"
    KNIFE = "KNIFE", "刀具"
    CONFLICT = "CONFLICT", "冲突"
    HEAT = "HEAT", "高温"
    DROWNING = "DROWNING", "溺水"


class JuvenileRule(StrEnum):
    """May a 16 to 17 year old be referred to this trade (domain reference 7.4)?"""

    YES = "yes"
    LIMITED = "limited"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Trade:
    """One job category of domain reference 7.4.

    `certificates`: types of which a seeker must hold one (special ones block, others warn).
    `outdoor`: work in the open, for the heat rules. `site`: building-site labour (M09).
    """

    code: str
    label: str
    certificates: tuple[CertificateType, ...] = ()
    hazards: tuple[Hazard, ...] = ()
    juvenile: JuvenileRule = JuvenileRule.NO
    outdoor: bool = False
    site: bool = False
    platform: bool = False


_C, _H, _J = CertificateType, Hazard, JuvenileRule

TRADES: dict[str, Trade] = {
    trade.code: trade
    for trade in (
        Trade("A01", "家政保洁", (), (_H.WINDOW,), _J.YES),
        Trade("A02", "家政做饭", (_C.HEALTH,), (_H.SCALD,), _J.YES),
        Trade("A03", "老人照护/护工", (_C.HEALTH,), (_H.LIFTING,)),
        Trade("A04", "月嫂/育儿嫂", (_C.HEALTH, _C.CARE)),
        Trade("A05", "接送/陪护儿童"),
        Trade("A06", "家电维修/清洗", (_C.REFRIGERATION, _C.ELECTRICIAN), (_H.ELECTRIC, _H.CLIMBING)),
        Trade("A07", "管道疏通/开锁", (), (_H.CONFINED,)),
        Trade("B01", "单位保洁", (), (_H.CHEMICAL,), _J.YES),
        Trade("B02", "外墙/高空清洗", (_C.HEIGHT,), (_H.HEIGHT,), outdoor=True),
        Trade("B03", "绿化养护", (), (_H.PESTICIDE, _H.MACHINE), outdoor=True),
        Trade("B04", "环卫辅助", (), (_H.TRAFFIC,), outdoor=True),
        Trade("C01", "搬运", (), (_H.LOAD,)),
        Trade("C02", "装卸", (), (_H.LOAD,)),
        Trade("C03", "快递分拣", (), (_H.CONVEYOR,), _J.LIMITED),
        Trade("C04", "仓储理货", (), (_H.RACK,), _J.LIMITED),
        Trade("C05", "物流跟车/配送", (_C.DRIVING,), (_H.TRAFFIC,), outdoor=True),
        Trade("C06", "叉车", (_C.FORKLIFT,), (_H.VEHICLE,)),
        Trade("D01", "建筑小工", (), (_H.HEIGHT, _H.FALLING), outdoor=True, site=True),
        Trade("D02", "装修瓦工", (), (_H.DUST,)),
        Trade("D03", "装修水电", (_C.ELECTRICIAN,), (_H.ELECTRIC,)),
        Trade("D04", "装修油漆/腻子", (), (_H.DUST, _H.TOXIC)),
        Trade("D05", "装修木工", (), (_H.CUTTING,)),
        Trade("D06", "钢筋/混凝土/架子工", (_C.CONSTRUCTION,), (_H.HEIGHT,), outdoor=True, site=True),
        Trade("D07", "焊工", (_C.WELDING,), (_H.BURN, _H.FIRE)),
        Trade("D08", "拆除/清运", (), (_H.COLLAPSE,)),
        Trade("E01", "餐饮服务/传菜", (_C.HEALTH,), (_H.SCALD,), _J.YES),
        Trade("E02", "后厨/切配/洗碗", (_C.HEALTH,), (_H.KNIFE, _H.SCALD), _J.LIMITED),
        Trade("E03", "外卖骑手（平台）", (), (_H.TRAFFIC,), outdoor=True, platform=True),
        Trade("F01", "展会/会务", juvenile=_J.YES),
        Trade("F02", "促销/导购/盘点", juvenile=_J.YES),
        Trade("F03", "礼仪/发单", juvenile=_J.YES),
        Trade("F04", "客服/话务", juvenile=_J.YES),
        Trade("F05", "文员/录入", juvenile=_J.YES),
        Trade("F06", "直播/打包", juvenile=_J.YES),
        Trade("G01", "安保/秩序维护", (_C.GUARD,), (_H.CONFLICT,)),
        Trade("G02", "停车引导/值守", (), (_H.TRAFFIC,), outdoor=True),
        Trade("H01", "工厂普工/包装", (), (_H.MACHINE,), _J.LIMITED),
        Trade("H02", "缝纫/织补", (), (_H.MACHINE,), _J.YES),
        Trade("H03", "机械操作/数控", (), (_H.MACHINE,)),
        Trade("I01", "农业采摘/分拣", (), (_H.HEAT,), _J.YES, outdoor=True),
        Trade("I02", "农业种植/除草", (), (_H.PESTICIDE,), outdoor=True),
        Trade("I03", "水产/养殖", (), (_H.DROWNING,), outdoor=True),
        Trade("J01", "司机/代驾", (_C.DRIVING,), (_H.TRAFFIC,)),
        Trade("Z99", "其他"),
    )
}

SUBDISTRICTS: dict[str, str] = {
    "420112001": "吴家山街道",
    "420112002": "柏泉街道",
    "420112004": "将军路街道",
    "420112005": "慈惠街道",
    "420112006": "走马岭街道",
    "420112007": "径河街道",
    "420112008": "长青街道",
    "420112011": "辛安渡街道",
    "420112012": "东山街道",
    "420112013": "常青花园",
    "420112014": "新沟镇街道",
    "420112015": "金银湖街道",
}
"""Statistics codes of the subdistrict-level units (domain reference 7.7); the demo loads them, the table can be edited."""


def trade_choices() -> list[tuple[str, str]]:
    """(code, label) of every job category."""
    return [(trade.code, trade.label) for trade in TRADES.values()]
