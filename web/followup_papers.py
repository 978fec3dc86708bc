"""The call-back form (P10, domain reference 12.4): empty for a visit, or filled in from a call-back that was made."""

from datetime import datetime
from typing import Any

from db.queries.documents import station_on_paper
from rules.codes import FollowUpKind, FollowUpMethod, Labelled, Side
from rules.documents import GOES_ON_HIRING, CallBackRow, CallBackSheet, ticks
from rules.followups import questions
from rules.money import yuan
from web.forms.followups import METHODS, FollowUpForm
from web.papers import station_imprint
from web.render import local, show_date
from web.request import StationRequest

TITLES = {Side.EMPLOYER: "雇主回访记录表", Side.WORKER: "零工回访记录表"}
FEE_ANSWER = "已问。答复按规定直接报监督单位，本表不记载。"
"""What stands in place of the answer about a fee: it is the supervising unit's alone, whatever it was."""

LABELS = {
    "result": "是否到岗",
    "arrived": "到岗人数",
    "performance": "表现",
    "pay": "报酬是否按期支付",
    "pay_fen": "拿到金额",
    "injured": "有无受伤",
    "disputed": "有无纠纷",
    "agreement_got": "是否签协议",
    "fee_charged": "有无被收费",
    "satisfaction": "满意度（1至5）",
    "again": GOES_ON_HIRING,
    "spoken_with": "受访人",
}
"""The questions as the form names them (12.4)."""

_COLUMNS = {"pay": "pay_state"}
_FLAGS = {"injured", "disputed", "agreement_got"}


def question_rows(kind: FollowUpKind, side: Side, made: dict[str, Any] | None) -> list[CallBackRow]:
    """The questions with their boxes, ticked where `made` (a row of `db.queries.followups`) says so; the note is left out."""
    form = FollowUpForm(kind=kind, side=side)
    rows = []
    for name in questions(kind, side):
        if name == "note":
            continue
        label = LABELS[name] if (name, side) != ("pay", Side.WORKER) else "报酬是否拿到"
        if name == "fee_charged" and made:
            rows.append(CallBackRow(label, (), FEE_ANSWER))
        elif name in ("arrived", "pay_fen", "spoken_with"):
            rows.append(CallBackRow(label, (), _words(name, made)))
        else:
            pairs = [(value, f"{value} {text}" if name == "satisfaction" else text) for value, text in form[name].choices if value]
            rows.append(CallBackRow(label, ticks(pairs, _chosen(name, made)), ""))
    return rows


def paper_rows(kind: FollowUpKind, side: Side, made: dict[str, Any] | None) -> tuple[CallBackRow, ...]:
    """The questions in the order of the form on paper: whom it was said by stands first (12.4)."""
    rows = question_rows(kind, side, made)
    return tuple(sorted(rows, key=lambda row: row.label != LABELS["spoken_with"]))


def said_in(row: CallBackRow) -> str:
    """The answer of a row in words; "" for none."""
    return "、".join(box.label for box in row.boxes if box.ticked) if row.boxes else row.words


def _words(name: str, made: dict[str, Any] | None) -> str:
    value = made[name] if made else None
    if value in (None, ""):
        return "没有说" if made else ""
    if name == "pay_fen":
        return f"{yuan(value)}元"
    return f"{value}人" if name == "arrived" else str(value)


def _chosen(name: str, made: dict[str, Any] | None) -> tuple[str, ...]:
    if made is None:
        return ()
    value = made[_COLUMNS.get(name, name)]
    if name in _FLAGS and value is not None:
        return ("yes" if value else "no",)
    return (str(value.value if isinstance(value, Labelled) else value),) if value not in (None, "") else ()


async def call_back_sheet(
    request: StationRequest,
    work: dict[str, Any],
    kind: FollowUpKind,
    side: Side,
    made: dict[str, Any] | None,
    note: str,
    *,
    moment: datetime,
) -> CallBackSheet:
    """The form of one call-back; `made` None leaves everything for the pen. A filled one depends on the record alone."""
    station = await station_on_paper(work["station"])
    number = f"{work['referral']}-{kind.value[0]}{side.value[0]}"
    facts = [
        ("岗位", f"{work['title']}（{work['job_number']}）"),
        ("雇主", work["employer"]),
        ("零工", f"{work['worker']}（{work['seeker_number']}）"),
        ("到岗日期", show_date(work["started_on"])),
    ]
    if work["ended_on"]:
        facts.append(("完工日期", show_date(work["ended_on"])))
    return CallBackSheet(
        station=station_imprint(station),
        number=number,
        created=made["made_at"] if made else moment,
        title=TITLES[side],
        kind=kind.label,
        facts=tuple(facts),
        methods=ticks(FollowUpMethod.choices() if made else METHODS, _chosen("method", made)),
        rows=paper_rows(kind, side, made),
        note_label=FollowUpForm(kind=kind, side=side).note.label.text,
        note=(note or "没有") if made else "",
        filled=made is not None,
        made_by=made["made_by"] if made else "",
        made_on=f"{show_date(made['made_on'])} {local(made['made_at']):%H:%M}" if made else "",
        verify_url=f"{request.settings.public_url}/verify/{number}" if made else "",
    )
