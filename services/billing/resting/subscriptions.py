"""What ends charges, or has them rest, with only the fields that are used."""

from __future__ import annotations

from marshmallow import fields

from chassis.events import Subscription
from chassis.fields import Id, Whole


class ServiceSuspended(Subscription, source="collections"):
    """An account has no service from a day on."""

    suspension_id = Id("sus", required=True)
    account_id = Id("acc", required=True)
    version = Whole(required=True)
    suspended_on = fields.Date(required=True)
    reason = fields.String(required=True)


class ServiceResumed(ServiceSuspended, source="collections"):
    """And has it again from another day on."""

    resumed_on = fields.Date(required=True)


SUSPENSION: tuple[type[Subscription], ...] = (ServiceSuspended, ServiceResumed)


class AccountClosed(Subscription, source="accounts"):
    """An account is closed."""

    account_id = Id("acc", required=True)
    version = Whole(required=True)
