"""What billing announces. Amounts are in minor units of the `currency` beside them."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields, validate

from chassis.events import AccountEvent, DueContact, SettledContact
from chassis.fields import (
    Currency,
    Day,
    Id,
    Minor,
    Percent,
    Schema,
    SignedQuantity,
    Total,
    Whole,
)
from services.billing.items.rules import ItemKind, ItemStatus
from services.billing.reversals.rules import ReversalKind
from services.billing.taxes.rules import TaxCode


def told(description: str, **options: Any) -> dict[str, Any]:
    """The options of a field that is always there, with its text."""
    return {"required": True, "metadata": {"description": description}, **options}


def tax_code() -> fields.String:
    """The field of a line for the code of its tax."""
    codes = validate.OneOf(list(TaxCode))
    return fields.String(**told("Why the percentage is what it is.", validate=codes))


def exemption_reason() -> fields.String:
    """The field of a line for why no tax is taken."""
    return fields.String(**told("Why no tax is taken, where that is stated.", allow_none=True))


_KINDS = validate.OneOf(list(ItemKind))
ITEM: dict[str, Any] = {
    "item_id": "itm_01jd3v4q6ye8z9t5k2m7n0p1xw",
    "invoice_id": "inv_01jd3v4q6ye8z9t5k2m7n0p1xa",
    "kind": "invoice",
    "invoice_number": "2026-000123",
    "due_date": "2026-04-02",
    "amount": 11900,
    "balance": 11900,
    "in_flight": 0,
    "disputed": 0,
    "written_off": 0,
    "currency": "EUR",
    "discounts": [{"percent": "3.00", "until": "2026-03-10", "enough": 11543}],
    "version": 1,
    "status": "open",
}
LINE: dict[str, Any] = {
    "position": 1,
    "description": "Office chair",
    "quantity": "2",
    "unit_price": 5000,
    "net": 10000,
    "tax_percent": "19.00",
    "tax_code": "standard",
    "exemption_reason": None,
    "order_line_id": "orl_01jd3v4q6ye8z9t5k2m7n0p1xr",
    "service_from": None,
    "service_until": None,
    "shipment_id": None,
}
_PAID_ITEM: dict[str, Any] = {**ITEM, "discounts": [], "balance": 0, "version": 2, "status": "paid"}
ACCOUNT = {"account_id": "acc_01jd3v4q6ye8z9t5k2m7n0p1xb"}
_INVOICE = {
    **ACCOUNT,
    "invoice_id": "inv_01jd3v4q6ye8z9t5k2m7n0p1xa",
    "number": "2026-000123",
    "currency": "EUR",
}
_PAYMENT = {
    **ACCOUNT,
    "payment_id": "pay_01jd3v4q6ye8z9t5k2m7n0p1xc",
    "version": 1,
    "currency": "EUR",
    "amount": 11900,
}
_BALANCE = {"version": 12, "open": 11900, "unapplied": 0, "balance": 11900}
_ALLOCATION = {
    **ACCOUNT,
    "allocation_id": "alc_01jd3v4q6ye8z9t5k2m7n0p1xd",
    "payment_id": "pay_01jd3v4q6ye8z9t5k2m7n0p1xc",
    "credit_note_id": None,
    "adjustment_id": None,
    "currency": "EUR",
    "amount": 11900,
    "effective_on": "2026-03-30",
}


class OfferedDiscount(Schema):
    """What is less of an item where it is paid early."""

    percent = Percent(required=True)
    until = Day(**told("The last day on which money for it is early enough."))
    enough = Minor(**told("What is enough then for all that is owed of it."))


class ItemSnapshot(Schema):
    """One instalment of an invoice, or a debit note, as it is now: the thing that is due."""

    item_id = Id("itm", required=True)
    invoice_id = Id("inv", required=True)
    kind = fields.String(
        **told("Of what; fee, interest and letter: what paying late costs.", validate=_KINDS)
    )
    invoice_number = fields.String(required=True)
    due_date = Day(required=True)
    amount = Minor(required=True)
    balance = Minor(**told("What is still owed of the amount."))
    in_flight = Minor(**told("Of the balance: on its way, not to be asked for.", dump_default=0))
    disputed = Minor(**told("Of the balance: contested, not to be asked for.", dump_default=0))
    written_off = Minor(**told("Of the amount: given up; not in the balance.", dump_default=0))
    currency = Currency(required=True)
    discounts = fields.List(
        fields.Nested(OfferedDiscount),
        **told("What is less where it is paid early, the first stage first.", dump_default=()),
    )
    version = Whole(required=True)
    status = fields.String(required=True, validate=validate.OneOf(list(ItemStatus)))


class BalanceSnapshot(Schema):
    """What an account owes in one currency; of two snapshots, that with the higher version is newer."""

    version = Whole(required=True)
    open = Total(**told("The balances of all open items."))
    unapplied = Total(**told("Payments and credit notes not yet allocated."))
    balance = Total(**told("open - unapplied."))


class _InvoiceEvent(AccountEvent):
    """What every event of an invoice says."""

    invoice_id = Id("inv", required=True)
    number = fields.String(required=True)
    version = Whole(required=True)
    currency = Currency(required=True)


class BilledLine(Schema):
    """A line of an issued invoice. What was billed ahead and is taken off has a line below nothing."""

    position = Whole(**told("Its place on the invoice, from 1 on."))
    description = fields.String(required=True)
    quantity = SignedQuantity(required=True)
    unit_price = Minor(**told("Net."))
    net = Minor(**told("quantity × unit_price, rounded half up."))
    tax_percent = Percent(required=True)
    tax_code = tax_code()
    exemption_reason = exemption_reason()
    order_line_id = Id(
        "orl", **told("The order line it bills, where known.", allow_none=True, dump_default=None)
    )
    service_from = Day(
        **told("Of a service: the first day billed.", allow_none=True, dump_default=None)
    )
    service_until = Day(**told("The last day billed.", allow_none=True, dump_default=None))
    shipment_id = Id("shp", **told("Of several: which.", allow_none=True, dump_default=None))


class InvoiceIssued(_InvoiceEvent):
    """An invoice was issued: its number and date are fixed, and its items are open. So was a debit note:
    it raises another invoice, or claims back what was refunded of a payment that was reversed later."""

    for_account_id = Id(
        "acc",
        **told("For whom it is, where that is not who pays.", allow_none=True, dump_default=None),
    )
    kind = fields.String(**told("An invoice or a debit note.", validate=_KINDS))
    issued_on = Day(required=True)
    net = Minor(required=True)
    tax = Minor(required=True)
    total = Minor(**told("net + tax + reclaimed."))
    reclaimed = Minor(**told("Of a debit note: what it claims back; else 0."))
    refund_id = Id("rfd", **told("Of a debit note: the refund it claims back.", allow_none=True))
    shipment_id = Id("shp", required=True, allow_none=True)
    order_id = Id("ord", required=True, allow_none=True)
    client_order_number = fields.String(**told("What the client calls the order.", allow_none=True))
    raises_invoice_id = Id(
        "inv", **told("Of a debit note: the invoice it raises.", allow_none=True)
    )
    taken_off = Minor(**told("What was billed ahead of the shipment and is taken off, with tax."))
    billing_run_id = Id(
        "brn", **told("The billing run that issued it.", allow_none=True, dump_default=None)
    )
    lines = fields.List(fields.Nested(BilledLine), required=True)
    items = fields.List(fields.Nested(ItemSnapshot), required=True)
    account_balance = fields.Nested(
        BalanceSnapshot, **told("What the account owes in this currency, the invoice included.")
    )

    says = "Invoice {number} issued, {total}."
    example: ClassVar = _INVOICE | {
        "version": 1,
        "for_account_id": None,
        "kind": "invoice",
        "issued_on": "2026-03-03",
        "net": 10000,
        "tax": 1900,
        "total": 11900,
        "reclaimed": 0,
        "refund_id": None,
        "shipment_id": "shp_01jd3v4q6ye8z9t5k2m7n0p1xe",
        "order_id": "ord_01jd3v4q6ye8z9t5k2m7n0p1xf",
        "client_order_number": "PO 4500012345",
        "raises_invoice_id": None,
        "taken_off": 0,
        "billing_run_id": None,
        "lines": [LINE],
        "items": [ITEM],
        "account_balance": _BALANCE,
    }


class InvoicePaid(_InvoiceEvent):
    """Nothing is owed on an invoice any more, by payments or credit notes."""

    paid_on = Day(**told("The value date of what settled it."))

    says = "Invoice {number} paid on {paid_on}."
    example: ClassVar = {**_INVOICE, "version": 2, "paid_on": "2026-03-30"}


class InvoiceReopened(_InvoiceEvent):
    """Something is owed again on an invoice that was paid."""

    says = "Invoice {number} is open again."
    example: ClassVar = {**_INVOICE, "version": 3}


class InvoiceVoided(_InvoiceEvent):
    """An issued invoice that nothing was allocated to was cancelled."""

    voided_on = Day(required=True)
    items = fields.List(fields.Nested(ItemSnapshot), required=True)

    says = "Invoice {number} voided."
    example: ClassVar = _INVOICE | {
        "version": 2,
        "voided_on": "2026-03-05",
        "items": [{**ITEM, "discounts": [], "balance": 0, "version": 2, "status": "void"}],
    }


class _PaymentEvent(AccountEvent):
    """What every event of a payment says."""

    payment_id = Id("pay", required=True)
    version = Whole(required=True)
    currency = Currency(required=True)
    amount = Minor(required=True)


class PaymentReceived(_PaymentEvent):
    """Money came in; what it was set against is announced by AllocationMade."""

    value_date = Day(required=True)
    method = fields.String(**told("transfer, card, cheque, cash or direct_debit."))
    reference = fields.String(required=True, allow_none=True)

    says = "Payment of {amount} received by {method}."
    example: ClassVar = _PAYMENT | {
        "value_date": "2026-03-30",
        "method": "transfer",
        "reference": "INV 2026-000123",
    }


class PaymentReversed(_PaymentEvent):
    """A payment, or a part of it, turned out not to be one (bounced, charged back, entered in error); its
    allocations are undone as far as there is no money for them."""

    reversal_id = Id("rev", required=True)
    kind = fields.String(
        **told(
            "reversal, or chargeback: the payer took it back.",
            validate=validate.OneOf(list(ReversalKind)),
            dump_default=ReversalKind.REVERSAL,
        )
    )
    left = Minor(**told("What still stands of the payment."))
    reversed_on = Day(required=True)
    reason = fields.String(required=True)

    says = "Payment of {amount} reversed: {reason}"
    example: ClassVar = _PAYMENT | {
        "version": 2,
        "reversal_id": "rev_01jd3v4q6ye8z9t5k2m7n0p1xk",
        "kind": "reversal",
        "left": 0,
        "reversed_on": "2026-04-04",
        "reason": "Direct debit returned: insufficient funds.",
    }


class PaymentReinstated(_PaymentEvent):
    """What had been reversed of a payment was there after all."""

    reversal_id = Id("rev", **told("What is taken back."))
    reinstated_on = Day(required=True)
    reason = fields.String(required=True)

    says = "Payment of {amount} was good after all: {reason}"
    example: ClassVar = _PAYMENT | {
        "version": 3,
        "reversal_id": "rev_01jd3v4q6ye8z9t5k2m7n0p1xk",
        "reinstated_on": "2026-04-06",
        "reason": "The bank decided for us.",
    }


class AllocationMade(AccountEvent):
    """A part of a payment or credit note was set against an item, or of it was given up."""

    allocation_id = Id("alc", required=True)
    payment_id = Id("pay", required=True, allow_none=True)
    credit_note_id = Id("crn", required=True, allow_none=True)
    adjustment_id = Id("adj", **told("What gave it up.", allow_none=True, dump_default=None))
    currency = Currency(required=True)
    amount = Minor(required=True)
    effective_on = Day(required=True)
    item = fields.Nested(ItemSnapshot, required=True)

    says = "{amount} allocated to invoice {item.invoice_number}."
    example: ClassVar = {**_ALLOCATION, "item": _PAID_ITEM}


class AllocationReversed(AllocationMade):
    """An allocation was taken back; the item is owed again by its amount."""

    reversed_on = Day(required=True)

    says = "{amount} taken back from invoice {item.invoice_number}."
    example: ClassVar = _ALLOCATION | {"reversed_on": "2026-04-04", "item": {**ITEM, "version": 3}}


class ItemChanged(AccountEvent):
    """Of an open item more or less may be asked for than before, though no less is owed."""

    item = fields.Nested(ItemSnapshot, required=True)

    says = "Of invoice {item.invoice_number}, {item.disputed} is disputed, {item.in_flight} on its way."
    example: ClassVar = {**ACCOUNT, "item": {**ITEM, "disputed": 5000, "version": 2}}


class BalanceChanged(BalanceSnapshot, AccountEvent):
    """What an account owes in one currency changed; where it comes more than once, the highest version is
    the truth."""

    currency = Currency(required=True)

    says = "Balance is {balance}."
    example: ClassVar = {**ACCOUNT, "currency": "EUR", **_BALANCE}


class ContactDue(DueContact):
    """An account is to be contacted. Billing has no reasons yet; accounts listens already."""

    example = DueContact.sample


class ContactSettled(SettledContact):
    """There is no need any more to contact the account for this reason."""

    example = SettledContact.sample


class AccountKnown(AccountEvent):
    """Billing knows an account; announced once, with the first that it was told of it."""

    account_version = Whole(**told("The account's version by which it is known first."))
    known_by = fields.String(required=True)

    says = "Known to billing."
    example: ClassVar = ACCOUNT | {"account_version": 1, "known_by": "billing"}
