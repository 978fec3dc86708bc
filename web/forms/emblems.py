"""Setting the emblem or the plaque: which, where, and the picture."""

from collections.abc import Sequence
from typing import Any

from rules.codes import EmblemKind
from web.forms.base import Choice, Given, Line, PageForm


class EmblemForm(PageForm):
    """One picture."""

    kind = Choice("换哪一种", [Given()], table=EmblemKind, blank=None, radio=True, default=EmblemKind.EMBLEM.value, width=6)
    station = Choice("用在哪里", options=[], blank="全区所有驿站", width=6)
    picture = Line("图片（PNG或JPEG，最大5 MB，短边至少300像素）", width=6)

    @property
    def station_id(self) -> int | None:
        """The one station it is for; None for all."""
        return int(self.station.data) if self.station.data else None

    def offer(self, stations: Sequence[dict[str, Any]]) -> None:
        """The stations to choose from."""
        self.station.choices = [("", "全区所有驿站"), *((str(row["id"]), row["name"]) for row in stations)]
