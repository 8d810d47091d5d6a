"""What two subjects of a service may not both have: a name, a route, an event, the name of a schema."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from chassis.contract import Due, Endpoint
from chassis.doors.acceptance import handlers_by_versions
from chassis.ground.config import GROUP_LANES_MAX

# What the chassis sets on every service.
SET_BY_CHASSIS = frozenset(
    {"name", "version", "clock", "caller", "event", "events", "runtime", "contracts", "methods"}
)

_ONE_HANDLER = "let one handler call both use cases"


def require_own_names(service: type) -> None:
    """Refuse a service whose parts define one name twice, public or private: one hides the other."""
    first_of: dict[str, type] = {}
    for part in service.__mro__[1:-1]:
        for name in vars(part):
            if name.startswith("__") and name.endswith("__"):
                continue
            first = first_of.setdefault(name, part)
            assert first is part, (
                f"{name} is defined by {_place(first)} and by {_place(part)}, and one would hide the "
                "other: name each after its subject, or make it a function of its module"
            )
            assert name not in SET_BY_CHASSIS or part.__module__.startswith("chassis."), (
                f"{_place(part)} defines {name}, which the chassis sets: choose another name"
            )


def require_own_routes(contracts: Mapping[str, Any]) -> None:
    """Refuse two endpoints with one route: only one of them would ever be asked."""
    _require_one_each(
        (
            (name, f"{one.verb} {re.sub('{.*?}', '{}', one.path)}")
            for name, one in contracts.items()
            if isinstance(one, Endpoint)
        ),
        "give one of them a path of its own",
    )


def require_few_lanes(contracts: Mapping[str, Any]) -> None:
    """Refuse a service with more commands that take many than there are lanes for: each has a lane, and
    workers and connections of its own."""
    lanes = [
        name for name, one in contracts.items() if isinstance(one, Endpoint) and one.takes_many
    ]
    assert len(lanes) <= GROUP_LANES_MAX, (
        f"{', '.join(lanes)} take many, and {GROUP_LANES_MAX} may: choose the hottest"
    )


def require_one_handler_each(
    service: str, contracts: Mapping[str, Any], methods: Mapping[str, Any]
) -> None:
    """Refuse two handlers of one event in one version where a third of their subject takes another
    version: which of the two that one belongs to could not be told. And two of one due time."""
    _require_one_each(
        ((name, one.due.name) for name, one in contracts.items() if isinstance(one, Due)),
        _ONE_HANDLER,
    )
    for versions in handlers_by_versions(service, contracts, methods):
        _require_one_each(
            (
                (name, f"{one.source}.{one.name}.v{one.event_version}")
                for name in versions
                for one in contracts[name].subscriptions
            ),
            "let one handler call both use cases, or both take all versions",
        )


class SchemaNames:
    """The names of the schemas in one document; each stands for one class."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._named: dict[str, type] = {}

    def __call__(self, schema: Any) -> str:
        """The name of a schema's class or of one of its objects."""
        cls = schema if isinstance(schema, type) else type(schema)
        first = self._named.setdefault(cls.__name__, cls)
        assert first is cls, (
            f"two schemas are called {cls.__name__}, {_place(first)} and {_place(cls)}: name each after "
            "its subject, else the reference describes one as the other"
        )
        return f"{self._service}.{cls.__name__}"


def _require_one_each(named: Iterable[tuple[str, str]], remedy: str) -> None:
    first_of: dict[str, str] = {}
    for name, key in named:
        first = first_of.setdefault(key, name)
        assert first == name, f"{first} and {name} both have {key}: {remedy}"


def _place(cls: type) -> str:
    return f"{cls.__module__}.{cls.__qualname__}"
