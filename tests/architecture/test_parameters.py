"""What a schema loads is what its use case takes, by name and by type."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from inspect import Parameter
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import marshmallow
import pytest
from marshmallow import fields

from chassis import fields as house
from chassis.contract import Consumer, Due, Endpoint
from chassis.service import load
from dev.contracts.generate import NOWHERE
from kernel.money import Money
from ops.instances import SERVICES


def schemas_of(contract: Any) -> list[type[marshmallow.Schema]]:
    """What a way in is given one of; one that takes many is given rows."""
    if isinstance(contract, Due):
        return [contract.due]
    if not isinstance(contract, Endpoint | Consumer) or contract.takes_many:
        return []
    return [contract.accepts] if isinstance(contract, Endpoint) else [*contract.subscriptions]


WAYS_IN = [
    (service, name, schema.__name__)
    for service in SERVICES
    for name, contract in load(f"services.{service}").contracts.items()
    for schema in schemas_of(contract)
]


LOADS: dict[type[fields.Field], type] = {
    house.Flag: bool,
    house.Whole: int,
    house.Decimal: Decimal,
    house.Day: date,
    house.Instant: datetime,
    house.Money: Money,
    fields.Date: date,
    fields.String: str,
    fields.List: list,
    fields.Nested: dict,
    fields.Dict: dict,
}


def loaded_types(field: marshmallow.fields.Field) -> set[type]:
    """The types of what the field loads."""
    one = (
        field.enum
        if isinstance(field, fields.Enum)
        else next(loads for kind, loads in LOADS.items() if isinstance(field, kind))
    )
    return {one, NoneType} if field.allow_none else {one}


def takes(hint: Any, loaded: type) -> bool:
    """Whether a parameter with this annotation takes a value of that type."""
    parts = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    kinds = [get_origin(part) or part for part in parts]
    return Any in kinds or any(inspect.isclass(kind) and issubclass(loaded, kind) for kind in kinds)


class Way:
    """One method of a service: what it is given, and what it passes on to which function."""

    def __init__(self, service: str, name: str, given: str) -> None:
        self.cls: Any = load(f"services.{service}")
        schemas = schemas_of(self.cls.contracts[name])
        [schema] = [schema for schema in schemas if schema.__name__ == given]
        self.fields: dict[str, marshmallow.fields.Field] = {
            field.attribute or key: field for key, field in schema().fields.items()
        }
        self.method = self.cls.methods[name]
        self.parameters = inspect.signature(self.method).parameters
        self.own = [
            one.name for one in self.parameters.values() if one.kind != Parameter.VAR_KEYWORD
        ][2:]
        self.rest = next(
            (one.name for one in self.parameters.values() if one.kind == Parameter.VAR_KEYWORD),
            None,
        )

    def calls(self) -> Iterator[tuple[Any, set[str]]]:
        """The functions that get the rest of the values, each with what it is given beside them."""
        yield from self._calls_of(self.method, self.rest, set())

    def _calls_of(
        self, method: Any, rest: str | None, outer: set[str]
    ) -> Iterator[tuple[Any, set[str]]]:
        for node in ast.walk(_tree_of(method)):
            if isinstance(node, ast.Call) and any(
                one.arg is None and ast.unparse(one.value) == rest for one in node.keywords
            ):
                called, given = ast.unparse(node.func), outer | set(self._given(node))
                if called.startswith("self."):  # a method of its own, which passes them on
                    yield from self._calls_of(getattr(self.cls, called[5:]), rest, given)
                else:
                    yield eval(called, method.__globals__), given  # our own code

    def _given(self, call: ast.Call) -> Iterator[str]:
        for one in call.keywords:
            if one.arg is not None:
                yield one.arg
            elif isinstance(one.value, ast.Call):  # **self._moment()
                helper = getattr(self.cls, ast.unparse(one.value.func).removeprefix("self."))
                for node in ast.walk(_tree_of(helper)):
                    if isinstance(node, ast.Return) and isinstance(node.value, ast.Dict):
                        yield from (ast.literal_eval(key) for key in node.value.keys if key)


def _tree_of(function: Any) -> ast.AST:
    return ast.parse(textwrap.dedent(inspect.getsource(function)))


@pytest.fixture(autouse=True)
def nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in NOWHERE.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize(("service", "name", "given"), WAYS_IN)
def test_an_entrypoint_takes_the_fields_of_its_schema(service: str, name: str, given: str) -> None:
    way = Way(service, name, given)
    nobody_gives = set(way.own) - way.fields.keys()
    assert not nobody_gives, f"{sorted(nobody_gives)}: add to the schema, or drop the parameter"
    if way.rest is None:
        nobody_takes = way.fields.keys() - set(way.own)
        assert not nobody_takes, f"{sorted(nobody_takes)}: take as a parameter, or drop the field"


@pytest.mark.parametrize(("service", "name", "given"), WAYS_IN)
def test_a_use_case_takes_what_its_schema_loads(service: str, name: str, given: str) -> None:
    way = Way(service, name, given)
    passed = {key: field for key, field in way.fields.items() if key not in way.own}
    calls = list(way.calls())
    assert calls or not passed, f"{sorted(passed)}: pass them on to the use case"
    for function, given in calls:
        parameters = inspect.signature(function).parameters
        takes_any = any(one.kind == Parameter.VAR_KEYWORD for one in parameters.values())
        nobody_takes = set() if takes_any else passed.keys() - parameters.keys()
        assert not nobody_takes, (
            f"{function.__name__} takes no {sorted(nobody_takes)}: add a parameter, or drop the field"
        )
        needed = [one.name for one in parameters.values() if one.kind == Parameter.KEYWORD_ONLY]
        nobody_gives = [
            one
            for one in needed
            if one not in passed and one not in given and parameters[one].default is Parameter.empty
        ]
        assert not nobody_gives, (
            f"{function.__name__} needs {nobody_gives}: add to the schema, or give it in the entrypoint"
        )
        may_lack = [
            key
            for key, field in passed.items()
            if not field.required
            and field.load_default is marshmallow.missing
            and key in parameters
            and parameters[key].default is Parameter.empty
        ]
        assert not may_lack, (
            f"{function.__name__} needs {may_lack}, which may be left out: give the field a load_default"
        )
        twice = given & passed.keys()
        assert not twice, f"{function.__name__} is given {sorted(twice)} twice: drop the field"


@pytest.mark.parametrize(("service", "name", "given"), WAYS_IN)
def test_a_use_case_takes_the_types_that_its_schema_loads(
    service: str, name: str, given: str
) -> None:
    way = Way(service, name, given)
    for function, _ in way.calls():
        hints = get_type_hints(function)
        for key, field in way.fields.items():
            if key in hints and key not in way.own:
                wrong = [one.__name__ for one in loaded_types(field) if not takes(hints[key], one)]
                assert not wrong, (
                    f"{function.__name__} takes {key} as {hints[key]}, and the schema loads {wrong}: "
                    "change the annotation or the field"
                )


def test_types_are_told_apart() -> None:
    assert takes(str | None, str) and takes(list[dict[str, Any]], list) and takes(Any, Decimal)
    assert not takes(str, NoneType) and not takes(int, str) and not takes(list[str] | None, dict)
