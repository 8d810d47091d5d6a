"""Batches of invoices, coming in and what became of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from marshmallow import ValidationError, fields

from chassis.fields import Id, ListOf, Minor, Schema, Whole
from kernel.refusals import Invalid
from services.billing.invoices.schemas import NewInvoice
from services.billing.issuing.schemas import issued_on

BATCH_MAX = 1000


class InvoiceToIssue(NewInvoice):
    """An invoice to be issued at once."""

    issued_on = issued_on()


class EachByItself(ListOf):
    """A list whose broken elements become refusals in their places, and leave the others alone."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> list[Any]:
        return [self._load(element) for element in value]

    def _load(self, element: Any) -> Any:
        try:
            return self.load_one(element)
        except ValidationError as error:
            return Invalid.fields(list(_each_error(error.messages, "")))


def _each_error(messages: Any, path: str) -> Iterator[dict[str, str]]:
    if isinstance(messages, dict):
        for key, value in messages.items():
            yield from _each_error(value, path if key == "_schema" else f"{path}/{key}".strip("/"))
    else:
        for message in messages:
            yield {"field": path, "detail": str(message)}


class NewInvoiceBatch(Schema):
    invoices = EachByItself(
        fields.Nested(InvoiceToIssue),
        least=1,
        most=BATCH_MAX,
        required=True,
        metadata={"description": f"1 to {BATCH_MAX}; a broken one does not stop the others."},
    )


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


class BatchResult(Result):
    """What became of one invoice: issued, with id and number; or refused, with code and reason."""

    invoice_id = Id("inv", metadata={"description": "The invoice, where it was issued."})
    number = fields.String(metadata={"description": "Its number."})
    total = Minor(metadata={"description": "With tax."})


class InvoiceBatch(Schema):
    """What became of each invoice of a batch."""

    issued = Whole(metadata={"description": "How many were issued."})
    refused = Whole(metadata={"description": "How many were not."})
    results = fields.List(
        fields.Nested(BatchResult),
        metadata={"description": "One for each invoice sent, in their order."},
    )
