"""Ready-made reasons: chosen, completed in own words, always with the law where one is needed."""

import pytest

from rules.codes import RejectReason
from rules.errors import RuleBroken
from rules.review_reasons import composed, reason_templates


@pytest.mark.parametrize("step", ["reject", "take_down"])
def test_what_ends_a_post_names_its_law(step):
    assert all(each.basis.startswith(("《", "五部门")) for each in reason_templates(step))


def test_every_class_of_rejection_but_the_open_one_has_a_template():
    assert {each.code for each in reason_templates("reject")} == {member.value for member in RejectReason} - {"OTHER"}


def test_own_words_follow_the_template():
    reason, basis = composed("reject", "FEE", "每人收了50元工服押金。")
    assert reason == "向求职者收取押金、费用或者扣押证件，不能发布。每人收了50元工服押金。"
    assert basis == "《劳动合同法》第9、84条；《东西湖区零工驿站管理办法》第21条"


def test_own_words_alone_and_an_own_basis_are_kept():
    assert composed("return", "", "请写门口的路名。") == ("请写门口的路名。", "")
    assert composed("reject", "FEE", "", "《民法典》第506条")[1] == "《民法典》第506条"


def test_the_templates_own_text_typed_again_stands_once():
    text = reason_templates("return")[0].text
    assert composed("return", "PLACE", text) == (text, "")


def test_an_unknown_template_is_refused():
    with pytest.raises(RuleBroken, match="列表"):
        composed("return", "FEE", "")
