"""Workbooks (.xlsx): the columns of the two templates, how a cell reads as a form field, and what no file may contain.

A cell holds what people see: a label of a code table, 是, a date. `fields_of` turns a row into the fields that the
counter's form would have posted, so that a row passes exactly the same checks as somebody at the counter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from rules.codes import (
    SUBDISTRICTS,
    TRADES,
    Benefit,
    CertificateType,
    ConsentMethod,
    Education,
    Hazard,
    IdType,
    ImportKind,
    InsuranceState,
    PayBasis,
    PayMethod,
    PayUnit,
    PensionStatus,
    Relation,
    SettleCycle,
    Slot,
)
from rules.errors import RuleBroken

MAXIMUM_ROWS = 5_000
MAXIMUM_COLUMNS = 50
MAXIMUM_UPLOAD = 5 * 1024 * 1024
MAXIMUM_UNPACKED = 20 * 1024 * 1024
MAXIMUM_FILES = 200
MAXIMUM_CELL = 2_000
"""Characters of a cell that are read; longer texts are wrong in every column."""

EXAMPLE = "示例："
"""How the key cell of the template's example row begins; such a row is skipped."""

RESULT, REASON = "结果", "原因"
"""The two columns that a returned workbook has in front; an upload ignores them."""

YES = "是"

TEMPLATE_HINT = "请从“批量登记”页下载模板，照着填。"

SENTENCES: dict[str, str] = {
    "old": "这是老格式（.xls）或者加了密码的文件，读不了。请去掉密码，另存为“Excel 工作簿（.xlsx）”后再上传。",
    "kind": f"只收 .xlsx 文件。CSV、WPS 文档等请先另存为“Excel 工作簿（.xlsx）”。{TEMPLATE_HINT}",
    "size": "文件太大：最大5 MB。请删去图片和用不着的工作表，或者分成几个文件上传。",
    "bomb": "这个文件解开以后太大，不像是登记表，没有读。请用模板重新填写后上传。",
    "macro": "文件里带有宏（程序），没有读。请另存为不带宏的“Excel 工作簿（.xlsx）”后再上传。",
    "links": "文件里连着别的文件，没有读。请把数据“选择性粘贴—数值”到模板里后再上传。",
    "doctype": "这个文件的内容不对，没有读。请用模板重新填写后上传。",
    "formula": "{where}里是公式，没有读。请选中后“复制—选择性粘贴—数值”，把公式换成结果再上传。",
    "rows": f"一次最多{MAXIMUM_ROWS:,}行。请分成几个文件上传。",
    "columns": f"最多{MAXIMUM_COLUMNS}栏，这个文件的栏太多。{TEMPLATE_HINT}",
    "header": f"第一行缺少这些栏：{{where}}。{TEMPLATE_HINT}",
    "twice": f"第一行有两个“{{where}}”栏，不知道看哪个。{TEMPLATE_HINT}",
    "empty": "表里还没有数据。请从模板的第3行开始填，一行一条。",
    "time": "这个文件读了太久，没有读完。请分成几个文件上传。",
    "broken": f"这个文件打不开，可能已经损坏。{TEMPLATE_HINT}",
}
"""Why a file is not read, by the word its inspection answers; `{where}` is a cell or the missing columns."""


def refusal(word: str, where: str = "") -> str:
    """The sentence for a file that is not read."""
    return SENTENCES.get(word, SENTENCES["broken"]).replace("{where}", where)


