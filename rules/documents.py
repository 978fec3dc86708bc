"""What each printed paper says: one frozen value per paper, gathered by an action, laid out by a template.

The value is the snapshot that is kept with the issued number; printed again it gives the same bytes. Texts arrive
ready to read ("220元/天").
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from rules.agreements import AgreementText
from rules.boards import BoardGroup
from rules.codes import WEEKDAYS, PaperKind, SheetFinish, Slot
from rules.numbers import agreement_type_of

FREE_NOTICE = "零工驿站的登记、信息发布、匹配、推荐和签约指导全部免费。有人收费请拨打{监督电话}。"
"""Art. 21, on every paper."""

EMPLOYER_PLEDGE = (
    "本人（单位）保证所填内容真实合法；不收取任何费用和押金，不扣押证件；不招用未满十六周岁的人；按约定足额支付报酬；"
    "提供安全的工作条件；不实施就业歧视；保护零工个人信息；接受驿站回访和有关部门监督。"
)
"""雇主承诺, domain reference 12.1."""

SEEKER_PLEDGE = "所填内容真实；不约好后无故不到岗；遵守安全要求；不泄露雇主信息。"
"""求职者承诺, domain reference 12.2."""

PRIVACY_NOTICE_VERSION = "1"
PRIVACY_NOTICE = (
    "我们是谁：{驿站名称}（运营方{运营方名称}，监督单位{监督单位}），电话{驿站电话}。",
    "收集什么、为什么：姓名、证件号码、电话用于核实身份和联系您；工种、技能、时间、大致住处用于找合适的活；"
    "证书用于核对上岗资格。您可以不填的项目，不影响求职。",
    "敏感信息：残疾、困难家庭等情况只在您愿意申请帮扶时登记，需要您单独签字。",
    "给谁看：只有驿站工作人员、依法监督的部门能看；要提供给雇主，会逐次征得您同意。大屏和网页不显示您的姓名、电话、证件号。",
    "保存多久：服务结束后一般三年，到期删除或者匿名处理；法律另有规定的除外。",
    "您的权利：随时查询、复制、更正、删除、撤回同意，或者要求人工推荐。找服务台或者打上面的电话，不收费。",
    "投诉：{监督单位}{监督电话}。",
)
"""个人信息处理告知书 (PIPL arts 14, 17; domain reference 10.7); a changed text gets a new version."""


@dataclass(frozen=True, slots=True)
class StationImprint:
    """The station as every paper names it."""

    name: str
    code: str
    phone: str
    complaint_phone: str
    supervising_unit: str
    supervising_phone: str
    address: str
    opening_hours: str

    @property
    def free_notice(self) -> str:
        """The free-of-charge statement with this station's supervision phone (art. 21)."""
        return FREE_NOTICE.replace("{监督电话}", self.supervising_phone)


@dataclass(frozen=True, slots=True)
class Tick:
    """A box with its label; ticked or left open for the pen."""

    label: str
    ticked: bool = False


def paper_title(kind: str, number: str) -> str:
    """What an issued paper is called: the label of its kind, an agreement by its type, which its number tells."""
    agreement = agreement_type_of(number) if kind == PaperKind.AGREEMENT.value else None
    return agreement.label if agreement else PaperKind.label_of(kind)


MOST_REASON = 40
"""Characters of a reason on the voided paper; the register has all of it."""


def void_line(copy_number: int, day: str, who: str, reason: str) -> str:
    """What stands above a voided paper that is looked at again: which copy, when, by whom and why."""
    by = f"由{who}" if who else ""
    said = reason.rstrip("。") if len(reason) <= MOST_REASON else reason[: MOST_REASON - 1] + "…"
    return f"第{copy_number}份，{day}{by}作废：{said}。请不要再用。"


