"""What the text of each type must contain (domain reference 4.4), and whether an amended text may be put in force.

A district may amend a text; it may not leave out what the law asks for, write what no agreement may contain (4.5), make
the station a party, or take away the place for what the two sides agree themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rules.clauses import lint_clause
from rules.codes import AgreementSide, AgreementType
from rules.errors import RuleBroken, RulesBroken
from rules.lint import basis_text
from rules.wording_changes import check_defaults
from rules.wordings import OPTIONAL_PART, PLACE, Wording

MOST_ARTICLES = 40
MOST_CHARACTERS = 1_500
"""Characters of one paragraph: a longer one nobody reads at a counter."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing a text must contain: every one of `places`, and words that match each of `words` (regular expressions)."""

    name: str
    basis: str
    places: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    def missing(self, text: str) -> str:
        """What is missing, as an editor reads it: places in braces, else the item's name; "" when nothing is."""
        open_places = [f"{{{place}}}" for place in self.places if f"{{{place}}}" not in text]
        if open_places:
            return "、".join(open_places)
        return "" if all(re.search(word, text) for word in self.words) else f"“{self.name}”的内容"


_T = AgreementType

_CIVIL_PARTIES = Item("双方身份", "CC 470", ("甲方名称", "甲方证件号", "甲方地址", "乙方姓名", "乙方证件号", "乙方住址"))
_PAY_TERMS = Item("报酬", "CC 470", ("计酬方式", "计量单位", "单价", "报酬合计大写"))
_PAY_DAY = Item("付款期限和方式", "CC 470, 509", ("支付日期", "支付方式"), ("本人",))
_NO_FEES = Item("不收押金、不扣证件", "LCL 9; NEF56(四)", (), ("不得.{0,12}收取.{0,6}(?:押金|保证金|费用|财物)", "不得.{0,4}扣[留押]"))
_DISPUTE = Item("争议解决", "CC 470", (), ("争议", "(?:调解|协商)", "(?:起诉|仲裁)"))
_BREACH = Item("违约责任", "CC 577", (), ("逾期付款|逾期支付|违约责任|违反约定",))

