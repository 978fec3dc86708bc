"""Who may import whom: pages above forms, queries and actions, those above tables, and the rules above nothing."""

import ast
import sys

import pytest

from tests.house.source import imported, modules, name, short, tree

OWN = ("rules", "db", "web", "piccolo_conf", "tests", "bench")

# A module belongs to the first row whose name it begins with. What it may import: prefixes of our own modules.
DIRECTIONS: list[tuple[str, tuple[str, ...]]] = [
    ("rules", ("rules",)),
    ("db.tables", ("db.tables", "db.ids", "db.vault", "rules.codes", "piccolo_conf")),
    ("db.queries", ("db", "rules", "piccolo_conf")),
    ("db.actions", ("db", "rules", "piccolo_conf")),
    ("db", ("db", "rules", "piccolo_conf")),
    ("web.forms", ("web.forms", "rules")),
    ("web.documents", ("web.documents", "rules")),
    ("web", ("web", "db", "rules", "piccolo_conf")),
]
FORBIDDEN: list[tuple[str, str]] = [
    ("db.queries", "db.actions"),
    ("db", "web"),
    ("rules", "db"),
    ("rules", "web"),
    ("web.routes", "db.tables"),
    ("web", "db.tables"),
]
RULES_MAY_USE = {"yaml", "stdnum", "numpy", "scipy"}

ORDER: tuple[tuple[str, ...], ...] = (
    ("journal",),
    ("parameters",),
    ("stations",),
    ("accounts",),
    ("employers", "seekers", "establishment", "training", "consultations", "notices"),
    ("jobs", "exchange"),
    ("attendance", "orders"),
    ("referrals",),
    ("dispatch", "matching"),
    ("agreements",),
    ("placements",),
    ("incidents", "complaints"),
    ("followups",),
    ("screens",),
    ("ledger", "assessments"),
)
"""The rooms of the design, lowest floor first, by the names of their files. Papers (documents) serve every room.

Where the design puts two on one floor, the one the other rests on stands first: everybody writes the journal, people work
at stations. Placements close the floor of referrals and come after agreements, because a signed one is evidence of a start.
"""
FLOORS = {room: floor for floor, rooms in enumerate(ORDER) for room in rooms}

WAIVED = {("db.actions.employers", "rules.jobs")}
"""(importing, imported): employers hand out the facts about themselves in the shape the checks of posts ask for."""

LAYERS_OF_ROOMS = ("rules", "db.tables", "db.actions")
"""Layers whose modules are rooms. Queries and pages look across rooms: a list names records of others."""


def begins(module: str, prefix: str) -> bool:
    return module == prefix or module.startswith(prefix + ".")


def test_layers_import_downwards_only():
    wrong = []
    for path in modules("rules", "db", "web"):
        allowed = next(row for prefix, row in DIRECTIONS if begins(name(path), prefix))
        for module, line in imported(path):
            ours = module.split(".")[0] in OWN
            if ours and not any(begins(module, prefix) for prefix in allowed):
                wrong.append(f"{short(path)}:{line} imports {module}")
            for above, below in FORBIDDEN:
                if begins(name(path), above) and begins(module, below) and not begins(above, below):
                    wrong.append(f"{short(path)}:{line} imports {module}")
    assert not sorted(set(wrong))


def test_rules_use_the_standard_library_and_nothing_else():
    wrong = [
        f"{short(path)}:{line} imports {module}"
        for path in modules("rules")
        for module, line in imported(path)
        if module.split(".")[0] not in (*sys.stdlib_module_names, "rules", *RULES_MAY_USE)
    ]
    assert not wrong


@pytest.mark.parametrize("call", ["now", "today", "utcnow", "fromtimestamp"])
def test_rules_never_ask_the_clock(call):
    wrong = [
        f"{short(path)}:{node.lineno}"
        for path in modules("rules")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == call
    ]
    assert not wrong


def test_no_page_module_imports_another():
    wrong = [
        f"{short(path)}:{line} imports {module}"
        for path in modules("web/routes")
        if path.name != "__init__.py"
        for module, line in imported(path)
        if begins(module, "web.routes")
    ]
    assert not wrong


def room_of(module: str) -> str:
    """The room of a module: db.actions.jobs.drafting and rules.jobs are jobs; "" outside the layers of rooms."""
    layer = next((layer for layer in LAYERS_OF_ROOMS if begins(module, layer)), "")
    room = module.removeprefix(layer).strip(".").split(".")[0] if layer else ""
    return room if room in FLOORS else ""


def test_a_room_imports_only_rooms_of_lower_floors():
    wrong = []
    for path in modules("rules", "db/tables", "db/actions"):
        room = room_of(name(path))
        for module, line in imported(path):
            other = room_of(module)
            if not room or not other or other == room or (name(path), module) in WAIVED:
                continue
            if FLOORS[other] >= FLOORS[room]:
                wrong.append(f"{short(path)}:{line} ({room}, floor {FLOORS[room]}) imports {module} (floor {FLOORS[other]})")
    assert not wrong


def test_handlers_have_real_signatures():
    """Deferred annotations break the framework's reading of handlers."""
    wrong = [
        short(path)
        for path in modules("web")
        for node in tree(path).body
        if isinstance(node, ast.ImportFrom) and node.module == "__future__"
    ]
    assert not wrong


def test_tables_hold_columns_and_no_logic():
    """Logic in a table file mixes input and output with law."""
    wrong = [
        f"{short(path)}:{node.lineno}"
        for path in modules("db/tables")
        if path.name != "columns.py"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert not wrong
