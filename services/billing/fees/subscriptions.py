"""What collections tells of fees, with only the fields that are used."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.events import Subscription
from chassis.fields import Currency, Id, Minor, Whole
from services.billing.fees.rules import Told
from services.billing.items.rules import COSTS


class _Fee(Subscription):
    """A fee as a whole; `told_on` is the day from which it is so."""

    account_id = Id("acc", required=True)
    fee_id = Id("fee", required=True)
    version = Whole(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(sorted(COSTS)))
    currency = Currency(required=True)
    amount = Minor(required=True, least=1)
    notice_id = Id("dnt", required=True)
    item_ids = fields.List(Id("itm"), required=True)
    basis = fields.String(required=True)


class FeeAssessed(_Fee, source="collections"):
    told = fields.Constant(Told.ASSESSED)
    told_on = fields.Date(required=True, data_key="assessed_on")


class FeeWaived(_Fee, source="collections"):
    told = fields.Constant(Told.WAIVED)
    told_on = fields.Date(required=True, data_key="waived_on")
    reason = fields.String(required=True)


class FeeReinstated(_Fee, source="collections"):
    told = fields.Constant(Told.REINSTATED)
    told_on = fields.Date(required=True, data_key="reinstated_on")


FEE: tuple[type[Subscription], ...] = (FeeAssessed, FeeWaived, FeeReinstated)
