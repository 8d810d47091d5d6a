"""Whatever a schema may have, what is loaded is what marshmallow loads, and so is what it refuses."""

from __future__ import annotations

from enum import Enum
from typing import Any

import pytest
from marshmallow import (
    EXCLUDE,
    INCLUDE,
    RAISE,
    Schema,
    ValidationError,
    fields,
    post_load,
    validate,
)

from chassis.fields import Day, Flag, Id, ListOf, Money, OneLine, Whole
from chassis.ground.loads import compile_load, compile_load_of


class Size(Enum):
    """A choice."""

    BIG = "big"


def _never_null(value: Any) -> Any:
    return 1 if value is None else value


def _even(value: int) -> None:
    if value % 2:
        raise ValidationError("Must be even.")


class Part(Schema):
    """A part, of parts."""

    n = Whole(required=True)
    parts = fields.List(fields.Nested(lambda: Part()))


class Hooked(Part):
    """What is changed afterwards."""

    @post_load
    def _more(self, loaded: dict[str, Any], **_: Any) -> dict[str, Any]:
        return loaded | {"more": 1}


class Loose(Part):
    """What takes no notice of what it does not know."""

    class Meta:
        unknown = EXCLUDE


FIELDS: dict[str, fields.Field] = {
    "whole": Whole(least=1, most=5),
    "needed": Whole(required=True),
    "or_null": Whole(allow_none=True),
    "or_seven": Whole(load_default=7),
    "made_up": fields.Integer(load_default=lambda: 6),
    "even": Whole(validate=_even),
    "even_or_null": Whole(validate=[_even, validate.Range(max=4)], load_default=None),
    "mended": fields.Integer(pre_load=_never_null),
    "mended_or_null": fields.Integer(pre_load=_never_null, allow_none=True),
    "doubled": fields.Integer(post_load=lambda value: value * 2),
    "link": fields.Url(),
    "day": Day(),
    "flag": Flag(),
    "line": OneLine(longest=3),
    "id": Id("acc"),
    "money": Money(least=0),
    "size": fields.Enum(Size, by_value=True),
    "always": fields.Constant(3),
    "inner": fields.Integer(attribute="n.real"),
    "other": fields.Integer(attribute="n", data_key="n°"),
    "only_out": fields.Integer(dump_only=True),
    "one": fields.Nested(Part),
    "one_or_null": fields.Nested(Part, allow_none=True),
    "some": fields.Nested(Part, many=True),
    "hooked": fields.Nested(Hooked),
    "loose": fields.Nested(Loose),
    "loosened": fields.Nested(Part, unknown=EXCLUDE),
    "tightened": fields.Nested(Loose, unknown=RAISE),
    "plucked": fields.Pluck(Part, "n"),
    "narrow": fields.Nested(Part, only=("n",)),
    "texts": fields.List(fields.String()),
    "nulls": fields.List(fields.String(allow_none=True)),
    "few": ListOf(Whole(), least=1, most=2),
    "few_or_null": ListOf(Whole(), least=1, most=2, allow_none=True),
    "table": fields.Dict(),
    "pair": fields.Tuple((fields.Integer(), fields.String())),
}
Every = Schema.from_dict(FIELDS)
PART = {"n": 1, "parts": [{"n": 2, "parts": []}]}
VALUES: list[Any] = [
    None, 0, 1, 4, True, 1.5, "", "a", "big", "2026-02-28", "2026-02-30", "https://a.example",
    "acc_01jd3v4q6ye8z9t5k2m7n0p1xw", b"a", [], [1], [1, 2, 3], [None], ["a", None], (1, "a"),
    {"n": 1}, PART, [PART], {"n": 1, "x": 2}, {"n": None}, {"n": 1, "parts": [{}]},
    {"amount": 1, "currency": "EUR"}, {"amount": -1, "currency": "EUR"},
]  # fmt: skip


def _load(how: Any, whole: Any) -> str:
    try:
        return repr(how(whole))
    except ValidationError as error:
        return repr(error.messages)


@pytest.mark.parametrize("name", FIELDS)
def test_a_value_is_loaded_as_by_marshmallow(name: str) -> None:
    field = Every(only=(name,), unknown=RAISE)
    for value in VALUES:
        for whole in ({name: value}, {"n°": value}, {name: value, "x": 1}):
            assert _load(compile_load(field), whole) == _load(field.load, whole)
        one = field.fields[name]
        assert _load(compile_load_of(one), value) == _load(one.deserialize, value)


@pytest.mark.parametrize("unknown", [RAISE, EXCLUDE, INCLUDE])
@pytest.mark.parametrize("whole", [PART, [PART], {}, PART | {"x": 1, "y": None}, None, 1, "n"])
def test_a_whole_is_loaded_as_by_marshmallow(whole: Any, unknown: str) -> None:
    for schema in (
        Part(unknown=unknown),
        Part(unknown=unknown, many=True),
        Part(unknown=unknown, partial=True),
        Hooked(unknown=unknown),
        Every(unknown=unknown),
        Every(only=("or_seven",), unknown=unknown, partial=True),
    ):
        assert _load(compile_load(schema), whole) == _load(schema.load, whole)
