"""A forgotten await on a query does nothing and says nothing, so it is looked for here; and a few traps of the query builder."""

import ast
from pathlib import Path

from tests.house.source import ROOT, imported, modules, short, tree

WRITES = {"save", "insert", "delete", "update", "remove", "create_table", "run", "run_sync"}


def found(wanted) -> list[str]:
    return [f"{short(path)}:{node.lineno}" for path in modules("db", "web") for node in ast.walk(tree(path)) if wanted(node)]


def calls(*names: str) -> list[str]:
    """Where methods of these names are called."""
    return found(lambda node: isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names)


def chain(call: ast.expr) -> list[str]:
    """The attribute names of a call chain, first one first: Job.update(…).where(…) is ["Job", "update", "where"]."""
    names: list[str] = []
    while True:
        if isinstance(call, ast.Call):
            call = call.func
        elif isinstance(call, ast.Attribute):
            names.insert(0, call.attr)
            call = call.value
        else:
            return [call.id if isinstance(call, ast.Name) else "", *names]


def is_query(call: ast.expr) -> bool:
    """Whether a chain starts at a table (a name in capitals) and asks or writes something."""
    names = chain(call)
    return names[0][:1].isupper() and bool(WRITES & set(names[1:]) or {"select", "objects", "count", "exists", "raw"} & set(names[1:]))


def test_no_query_stands_alone_without_await():
    assert not found(lambda node: isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and is_query(node.value))


def test_rows_are_written_with_insert_and_update_never_with_save():
    """save() writes every column back: two people on one record would undo each other. Pictures have a save() too."""
    assert {call.partition(":")[0] for call in calls("save")} == {"web/pictures.py"}
    assert not [name for name, _ in imported(ROOT / "web/pictures.py") if name.startswith(("db", "piccolo"))]


LIKE_ALLOWED = {
    "db/rotate_keys.py",
    "db/queries/complaints.py",
    "db/queries/documents.py",
    "db/queries/employers.py",
    "db/queries/jobs.py",
    "db/queries/referrals.py",
    "db/queries/seekers.py",
    "db/queries/work_records.py",
}
"""Desk lists: one station's or one person's rows, already narrowed by an index. Key rotation walks whole tables anyway."""


def test_no_search_by_like_outside_the_desks_own_lists():
    """No index serves it; db/search.py is the way for whatever strangers may search."""
    assert not [place for place in calls("like") if place.split(":")[0] not in LIKE_ALLOWED]


def test_no_search_that_one_engine_lacks():
    assert not calls("ilike")


def test_raw_sql_is_never_put_together_from_values():
    """A value in the text of a statement is an injection; values go in as parameters."""

    def wrong(node: ast.AST) -> bool:
        if not isinstance(node, ast.Call):
            return False
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        return called in ("raw", "WhereRaw", "QueryString") and _made(node.args[:1])

    assert not found(wrong)


def _made(arguments: list[ast.expr]) -> bool:
    """Whether the text is put together here: an f-string with a value, +, % or format."""
    for argument in arguments:
        if isinstance(argument, ast.JoinedStr):
            return True
        if isinstance(argument, ast.BinOp):
            return True
        if isinstance(argument, ast.Call) and isinstance(argument.func, ast.Attribute) and argument.func.attr == "format":
            return True
    return False


def test_foreign_keys_say_what_happens_when_the_other_row_goes():
    """The query builder's default is cascade: deleting a station would erase its records."""
    assert not [
        f"{short(path)}:{node.lineno}"
        for path in modules("db/tables")
        if path.name != "columns.py"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "ForeignKey"
    ]


def recorders() -> dict[str, set[str]]:
    """The functions that pass named particulars on to the journal, with their own parameters."""
    found = {}
    for path in modules("db/actions"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.args.kwarg and node.args.kwarg.arg == "particulars":
                own = {argument.arg for argument in (*node.args.args, *node.args.kwonlyargs)}
                found[node.name] = found.get(node.name, set()) | own
    return found


def test_every_field_of_a_journal_entry_has_a_chinese_name():
    """Or the journal page would call it 其他."""
    from rules.journal_reading import LABELS

    ours = recorders()
    assert "record" in ours
    unnamed = []
    for path in modules("db/actions"):
        for node in ast.walk(tree(path)):
            called = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
            if called in ours:
                given = {each.arg for each in node.keywords if each.arg} - ours[called]
                unnamed += [f"{short(path)}:{node.lineno} {field}" for field in given - set(LABELS) if not field.endswith(("_id", "_ids"))]
    assert not sorted(unnamed)


NOT_YET_ACTS = {"db/actions/journal.py", "db/actions/drafts.py", "db/actions/phone_codes.py"}
"""The journal itself; what somebody types before handing it in; a code that was sent and what it proves, whose use is recorded."""


def test_every_action_leaves_a_trace():
    """A room that writes rows also writes the journal, by itself or through another room's step."""
    silent, ours = [], set(recorders())
    for path in modules("db/actions"):
        room = [path] if path.parent.name == "actions" else modules(path.parent.relative_to(ROOT).as_posix())
        if short(path) not in NOT_YET_ACTS and _writes(path) and not any(ours & _names(each) for each in room):
            silent.append(short(path))
    assert not silent


def _names(path: Path) -> set[str]:
    return {node.id for node in ast.walk(tree(path)) if isinstance(node, ast.Name)}


def _writes(path: Path) -> bool:
    return any(
        isinstance(node, ast.Await) and isinstance(node.value, ast.Call) and {"insert", "update", "delete"} & set(chain(node.value)[1:])
        for node in ast.walk(tree(path))
    )
