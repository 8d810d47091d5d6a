"""What the gateway asks so that copies are right: an owner sums its things up, range by range of their
keys; a listener says which of these its copy has otherwise; the owner tells it of those again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from chassis.contract import internal
from chassis.doors.introductions import Range, Told, copies_of, is_alike, sum_ranges
from chassis.doors.transaction import Context, run
from chassis.ground.bells import INTRODUCED
from chassis.store import introductions
from kernel.refusals import NotFound


class Births:
    """Internal methods, for the gateway alone."""

    name: str
    contracts: Mapping[str, Any]
    runtime: Any

    @internal
    def sum_up(self, *, event: str, after: list[Any] | None = None) -> dict[str, Any]:
        """The things of a kind after a key, summed up in ranges; see `sum_ranges`."""
        told = Told(self, event)
        return self._in_transaction(lambda session: sum_ranges(session, told, after=after))

    @internal
    def compare(
        self, *, source: str, event: str, key: list[str], compared: list[str], ranges: list[Range]
    ) -> list[Range]:
        """Those of an owner's ranges that this service's copy does not have as they are."""
        copies = copies_of(self).get((source, event))
        if copies is None:
            raise NotFound("copy_unknown", f"{self.name} keeps no copy by {source}.{event}.")
        return self._in_transaction(
            lambda session: [
                one
                for one in ranges
                if not all(
                    is_alike(session, copy, key=key, compared=compared, wanted=one)
                    for copy in copies
                )
            ]
        )

    @internal
    def introduce(
        self,
        *,
        listener: str,
        event: str,
        first: list[Any] | None = None,
        last: list[Any] | None = None,
    ) -> None:
        """Have a listener told of the things after `first` up to `last`."""
        Told(self, event)
        wanted: dict[str, Any] = {
            "listener": listener,
            "event": event,
            "first": first,
            "last": last,
        }
        self._in_transaction(lambda session: introductions.ask(session.connection(), **wanted))
        INTRODUCED.ring()

    def _in_transaction(self, work: Callable[[Session], Any]) -> Any:
        return run(self.runtime.engine, lambda session, _: work(session), Context())
