"""The register of issued papers as a list that can be exported."""

from db.paging import Page
from db.queries.documents import PAPER_STATES, PaperFilter, register_of
from rules import codes
from rules.codes import ListKind
from rules.documents import paper_title
from rules.permissions import Actor, Permission
from web.listings.shape import NO_TABLE, Listing, Search, moment_of, table_of, text


async def _papers(actor: Actor, search: Search, after: str) -> Page:
    wanted = PaperFilter.of(search.get("kind", ""), search.get("day", ""), search.get("number", ""), search.get("state", ""))
    return await register_of(actor.scope, wanted, after)


PAPERS: tuple[Listing, ...] = (
    Listing(
        ListKind.PAPERS,
        "/desk/papers",
        Permission.PAPERS_READ,
        _papers,
        (
            ("编号", text("number")),
            ("文书", lambda row: paper_title(row["kind"], row["number"])),
            ("第几份", lambda row: str(row["copy_number"])),
            ("驿站", text("station_name")),
            ("出具", moment_of("issued_at")),
            ("出具人", text("issuer")),
            ("状态", lambda row: "已作废" if row["voided_at"] else "有效"),
            ("作废", moment_of("voided_at")),
            ("作废人", text("voided_by")),
            ("作废原因", text("void_reason")),
            ("电子签章", lambda row: "有" if row["unsigned_sha256"] else ""),
            ("文件指纹（SHA-256）", text("sha256")),
        ),
        (
            ("kind", "文书", table_of(codes.PaperKind)),
            ("day", "出具日期", NO_TABLE),
            ("number", "编号", NO_TABLE),
            ("state", "状态", PAPER_STATES),
        ),
    ),
)
