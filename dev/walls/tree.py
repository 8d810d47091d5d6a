"""A checkout as the walls see it: its services, their subjects, their files, what a file imports."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

NOT_OURS = frozenset({"__pycache__", "node_modules"})


@dataclass(frozen=True)
class Broken:
    """A rule that something in the tree breaks, and what to do about it."""

    where: str
    rule: str
    remedy: str

    def __str__(self) -> str:
        """One line: where, which rule, what to do."""
        return f"{self.where}: {self.rule}. {self.remedy}"


@dataclass(frozen=True)
class Exempt:
    """A file or folder of a service that its layers.toml allows beside the fixed ones."""

    path: str
    reason: str
    imports: Sequence[str]


class Tree:
    """The folders under one root."""

    def __init__(self, root: Path) -> None:
        """Take the root of a checkout, or of a part of one."""
        self.root = root

    def services(self) -> list[str]:
        """The folders of `services/`."""
        return _folders(self.root / "services")

    def subjects(self, service: str) -> list[str]:
        """The folders of a service, but for its migrations."""
        return [name for name in _folders(self.folder(service)) if name != "migrations"]

    def folder(self, service: str) -> Path:
        """Where a service lies."""
        return self.root / "services" / service

    def files(self, *parts: str) -> list[Path]:
        """All files below a folder that are not hidden and not made by a program, sorted."""
        return sorted(_walk(self.root.joinpath(*parts)))

    def python_files(self, *parts: str) -> list[Path]:
        """The Python files among them."""
        return [path for path in self.files(*parts) if path.suffix == ".py"]

    def code_of(self, service: str) -> list[Path]:
        """A service's Python files, but for its migrations."""
        migrations = self.folder(service) / "migrations"
        files = self.python_files("services", service)
        return [path for path in files if not path.is_relative_to(migrations)]

    def name(self, path: Path) -> str:
        """A path as people write it: from the root, with slashes."""
        return path.relative_to(self.root).as_posix()

    def declared(self, service: str) -> dict[str, Any]:
        """What the service's layers.toml says; empty where there is none."""
        path = self.folder(service) / "layers.toml"
        return tomllib.loads(path.read_text()) if path.exists() else {}

    def exempt(self, service: str) -> list[Exempt]:
        """The exceptions that the service declares."""
        declared = self.declared(service).get("exceptions", {})
        return [
            Exempt(path, str(said.get("reason", "")), said.get("imports", ()))
            for path, said in declared.items()
        ]


def imported(path: Path) -> Sequence[str]:
    """Modules that a file imports, fully named: `from x import y` as x.y, a relative one with dots."""
    return _imported(path.read_text())


def nodes_of(path: Path) -> Sequence[ast.AST]:
    """Every node of a file's syntax."""
    return _nodes(path.read_text())


def parse(path: Path) -> ast.Module:
    """The syntax of a Python file."""
    return _parse(path.read_text())


# What is asked of a text is found once, wherever copies of the tree have that text: most rules ask it.
@cache
def _imported(text: str) -> Sequence[str]:
    names: list[str] = []
    for node in _nodes(text):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            names += [f"{module}.{alias.name}" for alias in node.names]
    return tuple(names)


@cache
def _nodes(text: str) -> Sequence[ast.AST]:
    return tuple(ast.walk(_parse(text)))


@cache
def _parse(text: str) -> ast.Module:
    return ast.parse(text)


def _folders(place: Path) -> list[str]:
    # One that a change of branches has left with nothing but caches in it is no folder of ours.
    found = place.iterdir() if place.is_dir() else ()
    return sorted(path.name for path in found if path.is_dir() and any(_walk(path)))


def _walk(place: Path) -> Iterator[Path]:
    if place.name in NOT_OURS or place.name.startswith("."):
        return
    for path in place.iterdir():
        if path.is_dir():
            yield from _walk(path)
        elif not path.name.startswith(".") and path.suffix != ".pyc":
            yield path
