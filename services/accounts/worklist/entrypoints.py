"""The ways into worklists."""

from __future__ import annotations

from chassis.contract import Reach, command, consumes, daily, query
from services.accounts import subscriptions
from services.accounts.balances.queries import COPY
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
        """A person's worklist, most urgent first, one row for each account they own now. The score is
        the sum of its parts: each reason has points for its kind (60 a hand-over came back, 40
        overdue, 30 another, 20 onboarding stuck), 1 for each day it waits up to 60, and 10 for each
        digit of its amount up to 60; the account's tier adds 20 (key) or 10 (standard)."""
        day = as_of or self.clock.today()
        moment = rules.when_read(day, self.clock.now(), self.clock.zone)
        return queries.get_worklist(session, as_of=day, moment=moment, **values)

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
        """Say what came of contacting the account. Reasons that still stand come back after some days,
        depending on the outcome. Refused with `worklist_item_closed` where the item is over."""
        return usecases.finish_item(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
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
        """Hide an item until a day, 90 days away at the most. A new reason brings it back sooner."""
        return usecases.snooze_item(
            session, today=self.clock.today(), by=self.caller.subject, **values
        )

    @consumes(subscriptions.ContactDue)
    def raise_reason(self, session, *, reason, since, currency, **values):
        """An account is to be contacted about its debt in a currency."""
        usecases.raise_reason(
            session,
            kind=reason,
            about=currency,
            since_on=since,
            currency=currency,
            today=self.clock.today(),
            now=self.clock.now(),
            **values,
        )

    @consumes(subscriptions.ContactSettled)
    def drop_reason(self, session, *, reason, currency, **values):
        """The reason to contact an account about its debt in a currency is gone."""
        usecases.drop_reason(
            session,
            kind=reason,
            about=currency,
            today=self.clock.today(),
            now=self.clock.now(),
            **values,
        )

    @consumes(subscriptions.PlacementChanged)
    def judge_placement(self, session, **values):
        """A hand-over came back from collections, or moved on."""
        usecases.judge_placement(
            session,
            changed_on=self.clock.day_of(self.event.occurred_at),
            today=self.clock.today(),
            now=self.clock.now(),
            **values,
        )

    @consumes(subscriptions.OrderStopped)
    def raise_stopped_order(self, session, *, order_id, gross, reason, **values):
        """A lowered credit limit has no room for a confirmed order."""
        usecases.raise_reason(
            session,
            kind=rules.ORDER_STOPPED,
            about=order_id,
            since_on=self.clock.day_of(self.event.occurred_at),
            amount=gross,
            detail=reason,
            **self._moment(),
            **values,
        )

    @consumes(subscriptions.OrderReleased)
    def drop_stopped_order(self, session, *, order_id, **values):
        """A stopped order goes on."""
        usecases.drop_reason(
            session, kind=rules.ORDER_STOPPED, about=order_id, **self._moment(), **values
        )

    @consumes(*subscriptions.BALANCE, takes_many=True, keeps=COPY)
    def copy_balances(self, session, snapshots):
        """Keep the newest balances of accounts; closed ones should have none."""
        usecases.take_balances(session, snapshots, **self._moment())

    @consumes(subscriptions.AccountActivated)
    def leave_onboarding_active(self, session, **values):
        """An active account is not stuck in onboarding."""
        usecases.leave_onboarding(session, **self._moment(), **values)

    @consumes(subscriptions.AccountClosed)
    def leave_onboarding_closed(self, session, **values):
        """A closed account is not stuck in onboarding; money may have come in while it was closed."""
        usecases.leave_onboarding(session, **self._moment(), **values)
        usecases.judge_closed(session, **self._moment(), **values)

    @consumes(subscriptions.AccountOnboarding)
    def judge_reopened(self, session, **values):
        """What an account owed while it was closed is business as usual once it is open again."""
        usecases.judge_closed(session, **self._moment(), **values)

    @daily(at="06:00")
    def review_worklists(self, session, *, day):
        """Find accounts stuck in onboarding, bring back what has rested, settle what is over."""
        usecases.review_worklists(session, today=day, now=self.clock.now())

    def _moment(self):
        return {"today": self.clock.today(), "now": self.clock.now()}
