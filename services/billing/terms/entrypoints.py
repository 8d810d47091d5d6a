"""The ways into payment terms."""

from __future__ import annotations

from typing import Any

from chassis.contract import Reach, command, query
from chassis.fields import page_of
from services.billing.terms import queries, schemas, usecases


class PaymentTerms:
    """Terms of payment under a name."""

    clock: Any
    caller: Any

    @command(
        "POST /v1/payment-terms",
        schemas.NewPaymentTerms,
        returns=schemas.PaymentTerms,
        scope="billing:write",
        reach=Reach.EVERYTHING,
        status=201,
    )
    def make_payment_terms(self, session: Any, **values: Any) -> Any:
        """Make terms for invoices to name, or for accounts to have."""
        return usecases.make_payment_terms(
            session, now=self.clock.now(), by=self.caller.subject, **values
        )

    @query(
        "GET /v1/payment-terms",
        schemas.PaymentTermsQuery,
        returns=page_of(schemas.PaymentTerms),
        scope="billing:read",
        reach=Reach.SHARED,
    )
    def list_payment_terms(self, session: Any, **values: Any) -> Any:
        """Payment terms by name."""
        return queries.list_payment_terms(session, **values)

    @query(
        "GET /v1/payment-terms/{payment_terms_id}",
        schemas.PaymentTermsPath,
        returns=schemas.PaymentTerms,
        scope="billing:read",
        reach=Reach.SHARED,
    )
    def get_payment_terms(self, session: Any, **values: Any) -> Any:
        """Payment terms as they are now."""
        return queries.get_payment_terms(session, **values)

    @command(
        "PUT /v1/payment-terms/{payment_terms_id}",
        schemas.ChangePaymentTerms,
        returns=schemas.PaymentTerms,
        scope="billing:write",
        reach=Reach.EVERYTHING,
    )
    def change_payment_terms(self, session: Any, **values: Any) -> Any:
        """Say terms anew, for what is written from now on; drafts and invoices keep what they said."""
        return usecases.change_payment_terms(
            session, now=self.clock.now(), by=self.caller.subject, **values
        )

    @command(
        "POST /v1/payment-terms/{payment_terms_id}/retire",
        schemas.PaymentTermsPath,
        returns=schemas.PaymentTerms,
        scope="billing:write",
        reach=Reach.EVERYTHING,
    )
    def retire_payment_terms(self, session: Any, **values: Any) -> Any:
        """Have terms named no more. Accounts that have them keep them until they are given others."""
        return usecases.retire_payment_terms(
            session, now=self.clock.now(), by=self.caller.subject, **values
        )
