"""Makes the key that signs the heads of the journal every day.

    python -m db.new_signing_key PATH            a new one; never overwrites one
    python -m db.new_signing_key PATH --renew    another one in its place; the public keys of earlier ones stay in the file

Prints the line with the public key: give it to the district, which checks the signatures with it.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from db.signed_heads import SigningKeyError, load_key, new_signing_key, write_key_file
from rules.verification import key_lines


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m db.new_signing_key", description="Make the key that signs the heads of the journal.")
    parser.add_argument("path", type=Path)
    parser.add_argument("--renew", action="store_true", help="put another key in the place of the one that is there")
    asked = parser.parse_args()
    try:
        before = load_key(asked.path).public if asked.renew else None
        kept = new_signing_key(before)
        write_key_file(asked.path, kept, replace=asked.renew)
    except FileExistsError:
        sys.exit(f"{asked.path} exists already and is left as it is; --renew puts another key in its place.")
    except SigningKeyError as error:
        sys.exit(str(error))
    active = kept["active"]
    print(f"Wrote {asked.path}. It never belongs into a backup. The district keeps this line:")
    print(key_lines({active: kept["public"][active]}), end="")


if __name__ == "__main__":
    main()
