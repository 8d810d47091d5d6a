"""How things are now: read from their owner, and compared with the copy that somebody keeps of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, Select, Text, cast, func, literal, tuple_
from sqlalchemy.dialects.postgresql import BIT
from sqlalchemy.orm import Session

from chassis.contract import Consumer, Introduction
from chassis.events import Event, is_introduction
from kernel.refusals import NotFound

RANGE_ROWS = 1000
RANGES_MAX = 20

Range = Mapping[str, Any]


class Told:
    """One kind of things that a service tells of."""

    def __init__(self, service: Any, event: str) -> None:
        method = introductions_of(service).get(event)
        if method is None:
            raise NotFound("introduction_unknown", f"{service.name} does not tell of {event}.")
        self.event: type[Event] = service.contracts[method].event
        self._statement: Select[Any] = service.methods[method](service)
        entity = self._statement.column_descriptions[0]["entity"]
        self._columns = [getattr(entity, name) for name in self.event.key]

    def key_of(self, thing: Any) -> list[Any]:
        """What tells it from another."""
        return [getattr(thing, name) for name in self.event.key]

    def page(self, session: Session, *, after: Any, last: Any, limit: int) -> Sequence[Any]:
        """The next things after a key, up to `last`, in the order of their keys."""
        statement = _between(self._statement, self._columns, after, last)
        return session.scalars(statement.order_by(*self._columns).limit(limit)).all()

    def sum_up(self, things: Sequence[Any]) -> dict[str, Any]:
        """How many they are, and their sum: of the first 8 bytes of each one's MD5, as SQL can do it."""
        names = (*self.event.key, *self.event.compared)
        total = sum(
            int.from_bytes(
                _digest([getattr(thing, name) for name in names])[:8], "big", signed=True
            )
            for thing in things
        )
        return {"count": len(things), "sum": str(total)}


def sum_ranges(session: Session, told: Told, *, after: Any) -> dict[str, Any]:
    """The things after a key in ranges of their keys, each with its sum; the last is open to the end.
    `next_after` is where to go on, None at the end."""
    ranges: list[Range] = []
    at = after
    while len(ranges) < RANGES_MAX:
        things = told.page(session, after=at, last=None, limit=RANGE_ROWS)
        is_end = len(things) < RANGE_ROWS
        last = None if is_end else told.key_of(things[-1])
        ranges.append({"first": at, "last": last, **told.sum_up(things)})
        at = last
        if is_end:
            break
    by = {"key": [*told.event.key], "compared": [*told.event.compared]}
    return {**by, "ranges": ranges, "next_after": at}


def is_alike(
    session: Session,
    copy: Select[Any],
    *,
    key: Sequence[str],
    compared: Sequence[str],
    wanted: Range,
) -> bool:
    """Whether a copy has, within a range, what its owner has."""
    model = copy.column_descriptions[0]["entity"]
    columns = [getattr(model, name) for name in key]
    parts = [cast(getattr(model, name), Text) for name in (*key, *compared)]
    digest = func.substr(func.md5(func.concat_ws("|", *parts)), 1, 16)
    number = cast(cast(literal("x").concat(digest), BIT(64)), BigInteger)
    summed: Any = copy.with_only_columns(func.count(), func.coalesce(func.sum(number), 0))
    found = _between(summed, columns, wanted["first"], wanted["last"])
    count, total = session.execute(found).one()
    return (count, str(total)) == (wanted["count"], wanted["sum"])


def introductions_of(service: Any) -> dict[str, str]:
    """The methods by which a service tells of things, by event."""
    return {
        contract.event.name: name
        for name, contract in service.contracts.items()
        if isinstance(contract, Introduction)
    }


def copies_of(service: Any) -> dict[tuple[str, str], list[Any]]:
    """The copies that a service keeps, by source and the event by which they are compared: selects of
    their rows. The chassis may keep one beside the service's own."""
    found: dict[tuple[str, str], list[Any]] = {}
    for contract in service.contracts.values():
        if isinstance(contract, Consumer) and contract.keeps is not None:
            for name in sorted(filter(is_introduction, contract.names)):
                found.setdefault((contract.source, name), []).append(contract.keeps)
    return found


def _between(statement: Select[Any], columns: Sequence[Any], after: Any, last: Any) -> Select[Any]:
    if after is not None:
        statement = statement.where(tuple_(*columns) > tuple(after))
    if last is not None:
        statement = statement.where(tuple_(*columns) <= tuple(last))
    return statement


def _digest(values: Sequence[Any]) -> bytes:
    written = [str(one).lower() if isinstance(one, bool) else str(one) for one in values]
    return hashlib.md5("|".join(written).encode(), usedforsecurity=False).digest()
