"""Naming another account's things: refused, whoever asks, and nothing is left of it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, inspect, text

from chassis.wire.calls import Caller
from kernel.refusals import Refusal
from tests.services.client import Client

NOT_ITS_OWN = {"answers", "inbox"}  # what the chassis notes of every request and event


def state_of(bind: Any) -> dict[str, str]:
    """A digest of each of the service's tables."""
    assert isinstance(bind, Connection)
    digest = "SELECT md5(string_agg(one::text, ',' ORDER BY one::text)) FROM \"{table}\" AS one"
    return {
        table: bind.execute(text(digest.format(table=table))).scalar_one()
        for table in inspect(bind).get_table_names()
        if table not in NOT_ITS_OWN
    }


def limited_to(client: Client, account_id: str) -> Caller:
    """Somebody who may do all that the client's caller may, for one account."""
    return Caller("limited", client.caller.scopes, frozenset({account_id}))


def require_refused(
    client: Client, endpoint: str, values: dict[str, Any], *, caller: Caller
) -> Refusal:
    """The refusal of what names another's thing; nothing has changed."""
    before = state_of(client.bind)
    with pytest.raises(Refusal) as refused:
        client.call(endpoint, caller=caller, **values)
    assert state_of(client.bind) == before
    assert refused.value.status in (404, 409, 422)
    return refused.value
