"""What is expired goes, what is not stays."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from chassis.store.housekeeping import clean_up
from tests.chassis.conftest import Probe

pytestmark = pytest.mark.server


def test_only_expired_rows_are_deleted(probe: Probe) -> None:
    with probe.engine.begin() as connection:
        for days in (1, 29, 31, 89, 91):
            connection.execute(
                text(
                    "INSERT INTO answers (caller, command_id, request_hash, answer, answered_at)"
                    " VALUES ('old', :id, '', 'null', now() - make_interval(days => :days))"
                ),
                {"id": str(days), "days": days},
            )
            connection.execute(
                text(
                    "INSERT INTO inbox (event_id, handler, handled_at)"
                    " VALUES (:id, 'old', now() - make_interval(days => :days))"
                ),
                {"id": f"evt_{days}", "days": days},
            )
    assert clean_up(probe.engine) == {
        "answers": 3,
        "outbox": 0,
        "inbox": 1,
        "introduction": 0,
        "file": 0,
    }
    assert clean_up(probe.engine) == {
        "answers": 0,
        "outbox": 0,
        "inbox": 0,
        "introduction": 0,
        "file": 0,
    }
    assert probe.count("SELECT count(*) FROM inbox WHERE handler = 'old'") == 4
