"""Which table of which period and which stations: the form above the statistics."""

from rules.statistics.periods import PeriodKind
from rules.statistics.tables import StatTable
from web.forms.base import Choice, Line, PageForm


class StatisticsForm(PageForm):
    """A GET form; what it does not know is dropped."""

    table = Choice("表", options=[(table.value, f"{table.number} {table.label}") for table in StatTable], blank=None)
    kind = Choice("统计期", table=PeriodKind, blank=None)
    day = Line("哪天所在的", maximum=10)
    scope = Choice("范围", options=[], blank=None)
