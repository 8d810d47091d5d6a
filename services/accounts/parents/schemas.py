"""What comes in and goes out about families."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.fields import Flag, Id, PageQuery, Schema, Whole
from services.accounts.accounts.rules import Status
from services.accounts.accounts.schemas import (
    CREDIT_GROUP,
    CURRENCY,
    IS_CREDIT_GROUP,
    NAME,
    NUMBER,
    PARENT,
    PAYER,
    STATUS,
)
from services.accounts.parents.rules import Payer

WHO_PAYS = {"description": "Who pays what the child owes: the child itself, or the parent."}


class SetParent(Schema):
    """To which account another belongs."""

    account_id = Id("acc", required=True)
    parent_id = Id("acc", required=True, metadata=PARENT)
    payer = fields.Enum(Payer, by_value=True, required=True, metadata=WHO_PAYS)

    example: ClassVar = {"parent_id": "acc_01jd3v4q6ye8z9t5k2m7n0p1xv", "payer": "parent"}


class SetCreditGroup(Schema):
    """For whom an account's credit limit counts."""

    account_id = Id("acc", required=True)
    is_credit_group = Flag(required=True, metadata=IS_CREDIT_GROUP)


class ChildrenQuery(PageQuery):
    """Whose children to list."""

    account_id = Id("acc", required=True)


class Member(Schema):
    """An account among those that belong together."""

    account_id = Id("acc", required=True)
    number = fields.String(required=True, metadata=NUMBER)
    name = fields.String(required=True, metadata=NAME)
    status = fields.Enum(Status, by_value=True, required=True, metadata=STATUS)
    currency = fields.String(required=True, metadata=CURRENCY)
    depth = Whole(
        required=True, metadata={"description": "How far below the top it is; 0 is the top."}
    )
    parent_id = Id("acc", required=True, allow_none=True, metadata=PARENT)
    payer = fields.Enum(Payer, by_value=True, required=True, allow_none=True, metadata=WHO_PAYS)
    payer_id = Id("acc", required=True, metadata=PAYER)
    is_credit_group = Flag(required=True, metadata=IS_CREDIT_GROUP)
    credit_group_id = Id("acc", required=True, allow_none=True, metadata=CREDIT_GROUP)


class Family(Schema):
    """Those that belong together, each after its parent."""

    items = fields.List(fields.Nested(Member), required=True)
