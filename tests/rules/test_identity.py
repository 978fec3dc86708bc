"""Identity documents, credit codes and telephone numbers as people type them. All numbers are invented."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from rules.codes import IdType
from rules.errors import RuleBroken
from rules.identity import Identity, is_mobile, is_private_number, parse_credit_code, parse_identity, parse_phone

TODAY = date(2026, 12, 1)
R, HK, TW, FOREIGN = IdType.RESIDENT, IdType.HK_MACAO_RESIDENCE, IdType.TAIWAN_RESIDENCE, IdType.FOREIGN_PERMANENT


def parsed(id_type: IdType, typed: str) -> Identity:
    return parse_identity(id_type, typed, today=TODAY)


def numbered(first_17: str) -> str:
    return first_17 + ric.calc_check_digit(first_17 + "0")


@pytest.mark.parametrize(
    ("id_type", "typed", "number", "birth", "gender"),
    [
        (R, "420199197803129017", "420199197803129017", date(1978, 3, 12), "M"),
        (R, "42019920091105909X", "42019920091105909X", date(2009, 11, 5), "M"),
        (R, "42019920091105909x", "42019920091105909X", date(2009, 11, 5), "M"),
        (R, "42019920091105909×", "42019920091105909X", date(2009, 11, 5), "M"),
        (R, "420199198106259021", "420199198106259021", date(1981, 6, 25), "F"),
        (R, "420199780312901", "420199197803129017", date(1978, 3, 12), "M"),
        (R, "４２０１９９１９７８０３１２９０１７", "420199197803129017", date(1978, 3, 12), "M"),
        (R, " 420199 19780312 9017\u200b", "420199197803129017", date(1978, 3, 12), "M"),
        (R, "420199-19780312-9017", "420199197803129017", date(1978, 3, 12), "M"),
        (HK, "810000199001019013", "810000199001019013", date(1990, 1, 1), "M"),
        (HK, "820000199202029025", "820000199202029025", date(1992, 2, 2), "F"),
        (TW, "830000198803039031", "830000198803039031", date(1988, 3, 3), "M"),
        (FOREIGN, "942156198507069011", "942156198507069011", date(1985, 7, 6), None),
        (FOREIGN, "fra420185070690", "FRA420185070690", None, None),
        (IdType.HK_MACAO_PASS, "h12345678", "H12345678", None, None),
        (IdType.HK_MACAO_PASS, "M1234567801", "M1234567801", None, None),
        (IdType.TAIWAN_PASS, "12345678", "12345678", None, None),
        (IdType.TAIWAN_PASS, "1234567890(B)", "1234567890(B)", None, None),
        (IdType.PASSPORT, "ea 1234567", "EA1234567", None, None),
        (IdType.OTHER, "军字第1234567号", "军字第1234567号", None, None),
    ],
)
def test_a_document_is_read_as_it_was_typed(id_type, typed, number, birth, gender):
    assert parsed(id_type, typed) == Identity(id_type, number, birth, gender)


@pytest.mark.parametrize(
    ("id_type", "typed", "sentence"),
    [
        (R, "", "请填写身份证号码。"),
        (R, " \u200b", "请填写身份证号码。"),
        (IdType.PASSPORT, "", "请填写护照号码。"),
        (R, "42019919780312901", "身份证号应为18位，现在是17位，请核对是不是少打或多打了。"),
        (R, "4201991978031290177", "身份证号应为18位，现在是19位，请核对是不是少打或多打了。"),
        (R, "42019919780312901A", "身份证号只能是数字，只有最后一位可以是X，请对照证件再看一遍。"),
        (R, "4201991978O3129017", "身份证号只能是数字，只有最后一位可以是X，请对照证件再看一遍。"),
        (R, "42019978031290X", "15位的老身份证号只能是数字，请对照证件再看一遍。"),
        (R, "990199197803129017", "身份证号前2位不是我国的地区代码，请对照证件再看一遍。"),
        (R, "020199197803129017", "身份证号前2位不是我国的地区代码，请对照证件再看一遍。"),
        (R, "420199197802309017", "身份证号第7到14位的出生日期不存在，请对照证件再看一遍。"),
        (R, "420199197813019017", "身份证号第7到14位的出生日期不存在，请对照证件再看一遍。"),
        (R, "420199000001019017", "身份证号第7到14位的出生日期不存在，请对照证件再看一遍。"),
        (R, "420199780230901", "身份证号第7到12位的出生日期不存在，请对照证件再看一遍。"),
        (R, "420199202612029017", "身份证号第7到14位的出生日期还没到，请对照证件再看一遍。"),
        (R, "420199189912319017", "身份证号第7到14位的出生日期早于1900年，请对照证件再看一遍。"),
        (R, "420199197803129018", "身份证号第18位不对，请对照证件再看一遍。"),  # T24
        (R, "810000199001019013", "这是港澳居民居住证的号码，请把证件类型改成“港澳居民居住证”。"),
        (R, "830000198803039031", "这是台湾居民居住证的号码，请把证件类型改成“台湾居民居住证”。"),
        (HK, "420199197803129017", "港澳居民居住证号码应以810000或820000开头，请对照证件再看一遍，或改选证件类型。"),
        (HK, "810000199001019014", "港澳居民居住证号码第18位不对，请对照证件再看一遍。"),
        (TW, "810000199001019013", "台湾居民居住证号码应以830000开头，请对照证件再看一遍，或改选证件类型。"),
        (TW, "420199780312901", "台湾居民居住证号码应为18位，现在是15位，请核对是不是少打或多打了。"),
        (FOREIGN, "942156198507069012", "外国人永久居留身份证号码第18位不对，请对照证件再看一遍。"),
        (FOREIGN, "420199197803129017", "外国人永久居留身份证号码应以9开头，请对照证件再看一遍，或改选证件类型。"),
        (FOREIGN, "FRA12345", "老式外国人永久居留身份证号码是3个字母加12位数字，请对照证件再看一遍。"),
        (
            IdType.HK_MACAO_PASS,
            "A12345678",
            "港澳居民来往内地通行证号码是字母H或M加8位数字，请对照证件再看一遍。",
        ),
        (IdType.TAIWAN_PASS, "1234567", "台湾居民来往大陆通行证号码是8位数字，请对照证件再看一遍。"),
        (IdType.PASSPORT, "E123", "护照号码是5到20位字母和数字，请对照证件再看一遍。"),
        (IdType.PASSPORT, "E1234<b>", "护照号码是5到20位字母和数字，请对照证件再看一遍。"),
        (IdType.OTHER, "x" * 31, "证件号码是3到30个字母、数字或汉字，请对照证件再看一遍。"),
    ],
)
def test_a_wrong_document_is_refused_with_what_is_wrong(id_type, typed, sentence):
    with pytest.raises(RuleBroken) as refused:
        parse_identity(id_type, typed, today=TODAY, field="worker_id")
    assert refused.value.message == sentence
    assert refused.value.field == "worker_id"


births = st.dates(date(1900, 1, 1), TODAY)
regions = st.sampled_from(["110101", "420112", "420199", "500101", "659001"])


@given(regions, births, st.integers(0, 999))
def test_every_right_number_is_accepted_and_every_other_check_digit_is_not(region, birth, sequence):
    number = numbered(f"{region}{birth:%Y%m%d}{sequence:03d}")
    assert parsed(R, number) == Identity(R, number, birth, "M" if sequence % 2 else "F")
    for wrong in set("0123456789X") - {number[-1]}:
        with pytest.raises(RuleBroken, match="第18位不对"):
            parsed(R, number[:-1] + wrong)


@given(regions, st.dates(date(1900, 1, 1), date(1999, 12, 31)), st.integers(0, 999))
def test_an_old_number_is_the_new_one_without_century_and_check_digit(region, birth, sequence):
    number = numbered(f"{region}{birth:%Y%m%d}{sequence:03d}")
    assert parsed(R, number[:6] + number[8:17]) == parsed(R, number)


@given(births, st.integers(0, 16), st.integers(1, 9))
def test_one_mistyped_digit_never_passes(birth, place, shift):
    number = numbered(f"420199{birth:%Y%m%d}901")
    mistyped = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    with pytest.raises(RuleBroken):
        parsed(R, mistyped)


def test_somebody_born_today_is_read_and_somebody_born_tomorrow_is_not():
    assert parsed(R, numbered(f"420199{TODAY:%Y%m%d}901")).birth_date == TODAY
    with pytest.raises(RuleBroken, match="还没到"):
        parsed(R, numbered(f"420199{TODAY + timedelta(1):%Y%m%d}901"))


@given(st.sampled_from(list(IdType)), st.text(max_size=40))
def test_junk_is_refused_in_words_and_nothing_else_happens(id_type, typed):
    def outcome(text: str) -> str | RuleBroken:
        try:
            return parsed(id_type, text).number
        except RuleBroken as refused:
            return refused

    found = outcome(typed)
    if isinstance(found, RuleBroken):
        assert found.field == "id_number"
        assert found.message.endswith("。")
    else:
        assert outcome(found) == found


GENUINE = [
    *("91420199MADXH0011F", "91420199MADXH002X7", "91420199MADXH00387", "91420199MADXH00462"),
    *("91420199MADXH0054W", "91420199MADXH0062P", "92420199MADXH0070F", "92420199MADXH0089C", "52420199MJDXH0014A"),
]


@pytest.mark.parametrize("code", GENUINE)
def test_a_right_credit_code_has_no_warning(code):
    found = parse_credit_code(f" {code.lower()[:2]} {code[2:]}")
    assert (found.code, found.warning) == (code, None)


def test_a_failing_check_character_asks_for_manual_proof():  # T25
    found = parse_credit_code("91420199MADXH0011G")
    assert found.code == "91420199MADXH0011G"
    assert found.warning == "统一社会信用代码第18位不对，请对照营业执照再看一遍；确认没抄错的，凭执照原件人工核验。"


def test_an_old_registration_number_asks_for_manual_proof():
    found = parse_credit_code("420199000012345")
    assert found.code == "420199000012345"
    assert "15位的老注册号" in found.warning


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("", "请填写统一社会信用代码。"),
        ("91420199MADXH0011", "应为18位，现在是17位"),
        ("91420199MADXHOO11F", "没有字母I、O、S、V、Z"),
        ("91420199MADXH0011公", "只能是数字和大写字母"),
        ("9142019AMADXH0011F", "第3到8位只能是数字"),
        ("4201990000123AB", "应为18位，现在是15位"),
    ],
)
def test_a_wrong_shape_is_refused(typed, part):
    with pytest.raises(RuleBroken, match=part) as refused:
        parse_credit_code(typed, field="credit_code")
    assert refused.value.field == "credit_code"


@given(st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=9, max_size=9), st.integers(100000, 659999))
def test_every_credit_code_with_its_check_character_is_clean(organisation, region):
    first = f"91{region}{organisation}"
    code = first + uscc.calc_check_digit(first)
    assert parse_credit_code(code).warning is None
    other = "0" if code[-1] != "0" else "1"
    assert parse_credit_code(first + other).warning


@pytest.mark.parametrize(
    ("typed", "phone"),
    [
        ("19900000101", "19900000101"),
        ("+86 199-0000-0101", "19900000101"),
        ("0086-13900000017", "13900000017"),
        ("１９９００００００１７", "19900000017"),
        ("199 0000 0017\u202c", "19900000017"),
        ("027-83210000", "027-83210000"),
        ("02783210000", "027-83210000"),
        ("(027) 8321 0000", "027-83210000"),
        ("（027）83210000", "027-83210000"),
        ("027—83210000", "027-83210000"),
        ("027-83210000-801", "027-83210000-801"),
        ("027-83210000转801", "027-83210000-801"),
        ("027-8321-0000-801", "027-83210000-801"),
        ("+86 27 83210000", "027-83210000"),
        ("010-12345678", "010-12345678"),
        ("0712-2345678", "0712-2345678"),
        ("07122345678", "0712-2345678"),
        ("0371-1234567-8", "0371-1234567-8"),
        ("400-123-4567", "4001234567"),
        ("8001234567", "8001234567"),
        ("110", "110"),
        ("12333", "12333"),
    ],
)
def test_a_phone_number_gets_one_form(typed, phone):
    assert parse_phone(typed) == phone
    assert parse_phone(phone) == phone


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "请填写电话号码。"),
        ("1990000010", "手机号应为11位，现在是10位，请核对。"),
        ("199000001011", "手机号应为11位，现在是12位，请核对。"),
        ("12900000101", "手机号前3位不对，请核对。"),
        ("微信同号", "电话号码只能填数字，请核对。"),
        ("19900000101abc", "电话号码只能填数字，请核对。"),
        ("83210000", "电话号码不对，请核对：手机号填11位，固定电话要带区号，例如 027-83210000。"),
        ("027-832100", "电话号码不对，请核对：手机号填11位，固定电话要带区号，例如 027-83210000。"),
        ("4001234", "电话号码不对，请核对：手机号填11位，固定电话要带区号，例如 027-83210000。"),
        ("027-83210000-1234567", "电话号码不对，请核对：手机号填11位，固定电话要带区号，例如 027-83210000。"),
    ],
)
def test_a_wrong_phone_number_is_refused_with_what_is_wrong(typed, sentence):
    with pytest.raises(RuleBroken) as refused:
        parse_phone(typed, field="contact_phone")
    assert refused.value.message == sentence
    assert refused.value.field == "contact_phone"


@given(st.text(max_size=30))
def test_any_typed_phone_is_either_refused_or_stable(typed):
    try:
        phone = parse_phone(typed)
    except RuleBroken:
        return
    assert parse_phone(phone) == phone


def test_only_a_mobile_number_gets_text_messages():
    assert is_mobile("19900000101")
    assert not is_mobile("027-83210000")
    assert not is_mobile("12333")
    assert not is_mobile("4001234567")


@pytest.mark.parametrize(
    "typed", ["19900000101", "199 0000 0101", "１９９０００００１０１", "+86 199-0000-0101", "42019920091105909x", "83000015"]
)
def test_phones_and_document_numbers_are_private(typed):
    assert is_private_number(typed)


@pytest.mark.parametrize("typed", ["", "0101", "王䶮", "Q26015000001", "G261122-010023", "T26112200045", "XLW-2026-000187", "周水生 199"])
def test_names_tails_and_public_numbers_are_not(typed):
    assert not is_private_number(typed)
