"""Referrals (domain reference 3.5, 4.3): may this person be sent to this post, and which step follows which?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from rules.ages import AgeStanding, standing_on
from rules.checks import juvenile_obstacles
from rules.codes import (
    TRADES,
    CertificateType,
    Hazard,
    JobState,
    JuvenileRule,
    Labelled,
    PensionStatus,
    ReferralState,
    SeekerState,
    StartEvidence,
)
from rules.errors import RuleBroken, RulesBroken
from rules.lint import Hit, lint_text
from rules.schedule import Engagement, engagement_of, overlaps
from rules.terms import JobTerms

CONTACT_FIRST = "请先征得零工同意，再把联系方式提供给雇主。"
"""Shown where an employer's answer is recorded before the worker's (match.consent)."""


@dataclass(frozen=True, slots=True)
class SeekerFacts:
    """What the guards need to know about the person.

    `certificates`: (certificate type, last valid day or None when it has none). `confirmed_on`: when somebody last
    spoke with the person. `engagements`: work already agreed. `open_referral_jobs`: ids of posts with an open
    referral. `retires`: first and last day on which the retirement age may be reached (`rules.ages.retirement_days`);
    the notice for the agreement needs it, no guard does. Whether somebody is a man or a woman is not asked here.
    """

    id: int
    state: SeekerState
    birth_date: date
    retires: tuple[date, date]
    pension: PensionStatus | None
    certificates: tuple[tuple[str, date | None], ...]
    guardian_consent: bool
    confirmed_on: date
    restricted_until: date | None
    engagements: tuple[Engagement, ...] = ()
    open_referral_jobs: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PostFacts:
    """What the guards need to know about the post; `verified_on` is the day it was last verified.

    `tie_seed` was drawn at the first publication and decides between people who fit equally well.
    """

    id: int
    state: JobState
    terms: JobTerms
    free_places: int
    verified_on: date
    tie_seed: str = ""


class ReferralEvent(Labelled):
    """What can happen to a referral; the label completes "不能…"."""

    IDENTITY_SEEN = "IDENTITY_SEEN", "登记已核验证件"
    WORKER_ACCEPT = "WORKER_ACCEPT", "登记零工同意"
    WORKER_DECLINE = "WORKER_DECLINE", "登记零工不去"
    LAPSE = "LAPSE", "作超时失效"
    EMPLOYER_ACCEPT = "EMPLOYER_ACCEPT", "登记雇主同意"
    EMPLOYER_DECLINE = "EMPLOYER_DECLINE", "登记雇主不用"
    SUPERSEDE = "SUPERSEDE", "作岗位已满"
    CONFIRM = "CONFIRM", "登记已签约"
    NO_SHOW = "NO_SHOW", "登记未到岗"
    EMPLOYER_CANCEL = "EMPLOYER_CANCEL", "登记雇主取消"
    START = "START", "登记上岗"
    COMPLETE = "COMPLETE", "登记完工"
    QUIT_EARLY = "QUIT_EARLY", "登记中途结束"
    FOLLOW_UP = "FOLLOW_UP", "转待回访"
    FOLLOWED_UP = "FOLLOWED_UP", "作已回访"
    EVALUATED = "EVALUATED", "作已评价"
    CONSENT_WITHDRAWN = "CONSENT_WITHDRAWN", "登记本人撤回同意"


_S, _E = ReferralState, ReferralEvent

TRANSITIONS: dict[tuple[ReferralState, ReferralEvent], ReferralState] = {
    # Who registered by themselves may apply at once; the application counts when the card was seen.
    (_S.APPLIED, _E.IDENTITY_SEEN): _S.WORKER_ACCEPTED,
    (_S.APPLIED, _E.WORKER_DECLINE): _S.WORKER_DECLINED,
    (_S.APPLIED, _E.LAPSE): _S.LAPSED,
    (_S.APPLIED, _E.SUPERSEDE): _S.SUPERSEDED,
    (_S.PROPOSED, _E.WORKER_ACCEPT): _S.WORKER_ACCEPTED,
    (_S.PROPOSED, _E.WORKER_DECLINE): _S.WORKER_DECLINED,
    (_S.PROPOSED, _E.LAPSE): _S.LAPSED,
    (_S.PROPOSED, _E.SUPERSEDE): _S.SUPERSEDED,
    # A consent can be taken back while nothing was passed on (PIPL art. 15).
    (_S.WORKER_ACCEPTED, _E.WORKER_DECLINE): _S.WORKER_DECLINED,
    (_S.WORKER_ACCEPTED, _E.EMPLOYER_ACCEPT): _S.EMPLOYER_ACCEPTED,
    (_S.WORKER_ACCEPTED, _E.EMPLOYER_DECLINE): _S.EMPLOYER_DECLINED,
    (_S.WORKER_ACCEPTED, _E.SUPERSEDE): _S.SUPERSEDED,
    # Later, withdrawing ends the referral while nothing is signed; a signed agreement stands on its own (PIPL arts 13, 15).
    (_S.APPLIED, _E.CONSENT_WITHDRAWN): _S.WORKER_DECLINED,
    (_S.PROPOSED, _E.CONSENT_WITHDRAWN): _S.WORKER_DECLINED,
    (_S.WORKER_ACCEPTED, _E.CONSENT_WITHDRAWN): _S.WORKER_DECLINED,
    (_S.EMPLOYER_ACCEPTED, _E.CONSENT_WITHDRAWN): _S.WORKER_DECLINED,
    (_S.EMPLOYER_ACCEPTED, _E.CONFIRM): _S.CONFIRMED,
    (_S.EMPLOYER_ACCEPTED, _E.NO_SHOW): _S.NO_SHOW,
    (_S.EMPLOYER_ACCEPTED, _E.EMPLOYER_CANCEL): _S.CANCELLED_BY_EMPLOYER,
    (_S.CONFIRMED, _E.NO_SHOW): _S.NO_SHOW,
    (_S.CONFIRMED, _E.EMPLOYER_CANCEL): _S.CANCELLED_BY_EMPLOYER,
    (_S.CONFIRMED, _E.START): _S.PLACED,
    # From here on work that began: it ends, both sides are called back, both may rate (art. 11).
    (_S.PLACED, _E.COMPLETE): _S.COMPLETED,
    (_S.PLACED, _E.QUIT_EARLY): _S.ENDED_EARLY,
    (_S.COMPLETED, _E.FOLLOW_UP): _S.FOLLOW_UP,
    (_S.ENDED_EARLY, _E.FOLLOW_UP): _S.FOLLOW_UP,
    (_S.FOLLOW_UP, _E.FOLLOWED_UP): _S.FOLLOWED_UP,
    (_S.FOLLOWED_UP, _E.EVALUATED): _S.EVALUATED,
}

ENDED_STATES: frozenset[ReferralState] = frozenset({_S.COMPLETED, _S.ENDED_EARLY, _S.FOLLOW_UP, _S.FOLLOWED_UP, _S.EVALUATED})
"""States of work that began and is over."""

BEGUN_STATES: frozenset[ReferralState] = ENDED_STATES | {_S.PLACED}
"""States of work that began: each is one 推荐成功就业人次."""

OVER_STATES: frozenset[ReferralState] = ENDED_STATES | {_S.NO_SHOW, _S.CANCELLED_BY_EMPLOYER}
"""States of agreed work that is over or failed: no slip is printed any more."""

PROMISED_STATES: frozenset[ReferralState] = frozenset({_S.EMPLOYER_ACCEPTED, _S.CONFIRMED})
"""States in which both sides said yes and the work has not begun."""

RUNNING_STATES: frozenset[ReferralState] = PROMISED_STATES | {_S.PLACED}
"""States in which the person is promised to this work, so that no other may be agreed for the same time."""

OPEN_STATES: frozenset[ReferralState] = frozenset({state for state, _ in TRANSITIONS}) - BEGUN_STATES
"""States that something still follows before the work begins: a second referral of the pair would be a duplicate."""

CONTACT_STATES: frozenset[ReferralState] = RUNNING_STATES | ENDED_STATES
"""States in which both sides see each other's contact data (10.4), until 30 days after the end."""

