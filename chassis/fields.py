"""Marshmallow fields and schemas that every service shares: money, ids, days, pages."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import marshmallow
from marshmallow import ValidationError, fields, validate

from kernel.addresses import ADDRESS_MAX, read_address
from kernel.calendar import FIRST_DAY, FIRST_INSTANT, LAST_DAY, LAST_INSTANT
from kernel.ids import is_id
from kernel.money import AMOUNT_MAX, TOTAL_MAX, is_currency
from kernel.money import Money as MoneyValue

TEXT_MAX = 2000
PAGE_MAX = 500


class Schema(marshmallow.Schema):
    """What comes in or goes out. Unknown fields are refused; fields keep their order."""

    class Meta:
        unknown = marshmallow.RAISE


def _with_example(options: dict[str, Any], example: str) -> dict[str, Any]:
    return {**options, "metadata": {"example": example, **options.get("metadata", {})}}


class Id(fields.String):
    """The id of a thing of one kind, such as `inv_01j9...`."""

    def __init__(self, prefix: str, **options: Any) -> None:
        super().__init__(**_with_example(options, f"{prefix}_01jd3v4q6ye8z9t5k2m7n0p1xw"))
        self.prefix = prefix

    def _deserialize(self, value: Any, attr: Any, data: Any, **options: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **options)
        if not is_id(text, self.prefix):
            raise ValidationError(f"Must be an id that begins with {self.prefix}_.")
        return text


class Text(fields.String):
    """Text people wrote: trimmed, 1 to `longest` characters, no control characters but line ends."""

    def __init__(self, *, longest: int = TEXT_MAX, **options: Any) -> None:
        super().__init__(**options)
        self.validators.insert(0, validate.Length(min=1, max=longest))

    def _deserialize(self, value: Any, attr: Any, data: Any, **options: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **options).strip()
        if re.search(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]", text):
            raise ValidationError("Must not contain control characters.")
        return text


class Email(fields.String):
    """An e-mail address in any script, kept as it was typed."""

    def __init__(self, *, metadata: dict[str, Any], **options: Any) -> None:
        form = {"format": "idn-email", "maxLength": ADDRESS_MAX}
        super().__init__(metadata={**form, **metadata}, **options)

    def _deserialize(self, value: Any, attr: Any, data: Any, **options: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **options).strip()
        try:
            read_address(text)
        except ValueError as error:
            raise ValidationError(str(error)) from error
        return text


class Currency(fields.String):
    """An ISO 4217 currency code in capitals."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**_with_example(options, "EUR"))

    def _deserialize(self, value: Any, attr: Any, data: Any, **options: Any) -> str:
        code: str = super()._deserialize(value, attr, data, **options)
        if not is_currency(code):
            raise ValidationError("Must be an ISO 4217 currency code in capitals, such as EUR.")
        return code


class Minor(fields.Integer):
    """An amount in whole minor units (cents) of the currency that stands beside it."""

    def __init__(self, *, least: int = -AMOUNT_MAX, most: int = AMOUNT_MAX, **options: Any) -> None:
        super().__init__(strict=True, **options)
        self.least, self.most = least, most
        self.validators.insert(0, validate.Range(min=least, max=most))

    default_error_messages = {"invalid": "Must be a whole number of minor units: 1250 for 12.50."}

    def _validated(self, value: Any) -> Any:
        if isinstance(value, bool | str | float):
            raise self.make_error("invalid", input=value)
        return super()._validated(value)


class Total(Minor):
    """A sum of amounts, in whole minor units: a balance, what a report comes to."""

    def __init__(self, **options: Any) -> None:
        super().__init__(least=-TOTAL_MAX, most=TOTAL_MAX, **options)


