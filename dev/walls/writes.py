"""Who writes which columns: a model's own subject alone; others call its functions."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dev.walls.tree import Broken, Tree, nodes_of

# Calls that write rows of the model they are given.
WRITERS = frozenset({"insert", "update", "delete", "insert_rows", "insert_new_rows", "keep_newest"})
REASON_MIN = 15


@dataclass(frozen=True)
class Model:
    """A model of some subject, and its columns."""

    name: str
    subject: str
    columns: frozenset[str]

    @property
    def variable(self) -> str:
        """What a row of it is called in code."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", self.name).lower()


def columns_are_written_in_their_own_subject(tree: Tree, service: str) -> Iterator[Broken]:
    """No subject makes, changes or deletes rows of another's model."""
    models = {model.name: model for model in _models(tree, service)}
    declared = tree.declared(service).get("writes", {})
    for path in tree.code_of(service):
        subject, *rest = path.relative_to(tree.folder(service)).parts
        if not rest or path.name == "models.py":
            continue
        allowed = declared.get(subject, {}).get("models", ())
        for line, model in _writes(path, subject, models):
            if model.name not in allowed:
                yield Broken(
                    f"{tree.name(path)}:{line}",
                    f"the columns of {model.name} are written in {model.subject} alone",
                    f"Move the write into a function of services/{service}/{model.subject}/usecases.py "
                    "that says what it does, and call it.",
                )


def declared_writes_have_reasons(tree: Tree, service: str) -> Iterator[Broken]:
    """What a subject may write of another's has a reason, and is written."""
    models = {model.name: model for model in _models(tree, service)}
    for subject, said in tree.declared(service).get("writes", {}).items():
        found = {
            model.name
            for path in tree.python_files("services", service, subject)
            for _, model in _writes(path, subject, models)
        }
        if len(said.get("reason", "")) < REASON_MIN or {*said["models"]} != found:
            yield Broken(
                f"services/{service}/layers.toml",
                f"what {subject} writes of other subjects' models is named, with the reason: "
                f"{sorted(found)}",
                "Name just those under [writes], or take the entry out.",
            )


def _models(tree: Tree, service: str) -> Iterator[Model]:
    for subject in tree.subjects(service):
        path = tree.folder(service) / subject / "models.py"
        for node in nodes_of(path) if path.exists() else ():
            if isinstance(node, ast.ClassDef):
                columns = {
                    one.target.id
                    for one in node.body
                    if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
                }
                yield Model(node.name, subject, frozenset(columns))


def _writes(path: Path, subject: str, models: Mapping[str, Model]) -> Iterator[tuple[int, Model]]:
    """The line and the model of each write of another subject's columns."""
    nodes = nodes_of(path)
    imported = {
        alias.name
        for node in nodes
        if isinstance(node, ast.ImportFrom) and str(node.module).endswith(".models")
        for alias in node.names
    }
    others = {name: one for name, one in models.items() if one.subject != subject}
    own = [one.variable for one in models.values() if one.subject == subject]
    rows = {
        one.variable: one
        for one in others.values()
        if not any(variable.endswith(one.variable) for variable in own)
    }
    for node in nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            named = [node.func.id] if node.func.id not in WRITERS else _names(node.args)
            yield from (
                (node.lineno, others[name]) for name in named if name in {*others} & imported
            )
        for target in _assigned(node):
            model = rows.get(ast.unparse(target.value)) or _annotated(nodes, target, others)
            if model is not None and target.attr in model.columns:
                yield target.lineno, model


def _names(nodes: Sequence[ast.expr]) -> list[str]:
    return [node.id for node in nodes if isinstance(node, ast.Name)]


def _assigned(node: ast.AST) -> Iterator[ast.Attribute]:
    """The attributes that a statement sets."""
    targets: Sequence[ast.expr] = ()
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AugAssign):
        targets = [node.target]
    for target in targets:
        for one in target.elts if isinstance(target, ast.Tuple) else [target]:
            if isinstance(one, ast.Attribute):
                yield one


def _annotated(
    nodes: Sequence[ast.AST], target: ast.Attribute, models: Mapping[str, Model]
) -> Model | None:
    """The model that a parameter of the function around says the row is of."""
    for function in nodes:
        if isinstance(function, ast.FunctionDef) and _is_inside(function, target):
            for parameter in [*function.args.args, *function.args.kwonlyargs]:
                if parameter.arg == ast.unparse(target.value) and parameter.annotation is not None:
                    return models.get(ast.unparse(parameter.annotation))
    return None


def _is_inside(function: ast.FunctionDef, node: ast.Attribute) -> bool:
    return function.lineno <= node.lineno <= (function.end_lineno or 0)
