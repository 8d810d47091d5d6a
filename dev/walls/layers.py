"""The import-linter's contracts: those of pyproject.toml, and those that the folders of services make."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dev.walls.shape import layers_of
from dev.walls.tree import Broken, Tree

Contract = dict[str, Any]
BESIDE_SUBJECTS = (
    *("base", "dues", "events", "files", "introductions", "measures", "models", "shapes"),
    "subscriptions",
)
REMEDY = (
    "A subject imports only those below it in its service's layers.toml, a service nothing but chassis, "
    "stationery and kernel: turn the import round, move what both need down, or, between services, "
    "subscribe to an event and keep a copy."
)


def imports_keep_to_the_layers(tree: Tree) -> Iterator[Broken]:
    """Subjects import those below them; services, gateway, ops and dev keep apart."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "layers.toml"
        config.write_text(_as_toml(contracts(tree)))
        program = "from importlinter.cli import lint_imports_command as lint; lint()"
        done = subprocess.run(
            [sys.executable, "-c", program, "--no-cache", "--no-logo", str(config)],
            cwd=tree.root,
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode != 0:
        told = (done.stdout + done.stderr).strip()
        yield Broken(str(tree.root), f"imports keep to the layers:\n{told}\n", REMEDY)


def contracts(tree: Tree) -> tuple[list[str], list[Contract]]:
    """The root packages of a tree, and every contract between and inside them."""
    settings = tomllib.loads((tree.root / "pyproject.toml").read_text())["tool"]["importlinter"]
    services = [f"services.{name}" for name in tree.services()]
    roots = [*settings["root_packages"], *services]
    return roots, [*settings["contracts"], *_between(services), *_inside(tree)]


def _between(services: list[str]) -> list[Contract]:
    return [
        {
            "name": "Services know nothing of one another, nor gateway and ops of them",
            "type": "layers",
            "layers": [
                "dev",
                " | ".join([*services, "gateway", "ops"]),
                "chassis | stationery",
                "kernel",
            ],
        },
        {
            "name": "The laptop's rig runs the processes and imports none of them",
            "type": "forbidden",
            "source_modules": ["dev"],
            "forbidden_modules": ["chassis", "gateway", *services],
        },
    ]


def _inside(tree: Tree) -> Iterator[Contract]:
    for service in tree.services():
        yield {
            "name": f"Subjects of {service} stand in layers",
            "type": "layers",
            "containers": [f"services.{service}"],
            "layers": ["service", *layers_of(tree, service)],
            "exhaustive": True,
            "exhaustive_ignores": BESIDE_SUBJECTS,
            # An enum of a subject's rules is part of what is announced, heard and due; and what a subject
            # announces is introduced.
            "ignore_imports": [
                f"services.{service}.dues -> services.{service}.*.rules",
                f"services.{service}.events -> services.{service}.*.rules",
                f"services.{service}.subscriptions -> services.{service}.*.rules",
                f"services.{service}.introductions -> services.{service}.*.events",
            ],
            "unmatched_ignore_imports_alerting": "none",
        }


def _as_toml(settings: tuple[list[str], list[Contract]]) -> str:
    roots, contracts = settings
    lines = ["[tool.importlinter]", f"root_packages = {json.dumps(roots)}"]
    for contract in contracts:
        lines.append("[[tool.importlinter.contracts]]")
        lines += [f"{name} = {json.dumps(value)}" for name, value in contract.items()]
    return "\n".join(lines)
