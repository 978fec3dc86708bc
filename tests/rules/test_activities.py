"""Work besides referrals: each kind asks its own questions, and nothing has a price."""

from dataclasses import replace
from datetime import date

import pytest

from rules.activities import SHAPES, NewActivity, check_activity, is_grave
from rules.codes import ActivityKind
from rules.errors import RuleBroken
from rules.numbers import NumberKind, activity_number, kind_of

TODAY = date(2026, 12, 1)


def good(kind: ActivityKind) -> NewActivity:
    shape = SHAPES[kind]
    return NewActivity(
        kind,
        TODAY,
        "做了一件事",
        "有结果",
        topic=shape.topics[0] if shape.topics else "",
        people=12 if shape.people else None,
        offered=5 if shape.heads else None,
        wanted=8 if shape.heads else None,
        matched=4 if shape.heads else None,
        level="一般" if shape.level else "",
    )


@pytest.mark.parametrize("kind", list(ActivityKind))
def test_every_kind_can_be_registered(kind):
    check_activity(good(kind), TODAY)
    assert all(len(topic) <= 20 for topic in SHAPES[kind].topics)


@pytest.mark.parametrize(
    ("kind", "changes", "field"),
    [
        ("TRAINING", {"held_on": None}, "held_on"),
        ("TRAINING", {"held_on": date(2026, 12, 2)}, "held_on"),
        ("TRAINING", {"title": " "}, "title"),
        ("TRAINING", {"topic": "别的"}, "topic"),
        ("TRAINING", {"outcome": ""}, "outcome"),
        ("TRAINING", {"people": 0}, "people"),
        ("TRAINING", {"people": None}, "people"),
        ("TRAINING", {"outcome": "每人交学费200元"}, "title"),
        ("INCIDENT", {"level": ""}, "level"),
        ("INCIDENT", {"people": None}, "people"),
        ("SHARED_LABOUR", {"offered": None, "wanted": None, "matched": None}, "offered"),
        ("SHARED_LABOUR", {"matched": 6}, "matched"),
    ],
)
def test_what_is_missing_or_wrong_is_said_at_its_field(kind, changes, field):
    with pytest.raises(RuleBroken) as refused:
        check_activity(replace(good(ActivityKind(kind)), **changes), TODAY)
    assert refused.value.field == field


def test_a_free_course_may_say_that_it_is_free():
    check_activity(replace(good(ActivityKind.TRAINING), title="叉车培训，免学费，不收报名费"), TODAY)
    check_activity(replace(good(ActivityKind.INCIDENT), people=0, title="有人在门口收报名费"), TODAY)


def test_only_a_grave_incident_is_reported_at_once():
    assert is_grave(ActivityKind.INCIDENT, "重大")
    assert not is_grave(ActivityKind.INCIDENT, "较大")
    assert not is_grave(ActivityKind.TRAINING, "重大")


def test_numbers_of_work_and_of_incidents():
    assert activity_number(TODAY, 3) == "HD261201003"
    assert activity_number(TODAY, 1, incident=True) == "SJ261201001"
    assert activity_number(TODAY, 1000) == "HD2612011000"
    assert kind_of("HD261201003") is kind_of("SJ261201001") is NumberKind.ACTIVITY
