"""Everything kept about one seeker, gathered once: for the person's page, the file to take along, and the printed copy."""

import json
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Any

from db.actions.accounts import remember_submission
from db.clock import now
from db.errors import ConstraintViolated
from db.queries import followups, rights, seekers
from db.queries import me as queries
from db.queries.accounts import actor_of_seeker, earlier_location
from db.queries.documents import station_on_paper
from db.queries.person_groups import own_groups
from db.queries.ratings import opened_ratings_of
from db.queries.reveals import looks_at
from db.transaction import transact
from rules.codes import (
    SUBDISTRICTS,
    TRADES,
    AgreementState,
    AgreementType,
    CertificateType,
    ConsentMethod,
    Education,
    FollowUpKind,
    IdType,
    Origin,
    PensionStatus,
    PersonGroup,
    RatingAbout,
    RightsKind,
    RightsState,
    SeekerState,
    Side,
    StartEvidence,
)
from rules.errors import RuleBroken
from rules.own_copy import OwnCopy
from rules.permissions import Permission, Role
from rules.person_groups import GUARDED
from rules.ratings import Score, Tag
from rules.seekers import slots_text
from rules.wishes import field_labels
from web.documents.renderer import PrintFailed
from web.followup_papers import question_rows, said_in
from web.forms.base import PageForm
from web.papers import station_imprint
from web.render import local, show_date
from web.request import StationRequest

FORMAT = "station-personal-data/1"
"""Name and version of the machine-readable copy."""

TAKEN = "这一份已经给过了。还要一份的，请再点一次。"
"""Said when a form for a copy is sent a second time."""

_LABELS = {
    "number": "求职编号",
    "name": "姓名",
    "id_type": "证件",
    "id_number": "证件号码",
    "birth_date": "出生日期",
    "gender": "性别",
    "phone": "电话",
    "phone_owner": "电话是谁的",
    "home": "住在",
    "trades": "想干的活",
    "availability": "能上工的时间",
    "skills": "技能与年限",
    "pay_wish": "想要的工钱",
    "max_km": "最远几公里",
    "education": "学历",
    "pension": "养老金",
    "training_wish": "想学什么",
    "guardian_name": "监护人",
    "guardian_phone": "监护人电话",
    "read_aloud": "文书要读给本人听",
    "by_proxy": "没有手机，驿站代办",
    "state": "状态",
    "confirmed_on": "上次确认还在找活",
    "restricted_until": "暂停推荐到",
    "restricted_reason": "暂停推荐的原因",
    "suggestions": "系统推荐",
    "source": "怎样登记的",
    "registered_at": "登记时间",
    "card_seen": "证件原件",
    "closed_at": "注销时间",
}