class Reads(StrEnum):
    """How a cell is read."""

    TEXT = "text"
    CHOICE = "choice"
    CHOICES = "choices"
    YES = "yes"
    SLOTS = "slots"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a template; `key` is the field of the counter's form, `options` its (value, label) pairs."""

    key: str
    label: str
    example: str = ""
    required: bool = False
    reads: Reads = Reads.TEXT
    options: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    width: int = 12

    @property
    def listed(self) -> tuple[str, ...]:
        """What the drop-down offers; () for none."""
        if self.reads is Reads.YES:
            return (YES,)
        if self.reads is Reads.SLOTS:
            return SLOT_PRESETS
        return tuple(label for _, label in self.options) if self.reads is Reads.CHOICE else ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A template: its columns in order, the first one being the key cell of a row."""

    kind: ImportKind
    title: str
    columns: tuple[Column, ...]
    guide: tuple[str, ...]

    def column(self, key: str) -> Column | None:
        """The column of a form field; None for a field that has none."""
        return next((column for column in self.columns if column.key == key), None)


SLOT_PRESETS = ("每天全天", "每天白天", "每天晚上", "周一至周五全天", "周一至周五白天", "周一至周五晚上", "周末全天")
"""Free times that most people name; anything like 周一至周五上午；周六全天 may be typed as well."""


def _pairs(table: type, *wanted: str) -> tuple[tuple[str, str], ...]:
    return tuple((each.value, each.label) for each in table if not wanted or each.value in wanted)  # type: ignore[attr-defined]


_TRADES = tuple((trade.code, trade.label) for trade in TRADES.values())
_PLACES = tuple(SUBDISTRICTS.items())


def _certificate(n: int) -> tuple[Column, ...]:
    return (
        Column(f"certificate{n}", f"证书{n}", reads=Reads.CHOICE, options=_pairs(CertificateType), width=16),
        Column(f"certificate{n}_number", f"证书{n}证号", width=18),
        Column(f"certificate{n}_valid_to", f"证书{n}到期日", reads=Reads.DAY, hint="写成 2028-05-31"),
    )


SEEKERS = Sheet(
    ImportKind.SEEKERS,
    "求职登记",
    (
        Column("name", "姓名", f"{EXAMPLE}李晓明", True),
        Column("id_type", "证件类型", "居民身份证", False, Reads.CHOICE, _pairs(IdType), "不填就是居民身份证", 16),
        Column("id_number", "证件号码", "11010519491231002X", True, hint="按证件填，18位", width=22),
        Column("birth_date", "出生日期", "", False, Reads.DAY, hint="证件号码看不出来的才填"),
        Column("gender", "性别", "", False, Reads.CHOICE, (("M", "男"), ("F", "女")), "证件号码看不出来的才填", 8),
        Column("phone", "电话", "19900000101", True, width=16),
        Column("phone_owner", "电话是谁的", "", hint="不是本人的才填，例如：儿子"),
        Column("phone_shared", "与别人共用电话", "", False, Reads.YES, hint="电话已登记给别人，核对过不是同一个人的填“是”", width=16),
        Column("subdistrict", "居住街道", "金银湖街道", True, Reads.CHOICE, _PLACES, width=16),
        Column("community", "社区或村", "示范社区", True, hint="不用写门牌", width=16),
        Column("trade1", "工种1", "快递分拣", True, Reads.CHOICE, _TRADES, width=16),
        *(Column(f"trade{n}", f"工种{n}", reads=Reads.CHOICE, options=_TRADES, width=16) for n in range(2, 6)),
        Column(
            "slots", "能上工的时间", "周一至周五白天", True, Reads.SLOTS, hint="可以从下拉选，也可以写：周一至周五上午；周六全天", width=24
        ),
        Column("consent", "已签告知书", YES, True, Reads.YES, hint="本人已在纸质《个人信息处理告知书》上签名的填“是”；没有签的不能登记"),
        Column(
            "consent_method",
            "怎样同意的",
            ConsentMethod.SIGNED_PAPER.label,
            True,
            Reads.CHOICE,
            _pairs(ConsentMethod, ConsentMethod.SIGNED_PAPER.value, ConsentMethod.READ_ALOUD.value),
            width=26,
        ),
        Column("original_seen", "已看证件原件", YES, True, Reads.YES),
        Column("pledge", "承诺已读给本人", YES, True, Reads.YES, width=16),
        Column("education", "学历", "高中", False, Reads.CHOICE, _pairs(Education)),
        Column("skills", "技能与年限", "分拣2年", width=20),
        *(column for n in (1, 2) for column in _certificate(n)),
        Column("pay_wish", "想要的工钱", "一天200元"),
        Column("max_km", "最远几公里", "10"),
        Column("pension", "养老金", "", False, Reads.CHOICE, _pairs(PensionStatus), "接近或者超过退休年龄的要填", 24),
        Column("training_wish", "想学什么"),
        Column("guardian_name", "监护人姓名", hint="16、17周岁的要填"),
        Column("guardian_phone", "监护人电话", width=16),
        Column("guardian_consent", "监护人同意", "", False, Reads.YES),
        Column("by_proxy", "由驿站代办", "", False, Reads.YES, hint="没有手机的人填“是”"),
        Column("read_aloud", "不识字要读", "", False, Reads.YES),
    ),
    (
        "一行一个人，从第3行开始填；第2行是示例，读的时候会跳过，可以删。",
        "带 * 的栏必填。有下拉的栏请从下拉里选。",
        "号码栏已设为文本，直接填数字就行，不要加空格或者引号。",
        "本人没有在纸质告知书上签名的，不能登记；工作人员要看过证件原件。",
        "未满16周岁的不能登记，也不会留下任何信息。",
        f"一次最多{MAXIMUM_ROWS:,}行，文件最大5 MB。不要用公式，不要带宏。",
        "上传后先试读，不会直接登记：看过结果，按“确认登记”才会登记。有错的行可以下载回来，改好再上传。",
    ),
)

JOBS = Sheet(
    ImportKind.JOBS,
    "招工登记",
    (
        Column(
            "employer",
            "雇主代码",
            f"{EXAMPLE}91420112MA4K000018",
            True,
            hint="单位填统一社会信用代码，个人填证件号码；雇主须先在本站登记",
            width=24,
        ),
        Column("title", "岗位名称", "快递分拣日结", True, width=18),
        Column("trade", "工种", "快递分拣", True, Reads.CHOICE, _TRADES, width=16),
        Column("headcount", "人数", "5", True, width=8),
        Column("duties", "工作内容", "分拣包裹，按片区放好，最重不超过15公斤。", True, hint="至少10个字", width=36),
        Column("requirements", "招用条件", "", hint="只写与岗位直接有关的能力", width=20),
        Column("subdistrict", "工作街道", "金银湖街道", True, Reads.CHOICE, _PLACES, width=16),
        Column("landmark", "公开地点", "宏图大道地铁站", True, hint="地标或者路口，不写门牌", width=18),
        Column("exact_address", "详细地址", "宏图大道18号3号库", hint="不公开", width=22),
        Column("contact_name", "联系人", "", hint="不公开；不填就是雇主的经办人"),
        Column("contact_phone", "联系电话", "", hint="不公开；不填就是雇主的电话", width=16),
        Column("start_date", "开始日期", "2026-12-03", True, Reads.DAY, hint="写成 2026-12-03"),
        Column("end_date", "结束日期", "2026-12-04", False, Reads.DAY),
        Column("start_time", "上班", "08:00", True, hint="写成 08:00", width=8),
        Column("end_time", "下班", "17:30", True, width=8),
        Column("break_minutes", "休息分钟", "90"),
        Column("weekly_days", "每周几天", ""),
        Column("live_in", "住家", "", False, Reads.YES, width=8),
        Column("valid_to", "有效期至", "2026-12-20", True, Reads.DAY, hint="最长30天"),
        Column("pay_basis", "计酬方式", "计时", True, Reads.CHOICE, _pairs(PayBasis)),
        Column("pay_fen", "单价（元）", "220", True),
        Column("pay_unit", "单位", "天", True, Reads.CHOICE, _pairs(PayUnit), width=8),
        Column("output_per_hour_milli", "每小时完成量", "", hint="计件的要填，按一般熟练程度"),
        Column("settle_cycle", "结算周期", "日结", True, Reads.CHOICE, _pairs(SettleCycle)),
        Column("pay_method", "支付方式", "现金", False, Reads.CHOICE, _pairs(PayMethod)),
        Column("insurance", "保险情况", "雇主代买意外险", False, Reads.CHOICE, _pairs(InsuranceState), width=20),
        Column("benefits", "食宿交通等待遇", "管午饭", False, Reads.CHOICES, _pairs(Benefit), "几项之间用顿号隔开", 20),
        Column("certificates", "证书要求", "", False, Reads.CHOICES, _pairs(CertificateType), "几项之间用顿号隔开", 20),
        Column("hazards", "危险因素", "", False, Reads.CHOICES, _pairs(Hazard), "几项之间用顿号隔开", 20),
        Column("hazard_notice", "危险告知", width=20),
        Column("protection", "防护措施", width=20),
        Column("heat_measures", "防暑降温", width=16),
        Column("overtime_terms", "加班约定", width=16),
        Column("pickup_place", "接送上车地点", "", hint="不公开", width=16),
        Column("pickup_time", "接送时间"),
        Column("juvenile_ok", "可用16至17周岁的人", "", False, Reads.YES, width=18),
        Column("relation", "用工方式", "", False, Reads.CHOICE, _pairs(Relation), "不填就是还没定", 20),
        Column("remarks", "备注", width=20),
        Column("promise", "雇主已同意承诺", YES, True, Reads.YES, hint="雇主看过并同意雇主承诺的填“是”", width=16),
    ),
    (
        "一行一个岗位，从第3行开始填；第2行是示例，读的时候会跳过，可以删。",
        "带 * 的栏必填。有下拉的栏请从下拉里选。",
        "雇主要先在本站登记；没有登记过的，这一行会退回来。",
        "登记后是草稿，登记人是您，仍要逐个提交审核，由同事审核后才会公开。",
        "内容一样的岗位（同一雇主、同一名称和内容、同一天开始）只登记一次。",
        f"一次最多{MAXIMUM_ROWS:,}行，文件最大5 MB。不要用公式，不要带宏。",
        "上传后先试读，不会直接登记：看过结果，按“确认登记”才会登记。有错的行可以下载回来，改好再上传。",
    ),
)

SHEETS: dict[ImportKind, Sheet] = {sheet.kind: sheet for sheet in (SEEKERS, JOBS)}

_SEPARATORS = re.compile(r"[、，,;；/\s]+")


def folded(text: str) -> str:
    """A label as it is compared: half-width, without spaces or the star of a required column, lower case."""
    return "".join(unicodedata.normalize("NFKC", text).split()).replace("*", "").lower()


@cache
def _values(options: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Folded label, code, or code and label → value."""
    found: dict[str, str] = {}
    for value, label in options:
        for written in (label, value, f"{value}{label}"):
            found.setdefault(folded(written), value)
    return found


