"""The ways into the copies of whom documents go to: events of the accounts service."""

from __future__ import annotations

from typing import Any

from chassis.contract import consumes
from services.billing.addressees import queries, subscriptions, usecases


class Addressees:
    """Every change of an account comes with the whole account, every change of a person with the whole
    person; the newest is kept, and of accounts what they were before."""

    clock: Any

    @consumes(*subscriptions.ADDRESSEE, takes_many=True, keeps=queries.COPY)
    def keep_addressees(self, session: Any, snapshots: Any) -> None:
        """Copy how accounts are addressed."""
        usecases.keep_addressees(session, snapshots, now=self.clock.now())

    @consumes(*subscriptions.CONTACT, takes_many=True, keeps=queries.COPY_OF_CONTACTS)
    def keep_contacts(self, session: Any, snapshots: Any) -> None:
        """Copy people at accounts."""
        usecases.keep_contacts(session, snapshots)
