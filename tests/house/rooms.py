"""Compares docs/rooms.md with the tree: python -m tests.house.rooms prints what is missing on either side; exit 1 then."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "rooms.md"
_NAMED = re.compile(r"`((?:rules|db|web)/(?:[a-z0-9_]+/)*(?:[a-z0-9_]+\.py)?)`")


def in_tree() -> set[str]:
    """Every package folder ("web/forms/") and module ("web/forms/jobs.py") of rules, db and web; migrations as a folder."""
    found = set()
    for top in ("rules", "db", "web"):
        for path in (ROOT / top).rglob("*.py"):
            parts = path.relative_to(ROOT).parts
            if "__pycache__" in parts or ("piccolo_migrations" in parts and path.name != "__init__.py"):
                continue
            found.add("/".join(parts[:-1]) + "/")
            if path.name != "__init__.py":
                found.add("/".join(parts))
    return found


def on_page() -> set[str]:
    """Every folder and module that docs/rooms.md names in backticks."""
    return set(_NAMED.findall(PAGE.read_text(encoding="utf-8")))


def differences() -> list[str]:
    """One sentence per difference; empty when page and tree agree."""
    tree, page = in_tree(), on_page()
    return [f"not in docs/rooms.md: {name}" for name in sorted(tree - page)] + [
        f"only in docs/rooms.md: {name}" for name in sorted(page - tree)
    ]


def main() -> int:
    """Print the differences."""
    found = differences()
    print("\n".join(found) or "docs/rooms.md matches the tree.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