def headings(sheet: Sheet, first_row: Sequence[str]) -> dict[int, str]:
    """Place → key of every known column of a header row.

    RuleBroken with the sentence: a required column is missing, or one stands there twice.
    """
    known = {folded(column.label): column for column in sheet.columns}
    places: dict[int, str] = {}
    for place, text in enumerate(first_row):
        column = known.get(folded(text))
        if column is None:
            continue
        if column.key in places.values():
            raise RuleBroken(refusal("twice", column.label))
        places[place] = column.key
    missing = [column.label for column in sheet.columns if column.required and column.key not in places.values()]
    if missing:
        raise RuleBroken(refusal("header", "、".join(missing[:8]) + ("等" if len(missing) > 8 else "")))
    return places


def is_example(sheet: Sheet, cells: Mapping[str, str]) -> bool:
    """Whether this is the template's own example row."""
    return cells.get(sheet.columns[0].key, "").startswith(EXAMPLE)


def fields_of(sheet: Sheet, cells: Mapping[str, str]) -> tuple[list[tuple[str, str]], dict[str, str]]:
    """The row as the counter's form would post it, and column key → sentence for every cell that could not be read."""
    fields: list[tuple[str, str]] = []
    problems: dict[str, str] = {}
    for column in sheet.columns:
        text = cells.get(column.key, "").strip()
        if not text:
            continue
        if len(text) > MAXIMUM_CELL:
            problems[column.key] = f"{column.label}太长了，请删短。"
            continue
        try:
            fields += [(column.key, value) for value in _read(column, text)]
        except RuleBroken as broken:
            problems[column.key] = broken.message
    return fields, problems


