"""The ways into open items and balances."""

from __future__ import annotations

from typing import Any

from chassis.contract import Reach, introduces, query
from chassis.fields import page_of
from services.billing import introductions
from services.billing.items import queries, schemas


class Items:
    """What is due, and what each account owes."""

    clock: Any

    @query(
        "GET /v1/items",
        schemas.ItemQuery,
        returns=page_of(schemas.Item),
        scope="billing:read",
        reach=Reach.ACCOUNT,
    )
    def list_items(self, session: Any, **values: Any) -> Any:
        """Items of all accounts, those due first first."""
        return queries.list_items(session, **values)

    @query(
        "GET /v1/items/{item_id}",
        schemas.ItemPath,
        returns=schemas.Item,
        scope="billing:read",
        reach=Reach.ACCOUNT,
    )
    def get_item(self, session: Any, **values: Any) -> Any:
        """One item: an instalment of an invoice, with what is still owed of it."""
        return queries.get_item(session, **values)

    @query(
        "GET /v1/accounts/{account_id}/items",
        schemas.AccountItemQuery,
        returns=page_of(schemas.Item),
        scope="billing:read",
    )
    def list_account_items(self, session: Any, **values: Any) -> Any:
        """Items of one account, those due first first."""
        return queries.list_items(session, **values)

    @query(
        "GET /v1/accounts/{account_id}/balance",
        schemas.AccountPath,
        returns=schemas.Balance,
        scope="billing:read",
    )
    def get_balance(self, session: Any, **values: Any) -> Any:
        """What an account owes, by currency: open, overdue, unapplied, and the balance of it all."""
        return queries.get_balance(session, today=self.clock.today(), **values)

    @introduces(introductions.ItemIntroduced)
    def introduce_items(self) -> Any:
        """All items, settled ones among them: somebody may yet hear of an old payment first."""
        return queries.EVERY

    @introduces(introductions.BalanceIntroduced)
    def introduce_balances(self) -> Any:
        """What accounts owe that were ever billed or paid."""
        return queries.EVERY_BALANCE
