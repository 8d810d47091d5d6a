"""How rows of the database are read: by their names, so that no column takes another's place."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from dev.walls.tree import Broken, Tree, nodes_of

COLUMNS_MAX = 3  # that may be told apart by their places


def wide_rows_are_read_by_their_names(tree: Tree, service: str) -> Iterator[Broken]:
    """A row of more than three columns is not taken apart by position."""
    for path in tree.code_of(service):
        for node in nodes_of(path):
            if place := _taken_apart(node):
                yield Broken(
                    f"{tree.name(path)}:{place.lineno}",
                    f"rows of more than {COLUMNS_MAX} columns are read by their names",
                    "Label the columns and read row.name, or pass them on as **row._mapping.",
                )


def _taken_apart(node: ast.AST) -> ast.expr | None:
    """Where rows are: `for a, b, c, d in rows`, or `OpenItem(*row)`."""
    if isinstance(node, ast.For | ast.comprehension) and isinstance(node.target, ast.Tuple):
        names = [one for one in node.target.elts if isinstance(one, ast.Name)]
        return node.target if len(names) > COLUMNS_MAX else None
    if isinstance(node, ast.Starred) and isinstance(node.value, ast.Name):
        return node if node.value.id == "row" else None
    return None
