"""Events: what a service announces, and what another declares of it to listen.

On the wire an event is a CloudEvents 1.0 message in JSON. The class name is the event's name
(`InvoiceIssued` is `invoice_issued`); a changed meaning is a new class with `event_version = 2`.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

import marshmallow

from chassis.fields import Id, Schema

EVERY = "#"


def _event_name(cls: type) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


class Event(Schema):
    """What a service announces. Every event belongs to an account; `example` is shown to subscribers
    and loaded by the tests of those who listen."""

    name: ClassVar[Any]  # text; a field of the same name is declared apart by marshmallow
    event_version: ClassVar[int] = 1
    is_public_only: ClassVar[bool] = False  # no service of ours listens; others may
    example: ClassVar[dict[str, Any]]

    account_id = Id("acc", required=True)

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls.name = _event_name(cls)
        assert cls.__doc__, f"{cls.__name__}: its docstring is the text in the catalogue"


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
    With `every=True` it stands for all events of the source and has no fields: the handler is called once
    for all that are handled together, and reads `self.events`."""

    name: ClassVar[Any]  # text; a field of the same name is declared apart by marshmallow
    source: ClassVar[str]
    event_version: ClassVar[int] = 1

    class Meta:
        unknown = marshmallow.EXCLUDE

    @classmethod
    def is_about(cls, name: str) -> bool:
        """Whether it is for the source's event of this name, in whatever version."""
        return cls.name in (EVERY, name)

    @classmethod
    def takes(cls, name: str, event_version: int) -> bool:
        """Whether it is for the source's event of this name in this version."""
        return cls.name == EVERY or (cls.name, cls.event_version) == (name, event_version)
