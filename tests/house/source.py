"""The source tree as the house tests read it."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def modules(*tops: str) -> list[Path]:
    """Every module under these folders, migrations left out."""
    return sorted(
        path
        for top in tops
        for path in (ROOT / top).rglob("*.py")
        if "piccolo_migrations" not in path.parts and "__pycache__" not in path.parts
    )


@cache
def tree(path: Path) -> ast.Module:
    """The parsed module."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def name(path: Path) -> str:
    """db/queries/jobs.py as db.queries.jobs, packages without __init__."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def short(path: Path) -> str:
    """The path as messages show it."""
    return path.relative_to(ROOT).as_posix()


def imported(path: Path) -> list[tuple[str, int]]:
    """(module, line) of every import, also the ones inside functions; `from x import y` gives x.y where that is a module."""
    found = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found += [(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                found.append((whole if _is_module(whole) else node.module, node.lineno))
    return found


def _is_module(dotted: str) -> bool:
    path = ROOT.joinpath(*dotted.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()