_NEXT_STEP: dict[ReferralState, str] = {
    _S.APPLIED: "请先核对本人的证件原件。",
    _S.PROPOSED: CONTACT_FIRST,
    _S.WORKER_ACCEPTED: "请先问雇主是否同意。",
    _S.EMPLOYER_ACCEPTED: "请先签好协议，再登记。",
    _S.CONFIRMED: "请等开工后登记上岗。",
    _S.PLACED: "已经上岗；活干完了请登记完工，中途不做了请登记中途结束。",
    _S.COMPLETED: "已经完工，接着做回访。",
    _S.ENDED_EARLY: "已经中途结束，接着做回访。",
    _S.FOLLOW_UP: "已经结束，请先做完两边的回访。",
    _S.FOLLOWED_UP: "回访已做完，等双方评价。",
}


def can(state: ReferralState, event: ReferralEvent) -> bool:
    """Whether the event is possible in this state."""
    return (state, event) in TRANSITIONS


def next_state(state: ReferralState, event: ReferralEvent) -> ReferralState:
    """The state after the event. Raises RuleBroken, which names the state and what to do, when it is not possible."""
    following = TRANSITIONS.get((state, event))
    if following is None:
        then = _NEXT_STEP.get(state, "这次推荐已经结束，需要的话请重新推荐。")
        raise RuleBroken(f"这次推荐现在是“{state.label}”，不能{event.label}。{then}")
    return following


