"""Printed papers: kinds, and papers printed many at a time."""

from __future__ import annotations

from rules.codes.labelled import Labelled


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
