"""Telling a listener of all things that a service has, which the running service does."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, create_engine

from chassis.doors.introductions import introductions_of
from chassis.store import introductions

LOOK_SECONDS = 0.2


def introduce(service: Any, database_url: str, listener: str) -> Sequence[Row[Any]]:
    """Ask for it, or join what is under way, and wait until it is done. For each kind of things: `event`,
    the `count` of those told, and the `problem` where that was not all."""
    engine = create_engine(database_url)
    try:
        with engine.begin() as connection:
            for event in sorted(introductions_of(service)):
                introductions.ask(connection, listener=listener, event=event)
        while True:
            with engine.connect() as connection:
                state = introductions.read_state(connection, listener)
            if all(row.is_ended for row in state):
                return state
            time.sleep(LOOK_SECONDS)
    finally:
        engine.dispose()
