"""Uploading a workbook (批量登记)."""

from rules.codes import ImportKind
from web.forms.base import Choice, Given, Line, PageForm


class ImportForm(PageForm):
    """What the workbook brings in, and the file."""

    kind = Choice("登记什么", [Given()], table=ImportKind, blank=None, radio=True, default=ImportKind.SEEKERS.value)
    workbook = Line("填好的表（.xlsx，最大5 MB，最多5,000行）", width=6)