async def gathered(seeker: dict[str, Any], *, whole: bool, guarded: bool = True) -> dict[str, Any]:
    """Everything kept about the person of a row of `own_seeker`, under English names, values as people read them.

    `whole`: phone and certificate numbers in full, for the copy the person takes along; else masked, for a screen. The
    document number is always masked: it stands on the person's own card. `guarded`: with the groups that only the manager keeps.
    """
    seeker_id = seeker["id"]
    groups = await own_groups(seeker_id)
    kept_back = set() if guarded else {row["consent"] for row in groups if PersonGroup(row["kind"]) in GUARDED}
    account = await actor_of_seeker(seeker_id)
    station = await station_on_paper(seeker["station"])
    opened = await seekers.opened_seeker(seeker_id) if seeker["phone"] else {"phone": ""}
    numbers = {}
    if whole and seeker["phone"]:
        numbers = {place: number for place, (_, number, _) in enumerate(await seekers.opened_certificates(seeker_id))}
    certificates = await seekers.certificates_of(seeker_id)
    trades = (await seekers.trades_of([seeker_id])).get(seeker_id, [])
    page = await queries.own_referrals(seeker_id)
    referrals = page.rows
    while page.next:
        page = await queries.own_referrals(seeker_id, after=page.next)
        referrals += page.rows
    return {
        "format": FORMAT,
        "made_at": _moment(now()),
        "station": {"name": station["name"], "phone": station["phone"], "operator": station["operator"]},
        "registration": {
            "number": seeker["number"],
            "name": seeker["name"],
            "id_type": IdType.label_of(seeker["id_type"]),
            "id_number": seeker["id_masked"],
            "birth_date": _day(seeker["birth_date"]),
            "gender": {"M": "男", "F": "女"}.get(seeker["gender"], ""),
            "phone": opened["phone"] if whole else seeker["phone_masked"],
            "phone_owner": seeker["phone_owner"],
            "home": SUBDISTRICTS.get(seeker["subdistrict"], "") + seeker["community"],
            "trades": [TRADES[code].label for code in trades if code in TRADES],
            "availability": slots_text(seeker["availability"]),
            "skills": seeker["skills"],
            "pay_wish": seeker["pay_wish"],
            "max_km": "" if seeker["max_km"] is None else str(seeker["max_km"]),
            "education": Education.label_of(seeker["education"]) if seeker["education"] else "",
            "pension": PensionStatus.label_of(seeker["pension"]) if seeker["pension"] else "",
            "training_wish": seeker["training_wish"],
            "guardian_name": seeker["guardian_name"],
            "guardian_phone": seeker["guardian_phone_masked"],
            "read_aloud": "是" if seeker["read_aloud"] else "",
            "by_proxy": "是" if seeker["by_proxy"] else "",
            "state": SeekerState(seeker["state_now"]).label,
            "confirmed_on": _day(seeker["confirmed_on"]),
            "restricted_until": _day(seeker["restricted_until"]),
            "restricted_reason": seeker["restricted_reason"],
            "suggestions": "可以" if seeker["suggestions"] else "本人不接受",
            "source": Origin.label_of(seeker["source"]),
            "registered_at": _moment(seeker["created_at"]),
            "card_seen": "核对过" if seeker["original_seen"] or seeker["identity_seen_at"] else "还没有核对",
            "closed_at": _moment(seeker["closed_at"]),
        },
        "certificates": [
            {
                "type": CertificateType.label_of(row["type"]),
                "number": numbers.get(place, row["number_masked"]),
                "valid_to": _day(row["valid_to"]) or "长期",
            }
            for place, row in enumerate(certificates)
        ],
        "consents": [
            {
                "purpose": row["purpose_label"] + (f"（{row['title']}）" if row["title"] else ""),
                "wording": row["wording"],
                "method": ConsentMethod.label_of(row["method"]),
                "given_at": _moment(row["given_at"]),
                "withdrawn_at": _moment(row["withdrawn_at"]),
            }
            for row in await queries.own_consents(seeker_id)
            if row["id"] not in kept_back
        ],
        "groups": [
            {
                "group": row["label"],
                "proof": row["proof"],
                "added_at": _moment(row["added_at"]),
                "ended_at": _moment(row["ended_at"]),
                "ended_reason": row["ended_reason"],
            }
            for row in groups
            if guarded or PersonGroup(row["kind"]) not in GUARDED
        ],
        "referrals": [
            {"number": row["number"], "title": row["title"], "state": row["state_now"].label, "created_at": _moment(row["created_at"])}
            for row in referrals
        ],
        "agreements": [
            {
                "number": row["number"],
                "title": row["title"],
                "type": AgreementType.label_of(row["type"]),
                "state": AgreementState.label_of(row["state"]),
                "signed_at": _moment(row["signed_at"]),
            }
            for row in (await queries.own_agreements(seeker_id)).rows
        ],
        "placements": [
            {
                "job": row["job_number"],
                "title": row["title"],
                "started_on": _day(row["started_on"]),
                "evidence": StartEvidence.label_of(row["evidence"]),
            }
            for row in await queries.own_placements(seeker_id)
        ],
        "call_backs": [_call_back(row) for row in await followups.opened_answers_of(seeker_id)],
        "ratings": [_rating(row) for row in await opened_ratings_of(seeker_id)],
        "looks": [
            {"at": _moment(row["at"]), "who": row["who"], "fields": "、".join(row["fields"]), "purpose": row["purpose"]}
            for row in await looks_at("seeker", seeker_id)
        ],
        "requests": [
            {
                "kind": RightsKind.label_of(row["kind"]),
                "details": await rights.opened_details(row["id"]),
                "state": RightsState.label_of(row["state"]),
                "asked_at": _moment(row["asked_at"]),
                "answer": row["answer"],
            }
            for row in await rights.requests_of(seeker_id)
        ],
        "changes": [
            {"number": row["number"], "at": _moment(row["at"]), "fields": field_labels(json.loads(row["changed"]))}
            for row in await queries.own_versions(seeker_id)
        ],
        "journal": [
            {"at": _moment(row["at"]), "what": row["label"], "by": row["by"]}
            for row in await queries.journal_about(seeker_id, account.id if account else 0)
        ],
    }


