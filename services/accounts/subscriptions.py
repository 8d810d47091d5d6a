"""What accounts listens to, with only the fields it needs.

Days are taken as others have them: what was agreed before days had bounds is agreed."""

from __future__ import annotations

from typing import Any

from marshmallow import EXCLUDE, fields, post_load

from chassis.events import Subscription
from chassis.fields import (
    Currency,
    Flag,
    Id,
    Instant,
    Minor,
    Schema,
    Total,
    Whole,
)
from services.accounts.activities.rules import ActivityKind, ActivityOutcome, Direction


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


class OwnerMoved(Subscription, source="accounts", event="owner_changed"):
    """Somebody else looks after an account now; who did before was once not told."""

    account_id = Id("acc", required=True)
    former_owner_id = Id("stf", load_default=None)
    reason = fields.String(load_default=None, allow_none=True)
    changed_by = fields.String(load_default="")


class StaffLeft(Subscription, source="accounts"):
    """A person left."""

    staff_id = Id("stf", required=True)


class _WorkDone(Subscription):
    """Somebody recorded something about an account, in the event's own word for who it was."""

    account_id = Id("acc", required=True)


class _Completed(_WorkDone):
    by = fields.String(required=True, data_key="completed_by")


class _Waived(_WorkDone):
    by = fields.String(required=True, data_key="waived_by")


class _Done(_WorkDone):
    by = fields.String(required=True, data_key="done_by")


class _Moved(_WorkDone):
    by = fields.String(required=True, data_key="moved_by")


class _Ended(_WorkDone):
    by = fields.String(required=True, data_key="closed_by")


HELPERS_WORK = (
    *_Ended.to("accounts", "activity_held", "activity_not_held", "activity_cancelled"),
    *_Moved.to("accounts", "case_moved", "case_closed", "case_withdrawn"),
    *_Completed.to("accounts", "checklist_item_completed"),
    *_Waived.to("accounts", "checklist_item_waived"),
    *_Done.to("accounts", "worklist_item_done"),
)
"""What helpers record that names who it was; one line for each kind more."""


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


class _FinishedActivity(Subscription):
    """A planned activity has its outcome."""

    activity_id = Id("act", required=True)
    series_id = Id("ser", required=True, allow_none=True)


FINISHED_ACTIVITIES = _FinishedActivity.to(
    "accounts", "activity_held", "activity_not_held", "activity_cancelled"
)


class _HeldActivity(Subscription):
    """An account was met."""

    account_id = Id("acc", required=True)
    kind = fields.Enum(ActivityKind, by_value=True, required=True)
    direction = fields.Enum(Direction, by_value=True, required=True)
    outcome = fields.Enum(ActivityOutcome, by_value=True, required=True)
    at = Instant(required=True)
    closed_by = fields.String(required=True)


HELD_ACTIVITIES = _HeldActivity.to("accounts", "activity_held", "activity_corrected")


class _AccountKnown(Subscription):
    account_id = Id("acc", required=True)
    account_version = Whole(required=True)


class KnownToBilling(_AccountKnown, source="billing", event="account_known"):
    """Billing knows an account."""


class KnownToSales(_AccountKnown, source="sales", event="account_known"):
    """Sales knows an account."""


class LeadContact(Schema):
    """A person at a client to be."""

    class Meta:
        unknown = EXCLUDE

    name = fields.String(required=True)
    email = fields.String(load_default=None, allow_none=True)
    phone = fields.String(load_default=None, allow_none=True)
    roles = fields.List(fields.String(), load_default=list)


class LeadConverted(Subscription, source="sales"):
    """A lead became a client to be. What it says is judged when its account is opened."""

    lead_id = Id("led", required=True)
    name = fields.String(required=True)
    country = fields.String(required=True)
    currency = fields.String(required=True)
    language = fields.String(required=True)
    time_zone = fields.String(required=True)
    tax_id = fields.String(load_default=None, allow_none=True)
    email = fields.String(load_default=None, allow_none=True)
    owner_id = fields.String(load_default=None, allow_none=True)
    campaign = fields.String(load_default=None, allow_none=True)
    contacts = fields.List(fields.Nested(LeadContact), load_default=list)
    notes = fields.List(fields.String(), load_default=list)


class BalanceSnapshot(Subscription):
    """What an account owes in one currency has changed."""

    account_id = Id("acc", required=True)
    currency = Currency(required=True)
    version = Whole(required=True)
    open = Total(required=True)
    unapplied = Total(required=True)
    balance = Total(required=True)


