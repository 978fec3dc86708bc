"""Applying for work oneself (domain reference 3.5): what the worker is told, in the words the worker is spoken to with."""

from __future__ import annotations

import re
from datetime import datetime

from rules.codes import ReferralState
from rules.errors import RuleBroken, RulesBroken

WITHDRAWN_REASON = "本人不再求职"
"""Why a referral ended when the worker withdrew a consent or closed the registration: neutral, nobody is blamed."""

_WORDS: tuple[tuple[str, str], ...] = (
    (r"^岗位已经招满.*", "这个活已经招满了，请看看别的活。"),
    (r"^岗位现在是.*", "这个活现在不招人，请看看别的活。"),
    (r"^岗位超过.*没有核实.*", "这个活有一阵子没有核实了，请先打驿站电话问一问。"),
    (r"^岗位的用工日期已经过了.*", "这个活的日子已经过了，请看看别的活。"),
    (r"^该求职者暂停推荐(.*)，需要的话.*", r"您现在暂停推荐\1。原因和怎样说明情况，请看“我的”首页。"),
    (r"^该求职者的档案已注销.*", "您的登记已经注销。要找活，请带身份证到驿站恢复登记。"),
    (r"^已超过.*没有联系该求职者.*", "好久没有联系了，请先在“我的”里点“我还在找活”。"),
    (r"^已经向这个岗位推荐过.*", "您已经报过这个活了，正在等结果。"),
    (r"^还没有核对该求职者的证件原件.*", "请先带身份证到驿站核对。"),
    (r"请核对证书，或者换一个岗位。$", "有证的，请带证到驿站登记；没有的，请看看别的活。"),
    (r"^与该求职者已答应的工作时间冲突(.*)，请换一个岗位。", r"和您已经答应的活时间冲突\1，请看看别的活。"),
    (r"不能推荐到须持证的岗位。", "不能去要这个证的活。换了新证，请带来驿站登记。"),
    (r"请换一个岗位。$", "请看看别的活。"),
    (r"^名额已满.*", "这个活的名额满了，请看看别的活。"),
    (r"^这次推荐现在是“(.*?)”.*", r"这个活现在是“\1”，不用再答复。请刷新页面看一看。"),
)

STATE_WORDS: dict[ReferralState, str] = {
    ReferralState.APPLIED: "已报名。请带身份证到驿站核对，核对以后驿站马上问雇主。",
    ReferralState.PROPOSED: "驿站给您介绍的活，等您答复去不去。",
    ReferralState.WORKER_ACCEPTED: "您说去。驿站正在问雇主，有结果会告诉您。",
    ReferralState.WORKER_DECLINED: "您说不去了。",
    ReferralState.LAPSED: "过了时间没有答复，这次不算了。还想去的，请再报名或者打驿站电话。",
    ReferralState.EMPLOYER_ACCEPTED: "雇主要您了！请和雇主联系，到驿站签协议再上工。",
    ReferralState.EMPLOYER_DECLINED: "雇主这次没有要。请看看别的活。",
    ReferralState.SUPERSEDED: "这个活已经招满或者结束了。请看看别的活。",
    ReferralState.CONFIRMED: "协议签好了，请按时去上工。",
    ReferralState.NO_SHOW: "记的是您没有到岗。记错了的，请马上打驿站电话。",
    ReferralState.CANCELLED_BY_EMPLOYER: "雇主取消了。误了您的工的，驿站可以帮您要补偿。",
    ReferralState.PLACED: "您已经上岗。工钱、受伤有问题，马上打驿站电话。",
    ReferralState.COMPLETED: "这个活做完了。没拿到工钱的，马上打驿站电话。",
    ReferralState.ENDED_EARLY: "这个活中途结束了。做了的工也要付钱；没拿到的，马上打驿站电话。",
    ReferralState.FOLLOW_UP: "这个活结束了，驿站会打电话问您工钱拿到没有。没拿到的，现在就可以打驿站电话。",
    ReferralState.FOLLOWED_UP: "这个活结束了，驿站已经回访。您可以给驿站的服务打分。",
    ReferralState.EVALUATED: "这个活结束了，评价也收到了。谢谢您。",
}
"""What each state of a referral means to the worker, and what to do next."""


def told_to_worker(broken: RuleBroken) -> RuleBroken:
    """The same refusal, spoken to the worker instead of about him; its fields are kept."""
    if isinstance(broken, RulesBroken):
        return RulesBroken([told_to_worker(one) for one in broken.broken])
    message = broken.message
    for pattern, words in _WORDS:
        message = re.sub(pattern, words, message)
    return RuleBroken(message.replace("该求职者", "您"), broken.field, broken.marks)


def until_words(deadline: datetime, moment: datetime) -> str:
    """Until when an answer counts: 今天 18:05 前, 明天 9:00 前. Both in station time; for a past one "已过时间"."""
    if deadline <= moment:
        return "已过时间"
    days = (deadline.date() - moment.date()).days
    day = ("今天", "明天", "后天")[days] if days <= 2 else f"{deadline.month}月{deadline.day}日"
    return f"{day} {deadline.hour}:{deadline.minute:02d} 前"
