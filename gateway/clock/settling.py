"""Settling: waiting until every event is published and every handler of it is done, at one moment."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from gateway.problems import Problem
from gateway.rpc.internal import InternalCalls

SETTLE_SECONDS_MAX = 120.0
CALL_SECONDS_MAX = 30.0
POLL_SECONDS = (0.005, 0.05)  # at first, at most
EVERY_EVENT = "#"

Events = dict[tuple[str, str], list[str]]  # by source and name: ids
Lists = dict[str, dict[str, list[str]]]  # by service and handler: ids


class Settling:
    """Follows the events of all services from where they were known to be settled."""

    def __init__(
        self,
        internal: InternalCalls,
        services: dict[str, dict[str, Any]],
        positions: dict[str, int],
    ) -> None:
        self._internal = internal
        self._services = services
        self.positions = {name: positions.get(name, 0) for name in services}
        self.due: dict[str, datetime] = {}
        """When something is due next, of each service that has something to come."""

    async def settle(self, answers: Mapping[str, Any]) -> None:
        """Return when nothing more happens. Problem 503 after `SETTLE_SECONDS_MAX`, naming what is
        still open.

        `answers` are those of the call that may have begun something (`get_clock`, `set_clock`): they
        say what was announced, so that a moment at which nothing happens costs no call more. After that
        only those are asked that have something to handle or to publish: nobody else can announce."""
        open_lists: Lists = {}
        try:
            async with asyncio.timeout(SETTLE_SECONDS_MAX):
                wait = POLL_SECONDS[0]
                while True:
                    undrained, events = self._note(answers)
                    open_lists |= self._handlers_of(events)
                    if not undrained and not open_lists:
                        return
                    if open_lists:
                        undrained -= open_lists.keys()
                        told = await self._wait_for_handlers(open_lists)
                        wait = POLL_SECONDS[0]
                    else:
                        told = {}
                        await asyncio.sleep(wait)
                        wait = min(wait * 2, POLL_SECONDS[1])
                    answers = {**told, **await self._ask_news(undrained)}
        except TimeoutError as error:
            what = "; ".join(
                f"{service} with {len(ids)} events for {handler}"
                for service, handlers in open_lists.items()
                for handler, ids in handlers.items()
            )
            raise Problem.unavailable(
                f"Not settled within {SETTLE_SECONDS_MAX:.0f} s: "
                f"{what or 'the publishing of events'}.",
                "not_settled",
            ) from error

    async def _ask_news(self, names: Collection[str]) -> dict[str, Any]:
        answers = await self._ask_all(
            ("announced_since", name, {"position": self.positions[name]}) for name in names
        )
        return dict(zip(names, answers, strict=True))

    def _note(self, answers: Mapping[str, Any]) -> tuple[set[str], Events]:
        """Who still has something to publish, and what was published since it was last asked."""
        events: Events = {}
        for name, answer in answers.items():
            self.positions[name] = answer["position"]
            self._note_due(name, answer.get("next_due"))
            events |= {(name, event): ids for event, ids in answer["events"].items() if ids}
        return {name for name, answer in answers.items() if not answer["is_drained"]}, events

    def _note_due(self, name: str, at: str | None) -> None:
        if at is None:
            self.due.pop(name, None)
        else:
            self.due[name] = datetime.fromisoformat(at)

    def _handlers_of(self, events: Events) -> Lists:
        lists: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for service, document in self._services.items():
            for subscription in document["subscriptions"]:
                for (source, event), ids in events.items():
                    is_heard = subscription["event"] in {event, EVERY_EVENT}
                    if subscription["source"] == source and is_heard:
                        lists[service][subscription["handler"]].extend(ids)
        return {service: dict(handlers) for service, handlers in lists.items()}

    async def _wait_for_handlers(self, open_lists: Lists) -> dict[str, Any]:
        """Wait until all of the lists are empty; what was announced meanwhile by those who had one."""
        told: dict[str, Any] = {}
        wait = POLL_SECONDS[0]
        while True:
            names = list(open_lists)
            answers = await self._ask_all(
                ("unhandled", name, {"events": open_lists[name], "position": self.positions[name]})
                for name in names
            )
            for name, answer in zip(names, answers, strict=True):
                counts = answer["unhandled"]
                still = {h: ids for h, ids in open_lists[name].items() if counts.get(h, 0)}
                if still:
                    open_lists[name] = still
                else:
                    del open_lists[name]
                    told[name] = answer
            if not open_lists:
                return told
            await asyncio.sleep(wait)
            wait = min(wait * 2, POLL_SECONDS[1])

    async def _ask_all(self, questions: Iterable[tuple[str, str, dict[str, Any]]]) -> list[Any]:
        return await asyncio.gather(
            *(
                self._internal.call(service, method, seconds_max=CALL_SECONDS_MAX, **kwargs)
                for method, service, kwargs in questions
            )
        )
