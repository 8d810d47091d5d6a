"""The ways into consents."""

from __future__ import annotations

from chassis.contract import command, query
from chassis.fields import page_of
from services.accounts.consents import queries, schemas, usecases


class Consents:
    """By which channels clients agree to be contacted."""

    @command(
        "POST /v1/accounts/{account_id}/consents",
        schemas.RecordConsent,
        returns=schemas.Consent,
        scope="accounts:write",
        status=201,
    )
    def record_consent(self, session, **values):
        """Write down that a client agrees to be contacted by a channel, or does not any more. What was
        said last holds (`consents` of the account), also where it is written down late."""
        return usecases.record_consent(
            session, now=self.clock.now(), by=self.caller.subject, **values
        )

    @query(
        "GET /v1/accounts/{account_id}/consents",
        schemas.ConsentQuery,
        returns=page_of(schemas.Consent),
        scope="accounts:read",
    )
    def list_consents(self, session, **values):
        """All that a client has said of being contacted, by whom it was written down, first to last."""
        return queries.list_consents(session, **values)
