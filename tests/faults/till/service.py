"""A till: takes money by command, announces it, and hears its own events, to break the chassis with.

The `plan` of a taking says what goes wrong with it, and where.
"""

from __future__ import annotations

import os
import time

import eventlet
from marshmallow import fields
from sqlalchemy import insert
from sqlalchemy.dialects import postgresql

from chassis.contract import command, consumes, query
from chassis.database import fetch_for_change
from chassis.events import Subscription
from chassis.fields import Id, Schema, Whole
from chassis.outbox import announce
from chassis.service import service
from kernel.ids import new_id
from tests.faults.till import events, failpoints
from tests.faults.till.models import Applied, Effect, Purse, PurseCopy, Taking

HANDLER_SECONDS = float(os.environ.get("TILL_HANDLER_SECONDS", "1"))

failpoints.install()


class Take(Schema):
    """Money to take."""

    account_id = Id("acc", required=True)
    amount = Whole(required=True)
    plan = fields.String(load_default="")


class TakingOut(Schema):
    """Money taken."""

    taking_id = fields.String(required=True)
    account_id = fields.String(required=True)
    amount = Whole(required=True)


class MoneyTaken(Subscription, source="till"):
    """The till listens to itself."""

    account_id = fields.String(required=True)
    amount = Whole(required=True)
    version = Whole(required=True)
    balance = Whole(required=True)
    plan = fields.String(required=True)


class Takings:
    """Ways in."""

    @command("POST /v1/takings", Take, returns=TakingOut, scope="till:write", status=201)
    def take_money(self, session, *, account_id, amount, plan):
        """Put money into an account's purse."""
        session.execute(
            postgresql.insert(Purse)
            .values(account_id=account_id, balance=0, version=1)
            .on_conflict_do_nothing()
        )
        purse = fetch_for_change(session, Purse, account_id)
        purse.balance += amount
        taking = Taking(taking_id=new_id("tak"), account_id=account_id, amount=amount)
        session.add(taking)
        session.flush()
        announce(
            session,
            events.MoneyTaken,
            account_id=account_id,
            taking_id=taking.taking_id,
            amount=amount,
            version=purse.version,
            balance=purse.balance,
            plan=plan,
        )
        if plan == "die in command":
            failpoints.die_once("in-command", account_id)
        if plan == "die before reply":
            failpoints.doom("before-reply", account_id)
        return taking

    @query("GET /v1/ping", Schema, scope="till:read")
    def ping(self, session):
        """Answer."""

    @consumes(MoneyTaken, seconds_max=HANDLER_SECONDS)
    def hear(self, session, *, account_id, amount, version, balance, plan):
        """Remember what was heard and keep the copy of the purse; then do as the plan says."""
        event_id = self.event.event_id
        session.execute(
            insert(Effect).values(event_id=event_id, account_id=account_id, amount=amount)
        )
        copy = postgresql.insert(PurseCopy).values(
            account_id=account_id, version=version, balance=balance
        )
        taken_on = session.execute(
            copy.on_conflict_do_update(
                index_elements=["account_id"],
                set_={"version": version, "balance": balance},
                where=PurseCopy.version < version,
            )
        )
        if taken_on.rowcount:
            session.execute(insert(Applied).values(account_id=account_id, version=version))
        word, _, number = plan.partition(" ")
        _PLANS.get(word, _nothing)(self.event, number)


def _nothing(event, number):
    pass


def _die(event, place):
    if place == "before-commit":
        failpoints.die_once(place, event.event_id)
    failpoints.doom(place, event.event_id)


def _fail(event, times):
    failpoints.leave_trace("tries", f"{event.event_id} {event.attempts} {time.time()}")
    if event.attempts < int(times):
        raise ConnectionError(f"try {event.attempts} of {times}")


def _fail_while_broken(event, number):
    if failpoints.BROKEN.exists():
        raise RuntimeError("broken")


def _sleep(event, seconds):
    eventlet.sleep(float(seconds))


def _raise(event, name):
    raise {
        "Timeout": eventlet.Timeout(1),
        "SystemExit": SystemExit(1),
        "MemoryError": MemoryError(),
        "TypeError": TypeError("a mistake"),
        "KeyboardInterrupt": KeyboardInterrupt(),
    }[name]


_PLANS = {
    "die": _die,
    "fail": _fail,
    "flaky": _fail_while_broken,
    "sleep": _sleep,
    "raise": _raise,
}


@service("till")
class Till(Takings):
    """The till."""
