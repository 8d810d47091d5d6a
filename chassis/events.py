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

    name: ClassVar[str]
    event_version: ClassVar[int] = 1
    example: ClassVar[dict[str, Any]]

    account_id = Id("acc", required=True)

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls.name = _event_name(cls)
        assert cls.__doc__, f"{cls.__name__}: its docstring is the text in the catalogue"


class Subscription(Schema):
    """What a listener needs of another's event: the class has the event's name and only the fields
    that are used; all others are ignored, so that the announcer may add some. With `every`, it stands
    for all events of the source and has no fields: the handler reads `self.event`."""

    name: ClassVar[str]
    source: ClassVar[str]
    event_version: ClassVar[int] = 1

    class Meta:
        unknown = marshmallow.EXCLUDE

    def __init_subclass__(cls, *, source: str = "", every: bool = False, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls.name = EVERY if every else _event_name(cls)
        if source:
            cls.source = source
