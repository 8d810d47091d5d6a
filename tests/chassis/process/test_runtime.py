"""What a running process says of itself."""

from __future__ import annotations

import httpx
import pytest

from tests.chassis.conftest import Client, Probe, sign

pytestmark = pytest.mark.server


def test_a_process_says_which_version_it_is(probe: Probe, client: Client) -> None:
    page = httpx.get(f"http://127.0.0.1:{probe.ports[-1]}/health/live")
    assert page.json() == {"alive": True, "version": "unreleased"}
    headers = {"nameko.caller": sign(scopes=["internal"])}
    described = client.reply(client.send("describe", headers=headers))["result"]
    assert described["version"] == "unreleased"
