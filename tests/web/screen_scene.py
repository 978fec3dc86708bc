"""A hall with a television: what it shows, and how it is let in."""

import re
from typing import Any

from db.tables.jobs import Job
from tests.visitor import Visitor
from tests.web.board.posts import put_post

CODE = "ZD-420112015-01"
OTHER_CODE = "ZD-420112006-01"
SCREEN = f"/screen/{CODE}"


async def put_on_screen(**changes: Any) -> str:
    """A post that was published for screens, too."""
    number = await put_post(**changes)
    await Job.update({Job.channels: "WEBSITE,SCREEN"}).where(Job.number == number)
    return number


async def shows_a_code(tv: Visitor, code: str = CODE) -> str:
    """The six digits the television shows after it was switched on."""
    await tv.reads(f"/screen/{code}")
    sheet = await tv.follows(await tv.sends(f"/screen/{code}/pairing"))
    return re.sub(r"\D", "", sheet.words(".digits"))


async def paired(tv: Visitor, manager: Visitor, code: str = CODE, name: str = "大厅东墙") -> None:
    """Let the television in."""
    digits = await shows_a_code(tv, code)
    await manager.sends("/desk/screens", page="/desk/screens", code=digits, name=name)