BALANCE = BalanceSnapshot.to("billing", "balance_changed", "balance_introduced")


class ItemSnapshot(Schema):
    """An instalment of an invoice in one version."""

    class Meta:
        unknown = EXCLUDE

    item_id = Id("itm", required=True)
    version = Whole(required=True)
    invoice_id = Id("inv", required=True)
    invoice_number = fields.String(required=True)
    due_date = fields.Date(required=True)
    currency = Currency(required=True)
    amount = Minor(required=True)
    balance = Minor(required=True)
    disputed = Minor(load_default=0)
    status = fields.String(required=True)


class _Items(Subscription):
    account_id = Id("acc", required=True)
    items = fields.List(fields.Nested(ItemSnapshot), required=True)


class _Item(Subscription):
    account_id = Id("acc", required=True)
    item = fields.Nested(ItemSnapshot, required=True)

    @post_load
    def _as_items(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"account_id": values["account_id"], "items": [values["item"]]}


class ItemIntroduced(ItemSnapshot, Subscription, source="billing"):  # type: ignore[misc]
    """An item as it is."""

    account_id = Id("acc", required=True)

    @post_load
    def _as_items(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"account_id": values.pop("account_id"), "items": [values]}


ITEMS: tuple[type[Subscription], ...] = (
    *_Items.to("billing", "invoice_issued", "invoice_voided", "item_due_changed", "fee_posted"),
    *_Item.to("billing", "allocation_made", "allocation_reversed", "item_changed"),
    ItemIntroduced,
)


class _Order(Subscription):
    account_id = Id("acc", required=True)
    order_id = Id("ord", required=True)
    number = fields.String(required=True)
    version = Whole(required=True)
    currency = Currency(required=True)


class OrderConfirmed(_Order, source="sales"):
    """Something is to come of it."""

    total_gross = Minor(required=True)
    is_ended = fields.Constant(False)  # noqa: FBT003


class OrderAmended(_Order, source="sales"):
    """Something else is to come of it."""

    total_gross = Minor(required=True)
    is_ended = Flag(required=True)


class _OrderEnded(_Order):
    """Nothing is to come of it any more."""

    is_ended = fields.Constant(True)  # noqa: FBT003


class OrderIntroduced(_Order, source="sales"):
    """An order as it is."""

    is_ended = Flag(required=True)


ORDERS: tuple[type[Subscription], ...] = (
    OrderConfirmed,
    OrderAmended,
    *_OrderEnded.to("sales", "order_cancelled", "order_completed"),
    OrderIntroduced,
)


class _Contact(Subscription):
    account_id = Id("acc", required=True)
    kind = fields.String(required=True, data_key="reason")
    about = fields.String(load_default=None)
    version = Whole(required=True)
    currency = Currency(load_default=None)

    @post_load
    def _is_about_its_currency(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        """What was told before there was `about` was about what is owed in a currency."""
        return {**values, "about": values["about"] or values["currency"] or ""}


class _Settled(_Contact):
    """There is no need any more to contact an account for this reason."""

    is_standing = fields.Constant(False)  # noqa: FBT003


class _Due(_Contact):
    """An account is to be contacted, for this reason."""

    is_standing = fields.Constant(True)  # noqa: FBT003
    since_on = fields.Date(required=True, data_key="since")
    amount = Total(load_default=None)
    sentence = fields.String(load_default=None)
    roles = fields.List(fields.String(), load_default=list)
    channel = fields.String(load_default=None)
    earliest_at = Instant(load_default=None, data_key="earliest")


class _DueInCollections(_Due):
    """As collections tells it, which once did without a sentence."""

    oldest_due_date = fields.Date(load_default=None)


def _contacts(source: str, due: type[Subscription] = _Due) -> tuple[type[Subscription], ...]:
    return *due.to(source, "contact_due"), *_Settled.to(source, "contact_settled")


class _DueHere(_Due):
    """As accounts tells it: also for somebody besides the owner."""

    to_staff_id = Id("stf", load_default=None)


ACCOUNTS_CONTACTS = _contacts("accounts", _DueHere)
BILLING_CONTACTS = _contacts("billing")
COLLECTIONS_CONTACTS = _contacts("collections", _DueInCollections)
SALES_CONTACTS = _contacts("sales")


class CompanyMoved(Subscription, source="accounts", event="company_changed"):
    """Who we are was said, and with it where."""

    country = fields.String(required=True)
    time_zone = fields.String(required=True)
    version = Whole(required=True)
