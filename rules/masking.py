"""What may be seen of personal data: the masked forms of domain reference 10.3."""

from __future__ import annotations

import re

from rules.codes import EmployerKind
from rules.identity import is_mobile

_SURNAMES = """
欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶
太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良
漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 微生 梁丘 左丘 西门 第五 南荣
东里 东宫 仲长 即墨 达奚 褚师 纳兰 完颜 耶律 贺兰 淳于 单于 屈突 哥舒 叶赫 那拉 爱新
"""

COMPOUND_SURNAMES = frozenset(_SURNAMES.split())
"""Surnames of two characters; masking keeps both."""

_HIDDEN = "****"

# Words that say what a unit is or does without saying which: nothing else of a name becomes public.
_PLACES = ("武汉", "湖北", "东西湖")
_INDUSTRY_WORDS = """
物流 快递 速运 仓储 供应链 配送 运输 搬家 家政 保洁 物业 餐饮 火锅 食品 奶茶 酒店 宾馆 建筑 建设 装饰 装修
园林 绿化 环保 环卫 机械 机电 汽车 电子 服装 服饰 纺织 印刷 包装 门窗 家具 制冷 商贸 贸易 超市 百货 电商 电子商务
会展 展览 广告 传媒 文化 教育 养老 医疗 农业 水产 种植 养殖 保安 安保 劳务 人力资源 科技
"""
_INDUSTRIES = tuple(_INDUSTRY_WORDS.split())
# Legal forms that say nothing about the work, and endings that do.
_BARE_FORMS = ("公司", "合作社", "服务中心", "服务部", "经营部", "工作室", "店", "厂")
_TELLING_FORMS = (
    *("幼儿园", "养老院", "福利院", "医院", "学校", "酒店", "饭店", "餐馆", "超市"),
    *("居委会", "村委会", "协会"),
)
_BUILDING = re.compile(
    r"[0-9０-９A-Za-z]+\s*(?:号(?!线|口|门|路|桥)|[栋幢座室弄楼层]|单元)|[一二三四五六七八九十百]+(?:[栋幢室]|单元|号楼)"
)


def mask_name(name: str) -> str:
    """A person's name with the given name hidden: 王* , 李*明, 欧阳*华; a compound surname keeps both characters."""
    if len(name) <= 1:
        return "*" * len(name)
    if len(name) > 2 and name[:2] in COMPOUND_SURNAMES:
        surname, given = name[:2], name[2:]
    else:
        surname, given = name[:1], name[1:]
    if len(given) == 1:
        return surname + "*"
    return surname + "*" * (len(given) - 1) + given[-1]


def mask_given_names(name: str) -> str:
    """Surname and one star whatever follows: 陈*, 欧阳*. For staff, as the person they served may see them."""
    surname = name[:2] if len(name) > 2 and name[:2] in COMPOUND_SURNAMES else name[:1]
    return surname + "*"


def mask_phone(phone: str) -> str:
    """A number in the form of `identity.parse_phone`: 199****0017, 027-****00; public short numbers stay whole."""
    if is_mobile(phone):
        return f"{phone[:3]}{_HIDDEN}{phone[-4:]}"
    if re.fullmatch(r"1[0-9]{2,4}", phone):
        return phone
    area, dash, line = phone.partition("-")
    if dash:
        return f"{area}-{_HIDDEN}{line.partition('-')[0][-2:]}"
    return f"{_HIDDEN}{phone[-2:]}" if len(phone) > 4 else _HIDDEN


def mask_id(number: str) -> str:
    """An identity number as station staff see it: 420***********9017; shorter documents show less."""
    if len(number) >= 15:
        shown = 3
    elif len(number) >= 8:
        shown = 1
    else:
        return mask_id_tail(number)
    return number[:shown] + "*" * (len(number) - shown - 4) + number[-4:]


def mask_id_tail(number: str) -> str:
    """An identity number as everyone else who may see any of it does: ****9017."""
    return _HIDDEN + (number[-4:] if len(number) >= 8 else number[-2:] if len(number) >= 5 else "")


def mask_credit_code(code: str) -> str:
    """A unified social credit code: 91************011F."""
    return code[:2] + "*" * (len(code) - 6) + code[-4:] if len(code) > 6 else _HIDDEN


def mask_bank_card(number: str) -> str:
    """A bank card: ****1234, whatever was typed between the digits."""
    digits = "".join(letter for letter in number if letter.isdigit())
    return _HIDDEN + (digits[-4:] if len(digits) >= 8 else "")


def mask_address(subdistrict_name: str, community: str) -> str:
    """A person's home, to the community and no nearer: 金银湖街道示范社区. Doors and buildings are cut off."""
    building = _BUILDING.search(community)
    near = (community[: building.start()] if building else community).strip(" ，,、·")
    return subdistrict_name + near.removeprefix(subdistrict_name)


PUBLIC_CONTACT = "已核验联系人"
"""What the public sees of a unit's contact person: that somebody checked, never who."""

_STEMS = "甲乙丙丁戊己庚辛壬癸"


def party_label(place: int) -> str:
    """The parties of an incident or a rights case in the order they are named (0, 1, …): 甲某, 乙某. ValueError after ten."""
    if not 0 <= place < len(_STEMS):
        raise ValueError(f"no label for party {place}")
    return _STEMS[place] + "某"


def public_worker(number: str) -> str:
    """A worker on public pages and the hall's screen, from the seeker number: 零工…123. Never a name."""
    return f"零工…{number[-3:]}"


def public_employer_name(kind: EmployerKind, name: str, trade_label: str) -> str:
    """An employer on public pages: 武汉某物流公司, 个人雇主.

    Built only from known words: a place, an industry and a legal form found in the name; without an industry, the
    trade of the post. What tells one unit from another never gets through.
    """
    if kind is EmployerKind.INDIVIDUAL:
        return "个人雇主"
    plain = re.sub(r"\s|[(（].*?[)）]", "", name)
    place = next((word for word in _PLACES if plain.startswith(word)), "")
    if telling := next((form for form in _TELLING_FORMS if plain.endswith(form)), None):
        return f"{place}某{telling}"
    form = next((form for form in _BARE_FORMS if plain.endswith(form)), "单位")
    found = [(plain.rfind(word), len(word), word) for word in _INDUSTRIES if word in plain]
    trade = "" if trade_label.startswith("其他") else re.split(r"[/（(]", trade_label)[0]
    return f"{place}某{max(found)[2] if found else trade}{form}"


def public_place(subdistrict_name: str, landmark: str) -> str:
    """The public place of work: 金银湖街道·宏图大道附近. Door, building and floor numbers are cut off."""
    building = _BUILDING.search(landmark)
    near = (landmark[: building.start()] if building else landmark).strip(" ，,、·").removesuffix("附近")
    near = near.removeprefix(subdistrict_name).strip(" ，,、·")
    return f"{subdistrict_name}·{near}附近" if near else subdistrict_name
