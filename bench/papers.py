"""The two papers that are measured, with invented people, and the HTML they are printed from.

`python -m bench.papers` prints {name: HTML with its styles} as JSON, laid out by our press once, so that the board
has the type size our press found; Chromium is given exactly that.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from rules.agreements import fill
from rules.boards import board_text, fill_board
from rules.codes import AgreementType, BoardKind
from rules.documents import AgreementPaper, BoardPaper, StationImprint
from rules.wordings import built_in

CREATED = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)
STATION = StationImprint(
    name="金银湖街道零工驿站",
    code="ZD-420112015-01",
    phone="027-8388 0001",
    complaint_phone="027-8388 0002",
    supervising_unit="金银湖街道办事处",
    supervising_phone="027-8388 0003",
    address="金银湖街道环湖路 36 号",
    opening_hours="每天 6:00至20:00",
)
_AGREEMENT = {
    "协议编号": "XLW-2026-000187",
    "甲方名称": "武汉示范商业管理有限公司",
    "甲方证件类型": "统一社会信用代码",
    "甲方证件号": "91420112MA4KXXXX0X",
    "甲方法定代表人": "赵国强",
    "甲方地址": "武汉市东西湖区金银湖街道环湖路88号",
    "甲方联系人": "何晓㼆",
    "甲方电话": "139 0000 0000",
    "乙方姓名": "王䶮",
    "乙方证件号": "420199198001097782",
    "乙方住址": "武汉市东西湖区将军路街道某某小区3栋1单元502室",
    "乙方电话": "138 0000 0000",
    "乙方紧急联系人": "王秀英",
    "乙方紧急电话": "137 0000 0000",
    "工作内容": "门店货物搬运、上架，每件不超过25公斤",
    "工作地点": "金银湖街道环湖路88号超市后仓",
    "质量要求": "轻拿轻放，按货架标签摆放",
    "开始日期": "2026年11月23日",
    "结束日期": "2026年11月25日",
    "开始时间": "08:00",
    "结束时间": "17:00",
    "休息安排": "12:00至13:00",
    "计酬方式": "计时",
    "计量单位": "天",
    "单价": "220.00",
    "预计数量": "3天",
    "报酬合计大写": "陆佰陆拾元整（660.00元）",
    "结算周期": "日",
    "支付日期": "每个工作日结束",
    "支付方式": "微信",
    "食宿交通约定": "管午饭",
    "防护用品": "手套、防砸鞋",
    "危险告知": "负重、货架坠落",
    "保险约定": "甲方为乙方购买意外伤害保险",
    "特别约定": "",
    "驿站名称": STATION.name,
    "驿站电话": STATION.phone,
    "指导人": "李敏",
}
_BOARD = {
    "监督单位": STATION.supervising_unit,
    "监督电话": STATION.supervising_phone,
    "驿站投诉电话": STATION.complaint_phone,
    "答复工作日": "5",
    "小时最低工资": "24",
}


def agreement(number: int = 1) -> AgreementPaper:
    """An agreement of three pages; another number, another paper."""
    code = f"XLW-2026-{number:06d}"
    return AgreementPaper(
        station=STATION,
        number=code,
        created=CREATED,
        text=fill(built_in(AgreementType.ONE_OFF_SERVICE), _AGREEMENT | {"协议编号": code}, ()),
        verify_url=f"HTTPS://LG.EXAMPLE.GOV.CN/VERIFY/{code}",
        check_code="0E7A-2B74",
        unit_employer=True,
    )


def board(number: int = 1) -> BoardPaper:
    """A rule board on A3; another number, another paper."""
    text = fill_board(board_text(BoardKind.STAFF), _BOARD)
    return BoardPaper(
        station=STATION,
        number=f"ZD-420112015-01-{number:02d}",
        created=CREATED,
        kind=BoardKind.STAFF.value,
        title=text.title,
        groups=text.groups,
        basis=text.basis,
        effective_date=date(2026, 12, 1),
        paper="A3",
        public_url="HTTPS://LG.EXAMPLE.GOV.CN/STATIONS/ZD-420112015-01/BOARDS/STAFF",
    )


def board_a1(number: int = 1) -> BoardPaper:
    """The same board on A1."""
    return replace(board(number), paper="A1")


PAPERS = {"agreement": agreement, "board A3": board, "board A1": board_a1}


def template_of(name: str) -> str:
    """The template a measured paper is laid out by."""
    return name.split()[0]


def html_with_styles() -> dict[str, str]:
    """Name to HTML with everything it is styled by; needs WeasyPrint, so it runs in a process of its own."""
    from web.documents import press as presses
    from web.documents import typesetting

    press = presses.Press()
    extra: dict[int, str] = {}
    fit_board = presses.fit_board

    def noting(lay_out: Any, *size: Any) -> Any:
        laid: list[tuple[Any, str]] = []

        def noted(more: str = "") -> Any:
            laid.append((lay_out(more), more))
            return laid[-1][0]

        chosen = fit_board(noted, *size)
        extra[0] = next(more for document, more in laid if document is chosen)
        return chosen

    presses.fit_board = noting
    pages = {}
    for name, paper in PAPERS.items():
        template = template_of(name)
        extra.clear()
        context = {"paper": paper()}
        press.pdf(template, context)
        sheets = [(typesetting.TEMPLATES / "documents" / name).read_text() for name in presses.SHEETS.get(template, ("base.css",))]
        styles = "\n".join([*sheets, *extra.values()])
        page = typesetting.html_of(press.env, template, context)
        pages[name] = page.replace("</head>", f"<style>{styles}</style></head>", 1)
    return pages


if __name__ == "__main__":
    print(json.dumps(html_with_styles(), ensure_ascii=False))
