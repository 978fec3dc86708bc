"""The lists of the hall's screens: the paired devices, and the lines typed for them."""

from db.clock import today
from db.paging import Page
from db.queries import screens
from rules import codes
from rules.codes import ListKind
from rules.permissions import Actor, Permission
from web.listings.shape import Listing, Search, day_of, label, moment_of, table_of, text


async def _screens(actor: Actor, search: Search, after: str) -> Page:
    return await screens.screens_in(actor.scope, revoked=search.get("revoked") == "1", after=after)


async def _notices(actor: Actor, search: Search, after: str) -> Page:
    return await screens.notices_in(actor.scope, today(), over=search.get("over") == "1", kind=search.get("kind", ""), after=after)


SCREENS: tuple[Listing, ...] = (
    Listing(
        ListKind.SCREENS,
        "/desk/screens",
        Permission.SCREENS_MANAGE,
        _screens,
        (
            ("屏幕", text("name")),
            ("配对时间", moment_of("paired_at")),
            ("配对人", text("paired_by_name")),
            ("最近联网", moment_of("seen_at")),
            ("停用时间", moment_of("revoked_at")),
            ("停用人", text("revoked_by_name")),
        ),
        (("revoked", "显示", {"1": "已停用的"}),),
    ),
    Listing(
        ListKind.SCREEN_NOTICES,
        "/desk/screens/notices",
        Permission.SCREEN_NOTICES,
        _notices,
        (
            ("类别", label("kind", codes.NoticeKind)),
            ("内容", text("words")),
            ("第一天", day_of("first_day")),
            ("最后一天", day_of("last_day")),
            ("发布人", text("made_by_name")),
            ("发布时间", moment_of("made_at")),
            ("撤下时间", moment_of("ended_at")),
            ("撤下人", text("ended_by_name")),
        ),
        (("kind", "类别", table_of(codes.NoticeKind)), ("over", "显示", {"1": "已经撤下的"})),
    ),
)
