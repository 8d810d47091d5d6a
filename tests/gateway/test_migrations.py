"""The gateway's migrations make what its tables say."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dev.servers import Servers
from gateway.database import differences
from tests.gateway.running_gateway import RunningGateway

pytestmark = pytest.mark.server


def test_tables_and_migrations_agree(
    servers: Servers, make_gateway: Callable[..., RunningGateway]
) -> None:
    assert make_gateway, "which migrates"
    url = servers.database_url("gateway").replace("://", "+psycopg://", 1)
    assert differences(url) == [], "write the next revision in gateway/migrations/versions"
