"""What a running process says of itself."""

from __future__ import annotations

import httpx
import pytest

from kernel.callers import INTERNAL, Caller
from tests.chassis.conftest import Client, Probe

pytestmark = pytest.mark.server


def test_a_process_says_which_version_it_is(probe: Probe, client: Client) -> None:
    page = httpx.get(f"http://127.0.0.1:{probe.ports[-1]}/health/live")
    assert page.json() == {"alive": True, "version": "unreleased"}
    client.caller = Caller("gateway", frozenset({INTERNAL}))
    described = client.result("describe")
    assert described["version"] == "unreleased"


def test_a_contract_says_which_events_are_for_others_alone(client: Client) -> None:
    client.caller = Caller("gateway", frozenset({INTERNAL}))
    described = client.result("describe")
    assert {"note_lost", "note_shown", "note_taken"} <= {*described["events"]}
    assert described["events_public_only"] == ["note_shown"]
