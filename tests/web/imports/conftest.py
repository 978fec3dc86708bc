"""Uploading and waiting, as a person does it."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.visitor import Sheet, Visitor

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
async def uploads(app) -> Any:
    """`await uploads(person, kind, body)`: the page of the workbook after its dry run; the person's page is that one, too."""

    async def upload(person: Visitor, kind: str, body: bytes, *, name: str = "名单.xlsx", status: int = 303, wait: bool = True) -> Sheet:
        await person.reads("/desk/imports")
        sheet = await person.sends("/desk/imports", kind=kind, files={"workbook": (name, body, XLSX)}, status=status)
        if status != 303:
            return sheet
        if wait:
            await app.litestar.state.imports.settled()
        return await person.follows(sheet)

    yield upload
    await app.litestar.state.imports.stop()


@pytest.fixture
def tiles() -> Callable[[Sheet], dict[str, int]]:
    """What a workbook's page counts, by the words under the figures."""

    def read(sheet: Sheet) -> dict[str, int]:
        found = {}
        for tile in sheet.select(".tile"):
            figure = tile.select_one("b").text
            found[re.sub(r"\s", "", tile.get_text("").removeprefix(figure))] = int(figure)
        return found

    return read


@pytest.fixture
async def confirms(app) -> Any:
    """`await confirms(person, url)`: press 确认登记 on the page one is on and wait until every row was dealt with."""

    async def confirm(person: Visitor, url: str) -> Sheet:
        await person.sends(f"{url}/confirmation")
        await app.litestar.state.imports.settled()
        return await person.reads(url)

    return confirm
