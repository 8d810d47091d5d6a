"""What code may reach for: no environment but through the settings, no living code in a migration."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from dev.walls.tree import Broken, Tree, imported, nodes_of

PROCESSES = ("kernel", "stationery", "chassis", "gateway", "services")
# Where a process reads its settings, and where it begins.
READERS = frozenset({"config.py", "settings.py", "__main__.py"})
OURS = frozenset({"kernel", "stationery", "chassis", "gateway", "services", "ops", "dev"})


def the_environment_is_read_by_the_settings(tree: Tree) -> Iterator[Broken]:
    """Only settings read the environment."""
    for path in (path for part in PROCESSES for path in tree.python_files(part)):
        if path.name not in READERS and _reads_environment(path):
            yield Broken(
                tree.name(path),
                "only the settings read the environment",
                "Read it where it is checked and named in full when it is wrong "
                "(chassis/ground/config.py, gateway/settings.py, or a settings.py of the subject that "
                "the service's layers.toml declares), and pass the value on.",
            )


def migrations_import_no_living_code(tree: Tree) -> Iterator[Broken]:
    """A migration stands by itself: what it imports of ours would change under it."""
    for path in _revisions(tree):
        for name in imported(path):
            if name.partition(".")[0] in OURS:
                yield Broken(
                    tree.name(path),
                    f"a migration imports no code of ours, and this imports {name}",
                    "Write into the migration what it needs, as it is on this day.",
                )


def _revisions(tree: Tree) -> list[Path]:
    return [path for path in tree.python_files() if path.parent.name == "versions"]


def _reads_environment(path: Path) -> bool:
    nodes = nodes_of(path)
    written = {
        node.value
        for node in nodes
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store)
    }
    return any(
        (isinstance(node, ast.Attribute) and node not in written and _is_environment(node))
        or (
            isinstance(node, ast.ImportFrom)
            and node.module == "os"
            and any(alias.name in {"environ", "getenv"} for alias in node.names)
        )
        for node in nodes
    )


def _is_environment(node: ast.Attribute) -> bool:
    return (
        isinstance(node.value, ast.Name)
        and node.value.id == "os"
        and node.attr in {"environ", "getenv"}
    )
