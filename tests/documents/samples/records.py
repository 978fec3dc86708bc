"""What is kept and handed on: call-backs, advice, disputes, ratings, statistics, corrections, samples, ledger."""

from itertools import pairwise

from rules.codes import (
    SampleVerdict,
    Side,
)
from rules.correction_papers import CorrectedLine, CorrectionSheet
from rules.documents import (
    CallBackRow,
    CallBackSheet,
    ticks,
)
from rules.form_papers import CAUSES, DISPUTE_CLASSES, STANDINGS, DisputeRecord, LegalForm, RatingSheet, boxes_of
from rules.ledger_papers import LedgerSheet
from rules.samples import SampleSheet, sample_command, sample_text, sampled
from rules.statistics.drawings import Drawing, Mark
from rules.statistics.papers import PrintedPart, PrintedTable, StatisticsSheet
from tests.documents import ledger_samples
from tests.documents.samples.station import CREATED, STATION


def call_back(**changes):
    """雇主回访记录表 as it was filled in on the telephone."""
    yes_no = [("yes", "有"), ("no", "没有")]
    return CallBackSheet(
        **{
            "station": STATION,
            "number": "T26120100001-EE",
            "created": CREATED,
            "title": "雇主回访记录表",
            "kind": "完工回访",
            "facts": (
                ("岗位", "超市搬运工（G261122-010007）"),
                ("雇主", "武汉永旺商业管理有限公司东西湖分公司"),
                ("零工", "王䶮"),
                ("到岗日期", "2026年11月20日"),
            ),
            "methods": ticks([("PHONE", "电话"), ("COUNTER", "当面"), ("VISIT", "上门")], ("PHONE",)),
            "rows": (
                CallBackRow("受访人", (), "何晓㼆"),
                CallBackRow(
                    "是否到岗", ticks([("FINISHED", "已完工"), ("LEFT", "中途离开"), ("NOT_STARTED", "未到岗")], ("FINISHED",)), ""
                ),
                CallBackRow("到岗人数", (), "1人"),
                CallBackRow("表现", ticks([("GOOD", "好"), ("FAIR", "一般"), ("BAD", "差")], ("GOOD",)), ""),
                CallBackRow("报酬是否按期支付", ticks([("PAID", "已付清"), ("PART", "付了一部分"), ("UNPAID", "没有付")], ("PAID",)), ""),
                CallBackRow("有无受伤", ticks(yes_no, ("no",)), ""),
                CallBackRow("有无纠纷", ticks(yes_no, ("no",)), ""),
                CallBackRow("有无被收费", (), "已问。答复按规定直接报监督单位，本表不记载。"),
                CallBackRow("满意度（1至5）", ticks([(str(n), str(n)) for n in range(1, 6)], ("5",)), ""),
                CallBackRow("是否继续用工", ticks([("YES", "还要用"), ("NO", "不用了")], ("YES",)), ""),
            ),
            "note_label": "意见和建议",
            "note": "人很好，下次还请他。",
            "filled": True,
            "made_by": "李敏",
            "made_on": "2026年11月22日 09:30",
            "verify_url": "HTTPS://LG.EXAMPLE.GOV.CN/VERIFY/T26120100001-EE",
            **changes,
        }
    )


def legal_form(**changes):
    """法律咨询登记表 of a case that was worked on."""
    return LegalForm(
        **{
            "station": STATION,
            "number": "FL261122003",
            "created": CREATED,
            "party": "王䶮（Q26015000123）",
            "standing": boxes_of(STANDINGS, "零工"),
            "opponent": "武汉永旺商业管理有限公司东西湖分公司",
            "cause": boxes_of(CAUSES, "拖欠报酬"),
            "work": "超市搬运工（推荐单 T26112200045）",
            "facts": "11月20日、21日在永旺超市后仓搬货两天，说好日结220元，到现在一分没付，打电话说下个月再说。",
            "amount": "440元",
            "limit_on": "2027年11月21日",
            "limit_note": "按申请劳动仲裁的时效算，别的途径可能更长",
            "handler": "罗律师",
            "steps": (
                ("2026年11月22日 09:30", "办理中", "罗律师", "打电话给雇主，答应明天付。"),
                ("2026年11月23日 17:10", "已解决", "罗律师", "雇主付清440元，本人已收到。"),
            ),
            "result": "已解决，拿到440元。",
            "registrar": "李敏",
            "registered_on": "2026年11月22日",
            "verify_url": "HTTPS://LG.EXAMPLE.GOV.CN/VERIFY/FL261122003",
            **changes,
        }
    )


def dispute_record(**changes):
    """争议调处记录 as it is printed from a case, for both sides to write and sign."""
    whole = legal_form()
    return DisputeRecord(
        **{
            "station": STATION,
            "number": whole.number,
            "created": CREATED,
            "classes": boxes_of(DISPUTE_CLASSES, DISPUTE_CLASSES[0]),
            "applicant": whole.party,
            "respondent": whole.opponent,
            "cause": whole.cause,
            "work": whole.work,
            "facts": whole.facts,
            "amount": whole.amount,
            "limit_on": whole.limit_on,
            "handler": whole.handler,
            "verify_url": whole.verify_url,
            **changes,
        }
    )


