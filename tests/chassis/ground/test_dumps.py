"""Whatever a schema may have, what is dumped is what marshmallow dumps."""

from __future__ import annotations

from collections import namedtuple
from enum import Enum
from types import SimpleNamespace
from typing import Any

import pytest
from marshmallow import Schema, fields, post_dump

from chassis.ground.dumps import compile_dump


class Size(Enum):
    """A choice that is no text."""

    BIG = 1


class Loud(fields.String):
    """A text in capitals."""

    def _serialize(self, value: Any, *rest: Any, **options: Any) -> Any:
        return f"{value}".upper()


class Part(Schema):
    """A part, of parts."""

    n = fields.Integer()
    parts = fields.List(fields.Nested(lambda: Part()))


class Hooked(Part):
    """What is changed afterwards."""

    @post_dump
    def _more(self, dumped: dict[str, Any], **_: Any) -> dict[str, Any]:
        return dumped | {"more": 1}


class Got(Schema):
    """What finds its values by itself."""

    n = fields.Integer()

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        return 7


FIELDS: dict[str, fields.Field] = {
    "as_text": fields.Integer(as_string=True),
    "float": fields.Float(),
    "money": fields.Decimal(places=2, as_string=True),
    "by_name": fields.Enum(Size),
    "by_value": fields.Enum(Size, by_value=True),
    "by_text": fields.Enum(Size, by_value=fields.String),
    "loud": Loud(),
    "always": fields.Constant(3),
    "worked_out": fields.Function(lambda whole: type(whole).__name__),
    "inner": fields.Integer(attribute="n.real"),
    "other": fields.Integer(attribute="n", data_key="n°"),
    "left_out": fields.Integer(dump_default=5),
    "made_up": fields.Integer(dump_default=lambda: 6),
    "only_in": fields.Integer(load_only=True),
    "one": fields.Nested(Part),
    "some": fields.Nested(Part, many=True),
    "hooked": fields.Nested(Hooked),
    "plucked": fields.Pluck(Part, "n"),
    "narrow": fields.Nested(Part, only=("n",)),
    "table": fields.Dict(),
    "pair": fields.Tuple((fields.Integer(), fields.String())),
    "n": fields.Integer(),
    "texts": fields.List(fields.String()),
}
Every = Schema.from_dict(FIELDS)
Secret = Schema.from_dict({"only_in": FIELDS["only_in"], "n": FIELDS["n"]})
PART = {"n": 1, "parts": [{"n": 2, "parts": None}]}
VALUES: list[Any] = [
    None, 0, 1, True, 1.5, "a", b"a", Size.BIG, [1, "a"], (1, "a"), PART, [PART], SimpleNamespace(**PART),
]  # fmt: skip
Single = namedtuple("Single", ["n"])


def _dump(how: Any, whole: Any) -> str:
    try:
        return repr(how(whole))
    except Exception as error:
        return repr(error)


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("name", FIELDS)
def test_a_value_is_dumped_as_by_marshmallow(name: str, value: Any) -> None:
    schema = Every(only=(name,)) if name != "only_in" else Secret()
    for whole in ({name: value}, SimpleNamespace(**{name: value}), SimpleNamespace(n=value), {}):
        assert _dump(compile_dump(schema), whole) == _dump(schema.dump, whole)


@pytest.mark.parametrize("schema", [Hooked(), Got(), Part(many=True), Part(), Part(only=("n",))])
@pytest.mark.parametrize("whole", [PART, [PART], Single(3), SimpleNamespace(**PART), None, 1])
def test_a_whole_is_dumped_as_by_marshmallow(schema: Schema, whole: Any) -> None:
    assert _dump(compile_dump(schema), whole) == _dump(schema.dump, whole)
