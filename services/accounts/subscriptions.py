"""What accounts listens to, with only the fields it needs.

Days are taken as others have them: what was agreed before days had bounds is agreed."""

from __future__ import annotations

from marshmallow import fields

from chassis.events import Subscription
from chassis.fields import Currency, Id, Minor, Total, Whole


class AccountsEvent(Subscription, source="accounts", every=True):
    """Everything this service announces itself."""


class BillingEvent(Subscription, source="billing", every=True):
    """Everything billing announces."""


class CollectionsEvent(Subscription, source="collections", every=True):
    """Everything collections announces."""


class SalesEvent(Subscription, source="sales", every=True):
    """Everything sales announces."""


class AccountActivated(Subscription, source="accounts"):
    """An account's onboarding is complete."""

    account_id = Id("acc", required=True)


class AccountOnboarding(Subscription, source="accounts"):
    """An account's onboarding began, for the first time or after it was closed."""

    account_id = Id("acc", required=True)


class AccountClosed(Subscription, source="accounts"):
    """An account was closed."""

    account_id = Id("acc", required=True)


class _ClosingAgreed(Subscription):
    account_id = Id("acc", required=True)
    account_version = Whole(required=True)
    reason = fields.String(required=True)


class _ClosingObjected(_ClosingAgreed):
    code = fields.String(required=True)


class BillingAgreedToClosing(_ClosingAgreed, source="billing", event="account_closing_agreed"):
    """Billing has nothing against a closing."""


class BillingObjectedToClosing(
    _ClosingObjected, source="billing", event="account_closing_objected"
):
    """Something is owed, unapplied or drafted."""


class SalesAgreedToClosing(_ClosingAgreed, source="sales", event="account_closing_agreed"):
    """Sales has nothing against a closing."""


class SalesObjectedToClosing(_ClosingObjected, source="sales", event="account_closing_objected"):
    """Something is ordered and not shipped, or shipped and not invoiced."""


class BalanceSnapshot(Subscription):
    """What an account owes in one currency has changed."""

    account_id = Id("acc", required=True)
    currency = Currency(required=True)
    version = Whole(required=True)
    open = Total(required=True)
    unapplied = Total(required=True)
    balance = Total(required=True)


BALANCE = BalanceSnapshot.to("billing", "balance_changed", "balance_introduced")


class ContactDue(Subscription, source="collections"):
    """An account should be contacted about its debt in one currency."""

    account_id = Id("acc", required=True)
    currency = Currency(required=True)
    version = Whole(required=True)
    reason = fields.String(required=True)
    amount = Total(required=True)
    oldest_due_date = fields.Date(required=True)
    since = fields.Date(required=True)


class ContactSettled(Subscription, source="collections"):
    """The reason to contact an account about its debt in one currency is gone."""

    account_id = Id("acc", required=True)
    currency = Currency(required=True)
    version = Whole(required=True)
    reason = fields.String(required=True)


class OrderStopped(Subscription, source="sales"):
    """The credit limit was lowered and has no room for a confirmed order."""

    account_id = Id("acc", required=True)
    order_id = Id("ord", required=True)
    version = Whole(required=True)
    currency = Currency(required=True)
    gross = Minor(required=True)
    reason = fields.String(required=True)


class OrderReleased(Subscription, source="sales"):
    """A stopped order goes on."""

    account_id = Id("acc", required=True)
    order_id = Id("ord", required=True)
    version = Whole(required=True)


class PlacementChanged(Subscription, source="collections"):
    """A hand-over of a debt to collections has moved on."""

    account_id = Id("acc", required=True)
    placement_id = Id("plc", required=True)
    version = Whole(required=True)
    status = fields.String(required=True)
    currency = Currency(required=True)
    amount = Total(required=True)
    reason = fields.String(required=True, allow_none=True)
