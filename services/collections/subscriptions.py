"""What collections listens to, with only the fields it needs.

Days are taken as others have them: what was agreed before days had bounds is agreed."""

from __future__ import annotations

from typing import Any

import marshmallow
from marshmallow import EXCLUDE, fields

from chassis.events import ACCOUNT_EVENTS, Subscription
from chassis.fields import Currency, Id, Minor, Schema, Total, Whole


class PostalAddress(Schema):
    """Where post goes from one day to another."""

    class Meta:
        unknown = EXCLUDE

    kind = fields.String(required=True)
    recipient = fields.String(allow_none=True, required=True)
    lines = fields.List(fields.String(), required=True)
    country = fields.String(required=True)
    country_name = fields.String(required=True)
    valid_from = fields.Date(required=True)
    valid_to = fields.Date(allow_none=True, required=True)


class AccountSnapshot(Subscription):
    """Somebody to write to: name, language, e-mail, addresses and preferred channel."""

    account_id = Id("acc", required=True)
    version = Whole(required=True)
    number = fields.String(required=True)
    name = fields.String(required=True)
    language = fields.String(required=True)
    email = fields.String(allow_none=True, required=True)
    preferred_channel = fields.String(required=True)
    addresses = fields.List(fields.Nested(PostalAddress), load_default=list)


ACCOUNT = AccountSnapshot.to("accounts", *ACCOUNT_EVENTS)


class CompanyAddress(Schema):
    """Where our letters come from."""

    class Meta:
        unknown = EXCLUDE

    kind = fields.String(required=True)
    lines = fields.List(fields.String(), required=True)
    country = fields.String(required=True)


class BankAccount(Schema):
    """Where clients pay to."""

    class Meta:
        unknown = EXCLUDE

    iban = fields.String(required=True)
    bic = fields.String(allow_none=True, required=True)
    currency = fields.String(allow_none=True, required=True)


class CompanySnapshot(Subscription):
    """Who we are: whom letters are from."""

    company_id = Id("cmp", required=True)
    version = Whole(required=True)
    legal_name = fields.String(required=True)
    country = fields.String(required=True)
    addresses = fields.List(fields.Nested(CompanyAddress), required=True)
    bank_accounts = fields.List(fields.Nested(BankAccount), required=True)
    email_from = fields.String(allow_none=True, required=True)
    logo_file_id = fields.String(allow_none=True, required=True)
    logo = fields.String(allow_none=True, required=True)


COMPANY = CompanySnapshot.to("accounts", "company_changed", "company_introduced")


class ContactSnapshot(Subscription):
    """The payer is whom letters are addressed to."""

    account_id = Id("acc", required=True)
    contact_id = Id("con", required=True)
    version = Whole(required=True)
    name = fields.String(required=True)
    email = fields.String(allow_none=True, required=True)
    roles = fields.List(fields.String(), required=True)
    valid_from = fields.Date(allow_none=True, required=True)
    valid_to = fields.Date(allow_none=True, required=True)


CONTACT = ContactSnapshot.to("accounts", "contact_changed", "contact_introduced")


class ItemSnapshot(Schema):
    """An open item of billing's in one version."""

    class Meta:
        unknown = EXCLUDE

    item_id = Id("itm", required=True)
    version = Whole(required=True)
    invoice_id = Id("inv", required=True)
    kind = fields.String(load_default="invoice")
    invoice_number = fields.String(required=True)
    due_date = fields.Date(required=True)
    currency = Currency(required=True)
    amount = Minor(required=True)
    balance = Minor(required=True)
    disputed = Minor(load_default=0)
    in_flight = Minor(load_default=0)
    written_off = Minor(load_default=0)
    status = fields.String(required=True)


class _Items(Subscription):
    account_id = Id("acc", required=True)
    items = fields.List(fields.Nested(ItemSnapshot), required=True)


class InvoiceIssued(_Items, source="billing"):
    """There is more to be paid; items are in the order of their instalments."""

    issued_on = fields.Date(required=True)


class FeePosted(_Items, source="billing"):
    """What was assessed with a notice is to be paid."""

    issued_on = fields.Date(required=True)


class InvoiceVoided(_Items, source="billing"):
    """Its items need not be paid."""


class _Item(Subscription):
    account_id = Id("acc", required=True)
    item = fields.Nested(ItemSnapshot, required=True)

    @marshmallow.post_load
    def _as_items(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"account_id": values["account_id"], "items": [values["item"]]}


class AllocationMade(_Item, source="billing"):
    """Something of an item was paid or credited."""


class AllocationReversed(_Item, source="billing"):
    """Something of an item is owed again."""


class ItemChanged(_Item, source="billing"):
    """More or less of an item may be asked for than before."""


class ItemIntroduced(ItemSnapshot, Subscription, source="billing"):  # type: ignore[misc]
    """An open item as it is, with its place among others."""

    account_id = Id("acc", required=True)
    issued_on = fields.Date(required=True)
    position = Whole(required=True)


class _RescheduledItem(ItemSnapshot):
    position = Whole(required=True)


class ItemDueChanged(Subscription, source="billing"):
    """Items of an invoice are due on other days, some in other parts."""

    account_id = Id("acc", required=True)
    issued_on = fields.Date(required=True)
    items = fields.List(fields.Nested(_RescheduledItem), required=True)


ITEMS_OPENED = (InvoiceIssued, FeePosted)
ITEMS_SETTLED = (InvoiceVoided, AllocationMade)
ITEMS_REOPENED = (AllocationReversed, ItemChanged)


class BalanceSnapshot(Subscription):
    """What the account owes, and what of its money is not set against items."""

    account_id = Id("acc", required=True)
    currency = Currency(required=True)
    version = Whole(required=True)
    open = Total(required=True)
    unapplied = Total(required=True)
    balance = Total(required=True)


BALANCE = BalanceSnapshot.to("billing", "balance_changed", "balance_introduced")


class DunningNoticeApproved(Subscription, source="collections"):
    """A notice of our own to send."""

    notice_id = Id("dnt", required=True)


class DunningNoticeSent(Subscription, source="collections"):
    """A notice of our own went out; its level may hold orders."""

    account_id = Id("acc", required=True)
