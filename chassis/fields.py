"""Marshmallow fields and schemas that every service shares: money, ids, numbers, texts, days, pages.

Nothing is taken for something else: a number is no text, a truth value no number. Each field says in JSON
Schema what it takes and what it gives."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal as DecimalValue
from functools import cached_property
from typing import Any

import marshmallow
from marshmallow import ValidationError, fields

from chassis.ground.loads import Load, compile_load_of
from chassis.ground.texts import (
    Code,
    Currency,
    Cursor,
    Described,
    Email,
    Id,
    JsonSchema,
    Language,
    OneLine,
    Text,
    Variety,
)
from kernel import grammar
from kernel.money import AMOUNT_MAX, TOTAL_MAX
from kernel.money import Money as MoneyValue
from kernel.refusals import Invalid

__all__ = [  # what schemas are made of
    "Bytes", "Code", "Currency", "Cursor", "Day", "Decimal", "EachByItself", "Email", "Flag", "Id",
    "Instant", "Language", "ListOf", "Minor", "Money", "NoFields", "OneLine", "PageQuery", "Percent",
    "Quantity", "Result", "Schema", "SignedQuantity", "Text", "Total", "Variety", "Whole", "page_of",
]  # fmt: skip

WHOLE_MAX = 2**53 - 1  # what every JSON parser reads exactly (RFC 8259, 6)
PAGE_MAX = 500


class Schema(marshmallow.Schema):
    """What comes in or goes out. Unknown fields are refused; fields keep their order."""

    error_messages = {"unknown": grammar.UNKNOWN, "type": grammar.NO_OBJECT}

    class Meta:
        unknown = marshmallow.RAISE


class NoFields(Schema):
    """Nothing to say: the path says it all."""


class Flag(Described, fields.Boolean):
    """True or false, and nothing that only means it."""

    sample = True

    def read(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise grammar.Unreadable("Must be true or false.")
        return value

    def takes(self) -> JsonSchema:
        return {"type": "boolean"}

    def from_text(self, text: str) -> Any:
        """What a text in path or query stands for; the text itself where it stands for nothing."""
        return {"true": True, "false": False}.get(text, text)


class Bytes(Described):
    """The body itself, 1 to `most` bytes of any kind. A schema with such a field takes no JSON, but
    application/octet-stream and what stands in the path; in a call the bytes are text in base 64."""

    def __init__(self, *, most: int, **options: Any) -> None:
        super().__init__(**options)
        self.most = most

    def read(self, value: Any) -> bytes:
        try:
            content = base64.b64decode(value, validate=True)
        except (TypeError, binascii.Error) as error:
            raise grammar.Unreadable("Must be base 64.") from error
        if not 0 < len(content) <= self.most:
            raise grammar.Unreadable(f"Must have 1 to {self.most} bytes.")
        return content

    def takes(self) -> JsonSchema:
        return {"type": "string", "format": "binary", "minLength": 1, "maxLength": self.most}


class Whole(Described, fields.Integer):
    """A whole number: a count, a version, a number of days."""

    def __init__(self, *, least: int = 0, most: int = WHOLE_MAX, **options: Any) -> None:
        super().__init__(**options)
        self.least, self.most = least, most

    def read(self, value: Any) -> int:
        return grammar.read_whole(value, self.least, self.most)

    def takes(self) -> JsonSchema:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}

    def gives(self) -> JsonSchema:
        return {"type": "integer"}

    def from_text(self, text: str) -> Any:
        """What a text in path or query stands for; the text itself where it stands for nothing."""
        return grammar.whole_from_text(text)


class Minor(Whole):
    """An amount in whole minor units (cents) of the currency that stands beside it."""

    sample = 1250

    def __init__(self, *, least: int = -AMOUNT_MAX, most: int = AMOUNT_MAX, **options: Any) -> None:
        super().__init__(least=least, most=most, **options)

    def read(self, value: Any) -> int:
        try:
            return super().read(value)
        except grammar.Unreadable as error:
            raise grammar.Unreadable(f"{error} Minor units: 1250 for 12.50.") from error


class Total(Minor):
    """A sum of amounts, in whole minor units: a balance, what a report comes to."""

    def __init__(self, **options: Any) -> None:
        super().__init__(least=-TOTAL_MAX, most=TOTAL_MAX, **options)


class Money(fields.Nested):
    """Money as `{"amount": 1250, "currency": "EUR"}`: whole minor units and the currency."""

    def __init__(self, *, least: int = -AMOUNT_MAX, **options: Any) -> None:
        super().__init__(_money_schema(least), post_load=_make_money, **options)

    def _serialize(  # type: ignore[override]
        self, nested_obj: Any, attr: Any, obj: Any, **options: Any
    ) -> Any:
        if nested_obj is None:
            return None
        return {"amount": nested_obj.minor, "currency": nested_obj.currency}


def _make_money(loaded: dict[str, Any]) -> MoneyValue:
    return MoneyValue(loaded["amount"], loaded["currency"])


def _money_schema(least: int) -> type[Schema]:
    name = "Money" if least == -AMOUNT_MAX else f"MoneyAtLeast{least}"
    if name not in _money_schemas:
        _money_schemas[name] = type(
            name,
            (Schema,),
            {"amount": Minor(least=least, required=True), "currency": Currency(required=True)},
        )
    return _money_schemas[name]


_money_schemas: dict[str, type[Schema]] = {}


class Decimal(Described):
    """A number with decimals, as text: as a number in JSON it may lose some on its way."""

    sample = "12.5"

    def _serialize(self, value: Any, attr: Any, obj: Any, **options: Any) -> Any:
        return None if value is None else format(DecimalValue(value), "f")

    def gives(self) -> JsonSchema:
        return {
            "type": "string",
            "format": "decimal",
            "pattern": grammar.anchored(grammar.DECIMAL),
        }


class _Positive(Decimal):
    """A number with decimals that is sent as text or, where it is whole, as a number."""

    pattern: str
    least: int
    most: int
    remedy: str

    def read(self, value: Any) -> DecimalValue:
        return grammar.read_decimal(value, self.pattern, self.remedy)

    def takes(self) -> JsonSchema:
        text = {"type": "string", "pattern": grammar.anchored(self.pattern)}
        whole = {"type": "integer", "minimum": self.least, "maximum": self.most}
        return {"anyOf": [text, whole]}


class Quantity(_Positive):
    """A quantity with up to three decimals, as text ("2", "0.125") or a whole number. What is sent is
    above 0; what is given may be 0."""

    pattern, least, most, sample = grammar.QUANTITY, 1, 10**9, "2.5"
    remedy = 'Must be above 0, at most 1000000000: text such as "2.5", or a whole number.'

    def _serialize(self, value: Any, attr: Any, obj: Any, **options: Any) -> Any:
        return None if value is None else format(DecimalValue(value).normalize(), "f")


class SignedQuantity(Quantity):
    """A quantity that is below 0 where something is taken off. What is sent is not 0."""

    pattern, least = f"-?({grammar.QUANTITY})", -(10**9)
    remedy = (
        "Must be a number other than 0, at most 1000000000 either way: text such as "
        '"-2.5", or a whole number.'
    )

    def takes(self) -> JsonSchema:
        above = Quantity().takes()["anyOf"]
        text = {"type": "string", "pattern": grammar.anchored(f"-({grammar.QUANTITY})")}
        whole = {"type": "integer", "minimum": self.least, "maximum": -1}
        return {"anyOf": [*above, text, whole]}


class Percent(_Positive):
    """A percentage from 0 to 100 with up to three decimals, as text: "19.00", "8.875"."""

    pattern, least, most, sample = grammar.PERCENT, 0, 100, "19.00"
    remedy = 'Must be 0 to 100, with up to 3 decimals: text such as "19.00", or a whole number.'

    def _serialize(self, value: Any, attr: Any, obj: Any, **options: Any) -> Any:
        if value is None:
            return None
        cents = DecimalValue(value).quantize(DecimalValue("0.01")) + 0  # never -0.00
        return format(cents if cents == value else DecimalValue(value).normalize(), "f")


class Day(Described, fields.Date):
    """A civil day, `2026-01-31`, from 1900 to 2200."""

    sample = "2026-01-31"

    def read(self, value: Any) -> date:
        return grammar.read_day(value)

    def takes(self) -> JsonSchema:
        return {"type": "string", "format": "date", "pattern": grammar.anchored(grammar.DAY)}

    def gives(self) -> JsonSchema:
        return {"type": "string", "format": "date"}


class Instant(Described, fields.AwareDateTime):
    """A moment with its offset from UTC, `2026-01-31T09:00:00Z`, from 1900 to 2200."""

    sample = "2026-01-31T09:00:00Z"

    def __init__(self, **options: Any) -> None:
        super().__init__(format="iso", **options)

    def read(self, value: Any) -> datetime:
        return grammar.read_instant(value)

    def takes(self) -> JsonSchema:
        pattern = grammar.anchored(grammar.INSTANT)
        return {"type": "string", "format": "date-time", "pattern": pattern}

    def gives(self) -> JsonSchema:
        return {"type": "string", "format": "date-time"}


class ListOf(fields.List):
    """`least` to `most` values of one kind, in their order."""

    def __init__(self, inner: fields.Field, *, most: int, least: int = 0, **options: Any) -> None:
        def require_count(values: Any) -> Any:
            if values is None:  # comes so far where that is allowed
                return None
            if not isinstance(values, list) or not least <= len(values) <= most:
                raise ValidationError(f"Must be a list of {least} to {most}.")
            return values

        super().__init__(inner, pre_load=require_count, **options)
        self.least, self.most = least, most

    @cached_property
    def load_one(self) -> Load:
        """What one value is loaded as; ValidationError where it cannot be."""
        return compile_load_of(self.inner)


class EachByItself(ListOf):
    """A list whose broken elements become refusals in their places, and leave the others alone. What is
    wrong with a field is named as in the element, what is wrong with all of it by its place."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> list[Any]:
        return [self._load(element, place) for place, element in enumerate(value)]

    def _load(self, element: Any, place: int) -> Any:
        try:
            return self.load_one(element)
        except ValidationError as error:
            errors = list(_each_error(error.messages, ""))
            whole = f"{self.data_key or self.name}/{place}"
            return Invalid.fields([{**one, "field": one["field"] or whole} for one in errors])


