"""Who may enter which database."""

from __future__ import annotations

from urllib.parse import urlsplit

import psycopg
import pytest

from dev.servers import Servers
from ops import instances

pytestmark = pytest.mark.server

DATABASES = [*instances.OWNERS, "postgres", "template1"]


@pytest.mark.parametrize("user", instances.OWNERS)
@pytest.mark.parametrize("database", DATABASES)
def test_a_user_enters_its_own_database_and_no_other(
    servers: Servers, user: str, database: str
) -> None:
    name = (
        instances.name_database(servers.instance, database)
        if database in instances.OWNERS
        else database
    )
    url = urlsplit(servers.database_url(user))._replace(path=f"/{name}").geturl()
    if database == user:
        psycopg.connect(url).close()
    else:
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            psycopg.connect(url)