_LISTS = (
    ("certificates", "证书", lambda row: (row["type"], f"{row['number']}　到期：{row['valid_to']}")),
    ("consents", "我同意过的", lambda row: (row["purpose"], _consent_words(row))),
    ("groups", "帮扶类别", lambda row: (row["group"], _group_words(row))),
    ("referrals", "报名和推荐", lambda row: (row["number"], f"{row['title']}：{row['state']}，{row['created_at']}")),
    (
        "agreements",
        "协议",
        lambda row: (row["number"], f"{row['title']}：{row['state']}" + (f"，{row['signed_at']}签" if row["signed_at"] else "")),
    ),
    ("placements", "上岗", lambda row: (row["started_on"], f"{row['title']}（{row['job']}），依据：{row['evidence']}")),
    ("call_backs", "驿站回访，我的答复", lambda row: (row["at"], f"{row['title']}，{row['kind']}：{row['said']}")),
    ("ratings", "我的评价", lambda row: (row["at"], f"{row['title']}，评{row['about']}：{row['said']}")),
    ("looks", "谁看过我的完整信息", lambda row: (row["at"], f"{row['who']}看了{row['fields']}，用途：{row['purpose']}")),
    (
        "requests",
        "我提过的请求",
        lambda row: (row["asked_at"], f"{row['kind']}：{row['details']}。{row['state']}。{row['answer']}".replace("。。", "。")),
    ),
    ("changes", "登记的改动", lambda row: (row["at"], f"改了{row['fields']}")),
    ("journal", "工作记录里和我有关的", lambda row: (row["at"], f"{row['what']}（{row['by']}）")),
)
"""(key, title, row as label and value) of the lists, in the order they are shown."""


def _call_back(row: dict[str, Any]) -> dict[str, Any]:
    """One call-back as the person who answered it reads it; the answer about fees stands in the complaint it opened."""
    asked = question_rows(FollowUpKind(row["kind"]), Side.WORKER, row)
    said = [f"{question.label}：{said_in(question)}" for question in asked if said_in(question)]
    return {
        "at": _moment(row["made_at"]),
        "title": row["title"],
        "kind": FollowUpKind.label_of(row["kind"]),
        "said": "；".join([*said, *([row["note"]] if row["note"] else [])]),
    }


def _rating(row: dict[str, Any]) -> dict[str, Any]:
    """One rating as the person who gave it reads it: scores or tags, and the words."""
    scores = [f"{score.label}{row[score.value]}分" for score in Score if row[score.value]]
    tags = [Tag(tag).label for tag in json.loads(row["tags"])]
    return {
        "at": _moment(row["given_at"]),
        "title": row["title"],
        "about": RatingAbout.label_of(row["about"]),
        "said": "；".join([*scores, *tags, *([row["words"]] if row["words"] else [])]) or "没有选标签",
    }


def _consent_words(row: dict[str, Any]) -> str:
    ended = f"；{row['withdrawn_at']}撤回" if row["withdrawn_at"] else ""
    return f"{row['given_at']}，{row['method']}{ended}。“{row['wording']}”"


def _group_words(row: dict[str, Any]) -> str:
    seen = f"，看过：{row['proof']}" if row["proof"] else ""
    ended = f"；{row['ended_at']}取消，{row['ended_reason']}" if row["ended_at"] else ""
    return f"{row['added_at']}登记{seen}{ended}"


def sections_of(data: dict[str, Any]) -> list[tuple[str, list[tuple[str, str]]]]:
    """What `gathered` found as titled sections of label and value; empty values are left out, empty lists say so."""
    own = data["registration"]
    rows = [(_LABELS[key], "、".join(value) if isinstance(value, list) else value) for key, value in own.items() if value]
    sections = [("我的登记", rows)]
    sections += [(title, [shown(row) for row in data[key]] or [("没有", "")]) for key, title, shown in _LISTS]
    return sections


async def own_copy_pdf(request: StationRequest, seeker: dict[str, Any]) -> bytes:
    """The printed copy. RuleBroken in Chinese when it does not print.

    Printed at the counter it passes through other hands: what only the manager keeps is on the manager's print alone, and every
    other one says whom to ask, whether there is anything or not.
    """
    complete = request.actor.role is Role.WORKER or request.actor.may(Permission.GROUPS_GUARDED)
    data = await gathered(seeker, whole=True, guarded=complete)
    sections = sections_of(data)
    if not complete:
        sections.append(("另外保管的", [("帮扶类别", "由驿站负责人登记的类别不印在这一份上，请向负责人要。")]))
    paper = OwnCopy(
        station=station_imprint(await station_on_paper(seeker["station"])),
        number=seeker["number"],
        created=now(),
        made_on=show_date(local(now()).date()),
        sections=tuple((title, tuple(rows)) for title, rows in sections),
    )
    try:
        return await request.app.state.printer.pdf("my_data", {"paper": paper})
    except PrintFailed as failed:
        raise RuleBroken(failed.message) from failed


async def noted_once(request: StationRequest, form: PageForm, note: Callable[[], Awaitable[Any]]) -> bool:
    """Write down, once for this form's token, that a copy is handed out now; False when this form was sent before.

    Then nothing may be handed out: every copy has its entry in the journal.
    """
    token = form.form_token.data or ""

    async def once() -> None:
        await note()
        await remember_submission(token, "", actor=request.signed_in)

    if await earlier_location(token) is not None:
        return False
    try:
        await transact(once)
    except ConstraintViolated:  # the other click of two was faster
        return False
    return True


def _moment(value: datetime | None) -> str:
    return f"{local(value):%Y-%m-%d %H:%M}" if value else ""


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""
