"""The journal (art. 23): what an entry is, how entries are chained, and how a change to them is found.

The hash of an entry covers exactly the stored text of its body, its place in the chain and the hash before it.
The columns beside the body are copies for searching; `Walk` compares them with the body.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from rules.codes import Labelled

ZERO = "0" * 64
DISTRICT = "district"
LATE_AFTER = timedelta(hours=24)  # an event entered later than this needs a reason (art. 23 记录及时)

# Fields of a person: in particulars only sealed ("s1.…"), or better as the id of the record that holds them.
PERSONAL_FIELDS = frozenset(
    {
        *("name", "full_name", "worker_name", "seeker_name", "employer_name", "contact_name", "guardian_name"),
        *("id_number", "id_no", "id_card", "birth_date", "birthday", "gender"),
        *("phone", "mobile", "tel", "telephone", "contact_phone", "guardian_phone", "wechat", "email"),
        *("address", "exact_address", "home_address", "pickup_place", "bank_account"),
        *("password", "password_hash", "pin", "token", "secret"),
    }
)


class EventKind(Labelled):
    """What can happen, one member per kind of journal entry."""

    EMPLOYER_REGISTERED = "EMPLOYER_REGISTERED", "登记雇主"
    EMPLOYER_VERIFIED = "EMPLOYER_VERIFIED", "核验雇主"
    EMPLOYER_REJECTED = "EMPLOYER_REJECTED", "雇主核验未通过"
    EMPLOYER_WATCHED = "EMPLOYER_WATCHED", "雇主列为重点关注"
    EMPLOYER_BLOCKED = "EMPLOYER_BLOCKED", "禁止雇主发布"
    EMPLOYER_RESTORED = "EMPLOYER_RESTORED", "恢复雇主发布"
    EMPLOYER_UPDATED = "EMPLOYER_UPDATED", "更新雇主登记"
    EMPLOYER_DOCUMENT_ADDED = "EMPLOYER_DOCUMENT_ADDED", "收到雇主证照"
    EMPLOYER_DOCUMENT_CHECKED = "EMPLOYER_DOCUMENT_CHECKED", "核对雇主证照"
    EMPLOYER_DOCUMENT_WITHDRAWN = "EMPLOYER_DOCUMENT_WITHDRAWN", "停用雇主证照"
    EMPLOYER_DOCUMENT_OPENED = "EMPLOYER_DOCUMENT_OPENED", "查看雇主证照"
    EMPLOYERS_MERGED = "EMPLOYERS_MERGED", "合并重复雇主"

    JOB_DRAFTED = "JOB_DRAFTED", "起草岗位"
    JOB_REVISED = "JOB_REVISED", "修改岗位"
    JOB_SUBMITTED = "JOB_SUBMITTED", "提交岗位审核"
    JOB_REVIEW_TAKEN = "JOB_REVIEW_TAKEN", "领取岗位审核"
    JOB_RETURNED = "JOB_RETURNED", "退回岗位修改"
    JOB_REJECTED = "JOB_REJECTED", "驳回岗位"
    JOB_APPROVED = "JOB_APPROVED", "岗位审核通过"
    JOB_PUBLISHED = "JOB_PUBLISHED", "发布岗位"
    JOB_PAUSED = "JOB_PAUSED", "暂停招工"
    JOB_RESUMED = "JOB_RESUMED", "恢复招工"
    JOB_FILLED = "JOB_FILLED", "岗位招满"
    JOB_REOPENED = "JOB_REOPENED", "岗位重新招工"
    JOB_EXPIRED = "JOB_EXPIRED", "岗位到期"
    JOB_WITHDRAWN = "JOB_WITHDRAWN", "撤回岗位"
    JOB_TAKEN_DOWN = "JOB_TAKEN_DOWN", "下架岗位"
    JOB_VERIFIED = "JOB_VERIFIED", "核实岗位"
    JOB_CONFIRMED = "JOB_CONFIRMED", "雇主说还在招"
    JOB_EXTENDED = "JOB_EXTENDED", "延长招工"
    JOB_ENDED_EARLY = "JOB_ENDED_EARLY", "提前结束招工"
    JOB_OUTCOME_TOLD = "JOB_OUTCOME_TOLD", "雇主反馈招工结果"
    JOB_APPEALED = "JOB_APPEALED", "申诉岗位处理"
    JOB_APPEAL_DECIDED = "JOB_APPEAL_DECIDED", "答复岗位申诉"
    JOB_ALERT_SET = "JOB_ALERT_SET", "订阅新岗位"
    JOB_ALERT_ENDED = "JOB_ALERT_ENDED", "退订新岗位"
    LINT_RELEASED = "LINT_RELEASED", "放行检查误报"

    SEEKER_REGISTERED = "SEEKER_REGISTERED", "登记求职者"
    SEEKER_UPDATED = "SEEKER_UPDATED", "更新求职登记"
    SEEKER_CONFIRMED = "SEEKER_CONFIRMED", "确认求职意愿"
    SEEKER_REFUSED = "SEEKER_REFUSED", "未满十六周岁不予登记"
    SEEKER_RESTRICTED = "SEEKER_RESTRICTED", "暂停推荐求职者"
    SEEKER_CLOSED = "SEEKER_CLOSED", "注销求职登记"
    SEEKER_IDENTITY_SEEN = "SEEKER_IDENTITY_SEEN", "核对求职者证件"
    SEEKER_UNRESTRICTED = "SEEKER_UNRESTRICTED", "恢复推荐求职者"
    SEEKER_REOPENED = "SEEKER_REOPENED", "恢复求职登记"
    SEEKER_DORMANT = "SEEKER_DORMANT", "求职者转为休眠"
    SEEKER_ANONYMISED = "SEEKER_ANONYMISED", "求职档案匿名处理"
    SEEKERS_MERGED = "SEEKERS_MERGED", "合并重复求职者"
    RIGHTS_ASKED = "RIGHTS_ASKED", "本人提出信息请求"
    RIGHTS_ANSWERED = "RIGHTS_ANSWERED", "答复本人信息请求"
    SEEKER_DATA_COPIED = "SEEKER_DATA_COPIED", "提供本人信息副本"
    CONSENT_GIVEN = "CONSENT_GIVEN", "取得本人同意"
    CONSENT_WITHDRAWN = "CONSENT_WITHDRAWN", "本人撤回同意"

    REFERRAL_PROPOSED = "REFERRAL_PROPOSED", "推荐上岗"
    REFERRAL_APPLIED = "REFERRAL_APPLIED", "零工报名"
    REFERRAL_WORKER_ACCEPTED = "REFERRAL_WORKER_ACCEPTED", "零工同意"
    REFERRAL_WORKER_DECLINED = "REFERRAL_WORKER_DECLINED", "零工不去"
    REFERRAL_LAPSED = "REFERRAL_LAPSED", "推荐超时失效"
    REFERRAL_EMPLOYER_ACCEPTED = "REFERRAL_EMPLOYER_ACCEPTED", "雇主同意"
    REFERRAL_EMPLOYER_DECLINED = "REFERRAL_EMPLOYER_DECLINED", "雇主不用"
    REFERRAL_REASON_REFUSED = "REFERRAL_REASON_REFUSED", "雇主不用的理由涉嫌歧视"
    REFERRAL_SUPERSEDED = "REFERRAL_SUPERSEDED", "岗位已满，推荐作废"
    REFERRAL_CONFIRMED = "REFERRAL_CONFIRMED", "签约待到岗"
    REFERRAL_NO_SHOW = "REFERRAL_NO_SHOW", "零工未到岗"
    REFERRAL_CANCELLED_BY_EMPLOYER = "REFERRAL_CANCELLED_BY_EMPLOYER", "雇主取消"
    REFERRAL_PLACED = "REFERRAL_PLACED", "推荐完成，已上岗"
    PLACEMENT_STARTED = "PLACEMENT_STARTED", "零工上岗"

    AGREEMENT_DRAFTED = "AGREEMENT_DRAFTED", "起草协议"
    AGREEMENT_PRINTED = "AGREEMENT_PRINTED", "打印协议"
    AGREEMENT_SIGNED = "AGREEMENT_SIGNED", "签订协议"
    AGREEMENT_DELIVERED = "AGREEMENT_DELIVERED", "协议交付零工"
    AGREEMENT_VOIDED = "AGREEMENT_VOIDED", "协议作废"
    GUIDANCE_GIVEN = "GUIDANCE_GIVEN", "签约指导"
    AGREEMENT_SIGNING_OPENED = "AGREEMENT_SIGNING_OPENED", "开始屏上签字"
    AGREEMENT_SIGNING_CODES = "AGREEMENT_SIGNING_CODES", "换签字验证码"
    AGREEMENT_SIDE_SIGNED = "AGREEMENT_SIDE_SIGNED", "一方屏上签字"
    AGREEMENT_SIGNING_STOPPED = "AGREEMENT_SIGNING_STOPPED", "停止屏上签字"
    AGREEMENT_COPY_LINKED = "AGREEMENT_COPY_LINKED", "发出协议副本"
    AGREEMENT_COPY_FETCHED = "AGREEMENT_COPY_FETCHED", "取走协议副本"
    AGREEMENT_ARCHIVED = "AGREEMENT_ARCHIVED", "协议原件归档"
    AGREEMENT_COMPLETED = "AGREEMENT_COMPLETED", "协议履行完"
    AGREEMENT_TERMINATED = "AGREEMENT_TERMINATED", "协议提前结束"
    AGREEMENT_AMENDED = "AGREEMENT_AMENDED", "协议由新协议代替"
    AGREEMENT_CANCELLED = "AGREEMENT_CANCELLED", "取消起草"
    WORDING_SET = "WORDING_SET", "修订协议文本"
    OFFICIAL_TEXT_SET = "OFFICIAL_TEXT_SET", "上传示范文本"
    SCAN_RECEIVED = "SCAN_RECEIVED", "收到扫描件"
    SCAN_ASSIGNED = "SCAN_ASSIGNED", "扫描件归入协议"
    SCAN_DISMISSED = "SCAN_DISMISSED", "扫描件不归入"
    SCAN_UNPLACED = "SCAN_UNPLACED", "扫描件待人工归入"
    SCAN_SPLIT = "SCAN_SPLIT", "扫描件按协议拆开"
    EMBLEM_SET = "EMBLEM_SET", "更换标识牌匾"
    PRINT_RUN_ASKED = "PRINT_RUN_ASKED", "批量打印"
    PRINT_RUN_CANCELLED = "PRINT_RUN_CANCELLED", "取消批量打印"
    PRINT_RUN_ENDED = "PRINT_RUN_ENDED", "批量打印结束"
    PRINT_RUN_RESUMED = "PRINT_RUN_RESUMED", "批量打印重试"
    PRINT_RUN_FETCHED = "PRINT_RUN_FETCHED", "取走批量打印"
    PAPER_ISSUED = "PAPER_ISSUED", "出具文书"
    PAPER_VOIDED = "PAPER_VOIDED", "文书作废"

    STATION_OPENED = "STATION_OPENED", "驿站开业"
    STATION_UPDATED = "STATION_UPDATED", "更新驿站资料"
    BOARD_EDITED = "BOARD_EDITED", "修改上墙制度"
    PARAMETER_SET = "PARAMETER_SET", "设定法定参数"
    ACCOUNT_CREATED = "ACCOUNT_CREATED", "开通账号"
    ACCOUNT_CHANGED = "ACCOUNT_CHANGED", "更改账号"
    SIGN_IN_BEGUN = "SIGN_IN_BEGUN", "登录第一步通过"
    SIGNED_IN = "SIGNED_IN", "登录"
    SIGN_IN_REFUSED = "SIGN_IN_REFUSED", "登录被拒绝"
    SIGNED_OUT = "SIGNED_OUT", "退出登录"
    PASSWORD_CHANGED = "PASSWORD_CHANGED", "修改密码"
    SIGN_IN_LOCKED = "SIGN_IN_LOCKED", "多次输错，暂停登录"
    DEVICE_OFFERED = "DEVICE_OFFERED", "出示登记手机的二维码"
    DEVICE_ENROLLED = "DEVICE_ENROLLED", "登记本人手机"
    DEVICE_REVOKED = "DEVICE_REVOKED", "停用本人手机"
    PIN_SET = "PIN_SET", "设定数字密码"
    SECOND_FACTOR_SET = "SECOND_FACTOR_SET", "设定动态口令"
    SECOND_FACTOR_RESET = "SECOND_FACTOR_RESET", "重置动态口令"
    RECOVERY_CODES_MADE = "RECOVERY_CODES_MADE", "生成备用码"
    RECOVERY_CODE_USED = "RECOVERY_CODE_USED", "使用备用码"
    DESK_LOCKED = "DESK_LOCKED", "锁定工作台"
    DESK_UNLOCKED = "DESK_UNLOCKED", "解锁工作台"
    PASSWORD_CONFIRMED = "PASSWORD_CONFIRMED", "再次确认密码"
    SESSIONS_ENDED = "SESSIONS_ENDED", "退出其他登录"
    COMMITMENT_SIGNED = "COMMITMENT_SIGNED", "签署保密承诺书"
    PASSWORD_RESET = "PASSWORD_RESET", "重置密码"
    FRESHNESS_CALLED = "FRESHNESS_CALLED", "电话核实没打通"
    ALERT_RAISED = "ALERT_RAISED", "发出提醒"
    ALERT_CLEARED = "ALERT_CLEARED", "提醒已办"
    IMPORT_UPLOADED = "IMPORT_UPLOADED", "上传批量登记表"
    IMPORT_CANCELLED = "IMPORT_CANCELLED", "取消批量登记"
    IMPORT_CHECKED = "IMPORT_CHECKED", "试读批量登记表"
    IMPORT_CONFIRMED = "IMPORT_CONFIRMED", "确认批量登记"
    IMPORT_ENDED = "IMPORT_ENDED", "批量登记完成"
    EXPORT_ASKED = "EXPORT_ASKED", "申请导出"
    EXPORT_DECIDED = "EXPORT_DECIDED", "审批导出"
    EXPORT_MADE = "EXPORT_MADE", "生成导出文件"
    EXPORT_FETCHED = "EXPORT_FETCHED", "下载导出文件"
    RETENTION_TRIED = "RETENTION_TRIED", "试算到期信息"
    RETENTION_DONE = "RETENTION_DONE", "处理到期信息"
    KEYS_ROTATED = "KEYS_ROTATED", "更换加密密钥"
    REVEALED = "REVEALED", "查看完整个人信息"
    CORRECTED = "CORRECTED", "更正记录"

    SIGNED_IN_AT_STATION = "SIGNED_IN_AT_STATION", "到站签到"
    LEFT_STATION = "LEFT_STATION", "离站"
    RETURNED_TO_STATION = "RETURNED_TO_STATION", "短工回站，恢复原顺序"
    CALLED = "CALLED", "叫号"
    CALL_ANSWERED = "CALL_ANSWERED", "叫号结果"
    SKIPPED = "SKIPPED", "跳过（写明原因）"
    PLACE_GIVEN = "PLACE_GIVEN", "现场派工"
    CALLING_RULE_SET = "CALLING_RULE_SET", "公布叫号规则"
    DRAW_PUBLISHED = "DRAW_PUBLISHED", "公布抽签种子"
    DRAW_HELD = "DRAW_HELD", "抽签"
    ORDER_TAKEN = "ORDER_TAKEN", "接单"
    ORDER_HANDLED = "ORDER_HANDLED", "接单办完"
    ORDER_HANDED_OVER = "ORDER_HANDED_OVER", "接单转交"
    ORDER_RETURNED = "ORDER_RETURNED", "接单退回"
    ORDER_CLOSED = "ORDER_CLOSED", "接单关闭"
    NEIGHBOUR_SET = "NEIGHBOUR_SET", "设定邻近驿站"
    MATCH_RUN = "MATCH_RUN", "批量匹配"
    SUGGESTION_TAKEN = "SUGGESTION_TAKEN", "采用匹配建议"
    SUGGESTION_DROPPED = "SUGGESTION_DROPPED", "不采用匹配建议"
    EVIDENCE_ADDED = "EVIDENCE_ADDED", "补充上岗依据"
    PLACEMENT_ENDED = "PLACEMENT_ENDED", "登记完工"
    PLACEMENT_DISPUTED = "PLACEMENT_DISPUTED", "登记争议"
    REFERRAL_COMPLETED = "REFERRAL_COMPLETED", "零工完工"
    REFERRAL_ENDED_EARLY = "REFERRAL_ENDED_EARLY", "用工中途结束"
    REFERRAL_FOLLOW_UP = "REFERRAL_FOLLOW_UP", "用工结束，待回访"
    REFERRAL_FOLLOWED_UP = "REFERRAL_FOLLOWED_UP", "回访做完"
    REFERRAL_EVALUATED = "REFERRAL_EVALUATED", "评价结束"
    FOLLOW_UP_MADE = "FOLLOW_UP_MADE", "回访"
    RATING_LINK_MADE = "RATING_LINK_MADE", "出具评价二维码"
    RATED = "RATED", "评价"
    RATING_REPLIED = "RATING_REPLIED", "回应评价"
    COMPLAINT_OPENED = "COMPLAINT_OPENED", "收到投诉"
    COMPLAINT_STEP = "COMPLAINT_STEP", "办理投诉"
    CASE_OPENED = "CASE_OPENED", "立案维权"
    CASE_STEP = "CASE_STEP", "办理维权"
    SCREEN_ASKED = "SCREEN_ASKED", "信息屏申请配对"
    SCREEN_PAIRED = "SCREEN_PAIRED", "配对信息屏"
    SCREEN_REVOKED = "SCREEN_REVOKED", "停用信息屏"
    SCREEN_NOTICE_SET = "SCREEN_NOTICE_SET", "发布屏幕通知"
    SCREEN_NOTICE_ENDED = "SCREEN_NOTICE_ENDED", "撤下屏幕通知"

    DAY_SIGNED = "DAY_SIGNED", "签认当天工作记录"
    CORRECTION_REVIEWED = "CORRECTION_REVIEWED", "复核更正"
    ACTIVITY_RECORDED = "ACTIVITY_RECORDED", "登记工作"
    SEEKER_GROUP_ADDED = "SEEKER_GROUP_ADDED", "登记帮扶类别"
    SEEKER_GROUP_ENDED = "SEEKER_GROUP_ENDED", "取消帮扶类别"
    LEDGER_WORDED = "LEDGER_WORDED", "填写台账文字总结"
    LEDGER_CLOSED = "LEDGER_CLOSED", "月度台账结账"
    LEDGER_SUBMITTED = "LEDGER_SUBMITTED", "报送月度台账"
    LEDGER_QUERIED = "LEDGER_QUERIED", "退回月度台账核实"
    LEDGER_ANSWERED = "LEDGER_ANSWERED", "答复台账核实"
    LEDGER_ACCEPTED = "LEDGER_ACCEPTED", "接收月度台账"
    LEDGER_CORRECTED = "LEDGER_CORRECTED", "月度台账更改，出新版"
    SAMPLE_SEED_PUBLISHED = "SAMPLE_SEED_PUBLISHED", "公布抽查种子"
    SAMPLE_DRAWN = "SAMPLE_DRAWN", "抽取抽查名单"
    SAMPLE_CHECKED = "SAMPLE_CHECKED", "登记抽查结果"
    STATISTICS_EXPORTED = "STATISTICS_EXPORTED", "导出统计表"
    LEDGER_EXPORTED = "LEDGER_EXPORTED", "导出月度台账"
    HEADS_SIGNED = "HEADS_SIGNED", "签署当天记录链头"
    RECORD_VERIFIED = "RECORD_VERIFIED", "核对全部记录"
    HEADS_FETCHED = "HEADS_FETCHED", "取走记录链头"
    BACKUP_MADE = "BACKUP_MADE", "备份"
    BACKUP_RESTORED = "BACKUP_RESTORED", "从备份恢复"


def chain_of(station_id: int | None) -> str:
    """The chain an entry belongs to: its station's, or the district's."""
    return f"station:{station_id}" if station_id is not None else DISTRICT


def canonical(body: Mapping[str, Any]) -> str:
    """The one text of a body: JSON, keys sorted, no spaces; dates as ISO text, moments as UTC.

    TypeError: a float, a naive datetime, a key that is not text, or a value JSON does not know.
    """
    return json.dumps(_plain(body), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _plain(value: Any) -> Any:
    match value:
        case None | bool() | int():
            return value
        case str():
            return str(value)
        case datetime():
            return utc_text(value)
        case date():
            return value.isoformat()
        case Mapping():
            if not all(isinstance(key, str) for key in value):
                raise TypeError("the journal keeps named fields only")
            return {str(key): _plain(each) for key, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
    raise TypeError(f"the journal cannot keep a {type(value).__name__}")


def utc_text(moment: datetime) -> str:
    """A moment as the journal writes it: UTC, microseconds, "Z"-free ISO text. TypeError when naive."""
    if moment.tzinfo is None:
        raise TypeError("the journal needs an aware datetime")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def refuse_personal(particulars: Any) -> None:
    """ValueError when a field of a person would enter the journal unsealed, at any depth."""
    if isinstance(particulars, Mapping):
        for key, value in particulars.items():
            sealed = value in (None, "") or (isinstance(value, str) and str.startswith(value, "s1."))
            if str(key).lower() in PERSONAL_FIELDS and not sealed:
                raise ValueError(f"the journal keeps no plain {key}: give the record's id, or seal it")
            refuse_personal(value)
    elif isinstance(particulars, list | tuple):
        for each in particulars:
            refuse_personal(each)


def link(prev: str, chain: str, seq: int, body: str) -> str:
    """The hash of an entry: SHA-256 over the hash before it, its number, its chain and its body."""
    name = chain.encode()
    head = b"journal1\x00" + bytes.fromhex(prev) + seq.to_bytes(8, "big") + len(name).to_bytes(2, "big") + name
    return hashlib.sha256(head + body.encode()).hexdigest()


# Columns that copy a field of the body, under the same name.
COPIED = ("id", "kind", "subject", "subject_id", "station_id", "account_id", "signed_name", "corrects")


@dataclass(frozen=True, slots=True)
class Fault:
    """The first entry that is not as it was written, and what is wrong with it."""

    chain: str
    seq: int
    what: str


class Walk:
    """Reads entries in the order of chain and number and remembers where each chain stands.

    `heads` is chain → (number, hash) of the last good entry; `count` how many were good. `start` are heads already known to
    be good, from which the walk goes on. Bodies of the kinds in `keep` are put into `kept` with their place, for the reader to take.
    """

    def __init__(self, start: Mapping[str, tuple[int, str]] | None = None, keep: frozenset[str] = frozenset()) -> None:
        self.heads: dict[str, tuple[int, str]] = dict(start or {})
        self.count = 0
        self.keep = keep
        self.kept: list[dict[str, Any]] = []

    def take(self, entry: Mapping[str, Any]) -> Fault | None:
        """Check the next entry: None when it continues its chain and says what its body says."""
        chain, seq = entry["chain"], entry["seq"]
        last, prev = self.heads.get(chain, (0, ZERO))
        what, body = _fault(entry, last, prev)
        if what:
            return Fault(chain, seq, what)
        self.heads[chain] = (seq, entry["hash"])
        self.count += 1
        if entry["kind"] in self.keep:
            self.kept.append({**body, "chain": chain, "seq": seq, "hash": entry["hash"]})
        return None


def _fault(entry: Mapping[str, Any], last: int, prev: str) -> tuple[str, dict[str, Any]]:
    """What is wrong with an entry ("" when nothing is), and its body."""
    if entry["seq"] != last + 1:
        return f"number {last + 1} is missing", {}
    if entry["prev"] != prev:
        return "it does not follow the entry before it", {}
    text = entry["body"]
    try:
        if entry["hash"] != link(prev, entry["chain"], entry["seq"], text):
            return "its text or its hash was changed", {}
        body: dict[str, Any] = json.loads(text)
        for name in COPIED:
            if entry[name] != body[name]:
                return f"its column {name} differs from its text", {}
        at = entry["at"]
        if (utc_text(at) if isinstance(at, datetime) else at) != body["at"]:
            return "its column at differs from its text", {}
    except (ValueError, KeyError, TypeError, OverflowError, AttributeError):
        return "it cannot be read", {}
    return "", body


def verify(entries: Iterable[Mapping[str, Any]]) -> Fault | None:
    """The first entry that was changed, moved or removed from the middle; None when all are as written.

    Entries come in the order of chain and number. A cut-off end shows only against a head kept elsewhere.
    """
    walk = Walk()
    for entry in entries:
        if fault := walk.take(entry):
            return fault
    return None
