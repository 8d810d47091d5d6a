"""What services answer and announce is what marshmallow would dump, byte for byte."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal as DecimalValue
from types import SimpleNamespace
from typing import Any

import marshmallow
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import fields

from chassis import service
from chassis.contract import Endpoint
from chassis.fields import Day, Decimal, Instant, Money
from chassis.ground.dumps import compile_dump
from chassis.process.describe import announced_by
from kernel.money import Money as MoneyValue
from ops.instances import SERVICES

TEXTS = st.text('aä"\\\n\u2028 ', max_size=4)
ZONES = st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))])
VALUES: list[tuple[type[fields.Field], st.SearchStrategy[Any]]] = [
    (Money, st.builds(MoneyValue, st.integers(-(10**6), 10**6), st.sampled_from(["EUR", "JPY"]))),
    (Decimal, st.decimals(0, 10**6, places=3) | st.integers(0, 99).map(DecimalValue)),
    (Day, st.dates(date(1900, 1, 1), date(2200, 1, 1))),
    (Instant, st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=ZONES)),
    (fields.Boolean, st.booleans()),
    (fields.Integer, st.integers(-(2**53), 2**53) | st.booleans()),
    (fields.String, TEXTS),
]


def _values(field: Any, depth: int) -> st.SearchStrategy[Any]:
    """What a field may be given."""
    if isinstance(field, fields.Enum):
        return st.none() | st.sampled_from(list(field.enum))
    if isinstance(field, fields.List):
        return st.none() | st.lists(_values(field.inner, depth), max_size=2)
    if isinstance(field, fields.Nested) and not isinstance(field, Money):
        return st.none() | _wholes(field.schema, depth - 1)
    usual = next((one for kind, one in VALUES if isinstance(field, kind)), TEXTS)
    return st.none() | usual


def _wholes(schema: marshmallow.Schema, depth: int = 4) -> st.SearchStrategy[Any]:
    """What a schema may be given: mappings and objects, whole or with something missing."""
    if depth == 0:
        return st.just({})
    parts: dict[str, st.SearchStrategy[Any]] = {}
    for name, field in schema.dump_fields.items():
        first, _, second = (field.attribute or name).partition(".")
        value = _values(field, depth)
        if second:
            value = value.map(lambda one, second=second: SimpleNamespace(**{second: one}))
        parts[first] = value
    mappings = st.fixed_dictionaries({}, optional=parts)  # type: ignore[arg-type]
    return mappings | mappings.map(lambda values: SimpleNamespace(**values))


def _dump(how: Any, whole: Any) -> bytes | str:
    try:
        return orjson.dumps(how(whole))
    except Exception as error:  # of whatever kind: it is to be the same
        return f"{type(error).__name__}: {error}"


def _schemas(of: str) -> Iterator[type[marshmallow.Schema]]:
    """All that a service answers with, and all that it announces."""
    made = service.load(f"services.{of}")
    yield from announced_by(made)
    for contract in made.contracts.values():
        if isinstance(contract, Endpoint) and contract.returns is not None:
            yield contract.returns


SCHEMAS = sorted({one for of in SERVICES for one in _schemas(of)}, key=repr)


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda one: one.__name__)
@settings(max_examples=10)
@given(data=st.data())
def test_what_is_dumped_is_what_marshmallow_dumps(
    schema: type[marshmallow.Schema], data: st.DataObject
) -> None:
    made = schema()
    whole = data.draw(_wholes(made))
    assert _dump(compile_dump(made), whole) == _dump(made.dump, whole)
