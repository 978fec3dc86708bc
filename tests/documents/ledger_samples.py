"""A month as it is signed, with corrections, a voided line and a late one; and how to make a busy one."""

from dataclasses import replace

from rules.codes import AgreementType, PersonGroup
from rules.ledger import (
    COLUMNS,
    WORDS,
    Cell,
    LedgerContent,
    LedgerFigure,
    LedgerHeader,
    LedgerList,
    LedgerListKind,
    Line,
    SummaryRow,
    agreements_key,
    group_key,
    ledger_number,
)

HEAD = "3f9a0c51d2e84b7766aa10cd93e5b1f204c8d7e6a5b4938271605f4e3d2c1b0a"
TEXTS = (
    "本月组织早市用工二十四场，回访雇主，调解拖欠工钱两件，全部追回。" * 4,
    "装卸岗位缺口大，早市七点以后到站的人少，保洁岗位时间不好排。",
    "联系邻近驿站调剂装卸工，下月办一场家政技能培训，把安全检查做到每周一次。" * 3,
)
"""Part 3."""
NUMBER = ledger_number(202611, "ZD-420112015-01", 2)


def cells(*texts) -> tuple[Cell, ...]:
    """A line of plain texts; a Cell stays as it is."""
    return tuple(one if isinstance(one, Cell) else Cell(one) for one in texts)


def money(fen: int, **more) -> Cell:
    """An amount in fen as it reads."""
    return Cell(f"{fen // 100}", amount=fen, money=True, **more)


def count(number: int, **more) -> Cell:
    """A number of people or pieces."""
    return Cell(str(number), amount=number, **more)


def placement(n: int, **more) -> Line:
    """An ordinary line of list ③."""
    number = f"T261103{n:05d}"
    texts = (
        "2026-11-03",
        number,
        f"G261103-01{n % 10000:04d}",
        "武汉某物流公司",
        "零工…123",
        "装卸",
        "180元/天",
        money(36000),
        "2026-11-03",
    )
    return Line(cells(*texts, f"零工劳务协议 XLW-2026-{n:06d}", "签到照片", "已到岗，满意"), number, "陈小满", key=f"placement:{n}", **more)


def busy_line(kind: LedgerListKind, n: int) -> Line:
    """The n-th line of any list."""
    if kind is LedgerListKind.PLACEMENTS:
        return placement(n)
    texts = []
    for column in COLUMNS[kind]:
        amount = money(100 * n) if "元" in column.label else count(n % 5)
        texts.append(amount if column.summed else Cell(f"{column.label}第{n}条"))
    return Line(tuple(texts), f"N{n}", "陈小满", key=f"{kind.value}:{n}")


def lines_of(kind: LedgerListKind) -> tuple[Line, ...]:
    """The sample's lines of a list."""
    match kind:
        case LedgerListKind.JOBS:
            first = ("2026-11-02", "G261102-010001", "仓库装卸工", "武汉某物流公司", "装卸", count(8, was=("3", "6"), marks=(2, 3)))
            second = ("2026-11-02", "G261102-010002", "日常保洁", "某家政服务部", "保洁", count(2))
            return (
                Line(cells(*first, "180元/天", "电话核实"), "G261102-010001", "陈小满", key="job:1"),
                Line(cells(*second, "35元/时", "上门核实"), "G261102-010002", "周建国", key="job:2"),
            )
        case LedgerListKind.SEEKERS:
            texts = ("2026-11-02", "Q26015000123", "王*", "男", "1986", "金银湖街道某某社区", "装卸、保洁", "到站")
            return (Line(cells(*texts), "Q26015000123", "陈小满", key="seeker:1"),)
        case LedgerListKind.PLACEMENTS:
            corrected = list(placement(2).cells)
            corrected[7] = money(54000, was=("360",), marks=(1,))
            corrected[8] = Cell("2026-11-04", was=("2026-11-03",), marks=(4,))
            why = "作废：用工单位取消派单，零工没有到岗；2026-11-04 07:40；经手人：陈小满"
            return (
                placement(1),
                replace(placement(2), cells=tuple(corrected)),
                placement(3, void=why),
                placement(4, late="补录：网络中断，晚一天补记（2026-11-05 09:10）"),
            )
        case LedgerListKind.FOLLOW_UPS:
            texts = ("2026-11-06", "T26110300001", "到岗后", "零工", "电话", "已到岗", "满意", "已拿到", money(18000), "")
            return (Line(cells(*texts), "T26110300001", "周建国", key="follow_up:1"),)
        case LedgerListKind.CASES:
            texts = ("拖欠工钱", "零工…123 / 某物流公司", count(3))
            one = ("2026-11-09", "FL261109001", *texts, money(66000), "调解成功", "2026-11-12", money(66000))
            other = ("2026-11-09", "FL261109002", *texts, money(20000), "调解成功", "2026-11-13", money(12050))
            return (
                Line(cells(*one), "FL261109001", "罗律师", key="legal_case:1"),
                Line(cells(*other), "FL261109002", "罗律师", key="legal_case:2"),
            )
        case LedgerListKind.TRAININGS:
            typed = '=HYPERLINK("http://x.example","叉车安全培训")'
            return (Line(cells("2026-11-12", "H1", typed, "本站", count(25), "都学完了"), "H1", "周建国", key="activity:1"),)
        case LedgerListKind.CORRECTIONS:
            return tuple(
                Line(cells(*texts), f"GZ{n}", texts[-1], key=f"correction:{n}")
                for n, texts in enumerate(
                    (
                        ("T26110300002", "应付报酬（元）", "360", "540", "漏记加班4小时", "2026-11-05 09:15", "陈小满"),
                        ("G261102-010001", "招工人数", "3", "6", "雇主电话增加", "2026-11-03 10:00", "周建国"),
                        ("G261102-010001", "招工人数", "6", "8", "听错了，雇主书面确认", "2026-11-03 15:20", "周建国"),
                        ("T26110300002", "到岗日期", "2026-11-03", "2026-11-04", "下雨推迟一天", "2026-11-05 09:20", "陈小满"),
                    ),
                    start=1,
                )
            )
    return ()


