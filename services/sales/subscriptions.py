"""What sales listens to, with only the fields it needs."""

from __future__ import annotations

from decimal import Decimal

from marshmallow import EXCLUDE, fields

from chassis.events import ACCOUNT_EVENTS, Subscription
from chassis.fields import (
    Currency,
    Flag,
    Id,
    Minor,
    Quantity,
    Schema,
    SignedQuantity,
    Total,
    Whole,
)


class PostalAddress(Schema):
    """An address of an account, from one day to another."""

    class Meta:
        unknown = EXCLUDE

    address_id = Id("adr", required=True)
    kind = fields.String(required=True)
    recipient = fields.String(required=True, allow_none=True)
    lines = fields.List(fields.String(), required=True)
    country = fields.String(required=True)
    country_name = fields.String(required=True)
    street = fields.List(fields.String(), load_default=list)
    district = fields.String(load_default=None, allow_none=True)
    city = fields.String(load_default=None, allow_none=True)
    region = fields.String(load_default=None, allow_none=True)
    postal_code = fields.String(load_default=None, allow_none=True)
    valid_from = fields.Date(required=True)
    valid_to = fields.Date(required=True, allow_none=True)


class AccountSnapshot(Subscription):
    """What every event about an account carries."""

    account_id = Id("acc", required=True)
    version = Whole(required=True)
    number = fields.String(required=True)
    status = fields.String(required=True)
    currency = Currency(required=True)
    credit_limit = Minor(required=True, allow_none=True)
    name = fields.String(load_default=None)
    country = fields.String(load_default=None)
    language = fields.String(load_default=None)
    parent_id = Id("acc", load_default=None, allow_none=True)
    credit_group_id = Id("acc", load_default=None, allow_none=True)
    order_number_required = Flag(load_default=False)
    addresses = fields.List(fields.Nested(PostalAddress), load_default=list)


ACCOUNT = AccountSnapshot.to("accounts", *ACCOUNT_EVENTS)


class AccountClosing(AccountSnapshot, source="accounts"):
    """An account is to be closed, if we agree."""


class CreditLimitChanged(AccountSnapshot, source="accounts"):
    """An account's credit limit was changed."""


class ContactSnapshot(Subscription):
    """A person at an account."""

    account_id = Id("acc", required=True)
    contact_id = Id("con", required=True)
    version = Whole(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)
    roles = fields.List(fields.String(), required=True)
    valid_from = fields.Date(required=True, allow_none=True)
    valid_to = fields.Date(required=True, allow_none=True)


CONTACT = ContactSnapshot.to("accounts", "contact_changed", "contact_introduced")


class BalanceSnapshot(Subscription):
    """What an account owes in one currency."""

    version = Whole(required=True)
    open = Total(required=True)
    unapplied = Total(required=True)
    balance = Total(required=True)


class AccountBalance(BalanceSnapshot):
    """What an account owes in one currency has changed."""

    account_id = Id("acc", required=True)
    currency = Currency(required=True)


BALANCE = AccountBalance.to("billing", "balance_changed", "balance_introduced")


class BilledLine(Schema):
    """A line of an invoice; one that bills several shipments says which."""

    class Meta:
        unknown = EXCLUDE

    shipment_id = Id("shp", load_default=None, allow_none=True)
    order_line_id = Id("orl", load_default=None, allow_none=True)
    position = Whole(load_default=0)
    quantity = SignedQuantity(load_default=Decimal(1))


class InvoiceIssued(Subscription, source="billing"):
    """An invoice was issued, perhaps for an order or for shipments, to whoever pays for the account."""

    account_id = Id("acc", required=True)
    for_account_id = Id("acc", load_default=None, allow_none=True)
    invoice_id = Id("inv", required=True)
    number = fields.String(load_default="")
    currency = Currency(required=True)
    total = Minor(required=True)
    order_id = Id("ord", required=True, allow_none=True)
    shipment_id = Id("shp", required=True, allow_none=True)
    taken_off = Minor(load_default=0)
    lines = fields.List(fields.Nested(BilledLine), load_default=())
    account_balance = fields.Nested(BalanceSnapshot, load_default=None)


