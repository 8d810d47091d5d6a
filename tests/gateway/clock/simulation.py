"""Two services with clocks that do what a test of the manual clock tells them."""

from __future__ import annotations

import threading

from tests.gateway.fake_service import FakeService, Received, Refused, endpoint


class Simulation:
    """Two services with clocks: `north` has jobs at 06:00 and 08:00 that announce; `south` hears it. What
    is due somewhere is told by its instants."""

    def __init__(self, uri: str) -> None:
        self.lock = threading.Lock()
        self.north = FakeService(uri, "north", [endpoint("POST /v1/north", "announce", "north")])
        self.south = FakeService(uri, "south", [endpoint("GET /v1/south", "look", "south")])
        self.north.more = {
            "clock": "manual",
            "daily": [{"name": "count", "at": "06:00"}, {"name": "send", "at": "08:00"}],
            "subscriptions": [{"handler": "hear_back", "source": "south", "event": "#"}],
        }
        self.south.more = {
            "clock": "manual",
            "daily": [{"name": "sweep", "at": "08:00"}],
            "due_times": [{"name": "look_due", "handler": "look_again"}],
            "subscriptions": [{"handler": "hear", "source": "north", "event": "sent"}],
        }
        self.begin_anew()

    def begin_anew(self) -> None:
        """No clock was ever set, nothing has happened, and everything works."""
        self.history: list[str] = []
        self.clocks: dict[str, str | None] = {"north": None, "south": None}
        self.events: dict[str, list[tuple[str, str]]] = {"north": [], "south": []}
        self.waiting: list[str] = []
        self.broken: set[str] = set()
        self.due: dict[str, list[str]] = {"north": [], "south": []}
        self.begun: dict[str, str] = {}
        self.polls = 0
        for service in (self.north, self.south):
            service.methods |= {
                "get_clock": lambda got, name=service.name: self.get_clock(name, got),
                "set_clock": lambda got, name=service.name: self.set_clock(name, got),
                "announced_since": lambda got, name=service.name: self.announced(name, got),
                "unhandled": lambda got, name=service.name: self.unhandled(name, got),
            }
        self.north.methods["announce"] = lambda _: self.announce("north", "sent") or {}

    def get_clock(self, name: str, got: Received) -> dict[str, object]:
        return {**self.announced(name, got), "now": self.clocks[name]}

    def set_clock(self, name: str, got: Received) -> dict[str, object]:
        with self.lock:
            now, begun = got.kwargs["now"], self.begun.get(name)
            if begun and now < begun:
                raise Refused(409, "clock_goes_back", "It is later already.")
            self.begun[name] = got.kwargs.get("since", now)
            if self.due[name] and self.due[name][0] <= now:
                return self.perform(name, got)
            self.clocks[name] = now
            self.history.append(f"{now[:16]} {name} {' '.join(got.kwargs['jobs'])}".strip())
            failed = [job for job in got.kwargs["jobs"] if job in self.broken]
            if "send" in got.kwargs["jobs"] and not failed:
                self.announce("north", "sent")
            told = self.announced(name, got)
            then = got.kwargs.get("then", now)
            if now < then and not failed and not told["events"]:
                self.clocks[name] = now = then
                self.history.append(f"{now[:16]} {name}")
        reasons = [{"job": job, "reason": "TypeError: it broke"} for job in failed]
        return {**told, "now": now, "failed": reasons}

    def perform(self, name: str, got: Received) -> dict[str, object]:
        """One due time, which announces, and so stops the clock."""
        self.clocks[name] = now = self.due[name].pop(0)
        self.history.append(f"{now[:16]} {name} due")
        self.announce(name, "sent" if name == "north" else "heard")
        return {**self.announced(name, got), "now": now, "failed": []}

    def announce(self, name: str, event: str) -> None:
        event_id = f"evt_{name}_{len(self.events[name])}"
        self.events[name].append((event, event_id))
        if name == "north":
            self.waiting.append(event_id)

    def announced(self, name: str, got: Received) -> dict[str, object]:
        news: dict[str, list[str]] = {}
        since = got.kwargs.get("position", -1)
        for event, event_id in self.events[name][since:] if since >= 0 else []:
            news.setdefault(event, []).append(event_id)
        due = self.due[name][0] if self.due[name] else None
        position = len(self.events[name])
        return {"position": position, "is_drained": True, "events": news, "next_due": due}

    def unhandled(self, name: str, got: Received) -> dict[str, object]:
        """South handles what it hears only when it is asked for the second time."""
        with self.lock:
            counts = {}
            for handler, ids in got.kwargs["events"].items():
                waiting = [one for one in ids if one in self.waiting]
                if waiting:
                    self.polls += 1
                    if self.polls % 2 == 0:
                        self.waiting = [one for one in self.waiting if one not in waiting]
                        self.history.append(f"{self.clocks[name][:16]} {name} {handler}")  # type: ignore[index]
                        self.announce("south", "heard")
                        waiting = []
                counts[handler] = len(waiting)
            return {"unhandled": counts, **self.announced(name, got)}
