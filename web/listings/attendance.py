"""The list of who signed in at a station on a day."""

from db.paging import Page
from db.queries import attendance
from rules import codes
from rules.codes import TRADES, ListKind
from rules.masking import mask_name
from rules.permissions import Actor, Permission
from web.listings.shape import NO_TABLE, Listing, Row, Search, date_of, label, moment_of, table_of, text


async def _sign_ins(actor: Actor, search: Search, after: str) -> Page:
    wanted = attendance.SignInFilter.of(date_of(search.get("day", "")), search.get("state", ""))
    return await attendance.sign_ins_of(actor.scope, wanted, after)


def _trades(row: Row) -> str:
    return "、".join(TRADES[code].label for code in row["trades"] if code in TRADES)


SIGN_INS = (
    Listing(
        ListKind.SIGN_INS,
        "/desk/today/sign-ins",
        Permission.ATTENDANCE_READ,
        _sign_ins,
        (
            ("号码", lambda row: f"{row['ticket']:03d}"),
            ("求职编号", text("seeker_number")),
            ("姓名", lambda row: mask_name(row["name"])),
            ("想做的工种", _trades),
            ("到站", moment_of("arrived_at")),
            ("断网后补传", lambda row: "是" if row["late"] else ""),
            ("怎样认的", label("how", codes.SignInHow)),
            ("等活（天）", lambda row: str(row["waited"])),
            ("现在", label("state", codes.SignInState)),
            ("回站", moment_of("returned_at")),
        ),
        (("day", "日期", NO_TABLE), ("state", "状态", table_of(codes.SignInState))),
    ),
)
