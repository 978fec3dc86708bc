"""How a journal entry reads to a person: its particulars as Chinese label and value (art. 23 记录清楚).

Sealed values and internal ids are never shown; a field without a label here is shown under 其他, never dropped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rules import codes
from rules.corrections import RECORDS as CORRECTED_RECORDS
from rules.employers import EMPLOYER_FIELDS
from rules.jobs import FIELD_LABELS
from rules.journal import PERSONAL_FIELDS
from rules.masking import mask_id_tail, mask_phone
from rules.permissions import Role
from rules.reveals import FIELDS
from rules.statistics.tables import StatTable
from rules.verification import RecordPart, RunHow
from rules.wishes import SEEKER_FIELDS

LABELS: dict[str, str] = {
    "number": "编号",
    "kept_number": "保留的编号",
    "code": "代码",
    "title": "名称",
    "trade": "工种",
    "trades": "工种",
    "state": "状态",
    "old_state": "原状态",
    "new_state": "新状态",
    "version": "版本",
    "published_version": "发布版本",
    "reason": "原因",
    "reason_code": "原因类别",
    "note": "说明",
    "legal_basis": "依据",
    "source": "来源",
    "method": "方式",
    "verify_method": "核实方式",
    "channels": "发布渠道",
    "marked": "标出的栏目",
    "marked_fields": "标出的栏目",
    "confirmed": "已确认的提示",
    "answers": "对提示的答复",
    "rule": "规则",
    "rules": "规则",
    "words": "内容",
    "hits": "提示",
    "warnings": "提示",
    "valid_from": "生效日期",
    "valid_to": "有效期至",
    "verified_until": "核验有效期至",
    "until": "截止",
    "value": "数值",
    "headcount": "招工人数",
    "placed_count": "已上岗人数",
    "free_places": "剩余名额",
    "kind": "类别",
    "type": "类型",
    "industry": "行业",
    "credit": "信用状态",
    "before": "原来",
    "was": "原状态",
    "further_scan": "补传扫描件",
    "signatures_seen": "看过各方的签名",
    "kind_of_employer": "雇主类别",
    "statistics": "统计表",
    "period": "统计期",
    "counted_stations": "统计范围",
    "file_form": "文件格式",
    "old": "原值",
    "new": "新值",
    "field": "栏目",
    "record": "记录类别",
    "record_number": "记录编号",
    "corrected_field": "更正的栏目",
    "old_value": "原来",
    "new_value": "更正为",
    "correction_verdict": "复核",
    "changed": "改动的栏目",
    "fields": "改动的栏目",
    "job": "岗位",
    "job_number": "岗位编号",
    "job_version": "岗位版本",
    "employer": "雇主",
    "certificates": "证书",
    "juvenile": "未成年工",
    "by_proxy": "他人代办",
    "at_station": "办理的驿站",
    "at_counter": "柜台见证件",
    "online": "本人网上登记",
    "label": "手机",
    "seeker": "零工",
    "seeker_number": "求职编号",
    "referral": "推荐",
    "referral_number": "推荐单号",
    "agreement": "协议",
    "agreement_number": "协议编号",
    "paper": "文书",
    "paper_kind": "文书种类",
    "copy_number": "第几份",
    "copy": "第几份",
    "replaces": "替换第几份",
    "sha256": "文件校验码",
    "size": "文件大小（字节）",
    "media_type": "文件类型",
    "by_hand": "人工归入",
    "agreements": "协议",
    "emblem_kind": "图片种类",
    "width_px": "宽（像素）",
    "height_px": "高（像素）",
    "template_version": "文本版本",
    "agreement_type": "协议类型",
    "guidance": "签约指导",
    "proposed_type": "建议的类型",
    "proposed_by_row": "判定表第几行",
    "print_run": "批量打印编号",
    "print_kind": "打印内容",
    "print_state": "打印结果",
    "papers_printed": "排好几份",
    "papers_failed": "没有排出几份",
    "papers_skipped": "没有打印几份",
    "modules": "选用条款",
    "how": "交付方式",
    "answered_by": "答复人身份",
    "worker_answer": "零工答复",
    "employer_answer": "雇主答复",
    "lapses_at": "答复期限",
    "evidence": "上岗凭证",
    "started_on": "上岗日期",
    "notice_version": "告知书版本",
    "consent": "同意",
    "seeker_fields": "改动的栏目",
    "card_seen": "核对过证件",
    "rights_kind": "请求",
    "rights_state": "答复",
    "answer": "答复内容",
    "due_on": "最迟答复日期",
    "copy_format": "副本形式",
    "suggestions": "系统推荐",
    "referrals_ended": "结束的推荐",
    "certificate": "证书",
    "consent_method": "同意方式",
    "purpose": "用途",
    "looked_at": "查看的栏目",
    "step": "步骤",
    "key_name": "密钥编号",
    "suite": "加密算法",
    "cells": "换密钥的数据（格）",
    "files": "换密钥的档案（份）",
    "due": "到期数量",
    "done": "办理数量",
    "basis": "依据",
    "duplicate": "重复登记",
    "board": "上墙制度",
    "effective_from": "施行日期",
    "build_mode": "建设方式",
    "operation_mode": "运营方式",
    "supervising_unit": "监督单位",
    "opened_on": "开业日期",
    "role": "角色",
    "login": "登录名",
    "active": "启用",
    "work_no": "工号",
    "factor": "验证方式",
    "left": "剩余备用码",
    "wording": "文本校验码",
    "day": "日期",
    "count": "数量",
    "document": "证照",
    "alert": "提醒",
    "documents": "核对的证照",
    "copied": "留了复印件",
    "original_seen": "看过原件",
    "employer_fields": "改动的栏目",
    "import_kind": "批量登记的内容",
    "import_state": "批量登记的状态",
    "rows_read": "读了几行",
    "rows_fresh": "可登记几行",
    "rows_duplicate": "重复几行",
    "rows_wrong": "有错几行",
    "rows_children": "未满16周岁几行",
    "rows_saved": "已登记几行",
    "listing": "清单",
    "narrowed_to": "筛选",
    "export_purpose": "导出用途",
    "export_state": "导出状态",
    "rows": "行数",
    "mark": "文件标记",
    "why": "结束原因",
    "found": "招到人数",
    "where": "从哪里招到",
    "decision": "答复",
    "upheld": "申诉成立",
    "superseded": "随之作废的推荐",
    "ended_on": "最后一天",
    "ended_how": "怎样结束",
    "worked_minutes": "工时（分钟）",
    "pieces": "件数",
    "pay_due_fen": "应付工钱（分）",
    "pay_due_on": "付清日期",
    "supplied_by": "供岗驿站",
    "call_kind": "回访",
    "side": "哪一方",
    "call_method": "回访方式",
    "answered": "接通",
    "call_result": "到岗情况",
    "pay_state": "工钱",
    "call_due": "回访期限",
    "legal_case": "维权编号",
    "complaint_kind": "投诉事项",
    "complaint_level": "缓急",
    "complaint_route": "由谁办理",
    "complaint_source": "投诉来源",
    "complaint_state": "办理到",
    "complaint_decision": "结论",
    "case_kind": "维权事项",
    "case_state": "办理到",
    "claim_fen": "主张金额（分）",
    "recovered_fen": "拿到金额（分）",
    "match_run": "匹配批次",
    "match_seed": "匹配种子",
    "matched_people": "匹配的人",
    "matched_posts": "参加匹配的岗位",
    "matched_places": "待招人数",
    "matched_count": "参加匹配的人数",
    "matched_filled": "建议条数",
    "calling_method": "叫号办法",
    "ticket": "号码",
    "recognised": "认人方式",
    "late": "断网后补传",
    "skip_reason": "跳过原因",
    "call_answer": "叫号结果",
    "counter": "窗口",
    "named": "雇主点名",
    "in_front": "前面合适的号码",
    "draw_at": "抽签时间",
    "tickets": "参加抽签的号数",
    "seed": "抽签种子",
    "sample": "抽查编号",
    "ledger": "台账编号",
    "population": "第③表条数",
    "drawn_lines": "抽中的③序号",
    "position": "名次",
    "sample_verdict": "核查结果",
    "checked_on": "核查日期",
    "ledger_format": "台账格式",
    "screen": "信息屏",
    "notice_kind": "通知类别",
    "first_day": "从哪天起",
    "last_day": "到哪天为止",
    "ring": "接单范围",
    "deadline": "办理期限",
    "shortfall": "没招满的原因",
    "taken_from": "原接单人工号",
    "taken_by": "接单人工号",
    "neighbours": "邻近驿站",
    "rating_how": "怎样评的",
    "archive_place": "原件存放处",
    "ended_by": "谁提出结束",
    "notice_on": "通知日期",
    "notice_how": "怎样通知",
    "amends": "代替的协议",
    "amended_by": "代替它的协议",
    "signed_way": "签字方式",
    "signing_place": "在哪里签",
    "signing_side": "哪一方签",
    "text_sha256": "文本校验码",
    "backup": "备份文件",
    "archived": "备份的档案（份）",
    "made_at": "备份时间",
    "activity_kind": "工作类别",
    "held_on": "日期",
    "people": "人次",
    "incident_level": "事件等级",
    "fetched": "第几次取",
    "signing_round": "第几次签认",
    "late_entries": "补记条数",
    "incomplete_records": "缺项的记录",
    "verified_how": "核对方式",
    "verified_well": "核对无误",
    "verified_entries": "核对的记录（条）",
    "verified_ledgers": "核对的台账（版）",
    "verified_papers": "核对的文书（份）",
    "faults": "有问题的部分",
    "found_wrong": "核对发现",
    "public_key": "公钥",
    "values_sha256": "更正校验码",
    "since": "从哪天起",
    "unsigned_sha256": "签名前的校验码",
    "ledger_month": "台账月份",
    "ledger_parts": "写了哪几部分",
    "ledger_state": "台账状态",
    "head_seq": "记录链到第几条",
    "head_hash": "记录链头校验码",
}
"""Field → what people read. Actions that record a new field add its label here; tests/house holds them to it."""

_TABLES: dict[str, tuple[type[codes.Labelled], ...]] = {
    "state": (
        codes.JobState,
        codes.ReferralState,
        codes.AgreementState,
        codes.SeekerState,
        codes.EmployerState,
        codes.StationState,
    ),
    "reason_code": (codes.RejectReason, codes.WorkerDecline, codes.EmployerDecline, codes.DropReason),
    "matched_people": (codes.MatchedPeople,),
    "code": (codes.RejectReason,),
    "source": (codes.PostSource,),
    "method": (codes.VerifyMethod, codes.ConsentMethod),
    "verify_method": (codes.VerifyMethod,),
    "consent_method": (codes.ConsentMethod,),
    "channels": (codes.Channel,),
    "why": (codes.EndReason,),
    "where": (codes.FoundWhere,),
    "credit": (codes.CreditState,),
    "kind": (codes.EmployerKind, codes.PaperKind, codes.AgreementType),
    "paper_kind": (codes.PaperKind,),
    "type": (codes.AgreementType,),
    "agreement_type": (codes.AgreementType,),
    "proposed_type": (codes.AgreementType,),
    "certificates": (codes.CertificateType,),
    "evidence": (codes.StartEvidence,),
    "board": (codes.BoardKind,),
    "purpose": (codes.RevealPurpose,),
    "build_mode": (codes.BuildMode,),
    "operation_mode": (codes.OperationMode,),
    "role": (Role,),
    "document": (codes.EmployerDocumentKind,),
    "alert": (codes.AlertKind,),
    "documents": (codes.EmployerDocumentKind,),
    "rights_kind": (codes.RightsKind,),
    "rights_state": (codes.RightsState,),
    "certificate": (codes.CertificateType,),
    "import_kind": (codes.ImportKind,),
    "import_state": (codes.ImportState,),
    "export_purpose": (codes.ExportPurpose,),
    "export_state": (codes.ExportState,),
    "listing": (codes.ListKind,),
    "ended_how": (codes.EndedHow,),
    "call_kind": (codes.FollowUpKind,),
    "side": (codes.Side,),
    "call_method": (codes.FollowUpMethod,),
    "call_result": (codes.FollowUpResult,),
    "pay_state": (codes.PayState,),
    "ledger_state": (codes.LedgerState,),
    "rating_how": (codes.RatingHow,),
    "ended_by": (codes.AgreementEnding,),
    "emblem_kind": (codes.EmblemKind,),
    "notice_how": (codes.NoticeWay,),
    "signed_way": (codes.SigningWay,),
    "signing_place": (codes.SigningPlace,),
    "signing_side": (codes.AgreementSide,),
    "print_kind": (codes.PrintRunKind,),
    "print_state": (codes.PrintRunState,),
    "complaint_kind": (codes.ComplaintKind,),
    "complaint_level": (codes.ComplaintLevel,),
    "complaint_route": (codes.ComplaintRoute,),
    "complaint_source": (codes.ComplaintSource,),
    "complaint_state": (codes.ComplaintState,),
    "complaint_decision": (codes.ComplaintDecision,),
    "case_kind": (codes.CaseKind,),
    "case_state": (codes.CaseState,),
    "calling_method": (codes.CallingMethod,),
    "notice_kind": (codes.NoticeKind,),
    "activity_kind": (codes.ActivityKind,),
    "verified_how": (RunHow,),
    "faults": (RecordPart,),
    "ring": (codes.OrderRing,),
    "sample_verdict": (codes.SampleVerdict,),
    "shortfall": (codes.OrderShortfall,),
    "recognised": (codes.SignInHow,),
    "skip_reason": (codes.SkipReason,),
    "call_answer": (codes.CallAnswer,),
    "correction_verdict": (codes.CorrectionVerdict,),
    "statistics": (StatTable,),
}
_TABLES |= {"before": (codes.CreditState, *_TABLES["state"]), "was": _TABLES["state"], "kind_of_employer": (codes.EmployerKind,)}
_TABLES |= {"old_state": _TABLES["state"], "new_state": _TABLES["state"], "old": _TABLES["state"], "new": _TABLES["state"]}

_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_ID_FIELD = re.compile(r"(^|_)(id|ids)$")
_BIG = 10**12
# What somebody may have typed into a reason although it does not belong there.
_MOBILE = re.compile(r"(?<![0-9A-Za-z])1[3-9][0-9]{9}(?![0-9])")
_ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])[1-9][0-9]{16}[0-9Xx](?![0-9A-Za-z])")


def without_contacts(text: str) -> str:
    """Free text with mobile and identity numbers masked: the journal page shows no personal data."""
    text = _ID_NUMBER.sub(lambda found: mask_id_tail(found[0]), text)
    return _MOBILE.sub(lambda found: mask_phone(found[0]), text)


def readable(particulars: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(label, value) pairs in the order they were recorded. Sealed values, ids and empty ones are left out."""
    pairs = []
    for field, value in particulars.items():
        if field in PERSONAL_FIELDS or _ID_FIELD.search(field):
            continue
        if shown := _shown(field, value):
            pairs.append((LABELS.get(field, "其他"), shown))
    return pairs


