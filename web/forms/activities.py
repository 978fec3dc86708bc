"""Registering one work besides referrals: the kind first, then what this kind asks."""

from typing import Any, Self

from wtforms import Form

from rules.activities import MAX_NOTE, MAX_OUTCOME, MAX_PEOPLE, MAX_PLACE, MAX_TITLE, SHAPES, IncidentLevel, NewActivity
from rules.codes import ActivityKind
from web.forms.base import Choice, Day, Given, Line, Lines, PageForm, Whole


class ActivityForm(PageForm):
    """One work; `about` leaves in it what its kind asks, in the words of that kind."""

    held_on = Day("哪天", [Given("请填写哪天做的。")], width=1)
    topic = Choice("类别", width=2)
    level = Choice("事件等级", table=IncidentLevel, width=1)
    title = Line("内容", [Given()], maximum=MAX_TITLE, width=4)
    people = Whole("人次", most=MAX_PEOPLE, width=1)
    offered = Whole("富余多少人", most=MAX_PEOPLE, width=1)
    wanted = Whole("缺工多少人", most=MAX_PEOPLE, width=1)
    matched = Whole("撮合多少人", most=MAX_PEOPLE, width=1)
    place = Line("地点", maximum=MAX_PLACE, width=2)
    outcome = Line("结果", [Given()], maximum=MAX_OUTCOME, width=6)
    seeker = Line("求职编号（涉及某个零工的）", maximum=20, width=3, hint="如 Q26015000123，不涉及就空着")
    employer = Line("雇主（涉及某家的）", maximum=60, width=3, hint="岗位编号，或者登记的全名")
    note = Lines("补充说明（加密保存，只有本站和监督单位能看）", maximum=MAX_NOTE, rows=3, width=6, hint="不要写证件号码和电话")
    late_reason = Line("补记的原因", maximum=200, width=6, hint="隔了一天以上才登记的，写明原因")

    @classmethod
    def about(cls, kind: ActivityKind, typed: Any = None, **data: Any) -> Self:
        """The form of one kind."""
        form, shape = cls(typed, data=data), SHAPES[kind]
        form.title.label.text, form.outcome.label.text = shape.title, shape.outcome
        form.topic.label.text, form.people.label.text = shape.topic, shape.people
        form.topic.choices = [("", "请选择"), *((topic, topic) for topic in shape.topics)]
        asked = {
            "topic": shape.topics,
            "level": shape.level,
            "people": shape.people,
            **dict.fromkeys(("offered", "wanted", "matched"), shape.heads),
            "seeker": shape.seeker,
            "employer": shape.employer,
        }
        for name, wanted in asked.items():
            if not wanted:
                del form[name]
        return form

    def new_activity(self, kind: ActivityKind) -> NewActivity:
        """What was typed, for the rule and the action."""
        names = ("held_on", "title", "outcome", "topic", "people", "offered", "wanted", "matched", "level", "place", "note", "late_reason")
        given = {name: self[name].data for name in names if name in self and self[name].data not in (None, "")}
        return NewActivity(kind, **{"held_on": None, "title": "", **given})

    def concerned(self) -> dict[str, str]:
        """The number of the seeker and the employer it concerns, as typed."""
        return {name: self[name].data or "" for name in ("seeker", "employer") if name in self}


class ActivityFilterForm(Form):
    """Narrowing the list of registered work."""

    kind = Line("类别")
    month = Line("月份", maximum=7)
