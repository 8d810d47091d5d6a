"""A broker without a management API: one user for all, which is for development alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from dev.servers import Servers
from kernel.ids import new_id
from tests.chassis.conftest import Client, Probe

pytestmark = pytest.mark.server


def test_with_one_user_for_all_everything_works_though_nobody_is_told_from_another(
    servers: Servers, migrated_probe: None, tmp_path: Path
) -> None:
    with Probe(servers, tmp_path, "system") as probe:
        probe.environment |= {"AMQP_URI": probe.admin_uri, "STEWARD_BROKER_USERS": "shared"}
        probe.start()
        probe.wait_ready()
        client = Client(probe.admin_uri, answers_from="steward_admin")
        account = new_id("acc")
        client.result("take_note", account_id=account, text="twice-fail")
        heard = "SELECT count(*) FROM heard WHERE account_id = :a"
        probe.wait_until(lambda: probe.count(heard, a=account) == 1)
        client.connection.close()
