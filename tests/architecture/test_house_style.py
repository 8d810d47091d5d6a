"""The house's shape, checked: what each file may import, how long it may be, what no name may say."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SERVICES = ("accounts", "billing", "collections", "sales")
LINES_MAX = 400
FORBIDDEN_NAMES = {"utils", "helpers", "common", "managers", "misc", "base_service", "handlers"}

THIRD_PARTY = {
    "chassis",
    "fpdf",
    "kernel",
    "kombu",
    "marshmallow",
    "nameko",
    "services",
    "sqlalchemy",
}

# What a file may import besides the standard library, by its name; `own` is the service itself.
MAY_IMPORT = {
    "entrypoints": {"chassis", "own"},
    "usecases": {
        "sqlalchemy",
        "chassis.bulk",
        "chassis.outbox",
        "chassis.database",
        "kernel",
        "own",
    },
    "queries": {"sqlalchemy", "chassis.database", "chassis.pages", "kernel", "own"},
    "models": {"sqlalchemy", "chassis.database", "kernel", "own"},
    "schemas": {"marshmallow", "chassis.fields", "chassis.events", "kernel", "own"},
    "events": {"marshmallow", "chassis.fields", "chassis.events", "kernel", "own"},
    "subscriptions": {"marshmallow", "chassis.fields", "chassis.events", "kernel", "own"},
    "rules": {"kernel", "own"},
}
# Which of a service's own files each may import.
MAY_IMPORT_OWN = {
    "rules": {"rules"},
    "models": {"base", "models", "rules"},
    "queries": {"models", "rules", "queries"},
    "schemas": {"rules", "schemas", "fields"},
    "events": {"rules", "fields", "events"},
    "subscriptions": {"rules", "fields"},
}


def python_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "*.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    return [ROOT / name for name in listed if (ROOT / name).exists()]


def service_files() -> list[Path]:
    return [p for p in python_files() if p.is_relative_to(ROOT / "services")]


def files_of_kind(kinds: dict[str, set[str]]) -> list[Path]:
    return [path for path in service_files() if path.stem in kinds]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imported(path: Path) -> list[str]:
    """Modules that a file imports, fully named, `from x import y` as x.y."""
    names = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return names


def is_allowed(name: str, allowed: set[str]) -> bool:
    return any(name == entry or name.startswith(entry + ".") for entry in allowed)


@pytest.mark.parametrize("path", files_of_kind(MAY_IMPORT), ids=name_of)
def test_a_file_imports_only_what_its_kind_may(path: Path) -> None:
    allowed = MAY_IMPORT[path.stem]
    own = ".".join(path.relative_to(ROOT).parts[:2])
    for name in imported(path):
        if name.partition(".")[0] not in THIRD_PARTY:
            continue
        if name.startswith(own + "."):
            continue
        assert is_allowed(name, allowed), f"{path.relative_to(ROOT)} may not import {name}"


@pytest.mark.parametrize("path", files_of_kind(MAY_IMPORT_OWN), ids=name_of)
def test_a_file_imports_only_the_kinds_of_its_own_service_it_may(path: Path) -> None:
    allowed = MAY_IMPORT_OWN[path.stem]
    own = ".".join(path.relative_to(ROOT).parts[:2]) + "."
    for name in imported(path):
        if name.startswith(own):
            assert set(name.split(".")) & allowed, f"{path.relative_to(ROOT)} may not import {name}"


@pytest.mark.parametrize("path", python_files(), ids=name_of)
def test_a_file_is_small_says_what_it_holds_and_has_a_plain_name(path: Path) -> None:
    text = path.read_text()
    assert text.count("\n") <= LINES_MAX, f"over {LINES_MAX} lines: split it by subject"
    assert path.stem not in FORBIDDEN_NAMES, f"{path.stem}: name what it does"
    if text.strip():
        assert ast.get_docstring(ast.parse(text)), "its first line says what lives here"


def test_services_use_nothing_of_nameko_or_kombu_directly() -> None:
    for path in service_files():
        for name in imported(path):
            assert name.partition(".")[0] not in {"nameko", "kombu", "amqp", "eventlet"}, path


def test_no_rule_asks_what_time_it_is() -> None:
    clock = re.compile(r"\b(datetime\.now|date\.today|utcnow|time\.time)\(|func\.now\(|CURRENT_")
    for path in service_files():
        assert not clock.search(path.read_text()), f"{path}: today and now come in as arguments"


def test_no_use_case_commits() -> None:
    for path in service_files():
        if "migrations" not in path.parts:
            assert not re.search(r"\.(commit|rollback)\(\)", path.read_text()), path


def test_the_kernel_is_small_and_needs_nothing() -> None:
    files = [p for p in python_files() if p.is_relative_to(ROOT / "kernel")]
    assert sum(p.read_text().count("\n") for p in files) < 500
    for path in files:
        for name in imported(path):
            assert name.partition(".")[0] in {
                "__future__",
                "calendar",
                "collections",
                "dataclasses",
                "datetime",
                "decimal",
                "kernel",
                "os",
                "re",
                "time",
                "typing",
            }, f"{path} imports {name}"


def test_the_gateway_knows_no_service() -> None:
    for path in python_files():
        if path.is_relative_to(ROOT / "gateway"):
            for name in imported(path):
                assert name.partition(".")[0] not in {"services", "nameko", "eventlet"}, path
