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
        overdue, 20 onboarding stuck, 30 any other), 1 for each day it waits up to 60, and 10 for each
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

    def _keep_reasons(self, session, told):
        usecases.keep_reasons(session, told, zone=self.clock.zone, **self._moment())

    def _moment(self):
        return {"today": self.clock.today(), "now": self.clock.now()}
