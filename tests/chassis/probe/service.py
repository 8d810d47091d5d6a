"""A small service that shows every way in, to test the chassis with."""

from __future__ import annotations

import os
import signal

import eventlet
from marshmallow import fields
from sqlalchemy import func, insert, select, text

from chassis.bulk import keep_newest
from chassis.contract import Reach, command, consumes, daily, introduces, query
from chassis.database import fetch, fetch_for_change
from chassis.events import Subscription
from chassis.fields import Id, PageQuery, Schema, Text, Whole, page_of
from chassis.files import (
    CSV,
    DOCX,
    JPEG,
    PDF,
    PNG,
    TEXT,
    XML,
    FileKind,
    attach_file,
)
from chassis.ground.texts import Described
from chassis.outbox import announce
from chassis.pages import read_page
from chassis.service import service
from kernel.ids import new_id
from kernel.refusals import Conflict
from tests.chassis.probe import events, newer
from tests.chassis.probe.models import Heard, Note, NoteCopy
from tests.chassis.probe.rings import Rings
from tests.chassis.probe.together import Writing


class Seconds(Described, fields.Float):
    """How long."""

    def read(self, value):
        return float(value)

    def takes(self):
        return {"type": "number", "minimum": 0, "examples": [0.5]}


class TakeNote(Schema):
    """A note to take; `seconds` is how long that takes."""

    account_id = Id("acc", required=True)
    text = Text(required=True)
    seconds = Seconds(load_default=0)


class NoteOut(Schema):
    """A note."""

    note_id = fields.String(required=True)
    account_id = fields.String(required=True)
    text = fields.String(required=True)
    version = Whole(required=True)


class NoteId(Schema):
    """One note."""

    note_id = Id("note", required=True)


class EditNote(NoteId):
    """A new text for a note."""

    text = Text(required=True)


class NotePaper(NoteId):
    """The paper that a note is on."""

    file_id = Id("fil", required=True)


class Whose(Schema):
    """An account."""

    account_id = Id("acc", required=True)


class Sleep(Schema):
    """How long."""

    seconds = Seconds(load_default=1)


class Looks(Schema):
    """How many notes there were."""

    before = Whole(required=True)
    after = Whole(required=True)


class NoteTaken(Subscription, source="probe"):
    """The probe listens to itself."""

    account_id = fields.String(required=True)
    note_id = fields.String(required=True)
    text = fields.String(required=True)


class NoteSnapshot(Subscription):
    """A note as it is."""

    note_id = Id("note", required=True)
    account_id = Id("acc", required=True)
    version = Whole(required=True)
    text = fields.String(required=True)


NOTE = NoteSnapshot.to("probe", "note_edited", "note_introduced")


class Anything(Subscription, source="probe", every=True):
    """Whatever the probe announces."""