class Money(fields.Nested):
    """Money as `{"amount": 1250, "currency": "EUR"}`: whole minor units and the currency."""

    def __init__(self, *, least: int = -AMOUNT_MAX, **options: Any) -> None:
        super().__init__(_money_schema(least), **options)

    def _serialize(  # type: ignore[override]
        self, nested_obj: Any, attr: Any, obj: Any, **options: Any
    ) -> Any:
        if nested_obj is None:
            return None
        return {"amount": nested_obj.minor, "currency": nested_obj.currency}

    def _deserialize(
        self, value: Any, attr: Any, data: Any, partial: Any = None, **options: Any
    ) -> MoneyValue:
        loaded = super()._deserialize(value, attr, data, partial, **options)
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


class Quantity(fields.Decimal):
    """A positive quantity with up to three decimals, as text ("2", "0.125") or a whole number."""

    def __init__(self, **options: Any) -> None:
        super().__init__(as_string=True, allow_nan=False, **_with_example(options, "2.5"))

    def _deserialize(self, value: Any, attr: Any, data: Any, **options: Any) -> Decimal:
        if isinstance(value, bool | float):
            raise ValidationError('Must be a whole number or text such as "2.5".')
        quantity: Decimal = super()._deserialize(value, attr, data, **options)
        if not 0 < quantity <= 10**9 or quantity != quantity.quantize(Decimal("0.001")):
            raise ValidationError("Must be above 0, at most 1,000,000,000, with up to 3 decimals.")
        return quantity

    def _serialize(self, value: Any, attr: Any, obj: Any, **options: Any) -> Any:
        return None if value is None else format(Decimal(value).normalize(), "f")


class Percent(fields.Decimal):
    """A percentage from 0 to 100 with up to three decimals, as text: "19.00", "8.875"."""

    def __init__(self, **options: Any) -> None:
        super().__init__(as_string=True, allow_nan=False, **_with_example(options, "19.00"))

    def _deserialize(self, value: Any, attr: Any, data: Any, **options: Any) -> Decimal:
        if isinstance(value, bool | float):
            raise ValidationError('Must be text such as "19.00" or a whole number.')
        percent: Decimal = super()._deserialize(value, attr, data, **options)
        if not 0 <= percent <= 100 or percent != percent.quantize(Decimal("0.001")):
            raise ValidationError("Must be 0 to 100, with up to 3 decimals.")
        return percent

    def _serialize(self, value: Any, attr: Any, obj: Any, **options: Any) -> Any:
        if value is None:
            return None
        cents = Decimal(value).quantize(Decimal("0.01"))
        return format(cents if cents == value else Decimal(value).normalize(), "f")


_THREE_CENTURIES = f"Must be from {FIRST_DAY} to {LAST_DAY}."


class Day(fields.Date):
    """A civil day, `2026-01-31`, from 1900 to 2200."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.validators.insert(
            0, validate.Range(min=FIRST_DAY, max=LAST_DAY, error=_THREE_CENTURIES)
        )

    def _deserialize(self, value: Any, attr: Any, data: Any, **options: Any) -> Any:
        if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            raise ValidationError("Must be a day such as 2026-01-31.")
        return super()._deserialize(value, attr, data, **options)


class Instant(fields.AwareDateTime):
    """A moment with its offset from UTC, `2026-01-31T09:00:00Z`, from 1900 to 2200."""

    def __init__(self, **options: Any) -> None:
        super().__init__(format="iso", **options)
        self.validators.insert(
            0, validate.Range(min=FIRST_INSTANT, max=LAST_INSTANT, error=_THREE_CENTURIES)
        )


class PageQuery(Schema):
    """What every list takes: at most `limit` items, those after the cursor `after`."""

    limit = fields.Integer(
        load_default=50,
        validate=validate.Range(min=1, max=PAGE_MAX),
        metadata={"description": f"How many items at the most, 1 to {PAGE_MAX}."},
    )
    after = fields.String(
        load_default=None,
        validate=validate.Length(max=500),
        metadata={"description": "The `next_after` of the page before."},
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
                "has_more": fields.Boolean(required=True),
                "next_after": fields.String(allow_none=True, required=True),
            },
        )
    return _pages[item]