def ticks(choices: Iterable[tuple[str, str]], chosen: Collection[str] = ()) -> tuple[Tick, ...]:
    """One box per (value, label), ticked where the value is among `chosen`."""
    return tuple(Tick(label, value in chosen) for value, label in choices)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What every issued paper has. `created` is the moment of the record, never of the printing: it makes copies equal.

    `watermark` (样本, 作废) is printed across each page; "" for a valid paper. A paper without a number is a blank form.
    """

    station: StationImprint
    number: str
    created: datetime
    version: int = 1
    watermark: str = ""

    @property
    def for_pen(self) -> bool:
        """Whether this is a blank form, to be filled in by hand: it has no number yet and is never issued."""
        return not self.number


@dataclass(frozen=True, slots=True, kw_only=True)
class Handwriting:
    """What one side wrote on a screen (`rules.signing.drawing`): SVG path data in a box of `width` by `height`.

    Printed as lines with round ends, about 10 units wide, never as a picture. `side` is an AgreementSide, `place` says
    where it was written.
    """

    side: str
    name: str
    path: str
    width: int
    height: int
    signed_at: datetime
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementPaper(Paper):
    """零工劳务协议 and its sisters (P9). The station guides and is no party: it does not sign.

    `unit_employer` adds the place for a company seal, `guardian_needed` the guardian's signature for a worker
    under 18; `verify_url` leads to the page that says whether this is genuine. `handwriting`: what was signed on a
    screen, one per side; empty for a paper that is signed by hand. `official_text`: the model text a checklist goes with.
    """

    text: AgreementText
    verify_url: str
    check_code: str = ""
    unit_employer: bool = False
    guardian_needed: bool = False
    handwriting: tuple[Handwriting, ...] = ()
    official_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralSlip(Paper):
    """推荐上岗单 (P7, domain reference 12.3): the worker's part above, the employer's return slip below.

    Printed only after both sides agreed to exchange contacts.
    """

    issued_on: date | None
    clerk: str
    post_number: str
    post_title: str
    worker_name: str
    worker_phone: str
    employer_name: str
    employer_contact: str
    employer_phone: str
    report_time: str
    report_place: str
    pay: str
    settlement: str
    notes: tuple[str, ...]
    verify_url: str
    rating_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSlip:
    """What one worker carries to work: where, when, whom to ask for, what it pays. `number` is the referral's."""

    number: str
    clerk: str
    post_number: str
    post_title: str
    worker_name: str
    employer_name: str
    employer_contact: str
    employer_phone: str
    report_time: str
    report_place: str
    pay: str
    settlement: str
    notes: tuple[str, ...]
    verify_url: str
    rating_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSlips(Paper):
    """派工单 (P22): the slips of everybody given a place that day on a post or in a morning, two to a sheet.

    Printed only of those whose both sides agreed to exchange contacts; the worker's own phone is not on it.
    """

    day: date
    slips: tuple[JobSlip, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobPoster(Paper):
    """岗位信息张贴单 (P6): the public facts of one post in large type; holds no name and no private phone.

    `number` is the public post number; `pay_amount` and `pay_unit` print as "220 元/天". `sheet` is A4 or A5.
    """

    title: str
    pay_amount: str
    pay_unit: str
    settlement: str
    place: str
    dates: str
    hours: str
    headcount: int
    duties: str
    benefits: tuple[str, ...]
    certificates: tuple[str, ...]
    valid_to: date | None
    public_url: str
    sheet: str = "A4"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobOrderForm(Paper):
    """招工用工登记表 (P4, domain reference 12.1). Times, pay and places are texts; the boxes are ticks."""

    employer_kinds: tuple[Tick, ...]
    employer_name: str
    id_type: str
    id_number: str
    employer_address: str
    legal_representative: str
    agent: str
    agent_phone: str
    authorisation: tuple[Tick, ...]
    title: str
    trade: str
    headcount: str
    duties: str
    requirements: str
    exact_place: str
    public_place: str
    period: str
    hours: str
    breaks: str
    pay_basis: tuple[Tick, ...]
    pay: str
    settlement: tuple[Tick, ...]
    pay_method: tuple[Tick, ...]
    benefits: tuple[Tick, ...]
    certificates: str
    hazards: str
    protection: str
    insurance: tuple[Tick, ...]
    juvenile: tuple[Tick, ...]
    valid_to: str
    remarks: str
    registrar: str
    registered_on: str
    verification: tuple[Tick, ...]
    verifier: str
    verified_on: str
    verify_url: str = ""

    @property
    def pledge(self) -> str:
        """What the employer signs."""
        return EMPLOYER_PLEDGE


AVAILABILITY_ROWS: tuple[Slot, ...] = (Slot.MORNING, Slot.AFTERNOON, Slot.NIGHT)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeekerForm(Paper):
    """求职登记表 with the 个人信息处理告知书 (P5, domain reference 12.2, 10.7).

    `free_slots` holds (weekday 0 to 6, slot) pairs. `certificates` are (name, number, valid to) rows.
    `support_groups` is printed only when the person asked for support and signs for it separately, `pension` only for
    those near or over the retirement age, the guardian only for those under 18.
    """

    operator: str
    name: str
    id_type: str
    id_number: str
    phone: str
    home: str
    trades: tuple[str, ...]
    free_slots: frozenset[tuple[int, Slot]]
    expected_pay: str
    farthest: str
    education: str
    skills: str
    certificates: tuple[tuple[str, str, str], ...]
    support_groups: tuple[Tick, ...]
    training: tuple[Tick, ...]
    training_wish: str
    pension: tuple[Tick, ...]
    guardian_needed: bool
    guardian_name: str = ""
    guardian_phone: str = ""
    original_seen: bool = False
    consent: tuple[Tick, ...]
    registrar: str
    registered_on: str
    verify_url: str = ""

    @property
    def pledge(self) -> str:
        """What the seeker signs."""
        return SEEKER_PLEDGE

    @property
    def notice(self) -> tuple[str, ...]:
        """The paragraphs of the privacy notice for this station."""
        return privacy_notice(self.station, self.operator)

    @property
    def availability(self) -> tuple[tuple[str, tuple[bool, ...]], ...]:
        """(part of the day, free on Monday to Sunday) rows."""
        return tuple((slot.label, tuple((day, slot) in self.free_slots for day in range(len(WEEKDAYS)))) for slot in AVAILABILITY_ROWS)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeekerCard(Paper):
    """求职卡 (P20): number and QR of the number on a card to carry, for people without a phone, too; no name outside."""

    @property
    def reminders(self) -> tuple[str, ...]:
        """What stands on the back."""
        return ("带这张卡和身份证，到任何一个驿站办事。", "捡到的请交给驿站。")


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardPaper(Paper):
    """A rule board for the wall (P15, art. 12). `paper` is A3, A2 or A1; `groups` come filled in from rules.boards.

    `emblem` is the SHA-256 of the picture beside the station's name ("" for none); the press gets its bytes under that name.
    """

    kind: str
    title: str
    groups: tuple[BoardGroup, ...]
    basis: str
    effective_date: date
    paper: str = "A3"
    public_url: str = ""
    finish: SheetFinish = SheetFinish.OFFICE
    emblem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentPaper(Paper):
    """保密承诺书 (art. 18): the version somebody at the desk signed on the screen, to sign once more on paper and file."""

    title: str
    opening: str
    promises: tuple[str, ...]
    closing: str
    basis: str
    text_version: str
    name: str
    role: str
    work_no: str
    login: str
    signed_on: str


GOES_ON_HIRING = "是否继续用工"


@dataclass(frozen=True, slots=True)
class CallBackRow:
    """One question of a call-back: its boxes, or the words that were said ("" leaves a line for the pen)."""

    label: str
    boxes: tuple[Tick, ...]
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBackSheet(Paper):
    """雇主回访记录表 and its sister for the worker (P10, domain reference 12.4); `filled` False is one for the pen."""

    title: str
    kind: str
    facts: tuple[tuple[str, str], ...]
    methods: tuple[Tick, ...]
    rows: tuple[CallBackRow, ...]
    note_label: str
    note: str
    filled: bool
    made_by: str
    made_on: str
    verify_url: str = ""

    @property
    def note_place(self) -> int:
        """Before which row the note stands: before whether the employer goes on hiring, else after the last (12.4)."""
        labels = [row.label for row in self.rows]
        return labels.index(GOES_ON_HIRING) if GOES_ON_HIRING in labels else len(labels)


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidanceRecord(Paper):
    """签约指导记录 (P26, domain reference 4.2): the answers, what the table proposed, what was chosen and why, the warnings.

    `answers` are (question, answer), `warnings` (what, what to do, basis); `proposed` is "" where no type was, `reason`
    where the proposal was followed.
    """

    referral: str
    title: str
    employer: str
    worker: str
    answers: tuple[tuple[str, str], ...]
    proposed: str
    why: str
    notes: tuple[str, ...]
    chosen: str
    reason: str
    warnings: tuple[tuple[str, str, str], ...]
    guide: str
    given_on: str
    verify_url: str


def privacy_notice(station: StationImprint, operator: str) -> tuple[str, ...]:
    """The notice text with this station's names and phones; what the person reads and signs (PIPL art. 17)."""
    values = {
        "{驿站名称}": station.name,
        "{运营方名称}": operator,
        "{监督单位}": station.supervising_unit,
        "{监督电话}": station.supervising_phone,
        "{驿站电话}": station.phone,
    }
    paragraphs = []
    for paragraph in PRIVACY_NOTICE:
        for placeholder, value in values.items():
            paragraph = paragraph.replace(placeholder, value)
        paragraphs.append(paragraph)
    return tuple(paragraphs)
