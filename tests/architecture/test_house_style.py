"""The house's style, checked: how long a file may be, what no name may say, what no rule may ask."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from dev.walls.tree import Tree, imported, nodes_of, parse

TREE = Tree(Path(__file__).parents[2])
LINES_MAX = 400
FORBIDDEN_NAMES = {"utils", "helpers", "common", "managers", "misc", "base_service", "handlers"}
MACHINES = {"nameko", "kombu", "amqp", "eventlet"}
KERNEL_MAY_IMPORT = {
    "__future__",
    "base64",
    "calendar",
    "collections",
    "dataclasses",
    "datetime",
    "decimal",
    "email_validator",
    "gc",
    "hashlib",
    "hmac",
    "kernel",
    "os",
    "re",
    "time",
    "typing",
    "unicodedata",
    "urllib",
}


@pytest.mark.parametrize("path", TREE.python_files(), ids=TREE.name)
def test_a_file_is_small_says_what_it_holds_and_has_a_plain_name(path: Path) -> None:
    text = path.read_text()
    assert text.count("\n") <= LINES_MAX, f"over {LINES_MAX} lines: split it by subject"
    assert path.stem not in FORBIDDEN_NAMES, f"{path.stem}: name what it does"
    if text.strip():
        assert ast.get_docstring(parse(path)), "its first line says what lives here"


def test_no_rule_asks_what_time_it_is() -> None:
    clock = re.compile(r"\b(datetime\.now|date\.today|utcnow|time\.time)\(|func\.now\(|CURRENT_")
    for path in TREE.python_files("services"):
        assert not clock.search(path.read_text()), f"{path}: today and now come in as arguments"


@pytest.mark.parametrize("service", TREE.services())
def test_no_use_case_commits(service: str) -> None:
    for path in TREE.code_of(service):
        assert not re.search(r"\.(commit|rollback)\(\)", path.read_text()), (
            f"{path}: the entrypoint's transaction commits; flush() where an id is needed"
        )


def test_the_kernel_is_small_and_needs_almost_nothing() -> None:
    files = TREE.python_files("kernel")
    assert sum(path.read_text().count("\n") for path in files) < 1100
    for path in files:
        for name in imported(path):
            assert name.partition(".")[0] in KERNEL_MAY_IMPORT, f"{path} imports {name}"


@pytest.mark.parametrize("part", ["gateway", "ops"])
def test_what_faces_clients_and_operators_needs_no_machine_of_a_service(part: str) -> None:
    for path in TREE.python_files(part):
        for name in imported(path):
            assert name.partition(".")[0] not in MACHINES, f"{path} imports {name}"


def test_a_test_is_named_alike_in_every_process() -> None:
    """Tests that run side by side are told apart by their names, and a parameter is a part of one."""
    for path in TREE.python_files("tests"):
        for node in nodes_of(path):
            is_named = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            if is_named and node.func.attr == "parametrize":
                drawn = {"new_id", "new_secret", "uuid4", "token_hex", "now"} & {
                    ast.unparse(one.func).rpartition(".")[2]
                    for one in ast.walk(node)
                    if isinstance(one, ast.Call)
                }
                by_repr = any(ast.unparse(one) == "ids=repr" for one in node.keywords)
                assert not by_repr, (
                    f"{path}:{node.lineno}: a repr may have an address in it; name it"
                )
                assert not drawn, f"{path}:{node.lineno}: write the parameter out, or give it an id"
