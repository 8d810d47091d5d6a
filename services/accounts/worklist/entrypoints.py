"""The ways into worklists."""

from __future__ import annotations

from chassis.contract import Reach, command, consumes, daily, query
from chassis.fields import NoFields
from services.accounts import subscriptions
from services.accounts.worklist import queries, rules, schemas, usecases


class Worklist:
    """Whom to contact today, when, why and how."""

    @query(
        "GET /v1/worklist",
        schemas.WorklistQuery,
        returns=schemas.Worklist,
        scope="accounts:read",
        reach=Reach.ACCOUNT,
    )
    def get_worklist(self, session, *, as_of, **values):
        """A person's worklist, most urgent first, one row for each account they own now, or of which they
        are told as who is above. The score is the sum of its parts: each reason has the points of its
        kind (GET /v1/worklist-weights), 1 for each day it waits up to 60, and 10 for each digit of its
        amount up to 60; the account's tier adds 20 (key) or 10 (standard)."""
        day = as_of or self.clock.today()
        moment = rules.when_read(day, self.clock.now(), self.clock.zone)
        return queries.get_worklist(session, as_of=day, moment=moment, **values)

    @query(
        "GET /v1/worklist-weights",
        NoFields,
        returns=schemas.Weights,
        scope="accounts:read",
        reach=Reach.SHARED,
    )
    def list_worklist_weights(self, session):
        """How many points each kind of reason has."""
        return queries.list_weights(session)

    @command(
        "PUT /v1/worklist-weights/{kind}",
        schemas.SetWeight,
        returns=schemas.Weight,
        scope="accounts:write",
        reach=Reach.EVERYTHING,
    )
    def set_worklist_weight(self, session, **values):
        """Give a kind of reason so many points, on every list, from now on."""
        return usecases.set_weight(session, now=self.clock.now(), by=self.caller.subject, **values)

    @query(
        "GET /v1/worklist/{worklist_item_id}",
        schemas.WorklistItemId,
        returns=schemas.WorklistItem,
        scope="accounts:read",
        reach=Reach.ACCOUNT,
    )
    def get_worklist_item(self, session, **values):
        """One item and what became of it."""
        return queries.get_worklist_item(session, **values)

    @command(
        "POST /v1/worklist/{worklist_item_id}/done",
        schemas.FinishItem,
        returns=schemas.WorklistItem,
        scope="accounts:write",
        reach=Reach.ACCOUNT,
    )
    def finish_worklist_item(self, session, **values):
        """Say what came of contacting the account, about all its reasons or about single ones. Reasons
        that still stand come back after some days, depending on the outcome; of what nothing was said
        stays on the list. What is to be done next is planned with it. Refused with
        `worklist_item_closed` where the item is over."""
        return usecases.finish_item(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            person=self.caller.staff_id,
            zone=self.clock.zone,
            **values,
        )

    @command(
        "POST /v1/worklist/{worklist_item_id}/snooze",
        schemas.SnoozeItem,
        returns=schemas.WorklistItem,
        scope="accounts:write",
        reach=Reach.ACCOUNT,
    )
    def snooze_worklist_item(self, session, **values):
        """Hide an item, or single reasons of it, until a day, 90 days away at the most. A new reason
        brings an item back sooner."""
        return usecases.snooze_item(
            session, today=self.clock.today(), by=self.caller.subject, **values
        )

    @consumes(*subscriptions.ACCOUNTS_CONTACTS, takes_many=True)
    def keep_own_reasons(self, session, told):
        """Whom other subjects of accounts want contacted, and whom no more."""
        self._keep_reasons(session, told)

    @consumes(*subscriptions.BILLING_CONTACTS, takes_many=True)
    def keep_billing_reasons(self, session, told):
        """Whom billing wants contacted, and whom no more."""
        self._keep_reasons(session, told)

    @consumes(*subscriptions.COLLECTIONS_CONTACTS, takes_many=True)
    def keep_collections_reasons(self, session, told):
        """Whom collections wants contacted, and whom no more."""
        self._keep_reasons(session, told)

    @consumes(*subscriptions.SALES_CONTACTS, takes_many=True)
    def keep_sales_reasons(self, session, told):
        """Whom sales wants contacted, and whom no more."""
        self._keep_reasons(session, told)

    @daily(at="06:00")
    def review_worklists(self, session, *, day):
        """Bring back what has rested, settle what is over."""
        usecases.review_worklists(session, today=day, now=self.clock.now())

    def _keep_reasons(self, session, told):
        usecases.keep_reasons(session, told, zone=self.clock.zone, **self._moment())

    def _moment(self):
        return {"today": self.clock.today(), "now": self.clock.now()}