class Notes:
    """Ways in."""

    @command("POST /v1/notes", TakeNote, returns=NoteOut, scope="probe:write", status=201)
    def take_note(self, session, *, account_id, text, seconds):
        """Take a note."""
        note = Note(note_id=new_id("note"), account_id=account_id, text=text)
        session.add(note)
        session.flush()
        announce(session, events.NoteTaken, account_id=account_id, note_id=note.note_id, text=text)
        eventlet.sleep(seconds)
        if text == "refuse":
            raise Conflict("no_notes", "No such note is taken; write something else.")
        if text == "break":
            raise RuntimeError("secret internals")
        if text == "exit":
            raise SystemExit(3)
        if text == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        return note

    @command(
        "PUT /v1/notes/{note_id}",
        EditNote,
        returns=NoteOut,
        scope="probe:write",
        reach=Reach.ACCOUNT,
    )
    def edit_note(self, session, *, note_id, text):
        """Change a note."""
        note = fetch_for_change(session, Note, note_id)
        note.text = text
        session.flush()
        told = {"account_id": note.account_id, "note_id": note_id, "version": note.version}
        announce(session, events.NoteEdited, **told, text=text)
        return note

    @command(
        "POST /v1/notes/{note_id}/paper",
        NotePaper,
        returns=NoteOut,
        scope="probe:write",
        reach=Reach.ACCOUNT,
    )
    def attach_paper(self, session, *, note_id, file_id):
        """Give a note its paper."""
        note = fetch_for_change(session, Note, note_id)
        attach_file(
            session, file_id=file_id, kind=NOTE_PAPER, to=note_id, account_id=note.account_id
        )
        return note

    @command("POST /v1/notes/lose", Whose, scope="probe:write")
    def lose_note(self, session, *, account_id):
        """Announce what no queue takes."""
        announce(session, events.NoteLost, account_id=account_id)

    @command("POST /v1/notes/show", Whose, scope="probe:write")
    def show_note(self, session, *, account_id):
        """Announce what no queue need take."""
        announce(session, events.NoteShown, account_id=account_id)

    @query(
        "GET /v1/notes/{note_id}",
        NoteId,
        returns=NoteOut,
        scope="probe:read",
        reach=Reach.ACCOUNT,
    )
    def get_note(self, session, *, note_id):
        """One note."""
        return fetch(session, Note, note_id)

    @query(
        "GET /v1/notes",
        PageQuery,
        returns=page_of(NoteOut),
        scope="probe:read",
        reach=Reach.ACCOUNT,
    )
    def list_notes(self, session, *, limit, after):
        """All notes."""
        return read_page(session, select(Note), by=[Note.note_id], limit=limit, after=after)

    @query("GET /v1/sleep", Sleep, scope="probe:read")
    def sleep(self, session, *, seconds):
        """Let the database wait."""
        session.execute(text("SELECT pg_sleep(:seconds)"), {"seconds": seconds})

    @query("GET /v1/report", Schema, scope="probe:read", seconds_max=60, is_costly=True)
    def report(self, session):
        """Say that it has begun, and go on when it is let."""
        with open(f"{os.environ['PROBE_FAILS']}.begun", "a") as begun:
            begun.write("x")
        while not os.path.exists(f"{os.environ['PROBE_FAILS']}.go"):
            eventlet.sleep(0.01)

    @query("GET /v1/look-twice", Sleep, returns=Looks, scope="probe:read")
    def look_twice(self, session, *, seconds):
        """Count the notes, wait, and count them again."""
        count = select(func.count()).select_from(Note)
        before = session.scalar(count)
        session.execute(text("SELECT pg_sleep(:seconds)"), {"seconds": seconds})
        return {"before": before, "after": session.scalar(count)}

    @query("GET /v1/write", Schema, scope="probe:read")
    def write(self, session):
        """Try to write in a query."""
        session.execute(insert(Heard).values(note_id="x", account_id="x", sequence=1))

    @consumes(NoteTaken, seconds_max=3)
    def hear_note(self, session, *, account_id, note_id, text):
        """Remember what was heard; some texts fail, as long as the flag file is there."""
        session.execute(
            insert(Heard).values(
                note_id=note_id,
                account_id=account_id,
                sequence=self.event.sequence,
                on_day=self.clock.now().isoformat(),
            )
        )
        if text.startswith("fail") and os.path.exists(os.environ["PROBE_FAILS"]):
            raise ConnectionError("flaky")
        others = select(Note.note_id).where(Note.account_id != account_id).limit(1)
        if text.endswith("sees all") and session.scalar(others) is None:
            raise RuntimeError("blind")
        if text.startswith("twice-fail") and self.event.attempts < 2:
            raise ConnectionError("flaky")
        if text.startswith("mistake") and os.path.exists(os.environ["PROBE_FAILS"]):
            raise TypeError("a mistake")
        if text == "refuse to hear":
            raise Conflict("not_heard", "This is not to be heard; say something else.")
        if text == "timeout":
            raise eventlet.Timeout(1)
        if text == "systemexit":
            raise SystemExit(1)
        if text == "slow":
            eventlet.sleep(10)
        if text.startswith("sleep "):
            eventlet.sleep(float(text.split()[1]))

    @consumes(newer.NoteTaken)
    def hear_newer_note(self, session, *, account_id, note):
        """Remember what was heard in the newer version."""
        session.execute(
            insert(Heard).values(
                note_id=note["id"], account_id=account_id, sequence=self.event.sequence
            )
        )

    @consumes(*NOTE, takes_many=True, keeps=select(NoteCopy))
    def keep_notes(self, session, snapshots):
        """Keep copies of notes."""
        keep_newest(session, NoteCopy, snapshots)

    @introduces(events.NoteIntroduced)
    def introduce_notes(self):
        """All notes."""
        return select(Note)

    @daily(at="06:00")
    def count_days(self, session, day):
        """Note that the day was seen."""
        session.execute(
            insert(Heard).values(
                note_id="daily", account_id="daily", sequence=0, on_day=day.isoformat()
            )
        )

    @daily(at="06:00")
    def count_hard_days(self, session, day):
        """Note that the day was seen, if it can be."""
        session.execute(
            insert(Heard).values(
                note_id="hard", account_id="daily", sequence=0, on_day=day.isoformat()
            )
        )
        if os.path.exists(os.environ["PROBE_FAILS"]):
            raise TypeError("a hard day")


class Ears:
    """Hears everything that the probe announces, many at once."""

    @consumes(Anything, takes_many=True)
    def hear_all(self, session, _):
        """Remember what was heard, and with how many others; some texts cannot be heard."""
        if any(event.data.get("text") == "deafening" for event in self.events):
            raise TypeError("too loud")
        together = len(self.events)
        session.execute(
            insert(Heard),
            [
                {"note_id": "all", "account_id": event.subject, "sequence": together}
                for event in self.events
            ],
        )


NOTE_PAPER = FileKind("note_paper", (PDF, PNG, TEXT, CSV, DOCX))
BANK_FILE = FileKind("bank_file", (XML, TEXT), Reach.EVERYTHING)
LOGO = FileKind("logo", (PNG, JPEG), Reach.SHARED)


@service("probe", files=[NOTE_PAPER, BANK_FILE, LOGO])
class Probe(Notes, Rings, Writing, *([Ears] if os.environ.get("PROBE_EARS") else [])):
    """The probe."""
