"""A station's own text of a rule board: typed one line per row, checked, and turned into what is printed.

A row in 【】 is a heading; numbers in front of rows are dropped, because the board numbers its lines itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta

from rules.boards import PLACEHOLDER, BoardGroup, BoardText, board_text
from rules.codes import BoardKind
from rules.errors import RuleBroken, RulesBroken

PLACEHOLDERS: dict[str, str] = {
    "驿站名称": "name",
    "驿站电话": "phone",
    "驿站地址": "address",
    "开放时间": "opening_hours",
    "运营方": "operator",
    "驿站投诉电话": "complaint_phone",
    "监督单位": "supervising_unit",
    "监督电话": "supervising_phone",
    "答复工作日": "",
    "小时最低工资": "",
}
"""The values a board may ask for, and the column of the station each one comes from ("": not the station's)."""

LONGEST_LINE = 90
MOST_LINES = 30
FEWEST_LINES = 3
FARTHEST_DAYS = 366
_HEADING = re.compile(r"【(.+)】")
_NUMBERED = re.compile(r"^[0-9０-９]{1,2}\s*[.．、,，)）]\s*")


def board_kind(typed: str) -> BoardKind | None:
    """The board of this name in an address; None for a name no board has."""
    return BoardKind(typed) if typed in BoardKind._value2member_map_ else None


def board_rows(text: BoardText) -> str:
    """The text as it stands in the form: one line per row, headings in 【】."""
    rows: list[str] = []
    for group in text.groups:
        rows += ([f"【{group.heading}】"] if group.heading else []) + list(group.lines)
    return "\n".join(rows)


def read_rows(kind: BoardKind | str, rows: str) -> BoardText:
    """The text behind stored or typed rows, unchecked; title and basis are those of the board."""
    groups: list[tuple[str, list[str]]] = []
    for row in (row.strip() for row in rows.splitlines()):
        if heading := _HEADING.fullmatch(row):
            groups.append((heading[1].strip(), []))
        elif line := _NUMBERED.sub("", row):
            if not groups:
                groups.append(("", []))
            groups[-1][1].append(line)
    standard = board_text(kind)
    return BoardText(
        kind=standard.kind,
        title=standard.title,
        groups=tuple(BoardGroup(heading, tuple(lines)) for heading, lines in groups),
        basis=standard.basis,
    )


def edited_board(kind: BoardKind | str, rows: str) -> BoardText:
    """The typed text, checked. Raises RulesBroken on field "lines" with every reason.

    A board keeps the values its standard text shows (who supervises, where to complain): arts 12, 21, 22.
    Whether it fits its sheet is found out by printing it.
    """
    text = read_rows(kind, rows)
    lines = [line for group in text.groups for line in group.lines]
    broken = []
    if not FEWEST_LINES <= len(lines) <= MOST_LINES:
        broken.append(f"现在有{len(lines)}条。一块板要有{FEWEST_LINES}到{MOST_LINES}条，一行写一条。")
    if any(not group.lines for group in text.groups):
        broken.append("有的【标题】下面没有内容，请补一条，或者删掉这个标题。")
    broken += [
        f"第{n}条有{len(line)}个字，最多{LONGEST_LINE}个字，请拆成两条：“{line[:12]}……”"
        for n, line in enumerate(lines, 1)
        if len(line) > LONGEST_LINE
    ]
    if unknown := [name for name in text.placeholders if name not in PLACEHOLDERS]:
        broken.append(f"不认识{_braced(unknown)}。能自动填写的有：{_braced(PLACEHOLDERS)}。")
    if any(re.search("[{}]", PLACEHOLDER.sub("", line)) for line in lines):
        broken.append("花括号{ }没有成对，请检查自动填写的项目。")
    if lost := [name for name in board_text(kind).placeholders if name not in text.placeholders]:
        broken.append(f"请保留{_braced(lost)}，打印时会自动换成本站的内容。")
    if broken:
        raise RulesBroken([RuleBroken(message, "lines") for message in broken])
    return text


def _braced(names: object) -> str:
    return "、".join(f"{{{name}}}" for name in names)  # type: ignore[attr-defined]


def check_effective(day: date, today: date) -> None:
    """Refuse a first day in the past (what hung on the wall then is history) or more than a year ahead."""
    if day < today:
        raise RuleBroken("施行日期不能早于今天，请改成今天或以后的日期。", "effective_from")
    if day > today + timedelta(days=FARTHEST_DAYS):
        raise RuleBroken("施行日期太远了，请填一年以内的日期。", "effective_from")


def board_values(station: Mapping[str, str], *, hour_wage: str, answer_workdays: str) -> dict[str, str]:
    """What each placeholder becomes for a station row; `hour_wage` in yuan as the law writes it ("24")."""
    values = {name: station[column] for name, column in PLACEHOLDERS.items() if column}
    return values | {"小时最低工资": hour_wage, "答复工作日": answer_workdays}
