"""The ways into credit terms."""

from __future__ import annotations

from chassis.contract import Reach, command, query
from chassis.fields import page_of
from services.sales.credit_terms import queries, schemas, usecases


class CreditTerms:
    """What the credit check looks at besides the total."""

    @command(
        "PUT /v1/accounts/{account_id}/credit-terms",
        schemas.SetCreditTerms,
        returns=schemas.CreditTerms,
        scope="sales:approve",
    )
    def set_credit_terms(self, session, **values):
        """Say what the credit check looks at of an account besides the total, whatever the firm has: what
        is overdue for some days, and whether its other drafts count. What is agreed stays."""
        return usecases.set_credit_terms(
            session, now=self.clock.now(), by=self.caller.subject, **values
        )

    @command(
        "POST /v1/accounts/{account_id}/credit-terms/follow-default",
        schemas.FollowDefault,
        returns=schemas.CreditTerms,
        scope="sales:approve",
    )
    def follow_default_credit_terms(self, session, **values):
        """Have an account checked by the firm's credit terms again."""
        return usecases.follow_default(
            session, now=self.clock.now(), by=self.caller.subject, **values
        )

    @query(
        "GET /v1/accounts/{account_id}/credit-terms",
        schemas.AccountPath,
        returns=schemas.CreditTerms,
        scope="sales:read",
    )
    def get_credit_terms(self, session, **values):
        """What the credit check looks at of an account besides the total."""
        return queries.get_credit_terms(session, **values)

    @query(
        "GET /v1/accounts/{account_id}/credit-terms/history",
        schemas.HistoryQuery,
        returns=page_of(schemas.PastCreditTerms),
        scope="sales:read",
    )
    def list_credit_terms(self, session, **values):
        """What was said of an account, the newest first: by whom, when and why."""
        return queries.list_credit_terms(session, **values)

    @command(
        "PUT /v1/credit-terms/{currency}",
        schemas.SetDefaultCreditTerms,
        returns=schemas.DefaultCreditTerms,
        scope="sales:approve",
        reach=Reach.EVERYTHING,
    )
    def set_default_credit_terms(self, session, **values):
        """Say what the credit check looks at of all accounts of a currency that have no terms of their
        own."""
        return usecases.set_default_credit_terms(
            session, now=self.clock.now(), by=self.caller.subject, **values
        )

    @query(
        "GET /v1/credit-terms/{currency}",
        schemas.CurrencyPath,
        returns=schemas.DefaultCreditTerms,
        scope="sales:read",
        reach=Reach.SHARED,
    )
    def get_default_credit_terms(self, session, **values):
        """What the credit check looks at of accounts of a currency that have no terms of their own."""
        return queries.get_default_credit_terms(session, **values)

    @query(
        "GET /v1/credit-terms/{currency}/history",
        schemas.DefaultHistoryQuery,
        returns=page_of(schemas.DefaultCreditTerms),
        scope="sales:read",
        reach=Reach.SHARED,
    )
    def list_default_credit_terms(self, session, **values):
        """What it looked at in a currency, the newest first: by whom, when and why."""
        return queries.list_default_credit_terms(session, **values)
