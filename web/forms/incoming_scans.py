"""Signed agreements uploaded many at a time: the upload, narrowing the list, and what somebody decides about one."""

from rules.codes import IncomingState
from rules.incoming_scans import SIGNATURES_UNSEEN
from web.forms.base import Choice, Given, Line, Lines, PageForm, Tick


class ScanUploadForm(PageForm):
    """The files, and that somebody looked at the signatures on them."""

    scans = Line("签好的协议（PDF、JPEG或PNG，可以一次选几份，合计最大10 MB）", width=6)
    signatures_seen = Tick("这些协议上各方的签名我都看过了，齐全", [Given(SIGNATURES_UNSEEN)], width=6)


class ScanFilter(PageForm):
    """Which scans the list shows."""

    state = Choice("状态", table=IncomingState, blank="全部")

    @property
    def chosen(self) -> IncomingState | None:
        """The state asked for; None for all, and for a value that is none."""
        return IncomingState(self.state.data) if self.state.data in IncomingState.__members__ else None


class AssignForm(PageForm):
    """Which agreement a scan is, as somebody who looked at it says."""

    number = Line("协议编号", [Given()], maximum=20, width=6, hint="印在协议右上角，例如 XLW-2026-000187")


class DismissForm(PageForm):
    """Why a scan is no signed agreement."""

    reason = Lines("不归入的原因", [Given()], maximum=200, rows=2, width=6, hint="至少5个字，例如：重复扫描，已经归入过")