class _InvoiceSettled(Subscription):
    account_id = Id("acc", required=True)
    invoice_id = Id("inv", required=True)
    settled_version = Whole(required=True, data_key="version")


class InvoicePaid(_InvoiceSettled, source="billing"):
    """Nothing is owed on an invoice any more."""

    is_paid = fields.Constant(True)  # noqa: FBT003


class InvoiceReopened(_InvoiceSettled, source="billing"):
    """Something is owed again on an invoice that was paid."""

    is_paid = fields.Constant(False)  # noqa: FBT003


class InvoiceVoided(Subscription, source="billing"):
    """An invoice was cancelled; what it was for is to be invoiced again."""

    account_id = Id("acc", required=True)
    invoice_id = Id("inv", required=True)


class OrderEnded(Subscription):
    """Nothing of one of our orders is open any more."""

    account_id = Id("acc", required=True)
    order_id = Id("ord", required=True)


ORDER_ENDED = OrderEnded.to("sales", "order_cancelled", "order_completed")


class CreditedLine(Schema):
    """A line of a credit note: what it takes back of which order line."""

    class Meta:
        unknown = EXCLUDE

    invoice_position = Whole(load_default=None, allow_none=True)
    order_line_id = Id("orl", load_default=None, allow_none=True)
    quantity = SignedQuantity(load_default=Decimal(1))
    is_price_reduction = Flag(load_default=False)


class CreditNoteIssued(Subscription, source="billing"):
    """A credit note was issued; it may take back what was billed ahead of an order's shipments."""

    account_id = Id("acc", required=True)
    for_account_id = Id("acc", load_default=None, allow_none=True)
    credit_note_id = Id("crn", required=True)
    order_id = Id("ord", load_default=None, allow_none=True)
    currency = Currency(required=True)
    taken_back = Minor(load_default=0)
    invoice_id = Id("inv", load_default=None, allow_none=True)
    return_id = Id("ret", load_default=None, allow_none=True)
    lines = fields.List(fields.Nested(CreditedLine), load_default=())


class CreditNoteVoided(Subscription, source="billing"):
    """A credit note was issued in error: what it took back is billed ahead again."""

    account_id = Id("acc", required=True)
    for_account_id = Id("acc", load_default=None, allow_none=True)
    credit_note_id = Id("crn", required=True)
    order_id = Id("ord", required=True, allow_none=True)
    currency = Currency(required=True)


class _CreditHold(Subscription):
    account_id = Id("acc", required=True)
    version = Whole(required=True)
    reason = fields.String(required=True)


class CreditHoldPlaced(_CreditHold, source="collections"):
    """The account's orders are to be stopped."""

    is_placed = fields.Constant(True)  # noqa: FBT003


class CreditHoldLifted(_CreditHold, source="collections"):
    """The account's orders may go on."""

    is_placed = fields.Constant(False)  # noqa: FBT003


class CreditHoldIntroduced(_CreditHold, source="collections"):
    """Whether the account's orders are stopped."""

    is_placed = Flag(required=True)


CREDIT_HOLD = (CreditHoldPlaced, CreditHoldLifted, CreditHoldIntroduced)


class ReturnedLine(Schema):
    """What of an order line came back; not what stays with the client, nor what no order had sold."""

    class Meta:
        unknown = EXCLUDE

    line_id = Id("orl", required=True)
    quantity = Quantity(required=True)
    lowered_by = Minor(load_default=None, allow_none=True)
    unsold = fields.Raw(load_default=None, allow_none=True)


class ReturnAccepted(Subscription, source="sales"):
    """Goods of an order came back and were accepted."""

    return_id = Id("ret", required=True)
    part = Whole(load_default=1)
    order_id = Id("ord", required=True)
    lines = fields.List(fields.Nested(ReturnedLine), required=True)
