"""What others answer to remedies, with only the fields that are needed."""

from __future__ import annotations

from marshmallow import fields

from chassis.events import Subscription
from chassis.fields import Id


class RemedyCredited(Subscription, source="billing", event="credit_note_issued"):
    """A credit note may carry out a remedy, of the account that it is for, whoever pays."""

    account_id = Id("acc", required=True)
    for_account_id = Id("acc", load_default=None, allow_none=True)
    remedy_id = Id("rem", load_default=None, allow_none=True)
    carried_out_by = Id("crn", required=True, data_key="credit_note_id")


class ReturnAuthorised(Subscription, source="sales"):
    """Goods may come back, perhaps by a remedy."""

    account_id = Id("acc", required=True)
    remedy_id = Id("rem", required=True, allow_none=True)
    carried_out_by = Id("ret", required=True, data_key="return_id")


class ReplacementOrdered(Subscription, source="sales"):
    """Goods are sent in place of others."""

    account_id = Id("acc", required=True)
    remedy_id = Id("rem", required=True)
    carried_out_by = Id("ord", required=True, data_key="order_id")


class _RemedyRefused(Subscription):
    account_id = Id("acc", required=True)
    remedy_id = Id("rem", required=True)
    code = fields.String(required=True)
    reason = fields.String(required=True)


class BillingRefusedRemedy(_RemedyRefused, source="billing", event="remedy_refused"):
    """What was granted cannot be credited."""


class SalesRefusedRemedy(_RemedyRefused, source="sales", event="remedy_refused"):
    """What was granted cannot be taken back or replaced."""
