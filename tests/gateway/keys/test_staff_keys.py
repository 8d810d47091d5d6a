"""API keys that act for a member of staff: what is done with one is done by that person."""

from __future__ import annotations

import httpx
import pytest

from kernel.callers import Caller
from kernel.ids import new_id
from tests.gateway.fake_service import FakeService
from tests.gateway.running_gateway import RunningGateway

pytestmark = pytest.mark.server


def test_a_key_of_a_member_of_staff_is_known_to_services_by_that(
    client: httpx.Client, gateway: RunningGateway, things: FakeService
) -> None:
    staff_id = new_id("stf")
    wanted = {"name": "shop", "scopes": ["things:read"], "staff_id": staff_id}
    made = client.post("/v1/api-keys", json=wanted).json()
    assert made["staff_id"] == staff_id
    with gateway.client(made["key"]) as of_staff:
        assert of_staff.get("/v1/things").status_code == 200
        me = of_staff.get("/v1/me").json()
    assert (me["key_id"], me["subject"]) == (made["key_id"], staff_id)
    caller = things.received[-1].vouched.caller
    assert caller == Caller(staff_id, frozenset({"things:read"}), staff_id=staff_id)
    with gateway.client(gateway.make_key("things:read", "--staff-id", staff_id)) as by_command:
        assert by_command.get("/v1/things").status_code == 200
    assert things.received[-1].vouched.caller == caller
