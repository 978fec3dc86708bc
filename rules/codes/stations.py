"""Stations: who built and runs them, their state, subdistricts, boards, emblems and notices."""

from __future__ import annotations

from rules.codes.labelled import Labelled


class NoticeKind(Labelled):
    """What a typed line of the hall's screen is about (domain reference 10.6)."""

    TRAINING = "TRAINING", "培训预告"
    FAIR = "FAIR", "招聘活动"
    WEATHER = "WEATHER", "天气提示"
    EXCHANGE = "EXCHANGE", "余缺调剂"
    NOTICE = "NOTICE", "驿站通知"


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


class EmblemKind(Labelled):
    """Pictures the district uploads for papers and boards (art. 5 统一标识)."""

    EMBLEM = "EMBLEM", "驿站标识"
    PLAQUE = "PLAQUE", "驿站牌匾"


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
