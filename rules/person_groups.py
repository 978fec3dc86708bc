"""Person groups (帮扶类别, domain reference 7.11): who gets help first. Sensitive: told freely, each with its own consent (PIPL 29, 30).

Age is never told: 大龄 is computed from the birth date. One group is kept from everybody but the manager.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date

from rules.codes import ConsentMethod, Labelled, PersonGroup
from rules.errors import RuleBroken

CONSENT_VERSION = "G1"
"""The version of `consent_sentence`, kept with every consent."""

AGE_FROM: dict[str, int] = {"F": 40, "M": 50}
"""From which age on somebody belongs to AGE_4050, by gender: the group's own name in the code table (domain reference 7.11)."""

GUARDED = frozenset({PersonGroup.RELEASED})
"""Groups that only the manager records and sees."""

TOLD = tuple(group for group in PersonGroup if group is not PersonGroup.AGE_4050)
"""Groups that a person tells; AGE_4050 is computed."""

MAX_PROOF = 100

GROUP_CONSENT_METHODS = (ConsentMethod.READ_ALOUD, ConsentMethod.SIGNED_PAPER)
"""How a consent can be given at the counter."""

_NUMBERS = re.compile(r"[0-9]{6,}")


class GroupEnd(Labelled):
    """Why a person is in a group no more. `MERGED` and `CLOSED` come from other actions."""

    WITHDRAWN = "WITHDRAWN", "本人撤回同意"
    OVER = "OVER", "已经不属于这一类"
    MISTAKE = "MISTAKE", "登记错了"
    CLOSED = "CLOSED", "登记已注销"
    MERGED = "MERGED", "重复登记已合并"
    ANONYMISED = "ANONYMISED", "已匿名处理"


BY_HAND = (GroupEnd.WITHDRAWN, GroupEnd.OVER, GroupEnd.MISTAKE)
"""What can be chosen at the counter."""


def consent_sentence(group: PersonGroup) -> str:
    """What is read aloud and agreed to before this group is recorded: what for, who sees it, and that it can be taken back."""
    return (
        f"我同意驿站登记我属于“{group.label}”这一类人员。这是敏感个人信息，只用来给我安排帮扶、优先推荐岗位和做不带姓名的统计，"
        "不公开，也不告诉雇主和别的驿站。不同意不影响我找活；同意以后随时可以撤回，撤回后马上停用，不用说原因。"
    )


def groups_to_offer(held: Collection[PersonGroup], *, guarded: bool) -> list[PersonGroup]:
    """What may still be recorded: told groups that the person is not in. `guarded`: whether the asker may see guarded ones."""
    return [group for group in TOLD if group not in held and (guarded or group not in GUARDED)]


def check_addition(
    group: PersonGroup | None, proof: str, method: ConsentMethod | None, *, agreed: bool, held: Collection[PersonGroup], guarded: bool
) -> str:
    """The cleaned proof when the group may be recorded now.

    RuleBroken: no group, a computed or guarded one, one held already, no consent given for exactly this group, no word on
    what was seen, or the number of a document in it (PIPL 6: not needed).
    """
    if group is None:
        raise RuleBroken("请选择帮扶类别。", "kind")
    if group is PersonGroup.AGE_4050:
        raise RuleBroken("大龄由系统按出生日期算出，不用登记。", "kind")
    if group in GUARDED and not guarded:
        raise RuleBroken("这一类由驿站负责人登记，请本人找负责人办。", "kind")
    if group in held:
        raise RuleBroken(f"已经登记过“{group.label}”，不用再登记。", "kind")
    if not agreed:
        raise RuleBroken("这一类要本人单独同意：请把告知内容读给本人听，本人同意后打勾；不同意就不登记。", "agreed")
    if method not in GROUP_CONSENT_METHODS:
        raise RuleBroken("请选择本人怎样表示同意。", "method")
    said = " ".join(proof.split())
    if not said:
        raise RuleBroken("请写看过什么证明；没有证明的，写“本人口头说明”。", "proof")
    if len(said) > MAX_PROOF:
        raise RuleBroken(f"看过的证明最多写{MAX_PROOF}个字。", "proof")
    if _NUMBERS.search(said):
        raise RuleBroken("只写看过什么证明，不要写证件号码。", "proof")
    return said


def check_ending(why: GroupEnd | None) -> GroupEnd:
    """The reason why a group ends, one of the counter's; nothing is asked beyond it. RuleBroken: none of them."""
    if why not in BY_HAND:
        raise RuleBroken("请选择为什么取消。", "why")
    assert why is not None
    return why


def is_4050(born: date, gender: str, day: date) -> bool:
    """Whether somebody is in AGE_4050 on `day`: women from 40, men from 50; unknown gender counts as no."""
    since = AGE_FROM.get(gender)
    if since is None:
        return False
    had_birthday = (day.month, day.day) >= (born.month, born.day)
    return day.year - born.year - (not had_birthday) >= since
