"""The worker process of a batch: the record of a morning in, its suggestions out. The web process keeps answering meanwhile."""

import json
import sys
from dataclasses import astuple

from rules.batch import morning_from, suggestions_for


def main() -> None:
    """Read one record from standard input, write the suggestions to standard output as JSON."""
    morning = morning_from(json.load(sys.stdin.buffer))
    json.dump([astuple(each) for each in suggestions_for(morning)], sys.stdout)


if __name__ == "__main__":
    main()
