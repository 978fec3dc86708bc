"""Makes the key file of a new installation: `python -m db.new_keys PATH`. Never overwrites one."""

from __future__ import annotations

import json
import os
import sys

from db.vault import new_keys


def main() -> None:
    """Write fresh keys, readable by this user only."""
    if len(sys.argv) != 2:
        sys.exit("usage: python -m db.new_keys PATH")
    path = sys.argv[1]
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        sys.exit(f"{path} exists already and is left as it is.")
    with open(descriptor, "w") as file:
        json.dump(new_keys(), file, indent=1)
    print(f"Wrote {path}. Without it no personal data can be read: keep a copy in a safe, apart from the backups.")


if __name__ == "__main__":
    main()
