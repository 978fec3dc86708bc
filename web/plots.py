"""Plots beside the statistics: from the figures of a table to marks on a sheet, drawn as inline SVG on the page and on paper.

Readable without colour: what differs is drawn differently (full, outlined, interrupted), and every mark carries its figure.
"""

from collections.abc import Sequence

from rules.statistics.cells import Part
from rules.statistics.drawings import Drawing, Mark
from rules.statistics.tables import StatTable

WIDTH = 520
_LEFT, _RIGHT, _TOP, _BASE, _HEIGHT = 10, 10, 34, 210, 250
MOST_BARS = 12


def drawings_of(table: StatTable, parts: Sequence[Part]) -> tuple[Drawing, ...]:
    """The plots of a table; none where there is nothing to draw."""
    by_key = {part.key: part for part in parts}
    made: list[Drawing | None] = []
    match table:
        case StatTable.SUPPLY:
            made = [_columns(by_key["waiting"], "placed", "上岗的人等了几天（人次）")]
        case StatTable.TRADES:
            made = [_bars(by_key["trades"], "placed", "各工种推荐成功就业（人次）")]
        case StatTable.PEOPLE:
            made = [_columns(by_key["ages"], "persons", "就业人数按年龄段（人）")]
        case StatTable.PAY:
            made = [_columns(by_key["pay_bands"], "placed", "上岗的人每小时报酬（人次）")]
        case StatTable.TARGET:
            made = [_target(by_key["target"], by_key["target_months"])]
        case StatTable.SHARING | StatTable.RANKING:
            made = [_bars(parts[0], "placed" if table is StatTable.RANKING else "taken", f"{table.label}（人次）")]
    return tuple(drawing for drawing in made if drawing)


def _column_of(part: Part, key: str) -> list[tuple[str, int | None, str]]:
    """(label, amount, figure as it reads) of a column; hidden figures have no amount."""
    place = next(n for n, column in enumerate(part.columns) if column.key == key)
    return [(row.label, row.cells[place].amount, row.cells[place].text) for row in part.rows]


def _said(values: Sequence[tuple[str, int | None, str]]) -> str:
    return "；".join(f"{label} {text}" for label, _, text in values) + "。"


def _columns(part: Part, key: str, title: str) -> Drawing | None:
    """Upright columns side by side, the figure on top of each, its label below."""
    values = _column_of(part, key)
    top = max((amount or 0 for _, amount, _ in values), default=0)
    if not top:
        return None
    step = (WIDTH - _LEFT - _RIGHT) // len(values)
    marks = [Mark("line", _LEFT, _BASE, WIDTH - _RIGHT, _BASE)]
    for n, (label, amount, text) in enumerate(values):
        middle = _LEFT + n * step + step // 2
        height = (amount or 0) * (_BASE - _TOP) // top
        if height or amount:
            marks.append(Mark("bar", middle - step // 3, _BASE - max(height, 1), step * 2 // 3, max(height, 1)))
        marks.append(Mark("words", middle, _BASE - height - 6, text=text, anchor="middle"))
        marks.append(Mark("words", middle, _BASE + 18, text=label, anchor="middle"))
    return Drawing(key=part.key, title=title, says=_said(values), width=WIDTH, height=_HEIGHT, marks=tuple(marks))


def _bars(part: Part, key: str, title: str) -> Drawing | None:
    """Bars below each other, longest first, label before and figure behind."""
    values = sorted((value for value in _column_of(part, key) if value[1]), key=lambda value: (-(value[1] or 0), value[0]))
    if not values:
        return None
    shown, rest = values[:MOST_BARS], values[MOST_BARS:]
    top, names, line = shown[0][1] or 1, 150, 24
    marks = []
    for n, (label, amount, text) in enumerate(shown):
        y = 10 + n * line
        length = max((amount or 0) * (WIDTH - names - 60) // top, 1)
        marks += [
            Mark("words", names - 8, y + 14, text=label if len(label) <= 10 else f"{label[:9]}…", anchor="end"),
            Mark("bar", names, y, length, line - 8),
            Mark("words", names + length + 6, y + 14, text=text),
        ]
    height = 10 + len(shown) * line + (20 if rest else 0)
    if rest:
        marks.append(Mark("words", names, height - 8, text=f"还有{len(rest)}项没有画出来，见表。"))
    return Drawing(key=part.key, title=title, says=_said(values), width=WIDTH, height=height, marks=tuple(marks))


def _target(stations: Part, months: Part) -> Drawing | None:
    """What was placed month by month, added up, against what is due, the year's target and where the year is heading."""
    so_far, due = _column_of(months, "so_far"), _column_of(months, "due")
    if stations.total is None or not so_far:
        return None
    amounts = {column.key: cell.amount or 0 for column, cell in zip(stations.columns, stations.total.cells, strict=True)}
    target, heading = amounts["target"], amounts["projected"]
    top = max(target, heading, *(amount or 0 for _, amount, _ in (*so_far, *due)))
    if not top:
        return None

    def height(amount: int) -> int:
        return amount * (_BASE - _TOP) // top

    step = (WIDTH - _LEFT - _RIGHT) // 13
    marks = [Mark("line", _LEFT, _BASE, WIDTH - _RIGHT, _BASE)]
    for n in range(12):
        middle = _LEFT + n * step + step // 2
        marks.append(Mark("words", middle, _BASE + 18, text=f"{n + 1}月", anchor="middle"))
        if n < len(so_far) and (amount := so_far[n][1] or 0):
            marks.append(Mark("bar", middle - step // 3, _BASE - height(amount), step * 2 // 3, height(amount)))
            marks.append(Mark("words", middle, _BASE - height(amount) - 5, text=str(amount), anchor="middle"))
    for n in range(1, len(due)):
        ends = [_BASE - height(due[each][1] or 0) for each in (n - 1, n)]
        begins = _LEFT + (n - 1) * step + step // 2
        marks.append(Mark("line", begins, ends[0], begins + step, ends[1], dash=True))
    middle = _LEFT + 12 * step + step // 2
    marks.append(Mark("bar", middle - step // 3, _BASE - height(heading), step * 2 // 3, height(heading), shade="outline", dash=True))
    marks.append(Mark("words", middle, _BASE - height(heading) - 5, text=str(heading), anchor="middle"))
    marks.append(Mark("words", middle, _BASE + 18, text="预计", anchor="middle"))
    marks.append(Mark("line", _LEFT, _BASE - height(target), WIDTH - _RIGHT, _BASE - height(target), dash=True))
    marks.append(Mark("words", _LEFT, _BASE - height(target) - 5, text=f"全年任务{target}"))
    says = f"累计：{_said(so_far)}到月底应有：{_said(due)}全年任务{target}，照这样到年底约{heading}。"
    title = "累计上岗和全年任务（人次；虚线：应有，虚框：年底预计）"
    return Drawing(key="target", title=title, says=says, width=WIDTH, height=_HEIGHT, marks=tuple(marks))
