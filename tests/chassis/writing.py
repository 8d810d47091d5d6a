"""Somebody who has notes written, many at once; and what is to be seen of it in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chassis.ground.config import GROUPS_AT_ONCE
from kernel.ids import new_id

if TYPE_CHECKING:
    from tests.chassis.conftest import Client

NOTES = "SELECT count(*) FROM note WHERE account_id = :a"
EVENTS = "SELECT count(*) FROM outbox WHERE subject = :a AND name = 'note_edited'"
TRANSACTIONS = "SELECT count(DISTINCT xmin::text) FROM note WHERE account_id = :a"
IN_HAND = """SELECT pid FROM pg_stat_activity WHERE datname = current_database()
    AND state = 'idle in transaction' AND query LIKE 'INSERT INTO note%'"""
"""Sessions that have written notes and have not committed."""


class Account:
    """An account for which notes are written."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.account_id = new_id("acc")

    def send(self, text: str = "a", *, seconds: float = 30, **facts: object) -> str:
        """Command that a new note be written."""
        values = {"account_id": self.account_id, "note_id": new_id("note"), "text": text}
        return self.client.send("write_note", values, seconds=seconds, **facts)

    def hold_up(self, seconds: float = 0.5) -> list[str]:
        """What comes after these waits together."""
        return [self.send(f"sleep {seconds}") for _ in range(GROUPS_AT_ONCE)]

    def problem(self, key: str) -> dict:
        """Why it was not done."""
        problem: dict = self.client.reply(key)["error"]["problem"]
        return problem

    def done(self, keys: list[str], seconds: float = 60) -> list[dict]:
        """What all of them were answered; none is refused."""
        answers = [self.client.reply(key, seconds) for key in keys]
        assert [answer["error"] for answer in answers] == [None] * len(keys)
        return [answer["result"] for answer in answers]
