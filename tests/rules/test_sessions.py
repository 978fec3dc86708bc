"""How long people stay signed in, when the desk locks, what a sign-in still lacks."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from rules.permissions import PUBLIC_ROLES, Role
from rules.sessions import Standing, Step, is_confirmed, is_locked, is_over, lifetime, next_step

NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
DONE = Standing(Role.STAFF, NOW, NOW, None, None, True, False, "1")
DESK_ROLES = [role for role in Role if role not in PUBLIC_ROLES]


def step(standing: Standing, on: bool = True) -> Step | None:
    return next_step(standing, second_factor=on, commitment="1")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, None),
        ({"second_factor_at": None}, Step.CODE),
        ({"second_factor_at": None, "initial_password": True, "commitment_version": ""}, Step.CODE),
        ({"initial_password": True, "commitment_version": "", "enrolled": False}, Step.PASSWORD),
        ({"commitment_version": "0", "enrolled": False}, Step.COMMITMENT),
        ({"enrolled": False}, Step.SECOND_FACTOR),
        ({"enrolled": False, "second_factor_at": None}, Step.SECOND_FACTOR),
    ],
)
def test_the_steps_come_in_their_order(changes, expected):
    assert step(replace(DONE, **changes)) is expected


def test_without_the_switch_only_password_and_commitment_are_asked():
    bare = replace(DONE, second_factor_at=None, enrolled=False)
    assert step(bare, on=False) is None
    assert step(replace(bare, enrolled=True), on=False) is None
    assert step(replace(bare, initial_password=True), on=False) is Step.PASSWORD
    assert step(replace(bare, commitment_version=""), on=False) is Step.COMMITMENT


@pytest.mark.parametrize("role", DESK_ROLES)
def test_every_desk_role_needs_everything(role):
    fresh = Standing(role, NOW, None, None, None, False, True, "")
    assert step(fresh) is Step.PASSWORD
    assert step(replace(fresh, initial_password=False)) is Step.COMMITMENT
    assert step(replace(fresh, initial_password=False, commitment_version="1")) is Step.SECOND_FACTOR


def test_a_worker_has_no_steps_here():
    assert step(Standing(Role.WORKER, NOW, None, None, None, False, False, "")) is None


@pytest.mark.parametrize("role", list(Role))
def test_a_desk_locks_after_ten_minutes_and_a_telephone_does_not(role):
    standing = replace(DONE, role=role)
    assert not is_locked(standing, NOW + timedelta(minutes=10))
    assert is_locked(standing, NOW + timedelta(minutes=10, seconds=1)) is (role in DESK_ROLES)
    assert is_locked(replace(standing, locked_at=NOW), NOW) is (role in DESK_ROLES)


@pytest.mark.parametrize(
    ("role", "idle", "absolute"),
    [(Role.STAFF, 30, 12), (Role.MANAGER, 30, 12), (Role.SUBDISTRICT, 30, 12), (Role.DISTRICT, 15, 8), (Role.ADMIN, 15, 8)],
)
def test_lifetimes(role, idle, absolute):
    assert lifetime(role).idle == timedelta(minutes=idle)
    assert lifetime(role).absolute == timedelta(hours=absolute)
    standing = replace(DONE, role=role)
    assert not is_over(standing, NOW + timedelta(minutes=idle, seconds=-1), unfinished=False)
    assert is_over(standing, NOW + timedelta(minutes=idle), unfinished=False)


def test_an_unfinished_sign_in_waits_a_quarter_of_an_hour():
    assert is_over(DONE, NOW + timedelta(minutes=15), unfinished=True)
    assert not is_over(DONE, NOW + timedelta(minutes=14), unfinished=True)


def test_a_confirmation_lasts_ten_minutes():
    assert is_confirmed(NOW, NOW + timedelta(minutes=10))
    assert not is_confirmed(NOW, NOW + timedelta(minutes=10, seconds=1))
    assert not is_confirmed(None, NOW)
