"""Making approved exports in the background: rows with the asker's own reach, masked, marked, into the archive."""

import asyncio
import secrets
from datetime import timedelta
from typing import Any

import structlog

from db import archive
from db.actions import exports as actions
from db.clock import now
from db.errors import StorageUnavailable
from db.queries import exports as queries
from db.queries.accounts import account_with_id, actor_of
from rules.codes import ExportPurpose
from rules.errors import RuleBroken
from rules.exports import MAXIMUM_ROWS, check_size, marked_line
from rules.permissions import Permission
from web.background import BackgroundWork
from web.listings import listing_for, rows_of
from web.render import local
from web.workbooks.calling import exported_workbook

QUIET_AFTER = timedelta(minutes=3)
_LOST = "申请人现在没有看这份清单的权限，没有生成。"
_FAULT = "文件没有生成，请重新申请；还不行的，请联系系统管理员。"

log = structlog.get_logger()


class ExportRuns(BackgroundWork):
    """The tasks of this process."""

    def start(self, export_id: int) -> None:
        """Make it in the background."""
        self.begin(self._run(export_id))

    async def resume(self) -> int:
        """Make what was approved before a restart; drop files older than a week. How many were taken up."""
        waiting = await queries.exports_waiting(now() - QUIET_AFTER)
        for export_id in waiting:
            self.start(export_id)
        for key in await actions.forget_files():
            await archive.discard(key)
        return len(waiting)

    async def _run(self, export_id: int) -> None:
        try:
            await make_export(export_id)
        except StorageUnavailable as error:
            log.warning("export", error=type(error).__name__, id=export_id)  # the clockwork takes it up again
        except RuleBroken as broken:
            await actions.fail_export(export_id, broken.message)
        except Exception as error:
            log.error("export", error=type(error).__name__, id=export_id)
            await actions.fail_export(export_id, _FAULT)


async def make_export(export_id: int) -> None:
    """Make the file of an approved export, once. RuleBroken, with the sentence, when it cannot be made."""
    row = await queries.export_to_make(export_id)
    if row is None:
        return
    account = await account_with_id(row["asked_by"])
    asker = actor_of(account) if account and account["active"] else None
    listing = listing_for(asker, row["kind"]) if asker and asker.may(Permission.EXPORTS_ASK) else None
    if asker is None or listing is None:
        raise RuleBroken(_LOST)
    rows: list[list[str]] = []
    async for each in rows_of(listing, asker, row["search"], MAXIMUM_ROWS):
        rows.append([cell(each) for _, cell in listing.columns])
        if len(rows) % 200 == 0:
            await asyncio.sleep(0)
    check_size(len(rows))
    mark = secrets.token_hex(8)
    body = await exported_workbook(await _head(row, asker, listing, mark), [label for label, _ in listing.columns], rows)
    kept = await archive.keep(body)
    if not await actions.keep_export(export_id, kept, len(rows), mark):
        await archive.discard(kept.key)


async def _head(row: dict[str, Any], asker: Any, listing: Any, mark: str) -> dict[str, str]:
    where, when = await queries.place_of(asker), f"{local(now()):%Y-%m-%d %H:%M}"
    purpose = ExportPurpose.label_of(row["purpose"]) + (f"（{row['note']}）" if row["note"] else "")
    marked = marked_line(export_id=row["id"], who=asker.name, where=where, when=when, purpose=purpose, mark=mark)
    return {
        "title": listing.title,
        "marked": marked,
        "narrowed": f"清单：{listing.title}　筛选：{listing.words(row['search'])}　同意人：{row['decider'] or ''}",
        "mark": mark,
        "footer": f"{where} {asker.name} {when} 标记{mark}",
    }


async def count_rows(listing: Any, actor: Any, search: dict[str, str]) -> int:
    """How many rows an export would have, counted by the server up to one more than it may have."""
    count = 0
    async for _ in rows_of(listing, actor, search, MAXIMUM_ROWS):
        count += 1
        if count % 200 == 0:
            await asyncio.sleep(0)
    return count
