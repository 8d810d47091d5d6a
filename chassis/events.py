"""Events: what a service announces, and what another declares of it to listen.

On the wire an event is a CloudEvents 1.0 message in JSON. The class name is the event's name
(`InvoiceIssued` is `invoice_issued`); a changed meaning is a new class with `event_version = 2`.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar, cast

import marshmallow
from marshmallow import fields

from chassis.fields import Currency, Day, Id, Instant, Schema, Total, Whole

EVERY = "#"

# Accounts' events that carry the whole account. Who keeps a copy of accounts hears all of them: the
# version of one that missed any would stay behind.
ACCOUNT_EVENTS = (
    "account_opened",
    "account_edited",
    "account_onboarding",
    "account_activated",
    "account_held",
    "account_released",
    "account_closing",
    "account_closing_refused",
    "account_closing_withdrawn",
    "account_closed",
    "terms_changed",
    "credit_limit_changed",
    "owner_changed",
    "addresses_changed",
    "parent_changed",
    "account_introduced",
)


def is_introduction(name: str) -> bool:
    """Whether an event of this name says how a thing is, to one listener, and not what happened."""
    return name.endswith("_introduced")


def _event_name(cls: type) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


class Event(Schema):
    """What a service announces, about one thing: an account, a product, a member of staff. `about` names
    the field with its id, and within a source its events are numbered. `says` is the event in words, such
    as "Invoice {number} issued, {total}.", which travels with it; `{limit:no limit}` says what stands
    there for null. `example` is shown to subscribers and loaded by the tests of those who listen.

    One called `…_introduced` says how a thing is, for a listener that does not know it: it is never
    announced, but read by `introduces`. Its `key` names the fields that tell one thing from another, and
    `compared` those by which a copy is found right or wrong."""

    name: ClassVar[Any]  # text; a field of the same name is declared apart by marshmallow
    event_version: ClassVar[int] = 1
    is_public_only: ClassVar[bool] = False  # no service of ours listens; others may
    sight: ClassVar[str] = ""  # of what it says who sees what; chassis.doors.sight keeps it
    about: ClassVar[Any]  # text, as is the name
    says: ClassVar[str]
    example: ClassVar[dict[str, Any]]
    key: ClassVar[tuple[str, ...]] = ()
    compared: ClassVar[tuple[str, ...]] = ("version",)

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls.name = _event_name(cls)
        assert bool(cls.key) == is_introduction(cls.name), f"{cls.__name__}: see `introduces`"
        assert cls.__doc__, f"{cls.__name__}: its docstring is the text in the catalogue"


class AccountEvent(Event):
    """What a service announces about an account."""

    about: ClassVar[Any] = "account_id"

    account_id = Id("acc", required=True)


class SettledContact(AccountEvent):
    """The general form of `contact_settled`: why an account was to be contacted is over."""

    reason = fields.String(
        required=True,
        metadata={"description": "The kind of reason, a word of the announcer's."},
    )
    about = fields.String(
        required=True,
        metadata={
            "description": "What it is about: an id, a currency. An account has one reason of a kind "
            "about a thing at a time."
        },
    )
    version = Whole(
        required=True,
        metadata={
            "description": "Counts what is told of the account's reason of this kind about this thing; "
            "the highest is the truth."
        },
    )
    currency = Currency(
        required=True,
        allow_none=True,
        metadata={"description": "Of the amount; null without money."},
    )

    says = "No need to be contacted any more."
    sample: ClassVar[dict[str, Any]] = {
        "account_id": "acc_01jd3v4q6ye8z9t5k2m7n0p1xw",
        "reason": "bounced",
        "about": "pay_01jd3v4q6ye8z9t5k2m7n0p1xc",
        "version": 2,
        "currency": "EUR",
    }


class DueContact(SettledContact):
    """The general form of `contact_due`: whom to contact and why, for the owner's worklist. Any service
    announces any reason by a class `ContactDue(DueContact)` with its own `example`, and takes it back by
    `ContactSettled(SettledContact)`. What changes is told again with a higher version. With another day
    in `since` it is a new reason, which comes back although the last one was dealt with."""

    since = Day(required=True, metadata={"description": "Since when there is reason."})
    amount = Total(
        required=True, allow_none=True, metadata={"description": "What it is about, if money."}
    )
    sentence = fields.String(required=True, metadata={"description": "Why now, for whoever calls."})
    roles = fields.List(
        fields.String(),
        required=True,
        metadata={
            "description": "Whom to speak to, by the roles of contacts, the best first; empty: who pays."
        },
    )
    channel = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "phone, email or post where it must be that; null: as they like."},
    )
    earliest = Instant(
        required=True, allow_none=True, metadata={"description": "Not before; null: at once."}
    )

    says = "To be contacted: {sentence}"
    sample: ClassVar[dict[str, Any]] = {
        **SettledContact.sample,
        "version": 1,
        "since": "2026-04-04",
        "amount": 11900,
        "sentence": "The direct debit of 119.00 EUR came back: account closed.",
        "roles": ["payer"],
        "channel": "phone",
        "earliest": None,
    }


class _SubscriptionMeta(marshmallow.schema.SchemaMeta):
    """Lets a subscription say whom it listens to where its class begins."""

    def __new__(
        mcs, name: str, bases: tuple[type, ...], members: dict[str, Any], **options: Any
    ) -> Any:
        cls: Any = super().__new__(mcs, name, bases, members)
        if options:
            cls.source = options["source"]
            cls.name = EVERY if options.get("every") else options.get("event", _event_name(cls))
        return cls

    def __init__(
        cls, name: str, bases: tuple[type, ...], members: dict[str, Any], **_: Any
    ) -> None:
        super().__init__(name, bases, members)


class Subscription(Schema, metaclass=_SubscriptionMeta):
    """What a listener needs of another's event: `class InvoiceIssued(Subscription, source="billing")` has
    the event's name and only the fields that are used; all others are ignored, so that the announcer may
    add some. Where two sources have an event of one name, `event="…"` says it, and the class has another.
    With `every=True` it stands for all events of the source and has no fields."""

    name: ClassVar[Any]  # text; a field of the same name is declared apart by marshmallow
    source: ClassVar[str]
    event_version: ClassVar[int] = 1

    class Meta:
        unknown = marshmallow.EXCLUDE

    @classmethod
    def to(cls, source: str, *names: str) -> tuple[type[Subscription], ...]:
        """A family: the same fields of several events of one source."""
        members = {"__doc__": cls.__doc__}
        return tuple(
            cast(
                "type[Subscription]",
                _SubscriptionMeta(name, (cls,), members, source=source, event=name),
            )
            for name in names
        )

    @classmethod
    def is_about(cls, name: str) -> bool:
        """Whether it is for the source's event of this name, in whatever version."""
        return cls.name in (EVERY, name)

    @classmethod
    def takes(cls, name: str, event_version: int) -> bool:
        """Whether it is for the source's event of this name in this version."""
        return cls.name == EVERY or (cls.name, cls.event_version) == (name, event_version)
