"""Orders are agreed to, many at once: each as if it came alone after those before it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from chassis.bulk import Asked
from kernel.callers import ITSELF
from kernel.ids import new_id
from kernel.refusals import Refusal
from services.sales.confirming.usecases import confirm_orders
from services.sales.overrides.models import CreditOverride
from services.sales.products.usecases import retire_product
from services.sales.standings.usecases import override_credit
from tests.services.sales.dispatches.test_usecases import counted

pytestmark = pytest.mark.server


class Table:
    """Where groups of orders are agreed to."""

    def __init__(self, shop: Any) -> None:
        self.shop, self.session = shop, shop.session

    def draft(self, account_id: str, quantity: str = "1", **facts: Any) -> str:
        line = self.shop.line(self.shop.offer(), quantity)
        return str(self.shop.draft(account_id, line, **facts).order_id)

    def confirm(self, *order_ids: str, **if_match: int) -> list[str]:
        """What becomes of each, in a group of them all."""
        asked = [
            Asked({"order_id": one}, ITSELF, f"request of {one}", None, if_match)
            for one in order_ids
        ]
        moment = {"today": self.shop.today, "now": self.shop.now}
        results = confirm_orders(self.session, asked=asked, **moment)
        return [each.code if isinstance(each, Refusal) else each.status for each in results]


@pytest.fixture
def table(shop: Any) -> Table:
    return Table(shop)


def test_each_is_agreed_to_or_refused_by_itself(table: Table) -> None:
    account_id, closed = table.shop.open_account(), table.shop.open_account(status="closed")
    product = table.shop.offer()
    retired = table.shop.draft(account_id, table.shop.line(product)).order_id
    retire_product(table.session, product_id=product.product_id)
    good, other = table.draft(account_id), table.draft(account_id, reference="PO 7")
    changed = table.draft(account_id)
    outcomes = table.confirm(
        good,
        new_id("ord"),
        table.draft(closed),
        retired,
        good,
        other,
        changed,
        **{changed: 7},
    )
    assert outcomes == [
        "confirmed",
        "order_not_found",
        "account_not_active",
        "product_retired",
        "order_confirmed",
        "confirmed",
        "version_mismatch",
    ]
    found = table.shop.fetch(other)
    assert (found.version, found.confirmed_at, found.confirmed_by) == (2, table.shop.now, "service")
    table.session.expire_all()
    assert (found.status, found.version, found.open_gross) == ("confirmed", 2, 1190)
    told = [
        (data["order_id"], cause[0])
        for event, data, cause in table.session.info["announced"]
        if event.name == "order_confirmed"
    ]
    assert told == [(one, f"request of {one}") for one in (good, other)]


def test_those_before_it_count(table: Table) -> None:
    account_id = table.shop.open_account(credit_limit=3000)
    orders = [table.draft(account_id, quantity) for quantity in ("1", "2", "1", "1")]
    limit = "credit_limit_exceeded"
    assert table.confirm(*orders) == ["confirmed", limit, "confirmed", limit]


def test_those_of_one_group_count_together(table: Table) -> None:
    group = table.shop.open_account(credit_limit=3000)
    one, other = (table.shop.open_account(credit_group_id=group) for _ in range(2))
    orders = [table.draft(one), table.draft(other, "2"), table.draft(other), table.draft(group)]
    assert table.confirm(*orders) == [
        "confirmed",
        "group_limit_exceeded",
        "confirmed",
        "confirmed",
    ]


def test_an_override_lets_one_pass_and_is_used(table: Table) -> None:
    account_id = table.shop.open_account(credit_limit=1000)
    passed, other = table.draft(account_id), table.draft(account_id)
    override = override_credit(
        table.session,
        order_id=passed,
        reason="A good client.",
        until=table.shop.today,
        today=table.shop.today,
        now=table.shop.now,
        by="lead",
    )
    assert table.confirm(other, passed) == ["credit_limit_exceeded", "confirmed"]
    table.session.expire_all()
    used = table.session.get_one(CreditOverride, override.override_id)
    assert used.used_at == table.shop.now


def test_a_group_does_what_its_orders_do_one_by_one(table: Table) -> None:
    """The same drafts of two accounts, in a group and alone: the same outcomes and exposures."""

    def play(together: bool) -> list[Any]:
        accounts = [table.shop.open_account(credit_limit=limit) for limit in (4000, 9000)]
        orders = [
            table.draft(
                accounts[place % 2],
                f"{1 + place % 3}",
                bills_on="order" if place % 4 == 0 else "shipment",
                deposit_percent=Decimal(20) if place % 4 == 1 else None,
            )
            for place in range(12)
        ]
        before = len(table.shop.announced())
        outcomes = (
            table.confirm(*orders)
            if together
            else [outcome for one in orders for outcome in table.confirm(one)]
        )
        found = [table.shop.fetch(one) for one in orders]
        facts = [(one.status, one.version, one.open_gross, one.agreed_limit) for one in found]
        return [outcomes, facts, table.shop.announced()[before:]]

    assert play(together=True) == play(together=False)


def test_the_statements_do_not_grow_with_the_orders(table: Table) -> None:
    def statements(count: int) -> int:
        orders = [
            table.draft(table.shop.open_account(credit_limit=9000), bills_on="order")
            for _ in range(count)
        ]
        table.session.expire_all()
        with counted(table.session) as sent:
            assert table.confirm(*orders) == ["confirmed"] * count
        return len(sent)

    assert statements(2) == statements(50)
