"""The ways into references."""

from __future__ import annotations

from chassis.contract import Reach, command, query
from chassis.fields import page_of
from services.accounts.accounts.schemas import Account
from services.accounts.references import queries, schemas, usecases


class References:
    """What other systems call our accounts."""

    @command(
        "POST /v1/accounts/find-or-open",
        schemas.FindOrOpenAccount,
        returns=Account,
        scope="accounts:write",
        reach=Reach.EVERYTHING,
    )
    def find_or_open_account(self, session, **values):
        """The account that another system calls so, as it is; where there is none, it is opened with what
        is sent. Of several who ask at once, one opens it. Its duplicates show who else it may be."""
        return usecases.find_or_open_account(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )

    @command(
        "POST /v1/accounts/{account_id}/references",
        schemas.ReferencePath,
        returns=schemas.Reference,
        scope="accounts:write",
        status=201,
    )
    def add_reference(self, session, **values):
        """Say what another system calls an account. Refused with `reference_taken` where another account
        is called so there. An account is found by it: `?reference_system=…&reference_id=…`."""
        return usecases.add_reference(session, **values)

    @command(
        "POST /v1/accounts/{account_id}/references/remove",
        schemas.ReferencePath,
        returns=Account,
        scope="accounts:write",
    )
    def remove_reference(self, session, **values):
        """Take back what another system calls an account."""
        return usecases.remove_reference(session, **values)

    @query(
        "GET /v1/accounts/{account_id}/references",
        schemas.ReferenceQuery,
        returns=page_of(schemas.Reference),
        scope="accounts:read",
    )
    def list_references(self, session, **values):
        """What other systems call an account."""
        return queries.list_references(session, **values)
