"""The probe's command that takes many: notes are written, many at once; and what goes wrong."""

from __future__ import annotations

import os
import signal

import eventlet
from marshmallow import fields
from sqlalchemy import insert, text

from chassis.bulk import decide_each, insert_rows, keep_newest
from chassis.contract import command
from chassis.database import fetch_all_for_change, require_version
from chassis.fields import Id, Schema, Text, Whole
from chassis.outbox import announce
from kernel.refusals import Conflict, NotFound, NotKnownYet
from tests.chassis.probe import events
from tests.chassis.probe.models import Heard, Note


class WriteNote(Schema):
    """What is to stand in a note; the text says what goes wrong."""

    account_id = Id("acc", required=True)
    note_id = Id("note", required=True)
    text = Text(required=True)


class WrittenNote(Schema):
    """A note, and who wrote what stands there."""

    note_id = fields.String(required=True)
    account_id = fields.String(required=True)
    text = fields.String(required=True)
    version = Whole(required=True)
    written_by = fields.String(required=True)


class Writing:
    """Ways in."""

    @command(
        "PUT /v1/accounts/{account_id}/notes/{note_id}",
        WriteNote,
        returns=WrittenNote,
        scope="probe:write",
        seconds_max=5,
        takes_many=True,
    )
    def write_note(self, session, asked):
        """Write a note, or write another text over it."""
        wanted = {one.values["note_id"] for one in asked}
        known = {
            note.note_id: {"account_id": note.account_id, "version": note.version}
            for note in fetch_all_for_change(session, Note, wanted)
        }
        found = {**known}
        results = decide_each(session, asked, lambda one: write(session, found, one))
        written = {one["note_id"]: one for one in results if isinstance(one, dict)}
        rows = [{name: row[name] for name in COLUMNS} for row in written.values()]
        insert_rows(session, Note, [row for row in rows if row["note_id"] not in known])
        keep_newest(session, Note, [row for row in rows if row["note_id"] in known])
        for one in asked:
            go_wrong(session, one.values["text"])
        return results


COLUMNS = ("note_id", "account_id", "text", "version")


def write(session, found, one):
    """What stands in a note afterwards, and who wrote it."""
    note_id, account_id, words = (one.values[name] for name in ("note_id", "account_id", "text"))
    note = found.get(note_id, {"account_id": account_id, "version": 0})
    if note["account_id"] != account_id:
        raise NotFound("note_not_found", f"There is no note {note_id}.")
    if note["version"]:
        require_version(session, note_id, note["version"])
    version = note["version"] + 1
    told = {"account_id": account_id, "note_id": note_id, "text": words}
    announce(session, events.NoteEdited, **told, version=version)
    if words == "refuse":
        raise Conflict("no_notes", "No such note is taken; write something else.")
    if words == "unknown":
        raise NotKnownYet("unheard_of", "That is not known here.")
    found[note_id] = {"account_id": account_id, "version": version}
    return {**told, "version": version, "written_by": one.caller.subject}


def go_wrong(session, words):
    """What happens to the whole transaction because of one of them."""
    if words == "break":
        raise RuntimeError("secret internals")
    if words == "exit":
        raise SystemExit(3)
    if words == "die" and is_told_once():
        os.kill(os.getpid(), signal.SIGKILL)
    if words == "burst":
        session.execute(text("SELECT CAST('soon' AS date)"))
    if words == "clash":
        rows = [{"heard_id": 0, "note_id": "x", "account_id": "x", "sequence": 0}] * 2
        session.execute(insert(Heard), rows)
    if words == "cut" and is_told_once():
        session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    if words.startswith("sleep "):
        eventlet.sleep(float(words.split()[1]))


def is_told_once():
    """Whether the flag file is there; it is taken away."""
    is_told = os.path.exists(os.environ["PROBE_FAILS"])
    if is_told:
        os.unlink(os.environ["PROBE_FAILS"])
    return is_told
