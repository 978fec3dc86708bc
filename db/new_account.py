"""Makes an account from the command line; the password is asked for, never given as an argument.

python -m db.new_account LOGIN NAME DST
python -m db.new_account LOGIN NAME STF --station ZD-420112015-01
python -m db.new_account LOGIN NAME SUB --subdistrict 420112015
python -m db.new_account LOGIN NAME OPR --operator 公司全称

The person signs the confidentiality commitment, and sets up the second factor, at the first sign-in. Further accounts are
opened on the pages under 账号.
"""

from __future__ import annotations

import argparse
import asyncio
import getpass
import sys

from db.actions.accounts import create_account
from db.queries.accounts import account_named
from db.queries.stations import station_with_code
from db.tables.stations import Subdistrict
from piccolo_conf import DB
from rules.accounts import BELONGS_TO
from rules.errors import RuleBroken
from rules.passwords import check_password
from rules.permissions import PUBLIC_ROLES, Role

DESK_ROLES = [role for role in Role if role not in PUBLIC_ROLES]
"""Workers and employers get their accounts from their own pages."""


async def create(login: str, name: str, role: Role, password: str, *, station: str, subdistrict: str, operator: str) -> None:
    """Create the account. SystemExit with one sentence when something does not fit."""
    check_password(password, login=login)
    belongs = BELONGS_TO.get(role)
    if belongs and not {"station": station, "subdistrict": subdistrict, "operator": operator}[belongs]:
        sys.exit(f"{role.label} needs --{belongs}.")
    if await account_named(login.lower()):
        sys.exit(f"The sign-in name {login} is taken.")
    row = await station_with_code(station) if station else None
    if station and row is None:
        sys.exit(f"There is no station {station}. Open it first with python -m db.open_station.")
    if subdistrict and not await Subdistrict.exists().where(Subdistrict.code == subdistrict):
        sys.exit(f"There is no subdistrict {subdistrict}.")
    await create_account(
        login=login,
        name=name,
        role=role,
        password=password,
        station_id=row["id"] if row else None,
        operator=operator,
        subdistrict=subdistrict,
        actor=None,
    )


def main() -> None:
    """Read the arguments, ask for the password, create."""
    arguments = argparse.ArgumentParser(prog="python -m db.new_account", description="Make an account.")
    arguments.add_argument("login")
    arguments.add_argument("name")
    arguments.add_argument("role", choices=[r.value for r in DESK_ROLES], help="; ".join(f"{r.value} {r.label}" for r in DESK_ROLES))
    for name in ("station", "subdistrict", "operator"):
        arguments.add_argument(f"--{name}", default="")
    given = arguments.parse_args()
    password = getpass.getpass("password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")

    async def run() -> None:
        await DB.start_connection_pool()
        try:
            await create(
                given.login,
                given.name,
                Role(given.role),
                password,
                station=given.station,
                subdistrict=given.subdistrict,
                operator=given.operator,
            )
        finally:
            await DB.close_connection_pool()

    try:
        asyncio.run(run())
    except RuleBroken as broken:
        sys.exit(broken.message)
    print(f"{given.login} can sign in now.")


if __name__ == "__main__":
    main()
