"""The list of uploaded scans of signed agreements, and what became of each."""

from db.paging import Page
from db.queries import incoming_scans
from rules import codes
from rules.codes import ListKind
from rules.permissions import Actor, Permission
from web.listings.shape import Listing, Search, label, moment_of, table_of, text


async def _scans(actor: Actor, search: Search, after: str) -> Page:
    state = search.get("state", "")
    known = state in codes.IncomingState._value2member_map_
    return await incoming_scans.scans_in(actor.scope, codes.IncomingState(state) if known else None, after)


INCOMING_SCANS: tuple[Listing, ...] = (
    Listing(
        ListKind.SCANS,
        "/desk/scans",
        Permission.AGREEMENTS_READ,
        _scans,
        (
            ("上传时间", moment_of("uploaded_at")),
            ("上传人", text("uploader")),
            ("状态", label("state", codes.IncomingState)),
            ("协议", lambda row: row["agreement"] or row["read_number"] or ""),
            ("页数", lambda row: str(row["pages"])),
            ("结果", text("why")),
            ("办理时间", moment_of("settled_at")),
            ("办理人", text("settler")),
        ),
        (("state", "状态", table_of(codes.IncomingState)),),
    ),
)
