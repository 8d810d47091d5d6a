"""The shape of a service: which files may be there, and that every subject stands in a layer."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from dev.walls.tree import Broken, Tree, parse

NEEDED = (
    *("__init__.py", "README.md", "CHANGELOG.md", "version.txt", "layers.toml"),
    *("base.py", "events.py", "models.py", "service.py"),
)
IN_SERVICE = frozenset(
    {
        *NEEDED,
        *("dues.py", "files.py", "introductions.py", "measures.py", "shapes.py"),
        "subscriptions.py",
    }
)
KINDS = (
    *("entrypoints", "usecases", "queries", "rules", "models", "schemas"),
    *("events", "subscriptions", "settings"),
)
IN_SUBJECT = frozenset({"__init__.py", *(f"{kind}.py" for kind in KINDS)})
REVISION = re.compile(r"migrations/versions/\d{4}_[a-z0-9_]+\.py")


def only_the_fixed_files(tree: Tree, service: str) -> Iterator[Broken]:
    """A service holds the fixed files, its subjects theirs, and nothing else without a reason."""
    folder = tree.folder(service)
    declared = tree.exempt(service)
    for path in tree.files("services", service):
        inside = path.relative_to(folder).as_posix()
        if not _is_fixed(inside) and not any(_covers(one.path, inside) for one in declared):
            yield Broken(
                tree.name(path),
                "a subject holds only " + ", ".join(KINDS) + "; a service only the fixed files",
                "Move what it holds into the file of its kind; if there is none, declare it with its "
                f"reason in services/{service}/layers.toml under [exceptions].",
            )
    for needed in NEEDED:
        if not (folder / needed).exists():
            yield Broken(
                f"services/{service}/{needed}",
                "every service has the fixed files",
                "Write it; `make new-service` shows what it looks like.",
            )
    for subject in tree.subjects(service):
        if not (folder / subject / "__init__.py").exists():
            yield Broken(
                f"services/{service}/{subject}/__init__.py",
                "a subject is a package whose first line says what lives there",
                "Write it: one docstring.",
            )


def exceptions_have_reasons(tree: Tree, service: str) -> Iterator[Broken]:
    """What a service declares as an exception is there and has a reason."""
    for one in tree.exempt(service):
        if len(one.reason) < 15 or not (tree.folder(service) / one.path).exists():
            yield Broken(
                f"services/{service}/layers.toml",
                f"the exception {one.path} is there and has a reason",
                "Say in a sentence why no other kind of file will do, or take the exception out.",
            )


def every_subject_has_a_layer(tree: Tree, service: str) -> Iterator[Broken]:
    """The layers name every subject once, and nothing that is not there."""
    named = [name.strip() for layer in layers_of(tree, service) for name in layer.split("|")]
    where = f"services/{service}/layers.toml"
    rule = "the layers of a service name every subject once"
    for subject in tree.subjects(service):
        if named.count(subject) != 1:
            remedy = f"Name {subject} once in {where}, above the subjects that it imports."
            yield Broken(f"services/{service}/{subject}", rule, remedy)
    for name in sorted({*named} - {*tree.subjects(service)}):
        yield Broken(where, rule, f"There is no subject {name}: take it out.")


def init_files_hold_a_docstring_alone(tree: Tree, service: str) -> Iterator[Broken]:
    """Nothing runs and nothing hides in an __init__.py."""
    for path in tree.code_of(service):
        if path.name == "__init__.py" and len(parse(path).body) != _is_documented(path):
            yield Broken(
                tree.name(path),
                "an __init__.py holds a docstring alone",
                "Move the code into the file of its kind.",
            )


def layers_of(tree: Tree, service: str) -> list[str]:
    """The layers that a service declares, the topmost first; subjects in one are parted by `|`."""
    return [str(layer) for layer in tree.declared(service).get("layers", ())]


def _is_fixed(inside: str) -> bool:
    subject, slash, name = inside.partition("/")
    if not slash:
        return inside in IN_SERVICE
    return name in IN_SUBJECT if subject != "migrations" else bool(REVISION.fullmatch(inside))


def _covers(declared: str, inside: str) -> bool:
    return inside == declared or inside.startswith(declared.rstrip("/") + "/")


def _is_documented(path: Path) -> bool:
    return ast.get_docstring(parse(path)) is not None