MANDATORY: dict[AgreementType, tuple[Item, ...]] = {
    _T.ONE_OFF_SERVICE: (
        _CIVIL_PARTIES,
        Item("工作内容", "CC 470", ("工作内容",)),
        Item("数量", "CC 470", ("预计数量",)),
        Item("质量", "CC 470", ("质量要求",)),
        _PAY_TERMS,
        Item("时间、地点和方式", "CC 470", ("开始日期", "结束日期", "开始时间", "结束时间", "工作地点")),
        _PAY_DAY,
        Item("安全", "CC 1192", ("防护用品", "危险告知"), ("安全",)),
        Item("受伤的处理", "CC 1192", (), ("受伤.{0,20}(?:救助|送医|救治)", "(?:责任|赔偿)")),
        Item("保险", "CC 470", ("保险约定",)),
        _NO_FEES,
        _BREACH,
        _DISPUTE,
    ),
    _T.PART_TIME: (
        Item("双方身份", "LCL 17", ("甲方名称", "甲方证件号", "甲方地址", "甲方法定代表人", "乙方姓名", "乙方证件号", "乙方住址")),
        Item("用工形式和期限", "LCL 68", ("期限方式", "开始日期", "结束日期"), ("非全日制",)),
        Item("不设试用期", "LCL 70", (), ("不(?:设|约定)试用期|不得约定试用期",)),
        Item("工作内容和地点", "LCL 17", ("岗位名称", "工作内容", "工作地点")),
        Item("工作时间", "LCL 68", ("日工时", "周工时", "班次安排"), ("4小时", "24小时")),
        Item("小时报酬不低于最低标准", "LCL 72", ("小时工资", "小时最低工资"), ("不低于",)),
        Item("十五日内结算", "LCL 72", ("结算天数", "支付方式"), ("15日",)),
        Item("工伤保险", "SIL 33", (), ("工伤保险",)),
        Item("劳动保护和劳动条件", "LCL 17", ("防护用品", "危险告知"), ("劳动条件",)),
        Item("随时终止、不付经济补偿", "LCL 71", (), ("随时.{0,12}终止", "经济补偿")),
        Item("不收财物、不扣证件", "LCL 9", (), ("不得.{0,12}收取", "不得扣押")),
        Item("争议解决", "LCL 17", (), ("仲裁",)),
    ),
    _T.OVER_AGE: (
        Item("双方身份", "OVER 6", ("甲方名称", "甲方证件号", "甲方地址", "乙方姓名", "乙方证件号", "乙方住址")),
        Item("期限", "OVER 6", ("开始日期", "结束日期")),
        Item("工作内容和地点", "OVER 6", ("岗位名称", "工作内容", "工作地点")),
        Item("工作时间和休息", "OVER 6", ("日工时", "周休日"), ("休息",)),
        Item("报酬不低于最低工资标准", "OVER 11", ("报酬标准",), ("不低于.{0,8}最低工资",)),
        Item(
            "每月至少付一次、用货币、付给本人",
            "OVER 12",
            ("支付周期", "支付日期"),
            ("货币", "本人", "(?:至少每月|每月至少)", "不得.{0,4}实物"),
        ),
        Item("工伤保险", "OVER 15", (), ("工伤保险",)),
        Item("社会保险", "OVER 6", ("社保约定",)),
        Item("劳动保护和职业危害防护", "OVER 6", ("防护用品", "危险告知"), ("不安排.{0,12}危[害险]",)),
        Item("终止和结清", "OVER 6", (), ("终止", "结清")),
        Item("争议解决", "OVER 19", (), ("仲裁", "起诉")),
    ),
    _T.SHARED_LABOUR_3P: (
        Item("三方身份", "LCL 17", ("甲方名称", "甲方证件号", "乙方企业名称", "乙方企业证件号", "丙方姓名", "丙方证件号")),
        Item("劳动关系不变", "LCL 7", ("原合同到期日",), ("劳动关系不变", "不.{0,8}建立劳动关系")),
        Item("劳动者同意", "LCL 35", (), ("自愿", "不得强迫")),
        Item("借出期限", "LCL 17", ("开始日期", "结束日期")),
        Item("岗位、内容和地点", "LCL 17", ("岗位名称", "工作内容", "工作地点")),
        Item("工作时间和休息", "LCL 17", ("工时制度", "日工时"), ("休息",)),
        Item("报酬和由谁支付", "LCL 17", ("报酬标准", "发放主体", "发放日"), ("不低于",)),
        Item("社会保险由谁缴、怎么分担", "SIL 58", (), ("社会保险",)),
        Item("劳动保护", "LCL 17", (), ("防护用品", "安全教育")),
        Item("工伤处理", "WSL 52", ("通报时限", "工伤补偿办法"), ("工伤认定",)),
        Item("不以营利为目的结算", "LCL 60", ("结算标准", "结算日"), ("不得收取管理费",)),
        Item("劳动者返回", "LCL 35", ("提前通知天数",), ("返回",)),
        Item("争议解决", "LCL 17", (), ("仲裁", "起诉")),
    ),
    _T.WORK_RESULT: (
        _CIVIL_PARTIES,
        Item("做成什么", "CC 770", ("工作内容",), ("成果",)),
        Item("数量", "CC 770", ("预计数量",)),
        Item("质量", "CC 770", ("质量要求",)),
        _PAY_TERMS,
        Item("材料", "CC 774, 775", ("材料约定",)),
        Item("期限", "CC 770", ("开始日期", "结束日期"), ("交付",)),
        Item("验收标准和方法", "CC 780", ("验收标准",), ("验收",)),
        Item("自己完成主要工作", "CC 772", (), ("主要工作.{0,8}自己完成",)),
        Item("质量不合格的处理", "CC 781", (), ("返工|重做|修理",)),
        _PAY_DAY,
        Item("受伤和损害", "CC 1193", (), ("受伤", "(?:责任|赔偿)")),
        _NO_FEES,
        _BREACH,
        _DISPUTE,
    ),
    _T.DOMESTIC: (
        _CIVIL_PARTIES,
        Item("服务项目", "CC 470", ("工作内容",)),
        Item("服务地点", "CC 470", ("工作地点",)),
        Item("时间", "CC 470", ("开始日期", "结束日期", "开始时间", "结束时间")),
        Item("休息", "CC 470", ("休息安排",), ("每周至少休息|每周至少安排.{0,4}休息",)),
        _PAY_TERMS,
        _PAY_DAY,
        Item("吃住", "CC 470", ("食宿交通约定",), ("住",)),
        Item("安全", "CC 1192", ("防护用品", "危险告知"), ("安全",)),
        Item("隐私", "CC 1032", (), ("监控", "保密")),
        Item("照护老人和孩子", "CC 470", ("服务对象",), ("老人", "孩子|儿童|婴")),
        Item("受伤的处理", "CC 1192", (), ("受伤.{0,20}(?:救助|送医|救治)", "(?:责任|赔偿)")),
        Item("保险", "CC 470", ("保险约定",)),
        Item("提前结束", "CC 563", ("提前通知天数",), ("提前结束",)),
        _NO_FEES,
        _BREACH,
        _DISPUTE,
    ),
    _T.KEY_POINTS: (
        Item("雇主", "CC 470", ("甲方名称",)),
        Item("干什么、在哪里、什么时候", "CC 470", ("工作内容", "工作地点", "开始日期", "开始时间", "结束时间")),
        Item("报酬", "CC 470", ("单价", "计量单位", "结算周期", "支付方式")),
        Item("危险和防护", "CC 1192", ("危险告知", "防护用品")),
        Item("保险", "CC 470", ("保险约定",)),
        Item("找谁", "CC 470", ("驿站电话",), ("12333",)),
        Item("不交押金、不交身份证", "LCL 9", (), ("不交押金", "不交身份证")),
    ),
}
"""Type → what its text must contain, with the legal basis. Types of OFFICIAL_TEXTS are not amended here."""

