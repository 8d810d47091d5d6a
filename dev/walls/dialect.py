"""One dialect in all services: how guards are called, and that a state moves through a table."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from dev.walls.tree import Broken, Tree, nodes_of, parse

GUARD = re.compile(r"_?(check|ensure|refuse|assert|validate|verify|forbid)_")
TABLE = re.compile(r"_?([A-Z]+_)?MOVES|TRANSITIONS|ALLOWED")


def guards_say_what_they_require(tree: Tree, service: str) -> Iterator[Broken]:
    """A guard is called for what it requires."""
    for path in tree.code_of(service):
        for node in nodes_of(path):
            if isinstance(node, ast.FunctionDef) and GUARD.match(node.name):
                yield Broken(
                    f"{tree.name(path)}:{node.lineno}",
                    f"guards are require_…, and this is {node.name}",
                    "Name it for what must be so: require_open, require_period.",
                )


def states_move_through_a_table(tree: Tree, service: str) -> Iterator[Broken]:
    """No use case gives a row a state by name: the table says where an action leads."""
    for path in tree.code_of(service):
        if path.name != "usecases.py":
            continue
        for node in nodes_of(path):
            if isinstance(node, ast.Assign) and _names_a_state(node):
                yield Broken(
                    f"{tree.name(path)}:{node.lineno}",
                    "a state moves through MOVES: {state: {action: state}}",
                    "Put the table and a function that moves or refuses into rules.py, and set what it "
                    "returns.",
                )


def tables_have_one_shape(tree: Tree, service: str) -> Iterator[Broken]:
    """A table of moves is {state: {action: state}}, with every state."""
    for path in tree.code_of(service):
        for name, table in _tables(path):
            rows = table.values if isinstance(table, ast.Dict) else [None]
            if not all(isinstance(row, ast.Dict) for row in rows):
                yield Broken(
                    f"{tree.name(path)}:{table.lineno}",
                    f"{name} is {{state: {{action: state}}}}",
                    "Give each state its actions and where they lead; {} where there is none.",
                )


def _tables(path: Path) -> Iterator[tuple[str, ast.expr]]:
    for node in parse(path).body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
            if isinstance(target, ast.Name) and TABLE.fullmatch(target.id):
                yield target.id, node.value


def _names_a_state(node: ast.Assign) -> bool:
    """`item.status = ItemStatus.DONE`, also among others."""
    for target in node.targets:
        pairs = [(target, node.value)]
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            pairs = list(zip(target.elts, node.value.elts, strict=False))
        for to, value in pairs:
            if (
                isinstance(to, ast.Attribute)
                and to.attr in {"status", "state"}
                and isinstance(value, ast.Attribute)
                and value.attr.isupper()
            ):
                return True
    return False