def _read(column: Column, text: str) -> list[str]:
    match column.reads:
        case Reads.CHOICE:
            return [_one(column, text)]
        case Reads.CHOICES:
            return _many(column, text)
        case Reads.YES:
            return ["y"] if _yes(column, text) else []
        case Reads.SLOTS:
            return list(read_slots(text))
    return [text]


def _one(column: Column, text: str) -> str:
    value = _values(column.options).get(folded(text))
    if value is None:
        raise RuleBroken(f"{column.label}没有“{text[:20]}”这一项，请从下拉里选。")
    return value


def _many(column: Column, text: str) -> list[str]:
    """Labels one after the other; some labels hold separators themselves, so the longest one that fits is taken."""
    values = _values(column.options)
    chosen: list[str] = []
    parts = [folded(part) for part in _SEPARATORS.split(text) if part]
    while parts:
        for taken in range(len(parts), 0, -1):
            value = next((values[name] for joint in ("", "、", ",", "/") if (name := joint.join(parts[:taken])) in values), None)
            if value is not None:
                chosen.append(value)
                parts = parts[taken:]
                break
        else:
            raise RuleBroken(f"{column.label}没有“{parts[0][:20]}”这一项，请看“填写说明”里能填什么，几项之间用顿号隔开。")
    return list(dict.fromkeys(chosen))