def check_referral(
    post: PostFacts,
    seeker: SeekerFacts,
    *,
    today: date,
    stale_days: int = 15,
    dormant_days: int = 90,
) -> list[str]:
    """What staff must know before this person is referred to this post, as sentences; empty when there is nothing.

    Raises RuleBroken for one obstacle and RulesBroken for several: post not published, not verified for `stale_days`,
    full; person not looking for work, not heard of for `dormant_days`; under 16 on the first working day; 16 or 17 on
    work closed to minors; a special certificate missing or expired on that day; other work at the same time; an open
    referral to the same post. Ages and certificates count on the first working day (4.3). `field` is "job" or "seeker".
    """
    day = max(post.terms.start_date or today, today)
    standing = standing_on(day, seeker.birth_date, seeker.retires, seeker.pension)
    warnings: list[str] = []
    post_broken = [RuleBroken(sentence, "job") for sentence in post_obstacles(post, today, stale_days)]
    obstacles = [
        *standing_obstacles(seeker, today, dormant_days),
        *_repeated(post, seeker),
        *_age_obstacles(post.terms, standing),
        *certificate_obstacles(post.terms, seeker.certificates, day, warnings),
        *_overlap_obstacles(post.terms, seeker, warnings),
    ]
    broken = post_broken + [RuleBroken(sentence, "seeker") for sentence in obstacles]
    if broken:
        raise broken[0] if len(broken) == 1 else RulesBroken(broken)
    return [*_age_warnings(post.terms, seeker, standing), *warnings]


def post_obstacles(post: PostFacts, today: date, stale_days: int = 15) -> Iterator[str]:
    """Why nobody can be referred to this post now, as sentences."""
    if post.state is JobState.FILLED or (post.state is JobState.PUBLISHED and post.free_places <= 0):
        yield "岗位已经招满，请换一个岗位。"
    elif post.state is not JobState.PUBLISHED:
        yield f"岗位现在是“{post.state.label}”，只能推荐到招工中的岗位。"
    elif post.verified_on + timedelta(days=stale_days) < today:
        yield f"岗位超过{stale_days}天没有核实，请先打电话向雇主核实。"
    last_day = post.terms.end_date or post.terms.start_date
    if last_day is not None and last_day < today:
        yield "岗位的用工日期已经过了，请换一个岗位。"


def standing_obstacles(seeker: SeekerFacts, today: date, dormant_days: int = 90) -> Iterator[str]:
    """Why this person cannot be referred anywhere now, as sentences."""
    if seeker.state is SeekerState.RESTRICTED:
        until = f"到{_day_text(seeker.restricted_until)}" if seeker.restricted_until else ""
        yield f"该求职者暂停推荐{until}，需要的话请驿站负责人解除。"
    elif seeker.state is SeekerState.SUBMITTED:
        yield "还没有核对该求职者的证件原件，请先请本人带证件来核对。"
    elif seeker.state in (SeekerState.CLOSED, SeekerState.ANONYMISED):
        yield "该求职者的档案已注销，请先重新登记。"
    elif seeker.state is SeekerState.DORMANT or seeker.confirmed_on + timedelta(days=dormant_days) < today:
        yield f"已超过{dormant_days}天没有联系该求职者，请先与本人确认还在找活。"


def _repeated(post: PostFacts, seeker: SeekerFacts) -> Iterator[str]:
    if post.id in seeker.open_referral_jobs:
        yield "已经向这个岗位推荐过该求职者，正在等结果，请勿重复推荐。"


def _age_obstacles(terms: JobTerms, standing: AgeStanding) -> Iterator[str]:
    if standing is AgeStanding.UNDER_16:
        yield "开工那天未满16周岁，不能介绍工作。请回到学校或家中，有困难可联系社区。"
    if standing is AgeStanding.JUVENILE:
        obstacles = juvenile_obstacles(terms)
        if obstacles:
            yield f"该求职者未满18周岁：{'；'.join(obstacles)}。请换一个岗位。"
        elif not terms.juvenile_ok:
            yield "该求职者未满18周岁，这个岗位不用16至17周岁的人。请换一个岗位。"


Held = tuple[tuple[str, date | None], ...]
"""Certificates somebody holds: (certificate type, last valid day or None when it has none)."""


