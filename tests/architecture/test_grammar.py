"""One grammar at every door: strict types, patterns that hold to the end, and no assertion on input."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import marshmallow
import pytest
from marshmallow import fields, validate

from chassis.contract import Endpoint
from chassis.fields import ListOf
from chassis.ground.texts import Described
from chassis.service import load
from dev.walls.tree import Tree, nodes_of

STRICT = {
    "Bool": "Flag",
    "Boolean": "Flag",
    "Date": "Day",
    "DateTime": "Instant",
    "AwareDateTime": "Instant",
    "NaiveDateTime": "Instant",
    "Decimal": "Decimal, Quantity or Percent",
    "Float": "Decimal",
    "Int": "Whole",
    "Integer": "Whole",
    "Number": "Whole",
}
TREE = Tree(Path(__file__).parents[2])
SERVICES = TREE.services()
PRODUCT = [
    path
    for part in ("kernel", "stationery", "chassis", "gateway", "services")
    for path in TREE.python_files(part)
]


@pytest.mark.parametrize(
    "path", [path for path in PRODUCT if "services" in path.parts], ids=TREE.name
)
def test_services_use_the_houses_fields_where_marshmallows_are_lax(path: Path) -> None:
    for node in nodes_of(path):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "fields":
            # Days that others announced are taken as they have them, however far away.
            is_others = path.stem == "subscriptions" and node.attr == "Date"
            remedy = None if is_others else STRICT.get(node.attr)
            assert remedy is None, f"line {node.lineno}: take chassis.fields.{remedy}"


@pytest.mark.parametrize("path", PRODUCT, ids=TREE.name)
def test_a_pattern_holds_to_the_end(path: Path) -> None:
    # `$` also stands before a line feed at the end: "EUR\n" would pass.
    for node in nodes_of(path):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        remedy = f"line {node.lineno}: use re.fullmatch, or end the pattern with \\Z"
        if re.fullmatch(r"re\.\w+", called):
            assert called != "re.match", remedy
            outside_of_sets = re.sub(r"\[[^]]*\]", "", ast.unparse(node.args[0]))
            assert "$" not in outside_of_sets, remedy
        assert not called.endswith("Regexp"), f"line {node.lineno}: take chassis.fields.Code"


def sent(schema: type[marshmallow.Schema], place: str) -> Iterator[tuple[str, fields.Field]]:
    for name, field in schema().fields.items():
        yield from _parts(field, f"{place}.{name}")


def _parts(field: Any, place: str) -> Iterator[tuple[str, fields.Field]]:
    yield place, field
    if isinstance(field, fields.Nested):
        yield from sent(type(field.schema), place)
    elif isinstance(field, fields.List):
        yield from _parts(field.inner, place)
    elif isinstance(field, fields.Dict):
        yield from _parts(field.key_field, f"{place} key")
        yield from _parts(field.value_field, f"{place} value")


@pytest.mark.parametrize("service", SERVICES)
def test_every_field_that_is_sent_says_what_it_takes(service: str) -> None:
    house = Described | ListOf | fields.Nested | fields.Enum | fields.Dict | fields.Email
    for name, contract in load(f"services.{service}").contracts.items():
        if isinstance(contract, Endpoint):
            for place, field in sent(contract.accepts, name):
                is_choice = type(field) is fields.String and any(
                    isinstance(one, validate.OneOf) for one in field.validators
                )
                kind = type(field).__name__
                remedy = "take OneLine, Text, Code or ListOf of chassis.fields"
                assert is_choice or isinstance(field, house), f"{place} is a {kind}: {remedy}"


DOORS = [
    path for path in PRODUCT if path.stem in {"pages", "fields", "texts", "grammar", "schemas"}
]


@pytest.mark.parametrize("path", DOORS, ids=TREE.name)
def test_the_door_asserts_nothing_of_what_is_sent(path: Path) -> None:
    # With python -O an assertion is not there.
    for node in nodes_of(path):
        assert not isinstance(node, ast.Assert), f"line {node.lineno}: raise what refuses it"