def _each_error(messages: Any, path: str) -> Iterator[dict[str, str]]:
    if isinstance(messages, dict):
        for key, value in messages.items():
            yield from _each_error(value, path if key == "_schema" else f"{path}/{key}".strip("/"))
    else:
        for message in messages:
            yield {"field": path, "detail": str(message)}


class FieldError(Schema):
    """What is wrong with one field."""

    field = fields.String(metadata={"description": "Which one, as a path."})
    detail = fields.String(metadata={"description": "What is wrong with it."})


class Result(Schema):
    """What became of one of a batch; of one that was refused, code and reason."""

    index = Whole(metadata={"description": "Its place in what was sent, from 0."})
    code = fields.String(metadata={"description": "Why it was refused, for programs."})
    detail = fields.String(metadata={"description": "Why it was refused, for people."})
    errors = fields.List(
        fields.Nested(FieldError), metadata={"description": "What is wrong with which field."}
    )


class PageQuery(Schema):
    """What every list takes: at most `limit` items, those after the cursor `after`."""

    limit = Whole(
        least=1,
        most=PAGE_MAX,
        load_default=50,
        metadata={"description": f"How many items at the most, 1 to {PAGE_MAX}."},
    )
    after = Cursor(
        load_default=None, metadata={"description": "The `next_after` of the page before."}
    )


_pages: dict[type[Schema], type[Schema]] = {}


def page_of(item: type[Schema]) -> type[Schema]:
    """The schema of a page of `item`: `items`, `has_more`, and `next_after` to ask for the rest."""
    if item not in _pages:
        _pages[item] = type(
            f"{item.__name__}Page",
            (Schema,),
            {
                "__doc__": f"A page of {item.__name__}.",
                "items": fields.List(fields.Nested(item), required=True),
                "has_more": Flag(required=True),
                "next_after": Cursor(allow_none=True, required=True),
            },
        )
    return _pages[item]
