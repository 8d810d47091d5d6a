"""Which handlers take an event: each for itself, but for the versions of one another."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from chassis.contract import consumes
from chassis.doors.acceptance import Why, find_takers, find_unheard, inbox_names
from chassis.events import Subscription
from chassis.wire.envelopes import Envelope


class First(Subscription, source="tower", event="rung"):
    """The bell."""


class Second(Subscription, source="tower", event="rung"):
    """The bell, told otherwise."""

    event_version = 2


class Everything(Subscription, source="tower", every=True):
    """Whatever the tower tells."""


def service_of(**subjects: dict[str, tuple[type[Subscription], ...]]) -> Any:
    """A service with subjects, each with its handlers."""
    methods = {}
    for subject, handlers in subjects.items():
        for name, heard in handlers.items():

            def hear(self: Any, session: Any) -> None:
                """Hear it."""

            hear.__qualname__ = f"{subject}.{name}"
            methods[name] = consumes(*heard)(hear)
    contracts = {name: method.contract for name, method in methods.items()}  # type: ignore[attr-defined]
    names = inbox_names("desk", contracts, methods)
    return SimpleNamespace(contracts=contracts, methods=methods, inbox_names=names)


def rung(version: int, name: str = "rung") -> Envelope:
    moment = datetime(2026, 3, 2, tzinfo=UTC)
    return Envelope("evt_1", "tower", name, version, "bell_1", 1, moment, {})


ONE_EACH = service_of(Clocks={"strike": (First,)}, Bells={"swing": (First,)})
PAIRED = service_of(
    Clocks={"strike": (First,), "strike_anew": (Second,)}, Bells={"swing": (First,)}
)
NEWER = service_of(Clocks={"strike": (First, Second)}, Bells={"swing": (Second,)})
HEARING_ALL = service_of(Clocks={"strike": (First,)}, Ears={"listen": (Everything,)})


@pytest.mark.parametrize(
    ("service", "event", "takers", "unheard"),
    [
        (ONE_EACH, rung(1), ["strike", "swing"], None),
        (ONE_EACH, rung(2), [], Why.VERSION_UNKNOWN),
        (ONE_EACH, rung(1, "cracked"), [], Why.EVENT_UNKNOWN),
        (PAIRED, rung(1), ["strike", "swing"], None),
        (PAIRED, rung(2), ["strike_anew"], Why.VERSION_UNKNOWN),
        (NEWER, rung(1), ["strike"], Why.VERSION_UNKNOWN),
        (NEWER, rung(2), ["strike", "swing"], None),
        (HEARING_ALL, rung(1), ["strike", "listen"], None),
        (HEARING_ALL, rung(2), ["listen"], Why.VERSION_UNKNOWN),
        (HEARING_ALL, rung(1, "cracked"), ["listen"], None),
    ],
)
def test_what_somebody_knows_and_nobody_takes_for_them_is_unheard(
    service: Any, event: Envelope, takers: list[str], unheard: Why | None
) -> None:
    names = list(service.contracts)
    assert find_takers(service.contracts, names, event) == takers
    found = find_unheard(service, names, event)
    assert (found and found.why) == unheard


def test_only_versions_of_one_another_share_what_they_have_done() -> None:
    assert ONE_EACH.inbox_names == {"strike": "strike", "swing": "swing"}
    assert PAIRED.inbox_names == {"strike": "strike", "strike_anew": "strike", "swing": "swing"}
