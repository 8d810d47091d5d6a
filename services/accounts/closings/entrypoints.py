"""The ways into closings."""

from __future__ import annotations

from chassis.contract import command, consumes, daily, query
from chassis.fields import page_of
from services.accounts import subscriptions
from services.accounts.accounts.schemas import Account, MoveAccount
from services.accounts.balances.queries import COPY
from services.accounts.closings import queries, schemas, usecases


class Closings:
    """Ends relationships, with the agreement of all who deal with the client."""

    @command(
        "POST /v1/accounts/{account_id}/close",
        MoveAccount,
        returns=Account,
        scope="accounts:write",
    )
    def close_account(self, session, **values):
        """Ask for the end of the relationship. Refused at once with `balance_open` or
        `money_unapplied`, which say how much, where the client is known to owe or to be owed something.

        The account is then `closing`: billing and sales do nothing new with it, and say whether they
        agree. When both do it is closed; when one objects it is back where it was, and
        `closing_objection` says why."""
        return usecases.close_account(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )

    @command(
        "POST /v1/accounts/{account_id}/withdraw-closing",
        schemas.WithdrawClosing,
        returns=Account,
        scope="accounts:write",
    )
    def withdraw_closing(self, session, **values):
        """Let business with an account that is closing go on as before."""
        return usecases.withdraw_closing(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )

    @query(
        "GET /v1/accounts/{account_id}/closings",
        schemas.ClosingQuery,
        returns=page_of(schemas.Closing),
        scope="accounts:read",
    )
    def list_closings(self, session, **values):
        """The attempts to close an account, first to last: who has agreed, who objected and why, whose
        answer is missing."""
        return queries.list_closings(session, **values)

    @consumes(subscriptions.BillingAgreedToClosing)
    def hear_billing_agree(self, session, **values):
        """Billing has nothing against a closing."""
        usecases.hear_answer(
            session,
            service="billing",
            is_agreed=True,
            today=self.clock.today(),
            now=self.clock.now(),
            **values,
        )

    @consumes(subscriptions.BillingObjectedToClosing)
    def hear_billing_object(self, session, **values):
        """Billing has something against a closing."""
        usecases.hear_answer(
            session,
            service="billing",
            is_agreed=False,
            today=self.clock.today(),
            now=self.clock.now(),
            **values,
        )

    @consumes(subscriptions.SalesAgreedToClosing)
    def hear_sales_agree(self, session, **values):
        """Sales has nothing against a closing."""
        usecases.hear_answer(
            session,
            service="sales",
            is_agreed=True,
            today=self.clock.today(),
            now=self.clock.now(),
            **values,
        )

    @consumes(subscriptions.SalesObjectedToClosing)
    def hear_sales_object(self, session, **values):
        """Sales has something against a closing."""
        usecases.hear_answer(
            session,
            service="sales",
            is_agreed=False,
            today=self.clock.today(),
            now=self.clock.now(),
            **values,
        )

    @consumes(*subscriptions.BALANCE, takes_many=True, keeps=COPY)
    def copy_balances(self, session, snapshots):
        """Keep the newest balances of accounts; closed ones should have none."""
        usecases.take_balances(session, snapshots, today=self.clock.today())

    @consumes(subscriptions.AccountClosed)
    def judge_closed(self, session, *, account_id):
        """Money may have come in while the account was closed."""
        usecases.judge_closed(session, account_ids=[account_id], today=self.clock.today())

    @consumes(subscriptions.AccountOnboarding)
    def judge_reopened(self, session, *, account_id):
        """What an account owed while it was closed is business as usual once it is open again."""
        usecases.judge_closed(session, account_ids=[account_id], today=self.clock.today())

    @daily(at="06:00")
    def review_closed(self, session, *, day):
        """Tell of closed accounts with money left of which nothing is said yet."""
        usecases.review_closed(session, today=day)
