"""How an entry reads on the journal page."""

from rules.journal_reading import readable


def test_codes_dates_and_numbers_read_as_chinese():
    assert readable({"state": "PUBLISHED", "version": 3, "effective_from": "2026-12-05", "board": "safety", "trade": "C01"}) == [
        ("状态", "招工中"),
        ("版本", "3"),
        ("施行日期", "2026年12月5日"),
        ("上墙制度", "安全管理制度"),
        ("工种", "搬运"),
    ]


def test_lists_and_yes_no_read_as_words():
    assert readable({"channels": ["WEBSITE", "SCREEN"], "active": True}) == [("发布渠道", "线上网站、信息发布屏"), ("启用", "是")]


def test_sealed_values_ids_and_personal_fields_are_not_shown():
    assert readable({"phone": "s1.abc", "value": "s1.abc", "seeker_id": 77, "job_ids": [1, 2], "reason": None, "count": 10**15}) == []


def test_a_phone_or_id_number_typed_into_a_reason_is_masked():
    (pair,) = readable({"reason": "打13912345678没人接，证件420112199001011237看不清，单号T26112200045"})
    assert pair == ("原因", "打139****5678没人接，证件****1237看不清，单号T26112200045")


def test_an_unknown_field_is_still_shown():
    assert readable({"brand_new": "内容"}) == [("其他", "内容")]
