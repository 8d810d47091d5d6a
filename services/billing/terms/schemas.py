"""Payment terms, coming in."""

from __future__ import annotations

from marshmallow import fields

from chassis.fields import Day, ListOf, Minor, Percent, Schema, Whole

NET_DAYS_MAX = 3650
INSTALMENTS_MAX = 120


def net_days() -> Whole:
    """The field for days from issue to the day something is due."""
    return Whole(
        load_default=None,
        least=0,
        most=NET_DAYS_MAX,
        metadata={"description": "Due so many days after issue."},
    )


class NewInstalment(Schema):
    """A part of an invoice with its own due date: a percent or an amount, net_days or due_date."""

    percent = Percent(
        load_default=None,
        metadata={"description": "Of the total; the percentages add up to 100."},
    )
    amount = Minor(
        load_default=None, least=1, metadata={"description": "The amounts add up to the total."}
    )
    net_days = net_days()
    due_date = Day(load_default=None, metadata={"description": "Due on this day."})


class Terms(Schema):
    """At most one of three ways to say what is due when; without any, the account's net days."""

    net_days = net_days()
    due_date = Day(load_default=None, metadata={"description": "All of it is due on this day."})
    instalments = ListOf(
        fields.Nested(NewInstalment),
        least=1,
        most=INSTALMENTS_MAX,
        load_default=None,
        metadata={"description": "Parts with due dates of their own; each is an open item."},
    )
