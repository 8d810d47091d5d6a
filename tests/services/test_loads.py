"""What services take, from callers and of events, is what marshmallow would take, fault by fault."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import marshmallow
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import ValidationError, fields

from chassis import service
from chassis.contract import Consumer, Endpoint
from chassis.fields import Day, Flag, Id, Instant, Minor, Money, Whole
from chassis.ground.loads import compile_load
from ops.instances import SERVICES

JUNK = st.sampled_from([None, True, -1, 1.5, "", "x" * 40, [], [None], {}, {"x": 1}])
MONEY = {"amount": 5, "currency": "EUR"}


def _good(field: Any, depth: int) -> st.SearchStrategy[Any]:
    """What a field mostly takes."""
    if isinstance(field, fields.Enum):
        return st.sampled_from([one.value for one in field.enum])
    if isinstance(field, fields.List):
        return st.lists(_values(field.inner, depth), max_size=2)
    if isinstance(field, fields.Nested) and not isinstance(field, Money):
        return _wholes(field.schema, depth - 1)
    known: dict[type[fields.Field], Any] = {
        Money: MONEY,
        Id: getattr(field, "sample", None),
        Flag: True,
        Minor: 7,
        Whole: 1,
        Day: "2026-02-28",
        Instant: "2026-02-28T09:00:00Z",
    }
    sample = next((one for kind, one in known.items() if isinstance(field, kind)), None)
    return st.just(field.metadata.get("example", "EUR") if sample is None else sample)


def _values(field: Any, depth: int) -> st.SearchStrategy[Any]:
    good = _good(field, depth)
    return st.integers(0, 19).flatmap(lambda one: JUNK if one == 0 else good)


def _wholes(schema: marshmallow.Schema, depth: int = 4) -> st.SearchStrategy[Any]:
    if depth == 0:
        return st.just({})
    parts = {
        field.data_key or name: _values(field, depth) for name, field in schema.load_fields.items()
    }
    needed = {
        field.data_key or name for name, field in schema.load_fields.items() if field.required
    }
    return st.fixed_dictionaries(
        {key: value for key, value in parts.items() if key in needed},
        optional={key: value for key, value in parts.items() if key not in needed}
        | {"unheard_of": st.just(1)},
    )


def _load(how: Any, whole: Any) -> str:
    try:
        return repr(how(whole))
    except ValidationError as error:
        return repr(error.messages)


def _schemas(of: str) -> Iterator[type[marshmallow.Schema]]:
    """All that a service takes, and all that it listens to."""
    for contract in service.load(f"services.{of}").contracts.values():
        if isinstance(contract, Endpoint):
            yield contract.accepts
        elif isinstance(contract, Consumer):
            yield from contract.subscriptions


SCHEMAS = sorted({one for of in SERVICES for one in _schemas(of)}, key=repr)


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda one: one.__name__)
@settings(max_examples=4)
@given(data=st.data())
def test_what_is_loaded_is_what_marshmallow_loads(
    schema: type[marshmallow.Schema], data: st.DataObject
) -> None:
    made = schema()
    whole = data.draw(_wholes(made))
    assert _load(compile_load(made), whole) == _load(made.load, whole)
