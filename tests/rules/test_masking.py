"""What others may see of a person and of a unit."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.ages import age_band
from rules.codes import EmployerKind
from rules.masking import (
    PUBLIC_CONTACT,
    mask_address,
    mask_bank_card,
    mask_credit_code,
    mask_given_names,
    mask_id,
    mask_id_tail,
    mask_name,
    mask_phone,
    party_label,
    public_employer_name,
    public_place,
    public_worker,
)

UNIT = EmployerKind.UNIT


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("", ""),
        ("王", "*"),
        ("王䶮", "王*"),
        ("李小明", "李*明"),
        ("欧阳华", "欧阳*"),
        ("欧阳小华", "欧阳*华"),
        ("欧阳", "欧*"),
        ("诸葛一二三", "诸葛**三"),
        ("买买提·艾力", "买****力"),
    ],
)
def test_a_name_keeps_its_surname(name, masked):
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("19900000017", "199****0017"),
        ("027-83210000", "027-****00"),
        ("027-83210012-801", "027-****12"),
        ("0712-2345678", "0712-****78"),
        ("4001234567", "****67"),
        ("12333", "12333"),
        ("", "****"),
    ],
)
def test_a_phone_keeps_too_little_to_dial(phone, masked):
    assert mask_phone(phone) == masked


@pytest.mark.parametrize(
    ("number", "staff", "others"),
    [
        ("420199197803129017", "420***********9017", "****9017"),
        ("42019920091105909X", "420***********909X", "****909X"),
        ("FRA420185070690", "FRA********0690", "****0690"),
        ("H12345678", "H****5678", "****5678"),
        ("12345678", "1***5678", "****5678"),
        ("E1234", "****34", "****34"),
        ("123", "****", "****"),
    ],
)
def test_an_identity_number_is_masked_for_staff_and_for_others(number, staff, others):
    assert mask_id(number) == staff
    assert mask_id_tail(number) == others


def test_a_credit_code_keeps_both_ends():
    assert mask_credit_code("91420199MADXH0011F") == "91************011F"
    assert mask_credit_code("91") == "****"


@given(st.text("0123456789X", min_size=18, max_size=18))
def test_no_mask_lets_the_birth_date_through(number):
    for masked in (mask_id(number), mask_id_tail(number)):
        assert masked.endswith(number[-4:])
        assert sum(char != "*" for char in masked) <= 7


def test_a_worker_in_public_is_three_digits():
    assert public_worker("Q26015000123") == "零工…123"


@pytest.mark.parametrize(
    ("name", "trade", "shown"),
    [
        ("武汉顺达通物流有限公司", "快递分拣", "武汉某物流公司"),
        ("武汉市顺达通物流有限公司（东西湖分公司）", "装卸", "武汉某物流公司"),
        ("湖北好又多电子商务有限公司", "直播/打包", "湖北某电子商务公司"),
        ("金碧辉煌有限公司", "客服/话务", "某客服公司"),
        ("武汉张三食品厂", "工厂普工/包装", "武汉某食品厂"),
        ("李四火锅店", "餐饮服务/传菜", "某火锅店"),
        ("武汉喜来登酒店", "单位保洁", "武汉某酒店"),
        ("东西湖区常青第一社区居委会", "文员/录入", "东西湖某居委会"),
        ("武汉奇奇怪怪", "外卖骑手（平台）", "武汉某外卖骑手单位"),
        ("武汉奇奇怪怪有限公司", "其他", "武汉某公司"),
    ],
)
def test_a_unit_in_public_is_what_it_does(name, trade, shown):
    assert public_employer_name(UNIT, name, trade) == shown


def test_a_household_in_public_has_no_name():
    assert public_employer_name(EmployerKind.INDIVIDUAL, "王小明", "家政保洁") == "个人雇主"


@given(st.text("甲乙丙丁戊己庚辛壬癸", min_size=2, max_size=8))
def test_what_tells_a_unit_from_others_never_shows(distinctive):
    shown = public_employer_name(UNIT, f"武汉{distinctive}物流有限公司", "搬运")
    assert not set(shown) & set(distinctive)


@pytest.mark.parametrize(
    ("landmark", "shown"),
    [
        ("宏图大道", "金银湖街道·宏图大道附近"),
        ("宏图大道附近", "金银湖街道·宏图大道附近"),
        ("金银湖街道宏图大道", "金银湖街道·宏图大道附近"),
        ("宏图大道18号", "金银湖街道·宏图大道附近"),
        ("某某小区12栋2单元1503室", "金银湖街道·某某小区附近"),
        ("某某小区三栋", "金银湖街道·某某小区附近"),
        ("某某小区B座", "金银湖街道·某某小区附近"),
        ("地铁2号线宏图大道站", "金银湖街道·地铁2号线宏图大道站附近"),
        ("12栋1503室", "金银湖街道"),
        ("", "金银湖街道"),
    ],
)
def test_a_place_in_public_ends_at_the_street(landmark, shown):
    assert public_place("金银湖街道", landmark) == shown


BORN = date(1978, 3, 12)
TABLE = {
    "姓名（两字）": (mask_name("王强"), "王*"),
    "姓名（三字以上）": (mask_name("李小明"), "李*明"),
    "姓名（复姓）": (mask_name("欧阳小华"), "欧阳*华"),
    "公众页面上的零工": (public_worker("Q26015000123"), "零工…123"),
    "手机": (mask_phone("19912340017"), "199****0017"),
    "固话": (mask_phone("027-83210000"), "027-****00"),
    "身份证（驿站）": (mask_id("420199197803129017"), "420***********9017"),
    "身份证（其他人）": (mask_id_tail("420199197803129017"), "****9017"),
    "出生日期": (age_band(BORN, date(2026, 12, 1)), "45–54岁"),
    "住址": (mask_address("金银湖街道", "示范社区3栋2单元501"), "金银湖街道示范社区"),
    "工作地点": (public_place("金银湖街道", "宏图大道18号3号库"), "金银湖街道·宏图大道附近"),
    "单位名称": (public_employer_name(UNIT, "武汉湖畔物流有限公司", "分拣"), "武汉某物流公司"),
    "单位联系人": (PUBLIC_CONTACT, "已核验联系人"),
    "统一社会信用代码": (mask_credit_code("91420199MADXH0011F"), "91************011F"),
    "银行卡": (mask_bank_card("6222 0212 3456 1234"), "****1234"),
    "事件当事人": (party_label(0) + "、" + party_label(1), "甲某、乙某"),
}
"""Every row of domain reference 10.3 that shows anything; WeChat and QQ numbers are never kept, so there is nothing to mask."""


@pytest.mark.parametrize("row", TABLE)
def test_each_row_of_the_table_of_masks(row):
    masked, expected = TABLE[row]
    assert masked == expected


@pytest.mark.parametrize(
    ("birth", "band"),
    [(date(2009, 11, 5), "16–17岁"), (date(1981, 12, 1), "45–54岁"), (date(1981, 12, 2), "35–44岁")],
)
def test_a_birth_date_is_a_band_of_ages_from_the_birthday_on(birth, band):
    assert age_band(birth, date(2026, 12, 1)) == band


def test_a_bank_card_too_short_to_be_one_shows_nothing():
    assert mask_bank_card("1234") == "****"
    assert mask_bank_card("") == "****"


@pytest.mark.parametrize(("name", "shown"), [("陈小满", "陈*"), ("欧阳小华", "欧阳*"), ("王䶮", "王*"), ("", "*")])
def test_staff_are_named_by_surname_to_the_person_they_served(name, shown):
    assert mask_given_names(name) == shown


def test_there_are_labels_for_ten_parties():
    assert party_label(9) == "癸某"
    for place in (-1, 10):
        with pytest.raises(ValueError, match="no label"):
            party_label(place)


def test_a_home_never_names_the_door():
    assert mask_address("金银湖街道", "金银湖街道示范社区") == "金银湖街道示范社区"
    assert mask_address("金银湖街道", "") == "金银湖街道"