def summary() -> tuple[SummaryRow, ...]:
    """Part 1: most figures invented, those that the lists give agree with them."""
    given = {"POSTS": 2, "HEADCOUNT": 10, "SEEKERS": 1, "PLACED": 3, "CASES": 2, "RECOVERED": 78050, "TRAININGS": 1, "TRAINED": 25}
    given |= {"CALLS_DUE": 3, "CALLS": 2, "CALL_RATE": 666, "RATINGS": 4, "SATISFIED": 3, "SATISFACTION": 750, "VISITS": 812}
    rows = []
    for place, figure in enumerate(LedgerFigure):
        month = given.get(figure.value, place)
        rows.append(SummaryRow(figure.value, figure.label, figure.unit.value, month, month * 5 if figure.adds_up else month, None))
        if figure is LedgerFigure.PERSONS:
            rows += [SummaryRow(group_key(each), f"其中：{each.label}", "人", n, n * 3, None, True) for n, each in enumerate(PersonGroup)]
        if figure is LedgerFigure.AGREEMENTS:
            rows += [SummaryRow(agreements_key(each), each.label, "份", n, n * 3, None, True) for n, each in enumerate(AgreementType)]
    return tuple(rows)


def header(**changes) -> LedgerHeader:
    """What stands on top."""
    values = {
        "station": "金银湖街道零工驿站",
        "station_code": "ZD-420112015-01",
        "build_mode": "SUBDISTRICT_LED",
        "operation_mode": "SELF_RUN",
        "operator": "武汉湖畔人力资源有限公司",
        "month": 202611,
        "filled_by": "陈小满",
        "manager": "吴站长",
        "supervising_unit": "金银湖街道办事处",
        "version": 2,
        "number": NUMBER,
        "reason": "到岗日期更正",
    }
    return LedgerHeader(**values | changes)


def content(*, lines: int = 0, **changes) -> LedgerContent:
    """The sample; with `lines`, so many of list ③ and the others in proportion."""
    lists = []
    for kind in LedgerListKind:
        share = lines if kind is LedgerListKind.PLACEMENTS else lines // 3
        more = () if kind is LedgerListKind.CORRECTIONS else tuple(busy_line(kind, n) for n in range(5, share + 5))
        lists.append(LedgerList(kind, COLUMNS[kind], lines_of(kind) + more if lines else lines_of(kind)))
    values = {
        "header": header(),
        "summary": summary(),
        "lists": tuple(lists),
        **dict(zip(WORDS, TEXTS, strict=True)),
        "head_chain": "station:1001",
        "head_seq": 10234,
        "head_hash": HEAD,
        "made_at": "2026-12-02T09:00:00+08:00",
    }
    return LedgerContent(**values | changes)
