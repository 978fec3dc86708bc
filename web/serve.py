"""Starts the server: settings first, then migrations, demo data in development, and Granian.

Granian is the one server that, as shipped, survived slow headers; slow bodies are ended by the gate (web/gate.py).
"""

import asyncio
import os
import sys

from web.settings import Settings, SettingsMissing, load_settings

DEMO_HEADING = "Demo accounts (development only, the password of each is {password}):"


async def prepare(settings: Settings) -> list[str]:
    """Bring the database up to date and fill an empty one with the demo district; gives the lines to print."""
    from db.migrate import migrate
    from db.seeds import demo
    from db.seeds.base import load_base
    from piccolo_conf import DB
    from web.agreement_papers import print_agreement
    from web.documents.renderer import Printer

    await migrate()
    await DB.start_connection_pool()
    if settings.production:
        await load_base()
        await DB.close_connection_pool()
        return []
    printer = Printer(workers=1)
    try:
        await printer.start()
        print("==> loading the demo district if the database is empty", flush=True)
        await demo.load_into_empty(lambda number, actor: print_agreement(printer, settings.public_url, number, actor))
    finally:
        await printer.stop()
        await DB.close_connection_pool()
    return [
        DEMO_HEADING.format(password=demo.PASSWORD),
        *(f"  {login:<10} {role}" for login, role in demo.accounts_per_role()),
    ]


def main() -> None:
    """Run until stopped. Exits with one clear sentence for each thing that production lacks."""
    try:
        settings = load_settings()
    except SettingsMissing as missing:
        sys.exit("The station system does not start in production like this:\n" + "\n".join(f"- {s}" for s in missing.sentences))
    lines = asyncio.run(prepare(settings))
    host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
    print(f"\nServing on http://{host}:{port}\n" + "\n".join(lines), flush=True)
    os.execv(
        sys.executable,
        [
            *(sys.executable, "-m", "granian", "--interface", "asgi", "--factory", "--host", host, "--port", port),
            *("--workers", "1", "--loop", "uvloop", "--no-access-log", "--log-level", "warning"),
            *("--http1-header-read-timeout", "5000", "--workers-kill-timeout", "10", "web.app:create_app"),
        ],
    )


if __name__ == "__main__":
    main()
