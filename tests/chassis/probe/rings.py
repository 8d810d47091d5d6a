"""The probe's bells: rung at their moment, moved, dropped, and what goes wrong with them."""

from __future__ import annotations

import os
import signal
from datetime import timedelta

import eventlet
from marshmallow import fields
from sqlalchemy import insert

from chassis.contract import Reach, command, due
from chassis.due import drop, schedule
from chassis.fields import Id, Instant, Schema, Text, Whole
from chassis.outbox import announce
from kernel.ids import new_id
from kernel.refusals import Conflict
from tests.chassis.probe import dues, events
from tests.chassis.probe.models import Rung


class Ring(Schema):
    """A bell to be rung; the text says what goes wrong."""

    bell = Text(required=True)
    at = Instant(required=True)
    text = Text(required=True)
    account_id = Id("acc", load_default=None)
    count = Whole(load_default=1)


class Bell(Schema):
    """A bell."""

    bell = fields.String(required=True)


class Rings:
    """Ways in."""

    @command("POST /v1/rings", Ring, scope="probe:write", reach=Reach.EVERYTHING)
    def schedule_ring(self, session, *, bell, at, text, account_id, count):
        """Have a bell rung, or several of one name."""
        for number in range(count):
            name = bell if count == 1 else f"{bell}-{number}"
            schedule(
                session,
                dues.RingDue,
                key=name,
                at=at,
                bell=name,
                text=text,
                account_id=account_id,
            )
        if text == "refuse":
            raise Conflict("no_bells", "No such bell is rung; name another.")

    @command("POST /v1/rings/{bell}/drop", Bell, scope="probe:write", reach=Reach.EVERYTHING)
    def drop_ring(self, session, *, bell):
        """Do not have a bell rung."""
        drop(session, dues.RingDue, key=bell)

    @due(dues.RingDue, seconds_max=3)
    def ring(self, session, *, bell, text, account_id):
        """Ring, as the text says; some fail, as long as the flag file is there."""
        session.execute(insert(Rung).values(bell=bell, text=text, rung_at=self.clock.now()))
        is_broken = os.path.exists(os.environ["PROBE_FAILS"])
        if text == "die once" and not os.path.exists(f"{os.environ['PROBE_FAILS']}.{bell}"):
            open(f"{os.environ['PROBE_FAILS']}.{bell}", "x").close()
            os.kill(os.getpid(), signal.SIGKILL)
        if text == "mistake" and is_broken:
            raise TypeError("a mistake")
        if text == "outage" and is_broken:
            raise ConnectionError("flaky")
        if text == "exit":
            raise SystemExit(3)
        if text.startswith("again "):
            left = int(text.split()[1]) - 1
            if left:
                values = {"bell": bell, "text": f"again {left}", "account_id": account_id}
                at = self.clock.now() + timedelta(minutes=5)
                schedule(session, dues.RingDue, key=bell, at=at, **values)
        if text.startswith("sleep "):
            eventlet.sleep(float(text.split()[1]))
        if text.startswith("tell"):
            note_id = new_id("note")
            announce(
                session,
                events.NoteTaken,
                account_id=account_id,
                note_id=note_id,
                text=f"rung {bell}",
            )
