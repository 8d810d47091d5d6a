"""The ways into the timeline."""

from __future__ import annotations

from chassis.contract import consumes, due, query
from services.accounts import dues, subscriptions
from services.accounts.timeline import queries, schemas, usecases


class Timeline:
    """Everything about an account, from all services."""

    @query(
        "GET /v1/accounts/{account_id}/timeline",
        schemas.TimelineQuery,
        returns=schemas.Timeline,
        scope="accounts:read",
    )
    def get_timeline(self, session, **values):
        """Everything that happened to an account in all services, in order, and whether anything is
        missing. Events arrive within moments; `missing` names those that have not, among the 10,000 of a
        source that follow the last before which none is missing. After five minutes they are asked for
        again (`events_wanted`)."""
        return queries.get_timeline(session, **values)

    @consumes(subscriptions.AccountsEvent, takes_many=True)
    def remember_accounts_events(self, session, _):
        """Keep what accounts announced."""
        usecases.remember_events(session, now=self.clock.now(), events=_facts(self.events))

    @consumes(subscriptions.BillingEvent, takes_many=True)
    def remember_billing_events(self, session, _):
        """Keep what billing announced."""
        usecases.remember_events(session, now=self.clock.now(), events=_facts(self.events))

    @consumes(subscriptions.CollectionsEvent, takes_many=True)
    def remember_collections_events(self, session, _):
        """Keep what collections announced."""
        usecases.remember_events(session, now=self.clock.now(), events=_facts(self.events))

    @consumes(subscriptions.SalesEvent, takes_many=True)
    def remember_sales_events(self, session, _):
        """Keep what sales announced."""
        usecases.remember_events(session, now=self.clock.now(), events=_facts(self.events))

    @due(dues.EventsMissing)
    def ask_for_events(self, session, **values):
        """Ask for events that have not arrived."""
        usecases.ask_for_events(session, now=self.clock.now(), **values)


def _facts(events):
    return [
        {
            "event_id": event.event_id,
            "account_id": event.account_id,
            "source": event.source,
            "sequence": event.sequence if event.subject == event.account_id else 0,
            "name": event.name,
            "occurred_at": event.occurred_at,
            "summary": event.sentence or event.name.replace("_", " ").capitalize() + ".",
            "data": event.data,
        }
        for event in events
        if event.account_id is not None
    ]
