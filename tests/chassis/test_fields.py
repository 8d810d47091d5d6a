"""What the house's fields take, give and say of both."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import jsonschema_rs
import marshmallow
import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from chassis import fields
from chassis.doors.perform import load
from chassis.process.json_schemas import JsonSchemas
from chassis.wire.calls import refuse_nul
from kernel.refusals import Invalid

A_LIST = fields.ListOf(fields.Id("inv"), least=1, most=2)
FIELDS = [
    fields.Id("inv"),
    fields.Currency(),
    fields.Language(),
    fields.Variety(),
    fields.OneLine(longest=5),
    fields.Text(longest=5),
    fields.Flag(),
    fields.Whole(least=-2, most=3),
    fields.Minor(least=1),
    fields.Quantity(),
    fields.SignedQuantity(),
    fields.Percent(),
    fields.Day(),
    fields.Instant(),
    A_LIST,
]
ID = "inv_01jd3v4q6ye8z9t5k2m7n0p1xw"


def takes(field: marshmallow.fields.Field, value: Any) -> bool:
    try:
        field.deserialize(value)
    except ValidationError:
        return False
    return True


def says(field: marshmallow.fields.Field, *, is_sent: bool) -> jsonschema_rs.Draft202012Validator:
    schema = JsonSchemas("test").of_field(field, is_sent=is_sent)
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *((fields.Flag(), value) for value in (0, 1, "true", "yes", "on", "", None, [])),
        *((fields.Whole(), value) for value in ("5", 5.0, True, -1, 2**53, "５", None)),
        *((fields.Minor(), value) for value in ("1250", 12.5, False, 10**15 + 1)),
        *(
            (fields.Id("inv"), value)
            for value in (ID + "\n", ID.upper(), "inv_", "acc" + ID[3:], 1)
        ),
        *((fields.Percent(), value) for value in ("-0", 19.5, "1_9", True)),
        *((fields.Quantity(), value) for value in ("1_000", "１２", "1e2", 2.5)),
        *((A_LIST, value) for value in ({ID: 1}, ID, [], [ID] * 3, None, [None])),
        *((fields.Currency(), value) for value in ("eur", "EUR\n", "ABC", 978, ["EUR"])),
        *((fields.Text(), value) for value in (5, True, ["a"], {"a": 1}, "x" * 2001)),
    ],
)
def test_nothing_is_taken_for_something_else(field: marshmallow.fields.Field, value: Any) -> None:
    assert not takes(field, value)


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: type(field).__name__)
def test_a_field_takes_nothing_that_it_says_it_does_not(field: marshmallow.fields.Field) -> None:
    said = says(field, is_sent=True)
    schema = JsonSchemas("test").of_field(field, is_sent=True)
    parts = schema.get("anyOf", [schema])
    patterns = [part["pattern"] for part in parts if "pattern" in part]
    near = [st.from_regex(pattern) for pattern in patterns]
    anything = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary()

    @given(st.one_of(*near, anything, st.lists(st.just(ID), max_size=4), st.integers(-3, 101)))
    def check(value: Any) -> None:
        if takes(field, value):
            said.validate(value)

    check()


@pytest.mark.parametrize(
    ("field", "value", "given_as"),
    [
        (fields.Percent(), Decimal(19), "19.00"),
        (fields.Percent(), Decimal("8.875"), "8.875"),
        (fields.Percent(), Decimal("-0"), "0.00"),
        (fields.Quantity(), Decimal("2.500"), "2.5"),
        (fields.Quantity(), Decimal(1000), "1000"),
        (fields.SignedQuantity(), Decimal("-1.000"), "-1"),
        (fields.Decimal(), Decimal("-12.50"), "-12.50"),
        (fields.Decimal(), Decimal("0E+2"), "0"),
    ],
)
def test_a_number_is_given_as_it_says(
    field: marshmallow.fields.Field, value: Decimal, given_as: str
) -> None:
    assert field.serialize("x", {"x": value}) == given_as
    says(field, is_sent=False).validate(given_as)


def test_in_path_and_query_numbers_and_truth_values_are_read_from_text() -> None:
    assert fields.Whole().from_text("5") == 5
    assert fields.Flag().from_text("true") is True
    assert fields.Flag().from_text("yes") == "yes"
    assert fields.Flag().from_text("True") == "True"


def test_a_list_is_null_only_where_it_may_be() -> None:
    assert fields.ListOf(fields.Id("inv"), most=2, allow_none=True).deserialize(None) is None
    with pytest.raises(ValidationError, match="null"):
        A_LIST.deserialize(None)


def test_what_may_be_null_or_left_out_says_so() -> None:
    schema = JsonSchemas("test").of_field(fields.Percent(load_default=None), is_sent=True)
    assert schema["anyOf"][-1] == {"type": "null"}
    assert schema["default"] is None
    schema = JsonSchemas("test").of_field(fields.Percent(load_default=Decimal(0)), is_sent=True)
    assert schema["default"] == "0.00"


class Parcel(fields.Schema):
    lines = marshmallow.fields.List(
        marshmallow.fields.Nested(fields.Schema.from_dict({"sku": fields.Code(required=True)})),
        required=True,
    )


@pytest.mark.parametrize(
    ("sent", "field", "detail"),
    [
        ({}, "lines", "Must be given."),
        ({"lines": None}, "lines", "Must not be null."),
        ({"lines": 1}, "lines", "Must be a list."),
        ({"lines": [1]}, "lines/0", "Must be an object."),
        ({"lines": [{}]}, "lines/0/sku", "Must be given."),
        ({"lines": [], "line": []}, "line", "Is not known here: leave it out."),
    ],
)
def test_what_is_wrong_with_any_field_is_said_with_what_to_do(
    sent: dict[str, Any], field: str, detail: str
) -> None:
    with pytest.raises(Invalid) as refused:
        load(Parcel, sent)
    assert refused.value.errors == [{"field": field, "detail": detail}]


class Parcels(fields.Schema):
    parcels = fields.EachByItself(marshmallow.fields.Nested(Parcel), most=9, required=True)


@pytest.mark.parametrize("broken", [None, 5, "parcel", []])
def test_what_is_no_element_of_a_batch_is_named_by_its_place(broken: Any) -> None:
    whole, refused, other = load(Parcels, {"parcels": [{"lines": []}, broken, {}]})["parcels"]
    assert whole == {"lines": []}
    [error] = refused.errors
    assert error["field"] == "parcels/1"
    assert refused.detail == f"parcels/1: {error['detail']}"
    assert [one["field"] for one in other.errors] == ["lines"]


@pytest.mark.parametrize(
    ("kwargs", "field"),
    [
        ({"name": "A\x00"}, "name"),
        ({"lines": [{"sku": "A"}, {"sku": "\x00"}]}, "lines/1/sku"),
        ({"lines": [{"s\x00": "A"}]}, "lines/0"),
        ({"\x00": 1}, None),
    ],
)
def test_a_text_with_the_character_nul_is_named(kwargs: dict[str, Any], field: str | None) -> None:
    with pytest.raises(Invalid) as refused:
        refuse_nul(kwargs)
    assert refused.value.code == "nul_character"
    assert [one["field"] for one in refused.value.errors] == ([field] if field else [])
