"""Worlds: the same commands twice in one database, each time with ids of their own."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from chassis.doors.groups import Answer, Outcome, Performed, perform_group
from chassis.store.sight import keep_owners, keep_staff
from chassis.wire.calls import Call
from kernel.callers import Caller
from kernel.ids import new_id
from kernel.refusals import Refusal
from tests.chassis.probe.service import Probe

EVERYTHING = frozenset({"*"})
PEOPLE = ("manager", "other")
LEFT = [
    """SELECT note_id, account_id, text, version FROM note
    WHERE account_id = ANY(:ids) ORDER BY array_position(:ids, note_id)""",
    """SELECT caller, command_id, answer FROM answers
    WHERE caller = ANY(:ids) ORDER BY array_position(:ids, caller), array_position(:ids, command_id)""",
    """SELECT name, subject, sequence, data, request_id, trace FROM outbox
    WHERE subject = ANY(:ids) ORDER BY array_position(:ids, subject), sequence""",
]


@dataclass(frozen=True)
class Said:
    """What somebody commands, in a world whose accounts, notes and command ids have numbers."""

    account: int = 0
    note: int = 0
    text: object = "a"
    command: int | None = None
    caller: str = "system"
    if_match: int | None = None
    is_late: bool = False


@dataclass
class World:
    """Ids of its own for what is numbered, so that two worlds share one database."""

    engine: Engine
    ids: dict[str, str] = field(default_factory=dict)

    def id_of(self, kind: str, number: object) -> str:
        """The id that a number stands for here."""
        return self.ids.setdefault(f"{kind} {number}", new_id(kind))

    def people(self) -> None:
        """Let one manager own the first account, and another the second; nobody knows the third."""
        staff = [self.id_of("stf", who) for who in PEOPLE]
        with Session(self.engine) as session, session.begin():
            keep_staff(
                session,
                [
                    {"staff_id": one, "reports_to_id": None, "is_active": True, "version": 1}
                    for one in staff
                ],
            )
            keep_owners(
                session,
                [
                    {"account_id": self.id_of("acc", number), "owner_id": owner, "version": 1}
                    for number, owner in enumerate(staff)
                ],
            )

    def caller(self, name: str) -> Caller:
        """Who calls: a system, a key that sees one account, two managers, or a reader."""
        subject = self.id_of("stf" if name in PEOPLE else "key", name)
        return {
            "system": Caller(subject, EVERYTHING),
            "limited": Caller(subject, EVERYTHING, frozenset({self.id_of("acc", 1)})),
            **dict.fromkeys(PEOPLE, Caller(subject, EVERYTHING, None, subject)),
            "reader": Caller(subject, frozenset({"probe:read"})),
        }[name]

    def call(self, place: int, said: Said) -> Call:
        """The call by which somebody says it."""
        values = {
            "account_id": self.id_of("acc", said.account),
            "note_id": self.id_of("note", said.note),
            "text": said.text,
        }
        return Call(
            kwargs=values,
            caller=self.caller(said.caller),
            deadline=time.time() + (-1 if said.is_late else 60),
            request_id=f"request {place}",
            command_id=self.id_of("command", place if said.command is None else -said.command),
            if_match=said.if_match,
            trace=f"trace {place}",
        )

    def perform(self, calls: Mapping[int, Call]) -> Performed:
        """Perform calls together."""
        return perform_group(self.engine, Probe(), "write_note", calls)

    def told(self, outcome: Outcome) -> object:
        """An outcome as it would be in any world."""
        if isinstance(outcome, Answer):
            return self.plain(outcome.body.decode()), outcome.is_replay
        if isinstance(outcome, Refusal):
            told = outcome.code, outcome.detail, str(outcome.errors)
            return type(outcome), *map(self.plain, told)
        return type(outcome)

    def plain(self, words: str) -> str:
        """Numbers for ids."""
        for number, identity in self.ids.items():
            words = words.replace(identity, number)
        return words

    def left(self) -> list[str]:
        """All that is in the database because of what was done."""
        ids = {"ids": [*self.ids.values()]}
        with self.engine.connect() as connection:
            rows = [row for sql in LEFT for row in connection.execute(text(sql), ids)]
        return [self.plain(str(row)) for row in rows]
