"""Every day and every moment that comes in from outside has stated bounds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import marshmallow
import pytest
from marshmallow import ValidationError, fields

from chassis.contract import Endpoint
from chassis.fields import Day, Instant
from chassis.service import load
from gateway.keys.schemas import CreateKey, MoveClock
from ops.instances import SERVICES

OUTSIDE = {
    Day: ["0001-01-01", "1899-12-31", "2201-01-01", "9999-12-31"],
    Instant: [
        "0001-01-01T00:00:00+23:59",
        "1899-12-31T23:59:59Z",
        "2201-01-01T00:00:00Z",
        "9999-12-31T23:59:59-23:59",
    ],
}
INSIDE = {
    Day: ["1900-01-01", "2200-12-31"],
    Instant: ["1900-01-01T00:00:00Z", "2200-12-31T23:59:59Z"],
}


def _accepted(name: str) -> Iterator[tuple[str, fields.Field]]:
    """Every field of what the service's endpoints take, by its place."""
    for method, contract in load(f"services.{name}").contracts.items():
        if isinstance(contract, Endpoint):
            yield from _each(f"{name}.{method}", contract.accepts())


def _each(place: str, schema: marshmallow.Schema) -> Iterator[tuple[str, fields.Field]]:
    for name, field in schema.fields.items():
        inner: Any = field
        while isinstance(inner, fields.List):
            inner = inner.inner
        yield f"{place}.{name}", inner
        if isinstance(inner, fields.Nested):
            yield from _each(f"{place}.{name}", inner.schema)


DAYS = {
    place: field
    for service in SERVICES
    for place, field in _accepted(service)
    if isinstance(field, Day | Instant)
}


def _kind(field: fields.Field) -> type[fields.Field]:
    return Day if isinstance(field, Day) else Instant


@pytest.mark.parametrize("place", DAYS)
def test_a_year_that_is_a_slip_of_the_pen_is_refused(place: str) -> None:
    for text in OUTSIDE[_kind(DAYS[place])]:
        with pytest.raises(ValidationError, match="1900"):
            DAYS[place].deserialize(text)


@pytest.mark.parametrize("kind", [Day, Instant])
def test_the_first_and_the_last_are_taken(kind: type[Day | Instant]) -> None:
    for text in INSIDE[kind]:
        kind().deserialize(text)


@pytest.mark.parametrize("field", [MoveClock().fields["now"], CreateKey().fields["expires_at"]])
def test_the_gateways_moments_have_the_same_bounds(field: fields.Field) -> None:
    for text in OUTSIDE[Instant]:
        with pytest.raises(ValidationError):
            field.deserialize(text)


@pytest.mark.parametrize("name", SERVICES)
def test_what_comes_in_is_a_day_or_a_moment_of_the_house(name: str) -> None:
    others = [
        place
        for place, field in _accepted(name)
        if isinstance(field, fields.Date | fields.DateTime) and not isinstance(field, Day | Instant)
    ]
    assert others == []