def _yes(column: Column, text: str) -> bool:
    word = folded(text)
    if word in ("是", "y", "yes", "√", "1", "对", "有", "true"):
        return True
    if word in ("否", "n", "no", "×", "x", "0", "没有", "无", "false"):
        return False
    raise RuleBroken(f"{column.label}请填“是”，不是的空着。")


_DAYS = {letter: day for day, letter in enumerate("一二三四五六日")} | {"天": 6}
_TOKEN = re.compile(
    r"(?P<all>每天|天天|随时|都行|都可以)|(?P<work>工作日)|(?P<end>周末|双休日)|(?P<to>至|到|-|~)"
    r"|(?:周|星期|礼拜)?(?P<day>[一二三四五六日天])(?!天)"
    r"|(?P<slot>全天|白天|上午|下午|晚上|夜里|夜间|夜班)|(?P<cut>[;；。\n])|(?P<joint>[、，,和及\s])"
)
_SLOTS = {
    "全天": tuple(Slot),
    "白天": (Slot.MORNING, Slot.AFTERNOON),
    "上午": (Slot.MORNING,),
    "下午": (Slot.AFTERNOON,),
    **dict.fromkeys(("晚上", "夜里", "夜间", "夜班"), (Slot.NIGHT,)),
}
_SLOTS_HINT = "能上工的时间没看懂，请从下拉里选，或者写成：周一至周五上午；周六全天。"


def read_slots(text: str) -> tuple[str, ...]:
    """Free times in words as "weekday-slot" cells: 周一至周五白天；周六上午. RuleBroken when a word is not understood."""
    text = unicodedata.normalize("NFKC", text).replace("—", "-").replace("–", "-")
    cells: set[tuple[int, Slot]] = set()
    days: list[int] = []
    slots: list[Slot] = []
    until = False

    def settle() -> None:
        cells.update((day, slot) for day in days for slot in (slots or tuple(Slot)))
        days.clear()
        slots.clear()

    position = 0
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:
            raise RuleBroken(_SLOTS_HINT)
        position = token.end()
        kind = token.lastgroup
        if kind in ("all", "work", "end", "day") and slots:
            settle()  # 周一上午，周二下午: a new day begins a new group
        if kind == "all":
            days += range(7)
        elif kind == "work":
            days += range(5)
        elif kind == "end":
            days += (5, 6)
        elif kind == "day":
            day = _DAYS[token["day"]]
            if until and days:
                days += [each % 7 for each in range(days[-1], days[-1] + (day - days[-1]) % 7 + 1)]
            else:
                days.append(day)
        elif kind == "slot":
            days = days or list(range(7))
            slots += _SLOTS[token["slot"]]
        elif kind == "cut":
            settle()
        until = kind == "to"
    settle()
    if not cells or until:
        raise RuleBroken(_SLOTS_HINT)
    order = list(Slot)
    return tuple(f"{day}-{slot.value}" for day, slot in sorted(cells, key=lambda cell: (cell[0], order.index(cell[1]))))


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def harmless(text: str) -> str:
    """A text as it may stand in a cell: without control characters, tabs and line feeds as spaces and line breaks."""
    plain = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    return plain[:32_000].lstrip(" \n") if plain[:1] in " \n" else plain[:32_000]


def begins_like_a_formula(text: str) -> bool:
    """Whether a spreadsheet might take the text for something to calculate (ASVS 1.2.10)."""
    return text[:1] in ("=", "+", "-", "@", "＝", "＋", "－", "＠", "|", "%")


def findings_of(rows: Iterable[Mapping], sheet: Sheet, most: int = 50) -> list[dict]:
    """The first rows that cannot be registered: row, what it is, column and reason. Reasons never repeat a number."""
    found: list[dict] = []
    for row in rows:
        if row["state"] in ("fresh", "child"):
            continue
        for key, message in row["problems"][:3]:
            column = sheet.column(key)
            found.append({"row": row["row"], "state": row["state"], "column": column.label if column else "", "reason": message})
        if len(found) >= most:
            break
    return found[:most]
