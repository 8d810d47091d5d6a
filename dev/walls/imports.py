"""What each kind of a service's files may import."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from dev.walls.shape import KINDS
from dev.walls.tree import Broken, Tree, imported

EXCEPTION = "an exception"

# Of what is sent to people: how it is written, without how it is drawn and leaves the house.
PURE = {f"stationery.{name}" for name in ("languages", "postal", "senders", "words")}
# Besides the standard library, by the kind of file.
MAY_IMPORT = {
    "base": {"sqlalchemy", "chassis.database"},
    "dues": {"marshmallow", "chassis.fields", "chassis.due", "kernel"},
    "entrypoints": {"chassis.contract", "chassis.fields"},
    "events": {"marshmallow", "chassis.fields", "chassis.events", "kernel"},
    "files": {"chassis.contract", "chassis.files"},
    "introductions": {"marshmallow", "chassis.fields", "chassis.events", "kernel"},
    "measures": {"chassis.contract"},
    "models": {"sqlalchemy", "chassis.database", "kernel"},
    "queries": {"sqlalchemy", "chassis.database", "chassis.pages", "kernel", *PURE},
    "rules": {"kernel", *PURE},
    "schemas": {"marshmallow", "chassis.fields", "chassis.events", "kernel"},
    "service": {"chassis.service", "stationery.mail.settings"},
    "settings": {"kernel"},
    "shapes": {"marshmallow", "chassis.fields", "kernel"},
    "subscriptions": {"marshmallow", "chassis.fields", "chassis.events", "kernel"},
    "usecases": {
        *("sqlalchemy", "kernel", "stationery"),
        *("chassis.bulk", "chassis.due", "chassis.outbox", "chassis.database", "chassis.files"),
    },
}
# Kinds of the same service's files.
MAY_IMPORT_OWN = {
    "base": set[str](),
    "dues": {"rules"},
    "entrypoints": {
        "dues",
        "introductions",
        "queries",
        "rules",
        "schemas",
        "subscriptions",
        "usecases",
    },
    "events": {"events", "rules", "shapes"},
    "files": set[str](),
    "introductions": {"events", "rules"},
    "measures": set[str](),
    "models": {"base", "models", "rules"},
    "queries": {"models", "queries", "rules"},
    "rules": {"rules"},
    "schemas": {"rules", "schemas"},
    "shapes": {"rules"},
    "service": {"entrypoints", "files", "measures", "settings"},
    "settings": {"rules"},
    "subscriptions": {"rules"},
    "usecases": {
        "dues",
        "events",
        "files",
        "models",
        "queries",
        "rules",
        "settings",
        "usecases",
        EXCEPTION,
    },
    EXCEPTION: {"rules", EXCEPTION},
}


OF_SERVICE = {*MAY_IMPORT} - {*KINDS} | {"events", "models", "subscriptions"}


def each_kind_imports_what_it_may(tree: Tree, service: str) -> Iterator[Broken]:
    """A file imports only what its kind may, and what is declared for it; no service imports another."""
    declared = {one.path: one.imports for one in tree.exempt(service)}
    for path in tree.code_of(service):
        kind = _kind(tree, service, path)
        allowed = MAY_IMPORT.get(kind, {"kernel"}) | _declared_for(tree, service, path, declared)
        for name in imported(path):
            top, _, rest = name.partition(".")
            if top == "services" and rest.partition(".")[0] != service:
                yield _of_another_service(tree.name(path), name)
            elif top == "services":
                own = _kind(tree, service, _file_of(tree, name))
                if own not in _may_import_own(tree, service, path):
                    yield _of_its_own_service(tree.name(path), kind, name)
            elif not _is_of_python(top) and not _is_among(name, allowed):
                yield _of_the_world(tree.name(path), kind, name, allowed)


def _of_another_service(where: str, name: str) -> Broken:
    return Broken(
        where,
        f"services never import one another, and this imports {name}",
        "Subscribe to its events (subscriptions.py) and keep a copy of what you need.",
    )


def _of_its_own_service(where: str, kind: str, name: str) -> Broken:
    may = ", ".join(sorted(MAY_IMPORT_OWN.get(kind, ()))) or "nothing"
    return Broken(
        where,
        f"of its own service {kind} may import {may}, and this imports {name}",
        "Move the code into the kind of file that may, and call it from there.",
    )


def _of_the_world(where: str, kind: str, name: str, allowed: Collection[str]) -> Broken:
    may = ", ".join(sorted(allowed))
    return Broken(
        where,
        f"besides the standard library {kind} may import {may}, and this imports {name}",
        "Move the code into the kind of file that may; a library that none may use needs a file of "
        "its own, declared with its imports in the service's layers.toml.",
    )


def _may_import_own(tree: Tree, service: str, path: Path) -> Collection[str]:
    if path == tree.folder(service) / "models.py":
        return {"models"}  # the list of all tables
    return MAY_IMPORT_OWN.get(_kind(tree, service, path), ())


def _declared_for(
    tree: Tree, service: str, path: Path, declared: Mapping[str, Collection[str]]
) -> set[str]:
    inside = path.relative_to(tree.folder(service)).as_posix()
    return set[str]().union(*(named for of, named in declared.items() if inside.startswith(of)))


def _kind(tree: Tree, service: str, path: Path) -> str:
    depth = len(path.relative_to(tree.folder(service)).parts)
    if path.stem == "__init__" or path.stem in {1: OF_SERVICE, 2: {*KINDS}}.get(depth, ()):
        return path.stem
    return EXCEPTION


def _file_of(tree: Tree, name: str) -> Path:
    """The file of a module, or of the module that something is imported from."""
    path = tree.root.joinpath(*name.split("."))
    while not (path.with_suffix(".py").exists() or path.is_dir()):
        path = path.parent
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def _is_of_python(top: str) -> bool:
    return top in sys.stdlib_module_names and top != "importlib"  # which imports unseen


def _is_among(name: str, allowed: Collection[str]) -> bool:
    return any(name == one or name.startswith(one + ".") for one in allowed)
