"""Looking at the runs over the record and at the signed heads, and taking the heads away."""

from typing import Any

from wtforms import Form

from web.forms.base import Choice, Day, PageForm


class RunFilter(Form):
    """All runs, or those that found a fault; what cannot be understood is dropped."""

    show = Choice("结果", options=(("wrong", "发现问题的"),), blank="全部")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.validate():
            self.show.data, self.show.raw_data, self.show.errors = None, None, []


class HeadFilter(Form):
    """A day and a station in reach; what cannot be understood is dropped."""

    day = Day("日期")
    chain = Choice("记录链", options=(), blank="全部")

    def __init__(self, *args: Any, chains: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.chain.choices.extend(chains)
        self.validate()
        for field in self:
            if field.errors:
                field.data, field.raw_data, field.errors = None, None, []


class HeadsForm(PageForm):
    """From which day on the heads are taken."""

    since = Day("从哪天起", hint="不填就是上次取走以后的；第一次取走全部。")