def rating_form(**changes):
    """服务评价表 of one work, for somebody without a phone."""
    return RatingSheet(
        **{
            "station": STATION,
            "number": "T26112200045-W",
            "created": CREATED,
            "side": Side.WORKER,
            "facts": (
                ("岗位", "超市搬运工（G261122-010023）"),
                ("雇主", "武汉永旺商业管理有限公司东西湖分公司"),
                ("到岗日期", "2026年11月20日"),
            ),
            **changes,
        }
    )


def statistics_sheet(**changes):
    stations = PrintedPart(
        title="年度目标进度",
        headings=("驿站", "推荐成功就业（人次）", "到这一天应有（人次）", "全年任务（人次）", "完成率", "年底预计（人次）"),
        rows=(("金银湖零工驿站", "431", "457", "499", "86.3%", "472"),),
        total=("合计", "431", "457", "499", "86.3%", "472"),
        note="从1月1日数到统计期的最后一天（最晚到今天）；全年任务按开业天数折算。",
    )
    so_far = (31, 70, 118, 157, 199, 238, 270, 301, 342, 389, 431)
    months = PrintedPart(
        title="各月上岗",
        headings=("月份", "推荐成功就业（人次）", "累计（人次）", "到月底应有（人次）"),
        rows=tuple(
            (f"2026年{n}月", str(amount - before), str(amount), str(41 * n)) for n, (before, amount) in enumerate(pairwise((0, *so_far)), 1)
        ),
        total=("合计", "431", "—", "—"),
        note="",
    )
    marks = [Mark("line", 10, 210, 510, 210), Mark("line", 10, 40, 510, 40, dash=True), Mark("words", 10, 35, text="全年任务499")]
    for n, amount in enumerate(so_far):
        high = amount * 170 // 499
        marks += [
            Mark("bar", 18 + n * 38, 210 - high, 25, high),
            Mark("words", 30 + n * 38, 205 - high, text=str(amount), anchor="middle"),
            Mark("words", 30 + n * 38, 228, text=f"{n + 1}月", anchor="middle"),
        ]
    marks.append(Mark("bar", 474, 50, 25, 160, shade="outline", dash=True))
    drawing = Drawing("target", "累计上岗和全年任务（人次；虚线：应有，虚框：年底预计）", "累计431，全年任务499。", 520, 250, tuple(marks))
    return StatisticsSheet(
        **{
            "station": STATION,
            "number": "TJM2611-10-420112015-01",
            "created": CREATED,
            "period": "2026年11月",
            "scope": "金银湖零工驿站",
            "as_of": "2026年11月30日",
            "tables": (PrintedTable(10, "年度目标进度", (stations, months), (drawing,)),),
            **changes,
        }
    )


def correction_sheet(**changes):
    lines = (
        CorrectedLine(
            "GZ261202-0001",
            "上岗 T26120100001",
            "到岗日期",
            "2026-11-29",
            "2026-11-30",
            "看了雇主的考勤本，原来记早了一天",
            "2026-12-02 09:15",
            "陈小满（工号 2001）",
            "属实（吴站长）",
        ),
        CorrectedLine(
            "GZ261206-0004",
            "上岗 T26120100001",
            "应付工钱（元）",
            "660元",
            "700元",
            "漏记加班两小时",
            "2026-12-06 10:40",
            "吴站长",
            "",
            "L202611-ZD-420112015-01-v1",
        ),
    )
    values = {"station": STATION, "number": "GG2611-420112015-01", "created": CREATED, "month": "2026年11月", "lines": lines}
    return CorrectionSheet(**values | changes)


def sample_sheet(**changes):
    seed = "8c1f0a6be2d94733b05c6a1d2e3f4a5b"
    cells = ("T26110300001", "G261103-010001", "武汉某物流公司", "零工…123", "装卸", "180元/天", "2026-11-03", "签到照片")
    values = {
        "station": STATION,
        "number": "CC202611-420112015-01-1",
        "created": CREATED,
        "month": "2026年11月",
        "ledger": ledger_samples.NUMBER,
        "seed": seed,
        "published": "2026-12-06 09:00:12",
        "drawn": "2026-12-06 09:03:40",
        "population": 214,
        "size": 8,
        "text": sample_text(STATION.code, 202611, seed, 214, "③序号"),
        "command": sample_command(STATION.code, 202611, seed, 214, 8),
        "labels": ("推荐单号", "岗位编号", "雇主", "零工", "工种", "报酬", "到岗日期", "佐证"),
        "lines": tuple((each.place, each.line, cells, each.digest[:16]) for each in sampled(STATION.code, 202611, seed, 214, 8)),
        "verdicts": tuple(each.label for each in SampleVerdict),
        "officer": "孙主任",
        "verify_url": "HTTPS://LG.EXAMPLE.GOV.CN/VERIFY/CC202611-420112015-01-1",
    }
    return SampleSheet(**values | changes)


def ledger_sheet(**changes):
    values = {
        "station": STATION,
        "number": ledger_samples.NUMBER,
        "created": CREATED,
        "version": 2,
        "content": ledger_samples.content(),
        "content_key": "0" * 40,
        "content_sha256": "1" * 64,
        "public_url": "HTTPS://LG.EXAMPLE.GOV.CN",
    }
    return LedgerSheet(**values | changes)