def _shown(field: str, value: Any) -> str:
    match value:
        case None | "" | [] | {}:
            return ""
        case bool():
            return "是" if value else "否"
        case int():
            return "" if abs(value) >= _BIG else str(value)
        case str():
            return _text(field, value)
        case list() | tuple():
            return "、".join(filter(None, (_shown(field, each) for each in value)))
        case Mapping():
            return "；".join(f"{label}：{shown}" for label, shown in readable(value))
    return ""


def _text(field: str, value: str) -> str:
    if value.startswith("s1."):
        return ""
    if field in ("sha256", "text_sha256", "values_sha256", "unsigned_sha256", "head_hash", "public_key", "hash"):
        return value[:12]
    if field == "record" and value in CORRECTED_RECORDS:
        return CORRECTED_RECORDS[value].label
    if field == "employer_fields":
        return EMPLOYER_FIELDS.get(value, value)
    if field in ("trade", "trades") and value in codes.TRADES:
        return codes.TRADES[value].label
    if field == "seeker_fields":
        return SEEKER_FIELDS.get(value, value)
    if field in ("marked", "marked_fields", "changed", "fields", "field") and value in FIELD_LABELS:
        return FIELD_LABELS[value]
    if field == "looked_at":
        return next((labels[value] for labels in FIELDS.values() if value in labels), value)
    for table in _TABLES.get(field, ()):
        if value in table._value2member_map_:
            return table.label_of(value)
    if field in _TABLES and "," in value:
        return "、".join(_text(field, each) for each in value.split(",") if each)
    if day := _DAY.fullmatch(value):
        return f"{day[1]}年{int(day[2])}月{int(day[3])}日"
    return without_contacts(value)
