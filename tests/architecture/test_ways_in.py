"""No way in but the chassis' own, which are safe to repeat; and each service stands by itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chassis.service import service
from ops.instances import SERVICES

ROOT = Path(__file__).parents[2]
Look = Callable[[str], dict[str, Any]]


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_needs_only_itself_and_what_all_services_have(look_at: Look, name: str) -> None:
    contract = look_at(name)["contract"]
    assert contract["service"] == name
    assert contract["version"] == (ROOT / f"services/{name}/version.txt").read_text().strip()
    assert contract["endpoints"]


@pytest.mark.parametrize("name", SERVICES)
def test_every_public_method_is_one_chassis_entrypoint(look_at: Look, name: str) -> None:
    ways = look_at(name)["ways"]
    assert ways
    introductions = look_at(name)["introductions"]
    assert all(ways.pop(method) == [] for method in introductions), "they are no way in"
    for method, entrypoints in ways.items():
        assert entrypoints in (
            ["chassis.doors.requests.RpcEntrypoint"],
            ["chassis.doors.events.EventEntrypoint"],
            ["chassis.service.DailyEntrypoint"],
            ["chassis.service.DueEntrypoint"],
        ), method


@pytest.mark.parametrize("name", SERVICES)
def test_every_due_time_has_a_handler(look_at: Look, name: str) -> None:
    handled = [one["name"] for one in look_at(name)["contract"]["due_times"]]
    assert sorted(handled) == look_at(name)["dues"], "it would wait for ever: write its @due"


def test_a_public_method_without_a_contract_is_refused() -> None:
    class Doors:
        """A service with an open door."""

        def open_door(self) -> None:
            """No contract."""

    with pytest.raises(AssertionError, match="open_door has no chassis decorator"):
        service("doors")(Doors)


@pytest.mark.parametrize("name", SERVICES)
def test_every_endpoint_is_documented_for_a_stranger(look_at: Look, name: str) -> None:
    for path, operations in look_at(name)["contract"]["openapi"]["paths"].items():
        for operation in operations.values():
            assert len(operation["description"]) > 15, path
            assert operation["x-scope"], path


@pytest.mark.parametrize("name", SERVICES)
def test_every_example_of_an_event_is_whole_and_survives_its_schema(
    look_at: Look, name: str
) -> None:
    for event, example in look_at(name)["examples"].items():
        assert example["again"] == example["given"], event
        assert example["missing"] == [], event


@pytest.mark.parametrize("name", SERVICES)
def test_every_listener_needs_only_what_is_promised(look_at: Look, name: str) -> None:
    for handler, missing in look_at(name)["needs"].items():
        assert missing == [], handler
