"""What comes in and goes out about authorities."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.fields import Currency, Flag, ListOf, Minor, Money, Percent, Schema, Whole
from services.accounts.staff.rules import Role

ROLE = {"description": "Whose place in the firm."}
UNLIMITED = {"description": "Whether there is no limit, in any currency."}
FREE = {"description": "Whether goodwill beyond an account's budget is theirs to grant."}
AMOUNTS = {
    "description": "The most that one remedy may come to, by currency. What comes to more, or is in "
    "another currency, goes to who is above."
}
PERCENT = {"description": "Of what an account was billed net in the last twelve months."}
MOST = {"description": "Minor units: the most that it comes to."}


class RemedyAuthorityRole(Schema):
    """Whose authority."""

    role = fields.Enum(Role, by_value=True, required=True, metadata=ROLE)


class SetRemedyAuthority(RemedyAuthorityRole):
    """How much people of a role may grant: the whole of it."""

    is_unlimited = Flag(load_default=False, metadata=UNLIMITED)
    is_free_of_budget = Flag(load_default=False, metadata=FREE)
    amounts = ListOf(Money(least=0), most=200, required=True, metadata=AMOUNTS)

    example: ClassVar = {
        "is_free_of_budget": True,
        "amounts": [{"amount": 50000, "currency": "EUR"}],
    }


class RemedyAuthority(RemedyAuthorityRole):
    """How much people of a role may grant with one remedy."""

    version = Whole(required=True)
    is_unlimited = Flag(required=True, metadata=UNLIMITED)
    is_free_of_budget = Flag(required=True, metadata=FREE)
    amounts = fields.List(Money(least=0), required=True, metadata=AMOUNTS)


class GoodwillCurrency(Schema):
    """In which currency."""

    currency = Currency(required=True)


class SetGoodwillRule(GoodwillCurrency):
    """How much goodwill accounts may be given in twelve months."""

    percent = Percent(required=True, metadata=PERCENT)
    most = Minor(least=0, required=True, metadata=MOST)


class GoodwillRule(SetGoodwillRule):
    """How much goodwill accounts may be given in twelve months."""

    version = Whole(required=True)
