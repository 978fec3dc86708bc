"""Who somebody is: identity documents, unified social credit codes and telephone numbers, as people type them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from stdnum.cn import ric, uscc
from stdnum.exceptions import InvalidComponent

from rules.codes import IdType
from rules.errors import RuleBroken
from rules.text import clean_line

_REGIONS = frozenset(
    f"{number}"
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83))
    for number in range(first, last + 1)
)
_RESIDENCE_REGIONS = {
    IdType.HK_MACAO_RESIDENCE: ("810000", "820000"),
    IdType.TAIWAN_RESIDENCE: ("830000",),
}
_OLDEST_BIRTH = date(1900, 1, 1)
_LOOK_AGAIN = "请对照证件再看一遍"
# What people type, or an input method offers, for the X at the end.
_LIKE_X = str.maketrans({"×": "X", "Х": "X", "х": "X", "✕": "X", "✖": "X"})

_SHAPES: dict[IdType, tuple[re.Pattern[str], str]] = {
    IdType.HK_MACAO_PASS: (
        re.compile(r"[HM][0-9]{8}(?:[0-9]{2})?"),
        "港澳居民来往内地通行证号码是字母H或M加8位数字",
    ),
    IdType.TAIWAN_PASS: (
        re.compile(r"[0-9]{8}|[0-9]{10}(?:\(?[A-Z0-9]{1,2}\)?)?"),
        "台湾居民来往大陆通行证号码是8位数字",
    ),
    IdType.PASSPORT: (re.compile(r"[A-Z0-9]{5,20}"), "护照号码是5到20位字母和数字"),
    IdType.OTHER: (re.compile(r"[A-Z0-9\u3400-\u9fff()./-]{3,30}"), "证件号码是3到30个字母、数字或汉字"),
}


@dataclass(frozen=True, slots=True)
class Identity:
    """A checked identity document. `number` is normalised; birth date and gender ("M"/"F") where it tells them."""

    id_type: IdType
    number: str
    birth_date: date | None
    gender: str | None


@dataclass(frozen=True, slots=True)
class CreditCode:
    """A unified social credit code of the right shape; `warning` says what must be proved by hand, if anything."""

    code: str
    warning: str | None


def _compact(typed: str) -> str:
    return "".join(clean_line(unicodedata.normalize("NFKC", typed)).split()).upper()


def parse_identity(id_type: IdType, typed: str, *, today: date, field: str = "id_number") -> Identity:
    """The document that was typed: trimmed, half-width, upper case, 15-digit resident numbers turned into 18 digits.

    Checked per domain reference 7.8 (GB 11643 for the 18-digit kinds). All six region digits are not checked: old
    codes stay on cards. Raises RuleBroken with one sentence that says what is wrong, never repeating the number.
    """
    number = _compact(typed)
    if not number:
        raise RuleBroken(f"请填写{_short_name(id_type)}号码。", field)
    if id_type is IdType.RESIDENT:
        return _resident(number, today, field)
    if id_type in _RESIDENCE_REGIONS:
        return _residence_permit(id_type, number, today, field)
    if id_type is IdType.FOREIGN_PERMANENT:
        return _foreign_permanent(number, today, field)
    shape, description = _SHAPES[id_type]
    if not shape.fullmatch(number):
        raise RuleBroken(f"{description}，{_LOOK_AGAIN}。", field)
    return Identity(id_type, number, None, None)


def _short_name(id_type: IdType) -> str:
    return "身份证" if id_type is IdType.RESIDENT else id_type.label.partition("（")[0]


def _resident(typed: str, today: date, field: str) -> Identity:
    number = _eighteen(typed, "身份证号", field, lengths=(15, 18))
    if len(number) == 15:
        if not number.isdecimal():
            raise RuleBroken(f"15位的老身份证号只能是数字，{_LOOK_AGAIN}。", field)
        number = f"{number[:6]}19{number[6:]}"
        number += ric.calc_check_digit(number + "0")
        _check_region(number, field)
        return _identity(IdType.RESIDENT, number, "身份证号", today, field, date_place="第7到12位")
    _check_region(number, field)
    return _identity(IdType.RESIDENT, number, "身份证号", today, field)


def _check_region(number: str, field: str) -> None:
    for other_type, regions in _RESIDENCE_REGIONS.items():
        if number[:6] in regions:
            raise RuleBroken(f"这是{other_type.label}的号码，请把证件类型改成“{other_type.label}”。", field)
    if number[:2] not in _REGIONS:
        raise RuleBroken(f"身份证号前2位不是我国的地区代码，{_LOOK_AGAIN}。", field)


def _residence_permit(id_type: IdType, typed: str, today: date, field: str) -> Identity:
    label = f"{id_type.label}号码"
    number = _eighteen(typed, label, field)
    regions = _RESIDENCE_REGIONS[id_type]
    if number[:6] not in regions:
        raise RuleBroken(f"{label}应以{'或'.join(regions)}开头，{_LOOK_AGAIN}，或改选证件类型。", field)
    return _identity(id_type, number, label, today, field)


def _foreign_permanent(typed: str, today: date, field: str) -> Identity:
    label = "外国人永久居留身份证号码"
    if re.fullmatch(r"[A-Z]{3}[0-9]{12}", typed):
        return Identity(IdType.FOREIGN_PERMANENT, typed, None, None)
    if typed[:1].isalpha():
        raise RuleBroken(f"老式{label}是3个字母加12位数字，{_LOOK_AGAIN}。", field)
    number = _eighteen(typed, label, field)
    if number[0] != "9":
        raise RuleBroken(f"{label}应以9开头，{_LOOK_AGAIN}，或改选证件类型。", field)
    # No source read says that the sequence tells the gender on this card: the person is asked.
    parsed = _identity(IdType.FOREIGN_PERMANENT, number, label, today, field)
    return Identity(parsed.id_type, parsed.number, parsed.birth_date, None)


def _eighteen(typed: str, label: str, field: str, lengths: tuple[int, ...] = (18,)) -> str:
    number = typed.replace("-", "").translate(_LIKE_X)
    if len(number) not in lengths:
        raise RuleBroken(f"{label}应为18位，现在是{len(number)}位，请核对是不是少打或多打了。", field)
    if not re.fullmatch(r"[0-9]{14,17}[0-9X]", number):
        raise RuleBroken(f"{label}只能是数字，只有最后一位可以是X，{_LOOK_AGAIN}。", field)
    return number


def _identity(id_type: IdType, number: str, label: str, today: date, field: str, *, date_place: str = "第7到14位") -> Identity:
    try:
        birth = ric.get_birth_date(number)
    except InvalidComponent as error:
        raise RuleBroken(f"{label}{date_place}的出生日期不存在，{_LOOK_AGAIN}。", field) from error
    if birth > today:
        raise RuleBroken(f"{label}{date_place}的出生日期还没到，{_LOOK_AGAIN}。", field)
    if birth < _OLDEST_BIRTH:
        raise RuleBroken(f"{label}{date_place}的出生日期早于1900年，{_LOOK_AGAIN}。", field)
    if number[-1] != ric.calc_check_digit(number):
        raise RuleBroken(f"{label}第18位不对，{_LOOK_AGAIN}。", field)
    return Identity(id_type, number, birth, "M" if int(number[16]) % 2 else "F")


def parse_credit_code(typed: str, *, field: str = "id_number") -> CreditCode:
    """The unified social credit code that was typed (GB 32100, domain reference 7.10).

    A failing check character is a warning, not a refusal: some early genuine codes fail it. So is the old 15-digit
    business registration number. Raises RuleBroken when the shape is wrong.
    """
    code = _compact(typed).replace("-", "")
    if not code:
        raise RuleBroken("请填写统一社会信用代码。", field)
    if re.fullmatch(r"[0-9]{15}", code):
        return CreditCode(code, "这是15位的老注册号，请核对营业执照原件，并请单位换领新执照后补登18位代码。")
    if len(code) != 18:
        raise RuleBroken(f"统一社会信用代码应为18位，现在是{len(code)}位，请对照营业执照再看一遍。", field)
    if not re.fullmatch(r"[0-9A-Z]{18}", code):
        raise RuleBroken("统一社会信用代码只能是数字和大写字母，请对照营业执照再看一遍。", field)
    if re.search(r"[IOSVZ]", code):
        raise RuleBroken("统一社会信用代码里没有字母I、O、S、V、Z，请看看是不是数字1、0、5、2，对照营业执照改正。", field)
    if not code[2:8].isdecimal():
        raise RuleBroken("统一社会信用代码第3到8位只能是数字，请对照营业执照再看一遍。", field)
    if code[-1] != uscc.calc_check_digit(code):
        return CreditCode(code, "统一社会信用代码第18位不对，请对照营业执照再看一遍；确认没抄错的，凭执照原件人工核验。")
    return CreditCode(code, None)


_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_SERVICE = re.compile(r"(?:400|800)[0-9]{7}|1[0-9]{2,4}")
# Two-digit area codes after the 0 are those of Beijing and the 02x cities; all others have three.
_FIXED = re.compile(r"(0(?:10|2[0-9]|[3-9][0-9]{2}))([0-9]{7,8})")
_DASHES = re.compile(r"[‐‑‒–—―−ー]")


def parse_phone(typed: str, *, field: str = "phone") -> str:
    """The telephone number that was typed, in one form (domain reference 7.9).

    Mobile "19900000101", fixed line "027-83210000" or "027-83210000-801", service number "4001234567" or "12333".
    Full-width digits, spaces, brackets, dashes and +86 are accepted. Raises RuleBroken otherwise.
    """
    number = _DASHES.sub("-", _compact(typed)).replace("转", "-")
    number = re.sub(r"[().·]", "", number)
    if not number:
        raise RuleBroken("请填写电话号码。", field)
    bare = re.sub(r"^(?:\+86|0086)-?", "", number)
    if bare != number and not bare.startswith(("0", "1", "400", "800")):
        bare = "0" + bare
    digits = bare.replace("-", "")
    if not re.fullmatch(r"[0-9]+", digits):
        raise RuleBroken("电话号码只能填数字，请核对。", field)
    if _MOBILE.fullmatch(digits) or _SERVICE.fullmatch(digits):
        return digits
    if fixed := _fixed_line(bare):
        return fixed
    if digits.startswith("1"):
        if len(digits) != 11:
            raise RuleBroken(f"手机号应为11位，现在是{len(digits)}位，请核对。", field)
        raise RuleBroken("手机号前3位不对，请核对。", field)
    raise RuleBroken("电话号码不对，请核对：手机号填11位，固定电话要带区号，例如 027-83210000。", field)


def _fixed_line(number: str) -> str | None:
    """Area code, dash, line and extension; the dashes that were typed decide only when they must."""
    as_typed = re.fullmatch(r"(0[0-9]{2,3})-?([0-9]{7,8})(?:-([0-9]{1,6}))?", number)
    head, extension = (as_typed[1] + as_typed[2], as_typed[3]) if as_typed else (number.replace("-", ""), None)
    match = _FIXED.fullmatch(head)
    if match is None and "-" in number:
        head, _, extension = number.rpartition("-")
        match = _FIXED.fullmatch(head.replace("-", "")) if re.fullmatch(r"[0-9]{1,6}", extension) else None
    if match is None:
        return None
    return f"{match[1]}-{match[2]}" + (f"-{extension}" if extension else "")


def is_mobile(phone: str) -> bool:
    """Whether a number in the form of `parse_phone` is a mobile number (one that can get a text message)."""
    return _MOBILE.fullmatch(phone) is not None


def is_private_number(typed: str) -> bool:
    """Whether what was typed looks like a phone or a document number, which must never stand in an address (PIPL 51).

    Seven digits or more, with nothing but an X, separators or a plus sign around them; our own public numbers are not.
    """
    folded = re.sub(r"[\s\-—–_.()]", "", unicodedata.normalize("NFKC", typed)).upper()
    return re.fullmatch(r"\+?\d{7,20}X?", folded) is not None