def certificate_obstacles(terms: JobTerms, held: Held, day: date, warnings: list[str]) -> Iterator[str]:
    """Why these certificates do not admit to the work on `day`, as sentences; what staff must know is put into `warnings`."""
    required = list(dict.fromkeys(terms.certificates))
    trade = TRADES.get(terms.trade)
    one_of = [certificate.value for certificate in trade.certificates if certificate.special] if trade else []
    if one_of and not set(one_of) & set(required):
        shown = [code for code in one_of if _standing_of(code, held) is not _MISSING]
        required.append(shown[0] if shown else one_of[0])
    for code in required:
        label = CertificateType.label_of(code)
        expiry = _standing_of(code, held)
        special = code.startswith("T")
        if expiry is _MISSING:
            if special:
                yield f"这个岗位须持证上岗，该求职者没有登记{label}。请核对证书，或者换一个岗位。"
            else:
                warnings.append(f"该求职者没有登记{label}，请先办好或者核对原件。")
        elif isinstance(expiry, date) and expiry < day:
            expired = f"证书已过期({expiry.isoformat()})：{label}已于{_day_text(expiry)}过期"
            if special:
                yield f"{expired}，不能推荐到须持证的岗位。"
            else:
                warnings.append(f"{expired}，请换新证后再上岗。")
        elif expiry is None and special:
            warnings.append(f"{label}没有登记到期日，请核对原件。")
        elif isinstance(expiry, date) and terms.end_date and expiry < terms.end_date:
            warnings.append(f"{label}到{_day_text(expiry)}就过期，比用工结束早，请提醒按时复审或换证。")


_MISSING = object()


def _standing_of(code: str, certificates: Held) -> object:
    """The last valid day of the best certificate of this type, None for one without an end, _MISSING for none."""
    ends = [end for held, end in certificates if held == code]
    if not ends:
        return _MISSING
    known = [end for end in ends if end is not None]
    return None if len(known) < len(ends) else max(known)


def _overlap_obstacles(terms: JobTerms, seeker: SeekerFacts, warnings: list[str]) -> Iterator[str]:
    engagement = engagement_of(terms)
    if engagement is None:
        return
    for other in seeker.engagements:
        if not overlaps(engagement, other):
            continue
        when = f"{_day_text(other.start_date)}至{_day_text(other.end_date)}"
        if other.shift:
            when += f"，每天{other.shift.label()}"
        if engagement.shift is None and not terms.live_in:
            warnings.append(f"该求职者已答应另一份工作（{when}），这个岗位没写时间，请核对不冲突。")
        else:
            yield f"与该求职者已答应的工作时间冲突（{when}），请换一个岗位。"


def _age_warnings(terms: JobTerms, seeker: SeekerFacts, standing: AgeStanding) -> Iterator[str]:
    if standing is AgeStanding.JUVENILE:
        if not seeker.guardian_consent:
            yield "请先取得监护人同意（书面签名），再签协议。"
        yield "该求职者为未成年工（16至18周岁）：单位须先安排体检，并办理未成年工登记。"
        yield "22:00 后不得安排未成年工做工。"
        trade = TRADES.get(terms.trade)
        if trade and trade.juvenile is JuvenileRule.LIMITED:
            yield "未成年工不得搬20公斤以上的重物，请雇主安排轻活。"
        if trade and trade.outdoor:
            yield "气温35℃以上的天气，不得安排未成年工在户外做工。"
    if standing is AgeStanding.MAYBE_OVER_AGE:
        yield "该求职者可能已到退休年龄，请核对是否已领取养老金。"
    if standing is AgeStanding.OVER_AGE:
        yield "单位招用超过法定退休年龄的人员，应当签订书面用工协议并参加工伤保险。"
        labels = _hazard_labels(terms)
        if labels:
            yield f"这个工作有{labels}的危险，不宜安排超过退休年龄的人，请与雇主和本人核对。"


def _hazard_labels(terms: JobTerms) -> str:
    trade = TRADES.get(terms.trade)
    tags = terms.hazards or (tuple(tag.value for tag in trade.hazards) if trade else ())
    return "、".join(Hazard.label_of(tag) for tag in tags)


def _day_text(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def consent_text(employer_name: str, title: str) -> str:
    """What the worker agrees to before contact data go to the employer (10.4; PIPL art. 23)."""
    return f"同意把我的姓名、电话、技能和证书情况提供给【{employer_name}】，仅用于本次岗位【{title}】的联系和签约。"


def decline_reason_hits(text: str, field: str = "reason") -> list[Hit]:
    """Discrimination in an employer's reason for not taking somebody (6.1: group D), marked in place."""
    return lint_text(field, text, groups="D")


def check_start_evidence(evidence: StartEvidence | None, agreement_signed: bool, start_date: date, today: date) -> None:
    """A placement counts only with evidence that the work began (3.5). `start_date` is the first working day.

    Raises RuleBroken without evidence, before the first working day, and for "signed agreement" without one.
    """
    if evidence is None:
        raise RuleBroken("请选择上岗依据。", "evidence")
    if start_date > today:
        raise RuleBroken(f"开工日期是{_day_text(start_date)}，还没到，不能登记上岗。", "start_date")
    if evidence is StartEvidence.SIGNED_AGREEMENT and not agreement_signed:
        raise RuleBroken("还没有双方签好的协议，请先上传签好的协议，或者选择别的上岗依据。", "evidence")
