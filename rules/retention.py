"""How long personal data are kept (domain reference 10.5, PIPL 19 and 47): the rules as data, and the day each cuts at.

The journal is not among them: its entries hold ids, never numbers or addresses, and are never removed (art. 23).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from rules.codes import Labelled
from rules.parameters import Parameter, whole

ANONYMOUS = "已匿名"
"""What stands where a name stood."""

ANSWER_DAYS = 30
"""How long somebody who was asked whether the record is still wanted has for the answer."""

MOST_AT_ONCE = 500
"""People one run anonymises at most; the rest is due in the next one."""


class Treatment(Labelled):
    """What is done with what is due."""

    ASK = "ASK", "问本人还要不要"
    ANONYMISE = "ANONYMISE", "匿名处理"
    DELETE = "DELETE", "删除"
    EMPTY = "EMPTY", "清空内容"
    LIST = "LIST", "只列出，由驿站核对后处理"


class RetentionRule(Labelled):
    """What is kept, and for how long."""

    DORMANT_ASK = "DORMANT_ASK", "满12个月没有联系的求职档案"
    DORMANT = "DORMANT", "问过本人、30天没有答复的求职档案"
    CLOSED = "CLOSED", "本人撤回同意或注销满15天的求职档案"
    DRAFTS = "DRAFTS", "没有交的网上登记草稿"
    PHONE_CODES = "PHONE_CODES", "用过或过期的短信验证码"
    TICKETS = "TICKETS", "用过或过期的登记手机二维码"
    SIGN_IN_FAILURES = "SIGN_IN_FAILURES", "登录失败的计数"
    SESSIONS = "SESSIONS", "过期的登录"
    SUBMISSIONS = "SUBMISSIONS", "表单防重复提交的标记"
    ALERT_PHONES = "ALERT_PHONES", "已退订的新岗位提醒留下的电话"
    RIGHTS = "RIGHTS", "答复满3年的本人信息请求"
    COMPLAINTS = "COMPLAINTS", "办完满3年的投诉的内容和电话"
    CASES = "CASES", "办结满3年的维权的内容"
    MATCH_RUNS = "MATCH_RUNS", "满6个月的批量匹配计算材料"
    LOOKS = "LOOKS", "满3年的查看完整信息记录"
    AGREEMENTS = "AGREEMENTS", "结束满3年的协议"
    EMPLOYERS = "EMPLOYERS", "3年没有招工的雇主"


@dataclass(frozen=True, slots=True)
class Keeping:
    """One rule: how long, what then, on which ground. `least` is the legal parameter that may never be undercut."""

    rule: RetentionRule
    treatment: Treatment
    basis: str
    months: int = 0
    days: int = 0
    least: str = ""


_R, _T = RetentionRule, Treatment
_PIPL19, _PIPL47 = "个人信息保护法第十九条", "个人信息保护法第四十七条"
_LOGS, _LEDGER = "log_retention_months_min", "service_ledger_retention_years_min"

KEEPINGS: tuple[Keeping, ...] = (
    Keeping(_R.DORMANT_ASK, _T.ASK, f"{_PIPL19}、第四十七条", months=12),
    Keeping(_R.DORMANT, _T.ANONYMISE, f"{_PIPL19}、第四十七条", days=ANSWER_DAYS),
    Keeping(_R.CLOSED, _T.ANONYMISE, _PIPL47, days=15),
    Keeping(_R.DRAFTS, _T.DELETE, _PIPL19, days=7),
    Keeping(_R.PHONE_CODES, _T.DELETE, _PIPL19, days=1),
    Keeping(_R.TICKETS, _T.DELETE, _PIPL19, days=1),
    Keeping(_R.SIGN_IN_FAILURES, _T.DELETE, _PIPL19, days=1),
    Keeping(_R.SESSIONS, _T.DELETE, _PIPL19, days=1),
    Keeping(_R.SUBMISSIONS, _T.DELETE, _PIPL19, days=30),
    Keeping(_R.ALERT_PHONES, _T.EMPTY, _PIPL47),
    Keeping(_R.RIGHTS, _T.EMPTY, "民法典第一百八十八条", months=36, least=_LEDGER),
    Keeping(_R.COMPLAINTS, _T.EMPTY, "民法典第一百八十八条", months=36, least=_LEDGER),
    Keeping(_R.CASES, _T.EMPTY, "民法典第一百八十八条", months=36, least=_LEDGER),
    Keeping(_R.MATCH_RUNS, _T.EMPTY, f"{_PIPL19}、第二十四条", months=6),
    Keeping(_R.LOOKS, _T.DELETE, "网络安全法第二十三条、个人信息保护法第五十六条", months=36, least=_LOGS),
    Keeping(_R.AGREEMENTS, _T.LIST, "劳动合同法第五十条、人力资源市场暂行条例第三十三条", months=36, least=_LEDGER),
    Keeping(_R.EMPLOYERS, _T.LIST, "人力资源市场暂行条例第三十三条", months=36, least=_LEDGER),
)
"""Every rule, in the order of the page. Periods are this system's own where the law names none (domain reference 10.5)."""

PEOPLE = frozenset({_R.DORMANT_ASK, _R.DORMANT, _R.CLOSED})
"""Rules about one person at a time."""


def months_before(day: date, months: int) -> date:
    """The same day of the month that many months earlier, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    first_of_next = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = (first_of_next - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def cut_off(keeping: Keeping, parameters: Iterable[Parameter], today: date) -> date:
    """The last day that is due: what ended on it or before has been kept long enough.

    Raises ParameterMissing when the legal minimum of the rule is not set.
    """
    months = keeping.months
    if keeping.least:
        least = whole(parameters, keeping.least, today)
        months = max(months, least * 12 if keeping.least.endswith("_years_min") else least)
    return months_before(today, months) - timedelta(days=keeping.days)


def period_words(keeping: Keeping, parameters: Iterable[Parameter], today: date) -> str:
    """How long, in words: 12个月, 3年, 15天, 不保留."""
    if keeping.days:
        return f"{keeping.days}天"
    cut = cut_off(keeping, parameters, today)
    months = (today.year - cut.year) * 12 + today.month - cut.month
    if not months:
        return "不保留"
    return f"{months // 12}年" if months % 12 == 0 and months > 12 else f"{months}个月"
