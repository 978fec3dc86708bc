"""Makes the first account of a new installation: `python -m db.first_account LOGIN NAME`; asks for the password."""

from __future__ import annotations

import asyncio
import getpass
import sys

from db.actions.accounts import create_account
from db.migrate import migrate
from piccolo_conf import DB
from rules.errors import RuleBroken
from rules.passwords import check_password
from rules.permissions import Role


async def _create(login: str, name: str, password: str) -> None:
    await migrate()
    await DB.start_connection_pool()
    try:
        await create_account(login=login, name=name, role=Role.DISTRICT, password=password, actor=None)
    finally:
        await DB.close_connection_pool()


def main() -> None:
    """A district account; everybody else is made by it."""
    if len(sys.argv) != 3:
        sys.exit("usage: python -m db.first_account LOGIN NAME")
    login, name = sys.argv[1], sys.argv[2]
    password = getpass.getpass("password: ")
    try:
        check_password(password, login=login)
    except RuleBroken as broken:
        sys.exit(broken.message)
    asyncio.run(_create(login, name, password))
    print(f"{login} can sign in now.")


if __name__ == "__main__":
    main()
