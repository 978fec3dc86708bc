"""Employers: kinds, documents, verification and standing."""

from __future__ import annotations

from rules.codes.labelled import Labelled


class EmployerKind(Labelled):
    """Who offers work: a unit in the sense of labour law, or a natural person (domain reference 1.1)."""

    UNIT = "UNIT", "单位（企业、个体户、组织）"
    INDIVIDUAL = "INDIVIDUAL", "个人或家庭"


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
