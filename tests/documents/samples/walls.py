"""What hangs on the wall: rule boards and the papers of the calling order."""

from datetime import date, time

from rules.boards import board_text, fill_board
from rules.calling_order import draw_command, draw_text, drawn, rule_words
from rules.calling_papers import CallingRuleSheet, DrawSheet, FairnessSheet, MorningSheet
from rules.codes import (
    BoardKind,
    CallingMethod,
)
from rules.documents import (
    BoardPaper,
)
from tests.documents.samples.station import CREATED, STATION

BOARD_VALUES = {
    "监督单位": STATION.supervising_unit,
    "监督电话": STATION.supervising_phone,
    "驿站投诉电话": STATION.complaint_phone,
    "答复工作日": "5",
    "小时最低工资": "24",
}


def board(kind=BoardKind.STAFF, paper="A3", **changes):
    text = fill_board(board_text(kind), BOARD_VALUES)
    return BoardPaper(
        **{
            "station": STATION,
            "number": f"ZD-420112015-01-{kind.value}",
            "created": CREATED,
            "kind": kind.value,
            "title": text.title,
            "groups": text.groups,
            "basis": text.basis,
            "effective_date": date(2026, 12, 1),
            "paper": paper,
            "public_url": f"HTTPS://LG.EXAMPLE.GOV.CN/STATIONS/ZD-420112015-01/BOARDS/{kind.value.upper()}",
            **changes,
        }
    )


CALLING_URL = "http://127.0.0.1:8000/stations/ZD-420112015-01/calling"

MARKET_DAY, SEED = date(2026, 12, 1), "9f2c4b6d8e0a1c3e5f7a9b1d3f5e7a9c"


def calling_rule(**changes):
    return CallingRuleSheet(
        **{
            "station": STATION,
            "number": "JH003-420112015-01",
            "created": CREATED,
            "version": 3,
            "method": CallingMethod.DRAW.label,
            "draw_at": "06:30",
            "lines": rule_words(CallingMethod.DRAW, time(6, 30)),
            "reason": "早上来的人多，到站先后差不了几秒，" * 12,
            "effective_from": MARKET_DAY,
            "public_url": CALLING_URL,
            **changes,
        }
    )


def draw_sheet(**changes):
    lines = drawn(STATION.code, MARKET_DAY, SEED, 20)
    return DrawSheet(
        **{
            "station": STATION,
            "number": "CQ261201-420112015-01",
            "created": CREATED,
            "day": MARKET_DAY,
            "rule_version": 3,
            "draw_at": "06:30",
            "seed": SEED,
            "published": "2026-11-30 18:00:03",
            "held": "2026-12-01 06:31:10",
            "tickets": 20,
            "text": draw_text(STATION.code, MARKET_DAY, SEED, 20, "号"),
            "first_text": lines[0].text,
            "command": draw_command(STATION.code, MARKET_DAY, SEED, 20),
            "lines": tuple((line.place, line.ticket, line.digest) for line in lines),
            "public_url": CALLING_URL,
            **changes,
        }
    )


def morning_sheet(**changes):
    return MorningSheet(
        **{
            "station": STATION,
            "number": "ZS261201-420112015-01",
            "created": CREATED,
            "day": MARKET_DAY,
            "method": CallingMethod.ARRIVAL.label,
            "rule_version": 2,
            "draw_at": "",
            "seed": "",
            "tickets": 0,
            "note": "按到站先后叫号。",
            "as_of": "2026-12-01 07:02:11",
            "people": tuple((f"{n}", f"{n:03d}", f"零工…{n:03d}", "3", "2026-11-28", f"05:30:{n:02d}", "等活") for n in range(1, 13)),
            "demands": (("G261201-010001", "超市搬运工", "武汉某物流公司", "6", "2", "4"),),
            "calls": (("06:41:02", "012", "跳过", "G261201-010001", "没有要求的证书", "001、002"),),
            **changes,
        }
    )


def fairness_sheet(**changes):
    return FairnessSheet(
        **{
            "station": STATION,
            "number": "GP2612-420112015-01",
            "created": CREATED,
            "month": "2026年12月",
            "figures": (("签到人次", "812"), ("派到活的人次", "540"), ("没按顺序叫号（应为0）", "0")),
            "deciles": (0, 0, 1, 2, 3, 4, 6, 9, 14, 31),
            "named": (("武汉某物流公司", "3"),),
            "skips": (("2001 陈*", "不会做这种活", "4"),),
            **changes,
        }
    )
