"""Papers filled in at the legal point and at the counter: consultation (P11), settling a dispute (P29), rating the service (P30).

Printed from a record they say what is known and leave the rest for the pen; without a number they are blank forms.
"""

from __future__ import annotations

from dataclasses import dataclass

from rules.codes import CaseKind, Side
from rules.documents import Paper, Tick
from rules.ratings import LEVELS, OTHER, TAGS, Score

CAUSES: tuple[str, ...] = (
    *(kind.label for kind in CaseKind if kind is not CaseKind.OTHER),
    "财物损坏",
    "信息泄露",
    "家政纠纷",
    "承揽质量",
    CaseKind.OTHER.label,
)
"""案由 (domain reference 7.13, `legal_case_type`)."""

STANDINGS = ("零工", "雇主")
EVIDENCE = ("协议或者合同", "推荐上岗单", "考勤或者工作记录", "聊天记录", "转账记录", "照片、视频", "证人", "医疗票据", "其他")
WAYS = ("当场答复", "出具意见", "协商", "人民调解或者街道调解", "劳动监察投诉指引", "劳动仲裁指引", "诉讼指引", "法律援助指引")
"""处理方式 (domain reference 3.10)."""

DISPUTE_CLASSES = ("用工争议（雇主和零工）", "运营争议（对方是驿站运营方）", "其他")
"""争议类别 (art. 24, domain reference 7.13 `dispute_class`)."""
DISPUTE_WAYS = ("协商", "人民调解", "劳动仲裁指引", "诉讼指引", "投诉劳动监察")
OUTCOMES = ("达成一致", "部分达成一致", "没有达成一致", "一方没有到场")

DISPUTE_NOTICE = (
    "用工争议，驿站只做调解和指引；运营争议由驿站运营方负责。调处不收费，双方自愿。"
    "没有达成一致或者达成一致后不履行的，可以依法申请调解、仲裁（劳动争议仲裁不收费）或者向人民法院起诉；"
    "拖欠报酬的，可以向劳动保障监察机构投诉（咨询电话12333）。"
)
"""What both sides are told before they sign (art. 24; LDMA arts 5, 53)."""

SUPPORT_GROUPS: tuple[str, ...] = (
    "脱贫人口（含监测对象）",
    "残疾人",
    "大龄人员",
    "零就业家庭成员",
    "低保",
    "低保边缘",
    "刚性支出困难家庭",
    "连续失业一年以上",
    "失地农民",
    "退役军人",
    "离校未就业毕业生",
    "农民工",
    "退捕渔民",
    "在校学生",
    "其他就业困难",
)
"""帮扶群体 of the registration form (domain reference 7.11); what only a manager may see is not asked on paper."""


def boxes_of(labels: tuple[str, ...], ticked: str = "") -> tuple[Tick, ...]:
    """One box per label, ticked where it is `ticked`."""
    return tuple(Tick(label, bool(label) and label == ticked) for label in labels)


def satisfaction() -> tuple[Tick, ...]:
    """满意度 1 to 5, best first, for the pen."""
    return tuple(Tick(f"{score} {words}") for score, words in LEVELS.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalForm(Paper):
    """法律咨询登记表 (P11, domain reference 12.5). `steps` are (when, state, by whom, words), oldest first."""

    party: str = ""
    standing: tuple[Tick, ...] = boxes_of(STANDINGS)
    opponent: str = ""
    cause: tuple[Tick, ...] = boxes_of(CAUSES)
    work: str = ""
    facts: str = ""
    amount: str = ""
    evidence: tuple[Tick, ...] = boxes_of(EVIDENCE)
    claim: str = ""
    opinion: str = ""
    ways: tuple[Tick, ...] = boxes_of(WAYS)
    limit_on: str = ""
    limit_note: str = ""
    handler: str = ""
    steps: tuple[tuple[str, str, str, str], ...] = ()
    result: str = ""
    satisfied: tuple[Tick, ...] = satisfaction()
    registrar: str = ""
    registered_on: str = ""
    verify_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeRecord(Paper):
    """争议调处记录 (P29, art. 24): who against whom, about what, what each said, how it ended; both sides sign."""

    classes: tuple[Tick, ...] = boxes_of(DISPUTE_CLASSES)
    applicant: str = ""
    respondent: str = ""
    cause: tuple[Tick, ...] = boxes_of(CAUSES)
    work: str = ""
    facts: str = ""
    amount: str = ""
    evidence: tuple[Tick, ...] = boxes_of(EVIDENCE)
    ways: tuple[Tick, ...] = boxes_of(DISPUTE_WAYS)
    outcomes: tuple[Tick, ...] = boxes_of(OUTCOMES)
    limit_on: str = ""
    handler: str = ""
    verify_url: str = ""

    @property
    def notice(self) -> str:
        """What both sides are told before they sign."""
        return DISPUTE_NOTICE


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingSheet(Paper):
    """服务评价表 (P30): four scores for the station, tags about the other side of a work, words. Anonymous on wish.

    Whether somebody took money is not asked on paper: that answer is the supervising unit's alone, the sheet names its phone.
    """

    side: Side
    facts: tuple[tuple[str, str], ...] = (("岗位", ""), ("雇主", ""), ("日期", ""))
    verify_url: str = ""

    @property
    def levels(self) -> tuple[str, ...]:
        """The five answers, best first."""
        return tuple(LEVELS.values())

    @property
    def scores(self) -> tuple[str, ...]:
        """What of the service is scored."""
        return tuple(score.label for score in Score)

    @property
    def tags(self) -> tuple[tuple[Tick, ...], tuple[Tick, ...]]:
        """What can be said about the other side: good, then bad."""
        good, bad = TAGS[OTHER[self.side]]
        return tuple(Tick(tag.label) for tag in good), tuple(Tick(tag.label) for tag in bad)

    @property
    def other(self) -> str:
        """Whom the tags are about."""
        return "雇主" if self.side is Side.WORKER else "零工"
