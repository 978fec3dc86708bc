"""Rules for passwords of people at the desk."""

from __future__ import annotations

from rules.errors import RuleBroken

SHORTEST = 12
LONGEST = 128


def check_password(password: str, *, login: str) -> None:
    """Raise RuleBroken for a password that is too short, too long or follows from the sign-in name."""
    if len(password) < SHORTEST:
        raise RuleBroken(f"新密码至少{SHORTEST}位，可以用一句自己记得住的话。", "new_password")
    if len(password) > LONGEST:
        raise RuleBroken(f"新密码最多{LONGEST}位，请改短一些。", "new_password")
    if login and login.lower() in password.lower():
        raise RuleBroken("新密码里不能带登录名，请换一个。", "new_password")
    if len(set(password)) < 5:
        raise RuleBroken("新密码重复的字太多，请换一个。", "new_password")
