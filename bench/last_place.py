"""The last place, given by two clerks at the same instant, again and again, over HTTP, on SQLite and on PostgreSQL.

Each time a demand for one person, two people who were called for it, and two clerks who press "给名额" together: exactly one
wins, the other reads who was faster and keeps what was typed.
"""

from __future__ import annotations

import argparse
import asyncio
import re
from typing import Any

from bench.morning import Clerk, Tally, a_postgres, furnished, serving
from bench.report import Report, machine, table


async def _races(bases: list[str], station: dict[str, Any], times: int) -> dict[str, int]:
    tally = Tally()
    station |= {"key": "one", "counters": {login: str(place + 1) for place, login in enumerate(station["logins"])}}
    first, second = (Clerk(bases[place % len(bases)], login, station, tally) for place, login in enumerate(station["logins"]))
    await first.sign_in()
    await second.sign_in()
    came = {"one": 0, "told": 0, "kept": 0, "wrong": 0}
    people = iter(station["people"])
    for number in station["jobs"][:times]:
        where = f"/desk/today/posts/{number}"
        tickets = []
        for clerk in (first, second):
            answer = await clerk.post("sign-in", "/desk/today/sign-ins", word=next(people))
            tickets.append(_ticket(answer.text))
        for clerk, ticket in zip((first, second), tickets, strict=True):
            await clerk.post("call", f"{where}/calls", ticket=ticket)
        answers = await asyncio.gather(
            *(
                clerk.post("place", f"{where}/places", ticket=ticket, method="READ_ALOUD", consent="y", answered_by=f"周经理{ticket}")
                for clerk, ticket in zip((first, second), tickets, strict=True)
            )
        )
        won = [answer.status_code == 200 for answer in answers]
        came["one" if sum(won) == 1 else "wrong"] += 1
        if sum(won) == 1:
            loser, winner = (1, 0) if won[0] else (0, 1)
            text = answers[loser].text
            came["told"] += f"{int(tickets[winner]):03d}号" in text and "刚被" in text
            came["kept"] += f"周经理{tickets[loser]}" in text
            clerk = (first, second)[loser]
            await clerk.post("departure", f"/desk/today/tickets/{tickets[loser]}/departure")
    return came | {"errors": len([each for each in tally.errors if "departure" not in each])}


def _ticket(text: str) -> str:
    found = re.search(r'class="[^"]*ticket[^"]*">\s*(\d{3,4})', text)
    if found is None:
        raise RuntimeError(text[:1500])
    return str(int(found[1]))


def one_engine(name: str, times: int, report: Report) -> list[Any]:
    """The races on one engine; the row of the table."""
    _, environment, stations = furnished(f"last-place-{name}", 2 * times, times, times, 1)
    with serving(environment, 2 if name == "postgres" else 1) as bases:
        came = asyncio.run(_races(bases, next(iter(stations.values())), times))
    report.figures[name] = came
    report.must(f"{name}: exactly one wins each of {times} times", came["one"] == times)
    report.must(f"{name}: the other is told who was faster", came["told"] == times)
    report.must(f"{name}: and keeps what was typed", came["kept"] == times)
    report.must(f"{name}: no error", came["errors"] == 0)
    return [name, *came.values()]


def main() -> None:
    """SQLite with one process, PostgreSQL with two."""
    options = argparse.ArgumentParser(prog="script/bench last_place", description=__doc__)
    options.add_argument("--times", type=int, default=1000)
    options.add_argument("--engine", choices=("sqlite", "postgres", "both"), default="both")
    wanted = options.parse_args()
    machine()
    report, rows = Report("last_place"), []
    if wanted.engine != "postgres":
        rows.append(one_engine("sqlite", wanted.times, report))
    if wanted.engine != "sqlite":
        with a_postgres():
            rows.append(one_engine("postgres", wanted.times, report))
    table(("last places", "one won", "told who", "typing kept", "both or none", "errors"), rows)
    report.end()


if __name__ == "__main__":
    main()