_SIDES: dict[AgreementType, set[str]] = {
    _T.SHARED_LABOUR_3P: {AgreementSide.EMPLOYER.value, AgreementSide.WORKER.value, AgreementSide.THIRD.value}
}
_BOTH = {AgreementSide.EMPLOYER.value, AgreementSide.WORKER.value}
_NO_PARTY = re.compile(r"驿站不是(?:本)?(?:协议|合同)?(?:的)?当事人")


def missing_items(wording: Wording) -> list[tuple[Item, str]]:
    """Each item of 4.4 that the text leaves out, with what is missing: places in braces, or the item itself."""
    text = "\n".join([*wording.parties, *(each for article in wording.articles for each in article.paragraphs)])
    return [(item, missing) for item in MANDATORY.get(wording.type, ()) if (missing := item.missing(text))]


def check_wording(wording: Wording) -> None:
    """May this text be put in force? RulesBroken names every fault at its part of the text (`Wording.parts`).

    Refused: something of 4.4 left out, a clause of 4.5, a text without the footer that says the station is no party,
    the station among the parties, no place for 特别约定, a side that does not sign, broken brackets, an empty article.
    """
    broken = [*_missing(wording), *_clauses(wording), *_form(wording), *_station(wording), *check_defaults(wording.defaults)]
    if broken:
        raise RulesBroken(broken)


def _missing(wording: Wording) -> Iterator[RuleBroken]:
    for item, missing in missing_items(wording):
        yield RuleBroken(f"少了{missing}：{wording.type.label}必须写明“{item.name}”（{basis_text(item.basis)}）。", "articles")
    if wording.type is not AgreementType.KEY_POINTS and "特别约定" not in wording.places:
        yield RuleBroken("少了{特别约定}：要给双方留一处写自己的约定。", "articles")


def _clauses(wording: Wording) -> Iterator[RuleBroken]:
    for field, text in wording.parts:
        hits = lint_clause(text, field, kind=wording.type)
        if hits:
            marks = tuple((field, hit.start, hit.end) for hit in hits)
            words = "、".join(dict.fromkeys(f"“{hit.words}”" for hit in hits))
            yield RuleBroken(f"{words}不能写进协议文本：{hits[0].message}", field, marks)


def _form(wording: Wording) -> Iterator[RuleBroken]:
    if len(wording.articles) > MOST_ARTICLES:
        yield RuleBroken(f"条款太多了，最多{MOST_ARTICLES}条。", "articles")
    for field, text in wording.parts:
        if len(text) > MOST_CHARACTERS:
            yield RuleBroken(f"这一段太长了，最多{MOST_CHARACTERS}个字，请分成几条。", field)
        rest = PLACE.sub("", OPTIONAL_PART.sub(lambda part: part[1], text))
        if re.search(r"[{}]|\[\[|\]\]", rest):
            yield RuleBroken("括号没有配对：填写项写成{名称}，可有可无的部分写成[[……]]。", field)
    numbers: set[str] = set()
    for position, article in enumerate(wording.articles):
        field = f"article_{position}"
        if not article.number.strip() or not article.heading.strip() or not "".join(article.paragraphs).strip():
            yield RuleBroken("请写全条号、标题和内容，不要的整条删掉。", field)
        if article.number in numbers:
            yield RuleBroken(f"条号“{article.number}”重复了。", field)
        numbers.add(article.number)
    if _SIDES.get(wording.type, _BOTH) - {block.side for block in wording.signatures}:
        yield RuleBroken("每一方都要有签字的地方。", "signatures")


def _station(wording: Wording) -> Iterator[RuleBroken]:
    if not _NO_PARTY.search(wording.footer) or "{驿站名称}" not in wording.footer:
        yield RuleBroken("页脚必须写明“本文本由{驿站名称}免费提供填写指导……驿站不是协议当事人”。", "footer")
    if any("{驿站名称}" in line or "驿站（" in line for line in wording.parties):
        yield RuleBroken("驿站不是协议当事人，不能写在各方里。", "parties")
