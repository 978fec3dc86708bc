"""The text check of a post: the whole of it, beside the patterns of lint.yaml alone, in the same run.

A post of 2,000 characters over all its fields, as people write it, and the same length of words that start rules without
ending them, or that end them all the time. The literal list is what the reference gives; its rate of other words is
counted beside ours over the strings of tests/rules.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from bench import words
from bench.report import Report, machine, table
from rules.lint import WINDOW, lint_fields, normalise, text_rules

LENGTH = 2_000
STRINGS = Path(__file__).parents[1] / "tests" / "rules"
HARD = {
    "ages without an end": "四十往上",
    "refusals": "女不要",
    "payments": "先转两百",
    "innocent deposits": "不收押金",
    "numerals": "一二三百",
    "everything forbidden": "不要男女的押金先交五十四十往上",
    "phones": "13900000030微信",
}


def main() -> None:
    """Measure, count, judge."""
    options = argparse.ArgumentParser(prog="script/bench lint", description=__doc__)
    options.add_argument("--rounds", type=int, default=41)
    wanted = options.parse_args()
    machine()
    report = Report("lint")
    texts = {"a post of 2,000 characters": _post()} | {name: {"duties": _filled(word)} for name, word in HARD.items()}
    rows, figures = [], {}
    for name, fields in texts.items():
        ours = _milliseconds(partial(lint_fields, fields), wanted.rounds)
        literal = _milliseconds(partial(_literally, fields), wanted.rounds)
        figures[name] = {"ours_ms": round(ours, 3), "literal_ms": round(literal, 3)}
        rows.append([name, len(lint_fields(fields)), f"{ours:.2f}", f"{literal:.2f}", f"{ours / literal:.2f}"])
    table(("milliseconds", "hits", "ours", "literal list", "ours / literal"), rows)
    counted = []
    for name in ("lint_strings", "lint_held_out", "lint_second", "lint_third"):
        caught, by_literal, all_guilty, blocked, all_innocent = _rates(name)
        counted.append([name, all_guilty, f"{caught / all_guilty:.1%}", f"{by_literal / all_guilty:.1%}", all_innocent, blocked])
        report.figures[name] = {"guilty": all_guilty, "caught": caught, "literal": by_literal, "innocent": all_innocent, "blocked": blocked}
    table(("strings, after the corrections", "forbidden", "ours", "literal list", "innocent", "blocked"), counted)
    slowest = max(each["ours_ms"] for each in figures.values())
    report.must("every text of 2,000 characters under 5 ms", slowest < 5)
    report.goal("literal list to ours, time for a post", figures["a post of 2,000 characters"]["literal_ms"] / _of_post(figures), 0.25)
    report.note("slowest", f"{slowest:.2f} ms")
    report.figures["texts"] = figures
    report.end()


def literal_rules(fields: dict[str, str]) -> Iterator[str]:
    """The rules that the patterns of the reference find, with their exceptions, and nothing else."""
    forms = {name: normalise(text) for name, text in fields.items()}
    document = "\n".join(form[0].text for form in forms.values())
    for form in forms.values():
        for rule in text_rules():
            text = form[0 if rule.form == "t" else 1].text
            for match in rule.pattern.finditer(text):
                around = document if rule.whole_document else text[max(0, match.start() - WINDOW) : match.end() + WINDOW]
                if not any(excuse.search(around) for excuse in rule.excuses):
                    yield rule.id
                    break


def _literally(fields: dict[str, str]) -> list[str]:
    return list(literal_rules(fields))


def _of_post(figures: dict[str, dict[str, float]]) -> float:
    return figures["a post of 2,000 characters"]["ours_ms"]


def _post() -> dict[str, str]:
    dice = random.Random(20_261_122)
    text = ""
    while len(text) < LENGTH:
        text += words.duties(dice, "搬运/装卸", 1, 100)
    return {"title": text[:30], "duties": text[30:1500], "requirements": text[1500:1900], "benefits": text[1900:LENGTH]}


def _filled(word: str) -> str:
    return (word * LENGTH)[:LENGTH]


def _rates(name: str) -> tuple[int, int, int, int, int]:
    families: dict[str, dict[str, Any]] = yaml.safe_load((STRINGS / f"{name}.yaml").read_text(encoding="utf-8"))
    caught = literal = guilty = blocked = innocent = 0
    for family in families.values():
        for text in [*(line["text"] for line in family["forbidden"]), *family.get("missed", ())]:
            guilty += 1
            caught += bool(lint_fields({"duties": text}))
            literal += any(True for _ in literal_rules({"duties": text}))
        for text in [*(line["text"] for line in family["innocent"]), *family.get("refused", ())]:
            innocent += 1
            blocked += any(hit.severity == "BLOCK" for hit in lint_fields({"duties": text}))
    return caught, literal, guilty, blocked, innocent


def _milliseconds(check: Callable[[], object], times: int) -> float:
    """Processor time of the best of so many runs: what the work takes, and not what else the machine does."""
    check()
    taken = []
    for _ in range(times):
        began = time.process_time()
        check()
        taken.append((time.process_time() - began) * 1000)
    return min(taken)


if __name__ == "__main__":
    main()
