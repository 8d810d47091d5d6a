"""The ways into families."""

from __future__ import annotations

from chassis.contract import command, query
from chassis.fields import page_of
from services.accounts.accounts.schemas import Account, AccountId
from services.accounts.parents import queries, schemas, usecases


class Parents:
    """Which accounts belong together, and who pays for whom."""

    @command(
        "PUT /v1/accounts/{account_id}/parent",
        schemas.SetParent,
        returns=Account,
        scope="accounts:write",
    )
    def set_parent(self, session, **values):
        """Have an account belong to another, and say who pays for it. `payer_id` of the account and of
        all below it says who pays in the end from now on; what was issued is not touched. Refused by
        field where that would be a circle (`parent_circle`), where the parent is closed or closing
        (`parent_closed`), where the parent would pay in another currency (`payer_currency`), and where
        the family would have more than 500 accounts (`family_full`)."""
        return usecases.set_parent(session, **values)

    @command(
        "POST /v1/accounts/{account_id}/parent/remove",
        AccountId,
        returns=Account,
        scope="accounts:write",
    )
    def remove_parent(self, session, **values):
        """Have an account belong to no other any more; it pays for itself from now on. What belongs to it
        stays with it."""
        return usecases.remove_parent(session, **values)

    @command(
        "PUT /v1/accounts/{account_id}/credit-group",
        schemas.SetCreditGroup,
        returns=Account,
        scope="accounts:write",
    )
    def set_credit_group(self, session, **values):
        """Have an account's credit limit count for it and all below it together, or for itself alone
        again. Below it, those that do business in another currency, and groups of their own, stand
        outside."""
        return usecases.set_credit_group(session, **values)

    @query(
        "GET /v1/accounts/{account_id}/children",
        schemas.ChildrenQuery,
        returns=page_of(Account),
        scope="accounts:read",
    )
    def list_children(self, session, **values):
        """The accounts that belong to one directly, by name."""
        return queries.list_children(session, **values)

    @query(
        "GET /v1/accounts/{account_id}/family",
        AccountId,
        returns=schemas.Family,
        scope="accounts:read",
    )
    def get_family(self, session, **values):
        """All that belong together with an account, from the top, each after its parent: who pays for
        whom, and whose credit limit counts. Each one's standing is judged by its own items."""
        return queries.get_family(session, **values)
